//! Products in, what each states of itself by name and value ("lock: number lock") out; hits in, the attributes that divide them out.
//!
//! Only what can stand in a menu: short, and no facet of its own such as colour or brand.

use super::Hit;
use super::facet::{Count, Facet, Tally, wanted};
use super::shelf::{Item, Shelf};
use crate::catalog::{Lang, Product};
use crate::turn::understand::material::states_material;
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attribute {
    /// One copy of each on a shelf.
    pub name: Arc<str>,
    pub value: Box<str>,
}

/// Letters of a name or value; what is longer is a sentence.
const LONGEST: usize = 32;
/// Facets of their own, beside colour and material.
const FACETS: [&str; 12] = ["category", "brand", "size", "gender", "age group", "price", "类别", "品牌", "尺码", "尺寸", "性别", "价格"];
/// Fewer hits need no menu.
const FEWEST: usize = 3;
/// What scores less beside the best is not what is looked for.
const NEAR: f32 = 0.5;
const MOST_VALUES: usize = 30;
const MOST_ATTRIBUTES: usize = 6;

/// Names and values as its page states them in one language; nothing where that language has none of its own.
pub fn of(product: &Product, lang: Lang) -> impl Iterator<Item = (&str, &str)> {
    let details = match lang {
        Lang::En => product.text.details.as_slice(),
        Lang::Zh => product.localized.get(lang.code()).map_or(&[][..], |text| &text.details),
    };
    let short = |text: &str| !text.is_empty() && text.chars().count() <= LONGEST;
    let pairs = details.iter().map(|(name, value)| (name.trim(), value.trim()));
    let facet = |name: &str| FACETS.iter().any(|own| name.eq_ignore_ascii_case(own)) || states_colour(name) || states_material(name);
    pairs.filter(move |(name, value)| short(name) && short(value) && !facet(name))
}

/// Whether a detail of this name tells the product's colour.
pub fn states_colour(name: &str) -> bool {
    let name = name.to_lowercase();
    name.contains("colour") || name.contains("color") || name.contains('色')
}

/// The attributes that half of the better hits state and whose values are shared, the most telling first. Counts products, all of them.
pub fn facets(hits: &[Hit], shelf: &Shelf, lang: Lang) -> Vec<Facet> {
    let best = hits.iter().map(|hit| hit.score).fold(0.0, f32::max);
    let better: Vec<&Hit> = hits.iter().filter(|hit| hit.score >= best * NEAR).collect();
    if better.len() < FEWEST {
        return Vec::new();
    }
    let names = usual_names(&better, lang);
    let total: f32 = better.iter().map(|hit| hit.score).sum();
    let mut tallies: Vec<[Tally; 2]> = names.iter().map(|_| Default::default()).collect();
    for hit in hits {
        let mut values: Vec<Vec<&str>> = vec![Vec::new(); names.len()];
        for attribute in shelf.variants(&hit.item).flat_map(|variant| variant.attributes(lang)) {
            if let Some(at) = names.iter().position(|name| Arc::ptr_eq(name, &attribute.name)) {
                values[at].push(&attribute.value);
            }
        }
        for ([among_better, among_all], values) in tallies.iter_mut().zip(values) {
            if hit.score >= best * NEAR {
                among_better.add(values.clone(), wanted(hit, total, better.len()));
            }
            among_all.add(values, 0.0);
        }
    }
    let told = names.iter().zip(&tallies).filter(|(_, [better, _])| better.is_shared(MOST_VALUES));
    let mut facets: Vec<Facet> = told
        .map(|(name, [better, all])| {
            let values = better.ordered(MOST_VALUES).into_iter().map(|own| Count { count: all.count(&own.value), ..own }).collect();
            Facet { name: name.to_string().into(), gain: better.gain(), values }
        })
        .collect();
    facets.sort_by(|a, b| b.gain.total_cmp(&a.gain));
    facets.truncate(MOST_ATTRIBUTES);
    facets
}

/// Names that half of the hits state, in the order of their letters.
fn usual_names(hits: &[&Hit], lang: Lang) -> Vec<Arc<str>> {
    let mut counts: HashMap<&Arc<str>, (usize, usize)> = HashMap::new();
    for (n, hit) in hits.iter().enumerate() {
        for attribute in hit.item.attributes(lang) {
            let (count, last) = counts.entry(&attribute.name).or_insert((0, usize::MAX));
            // A name that a product states twice counts once.
            if *last != n {
                (*count, *last) = (*count + 1, n);
            }
        }
    }
    let mut names: Vec<Arc<str>> =
        counts.into_iter().filter(|(_, (count, _))| count * 2 >= hits.len()).map(|(name, _)| name.clone()).collect();
    names.sort_unstable();
    names
}

impl Item {
    /// In the language asked for, or in the one it is written in.
    pub fn attributes(&self, lang: Lang) -> &[Arc<Attribute>] {
        let [english, chinese] = &self.stated;
        if lang == Lang::Zh && !chinese.is_empty() { chinese } else { english }
    }

    /// Whether it states, in either language, one of the values under the name.
    pub fn states(&self, name: &str, values: &[String]) -> bool {
        let same = |own: &str, wanted: &str| own.eq_ignore_ascii_case(wanted);
        self.stated.iter().flatten().any(|own| same(&own.name, name) && values.iter().any(|value| same(&own.value, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Signals;
    use crate::search::fuse::Parts;
    use crate::store::catalog::Stored;

    fn shelf(details: &[&[(&str, &str)]]) -> (Shelf, Vec<Hit>) {
        let mut shelf = Shelf::default();
        for (ord, details) in details.iter().enumerate() {
            let mut product = Product { id: ord.to_string(), group: ord.to_string(), ..Product::default() };
            product.text.details = details.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            shelf.apply(&Stored { ord: ord as i64, revision: 1, gone: false, product });
        }
        let hit = |item: &Arc<Item>| Hit { item: item.clone(), score: 1.0, signals: Signals::default(), parts: Parts::default() };
        let hits = shelf.items.iter().flatten().map(hit).collect();
        (shelf, hits)
    }

    #[test]
    fn attributes_that_products_share_divide_them() {
        let (shelf, hits) = shelf(&[
            &[("lock", "key"), ("weight", "1 kg"), ("colour", "red"), ("warranty", "1 year")],
            &[("lock", "key"), ("weight", "2 kg"), ("colour", "red"), ("warranty", "1 year")],
            &[("lock", "number"), ("weight", "3 kg"), ("rare", "yes"), ("warranty", "1 year")],
            &[("lock", "number"), ("weight", "4 kg"), ("note", "so long a remark that nobody would choose it"), ("warranty", "1 year")],
        ]);
        let facets = facets(&hits, &shelf, Lang::En);
        // One value for all divides nothing, a value for each is no menu, and a colour is a facet of its own.
        assert_eq!(facets.iter().map(|f| (&*f.name, f.gain)).collect::<Vec<_>>(), [("lock", 1.0)]);
        assert_eq!(facets[0].values.iter().map(|v| (v.value.as_str(), v.count)).collect::<Vec<_>>(), [("key", 2), ("number", 2)]);
        assert!(hits[0].item.states("Lock", &["none".to_owned(), "Key".to_owned()]) && !hits[2].item.states("lock", &["key".to_owned()]));
    }
}
