//! Products as a conversation has shown them in; what of it is no longer true out. Pure.

use super::frame::{Item, ServerFrame, number};
use crate::search::Shelf;
use crate::turn::facts::low_stock;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashMap;

/// What was last said of each product, and in which turn.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown(HashMap<String, Stated>);

#[derive(Clone, Debug, PartialEq)]
struct Stated {
    turn: String,
    /// Decimal digits; empty without a price.
    price: String,
    availability: String,
    quantity: Option<i64>,
}

/// Products a conversation is held to; in a longer one the oldest are let go with their turn.
const MOST: usize = 400;

impl Shown {
    pub(super) fn note(&mut self, turn: &str, items: &[Item]) {
        if self.0.len() + items.len() > MOST {
            let oldest = self.0.values().map(|s| s.turn.clone()).min();
            self.0.retain(|_, s| Some(&s.turn) != oldest.as_ref());
        }
        for item in items {
            let stated = Stated {
                turn: turn.to_owned(),
                price: item.price.as_ref().map_or_else(String::new, |p| p.get().to_owned()),
                availability: item.availability.to_owned(),
                quantity: item.quantity,
            };
            self.0.insert(item.id.clone(), stated);
        }
    }

    /// The same from a stored `products` frame, oldest first. A product that was corrected since is noted as shown, and corrected again.
    pub(super) fn recall(&mut self, body: &str) {
        #[derive(Deserialize)]
        struct Frame {
            turn: String,
            items: Vec<Kept>,
        }
        #[derive(Deserialize)]
        struct Kept {
            id: String,
            price: Option<Box<RawValue>>,
            availability: String,
            quantity: Option<i64>,
        }
        let Ok(frame) = serde_json::from_str::<Frame>(body) else { return };
        for item in frame.items {
            let price = item.price.filter(|p| p.get() != "null").map_or_else(String::new, |p| p.get().to_owned());
            self.0.insert(item.id, Stated { turn: frame.turn.clone(), price, availability: item.availability, quantity: item.quantity });
        }
    }

    /// A `correction` frame for each price, stock word and last few pieces that have changed, with its turn. What they say counts as shown
    /// from now on. A product that is no longer sold is out of stock.
    pub(super) fn corrections(&mut self, shelf: &Shelf) -> Vec<(String, ServerFrame)> {
        let mut found = Vec::new();
        for (id, stated) in &mut self.0 {
            let now = match shelf.get(id) {
                Some(item) => Stated {
                    turn: stated.turn.clone(),
                    price: item.price().map_or_else(String::new, |p| p.amount()),
                    availability: item.availability.as_str().to_owned(),
                    quantity: item.quantity,
                },
                None => Stated { availability: "out_of_stock".to_owned(), quantity: None, ..stated.clone() },
            };
            let mut correct = |field, was: Box<RawValue>, new: Box<RawValue>| {
                let frame = ServerFrame::Correction { turn: stated.turn.clone(), product: id.clone(), field, was, now: new };
                found.push((stated.turn.clone(), frame));
            };
            if now.price != stated.price {
                correct("price", amount(&stated.price), amount(&now.price));
            }
            if now.availability != stated.availability {
                correct("availability", text(&stated.availability), text(&now.availability));
            } else if low_stock(now.quantity) != low_stock(stated.quantity) {
                correct("quantity", count(stated.quantity), count(now.quantity));
            }
            *stated = now;
        }
        found
    }
}

fn amount(digits: &str) -> Box<RawValue> {
    number(if digits.is_empty() { "null" } else { digits })
}

fn text(code: &str) -> Box<RawValue> {
    number(&serde_json::Value::from(code).to_string())
}

fn count(quantity: Option<i64>) -> Box<RawValue> {
    number(&quantity.map_or_else(|| "null".to_owned(), |n| n.to_string()))
}
