//! In: a reading and its numbers. Out: the price limit the shopper set, in minor units, and what currency was said.
//! A number is a price only with money beside it or a price word around it, and never when something else claims it
//! (a unit, a size, a model number, a resolution).

use super::{
    Bound,
    cue::{bound_before, cue_after, cue_before, money_before},
    lexicon::LEXICON,
    marks::{Keep, Marks},
    number::{Number, ONE},
    reading::{Kind, Reading},
};
use std::ops::Range;

/// A price limit in minor units (cents; whole units for JPY and KRW).
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Price {
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub about: Option<i64>,
    pub currency: Option<String>,
}

/// The last price limit of the message wins; a lower and an upper limit said apart are joined.
pub(super) fn price(reading: &Reading, numbers: &[Number], marks: &mut Marks) -> Price {
    let mut price = Price::default();
    let mut at = 0;
    while at < numbers.len() {
        let amount = Amount::of(reading, &numbers[at], marks);
        let next = numbers.get(at + 1).and_then(|n| Amount::of(reading, n, marks));
        let Some(amount) = amount else {
            at += 1;
            continue;
        };
        let found =
            next.and_then(|next| range(reading, &amount, &next).map(|f| (f, 2))).or_else(|| limit(reading, &amount).map(|f| (f, 1)));
        let Some((found, used)) = found else {
            at += 1;
            continue;
        };
        at += used;
        let value = found.describe();
        if found.about.is_some() || (found.min.is_some() && found.max.is_some()) {
            (price.min, price.max, price.about) = (found.min, found.max, found.about);
        } else {
            price.min = found.min.or(price.min);
            price.max = found.max.or(price.max);
        }
        let currency = found.currency.map(str::to_owned);
        price.currency = currency.or(price.currency);
        marks.take(reading, widen(reading, found.tokens), Keep::Out, "price", value);
    }
    if let (Some(low), Some(high)) = (price.min, price.max)
        && low > high
    {
        (price.min, price.max) = (Some(high), Some(low));
    }
    let whole = matches!(price.currency.as_deref(), Some("JPY" | "KRW"));
    let minor = |v: Option<i64>| v.map(|v| if whole { v / ONE } else { v / (ONE / 100) });
    Price { min: minor(price.min), max: minor(price.max), about: minor(price.about), currency: price.currency }
}

/// A number that may be money, with the currency around it.
#[derive(Debug, Clone)]
struct Amount {
    tokens: Range<usize>,
    low: i64,
    high: Option<i64>,
    currency: Option<&'static str>,
    money: bool,
    /// A letter or digit touches it (x200, 15pro).
    glued: bool,
    small: bool,
    /// Written in Chinese characters.
    han: bool,
}

impl Amount {
    fn of(reading: &Reading, number: &Number, marks: &Marks) -> Option<Self> {
        let Range { start, end } = number.tokens.clone();
        if !marks.free(&number.tokens) || number.low <= 0 {
            return None;
        }
        let before = money_before(reading, start);
        let (mut low, mut stop, mut after) = (number.low, end, None);
        if let Some((n, codes)) = LEXICON.prices.money_after.at(reading, end) {
            // «20 usd 30»: the mark belongs to the next number when it touches it.
            (stop, after) = (end + n, Some(codes[0]));
            if reading.word(end) == "块" && n == 1 {
                (low, stop) = with_tenths(reading, low, stop);
            }
            if reading.word(stop) == "钱" {
                stop += 1;
            }
        } else if matches!(reading.word(end), "毛" | "角") || matches!(reading.word(end), "cents" | "cent") {
            low = if reading.kind(end) == Some(Kind::Han) { low / 10 } else { low / 100 };
            (stop, after) = (end + 1, Some(""));
        }
        let money = before.is_some() || after.is_some();
        if number.bare && after.is_none() {
            return None;
        }
        let letter = |at: usize| reading.kind(at) == Some(Kind::Word);
        let glued = before.is_none() && (reading.glued(start) && start > 0 && letter(start - 1))
            || after.is_none() && reading.glued(end) && letter(end) && reading.word(end) != "ish"
            || reading.word(end) == "%";
        let code = after.filter(|c| !c.is_empty()).or(before.map(|b| b.1).filter(|c| !c.is_empty()));
        let tokens = before.map_or(start, |b| b.0)..stop;
        let small = number.low < 10 * ONE && number.han;
        Some(Amount { tokens, low, high: number.high, currency: code, money, glued, small, han: number.han })
    }
}

