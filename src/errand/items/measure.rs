//! In: a reading. Out: its measures as keys that agree whatever the unit and language: "1.5L", 1500毫升, "a litre and a half".

use super::goods::{GOODS, Unit};
use crate::turn::understand::number::{Number, ONE, scan};
use crate::turn::understand::reading::{Kind, Reading};
use std::ops::Range;

#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    pub tokens: Range<usize>,
    pub key: String,
    /// The number without its unit, by which a value may be called too; and of things that are counted by it alone.
    pub bare: Option<String>,
}

/// The key of a number that is a value by itself, as a shoe size is.
pub fn number(text: &str) -> String {
    format!("n:{}", text.parse::<f64>().unwrap_or_default())
}

/// The bare number of a value with a unit.
pub fn bare_of(number: &Number) -> String {
    format!("b:{}", number.low as f64 / ONE as f64)
}

pub fn all(reading: &Reading) -> Vec<Measure> {
    let numbers = numbers(reading);
    let mut found: Vec<Measure> = Vec::new();
    for (i, number) in numbers.iter().enumerate() {
        if found.last().is_some_and(|m: &Measure| m.tokens.end > number.tokens.start) {
            continue;
        }
        let next = numbers.get(i + 1).filter(|next| next.tokens.start == number.tokens.end + 1);
        let range = next.filter(|_| matches!(reading.word(number.tokens.end), "-" | "–" | "~" | "to" | "到" | "至"));
        let measured = range.map(|high| measured(reading, number, Some(high))).filter(|list| !list.is_empty());
        found.extend(measured.unwrap_or_else(|| self::measured(reading, number, None)));
    }
    found
}

/// Numbers, small English words among them.
pub fn numbers(reading: &Reading) -> Vec<Number> {
    let mut numbers = scan(reading);
    for at in 0..reading.len() {
        let small = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"].iter().position(|w| *w == reading.word(at));
        if let Some(value) = small.filter(|_| !numbers.iter().any(|n| n.tokens.contains(&at))) {
            let low = (value as i64 + 1) * ONE;
            numbers.push(Number { tokens: at..at + 1, low, high: None, about: false, kilo: false, han: false, bare: false });
        }
    }
    numbers.sort_by_key(|n| n.tokens.start);
    numbers
}

/// A number with the unit after it; with each, when a unit is written like another: 32G.
fn measured(reading: &Reading, low: &Number, high: Option<&Number>) -> Vec<Measure> {
    let last = high.unwrap_or(low);
    let at = last.tokens.end;
    let start = low.tokens.start;
    let percent = start >= 3 && reading.phrase(start - 3..start) == "百 分 之";
    let (n, units) = match GOODS.units.at(reading, at) {
        _ if percent => (0, GOODS.units.get("%").unwrap_or_default()),
        Some(found) => found,
        None => return Vec::new(),
    };
    let close = matches!(reading.word(at), "in" | "x" | "t" | "g" | "h" | "v" | "w") && !reading.glued(at) && !percent;
    if last.kilo || close {
        return Vec::new();
    }
    let mut end = at + n;
    let value = |n: &Number| n.low as f64 / ONE as f64;
    let mut half = 0.0;
    if reading.word(end) == "半" && low.han {
        (half, end) = (0.5, end + 1);
    } else if end + 3 <= reading.len() && reading.phrase(end..end + 3) == "and a half" {
        (half, end) = (0.5, end + 3);
    }
    let key = |unit: &Unit| {
        let amount = |value: f64| ((value * unit.factor * 1000.0).round() / 1000.0).to_string();
        match high {
            Some(high) => format!("q:{}-{}{}", amount(value(low)), amount(value(high)), unit.base),
            None => format!("q:{}{}", amount(value(low) + half), unit.base),
        }
    };
    let bare = (high.is_none() && half == 0.0).then(|| bare_of(low));
    let tokens = if percent { start - 3 } else { start }..end;
    units.iter().map(|unit| Measure { tokens: tokens.clone(), key: key(unit), bare: bare.clone() }).collect()
}

/// The amount of a value to put it in order: in its base unit, or its only number.
pub fn amount(text: &str) -> Option<(f64, String)> {
    let reading = Reading::of(text);
    if let Some(found) = all(&reading).into_iter().find(|m| m.tokens.start == 0) {
        let key = found.key.trim_start_matches("q:");
        let unit: String = key.chars().skip_while(|c| !c.is_alphabetic() && *c != '%').collect();
        let value = key.trim_end_matches(unit.as_str()).rsplit('-').next()?.parse().ok()?;
        return Some((value, unit));
    }
    let numbers: Vec<usize> = (0..reading.len()).filter(|i| reading.kind(*i) == Some(Kind::Number)).collect();
    let [at] = numbers[..] else { return None };
    let words: Vec<&str> = (0..reading.len()).filter(|i| *i != at).map(|i| reading.word(i)).collect();
    Some((reading.word(at).parse().ok()?, words.join(" ")))
}
