//! A caller with no sense at all, in place of a language model: it asks for anything, confirms anything, twice, too late, changed by
//! its own hand, in another customer's name; meanwhile the shop ships and reprices. What it brings about is judged by `judge`.

use super::judge;
use super::world::World;
use crate::aftersales::nouns::{Address, Case, Order, Status};
use crate::aftersales::{Deed, Ledger, Policy, Proposal, Refusal, carry_out, ledger, legal, propose};
use crate::catalog::Availability;
use crate::model::random::Random;
use serde_json::json;
use std::collections::BTreeMap;

/// Where the numbers come from: a seed, or a property test's own list.
pub enum Dice {
    Seeded(Random),
    Listed(std::vec::IntoIter<u32>),
}

pub struct Caller {
    dice: Dice,
    world: World,
    policy: Policy,
    /// Whether what is done is held to `policy.md` besides being legal and adding up.
    held_to: Option<judge::Judge>,
    ledger: Ledger,
    open: Vec<(usize, Proposal)>,
    now_ms: i64,
    pub tally: BTreeMap<String, u64>,
    pub violations: Vec<String>,
}

impl Dice {
    /// The same seed, the same numbers, on every machine.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Random::new(seed))
    }

    /// The numbers of `list`, then zeros: a failure shrinks with its list.
    pub fn of(list: Vec<u32>) -> Self {
        Self::Listed(list.into_iter())
    }

    fn below(&mut self, n: usize) -> usize {
        match self {
            Self::Seeded(random) => random.below(n),
            Self::Listed(list) => list.next().unwrap_or(0) as usize % n.max(1),
        }
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }
}

impl Caller {
    pub fn new(world: World, policy: Policy, held_to: Option<judge::Judge>, dice: Dice) -> Self {
        let ledger = Ledger::open(&world.cases, 0);
        let (open, tally, violations) = (Vec::new(), BTreeMap::new(), Vec::new());
        Self { dice, world, policy, held_to, ledger, open, now_ms: 0, tally, violations }
    }

    /// One thing the caller, or the shop, does.
    pub fn step(&mut self) {
        self.now_ms += self.dice.below(5_000) as i64;
        match self.dice.below(100) {
            0..5 => self.ship(),
            5..8 => self.reprice(),
            8..9 => self.now_ms += 20 * 60_000,
            9..20 => self.confirm_an_old_one(),
            _ => self.ask(),
        }
    }

    /// The whole ledger against the whole world.
    pub fn audit(&mut self) {
        if let Err(wrong) = ledger::audit(&self.ledger, &self.world.cases) {
            self.violations.push(format!("audit: {wrong}"));
        }
        for order in self.world.cases.iter().flat_map(|c| &c.orders) {
            if let Err(wrong) = legal::is_legal(order) {
                self.violations.push(format!("{}: {wrong}", order.id));
            }
        }
    }

    fn ask(&mut self) {
        let at = self.dice.below(self.world.cases.len());
        let deed = self.deed(at);
        let proposed = propose(&self.world.cases[at], &self.world.shelf, &self.policy, &deed, self.now_ms);
        self.count("propose", proposed.as_ref().err());
        let Ok(proposal) = proposed else { return };
        match self.dice.below(10) {
            0..6 => self.confirm(at, &proposal),
            6 => {
                self.confirm(at, &proposal);
                self.refused(at, &proposal, "confirmed twice");
            }
            7 => {
                let other = (at + 1) % self.world.cases.len();
                self.refused(other, &proposal, "confirmed by another customer");
            }
            8 => {
                let changed = tampered(&proposal);
                self.refused(at, &changed, "changed by hand");
            }
            _ => self.open.push((at, proposal)),
        }
    }

    fn confirm_an_old_one(&mut self) {
        if self.open.is_empty() {
            return self.ask();
        }
        let n = self.dice.below(self.open.len());
        let (at, proposal) = if self.dice.percent(30) { self.open[n].clone() } else { self.open.swap_remove(n) };
        self.confirm(at, &proposal);
    }

    fn confirm(&mut self, at: usize, proposal: &Proposal) {
        let before = self.world.cases[at].clone();
        let outcome = carry_out(&mut self.world.cases[at], &self.world.shelf, &self.policy, proposal, self.now_ms);
        self.count("confirm", outcome.as_ref().err());
        let after = &self.world.cases[at];
        let wrong = match outcome {
            Err(_) if before != *after => Err("refused, and something changed".to_owned()),
            Err(_) => Ok(()),
            Ok(entries) => {
                self.ledger.post(entries);
                *self.tally.entry(format!("done: {:?}", proposal.deed.kind())).or_default() += 1;
                judge::sane(&before, after, &proposal.deed)
                    .and_then(|()| self.held_to.map_or(Ok(()), |judge| judge(&before, after, &proposal.deed, &self.world.shelf)))
            }
        };
        if let Err(wrong) = wrong {
            self.violations.push(format!("{:?}: {wrong}", proposal.deed));
        }
    }

    /// Confirms what must not be done.
    fn refused(&mut self, at: usize, proposal: &Proposal, why: &str) {
        // A new address once more is no harm, but it must be refused all the same.
        let before = self.world.cases[at].clone();
        let outcome = carry_out(&mut self.world.cases[at], &self.world.shelf, &self.policy, proposal, self.now_ms);
        *self.tally.entry(format!("{why}: {}", if outcome.is_err() { "refused" } else { "DONE" })).or_default() += 1;
        if outcome.is_ok() || before != self.world.cases[at] {
            self.violations.push(format!("{why}, and done: {:?}", proposal.deed));
        }
    }

