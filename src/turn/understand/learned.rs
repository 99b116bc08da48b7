//! In: a message, what the rules read in it, and its meaning when there is an encoder. Out: what is most likely asked. Pure.
//!
//! The classifier of `learn::intents` is trained from the phrases of `assets/intents` when it is first asked. What the rules found is
//! evidence to it like any word, so it learns where to believe them. Weights for the encoder's vectors are in the program
//! (`daogou train intents` makes them); with another encoder words decide alone.

use super::intent::{Deed, Intent, Refinement};
use super::lexicon::{self, parse};
use super::{Filters, Understanding};
use crate::learn::intents::{Evidence, Linear, learn_words, place, softmax, words};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What is told apart, in the order of the weights.
pub const LABELS: [&str; 28] = [
    "find",
    "refine",
    "compare",
    "detail",
    "availability",
    "price",
    "recommend",
    "gift",
    "size_fit",
    "policy",
    "order_status",
    "cancel",
    "change",
    "return",
    "exchange",
    "refund",
    "complaint",
    "human",
    "account",
    "buy",
    "review",
    "greeting",
    "thanks",
    "goodbye",
    "small_talk",
    "abuse",
    "emergency",
    "out_of_scope",
];

const PHRASES: [&str; 2] = [include_str!("../../../assets/intents/zh.toml"), include_str!("../../../assets/intents/en.toml")];

/// The encoder whose vectors [`HEAD`] weighs.
pub const HEAD_ENCODER: &str = "e5-small";
const HEAD: &[u8] = include_bytes!("../../../assets/intents/e5-small.bin");

/// What a message most likely asks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Guess {
    pub label: &'static str,
    /// Probability of that label, and of the next one.
    pub sure: f32,
    pub next: f32,
}

/// The likeliest label; `meaning` is the query vector of the whole message.
pub fn guess(text: &str, read: &Understanding, meaning: Option<&[f32]>) -> Guess {
    let mut logits = BY_WORDS.of_words(&evidence(text, read));
    if let Some((head, meaning)) = BY_MEANING.as_ref().zip(meaning) {
        logits.iter_mut().zip(head.of_meaning(meaning)).for_each(|(l, m)| *l += m);
    }
    logits.iter_mut().zip(PRIORS.iter()).for_each(|(l, prior)| *l -= EVEN * prior);
    // Two readers of one message are surer together than they are right.
    if meaning.is_some() {
        logits.iter_mut().for_each(|l| *l /= TEMPER);
    }
    let told = softmax(&logits);
    let mut order: Vec<usize> = (0..told.len()).collect();
    order.sort_by(|a, b| told[*b].total_cmp(&told[*a]));
    Guess { label: LABELS[order[0]], sure: told[order[0]], next: told[order[1]] }
}

/// The words of a message, and what the rules made of it.
pub fn evidence(text: &str, read: &Understanding) -> Vec<u32> {
    let mut places = words(text);
    let rule = format!("{:?}", read.intent);
    let reference = read.reference.as_ref().map_or_else(|| "none".to_owned(), |r| format!("{r:?}").chars().take(5).collect());
    let filters = &read.filters;
    let mut signs = vec![format!("rule {rule}"), format!("points {reference}")];
    signs.extend(lexicon::expansions(&read.terms).iter().any(|e| e.kind).then(|| "kind".to_owned()));
    signs.extend(read.terms.trim().is_empty().then(|| "no terms".to_owned()));
    signs.extend(read.recipient.is_some().then(|| "recipient".to_owned()));
    signs.extend(read.sort.is_some().then(|| "sort".to_owned()));
    signs.extend((!filters.colors.is_empty() || !filters.sizes.is_empty()).then(|| "variant".to_owned()));
    signs.extend((filters.price_max.is_some() || filters.price_min.is_some()).then(|| "limit".to_owned()));
    signs.extend((*filters != Filters::default()).then(|| "filter".to_owned()));
    for sign in &signs {
        // A few places each: a sign tells more than a word.
        places.extend((10..10 + SIGN_PLACES).map(|kind| place(kind, &[sign])));
    }
    places.sort_unstable();
    places.dedup();
    places
}

const SIGN_PLACES: u8 = 3;

/// The phrases to learn from, with the place of their label.
pub fn phrases() -> Vec<(String, usize)> {
    PHRASES.iter().flat_map(|file| labelled(file)).collect()
}

/// The phrases of a file of `assets/intents`, or of one like it.
pub fn labelled(toml: &str) -> Vec<(String, usize)> {
    #[derive(Deserialize)]
    struct Rows {
        phrases: Vec<String>,
    }
    let file: BTreeMap<String, Rows> = parse(toml);
    let label = |name: &str| LABELS.iter().position(|l| *l == name).expect("the phrases use the labels of this file");
    file.into_iter().flat_map(|(name, rows)| rows.phrases.into_iter().map(move |text| (text, label(&name)))).collect()
}

