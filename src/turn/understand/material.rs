//! In: a reading. Out: the materials said in it. Also what product pages say of theirs, and search words without materials.
//! A word counts where it describes: in front of a product, or where «made of» leads to it. A glass is no material, nor is
//! leather in a leather cleaner.

use super::{
    lang::Lang,
    lexicon::{LEXICON, book, parse},
    marks::Marks,
    phrasebook::Phrasebook,
    reading::{Kind, Reading},
    reject, terms,
};
use serde::Deserialize;
use std::{ops::Range, sync::LazyLock};

/// The materials wanted, as ids of `materials.toml`. Their words stay among the search words: pages that do not state their material
/// may say it elsewhere. A refused one («皮的不要») joins `refused`.
pub(super) fn materials(reading: &Reading, marks: &mut Marks, refused: &mut Vec<String>) -> Vec<String> {
    let mut wanted: Vec<String> = Vec::new();
    for (range, rows) in said(reading, false) {
        // The number of «100% cotton» may be spoken for.
        if !marks.free(&(range.end - 1..range.end)) {
            continue;
        }
        if reject::refuses(reading, &range) {
            let whole = reject::scope(reading, &range);
            let word = MATERIALS.rows[rows[0]].word(reading.kind(range.start) == Some(Kind::Han)).to_owned();
            marks.take(reading, whole, super::marks::Keep::Out, "reject", word.clone());
            refused.push(word);
            continue;
        }
        for id in rows.iter().map(|row| &MATERIALS.rows[*row].id) {
            if !wanted.contains(id) {
                wanted.push(id.clone());
                marks.note(reading, &range, "material", id.clone());
            }
        }
    }
    wanted
}

/// Search words of a need for a material, without it: «solid wood table» → «table».
pub fn without_materials(terms: &str) -> String {
    let reading = Reading::of(terms);
    let (mut rest, mut at) = (String::new(), 0);
    for (range, _) in said(&reading, true) {
        let (start, end) = reading.bytes(&range);
        rest.push_str(terms.get(at..start).unwrap_or(""));
        at = end;
    }
    rest.push_str(terms.get(at..).unwrap_or(""));
    let loose = |word: &&str| !matches!(*word, "的" | "," | "，" | "、");
    rest.split_whitespace()
        .map(|word| word.trim_start_matches('的'))
        .filter(|word| !word.is_empty())
        .filter(loose)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Only the materials among search words.
pub fn only_materials(terms: &str) -> String {
    let reading = Reading::of(terms);
    said(&reading, true).iter().map(|(range, _)| reading.slice(range)).collect::<Vec<_>>().join(" ")
}

/// The materials a title names, and what they are sorts of.
pub fn titled_materials(title: &str) -> Vec<&'static str> {
    let mut ids = Vec::new();
    let reading = Reading::of(title);
    said(&reading, false).iter().flat_map(|(_, rows)| rows).for_each(|row| add(*row, &mut ids));
    ids
}

/// The materials that the material of a page lists, and what they are sorts of.
pub fn stated_materials(text: &str) -> Vec<&'static str> {
    let mut ids = Vec::new();
    let reading = Reading::of(text);
    for (range, words) in MATERIALS.book.all(&reading) {
        let missing = MATERIALS.about.at(&reading, range.end).is_some() || MATERIALS.before.ending(&reading, range.start).is_some();
        if !missing {
            words.iter().for_each(|word| add(word.row, &mut ids));
        }
    }
    // Cotton and nothing else is pure.
    let pure = MATERIALS.rows.iter().filter(|row| row.only.as_ref().is_some_and(|only| ids == [only.as_str()]));
    let pure: Vec<&str> = pure.map(|row| row.id.as_str()).collect();
    ids.extend(pure.into_iter().filter(|id| !ids.contains(id)).collect::<Vec<_>>());
    ids
}

/// Whether an attribute of this name says what a product is made of.
pub fn states_material(attribute: &str) -> bool {
    let name = attribute.trim().to_lowercase();
    let ends = |own: &String| name.strip_suffix(own.as_str()).is_some_and(|rest| !own.is_ascii() || rest.is_empty() || rest.ends_with(' '));
    MATERIALS.attributes.iter().any(ends)
}

/// The name of a material in a reply.
pub fn material_name(id: &str, lang: Lang) -> &str {
    MATERIALS.rows.iter().find(|row| row.id == id).map_or(id, |row| row.word(lang == Lang::Zh))
}

fn add(row: usize, ids: &mut Vec<&'static str>) {
    let row = &MATERIALS.rows[row];
    if !ids.contains(&row.id.as_str()) {
        ids.push(&row.id);
        MATERIALS.rows.iter().enumerate().filter(|(_, broader)| row.is.contains(&broader.id)).for_each(|(n, _)| add(n, ids));
    }
}

