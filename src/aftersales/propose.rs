//! A deed, the case and the policy in; a `Proposal` with the exact differences out, or the reason there is none. Writes nothing.
//!
//! Every rule is asked here and nowhere else. `carry_out` asks again by calling this.

use super::deed::{Deed, Kind};
use super::nouns::{Address, Case, Order, PaymentKind, PaymentMethod, Shelf};
use super::policy::{Policy, Rule};
use super::proposal::{Change, Move, Notice, Proposal, Terms};
use super::refusal::{Refusal, Why};
use super::rules;

/// What `deed` would do to `case` now.
///
/// # Errors
/// The first rule it breaks, with the policy's clause.
pub fn propose(case: &Case, shelf: &Shelf, policy: &Policy, deed: &Deed, now_ms: i64) -> Result<Proposal, Refusal> {
    let kind = deed.kind();
    let Some(rule) = policy.deeds.get(&kind) else {
        return Err(Refusal { why: Why::NotOffered, clause: policy.clause.clone() });
    };
    let desk = Desk { case, shelf, policy, rule, kind, now_ms };
    let terms = desk.terms(deed).map_err(|why| Refusal { why, clause: rule.clause.clone() })?;
    Ok(Proposal { deed: deed.clone(), terms, expires_ms: now_ms + i64::from(policy.confirm_minutes) * 60_000 })
}

/// What every deed is looked at with.
struct Desk<'a> {
    case: &'a Case,
    shelf: &'a Shelf,
    policy: &'a Policy,
    rule: &'a Rule,
    kind: Kind,
    now_ms: i64,
}

