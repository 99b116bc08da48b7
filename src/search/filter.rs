//! Constraints in, the set of products that meet them out. Evaluated on the shelf before anything is ranked.

use super::bitmap::Bitmap;
use super::measure::meets;
use super::shelf::{Item, Shelf};
use crate::turn::understand::{Bound, Quantity};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Hard constraints; empty fields ask nothing. Texts compare without case. Prices are minor units of the shop's currency.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Filter {
    pub price_min: Option<i64>,
    pub price_max: Option<i64>,
    pub brands: Vec<String>,
    pub colors: Vec<String>,
    pub not_colors: Vec<String>,
    /// Any of these; applied where products of the kind state theirs ([`super::material`]).
    pub materials: Vec<String>,
    pub sizes: Vec<String>,
    /// Beginning of the category path, in either language.
    pub category: Option<String>,
    pub gender: Option<String>,
    pub age_group: Option<String>,
    pub in_stock: bool,
    /// Costs less than usually.
    pub on_sale: bool,
    /// Measures: limits that must be stated and met, others that must not be contradicted.
    pub quantities: Vec<Quantity>,
    /// Whom it is made for, chosen from a menu: as the facet tells it.
    pub person: Option<String>,
    /// Stated by name: one of the values of each.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// Words a product must not contain.
    pub not_terms: Vec<String>,
}

impl Filter {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Without what hardly any product states, unless it was chosen: a filter on it would only hide products, and its words are better
    /// looked for.
    #[must_use]
    pub fn answerable(&self, shelf: &Shelf, chosen: &Self) -> Self {
        let stated = shelf.stated();
        let mut filter = self.clone();
        if !stated.colors {
            filter.colors.clone_from(&chosen.colors);
        }
        if !stated.sizes {
            filter.sizes.clone_from(&chosen.sizes);
        }
        filter.quantities.retain(|wanted| wanted.bound == Bound::Exact || shelf.columns().units.contains(wanted.unit.as_str()));
        filter.gender = filter.gender.filter(|_| stated.people);
        filter.age_group = filter.age_group.filter(|_| stated.people);
        filter
    }

    /// The products that meet it. Each distinct value is judged once.
    pub fn evaluate(&self, shelf: &Shelf) -> Bitmap {
        let columns = shelf.columns();
        let mut allowed = columns.present.clone();
        if self.price_min.is_some() || self.price_max.is_some() {
            allowed.keep(|ord| self.affords(columns.prices[ord]));
        }
        if self.in_stock {
            allowed.keep(|ord| columns.stocked.contains(ord));
        }
        if !self.brands.is_empty() {
            columns.brands.keep(&mut allowed, |brand| self.likes_brand(brand));
        }
        if !self.colors.is_empty() || !self.not_colors.is_empty() {
            columns.colors.keep(&mut allowed, |colors| self.likes_colors(colors));
        }
        if !self.materials.is_empty() {
            columns.materials.keep(&mut allowed, |(_, materials)| self.likes_materials(materials));
        }
        if !self.sizes.is_empty() {
            columns.sizes.keep(&mut allowed, |size| self.likes_size(size));
        }
        if self.gender.is_some() || self.age_group.is_some() {
            columns.people.keep(&mut allowed, |[gender, age_group]| self.suits(gender, age_group));
        }
        if let Some(person) = &self.person {
            columns.people.keep(&mut allowed, |[gender, age_group]| made_for(gender, age_group).contains(&person.as_str()));
        }
        if self.category.is_some() {
            columns.categories.keep(&mut allowed, |paths| self.covers(paths.each_ref()));
        }
        if !self.attributes.is_empty() {
            allowed.keep(|ord| shelf.item(ord as u32).is_some_and(|item| self.likes_attributes(item)));
        }
        if self.on_sale {
            allowed.keep(|ord| shelf.item(ord as u32).is_some_and(|item| item.is_on_sale()));
        }
        if !self.quantities.is_empty() {
            allowed.keep(|ord| shelf.item(ord as u32).is_some_and(|item| self.measures_up(item)));
        }
        allowed
    }

    /// A product without a price meets no price limit; one without a stated gender or age suits everyone.
    pub fn admits(&self, item: &Item) -> bool {
        self.affords(item.minor)
            && (!self.in_stock || item.in_stock())
            && (!self.on_sale || item.is_on_sale())
            && self.likes_brand(&item.brand)
            && self.likes_colors(&item.colors)
            && self.likes_materials(&item.materials.1)
            && self.likes_size(&item.size)
            && self.suits(&item.gender, &item.age_group)
            && self.person.as_deref().is_none_or(|person| made_for(&item.gender, &item.age_group).contains(&person))
            && self.covers([&item.category, &item.category_zh])
            && self.likes_attributes(item)
            && self.measures_up(item)
    }

