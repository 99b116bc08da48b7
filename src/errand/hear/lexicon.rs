//! `assets/lexicon/errands.toml`, built into the program, as books of phrases; parsed once, at first use.

use super::pattern::Book;
use crate::aftersales::Status;
use crate::aftersales::nouns::MethodKind;
use crate::errand::heard::{Question, Verb};
use crate::turn::understand::lexicon::parse;
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

pub static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::build);

type Plain = Book<()>;

#[derive(Debug)]
pub struct Lexicon {
    pub verbs: Book<Verb>,
    /// Counted only where no other verb is.
    pub weak: Book<Verb>,
    pub no_verb: Plain,
    /// By the names of the file's section.
    books: BTreeMap<String, Plain>,
    pub questions: Book<Question>,
    pub dropped: Book<Option<Verb>>,
    pub status: Book<Status>,
    pub days: Book<(u32, u32)>,
    /// A number of days, weeks or months.
    pub counted: Book<u32>,
    pub numerals: Vec<String>,
    pub numerals_zh: Vec<char>,
    pub methods: Book<MethodKind>,
    pub brands: Vec<(String, Plain)>,
    pub labels: Book<Field>,
    pub countries: Vec<(String, Plain)>,
    /// Towns that have a Chinese name.
    pub cities: Vec<(String, Plain)>,
    /// Code and name of each.
    pub states: Vec<(String, String)>,
    pub streets: HashSet<String>,
    pub units: HashSet<String>,
    /// The policy's name of a reason, and how people say it; the one that tells more first.
    pub reasons: Vec<(String, Plain)>,
    pub choices: Book<usize>,
    pub no_name: HashSet<String>,
    pub surnames: HashSet<char>,
    pub not_surnames: HashSet<char>,
}

/// A line of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Address1,
    Address2,
    City,
    State,
    Zip,
    Country,
}