static BY_WORDS: LazyLock<Linear> = LazyLock::new(|| {
    let examples: Vec<(Evidence, usize)> = phrases()
        .into_iter()
        .map(|(text, label)| (Evidence { words: evidence(&text, &super::understand(&text)), meaning: Vec::new() }, label))
        .collect();
    learn_words(&examples, LABELS.len())
});

static BY_MEANING: LazyLock<Option<Linear>> = LazyLock::new(|| Linear::from_bytes(HEAD, LABELS.len()));

/// Softens what words and meaning say together (temperature scaling, Guo et al. 2017).
const TEMPER: f32 = 1.4;

/// How much of what more phrases of a label alone bring it is taken back: shoppers do not ask as often as phrases were written.
const EVEN: f32 = 0.4;

/// Log share of each label among the phrases, as a multiple of an even one (logit adjustment, Menon et al. 2021).
static PRIORS: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let phrases = phrases();
    let even = phrases.len() as f32 / LABELS.len() as f32;
    let count = |label: usize| phrases.iter().filter(|(_, l)| *l == label).count().max(1) as f32;
    (0..LABELS.len()).map(|label| (count(label) / even).ln()).collect()
});

/// Trains the word weights now, so that no shopper waits for it.
pub fn warm_up() {
    LazyLock::force(&BY_WORDS);
}

/// The intent a label stands for; `rules` keeps what it knows more exactly.
pub fn intent_of(label: &str, rules: Intent) -> Intent {
    match (label, rules) {
        ("refine", Intent::Refine(_)) => rules,
        ("refine", _) => Intent::Refine(Refinement::Same),
        ("compare", _) => Intent::Compare,
        ("detail", _) => Intent::Detail,
        ("size_fit", _) => Intent::SizeFit,
        ("availability", _) => Intent::Availability,
        ("price", _) => Intent::Price,
        ("recommend", _) => Intent::Recommend,
        ("gift", _) => Intent::Gift,
        ("policy", _) => Intent::Policy,
        ("order_status", _) => Intent::OrderStatus,
        ("cancel", _) => Intent::AfterSales(Deed::Cancel),
        ("change", _) => Intent::AfterSales(Deed::Change),
        ("return", _) => Intent::AfterSales(Deed::Return),
        ("exchange", _) => Intent::AfterSales(Deed::Exchange),
        ("refund", _) => Intent::AfterSales(Deed::Refund),
        ("complaint", _) => Intent::AfterSales(Deed::Complaint),
        ("human", _) => Intent::Human,
        ("account", _) => Intent::Account,
        ("buy", _) => Intent::Buy,
        ("review", _) => Intent::Review,
        ("greeting", _) => Intent::Greeting,
        ("thanks", _) => Intent::Thanks,
        ("goodbye", _) => Intent::Goodbye,
        ("small_talk", _) => Intent::SmallTalk,
        ("abuse", _) => Intent::Abuse,
        ("emergency", _) => Intent::Emergency,
        ("out_of_scope", _) => Intent::OutOfScope,
        _ => Intent::Find,
    }
}

/// The phrases in eight bytes, at the end of the weights made from them.
pub fn fingerprint() -> [u8; FINGERPRINT] {
    digest(&PHRASES)
}

pub(super) const FINGERPRINT: usize = 8;

/// Files of phrases in a few bytes.
pub(super) fn digest(files: &[&str]) -> [u8; FINGERPRINT] {
    use sha2::Digest;
    let digest = files.iter().fold(sha2::Sha256::new(), |digest, file| digest.chain_update(file)).finalize();
    std::array::from_fn(|n| digest[n])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::turn::understand::understand;

    #[test]
    fn every_label_is_taught_and_told() {
        let phrases = phrases();
        for (n, label) in LABELS.iter().enumerate() {
            assert!(phrases.iter().filter(|(_, l)| *l == n).count() >= 40, "{label}");
        }
        for (text, label) in [("where is my parcel?", "order_status"), ("我要取消订单", "cancel"), ("waterproof hiking boots", "find")]
        {
            assert_eq!(guess(text, &understand(text), None).label, label, "{text}");
        }
    }

    #[test]
    fn the_encoders_weights_were_made_from_these_phrases() {
        assert!(BY_MEANING.is_some(), "assets/intents/e5-small.bin: run `daogou train intents`");
        assert!(HEAD.ends_with(&fingerprint()), "the phrases have changed: run `daogou train intents`");
    }
}