impl Amount {
    /// «From 2006» is a year.
    fn year(&self) -> bool {
        !self.money && (1_900 * ONE..2_100 * ONE).contains(&self.low) && self.low % (100 * ONE) != 0
    }
}

/// 三块五, 12块8: the digit after 块 is tenths.
fn with_tenths(reading: &Reading, low: i64, stop: usize) -> (i64, usize) {
    let digit = "零一二三四五六七八九".chars().position(|c| reading.word(stop) == c.to_string().as_str()).map(|d| d as i64);
    let digit = digit.or_else(|| reading.word(stop).parse::<i64>().ok().filter(|d| *d < 10 && reading.glued(stop)));
    let counted = LEXICON.units.at(reading, stop + 1).is_some() || matches!(reading.word(stop + 1), "十" | "百" | "千" | "万" | "双");
    match digit {
        Some(d) if !counted => (low + d * ONE / 10, stop + 1),
        _ => (low, stop),
    }
}

/// A limit in ten-thousandths.
struct Found {
    tokens: Range<usize>,
    min: Option<i64>,
    max: Option<i64>,
    about: Option<i64>,
    currency: Option<&'static str>,
}

impl Found {
    fn describe(&self) -> String {
        let show = |v: Option<i64>| v.map_or(String::new(), |v| (v / (ONE / 100)).to_string());
        format!("{}..{}", show(self.min), show(self.max))
    }
}

fn about(value: i64) -> (Option<i64>, Option<i64>, Option<i64>) {
    (Some(value - value / 5), Some(value + value / 5), Some(value))
}

/// Two amounts joined by to, and, 到, a dash.
fn range(reading: &Reading, first: &Amount, second: &Amount) -> Option<Found> {
    let prices = &LEXICON.prices;
    let (n, _) = prices.join.at(reading, first.tokens.end)?;
    if first.tokens.end + n != second.tokens.start || first.glued || second.glued {
        return None;
    }
    let join = reading.word(first.tokens.end);
    let open = cue_before(reading, &prices.open, first.tokens.start);
    let close = cue_after(reading, &prices.close, second.tokens.end).or_else(|| cue_after(reading, &prices.about_after, second.tokens.end));
    let context = [&prices.max_before, &prices.about_before, &prices.context, &prices.min_before]
        .iter()
        .find_map(|b| cue_before(reading, b, first.tokens.start));
    let capped = cue_after(reading, &prices.max_after, second.tokens.end);
    let money = first.money || second.money;
    let opens = open.is_some_and(|at| {
        matches!(reading.word(at), "between" | "介") || (reading.word(at) == "from" && ends_phrase(reading, second.tokens.end))
    });
    let alternatives = matches!(join, "and" | "或" | "or") && open.is_none() && close.is_none();
    let clause = |at: Option<usize>| at.is_none_or(|i| matches!(reading.kind(i), None | Some(Kind::Mark)));
    // 手表 100到200的: a space ends what was said before.
    let apart = matches!(join, "到" | "至") && reading.tokens[first.tokens.start].gap;
    let whole = (apart || clause(first.tokens.start.checked_sub(1)))
        && (clause(Some(second.tokens.end)) || reading.word(second.tokens.end) == "的")
        && join != "and"
        && first.low >= 50 * ONE
        && first.low < second.low;
    // 电脑六千到八千: nothing but money is spoken of like that.
    let spoken = |amount: &Amount| amount.han && amount.low >= 100 * ONE;
    let whole = whole || (spoken(first) && spoken(second) && first.low < second.low && ends_phrase(reading, second.tokens.end));
    if first.year() && second.year() && context.is_none() && close.is_none() {
        return None;
    }
    if alternatives || !(money || opens || close.is_some() || context.is_some() || (capped.is_some() && join != "and") || whole) {
        return None;
    }
    let mut low = first.low;
    // 两到三百: the first number borrows the magnitude of the second.
    if first.small && second.low >= 100 * ONE && low * 100 <= second.low * 10 {
        let unit = (0..12).map(|p| 10_i64.pow(p)).take_while(|u| second.low / ONE >= *u).last().unwrap_or(1);
        low *= unit;
    }
    let start = open.into_iter().chain(context).min().unwrap_or(first.tokens.start);
    let end = close.into_iter().chain(capped).max().unwrap_or(second.tokens.end);
    Some(Found { tokens: start..end, min: Some(low), max: Some(second.low), about: None, currency: second.currency.or(first.currency) })
}

