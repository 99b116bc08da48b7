//! In: a reading. Out: its numbers, in digits or in Chinese, with the vagueness people put in them
//! (两三百, 一百多, 几十, 1.2k). Values are ten-thousandths, so no amount passes through a float.

use super::reading::{Kind, Reading};
use std::ops::Range;

/// One whole: values are counted in ten-thousandths.
pub const ONE: i64 = 10_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    pub tokens: Range<usize>,
    /// In ten-thousandths.
    pub low: i64,
    /// The other end when the number is itself a range: 两三百, 一百多, 几十.
    pub high: Option<i64>,
    /// 一百来块: about.
    pub about: bool,
    /// Written with a k: 1.2k, but 4K too.
    pub kilo: bool,
    /// Written in Chinese characters.
    pub han: bool,
    /// A bare 百, 千, 万 without a digit: a number only before money.
    pub bare: bool,
}

/// All numbers of a message, left to right.
pub fn scan(reading: &Reading) -> Vec<Number> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < reading.len() {
        let number = match reading.kind(at) {
            Some(Kind::Number) => digits(reading, at),
            Some(Kind::Han) => chinese(reading, at),
            Some(Kind::Word) => english(reading, at),
            _ => None,
        };
        match number.map(|n| with_tail(reading, n)) {
            Some(number) => {
                at = number.tokens.end;
                found.push(number);
            }
            None => at += 1,
        }
    }
    found
}

/// A plain decimal such as `1,200.50` in ten-thousandths; further decimals are dropped.
pub fn decimal(text: &str) -> Option<i64> {
    let text = text.replace(',', "");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    if whole.len() > 12 || part.contains('.') {
        return None;
    }
    let part: String = part.chars().chain("0000".chars()).take(4).collect();
    Some(whole.parse::<i64>().ok()? * ONE + part.parse::<i64>().ok()?)
}

fn digits(reading: &Reading, at: usize) -> Option<Number> {
    let mut number = plain(at..at + 1, decimal(reading.word(at))?);
    let next = at + 1;
    // 预算1.2w
    let wan = reading.word(next) == "w" && matches!(reading.before(at), "算" | "价" | "格");
    if reading.glued(next) && wan && number.low < 1_000 * ONE {
        (number.low, number.tokens) = (number.low * 10_000, at..next + 1);
    } else if reading.glued(next) && reading.word(next) == "k" && number.low < 1_000 * ONE {
        (number.low, number.kilo, number.tokens) = (number.low * 1_000, true, at..next + 1);
    } else if let Some(times) = magnitude(reading, next).filter(|m| *m >= 100) {
        (number.low, number.tokens) = (number.low.checked_mul(times)?, at..next + 1);
        // 1千5, as 一千五.
        if let Some(tenths) = lone_digit(reading, next + 1) {
            (number.low, number.tokens) = (number.low + tenths * times / 10 * ONE, at..next + 2);
        }
        if let Some(more) = magnitude(reading, next + 1).filter(|m| *m >= 10_000) {
            (number.low, number.tokens) = (number.low.checked_mul(more)?, at..next + 2);
        }
    }
    Some(number)
}

fn chinese(reading: &Reading, at: usize) -> Option<Number> {
    // 一起 is no number, least of all a price from one up; nor are 零件 and 零食 none.
    if matches!((reading.word(at), reading.word(at + 1)), ("一", "起") | ("零", "件" | "食" | "钱" | "售")) {
        return None;
    }
    if reading.word(at) == "几" {
        let unit = magnitude(reading, at + 1)? * ONE;
        return Some(Number { high: Some(unit * 10 - ONE), han: true, ..plain(at..at + 2, unit) });
    }
    if let (Some(a), Some(b)) = (digit(reading.word(at)), digit(reading.word(at + 1)))
        && b == a + 1
        && let Some(unit) = magnitude(reading, at + 2)
    {
        let unit = unit * ONE;
        return Some(Number { high: Some(b * unit), han: true, ..plain(at..at + 3, a * unit) });
    }
    if reading.word(at) == "半" {
        return Some(Number { han: true, ..plain(at..at + 1, ONE / 2) });
    }
    let stop = (at..reading.len()).find(|i| !numeral(reading, *i)).unwrap_or(reading.len());
    (stop > at).then_some(())?;
    let words: Vec<&str> = (at..stop).map(|i| reading.word(i)).collect();
    let value = value_of(&words)?;
    let bare = words.len() == 1 && matches!(words[0], "百" | "千" | "万" | "亿");
    let mut number = Number { han: true, bare, ..plain(at..stop, value) };
    if reading.word(stop) == "点"
        && let Some(first) = digit(reading.word(stop + 1))
    {
        number.low += first * ONE / 10;
        number.tokens.end = stop + 2;
    }
    Some(number)
}

