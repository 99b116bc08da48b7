//! The words of a part in; how they tell an order from others without its number out.

use super::lexicon::LEXICON;
use super::words::{Kind, Words};
use crate::errand::When;
use std::ops::Range;

/// `asks`: the words ask how the order stands, and do not tell it.
pub fn when(words: &Words, within: &Range<usize>, asks: bool) -> When {
    let status = LEXICON.status.all(words, within.clone()).into_iter().find(|(span, _)| {
        // "Has not been delivered": it is not one that was.
        !(span.start.saturating_sub(3).max(within.start)..span.start)
            .any(|at| matches!(words.word(at), "not" | "hasnt" | "havent" | "never" | "isnt" | "没" | "未" | "不"))
    });
    When {
        latest: LEXICON.book("when.latest").has(words, within.clone()),
        status: status.filter(|_| !asks).map(|(_, status)| status),
        days_ago: days(words, within),
    }
}

fn days(words: &Words, within: &Range<usize>) -> Option<(u32, u32)> {
    // "Ship it today" is no order of today.
    let placed = || LEXICON.book("when.placed").has(words, within.clone());
    if let Some((_, days)) = LEXICON.days.all(words, within.clone()).first() {
        return placed().then_some(*days);
    }
    if let Some((span, unit)) = LEXICON.counted.all(words, within.clone()).first() {
        let number: u32 = words.word(span.start).parse().ok().filter(|n| *n < 400)?;
        return Some(about(number, *unit));
    }
    // "three days ago", 三天前
    within.clone().find_map(|at| {
        let number = match words.kind(at)? {
            Kind::Word => LEXICON.numerals.iter().position(|n| n == words.word(at)).map(|n| n + 1),
            Kind::Han if matches!(words.word(at), "两") => Some(2),
            Kind::Han => words.word(at).chars().next().and_then(|c| LEXICON.numerals_zh.iter().position(|n| *n == c)).map(|n| n + 1),
            _ => None,
        }?;
        let unit = unit_at(words, at + 1)?;
        Some(about(u32::try_from(number).expect("numerals are few"), unit))
    })
}

/// Days of "days ago", 周前.
fn unit_at(words: &Words, at: usize) -> Option<u32> {
    let ago = |at: usize| {
        matches!(words.word(at), "ago" | "back" | "前") || (matches!(words.word(at), "之" | "以") && words.word(at + 1) == "前")
    };
    match words.word(at) {
        "day" | "days" | "天" => ago(at + 1).then_some(1),
        "week" | "weeks" | "周" => ago(at + 1).then_some(7),
        "month" | "months" => ago(at + 1).then_some(30),
        "个" if words.word(at + 1) == "月" => ago(at + 2).then_some(30),
        "个" => ago(at + 3).then_some(7),
        _ => None,
    }
}

fn about(number: u32, unit: u32) -> (u32, u32) {
    let slack = match unit {
        1 => u32::from(number > 4),
        7 => 4,
        _ => 12,
    };
    ((number * unit).saturating_sub(slack), number * unit + slack)
}
