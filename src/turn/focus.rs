//! A message and what was on the screen in; the products it is about out: by place, name, looks, or simply "it".

use super::Turn;
use super::named::{has_name, named};
use super::understand::Reference;
use crate::catalog::{Lang, ProductId};
use crate::search::segment::{is_stopword, segment};
use crate::search::{Filter, Item, Query, Shelf};
use std::collections::HashSet;
use std::sync::Arc;

/// A title that covers this share of a message's words is what the message names.
const NAMED: f32 = 0.95;
/// Products one name may stand for: it names none of many.
const MOST_NAMED: usize = 2;
/// Words that tell one of the shown by its price.
const CHEAP: &[&str] = &["cheap", "cheaper", "cheapest", "便宜"];
const DEAR: &[&str] = &["expensive", "dearer", "pricier", "pricey", "贵"];

impl Turn<'_> {
    /// The product the shopper has before them: on the page, talked of last, or the first on the list.
    pub(super) fn at_hand(&self) -> Option<Arc<Item>> {
        let shelf = self.rooms.search.shelf();
        let id = self.memory.focus.as_ref().or(self.ask.page.as_ref()).or(self.memory.shown.first());
        id.and_then(|id| shelf.get(id)).cloned()
    }

    /// The products a message points at by place: the second, the first two, these.
    pub(super) fn by_place(&self) -> Vec<Arc<Item>> {
        let shelf = self.rooms.search.shelf();
        if self.understanding.reference == Some(Reference::These) && !self.memory.compared.is_empty() {
            return self.memory.compared.iter().filter_map(|id| shelf.get(id)).cloned().collect();
        }
        let places = self.understanding.positions(self.memory.shown.len());
        places.iter().filter_map(|n| shelf.get(&self.memory.shown[*n])).cloned().collect()
    }

    /// The products of this conversation that the message names.
    pub(super) fn by_name(&self) -> Vec<Arc<Item>> {
        let known = self.known();
        let titles: Vec<String> = known.iter().map(|item| format!("{} | {}", item.title, item.title_zh)).collect();
        let places = named(&self.ask.text, &titles);
        places.into_iter().map(|place| known[place].clone()).collect()
    }

    /// Products of the shop that a message names which no one has spoken of yet.
    ///
    /// # Errors
    /// When the index fails.
    pub(super) async fn by_title(&self, words: &str) -> anyhow::Result<Vec<Arc<Item>>> {
        if words.trim().is_empty() || !has_name(words) {
            return Ok(Vec::new());
        }
        let query = Query { text: words.to_owned(), lexical_only: true, limit: MOST_NAMED + 1, ..Query::default() };
        let hits = self.rooms.search.find(query).await?.hits;
        let mut found: Vec<Arc<Item>> = hits.into_iter().filter(|h| h.signals.coverage.title >= NAMED).map(|h| h.item).collect();
        let titles: Vec<String> = found.iter().map(|item| format!("{} | {}", item.title, item.title_zh)).collect();
        let called = named(words, &titles);
        found = called.into_iter().map(|place| found[place].clone()).collect();
        Ok(if found.len() > MOST_NAMED { Vec::new() } else { found })
    }

    /// "The red one", "the one with the hood", 贵的那个: of what was shown, the one its own page describes so.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn by_looks(&self) -> anyhow::Result<Option<Arc<Item>>> {
        let shelf = self.rooms.search.shelf();
        let shown: Vec<Arc<Item>> = self.memory.shown.iter().filter_map(|id| shelf.get(id)).cloned().collect();
        let text = self.ask.text.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|w| text.contains(w));
        if says(CHEAP) && !self.understanding.wants_cheaper() {
            return Ok(shown.iter().filter(|i| i.minor.is_some()).min_by_key(|i| i.minor).cloned());
        }
        if says(DEAR) {
            return Ok(shown.iter().max_by_key(|i| i.minor).cloned());
        }
        let filters = &self.understanding.filters;
        let looks = Filter { colors: filters.colors.clone(), gender: filters.gender.clone(), age_group: filters.age_group.clone(), ..Filter::default() };
        let wanted: HashSet<String> = segment(&self.understanding.terms).into_iter().filter(|t| !is_stopword(t)).collect();
        let mut best: Option<(usize, Arc<Item>)> = None;
        for item in self.known() {
            let Some(variant) = shelf.variants(&item).find(|v| looks.admits(v)) else { continue };
            let mut score = 2 * usize::from(!looks.is_empty());
            if !wanted.is_empty() {
                let Some(stored) = self.rooms.store.product(&item.id).await? else { continue };
                let page: HashSet<String> = [Lang::En, Lang::Zh].iter().flat_map(|lang| segment(&stored.product.page(*lang))).collect();
                let title: HashSet<String> = [&*item.title, &*item.title_zh].iter().flat_map(|t| segment(t)).collect();
                score += wanted.iter().map(|w| 2 * usize::from(title.contains(w)) + usize::from(page.contains(w))).sum::<usize>();
            }
            if score > best.as_ref().map_or(0, |(most, _)| *most) {
                best = Some((score, variant.clone()));
            }
        }
        Ok(best.map(|(_, item)| item))
    }

    /// "刚才那双": the product talked of before the present one, else the one talked of last.
    pub(super) fn earlier(&self) -> Option<Arc<Item>> {
        let shelf = self.rooms.search.shelf();
        let before = self.memory.past.last().and_then(|need| need.shown.first());
        self.memory.focus.as_ref().or(before).or(self.memory.shown.first()).and_then(|id| shelf.get(id)).cloned()
    }

    /// Everything this conversation has spoken of, each once, the nearest first.
    fn known(&self) -> Vec<Arc<Item>> {
        let shelf = self.rooms.search.shelf();
        let memory = &self.memory;
        let past = memory.past.iter().rev().flat_map(|need| &need.shown);
        let ids = memory.shown.iter().chain(&memory.focus).chain(&self.ask.page).chain(memory.seen.iter().rev()).chain(past);
        distinct(&shelf, ids)
    }

    /// Whether the message points at one product or several: it, the second one, the red one.
    pub(super) fn points(&self) -> bool {
        self.understanding.reference.as_ref().is_some_and(|r| !matches!(r, Reference::Earlier { one: false }))
    }
}

fn distinct<'a>(shelf: &Shelf, ids: impl Iterator<Item = &'a ProductId>) -> Vec<Arc<Item>> {
    let mut groups = HashSet::new();
    ids.filter_map(|id| shelf.get(id)).filter(|item| groups.insert(item.group)).cloned().collect()
}
