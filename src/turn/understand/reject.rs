//! In: a reading. Out: what the shopper does not want (not leather, 不要皮的). «No sugar» and «without X» of a product's own
//! words stay search words: only a plain refusal, or the lack of a known material or part, becomes a filter.

use super::{
    lexicon::{LEXICON, book, department_at, parse},
    marks::{Keep, Marks},
    phrasebook::Phrasebook,
    reading::{Kind, Reading},
    terms,
};
use serde::Deserialize;
use std::{collections::HashSet, ops::Range, sync::LazyLock};

/// Refused words, as said. Their synonyms are the search's business.
pub(super) fn rejected(reading: &Reading, marks: &mut Marks) -> Vec<String> {
    let mut found = Vec::new();
    for (cue, soft) in NEGATION.before.all(reading) {
        let (start, mut at) = (cue.start, cue.end);
        let covered = LEXICON.products.at(reading, start).is_some_and(|(n, _)| n > cue.len());
        if !marks.free(&cue) || covered {
            continue;
        }
        if NEGATION.mild.contains(reading.word(at)) {
            marks.cover(start..mild_end(reading, at), Keep::Out);
            continue;
        }
        while matches!(reading.word(at), "a" | "an" | "the" | "any" | "in" | "made" | "of" | "with" | "有" | "带") {
            at += 1;
        }
        while let Some(range) = target(reading, at, soft[0], sugar_free(reading, start)).filter(|r| marks.free(r)) {
            let value = value(reading, &range);
            // 不要酸的 wants what its page may call 低酸.
            if TASTES.contains(&value.as_str()) {
                marks.cover(start..range.end, Keep::Out);
                break;
            }
            let end = if reading.word(range.end) == "的" { range.end + 1 } else { range.end };
            marks.take(reading, start..end, Keep::Out, "reject", value.clone());
            found.push(value);
            if !matches!(reading.word(end), "or" | "nor" | "和" | "或" | "、" | "跟") {
                break;
            }
            at = end + 1;
        }
    }
    // «No perfume» of a cream means its scent.
    if found.iter().any(|word| SCENTS.contains(&word.as_str())) {
        found.extend(
            SCENTS[..2].iter().filter(|scent| !found.iter().any(|word| word == *scent)).map(|s| (*s).to_owned()).collect::<Vec<_>>(),
        );
    }
    found
}

const TASTES: [&str; 12] = ["酸", "甜", "苦", "咸", "硬", "重", "厚", "高", "大", "小", "紧", "吵"];

const SCENTS: [&str; 6] = ["fragrance", "香精", "perfume", "香水", "香味", "香料"];

/// True when the words around a colour refuse it.
pub(super) fn refuses(reading: &Reading, range: &Range<usize>) -> bool {
    scope(reading, range) != *range
}

/// The range widened by the words that refuse it.
pub(super) fn scope(reading: &Reading, range: &Range<usize>) -> Range<usize> {
    let mut at = range.start;
    while at > 0 && matches!(reading.word(at - 1), "a" | "the" | "in" | "有" | "是" | "any" | "color" | "colour" | "of") {
        at -= 1;
    }
    let back = |at: usize| NEGATION.before.ending(reading, at).map(|(start, _)| start);
    let start = back(range.start).or_else(|| back(at)).filter(|s| !matches!(reading.word(*s), "without"));
    let tail = if reading.word(range.end) == "的" { range.end + 1 } else { range.end };
    let end = NEGATION.after.at(reading, tail).or_else(|| NEGATION.after.at(reading, range.end)).map(|(n, _)| tail + n);
    start.unwrap_or(range.start)..end.unwrap_or(range.end)
}

/// Whether the refusal may be a food's own name: «no sugar», not «别再饼干».
fn sugar_free(reading: &Reading, start: usize) -> bool {
    reading.word(start) != "别" && reading.word(start) != "nothing" && !(reading.word(start) == "no" && reading.word(start + 1) == "more")
}

fn target(reading: &Reading, at: usize, soft: bool, named: bool) -> Option<Range<usize>> {
    let kind = reading.kind(at)?;
    if matches!(kind, Kind::Mark | Kind::Number)
        || NEGATION.never.at(reading, at).is_some_and(|(n, _)| LEXICON.products.at(reading, at).is_none_or(|(m, _)| m <= n))
    {
        return None;
    }
    let known = department_at(reading, at);
    if soft {
        // «no wool», «without leather»: a known word, but not food, where «no sugar» is a product.
        let (n, department) = known?;
        return (!named || department != "food").then_some(at..at + n);
    }
    if let Some((n, _)) = known {
        return Some(at..at + n);
    }
    match kind {
        Kind::Han => {
            let stop = (at..reading.len())
                .find(|i| reading.kind(*i) != Some(Kind::Han) || reading.word(*i) == "的" || terms::is_stop(reading, *i));
            let stop = stop.unwrap_or(reading.len());
            (stop > at && stop - at <= 4).then_some(at..stop)
        }
        _ => (!terms::is_stop(reading, at)).then_some(at..at + 1),
    }
}

/// A one-way word (皮的) becomes the word products carry (皮革).
fn value(reading: &Reading, range: &Range<usize>) -> String {
    let slice = reading.slice(range);
    if slice.ends_with('的')
        && let Some((_, groups)) = LEXICON.products.at(reading, range.start)
    {
        return LEXICON.groups[groups[0]].words[0].to_owned();
    }
    slice.to_lowercase()
}

/// «Not too expensive»: two words after the cue say no product word.
fn mild_end(reading: &Reading, at: usize) -> usize {
    let han = reading.kind(at) == Some(Kind::Han);
    let mut end = (at + 2).min(reading.len());
    if han && reading.word(end) == "的" {
        end += 1;
    }
    end
}

static NEGATION: LazyLock<Negation> = LazyLock::new(Negation::build);

struct Negation {
    /// The value: soft (no, without), which needs a known word behind it.
    before: Phrasebook<bool>,
    after: Phrasebook<()>,
    mild: HashSet<String>,
    never: Phrasebook<()>,
}

impl Negation {
    fn build() -> Self {
        #[derive(Deserialize)]
        struct Lists {
            before: Vec<String>,
            soft: Vec<String>,
            after: Vec<String>,
            mild: Vec<String>,
            never: Vec<String>,
        }
        #[derive(Deserialize)]
        struct File {
            negation: Lists,
        }
        let lists = parse::<File>(include_str!("../../../assets/lexicon/intents.toml")).negation;
        let before = Phrasebook::of(lists.before.iter().map(|w| (w.as_str(), lists.soft.contains(w))));
        Negation { before, after: book(&lists.after), mild: lists.mild.into_iter().collect(), never: book(&lists.never) }
    }
}
