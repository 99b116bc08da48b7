//! A text in, the numbers it mentions out, each with its unit and whether it is money. Pure.

use unicode_normalization::UnicodeNormalization;

/// A number in a text. `value` is in thousandths, so that 1.5 and 1.50 are one value and nothing passes through a float.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    pub value: i64,
    /// The unit that follows, in a normal form ("g", "cm", "h"); empty when none does.
    pub unit: String,
    pub money: bool,
    /// As it stands in the text.
    pub text: String,
}

const MONEY_BEFORE: &[&str] = &["s$", "hk$", "us$", "$", "¥", "€", "£", "sgd", "usd", "cny", "rmb", "eur"];
const MONEY_AFTER: &[&str] = &["元", "块", "新币", "新元", "美元", "dollar", "buck", "sgd", "usd", "cny", "eur", "yuan"];
/// Spellings of units, longest first within a line; the first is the normal form.
const UNITS: &[&[&str]] = &[
    &["mm", "millimetre", "millimeter", "毫米"],
    &["cm", "centimetre", "centimeter", "厘米", "公分"],
    &["km", "kilometre", "kilometer", "公里", "千米"],
    &["kg", "kilogram", "kilo", "公斤", "千克"],
    &["ml", "millilitre", "milliliter", "毫升"],
    &["mah", "毫安时", "毫安"],
    &["gb", "g内存"],
    &["tb"],
    &["mb"],
    &["hz", "赫兹"],
    &["db", "分贝"],
    &["kw", "千瓦"],
    &["wh", "瓦时"],
    &["w", "watt", "瓦"],
    &["inch", "inches", "\"", "″", "英寸", "寸"],
    &["min", "minute", "分钟"],
    &["h", "hour", "hr", "小时", "个小时"],
    &["day", "天", "日"],
    &["week", "周", "星期"],
    &["month", "个月", "月"],
    &["year", "年"],
    &["%", "percent", "％"],
    &["°c", "degree", "度", "℃"],
    &["g", "gram", "克"],
    &["l", "litre", "liter", "升"],
    &["m", "metre", "meter", "米"],
    &["person", "people", "人"],
    &["piece", "pcs", "件", "个", "只", "条", "双"],
    &["star", "星", "分"],
    &["size", "码", "号"],
];
const ENGLISH: &[(&str, i64)] = &[
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("twelve", 12),
    ("twenty", 20),
    ("thirty", 30),
    ("fifty", 50),
    ("hundred", 100),
    ("thousand", 1000),
    ("half", 0),
    ("double", 2),
    ("twice", 2),
    ("dozen", 12),
];

pub fn mentions(text: &str) -> Vec<Mention> {
    let text: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((start, c)) = text[at..].char_indices().find(|(_, c)| c.is_ascii_digit() || is_han_digit(*c)).map(|(n, c)| (at + n, c)) {
        let (value, end) = if c.is_ascii_digit() { arabic(&text, start) } else { han(&text, start) };
        at = end;
        if let Some(value) = value {
            found.push(mention(&text, start, end, value));
        }
    }
    found.extend(spelled(&text));
    found
}

fn mention(text: &str, start: usize, end: usize, value: i64) -> Mention {
    let before = text[..start].trim_end();
    let after = text[end..].trim_start_matches([' ', '-', '\u{a0}']);
    let sign = MONEY_BEFORE.iter().find(|s| before.ends_with(**s));
    let word = MONEY_AFTER.iter().find(|w| after.starts_with(**w));
    let unit = if word.is_some() { String::new() } else { unit(after) };
    let from = sign.map_or(start, |s| before.len() - s.len());
    let to = word.map_or(end, |w| text.len() - after.len() + w.len());
    Mention { value, unit, money: sign.is_some() || word.is_some(), text: text[from..to].trim().to_owned() }
}

fn unit(after: &str) -> String {
    let mut best: Option<(&str, usize)> = None;
    for spellings in UNITS {
        for spelling in *spellings {
            let ends = |rest: &str| {
                !rest.starts_with(|c: char| c.is_ascii_alphabetic()) || rest.trim_start_matches('s').is_empty() || {
                    let rest = rest.strip_prefix('s').unwrap_or(rest);
                    !rest.starts_with(|c: char| c.is_ascii_alphabetic())
                }
            };
            if let Some(rest) = after.strip_prefix(spelling)
                && ends(rest)
                && best.is_none_or(|(_, n)| spelling.len() > n)
            {
                best = Some((spellings[0], spelling.len()));
            }
        }
    }
    best.map_or(String::new(), |(unit, _)| unit.to_owned())
}

