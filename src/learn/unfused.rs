//! Held-out products in; what is found without the fused embedding, and what it may weigh for words without a photo, out.

use crate::algebra::{add, dot, unit};
use crate::model::fusion::{Example, Said, Towers};
use serde::Serialize;
use std::collections::HashSet;

/// Titles whose pictures stand for what a title looks like.
const ALIKE: usize = 5;
/// What words without a photo may weigh, beside standard deviations in text.
const WEIGHTS: [f32; 4] = [0.0, 0.25, 0.5, 1.0];
/// How much nDCG must rise for a weight to be more than nothing.
const GAIN: f64 = 0.01;
const DEPTH: usize = 10;

/// As [`super::fusion::recalls`], with text and picture vectors alone: from a title to the taught products of the nearest titles, from
/// their pictures to the held-out ones most like them.
pub fn recalls_unfused(taught: &[Example], held: &[Example]) -> (f64, f64) {
    let titles: Vec<&[f32]> = taught.iter().map(|e| e.titles[0].vector.as_slice()).collect();
    let seen: Vec<&[f32]> = taught.iter().map(|e| e.traits.as_slice()).collect();
    let (mean, spread) = moments(&seen);
    let centred = |traits: &[f32]| unit(traits.iter().zip(&mean).zip(&spread).map(|((v, m), s)| (v - m) / s).collect());
    let pictures: Vec<Vec<f32>> = held.iter().map(|e| centred(&e.traits)).collect();
    let (mut first, mut ten) = (0_usize, 0_usize);
    for (n, asked) in held.iter().enumerate() {
        let mut near: Vec<(f32, usize)> = titles.iter().enumerate().map(|(at, t)| (dot(t, &asked.titles[0].vector), at)).collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut looks = vec![0.0; mean.len()];
        near.iter().take(ALIKE).for_each(|(_, at)| add(&mut looks, &centred(seen[*at])));
        let own = dot(&looks, &pictures[n]);
        let better = pictures.iter().filter(|other| dot(&looks, other) > own).count();
        first += usize::from(better == 0);
        ten += usize::from(better < DEPTH);
    }
    let share = |count: usize| count as f64 / held.len().max(1) as f64;
    (share(first), share(ten))
}

/// What words without a photo gain by the fused space.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Gain {
    pub weight: f32,
    /// nDCG@10 with this weight, and without the fused space.
    pub with: f64,
    pub without: f64,
}

/// Attributes as a shopper says them ("navy blue shirts men") are asked of the held-out products; those of the same category and colour
/// fit. Every second product is taken to have a picture and no text worth reading. The smallest weight within a hair of the best is
/// kept, and none where the best brings nothing.
pub fn weigh_words(towers: &Towers, held: &[Example]) -> anyhow::Result<Gain> {
    let poor: Vec<bool> = (0..held.len()).map(|n| n % 2 == 0).collect();
    let pictures = towers.pictures(&held.iter().map(|e| e.traits.as_slice()).collect::<Vec<_>>())?;
    let texts = towers.texts(&held.iter().map(|e| &e.titles[0]).collect::<Vec<_>>())?;
    let kinds = towers.kinds(&held.iter().map(|e| e.kinds).collect::<Vec<_>>())?;
    let whole = |n: usize| {
        let mut vector = pictures[n].clone();
        if !poor[n] {
            add(&mut vector, &texts[n]);
            add(&mut vector, &kinds[n]);
        }
        unit(vector)
    };
    let products: Vec<Vec<f32>> = (0..held.len()).map(whole).collect();
    let mut asked: HashSet<[u32; 2]> = HashSet::new();
    let needs: Vec<&Example> = held.iter().filter(|e| asked.insert([e.kinds[0], e.kinds[1]])).collect();
    let said = towers.texts(&needs.iter().map(|e| &e.sentence).collect::<Vec<&Said>>())?;
    let mut sums = [0.0_f64; WEIGHTS.len()];
    for (need, said) in needs.iter().zip(&said) {
        let text = deviations((0..held.len()).map(|n| (!poor[n]).then(|| dot(&need.sentence.vector, &held[n].titles[0].vector))));
        let fused = deviations(products.iter().map(|p| Some(dot(said, p))));
        for (sum, weight) in sums.iter_mut().zip(WEIGHTS) {
            let mut ranked: Vec<(f32, bool)> =
                (0..held.len()).map(|n| (text[n] + weight * fused[n], held[n].kinds[..2] == need.kinds[..2])).collect();
            ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
            *sum += ndcg(&ranked.into_iter().map(|(_, fits)| fits).collect::<Vec<_>>());
        }
    }
    let means = sums.map(|sum| sum / needs.len().max(1) as f64);
    let best = means.iter().copied().fold(0.0, f64::max);
    let at = means.iter().position(|mean| *mean >= best - GAIN).unwrap_or(0);
    Ok(Gain { weight: WEIGHTS[at], with: means[at], without: means[0] })
}

