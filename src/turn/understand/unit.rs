//! In: a message or an attribute value. Out: its quantities in the base unit of their kind (cm, g, ml, W, GB, h, month …),
//! so that `55 inch`, `140 cm` and `1.4米` compare.

use super::{
    cue,
    lexicon::LEXICON,
    marks::{Keep, Marks},
    number::{Number, ONE, lone_digit, scan},
    person,
    reading::{Kind, Reading},
};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A measure. `unit` is the base unit named in `units.toml`; `text` is as written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    pub value: f64,
    pub unit: String,
    pub text: String,
    pub bound: Bound,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    Exact,
    AtLeast,
    AtMost,
}

/// All quantities of any text, for example of `product_detail` values: `normalize_quantities("1.2 kg")` → 1200 g.
pub fn normalize_quantities(text: &str) -> Vec<Quantity> {
    let reading = Reading::of(text);
    let mut marks = Marks::new(reading.len());
    let found = quantities(&reading, &scan(&reading), &mut marks);
    found.quantities.into_iter().chain(found.aged).collect()
}

/// Measures, and the ages said among them (in months). An age tells of a person, not of a product.
#[derive(Debug, Default)]
pub(super) struct Measures {
    pub quantities: Vec<Quantity>,
    pub ages: Vec<f64>,
    /// The ages as they are written.
    aged: Vec<Quantity>,
}

pub(super) fn quantities(reading: &Reading, numbers: &[Number], marks: &mut Marks) -> Measures {
    let mut found = Measures::default();
    let mut at = 0;
    while at < numbers.len() {
        let chain = chain(reading, numbers, at);
        let group = &numbers[at..at + chain];
        at += chain;
        let first = group[0].tokens.start;
        if cue::money_before(reading, first).is_some() || !marks.free(&(first..first + 1)) {
            continue;
        }
        let measured = group.iter().rev().find_map(|n| unit_after(reading, n));
        if let Some(age) = person::age_of(reading, &group[0], measured.is_some()) {
            found.ages.push((group[0].low / ONE * 12) as f64);
            marks.take(reading, age, Keep::Out, "age", (group[0].low / ONE).to_string());
            continue;
        }
        let Some((end, unit)) = measured else {
            if chain > 1 && crosses(reading, group[0].tokens.end) {
                marks.cover(first..group[chain - 1].tokens.end, Keep::InTerms);
            } else if age_before(reading, first) && group[0].low < 100 * ONE {
                let years = group[chain - 1].low as f64 / ONE as f64;
                found.ages.push(years * 12.0);
                let end = group[chain - 1].tokens.end;
                let end = if matches!(reading.word(end), "+" | "以上") { end + 1 } else { end };
                marks.take(reading, first - 1..end, Keep::Out, "age", years.to_string());
            }
            continue;
        };
        let last = group[chain - 1].tokens.end;
        let end = end.max(last);
        let more = tenths(reading, end);
        let side =
            matches!(reading.word(end - 1), "w" | "h" | "d" | "l") && (1..chain).any(|i| crosses(reading, group[i].tokens.start - 1));
        if side {
            marks.cover(first..end, Keep::InTerms);
            continue;
        }
        if ambiguous_money(reading, &(first..end), unit) {
            continue;
        }
        add(reading, group, (first..end + usize::from(more.is_some()), unit), more.unwrap_or(0.0), marks, &mut found);
    }
    found
}

/// 一米八, 1米8: the digit after 米 is tenths.
fn tenths(reading: &Reading, end: usize) -> Option<f64> {
    let ends = reading.before(end) == "米" && LEXICON.units.at(reading, end + 1).is_none();
    lone_digit(reading, end).filter(|_| ends).map(|tenths| tenths as f64 / 10.0)
}

/// `more` of the unit is said after it.
fn add(reading: &Reading, group: &[Number], (range, unit): (Range<usize>, &Unit), more: f64, marks: &mut Marks, found: &mut Measures) {
    let alias = reading.phrase(group[group.len() - 1].tokens.end.min(range.end - 1)..range.end).to_owned();
    if unit.base == "month"
        && let Some(term) = person::pregnancy(reading, &range)
    {
        return marks.take(reading, term, Keep::Out, "pregnancy", alias);
    }
    let age = unit.base == "month" && ["岁", "old", "yo", "y o", "月 龄", "月 大", "of age"].iter().any(|a| alias.contains(a));
    let year = unit.base == "month" && !age && group[0].low >= 1900 * ONE;
    let noise = unit.base == "piece" && (group[0].han || unit.factor > 1.0) && alias.chars().count() < 3;
    let (range, bound) = bounded(reading, range);
    let keep = if bound == Bound::Exact && !age { Keep::InTerms } else { Keep::Out };
    let text = reading.slice(&range).to_owned();
    if noise || year {
        return marks.cover(range, Keep::InTerms);
    }
    for number in group {
        let mut value = number.low as f64 / ONE as f64 + more;
        if matches!(reading.word(number.tokens.end + 1), "半") && !number.han_half(reading) {
            value += 0.5;
        }
        let value = rounded(value * unit.factor);
        if age {
            found.ages.push(value);
        }
        let quantity = Quantity { value, unit: unit.base.clone(), text: text.clone(), bound };
        if age { found.aged.push(quantity) } else { found.quantities.push(quantity) }
    }
    let value = if age { &found.aged } else { &found.quantities }.last().map_or(String::new(), |q| format!("{} {}", q.value, q.unit));
    marks.take(reading, range, keep, if age { "age" } else { "quantity" }, value);
}

