//! A deed and a voice in; what the customer says of it out: the whole request, one fact of it, a correction.

use super::naming::{Pair, Things, address_of, method_of};
use super::phrases::{Fill, Voice};
use super::reading::Slot;
use crate::aftersales::nouns::{Order, OrderItem};
use crate::aftersales::{Deed, Kind};
use serde_json::json;

/// How much of a request is said at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Much {
    /// "I want to return something".
    Kind,
    /// The order and the items.
    Some,
    /// What it is to become, too, or the address or method it is about.
    Most,
    /// And how the money goes, and why.
    All,
}

pub fn kind_name(kind: Kind) -> String {
    json!(kind).as_str().unwrap_or_default().to_owned()
}

impl<'a> Things<'a> {
    /// The deed as something wished: "Could you help me return the kettle from order #W1?".
    pub fn request(&self, deed: &Deed, much: Much, number: bool, voice: &mut Voice) -> String {
        let wish = self.wish(deed, much, number, voice);
        let wish = voice.say("wish", &[("do", wish)]);
        let clause = if much == Much::All { self.clause(deed, voice) } else { String::new() };
        voice.join(&[wish, clause])
    }

    /// "return the kettle from order #W1".
    pub fn wish(&self, deed: &Deed, much: Much, number: bool, voice: &mut Voice) -> String {
        let kind = kind_name(deed.kind());
        let order = deed.order().and_then(|id| self.order(id));
        let of_items = matches!(deed, Deed::Return { .. } | Deed::Exchange { .. } | Deed::ModifyItems { .. });
        // Without a number the items tell the order, if all of them do.
        let plain = of_items && !number && self.tells(deed);
        let ending = match (much, deed) {
            (Much::Kind, _) => "_vague",
            (Much::Some, Deed::Cancel { .. }) => "",
            (Much::Some, Deed::Return { .. }) if plain => "_plain",
            (Much::Some, Deed::Return { .. }) => "",
            (Much::Some, _) => "_bare",
            _ if plain => "_plain",
            _ => "",
        };
        let fills = self.fills(deed, order, number, voice);
        voice.say(&format!("do_{kind}{ending}"), &fills)
    }

    /// Whether the deed's items tell its order from every other: none has all of them. Without items, whether something in it does.
    pub fn tells(&self, deed: &Deed) -> bool {
        let Some(order) = deed.order().and_then(|id| self.order(id)) else { return false };
        let pairs = self.pairs(deed);
        if pairs.is_empty() {
            return !self.telling(order).is_empty();
        }
        let has_all = |other: &&Order| pairs.iter().all(|(item, _)| other.items.iter().any(|i| i.item_group_id == item.item_group_id));
        self.case.orders.iter().filter(has_all).count() == 1
    }

    /// How the money goes, or why.
    pub fn clause(&self, deed: &Deed, voice: &mut Voice) -> String {
        match deed {
            Deed::Return { payment_method_id, .. } => {
                let method = self.refund(deed, payment_method_id, voice);
                voice.say("with_refund", &[("method", method)])
            }
            Deed::Exchange { payment_method_id, .. } | Deed::ModifyItems { payment_method_id, .. } => {
                let method = self.method(payment_method_id, voice);
                voice.say("with_difference", &[("method", method)])
            }
            Deed::Cancel { reason, .. } => self.reason(reason, voice),
            _ => String::new(),
        }
    }

    /// The answer to a question for one fact. `again` makes it the plainest there is.
    pub fn fact(&self, deed: &Deed, slot: Slot, number: bool, again: bool, voice: &mut Voice) -> Option<String> {
        let order = deed.order().and_then(|id| self.order(id));
        match slot {
            Slot::Order => {
                let order = self.order_name(order?, number || again, voice);
                Some(voice.say("tell_order", &[("order", order)]))
            }
            Slot::Method => {
                let id = method_of(deed)?;
                let method = if again { id.to_owned() } else { self.refund(deed, id, voice) };
                Some(voice.say("tell_method", &[("method", method)]))
            }
            Slot::Reason => match deed {
                Deed::Cancel { reason, .. } => Some(self.reason(reason, voice)),
                _ => None,
            },
            Slot::Address => {
                let address = self.address(address_of(deed)?, deed.order(), again, voice);
                Some(voice.say(if again { "tell_street" } else { "tell_address" }, &[("address", address)]))
            }
            Slot::Items => {
                let items: Vec<&OrderItem> = self.pairs(deed).into_iter().map(|(item, _)| item).collect();
                (!items.is_empty()).then(|| self.some_items(&items, order, "tell_items", voice)).flatten()
            }
            Slot::Target => {
                let fills = self.fills(deed, order, number, voice);
                (!self.pairs(deed).is_empty()).then(|| voice.say("tell_swap", &fills))
            }
            _ => None,
        }
    }

