//! In: a reading and what was understood of it. Out: the words left to search for, as typed.

use super::{
    lexicon::{LEXICON, book, parse, stands_alone},
    marks::Marks,
    phrasebook::Phrasebook,
    reading::{Kind, Reading},
};
use serde::Deserialize;
use std::{collections::HashSet, ops::Range, sync::LazyLock};

/// Product words in the language of the message; whatever was understood as a filter, and everything people wrap around
/// a wish, is gone; so is what is `owned`, unless it tells what the wanted thing is for.
pub(super) fn terms(reading: &Reading, marks: &Marks, owned: &[Range<usize>]) -> String {
    let n = reading.len();
    let mut kept: Vec<bool> = (0..n).map(|at| !marks.out(at)).collect();
    let purpose = |range: &Range<usize>| (range.start.saturating_sub(3)..range.start).any(|at| reading.word(at) == "for");
    for range in owned.iter().filter(|range| !purpose(range)) {
        kept[range.clone()].fill(false);
    }
    let whole = products(reading);
    for (range, _) in STOPS.mild.all(reading) {
        kept[range].fill(false);
    }
    let mut at = 0;
    while at < n {
        let word = STOPS.words.at(reading, at).map_or(0, |(n, _)| n);
        // 买双|肩包: a dropped phrase never cuts into a product word.
        let word = (1..word).find(|i| *i + whole[at + i] > word && whole[at + i] > 1).unwrap_or(word);
        if whole[at] > word || (whole[at] > 1 && whole[at] >= word) {
            at += whole[at].max(1);
        } else if word > 1 || (word == 1 && droppable(reading, at)) {
            kept[at..at + word].fill(false);
            at += word;
        } else {
            at += 1;
        }
    }
    for at in 1..n {
        // A power bank *for* a laptop: the word tells what is wanted from what it is for.
        let measured = |i: usize| reading.kind(i) == Some(Kind::Number) || (i > 0 && reading.kind(i - 1) == Some(Kind::Number));
        let next = (at + 1..n).find(|i| !matches!(reading.word(*i), "a" | "an" | "the" | "my" | "our" | "-" | "\"") && !measured(*i));
        let purpose = next.is_some_and(|i| kept[i] && whole[i] > 0) && kept[..at].contains(&true);
        kept[at] |= purpose && reading.word(at) == "for" && whole[..at].iter().any(|w| *w > 0);
        // What folds into a handbag is none.
        kept[at] |= purpose && matches!(reading.word(at), "into" | "inside");
    }
    for at in 0..n {
        let number_sign = reading.kind(at) == Some(Kind::Mark) && !inner_mark(reading, &kept, at);
        kept[at] &= !number_sign;
    }
    trim_edges(reading, &mut kept, &whole);
    join(reading, &kept)
}

/// True when a word is one people wrap around a wish.
pub(super) fn is_stop(reading: &Reading, at: usize) -> bool {
    STOPS.words.at(reading, at).is_some_and(|(n, _)| n > 1 || droppable(reading, at))
}

/// For every token, the length of the product word or kept word that starts there; 0 where none does.
fn products(reading: &Reading) -> Vec<usize> {
    let length = |at| {
        let whole = |n: usize| n > 1 || stands_alone(reading, at);
        let product = LEXICON.products.at(reading, at).map_or(0, |(n, _)| if whole(n) { n } else { 0 });
        let keep = STOPS.keep.at(reading, at).map_or(0, |(n, _)| n);
        product.max(keep)
    };
    (0..reading.len()).map(length).collect()
}

/// A single Chinese character goes only if it is a particle; others may be part of a word.
fn droppable(reading: &Reading, at: usize) -> bool {
    // The letter of a model name stays: i5, a4.
    let model = |a: usize| reading.glued(a) && (reading.kind(a) == Some(Kind::Number)) != (reading.kind(a - 1) == Some(Kind::Number));
    if reading.kind(at) == Some(Kind::Word) && (model(at) || model(at + 1)) {
        return reading.kind(at + 1) == Some(Kind::Han) && !model(at);
    }
    reading.kind(at) != Some(Kind::Han) || STOPS.everywhere.contains(reading.word(at))
}

/// A mark inside a model name or measure stays: 1/2, a+b, 15.6".
fn inner_mark(reading: &Reading, kept: &[bool], at: usize) -> bool {
    let tight = reading.glued(at) && reading.glued(at + 1);
    let around = at > 0 && kept[at - 1] && kept.get(at + 1).is_some_and(|k| *k);
    (tight && around && matches!(reading.word(at), "-" | "/" | "." | "+" | "&" | "*" | "'"))
        || (at > 0 && kept[at - 1] && reading.glued(at) && matches!(reading.word(at), "\"" | "%" | "+" | "°"))
            && reading.kind(at - 1) == Some(Kind::Number)
}

/// Chinese function characters go from the edges of what is left, never from its middle.
fn trim_edges(reading: &Reading, kept: &mut [bool], whole: &[usize]) {
    let mut inside = vec![false; kept.len()];
    for (at, n) in whole.iter().enumerate().filter(|(_, n)| **n > 1) {
        inside[at..at + n].fill(true);
    }
    let loose = |at: usize| reading.kind(at) == Some(Kind::Han) && !inside[at] && whole[at] == 0 && STOPS.words.at(reading, at).is_some();
    let mut changed = true;
    while changed {
        changed = false;
        for at in 0..kept.len() {
            let edge = |side: Option<usize>| {
                side.is_none_or(|i| !kept.get(i).copied().unwrap_or(false) || reading.kind(i) != Some(Kind::Han) || inside[i])
            };
            if kept[at] && loose(at) && (edge(at.checked_sub(1)) || edge(Some(at + 1))) {
                kept[at] = false;
                changed = true;
            }
        }
    }
}

/// Kept tokens as typed; what stood apart stays apart.
fn join(reading: &Reading, kept: &[bool]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < kept.len() {
        if !kept[at] {
            at += 1;
            continue;
        }
        let stop = (at..kept.len()).find(|i| !kept[*i]).unwrap_or(kept.len());
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(reading.slice(&(at..stop)));
        at = stop;
    }
    out
}

static STOPS: LazyLock<Stops> = LazyLock::new(Stops::build);

struct Stops {
    words: Phrasebook<()>,
    mild: Phrasebook<()>,
    keep: Phrasebook<()>,
    everywhere: HashSet<String>,
}

impl Stops {
    fn build() -> Self {
        #[derive(Deserialize)]
        struct File {
            zh: Vec<String>,
            en: Vec<String>,
            mild: Vec<String>,
            everywhere: Vec<String>,
            keep: Vec<String>,
            english_keep: Vec<String>,
            verbs: Vec<String>,
            measures: Vec<String>,
        }
        let file: File = parse(include_str!("../../../assets/lexicon/stopwords.toml"));
        let bought = file.verbs.iter().flat_map(|v| file.measures.iter().map(move |m| format!("{v}{m}")));
        let words: Vec<String> = bought.chain(file.zh.iter().chain(&file.en).cloned()).collect();
        let keep: Vec<&String> = file.keep.iter().chain(&file.english_keep).collect();
        Stops { words: book(&words), mild: book(&file.mild), keep: book(&keep), everywhere: file.everywhere.into_iter().collect() }
    }
}
