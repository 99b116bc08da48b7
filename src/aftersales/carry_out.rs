//! A confirmed proposal in; the case changed and the ledger's entries out. Applies exactly what was confirmed, once, or nothing.

use super::deed::Kind;
use super::ledger::Entry;
use super::nouns::{Case, Customer, Order, Payment, Shelf};
use super::policy::Policy;
use super::proposal::{Change, Move, Proposal, Terms};
use super::propose::propose;
use super::refusal::{Refusal, Why};

/// Does what the shopper has said yes to. The deed is proposed anew, and only if that gives the very same terms are they carried
/// out: whatever has changed meanwhile (the order, a balance that no longer suffices, a price, the stock, the policy) is found by the
/// rules themselves, and a proposal that was carried out already rests on a revision the order no longer has.
///
/// # Errors
/// `Expired`, `Changed`, or the rule that no longer holds; then nothing was changed.
pub fn carry_out(case: &mut Case, shelf: &Shelf, policy: &Policy, proposal: &Proposal, now_ms: i64) -> Result<Vec<Entry>, Refusal> {
    let Proposal { deed, terms, expires_ms } = proposal;
    let refuse = |why| Refusal { why, clause: terms.clause.clone() };
    if now_ms > *expires_ms {
        return Err(refuse(Why::Expired));
    }
    if propose(case, shelf, policy, deed, now_ms)?.terms != *terms {
        return Err(refuse(Why::Changed));
    }
    let Some(id) = deed.order() else {
        change_profile(&mut case.customer, terms);
        return Ok(Vec::new());
    };
    let order = case.orders.iter_mut().find(|o| o.id == id).ok_or_else(|| refuse(Why::UnknownOrder))?;
    change_order(order, deed.kind(), terms);
    for movement in &terms.moves {
        settle(&mut case.customer, movement);
    }
    let now = terms.moves.iter().map(|m| Entry::moved(id, deed.kind(), m, now_ms));
    let later = terms.later.iter().map(|m| Entry::agreed(id, deed.kind(), m, now_ms));
    Ok(now.chain(later).collect())
}

fn change_profile(customer: &mut Customer, terms: &Terms) {
    for change in &terms.changes {
        if let Change::Address { now, .. } = change {
            customer.address = now.clone();
        }
    }
    customer.revision += 1;
}

fn change_order(order: &mut Order, kind: Kind, terms: &Terms) {
    for change in &terms.changes {
        match change {
            Change::Cancelled { reason } => order.cancel_reason = Some(reason.clone()),
            Change::Address { now, .. } => order.address = now.clone(),
            // The money itself says it: see `moves`.
            Change::Method { .. } => {}
            Change::Item { was, now, .. } if kind == Kind::Exchange => {
                order.exchange_items.push(was.id.clone());
                order.exchange_new_items.push(now.id.clone());
            }
            Change::Item { at, now, .. } => order.items[*at] = now.clone(),
            Change::Back { item, .. } => order.return_items.push(item.id.clone()),
        }
    }
    for list in [&mut order.return_items, &mut order.exchange_items, &mut order.exchange_new_items] {
        list.sort();
    }
    let paid = |m: &Move| Payment { kind: m.kind, amount: m.amount.clone(), method: m.method.clone() };
    order.payments.extend(terms.moves.iter().map(paid));
    if let Some(later) = &terms.later {
        order.payment_method = Some(later.method.clone());
        order.price_difference = (kind == Kind::Exchange).then(|| order.money(later.signed()));
    }
    order.status = terms.becomes.unwrap_or(order.status);
    order.deeds.push(kind);
    order.revision += 1;
}

/// Takes from the customer's gift card or gives back to it; every other method keeps its own books.
fn settle(customer: &mut Customer, movement: &Move) {
    let method = customer.payment_methods.iter_mut().find(|m| m.id == movement.method);
    if let Some(balance) = method.and_then(|m| m.balance.as_mut()) {
        balance.minor -= movement.signed();
        customer.revision += 1;
    }
}
