//! A message in; the addresses it names out, with the words that belong to each: written out, with labels, by reference to the
//! customer's own or to another order's.

mod han;
mod known;
mod lines;
mod place;

use super::lexicon::{Field, LEXICON};
use super::orders::Mention;
use super::words::Words;
use crate::aftersales::nouns::Address;
use crate::errand::{AddressMention, Errands, Slot, Verb};
pub use known::Own;
use std::ops::Range;

/// Addresses in the order of words. An order whose address is taken is part of the words, and not what the message is about.
/// `known`: the addresses that the customer has already.
pub fn addresses(words: &Words, orders: &[Mention], errands: &Errands, known: Option<&Own>) -> Vec<(Range<usize>, AddressMention)> {
    let asked = errands.asked == Some(Slot::Address);
    let mut found = of_orders(words, orders, errands, asked);
    let own = LEXICON.book("address.default").all(words, 0..words.len());
    found.extend(own.into_iter().map(|(span, ())| (span, AddressMention::Default)));
    let said = |(span, address)| (span, AddressMention::Said(address));
    let labelled = labelled(words, orders, asked);
    let written = if labelled.is_empty() { lines::addresses(words, orders, asked) } else { Vec::new() };
    let has_text = !labelled.is_empty() || !written.is_empty();
    found.extend(labelled.into_iter().map(said));
    found.extend(written.into_iter().map(said));
    if !has_text {
        found.extend(han::addresses(words, orders, asked).into_iter().map(said));
    }
    if asked && found.is_empty() {
        found.extend(lines::fragment(words, orders, errands).map(said));
    }
    let partial = |m: &AddressMention| matches!(m, AddressMention::Said(a) if a.zip.is_empty() || a.address1.is_empty());
    if found.iter().any(|(_, m)| matches!(m, AddressMention::Default | AddressMention::OfOrder(_))) {
        // "The same as #W2, 812 Cedar Avenue": the line says it once more.
        found.retain(|(_, m)| !partial(m));
    }
    if found.iter().all(|(_, m)| partial(m))
        && let Some((span, mention)) = known.and_then(|own| own.pointed_at(words))
    {
        found = vec![(found.iter().map(|(s, _)| s.start).fold(span.start, usize::min)..span.end, mention)];
    }
    found.sort_by_key(|(span, _)| span.start);
    found
}

pub(super) fn empty() -> Address {
    let none = String::new;
    Address { address1: none(), address2: None, city: none(), country: none(), state: none(), zip: none() }
}

pub(super) fn set(address: &mut Address, field: Field, text: &str) {
    let text = text.trim().trim_matches(['\'', '"', ',', '.', '}', '{', ';', '(', ')']).trim().to_owned();
    match field {
        Field::Address1 => address.address1 = text,
        Field::Address2 => address.address2 = (!text.is_empty()).then_some(text),
        Field::City => address.city = text,
        Field::State => address.state = place::state_code(&text).unwrap_or(text),
        Field::Zip => address.zip = text,
        Field::Country => address.country = place::country_name(&text).unwrap_or(text),
    }
}

/// "(same as #W2)", "to the address of #W2", 和#W2一样.
fn of_orders(words: &Words, orders: &[Mention], errands: &Errands, asked: bool) -> Vec<(Range<usize>, AddressMention)> {
    let mut found: Vec<(Range<usize>, AddressMention)> = Vec::new();
    for (span, ()) in LEXICON.book("address.of_order").all(words, 0..words.len()) {
        let Some(order) = orders.iter().find(|o| (span.end..span.end + 5).contains(&o.span.start)) else { continue };
        let between = span.end..order.span.start;
        if between.clone().any(|at| words.ends(at) || words.word(at) == ",") || found.iter().any(|(s, _)| s.contains(&order.span.start)) {
            continue;
        }
        let same = span.clone().any(|at| matches!(words.word(at), "same" | "identical" | "match" | "matches" | "matching" | "copy"));
        // "The address of #W1" is what is changed, unless it is what it is changed to.
        let before = (span.start.saturating_sub(3)..span.start)
            .any(|at| matches!(words.word(at), "to" | "use" | "with" | "as" | "using" | "set" | "成" | "为" | "用"));
        let last = span.start.checked_sub(1).map(|at| if matches!(words.word(at), "the" | "that") { at.saturating_sub(1) } else { at });
        let before = before || last.is_some_and(|at| matches!(words.word(at), "be" | "is"));
        // "The red one in #W1" is no address.
        let sentence = words.sentence(span.start);
        let vague = !same && matches!(words.word(span.start), "one" | "that" | "on" | "of" | "used" | "i");
        let spoken_of = asked || LEXICON.book("verb.address_words").has(words, sentence.start..span.end) || {
            let verbs = LEXICON.verbs.all(words, sentence.start..span.end);
            verbs.iter().any(|(_, v)| matches!(v, Verb::Address | Verb::Profile))
        };
        if vague && !spoken_of {
            continue;
        }
        let after = words.slice(&(order.span.end..order.span.end + 7));
        let alike = ["一样", "相同", "同一", "一致"].iter().any(|w| after.contains(w))
            || (["的地址", "的收货地址", "那个地址"].iter().any(|w| after.starts_with(w))
                && matches!(words.word(span.start), "用" | "按" | "跟" | "同"));
        let is_han = !words.word(span.start).is_ascii();
        if (is_han && alike) || (!is_han && (same || before || asked)) {
            found.push((span.start..order.span.end, AddressMention::OfOrder(order.order.clone())));
        }
    }
    // Asked where it shall go, another order's number says: there.
    let about = |o: &Mention| errands.queue.first().is_some_and(|r| r.order.as_ref() == Some(&o.order));
    let named = |o: &&Mention| {
        asked && orders.len() == 1 && !about(o) && LEXICON.verbs.all(words, 0..words.len()).iter().all(|(_, v)| *v == Verb::Address)
    };
    if found.is_empty() {
        found.extend(orders.iter().filter(named).map(|o| (o.span.clone(), AddressMention::OfOrder(o.order.clone()))));
    }
    let of_han = orders.iter().filter(|o| takes_over(words, o)).map(|o| (o.span.clone(), AddressMention::OfOrder(o.order.clone())));
    let free: Vec<_> = of_han.filter(|(span, _)| !found.iter().any(|(s, _)| s.contains(&span.start))).collect();
    found.extend(free);
    found
}

