//! What filters read of every product, attribute by attribute: a value's place in the list of distinct values, by ordinal. A filter
//! judges each distinct value once and then only reads along.

use super::bitmap::Bitmap;
use super::brands::name_of;
use super::material::Materials;
use super::segment::is_chinese;
use super::shelf::Item;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

/// One attribute of all products.
#[derive(Clone, Debug)]
pub struct Column<T> {
    values: Vec<T>,
    places: HashMap<T, u32>,
    /// By ordinal: the place of its value, or none.
    at: Vec<u32>,
    /// By place: how many products have the value, or had it when they left.
    counts: Vec<usize>,
}

const NONE: u32 = u32::MAX;

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self { values: Vec::new(), places: HashMap::new(), at: Vec::new(), counts: Vec::new() }
    }
}

impl<T: Clone + Eq + Hash> Column<T> {
    fn set(&mut self, ord: usize, value: T) {
        let place = *self.places.entry(value).or_insert_with_key(|value| {
            self.values.push(value.clone());
            self.counts.push(0);
            self.values.len() as u32 - 1
        });
        if self.at.len() <= ord {
            self.at.resize(ord + 1, NONE);
        }
        let before = std::mem::replace(&mut self.at[ord], place);
        self.counts[place as usize] += 1;
        if before != NONE {
            self.counts[before as usize] -= 1;
        }
    }

    pub fn count(&self, value: &T) -> usize {
        self.places.get(value).map_or(0, |place| self.counts[*place as usize])
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
    /// As `name_of` makes them.
    brand_names: HashMap<String, Arc<str>>,
    chinese_brands: Vec<String>,
    /// In English and in Chinese.
    pub categories: Column<[Arc<str>; 2]>,
    pub colors: Column<Vec<Arc<str>>>,
    pub materials: Column<Materials>,
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
        // The first product of a brand makes its name known.
        if self.brands.count(&item.brand) == 1 && !item.brand.is_empty() {
            let name = name_of(&item.brand);
            if !self.brand_names.contains_key(&name) && is_chinese(&name) {
                self.chinese_brands.push(name.clone());
            }
            self.brand_names.insert(name, item.brand.clone());
        }
        self.categories.set(ord, [item.category.clone(), item.category_zh.clone()]);
        self.colors.set(ord, item.colors.clone());
        self.materials.set(ord, item.materials.clone());
        self.sizes.set(ord, item.size.clone());
        self.people.set(ord, [item.gender.clone(), item.age_group.clone()]);
        for measure in item.measures.iter().filter(|m| !self.units.contains(&m.unit)).collect::<Vec<_>>() {
            self.units.insert(measure.unit.clone());
        }
    }

    /// The brand of this name, made by `name_of`.
    pub fn brand(&self, name: &str) -> Option<Arc<str>> {
        self.brand_names.get(name).cloned()
    }

    /// Chinese names with their brands.
    pub fn chinese_brands(&self) -> impl Iterator<Item = (&str, &Arc<str>)> {
        self.chinese_brands.iter().filter_map(|name| Some((name.as_str(), self.brand_names.get(name)?)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_counted_once_for_each_product() {
        let mut column = Column::default();
        for (ord, brand) in [(0, "Acme"), (2, "Acme"), (2, "Acme"), (0, "Bolt")] {
            column.set(ord, brand);
        }
        assert_eq!((column.count(&"Acme"), column.count(&"Bolt"), column.count(&"Core")), (1, 1, 0));
        let mut allowed = Bitmap::zeros(3);
        [0, 2].into_iter().for_each(|ord| allowed.set(ord));
        column.keep(&mut allowed, |brand| *brand == "Acme");
        assert!(!allowed.contains(0) && allowed.contains(2));
    }
}
