//! What a deed would do, to the cent, before anything is done: this is what the shopper confirms, and all that is carried out.

use super::deed::Deed;
use super::nouns::{Address, OrderItem, PaymentKind, Status};
use super::policy::Arrival;
use super::price;
use crate::catalog::{Money, Revision};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    pub deed: Deed,
    pub terms: Terms,
    pub expires_ms: i64,
}

/// Everything the shopper is told and agrees to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// Version of the policy, and the heading it rests on.
    pub policy: u32,
    pub clause: String,
    /// Revision of the order (of the customer, when no order is changed) it was made for.
    pub revision: Revision,
    /// State of the order afterwards.
    pub becomes: Option<Status>,
    pub changes: Vec<Change>,
    /// Money that moves at once, as the order's history will list it.
    pub moves: Vec<Move>,
    /// Money that moves when the items are back.
    pub later: Option<Move>,
    pub notices: Vec<Notice>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    Cancelled {
        reason: String,
    },
    Address {
        was: Address,
        now: Address,
    },
    /// `was` are the methods that have paid so far; mostly one.
    Method {
        was: Vec<String>,
        now: String,
    },
    /// The item at position `at` of the order becomes `now`: at once when the order is pending, else when it is back.
    Item {
        at: usize,
        was: OrderItem,
        now: OrderItem,
    },
    /// The item at position `at` goes back.
    Back {
        at: usize,
        item: OrderItem,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Move {
    pub kind: PaymentKind,
    #[serde(with = "price")]
    pub amount: Money,
    pub method: String,
    /// Of a refund.
    pub arrives: Option<Arrival>,
}

/// What else the shopper must hear before saying yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// It can be done once: are these all the items?
    AllItemsNow,
    /// Afterwards nothing of the order can be changed or cancelled here.
    NothingAfter,
    /// An e-mail will say how to send the items back.
    EmailFollows,
}

impl Move {
    /// What it adds to what the order has been paid, in minor units.
    pub fn signed(&self) -> i64 {
        match self.kind {
            PaymentKind::Payment => self.amount.minor,
            PaymentKind::Refund => -self.amount.minor,
        }
    }
}