#[derive(Deserialize)]
struct File {
    verbs: BTreeMap<String, Vec<String>>,
    verbs_weak: BTreeMap<String, Vec<String>>,
    verb_context: BTreeMap<String, Vec<String>>,
    parts: BTreeMap<String, Vec<String>>,
    dropped: DroppedWords,
    questions: BTreeMap<String, Vec<String>>,
    when: WhenWords,
    method: MethodWords,
    address: AddressWords,
    orders: BTreeMap<String, Vec<String>>,
    reasons: BTreeMap<String, Vec<String>>,
    answer: AnswerWords,
    who: WhoWords,
    concerns: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct DroppedWords {
    not: Vec<String>,
    any: Vec<String>,
    that: Vec<(Verb, String)>,
}

#[derive(Deserialize)]
struct WhenWords {
    latest: Vec<String>,
    pending: Vec<String>,
    processed: Vec<String>,
    delivered: Vec<String>,
    cancelled: Vec<String>,
    days: Vec<(String, String, u32, u32)>,
    counted: Vec<(String, u32)>,
    numerals: Vec<String>,
    numerals_zh: String,
    placed: Vec<String>,
}

#[derive(Deserialize)]
struct MethodWords {
    gift_card: Vec<String>,
    paypal: Vec<String>,
    credit_card: Vec<String>,
    wechat: Vec<String>,
    alipay: Vec<String>,
    brands: Vec<(String, String)>,
    #[serde(flatten)]
    books: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct AddressWords {
    streets: String,
    units: String,
    labels: Vec<(String, String)>,
    countries: Vec<(String, String)>,
    cities: String,
    states: String,
    #[serde(flatten)]
    books: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct AnswerWords {
    first: Vec<(String, usize)>,
    #[serde(flatten)]
    books: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct WhoWords {
    no_name: String,
    surnames: String,
    not_surnames: String,
    #[serde(flatten)]
    books: BTreeMap<String, Vec<String>>,
}

impl Lexicon {
    fn build() -> Self {
        let file: File = parse(include_str!("../../../assets/lexicon/errands.toml"));
        let mut books = BTreeMap::new();
        let sections = [
            ("verb", &file.verb_context),
            ("parts", &file.parts),
            ("method", &file.method.books),
            ("address", &file.address.books),
            ("orders", &file.orders),
            ("answer", &file.answer.books),
            ("who", &file.who.books),
            ("concerns", &file.concerns),
        ];
        for (section, words) in sections {
            books.extend(words.iter().map(|(name, phrases)| (format!("{section}.{name}"), plain(phrases))));
        }
        let when = &file.when;
        books.insert("when.latest".to_owned(), plain(&when.latest));
        books.insert("when.placed".to_owned(), plain(&when.placed));
        books.insert("dropped.any".to_owned(), plain(&file.dropped.any));
        books.insert("dropped.not".to_owned(), plain(&file.dropped.not));
        let method = &file.method;
        let dropped = file.dropped.any.iter().map(|p| (p, None)).chain(file.dropped.that.iter().map(|(verb, p)| (p, Some(*verb))));
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        let mut reasons: Vec<(String, Plain)> = file.reasons.iter().map(|(name, phrases)| (name.clone(), plain(phrases))).collect();
        reasons.sort_by_key(|(name, _)| name == "no longer needed");
        Self {
            verbs: named(&file.verbs),
            weak: named(&file.verbs_weak),
            no_verb: plain(&file.verb_context["no_verb"]),
            questions: named(&file.questions),
            dropped: Book::of(dropped),
            status: Book::of(
                [
                    (&when.pending, Status::Pending),
                    (&when.processed, Status::Processed),
                    (&when.delivered, Status::Delivered),
                    (&when.cancelled, Status::Cancelled),
                ]
                .into_iter()
                .flat_map(|(phrases, status)| phrases.iter().map(move |p| (p, status))),
            ),
            days: Book::of(when.days.iter().map(|(_, p, from, to)| (p, (*from, *to)))),
            counted: Book::of(when.counted.iter().map(|(p, days)| (p, *days))),
            numerals: when.numerals.clone(),
            numerals_zh: when.numerals_zh.chars().collect(),
            methods: Book::of(
                [
                    (&method.gift_card, MethodKind::GiftCard),
                    (&method.paypal, MethodKind::Paypal),
                    (&method.credit_card, MethodKind::CreditCard),
                    (&method.wechat, MethodKind::Wechat),
                    (&method.alipay, MethodKind::Alipay),
                ]
                .into_iter()
                .flat_map(|(phrases, kind)| phrases.iter().map(move |p| (p, kind))),
            ),
            brands: pairs(&method.brands),
            labels: Book::of(file.address.labels.iter().map(|(field, p)| (p, field_of(field)))),
            countries: pairs(&file.address.countries),
            cities: named_pairs(&file.address.cities),
            states: file.address.states.split(';').filter_map(|s| s.split_once(' ')).map(|(c, n)| (c.to_owned(), n.to_owned())).collect(),
            streets: words(&file.address.streets),
            units: words(&file.address.units),
            reasons,
            choices: Book::of(file.answer.first.iter().map(|(p, at)| (p, *at))),
            no_name: words(&file.who.no_name),
            surnames: file.who.surnames.chars().collect(),
            not_surnames: file.who.not_surnames.chars().filter(|c| *c != '|').collect(),
            books,
        }
    }

    /// A list of the file by section and name.
    pub fn book(&self, name: &str) -> &Plain {
        self.books.get(name).expect("the lexicon has the lists the code asks for; tests hear each of them")
    }
}

fn plain(phrases: &[String]) -> Plain {
    Book::of(phrases.iter().map(|p| (p, ())))
}

fn pairs(pairs: &[(String, String)]) -> Vec<(String, Plain)> {
    pairs.iter().map(|(name, phrase)| (name.clone(), Book::of([(phrase, ())]))).collect()
}

/// "Houston 休斯顿; San Diego 圣迭戈|圣地亚哥"
fn named_pairs(list: &str) -> Vec<(String, Plain)> {
    let pair = |text: &str| text.trim().rsplit_once(' ').map(|(name, said)| (name.to_owned(), Book::of(said.split('|').map(|p| (p, ())))));
    list.split(';').filter_map(pair).collect()
}

/// A book of a section whose names are those of the values.
fn named<T: Copy + for<'d> Deserialize<'d>>(section: &BTreeMap<String, Vec<String>>) -> Book<T> {
    let value = |name: &String| T::deserialize(serde::de::value::StrDeserializer::<serde::de::value::Error>::new(name));
    let rows = section.iter().flat_map(|(name, phrases)| {
        let value = value(name).expect("the lexicon's sections are named like the values");
        phrases.iter().map(move |p| (p, value))
    });
    Book::of(rows)
}

fn field_of(name: &str) -> Field {
    match name {
        "address1" => Field::Address1,
        "address2" => Field::Address2,
        "city" => Field::City,
        "state" => Field::State,
        "zip" => Field::Zip,
        _ => Field::Country,
    }
}