    /// Some of the deed's items, in a wording of `key`.
    pub fn some_items(&self, items: &[&OrderItem], order: Option<&Order>, key: &str, voice: &mut Voice) -> Option<String> {
        let items = self.items(items, order?, voice);
        Some(voice.say(key, &[("items", items)]))
    }

    /// One item as it is added to others: with what it is to become, where it is to become something.
    pub fn piece(&self, pair: Pair<'_>, order: &Order, voice: &mut Voice) -> String {
        let item = self.item(pair.0, order, voice);
        if pair.1.is_none() {
            return item;
        }
        let target = self.target(pair, false, voice);
        match voice.phrases.has_pairs() {
            true => voice.noun("pair", &[("item", item), ("target", target)]),
            false => format!("{item} for {target}"),
        }
    }

    /// What is right instead of what was said or proposed, without the "no" before it.
    pub fn correction(&self, deed: &Deed, slot: Slot, voice: &mut Voice) -> String {
        let order = deed.order().and_then(|id| self.order(id));
        let key = match (slot, deed) {
            (Slot::Order, _) => "fix_order",
            (Slot::Items, Deed::Exchange { .. } | Deed::ModifyItems { .. }) | (Slot::Target, _) => "fix_swap",
            (Slot::Items, _) => "fix_items",
            (Slot::Method, _) => "fix_method",
            (Slot::Reason, _) => "fix_reason",
            (Slot::Address, _) => "fix_address",
            _ => return self.request(deed, Much::Most, true, voice),
        };
        let fills = self.fills(deed, order, true, voice);
        voice.say(key, &fills)
    }

    /// Everything a wording may name.
    fn fills(&self, deed: &Deed, order: Option<&'a Order>, number: bool, voice: &mut Voice) -> Vec<Fill<'static>> {
        let mut fills: Vec<Fill<'static>> = Vec::new();
        if let Some(order) = order {
            fills.push(("order", self.order_name(order, number, voice)));
            let pairs = self.pairs(deed);
            let items: Vec<&OrderItem> = pairs.iter().map(|(item, _)| *item).collect();
            fills.push(("items", self.items(&items, order, voice)));
            let words: Vec<(String, String)> =
                pairs.iter().map(|pair| (self.item(pair.0, order, voice), self.target(*pair, false, voice))).collect();
            for (name, between) in [("swap_for", " for "), ("swap_to", " to "), ("swap_with", " with ")] {
                let parts: Vec<String> = words.iter().map(|(item, target)| format!("{item}{between}{target}")).collect();
                fills.push((name, voice.list(&parts)));
            }
            if voice.phrases.has_pairs() {
                let parts: Vec<String> =
                    words.into_iter().map(|(item, target)| voice.noun("pair", &[("item", item), ("target", target)])).collect();
                fills.push(("swap", parts.join("，")));
            }
        }
        if let Some(id) = method_of(deed) {
            fills.push(("method", self.method(id, voice)));
        }
        if let Some(address) = address_of(deed) {
            fills.push(("address", self.address(address, deed.order(), false, voice)));
        }
        if let Deed::Cancel { reason, .. } = deed {
            fills.push(("reason", self.reason(reason, voice)));
        }
        fills
    }

    /// The method of a refund: now and then as the way it was paid.
    fn refund(&self, deed: &Deed, id: &str, voice: &mut Voice) -> String {
        let paid = deed.order().and_then(|o| self.order(o)).map(Order::paid_by).unwrap_or_default();
        let original = matches!(paid.as_slice(), [(only, _)] if *only == id);
        match matches!(deed, Deed::Return { .. }) && original && voice.once_in(6) {
            true => voice.noun("original", &[]),
            false => self.method(id, voice),
        }
    }

    fn reason(&self, reason: &str, voice: &mut Voice) -> String {
        let phrases = voice.phrases;
        phrases.reasons.get(reason).map_or(reason.to_owned(), |wordings| voice.one(wordings).to_owned())
    }
}
