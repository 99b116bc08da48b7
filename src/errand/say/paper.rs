//! A proposal in; what the shopper reads before saying yes out: one sentence, every difference line by line, what comes back.

use super::View;
use super::items::clear;
use crate::aftersales::nouns::{OrderItem, PaymentKind};
use crate::aftersales::{Change, Deed, Kind, Move, Notice, Proposal};
use crate::catalog::Money;

/// The text of a `proposal` frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paper {
    pub summary: String,
    pub changes: Vec<String>,
    /// All that comes back, and where to; none when nothing does.
    pub refund: Option<String>,
}

pub fn paper(proposal: &Proposal, view: &View<'_>) -> Paper {
    let v = *view;
    let terms = &proposal.terms;
    let changes = terms.changes.iter().map(|change| self::change(&v, change, proposal.deed.kind()));
    let money = money(&v, proposal, false);
    let notices = terms.notices.iter().map(|notice| self::notice(&v, *notice, proposal.deed.kind()).to_owned());
    Paper {
        summary: v.set(&summary(&v, proposal)),
        changes: changes.chain(money).chain(notices).map(|line| v.set(&line)).collect(),
        refund: refund(&v, proposal).map(|text| v.set(&text)),
    }
}

/// "Return 2 items of order #W…: Electric Kettle, Wall Clock"
pub fn summary(v: &View<'_>, proposal: &Proposal) -> String {
    let items: Vec<&OrderItem> = proposal.terms.changes.iter().filter_map(of_item).collect();
    let (n, titles) = (items.len(), v.titles(&items, 4));
    let things = if n == 1 { "1 item".to_owned() } else { format!("{n} items") };
    match &proposal.deed {
        Deed::Cancel { order_id, .. } => v.by(format!("取消订单 {order_id}（整单）"), format!("Cancel the whole order {order_id}")),
        Deed::ModifyAddress { order_id, .. } => {
            v.by(format!("修改订单 {order_id} 的收货地址"), format!("Change the delivery address of order {order_id}"))
        }
        Deed::ModifyPayment { order_id, payment_method_id } => {
            let method = v.method(payment_method_id);
            v.by(format!("订单 {order_id} 改用 {method} 付款"), format!("Pay order {order_id} with {method} instead"))
        }
        Deed::ModifyItems { order_id, .. } => {
            v.by(format!("订单 {order_id} 更改 {n} 件商品：{titles}"), format!("Change {things} of order {order_id}: {titles}"))
        }
        Deed::Return { order_id, .. } => {
            v.by(format!("订单 {order_id} 退货 {n} 件：{titles}"), format!("Return {things} of order {order_id}: {titles}"))
        }
        Deed::Exchange { order_id, .. } => {
            v.by(format!("订单 {order_id} 换货 {n} 件：{titles}"), format!("Exchange {things} of order {order_id}: {titles}"))
        }
        Deed::ModifyProfile { .. } => v.by("修改您的默认地址", "Change your default address").to_owned(),
    }
}

pub fn of_item(change: &Change) -> Option<&OrderItem> {
    match change {
        Change::Item { was, .. } => Some(was),
        Change::Back { item, .. } => Some(item),
        _ => None,
    }
}

pub fn change(v: &View<'_>, change: &Change, kind: Kind) -> String {
    match change {
        Change::Cancelled { reason } => {
            let reason = v.reason(reason);
            v.by(format!("原因：{reason}"), format!("Reason: {reason}"))
        }
        Change::Address { was, now } => {
            let (was, now) = (v.address(was), v.address(now));
            v.by(format!("地址：{was} → {now}"), format!("Address: {was} → {now}"))
        }
        Change::Method { was, now } => {
            let was = v.all_of(&was.iter().map(|id| v.method(id)).collect::<Vec<_>>());
            let now = v.method_and_balance(now);
            v.by(format!("付款方式：{was} → {now}"), format!("Payment: {was} → {now}"))
        }
        Change::Item { was, now, .. } => swapped(v, was, now),
        Change::Back { item, .. } if kind == Kind::Return => {
            let line = v.item_and_price(item);
            v.by(format!("退回：{line}"), format!("Goes back: {line}"))
        }
        Change::Back { item, .. } => v.item_and_price(item),
    }
}

/// "Water Bottle: color blue → black; same glass; $47.84 → $47.10"
fn swapped(v: &View<'_>, was: &OrderItem, now: &OrderItem) -> String {
    let (mut parts, mut same) = (Vec::new(), Vec::new());
    for (name, old) in &was.options {
        match now.options.get(name) {
            Some(new) if new != old => {
                let (called, was, now) = (v.name(name), v.value(name, old), v.value(name, new));
                parts.push(match clear(name, old) && clear(name, new) {
                    true => v.by(format!("{called}由 {was} 改为 {now}"), format!("{called} {was} → {now}")),
                    false => v.by(format!("{called}由“{was}”改为“{now}”"), format!("{called} {was} → {now}")),
                });
            }
            _ => same.push(v.option(name, old)),
        }
    }
    let kept = same.join(v.by("，", ", "));
    match (parts.is_empty(), kept.is_empty()) {
        (false, false) => parts.push(v.by(format!("不变：{kept}"), format!("as before: {kept}"))),
        (true, false) => parts.push(v.by(format!("同样的规格再来一件（{kept}）"), format!("the very same again ({kept})"))),
        (true, true) => parts.push(v.by("同样的规格再来一件", "the very same again").to_owned()),
        (false, true) => {}
    }
    let (old, new) = (was.price.display(), now.price.display());
    parts.push(if old == new { v.by(format!("价格不变，{new}"), format!("same price, {new}")) } else { format!("{old} → {new}") });
    let title = v.title(was);
    v.by(format!("{title}：{}", parts.join("；")), format!("{title}: {}", parts.join("; ")))
}

