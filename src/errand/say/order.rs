//! What an order's own record says, in answer to one question about it. What the record does not say (when it arrives) is not said.

use super::names::capital;
use super::paper::{notice, yours};
use super::{Spoken, View, variants as kinds};
use crate::aftersales::nouns::{Order, OrderItem, Payment, PaymentKind, Status};
use crate::aftersales::{Kind, Notice, rules};

pub fn status(v: &View<'_>, order: &Order) -> Spoken {
    let id = &order.id;
    let text = match order.status {
        Status::Pending => v.by(format!("订单 {id} 待处理，还没有发出。"), format!("Order {id} is pending: it has not been sent yet.")),
        Status::ItemsModified => v.by(
            format!("订单 {id} 待处理，还没有发出；里面的商品已经改过一次。"),
            format!("Order {id} is pending: its items have been changed once, and it has not been sent yet."),
        ),
        Status::Processed => v.by(
            format!("订单 {id} 已处理：已经打包，或者已经交给快递。"),
            format!("Order {id} is processed: it is packed, or with the courier already."),
        ),
        Status::Delivered => v.by(format!("订单 {id} 已经送达。"), format!("Order {id} has been delivered.")),
        Status::Cancelled => {
            let reason = order.cancel_reason.as_deref().map(|r| v.reason(r));
            let reason = reason.map(|r| v.by(format!("，原因是“{r}”"), format!(" (reason: {r})"))).unwrap_or_default();
            v.by(format!("订单 {id} 已经取消{reason}。"), format!("Order {id} is cancelled{reason}."))
        }
        Status::ReturnRequested | Status::ExchangeRequested => return under_way(v, order),
    };
    let waits = matches!(order.status, Status::Pending | Status::ItemsModified | Status::Processed);
    let numbers = numbers(v, order);
    let date = waits.then(|| no_date(v).to_owned());
    let refunded = (order.status == Status::Cancelled).then(|| refunded(v, order)).flatten();
    Spoken::one(text).maybe(joined(v, numbers)).maybe(date).maybe(refunded).maybe(still_possible(v, order))
}

fn no_date(v: &View<'_>) -> &'static str {
    v.by("我这边的记录没有写送达日期，不敢乱说是哪一天。", "My records name no arrival date, so I cannot promise you a day.")
}

/// A return or an exchange that waits for the goods.
fn under_way(v: &View<'_>, order: &Order) -> Spoken {
    let id = &order.id;
    let named = |ids: &[String]| v.titles(&taken(order, ids), 4);
    let what = if order.status == Status::ReturnRequested {
        let items = named(&order.return_items);
        v.by(format!("订单 {id} 已申请退货：{items}。"), format!("A return is under way for order {id}: {items}."))
    } else {
        let items: Vec<String> = taken(order, &order.exchange_items).into_iter().map(|item| v.item(item)).collect();
        let new: Vec<String> = order.exchange_new_items.iter().filter_map(|id| v.shelf.get(id)).map(|p| v.variant(p)).collect();
        let (items, new) = (v.all_of(&items), v.all_of(&new));
        let instead = if new.is_empty() { String::new() } else { v.by(format!("，换成 {new}"), format!(", in exchange for {new}")) };
        v.by(
            format!("订单 {id} 已申请换货：退回 {items}{instead}。"),
            format!("An exchange is under way for order {id}: {items}{instead}."),
        )
    };
    Spoken::one(what).maybe(due(v, order).map(|due| capital(&due)))
}

/// The items of these ids; the same variant may be on the order twice, and is taken once for each time it is named.
fn taken<'o>(order: &'o Order, ids: &[String]) -> Vec<&'o OrderItem> {
    let mut left: Vec<&OrderItem> = order.items.iter().collect();
    ids.iter().filter_map(|id| left.iter().position(|item| item.id == *id).map(|at| left.remove(at))).collect()
}

/// Money that moves when the goods are back; within a sentence.
fn due(v: &View<'_>, order: &Order) -> Option<String> {
    let back = match order.status {
        Status::ReturnRequested => taken(order, &order.return_items).iter().map(|item| item.price.minor).sum(),
        Status::ExchangeRequested => -order.price_difference.as_ref()?.minor,
        _ => return None,
    };
    let method = order.payment_method.as_deref()?;
    let (sum, to) = (order.money(back.abs()).display(), yours(v, &v.method(method)));
    let arrives = v.case?.customer.method(method).map(|m| v.arrival(v.policy.arrival(m.kind)));
    let arrives = arrives.map(|when| v.by(format!("，{when}"), format!(", {when}"))).unwrap_or_default();
    match back {
        1.. => Some(
            v.by(format!("收到退回的商品后，{sum} 退到 {to}{arrives}。"), format!("when the goods are back, {sum} goes to {to}{arrives}.")),
        ),
        0 => Some(v.by("差价为零：不用补，也不用退。", "there is no price difference to pay or to refund.").to_owned()),
        _ => Some(v.by(
            format!("收到退回的商品后，从 {to} 收取差价 {sum}。"),
            format!("when the goods are back, the difference of {sum} is charged to {to}."),
        )),
    }
}

