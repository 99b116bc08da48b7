//! Hits in, counts of what divides them out.

use super::Hit;
use super::shelf::Shelf;
use crate::catalog::Lang;
use serde::Serialize;
use std::collections::HashMap;

/// A dimension of the results with its commonest values.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Facet {
    pub name: &'static str,
    /// Bits that an answer to "which one?" tells about which of the results is wanted: their mutual information, each product
    /// wanted as its score says and each of its values named as often as the others (Cover & Thomas, section 2.3).
    pub gain: f32,
    pub values: Vec<Count>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Count {
    pub value: String,
    pub count: usize,
}

const MOST_VALUES: usize = 30;
/// A shop page draws its whole menu from them.
const MOST_CATEGORIES: usize = 500;

const NAMES: [&str; 4] = ["category", "brand", "color", "size"];

/// Counts products, not variants: a product offered in two colours counts for both.
pub fn count(hits: &[Hit], shelf: &Shelf, lang: Lang) -> Vec<Facet> {
    let total: f32 = hits.iter().map(|hit| hit.score.max(0.0)).sum();
    let wanted = |hit: &Hit| if total > 0.0 { hit.score.max(0.0) / total } else { 1.0 / hits.len() as f32 };
    let mut facets: [Tally; 4] = Default::default();
    for hit in hits {
        let (mut colors, mut sizes): (Vec<&str>, Vec<&str>) = Default::default();
        for variant in shelf.variants(&hit.item) {
            colors.extend(variant.colors.iter().map(AsRef::as_ref));
            sizes.push(&variant.size);
        }
        let values = [vec![hit.item.category(lang)], vec![&*hit.item.brand], colors, sizes];
        facets.iter_mut().zip(values).for_each(|(facet, values)| facet.add(values, wanted(hit)));
    }
    let most = |name: &str| if name == "category" { MOST_CATEGORIES } else { MOST_VALUES };
    NAMES
        .into_iter()
        .zip(facets)
        .map(|(name, tally)| Facet { name, gain: tally.gain(), values: ordered(tally.counts, most(name)) })
        .collect()
}

#[derive(Default)]
struct Tally {
    counts: HashMap<String, usize>,
    /// How probable each value is as an answer; the empty one stands for products that state none.
    answers: HashMap<String, f32>,
    /// Bits an answer leaves open because a product has several values.
    open: f32,
}

impl Tally {
    fn add(&mut self, mut values: Vec<&str>, wanted: f32) {
        values.retain(|value| !value.is_empty());
        values.sort_unstable();
        values.dedup();
        values.iter().for_each(|value| *self.counts.entry((*value).to_owned()).or_default() += 1);
        self.open += wanted * (values.len().max(1) as f32).log2();
        if values.is_empty() {
            values.push("");
        }
        let share = wanted / values.len() as f32;
        values.into_iter().for_each(|value| *self.answers.entry(value.to_owned()).or_default() += share);
    }

    fn gain(&self) -> f32 {
        let entropy: f32 = self.answers.values().filter(|p| **p > 0.0).map(|p| -p * p.log2()).sum();
        (entropy - self.open).max(0.0)
    }
}

fn ordered(counts: HashMap<String, usize>, most: usize) -> Vec<Count> {
    let mut values: Vec<Count> = counts.into_iter().map(|(value, count)| Count { value, count }).collect();
    values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    values.truncate(most);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_facet_that_halves_the_results_tells_one_bit() {
        let gain = |products: &[&[&str]]| {
            let mut tally = Tally::default();
            products.iter().for_each(|values| tally.add(values.to_vec(), 1.0 / products.len() as f32));
            tally.gain()
        };
        assert_eq!(gain(&[&["red"], &["red"], &["blue"], &["blue"]]), 1.0);
        assert_eq!(gain(&[&["red"], &["red"], &["red"], &["red"]]), 0.0);
        assert_eq!(gain(&[&["red"], &["blue"], &["green"], &[]]), 2.0);
        // Every product comes in both colours: the answer says nothing.
        assert_eq!(gain(&[&["red", "blue"], &["red", "blue"]]), 0.0);
    }
}
