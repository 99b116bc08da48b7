//! In: a reading and the ages said in it. Out: whether whoever writes is under age ("im 13", 我上初一), whether it is for somebody who is,
//! and whether something that only adults may buy is asked for. The words are `adults.toml`.

use super::{
    lexicon::{LEXICON, book, parse},
    marks::{Keep, Marks},
    number::{Number, ONE},
    phrasebook::Phrasebook,
    reading::{Kind, Reading},
    who::Recipient,
};
use serde::Deserialize;
use std::{ops::Range, sync::LazyLock};

/// Of age, in years.
const ADULT: i64 = 18;
/// Nobody younger writes to a shop: «I'm 2» is something else.
const YOUNGEST: i64 = 5;

/// Whether the shopper says to be under age. The words that say so leave the search, and are no measure.
pub(super) fn minor(reading: &Reading, numbers: &[Number], marks: &mut Marks) -> bool {
    let mut found = false;
    for number in numbers {
        if let Some(range) = own_age(reading, number) {
            let years = number.low / ONE;
            found |= (YOUNGEST..ADULT).contains(&years);
            marks.take(reading, range, Keep::Out, "age", years.to_string());
        }
    }
    for at in 0..reading.len() {
        let Some(after) = self_at(reading, at) else { continue };
        let start = skip_small(reading, after);
        if let Some(end) = school(reading, start).filter(|end| WORDS.not_own.at(reading, *end).is_none()) {
            marks.take(reading, at..end, Keep::Out, "age", "school");
            found = true;
        }
    }
    found
}

/// "Im 13", "i am 13 years old", 我今年12岁.
fn own_age(reading: &Reading, number: &Number) -> Option<Range<usize>> {
    let start = (number.tokens.start.saturating_sub(6)..number.tokens.start).rev().find(|at| {
        self_at(reading, *at).is_some_and(|after| after <= number.tokens.start && skip_small(reading, after) >= number.tokens.start)
    })?;
    let mut end = number.tokens.end;
    if reading.kind(start) == Some(Kind::Han) {
        end = if reading.word(end) == "周" { end + 1 } else { end };
        // «我12岁的女儿» is not me.
        return (reading.word(end) == "岁" && reading.word(end + 1) != "的").then_some(start..end + 1);
    }
    let article = matches!(reading.before(number.tokens.start), "a" | "an");
    let mut explicit = false;
    while matches!(reading.word(end), "year" | "years" | "yr" | "yrs" | "yo" | "y" | "o" | "old" | "of" | "age") {
        (end, explicit) = (end + 1, true);
    }
    let after = reading.word(end);
    let goes_on = ["can", "and", "so", "but", "do", "what", "is", "now", "i", "btw", "lol", "with", "years", "am", "too", "if", "will"];
    let ends = end >= reading.len() || reading.kind(end) == Some(Kind::Mark) && after != "%" || goes_on.contains(&after);
    let years = number.low / ONE;
    // A bare number beyond that may be a size.
    let plain = ends && !article && (YOUNGEST..ADULT).contains(&years) && LEXICON.units.at(reading, end).is_none_or(|_| after == "can");
    (explicit || plain).then_some(start..end)
}

/// Where the shopper speaks of themselves: the token after.
fn self_at(reading: &Reading, at: usize) -> Option<usize> {
    match (reading.word(at), reading.word(at + 1)) {
        ("i", "am" | "m") => Some(at + 2),
        ("im", _) => Some(at + 1),
        ("i", "go" | "attend") => Some(at + 2),
        ("as", "a") => Some(at + 1),
        ("我", _) if !matches!(reading.word(at + 1), "们") => Some(at + 1),
        ("本", "人") => Some(at + 2),
        _ => None,
    }
}

fn skip_small(reading: &Reading, mut at: usize) -> usize {
    let en = ["only", "just", "like", "a", "an", "in", "at", "to", "still", "the", "turning", "almost", "about", "my", "actually"];
    let zh = ["今", "年", "现", "在", "才", "刚", "满", "还", "是", "个", "一", "名", "上", "读", "念", "已", "经", "就", "只", "有"];
    while en.contains(&reading.word(at)) || (zh.contains(&reading.word(at)) && WORDS.school.at(reading, at).is_none()) {
        at += 1;
    }
    at
}

