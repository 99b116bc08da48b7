//! Hits in, counts of what divides them out.

use super::Hit;
use super::filter::made_for;
use super::shelf::Shelf;
use crate::catalog::{Lang, Money};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::HashMap;

/// A dimension of the results with its commonest values.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Facet {
    pub name: Cow<'static, str>,
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
    let prices = Prices::of(hits);
    let ranges = prices.ranges();
    let mut facets: [Tally; NAMES.len()] = Default::default();
    let mut priced = Tally::default();
    for hit in hits {
        let (mut colors, mut sizes, mut materials): (Vec<&str>, Vec<&str>, Vec<&str>) = Default::default();
        let mut within: Vec<&str> = Vec::new();
        for variant in shelf.variants(&hit.item) {
            colors.extend(variant.colors.iter().map(AsRef::as_ref));
            sizes.push(&variant.size);
            materials.extend(variant.materials.1.iter().map(AsRef::as_ref));
            within.extend(variant.minor.map(|price| ranges[prices.place(price)].as_str()));
        }
        let (category, brand, people) = (hit.item.category(lang), &*hit.item.brand, made_for(&hit.item.gender, &hit.item.age_group));
        let values = [vec![category], vec![brand], colors, sizes, materials, people.to_vec()];
        let wanted = wanted(hit, total, hits.len());
        facets.iter_mut().zip(values).for_each(|(facet, values)| facet.add(values, wanted));
        priced.add(within, wanted);
    }
    let most = |name: &str| if name == "category" { MOST_CATEGORIES } else { MOST_VALUES };
    NAMES
        .into_iter()
        .zip(facets)
        .map(|(name, tally)| Facet { name: name.into(), gain: tally.gain(), values: tally.ordered(most(name)) })
        .chain([Facet { name: "price".into(), gain: priced.gain(), values: priced.in_order(&ranges) }])
        .collect()
}

/// How probable it is that a hit is the one wanted: as its score says.
pub(super) fn wanted(hit: &Hit, total: f32, hits: usize) -> f32 {
    if total > 0.0 { hit.score.max(0.0) / total } else { 1.0 / hits as f32 }
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

    /// "20-50": above 20, up to 50; open at an end: "-20", "50-". Cheapest first.
    fn ranges(&self) -> Vec<String> {
        let amount = |bound: Option<&i64>| {
            let amount = bound.map(|b| Money::new(*b, &self.currency).amount()).unwrap_or_default();
            if amount.contains('.') { amount.trim_end_matches('0').trim_end_matches('.').to_owned() } else { amount }
        };
        let bound = |n: Option<usize>| amount(n.and_then(|n| self.bounds.get(n)));
        (0..=self.bounds.len()).map(|n| format!("{}-{}", bound(n.checked_sub(1)), bound(Some(n)))).collect()
    }

    /// In which of the ranges a price lies.
    fn place(&self, price: i64) -> usize {
        self.bounds.partition_point(|bound| *bound < price)
    }
}

/// The nearest amount with one leading digit, or fifteen.
fn round(price: i64) -> i64 {
    let tenth = 10_i64.pow(price.max(1).ilog10()).max(10) / 10;
    ROUND.into_iter().map(|digits| digits * tenth).min_by_key(|amount| (amount - price).abs()).unwrap_or(price)
}

/// Counts of one dimension's values.
#[derive(Default)]
pub(super) struct Tally<'a> {
    counts: HashMap<&'a str, usize>,
    /// How probable each value is as an answer; the empty one stands for products that state none.
    answers: HashMap<&'a str, f32>,
    /// Bits an answer leaves open because a product has several values.
    open: f32,
    /// Products that state a value.
    stating: usize,
}

impl<'a> Tally<'a> {
    pub fn add(&mut self, mut values: Vec<&'a str>, wanted: f32) {
        values.retain(|value| !value.is_empty());
        values.sort_unstable();
        values.dedup();
        values.iter().for_each(|value| *self.counts.entry(value).or_default() += 1);
        self.stating += usize::from(!values.is_empty());
        self.open += wanted * (values.len().max(1) as f32).log2();
        if values.is_empty() {
            values.push("");
        }
        let share = wanted / values.len() as f32;
        values.into_iter().for_each(|value| *self.answers.entry(value).or_default() += share);
    }

    pub fn gain(&self) -> f32 {
        let entropy: f32 = self.answers.values().filter(|p| **p > 0.0).map(|p| -p * p.log2()).sum();
        // Plus nothing: a zero without a sign.
        (entropy - self.open).max(0.0) + 0.0
    }

    /// Whether there is something to choose from: several values, and not almost each product its own.
    pub fn is_shared(&self, most: usize) -> bool {
        (2..=most).contains(&self.counts.len()) && self.counts.len() * 3 <= self.stating * 2
    }

    pub fn count(&self, value: &str) -> usize {
        self.counts.get(value).copied().unwrap_or(0)
    }

    /// The commonest first.
    pub fn ordered(&self, most: usize) -> Vec<Count> {
        let mut values: Vec<Count> = self.counts.iter().map(|(value, count)| Count { value: (*value).to_owned(), count: *count }).collect();
        values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        values.truncate(most);
        values
    }

    /// In the order given; nothing to choose from where all are in one.
    fn in_order(&self, values: &[String]) -> Vec<Count> {
        let counted = values.iter().filter_map(|value| Some(Count { count: *self.counts.get(value.as_str())?, value: value.clone() }));
        let values: Vec<Count> = counted.collect();
        if values.len() > 1 { values } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn price_ranges_have_round_ends() {
        assert_eq!([1_999, 14_890, 7, 104_000, 26_000].map(round), [2_000, 15_000, 10, 100_000, 30_000]);
        let prices = Prices { bounds: vec![2_000, 5_050], currency: "USD".to_owned() };
        let ranges = prices.ranges();
        assert_eq!([100, 2_000, 2_001, 9_900].map(|p| ranges[prices.place(p)].as_str()), ["-20", "-20", "20-50.5", "50.5-"]);
        let mut tally = Tally::default();
        ["50.5-", "-20", "50.5-"].into_iter().for_each(|range| tally.add(vec![range], 1.0));
        assert_eq!(tally.in_order(&ranges).iter().map(|c| c.value.as_str()).collect::<Vec<_>>(), ["-20", "50.5-"]);
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
