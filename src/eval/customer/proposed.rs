//! A `proposal` frame and what the customer wants in; what of it is not as they want it out. Read as a person reads it: the number of the
//! order, the titles, the choices, the sums, the names of the methods; and by ids where the frame carries the deed.

use super::naming::{Things, address_of, method_of};
use super::phrases::phrases;
use super::reading::{Slot, whole};
use crate::aftersales::nouns::{MethodKind, OrderItem, PaymentMethod};
use crate::aftersales::{Deed, Kind, Policy, propose};
use crate::catalog::Lang;
use serde_json::Value;

/// Nothing when it fits. `More` is another deed altogether.
pub fn wrong_in(frame: &Value, deed: &Deed, things: &Things<'_>, policy: &Policy) -> Vec<Slot> {
    if let Ok(proposed) = serde_json::from_value::<Deed>(frame["deed"].clone()) {
        return if sorted(&proposed) == sorted(deed) { Vec::new() } else { unlike(&proposed, deed) };
    }
    if serde_json::from_value::<Kind>(frame["action"].clone()).ok() != Some(deed.kind()) {
        return vec![Slot::More];
    }
    let text = Text::of(frame);
    let mut wrong = Vec::new();
    if deed.order().is_some_and(|id| !text.has(id) && !text.has(id.trim_start_matches('#'))) {
        wrong.push(Slot::Order);
    }
    let sum = sum(deed, things, policy);
    let summed = sum.as_ref().map(|sum| text.has(sum));
    if let Some(slot) = items_wrong(&text, deed, things, summed) {
        wrong.push(slot);
    }
    if method_of(deed).is_some_and(|id| !method_fits(&text, id, things)) {
        wrong.push(Slot::Method);
    }
    if let Deed::Cancel { reason, .. } = deed
        && !reason_fits(&text, reason, policy)
    {
        wrong.push(Slot::Reason);
    }
    if address_of(deed).is_some_and(|address| !text.has(&address.address1) || !text.has(&address.zip)) {
        wrong.push(Slot::Address);
    }
    wrong
}

/// All words of a frame in small letters, without the commas within sums.
struct Text(String);

impl Text {
    fn of(frame: &Value) -> Self {
        let mut words = String::new();
        for part in ["summary", "changes", "refund"] {
            gather(&frame[part], &mut words);
        }
        let letters: Vec<char> = words.to_lowercase().chars().collect();
        let digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
        let kept = letters.iter().enumerate().filter(|(at, c)| **c != ',' || *at == 0 || !digit(at - 1) || !digit(at + 1));
        Self(kept.map(|(_, c)| *c).collect())
    }

    fn has(&self, words: &str) -> bool {
        whole(&self.0, &words.to_lowercase())
    }
}

fn gather(value: &Value, words: &mut String) {
    match value {
        Value::String(text) => words.push_str(text),
        Value::Number(number) => words.push_str(&format!("{number} {:.2}", number.as_f64().unwrap_or_default())),
        Value::Array(parts) => parts.iter().for_each(|part| gather(part, words)),
        Value::Object(fields) => fields.values().for_each(|part| gather(part, words)),
        _ => {}
    }
    words.push('\n');
}

/// What the deed moves, now or later, as a frame writes it: "12.30". None where it moves nothing or cannot be done.
fn sum(deed: &Deed, things: &Things<'_>, policy: &Policy) -> Option<String> {
    let terms = propose(things.case, things.shelf, policy, deed, 0).ok()?.terms;
    let money = terms.moves.iter().chain(&terms.later).map(|m| &m.amount).find(|a| a.minor != 0)?;
    Some(money.amount())
}

