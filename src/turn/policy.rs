//! A question in, the clauses of the shop's policies that answer it out. Pure: an in-memory ranking of a few hundred clauses.

use crate::catalog::Lang;
use crate::search::segment::{is_stopword, segment};
use crate::store::world::Policy;
use crate::turn::understand::lexicon;
use std::collections::{HashMap, HashSet};

/// The shop's clauses, ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    clauses: Vec<Clause>,
    rarity: HashMap<String, f32>,
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
        Self { clauses, rarity }
    }

    pub fn len(&self) -> usize {
        self.clauses.len()
    }

    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// Up to `most` clauses in the shopper's language (else in any), best first; none when nothing really answers.
    pub fn find(&self, question: &str, lang: Lang, most: usize) -> Vec<&Policy> {
        let mut terms: HashSet<String> = segment(question).into_iter().filter(|t| !is_stopword(t)).collect();
        for expansion in lexicon::expansions(question) {
            terms.extend(expansion.alternatives.iter().flat_map(|a| segment(a)));
        }
        let lower = question.to_lowercase();
        let asked: HashSet<String> = ASKED
            .iter()
            .filter(|(said, _)| said.iter().any(|w| lower.contains(w)))
            .flat_map(|(_, for_what)| for_what.iter().flat_map(|w| segment(w)))
            .collect();
        let hints = |clause: &Clause| -> f32 {
            let found = asked.iter().filter(|t| clause.title.contains(*t) || clause.body.contains(*t)).count();
            (found.min(3) as f32) * ASKED_WEIGHT
        };
        let score = |clause: &Clause| -> f32 {
            let shared: f32 = terms
                .iter()
                .map(|t| {
                    let weight = self.rarity.get(t).copied().unwrap_or(0.0);
                    weight * (f32::from(u8::from(clause.title.contains(t))) * 2.0 + f32::from(u8::from(clause.body.contains(t))))
                })
                .sum();
            if shared > 0.0 { shared / (clause.body.len() as f32).sqrt().max(4.0) * 6.0 + hints(clause) } else { 0.0 }
        };
        let rank = |any_language: bool| -> Vec<(f32, &Policy)> {
            let mut ranked: Vec<(f32, &Policy)> = self
                .clauses
                .iter()
                .filter(|c| any_language || c.policy.lang == lang.code())
                .map(|c| (score(c), &c.policy))
                .filter(|(score, _)| *score >= ENOUGH)
                .collect();
            ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
            ranked
        };
        let own = rank(false);
        let ranked = if own.is_empty() { rank(true) } else { own };
        ranked.into_iter().take(most).map(|(_, policy)| policy).collect()
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
        let first = |q, lang| policies.find(q, lang, 1).first().map(|p| p.id.as_str());
        assert_eq!(first("how long do I have to return something?", Lang::En), Some("r.en"));
        assert_eq!(first("多久可以退货", Lang::Zh), Some("r.zh"));
        assert_eq!(first("运费多少", Lang::Zh), Some("d.zh"));
        assert_eq!(first("do you sell unicorns", Lang::En), None);
    }
}
