//! What each signal says of a product in; one score out, as a sum of parts that can be shown. Pure.
//!
//! The score grows with every signal and never falls (weights are not negative), so a part can be read as a reason. The usual weights
//! were chosen on two judged catalogues together (docs/retrieval.md); a shop with judged queries of its own learns its own from them
//! (`learn::ranker`).

use serde::{Deserialize, Serialize};

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

/// The score's addends.
pub fn weigh(evidence: &Evidence, weights: &Parts) -> Parts {
    let open = 1.0 - evidence.settled.min(1.0);
    Parts {
        words: weights.words * evidence.words,
        coverage: weights.coverage * evidence.coverage.min(1.0),
        text: weights.text * open * evidence.text.unwrap_or(0.0),
        image: weights.image * (evidence.image.unwrap_or(0.0) + DESCRIBED * open * evidence.described.unwrap_or(0.0)),
        fused: weights.fused * evidence.fused.unwrap_or(0.0),
        richness: weights.richness * (1.0 + evidence.details as f32).ln() / 4.0,
    }
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
/// of six catalogues, asked of their own shop and of the others (docs/retrieval.md).
pub fn sold(title_coverage: f32, cosine: f32) -> f32 {
    1.0 / (1.0 + (-(3.32 * title_coverage + 44.39 * cosine - 39.77)).exp())
}

/// The same for a photo, from the cosine of its form and that of the product most like it: the slope of a logistic regression on 600
/// photos, asked of their own kind of shop and of another; placed for 5 % false alarms at most in either (docs/retrieval.md).
pub fn sold_as_shown(cosine: f32) -> f32 {
    1.0 / (1.0 + (-(28.45 * cosine - 13.05)).exp())
}

/// Below this probability a need counts as one the shop does not serve: 5 % false alarms on those catalogues.
pub const SOLD: f32 = 0.648;

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
            Evidence { fused: Some(1.0), ..low },
            Evidence { details: 9, ..low },
        ] {
            assert!(weigh(&high, &USUAL).sum() > parts.sum(), "{high:?}");
        }
        assert!(sold(1.0, 0.9) > 0.9 && sold(0.0, 0.8) < SOLD);
        assert!(sold_as_shown(0.49) > SOLD && sold_as_shown(0.47) < SOLD);
    }
}
