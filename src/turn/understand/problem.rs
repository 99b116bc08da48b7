//! A message's meaning in; the problems of `assets/lexicon/problems` it may tell, and how likely each, out. Pure.
//!
//! The weights are in the program (`daogou train problems` makes them).

use super::lexicon::parse;
use super::reader::{self, Class, Example, Reader, Told};
use crate::catalog::Lang;
use serde::Deserialize;
use std::sync::LazyLock;

/// Something that bothers people, or that they want to do, and what helps.
#[derive(Debug, Deserialize)]
pub struct Problem {
    /// Kinds of product, the best first.
    pub kinds: Vec<String>,
    en: Vec<String>,
    zh: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    problem: Vec<Problem>,
}

impl Class for Problem {
    fn phrases(&self, lang: Lang) -> &[String] {
        if lang == Lang::Zh { &self.zh } else { &self.en }
    }
}

const FILES: [&str; 3] = [
    include_str!("../../../assets/lexicon/problems/home.toml"),
    include_str!("../../../assets/lexicon/problems/things.toml"),
    include_str!("../../../assets/lexicon/problems/wear.toml"),
];
const HEAD: &[u8] = include_bytes!("../../../assets/lexicon/problems/e5-small.bin");
/// How much commoner than any problem none is among the phrases, in its logit.
const COMMON: f32 = 3.0;
/// Labels under which a problem may be told.
const MAY_TELL: [&str; 5] = ["find", "recommend", "gift", "abuse", "emergency"];

pub static PROBLEMS: LazyLock<Vec<Problem>> = LazyLock::new(|| FILES.iter().flat_map(|file| parse::<File>(file).problem).collect());
static LEARNED: LazyLock<Option<Reader>> = LazyLock::new(|| Reader::of(HEAD, PROBLEMS.len()));

/// What is learned from.
pub fn examples() -> Vec<Example> {
    reader::examples(&PROBLEMS, &MAY_TELL, Vec::new())
}

/// Learns from the vectors of [`examples`], in their order; as bytes, for a file.
pub fn learn(examples: &[Example], vectors: &[Vec<f32>]) -> Vec<u8> {
    reader::learn(examples, vectors, PROBLEMS.len(), &FILES)
}

/// What a message with that meaning tells; `None` for a vector of another encoder.
pub fn told(meaning: &[f32], lang: Lang) -> Option<Told<Problem>> {
    LEARNED.as_ref()?.read(&PROBLEMS, meaning, lang, COMMON)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::turn::understand::learned::digest;

    #[test]
    fn the_weights_were_made_from_these_problems() {
        assert!(LEARNED.is_some(), "assets/lexicon/problems/e5-small.bin: run `daogou train problems`");
        assert!(HEAD.ends_with(&digest(&FILES)), "the problems have changed: run `daogou train problems`");
    }

    #[test]
    fn every_problem_has_a_remedy_and_is_told_in_both_languages() {
        for problem in PROBLEMS.iter() {
            assert!(!problem.kinds.is_empty() && problem.zh.len() > 2 && problem.en.len() > 2, "{problem:?}");
        }
        assert!(told(&[1.0, 0.0], Lang::En).is_none(), "another encoder's vector");
    }
}
