//! A question in, the clauses of the shop's policies that answer it out. An in-memory ranking of a few hundred clauses by shared
//! words and topics of service and, once they are encoded, by meaning. What the rules do not say is found to be unknown.

mod question;
mod rank;
mod topics;

use super::requests::clauses;
use super::understand::Intent;
use crate::catalog::Lang;
use crate::store::world::Policy;
use crate::turn::understand::reading::Reading;
use question::{Question, Unit};
use rank::{Answer, Book, Place};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, RwLock};
use topics::{Sign, TOPICS, has_phone};

/// The shop's clauses, ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    clauses: Vec<Policy>,
    books: HashMap<String, Book>,
    /// A unit vector for each clause, once they have been encoded.
    vectors: OnceLock<Vec<Vec<f32>>>,
}

/// The clauses in force; replaced as a whole when the shop changes them. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Current(Arc<RwLock<Arc<Policies>>>);

impl Current {
    pub fn get(&self) -> Arc<Policies> {
        self.0.read().expect("no holder of this lock can panic").clone()
    }

    pub fn set(&self, policies: Arc<Policies>) {
        *self.0.write().expect("no holder of this lock can panic") = policies;
    }
}

/// A question for the rules.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'q> {
    pub text: &'q str,
    pub lang: Lang,
    /// What the message is known to be about; it names the document to look in.
    pub intent: Option<Intent>,
    /// The vector of the text.
    pub meaning: Option<&'q [f32]>,
}