/// "eighty", "twenty-five", "two hundred and fifty", "a thousand", "twelve and a half": from ten on, since "this one" is no number.
fn english(reading: &Reading, at: usize) -> Option<Number> {
    let (mut total, mut section, mut end, mut spoken) = (0_i64, 0_i64, at, false);
    let mut next = at;
    while let Some((value, scale)) = english_word(reading.word(next)) {
        let fits = match scale {
            true => section > 0 || (total == 0 && reading.word(next.wrapping_sub(1)) == "a"),
            false => section % 100 == 0 || (section % 10 == 0 && section % 100 >= 20 && value < 10),
        };
        if !fits || (scale && value == 100 && section >= 100) {
            break;
        }
        match (scale, value) {
            (true, 1_000) => (total, section) = (total + section.max(1) * 1_000, 0),
            (true, _) => section = section.max(1) * 100,
            (false, _) => section += value,
        }
        (spoken, end) = (spoken || scale || value >= 10, next + 1);
        // Three hundred and four hundred are two.
        let another = english_word(reading.word(end + 2)).is_some_and(|(_, scale)| scale);
        let joined = reading.word(end) == "-" || (reading.word(end) == "and" && (section % 100 == 0 || total > 0) && !another);
        next = if joined && english_word(reading.word(end + 1)).is_some_and(|(_, scale)| !scale) { end + 1 } else { end };
    }
    let mut value = (total + section) * ONE;
    if end > at && end + 3 <= reading.len() && reading.phrase(end..end + 3) == "and a half" {
        (value, end) = (value + ONE / 2, end + 3);
    }
    let from = if reading.word(at.wrapping_sub(1)) == "a" && english_word(reading.word(at)).is_some_and(|w| w.1) { at - 1 } else { at };
    let sized = matches!(reading.before(at), "size" | "sizes" | "uk" | "us" | "eu");
    ((spoken || sized) && end > at).then(|| plain(from..end, value))
}

/// A number word's value, and whether it multiplies what stands before it.
fn english_word(word: &str) -> Option<(i64, bool)> {
    const SMALL: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let at = |list: &[&str]| list.iter().position(|w| *w == word).map(|n| n as i64);
    match word {
        "hundred" => Some((100, true)),
        "thousand" | "grand" => Some((1_000, true)),
        _ => at(&SMALL).map(|n| (n, false)).or_else(|| at(&TENS).map(|n| (n * 10 + 20, false))),
    }
}

/// 多, 几, 来 after a number make it vague.
fn with_tail(reading: &Reading, mut number: Number) -> Number {
    let end = number.tokens.end;
    let step = (0..12).map(|p| 10_i64.pow(p) * ONE).take_while(|unit| number.low % unit == 0).last().unwrap_or(ONE);
    match reading.word(end) {
        "多" | "几" | "余" if step >= 10 * ONE && number.low > 0 => {
            number.high = Some(number.low + step - ONE);
            number.tokens.end = end + 1;
        }
        "来" | "把" if matches!(reading.word(end + 1), "块" | "元" | "个" | "岁" | "斤" | "公") => {
            number.about = true;
            number.tokens.end = end + 1;
        }
        _ => {}
    }
    number
}

fn plain(tokens: Range<usize>, low: i64) -> Number {
    Number { tokens, low, high: None, about: false, kilo: false, han: false, bare: false }
}

fn digit(word: &str) -> Option<i64> {
    Some(match word {
        "零" | "〇" => 0,
        "一" | "壹" => 1,
        "二" | "两" | "俩" | "贰" => 2,
        "三" | "叁" => 3,
        "四" => 4,
        "五" | "伍" => 5,
        "六" => 6,
        "七" => 7,
        "八" => 8,
        "九" => 9,
        _ => return None,
    })
}

