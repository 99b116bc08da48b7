//! In: the word lists of `assets/lexicon`, built into the program. Out: synonyms zh ↔ en for search, and the books of
//! units and price words the readers of a message share. Everything is parsed once, at first use.

mod books;

use super::{phrasebook::Phrasebook, reading::Reading, unit::Unit};
use books::Prices;
use serde::Deserialize;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::LazyLock,
};

pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::build);

/// Words of a text that have synonyms, by longest match. `span` are bytes of the text; the alternatives are in both
/// languages and never contain the words themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct Expansion {
    pub span: (usize, usize),
    pub alternatives: Vec<&'static str>,
    /// True when it names a kind of product (登山鞋), false for a feature (防滑).
    pub kind: bool,
}

/// The departments of the products a text names.
pub fn departments(text: &str) -> Vec<&'static str> {
    let reading = Reading::of(text);
    (0..reading.len()).filter_map(|at| department_at(&reading, at)).map(|(_, department)| department).collect()
}

/// `防水登山鞋` → 防水: waterproof …; 登山鞋: 徒步鞋, hiking boots ….
/// A word with two trades (笔记本, notebook) takes the sense its neighbours in the text speak for; with none, all of them.
pub fn expansions(text: &str) -> Vec<Expansion> {
    let reading = Reading::of(text);
    let found = LEXICON.products.all(&reading);
    found
        .into_iter()
        .filter(|(range, _)| range.len() > 1 || stands_alone(&reading, range.start))
        .map(|(range, groups)| {
            let said = reading.lemmas(range.clone());
            let groups = senses(&reading, reading.phrase(range.clone())).unwrap_or_else(|| groups.to_vec());
            let kind = groups.iter().any(|g| LEXICON.groups[*g].department != "features");
            Expansion { span: reading.bytes(&range), alternatives: alternatives(&groups, said), kind }
        })
        .filter(|e| !e.alternatives.is_empty())
        .collect()
}

/// The bytes of every kind, feature, colour and function word in a text: words of the trade, and no names.
pub fn trade_words(text: &str) -> Vec<(usize, usize)> {
    let reading = Reading::of(text);
    let products = LEXICON.products.all(&reading).into_iter().filter(|(range, _)| range.len() > 1 || stands_alone(&reading, range.start));
    let colours = super::colour::named(&reading);
    let stops = (0..reading.len()).filter(|at| super::terms::is_stop(&reading, *at)).map(|at| at..at + 1);
    products.map(|(range, _)| range).chain(colours).chain(stops).map(|range| reading.bytes(&range)).collect()
}

/// Search words cut into what is wanted and what it is for: "power bank for laptop" → ("power bank", " for laptop").
pub fn purpose(terms: &str) -> (&str, &str) {
    terms.split_at(terms.find(" for ").unwrap_or(terms.len()))
}

/// About `most` kinds of product in one language, from every department: what needs in that language look like.
pub fn samples(zh: bool, most: usize) -> Vec<&'static str> {
    let own = |w: &&&str| w.chars().any(super::reading::is_han) == zh;
    let kinds: Vec<&str> =
        LEXICON.groups.iter().filter(|g| g.department != "features").filter_map(|g| g.words.iter().find(own).copied()).collect();
    let step = (kinds.len() / most.max(1)).max(1);
    kinds.into_iter().step_by(step).collect()
}

/// The alternatives of exactly this word or phrase; empty when it has none.
pub fn synonyms_of(phrase: &str) -> Vec<&'static str> {
    let reading = Reading::of(phrase);
    let groups = LEXICON.products.get(phrase).unwrap_or_default();
    if groups.is_empty() { Vec::new() } else { alternatives(groups, reading.lemmas(0..reading.len())) }
}

/// Departments of a product word, as `synonyms.toml` names them; features are the department `features`.
pub(in crate::turn) fn department_at(reading: &Reading, at: usize) -> Option<(usize, &'static str)> {
    let (n, groups) = LEXICON.products.at(reading, at)?;
    (n > 1 || stands_alone(reading, at) || reading.len() == at + 1).then(|| (n, LEXICON.groups[groups[0]].department))
}

/// One Chinese character is a word of its own only where nothing Chinese touches it, or after a measure word.
pub(super) fn stands_alone(reading: &Reading, at: usize) -> bool {
    let han = |i: Option<usize>| i.is_some_and(|i| reading.word(i).chars().any(super::reading::is_han));
    if !han(Some(at)) {
        return true;
    }
    let loose = |w: &str| w.chars().all(|c| "的双把个只口条盏张件款买色吗呢吧和或有要本台".contains(c));
    let left = at.checked_sub(1);
    let touches = |i: usize| reading.glued(i);
    (!han(left) || !touches(at) || loose(reading.before(at))) && (!han(Some(at + 1)) || !touches(at + 1) || loose(reading.word(at + 1)))
}

