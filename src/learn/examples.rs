//! Products in, what the fused embedding learns from out. Pure.

use crate::catalog::person::person;
use crate::model::fusion::{KINDS, MOST_WORDS, WORDS};
use crate::search::Item;
use crate::search::segment::{is_cjk, singular};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Names of categories, colours, persons and brands as the numbers the embedding knows them by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Kinds([BTreeMap<String, u32>; KINDS]);

/// Its place among them.
const PERSON: usize = 2;

impl Kinds {
    pub fn of<'a>(items: impl IntoIterator<Item = &'a Item>) -> Self {
        let mut kinds = Self::default();
        for item in items {
            for (map, name) in kinds.0.iter_mut().zip(names(item)) {
                let next = map.len() as u32;
                map.entry(name).or_insert(next);
            }
        }
        kinds
    }

    /// With persons by the catalogue's names, where a feed's own were learned.
    #[must_use]
    pub fn by_known_persons(mut self) -> Self {
        let renamed = std::mem::take(&mut self.0[PERSON]).into_iter().map(|(name, number)| {
            let (gender, age_group) = name.split_once(' ').unwrap_or((&name, ""));
            let (gender, age_group) = person(gender, age_group);
            (format!("{gender} {age_group}").trim().to_owned(), number)
        });
        self.0[PERSON] = renamed.collect();
        self
    }

    /// A name that was never seen is the largest number, which the embedding passes over.
    pub fn numbers(&self, item: &Item) -> [u32; KINDS] {
        let names = names(item);
        std::array::from_fn(|n| self.0[n].get(&names[n]).copied().unwrap_or(u32::MAX))
    }
}

/// Narrowest category, first colour, person, brand.
fn names(item: &Item) -> [String; KINDS] {
    let colour = item.color.split(" / ").next().unwrap_or("").to_lowercase();
    let person = format!("{} {}", item.gender, item.age_group).trim().to_lowercase();
    [item.leaf().to_lowercase(), colour, person, item.brand.to_lowercase()]
}

/// "navy blue shirts men": what a shopper who names only attributes would say.
pub fn sentence(item: &Item) -> String {
    let [leaf, colour, ..] = names(item);
    let person = match (&*item.gender, &*item.age_group) {
        ("male", "kids") => "boys",
        ("male", _) => "men",
        ("female", "kids") => "girls",
        ("female", _) => "women",
        ("unisex", _) => "unisex",
        (_, age_group) => age_group,
    };
    [colour.as_str(), &leaf, person].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// One product in ten is held out, the same ones every time, with all its variants: told by the id of its first.
pub fn is_held_out(first: &Item) -> bool {
    hash(&first.id).is_multiple_of(10)
}

/// Words, pairs of neighbouring words and single Chinese characters, hashed to numbers from 1.
pub fn words(text: &str) -> Vec<u32> {
    let mut singles: Vec<String> = Vec::new();
    let mut run = String::new();
    for c in text.to_lowercase().chars().chain([' ']) {
        if c.is_alphanumeric() && !is_cjk(c) {
            run.push(c);
            continue;
        }
        if !run.is_empty() {
            singles.push(singular(&run).into_owned());
            run.clear();
        }
        if is_cjk(c) {
            singles.push(c.to_string());
        }
    }
    let pairs = singles.windows(2).map(|pair| format!("{}_{}", pair[0], pair[1]));
    singles.iter().cloned().chain(pairs).take(MOST_WORDS).map(|word| 1 + hash(&word) % (WORDS as u32 - 1)).collect()
}

/// FNV-1a (Fowler, Noll, Vo).
fn hash(text: &str) -> u32 {
    text.bytes().fold(2_166_136_261, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_hashed_alike_in_any_form() {
        assert_eq!(words("Blue Shirts"), words("blue shirt"));
        assert_eq!(words("蓝色衬衫").len(), 7);
        assert!(words("").is_empty());
        assert!(words(&"word ".repeat(100)).len() == MOST_WORDS && words("a b c").iter().all(|w| *w > 0 && *w < WORDS as u32));
    }
}
