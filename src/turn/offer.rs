//! Values between a turn and its caller that are no words: what is offered to be done to an order, how that ended, and who presses yes.

use crate::aftersales::Kind;
use crate::catalog::{Lang, Money};
use crate::errand::heard::Place;
use serde::Serialize;
use std::fmt;

pub use crate::store::chat::Answer;

/// A proposal as the shopper sees it. Nothing has been done; it waits for a yes.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    pub id: String,
    pub action: Kind,
    pub summary: String,
    /// One line each, in the shopper's language.
    pub changes: Vec<String>,
    pub refund: Option<Refund>,
    pub expires_ms: i64,
}

/// A call for a person.
#[derive(Clone, Debug, PartialEq)]
pub struct HandOff {
    pub reason: &'static str,
    /// Who was identified.
    pub customer: Option<String>,
    /// JSON: what was asked, what was tried, the facts.
    pub summary: String,
}

/// Money that goes back.
#[derive(Clone, Debug, PartialEq)]
pub struct Refund {
    pub amount: Money,
    /// Where to, as the shopper knows it: "Visa ending 1234".
    pub method: String,
}

/// A photo of something bought.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    pub upload: String,
    /// The order line it is most like; none when that cannot be told.
    pub place: Option<Place>,
    /// The variant of that line.
    pub item: Option<String>,
    /// How like its picture it is: a cosine.
    pub score: f32,
}

/// What became of a proposal.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    pub proposal: String,
    pub status: Settlement,
    pub text: String,
    /// By which the shop finds what was done.
    pub reference: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    Done,
    Declined,
    Expired,
    /// It was confirmed, but may not be done any more.
    Refused,
}

/// Whom the shop's page says the shopper is, and its proof. Not looked at yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    pub id: String,
    pub hmac: String,
}

/// Whoever logs one must not learn whose it is, nor take the proof.
impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signed(…)")
    }
}

/// The words on the button that was pressed: what the conversation shows as said.
pub fn pressed(yes: bool, lang: Lang) -> &'static str {
    match (yes, lang) {
        (true, Lang::En) => "Yes, do it",
        (false, Lang::En) => "No, leave it",
        (true, Lang::Zh) => "确认办理",
        (false, Lang::Zh) => "先不办",
    }
}
