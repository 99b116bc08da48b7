//! The server's frames of protocol 1 as values, and their JSON text.

use crate::aftersales::Kind;
use crate::turn::{Choice, Claim, Offer, Settled, Settlement};
use serde::Serialize;
use serde_json::value::RawValue;

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    Ready {
        session: String,
        resumed: bool,
        last_seq: i64,
        protocol: u32,
        agent: bool,
    },
    Pong,
    Stage {
        turn: String,
        stage: &'static str,
    },
    Message {
        id: String,
        turn: String,
        author: &'static str,
        text: String,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        uploads: Vec<String>,
    },
    Transcript {
        turn: String,
        text: String,
        lang: String,
    },
    Products {
        turn: String,
        items: Vec<Item>,
    },
    Text {
        turn: String,
        index: usize,
        text: String,
        claims: Vec<Claim>,
    },
    Table {
        turn: String,
        columns: Vec<String>,
        rows: Vec<Vec<String>>,
    },
    Choices {
        turn: String,
        options: Vec<Choice>,
    },
    /// What would be done, once the shopper says yes.
    Proposal {
        turn: String,
        proposal: String,
        action: Kind,
        summary: String,
        changes: Vec<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        refund: Option<Box<Refund>>,
        expires_ms: i64,
    },
    /// What became of a proposal.
    Outcome {
        turn: String,
        proposal: String,
        status: Settlement,
        text: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
    },
    /// A person: waiting (called), joined, left.
    Agent {
        state: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// A claim already shown has changed; `was` and `now` are a JSON number (price, quantity), a code (availability) or null.
    Correction {
        turn: String,
        product: String,
        field: &'static str,
        was: Box<RawValue>,
        now: Box<RawValue>,
    },
    Done {
        turn: String,
        finish: crate::turn::Finish,
        model: String,
        timing_ms: crate::turn::Timing,
    },
    Error {
        code: ErrorCode,
        message: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_ms: Option<u64>,
    },
}

/// A product card on the wire; the price is a JSON number written from integers.
#[derive(Debug, Serialize)]
pub struct Item {
    pub id: String,
    pub title: String,
    pub price: Option<Box<RawValue>>,
    pub currency: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_price: Option<Box<RawValue>>,
    pub availability: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<i64>,
    pub image: String,
    pub link: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating: Option<Box<RawValue>>,
    pub revision: i64,
    pub why: Vec<String>,
}

/// Money that goes back; the amount is a JSON number written from integers.
#[derive(Debug, Serialize)]
pub struct Refund {
    pub amount: Box<RawValue>,
    pub currency: String,
    pub method: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    BadJson,
    BadFrame,
    TooLarge,
    TooMany,
    Unauthorized,
    Busy,
    Unsupported,
    Internal,
}

#[derive(Serialize)]
struct Numbered<'a> {
    #[serde(flatten)]
    frame: &'a ServerFrame,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<i64>,
}

impl ServerFrame {
    /// The frame as JSON text, with its number when it has one.
    pub fn encode(&self, seq: Option<i64>) -> String {
        serde_json::to_string(&Numbered { frame: self, seq }).expect("frames are plain data")
    }

    /// The name under which it is stored; `None` for frames that are not.
    pub fn stored_kind(&self) -> Option<&'static str> {
        Some(match self {
            Self::Message { .. } => "message",
            Self::Transcript { .. } => "transcript",
            Self::Products { .. } => "products",
            Self::Text { .. } => "text",
            Self::Table { .. } => "table",
            Self::Choices { .. } => "choices",
            Self::Proposal { .. } => "proposal",
            Self::Outcome { .. } => "outcome",
            Self::Agent { .. } => "agent",
            Self::Correction { .. } => "correction",
            Self::Done { .. } => "done",
            Self::Ready { .. } | Self::Pong | Self::Stage { .. } | Self::Error { .. } => return None,
        })
    }

    pub fn proposal(turn: String, offer: Offer) -> Self {
        let Offer { id, action, summary, changes, refund, expires_ms, .. } = offer;
        let refund = refund.map(|r| Box::new(Refund { amount: number(&r.amount.amount()), currency: r.amount.currency, method: r.method }));
        Self::Proposal { turn, proposal: id, action, summary, changes, refund, expires_ms }
    }

    pub fn outcome(turn: String, settled: Settled) -> Self {
        let Settled { proposal, status, text, reference } = settled;
        Self::Outcome { turn, proposal, status, text, reference }
    }

    pub fn error(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::Error { code, message: message.into(), retry_ms: None }
    }
}

