//! What a conversation knows of the shopper's errands. Data: part of the memory, stored with each turn.

use super::heard::{ItemMention, MethodMention, Told, Verb, When, Wishes};
use crate::aftersales::nouns::Address;
use crate::catalog::ProductId;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Errands {
    /// The customer who was identified; one for the whole conversation.
    pub customer: Option<String>,
    pub told: Told,
    /// What named nobody when it was looked up last.
    pub wrong: Option<Told>,
    /// Times an identity was told that is none.
    pub tries: u8,
    /// What was said before the customer was known; heard once they are.
    pub unheard: Vec<String>,
    /// What is to be done, the one at hand first.
    pub queue: Vec<Request>,
    /// What was asked last.
    pub asked: Option<Slot>,
    /// What was listed with that question, in its order: ids of variants or methods, or values of a choice. "The second one".
    pub listed: Vec<String>,
    /// Messages in a row that brought nothing.
    pub misunderstood: u8,
    /// The proposal that waits for a yes.
    pub open: Option<String>,
    /// The order talked of last.
    pub order: Option<String>,
    /// The request at hand was declined: it is over, unless the next words make something else of it.
    pub declined: bool,
    /// What was refused in the last message: another order may be meant.
    pub refused: Option<Verb>,
    /// The upload of a photo that waits until the customer is known.
    pub photo: Option<String>,
    /// A person has been called; the reasons are told once.
    pub handed_off: bool,
}

/// One thing to be done, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub verb: Option<Verb>,
    /// Orders it may be about, of those named; empty: any.
    pub among: Vec<String>,
    /// By their numbers, not by what is in them.
    pub numbered: bool,
    pub when: When,
    /// Things that only tell which order is meant.
    pub holding: Vec<ItemMention>,
    pub order: Option<String>,
    /// Said, and not yet found on the order.
    pub mentions: Vec<ItemMention>,
    pub items: Vec<Wanted>,
    pub all: bool,
    /// Of all: these are left out.
    pub except: Vec<ItemMention>,
    pub method: Option<MethodMention>,
    pub address: Option<Address>,
    pub reason: Option<String>,
}

/// An item of the request's order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wanted {
    pub at: usize,
    pub wishes: Option<Wishes>,
    pub into: Option<ProductId>,
}

/// What can be asked of the shopper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    Identity,
    Verb,
    Order,
    Items,
    Target,
    Method,
    Address,
    Reason,
    /// Yes or no to the proposal.
    Confirm,
}