/// The names of a matter's topics, that which tells most first, and how likely it is asked about.
pub type Likely = (&'static [String], f32);

/// From this probability on a clause that is headed by the matter answers, whatever the words of the question find.
const MEANT: f32 = 0.3;
/// Clauses quoted at most: a message may ask two things.
const MOST: usize = 2;
/// Score, and share of the question, from which a clause is an answer. Measured in `tests/suite/policies.rs`.
const ENOUGH: f32 = 3.0;
const ENOUGH_COVERED: f32 = 0.5;
/// The same for a clause that has all topics of the question, when they tell this much: what else is said is by the way.
const ENOUGH_NAMED: f32 = 2.5;
const ENOUGH_BY_THE_WAY: f32 = 0.33;
/// How near the best score another clause must be to answer in its place, when the best has too little of the question.
const CLOSE: f32 = 0.6;
/// Share from which a message without product words is surely about service.
const SURELY_COVERED: f32 = 0.7;
/// Cosine below which a clause is about something else, and the share of the question it must have all the same.
const NEAR: f32 = 0.82;
const NEAR_COVERED: f32 = 0.3;
/// What words weigh beside the cosine, in its points.
const WORDS_WEIGHT: f32 = 0.06;
const LONGEST_PASSAGE: usize = 300;

/// Words by which a rule tells those who work in the shop what to do; it is not read out to shoppers.
const TO_STAFF: [&str; 9] = [
    "the agent",
    "retail agent",
    "the user",
    "remind the customer",
    "ask the customer",
    "before taking the action",
    "you should check",
    "提醒顾客",
    "客服人员",
];

/// Whether no topic is called so.
#[cfg(test)]
pub fn names_no_topic(name: &str) -> bool {
    TOPICS.named(name).is_none()
}

fn is_for_staff(policy: &Policy) -> bool {
    let text = format!("{} {}", policy.title, policy.body).to_lowercase();
    TO_STAFF.iter().any(|words| text.contains(words))
}

impl Policies {
    pub fn new(clauses: Vec<Policy>) -> Self {
        let mut books = HashMap::new();
        for lang in [Lang::Zh, Lang::En] {
            let told = |(_, policy): &(usize, &Policy)| !is_for_staff(policy);
            let own = |(_, policy): &(usize, &Policy)| policy.lang == lang.code();
            let mut book = Book::new(clauses.iter().enumerate().filter(told).filter(own));
            if book.is_empty() {
                // A shop that has written its rules in one language only.
                book = Book::new(clauses.iter().enumerate().filter(told));
            }
            books.insert(lang.code().to_owned(), book);
        }
        Self { clauses, books, vectors: OnceLock::new() }
    }

    pub fn len(&self) -> usize {
        self.clauses.len()
    }

    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// What of each clause is encoded, in order.
    pub fn passages(&self) -> Vec<String> {
        self.clauses.iter().map(|c| format!("{}: {}", c.title, c.body).chars().take(LONGEST_PASSAGE).collect()).collect()
    }

    /// Takes the vectors of [`Policies::passages`], once.
    pub fn set_vectors(&self, vectors: Vec<Vec<f32>>) {
        if vectors.len() == self.clauses.len() {
            self.vectors.set(vectors).ok();
        }
    }

    /// The clause that answers, in the shopper's language when the shop has rules in it, or two when two things are asked; none when
    /// the rules do not say.
    pub fn find(&self, asked: &Asked) -> Vec<&Policy> {
        self.clauses_at(&self.places(asked))
    }

    fn clauses_at(&self, places: &[usize]) -> Vec<&Policy> {
        places.iter().map(|at| &self.clauses[*at]).collect()
    }

    fn places(&self, asked: &Asked) -> Vec<usize> {
        let book = self.book(asked.lang);
        let parts = parts(asked.text, book);
        let mut found: Vec<usize> = Vec::new();
        if parts.len() > 1 {
            for answer in parts.iter().filter_map(|part| self.best(book, part, None)) {
                if !found.contains(&answer) && found.len() < MOST {
                    found.push(answer);
                }
            }
        }
        if found.is_empty() {
            let whole = Question::read(asked.text, &book.words).meant(asked.intent);
            found.extend(self.best(book, &whole, asked.meaning));
        }
        found
    }

    /// The same for a question that is likely about one of some matters, each told by the names of its topics, the likeliest first: what
    /// its words find, or the clause whose heading names the matter, or else one that speaks of it.
    pub fn find_about(&self, matters: &[Likely], asked: &Asked) -> Vec<&Policy> {
        let (book, found) = (self.book(asked.lang), self.places(asked));
        let spoken_of = |at: &usize, topics: &[String]| TOPICS.named(&topics[0]).and_then(|topic| book.place_of(topic, *at));
        let of_any = |at: &usize| matters.iter().any(|(topics, _)| spoken_of(at, topics).is_some());
        let unsure = matters.first().is_none_or(|(_, share)| *share < MEANT);
        if found.iter().any(of_any) && (unsure || self.answers(asked.text, asked.lang)) {
            return self.clauses_at(&found);
        }
        let question = Question::read(asked.text, &book.words);
        let mut spoken = None;
        for (topics, _) in matters {
            if found.iter().any(|at| spoken_of(at, topics) == Some(Place::Heading)) {
                return self.clauses_at(&found);
            }
            let told = book.rank(&question.clone().about(topics));
            if let Some(headed) = told.iter().position(|answer| answer.matter == Some(Place::Heading)) {
                // What the words find stays where it says more to the question, the matter known.
                let more = |answer: &Answer| answer.matter.is_some() && found.first() == Some(&answer.at);
                let own = told[..headed].iter().any(more);
                return self.clauses_at(if own { &found } else { std::slice::from_ref(&told[headed].at) });
            }
            spoken = spoken.or(told.into_iter().find(|answer| answer.matter == Some(Place::Text)));
        }
        match spoken {
            Some(answer) if found.is_empty() => self.clauses_at(&[answer.at]),
            _ => self.clauses_at(&found),
        }
    }

    /// Whether a message that names no product is surely a question about the shop's service.
    pub fn answers(&self, text: &str, lang: Lang) -> bool {
        let book = self.book(lang);
        let question = Question::read(text, &book.words);
        let service = question.units.iter().any(Unit::is_of_service);
        let sure = |answer: &Answer| answer.covered >= SURELY_COVERED && answer.score >= ENOUGH;
        service && book.rank(&question).first().is_some_and(sure)
    }

    /// How to reach the shop's people: the clause with its telephone number, then that with its address for mail.
    pub fn contacts(&self, lang: Lang) -> Vec<&Policy> {
        let own: Vec<&Policy> = self.clauses.iter().filter(|c| c.lang == lang.code()).collect();
        let clauses = if own.is_empty() { self.clauses.iter().collect() } else { own };
        let best = |reaches: &dyn Fn(&str) -> bool, way: &str| {
            let told = clauses.iter().filter(|c| reaches(&c.body)).map(|c| (contact_score(c, way), *c));
            told.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.id.cmp(&a.1.id))).map(|(_, clause)| clause)
        };
        let mut contacts: Vec<&Policy> = best(&has_phone, "telephone").into_iter().collect();
        contacts.extend(best(&|body| body.contains('@'), "e-mail"));
        contacts.dedup_by(|a, b| a.id == b.id);
        contacts
    }

    fn book(&self, lang: Lang) -> &Book {
        &self.books[lang.code()]
    }

    /// The place of the clause that answers, if one does.
    fn best(&self, book: &Book, question: &Question, meaning: Option<&[f32]>) -> Option<usize> {
        let ranked = book.rank(question);
        let best = *ranked.first()?;
        let close = ranked.iter().take_while(|answer| answer.score >= CLOSE * best.score);
        // Words of service are rare and exact; the meaning knows what they are called elsewhere.
        close.into_iter().find(|answer| is_enough(answer)).map(|answer| answer.at).or_else(|| {
            let (meaning, vectors) = meaning.zip(self.vectors.get())?;
            let near = |answer: &Answer| -> f32 { meaning.iter().zip(&vectors[answer.at]).map(|(a, b)| a * b).sum() };
            let admitted =
                ranked.iter().map(|answer| (near(answer), answer)).filter(|(cosine, a)| *cosine >= NEAR && a.covered >= NEAR_COVERED);
            let scored = admitted.map(|(cosine, answer)| (cosine + WORDS_WEIGHT * answer.score / best.score, answer.at));
            scored.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, at)| at)
        })
    }
}

