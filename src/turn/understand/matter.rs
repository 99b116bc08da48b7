//! A message's meaning in; the matters of service of `assets/lexicon/services` it may ask about, and how likely each, out. Pure.
//!
//! What asks about none is learned from questions about products too. The weights are in the program (`daogou train services` makes them).

use super::lexicon::parse;
use super::reader::{self, Class, Example, Reader, Told};
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

impl Class for Matter {
    fn phrases(&self, lang: Lang) -> &[String] {
        if lang == Lang::Zh { &self.zh } else { &self.en }
    }
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
/// How much commoner than any matter none is taken to be, in its logit: questions about products are among the phrases.
const COMMON: f32 = 0.0;

pub static MATTERS: LazyLock<Vec<Matter>> = LazyLock::new(|| FILES.iter().flat_map(|file| parse::<File>(file).service).collect());
static LEARNED: LazyLock<Option<Reader>> = LazyLock::new(|| Reader::of(HEAD, MATTERS.len()));

/// What is learned from.
pub fn examples() -> Vec<Example> {
    let products: Products = parse(PRODUCTS);
    reader::examples(&MATTERS, &MAY_ASK, [products.en, products.zh].concat())
}

/// Learns from the vectors of [`examples`], in their order; as bytes, for a file.
pub fn learn(examples: &[Example], vectors: &[Vec<f32>]) -> Vec<u8> {
    reader::learn(examples, vectors, MATTERS.len(), &texts())
}

fn texts() -> Vec<&'static str> {
    [FILES.as_slice(), &[PRODUCTS]].concat()
}

/// What a message with that meaning asks about; `None` for a vector of another encoder.
pub fn told(meaning: &[f32], lang: Lang) -> Option<Told<Matter>> {
    LEARNED.as_ref()?.read(&MATTERS, meaning, lang, COMMON)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::turn::understand::learned::digest;

    #[test]
    fn the_weights_were_made_from_these_phrases() {
        assert!(LEARNED.is_some(), "assets/lexicon/services/e5-small.bin: run `daogou train services`");
        assert!(HEAD.ends_with(&digest(&texts())), "the phrases have changed: run `daogou train services`");
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
