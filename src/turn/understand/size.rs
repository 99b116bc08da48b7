//! In: a reading and its numbers. Out: sizes as the catalogue writes them (42, US 9, XL, one size).

use super::{
    lexicon::{LEXICON, book, department_at, parse},
    marks::{Keep, Marks},
    number::{Number, ONE},
    phrasebook::Phrasebook,
    reading::{Kind, Reading},
};
use serde::Deserialize;
use std::{collections::BTreeMap, ops::Range, sync::LazyLock};

/// The EU size of an adult shoe size in another system: `eu_size("US", 9.0, Some("male"))` → 42. UK, US; nearest row.
pub fn eu_size(system: &str, size: f64, gender: Option<&str>) -> Option<&'static str> {
    let column = match (system, gender) {
        ("UK", _) => 1,
        ("US", Some("female")) => 3,
        ("US", _) => 2,
        _ => return None,
    };
    SIZES.shoes.iter().find(|row| row[column].parse::<f64>().is_ok_and(|s| (s - size).abs() < 0.01)).map(|row| row[0].as_str())
}

/// Sizes after the words that name them; call before prices are read.
pub(super) fn sizes(reading: &Reading, numbers: &[Number], marks: &mut Marks) -> Vec<String> {
    let mut found = Vec::new();
    for number in numbers {
        numbered(reading, number, marks, &mut found);
    }
    for (range, names) in SIZES.letters.all(reading) {
        if marks.free(&range) && lettered(reading, &range, marks) {
            let range = with_cues(reading, range);
            put(reading, range, names[0].clone(), marks, &mut found);
        }
    }
    for (range, names) in SIZES.beds.all(reading) {
        if marks.free(&range) && (range.end == reading.len() || reading.word(range.end) != "size") {
            let keep = if reading.word(range.end - 1) == "bed" { Keep::InTerms } else { Keep::Out };
            found.push(names[0].clone());
            marks.take(reading, range, keep, "size", names[0].clone());
        }
    }
    found
}

/// A lone number between 34 and 48 in a message about shoes; call after prices are read.
pub(super) fn shoe_sizes(reading: &Reading, numbers: &[Number], marks: &mut Marks, found: &mut Vec<String>) {
    let shoes = (0..reading.len()).any(|at| SIZES.shoe_words.at(reading, at).is_some());
    for number in numbers.iter().filter(|n| shoes && !n.kilo && n.high.is_none()) {
        if !found.is_empty() || !marks.free(&number.tokens) {
            continue;
        }
        let touches = reading.glued(number.tokens.start) && reading.kind(number.tokens.start - 1) == Some(Kind::Word);
        let followed = reading.glued(number.tokens.end) && reading.kind(number.tokens.end) == Some(Kind::Word);
        if (34 * ONE..=48 * ONE).contains(&number.low) && number.low % (ONE / 2) == 0 && !touches && !followed && !number.han {
            let value = shown(number.low);
            put(reading, number.tokens.clone(), value, marks, found);
        }
    }
}

