//! The kinds of product that words name ("hiking boots", 登山鞋), and whether a product is called one. Pure.

use super::understand::lexicon;
use crate::catalog::leaf;
use crate::search::Item;

/// Names of the kinds some search words ask for, their synonyms in both languages included. What a thing is for is none: a charger
/// for a phone is no phone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kinds {
    names: Vec<String>,
    /// The words of the message, without their synonyms.
    pub said: Vec<String>,
}

impl Kinds {
    pub fn of(terms: &str) -> Self {
        let (mut names, mut said): (Vec<String>, Vec<String>) = Default::default();
        let (terms, _) = lexicon::purpose(terms);
        for expansion in lexicon::expansions(terms).into_iter().filter(|e| e.kind) {
            said.extend(terms.get(expansion.span.0..expansion.span.1).map(str::to_lowercase));
            names.extend(expansion.alternatives.iter().map(|a| a.to_lowercase()));
        }
        names.extend(said.iter().cloned());
        Self { names, said }
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Whether two needs ask for one kind: boots after boots.
    pub fn overlap(&self, other: &Self) -> bool {
        self.names.iter().any(|name| other.names.contains(name))
    }

    /// Whether its narrowest category is of this kind.
    pub fn classify(&self, item: &Item) -> bool {
        let name = [leaf(&item.category), leaf(&item.category_zh)].join(" | ").to_lowercase();
        self.names.iter().any(|kind| names(&name, kind))
    }

    /// Whether title or category call the product so.
    pub fn call(&self, item: &Item) -> bool {
        let name = [&*item.title, &*item.title_zh, &*item.category, &*item.category_zh].join(" | ").to_lowercase();
        self.names.iter().any(|kind| names(&name, kind))
    }
}

/// Whether a lower-case name contains a kind word: Chinese anywhere, English as whole words, singular or plural.
fn names(name: &str, kind: &str) -> bool {
    if !kind.is_ascii() {
        return name.contains(kind);
    }
    let stem = |word: &str| word.trim_end_matches('s').to_owned();
    let words: Vec<String> = name.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(stem).collect();
    let wanted: Vec<String> = kind.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(stem).collect();
    !wanted.is_empty() && words.windows(wanted.len()).any(|w| w == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_in_both_languages_and_not_by_purpose() {
        for (one, other, same) in [
            ("waterproof hiking boots", "登山鞋", true),
            ("rain jacket", "down jacket", false),
            ("power bank for laptop", "laptop", false),
            ("lighter", "rain jacket", false),
        ] {
            assert_eq!(Kinds::of(one).overlap(&Kinds::of(other)), same, "{one}, {other}");
        }
        assert!(Kinds::of("something lighter").is_empty());
    }
}
