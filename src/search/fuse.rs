//! What each signal says of a product in; one score out, as a sum of parts that can be shown. Pure.
//!
//! The score grows with every signal and never falls (weights are not negative), so a part can be read as a reason. The usual weights
//! were chosen on two judged catalogues together (docs/retrieval.md); a shop with judged queries of its own learns its own from them
//! (`learn::ranker`). Signals that nobody has judged count by the places they give.

use super::{DEPTH, Signals};
use serde::{Deserialize, Serialize};

/// What makes one score of several signals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ranker {
    /// What each signal weighs.
    Weights(Parts),
    /// Reciprocal rank fusion: [`by_place`].
    Places,
}

/// What is known of one candidate; absent where a signal did not look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence {
    /// BM25 as a share of what the query's words could give together.
    pub words: f32,
    /// Share of the query's words that the product's text covers.
    pub coverage: f32,
    /// Standard deviations above the usual, of text, picture and learned embedding.
    pub text: Option<f32>,
    pub image: Option<f32>,
    pub fused: Option<f32>,
    /// As `image`, of the picture that words alone describe.
    pub described: Option<f32>,
    /// As `fused`, of words without a photo, times what that weighs beside `text`.
    pub worded: Option<f32>,
    /// How many details the product's page states.
    pub details: usize,
    /// Best coverage by a title in a language this product is written in: what words have settled, meaning need not.
    pub settled: f32,
}

/// One number for each signal: the score's addends, or what each of them weighs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parts {
    pub words: f32,
    pub coverage: f32,
    pub text: f32,
    pub image: f32,
    pub fused: f32,
    pub richness: f32,
}

/// None is negative: a signal never counts against a product.
pub const USUAL: Parts = Parts { words: 1.0, coverage: 0.5, text: 0.25, image: 0.5, fused: 0.5, richness: 0.04 };
/// What a picture that words describe counts for, as a share of one that was shown: it is no more than their meaning.
const DESCRIBED: f32 = 0.5;
/// The same of words in the learned embedding: their weight is one beside that of text.
const WORDED: f32 = USUAL.text / USUAL.fused;
/// A picture whose text says little is no witness against: so much stays open to it when other titles have settled the words.
const LEAST_OPEN: f32 = 0.25;

/// The score's addends.
pub fn weigh(evidence: &Evidence, weights: &Parts) -> Parts {
    let open = 1.0 - evidence.settled.min(1.0);
    Parts {
        words: weights.words * evidence.words,
        coverage: weights.coverage * evidence.coverage.min(1.0),
        text: weights.text * open * evidence.text.unwrap_or(0.0),
        image: weights.image * (evidence.image.unwrap_or(0.0) + DESCRIBED * open * evidence.described.unwrap_or(0.0)),
        fused: weights.fused * (evidence.fused.unwrap_or(0.0) + WORDED * open.max(LEAST_OPEN) * evidence.worded.unwrap_or(0.0)),
        richness: richness(evidence.details, weights),
    }
}

/// What so many details add, whatever is looked for.
pub fn richness(details: usize, weights: &Parts) -> f32 {
    weights.richness * (1.0 + details as f32).ln() / 4.0
}

/// What the first place counts for is 1 / 61; the value is that of Cormack, Clarke & Büttcher (2009).
pub const RRF_K: f32 = 60.0;

/// Reciprocal rank fusion: each candidate's addends are 1 / (60 + place), one for each signal that ranks it among its first
/// [`DEPTH`]. Who says as much has the same place. Nothing is weighed, so nothing has to be learned.
pub fn by_place(candidates: &[Signals]) -> Vec<Parts> {
    let reciprocal = |signal: fn(&Signals) -> Option<f32>| {
        let mut said: Vec<f32> = candidates.iter().filter_map(signal).collect();
        said.sort_by(|a, b| b.total_cmp(a));
        move |candidate: &Signals| {
            let value = signal(candidate)?;
            let better = said.partition_point(|other| other.total_cmp(&value).is_gt());
            (better < DEPTH).then(|| 1.0 / (RRF_K + 1.0 + better as f32))
        }
    };
    let (words, text) = (reciprocal(|s| s.lexical), reciprocal(|s| s.text));
    let (image, fused) = (reciprocal(|s| s.image), reciprocal(|s| s.fused));
    let parts = |s: &Signals| Parts {
        words: words(s).unwrap_or(0.0),
        text: text(s).unwrap_or(0.0),
        image: image(s).unwrap_or(0.0),
        fused: fused(s).unwrap_or(0.0),
        ..Parts::default()
    };
    candidates.iter().map(parts).collect()
}

impl Parts {
    pub fn sum(&self) -> f32 {
        self.list().iter().sum()
    }

    pub fn list(&self) -> [f32; 6] {
        [self.words, self.coverage, self.text, self.image, self.fused, self.richness]
    }

    pub fn of([words, coverage, text, image, fused, richness]: [f32; 6]) -> Self {
        Self { words, coverage, text, image, fused, richness }
    }
}

