//! A question about the shop's service in, however it is put and whatever is on the screen ("can your guys build it for me", 退货要运费不);
//! whether it is one, and about what, out. The rules' own words need not be said: the meaning of the message tells the matter.

use super::Turn;
use super::converse;
use super::cue::{is_marked, is_put_as_question, plain};
use super::policy::Asked;
use super::understand::{Deed, Intent, matter};
use crate::errand::hear;

/// How likely service must be where a rule is asked for already, where something else is asked, and where an order or somebody's own may be
/// meant.
const OF_RULES: f32 = 0.5;
const ELSEWHERE: f32 = 0.75;
const BESIDE: f32 = 0.85;
/// How likely a matter must be to be looked for, and how many are.
const LIKELY: f32 = 0.1;
const MOST: usize = 3;
/// From this on a matter is asked about even when no rule of the shop speaks of it.
const SURELY: f32 = 0.9;
/// Matters in which something may be done with an order: whoever speaks of their own wants that.
const OF_ORDERS: [&str; 23] = [
    "return",
    "exchange",
    "does not fit",
    "refund",
    "refund arrives",
    "cancel",
    "undo",
    "shipped already",
    "change an order",
    "add or remove",
    "address of delivery",
    "colour or size",
    "order",
    "part of an order",
    "tracking",
    "late",
    "lost parcel",
    "damaged",
    "wrong item",
    "missing item",
    "faulty",
    "order status",
    "payment method of an order",
];

impl Turn<'_> {
    /// Takes a message for a question about service, where its meaning says so and the shop has a rule.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn seek_service(&mut self) -> anyhow::Result<()> {
        let Some(least) = self.may_ask_of_service() else { return Ok(()) };
        let Some(told) = self.meaning().await.and_then(|meaning| matter::told(&meaning, self.lang)) else { return Ok(()) };
        let likely = told.matters.iter().take(MOST).take_while(|(_, share)| *share >= LIKELY);
        let matters: Vec<&'static [String]> = likely.map(|(matter, _)| matter.topics.as_slice()).collect();
        let share = told.matters.first().map_or(0.0, |(_, share)| *share);
        self.note("service", serde_json::json!({"topics": matters.first(), "share": share, "none": told.none}));
        let Some(first) = matters.first() else { return Ok(()) };
        let on_page = share < SURELY && self.page_states(&plain(&self.ask.text)).await?;
        if 1.0 - told.none < least || on_page || (OF_ORDERS.contains(&first[0].as_str()) && self.may_want_it_done()) {
            return Ok(());
        }
        let asked = Asked { text: &self.ask.text, lang: self.lang, intent: None, meaning: None };
        if share < SURELY && self.rooms.policies.get().find_about(&matters, &asked).is_empty() {
            return Ok(());
        }
        self.service = matters;
        if self.understanding.intent != Intent::AfterSales(Deed::Complaint) {
            self.understanding.intent = Intent::Policy;
        }
        Ok(())
    }

    /// Whether something is to be done with an order, as far as the words tell: they speak of one's own, or ask for no rule.
    fn may_want_it_done(&self) -> bool {
        let text = &self.ask.text;
        let of_orders = matches!(self.understanding.intent, Intent::OrderStatus | Intent::AfterSales(_));
        let rule = converse::asks_for_the_rule(text)
            && (self.at_hand().is_some() || converse::speaks_of_any(text) || !converse::wants_it_if_possible(text));
        hear::is_own(text) || (of_orders && !rule)
    }

    /// How likely it must be; nothing where a message is surely something else.
    fn may_ask_of_service(&self) -> Option<f32> {
        use Intent::*;
        let errands = &self.memory.errands;
        let known = errands.customer.is_some() || errands.is_under_way() || self.ask.carried.is_some();
        if known || self.ask.text.contains('#') || !matches!(self.ask.photo, super::Photo::None) {
            return None;
        }
        match self.understanding.intent {
            Emergency | Abuse | Human | Greeting | Thanks | Goodbye => None,
            OrderStatus | AfterSales(_) if hear::is_own(&self.ask.text) => converse::asks_for_the_rule(&self.ask.text).then_some(BESIDE),
            OrderStatus | AfterSales(_) if converse::asks_for_the_rule(&self.ask.text) => Some(ELSEWHERE),
            Policy | Account | Review => Some(OF_RULES),
            OrderStatus | AfterSales(_) => Some(BESIDE),
            _ if !is_put_as_question(&self.ask.text) && !is_marked(&self.ask.text) => None,
            _ => Some(ELSEWHERE),
        }
    }
}
