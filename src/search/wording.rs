//! Search words in; what is looked up in the index out: units of terms with their rarity, synonyms, and words written together.

use super::lexical::View;
use super::segment::{index_terms, is_stopword};
use crate::turn::understand::lexicon;

/// A query as the index reads it.
#[derive(Clone, Debug, Default)]
pub struct Wording {
    pub units: Vec<Unit>,
}

/// Words that stand or fall together: a phrase of the lexicon with its synonyms, or the words between.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    pub terms: Vec<Word>,
    /// The terms of each synonym.
    pub alternatives: Vec<Vec<String>>,
    /// What the wanted thing is for ("for a laptop").
    pub purpose: bool,
}

#[derive(Clone, Debug)]
pub struct Word {
    pub text: String,
    /// Inverse document frequency, less for a purpose.
    pub mass: f32,
    /// Words of the catalogue that are this one and a neighbour written together.
    pub joined: Vec<String>,
}

const MOST_TERMS: usize = 60;
/// What the words for a purpose weigh beside those of the thing.
pub const PURPOSE: f32 = 0.4;

impl Wording {
    pub fn of(text: &str, view: &View) -> Self {
        let (wanted, purpose) = lexicon::purpose(text);
        let mut wording = Self::default();
        for (part, is_purpose) in [(wanted, false), (purpose, true)] {
            let mut at = 0;
            for expansion in lexicon::expansions(part) {
                wording.add(part.get(at..expansion.span.0).unwrap_or(""), Vec::new(), is_purpose, view);
                at = expansion.span.1;
                let alternatives = expansion.alternatives.iter().map(|a| index_terms(a)).filter(|a| !a.is_empty()).collect();
                wording.add(part.get(expansion.span.0..expansion.span.1).unwrap_or(""), alternatives, is_purpose, view);
            }
            wording.add(part.get(at..).unwrap_or(""), Vec::new(), is_purpose, view);
        }
        wording.join(text, view);
        wording
    }

    pub fn without_synonyms(mut self) -> Self {
        self.units.iter_mut().for_each(|unit| unit.alternatives.clear());
        self
    }

    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// What covering all of it would weigh.
    pub fn mass(&self) -> f32 {
        self.units.iter().flat_map(|u| &u.terms).map(|t| t.mass).sum()
    }

    fn add(&mut self, text: &str, alternatives: Vec<Vec<String>>, purpose: bool, view: &View) {
        let known: usize = self.units.iter().map(|u| u.terms.len()).sum();
        let mut terms: Vec<Word> = Vec::new();
        for text in index_terms(text).into_iter().filter(|t| !is_stopword(t)) {
            let text = view.spelling(&text).unwrap_or(text);
            let said = self.units.iter().flat_map(|u| &u.terms).chain(&terms).any(|t| t.text == text);
            if !said && known + terms.len() < MOST_TERMS {
                let mass = view.rarity(&text) * if purpose { PURPOSE } else { 1.0 };
                terms.push(Word { text, mass, joined: Vec::new() });
            }
        }
        if !terms.is_empty() {
            self.units.push(Unit { terms, alternatives, purpose });
        }
    }

    /// "smart watch" is looked for as "smartwatch" too, where the catalogue has such a word.
    fn join(&mut self, text: &str, view: &View) {
        let words: Vec<&str> = text.split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric())).collect();
        let plain = |w: &str| w.len() > 1 && w.chars().all(|c| c.is_ascii_alphabetic());
        for pair in words.windows(2).filter(|pair| pair.iter().all(|w| plain(w))) {
            let joined = index_terms(&pair.concat());
            let [joined] = joined.as_slice() else { continue };
            if !view.knows(joined) {
                continue;
            }
            for half in pair.iter().flat_map(|w| index_terms(w)) {
                let mut words = self.units.iter_mut().flat_map(|u| &mut u.terms);
                if let Some(word) = words.find(|w| w.text == half) {
                    word.joined.push(joined.clone());
                }
            }
        }
    }
}

impl Unit {
    /// Words written together, each once.
    pub fn joined(&self) -> impl Iterator<Item = &String> {
        let all: Vec<&String> = self.terms.iter().flat_map(|t| &t.joined).collect();
        let first = |n: &usize| !all[..*n].contains(&all[*n]);
        (0..all.len()).filter(first).map(|n| all[n]).collect::<Vec<_>>().into_iter()
    }
}
