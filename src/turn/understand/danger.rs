//! In: a reading. Out: whether somebody is in danger, and what else comes before any errand: distress, a wish for what would do harm,
//! and what only a doctor can answer. The cues are `care.toml`.

use super::{
    lexicon::{book, parse},
    marks::{Keep, Marks},
    phrasebook::Phrasebook,
    reading::Reading,
};
use serde::{Deserialize, Serialize};
use std::{ops::Range, sync::LazyLock};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Danger {
    /// Somebody speaks of ending their life.
    Despair,
    /// Somebody has swallowed what is no food.
    Swallowed,
    /// A battery or what it drives is swollen, hot or smoking.
    Battery,
    Other,
}

/// How near each other the two sides of a pair must be, in tokens.
const NEAR: usize = 8;

/// The first danger of the list that the message tells.
pub(super) fn danger(reading: &Reading) -> Option<Danger> {
    let calm: Vec<Range<usize>> = CARE.calm.all(reading).into_iter().map(|(range, _)| range).collect();
    let real = |range: &Range<usize>| !calm.iter().any(|c| c.start < range.end && range.start < c.end);
    let told = |row: &Row| {
        anywhere(&row.words, reading).iter().any(real)
            || row.pairs.iter().any(|(left, right)| {
                let right: Vec<_> = anywhere(right, reading).into_iter().filter(real).collect();
                anywhere(left, reading).into_iter().filter(real).any(|a| right.iter().any(|b| near(&a, b)))
            })
    };
    CARE.dangers.iter().find(|row| told(row)).map(|row| row.danger)
}

/// What somebody in despair could come to harm with.
pub(super) fn names_means(reading: &Reading) -> bool {
    !anywhere(&CARE.means, reading).is_empty()
}

/// Whether a product is called like that.
pub fn is_means(title: &str) -> bool {
    names_means(&Reading::of(title))
}

pub(super) fn distressed(reading: &Reading) -> bool {
    !anywhere(&CARE.distress, reading).is_empty()
}

/// Somebody is with them, or has been called.
pub(super) fn in_company(reading: &Reading) -> bool {
    !anywhere(&CARE.company, reading).is_empty()
}

/// Somebody says that they have come to buy something.
pub(super) fn on_an_errand(reading: &Reading) -> bool {
    !anywhere(&CARE.errand, reading).is_empty()
}

/// Whether it is asked what a product does for an illness, or whether it agrees with a condition; those words are no search words.
pub(super) fn asks_a_doctor(reading: &Reading, marks: &mut Marks) -> bool {
    let [verbs, illness, states, asks] =
        [&CARE.verbs, &CARE.illness, &CARE.states, &CARE.asks].map(|book| anywhere(book, reading).into_iter().collect::<Vec<_>>());
    // A verb before or behind its illness: «treat my eczema», «湿疹能治吗».
    let healed: Vec<_> =
        verbs.iter().flat_map(|v| illness.iter().filter(move |i| near(v, i) || v.contains(&i.start)).map(move |i| (v, i))).collect();
    let weighed: Vec<_> = asks.iter().flat_map(|a| states.iter().map(move |s| (a, s))).collect();
    let unwell = states.iter().any(|s| CARE.medicated.all(reading).iter().any(|(r, _)| r.start < s.end && s.start < r.end));
    let asked = !healed.is_empty() || !weighed.is_empty() || unwell;
    if asked {
        for range in healed.iter().flat_map(|(v, i)| [*v, *i]).chain(weighed.iter().flat_map(|(a, s)| [*a, *s])).chain(&states) {
            marks.cover(range.clone(), Keep::Out);
        }
        if let Some((verb, _)) = healed.first().or(weighed.first()) {
            marks.note(reading, verb, "health", "doctor");
        }
    }
    asked
}

fn near(a: &Range<usize>, b: &Range<usize>) -> bool {
    (a.end <= b.start && b.start - a.end <= NEAR) || (b.end <= a.start && a.start - b.end <= NEAR)
}

/// Every place a phrase of the book starts at, overlapping ones too: 就想死 holds 想死.
fn anywhere(book: &Phrasebook<()>, reading: &Reading) -> Vec<Range<usize>> {
    (0..reading.len()).filter_map(|at| book.at(reading, at).map(|(n, _)| at..at + n)).collect()
}

static CARE: LazyLock<Care> = LazyLock::new(Care::build);

struct Row {
    danger: Danger,
    words: Phrasebook<()>,
    pairs: Vec<(Phrasebook<()>, Phrasebook<()>)>,
}

struct Care {
    dangers: Vec<Row>,
    calm: Phrasebook<()>,
    means: Phrasebook<()>,
    distress: Phrasebook<()>,
    company: Phrasebook<()>,
    errand: Phrasebook<()>,
    verbs: Phrasebook<()>,
    illness: Phrasebook<()>,
    states: Phrasebook<()>,
    asks: Phrasebook<()>,
    /// States that make any question one for a doctor.
    medicated: Phrasebook<()>,
}

impl Care {
    fn build() -> Self {
        #[derive(Deserialize)]
        struct Told {
            id: Danger,
            #[serde(default)]
            words: Vec<String>,
            #[serde(default)]
            both: Vec<String>,
        }
        #[derive(Deserialize)]
        struct Words {
            words: Vec<String>,
        }
        #[derive(Deserialize)]
        struct Health {
            verbs: Vec<String>,
            illness: Vec<String>,
            states: Vec<String>,
            medicated: Vec<String>,
            asks: Vec<String>,
        }
        #[derive(Deserialize)]
        struct File {
            danger: Vec<Told>,
            calm: Words,
            means: Words,
            distress: Words,
            company: Words,
            errand: Words,
            health: Health,
        }
        let file: File = parse(include_str!("../../../assets/lexicon/care.toml"));
        let side = |text: &str| book(&text.split('|').map(str::trim).collect::<Vec<_>>());
        let pair = |pair: &String| {
            let (left, right) = pair.split_once('#').expect("a pair has two sides");
            (side(left), side(right))
        };
        let row = |told: &Told| Row { danger: told.id, words: book(&told.words), pairs: told.both.iter().map(pair).collect() };
        Care {
            dangers: file.danger.iter().map(row).collect(),
            calm: book(&file.calm.words),
            means: book(&file.means.words),
            distress: book(&file.distress.words),
            company: book(&file.company.words),
            errand: book(&file.errand.words),
            verbs: book(&file.health.verbs),
            illness: book(&file.health.illness),
            states: book(&file.health.states),
            asks: book(&file.health.asks),
            medicated: book(&file.health.medicated),
        }
    }
}
