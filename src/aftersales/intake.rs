//! An order or a gift card as the shop's file has it, beside what is known of it, in; the ledger's entries that are missing out.

use super::ledger::{Account, Entry, due};
use super::nouns::{Customer, Order, Payment, PaymentKind};
use crate::catalog::Money;

/// What the ledger lacks of an order that was read. History only grows: the payments read must begin with those known.
///
/// # Errors
/// Says which payment contradicts the ledger.
pub fn of_order(was: Option<&Order>, now: &Order, customer: &Customer, at_ms: i64) -> Result<Vec<Entry>, String> {
    let known = was.map_or(&[][..], |w| &w.payments);
    let fresh = extends(known, &now.payments)?;
    let mut entries = Vec::new();
    // What is no longer due is given back to the order before money moves, what is newly due is taken from it after: an order's
    // account is never below zero on the way.
    let more = due(now) - was.map_or(0, due);
    let agreed = |kind| Entry::between(Account::Due(now.id.clone()), &now.id, None, kind, &now.money(more.abs()), at_ms);
    if more < 0 {
        entries.push(agreed(PaymentKind::Payment));
    }
    for payment in fresh {
        entries.push(Entry::read(now, payment, at_ms));
        entries.extend(issued_for(customer, payment, at_ms)?);
    }
    if more > 0 {
        entries.push(agreed(PaymentKind::Refund));
    }
    Ok(entries)
}

/// What the ledger lacks of a gift card: it holds `held`, the record says `balance`.
pub fn of_card(id: &str, held: i64, balance: &Money, at_ms: i64) -> Option<Entry> {
    let missing = balance.minor - held;
    (missing != 0).then(|| issued(id, &Money { minor: missing, ..balance.clone() }, at_ms))
}

/// The payments that are new.
fn extends<'a>(known: &[Payment], read: &'a [Payment]) -> Result<&'a [Payment], String> {
    let shown = |p: &Payment| {
        let (what, to) = if p.kind == PaymentKind::Payment { ("payment", "from") } else { ("refund", "to") };
        format!("a {what} of {} {to} {}", p.amount, p.method)
    };
    for (n, known) in known.iter().enumerate() {
        match read.get(n) {
            Some(read) if read == known => {}
            Some(read) => return Err(format!("number {} is {}, the ledger has {}", n + 1, shown(read), shown(known))),
            None => return Err(format!("number {} is missing, the ledger has {}", n + 1, shown(known))),
        }
    }
    Ok(&read[known.len()..])
}

/// A gift card's balance as it was read is what is left after all payments that were read: what such a payment took must have been
/// on the card.
fn issued_for(customer: &Customer, payment: &Payment, at_ms: i64) -> Result<Option<Entry>, String> {
    let Some(balance) = customer.method(&payment.method).and_then(|m| m.balance.as_ref()) else { return Ok(None) };
    if balance.currency != payment.amount.currency {
        return Err(format!("{} cannot move on {}, a gift card in {}", payment.amount, payment.method, balance.currency));
    }
    let spent = payment.signed();
    Ok((spent != 0).then(|| issued(&payment.method, &Money { minor: spent, ..payment.amount.clone() }, at_ms)))
}

/// What is put on a card, or, below zero, taken from it.
fn issued(card: &str, amount: &Money, at_ms: i64) -> Entry {
    let (mut from, mut to) = (Account::Issued, Account::Method(card.to_owned()));
    if amount.minor < 0 {
        std::mem::swap(&mut from, &mut to);
    }
    let amount = Money { minor: amount.minor.abs(), ..amount.clone() };
    Entry { at_ms, deed: None, order: None, from, to, amount }
}
