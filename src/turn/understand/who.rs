//! In: a reading and the ages said in it. Out: whom it is for, and the gender and age group products are filtered by
//! (feed values: male, female, unisex; adult, kids, toddler, infant).

use super::{
    lexicon::{book, parse},
    marks::{Keep, Marks},
    phrasebook::Phrasebook,
    reading::{Kind, Reading},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::LazyLock};

/// Whom it is for. `who` is an id of `recipients.toml` (father, child, self …); `occasion` one of its occasions (gift, birthday …).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    pub who: Option<String>,
    pub gender: Option<String>,
    pub age_group: Option<String>,
    pub occasion: Option<String>,
}

#[derive(Debug, Default, PartialEq)]
pub(super) struct Who {
    pub recipient: Option<Recipient>,
    pub gender: Option<String>,
    pub age_group: Option<String>,
}

pub(super) fn who(reading: &Reading, ages: &[f64], marks: &mut Marks) -> Who {
    let mut recipient = Recipient::default();
    let mut who = Who::default();
    let (mut genders, mut ages_said) = (Vec::new(), Vec::new());
    for (range, people) in PEOPLE.persons.all(reading) {
        let Some(person) = people[0].map(|i| &PEOPLE.rows[i]) else {
            marks.cover(range, Keep::InTerms);
            continue;
        };
        if !marks.free(&range) {
            continue;
        }
        // "My husband's birthday": he is to be given something.
        let celebrates = (range.end..range.end + 4).any(|at| matches!(reading.word(at), "birthday" | "bday" | "anniversary" | "生日"));
        let alone = person.alone || celebrates || !ages.is_empty();
        let Some(start) = given(reading, range.start).or((alone && !compound(reading, range.end)).then_some(range.start)) else {
            continue;
        };
        let end = range.end + usize::from(matches!(reading.word(range.end), "的" | "家") && start < range.start);
        // «for me» says nothing of who wears it.
        if person.id != "self" || recipient.who.is_none() {
            recipient.who = Some(person.id.clone());
            recipient.gender = person.gender.clone();
            recipient.age_group = person.age.clone();
        }
        marks.take(reading, start..end.min(reading.len()), Keep::Out, "person", person.id.clone());
    }
    for (range, adjectives) in PEOPLE.adjectives.all(reading) {
        if marks.free(&range) {
            let adjective = &adjectives[0];
            genders.extend(adjective.0.clone());
            ages_said.extend(adjective.1.clone());
            marks.take(reading, range, Keep::InTerms, "wearer", adjective.0.clone().or(adjective.1.clone()).unwrap_or_default());
        }
    }
    who.gender = agreed(&genders);
    who.age_group = agreed(&ages_said);
    for (range, names) in PEOPLE.occasions.all(reading) {
        if marks.free(&range) {
            let giver = reading.word(range.end) == "for" || given(reading, range.start).is_some();
            let start = if giver { given(reading, range.start).unwrap_or(range.start) } else { range.start };
            let later = names[0] != "gift" || recipient.occasion.is_none();
            recipient.occasion = if later { Some(names[0].clone()) } else { recipient.occasion };
            marks.take(reading, start..range.end, Keep::InTerms, "occasion", names[0].clone());
        }
    }
    if let Some(group) = ages.iter().copied().reduce(f64::max).map(age_group) {
        recipient.age_group = Some(group.to_owned());
        who.age_group = None;
    }
    who.gender = who.gender.or_else(|| recipient.gender.clone());
    who.age_group = recipient.age_group.clone().or(who.age_group);
    let known = recipient.who.is_some() || recipient.occasion.is_some() || recipient.age_group.is_some();
    who.recipient = known.then_some(recipient);
    who
}

/// «For men and women» filters nothing.
fn agreed(said: &[String]) -> Option<String> {
    said.first().filter(|first| said.iter().all(|s| s == *first)).cloned()
}

/// The feed's age group of an age in months.
fn age_group(months: f64) -> &'static str {
    match months {
        m if m < 12.0 => "infant",
        m if m < 60.0 => "toddler",
        m if m < 168.0 => "kids",
        _ => "adult",
    }
}

/// Where the giving words before a person start: 给我, for my, for a 5-year-old.
fn given(reading: &Reading, person: usize) -> Option<usize> {
    let mut at = person;
    let small = |w: &str| {
        matches!(
            w,
            "my" | "our"
                | "a"
                | "an"
                | "the"
                | "his"
                | "her"
                | "their"
                | "我"
                | "我们"
                | "家"
                | "你"
                | "old"
                | "year"
                | "month"
                | "岁"
                | "的"
                | "大"
                | "little"
                | "elderly"
                | "new"
        )
    };
    while at > 0
        && person - at < 6
        && PEOPLE.giving.ending(reading, at).is_none()
        && (small(reading.word(at - 1)) || reading.kind(at - 1) == Some(Kind::Number))
    {
        at -= 1;
    }
    PEOPLE.giving.ending(reading, at).map(|(start, _)| start)
}

/// «Mother board», «baby wipes»: a person's word that goes on as a product.
fn compound(reading: &Reading, end: usize) -> bool {
    matches!(reading.word(end), "board" | "boards" | "nature" | "earth" | "brand" | "jeans")
}

static PEOPLE: LazyLock<People> = LazyLock::new(People::build);

struct People {
    /// `None`: a word that only looks like a person.
    persons: Phrasebook<Option<usize>>,
    rows: Vec<Person>,
    adjectives: Phrasebook<(Option<String>, Option<String>)>,
    giving: Phrasebook<()>,
    occasions: Phrasebook<String>,
}

#[derive(Deserialize)]
struct Person {
    id: String,
    gender: Option<String>,
    age: Option<String>,
    #[serde(default)]
    alone: bool,
    words: Vec<String>,
}

impl People {
    fn build() -> Self {
        #[derive(Deserialize)]
        struct Adjective {
            gender: Option<String>,
            age: Option<String>,
            words: Vec<String>,
        }
        #[derive(Deserialize)]
        struct Words {
            words: Vec<String>,
        }
        #[derive(Deserialize)]
        struct File {
            person: Vec<Person>,
            adjective: Vec<Adjective>,
            not_people: Words,
            giving: Words,
            occasion: BTreeMap<String, Vec<String>>,
        }
        let file: File = parse(include_str!("../../../assets/lexicon/recipients.toml"));
        let mut persons = Phrasebook::of(file.not_people.words.iter().map(|w| (w.as_str(), None)));
        for (i, person) in file.person.iter().enumerate() {
            person.words.iter().for_each(|w| persons.add(w, Some(i)));
        }
        let mut adjectives = Phrasebook::new();
        for row in &file.adjective {
            row.words.iter().for_each(|w| adjectives.add(w, (row.gender.clone(), row.age.clone())));
        }
        let occasions = Phrasebook::of(file.occasion.iter().flat_map(|(name, words)| words.iter().map(|w| (w.as_str(), name.clone()))));
        People { persons, rows: file.person, adjectives, giving: book(&file.giving.words), occasions }
    }
}
