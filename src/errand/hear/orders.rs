//! Numbers of orders in a message, and where they stand. Zip codes, phones, items and parcels are none; an item or a parcel of the
//! case's tells which order is meant.

use super::lexicon::LEXICON;
use super::words::{Kind, Words};
use crate::aftersales::nouns::Case;
use crate::errand::{Errands, Slot};
use std::ops::Range;

#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    pub span: Range<usize>,
    /// As the case has it, else as the shop would write it.
    pub order: String,
}

pub fn mentions(words: &Words, case: Option<&Case>, errands: &Errands) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match number_at(words, at, case, errands) {
            Some((span, order)) => {
                at = span.end;
                found.push(Mention { span: counted(words, span.start)..span.end, order });
            }
            None => at += 1,
        }
    }
    found
}

/// Where an order begins that is counted before it is named: 第一个 #W1, "the first one, #W1".
fn counted(words: &Words, at: usize) -> usize {
    let end = if words.word(at.wrapping_sub(1)) == "," { at - 1 } else { at };
    let word = |back: usize| end.checked_sub(back).map_or("", |i| words.word(i));
    match () {
        () if word(3) == "第" && matches!(word(1), "个" | "单" | "张") => end - 3,
        () if matches!(word(2), "first" | "second" | "third") && word(1) == "one" => end - 2,
        () => at,
    }
}

fn number_at(words: &Words, at: usize, case: Option<&Case>, errands: &Errands) -> Option<(Range<usize>, String)> {
    let hash = words.word(at) == "#";
    let from = at + usize::from(hash);
    let word = words.word(from);
    let cut_off = words.glued(from + 1) && (words.word(from + 1) == "-" || words.word(from + 1) == "@");
    if word.is_empty() || cut_off || words.word(from).contains(['.', ',']) {
        return None;
    }
    // "W 6067464"
    if word.len() == 1 && words.kind(from) == Some(Kind::Word) {
        let digits = words.word(from + 1);
        let is_number = words.kind(from + 1) == Some(Kind::Number) && (5..=9).contains(&digits.len());
        let own = known(case, &format!("{word}{digits}"));
        let is = is_number && (own.is_some() || hash || words.word(from) == "w");
        return is.then(|| (at..from + 2, own.unwrap_or_else(|| written(&format!("{word}{digits}")))));
    }
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let letters = word.chars().count() - digits;
    let lettered = (1..=2).contains(&letters) && word.chars().take(letters).all(|c| c.is_ascii_alphabetic()) && (4..=9).contains(&digits);
    if lettered || (hash && letters == 0 && (4..=9).contains(&digits)) {
        let own = known(case, word);
        let is = own.is_some() || hash || digits >= 5;
        return is.then(|| (at..from + 1, own.unwrap_or_else(|| written(word))));
    }
    if let Some(order) = by_goods(words, from, case) {
        return Some((at..from + 1, order));
    }
    if words.kind(from) != Some(Kind::Number) || letters > 0 || !(3..=9).contains(&digits) {
        return None;
    }
    let named = said_of_order(words, from);
    let own = known(case, word);
    // The last digits of one, when it is called an order.
    let tail = || {
        let case = case.filter(|_| named || errands.asked == Some(Slot::Order))?;
        let mut ends = case.orders.iter().filter(|o| o.id.ends_with(word));
        let only = ends.next()?;
        ends.next().is_none().then(|| only.id.clone())
    };
    let asked = errands.asked == Some(Slot::Order) && digits >= 5;
    match own {
        Some(order) if digits >= 7 || named || asked => Some((at..from + 1, order)),
        Some(_) => None,
        None => tail().or_else(|| ((named || asked) && digits >= 5).then(|| written(word))).map(|order| (at..from + 1, order)),
    }
}

/// "#W2 stays as it is", 不是#W2: named to say that it is not meant.
pub fn is_left(words: &Words, mention: &Mention) -> bool {
    let sentence = words.sentence(mention.span.start);
    let comma = |at: &usize| words.word(*at) == ",";
    let from = (sentence.start..mention.span.start).rev().find(comma).map_or(sentence.start, |at| at + 1);
    let to = (mention.span.end..sentence.end).find(comma).unwrap_or(sentence.end);
    // "I only mentioned #W2, nothing to change there".
    let to = if to + 6 >= sentence.end { sentence.end } else { to };
    let left = |book: &str, range: Range<usize>| LEXICON.book(book).has(words, range);
    left("orders.left_before", from..mention.span.start) || left("orders.left_after", mention.span.end..to)
}

/// The case's order with these letters and digits, or these digits.
fn known(case: Option<&Case>, said: &str) -> Option<String> {
    let plain = |id: &str| id.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let digits = |id: &str| id.chars().filter(char::is_ascii_digit).collect::<String>();
    let is_number = said.chars().all(|c| c.is_ascii_digit());
    let is = |id: &str| if is_number { digits(id) == said } else { plain(id) == said };
    case?.orders.iter().map(|o| &o.id).find(|id| is(id)).cloned()
}

fn written(said: &str) -> String {
    format!("#{}", said.to_uppercase())
}

/// An item or a parcel that only one order has.
fn by_goods(words: &Words, at: usize, case: Option<&Case>) -> Option<String> {
    let token = words.tokens.get(at)?;
    let said = token.word.as_str();
    let has = |id: &str| {
        // Ids with hyphens are several words here.
        id.len() >= 6 && id.to_lowercase().starts_with(said) && {
            let rest = &words.text[token.start..];
            rest.get(..id.len()).is_some_and(|text| text.eq_ignore_ascii_case(id))
                && !rest[id.len()..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-')
        }
    };
    let orders = &case?.orders;
    let mut holders = orders
        .iter()
        .filter(|o| o.items.iter().any(|i| has(&i.id)) || o.fulfillments.iter().flat_map(|f| &f.tracking_id).any(|parcel| has(parcel)));
    let only = holders.next()?;
    holders.next().is_none().then(|| only.id.clone())
}

/// "order number 6067464", 订单号是6067464, "#W1 and 6067464".
fn said_of_order(words: &Words, at: usize) -> bool {
    let before = (at.saturating_sub(5)..at).rev().take_while(|i| !words.ends(*i) && !matches!(words.word(*i), "zip" | "邮"));
    let fillers = [
        "number", "no", "id", "#", ":", ".", "is", "ending", "ends", "with", "号", "码", "是", "the", "with", "my", "as", "=", "in", "尾",
        "ends",
    ];
    for i in before {
        match words.word(i) {
            "order" | "orders" | "单" => return true,
            word if fillers.contains(&word) => {}
            _ => return false,
        }
    }
    false
}
