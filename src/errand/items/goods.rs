//! In: `goods.toml`, and the names of goods of `synonyms.toml`. Out: what a word can mean in talk about the things on an order.

use crate::turn::understand::lexicon::parse;
use crate::turn::understand::phrasebook::Phrasebook;
use crate::turn::understand::reading::{Reading, lemma};
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

pub static GOODS: LazyLock<Goods> = LazyLock::new(Goods::build);

pub struct Goods {
    /// Names of goods → their kinds.
    pub kinds: Phrasebook<usize>,
    /// The names as they are spelled: "shorts", but not "short".
    pub spelled: HashSet<String>,
    /// Of each kind: all its names in their base form, and what these end as: "desk lamp" → "lamp".
    pub called: Vec<Vec<String>>,
    pub broader: Vec<Vec<String>>,
    /// Names, in their base form, that are no goods unless an order has such a thing.
    pub never: HashSet<String>,
    pub values: Phrasebook<usize>,
    /// Values below this are values wherever they are said.
    pub sure: usize,
    pub names: Phrasebook<usize>,
    pub units: Phrasebook<Unit>,
    pub scales: Vec<Vec<String>>,
    pub steps: Phrasebook<(usize, Way)>,
    /// The choices a step can be about.
    pub about: Vec<Vec<String>>,
    pub cues: Phrasebook<Cue>,
    /// English words that are right as they are.
    pub known: HashSet<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    pub base: String,
    pub factor: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
    Top,
    Bottom,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cue {
    To,
    For,
    With,
    From,
    InsteadOf,
    Instead,
    Want,
    Keep,
    Leave,
    /// "the lamp is fine, it is the kettle".
    Fine,
    No,
    Except,
    But,
    Only,
    All,
    AllItems,
    Also,
    Each,
    Both,
    Same,
    New,
    One,
    It,
    The,
    A,
    Item,
    And,
    Stop,
    Sep,
    Because,
    So,
    Beside,
    Verb,
    /// 换, which asks for a swap or leads to what is wished.
    Huan,
    Cheapest,
    Dearest,
    /// Phrases that would be misread by their words.
    Noise,
}

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    zh: Vec<String>,
    #[serde(default)]
    en: Vec<String>,
    #[serde(default)]
    from: Vec<String>,
}

impl Row {
    fn words(&self) -> impl Iterator<Item = &String> {
        self.zh.iter().chain(&self.en).chain(&self.from)
    }
}

#[derive(Deserialize)]
struct Rows {
    groups: Vec<Row>,
    #[serde(default)]
    sure: Vec<Row>,
}

#[derive(Deserialize)]
struct Words {
    words: Vec<String>,
}

#[derive(Deserialize)]
struct Scales {
    lists: Vec<Vec<String>>,
}

#[derive(Deserialize)]
struct Measured {
    base: String,
    factor: f64,
    aliases: Vec<String>,
}

#[derive(Deserialize)]
struct Step {
    up: Vec<String>,
    down: Vec<String>,
    top: Vec<String>,
    bottom: Vec<String>,
    of: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    kinds: Rows,
    never: Words,
    values: Rows,
    names: Rows,
    unit: Vec<Measured>,
    scales: Scales,
    step: Vec<Step>,
    cues: BTreeMap<Cue, Vec<String>>,
    plain: Words,
}

#[derive(Deserialize)]
struct Synonyms {
    #[serde(flatten)]
    departments: BTreeMap<String, toml::Value>,
}

impl PartialOrd for Cue {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cue {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (*self as u8).cmp(&(*other as u8))
    }
}