pub fn tracking(v: &View<'_>, order: &Order) -> Spoken {
    let id = &order.id;
    let lines = numbers(v, order);
    if lines.is_empty() {
        return Spoken::one(match order.status {
            Status::Pending | Status::ItemsModified => v.by(
                format!("订单 {id} 还没有发出，所以还没有运单号。"),
                format!("There is no tracking number yet: order {id} has not been sent."),
            ),
            Status::Cancelled => v.by(
                format!("订单 {id} 已经取消，记录里没有运单号。"),
                format!("Order {id} is cancelled, and its record has no tracking number."),
            ),
            _ => v.by(format!("订单 {id} 的记录里没有运单号。"), format!("The record of order {id} has no tracking number.")),
        });
    }
    let date = (order.status == Status::Processed).then(|| no_date(v).to_owned());
    let lead = match order.status {
        Status::Processed => v.by(format!("订单 {id} 已处理。"), format!("Order {id} is processed.")),
        _ => v.by(format!("订单 {id} {}。", v.status(order.status)), format!("Order {id} is {}.", v.status(order.status))),
    };
    Spoken::one(lead).maybe(joined(v, lines)).maybe(date)
}

/// One sentence a parcel.
fn numbers(v: &View<'_>, order: &Order) -> Vec<String> {
    let parcels: Vec<_> = order.fulfillments.iter().filter(|f| !f.tracking_id.is_empty()).collect();
    let several = parcels.len() > 1;
    let sentence = |(n, parcel): (usize, &&crate::aftersales::nouns::Fulfillment)| {
        let number = v.all_of(&parcel.tracking_id);
        if !several {
            let is = if parcel.tracking_id.len() > 1 { "numbers are" } else { "number is" };
            return v.by(format!("运单号是 {number}。"), format!("The tracking {is} {number}."));
        }
        let (n, things) = (n + 1, v.titles(&taken(order, &parcel.item_ids), 3));
        v.by(format!("第 {n} 个包裹（{things}）的运单号是 {number}。"), format!("Parcel {n} ({things}) has the tracking number {number}."))
    };
    parcels.iter().enumerate().map(sentence).collect()
}

fn joined(v: &View<'_>, sentences: Vec<String>) -> Option<String> {
    (!sentences.is_empty()).then(|| sentences.join(v.by("", " ")))
}

pub fn total(v: &View<'_>, order: &Order) -> Spoken {
    let (id, sum, n) = (&order.id, order.money(order.worth()).display(), order.items.len());
    let things = if n == 1 { "1 item".to_owned() } else { format!("{n} items") };
    let of = |kind: PaymentKind| order.payments.iter().filter(|p| p.kind == kind).map(|p| p.amount.minor).sum::<i64>();
    let (paid, back) = (of(PaymentKind::Payment), of(PaymentKind::Refund));
    let moved = match (paid == order.worth(), back) {
        (true, 0) => v.by("已经付清。", "It is paid in full.").to_owned(),
        (_, 0) => v.by(format!("已付 {}。", order.money(paid).display()), format!("{} has been paid.", order.money(paid).display())),
        _ => {
            let (paid, back) = (order.money(paid).display(), order.money(back).display());
            v.by(format!("已付 {paid}，已退 {back}。"), format!("{paid} has been paid and {back} refunded."))
        }
    };
    Spoken::one(v.by(format!("订单 {id} 的 {n} 件商品共 {sum}，{moved}"), format!("Order {id} comes to {sum} for {things}. {moved}")))
}

pub fn items(v: &View<'_>, order: &Order) -> Spoken {
    let (id, sum, n) = (&order.id, order.money(order.worth()).display(), order.items.len());
    let things = if n == 1 { "1 item".to_owned() } else { format!("{n} items") };
    Spoken::one(v.by(format!("订单 {id} 有 {n} 件商品，共 {sum}："), format!("Order {id} has {things}, {sum} in all:")))
        .lines(v.item_lines(&order.items.iter().collect::<Vec<_>>()))
}