/// Whether money moves, how much, to or from what, and when; `done` when it has begun to. A difference of nothing is said once.
pub fn money(v: &View<'_>, proposal: &Proposal, done: bool) -> Vec<String> {
    let terms = &proposal.terms;
    let mut lines: Vec<String> = terms.moves.iter().filter(|m| m.amount.minor > 0).map(|m| moved(v, m, done)).collect();
    lines.extend(terms.later.iter().filter(|m| m.amount.minor > 0).map(|m| awaited(v, m)));
    let swaps = matches!(proposal.deed.kind(), Kind::ModifyItems | Kind::Exchange);
    if lines.is_empty() && swaps {
        lines.push(v.by("差价为零：不用补，也不用退。", "The price is the same in all: nothing to pay, nothing to refund.").to_owned());
    }
    lines
}

fn moved(v: &View<'_>, movement: &Move, done: bool) -> String {
    let (sum, method) = (movement.amount.display(), v.method(&movement.method));
    let (to, arrives) = (yours(v, &method), arrives(v, movement));
    match (movement.kind, done) {
        (PaymentKind::Refund, _) => v.by(format!("{sum} 退到 {method}{arrives}。"), format!("{sum} goes back to {to}{arrives}.")),
        (PaymentKind::Payment, true) => v.by(format!("已从 {method} 收取 {sum}。"), format!("{sum} has been charged to {to}.")),
        (PaymentKind::Payment, false) => {
            let balance = v.case.and_then(|case| case.customer.method(&movement.method)).and_then(|m| m.balance.as_ref());
            let left = balance.filter(|b| b.currency == movement.amount.currency);
            let left = left.map(|b| Money::new(b.minor - movement.amount.minor, &b.currency).display());
            let left = left.map(|left| v.by(format!("，卡里还剩 {left}"), format!(", which leaves {left} on it"))).unwrap_or_default();
            v.by(format!("现在从 {method} 收取 {sum}{left}。"), format!("{sum} is charged to {to} now{left}."))
        }
    }
}

/// Of a return or an exchange, that wait for the goods.
fn awaited(v: &View<'_>, movement: &Move) -> String {
    let (sum, method) = (movement.amount.display(), v.method(&movement.method));
    let (to, arrives) = (yours(v, &method), arrives(v, movement));
    match movement.kind {
        PaymentKind::Refund => v.by(
            format!("收到退回的商品后，{sum} 退到 {method}{arrives}。"),
            format!("When the goods are back, {sum} goes to {to}{arrives}."),
        ),
        PaymentKind::Payment => v.by(
            format!("收到退回的商品后，从 {method} 收取差价 {sum}。"),
            format!("When the goods are back, the difference of {sum} is charged to {to}."),
        ),
    }
}

fn arrives(v: &View<'_>, movement: &Move) -> String {
    let when = movement.arrives.map(|arrival| v.arrival(arrival));
    when.map(|when| v.by(format!("，{when}"), format!(", {when}"))).unwrap_or_default()
}

/// "your gift card", but "PayPal".
pub fn yours(v: &View<'_>, method: &str) -> String {
    if method.starts_with("gift card") || method.starts_with("credit card") || method.starts_with("card ") {
        return v.by(method.to_owned(), format!("your {method}"));
    }
    method.to_owned()
}

pub fn notice(v: &View<'_>, notice: Notice, kind: Kind) -> &'static str {
    match (notice, kind) {
        (Notice::AllItemsNow, Kind::Return) => v.by(
            "每个订单只能退一次货，请确认要退的都在上面。",
            "Only one return is possible for an order: please check that everything is listed.",
        ),
        (Notice::AllItemsNow, Kind::Exchange) => v.by(
            "每个订单只能换一次货，请确认要换的都在上面。",
            "Only one exchange is possible for an order: please check that everything is listed.",
        ),
        (Notice::AllItemsNow, _) => v.by(
            "每个订单的商品只能改一次，请确认要改的都在上面。",
            "The items of an order can be changed only once: please check that everything is listed.",
        ),
        (Notice::NothingAfter, Kind::Cancel) => v.by("取消之后不能恢复。", "A cancelled order cannot be opened again."),
        (Notice::NothingAfter, Kind::Return | Kind::Exchange) => {
            v.by("办理之后，这个订单在这里不能再退、再换。", "After that, nothing more of this order can be returned or exchanged here.")
        }
        (Notice::NothingAfter, _) => {
            v.by("办理之后，这个订单在这里不能再改，也不能取消。", "After that, this order cannot be changed or cancelled here any more.")
        }
        (Notice::EmailFollows, _) => v.by("怎么寄回会发邮件告诉您。", "An e-mail will tell you how to send the goods back."),
    }
}

/// What comes back in all, now or later.
fn refund(v: &View<'_>, proposal: &Proposal) -> Option<String> {
    let terms = &proposal.terms;
    let back: Vec<&Move> = terms.moves.iter().chain(&terms.later).filter(|m| m.kind == PaymentKind::Refund && m.amount.minor > 0).collect();
    let currency = &back.first()?.amount.currency;
    let sum = Money::new(back.iter().map(|m| m.amount.minor).sum(), currency).display();
    let methods = v.all_of(&back.iter().map(|m| v.method(&m.method)).collect::<Vec<_>>());
    Some(v.by(format!("{sum}，退到 {methods}"), format!("{sum} to {methods}")))
}