fn numbered(reading: &Reading, number: &Number, marks: &mut Marks, found: &mut Vec<String>) {
    let Range { start, end } = number.tokens.clone();
    // 大一码: one size up, no size.
    let step = start > 0 && matches!(reading.before(start), "大" | "小") && number.low == ONE;
    if step || !marks.free(&number.tokens) || number.low > 400 * ONE || number.high.is_some() {
        return;
    }
    let spelled = |at: usize, upper: bool| {
        let word = reading.word(at);
        SIZES.systems.iter().find(|s| s.as_str() == word).filter(|_| !upper || reading.slice(&(at..at + 1)).chars().all(char::is_uppercase))
    };
    let system = |at: usize| spelled(at, reading.word(at) == "us" || reading.word(at) == "cn");
    let before = start
        .checked_sub(1)
        .and_then(|at| two(reading, at))
        .or_else(|| start.checked_sub(1).and_then(system).map(|s| (start - 1, s.clone())));
    let after = (end < reading.len()).then(|| system(end)).flatten().map(|s| (end + 1, s.clone()));
    let cue_at = before.as_ref().map_or(start, |b| b.0);
    let cue = SIZES.before.ending(reading, cue_at).map(|c| c.0).or_else(|| {
        let small = |w: &str| matches!(w, ":" | "=" | "a" | "is" | "of" | "是" | "in");
        cue_at.checked_sub(1).filter(|i| small(reading.word(*i))).and_then(|i| SIZES.before.ending(reading, i)).map(|c| c.0)
    });
    let stop = after.as_ref().map_or(end, |a| a.0);
    let tail = SIZES.after.at(reading, stop).map(|(n, _)| stop + n);
    let listed = continues(reading, start, marks);
    let glued = reading.glued(end) && reading.kind(end) == Some(Kind::Word) && after.is_none();
    let dimension = matches!(reading.word(end), "x" | "×") && reading.kind(end + 1) == Some(Kind::Number);
    // 9月10号, and what costs 25.
    let other = reading.before(start) == "月" || (cue.is_none() && priced(reading, stop));
    // Inches; centimetres are a measure.
    let waist = [reading.before(cue_at), reading.word(stop)].contains(&"waist") && !(24 * ONE..=50 * ONE).contains(&number.low);
    if glued
        || other
        || waist
        || dimension
        || reading.word(stop) == "/"
        || (cue.is_none() && tail.is_none() && before.is_none() && after.is_none() && !listed)
    {
        return;
    }
    if before.is_none() && tail.is_none() && listed && cue.is_none() && number.low < 3 * ONE {
        return;
    }
    let system = before.or(after).map(|(_, s)| s);
    let stop = tail.unwrap_or(stop);
    // 四十三码半
    let half = tail.is_some() && reading.word(stop) == "半";
    let (low, stop) = if half { (number.low + ONE / 2, stop + 1) } else { (number.low, stop) };
    let value = match system.as_deref() {
        Some("us" | "美 码") => format!("US {}", shown(low)),
        Some("uk" | "英 码") => format!("UK {}", shown(low)),
        Some("jp") => format!("JP {}", shown(low)),
        _ => shown(low),
    };
    put(reading, cue.unwrap_or(cue_at)..stop, value, marks, found);
}

/// Money follows, or the rest of a range that ends with it.
fn priced(reading: &Reading, stop: usize) -> bool {
    let money = |at: usize| LEXICON.prices.money_after.at(reading, at).is_some();
    let range = LEXICON.prices.join.at(reading, stop).is_some() && reading.kind(stop + 1) == Some(Kind::Number);
    money(stop) || (range && money(stop + 2))
}

/// 欧码 and its like are two tokens.
fn two(reading: &Reading, at: usize) -> Option<(usize, String)> {
    let start = at.checked_sub(1)?;
    let phrase = reading.phrase(start..at + 1);
    matches!(phrase, "欧 码" | "美 码" | "英 码").then(|| (start, phrase.to_owned()))
}

/// «size 41 or 42», «L or XL»: the value goes on a list that a size began.
fn continues(reading: &Reading, start: usize, marks: &Marks) -> bool {
    let join = |w: &str| matches!(w, "or" | "and" | "," | "/" | "、" | "或" | "和" | "-" | "到" | "至" | "to" | "|");
    start >= 2 && join(reading.word(start - 1)) && marks.out(start - 2) && marks.evidence.last().is_some_and(|e| e.kind == "size")
}