/// 改成#W2的地址, 寄到#W2那个地址.
fn takes_over(words: &Words, order: &Mention) -> bool {
    let after = words.slice(&(order.span.end..order.span.end + 8));
    let after = after.trim_start_matches(['的', '那', '个', '订', '单', '收', '货', '送', '配', '寄', '件', '用', '里', '上']);
    let before = (order.span.start.saturating_sub(4)..order.span.start).rev();
    let led = before.clone().find(|at| !matches!(words.word(*at), "订" | "单" | "号" | "定" | "#" | "我" | "之" | "前" | "那"));
    let to = led.is_some_and(|at| matches!(words.word(at), "成" | "为" | "到" | "用" | "按" | "至" | "去" | "是"));
    after.starts_with("地址") && to
}

/// "street: 443 Maple Drive, city: Fort Worth", {'address1': '443 Maple Drive', …}
fn labelled(words: &Words, orders: &[Mention], asked: bool) -> Vec<(Range<usize>, Address)> {
    let mut groups: Vec<Vec<Label>> = Vec::new();
    for (span, field) in LEXICON.labels.all(words, 0..words.len()) {
        let quote = |at: usize| usize::from(matches!(words.word(at), "'" | "\""));
        let mark = span.end + quote(span.end);
        let is_set = matches!(words.word(mark), ":" | "=" | "is" | "是" | "为" | "should");
        let number = field == Field::Zip && words.word(mark).starts_with(|c: char| c.is_ascii_digit());
        if is_set || number {
            let value = mark + usize::from(is_set);
            let label = Label { span, value: value + quote(value), field };
            // Another sentence begins another address.
            let apart = |last: &Label| (last.value..label.span.start).any(|at| words.ends(at) && words.word(at) != "\n");
            match groups.last_mut() {
                Some(group) if !group.last().is_some_and(apart) => group.push(label),
                _ => groups.push(vec![label]),
            }
        }
    }
    let whole = |group: &Vec<Label>| {
        let street = group.iter().any(|l| matches!(l.field, Field::Address1 | Field::City));
        asked || (street && group.len() >= 2)
    };
    groups.iter().filter(|g| whole(g)).map(|group| from_labels(words, orders, group)).collect()
}

struct Label {
    span: Range<usize>,
    /// Where its value begins.
    value: usize,
    field: Field,
}

fn from_labels(words: &Words, orders: &[Mention], labels: &[Label]) -> (Range<usize>, Address) {
    let mut address = empty();
    let mut end = 0;
    for (n, Label { value, field, .. }) in labels.iter().enumerate() {
        let next = labels.get(n + 1).map_or(words.len(), |l| l.span.start);
        let quoted = *value > 0 && matches!(words.word(value - 1), "'" | "\"");
        let over = |at: usize| {
            words.ends(at) || orders.iter().any(|o| o.span.start == at) || LEXICON.book("address.stops").at(words, at).is_some()
        };
        let stop = (*value..next).find(|at| match words.word(*at) {
            "'" | "\"" | "}" => true,
            "," | "、" | "(" => !quoted,
            _ => !quoted && over(*at),
        });
        end = stop.unwrap_or(next);
        set(&mut address, *field, words.slice(&(*value..end)));
    }
    end += usize::from(matches!(words.word(end), "'" | "\""));
    end += usize::from(words.word(end) == "}");
    let first = labels[0].span.start;
    let opens = (first.saturating_sub(12)..first).rev().find(|at| words.word(*at) == "{").unwrap_or(first);
    (opens..end, address)
}