/// A school or class that starts here; the token after.
fn school(reading: &Reading, at: usize) -> Option<usize> {
    if let Some((n, ())) = WORDS.school.at(reading, at).map(|(n, _)| (n, ())) {
        return Some(at + n);
    }
    let class = |at: usize| WORDS.years.at(reading, at).map(|(n, _)| at + n);
    let number = |at: usize| reading.word(at).parse::<u8>().ok().filter(|n| (1..=13).contains(n));
    let university = (0..reading.len()).any(|i| matches!(reading.word(i), "university" | "uni" | "college" | "degree" | "phd" | "course"));
    if university {
        return None;
    }
    if let Some(end) = class(at).filter(|end| number(*end).is_some()) {
        return Some(end + 1);
    }
    let ordinal = number(at).is_some() && matches!(reading.word(at + 1), "th" | "st" | "nd" | "rd");
    let grade = matches!(reading.word(at + 2), "grade" | "grader" | "graders");
    (ordinal && grade).then_some(at + 3)
}

/// Whether it is for somebody under age: a child, or a person of fewer years. A whisky may be twelve years old.
pub(super) fn for_child(reading: &Reading, ages: &[f64], recipient: Option<&Recipient>) -> bool {
    let who = recipient.and_then(|r| r.who.as_deref());
    let grown = recipient.is_some_and(|r| r.age_group.as_deref() == Some("adult")) && !matches!(who, None | Some("son" | "daughter"));
    let young = ages.iter().any(|months| *months < (ADULT * 12) as f64) && !aged_drink(reading);
    let child = matches!(who, Some("child" | "toddler" | "baby" | "teenager"));
    child || (young && !(grown && who.is_some_and(|w| !matches!(w, "friend" | "brother" | "sister"))))
}

/// «12 year old whisky»: an adults' word right behind the age.
fn aged_drink(reading: &Reading) -> bool {
    (0..reading.len()).any(|at| {
        let old = matches!(reading.before(at), "old" | "year" | "years" | "aged" | "年" | "岁" | "single");
        let drink = |at: usize| WORDS.adults.at(reading, at).is_some_and(|(_, is)| is[0]);
        old && (drink(at) || drink(at + 1))
    })
}

/// Whether something that only adults may buy is named: in a message, a title or a category.
pub fn names_adults_only(text: &str) -> bool {
    adults_only(&Reading::of(text))
}

pub(super) fn adults_only(reading: &Reading) -> bool {
    WORDS.adults.all(reading).into_iter().any(|(range, is)| {
        // «A lighter tent»: a comparison.
        let compares = reading.lemmas(range.clone()) == "lighter" && reading.kind(range.end) == Some(Kind::Word) && {
            !matches!(reading.word(range.end), "for" | "please" | "and" | "or" | "with" | "here" | "in" | "pls")
        };
        // 多少酒|店: one character counts wherever it is a word of its own or ends one.
        is[0] && !compares && !(range.len() == 1 && reading.word(range.start) == "剑" && reading.kind(range.end) == Some(Kind::Han))
    })
}

static WORDS: LazyLock<Words> = LazyLock::new(Words::build);

struct Words {
    /// True: sold to adults only. False: only looks like it.
    adults: Phrasebook<bool>,
    school: Phrasebook<()>,
    years: Phrasebook<()>,
    not_own: Phrasebook<()>,
}

impl Words {
    fn build() -> Self {
        #[derive(Deserialize)]
        struct Both {
            en: Vec<String>,
            zh: Vec<String>,
        }
        #[derive(Deserialize)]
        struct School {
            en: Vec<String>,
            zh: Vec<String>,
            years: Vec<String>,
            not_own: Vec<String>,
        }
        #[derive(Deserialize)]
        struct File {
            adults: Both,
            others: Both,
            school: School,
        }
        let file: File = parse(include_str!("../../../assets/lexicon/adults.toml"));
        let mut adults = Phrasebook::new();
        for (both, is) in [(&file.others, false), (&file.adults, true)] {
            both.en.iter().chain(&both.zh).for_each(|word| adults.add(word, is));
        }
        let school: Vec<&String> = file.school.en.iter().chain(&file.school.zh).collect();
        Words { adults, school: book(&school), years: book(&file.school.years), not_own: book(&file.school.not_own) }
    }
}