/// One amount with a cue, or with money.
fn limit(reading: &Reading, amount: &Amount) -> Option<Found> {
    let prices = &LEXICON.prices;
    let Range { start, end } = amount.tokens.clone();
    if amount.glued {
        return None;
    }
    let make = |range: Range<usize>, (min, max, about)| Found { tokens: range, min, max, about, currency: amount.currency };
    let before = |book| cue_before(reading, book, start);
    let after = |book| cue_after(reading, book, end);
    let max = (None, Some(amount.high.unwrap_or(amount.low)), None);
    let min = (Some(amount.low), None, None);
    let free = amount.money || ends_phrase(reading, end);
    let bound = bound_before(reading, start, free, free && !amount.year());
    let max_cue = bound.filter(|(_, bound)| *bound == Bound::AtMost).map(|(from, _)| from);
    let about_cue = before(&prices.about_before).or_else(|| before(&prices.about_weak).filter(|_| free));
    let about_end = after(&prices.about_after);
    if about_cue.is_some() || (about_end.is_some() && (!amount.small || amount.money)) {
        let from = about_cue.into_iter().chain(max_cue).chain(before(&prices.context)).min().unwrap_or(start);
        let value = match amount.high {
            Some(high) => (Some(amount.low), Some(high), Some((amount.low + high) / 2)),
            None => about(amount.low),
        };
        return Some(make(from..about_end.unwrap_or(end), value));
    }
    if let Some((from, Bound::AtLeast)) = bound {
        let below = after(&prices.max_after).filter(|_| reading.word(end) == "以");
        return Some(below.map_or_else(|| make(from..end, min), |to| make(from..to, max)));
    }
    if let Some(from) = max_cue {
        let range = from..after(&prices.max_after).unwrap_or(end);
        return Some(make(range, max));
    }
    if let Some(to) = after(&prices.max_after).filter(|_| !amount.small || amount.money) {
        return Some(make(start..to, max));
    }
    if let Some(to) = after(&prices.min_after).filter(|to| amount.money || reading.word(to - 1) != "+") {
        return Some(make(start..to, min));
    }
    let spoken = amount.high.filter(|_| amount.low >= 100 * ONE && (reading.word(end) == "的" || end == reading.len()));
    if let Some(high) = spoken {
        return Some(make(start..end, (Some(amount.low), Some(high), Some((amount.low + high) / 2))));
    }
    let plural = amount.small && reading.word(end - 1) == "块" && reading.word(end) != "的";
    if amount.money && !plural {
        let from = before(&prices.context).unwrap_or(start);
        let value = match amount.high {
            Some(high) => (Some(amount.low), Some(high), Some((amount.low + high) / 2)),
            None => about(amount.low),
        };
        return Some(make(from..end, value));
    }
    None
}

/// True when nothing that could be counted follows.
fn ends_phrase(reading: &Reading, at: usize) -> bool {
    let word = reading.word(at);
    match reading.kind(at) {
        None | Some(Kind::Mark) => word != "%",
        Some(Kind::Number) => false,
        Some(Kind::Word) => LEXICON.connectors.contains(&word),
        Some(Kind::Han) => "的吧呢哦啊就都可行有买想要送给以之左上内价，预".contains(word),
    }
}

/// A price takes the money words beside it along: «price lower than 50», «50块钱的».
fn widen(reading: &Reading, range: Range<usize>) -> Range<usize> {
    let (mut start, mut end) = (range.start, range.end);
    while let Some((from, _)) = LEXICON.prices.context.ending(reading, start) {
        start = from;
    }
    while let Some((n, _)) = LEXICON.prices.context.at(reading, end) {
        end += n;
    }
    if reading.word(end) == "的" {
        end += 1;
    }
    start..end
}