/// Where materials are said, and which; `alone`, where a word that is nothing but a material's name is one.
fn said(reading: &Reading, alone: bool) -> Vec<(Range<usize>, Vec<usize>)> {
    let found: Vec<(Range<usize>, &[Word])> =
        MATERIALS.book.all(reading).into_iter().filter(|(_, words)| words[0].strength != Strength::Stated).collect();
    if found.is_empty() {
        return Vec::new();
    }
    // 皮的 is a feature of the lexicon, and no kind.
    let kind = |groups: &[usize]| groups.iter().any(|group| LEXICON.groups[*group].department != "features");
    let products = LEXICON.products.all(reading).into_iter().filter(|(_, groups)| kind(groups)).map(|(range, _)| range);
    let products: Vec<Range<usize>> = products.collect();
    let mut counts: Vec<bool> = found
        .iter()
        .map(|(range, words)| describes(reading, range, words[0].strength, &products) || (alone && range.len() == reading.len()))
        .collect();
    // «Cotton or linen shirts»: the last one stands before the product.
    for n in (1..found.len()).rev() {
        let (end, next) = (found[n - 1].0.end, found[n].0.start);
        let listed = next > end && next - end <= 2 && (end..next).all(|at| JOINS.contains(&reading.word(at)));
        counts[n - 1] |= counts[n] && listed;
    }
    let kept = found.into_iter().zip(counts).filter(|(_, counts)| *counts);
    kept.map(|((range, words), _)| (range, words.iter().map(|w| w.row).collect())).collect()
}

const JOINS: [&str; 10] = ["or", "and", ",", "、", "/", "和", "或", "或者", "者", "&"];

fn describes(reading: &Reading, range: &Range<usize>, strength: Strength, products: &[Range<usize>]) -> bool {
    let weak = strength == Strength::Weak;
    let (end, product) = (range.end, products.iter().any(|p| p.start == range.end));
    // Wine glass, bed linen: the thing itself. Rubber boots and 玻璃杯 are kinds that may be made of anything.
    let kind = products.iter().find(|p| p.start <= range.start && p.end >= end && p.len() > range.len());
    if kind.is_some_and(|p| p.end == end || weak)
        || (!product && MATERIALS.about.at(reading, end).is_some())
        || MATERIALS.before.ending(reading, range.start).is_some()
    {
        return false;
    }
    let suffices = MATERIALS.suffices.at(reading, end).is_some();
    let mark = |at: usize| reading.kind(at).is_none_or(|kind| kind == Kind::Mark);
    if reading.kind(range.start) == Some(Kind::Han) {
        let asked = [end, end + 1].iter().any(|at| matches!(reading.word(*at), "吗" | "嘛" | "么"));
        return !asked && (!weak || product || suffices || matches!(reading.word(end), "的" | "质" | "制"));
    }
    let noun = match reading.kind(end) {
        Some(Kind::Word) => product || matches!(reading.word(end), "one" | "ones") || !terms::is_stop(reading, end),
        Some(Kind::Han) => product || reading.word(end) == "的",
        _ => false,
    };
    let led_to = MATERIALS.ends.ending(reading, range.start).is_some() && !reading.word(range.start).is_empty();
    let apart = (range.start == 0 || mark(range.start - 1) || products.iter().any(|p| p.end == range.start)) && mark(end);
    noun || led_to || suffices || (!weak && apart)
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Strength {
    Plain,
    /// Often something else.
    Weak,
    /// On product pages only.
    Stated,
}

#[derive(Debug, Clone, PartialEq)]
struct Word {
    row: usize,
    strength: Strength,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    zh: String,
    en: String,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    weak: Vec<String>,
    #[serde(default)]
    stems: Vec<String>,
    #[serde(default)]
    stems_weak: Vec<String>,
    #[serde(default)]
    stated: Vec<String>,
    #[serde(default)]
    is: Vec<String>,
    #[serde(default)]
    only: Option<String>,
}

impl Row {
    fn word(&self, zh: bool) -> &str {
        if zh { &self.zh } else { &self.en }
    }
}

struct Materials {
    rows: Vec<Row>,
    book: Phrasebook<Word>,
    about: Phrasebook<()>,
    before: Phrasebook<()>,
    ends: Phrasebook<()>,
    suffices: Phrasebook<()>,
    attributes: Vec<String>,
}

static MATERIALS: LazyLock<Materials> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct About {
        en: Vec<String>,
        zh: Vec<String>,
        before_en: Vec<String>,
        before_zh: Vec<String>,
    }
    #[derive(Deserialize)]
    struct Ends {
        en: Vec<String>,
    }
    #[derive(Deserialize)]
    struct Suffices {
        words: Vec<String>,
    }
    #[derive(Deserialize)]
    struct Attributes {
        names: Vec<String>,
    }
    #[derive(Deserialize)]
    struct File {
        material: Vec<Row>,
        about: About,
        ends: Ends,
        suffices: Suffices,
        attributes: Attributes,
    }
    let File { material, about, ends, suffices, attributes } = parse(include_str!("../../../assets/lexicon/materials.toml"));
    let mut words = Phrasebook::new();
    for (row, material) in material.iter().enumerate() {
        let lists = [
            (&material.words, Strength::Plain),
            (&material.stems, Strength::Plain),
            (&material.weak, Strength::Weak),
            (&material.stems_weak, Strength::Weak),
            (&material.stated, Strength::Stated),
        ];
        lists.iter().for_each(|(list, strength)| list.iter().for_each(|word| words.add(word, Word { row, strength: *strength })));
    }
    let both = |a: Vec<String>, b: Vec<String>| book(&[a, b].concat());
    Materials {
        rows: material,
        book: words,
        about: both(about.en, about.zh),
        before: both(about.before_en, about.before_zh),
        ends: book(&ends.en),
        suffices: book(&suffices.words),
        attributes: attributes.names,
    }
});
