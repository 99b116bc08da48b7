//! What a deed has brought about, judged from the page `policy.md` alone: the case before and after in, what is wrong out. Written
//! apart from the rules of the program and sharing none of their code, so that both would have to be wrong in the same way.

use crate::aftersales::Deed;
use crate::aftersales::legal::{is_legal, may_follow};
use crate::aftersales::nouns::{Case, MethodKind, Order, PaymentKind, Shelf, Status};
use crate::catalog::{Availability, Money};

pub type Judge = fn(&Case, &Case, &Deed, &Shelf) -> Result<(), String>;

/// What must hold under any policy: one order and what it is paid with, nothing else; history only grows; balances follow it.
pub fn sane(before: &Case, after: &Case, deed: &Deed) -> Result<(), String> {
    for (was, now) in before.orders.iter().zip(&after.orders) {
        is_legal(now)?;
        let meant = deed.order() == Some(now.id.as_str());
        ensure(meant || was == now, "another order changed")?;
        ensure(may_follow(was.status, now.status), "the state cannot follow")?;
        ensure(now.payments.starts_with(&was.payments), "history was rewritten")?;
        ensure(!meant || now.revision > was.revision, "the revision stands still")?;
    }
    ensure(before.orders.len() == after.orders.len(), "an order came or went")?;
    for (was, now) in before.customer.payment_methods.iter().zip(&after.customer.payment_methods) {
        let spent = moved(before, after).iter().filter(|(id, _)| *id == now.id).map(|(_, sum)| sum).sum::<i64>();
        let balance = |m: &Option<Money>| m.as_ref().map_or(0, |b| b.minor);
        match now.kind {
            MethodKind::GiftCard => ensure(balance(&now.balance) == balance(&was.balance) - spent, "the balance is not what was moved")?,
            _ => ensure(was == now, "a method changed")?,
        }
        ensure(balance(&now.balance) >= 0, "a gift card is overdrawn")?;
    }
    Ok(())
}

/// What `policy.md` says of each deed.
pub fn by_the_page(before: &Case, after: &Case, deed: &Deed, shelf: &Shelf) -> Result<(), String> {
    if let Deed::ModifyProfile { user_id, address } = deed {
        ensure(*user_id == before.customer.id && after.customer.address == *address, "not the customer's own address")?;
        return ensure(before.orders == after.orders, "an order changed with the profile");
    }
    let find = |case: &Case| case.orders.iter().find(|o| Some(o.id.as_str()) == deed.order()).cloned();
    let (Some(was), Some(now)) = (find(before), find(after)) else { return Err("not an order of this customer".to_owned()) };
    ensure(was.customer == before.customer.id, "not an order of this customer")?;
    ensure(before.customer.address == after.customer.address, "the profile changed with an order")?;
    let from_to = |from, to| ensure(was.status == from && now.status == to, &format!("{:?} became {:?}", was.status, now.status));
    let kept = |items: bool, address: bool| {
        ensure(!items || was.items == now.items, "items changed")?;
        ensure(!address || was.address == now.address, "the address changed")
    };
    match deed {
        Deed::Cancel { reason, .. } => {
            from_to(Status::Pending, Status::Cancelled)?;
            kept(true, true)?;
            ensure(reason == "no longer needed" || reason == "ordered by mistake", "a reason the page does not have")?;
            ensure(now.cancel_reason.as_ref() == Some(reason), "the reason was not written")?;
            let back: i64 = now.payments[was.payments.len()..].iter().map(|p| p.amount.minor).sum();
            ensure(back == was.items.iter().map(|i| i.price.minor).sum::<i64>(), "not the total was refunded")?;
            let paid_it = |id: &String| was.payments.iter().any(|p| p.method == *id && p.kind == PaymentKind::Payment);
            ensure(now.payments[was.payments.len()..].iter().all(|p| paid_it(&p.method)), "refunded to what did not pay")
        }
        Deed::ModifyAddress { address, .. } => {
            from_to(Status::Pending, Status::Pending)?;
            kept(true, false)?;
            ensure(now.address == *address && now.payments == was.payments, "not just the address")
        }
        Deed::ModifyPayment { payment_method_id: to, .. } => {
            from_to(Status::Pending, Status::Pending)?;
            kept(true, true)?;
            ensure(was.payments.len() == 1 && was.payments[0].method != *to, "changed before, or to the same")?;
            let total: i64 = was.items.iter().map(|i| i.price.minor).sum();
            can_pay(before, to, total)?;
            let lines: Vec<_> = now.payments[1..].iter().map(|p| (p.kind, p.amount.minor, &p.method)).collect();
            let wanted = [(PaymentKind::Payment, total, to), (PaymentKind::Refund, total, &was.payments[0].method)];
            ensure(lines == wanted, "not paid anew and refunded")
        }
        Deed::ModifyItems { item_ids, new_item_ids, payment_method_id, .. } => {
            from_to(Status::Pending, Status::ItemsModified)?;
            kept(false, true)?;
            let difference = swapped(&was, item_ids, new_item_ids, shelf)?;
            can_pay(before, payment_method_id, difference)?;
            let mut wanted: Vec<String> = was.items.iter().map(|i| i.id.clone()).collect();
            for id in item_ids {
                wanted.remove(wanted.iter().position(|w| w == id).ok_or("an item that is not there")?);
            }
            wanted.extend(new_item_ids.iter().cloned());
            wanted.sort();
            let mut ids: Vec<String> = now.items.iter().map(|i| i.id.clone()).collect();
            ids.sort();
            ensure(ids == wanted, "not the items that were named")?;
            let lines: Vec<_> = now.payments[was.payments.len()..].iter().map(|p| (p.signed(), &p.method)).collect();
            ensure(lines == [(difference, payment_method_id)], "not the difference was paid or refunded")
        }
        Deed::Return { item_ids, payment_method_id: to, .. } => {
            from_to(Status::Delivered, Status::ReturnRequested)?;
            kept(true, true)?;
            ensure(now.payments == was.payments, "money moved before the items are back")?;
            let method = before.customer.payment_methods.iter().find(|m| m.id == *to).ok_or("not the customer's method")?;
            let paid = was.payments.iter().any(|p| p.method == *to && p.kind == PaymentKind::Payment);
            ensure(method.kind == MethodKind::GiftCard || paid, "refunded neither to what paid nor to a gift card")?;
            ensure(same(&now.return_items, item_ids) && contains(&was, item_ids), "not the items that were named")
        }
        Deed::Exchange { item_ids, new_item_ids, payment_method_id, .. } => {
            from_to(Status::Delivered, Status::ExchangeRequested)?;
            kept(true, true)?;
            ensure(now.payments == was.payments, "money moved before the items are back")?;
            let difference = swapped(&was, item_ids, new_item_ids, shelf)?;
            can_pay(before, payment_method_id, difference)?;
            ensure(now.price_difference.as_ref().map(|d| d.minor) == Some(difference), "another difference was written")?;
            ensure(same(&now.exchange_items, item_ids) && same(&now.exchange_new_items, new_item_ids), "not the items that were named")
        }
        Deed::ModifyProfile { .. } => Ok(()),
    }
}