/// BM25 of a query whose every word a text of usual length holds once, for each unit of rarity: k1 + 1.
pub const FULL: f32 = 2.2;

/// The odds that the shop sells what is asked for, from the best product's title coverage and cosine: logistic regression on needs
/// of six catalogues, asked of their own shop and of the others, and Platt scaling on what `benches/sold.py` asks (docs/retrieval.md).
pub fn sold(title_coverage: f32, cosine: f32) -> f32 {
    1.0 / (1.0 + (-(8.47 * title_coverage + 113.2 * cosine - 101.6)).exp())
}

/// The same for a photo, from the cosine of its form and that of the product most like it: the slope of a logistic regression on 600
/// photos, asked of their own kind of shop and of another; placed for 5 % false alarms at most in either (docs/retrieval.md).
pub fn sold_as_shown(cosine: f32) -> f32 {
    1.0 / (1.0 + (-(28.45 * cosine - 13.66)).exp())
}

/// Below this probability a need counts as one the shop does not serve.
pub const SOLD: f32 = 0.5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_and_grow_with_every_signal() {
        let low = Evidence { words: 0.4, coverage: 0.5, text: Some(1.0), settled: 0.3, ..Evidence::default() };
        let parts = weigh(&low, &USUAL);
        assert!((parts.sum() - (parts.words + parts.coverage + parts.text + parts.richness)).abs() < 1e-6);
        for high in [
            Evidence { words: 0.5, ..low },
            Evidence { coverage: 0.9, ..low },
            Evidence { text: Some(2.0), ..low },
            Evidence { image: Some(1.0), ..low },
            Evidence { described: Some(1.0), ..low },
            Evidence { worded: Some(1.0), ..low },
            Evidence { fused: Some(1.0), ..low },
            Evidence { details: 9, ..low },
        ] {
            assert!(weigh(&high, &USUAL).sum() > parts.sum(), "{high:?}");
        }
        assert!(sold(1.0, 0.9) > 0.9 && sold(0.0, 0.85) < SOLD && sold(0.0, 0.91) > SOLD);
        assert!(sold_as_shown(0.49) > SOLD && sold_as_shown(0.47) < SOLD);
    }

    fn said(lexical: Option<f32>, text: Option<f32>, image: Option<f32>, fused: Option<f32>) -> Signals {
        Signals { lexical, text, image, fused, ..Signals::default() }
    }

    #[test]
    fn places_add_up_whatever_the_signals_are_measured_in() {
        let candidates = [
            said(Some(90.0), Some(-0.5), None, None),
            said(Some(12.0), Some(3.0), Some(1.0), None),
            said(None, Some(2.0), Some(4.0), Some(0.1)),
            said(Some(12.0), None, None, Some(0.1)),
        ];
        let at = |places: [u32; 4]| places.map(|place| if place == 0 { 0.0 } else { 1.0 / (60.0 + place as f32) });
        let places = [[1, 3, 0, 0], [2, 1, 2, 0], [0, 2, 1, 1], [2, 0, 0, 1]];
        for (parts, places) in by_place(&candidates).iter().zip(places) {
            let [words, text, image, fused] = at(places);
            assert_eq!(*parts, Parts { words, text, image, fused, ..Parts::default() });
            assert!((parts.sum() - (words + text + image + fused)).abs() < 1e-6);
        }
        // Three signals that place it well beat two that place it first.
        let scores: Vec<f32> = by_place(&candidates).iter().map(Parts::sum).collect();
        assert!(scores[2] > scores[1] && scores[1] > scores[3] && scores[3] > scores[0], "{scores:?}");
        assert!(by_place(&[]).is_empty() && by_place(&[Signals::default()])[0].sum() == 0.0);
    }

    #[test]
    fn a_place_grows_with_every_signal_and_ends_with_the_list() {
        let field: Vec<Signals> = (0..9_u8)
            .map(|n| {
                let v = Some(f32::from(n));
                said(v, v, v, v)
            })
            .collect();
        let score = |one: Signals| by_place(&[field.as_slice(), &[one]].concat())[9].sum();
        for value in (0..20_u8).map(|n| f32::from(n) / 2.0) {
            let (low, high) = (Some(value), Some(value + 0.5));
            let base = score(said(low, low, low, low));
            for more in [said(high, low, low, low), said(low, high, low, low), said(low, low, high, low), said(low, low, low, high)] {
                assert!(score(more) >= base, "{value}");
            }
            assert!(score(said(low, low, low, None)) < base, "{value}");
            assert!(value >= 8.0 || score(said(Some(value + 1.0), low, low, low)) > base, "{value}");
        }
        let long: Vec<Signals> = (0..DEPTH + 1).map(|n| said(Some(-(n as f32)), None, None, None)).collect();
        let last = by_place(&long).iter().map(Parts::sum).rev().take(2).collect::<Vec<_>>();
        assert_eq!(last, [0.0, 1.0 / (60.0 + DEPTH as f32)]);
    }
}