pub fn address(v: &View<'_>, order: &Order) -> Spoken {
    let (id, to) = (&order.id, v.address(&order.address));
    let change = v.can(order, Kind::ModifyAddress).then(|| v.wish(Kind::ModifyAddress, Some(id)));
    Spoken::one(match order.status {
        Status::Pending | Status::ItemsModified | Status::Processed => {
            v.by(format!("订单 {id} 寄到：{to}。"), format!("Order {id} goes to {to}."))
        }
        Status::Cancelled => {
            v.by(format!("订单 {id} 已经取消，原来的收货地址是：{to}。"), format!("Order {id} is cancelled; its address was {to}."))
        }
        _ => v.by(format!("订单 {id} 是寄到这里的：{to}。"), format!("Order {id} was delivered to {to}.")),
    })
    .offer(change)
}

pub fn payment(v: &View<'_>, order: &Order) -> Spoken {
    let id = &order.id;
    let change = v.can(order, Kind::ModifyPayment).then(|| v.wish(Kind::ModifyPayment, Some(id)));
    let line = |p: &Payment| {
        let (sum, method) = (p.amount.display(), v.method(&p.method));
        match p.kind {
            PaymentKind::Payment => v.by(format!("{method} 付了 {sum}"), format!("{sum} paid with {}", yours(v, &method))),
            PaymentKind::Refund => v.by(format!("退了 {sum} 到 {method}"), format!("{sum} refunded to {}", yours(v, &method))),
        }
    };
    let spoken = match order.payments.as_slice() {
        [] => Spoken::one(v.by(format!("订单 {id} 的记录里没有付款。"), format!("The record of order {id} has no payment."))),
        [one] => {
            let (sum, method) = (one.amount.display(), v.method(&one.method));
            Spoken::one(
                v.by(format!("订单 {id} 用 {method} 付款，共 {sum}。"), format!("Order {id} was paid with {}: {sum}.", yours(v, &method))),
            )
        }
        several => Spoken::one(v.by(format!("订单 {id} 的收付记录："), format!("This is what was paid and refunded for order {id}:")))
            .lines(several.iter().map(line)),
    };
    spoken.offer(change)
}

pub fn can_do(v: &View<'_>, order: &Order) -> Spoken {
    let id = order.id.as_str();
    let kinds = v.possible(order);
    if kinds.is_empty() {
        return Spoken::one(nothing_possible(v, order));
    }
    let deeds = v.deeds(&kinds);
    let text = v.by(format!("订单 {id} 现在可以{deeds}。"), format!("With order {id} you can now {deeds}."));
    Spoken::one(text).offer(kinds.into_iter().map(|kind| v.wish(kind, Some(id))))
}

pub fn nothing_possible(v: &View<'_>, order: &Order) -> String {
    let (id, state) = (&order.id, v.status(order.status));
    let none =
        v.by(format!("订单 {id} {state}，在这里不能再改动。"), format!("Order {id} is {state}, so nothing of it can be changed here now."));
    after_delivery(v, order).map_or(none.clone(), |after| format!("{none}{}{after}", v.by("", " ")))
}

/// What waits until it is delivered.
fn after_delivery(v: &View<'_>, order: &Order) -> Option<String> {
    let waits = matches!(order.status, Status::Pending | Status::ItemsModified | Status::Processed);
    let after = v.policy.deeds.iter().filter(|(_, rule)| rule.status.contains(&Status::Delivered));
    let after: Vec<Kind> = after.map(|(kind, _)| *kind).collect();
    let deeds = v.deeds(&after);
    (waits && !after.is_empty()).then(|| v.by(format!("送达以后可以{deeds}。"), format!("Once it is delivered you can {deeds}.")))
}

/// The same of an order that was just named; of a closed one there is nothing to add.
fn still_possible(v: &View<'_>, order: &Order) -> Option<String> {
    let kinds = v.possible(order);
    if !kinds.is_empty() {
        let deeds = v.deeds(&kinds);
        return Some(v.by(format!("现在可以{deeds}。"), format!("You can now {deeds}.")));
    }
    let none = v.by("现在在这里不能再改动。", "Nothing of it can be changed here any more.");
    after_delivery(v, order).map(|after| format!("{none}{}{after}", v.by("", " ")))
}

/// What has come back, what is due, or what would come back.
pub fn refund(v: &View<'_>, order: &Order) -> Spoken {
    let id = &order.id;
    if let Some(due) = due(v, order) {
        return Spoken::default().maybe(refunded(v, order)).and(v.by(format!("订单 {id}：{due}"), format!("For order {id}: {due}")));
    }
    if let Some(refunded) = refunded(v, order) {
        return Spoken::one(refunded);
    }
    let none = v.by(format!("订单 {id} 目前没有退款。"), format!("Nothing has been refunded for order {id} so far."));
    Spoken::one(none).maybe(would_come_back(v, order))
}