impl Goods {
    fn build() -> Self {
        let file: File = parse(include_str!("../../../assets/lexicon/goods.toml"));
        let rows = kinds(file.kinds.groups);
        let mut kinds = Phrasebook::new();
        for (kind, names) in rows.iter().enumerate() {
            names.iter().for_each(|name| kinds.add(name, kind));
        }
        let called: Vec<Vec<String>> = rows.iter().map(|names| names.iter().map(|n| base(n)).collect()).collect();
        let plain = |name: &String| Some(Reading::of(name)).filter(|r| r.len() > 0).map(|r| r.phrase(0..r.len()).to_owned());
        let spelled = rows.iter().flatten().filter_map(plain).collect();
        let broader = called.iter().map(|names| names.iter().flat_map(|n| endings(n)).collect()).collect();

        let sure = file.values.sure.len();
        let values = numbered(file.values.sure.iter().chain(&file.values.groups));
        let names = numbered(file.names.groups.iter());
        let mut units = Phrasebook::new();
        for unit in &file.unit {
            unit.aliases.iter().for_each(|a| units.add(a, Unit { base: unit.base.clone(), factor: unit.factor }));
        }
        let mut steps = Phrasebook::new();
        for (at, step) in file.step.iter().enumerate() {
            for (words, way) in [(&step.up, Way::Up), (&step.down, Way::Down), (&step.top, Way::Top), (&step.bottom, Way::Bottom)] {
                words.iter().for_each(|w| steps.add(w, (at, way)));
            }
        }
        let mut cues = Phrasebook::new();
        for (cue, words) in &file.cues {
            words.iter().for_each(|w| cues.add(w, *cue));
        }
        let lists = [&file.values.sure, &file.values.groups, &file.names.groups];
        let said = lists.into_iter().flatten().flat_map(Row::words).chain(rows.iter().flatten()).chain(file.cues.values().flatten());
        let known =
            said.chain(&file.plain.words).flat_map(|phrase| base(phrase).split(' ').map(str::to_owned).collect::<Vec<_>>()).collect();
        let never = file.never.words.iter().map(|w| base(w)).collect();
        let about = file.step.into_iter().map(|s| s.of).collect();
        let scales = file.scales.lists.into_iter().map(|l| l.iter().map(|w| base(w)).collect()).collect();
        Goods { kinds, spelled, called, broader, never, values, sure, names, units, scales, steps, about, cues, known }
    }
}

/// The names of each kind: those of `goods.toml` first, then those of the synonyms that are not there.
fn kinds(own: Vec<Row>) -> Vec<Vec<String>> {
    let rows: Vec<Vec<String>> = own.iter().map(|row| row.words().cloned().collect()).collect();
    let taken: HashSet<String> = rows.iter().flatten().map(|name| base(name)).collect();
    let file: Synonyms = parse(include_str!("../../../assets/lexicon/synonyms.toml"));
    let departments = file.departments.into_iter().filter(|(name, _)| name != "features" && name != "ambiguous");
    let more = departments.filter_map(|(_, rows)| rows.try_into::<Rows>().ok()).flat_map(|rows| rows.groups);
    let more = more.map(|row| row.words().filter(|name| !taken.contains(&base(name))).cloned().collect::<Vec<_>>());
    rows.into_iter().chain(more.filter(|names| !names.is_empty())).collect()
}

fn numbered<'a>(rows: impl Iterator<Item = &'a Row>) -> Phrasebook<usize> {
    let mut book = Phrasebook::new();
    for (at, row) in rows.enumerate() {
        row.words().for_each(|word| book.add(word, at));
    }
    book
}

/// A phrase in its base form, its words parted by one space.
pub fn base(phrase: &str) -> String {
    let reading = Reading::of(phrase);
    if reading.len() == 0 { String::new() } else { reading.lemmas(0..reading.len()).to_owned() }
}

/// "gaming desk lamp" → "desk lamp", "lamp".
fn endings(phrase: &str) -> Vec<String> {
    let words: Vec<&str> = phrase.split(' ').collect();
    (1..words.len()).map(|from| words[from..].join(" ")).collect()
}

/// Whether a word differs from another by a slip of the keyboard: the first letter right, one letter wrong, missing, too many or two
/// changed about; two in a long word.
pub fn slip(said: &str, meant: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (said.chars().collect(), meant.chars().collect());
    let may = if a.len().min(b.len()) >= 8 { 2 } else { 1 };
    if a.first() != b.first() || a.len().abs_diff(b.len()) > may || lemma(said) == lemma(meant) {
        return false;
    }
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()] <= may
}