/// Whether a clause answers, by words alone.
fn is_enough(answer: &Answer) -> bool {
    let all_named = answer.missed == 0.0 && answer.named >= ENOUGH_NAMED;
    let share = if all_named { ENOUGH_BY_THE_WAY } else { ENOUGH_COVERED };
    answer.score >= ENOUGH && answer.covered >= share
}

/// The questions of a message; what asks nothing of its own belongs to the next, and what names nothing to the one before.
fn parts(text: &str, book: &Book) -> Vec<Question> {
    let mut parts: Vec<String> = Vec::new();
    let mut said = String::new();
    for clause in clauses(text) {
        let question = Question::read(clause, &book.words);
        let asks = !question.kinds.is_empty() || clause.contains(['?', '？', '吗']);
        match parts.last_mut() {
            Some(before) if !question.names_a_topic() => before.push_str(clause),
            _ if asks => parts.push(format!("{}{clause}", std::mem::take(&mut said))),
            _ => said.push_str(clause),
        }
    }
    match parts.last_mut() {
        Some(last) => last.push_str(&said),
        None => parts.push(said),
    }
    let mut questions: Vec<Question> = parts.iter().map(|part| Question::read(part, &book.words)).collect();
    // "How much is express delivery, and how long does it take?"
    for n in 1..questions.len() {
        let before = questions[n - 1].topics();
        questions[n].context.extend(before);
    }
    questions
}

/// How much a clause is the place where a shop says how it is reached.
fn contact_score(clause: &Policy, way: &str) -> f32 {
    let (document, title) = clause.title.split_once(": ").unwrap_or(("", &clause.title));
    let (document, title, body) = (Reading::of(document), Reading::of(title), Reading::of(&clause.body));
    let [way, contact] = [way, "contact"].map(|name| TOPICS.named(name));
    let (of_document, of_title) = (TOPICS.said(&document), TOPICS.said(&title));
    let names = |topics: &[usize], topic: Option<usize>| f32::from(u8::from(topic.is_some_and(|t| topics.contains(&t))));
    let other = of_title.iter().filter(|t| Some(**t) != way && Some(**t) != contact).count() as f32;
    let hours = f32::from(u8::from(topics::shows(Sign::Clock, &clause.body, &body)));
    3.0 * names(&of_title, way) + 2.0 * names(&of_title, contact) + 2.0 * names(&of_document, contact) + hours
        - other
        - body.len() as f32 / 200.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(id: &str, lang: &str, title: &str, body: &str) -> Policy {
        Policy { id: id.to_owned(), lang: lang.to_owned(), title: title.to_owned(), body: body.to_owned(), revision: 1 }
    }

    #[test]
    fn finds_the_clause_in_the_shoppers_language_and_admits_ignorance() {
        let policies = Policies::new(vec![
            policy("r.en", "en", "Returns: How long", "You can return unused goods within 30 days."),
            policy("r.zh", "zh", "退货：期限", "未使用的商品可在 30 天内退货。"),
            policy("d.en", "en", "Delivery: Fees", "Delivery is free from S$60."),
            policy("d.zh", "zh", "配送：运费", "满 S$60 免运费。"),
        ]);
        let first = |text, lang| policies.find(&Asked { text, lang, intent: None, meaning: None }).first().map(|p| p.id.as_str());
        assert_eq!(first("how long do I have to return something?", Lang::En), Some("r.en"));
        assert_eq!(first("多久可以退货", Lang::Zh), Some("r.zh"));
        assert_eq!(first("运费多少", Lang::Zh), Some("d.zh"));
        assert_eq!(first("do you sell unicorns", Lang::En), None);
    }
}
