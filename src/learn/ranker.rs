//! Judged queries in; what each signal weighs, out.
//!
//! LambdaRank (Burges, "From RankNet to LambdaRank to LambdaMART", 2010) over six features: of two products of one query the better
//! judged should score higher, the more so the more nDCG@10 their exchange would move. Weights are kept from falling below nothing, so
//! that every signal speaks for a product and none against it, and are drawn to those in use, so that few queries move them little.
//! They are promoted only when, on queries left out of the learning (five folds), they rank better than what is in use.

use crate::eval::metrics::ndcg_at_10;
use crate::search::fuse::Parts;
use serde::Serialize;

/// One query's candidates: what each signal says of it before weighing, and its grade.
pub struct Judged {
    pub candidates: Vec<([f32; FEATURES], i64)>,
    /// Grades of everything that was judged, found or not.
    pub ideal: Vec<i64>,
    /// nDCG@10 of what is in use, be it weights or places.
    pub before: f64,
}

#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub queries: usize,
    /// nDCG@10 over queries left out: of what is in use, and of learned weights.
    pub before: f64,
    pub learned: f64,
    pub weights: Parts,
    pub promoted: bool,
}

pub const FEATURES: usize = 6;
pub const FEWEST: usize = 20;
const FOLDS: usize = 5;
const STEPS: usize = 300;
const RATE: f32 = 0.02;
/// How strongly weights are drawn to those in use.
const TIE: f32 = 0.02;
/// Candidates of a query that are compared with one another.
const COMPARED: usize = 60;

/// Learns from all of them, beginning with `used`, and measures on each fold what the others taught.
pub fn learn(queries: &[Judged], used: Parts) -> Report {
    let mut learned = 0.0;
    for fold in 0..FOLDS {
        let part = |mine: bool| queries.iter().enumerate().filter(move |(n, _)| (n % FOLDS == fold) == mine).map(|(_, q)| q);
        let taught = fit(&part(false).collect::<Vec<_>>(), used);
        learned += part(true).map(|q| quality(q, &taught)).sum::<f64>();
    }
    let count = queries.len().max(1) as f64;
    let (before, learned) = (queries.iter().map(|q| q.before).sum::<f64>() / count, learned / count);
    let promoted = queries.len() >= FEWEST && learned > before;
    Report { queries: queries.len(), before, learned, weights: fit(&queries.iter().collect::<Vec<_>>(), used), promoted }
}

fn quality(query: &Judged, weights: &Parts) -> f64 {
    let order = ranked(query, weights);
    let grades: Vec<i64> = order.iter().map(|n| query.candidates[*n].1).collect();
    ndcg_at_10(&grades, &query.ideal).unwrap_or(0.0)
}

fn score(features: &[f32; FEATURES], weights: &Parts) -> f32 {
    features.iter().zip(weights.list()).map(|(f, w)| f * w).sum()
}

fn ranked(query: &Judged, weights: &Parts) -> Vec<usize> {
    let scores: Vec<f32> = query.candidates.iter().map(|(features, _)| score(features, weights)).collect();
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    order
}

/// Gradient ascent (Adam, Kingma & Ba 2015), projected onto weights that are not negative.
fn fit(queries: &[&Judged], used: Parts) -> Parts {
    let (start, mut weights) = (used.list(), used.list());
    let (mut mean, mut square) = ([0.0_f32; FEATURES], [0.0_f32; FEATURES]);
    for step in 1..=STEPS {
        let mut slope = [0.0_f32; FEATURES];
        for query in queries {
            add_slope(query, &Parts::of(weights), &mut slope);
        }
        for n in 0..FEATURES {
            let pull = slope[n] / queries.len().max(1) as f32 - TIE * (weights[n] - start[n]);
            mean[n] = 0.9 * mean[n] + 0.1 * pull;
            square[n] = 0.999 * square[n] + 0.001 * pull * pull;
            let (m, s) = (mean[n] / (1.0 - 0.9_f32.powi(step as i32)), square[n] / (1.0 - 0.999_f32.powi(step as i32)));
            weights[n] = (weights[n] + RATE * m / (s.sqrt() + 1e-8)).max(0.0);
        }
    }
    Parts::of(weights)
}

/// For each pair of different grades: how much more of each feature the better one should be given.
fn add_slope(query: &Judged, weights: &Parts, slope: &mut [f32; FEATURES]) {
    let mut ideal = query.ideal.clone();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let discount = |place: usize| if place < 10 { 1.0 / (place as f32 + 2.0).log2() } else { 0.0 };
    let best: f32 = ideal.iter().take(10).enumerate().map(|(n, g)| *g as f32 * discount(n)).sum();
    let order = ranked(query, weights);
    if best <= 0.0 {
        return;
    }
    let places: Vec<(usize, usize)> = order.into_iter().enumerate().take(COMPARED).collect();
    for (place, better) in &places {
        for (other, worse) in &places {
            let ((high, high_grade), (low, low_grade)) = (&query.candidates[*better], &query.candidates[*worse]);
            if high_grade <= low_grade {
                continue;
            }
            let moved = (high_grade - low_grade) as f32 * (discount(*place) - discount(*other)).abs() / best;
            let miss = 1.0 / (1.0 + (score(high, weights) - score(low, weights)).exp());
            slope.iter_mut().enumerate().for_each(|(n, s)| *s += moved * miss * (high[n] - low[n]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::fuse::USUAL;

    /// In this shop pictures tell, and words mislead.
    fn shop(queries: usize) -> Vec<Judged> {
        let query = |n: usize| {
            let candidate = |k: usize| {
                let good = k == (n * 7 + 3) % 12;
                let noise = ((n * 31 + k * 17) % 10) as f32 / 10.0;
                ([noise, noise, 0.0, if good { 0.6 } else { 0.3 }, 0.0, 0.0], i64::from(good))
            };
            let mut judged = Judged { candidates: (0..12).map(candidate).collect(), ideal: vec![1], before: 0.0 };
            judged.before = quality(&judged, &USUAL);
            judged
        };
        (0..queries).map(query).collect()
    }

    #[test]
    fn it_learns_what_tells_and_nothing_counts_against() {
        let report = learn(&shop(40), USUAL);
        assert!(report.promoted && report.learned > report.before + 0.2, "{report:?}");
        assert!(report.weights.image > report.weights.words, "{report:?}");
        assert!(report.weights.list().iter().all(|w| *w >= 0.0), "{report:?}");
        assert_eq!(learn(&shop(40), USUAL).weights, report.weights);
    }

    #[test]
    fn what_ranks_as_well_already_stays() {
        let perfect: Vec<Judged> = shop(40).into_iter().map(|judged| Judged { before: 1.0, ..judged }).collect();
        assert!(!learn(&perfect, USUAL).promoted);
    }

    #[test]
    fn too_few_queries_change_nothing() {
        assert!(!learn(&shop(5), USUAL).promoted);
        assert!(!learn(&[], USUAL).promoted);
    }
}
