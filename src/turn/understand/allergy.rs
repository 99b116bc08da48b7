//! In: a reading. Out: what the shopper must not have (allergic to nuts, 对海鲜过敏). A wish can be loosened, this cannot.

use super::{
    lang::Lang,
    lexicon::parse,
    marks::{Keep, Marks},
    phrasebook::Phrasebook,
    reading::{Kind, Reading},
    terms,
};
use serde::Deserialize;
use std::sync::LazyLock;

/// Names of the lexicon's allergens, or the word itself where it has none.
pub(super) fn allergies(reading: &Reading, marks: &mut Marks) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let Some(cue) = (0..reading.len()).find(|at| is_cue(reading, *at)) else { return found };
    for (range, named) in ALLERGENS.book.all(reading) {
        let between = range.end.min(cue)..range.start.max(cue);
        let apart =
            between.len() > 8 || between.into_iter().any(|at| matches!(reading.word(at), "." | "。" | "，" | ";" | "；" | "!" | "！"));
        if !apart && marks.free(&range) {
            found.push(named[0].clone());
            marks.take(reading, range, Keep::Out, "allergy", named[0].clone());
        }
    }
    if found.is_empty()
        && let Some(at) = other(reading, cue)
    {
        found.push(reading.word(at).to_owned());
        marks.take(reading, at..at + 1, Keep::Out, "allergy", reading.word(at));
    }
    let (mut start, mut end) = (cue, cue + usize::from(reading.kind(cue) == Some(Kind::Han)) + 1);
    while start > 0 && matches!(reading.word(start - 1), "i" | "im" | "am" | "have" | "a" | "an" | "is" | "has" | "s" | "who" | "对" | "我")
    {
        start -= 1;
    }
    while matches!(reading.word(end), "to" | "and" | "or") {
        end += 1;
    }
    let end = end.min(reading.len());
    marks.cover(start..end, Keep::Out);
    found.dedup();
    found
}

/// Every word that gives an allergen away.
pub fn allergen_words(allergen: &str) -> Vec<&str> {
    ALLERGENS
        .rows
        .iter()
        .find(|row| row.en == allergen)
        .map_or_else(|| vec![allergen], |row| row.words.iter().map(String::as_str).collect())
}

pub fn allergen_name(allergen: &str, lang: Lang) -> &str {
    match ALLERGENS.rows.iter().find(|row| row.en == allergen) {
        Some(row) if lang == Lang::Zh => &row.zh,
        _ => allergen,
    }
}

fn is_cue(reading: &Reading, at: usize) -> bool {
    matches!(reading.word(at), "allergic" | "allergy" | "allergies" | "intolerant" | "intolerance")
        || (reading.word(at) == "过" && reading.word(at + 1) == "敏")
}

/// "Allergic to pollen", "a pollen allergy": the word beside it.
fn other(reading: &Reading, cue: usize) -> Option<usize> {
    let at = match reading.word(cue + 1) {
        "to" => cue + 2,
        _ => cue.checked_sub(1)?,
    };
    (reading.kind(at) == Some(Kind::Word) && !terms::is_stop(reading, at)).then_some(at)
}

static ALLERGENS: LazyLock<Allergens> = LazyLock::new(|| {
    let rows = parse::<File>(include_str!("../../../assets/lexicon/allergens.toml")).allergen;
    let mut book = Phrasebook::new();
    for row in &rows {
        for word in row.said.iter().map(String::as_str).chain([row.en.as_str(), row.zh.as_str()]) {
            book.add(word, row.en.clone());
        }
    }
    Allergens { book, rows }
});

struct Allergens {
    book: Phrasebook<String>,
    rows: Vec<Allergen>,
}

#[derive(Deserialize)]
struct File {
    allergen: Vec<Allergen>,
}

#[derive(Deserialize)]
struct Allergen {
    en: String,
    zh: String,
    /// Other names under which people have it.
    #[serde(default)]
    said: Vec<String>,
    words: Vec<String>,
}

#[cfg(test)]
mod tests {
    use crate::turn::understand::understand;

    #[test]
    fn what_must_not_be_had_is_no_search_word() {
        for (text, allergies, terms) in [
            ("I have a nut allergy, any snacks?", &["nuts"][..], "snacks"),
            ("snacks, I'm allergic to peanuts and milk", &["peanuts", "milk"], "snacks"),
            ("我对坚果过敏，有什么零食", &["nuts"], "零食"),
            ("海鲜过敏能吃的零食", &["seafood"], "零食"),
            ("allergic to pollen, need a mask", &["pollen"], "mask"),
            ("nuts for my mum", &[], "nuts"),
        ] {
            let read = understand(text);
            assert_eq!(read.filters.allergies, allergies, "{text}");
            assert!(read.terms.contains(terms) && !read.terms.contains("llerg") && !read.terms.contains("过敏"), "{text}: {}", read.terms);
        }
    }
}
