//! The single rules a deed is held to, each a question with a typed no.

use super::deed::Kind;
use super::nouns::{Case, MethodKind, Order, OrderItem, PaymentMethod, Shelf, Status};
use super::policy::{Route, Rule};
use super::refusal::Why;
use crate::catalog::Availability;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Whether the order's state, the times it was done before and the period allow it.
pub fn may(rule: &Rule, kind: Kind, order: &Order, now_ms: i64) -> Result<(), Why> {
    if !rule.status.contains(&order.status) {
        return Err(Why::WrongStatus { is: order.status, may: rule.status.clone() });
    }
    if let Some(times) = rule.times
        && order.deeds.iter().filter(|d| **d == kind).count() >= times as usize
    {
        return Err(Why::TooOften { times });
    }
    if let Some(days) = rule.within_days {
        let began = if order.status == Status::Delivered { order.delivered_ms } else { order.placed_ms };
        let began = began.ok_or(Why::UnknownDate)?;
        if now_ms - began > i64::from(days) * DAY_MS {
            return Err(Why::TooLate { days });
        }
    }
    Ok(())
}

/// The customer's own payment method of that id, of a kind the rule allows.
pub fn method<'a>(case: &'a Case, rule: &Rule, id: &str) -> Result<&'a PaymentMethod, Why> {
    let method = case.customer.method(id).ok_or(Why::UnknownMethod)?;
    if !rule.methods.is_empty() && !rule.methods.contains(&method.kind) {
        return Err(Why::MethodKindNotAllowed { may: rule.methods.clone() });
    }
    Ok(method)
}

/// Whether `method` can pay `amount` for `order`: a gift card must have it. What the customer's open exchanges will take from the
/// card when the items are back is no longer there to be spent.
pub fn covers(case: &Case, order: &Order, method: &PaymentMethod, amount: i64) -> Result<(), Why> {
    if method.kind != MethodKind::GiftCard || amount <= 0 {
        return Ok(());
    }
    let balance = method.balance.as_ref().filter(|b| b.currency == order.currency()).ok_or(Why::OtherCurrency)?;
    let open = case.orders.iter().filter(|o| o.status == Status::ExchangeRequested && o.payment_method.as_ref() == Some(&method.id));
    let promised: i64 = open.filter_map(|o| o.price_difference.as_ref()).map(|d| d.minor.max(0)).sum();
    if balance.minor - promised < amount {
        return Err(Why::BalanceTooLow { has: order.money(balance.minor - promised), needs: order.money(amount) });
    }
    Ok(())
}

/// The customer's methods a refund for `order` may go to.
pub fn refund_routes<'a>(case: &'a Case, rule: &Rule, order: &Order) -> Vec<&'a PaymentMethod> {
    let paid = order.paid_by();
    let original = |m: &PaymentMethod| paid.iter().any(|(id, _)| *id == m.id);
    let may = |m: &&PaymentMethod| {
        rule.refund_to.iter().any(|route| match route {
            Route::Original => original(m),
            Route::GiftCard => m.kind == MethodKind::GiftCard,
        })
    };
    case.customer.payment_methods.iter().filter(may).collect()
}

/// Where on the order the named items are. An item named twice must be there twice.
pub fn positions(order: &Order, ids: &[String]) -> Result<Vec<usize>, Why> {
    if ids.is_empty() {
        return Err(Why::NothingNamed);
    }
    let mut found: Vec<usize> = Vec::with_capacity(ids.len());
    for id in ids {
        let at = order.items.iter().enumerate().position(|(at, item)| item.id == *id && !found.contains(&at));
        found.push(at.ok_or_else(|| Why::NotOnOrder { item: id.clone() })?);
    }
    Ok(found)
}

/// The item as it is once it is the variant `into`: of the same product, to be had at a price, in the order's currency.
pub fn swap(item: &OrderItem, into: &str, shelf: &Shelf, rule: &Rule) -> Result<OrderItem, Why> {
    let variant = shelf.get(into).ok_or_else(|| Why::UnknownVariant { variant: into.to_owned() })?;
    if variant.group != item.item_group_id {
        return Err(Why::OtherProduct { item: item.id.clone(), variant: into.to_owned() });
    }
    if variant.id == item.id && !rule.same_variant {
        return Err(Why::SameVariant { variant: into.to_owned() });
    }
    // What is on its way to the shop cannot be promised in place of what the shopper has: a pre-order is not "in stock" here.
    let price = variant.offer.price.as_ref().filter(|_| variant.offer.availability == Availability::InStock);
    let price = price.ok_or_else(|| Why::OutOfStock { variant: into.to_owned() })?;
    if price.currency != item.price.currency {
        return Err(Why::OtherCurrency);
    }
    Ok(OrderItem { id: variant.id.clone(), price: price.clone(), options: item.options_of(variant), ..item.clone() })
}