/// A digit of either script that touches what is before it and no other numeral: 1千5, 一米八.
pub(super) fn lone_digit(reading: &Reading, at: usize) -> Option<i64> {
    let word = reading.word(at);
    let value = digit(word).or_else(|| word.parse().ok().filter(|_| word.len() == 1));
    let more = numeral(reading, at + 1) || reading.kind(at + 1) == Some(Kind::Number);
    value.filter(|value| *value > 0 && reading.glued(at) && !more)
}

/// 十 to 亿 at a token; 千 before 克, 瓦, 米, 赫 belongs to the unit.
fn magnitude(reading: &Reading, at: usize) -> Option<i64> {
    Some(match reading.word(at) {
        "十" => 10,
        "百" | "佰" => 100,
        "千" if matches!(reading.word(at + 1), "克" | "瓦" | "米" | "赫") => return None,
        "千" | "仟" => 1_000,
        "万" | "萬" => 10_000,
        "亿" => 100_000_000,
        _ => return None,
    })
}

fn numeral(reading: &Reading, at: usize) -> bool {
    let word = reading.word(at);
    digit(word).is_some() || magnitude(reading, at).is_some() || matches!(word, "廿")
}

/// The value of Chinese numerals up to 亿, with the spoken short forms 一千二 (1200) and 百五 (150).
fn value_of(words: &[&str]) -> Option<i64> {
    if words.len() > 1 && words.iter().all(|w| digit(w).is_some()) {
        return words.iter().try_fold(0_i64, |sum, w| sum.checked_mul(10)?.checked_add(digit(w)? * ONE));
    }
    let (mut total, mut section, mut pending, mut last) = (0_i64, 0_i64, None, 1_i64);
    for word in words {
        if let Some(d) = digit(word) {
            if pending.is_some_and(|p| p != 0) {
                return None;
            }
            pending = Some(d);
            last = if d == 0 { 1 } else { last };
            continue;
        }
        let unit = match *word {
            "十" => 10,
            "百" | "佰" => 100,
            "千" | "仟" => 1_000,
            "廿" => 20,
            "万" | "萬" => 10_000,
            _ => 100_000_000,
        };
        if unit >= 10_000 {
            let sum = section + pending.take().unwrap_or(0);
            total = total.checked_add(sum.max(1).checked_mul(unit)?)?;
            section = 0;
        } else if unit == 20 {
            section += 20;
        } else {
            section += pending.take().filter(|p| *p != 0).unwrap_or(1) * unit;
        }
        last = if unit == 20 { 10 } else { unit };
    }
    let tail = pending.unwrap_or(0) * if last >= 100 { last / 10 } else { 1 };
    (total + section + tail).checked_mul(ONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        let cases: [(&str, i64, Option<i64>); 26] = [
            ("三百", 300, None),
            ("一千二", 1200, None),
            ("一千零五十", 1050, None),
            ("一千零五", 1005, None),
            ("百五", 150, None),
            ("两百五", 250, None),
            ("三百五十", 350, None),
            ("一万二", 12_000, None),
            ("一万二千三百", 12_300, None),
            ("两亿", 200_000_000, None),
            ("十五", 15, None),
            ("二十", 20, None),
            ("廿五", 25, None),
            ("两三百", 200, Some(300)),
            ("一两千", 1000, Some(2000)),
            ("五六十", 50, Some(60)),
            ("几十", 10, Some(99)),
            ("几百", 100, Some(999)),
            ("一百多", 100, Some(199)),
            ("二十多", 20, Some(29)),
            ("1.2k", 1200, None),
            ("2万", 20_000, None),
            ("5千", 5_000, None),
            ("１，２００", 1200, None),
            ("1,200", 1200, None),
            ("一百来块", 100, None),
        ];
        for (text, low, high) in cases {
            let got = scan(&Reading::of(text));
            assert_eq!(got.len(), 1, "{text} {got:?}");
            assert_eq!((got[0].low, got[0].high), (low * ONE, high.map(|h| h * ONE)), "{text}");
        }
    }

    #[test]
    fn decimals() {
        for (text, want) in [("1,200.50", 12_005_000), ("0.0625", 625), ("三点五", 35_000)] {
            assert_eq!(scan(&Reading::of(text))[0].low, want, "{text}");
        }
        assert_eq!(scan(&Reading::of("3千克"))[0].low, 3 * ONE);
    }
}
