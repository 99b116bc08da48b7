//! A question about the shop's service in, however it is put and whatever is on the screen ("can your guys build it for me", 退货要运费不);
//! whether it is one, and about what, out. The rules' own words need not be said: the meaning of the message tells the matter.

use super::cue::{CUES, any, has, is_marked, is_put_as_question, plain};
use super::kind::Kinds;
use super::policy::{Asked, Likely};
use super::understand::{Deed, Intent, matter};
use super::{Finish, Turn, converse, ground};
use crate::errand::hear;
use crate::store::world::Policy;

/// How likely service must be where a rule is asked for already, where something else is asked, and where an order or somebody's own may be
/// meant.
const OF_RULES: f32 = 0.5;
const ELSEWHERE: f32 = 0.75;
const BESIDE: f32 = 0.85;
/// How likely a matter must be to be looked for, and how many are.
const LIKELY: f32 = 0.1;
const MOST: usize = 3;
/// Below this the likeliest matter is a guess among many, where something else is asked.
const FAINT: f32 = 0.2;
/// From this on a matter is asked about even when no rule of the shop speaks of it.
const SURELY: f32 = 0.9;
/// Asks in the middle of a sentence: "I just want to know what time you close".
const INDIRECT: [&str; 9] = ["want to know", "wondering", "what size", "which size", "what time", "想知道", "请问", "问一下", "想问"];
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
        let likely = told.likely.iter().take(MOST).take_while(|(_, share)| *share >= LIKELY);
        let matters: Vec<Likely> = likely.map(|(matter, share)| (matter.topics.as_slice(), *share)).collect();
        let share = told.likely.first().map_or(0.0, |(_, share)| *share);
        self.note("service", serde_json::json!({"topics": matters.first().map(|(topics, _)| topics), "share": share, "none": told.none}));
        let Some((first, _)) = matters.first() else { return Ok(()) };
        let on_page = share < SURELY && self.page_states(&plain(&self.ask.text)).await?;
        let faint = share < FAINT && least > OF_RULES;
        if 1.0 - told.none < least || faint || on_page || (OF_ORDERS.contains(&first[0].as_str()) && self.may_want_it_done()) {
            return Ok(());
        }
        let asked = Asked { text: &self.ask.text, lang: self.lang, intent: None, meaning: None };
        if share < SURELY && self.rooms.policies.get().find_about(&matters, &asked).is_empty() {
            return Ok(());
        }
        self.matters = matters;
        if self.understanding.intent != Intent::AfterSales(Deed::Complaint) {
            self.understanding.intent = Intent::Policy;
        }
        Ok(())
    }

    /// Answers a question about service; one that goes on from the last rule too.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn quote_matter(&mut self) -> anyhow::Result<Option<Finish>> {
        if !self.matters.is_empty() {
            return self.quote_policy().await.map(Some);
        }
        let Some(clause) = self.rule_again().await else { return Ok(None) };
        self.memory.rule = format!("{} {}", self.memory.rule, self.ask.text);
        self.quote(&clause).await;
        Ok(Some(Finish::Answered))
    }

    /// "What about furniture?", after a rule: the same of something else, where a rule names it; "how long does it take?" of the same.
    async fn rule_again(&self) -> Option<Policy> {
        let (text, rule) = (plain(&self.ask.text), &self.memory.rule);
        let service = matches!(self.understanding.intent, Intent::Policy | Intent::OrderStatus | Intent::AfterSales(_));
        if rule.is_empty() || service || self.memory.errands.asked.is_some() {
            return None;
        }
        let of_another = [" what about ", " how about "].iter().any(|opening| text.starts_with(opening)) || text.ends_with("呢 ");
        let terms = self.understanding.terms.trim();
        let of_same = Kinds::of(terms).is_empty() && self.at_hand().is_none() && is_put_as_question(&self.ask.text);
        // What has an answer of its own is no question about the last one.
        if !(of_another || (of_same && self.answering(&self.ask.text).await.is_empty())) {
            return None;
        }
        let clauses = self.answering(&format!("{rule} {}", self.ask.text)).await;
        let names_it = |clause: &&Policy| ground::shares_words(terms, &format!("{} {}", clause.title, clause.body));
        if let Some(named) = clauses.iter().find(|clause| !terms.is_empty() && names_it(clause)) {
            return Some(named.clone());
        }
        let before = self.answering(rule).await;
        clauses.into_iter().find(|clause| of_same && before.iter().any(|told| told.id == clause.id))
    }

    /// Whether something is to be done with an order, as far as the words tell: they speak of one's own, or ask for no rule.
    fn may_want_it_done(&self) -> bool {
        let of_orders = matches!(self.understanding.intent, Intent::OrderStatus | Intent::AfterSales(_));
        hear::is_own(&self.ask.text) || (of_orders && !self.asks_for_a_rule())
    }

    /// How likely it must be; nothing where a message is surely something else.
    fn may_ask_of_service(&self) -> Option<f32> {
        use Intent::*;
        let errands = &self.memory.errands;
        let known = errands.customer.is_some() || errands.is_under_way() || self.ask.carried.is_some();
        if known || self.ask.text.contains('#') || !matches!(self.ask.photo, super::Photo::None) {
            return None;
        }
        let (filters, text) = (&self.understanding.filters, plain(&self.ask.text));
        // "Can't find a single thing on my table" asks nothing.
        let grumbles = [" cant ", " wont ", " doesnt ", " isnt "].iter().any(|opening| text.starts_with(opening));
        let indirect = INDIRECT.iter().any(|words| has(&text, words));
        let asks = is_marked(&self.ask.text) || indirect || (is_put_as_question(&self.ask.text) && !grumbles);
        match self.understanding.intent {
            Emergency | Abuse | Human | Greeting | Thanks | Goodbye => None,
            OrderStatus | AfterSales(_) if hear::is_own(&self.ask.text) => converse::asks_for_the_rule(&self.ask.text).then_some(BESIDE),
            OrderStatus | AfterSales(_) if converse::asks_for_the_rule(&self.ask.text) => Some(ELSEWHERE),
            Policy | Account | Review => Some(OF_RULES),
            OrderStatus | AfterSales(_) => Some(BESIDE),
            _ if !asks => None,
            _ if any(&text, &CUES.service) => Some(OF_RULES),
            // "What about 45?"
            _ if filters.price_max.is_some() || filters.price_min.is_some() => None,
            _ => Some(ELSEWHERE),
        }
    }
}
