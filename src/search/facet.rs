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

/// Counts products, not variants: a product offered in two colours counts for both.
pub fn count(hits: &[Hit], shelf: &Shelf, lang: Lang) -> Vec<Facet> {
    let mut counts: [HashMap<String, usize>; 4] = Default::default();
    let mut add = |n: usize, value: &str| {
        if !value.is_empty() {
            *counts[n].entry(value.to_owned()).or_default() += 1;
        }
    };
    for hit in hits {
        add(0, hit.item.category(lang));
        add(1, &hit.item.brand);
        let (mut colors, mut sizes): (Vec<&str>, Vec<&str>) = Default::default();
        for variant in shelf.variants(&hit.item) {
            colors.extend(variant.colors.iter().map(AsRef::as_ref));
            sizes.push(&variant.size);
        }
        for (n, mut values) in [(2, colors), (3, sizes)] {
            values.sort_unstable();
            values.dedup();
            values.iter().for_each(|v| add(n, v));
        }
    }
    ["category", "brand", "color", "size"]
        .into_iter()
        .zip(counts)
        .map(|(name, counts)| Facet { name, values: ordered(counts, if name == "category" { MOST_CATEGORIES } else { MOST_VALUES }) })
        .collect()
}

fn ordered(counts: HashMap<String, usize>, most: usize) -> Vec<Count> {
    let mut values: Vec<Count> = counts.into_iter().map(|(value, count)| Count { value, count }).collect();
    values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    values.truncate(most);
    values
}