#[derive(Debug)]
pub(super) struct Lexicon {
    /// Product words → indexes of `groups`.
    pub products: Phrasebook<usize>,
    pub groups: Vec<Group>,
    senses: HashMap<String, Vec<Sense>>,
    pub units: Phrasebook<Unit>,
    pub exact_units: HashMap<String, Unit>,
    pub prices: Prices,
    /// Words that may follow a finished price.
    pub connectors: HashSet<&'static str>,
}

#[derive(Debug)]
pub(super) struct Group {
    pub department: &'static str,
    /// What the group finds: zh and en together, then the one-way words.
    pub words: Vec<&'static str>,
}

#[derive(Debug)]
struct Sense {
    group: usize,
    near: Phrasebook<()>,
}

/// Parses a list built into the program; a broken one is a broken build, found by the first test.
pub(crate) fn parse<T: for<'d> Deserialize<'d>>(toml: &str) -> T {
    toml::from_str(toml).expect("the built-in lexicon is valid TOML")
}

/// A book of phrases that need no value.
pub(super) fn book<S: AsRef<str>>(phrases: &[S]) -> Phrasebook<()> {
    Phrasebook::of(phrases.iter().map(|p| (p.as_ref(), ())))
}

fn alternatives(groups: &[usize], said: &str) -> Vec<&'static str> {
    let mut out: Vec<&'static str> = Vec::new();
    for word in groups.iter().flat_map(|g| LEXICON.groups[*g].words.iter()) {
        let reading = Reading::of(word);
        if reading.lemmas(0..reading.len()) != said && !out.contains(word) {
            out.push(word);
        }
    }
    out
}

fn senses(reading: &Reading, word: &str) -> Option<Vec<usize>> {
    let senses = LEXICON.senses.get(word)?;
    let near: Vec<usize> = senses.iter().filter(|s| !s.near.all(reading).is_empty()).map(|s| s.group).collect();
    Some(if near.is_empty() { senses.iter().map(|s| s.group).collect() } else { near })
}

impl Lexicon {
    fn build() -> Self {
        let (products, groups, senses) = products();
        let (units, exact_units) = books::units();
        Lexicon { products, groups, senses, units, exact_units, prices: books::prices(), connectors: CONNECTORS.iter().copied().collect() }
    }
}

const CONNECTORS: [&str; 45] = [
    "tho",
    "though",
    "lah",
    "leh",
    "lor",
    "haha",
    "lol",
    "for",
    "and",
    "please",
    "pls",
    "with",
    "but",
    "if",
    "or",
    "is",
    "would",
    "in",
    "that",
    "which",
    "budget",
    "max",
    "total",
    "thanks",
    "each",
    "a",
    "per",
    "my",
    "i",
    "it",
    "to",
    "so",
    "only",
    "on",
    "now",
    "as",
    "can",
    "do",
    "what",
    "preferably",
    "ideally",
    "including",
    "can",
    "excluding",
    "from",
];

type Products = (Phrasebook<usize>, Vec<Group>, HashMap<String, Vec<Sense>>);

fn products() -> Products {
    #[derive(Deserialize)]
    struct Row {
        #[serde(default)]
        zh: Vec<String>,
        #[serde(default)]
        en: Vec<String>,
        #[serde(default)]
        also: Vec<String>,
        #[serde(default)]
        from: Vec<String>,
    }
    #[derive(Deserialize)]
    struct Department {
        groups: Vec<Row>,
    }
    #[derive(Deserialize)]
    struct SenseRow {
        group: String,
        near: Vec<String>,
    }
    #[derive(Deserialize)]
    struct Ambiguous {
        word: String,
        senses: Vec<SenseRow>,
    }
    #[derive(Deserialize)]
    struct File {
        ambiguous: Vec<Ambiguous>,
        #[serde(flatten)]
        departments: BTreeMap<String, Department>,
    }
    let file: File = parse(include_str!("../../../assets/lexicon/synonyms.toml"));
    let (mut book, mut groups, mut names) = (Phrasebook::new(), Vec::new(), HashMap::new());
    for (department, rows) in file.departments {
        let department: &'static str = department.leak();
        for row in rows.groups {
            let index = groups.len();
            row.zh.iter().chain(&row.en).chain(&row.from).for_each(|word| book.add(word, index));
            if let Some(name) = row.en.first() {
                names.entry(name.clone()).or_insert(index);
            }
            let words = row.zh.into_iter().chain(row.en).chain(row.also).map(|w| &*w.leak()).collect();
            groups.push(Group { department, words });
        }
    }
    let mut senses = HashMap::new();
    for word in file.ambiguous {
        let named =
            word.senses.iter().filter_map(|s| Some(Sense { group: *names.get(&s.group)?, near: book_of(&s.near) })).collect::<Vec<_>>();
        named.iter().for_each(|sense| book.add(&word.word, sense.group));
        let reading = Reading::of(&word.word);
        senses.insert(reading.phrase(0..reading.len()).to_owned(), named);
    }
    (book, groups, senses)
}

fn book_of(words: &[String]) -> Phrasebook<()> {
    book(words)
}