impl Number {
    fn han_half(&self, reading: &Reading) -> bool {
        reading.word(self.tokens.start) == "半"
    }
}

/// A unit as the lexicon has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    pub base: String,
    pub factor: f64,
}

/// The unit right after a number: the token after it, and the unit.
fn unit_after<'u>(reading: &Reading, number: &Number) -> Option<(usize, &'u Unit)> {
    let mut at = number.tokens.end;
    if reading.word(at) == "+" || (reading.word(at) == "个" && reading.word(at + 1) == "半") {
        at += 1;
    }
    let word = reading.word(at);
    if number.kilo && reading.kind(at) != Some(Kind::Han) {
        return None;
    }
    if word == "in" && reading.glued(at) {
        return LEXICON.units.get("inch").and_then(|u| u.first()).map(|u| (at + 1, u));
    }
    if word == "\"" && (number.low > 120 * ONE || !reading.glued(at) || reading.phrase(0..at).contains('"')) {
        return None;
    }
    if reading.glued(at) && generation(reading, number, at) {
        return None;
    }
    if word == "a" && !reading.glued(at) {
        return None;
    }
    if word == "g" && reading.glued(at) && stores(reading, number) {
        return LEXICON.exact_units.get("G").map(|u| (at + 1, u));
    }
    let raw = reading.tokens.get(at).map_or("", |t| &reading.text[t.start..t.end]);
    if reading.glued(at)
        && let Some(unit) = LEXICON.exact_units.get(raw)
    {
        return Some((at + 1, unit));
    }
    let (n, units) = LEXICON.units.at(reading, at)?;
    if LEXICON.prices.money_after.at(reading, at).is_some_and(|(m, _)| m > n) {
        return None;
    }
    let mut end = at + n;
    if reading.word(end) == "半" {
        end += 1;
    }
    Some((end, units.first()?))
}

/// 3G, 4G, 5G, 6G are networks.
fn generation(reading: &Reading, number: &Number, at: usize) -> bool {
    let network = matches!(number.low / ONE, 2..=6) && number.low % ONE == 0 && reading.word(at) == "g";
    let upper = reading.tokens.get(at).is_some_and(|t| &reading.text[t.start..t.end] == "G");
    network && (upper || ["手机", "phone", "router", "network", "路由"].iter().any(|w| reading.text.to_lowercase().contains(w)))
}

/// 128g of a phone or a USB stick are gigabytes.
fn stores(reading: &Reading, number: &Number) -> bool {
    let whole = number.low / ONE;
    let text = || reading.text.to_lowercase();
    let devices = ["盘", "手机", "内存", "平板", "电脑", "卡", "phone", "ssd", "usb", "ram", "storage", "tablet", "laptop", "memory"];
    number.low % ONE == 0 && whole >= 8 && (whole as u64).is_power_of_two() && devices.iter().any(|d| text().contains(d))
}

/// How many numbers from `at` belong together: 100x45x45, 8-10.
fn chain(reading: &Reading, numbers: &[Number], at: usize) -> usize {
    let mut n = 1;
    while let Some(next) = numbers.get(at + n) {
        let mut from = numbers[at + n - 1].tokens.end;
        if let Some((end, _)) = unit_after(reading, &numbers[at + n - 1]).filter(|(end, _)| *end < next.tokens.start) {
            from = end;
        }
        let one = from + 1 == next.tokens.start;
        if one && (crosses(reading, from) || matches!(reading.word(from), "-" | "–" | "~" | "到" | "至" | "to")) {
            n += 1;
        } else {
            break;
        }
    }
    n
}

fn crosses(reading: &Reading, at: usize) -> bool {
    matches!(reading.word(at), "x" | "×" | "*" | "by" | "乘")
}

fn age_before(reading: &Reading, at: usize) -> bool {
    matches!(reading.before(at), "age" | "ages" | "aged" | "龄")
}

/// «50 pounds» is money where the message talks of price.
fn ambiguous_money(reading: &Reading, range: &Range<usize>, unit: &Unit) -> bool {
    unit.factor == 453.592
        && reading.phrase(range.clone()).contains("pound")
        && LEXICON.prices.context.all(reading).iter().any(|(r, _)| r.end <= range.start)
}

/// Widens a quantity by the words that make it a limit.
fn bounded(reading: &Reading, range: Range<usize>) -> (Range<usize>, Bound) {
    let prices = &LEXICON.prices;
    let after = |book| cue::cue_after(reading, book, range.end);
    if let Some((start, bound)) = cue::bound_before(reading, range.start, true, true) {
        return (start..range.end, bound);
    }
    if let Some(end) = after(&prices.max_after) {
        return (range.start..end, Bound::AtMost);
    }
    if let Some(end) = after(&prices.min_after) {
        return (range.start..end, Bound::AtLeast);
    }
    (range, Bound::Exact)
}

fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
