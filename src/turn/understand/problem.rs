//! A message's meaning in; the problems of `assets/lexicon/problems` it may tell, and how likely each, out. Pure.
//!
//! Multinomial logistic regression over the text encoder's vector, less the mean of the problems' phrases in the message's language. One
//! class more stands for messages that tell none, learned from the phrases of `assets/intents`. The weights are in the program (`daogou
//! train problems` makes them).

use super::learned::{self, FINGERPRINT, digest};
use super::lexicon::parse;
use crate::algebra::{add, unit};
use crate::catalog::Lang;
use crate::learn::intents::{Linear, learn_plain, softmax};
use crate::search::vector::DIM;
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
const MAY_TELL: [&str; 5] = ["find", "recommend", "gift", "abuse", "emergency"];
/// Taken from the logit of none, which has hundreds of times the phrases of any problem (logit adjustment, Menon et al. 2021).
const COMMON: f32 = 3.0;
const LANGS: [Lang; 2] = [Lang::Zh, Lang::En];

pub static PROBLEMS: LazyLock<Vec<Problem>> = LazyLock::new(|| FILES.iter().flat_map(|file| parse::<File>(file).problem).collect());

/// What is learned from: texts, their language, and their class; the last class is none.
pub fn examples() -> Vec<(String, Lang, usize)> {
    let of = |(n, problem): (usize, &Problem)| {
        let in_lang = |lang: Lang, texts: &[String]| texts.iter().map(|text| (text.clone(), lang, n)).collect::<Vec<_>>();
        [in_lang(Lang::Zh, &problem.zh), in_lang(Lang::En, &problem.en)].concat()
    };
    let told = PROBLEMS.iter().enumerate().flat_map(of);
    let lang = |text: &str| if text.chars().any(super::reading::is_han) { Lang::Zh } else { Lang::En };
    let others = learned::phrases().into_iter().filter(|(_, label)| !MAY_TELL.contains(&learned::LABELS[*label])).step_by(ONE_IN);
    let others = others.map(|(text, _)| (lang(&text), text));
    told.chain(others.map(|(lang, text)| (text, lang, PROBLEMS.len()))).collect()
}

/// Learns from the vectors of [`examples`], in their order; as bytes, for a file.
pub fn learn(examples: &[(String, Lang, usize)], vectors: &[Vec<f32>]) -> Vec<u8> {
    let classes = PROBLEMS.len() + 1;
    let centres = LANGS.map(|lang| {
        let own = || examples.iter().zip(vectors).filter(|((_, of, class), _)| *of == lang && *class + 1 < classes);
        let count = own().count().max(1) as f32;
        let mut centre = vec![0.0; DIM];
        own().for_each(|(_, vector)| add(&mut centre, &unit(vector.clone()).iter().map(|v| v / count).collect::<Vec<_>>()));
        centre
    });
    let features = examples.iter().zip(vectors).map(|((_, lang, class), vector)| (centred(vector, &centres[place(*lang)]), *class));
    let head = learn_plain(&features.collect::<Vec<_>>(), classes);
    let values = centres.iter().flatten().chain(&head.bias).chain(&head.weights);
    values.flat_map(|v| v.to_le_bytes()).chain(digest(&FILES)).collect()
}

struct Head {
    centres: [Vec<f32>; 2],
    linear: Linear,
}

static LEARNED: LazyLock<Option<Head>> = LazyLock::new(|| {
    let values: Vec<f32> =
        HEAD[..HEAD.len().checked_sub(FINGERPRINT)?].chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    let classes = PROBLEMS.len() + 1;
    if values.len() != 2 * DIM + classes + DIM * classes {
        return None;
    }
    let (centres, rest) = values.split_at(2 * DIM);
    let (bias, weights) = rest.split_at(classes);
    let linear = Linear { classes, bias: bias.to_vec(), weights: weights.to_vec(), centre: Vec::new() };
    Some(Head { centres: [centres[..DIM].to_vec(), centres[DIM..].to_vec()], linear })
});

/// What a message with that meaning tells; `None` for a vector of another encoder.
pub fn told(meaning: &[f32], lang: Lang) -> Option<Told> {
    let head = LEARNED.as_ref().filter(|_| meaning.len() == DIM)?;
    let mut logits = head.linear.of_plain(&centred(meaning, &head.centres[place(lang)]));
    if let Some(none) = logits.last_mut() {
        *none -= COMMON;
    }
    let shares = softmax(&logits);
    let (none, shares) = shares.split_last()?;
    let mut problems: Vec<(&'static Problem, f32)> = PROBLEMS.iter().zip(shares.iter().copied()).collect();
    problems.sort_by(|a, b| b.1.total_cmp(&a.1));
    Some(Told { none: *none, problems })
}

fn place(lang: Lang) -> usize {
    usize::from(lang == Lang::En)
}

fn centred(vector: &[f32], centre: &[f32]) -> Vec<f32> {
    unit(unit(vector.to_vec()).iter().zip(centre).map(|(v, c)| v - c).collect())
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
