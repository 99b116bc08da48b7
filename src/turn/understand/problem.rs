//! A message's meaning in; the problems of `assets/lexicon/problems` it may tell, and how likely each, out. Pure.
//!
//! What tells none is learned from the phrases of `assets/intents`. The weights are in the program (`daogou train problems` makes them).

use super::learned::{self, FINGERPRINT, digest};
use super::lexicon::parse;
use super::reader::{self, Example, Reader, lang_of};
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

/// What a message may tell.
#[derive(Clone, Debug)]
pub struct Told {
    /// The probability that it tells no problem.
    pub none: f32,
    /// Problems with their probabilities, the likeliest first.
    pub problems: Vec<(&'static Problem, f32)>,
}

const FILES: [&str; 3] = [
    include_str!("../../../assets/lexicon/problems/home.toml"),
    include_str!("../../../assets/lexicon/problems/things.toml"),
    include_str!("../../../assets/lexicon/problems/wear.toml"),
];
const HEAD: &[u8] = include_bytes!("../../../assets/lexicon/problems/e5-small.bin");
/// Of the phrases of intents, one in so many is an example of what tells no problem, but for labels under which one may be told.
const ONE_IN: usize = 3;
/// How much commoner than any problem none is among the phrases, in its logit.
const COMMON: f32 = 3.0;
const MAY_TELL: [&str; 5] = ["find", "recommend", "gift", "abuse", "emergency"];

pub static PROBLEMS: LazyLock<Vec<Problem>> = LazyLock::new(|| FILES.iter().flat_map(|file| parse::<File>(file).problem).collect());

/// What is learned from: texts, their language, and their class; the last class is none.
pub fn examples() -> Vec<Example> {
    let of = |(n, problem): (usize, &Problem)| {
        let in_lang = |lang: Lang, texts: &[String]| texts.iter().map(|text| (text.clone(), lang, n)).collect::<Vec<_>>();
        [in_lang(Lang::Zh, &problem.zh), in_lang(Lang::En, &problem.en)].concat()
    };
    let told = PROBLEMS.iter().enumerate().flat_map(of);
    let others = learned::phrases().into_iter().filter(|(_, label)| !MAY_TELL.contains(&learned::LABELS[*label])).step_by(ONE_IN);
    let others = others.map(|(text, _)| (lang_of(&text), text));
    told.chain(others.map(|(lang, text)| (text, lang, PROBLEMS.len()))).collect()
}

/// Learns from the vectors of [`examples`], in their order; as bytes, for a file.
pub fn learn(examples: &[Example], vectors: &[Vec<f32>]) -> Vec<u8> {
    [reader::learn(examples, vectors, PROBLEMS.len()), digest(&FILES).to_vec()].concat()
}

static LEARNED: LazyLock<Option<Reader>> = LazyLock::new(|| Reader::of(&HEAD[..HEAD.len().checked_sub(FINGERPRINT)?], PROBLEMS.len()));

/// What a message with that meaning tells; `None` for a vector of another encoder.
pub fn told(meaning: &[f32], lang: Lang) -> Option<Told> {
    let (shares, none) = LEARNED.as_ref()?.read(meaning, lang, COMMON)?;
    let mut problems: Vec<(&'static Problem, f32)> = PROBLEMS.iter().zip(shares).collect();
    problems.sort_by(|a, b| b.1.total_cmp(&a.1));
    Some(Told { none, problems })
}

#[cfg(test)]
mod tests {
    use super::*;

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