fn lettered(reading: &Reading, range: &Range<usize>, marks: &Marks) -> bool {
    let (prev, next) = (reading.before(range.start), reading.word(range.end));
    let han = reading.kind(range.start) == Some(Kind::Han);
    if han {
        return matches!(next, "码")
            || (next == "号" && reading.kind(range.end + 1) != Some(Kind::Number))
            || reading.slice(range) == "均码";
    }
    // S$30, and a telephone of that name.
    if (next == "$" && reading.glued(range.end)) || prev == "iphone" {
        return false;
    }
    let word = |at: usize| matches!(reading.kind(at), Some(Kind::Word | Kind::Number));
    let touches = |at: usize| reading.glued(at) && word(at) && word(at - 1);
    if touches(range.start) || touches(range.end) {
        return false;
    }
    let colon = range.start.checked_sub(1).filter(|_| prev == ":").and_then(|at| SIZES.letter_before.ending(reading, at)).is_some();
    let long = reading.phrase(range.clone()).len() > 3;
    let stop = matches!(reading.kind(range.end), None | Some(Kind::Mark | Kind::Han))
        || matches!(next, "or" | "and" | "please" | "for" | "size" | "in" | "with" | "if");
    if SIZES.always.at(reading, range.start).is_some_and(|(n, _)| n == range.len()) || continues(reading, range.start, marks) {
        return true;
    }
    let upper = reading.slice(range).chars().all(|c| c.is_uppercase() || c.is_ascii_digit());
    let pair = upper && matches!(next, "or" | "/" | "and" | "或") && SIZES.letters.at(reading, range.end + 1).is_some();
    let clothes = || (0..reading.len()).any(|at| department_at(reading, at).is_some_and(|(_, d)| matches!(d, "clothing" | "accessories")));
    let named = SIZES
        .letter_before
        .ending(reading, range.start)
        .is_some_and(|(s, _)| !matches!(reading.word(s), "in") || reading.phrase(s..range.start).contains("size") || stop);
    let mark = |kind: Option<Kind>| matches!(kind, None | Some(Kind::Mark));
    let apart = long && mark(range.start.checked_sub(1).and_then(|at| reading.kind(at))) && mark(reading.kind(range.end));
    let worn = matches!(prev, "men" | "mens" | "women" | "womens" | "ladies" | "boys" | "girls" | "kids");
    let lone = upper && !long && (prev == "in" || reading.len() <= 2 || clothes());
    let sized = SIZES.letter_before.ending(reading, range.start).is_some_and(|(s, _)| reading.phrase(s..range.start).contains("size"));
    (named && (stop || !long || sized))
        || colon
        || SIZES.letter_after.at(reading, range.end).is_some()
        || lone
        || pair
        || ((range.len() > 1 || apart || worn) && clothes())
}

fn with_cues(reading: &Reading, range: Range<usize>) -> Range<usize> {
    let start = SIZES.letter_before.ending(reading, range.start).map_or(range.start, |c| c.0);
    let end = SIZES.letter_after.at(reading, range.end).map_or(range.end, |(n, _)| range.end + n);
    start..end
}

fn put(reading: &Reading, range: Range<usize>, value: String, marks: &mut Marks, found: &mut Vec<String>) {
    let end = if reading.word(range.end) == "的" { range.end + 1 } else { range.end };
    marks.take(reading, range.start..end, Keep::Out, "size", value.clone());
    if !found.contains(&value) {
        found.push(value);
    }
}

/// 42, 8.5
fn shown(value: i64) -> String {
    (value as f64 / ONE as f64).to_string()
}

static SIZES: LazyLock<Sizes> = LazyLock::new(Sizes::build);

struct Sizes {
    letters: Phrasebook<String>,
    always: Phrasebook<()>,
    beds: Phrasebook<String>,
    before: Phrasebook<()>,
    after: Phrasebook<()>,
    letter_before: Phrasebook<()>,
    letter_after: Phrasebook<()>,
    systems: Vec<String>,
    shoe_words: Phrasebook<()>,
    shoes: Vec<[String; 4]>,
}

impl Sizes {
    fn build() -> Self {
        #[derive(Deserialize)]
        struct Always {
            words: Vec<String>,
        }
        #[derive(Deserialize)]
        struct Cues {
            before: Vec<String>,
            after: Vec<String>,
            letter_before: Vec<String>,
            letter_after: Vec<String>,
            systems: Vec<String>,
            shoes: Vec<String>,
        }
        #[derive(Deserialize)]
        struct Shoes {
            rows: Vec<[String; 4]>,
        }
        #[derive(Deserialize)]
        struct File {
            letters: BTreeMap<String, Vec<String>>,
            always: Always,
            beds: BTreeMap<String, Vec<String>>,
            cues: Cues,
            shoes: Shoes,
        }
        let file: File = parse(include_str!("../../../assets/lexicon/sizes.toml"));
        let named = |map: &BTreeMap<String, Vec<String>>| {
            Phrasebook::of(map.iter().flat_map(|(name, words)| words.iter().map(|w| (w.as_str(), name.clone()))))
        };
        Sizes {
            letters: named(&file.letters),
            always: book(&file.always.words),
            beds: named(&file.beds),
            before: book(&file.cues.before),
            after: book(&file.cues.after),
            letter_before: book(&file.cues.letter_before),
            letter_after: book(&file.cues.letter_after),
            systems: file.cues.systems,
            shoe_words: book(&file.cues.shoes),
            shoes: file.shoes.rows,
        }
    }
}
