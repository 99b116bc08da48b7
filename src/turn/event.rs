//! What a turn tells its caller while it goes on: cards, sentences with their claims, proposals.

use super::{Evidence, HandOff, Offer, Settled};
use crate::aftersales::Proposal;
use crate::catalog::{Money, ProductId, Revision};
use serde::Serialize;

/// What the caller learns while the reply is made.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Stage(&'static str),
    Products(Vec<Card>),
    Text(Sentence),
    Table {
        columns: Vec<String>,
        rows: Vec<Vec<String>>,
    },
    Choices(Vec<Choice>),
    /// `proposal` is what a yes carries out.
    Proposal {
        offer: Box<Offer>,
        customer: String,
        proposal: Box<Proposal>,
    },
    Outcome(Settled),
    /// A person is called.
    HandOff(HandOff),
    /// The photo is kept for a person to look at.
    Evidence(Evidence),
}

/// A product as the shopper sees it at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    pub id: ProductId,
    pub title: String,
    pub price: Option<Money>,
    pub list_price: Option<Money>,
    pub availability: &'static str,
    pub quantity: Option<i64>,
    pub image: String,
    pub link: String,
    pub rating: Option<i32>,
    pub revision: Revision,
    pub why: Vec<String>,
}

/// One sentence or block that has passed the check, with what it is bound to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sentence {
    pub text: String,
    pub claims: Vec<Claim>,
}

/// A fact in a sentence, and the field it was read from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Claim {
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    pub field: String,
    pub value: String,
    pub revision: Revision,
}

/// A quick reply.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    pub label: String,
    pub value: String,
}

impl Sentence {
    /// A sentence that states no fact of catalogue or policy.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), claims: Vec::new() }
    }
}