    fn affords(&self, price: Option<i64>) -> bool {
        self.price_min.is_none_or(|min| price.is_some_and(|p| p >= min)) && self.price_max.is_none_or(|max| price.is_some_and(|p| p <= max))
    }

    pub(super) fn likes_brand(&self, brand: &str) -> bool {
        self.brands.is_empty() || self.brands.iter().any(|b| b.eq_ignore_ascii_case(brand))
    }

    pub(super) fn likes_colors(&self, colors: &[Arc<str>]) -> bool {
        let among = |wanted: &[String]| wanted.iter().any(|w| colors.iter().any(|c| w.eq_ignore_ascii_case(c)));
        (self.colors.is_empty() || among(&self.colors)) && !among(&self.not_colors)
    }

    pub(super) fn likes_materials(&self, materials: &[Arc<str>]) -> bool {
        self.materials.is_empty() || self.materials.iter().any(|wanted| materials.iter().any(|own| **own == **wanted))
    }

    pub(super) fn likes_size(&self, size: &str) -> bool {
        self.sizes.is_empty() || self.sizes.iter().any(|s| same_size(s, size))
    }

    pub(super) fn suits(&self, gender: &str, age_group: &str) -> bool {
        let suits = |want: &Option<String>, has: &str| {
            want.as_deref().is_none_or(|w| has.is_empty() || has == "unisex" || w.eq_ignore_ascii_case(has))
        };
        suits(&self.gender, gender)
            && (suits(&self.age_group, age_group) || self.age_group.as_deref().is_some_and(|w| near_age(w, age_group)))
    }

    fn likes_attributes(&self, item: &Item) -> bool {
        self.attributes.iter().all(|(name, values)| item.states(name, values))
    }

    fn covers(&self, paths: [&Arc<str>; 2]) -> bool {
        self.category.as_deref().is_none_or(|c| paths.iter().any(|path| below(path, c)))
    }

    fn measures_up(&self, item: &Item) -> bool {
        self.quantities.iter().all(|wanted| meets(&item.measures, [&item.title, &item.title_zh], wanted))
    }
}

/// Of the facet "person": `kids` for any age of children, else `male`, `female` or both; nothing where the feed says nothing.
pub fn made_for(gender: &str, age_group: &str) -> &'static [&'static str] {
    match (age_group, gender) {
        (age, _) if CHILDREN.contains(&age) => &["kids"],
        (_, "male") => &["male"],
        (_, "female") => &["female"],
        (_, "unisex") => &["female", "male"],
        _ => &[],
    }
}

const CHILDREN: [&str; 4] = ["newborn", "infant", "toddler", "kids"];

/// Children's ages run into each other, and shops draw their lines differently: a raincoat for kids may fit a toddler.
fn near_age(a: &str, b: &str) -> bool {
    let place = |age: &str| CHILDREN.iter().position(|known| known.eq_ignore_ascii_case(age));
    place(a).zip(place(b)).is_some_and(|(a, b)| a.abs_diff(b) <= 1)
}

fn below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with(" >"))
}

/// "42", "EU 42" and "42码" are one size; "500ml" and "500 ml", "2XL" and "XXL" too. "US 9" is what says 9 and no system, or US 9.
fn same_size(a: &str, b: &str) -> bool {
    let system = |s: &str| ["us", "uk", "jp"].into_iter().find(|system| s.to_lowercase().starts_with(system));
    size_key(a) == size_key(b) && (system(a) == system(b) || system(a).is_none() || system(b).is_none())
}

/// What is left of a size without words, spaces and its system.
pub fn size_key(size: &str) -> String {
    let lower = size.to_lowercase();
    let bare = lower.trim_end_matches('码').trim_end_matches('号');
    let bare = ["size", "eu", "us", "uk", "jp"].iter().fold(bare, |rest, word| rest.strip_prefix(word).unwrap_or(rest).trim_start());
    let key: String = bare.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    match key.strip_suffix("xl").and_then(|times| times.parse::<usize>().ok()) {
        Some(times @ 1..=9) => format!("{}l", "x".repeat(times)),
        _ => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_paths_compare_as_people_do() {
        assert!(same_size("EU 42", "42") && same_size("42码", "42") && same_size("500ml", "500 ml") && !same_size("42", "43"));
        assert!(same_size("2XL", "XXL") && same_size("US 9.5", "9.5") && !same_size("US 9", "UK 9") && !same_size("XL", "L"));
        assert!(
            made_for("unisex", "infant") == ["kids"] && made_for("unisex", "") == ["female", "male"] && made_for("", "adult").is_empty()
        );
        assert!(near_age("toddler", "kids") && !near_age("infant", "kids") && !near_age("adult", "kids"));
        assert!(below("Footwear > Boots", "Footwear") && below("Footwear", "Footwear") && !below("Footwear", "Foot"));
    }
}
