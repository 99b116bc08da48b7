//! In: a reading. Out: the conditions that no longer count («colour doesn't matter», «不限尺码», «颜色无所谓»).

use super::{
    lexicon::{book, parse},
    marks::{Keep, Marks},
    phrasebook::Phrasebook,
    reading::{Kind, Reading},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, ops::Range, sync::LazyLock};

/// A condition of a need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    Price,
    Color,
    Size,
    Material,
    Brand,
    Person,
    Stock,
    All,
}

/// The conditions given up. Call before colours, sizes and prices are read: «any colour» is none.
pub(super) fn released(reading: &Reading, marks: &mut Marks) -> Vec<Slot> {
    let mut found = Vec::new();
    for (range, slots) in WORDS.slots.all(reading) {
        let Some(whole) = around(reading, &range).filter(|whole| marks.free(whole)) else { continue };
        marks.take(reading, whole, Keep::Out, "release", format!("{:?}", slots[0]));
        found.push(slots[0]);
    }
    found.dedup();
    found
}

/// The name of a condition with the words that give it up.
fn around(reading: &Reading, name: &Range<usize>) -> Option<Range<usize>> {
    let before = WORDS.before.ending(reading, name.start).map(|(start, _)| start);
    let after = WORDS.after.at(reading, name.end).map(|(n, _)| name.end + n);
    let asked = WORDS.any.ending(reading, name.start).map(|(start, _)| start);
    let ends = after
        .or((name.end == reading.len() || reading.kind(name.end) == Some(Kind::Mark) && reading.word(name.end) != "?").then_some(name.end));
    match (before, after, asked, ends) {
        (Some(start), end, ..) => Some(start..end.unwrap_or(name.end)),
        (None, _, Some(start), Some(end)) => Some(start..end),
        (None, Some(end), ..) => Some(name.start..end),
        _ => None,
    }
}

static WORDS: LazyLock<Words> = LazyLock::new(Words::build);

struct Words {
    slots: Phrasebook<Slot>,
    before: Phrasebook<()>,
    /// Gives up only where the message ends or goes on with a word of `after`: any colour.
    any: Phrasebook<()>,
    after: Phrasebook<()>,
}

impl Words {
    fn build() -> Self {
        #[derive(Deserialize)]
        struct File {
            slots: BTreeMap<String, Vec<String>>,
            before: Vec<String>,
            any: Vec<String>,
            after: Vec<String>,
        }
        let file: File = parse(include_str!("../../../assets/lexicon/release.toml"));
        let slot = |name: &str| match name {
            "price" => Slot::Price,
            "color" => Slot::Color,
            "size" => Slot::Size,
            "material" => Slot::Material,
            "brand" => Slot::Brand,
            "person" => Slot::Person,
            "stock" => Slot::Stock,
            _ => Slot::All,
        };
        let slots = Phrasebook::of(file.slots.iter().flat_map(|(name, words)| words.iter().map(move |w| (w.as_str(), slot(name)))));
        Words { slots, before: book(&file.before), any: book(&file.any), after: book(&file.after) }
    }
}
