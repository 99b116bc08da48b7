//! What a conversation carries from turn to turn. Data: stored as evidence, handed back with the next message, shown by
//! `daogou ask --json`.

use super::retrieve::Retrieved;
use super::understand::Filters;
use super::{Card, Turn};
use crate::catalog::ProductId;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// The need so far, in words.
    pub terms: String,
    pub filters: Filters,
    /// The products shown last, in order.
    pub shown: Vec<ProductId>,
    /// Everything shown for this need: "more" means others.
    pub seen: Vec<ProductId>,
    /// The product talked of last: what "it" means.
    pub focus: Option<ProductId>,
    /// The products put side by side last: what "those two" means.
    pub compared: Vec<ProductId>,
    /// Earlier needs, the latest last: what "back to the first ones" means.
    pub past: Vec<Need>,
    /// What was asked of the shopper for this need, by the name of the facet.
    pub asked: Vec<String>,
    /// Questions put to the shopper in a row.
    pub asking: u8,
    /// Somebody was in danger: nothing is sold until the shopper comes back to it.
    pub grave: bool,
    /// Whoever writes has said to be a child.
    pub minor: bool,
}

/// A need that was left for another one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Need {
    pub terms: String,
    pub filters: Filters,
    pub shown: Vec<ProductId>,
}

/// Needs a conversation can come back to.
const MOST_PAST: usize = 5;

impl Memory {
    /// Leaves the present need, so that the shopper can come back to it.
    fn leave(&mut self) {
        if self.terms.is_empty() || self.shown.is_empty() {
            return;
        }
        self.past.retain(|need| need.terms != self.terms);
        self.past.push(Need { terms: self.terms.clone(), filters: self.filters.clone(), shown: self.shown.clone() });
        let surplus = self.past.len().saturating_sub(MOST_PAST);
        self.past.drain(..surplus);
    }
}

impl Turn<'_> {
    /// Keeps what was looked for. A search that found nothing leaves the need as it was: the shopper's next words belong to that.
    pub(super) fn remember(&mut self, found: &Retrieved, cards: &[Card]) {
        let hits: Vec<_> = found.hits.iter().map(|h| json!({"id": h.item.id, "score": h.score, "signals": h.signals})).collect();
        self.note("query", json!({"terms": found.terms, "filters": found.filters, "relaxed": found.relaxed}));
        self.note("hits", hits.into());
        let memory = &mut self.memory;
        // What must not be in it holds whatever was found.
        memory.filters.allergies = found.filters.allergies.clone();
        if cards.is_empty() {
            return;
        }
        if found.is_new {
            memory.leave();
            memory.asked.clear();
        }
        if !self.understanding.wants_more() {
            memory.seen.clear();
        }
        memory.terms = found.terms.clone();
        memory.filters = found.filters.clone();
        memory.shown = cards.iter().map(|c| c.id.clone()).collect();
        memory.seen.extend(memory.shown.iter().cloned());
        memory.focus = None;
        memory.compared.clear();
    }
}
