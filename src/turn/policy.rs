//! A question in, the clauses of the shop's policies that answer it out. An in-memory ranking of a few hundred clauses by shared
//! words and, once they are encoded, by meaning.

use crate::catalog::Lang;
use crate::search::segment::{is_stopword, segment};
use crate::store::world::Policy;
use crate::turn::understand::lexicon;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock, RwLock};

/// The shop's clauses, ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    clauses: Vec<Clause>,
    rarity: HashMap<String, f32>,
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

#[derive(Clone, Debug)]
struct Clause {
    policy: Policy,
    title: HashSet<String>,
    body: HashSet<String>,
}

/// What a question word asks for, in the words a clause answers with.
const ASKED: &[(&[&str], &[&str])] = &[
    (&["多久", "几天", "多长时间", "什么时候", "期限"], &["天", "日内", "工作日", "期限", "时间", "时限", "小时"]),
    (&["how long", "how many days", "when", "how soon"], &["days", "day", "within", "time", "long", "hours"]),
    (&["多少钱", "费用", "收费", "运费"], &["费", "运费", "免费", "收取"]),
    (&["how much", "cost", "fee"], &["fee", "fees", "free", "cost", "charge"]),
    (&["地址", "在哪", "哪里"], &["地址", "位于", "门店"]),
    (&["where", "address"], &["address", "store", "located"]),
    (&["几点", "营业"], &["营业", "时间", "点"]),
    (&["open", "opening"], &["opening", "hours", "open"]),
];
const ASKED_WEIGHT: f32 = 0.8;

/// Summed rarity a clause must reach to count as an answer.
const ENOUGH: f32 = 3.0;
/// Cosine below which a clause is about something else.
const NEAR: f32 = 0.82;
const WORDS_WEIGHT: f32 = 0.04;
const LONGEST_PASSAGE: usize = 300;

impl Policies {
    pub fn new(policies: Vec<Policy>) -> Self {
        let terms = |text: &str| -> HashSet<String> { segment(text).into_iter().filter(|t| !is_stopword(t)).collect() };
        let clauses: Vec<Clause> =
            policies.into_iter().map(|policy| Clause { title: terms(&policy.title), body: terms(&policy.body), policy }).collect();
        let mut counts: HashMap<String, usize> = HashMap::new();
        for clause in &clauses {
            for term in clause.title.union(&clause.body) {
                *counts.entry(term.clone()).or_default() += 1;
            }
        }
        let n = clauses.len() as f32;
        let rarity = counts.into_iter().map(|(t, df)| (t, (1.0 + n / (1.0 + df as f32)).ln())).collect();
        Self { clauses, rarity, vectors: OnceLock::new() }
    }

    pub fn len(&self) -> usize {
        self.clauses.len()
    }

    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// What of each clause is encoded, in order.
    pub fn passages(&self) -> Vec<String> {
        self.clauses.iter().map(|c| format!("{}: {}", c.policy.title, c.policy.body).chars().take(LONGEST_PASSAGE).collect()).collect()
    }

    /// Takes the vectors of [`Policies::passages`], once.
    pub fn set_vectors(&self, vectors: Vec<Vec<f32>>) {
        if vectors.len() == self.clauses.len() {
            self.vectors.set(vectors).ok();
        }
    }

    /// Up to `most` clauses in the shopper's language (else in any), best first; none when nothing really answers. `vector` is that
    /// of the question.
    pub fn find(&self, question: &str, lang: Lang, most: usize, vector: Option<&[f32]>) -> Vec<&Policy> {
        let own = self.rank(question, vector, |clause| clause.policy.lang == lang.code());
        let ranked = if own.is_empty() { self.rank(question, vector, |_| true) } else { own };
        ranked.into_iter().take(most).map(|(_, policy)| policy).collect()
    }

    fn rank(&self, question: &str, vector: Option<&[f32]>, admits: impl Fn(&Clause) -> bool) -> Vec<(f32, &Policy)> {
        let question = Question::read(question);
        let words: Vec<f32> = self.clauses.iter().map(|c| if admits(c) { self.shared(&question, c) } else { 0.0 }).collect();
        let best = words.iter().copied().fold(0.0, f32::max);
        let meaning = vector.zip(self.vectors.get());
        let mut ranked: Vec<(f32, &Policy)> = Vec::new();
        for (n, clause) in self.clauses.iter().enumerate().filter(|(_, c)| admits(c)) {
            let score = match meaning {
                Some((vector, vectors)) => {
                    let cosine: f32 = vector.iter().zip(&vectors[n]).map(|(a, b)| a * b).sum();
                    let share = if best > 0.0 { words[n] / best } else { 0.0 };
                    if cosine >= NEAR { cosine + share * WORDS_WEIGHT + question_hints(&question.asked, clause) } else { 0.0 }
                }
                None if words[n] >= ENOUGH => words[n],
                None => 0.0,
            };
            if score > 0.0 {
                ranked.push((score, &clause.policy));
            }
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        ranked
    }

    /// Rarity of the words shared, those of the title counting double, and of what a question word asks for.
    fn shared(&self, question: &Question, clause: &Clause) -> f32 {
        let place = |t: &String| f32::from(u8::from(clause.title.contains(t))) * 2.0 + f32::from(u8::from(clause.body.contains(t)));
        let shared: f32 = question.terms.iter().map(|t| self.rarity.get(t).copied().unwrap_or(0.0) * place(t)).sum();
        let hints = question.asked.iter().filter(|t| place(t) > 0.0).count().min(3) as f32;
        if shared > 0.0 { shared / (clause.body.len() as f32).sqrt().max(4.0) * 6.0 + hints * ASKED_WEIGHT } else { 0.0 }
    }
}

/// What the question word asks for, found in the clause's title or text, in cosine points.
fn question_hints(asked: &HashSet<String>, clause: &Clause) -> f32 {
    let title = asked.iter().filter(|t| clause.title.contains(*t)).count().min(1) as f32;
    let body = asked.iter().filter(|t| clause.body.contains(*t)).count().min(2) as f32;
    title * 0.02 + body * 0.006
}

/// A question's words, and those its question word asks for.
struct Question {
    terms: HashSet<String>,
    asked: HashSet<String>,
}

impl Question {
    fn read(text: &str) -> Self {
        let mut terms: HashSet<String> = segment(text).into_iter().filter(|t| !is_stopword(t)).collect();
        for expansion in lexicon::expansions(text) {
            terms.extend(expansion.alternatives.iter().flat_map(|a| segment(a)));
        }
        let lower = text.to_lowercase();
        let asked = ASKED.iter().filter(|(said, _)| said.iter().any(|w| lower.contains(w)));
        Self { terms, asked: asked.flat_map(|(_, wanted)| wanted.iter().flat_map(|w| segment(w))).collect() }
    }
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
        let first = |q, lang| policies.find(q, lang, 1, None).first().map(|p| p.id.as_str());
        assert_eq!(first("how long do I have to return something?", Lang::En), Some("r.en"));
        assert_eq!(first("多久可以退货", Lang::Zh), Some("r.zh"));
        assert_eq!(first("运费多少", Lang::Zh), Some("d.zh"));
        assert_eq!(first("do you sell unicorns", Lang::En), None);
    }
}
