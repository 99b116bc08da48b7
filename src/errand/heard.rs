//! What the words of one message say about orders, as values. Nothing is decided here: what cannot be told apart stays several.

use crate::aftersales::nouns::Address;
use crate::aftersales::nouns::{Options, Status};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One message. Its parts are in the order they were said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    pub told: Told,
    pub answer: Option<Answer>,
    /// It begins by saying that what was proposed is not what was meant.
    pub objects: bool,
    /// It begins or ends with a yes, set off from the rest, and nothing in it takes that back.
    pub agrees: bool,
    pub parts: Vec<Part>,
}

/// Who the shopper says to be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// Lower case.
    pub email: Option<String>,
    /// Digits, a leading + kept.
    pub phone: Option<String>,
    /// As said, "Omar Anderson", "李伟".
    pub name: Option<String>,
    pub zip: Option<String>,
    /// As the shop would write it, "#W6067464"; also digits alone.
    pub order: Option<String>,
}

/// A yes or no to what was just asked or proposed, and nothing else in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Yes,
    No,
}

/// What is said of one thing to be done or known; without a verb and a question it belongs to what is being talked of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    pub text: String,
    pub verb: Option<Verb>,
    pub questions: Vec<Question>,
    /// Numbers of orders, as the case has them when it has them, else as they were said.
    pub orders: Vec<String>,
    pub when: When,
    pub items: Vec<ItemMention>,
    /// "everything in it", "整单".
    pub all: bool,
    /// With `all`: "everything except the bookshelf".
    pub except: Vec<ItemMention>,
    /// "The order with the kettle": things that only tell which order is meant.
    pub holding: Vec<ItemMention>,
    /// "Not the lamp": it is not meant, whatever was understood before.
    pub left: Vec<ItemMention>,
    /// "#W2 stays as it is": orders named to say that they are not meant.
    pub left_orders: Vec<String>,
    pub method: Option<MethodMention>,
    pub address: Option<AddressMention>,
    /// A reason the policy names, for a cancellation.
    pub reason: Option<String>,
    /// "never mind the return", "算了".
    pub dropped: bool,
    /// "that is all", "就这些".
    pub complete: bool,
    /// "No, …", "on second thought": what was wished before is said anew.
    pub anew: bool,
}

/// What is to be done, as people say it. Which deed that is depends on the order: a swap is a modification of a pending order and an
/// exchange of a delivered one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    Cancel,
    Return,
    /// Money back, by whatever way the order's state allows.
    Refund,
    /// Other variants: exchange, change the items, swap.
    Swap,
    /// The order's delivery address.
    Address,
    /// How the order is paid.
    Payment,
    /// The customer's own default address.
    Profile,
    /// "change my order", without what.
    Change,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Where is it, has it been sent, when does it come.
    Status,
    Tracking,
    /// What an order costs.
    Total,
    /// What is in it.
    Items,
    /// Where it goes.
    Address,
    /// How it was paid.
    Payment,
    /// Which orders there are.
    Orders,
    /// What can be done with this order now.
    CanDo,
    /// How much money comes back, when, where to.
    Refund,
    /// What is on the gift card.
    Balance,
    /// The methods, address, e-mail the shop has of the customer.
    Profile,
    /// Which variants there are of an item, how many, what they cost.
    Variants,
    /// How goods are sent back, and when those that are exchanged come.
    Sending,
}

/// How an order is told from others without its number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct When {
    /// "my last order", "最近那单".
    pub latest: bool,
    /// "the pending one", "已经收到的那单".
    pub status: Option<Status>,
    /// "last week", "上周": days before today, from and to.
    pub days_ago: Option<(u32, u32)>,
}

/// Where an item is: an order of the case, and the position on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub order: String,
    pub at: usize,
}

/// Something on the case's orders.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemMention {
    pub words: String,
    /// Every place it fits equally well; none when nothing on any order is called so.
    pub fits: Vec<Place>,
    /// "both bottles": all of `fits` on one order are meant.
    pub both: bool,
    /// Told by what it is like alone, "the black one"; it may as well be what something is to become.
    pub bare: bool,
    /// What it is to become.
    pub into: Option<Wishes>,
}

/// What is wished of a variant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wishes {
    /// By the catalogue's own names and values of this product: "switch type" → "clicky".
    pub options: Options,
    /// Of a choice that was only compared, "dimmer": what else would be as wished, the nearest first.
    pub or: BTreeMap<String, Vec<String>>,
    /// Values it must not have: "no nylon".
    pub not: BTreeMap<String, Vec<String>>,
    /// "the same one again".
    pub same: bool,
    /// The cheapest, the dearest that suits: -1, 1.
    pub price: i8,
    /// Named, but no variant of the product has it: "pink".
    pub unknown: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MethodMention {
    /// Every method of the customer it fits: one when it is clear.
    Fits(Vec<String>),
    /// "the way I paid".
    Original,
    /// "another card": any but the one that paid.
    Other,
    /// A kind of method the customer does not have.
    Unknown(String),
}

#[derive(Clone, Debug, PartialEq)]
pub enum AddressMention {
    /// What was said of one; empty fields were not.
    Said(Address),
    /// The customer's default address.
    Default,
    /// That of another order.
    OfOrder(String),
}