    fn count(&mut self, what: &str, refusal: Option<&Refusal>) {
        let reason = refusal.map_or("ok".to_owned(), |r| json!(r.why)["reason"].as_str().unwrap_or_default().to_owned());
        *self.tally.entry(format!("{what}: {reason}")).or_default() += 1;
    }

    /// The shop's own doing: an order goes out, or arrives.
    fn ship(&mut self) {
        let at = self.dice.below(self.world.cases.len());
        let n = self.dice.below(self.world.cases[at].orders.len());
        let Some(order) = self.world.cases[at].orders.get_mut(n) else { return };
        order.status = match order.status {
            Status::Pending | Status::ItemsModified => Status::Processed,
            Status::Processed => Status::Delivered,
            other => other,
        };
        order.revision += 1;
    }

    fn reprice(&mut self) {
        let ids: Vec<String> =
            self.world.cases[self.dice.below(self.world.cases.len())].orders.iter().map(|o| o.items[0].item_group_id.clone()).collect();
        let price = self.dice.below(60_000) as i64;
        let availability = if self.dice.percent(60) { Availability::InStock } else { Availability::OutOfStock };
        let n = self.dice.below(12);
        let mut variants: Vec<_> = self.world.shelf.values_mut().filter(|v| ids.contains(&v.group)).collect();
        variants.sort_by(|a, b| a.id.cmp(&b.id));
        if let Some(variant) = variants.get_mut(n) {
            variant.offer.availability = availability;
            if let Some(now) = &mut variant.offer.price {
                now.minor = price;
            }
        }
    }

    fn deed(&mut self, at: usize) -> Deed {
        let case = self.world.cases[at].clone();
        let order = self.order(&case);
        let order_id = order.as_ref().map_or("#W0".to_owned(), |o| o.id.clone());
        let item_ids = self.items(order.as_ref());
        let payment_method_id = self.method(&case);
        // Half of the time what at least suits the order's state, or little would ever be done.
        let deed = match order.as_ref().map(|o| o.status) {
            Some(Status::Pending) if self.dice.percent(50) => self.dice.below(4),
            Some(Status::Delivered) if self.dice.percent(50) => 4 + self.dice.below(2),
            _ => self.dice.below(7),
        };
        match deed {
            0 => Deed::Cancel { order_id, reason: self.reason() },
            1 => Deed::ModifyAddress { order_id, address: self.address(&case) },
            2 => Deed::ModifyPayment { order_id, payment_method_id },
            3 => Deed::ModifyItems { order_id, new_item_ids: self.variants(order.as_ref(), &item_ids), item_ids, payment_method_id },
            4 => Deed::Return { order_id, item_ids, payment_method_id },
            5 => Deed::Exchange { order_id, new_item_ids: self.variants(order.as_ref(), &item_ids), item_ids, payment_method_id },
            _ => Deed::ModifyProfile {
                user_id: if self.dice.percent(90) { case.customer.id.clone() } else { "sara_doe_496".into() },
                address: self.address(&case),
            },
        }
    }

    /// Mostly the customer's own, now and then another's.
    fn order(&mut self, case: &Case) -> Option<Order> {
        if self.dice.percent(8) {
            let other = self.dice.below(self.world.cases.len());
            return self.dice.one(&self.world.cases[other].orders).cloned();
        }
        self.dice.one(&case.orders).cloned()
    }

    fn items(&mut self, order: Option<&Order>) -> Vec<String> {
        let of_order: Vec<String> = order.into_iter().flat_map(|o| &o.items).map(|i| i.id.clone()).collect();
        let n = self.dice.below(4);
        let mut ids: Vec<String> = of_order.iter().take(n).cloned().collect();
        if self.dice.percent(10) {
            ids.extend(self.dice.one(&of_order).cloned());
        }
        if self.dice.percent(5) {
            ids.push("0000000000".to_owned());
        }
        ids
    }

    /// Mostly a variant of the same product for each.
    fn variants(&mut self, order: Option<&Order>, ids: &[String]) -> Vec<String> {
        let mut into = Vec::new();
        for id in ids {
            let group = order.and_then(|o| o.items.iter().find(|i| i.id == *id)).map(|i| i.item_group_id.clone());
            let stray = self.dice.percent(4);
            let mut all: Vec<&String> =
                self.world.shelf.values().filter(|v| stray || Some(&v.group) == group.as_ref()).map(|v| &v.id).collect();
            all.sort();
            into.push(self.dice.one(&all).map_or("0000000000".to_owned(), |v| (*v).clone()));
        }
        if self.dice.percent(3) {
            into.pop();
        }
        into
    }

    fn method(&mut self, case: &Case) -> String {
        let other = self.dice.below(self.world.cases.len());
        let from = if self.dice.percent(6) { &self.world.cases[other] } else { case };
        self.dice.one(&from.customer.payment_methods).map_or("cash".to_owned(), |m| m.id.clone())
    }

    fn reason(&mut self) -> String {
        let reasons = ["no longer needed", "ordered by mistake", "found it cheaper", "", "No longer needed"];
        reasons[self.dice.below(reasons.len())].to_owned()
    }

    fn address(&mut self, case: &Case) -> Address {
        let street = if self.dice.percent(8) { String::new() } else { format!("{} Random Rd", self.dice.below(5)) };
        Address { address1: street, ..case.customer.address.clone() }
    }
}

/// The proposal with better terms than were offered.
fn tampered(proposal: &Proposal) -> Proposal {
    let mut changed = proposal.clone();
    let terms = &mut changed.terms;
    match terms.moves.first_mut().or(terms.later.as_mut()) {
        Some(movement) => movement.amount.minor += 1,
        None => terms.revision += 1,
    }
    changed
}