pub fn would_come_back(v: &View<'_>, order: &Order) -> Option<String> {
    let way = |id: &str| {
        let method = v.case?.customer.method(id)?;
        Some((yours(v, &v.method(id)), v.arrival(v.policy.arrival(method.kind))))
    };
    if v.can(order, Kind::Cancel) {
        let shares = order.paid_by();
        let back: Option<Vec<String>> = shares
            .iter()
            .map(|(id, share)| {
                let (to, when) = way(id)?;
                let sum = order.money(*share).display();
                Some(v.by(format!("{sum} 退到 {to}，{when}"), format!("{sum} goes back to {to}, {when}")))
            })
            .collect();
        let back = back.filter(|b| !b.is_empty())?.join(v.by("；", "; "));
        return Some(v.by(format!("如果取消：{back}。"), format!("If you cancel it, {back}.")));
    }
    if v.can(order, Kind::Return) {
        let rule = v.policy.deeds.get(&Kind::Return)?;
        let routes = rules::refund_routes(v.case?, rule, order);
        let ways: Vec<String> =
            routes.iter().filter_map(|m| way(&m.id)).map(|(to, when)| v.by(format!("{to}（{when}）"), format!("{to} ({when})"))).collect();
        let to = v.one_of(&ways);
        return (!ways.is_empty()).then(|| {
            v.by(
                format!("如果退货，收到退回的商品后，退款可以退到 {to}。"),
                format!("If you return something, its price goes to {to} when the goods are back."),
            )
        });
    }
    None
}

fn refunded(v: &View<'_>, order: &Order) -> Option<String> {
    let refunds: Vec<&Payment> = order.payments.iter().filter(|p| p.kind == PaymentKind::Refund && p.amount.minor > 0).collect();
    let each = |p: &&Payment| {
        let method = v.case.and_then(|case| case.customer.method(&p.method));
        let when = method.map(|m| v.arrival(v.policy.arrival(m.kind)));
        let when = when.map(|when| v.by(format!("（{when}）"), format!(" ({when})"))).unwrap_or_default();
        let (sum, to) = (p.amount.display(), v.method(&p.method));
        v.by(format!("{sum} 退到 {to}{when}"), format!("{sum} to {}{when}", yours(v, &to)))
    };
    let parts = v.all_of(&refunds.iter().map(each).collect::<Vec<_>>());
    let id = &order.id;
    (!refunds.is_empty()).then(|| v.by(format!("订单 {id} 已经退款：{parts}。"), format!("For order {id} the shop has refunded {parts}.")))
}

/// How goods go back, as far as the shop's rules say it.
pub fn sending(v: &View<'_>, order: &Order) -> Spoken {
    if !matches!(order.status, Status::Delivered | Status::ReturnRequested | Status::ExchangeRequested) {
        return status(v, order);
    }
    let mails = notice(v, Notice::EmailFollows, Kind::Return);
    let id = &order.id;
    let agreed = v.by(format!("订单 {id} 的退货或换货办好以后，"), format!("Once a return or an exchange of order {id} is agreed: "));
    let of_it = v.by(format!("订单 {id}："), format!("Order {id}: "));
    let mails = if order.status == Status::Delivered { format!("{agreed}{mails}") } else { format!("{of_it}{mails}") };
    let unknown = v.by(
        "运费多少、哪天能到，我这边的记录没有写，不敢乱说。",
        "My records say nothing of the postage and name no arrival date, so I cannot promise you either.",
    );
    Spoken::one(capital(&mails)).and(unknown).maybe(due(v, order).map(|due| capital(&due)))
}

/// One line for each product of it.
pub fn variants(v: &View<'_>, order: &Order) -> Spoken {
    let mut seen: Vec<&str> = Vec::new();
    let mut lines: Vec<String> = Vec::new();
    for item in &order.items {
        if !seen.contains(&item.item_group_id.as_str()) {
            seen.push(&item.item_group_id);
            lines.extend(kinds::summary(v, item));
        }
    }
    let id = &order.id;
    match lines.len() {
        0 => {
            Spoken::one(v.by(format!("订单 {id} 里的商品现在都不在店里卖了。"), format!("The shop no longer sells what is in order {id}.")))
        }
        1 => Spoken::one(capital(&lines[0])),
        _ => Spoken::one(v.by(format!("订单 {id} 里的商品："), format!("The items of order {id}:"))).lines(v.cut(lines)),
    }
}
