//! In: `units.toml` and `prices.toml`. Out: their phrase books.

use super::{
    super::{phrasebook::Phrasebook, unit::Unit},
    book, parse,
};
use serde::Deserialize;
use std::collections::HashMap;

/// The books of `prices.toml`.
#[derive(Debug)]
pub(crate) struct Prices {
    pub max_before: Phrasebook<()>,
    pub max_weak: Phrasebook<()>,
    pub max_after: Phrasebook<()>,
    pub min_before: Phrasebook<()>,
    pub min_weak: Phrasebook<()>,
    pub min_after: Phrasebook<()>,
    /// What makes a lower limit an upper one, and what may stand between.
    pub refused: Phrasebook<()>,
    pub between: Phrasebook<()>,
    /// Names that end like a limit: air max.
    pub names: Phrasebook<()>,
    pub about_before: Phrasebook<()>,
    pub about_weak: Phrasebook<()>,
    pub about_after: Phrasebook<()>,
    pub open: Phrasebook<()>,
    pub join: Phrasebook<()>,
    pub close: Phrasebook<()>,
    pub context: Phrasebook<()>,
    pub money_before: Phrasebook<&'static str>,
    pub money_after: Phrasebook<&'static str>,
}

pub(super) fn units() -> (Phrasebook<Unit>, HashMap<String, Unit>) {
    #[derive(Deserialize)]
    struct Row {
        kind: String,
        factor: f64,
        aliases: Vec<String>,
        #[serde(default)]
        exact: Vec<String>,
    }
    #[derive(Deserialize)]
    struct File {
        kinds: HashMap<String, String>,
        unit: Vec<Row>,
    }
    let file: File = parse(include_str!("../../../../assets/lexicon/units.toml"));
    let (mut book, mut exact) = (Phrasebook::new(), HashMap::new());
    for row in file.unit {
        let unit = Unit { base: file.kinds[&row.kind].clone(), factor: row.factor };
        row.aliases.iter().for_each(|alias| book.add(alias, unit.clone()));
        exact.extend(row.exact.into_iter().map(|alias| (alias, unit.clone())));
    }
    (book, exact)
}

pub(super) fn prices() -> Prices {
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Cues {
        before: Vec<String>,
        weak_before: Vec<String>,
        after: Vec<String>,
        open: Vec<String>,
        join: Vec<String>,
        close: Vec<String>,
        words: Vec<String>,
        between: Vec<String>,
    }
    #[derive(Deserialize)]
    struct File {
        max: Cues,
        min: Cues,
        about: Cues,
        range: Cues,
        context: Cues,
        refused: Cues,
        names: Cues,
        before: HashMap<String, String>,
        after: HashMap<String, String>,
    }
    let file: File = parse(include_str!("../../../../assets/lexicon/prices.toml"));
    let money = |map: HashMap<String, String>| Phrasebook::of(map.iter().map(|(mark, code)| (mark.as_str(), &*code.clone().leak())));
    Prices {
        max_before: book(&file.max.before),
        max_weak: book(&file.max.weak_before),
        max_after: book(&file.max.after),
        min_before: book(&file.min.before),
        min_weak: book(&file.min.weak_before),
        min_after: book(&file.min.after),
        refused: book(&file.refused.words),
        between: book(&file.refused.between),
        names: book(&file.names.words),
        about_before: book(&file.about.before),
        about_weak: book(&file.about.weak_before),
        about_after: book(&file.about.after),
        open: book(&file.range.open),
        join: book(&file.range.join),
        close: book(&file.range.close),
        context: book(&file.context.words),
        money_before: money(file.before),
        money_after: money(file.after),
    }
}