/// The price difference of a swap the page allows.
fn swapped(order: &Order, ids: &[String], into: &[String], shelf: &Shelf) -> Result<i64, String> {
    ensure(!ids.is_empty() && ids.len() == into.len() && contains(order, ids), "not items of the order")?;
    let mut difference = 0;
    for (id, into) in ids.iter().zip(into) {
        let (item, variant) = (order.items.iter().find(|i| i.id == *id).ok_or("no item")?, shelf.get(into).ok_or("no variant")?);
        ensure(variant.group == item.item_group_id, "another product")?;
        ensure(variant.offer.availability == Availability::InStock, "not to be had")?;
        difference += variant.offer.price.as_ref().ok_or("no price")?.minor - item.price.minor;
    }
    Ok(difference)
}

fn can_pay(case: &Case, method: &str, amount: i64) -> Result<(), String> {
    let method = case.customer.payment_methods.iter().find(|m| m.id == method).ok_or("not the customer's method")?;
    let enough = method.balance.as_ref().is_none_or(|b| b.minor >= amount);
    ensure(enough, "the gift card has not enough")
}

/// What has newly been paid (below zero: refunded) with each method.
fn moved<'a>(before: &Case, after: &'a Case) -> Vec<(&'a str, i64)> {
    let new = |(was, now): (&Order, &'a Order)| now.payments.get(was.payments.len()..).unwrap_or_default();
    before.orders.iter().zip(&after.orders).flat_map(new).map(|p| (p.method.as_str(), p.signed())).collect()
}

fn contains(order: &Order, ids: &[String]) -> bool {
    let count = |id: &String| ids.iter().filter(|i| *i == id).count();
    ids.iter().all(|id| count(id) <= order.items.iter().filter(|i| i.id == *id).count())
}

fn same(written: &[String], named: &[String]) -> bool {
    let sorted = |ids: &[String]| {
        let mut ids = ids.to_vec();
        ids.sort();
        ids
    };
    sorted(written) == sorted(named)
}

fn ensure(right: bool, wrong: &str) -> Result<(), String> {
    if right { Ok(()) } else { Err(wrong.to_owned()) }
}
