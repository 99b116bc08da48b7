//! What filters read of every product, attribute by attribute: a value's place in the list of distinct values, by ordinal. A filter
//! judges each distinct value once and then only reads along.

use super::bitmap::Bitmap;
use super::shelf::Item;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

/// One attribute of all products.
#[derive(Clone, Debug)]
pub struct Column<T> {
    values: Vec<T>,
    places: HashMap<T, u32>,
    /// By ordinal: the place of its value.
    at: Vec<u32>,
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self { values: Vec::new(), places: HashMap::new(), at: Vec::new() }
    }
}

impl<T: Clone + Eq + Hash> Column<T> {
    fn set(&mut self, ord: usize, value: T) {
        let place = *self.places.entry(value).or_insert_with_key(|value| {
            self.values.push(value.clone());
            self.values.len() as u32 - 1
        });
        if self.at.len() <= ord {
            self.at.resize(ord + 1, 0);
        }
        self.at[ord] = place;
    }

    /// Leaves only products whose value `fits`.
    pub fn keep(&self, allowed: &mut Bitmap, fits: impl Fn(&T) -> bool) {
        let fits: Vec<bool> = self.values.iter().map(fits).collect();
        allowed.keep(|ord| fits[self.at[ord] as usize]);
    }
}

/// The columns of a shelf. Rows of products that have left stay, outside `present`.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    pub present: Bitmap,
    /// By ordinal: minor units.
    pub prices: Vec<Option<i64>>,
    pub stocked: Bitmap,
    pub groups: Vec<u32>,
    pub brands: Column<Arc<str>>,
    /// In English and in Chinese.
    pub categories: Column<[Arc<str>; 2]>,
    pub colors: Column<Vec<Arc<str>>>,
    pub sizes: Column<Box<str>>,
    /// Gender and age group.
    pub people: Column<[Arc<str>; 2]>,
    /// Of measures that any product ever stated.
    pub units: HashSet<Box<str>>,
}

impl Columns {
    pub fn put(&mut self, item: &Item) {
        let ord = item.ord as usize;
        self.present.grow(ord + 1);
        self.present.set(ord);
        self.stocked.grow(ord + 1);
        match item.in_stock() {
            true => self.stocked.set(ord),
            false => self.stocked.clear(ord),
        }
        if self.prices.len() <= ord {
            self.prices.resize(ord + 1, None);
            self.groups.resize(ord + 1, 0);
        }
        (self.prices[ord], self.groups[ord]) = (item.minor, item.group);
        self.brands.set(ord, item.brand.clone());
        self.categories.set(ord, [item.category.clone(), item.category_zh.clone()]);
        self.colors.set(ord, item.colors.clone());
        self.sizes.set(ord, item.size.clone());
        self.people.set(ord, [item.gender.clone(), item.age_group.clone()]);
        for measure in item.measures.iter().filter(|m| !self.units.contains(&m.unit)).collect::<Vec<_>>() {
            self.units.insert(measure.unit.clone());
        }
    }

    pub fn remove(&mut self, ord: usize) {
        self.present.clear(ord);
    }

    /// The groups that have a variant among `ords`.
    pub fn groups_of(&self, ords: &Bitmap, groups: usize) -> Bitmap {
        let mut found = Bitmap::zeros(groups);
        ords.each(|ord| found.set(self.groups[ord] as usize));
        found
    }
}
