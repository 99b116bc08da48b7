//! In: the clauses of one language and a question. Out: how well each answers it: BM25F over heading, title and text, of words and of
//! topics, and how much of the question a clause has (Robertson, Zaragoza: "The Probabilistic Relevance Framework", 2009). Pure.

use super::question::{Question, Unit, counted, own_terms, terms};
use super::topics::{Kind, Sign, TOPICS, Topic, shows, words_of};
use crate::store::world::Policy;
use crate::turn::understand::reading::Reading;
use std::collections::{HashMap, HashSet};

/// Heading of the document, heading of the clause, its text.
const FIELDS: usize = 3;
const WEIGHT: [f32; FIELDS] = [2.0, 2.0, 1.0];
/// How much the length of a field counts: a heading is short whatever it says, a long text names much in passing.
const LENGTH: [f32; FIELDS] = [0.2, 0.5, 0.7];
/// A shop with few rules is asked as if it had this many: a word is no less rare for there being little else.
const SMALLEST: f32 = 40.0;
const SATURATION: f32 = 1.2;

/// A topic beside a word, one named by a shorter phrase or another word, and one known from elsewhere.
const TOPIC: f32 = 1.4;
const NEAR_TOPIC: f32 = 0.5;
const WORDS_OF_TOPIC: f32 = 0.4;
const PRODUCT_WORDS: f32 = 0.6;
const REPEATED: f32 = 0.4;
const CONTEXT: f32 = 0.6;
/// The document that is about what is asked.
const DOCUMENT: f32 = 0.7;
/// A heading that promises the kind of answer, and a text that holds one.
const PROMISED: f32 = 3.0;
const HELD: f32 = 0.7;
/// What a heading loses of the score when nothing it says was asked.
const BESIDE: f32 = 0.35;
const BESIDE_DOCUMENT: f32 = 0.4;
/// Rules come before their exceptions, above all for who asks about the matter of a whole document.
const FIRST: f32 = 0.5;
const FIRST_IN_GENERAL: f32 = 2.5;
/// A word no rule has, one of a single letter, a kind of product; a topic of
/// service at least, one of goods, and one no rule has: what each weighs in what is to be covered.
const UNKNOWN_WORD: f32 = 0.45;
const SINGLE: f32 = 0.15;
const PRODUCT: f32 = 0.25;
const SERVICE: f32 = 3.0;
const GOODS: f32 = 0.6;
const UNSAID: f32 = 1.5;

/// The clauses of one language, ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Book {
    clauses: Vec<Clause>,
    terms: HashMap<String, f32>,
    topics: HashMap<Topic, f32>,
    documents: HashMap<Topic, f32>,
    lengths: [f32; FIELDS],
    /// English words of the rules, as written.
    pub words: HashSet<String>,
}

#[derive(Clone, Debug)]
struct Clause {
    /// The place among the shop's clauses.
    at: usize,
    terms: [HashMap<String, f32>; FIELDS],
    topics: [HashMap<Topic, f32>; FIELDS],
    /// Those topics and what they mean: standard delivery tells the delivery fee.
    meant: [HashSet<Topic>; FIELDS],
    lengths: [f32; FIELDS],
    /// What its heading says, without the words that only ask.
    heading: Vec<String>,
    promises: HashSet<Kind>,
    holds: HashSet<Kind>,
    /// Its place in the document.
    place: usize,
}

impl Clause {
    fn place_of(&self, topic: Topic) -> Option<Place> {
        let field = self.meant.iter().position(|field| field.contains(&topic))?;
        Some(if field < FIELDS - 1 { Place::Heading } else { Place::Text })
    }
}

/// How well a clause answers.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    pub at: usize,
    pub score: f32,
    /// How much of what the question says the clause has, of 1.
    pub covered: f32,
    /// The weight of the topics asked that it has, and of those it has not.
    pub named: f32,
    pub missed: f32,
    /// Where it speaks of what the question is known to be about.
    pub matter: Option<Place>,
}