/// Mean and standard deviation of each dimension, the latter never nothing.
fn moments(rows: &[&[f32]]) -> (Vec<f32>, Vec<f32>) {
    let dim = rows.first().map_or(0, |row| row.len());
    let count = rows.len().max(1) as f32;
    let mean: Vec<f32> = (0..dim).map(|d| rows.iter().map(|row| row[d]).sum::<f32>() / count).collect();
    let spread = |d: usize| (rows.iter().map(|row| (row[d] - mean[d]).powi(2)).sum::<f32>() / count).sqrt().max(1e-3);
    let spread = (0..dim).map(spread).collect();
    (mean, spread)
}

/// Standard deviations above the mean of those that say something; nothing for the others.
fn deviations(values: impl Iterator<Item = Option<f32>>) -> Vec<f32> {
    let values: Vec<Option<f32>> = values.collect();
    let said: Vec<f32> = values.iter().flatten().copied().collect();
    let count = said.len().max(1) as f32;
    let mean = said.iter().sum::<f32>() / count;
    let spread = (said.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / count).sqrt().max(1e-6);
    values.into_iter().map(|v| v.map_or(0.0, |v| (v - mean) / spread)).collect()
}

/// nDCG@10 of a ranking in which each product fits or does not.
fn ndcg(fits: &[bool]) -> f64 {
    let gain = |at: usize| 1.0 / (at as f64 + 2.0).log2();
    let found: f64 = fits.iter().take(DEPTH).enumerate().filter(|(_, fits)| **fits).map(|(at, _)| gain(at)).sum();
    let best: f64 = (0..fits.iter().filter(|fits| **fits).count().min(DEPTH)).map(gain).sum();
    if best > 0.0 { found / best } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Titles and pictures that say the same in two spaces, or pictures that say something else.
    fn shop(pictures_tell: bool) -> Vec<Example> {
        let turned = |n: usize| if pictures_tell { n } else { n * 37 % 60 };
        let at = |n: usize| vec![(n as f32 * 0.05).cos(), (n as f32 * 0.05).sin()];
        let example = |n: usize| {
            let said = Said { vector: at(n), words: Vec::new() };
            Example { titles: vec![said.clone()], sentence: said, traits: at(turned(n)), kinds: [0; 4], title: n as u32 }
        };
        (0..60).map(example).collect()
    }

    #[test]
    fn titles_lead_to_pictures_where_like_titles_have_like_pictures() {
        let split = |tell: bool| shop(tell).into_iter().enumerate().partition::<Vec<_>, _>(|(n, _)| n % 3 > 0);
        let recalls = |tell: bool| {
            let (taught, held) = split(tell);
            recalls_unfused(&taught.into_iter().map(|e| e.1).collect::<Vec<_>>(), &held.into_iter().map(|e| e.1).collect::<Vec<_>>())
        };
        let (told, untold) = (recalls(true), recalls(false));
        assert!(told.1 > 0.9 && told.0 > untold.0 && told.1 > untold.1, "{told:?} {untold:?}");
    }

    #[test]
    fn a_ranking_is_best_when_what_fits_comes_first() {
        assert_eq!(ndcg(&[true, true, false]), 1.0);
        assert!(ndcg(&[false, true]) < 1.0 && ndcg(&[false; 4]) == 0.0);
        let said = deviations([Some(1.0), None, Some(3.0)].into_iter());
        assert!(said[1] == 0.0 && (said[2] - 1.0).abs() < 1e-5 && (said[0] + 1.0).abs() < 1e-5);
    }
}
