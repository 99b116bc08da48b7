//! Ranks and judgements in, figures out. Pure.

use serde_json::{Value, json};

/// Discounted cumulative gain of the first ten with linear gains, as a share of the best possible (Järvelin & Kekäläinen 2002, as
/// trec_eval computes it); `None` for a query without a relevant product.
pub fn ndcg_at_10(ranked: &[i64], judged: &[i64]) -> Option<f64> {
    let gain = |grades: &[i64]| -> f64 { grades.iter().take(10).enumerate().map(|(n, g)| *g as f64 / (n as f64 + 2.0).log2()).sum() };
    let mut best = judged.to_vec();
    best.sort_unstable_by(|a, b| b.cmp(a));
    let ideal = gain(&best);
    (ideal > 0.0).then(|| gain(ranked) / ideal)
}

/// Mean with a 95 % bootstrap interval over what was measured (Efron & Tibshirani 1993; 2,000 resamples, seeded).
pub fn mean(values: &[f64]) -> Value {
    if values.is_empty() {
        return Value::Null;
    }
    let average = |pick: &mut dyn FnMut() -> usize| (0..values.len()).map(|_| values[pick()]).sum::<f64>() / values.len() as f64;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % values.len()
    };
    let mut means: Vec<f64> = (0..2_000).map(|_| average(&mut random)).collect();
    means.sort_by(f64::total_cmp);
    let round = |v: f64| (v * 1e4).round() / 1e4;
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    json!({"mean": round(mean), "low": round(means[50]), "high": round(means[1_949]), "n": values.len()})
}

/// 1 where it is true.
pub fn share(hits: impl IntoIterator<Item = bool>) -> Value {
    mean(&hits.into_iter().map(|h| f64::from(u8::from(h))).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_by_hand() {
        assert_eq!(ndcg_at_10(&[3, 0, 1], &[0, 0]), None);
        assert_eq!(ndcg_at_10(&[3, 1], &[1, 3]), Some(1.0));
        // (1 + 3 / log2 3) / (3 + 1 / log2 3)
        assert!((ndcg_at_10(&[1, 3], &[3, 1]).expect("relevant") - 0.796_7).abs() < 1e-3);
        let shares = share([true, false, true, true]);
        assert_eq!((shares["mean"].as_f64(), shares["n"].as_i64()), (Some(0.75), Some(4)));
        assert!(shares["low"].as_f64() < shares["high"].as_f64());
    }
}
