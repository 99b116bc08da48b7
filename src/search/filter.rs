//! Constraints in, the set of products that meet them out. Evaluated on the shelf before anything is ranked.

use super::measure::meets;
use super::shelf::{Item, Shelf};
use crate::turn::understand::{Bound, Quantity};
use serde::Serialize;

/// Hard constraints; empty fields ask nothing. Texts compare without case. Prices are minor units of the shop's currency.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Filter {
    pub price_min: Option<i64>,
    pub price_max: Option<i64>,
    pub brands: Vec<String>,
    pub colors: Vec<String>,
    pub not_colors: Vec<String>,
    pub sizes: Vec<String>,
    /// Beginning of the category path, in either language.
    pub category: Option<String>,
    pub gender: Option<String>,
    pub age_group: Option<String>,
    pub in_stock: bool,
    /// Measures: limits that must be stated and met, others that must not be contradicted.
    pub quantities: Vec<Quantity>,
    /// Words a product must not contain.
    pub not_terms: Vec<String>,
}

impl Filter {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Without what hardly any product states: a filter on it would only hide products, and its words are better looked for.
    #[must_use]
    pub fn answerable(&self, shelf: &Shelf) -> Self {
        let stated = shelf.stated();
        let mut filter = self.clone();
        if !stated.colors {
            filter.colors.clear();
        }
        if !stated.sizes {
            filter.sizes.clear();
        }
        filter.quantities.retain(|wanted| wanted.bound == Bound::Exact || stated.units.contains(wanted.unit.as_str()));
        filter.gender = filter.gender.filter(|_| stated.people);
        filter.age_group = filter.age_group.filter(|_| stated.people);
        filter
    }

    pub fn evaluate(&self, shelf: &Shelf) -> Bitmap {
        let mut allowed = Bitmap::zeros(shelf.items.len());
        for (ord, item) in shelf.items.iter().enumerate() {
            if item.as_ref().is_some_and(|item| self.admits(item)) {
                allowed.set(ord);
            }
        }
        allowed
    }

    /// A product without a price meets no price limit; one without a stated gender or age suits everyone.
    pub fn admits(&self, item: &Item) -> bool {
        let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
        let price = |ok: &dyn Fn(i64) -> bool| item.minor.is_some_and(ok);
        let suits = |want: &Option<String>, has: &str| want.as_deref().is_none_or(|w| has.is_empty() || has == "unisex" || same(has, w));
        self.price_min.is_none_or(|min| price(&|p| p >= min))
            && self.price_max.is_none_or(|max| price(&|p| p <= max))
            && (!self.in_stock || item.in_stock())
            && (self.brands.is_empty() || self.brands.iter().any(|b| same(b, &item.brand)))
            && (self.colors.is_empty() || self.colors.iter().any(|c| item.colors.iter().any(|i| same(c, i))))
            && !self.not_colors.iter().any(|c| item.colors.iter().any(|i| same(c, i)))
            && (self.sizes.is_empty() || self.sizes.iter().any(|s| same_size(s, &item.size)))
            && self.quantities.iter().all(|wanted| meets(&item.measures, [&item.title, &item.title_zh], wanted))
            && suits(&self.gender, &item.gender)
            && suits(&self.age_group, &item.age_group)
            && self.category.as_deref().is_none_or(|c| below(&item.category, c) || below(&item.category_zh, c))
    }
}

fn below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with(" >"))
}

/// "42", "EU 42" and "42码" are one size; "500ml" and "500 ml" too.
fn same_size(a: &str, b: &str) -> bool {
    let key = |s: &str| -> String {
        let lower = s.to_lowercase();
        let bare = lower.trim_start_matches("eu").trim_start_matches("size").trim_end_matches('码').trim_end_matches('号');
        bare.chars().filter(|c| !c.is_whitespace()).collect()
    };
    key(a) == key(b)
}

/// A set of product ordinals.
#[derive(Clone, Debug, Default)]
pub struct Bitmap {
    words: Vec<u64>,
}

impl Bitmap {
    pub fn zeros(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)] }
    }

    pub fn set(&mut self, n: usize) {
        if let Some(word) = self.words.get_mut(n / 64) {
            *word |= 1 << (n % 64);
        }
    }

    pub fn clear(&mut self, n: usize) {
        if let Some(word) = self.words.get_mut(n / 64) {
            *word &= !(1 << (n % 64));
        }
    }

    pub fn contains(&self, n: usize) -> bool {
        self.words.get(n / 64).is_some_and(|word| word >> (n % 64) & 1 == 1)
    }

    pub fn count(&self) -> usize {
        self.words.iter().map(|w| w.count_ones() as usize).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_paths_compare_as_people_do() {
        assert!(same_size("EU 42", "42") && same_size("42码", "42") && same_size("500ml", "500 ml") && !same_size("42", "43"));
        assert!(below("Footwear > Boots", "Footwear") && below("Footwear", "Footwear") && !below("Footwear", "Foot"));
    }
}
