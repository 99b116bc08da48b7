//! In: a reading and a number of it. Out: where that number is somebody's age without a unit (my dad is 70, 今年70), or a month of a
//! pregnancy. Neither is a measure of a product, nor a word to search for.

use super::{
    lexicon::LEXICON,
    number::{Number, ONE},
    reading::{Kind, Reading},
};
use std::ops::Range;

const OLDEST: i64 = 110;

/// People whose age is told with a plain "is".
const PEOPLE: [&str; 44] = [
    "he",
    "she",
    "dad",
    "mum",
    "mom",
    "father",
    "mother",
    "grandma",
    "grandpa",
    "grandmother",
    "grandfather",
    "granny",
    "nana",
    "husband",
    "wife",
    "boyfriend",
    "girlfriend",
    "brother",
    "sister",
    "son",
    "daughter",
    "boy",
    "girl",
    "niece",
    "nephew",
    "uncle",
    "aunt",
    "friend",
    "boss",
    "teacher",
    "kid",
    "child",
    "daddy",
    "mummy",
    "mommy",
    "grandson",
    "granddaughter",
    "colleague",
    "cousin",
    "twins",
    "law",
    "partner",
    "toddler",
    "baby",
];
const KIN: [&str; 12] = ["爸", "妈", "爷", "奶", "公", "婆", "母", "父", "他", "她", "人", "师"];

/// The tokens of a bare age, with the words that make it one.
pub(super) fn age_of(reading: &Reading, number: &Number, has_unit: bool) -> Option<Range<usize>> {
    let (start, end) = (number.tokens.start, number.tokens.end);
    let years = number.low / ONE;
    if !(1..=OLDEST).contains(&years) || number.low % ONE != 0 || number.kilo {
        return None;
    }
    // 六十大寿, a 70th birthday.
    if reading.word(end) == "大" && reading.word(end + 1) == "寿" {
        return Some(start..end);
    }
    if matches!(reading.word(end), "th" | "st" | "nd" | "rd") && matches!(reading.word(end + 1), "birthday" | "bday") {
        return Some(start..end + 1);
    }
    if has_unit || number.high.is_some() {
        return None;
    }
    let before = reading.before(start);
    let told_en = match before {
        "turning" | "turns" | "turned" => true,
        "hes" | "shes" => true,
        "is" | "was" => start >= 2 && PEOPLE.contains(&reading.word(start - 2)),
        "s" | "now" => false,
        _ => false,
    };
    if told_en && ends(reading, end) {
        return Some(start - 1..end);
    }
    let told_zh = before == "年" && start >= 2 && reading.word(start - 2) == "今" && !reading.glued_money(end);
    let kin = KIN.contains(&before) && reading.word(end) == "了" && !reading.glued_money(end);
    if told_zh && (ends(reading, end) || reading.word(end) == "了") {
        return Some(start - 2..end);
    }
    kin.then_some(start..end + 1)
}

/// The months of a pregnancy that lie in `range`, with its words: "5 months pregnant", 怀孕五个月.
pub(super) fn pregnancy(reading: &Reading, range: &Range<usize>) -> Option<Range<usize>> {
    let mut end = range.end;
    while matches!(reading.word(end), "into" | "my" | "her" | "a" | "of" | "的") {
        end += 1;
    }
    if matches!(reading.word(end), "pregnant" | "pregnancy" | "along" | "gone" | "postpartum") {
        return Some(range.start..end + 1);
    }
    if reading.word(range.end) == "身" && reading.word(range.end + 1) == "孕" {
        return Some(range.start..range.end + 2);
    }
    let mut start = range.start;
    while start > 0
        && range.start - start < 4
        && matches!(reading.before(start), "了" | "已" | "经" | "有" | "快" | "孕" | "怀" | "pregnant" | "for")
    {
        start -= 1;
    }
    (start..range.start).any(|at| matches!(reading.word(at), "孕" | "怀" | "pregnant")).then_some(start..range.end)
}

/// Nothing behind the number makes a measure, size or price of it.
fn ends(reading: &Reading, at: usize) -> bool {
    let goes_on = [
        "and", "so", "but", "who", "now", "this", "he", "she", "they", "wants", "likes", "loves", "next", "soon", "with", "i", "we",
        "what", "any", "for", "today", "tomorrow",
    ];
    match reading.kind(at) {
        None => true,
        Some(Kind::Mark) => !matches!(reading.word(at), "%" | "\"" | "/" | "+" | "x" | "×" | "-"),
        Some(Kind::Han) => {
            !reading.glued_money(at) && LEXICON.units.at(reading, at).is_none() && !matches!(reading.word(at), "码" | "号" | "款")
        }
        _ => goes_on.contains(&reading.word(at)),
    }
}

impl Reading<'_> {
    /// Whether money's mark stands at a token: 块, 元.
    fn glued_money(&self, at: usize) -> bool {
        LEXICON.prices.money_after.at(self, at).is_some()
    }
}
