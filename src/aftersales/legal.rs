//! An order in; whether it is in a state an order may be in, whatever was done to it. Knows nothing of the policy: no merchant's
//! file can make these wrong.

use super::nouns::{Order, Status};

/// # Errors
/// Says what is wrong with it.
pub fn is_legal(order: &Order) -> Result<(), String> {
    whole(order)?;
    money(order)?;
    fields(order)
}

/// Whether an order that was `was` may be `now` next, by a deed or by the shop's own doing.
pub fn may_follow(was: Status, now: Status) -> bool {
    use Status::{Cancelled, Delivered, ExchangeRequested, ItemsModified, Pending, Processed, ReturnRequested};
    let next: &[Status] = match was {
        Pending => &[Pending, ItemsModified, Processed, Cancelled],
        ItemsModified => &[ItemsModified, Processed, Cancelled],
        Processed => &[Processed, Delivered, Cancelled],
        Delivered => &[Delivered, ReturnRequested, ExchangeRequested],
        Cancelled => &[Cancelled],
        ReturnRequested => &[ReturnRequested],
        ExchangeRequested => &[ExchangeRequested],
    };
    next.contains(&now)
}

fn whole(order: &Order) -> Result<(), String> {
    if order.id.is_empty() || order.customer.is_empty() {
        return Err("it has no id or no customer".to_owned());
    }
    if order.items.is_empty() {
        return Err("it has no items".to_owned());
    }
    if let Some(item) = order.items.iter().find(|i| i.id.is_empty() || i.item_group_id.is_empty() || i.price.minor < 0) {
        return Err(format!("item {} has no id, no product or a negative price", item.id));
    }
    Ok(())
}

/// One currency; never more refunded than was paid before; in the end what the items cost, or nothing when it is cancelled.
fn money(order: &Order) -> Result<(), String> {
    let amounts = order.items.iter().map(|i| &i.price).chain(order.payments.iter().map(|p| &p.amount)).chain(&order.price_difference);
    if let Some(other) = amounts.into_iter().find(|m| m.currency != order.currency()) {
        return Err(format!("{other} is not in {}", order.currency()));
    }
    let mut paid = 0;
    for payment in &order.payments {
        paid += payment.signed();
        if payment.amount.minor < 0 || paid < 0 {
            return Err(format!("{} is refunded that was not paid", payment.amount));
        }
    }
    let owed = if order.status == Status::Cancelled { 0 } else { order.worth() };
    if paid != owed {
        return Err(format!("{} is paid, {} is owed", order.money(paid), order.money(owed)));
    }
    Ok(())
}

/// What a return, an exchange and a cancellation write is there exactly in their states.
fn fields(order: &Order) -> Result<(), String> {
    let (returning, exchanging) = (order.status == Status::ReturnRequested, order.status == Status::ExchangeRequested);
    let wrong = [
        (returning != order.return_items.is_empty(), "return_items"),
        (exchanging != order.exchange_items.is_empty(), "exchange_items"),
        (order.exchange_items.len() == order.exchange_new_items.len(), "exchange_new_items"),
        (exchanging == order.price_difference.is_some(), "price_difference"),
        ((returning || exchanging) == order.payment_method.is_some(), "payment_method"),
        // An order that was read as cancelled has no reason.
        (order.status == Status::Cancelled || order.cancel_reason.is_none(), "cancel_reason"),
    ];
    if let Some((_, field)) = wrong.iter().find(|(right, _)| !right) {
        return Err(format!("{field} does not belong to an order that is {:?}", order.status));
    }
    for ids in [&order.return_items, &order.exchange_items] {
        let mut left: Vec<&str> = order.items.iter().map(|i| i.id.as_str()).collect();
        for id in ids {
            let at = left.iter().position(|l| l == id).ok_or_else(|| format!("{id} goes back more often than it was sent"))?;
            left.swap_remove(at);
        }
    }
    Ok(())
}
