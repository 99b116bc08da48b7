//! Hits in, counts of what divides them out.

use super::Hit;
use super::shelf::Shelf;
use crate::catalog::{Lang, Money};
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

const NAMES: [&str; 6] = ["category", "brand", "color", "size", "material", "person"];

/// Counts products, not variants: a product offered in two colours counts for both.
pub fn count(hits: &[Hit], shelf: &Shelf, lang: Lang) -> Vec<Facet> {
    let total: f32 = hits.iter().map(|hit| hit.score.max(0.0)).sum();
    let wanted = |hit: &Hit| if total > 0.0 { hit.score.max(0.0) / total } else { 1.0 / hits.len() as f32 };
    let mut facets: [Tally; NAMES.len()] = Default::default();
    for hit in hits {
        let (mut colors, mut sizes, mut materials): (Vec<&str>, Vec<&str>, Vec<&str>) = Default::default();
        for variant in shelf.variants(&hit.item) {
            colors.extend(variant.colors.iter().map(AsRef::as_ref));
            sizes.push(&variant.size);
            materials.extend(variant.materials.1.iter().map(AsRef::as_ref));
        }
        let (category, brand, person) = (hit.item.category(lang), &*hit.item.brand, wearer(&hit.item.age_group, &hit.item.gender));
        let values = [vec![category], vec![brand], colors, sizes, materials, vec![person]];
        facets.iter_mut().zip(values).for_each(|(facet, values)| facet.add(values, wanted(hit)));
    }
    let prices = Prices::of(hits);
    let mut priced = Tally::default();
    for hit in hits {
        let ranges: Vec<String> = shelf.variants(&hit.item).filter_map(|v| Some(prices.range(v.minor?))).collect();
        priced.add(ranges.iter().map(String::as_str).collect(), wanted(hit));
    }
    let most = |name: &str| if name == "category" { MOST_CATEGORIES } else { MOST_VALUES };
    NAMES
        .into_iter()
        .zip(facets)
        .map(|(name, tally)| Facet { name, gain: tally.gain(), values: ordered(tally.counts, most(name)) })
        .chain([Facet { name: "price", gain: priced.gain(), values: prices.ordered(&priced.counts) }])
        .collect()
}

/// Whom a product is made for: "kids", "male", "female"; nothing where that is anybody.
fn wearer(age_group: &str, gender: &str) -> &'static str {
    match (age_group, gender) {
        ("kids" | "toddler" | "infant" | "newborn", _) => "kids",
        (_, "male") => "male",
        (_, "female") => "female",
        _ => "",
    }
}

/// Ranges of price that part the results about equally, between round amounts.
struct Prices {
    /// Minor units.
    bounds: Vec<i64>,
    currency: String,
}

const RANGES: usize = 4;
/// Leading digits of a round amount, in tenths.
const ROUND: [i64; 9] = [10, 15, 20, 30, 40, 50, 60, 80, 100];

impl Prices {
    fn of(hits: &[Hit]) -> Self {
        let mut prices: Vec<i64> = hits.iter().filter_map(|hit| hit.item.minor).filter(|price| *price > 0).collect();
        prices.sort_unstable();
        let quantiles = (1..RANGES).filter_map(|n| prices.get(prices.len() * n / RANGES)).map(|price| round(*price));
        let mut bounds: Vec<i64> = quantiles.filter(|b| prices.first() < Some(b) && Some(b) < prices.last()).collect();
        bounds.dedup();
        let currency = hits.iter().find(|hit| hit.item.minor.is_some()).map_or_else(String::new, |hit| hit.item.currency.to_string());
        Self { bounds, currency }
    }

    /// "20-50": above 20, up to 50; open at an end: "-20", "50-".
    fn range(&self, price: i64) -> String {
        self.named(self.bounds.partition_point(|bound| *bound < price))
    }

    fn named(&self, n: usize) -> String {
        let amount = |bound: Option<&i64>| {
            let amount = bound.map(|b| Money::new(*b, &self.currency).amount()).unwrap_or_default();
            if amount.contains('.') { amount.trim_end_matches('0').trim_end_matches('.').to_owned() } else { amount }
        };
        format!("{}-{}", amount(n.checked_sub(1).and_then(|n| self.bounds.get(n))), amount(self.bounds.get(n)))
    }

    /// Cheapest first; nothing to choose from where all are in one.
    fn ordered(&self, counts: &HashMap<String, usize>) -> Vec<Count> {
        let all = (0..=self.bounds.len()).map(|n| self.named(n));
        let values: Vec<Count> = all.filter_map(|value| Some(Count { count: *counts.get(&value)?, value })).collect();
        if values.len() > 1 { values } else { Vec::new() }
    }
}

/// The nearest amount with one leading digit, or fifteen.
fn round(price: i64) -> i64 {
    let tenth = 10_i64.pow(price.max(1).ilog10()).max(10) / 10;
    ROUND.into_iter().map(|digits| digits * tenth).min_by_key(|amount| (amount - price).abs()).unwrap_or(price)
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
        // Plus nothing: a zero without a sign.
        (entropy - self.open).max(0.0) + 0.0
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
    fn price_ranges_have_round_ends() {
        assert_eq!([1_999, 14_890, 7, 104_000, 26_000].map(round), [2_000, 15_000, 10, 100_000, 30_000]);
        let prices = Prices { bounds: vec![2_000, 5_050], currency: "USD".to_owned() };
        assert_eq!([100, 2_000, 2_001, 9_900].map(|p| prices.range(p)), ["-20", "-20", "20-50.5", "50.5-"]);
        let counts = HashMap::from([("50.5-".to_owned(), 2), ("-20".to_owned(), 1)]);
        assert_eq!(prices.ordered(&counts).iter().map(|c| c.value.as_str()).collect::<Vec<_>>(), ["-20", "50.5-"]);
    }

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