impl From<crate::turn::Card> for Item {
    fn from(card: crate::turn::Card) -> Self {
        Self {
            currency: card.price.as_ref().map_or_else(String::new, |m| m.currency.clone()),
            price: card.price.as_ref().map(|m| number(&m.amount())),
            list_price: card.list_price.as_ref().map(|m| number(&m.amount())),
            id: card.id,
            title: card.title,
            availability: card.availability,
            quantity: card.quantity,
            image: card.image,
            link: card.link,
            rating: card.rating.map(|r| number(&format!("{}.{:02}", r / 100, r % 100))),
            revision: card.revision,
            why: card.why,
        }
    }
}

/// A JSON number from decimal digits, without a float between.
pub fn number(digits: &str) -> Box<RawValue> {
    RawValue::from_string(digits.to_owned()).expect("digits are JSON")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Money;

    #[test]
    fn frames_carry_type_and_number() {
        let frame = ServerFrame::Transcript { turn: "t".into(), text: "hi".into(), lang: "en".into() };
        assert_eq!(frame.encode(Some(3)), r#"{"type":"transcript","turn":"t","text":"hi","lang":"en","seq":3}"#);
        assert_eq!(ServerFrame::Pong.encode(None), r#"{"type":"pong"}"#);
    }

    /// The transcripts the page is tested with hold these very lines, so that it is tested with what is sent.
    #[test]
    fn the_frames_of_a_proposal_stand_in_the_transcripts_as_they_are_sent() {
        let transcript = include_str!("../../tests/browser/transcripts/orders-en.txt");
        let lines = |items: &[&str]| items.iter().map(|&i| i.to_owned()).collect::<Vec<_>>();
        let cancel = Offer {
            id: "p1".into(),
            action: Kind::Cancel,
            summary: "Cancel order #W2048, because it is no longer needed.".into(),
            changes: lines(&["Ridgeline Squall Packable Rain Jacket (black, M), S$75.00", "Harbour Steel Water Bottle (750 ml), S$24.90"]),
            refund: Some(crate::turn::Refund {
                amount: Money::new(9990, "SGD"),
                method: "Visa ending 1234, in 5 to 7 business days".into(),
            }),
            expires_ms: 1_764_300_900_000,
        };
        let exchange = Offer {
            id: "p2".into(),
            action: Kind::Exchange,
            summary: "Exchange one item of order #W1999. An e-mail will say how to send it back.".into(),
            changes: lines(&[
                "Trailhead Mid Hiking Boots: size 41 becomes size 42",
                "S$12.00 more, paid with PayPal when the old pair is back",
            ]),
            refund: None,
            ..cancel.clone()
        };
        let done = Settled {
            proposal: "p1".into(),
            status: Settlement::Done,
            text: "Order #W2048 is cancelled. S$99.90 goes back to the Visa ending 1234.".into(),
            reference: Some("A-7F3K2".into()),
        };
        let declined = Settled {
            proposal: "p3".into(),
            status: Settlement::Declined,
            text: "Nothing was changed. Order #W1999 stays as it is.".into(),
            reference: None,
        };
        for (frame, seq, kind) in [
            (ServerFrame::proposal("t1".into(), cancel), 3, "proposal"),
            (ServerFrame::outcome("t2".into(), done), 6, "outcome"),
            (ServerFrame::proposal("t3".into(), exchange), 9, "proposal"),
            (ServerFrame::outcome("t5".into(), declined), 15, "outcome"),
            (ServerFrame::Agent { state: "waiting", name: None }, 22, "agent"),
        ] {
            let line = format!("← {}", frame.encode(Some(seq)));
            assert!(transcript.lines().any(|l| l == line), "{line}");
            assert_eq!(frame.stored_kind(), Some(kind));
        }
    }
}
