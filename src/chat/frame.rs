//! The server's frames of protocol 1 as values, and their JSON text.

use crate::turn::{Choice, Claim};
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
            Self::Correction { .. } => "correction",
            Self::Done { .. } => "done",
            Self::Ready { .. } | Self::Pong | Self::Stage { .. } | Self::Error { .. } => return None,
        })
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

    #[test]
    fn frames_carry_type_and_number() {
        let frame = ServerFrame::Transcript { turn: "t".into(), text: "hi".into(), lang: "en".into() };
        assert_eq!(frame.encode(Some(3)), r#"{"type":"transcript","turn":"t","text":"hi","lang":"en","seq":3}"#);
        assert_eq!(ServerFrame::Pong.encode(None), r#"{"type":"pong"}"#);
    }
}