fn arabic(text: &str, start: usize) -> (Option<i64>, usize) {
    let bytes = text.as_bytes();
    let mut end = start;
    while end < bytes.len() {
        let digit_after = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        match bytes[end] {
            b if b.is_ascii_digit() => end += 1,
            b',' | b'.' if digit_after => end += 1,
            _ => break,
        }
    }
    let glued = text[..start].chars().next_back().is_some_and(|c| c.is_ascii_alphabetic());
    let money_before = MONEY_BEFORE.iter().any(|s| text[..start].ends_with(s));
    if glued && !money_before {
        return (None, end);
    }
    let number = text[start..end].replace(',', "");
    let (whole, part) = number.split_once('.').unwrap_or((&number, ""));
    let thousandths: String = part.chars().chain("000".chars()).take(3).collect();
    let value = whole.parse::<i64>().ok().and_then(|w| w.checked_mul(1000)).zip(thousandths.parse::<i64>().ok()).map(|(w, t)| w + t);
    (value, end)
}

fn is_han_digit(c: char) -> bool {
    "两二三四五六七八九十百千万半".contains(c)
}

/// Chinese numerals; 一 alone is an article and is not a number. `半` is half of what follows: never bound, so always refused.
fn han(text: &str, start: usize) -> (Option<i64>, usize) {
    let (mut total, mut section, mut digit) = (0_i64, 0_i64, 0_i64);
    let mut end = start;
    for (n, c) in text[start..].char_indices() {
        match c {
            '一' => digit = 1,
            '二' | '两' => digit = 2,
            '三' => digit = 3,
            '四' => digit = 4,
            '五' => digit = 5,
            '六' => digit = 6,
            '七' => digit = 7,
            '八' => digit = 8,
            '九' => digit = 9,
            '零' => digit = 0,
            '十' => (section, digit) = (section + digit.max(1) * 10, 0),
            '百' => (section, digit) = (section + digit.max(1) * 100, 0),
            '千' => (section, digit) = (section + digit.max(1) * 1000, 0),
            '万' => (total, section, digit) = (total + (section + digit).max(1) * 10_000, 0, 0),
            _ => break,
        }
        end = start + n + c.len_utf8();
    }
    if end == start {
        let width = text[start..].chars().next().map_or(1, char::len_utf8);
        return (Some(500), start + width);
    }
    let after = &text[end..];
    let words =
        ["款", "者", "种", "用", "分", "面", "侧", "边", "季", "周到", "全", "足", "方", "角", "项", "点", "处", "样", "位", "思", "部"];
    let idiom = words.iter().any(|w| after.starts_with(w))
        || ["十分", "千万", "百搭", "万一", "四季", "三思"].iter().any(|w| text[start..].starts_with(w));
    (if idiom { None } else { Some((total + section + digit) * 1000) }, end)
}

fn spelled(text: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric()).peekable();
    while let Some(word) = words.next() {
        if let Some((_, value)) = ENGLISH.iter().find(|(name, _)| *name == word) {
            let next = words.peek().copied().unwrap_or("");
            let money = MONEY_AFTER.iter().any(|w| next.starts_with(w));
            found.push(Mention { value: value * 1000, unit: unit(next), money, text: word.to_owned() });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_units_and_money() {
        let shown = |text: &str| -> Vec<(i64, String, bool)> { mentions(text).into_iter().map(|m| (m.value, m.unit, m.money)).collect() };
        for (text, expected) in [
            ("S$75.00", vec![(75_000, "", true)]),
            ("1,299.5 dollars", vec![(1_299_500, "", true)]),
            ("重 240 克，一百二十元", vec![(240_000, "g", false), (120_000, "", true)]),
            ("240 grams, 10 hours", vec![(240_000, "g", false), (10_000, "h", false)]),
            ("两款都好，百搭", vec![]),
            ("lasts two years", vec![(2_000, "year", false)]),
            ("USB3 and A4", vec![]),
            ("20% off", vec![(20_000, "%", false)]),
            ("15.6-inch", vec![(15_600, "inch", false)]),
        ] {
            let expected: Vec<(i64, String, bool)> = expected.into_iter().map(|(v, u, m)| (v, u.to_owned(), m)).collect();
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(text in "\\PC{0,60}") {
            mentions(&text);
        }
    }
}
