//! Products in, what they are made of out; a query in, the same without a material that most of its candidates leave unsaid.
//!
//! A filter on materials hides every product that does not state its own. So it applies only where products of the kind do; elsewhere
//! the material stays one of the search words.

use super::lexical::View;
use super::rank::allowed;
use super::shelf::Shelf;
use super::wording::Wording;
use super::{Filter, Query, Search};
use crate::catalog::{Lang, Product};
use crate::turn::understand::material::{stated_materials, states_material, titled_materials};
use crate::turn::understand::without_materials;
use std::sync::Arc;

/// Whether a product says what it is made of, and the materials that it or its title names.
pub type Materials = (bool, Vec<Arc<str>>);

/// Of the products that words find, so many are asked whether they state a material.
const WITNESSES: usize = 40;

/// Of its material, of details that are called so, and of its title.
pub fn of(product: &Product) -> (bool, Vec<&'static str>) {
    let (mut states, mut ids) = (false, Vec::new());
    let mut add = |more: Vec<&'static str>| {
        more.into_iter().for_each(|id| {
            if !ids.contains(&id) {
                ids.push(id)
            }
        })
    };
    for lang in [Lang::En, Lang::Zh] {
        let details = product.details(lang).iter().filter(|(name, _)| states_material(name)).map(|(_, value)| value.as_str());
        let stating: Vec<&str> = details.chain([product.material(lang)]).filter(|text| !text.trim().is_empty()).collect();
        states |= !stating.is_empty();
        // Read as one: a cotton shirt lined with polyester is not all cotton.
        add(stated_materials(&stating.join("; ")));
        add(titled_materials(product.title(lang)));
    }
    (states, ids)
}

impl Search {
    /// Drops the materials, but for those chosen from a menu, unless half of what the other words find says what it is made of.
    pub(super) fn keep_known_materials(&self, query: &mut Query, shelf: &Shelf, view: &View) -> anyhow::Result<()> {
        if query.filter.materials.is_empty() {
            return Ok(());
        }
        let kind = without_materials(&query.text);
        if kind.trim().is_empty() {
            self.keep_usual_materials(query);
            return Ok(());
        }
        let open = Filter { materials: query.chosen.materials.clone(), ..query.filter.clone() };
        let (wording, allowed) = (Wording::of(&kind, view), allowed(view, shelf, &open)?);
        let witnesses = |wording: &Wording| -> anyhow::Result<Vec<(u32, f32)>> {
            Ok(shelf.best_of_groups(&view.rank(wording, &allowed, WITNESSES * 4)?, WITNESSES))
        };
        // Synonyms name the same kind of thing; they are asked only where its own words are not.
        let mut best = witnesses(&wording.clone().without_synonyms())?;
        if best.len() < WITNESSES {
            best = witnesses(&wording)?;
        }
        let stating = best.iter().filter(|(ord, _)| shelf.item(*ord).is_some_and(|item| item.materials.0)).count();
        if stating == 0 || stating * 2 < best.len() {
            query.filter = open;
        }
        Ok(())
    }

    /// Where no words say what is looked for, half of the whole shelf must state a material.
    pub(super) fn keep_usual_materials(&self, query: &mut Query) {
        let shelf = self.shelf();
        let mut stating = shelf.columns().present.clone();
        shelf.columns().materials.keep(&mut stating, |(states, _)| *states);
        if stating.count() * 2 < shelf.len() {
            query.filter.materials.clone_from(&query.chosen.materials);
        }
    }
}
