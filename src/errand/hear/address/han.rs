//! Addresses written in the Chinese way: 上海市浦东新区世纪大道100号5楼 200120, 新加坡宏茂桥3道Blk 217 #08-143 邮编560217.

use super::place::country_at;
use super::{empty, set};
use crate::aftersales::nouns::Address;
use crate::errand::hear::lexicon::{Field, LEXICON};
use crate::errand::hear::orders::Mention;
use crate::errand::hear::words::{Kind, Words};
use std::ops::Range;

/// Marks of a street, a house or a district.
const STREET: [&str; 14] = ["路", "街", "道", "号", "弄", "巷", "区", "县", "镇", "村", "苑", "栋", "大厦", "小区"];
/// Begins the address after what is said of it.
pub const BEFORE: [&str; 14] = ["成", "为", "到", "是", ":", "去", "址", "至", "给", "换", "改", "在", "寄", "送"];

pub fn addresses(words: &Words, orders: &[Mention], asked: bool) -> Option<(Range<usize>, Address)> {
    let spoken_of = LEXICON.book("verb.address_words").has(words, 0..words.len())
        || LEXICON.verbs.all(words, 0..words.len()).iter().any(|(_, v)| *v == crate::errand::Verb::Address);
    if !spoken_of && !asked {
        return None;
    }
    let (start, end) = (0..words.len())
        .filter_map(|at| begins(words, at, asked).map(|start| (start, end_of(words, orders, start))))
        .find(|(start, end)| is_address(words, &(*start..*end)))?;
    // 寄到公司:…
    let after = (start..end).rev().find(|at| words.word(*at) == ":").map(|at| at + 1).filter(|at| is_address(words, &(*at..end)));
    let start = after.unwrap_or(start);
    Some((start..end, read(words, &(start..end))))
}

fn begins(words: &Words, at: usize, asked: bool) -> Option<usize> {
    if asked && at == 0 {
        return Some(0);
    }
    let before = words.word(at.checked_sub(1)?);
    // 改到: the verb goes on.
    (BEFORE.contains(&before) && !BEFORE.contains(&words.word(at)) && !matches!(words.word(at), "我" | "了" | "的")).then_some(at)
}

fn end_of(words: &Words, orders: &[Mention], start: usize) -> usize {
    (start..words.len())
        .find(|at| {
            let later = *at > start;
            words.ends(*at)
                || matches!(words.word(*at), "(" | ")")
                || orders.iter().any(|o| o.span.start == *at)
                || (later && LEXICON.book("address.stops").at(words, *at).is_some())
                || (matches!(words.word(*at), "," | "、") && !more_of_it(words, at + 1))
        })
        .unwrap_or(words.len())
}

/// After a comma comes another line of it: a street, a house, a zip.
fn more_of_it(words: &Words, at: usize) -> bool {
    let line = at..(at + 14).min((at..words.len()).find(|i| words.ends(*i) || words.word(*i) == ",").unwrap_or(words.len()));
    let text = words.slice(&line);
    let verb = LEXICON.verbs.all(words, line.clone()).iter().any(|(span, _)| span.start < line.start + 6);
    !verb
        && (STREET.iter().any(|s| text.contains(s))
            || ["市", "省", "楼", "室", "邮编", "#", "新加坡"].iter().any(|s| text.contains(s))
            || digits(text) >= 5)
}

fn digits(text: &str) -> usize {
    text.chars().filter(char::is_ascii_digit).count()
}

fn is_address(words: &Words, range: &Range<usize>) -> bool {
    let text = words.slice(range);
    let han = range.clone().any(|at| words.kind(at) == Some(Kind::Han));
    // 100号 is a house; 尾号1234 and 订单号 are none.
    let marks = |mark: &&&str| {
        let mut found = text.match_indices(**mark);
        found.any(|(at, _)| {
            **mark != "号" || text[..at].trim_end().ends_with(|c: char| c.is_ascii_digit() || "一二三四五六七八九十百零".contains(c))
        })
    };
    let place = STREET.iter().filter(marks).count();
    // Where somebody speaks of themselves, or wishes for something, an address is over.
    let talks = ["我", "吗", "想", "换", "退", "？", "?"].iter().any(|word| text.contains(word));
    han && !talks && digits(text) > 0 && text.chars().count() >= 5 && (place >= 1 || text.to_lowercase().contains("blk"))
}

fn read(words: &Words, range: &Range<usize>) -> Address {
    let mut address = empty();
    let mut left: Vec<Range<usize>> = Vec::new();
    let mut at = range.start;
    let mut piece = at;
    let mut close = |from: usize, to: usize| {
        if to > from {
            left.push(from..to);
        }
    };
    while at < range.end {
        let label = LEXICON.labels.at(words, at).filter(|(_, f)| *f == Field::Zip).map_or(at, |(end, _)| end);
        let label = label + usize::from(label > at && matches!(words.word(label), ":" | "是"));
        let is_zip = words.kind(label) == Some(Kind::Number)
            && matches!(words.word(label).len(), 5 | 6)
            && (label > at || words.word(label + 1) != "号");
        if is_zip {
            close(piece, at);
            address.zip = words.word(label).to_owned();
            at = label + 1;
            piece = at;
        } else if words.word(at) == "#" && words.kind(at + 1) == Some(Kind::Number) {
            close(piece, at);
            let end = (at + 1..range.end)
                .find(|i| !words.glued(*i) || matches!(words.kind(*i), Some(Kind::Han)) || words.word(*i) == ",")
                .unwrap_or(range.end);
            set(&mut address, Field::Address2, words.slice(&(at..end)));
            at = end;
            piece = at;
        } else if let Some((end, country)) = country_at(words, at) {
            close(piece, at);
            if country == "Singapore" {
                address.city.clone_from(&country);
            }
            address.country = country;
            at = end;
            piece = at;
        } else {
            at += 1;
        }
    }
    close(piece, range.end);
    let text: String =
        left.iter().map(|r| words.slice(r).trim_matches([',', ' ', '、', '.'])).filter(|t| !t.is_empty()).collect::<Vec<_>>().join("");
    lines(&text, &mut address);
    address
}

/// 省, 市, street, and the floor or room as the second line.
fn lines(text: &str, address: &mut Address) {
    let mut rest = text.trim();
    for (mark, field) in [("省", Field::State), ("自治区", Field::State), ("市", Field::City)] {
        if let Some(at) = rest.find(mark).filter(|at| rest[..*at].chars().count() <= 6) {
            set(address, field, &rest[..at + mark.len()]);
            rest = rest[at + mark.len()..].trim();
        }
    }
    let house = rest.find('号').map(|at| at + "号".len()).filter(|at| !rest[*at..].starts_with(['楼', '线', '院']));
    let second = house.map(|at| rest[at..].trim()).filter(|more| !more.is_empty() && address.address2.is_none());
    match (house, second) {
        (Some(at), Some(more)) => {
            set(address, Field::Address2, more);
            set(address, Field::Address1, &rest[..at]);
        }
        _ => set(address, Field::Address1, rest),
    }
}