/// Where a clause speaks of something; of its headings and its text the higher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Heading,
    Text,
}

impl Book {
    pub fn new<'p>(policies: impl Iterator<Item = (usize, &'p Policy)>) -> Self {
        let mut book = Self::default();
        let mut document = String::new();
        let mut place = 0;
        for (at, policy) in policies {
            let (heading, title) = policy.title.split_once(": ").unwrap_or(("", &policy.title));
            let of = policy.id.split('/').next().unwrap_or_default();
            place = if of == document { place + 1 } else { 0 };
            of.clone_into(&mut document);
            book.add(at, [heading, title, &policy.body], place);
        }
        let n = book.clauses.len() as f32;
        let rarity = |df: f32| (1.0 + (n.max(SMALLEST) - df + 0.5) / (df + 0.5)).ln();
        let (mut terms, mut topics) = (HashMap::new(), HashMap::new());
        for clause in &book.clauses {
            clause
                .terms
                .iter()
                .flat_map(HashMap::keys)
                .collect::<HashSet<_>>()
                .into_iter()
                .for_each(|t| *terms.entry(t.clone()).or_insert(0.0) += 1.0);
            clause
                .topics
                .iter()
                .flat_map(HashMap::keys)
                .collect::<HashSet<_>>()
                .into_iter()
                .for_each(|t| *topics.entry(*t).or_insert(0.0) += 1.0);
            let length = |field: usize| clause.lengths[field] / n.max(1.0);
            (0..FIELDS).for_each(|field| book.lengths[field] += length(field));
        }
        let mut documents: HashMap<Topic, f32> = HashMap::new();
        book.clauses
            .iter()
            .filter(|c| c.place == 0)
            .flat_map(|c| c.topics[0].keys())
            .for_each(|t| *documents.entry(*t).or_default() += 1.0);
        let firsts = book.clauses.iter().filter(|c| c.place == 0).count() as f32;
        book.terms = terms.into_iter().map(|(t, df)| (t, rarity(df))).collect();
        book.topics = topics.into_iter().map(|(t, df)| (t, rarity(df))).collect();
        book.documents = documents.into_iter().map(|(t, df)| (t, (1.0 + firsts.max(SMALLEST / 10.0) / df).ln())).collect();
        book
    }

    fn add(&mut self, at: usize, fields: [&str; FIELDS], place: usize) {
        let readings = fields.map(Reading::of);
        self.words.extend(readings.iter().flat_map(words_of));
        let found = fields.map(terms);
        let lengths = [0, 1, 2].map(|field| found[field].len() as f32);
        let topics = readings.each_ref().map(|reading| {
            let mut counts: HashMap<Topic, f32> = HashMap::new();
            TOPICS.said(reading).into_iter().for_each(|topic| *counts.entry(topic).or_default() += 1.0);
            counts
        });
        let meant = topics.each_ref().map(|field| field.keys().flat_map(|topic| TOPICS.means(*topic).chain([*topic])).collect());
        let holds = |sign: &Sign| shows(*sign, fields[2], &readings[2]);
        self.clauses.push(Clause {
            at,
            terms: found.map(counted),
            topics,
            meant,
            lengths,
            heading: if readings[1].len() > 0 { own_terms(&readings[1], &(0..readings[1].len())) } else { Vec::new() },
            promises: TOPICS.promised(&readings[1]),
            holds: TOPICS.kinds.iter().enumerate().filter(|(_, sign)| holds(sign)).map(|(kind, _)| kind).collect(),
            place,
        });
    }

    /// Where the clause at that place among the shop's clauses speaks of a topic.
    pub fn place_of(&self, topic: Topic, at: usize) -> Option<Place> {
        self.clauses.iter().find(|clause| clause.at == at)?.place_of(topic)
    }

    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// Every clause that has anything of the question, best first.
    pub fn rank(&self, question: &Question) -> Vec<Answer> {
        let asked = question.topics();
        let mut answers: Vec<Answer> =
            self.clauses.iter().map(|clause| self.answer(question, &asked, clause)).filter(|a| a.score > 0.0).collect();
        answers.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.at.cmp(&b.at)));
        answers
    }

    fn answer(&self, question: &Question, asked: &HashSet<Topic>, clause: &Clause) -> Answer {
        let (mut score, mut covered, mut all) = (0.0, 0.0, 0.0);
        let (mut named, mut missed) = (0.0, 0.0);
        let matter = question.matter.and_then(|topic| clause.place_of(topic));
        let service = question.units.iter().any(Unit::names_service);
        for unit in &question.units {
            let (gained, share) = self.match_unit(unit, clause);
            // Beside a service, goods are what it is asked for.
            let gained = if service && !unit.topics.is_empty() && !unit.names_service() { gained * GOODS } else { gained };
            let weight = self.weight(unit);
            score += gained;
            covered += weight * share;
            all += weight;
            if unit.names_service() {
                *if share == 1.0 { &mut named } else { &mut missed } += weight;
            }
        }
        if score > 0.0 {
            score += question.context.iter().filter(|t| !asked.contains(t)).map(|t| CONTEXT * self.topic(*t, clause)).sum::<f32>();
            let about = |topic: &&Topic| clause.topics[0].contains_key(topic);
            let document = asked.iter().chain(&question.context).collect::<HashSet<_>>();
            score +=
                document.into_iter().filter(about).map(|t| DOCUMENT * self.documents.get(t).copied().unwrap_or(0.0)).fold(0.0, f32::max);
            let whether = |kind: &Kind| if TOPICS.kinds[*kind] == Sign::Verdict { 0.25 } else { 1.0 };
            score += question.kinds.intersection(&clause.promises).map(whether).fold(0.0, f32::max) * PROMISED;
            score += question.kinds.intersection(&clause.holds).map(whether).fold(0.0, f32::max) * HELD;
            let open = |kind: &Kind| matches!(TOPICS.kinds[*kind], Sign::Contact | Sign::Choice | Sign::Verdict);
            let unknown = |unit: &Unit| unit.topics.is_empty() && !unit.terms.iter().any(|term| self.terms.contains_key(term));
            let within = |unit: &Unit| {
                unit.product
                    || unknown(unit)
                    || (!unit.topics.is_empty() && unit.topics.iter().all(|topic| clause.topics[0].contains_key(topic)))
            };
            let general = question.kinds.iter().all(open) && question.units.iter().all(within);
            score += if general { FIRST_IN_GENERAL } else { FIRST } / (1.0 + clause.place as f32);
            score *= 1.0 - if general { BESIDE / 2.0 } else { BESIDE } * self.beside(question, asked, clause);
            let strange =
                !clause.topics[0].is_empty() && !clause.topics[0].keys().any(|t| asked.contains(t) || question.context.contains(t));
            score *= if strange { 1.0 - BESIDE_DOCUMENT } else { 1.0 };
        }
        Answer { at: clause.at, score, covered: if all > 0.0 { covered / all } else { 0.0 }, named, missed, matter }
    }

    /// What a clause gains by a unit, and how much of the unit it has.
    fn match_unit(&self, unit: &Unit, clause: &Clause) -> (f32, f32) {
        let named = unit.topics.iter().map(|t| self.topic(*t, clause)).fold(0.0, f32::max);
        let near = unit.near.iter().map(|t| self.topic(*t, clause)).fold(0.0, f32::max);
        let one = |term: &str| if term.chars().count() == 1 { SINGLE } else { 1.0 };
        let terms: Vec<f32> = unit.terms.iter().map(|t| one(t) * self.term(t, clause)).collect();
        let share = terms.iter().filter(|gain| **gain > 0.0).count() as f32 / terms.len().max(1) as f32;
        let words = if terms.is_empty() { 0.0 } else { terms.iter().sum::<f32>() / (terms.len() as f32).sqrt() };
        // A phrase that names a topic is said in many ways: its own words tell less. Of goods, what they belong to tells most.
        let (words, near) = match (unit.topics.is_empty(), unit.product) {
            (false, _) => (words * WORDS_OF_TOPIC, near * NEAR_TOPIC),
            (true, true) => (words * PRODUCT_WORDS, near * TOPIC),
            (true, false) => (words, near * NEAR_TOPIC),
        };
        let gained = words + TOPIC * named + near;
        let has = match named > 0.0 {
            true => 1.0,
            false if unit.topics.is_empty() => share.max(if near > 0.0 { 0.5 } else { 0.0 }),
            false => 0.5 * share,
        };
        (gained, has)
    }

    fn topic(&self, topic: Topic, clause: &Clause) -> f32 {
        let rarity = self.topics.get(&topic).copied().unwrap_or(0.0);
        // A heading that repeats what the whole document is about says little.
        let repeats = |field: usize| if field > 0 && clause.topics[0].contains_key(&topic) { REPEATED } else { 1.0 };
        rarity * self.frequency(clause, |field| clause.topics[field].get(&topic).copied().unwrap_or(0.0) * repeats(field))
    }

    fn term(&self, term: &str, clause: &Clause) -> f32 {
        let rarity = self.terms.get(term).copied().unwrap_or(0.0);
        rarity * self.frequency(clause, |field| clause.terms[field].get(term).copied().unwrap_or(0.0))
    }

    /// The saturated frequency over all fields: BM25F.
    fn frequency(&self, clause: &Clause, count: impl Fn(usize) -> f32) -> f32 {
        let field = |field: usize| {
            let length = clause.lengths[field] / self.lengths[field].max(1.0);
            WEIGHT[field] * count(field) / (1.0 - LENGTH[field] + LENGTH[field] * length)
        };
        let frequency: f32 = (0..FIELDS).map(field).sum();
        frequency * (1.0 + SATURATION) / (frequency + SATURATION)
    }

    /// How much of the clause's heading was not asked, of 1.
    fn beside(&self, question: &Question, asked: &HashSet<Topic>, clause: &Clause) -> f32 {
        let title = &clause.topics[1];
        let said: HashSet<&String> = question.units.iter().flat_map(|u| &u.terms).collect();
        let (mut all, mut beside) = (0.0, 0.0);
        for topic in title.keys() {
            let weight = self.topics.get(topic).copied().unwrap_or(0.0);
            all += weight;
            beside += if asked.contains(topic) || question.context.contains(topic) { 0.0 } else { weight };
        }
        for term in &clause.heading {
            let weight = 0.3 * self.terms.get(term).copied().unwrap_or(0.0);
            all += weight;
            beside += if said.contains(term) { 0.0 } else { weight };
        }
        if all > 0.0 { beside / all } else { 0.0 }
    }

    /// What covering a unit is worth.
    fn weight(&self, unit: &Unit) -> f32 {
        let most = (1.0 + SMALLEST.max(self.clauses.len() as f32)).ln();
        if !unit.topics.is_empty() {
            let rarest = unit.topics.iter().filter_map(|t| self.topics.get(t)).copied().fold(0.0, f32::max);
            return match unit.names_service() {
                _ if rarest == 0.0 => UNSAID * most,
                true => rarest.max(SERVICE),
                false => rarest * GOODS,
            };
        }
        if unit.product {
            return PRODUCT * most;
        }
        if unit.terms.iter().all(|t| t.chars().count() == 1) {
            return SINGLE * most;
        }
        let known: Vec<f32> = unit.terms.iter().filter_map(|t| self.terms.get(t)).copied().collect();
        if known.is_empty() { UNKNOWN_WORD * most } else { known.iter().sum::<f32>() / known.len() as f32 }
    }
}