/// Every item must be named and no other. Which of two like items it is shows in the sum, and what it becomes in the choices, too.
fn items_wrong(text: &Text, deed: &Deed, things: &Things<'_>, summed: Option<bool>) -> Option<Slot> {
    let pairs = things.pairs(deed);
    let order = deed.order().and_then(|id| things.order(id))?;
    if pairs.is_empty() {
        return None;
    }
    let titled = |item: &OrderItem| {
        let chinese = things.titles.get(&item.item_group_id);
        text.has(&item.title) || chinese.is_some_and(|title| text.0.contains(&title.to_lowercase()))
    };
    let wanted = |item: &OrderItem| pairs.iter().any(|(i, _)| i.item_group_id == item.item_group_id);
    // "Tea Kettle" must not be taken for a "Kettle" that stays.
    let inside = |item: &OrderItem| pairs.iter().any(|(i, _)| i.title.to_lowercase().contains(&item.title.to_lowercase()));
    let all = pairs.iter().all(|(item, _)| titled(item));
    if !all || order.items.iter().any(|item| !wanted(item) && !inside(item) && titled(item)) {
        return Some(Slot::Items);
    }
    if matches!(deed, Deed::Return { .. }) {
        return (summed == Some(false)).then_some(Slot::Items);
    }
    let told = |(item, into): &(&OrderItem, Option<&str>)| {
        let now = things.options(item, into.unwrap_or(&item.id));
        now.iter().filter(|(name, value)| item.options.get(*name) != Some(*value)).all(|(name, value)| says(text, name, value))
    };
    // In Chinese the shop may have other words for the choices than the customer.
    let foreign = text.0.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let right = summed.unwrap_or(true) && ((foreign && summed.is_some()) || pairs.iter().all(told));
    (!right).then_some(Slot::Target)
}

fn says(text: &Text, name: &str, value: &str) -> bool {
    let translated = &phrases(Lang::Zh).words.values;
    let chinese = translated.get(&format!("{name}={value}")).or_else(|| translated.get(value));
    text.has(value) || chinese.is_some_and(|words| words.iter().any(|word| text.0.contains(&word.to_lowercase())))
}

/// The method is named, or at least no other is: where nothing is due, none need be.
fn method_fits(text: &Text, id: &str, things: &Things<'_>) -> bool {
    let methods = &things.case.customer.payment_methods;
    let named = |method: &PaymentMethod| {
        let card = method.last_four.as_ref().is_some_and(|four| text.has(four));
        let words: &[&str] = match method.kind {
            MethodKind::CreditCard => &["credit card", "信用卡"],
            MethodKind::GiftCard => &["gift card", "礼品卡"],
            MethodKind::Paypal => &["paypal"],
            MethodKind::Wechat => &["wechat", "微信"],
            MethodKind::Alipay => &["alipay", "支付宝"],
        };
        let alone = methods.iter().filter(|m| m.kind == method.kind).count() == 1;
        card || text.has(&method.id) || (alone && words.iter().any(|word| text.0.contains(word)))
    };
    let (mine, others): (Vec<_>, Vec<_>) = methods.iter().partition(|m| m.id == id);
    mine.into_iter().any(named) || !others.into_iter().any(named)
}

fn reason_fits(text: &Text, reason: &str, policy: &Policy) -> bool {
    let rules = policy.deeds.get(&Kind::Cancel);
    let (mine, others): (Vec<_>, Vec<_>) = rules.into_iter().flat_map(|r| &r.reasons).partition(|r| r.name == reason);
    let named = |r: &&crate::aftersales::policy::Reason| text.has(&r.name) || text.0.contains(&r.zh);
    mine.iter().any(named) || !others.iter().any(named)
}

/// The deed with its items in a fixed order.
fn sorted(deed: &Deed) -> Deed {
    let mut deed = deed.clone();
    match &mut deed {
        Deed::Return { item_ids, .. } => item_ids.sort(),
        Deed::ModifyItems { item_ids, new_item_ids, .. } | Deed::Exchange { item_ids, new_item_ids, .. } => {
            let mut pairs: Vec<(String, String)> = item_ids.drain(..).zip(new_item_ids.drain(..)).collect();
            pairs.sort();
            (*item_ids, *new_item_ids) = pairs.into_iter().unzip();
        }
        _ => {}
    }
    deed
}