impl Desk<'_> {
    fn terms(&self, deed: &Deed) -> Result<Terms, Why> {
        match deed {
            Deed::Cancel { order_id, reason } => self.cancel(self.order(order_id)?, reason),
            Deed::ModifyAddress { order_id, address } => self.modify_address(self.order(order_id)?, address),
            Deed::ModifyPayment { order_id, payment_method_id } => self.modify_payment(self.order(order_id)?, payment_method_id),
            Deed::ModifyItems { order_id, item_ids, new_item_ids, payment_method_id }
            | Deed::Exchange { order_id, item_ids, new_item_ids, payment_method_id } => {
                self.swap(self.order(order_id)?, item_ids, new_item_ids, payment_method_id)
            }
            Deed::Return { order_id, item_ids, payment_method_id } => self.return_items(self.order(order_id)?, item_ids, payment_method_id),
            Deed::ModifyProfile { user_id, address } => self.modify_profile(user_id, address),
        }
    }

    /// The customer's own order, in a state in which the deed may be done.
    fn order(&self, id: &str) -> Result<&Order, Why> {
        let order = self.case.order(id).filter(|o| o.customer == self.case.customer.id).ok_or(Why::UnknownOrder)?;
        rules::may(self.rule, self.kind, order, self.now_ms)?;
        Ok(order)
    }

    fn cancel(&self, order: &Order, reason: &str) -> Result<Terms, Why> {
        if !self.rule.reasons.iter().any(|r| r.name == reason) {
            return Err(Why::UnknownReason { may: self.rule.reasons.iter().map(|r| r.name.clone()).collect() });
        }
        let changes = vec![Change::Cancelled { reason: reason.to_owned() }];
        let moves = self.refunds(order)?;
        self.of_order(order, changes, moves, None)
    }

    fn modify_address(&self, order: &Order, address: &Address) -> Result<Terms, Why> {
        let change = moved(&order.address, address)?;
        self.of_order(order, vec![change], Vec::new(), None)
    }

    fn modify_payment(&self, order: &Order, method: &str) -> Result<Terms, Why> {
        let method = rules::method(self.case, self.rule, method)?;
        let was: Vec<String> = order.paid_by().into_iter().map(|(id, _)| id.to_owned()).collect();
        if was.contains(&method.id) {
            return Err(Why::SameMethod);
        }
        rules::covers(self.case, order, method, order.paid())?;
        let mut moves = vec![self.movement(order, order.paid(), method)];
        moves.extend(self.refunds(order)?);
        self.of_order(order, vec![Change::Method { was, now: method.id.clone() }], moves, None)
    }

    /// Items of a pending order become other variants at once; those of a delivered one when they are back.
    fn swap(&self, order: &Order, ids: &[String], into: &[String], method: &str) -> Result<Terms, Why> {
        if ids.len() != into.len() {
            return Err(Why::UnequalLists);
        }
        let mut changes = Vec::with_capacity(ids.len());
        let mut difference = 0;
        for (at, into) in rules::positions(order, ids)?.into_iter().zip(into) {
            let was = &order.items[at];
            let now = rules::swap(was, into, self.shelf, self.rule)?;
            difference += now.price.minor - was.price.minor;
            changes.push(Change::Item { at, was: was.clone(), now });
        }
        let method = rules::method(self.case, self.rule, method)?;
        rules::covers(self.case, order, method, difference)?;
        let money = self.movement(order, difference, method);
        let (moves, later) = if self.kind == Kind::Exchange { (Vec::new(), Some(money)) } else { (vec![money], None) };
        self.of_order(order, changes, moves, later)
    }

    fn return_items(&self, order: &Order, ids: &[String], method: &str) -> Result<Terms, Why> {
        let positions = rules::positions(order, ids)?;
        let method = self.case.customer.method(method).ok_or(Why::UnknownMethod)?;
        let routes = rules::refund_routes(self.case, self.rule, order);
        if !routes.contains(&method) {
            return Err(Why::RefundRoute { may: routes.iter().map(|m| m.id.clone()).collect() });
        }
        let sum: i64 = positions.iter().map(|at| order.items[*at].price.minor).sum();
        let changes = positions.into_iter().map(|at| Change::Back { at, item: order.items[at].clone() }).collect();
        let later = self.movement(order, -sum, method);
        self.of_order(order, changes, Vec::new(), Some(later))
    }

    fn modify_profile(&self, user: &str, address: &Address) -> Result<Terms, Why> {
        let customer = &self.case.customer;
        if customer.id != user {
            return Err(Why::UnknownCustomer);
        }
        let change = moved(&customer.address, address)?;
        Ok(Terms {
            policy: self.policy.version,
            clause: self.rule.clause.clone(),
            revision: customer.revision,
            becomes: None,
            changes: vec![change],
            moves: Vec::new(),
            later: None,
            notices: Vec::new(),
        })
    }

    /// Gives back what was paid for the order, to what paid it, and never more than that.
    fn refunds(&self, order: &Order) -> Result<Vec<Move>, Why> {
        let refund = |(id, share): (&str, i64)| {
            let method = self.case.customer.method(id).ok_or(Why::UnknownMethod)?;
            Ok(self.movement(order, -share, method))
        };
        order.paid_by().into_iter().map(refund).collect()
    }

    /// A positive `amount` is paid, anything else refunded: that nothing is due is on record too, with the method that was named.
    fn movement(&self, order: &Order, amount: i64, method: &PaymentMethod) -> Move {
        let kind = if amount > 0 { PaymentKind::Payment } else { PaymentKind::Refund };
        let arrives = (amount < 0).then(|| self.policy.arrival(method.kind));
        Move { kind, amount: order.money(amount.abs()), method: method.id.clone(), arrives }
    }

    fn of_order(&self, order: &Order, changes: Vec<Change>, moves: Vec<Move>, later: Option<Move>) -> Result<Terms, Why> {
        let back: i64 = -moves.iter().chain(&later).map(Move::signed).sum::<i64>();
        if let Some(above) = &self.rule.person_above
            && (above.currency != order.currency() || back > above.minor)
        {
            return Err(Why::NeedsPerson { above: above.clone() });
        }
        let becomes = self.kind.leads_to(order.status);
        Ok(Terms {
            policy: self.policy.version,
            clause: self.rule.clause.clone(),
            revision: order.revision,
            becomes: Some(becomes),
            changes,
            moves,
            later,
            notices: self.notices(order, becomes),
        })
    }

    fn notices(&self, order: &Order, becomes: super::Status) -> Vec<Notice> {
        let of_items = matches!(self.kind, Kind::ModifyItems | Kind::Return | Kind::Exchange);
        let done = order.deeds.iter().filter(|d| **d == self.kind).count() + 1;
        let again = self.rule.status.contains(&becomes) && self.rule.times.is_none_or(|times| done < times as usize);
        let mut notices = Vec::new();
        if of_items && !again {
            notices.push(Notice::AllItemsNow);
        }
        if !self.policy.open(becomes) {
            notices.push(Notice::NothingAfter);
        }
        if self.rule.email {
            notices.push(Notice::EmailFollows);
        }
        notices
    }
}

/// The change of an address, which must be whole and another one.
fn moved(was: &Address, now: &Address) -> Result<Change, Why> {
    for (field, text) in [("address1", &now.address1), ("city", &now.city), ("country", &now.country), ("zip", &now.zip)] {
        if text.trim().is_empty() {
            return Err(Why::AddressIncomplete { field: field.to_owned() });
        }
    }
    if was == now {
        return Err(Why::NothingChanges);
    }
    Ok(Change::Address { was: was.clone(), now: now.clone() })
}
