//! A message's meaning in; the matters of service of `assets/lexicon/services` it may ask about, and how likely each, out. Pure.
//!
//! What asks about none is learned from questions about products, and from the phrases of `assets/intents` that ask for no rule. The
//! weights are in the program (`daogou train services` makes them).

use super::learned::{self, FINGERPRINT, digest};
use super::lexicon::parse;
use super::reader::{self, Example, Reader, lang_of};
use crate::catalog::Lang;
use serde::Deserialize;
use std::sync::LazyLock;

/// A matter that shoppers ask a shop about.
#[derive(Debug, Deserialize)]
pub struct Matter {
    /// Names of topics, that which tells most first.
    pub topics: Vec<String>,
    en: Vec<String>,
    zh: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    service: Vec<Matter>,
}

/// Questions and wishes that are about products.
#[derive(Deserialize)]
struct Products {
    en: Vec<String>,
    zh: Vec<String>,
}

/// What a message may ask about.
#[derive(Clone, Debug)]
pub struct Told {
    /// The probability that it asks about no service.
    pub none: f32,
    /// Matters with their probabilities, the likeliest first.
    pub matters: Vec<(&'static Matter, f32)>,
}

const FILES: [&str; 3] = [
    include_str!("../../../assets/lexicon/services/orders.toml"),
    include_str!("../../../assets/lexicon/services/paying.toml"),
    include_str!("../../../assets/lexicon/services/others.toml"),
];
const PRODUCTS: &str = include_str!("../../../assets/lexicon/services/products.toml");
const HEAD: &[u8] = include_bytes!("../../../assets/lexicon/services/e5-small.bin");
/// Labels whose phrases may ask about a rule or about an order: they are no examples of what asks about none.
const MAY_ASK: [&str; 11] =
    ["policy", "order_status", "cancel", "change", "return", "exchange", "refund", "complaint", "account", "human", "review"];
/// Of the others, one phrase in so many is an example.
const ONE_IN: usize = 3;

pub static MATTERS: LazyLock<Vec<Matter>> = LazyLock::new(|| FILES.iter().flat_map(|file| parse::<File>(file).service).collect());

/// What is learned from.
pub fn examples() -> Vec<Example> {
    let of = |(n, service): (usize, &Matter)| {
        let in_lang = |lang: Lang, texts: &[String]| texts.iter().map(|text| (text.clone(), lang, n)).collect::<Vec<_>>();
        [in_lang(Lang::Zh, &service.zh), in_lang(Lang::En, &service.en)].concat()
    };
    let asked = MATTERS.iter().enumerate().flat_map(of);
    let products: Products = parse(PRODUCTS);
    let others = learned::phrases().into_iter().filter(|(_, label)| !MAY_ASK.contains(&learned::LABELS[*label])).step_by(ONE_IN);
    let others = others.map(|(text, _)| text).chain(products.en).chain(products.zh);
    asked.chain(others.map(|text| (text.clone(), lang_of(&text), MATTERS.len()))).collect()
}

/// Learns from the vectors of [`examples`], in their order; as bytes, for a file.
pub fn learn(examples: &[Example], vectors: &[Vec<f32>]) -> Vec<u8> {
    [reader::learn(examples, vectors, MATTERS.len()), fingerprint().to_vec()].concat()
}

fn fingerprint() -> [u8; FINGERPRINT] {
    digest(&[FILES.as_slice(), &[PRODUCTS]].concat())
}

static LEARNED: LazyLock<Option<Reader>> = LazyLock::new(|| Reader::of(&HEAD[..HEAD.len().checked_sub(FINGERPRINT)?], MATTERS.len()));

/// What a message with that meaning asks about; `None` for a vector of another encoder.
pub fn told(meaning: &[f32], lang: Lang) -> Option<Told> {
    let (shares, none) = LEARNED.as_ref()?.read(meaning, lang, 0.0)?;
    let mut matters: Vec<(&'static Matter, f32)> = MATTERS.iter().zip(shares).collect();
    matters.sort_by(|a, b| b.1.total_cmp(&a.1));
    Some(Told { none, matters })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_were_made_from_these_phrases() {
        assert!(LEARNED.is_some(), "assets/lexicon/services/e5-small.bin: run `daogou train services`");
        assert!(HEAD.ends_with(&fingerprint()), "the phrases have changed: run `daogou train services`");
    }

    #[test]
    fn every_matter_names_topics_that_there_are() {
        for service in MATTERS.iter() {
            assert!(!service.topics.is_empty() && service.zh.len() > 2 && service.en.len() > 2, "{service:?}");
            let unknown = service.topics.iter().find(|name| crate::turn::policy::names_no_topic(name));
            assert!(unknown.is_none(), "{unknown:?}");
        }
        assert!(told(&[1.0, 0.0], Lang::En).is_none(), "another encoder's vector");
    }
}
