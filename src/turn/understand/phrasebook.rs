//! In: phrases of the lexicon, each with a value. Out: the longest phrase that starts at a token of a `Reading`.
//! Phrases and messages go through the same reading, so case, width, hyphens and plurals agree.

use super::reading::{Reading, lemma};
use std::{collections::HashMap, ops::Range};

/// Phrases to values. A phrase said exactly wins over the same phrase in its base form (`glasses` before `glass`).
#[derive(Debug)]
pub struct Phrasebook<T> {
    exact: HashMap<String, Vec<T>>,
    base: HashMap<String, Vec<T>>,
    /// First base word → tokens of the longest phrase that starts with it.
    longest: HashMap<String, usize>,
}

impl<T: Clone + PartialEq> Phrasebook<T> {
    pub fn new() -> Self {
        Phrasebook { exact: HashMap::new(), base: HashMap::new(), longest: HashMap::new() }
    }

    pub fn of<'a>(phrases: impl IntoIterator<Item = (&'a str, T)>) -> Self {
        let mut book = Self::new();
        for (phrase, value) in phrases {
            book.add(phrase, value);
        }
        book
    }

    pub fn add(&mut self, phrase: &str, value: T) {
        let reading = Reading::of(phrase);
        let n = reading.len();
        if n == 0 {
            return;
        }
        for (map, key) in [(&mut self.exact, reading.phrase(0..n)), (&mut self.base, reading.lemmas(0..n))] {
            let values = map.entry(key.to_owned()).or_default();
            if !values.contains(&value) {
                values.push(value.clone());
            }
        }
        let longest = self.longest.entry(lemma(reading.word(0))).or_default();
        *longest = n.max(*longest);
    }

    /// The longest phrase that starts at token `at`: how many tokens, and its values.
    pub fn at(&self, reading: &Reading, at: usize) -> Option<(usize, &[T])> {
        if at >= reading.len() {
            return None;
        }
        let longest = *self.longest.get(reading.lemmas(at..at + 1))?;
        (1..=longest.min(reading.len() - at)).rev().find_map(|n| {
            let range = at..at + n;
            let values = self.exact.get(reading.phrase(range.clone())).or_else(|| self.base.get(reading.lemmas(range)))?;
            Some((n, values.as_slice()))
        })
    }

    /// Every phrase that starts at token `at` and ends by `until`, the longest first.
    pub fn every_at(&self, reading: &Reading, at: usize, until: usize) -> Vec<(usize, &[T])> {
        let longest = if at < until { self.longest.get(reading.lemmas(at..at + 1)).copied().unwrap_or(0) } else { 0 };
        let said = |n: usize| {
            let range = at..at + n;
            let values = self.exact.get(reading.phrase(range.clone())).or_else(|| self.base.get(reading.lemmas(range)))?;
            Some((n, values.as_slice()))
        };
        (1..=longest.min(until.saturating_sub(at))).rev().filter_map(said).collect()
    }

    /// The longest phrase that ends right before token `at`: where it starts, and its values.
    pub fn ending(&self, reading: &Reading, at: usize) -> Option<(usize, &[T])> {
        (at.saturating_sub(7)..at).find_map(|start| {
            let range = start..at;
            let values = self.exact.get(reading.phrase(range.clone())).or_else(|| self.base.get(reading.lemmas(range)))?;
            Some((start, values.as_slice()))
        })
    }

    /// Every phrase, left to right, longest first, none overlapping.
    pub fn all<'b>(&'b self, reading: &Reading) -> Vec<(Range<usize>, &'b [T])> {
        let (mut found, mut at) = (Vec::new(), 0);
        while at < reading.len() {
            match self.at(reading, at) {
                Some((n, values)) => {
                    found.push((at..at + n, values));
                    at += n;
                }
                None => at += 1,
            }
        }
        found
    }

    /// The values of exactly this phrase.
    pub fn get(&self, phrase: &str) -> Option<&[T]> {
        let reading = Reading::of(phrase);
        self.at(&reading, 0).filter(|(n, _)| *n == reading.len()).map(|(_, values)| values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_longest() {
        let book = Phrasebook::of([("hiking boots", 1), ("boots", 2), ("登山", 3), ("登山鞋", 4), ("glass", 5), ("glasses", 6)]);
        let cases: [(&str, &[i32]); 6] = [
            ("Hiking boot", &[1]),
            ("good boots", &[2]),
            ("登山鞋", &[4]),
            ("登山 杖", &[3]),
            ("glasses, glass", &[6, 5]),
            ("bootstrap", &[]),
        ];
        for (text, want) in cases {
            let reading = Reading::of(text);
            let got: Vec<i32> = book.all(&reading).iter().map(|(_, v)| v[0]).collect();
            assert_eq!(got, want, "{text}");
        }
    }
}
