//! Examples in, batches with hard negatives out: beside products drawn at random, ones that are hard to tell from them.

use super::Example;
use crate::algebra::dot;
use crate::model::random::Random;
use std::collections::{HashMap, HashSet};

/// Share of a batch that is nearest in text to the rest of it.
const HARD: f32 = 0.25;
/// Of how many products of its category a product's rivals are the nearest.
const MET: usize = 200;
const RIVALS: usize = 8;

/// How many of a batch are drawn at random.
pub fn anchors_of(batch: usize) -> usize {
    (batch - (batch as f32 * HARD) as usize).max(1)
}

/// For each product those of its category, and of another title, whose titles are nearest.
pub fn rivals(examples: &[Example], random: &mut Random) -> Vec<Vec<usize>> {
    let mut categories: HashMap<u32, Vec<usize>> = HashMap::new();
    examples.iter().enumerate().for_each(|(n, e)| categories.entry(e.kinds[0]).or_default().push(n));
    let near = |(n, own): (usize, &Example)| {
        let category = &categories[&own.kinds[0]];
        let from = random.below(category.len());
        let met = category.iter().cycle().skip(from).take(MET.min(category.len()));
        let others = met.filter(|other| **other != n && examples[**other].title != own.title);
        let mut others: Vec<(f32, usize)> =
            others.map(|other| (dot(&own.titles[0].vector, &examples[*other].titles[0].vector), *other)).collect();
        others.sort_by(|a, b| b.0.total_cmp(&a.0));
        others.into_iter().take(RIVALS).map(|(_, other)| other).collect()
    };
    examples.iter().enumerate().map(near).collect()
}

/// The anchors, and rivals of some of them, none twice, up to `size`.
pub fn batch_of(anchors: &[usize], size: usize, rivals: &[Vec<usize>], random: &mut Random) -> Vec<usize> {
    let mut rows = anchors.to_vec();
    let mut taken: HashSet<usize> = anchors.iter().copied().collect();
    for anchor in anchors {
        if rows.len() >= size {
            break;
        }
        let own = &rivals[*anchor];
        if let Some(rival) = own.get(random.below(own.len().max(1))).filter(|rival| taken.insert(**rival)) {
            rows.push(*rival);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fusion::Said;

    #[test]
    fn a_rival_is_of_the_same_category_and_near_in_text() {
        let example = |n: usize| {
            let angle = n as f32 * 0.1;
            let said = Said { vector: vec![angle.cos(), angle.sin()], words: Vec::new() };
            Example { titles: vec![said.clone()], sentence: said, kinds: [n as u32 % 2, 0, 0, 0], title: n as u32, ..Example::default() }
        };
        let examples: Vec<Example> = (0..60).map(example).collect();
        let mut random = Random::new(1);
        let rivals = rivals(&examples, &mut random);
        assert_eq!((rivals[20].len(), rivals[20][0].abs_diff(20)), (RIVALS, 2));
        assert!(rivals.iter().enumerate().all(|(n, own)| own.iter().all(|r| r % 2 == n % 2 && *r != n)));
        let anchors: Vec<usize> = (0..anchors_of(16)).collect();
        let batch = batch_of(&anchors, 16, &rivals, &mut random);
        let different: HashSet<&usize> = batch.iter().collect();
        assert!(anchors.len() == 12 && batch.len() > 12 && batch.len() <= 16 && different.len() == batch.len());
    }
}
