//! What a conversation carries from turn to turn. Data: stored as evidence, handed back with the next message, shown by
//! `daogou ask --json`.

use super::retrieve::Retrieved;
use super::understand::Filters;
use super::{Card, Turn};
use crate::catalog::{Lang, ProductId};
use crate::errand::Errands;
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
    /// The products talked of one by one, the latest last: what "those two" means where no list is shown.
    pub recent: Vec<ProductId>,
    /// Products recommended already, the latest last: what was said of them is not said again.
    pub advised: Vec<ProductId>,
    /// The page the shopper was on.
    pub page: Option<ProductId>,
    /// The last question about a product: what "and the second one?" asks again.
    pub question: String,
    /// The last question that a rule of the shop answered, while nothing else is talked of: "what about furniture?" asks it again.
    pub rule: String,
    /// Everything shown in this conversation, the latest last.
    pub met: Vec<ProductId>,
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
    /// It was somebody who spoke of ending their life.
    pub despair: bool,
    /// Whoever writes has said to be a child.
    pub minor: bool,
    /// An animal was spoken of, and nothing for people since.
    pub pet: bool,
    /// What was asked for last is for adults only.
    pub withheld: bool,
    /// The language of the message before.
    pub lang: Option<Lang>,
    /// Who the shopper is, and what is to be done to their orders.
    pub errands: Errands,
}

/// A need that was left for another one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Need {
    pub terms: String,
    pub filters: Filters,
    pub shown: Vec<ProductId>,
}

/// Needs a conversation can come back to.
const MOST_PAST: usize = 8;
const MOST_RECENT: usize = 3;
/// Products a name or a colour is looked for among.
const MOST_MET: usize = 60;

impl Memory {
    /// Talks of one product.
    pub fn look_at(&mut self, id: &ProductId) {
        self.rule.clear();
        self.focus = Some(id.clone());
        self.recent.retain(|other| other != id);
        self.recent.push(id.clone());
        let surplus = self.recent.len().saturating_sub(MOST_RECENT);
        self.recent.drain(..surplus);
        self.meet(std::slice::from_ref(id));
    }

    /// Has recommended one; false when it had before.
    pub fn advise(&mut self, id: &ProductId) -> bool {
        if self.advised.contains(id) {
            return false;
        }
        self.advised.push(id.clone());
        let surplus = self.advised.len().saturating_sub(MOST_MET);
        self.advised.drain(..surplus);
        true
    }

    /// Has shown these.
    pub fn meet(&mut self, ids: &[ProductId]) {
        self.met.retain(|other| !ids.contains(other));
        self.met.extend(ids.iter().cloned());
        let surplus = self.met.len().saturating_sub(MOST_MET);
        self.met.drain(..surplus);
    }

    /// Goes to another page: what is there is now what "it" means.
    pub fn turn_to(&mut self, page: Option<&ProductId>) {
        if self.page.as_ref() != page {
            self.page = page.cloned();
            if let Some(page) = page {
                self.look_at(page);
            }
        }
    }

    /// Allergies that are over are so in every need; an empty list is all of them.
    pub(super) fn forget_allergies(&mut self, over: &[String]) {
        for filters in std::iter::once(&mut self.filters).chain(self.past.iter_mut().map(|need| &mut need.filters)) {
            filters.allergies.retain(|a| !over.is_empty() && !over.contains(a));
        }
    }

    /// Leaves what is on the screen, so that the shopper can come back to it.
    fn leave(&mut self) {
        if self.terms.is_empty() || self.shown.is_empty() {
            return;
        }
        self.past.retain(|need| need.shown != self.shown);
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
        memory.rule.clear();
        memory.leave();
        if !self.understanding.wants_more() {
            memory.seen.clear();
        }
        // What is not sold is no need to go on from: the one before it stands.
        if found.sold || memory.terms.is_empty() {
            if found.is_new {
                memory.asked.clear();
            }
            memory.terms = found.terms.clone();
            memory.filters = found.filters.clone();
        }
        memory.shown = cards.iter().map(|c| c.id.clone()).collect();
        memory.seen.extend(memory.shown.iter().cloned());
        let shown = memory.shown.clone();
        memory.meet(&shown);
        memory.focus = None;
        memory.compared.clear();
    }
}
