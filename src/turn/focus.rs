//! A message and what was on the screen in; the products it is about out: by place, name, looks, or simply "it".

use super::Turn;
use super::cue::{CUES, any};
use super::kind::Kinds;
use super::named::{named, proper_names};
use super::understand::{Intent, Reference};
use crate::catalog::{Lang, ProductId};
use crate::search::segment::{is_stopword, segment};
use crate::search::{Filter, Item, Query, Shelf};
use std::collections::HashSet;
use std::sync::Arc;

/// A title that covers this share of a message's words is what the message names.
const NAMED: f32 = 0.95;
/// Products one name may stand for: it names none of many.
const MOST_NAMED: usize = 2;
/// Found products among which those of a kind are looked for.
const OF_A_KIND: usize = 20;
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

    /// The one product a message points at, before anything else is known of it: by place, by name, or the one at hand.
    pub(super) fn referred(&self) -> Option<Arc<Item>> {
        let named = self.by_place().into_iter().chain(self.by_name()).next();
        let bare = self.understanding.terms.trim().is_empty() && !self.understanding.names_a_position();
        named.or_else(|| self.at_hand().filter(|_| bare))
    }

    /// The products a message points at by place: the second, the first two, these.
    pub(super) fn by_place(&self) -> Vec<Arc<Item>> {
        let shelf = self.rooms.search.shelf();
        let text = &self.ask.text;
        // "The two dearest" are not the first two.
        if self.understanding.reference == Some(Reference::These) && self.understanding.sort.is_some() {
            return Vec::new();
        }
        if self.understanding.reference == Some(Reference::These) && self.memory.shown.len() > 1 {
            let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
            let counted = if says(&["三", " three"]) {
                3
            } else if says(&["两", " two", "both"]) {
                2
            } else {
                usize::MAX
            };
            let list = if self.memory.compared.len() > 1 { &self.memory.compared } else { &self.memory.shown };
            return list.iter().take(counted).filter_map(|id| shelf.get(id)).cloned().collect();
        }
        if self.understanding.reference == Some(Reference::These) {
            let lists = [&self.memory.compared, if self.memory.shown.is_empty() { &self.memory.recent } else { &self.memory.compared }];
            if let Some(list) = lists.into_iter().find(|list| list.len() > 1) {
                return list.iter().filter_map(|id| shelf.get(id)).cloned().collect();
            }
        }
        let places = self.understanding.positions(self.memory.shown.len());
        places.iter().filter_map(|n| shelf.get(&self.memory.shown[*n])).cloned().collect()
    }

    /// "Total for the tent and the bag?", "both together": what is to be added up; fewer than two when no sum is asked.
    pub(super) fn summed(&self, kinds: &Kinds, text: &str) -> Vec<Arc<Item>> {
        const SHORT: usize = 8;
        let bare = text.trim().chars().count() <= SHORT && !text.contains(['三', '四', '五']);
        let two = any(text, &CUES.both) || bare;
        if !asks_the_price(self.understanding.intent, text) || !any(text, &CUES.in_all) || (!two && kinds.said.len() < 2) {
            return Vec::new();
        }
        // "The first two together" are pointed at.
        if self.understanding.reference.as_ref().is_some_and(|r| *r != Reference::These) {
            return Vec::new();
        }
        let (shelf, memory, known) = (self.rooms.search.shelf(), &self.memory, self.known());
        if !kinds.is_empty() {
            // Of each the one talked of last.
            let titled = |item: &Item, word: &str| format!("{} {}", item.title, item.title_zh).to_lowercase().contains(word);
            let meant = |word: &String| known.iter().find(|item| Kinds::of(word).call(item) || titled(item, word)).cloned();
            let mut each: Vec<Arc<Item>> = kinds.said.iter().filter_map(meant).collect();
            each.dedup_by_key(|item| item.group);
            return each;
        }
        let list = |ids: &[ProductId]| distinct(&shelf, ids.iter());
        match (list(&memory.compared), list(&memory.shown)) {
            (compared, _) if compared.len() == 2 => compared,
            (_, shown) if shown.len() == 2 && memory.focus.is_none() => shown,
            (_, shown) if shown.len() > 2 && self.understanding.reference == Some(Reference::These) => shown,
            _ => self.last_two(),
        }
    }

    /// What is at hand, and what was at hand before it.
    fn last_two(&self) -> Vec<Arc<Item>> {
        let shelf = self.rooms.search.shelf();
        let Some(hand) = self.at_hand() else { return Vec::new() };
        let memory = &self.memory;
        let other = |id: &&ProductId| shelf.get(id).is_some_and(|item| item.group != hand.group);
        let before = memory.met.iter().rev().filter(other).find(|id| !memory.shown.contains(id));
        // Of a list, the first.
        let first = |id| memory.past.iter().rev().find(|need| need.shown.contains(id)).and_then(|need| need.shown.first()).unwrap_or(id);
        let before = before.map(first).or_else(|| memory.recent.iter().rev().find(other));
        let before = before.and_then(|id| shelf.get(id)).cloned();
        std::iter::once(hand).chain(before).collect()
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
    pub(super) async fn by_title(&self, message: &str) -> anyhow::Result<Vec<Arc<Item>>> {
        let mut found: Vec<Arc<Item>> = Vec::new();
        for name in proper_names(message).into_iter().take(MOST_NAMED) {
            let query = Query { text: name.clone(), lexical_only: true, limit: MOST_NAMED + 1, ..Query::default() };
            let hits = self.rooms.search.find(query).await?.hits;
            let titled: Vec<Arc<Item>> = hits.into_iter().filter(|h| h.signals.coverage.title >= NAMED).map(|h| h.item).collect();
            let titles: Vec<String> = titled.iter().map(|item| format!("{} | {}", item.title, item.title_zh)).collect();
            let called = named(&name, &titles);
            if called.len() <= MOST_NAMED {
                found.extend(called.into_iter().map(|place| titled[place].clone()));
            }
        }
        found.dedup_by_key(|item| item.group);
        Ok(found)
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
        // "Too pricey. Does the cheap one work with it?"
        let the_cheap = says(&["the cheap one", "the cheaper one", "the cheapest one", "便宜的那", "便宜那"]);
        if the_cheap || (says(CHEAP) && !self.understanding.wants_cheaper()) {
            return Ok(shown.iter().filter(|i| i.minor.is_some()).min_by_key(|i| i.minor).cloned());
        }
        if says(DEAR) {
            return Ok(shown.iter().max_by_key(|i| i.minor).cloned());
        }
        let filters = &self.understanding.filters;
        // "The white one in 38" is asked in 38; "the pair before, in 38" may be told by it.
        let sizes = if self.understanding.reference == Some(Reference::Described) { Vec::new() } else { filters.sizes.clone() };
        let looks = Filter {
            colors: filters.colors.clone(),
            sizes,
            gender: filters.gender.clone(),
            age_group: filters.age_group.clone(),
            ..Filter::default()
        };
        let wanted: HashSet<String> = segment(&in_digits(&self.understanding.terms)).into_iter().filter(|t| !is_stopword(t)).collect();
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

    /// "Does that seaweed have nuts?": of what was shown, the only one called so, when the one at hand is not.
    pub(super) fn called(&self) -> Option<Arc<Item>> {
        let hand = self.at_hand()?;
        let wanted: HashSet<String> = segment(&self.understanding.terms).into_iter().filter(|t| !is_stopword(t)).collect();
        let shared = |item: &Item| {
            let title: HashSet<String> = [&*item.title, &*item.title_zh].iter().flat_map(|t| segment(t)).collect();
            wanted.iter().filter(|word| title.contains(*word)).count()
        };
        let shelf = self.rooms.search.shelf();
        let shown = distinct(&shelf, self.memory.shown.iter());
        let most = shown.iter().map(|item| shared(item)).max().filter(|most| *most > shared(&hand))?;
        let mut called = shown.into_iter().filter(|item| shared(item) == most);
        let first = called.next();
        first.filter(|_| called.next().is_none())
    }

    /// "刚才那双": by its colour or size when they are named; else the product talked of last, or the first of the need before.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn earlier(&self) -> anyhow::Result<Option<Arc<Item>>> {
        if super::context::varies(&self.understanding.filters)
            && let Some(item) = self.by_looks().await?
        {
            return Ok(Some(item));
        }
        let shelf = self.rooms.search.shelf();
        let before = self.memory.past.last().and_then(|need| need.shown.first());
        Ok(self.memory.focus.as_ref().or(before).or(self.memory.shown.first()).and_then(|id| shelf.get(id)).cloned())
    }

    /// Everything this conversation has spoken of, each once, the nearest first.
    pub(super) fn known(&self) -> Vec<Arc<Item>> {
        let shelf = self.rooms.search.shelf();
        let memory = &self.memory;
        let ids = memory.focus.iter().chain(&memory.shown).chain(&memory.compared).chain(&self.ask.page).chain(memory.met.iter().rev());
        distinct(&shelf, ids)
    }

    /// The shop's products of the kind that a message names, the best first.
    ///
    /// # Errors
    /// When the index fails.
    pub(super) async fn best_of(&self, kinds: &Kinds) -> anyhow::Result<Vec<Arc<Item>>> {
        let query = Query { text: self.understanding.terms.clone(), limit: OF_A_KIND, ..Query::default() };
        let hits = self.rooms.search.find(query).await?.hits;
        Ok(hits.into_iter().map(|hit| hit.item).filter(|item| kinds.call(item)).collect())
    }

    /// Every variant of what the shopper has before them: on the list, talked of, on the page.
    pub(super) fn variants_at_hand(&self) -> Vec<Arc<Item>> {
        let shelf = self.rooms.search.shelf();
        let ids = self.memory.shown.iter().chain(&self.memory.focus).chain(&self.ask.page);
        ids.filter_map(|id| shelf.get(id)).flat_map(|item| shelf.variants(item)).cloned().collect()
    }

    /// Whether the message points at one product or several: it, the second one, the red one.
    pub(super) fn points(&self) -> bool {
        self.understanding.reference.as_ref().is_some_and(|r| !matches!(r, Reference::Earlier { one: false }))
    }
}

/// "The one for six": titles write the number in digits.
fn in_digits(words: &str) -> String {
    const NUMBERS: [(&str, &str); 9] =
        [("two", "2"), ("three", "3"), ("four", "4"), ("five", "5"), ("six", "6"), ("eight", "8"), ("ten", "10"), ("两", "2"), ("六", "6")];
    words
        .split_whitespace()
        .map(|w| NUMBERS.iter().find(|(said, _)| *said == w).map_or(w, |(_, digit)| digit))
        .collect::<Vec<_>>()
        .join(" ")
}

fn distinct<'a>(shelf: &Shelf, ids: impl Iterator<Item = &'a ProductId>) -> Vec<Arc<Item>> {
    let mut groups = HashSet::new();
    ids.filter_map(|id| shelf.get(id)).filter(|item| groups.insert(item.group)).cloned().collect()
}

/// Whether what something costs is asked.
fn asks_the_price(intent: Intent, text: &str) -> bool {
    let said =
        [" how much ", " pay ", " come to ", " comes to ", " total ", " cost ", " costs ", " price ", "多少", "总共", "总价", "合计"];
    intent == Intent::Price || said.iter().any(|words| text.contains(words))
}