fn unlike(proposed: &Deed, deed: &Deed) -> Vec<Slot> {
    if proposed.kind() != deed.kind() {
        return vec![Slot::More];
    }
    let items = |deed: &Deed| super::naming::pairs(&sorted(deed)).into_iter().map(|(was, _)| was.to_owned()).collect::<Vec<_>>();
    let targets = |deed: &Deed| super::naming::pairs(&sorted(deed)).into_iter().map(|(_, now)| now.map(str::to_owned)).collect::<Vec<_>>();
    let reason = |deed: &Deed| if let Deed::Cancel { reason, .. } = deed { Some(reason.clone()) } else { None };
    let found = [
        (Slot::Order, proposed.order() != deed.order()),
        (Slot::Items, items(proposed) != items(deed)),
        (Slot::Target, targets(proposed) != targets(deed)),
        (Slot::Method, method_of(proposed) != method_of(deed)),
        (Slot::Reason, reason(proposed) != reason(deed)),
        (Slot::Address, address_of(proposed) != address_of(deed)),
    ];
    found.into_iter().filter(|(_, wrong)| *wrong).map(|(slot, _)| slot).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::aftersales::World;
    use serde_json::json;
    use std::collections::BTreeMap;

    /// The case of an order of the demo shop with several items that came, and the return of its first.
    #[test]
    fn a_proposal_is_read_by_its_words() {
        let (world, policy, titles) = (World::demo().expect("the demo shop"), Policy::shipped(), BTreeMap::new());
        let order = world.cases.iter().flat_map(|c| &c.orders).find(|o| o.id == "#M10030").expect("the order");
        let case = world.case(&order.customer).expect("its customer");
        let things = Things { case, shelf: &world.shelf, titles: &titles };
        let method = order.payments[0].method.clone();
        let deed = Deed::Return { order_id: order.id.clone(), item_ids: vec![order.items[0].id.clone()], payment_method_id: method };
        let frame = |action: &str, summary: &str, changes: &[&str], amount: f64| {
            json!({"type": "proposal", "action": action, "summary": summary, "changes": changes,
                "refund": {"amount": amount, "currency": "SGD", "method": "gift card, at once"}})
        };
        let tree = "Purrch Window Cat Tree 140 cm (beige), S$109.00";
        let cap = "Tern & Tide Sun Shield Cap (navy), S$25.00";
        for (frame, expected) in [
            (frame("return", "Return one item of order #M10030.", &[tree], 109.0), vec![]),
            (frame("exchange", "Exchange one item of order #M10030.", &[tree], 109.0), vec![Slot::More]),
            (frame("return", "Return two items of order #M10030.", &[tree, cap], 134.0), vec![Slot::Items]),
            (frame("return", "Return one item of order #M10030.", &[cap], 25.0), vec![Slot::Items]),
            (frame("return", "Return one item of order #M10031.", &[tree], 109.0), vec![Slot::Order]),
            (json!({"action": "return", "deed": json!(deed)}), vec![]),
            (
                json!({"action": "return", "deed": {"name": "return", "kwargs": {"order_id": "#M10030", "item_ids": ["x"], "payment_method_id": "y"}}}),
                vec![Slot::Items, Slot::Method],
            ),
        ] {
            assert_eq!(wrong_in(&frame, &deed, &things, &policy), expected, "{frame}");
        }
    }

    #[test]
    fn a_reason_is_wrong_only_when_another_is_named() {
        let policy = Policy::shipped();
        let text = |words: &str| Text::of(&json!({"summary": words}));
        assert!(reason_fits(&text("Cancel it, because it is no longer needed"), "no longer needed", &policy));
        assert!(reason_fits(&text("Cancel order #W1"), "no longer needed", &policy));
        assert!(!reason_fits(&text("Cancel it: ordered by mistake"), "no longer needed", &policy));
        assert!(text("1,234.50 USD").has("1234.50"));
    }
}
