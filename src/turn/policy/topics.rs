//! In: `assets/lexicon/topics.toml`. Out: which topics of service, and which kinds of question, a text names. Pure.

use crate::turn::understand::lexicon::parse;
use crate::turn::understand::phrasebook::Phrasebook;
use crate::turn::understand::reading::Reading;
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

pub static TOPICS: LazyLock<Topics> = LazyLock::new(Topics::build);

pub type Topic = usize;
pub type Kind = usize;

/// What a phrase of a question stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    Topic(Topic),
    Kind(Kind),
    /// It only makes the words a question.
    Asking,
}

/// The signs by which a text is told to hold a kind of answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    Duration,
    Money,
    Place,
    Clock,
    Contact,
    Exception,
    Choice,
    Verdict,
}

#[derive(Debug)]
pub struct Topics {
    pub topics: Vec<Row>,
    pub kinds: Vec<Sign>,
    /// What shoppers say.
    asked: Phrasebook<Meaning>,
    /// What rules say.
    said: Phrasebook<Topic>,
    /// What the heading of an answer to a kind of question says.
    headings: Phrasebook<Kind>,
    /// Words of each side, and what they say together.
    pairs: Vec<(Phrasebook<()>, Phrasebook<()>, Topic)>,
    /// Every word of these lists: none of them is a slip.
    pub words: HashSet<String>,
}

#[derive(Debug, Deserialize)]
pub struct Row {
    pub name: String,
    #[serde(default)]
    say: Vec<String>,
    #[serde(default)]
    ask: Vec<String>,
    /// Words that say it with others between them.
    #[serde(default)]
    both: Vec<String>,
    /// Other topics it is asked of.
    #[serde(default)]
    means: Vec<String>,
    /// Departments whose products belong to it.
    #[serde(default)]
    of: Vec<String>,
    /// It names goods, not a service.
    #[serde(default)]
    pub goods: bool,
    /// Said of products too: alone it makes no question of service.
    #[serde(default)]
    pub loose: bool,
}

#[derive(Deserialize)]
struct KindRow {
    ask: Vec<String>,
    title: Vec<String>,
    sign: Sign,
}

impl Topics {
    fn build() -> Self {
        #[derive(Deserialize)]
        struct File {
            topic: Vec<Row>,
            kind: Vec<KindRow>,
            asking: BTreeMap<String, Vec<String>>,
        }
        let file: File = parse(include_str!("../../../assets/lexicon/topics.toml"));
        let (mut asked, mut said, mut headings) = (Phrasebook::new(), Phrasebook::new(), Phrasebook::new());
        let mut pairs = Vec::new();
        let side = |words: &str| Phrasebook::of(words.split('|').map(|word| (word.trim(), ())));
        for (topic, row) in file.topic.iter().enumerate() {
            let sides = row.both.iter().map(|pair| pair.split_once('#').expect("a pair has two sides"));
            pairs.extend(sides.map(|(left, right)| (side(left), side(right), topic)));
            row.say.iter().for_each(|phrase| said.add(phrase, topic));
            row.say.iter().chain(&row.ask).for_each(|phrase| asked.add(phrase, Meaning::Topic(topic)));
        }
        for (kind, row) in file.kind.iter().enumerate() {
            row.ask.iter().for_each(|phrase| asked.add(phrase, Meaning::Kind(kind)));
            row.title.iter().for_each(|phrase| headings.add(phrase, kind));
        }
        file.asking.values().flatten().for_each(|phrase| asked.add(phrase, Meaning::Asking));
        let rows = file.topic.iter().flat_map(|row| row.say.iter().chain(&row.ask));
        let phrases = rows.chain(file.kind.iter().flat_map(|row| &row.ask)).chain(file.asking.values().flatten());
        let words = phrases.flat_map(|phrase| words_of(&Reading::of(phrase))).collect();
        Self { topics: file.topic, kinds: file.kind.iter().map(|row| row.sign).collect(), asked, said, headings, pairs, words }
    }

    pub fn named(&self, name: &str) -> Option<Topic> {
        self.topics.iter().position(|row| row.name == name)
    }

    /// The topics a question about `topic` is about as well.
    pub fn means(&self, topic: Topic) -> impl Iterator<Item = Topic> {
        self.topics[topic].means.iter().filter_map(|name| self.named(name))
    }

    /// The topics the products of a department belong to.
    pub fn of_department(&self, department: &str) -> impl Iterator<Item = Topic> {
        self.topics.iter().enumerate().filter(move |(_, row)| row.of.iter().any(|of| of == department)).map(|(topic, _)| topic)
    }

    /// The longest phrase of a question that starts at a token.
    pub fn asked_at(&self, reading: &Reading, at: usize) -> Option<(usize, &[Meaning])> {
        self.asked.at(reading, at)
    }

    /// The topics said by words apart, the first before the second.
    pub fn asked_apart(&self, reading: &Reading) -> Vec<Topic> {
        let said = |(left, right, _): &&(Phrasebook<()>, Phrasebook<()>, Topic)| {
            let (left, right) = (left.all(reading), right.all(reading));
            left.first().is_some_and(|(a, _)| right.iter().any(|(b, _)| a.end <= b.start))
        };
        self.pairs.iter().filter(said).map(|(_, _, topic)| *topic).collect()
    }

    /// The topics of the shorter phrases within a range.
    pub fn asked_within(&self, reading: &Reading, range: &Range<usize>) -> Vec<Topic> {
        let meanings = range.clone().flat_map(|at| self.asked.every_at(reading, at, range.end)).filter(|(n, _)| *n < range.len());
        let topics =
            meanings.flat_map(|(_, meanings)| meanings.iter().filter_map(|m| if let Meaning::Topic(t) = m { Some(*t) } else { None }));
        topics.collect()
    }

    /// The kinds of question that phrases within a range ask.
    pub fn kinds_within<'r>(&'r self, reading: &'r Reading, range: &Range<usize>) -> impl Iterator<Item = Kind> + 'r {
        let end = range.end;
        let meanings = range.clone().flat_map(move |at| self.asked.every_at(reading, at, end)).flat_map(|(_, meanings)| meanings);
        meanings.filter_map(|m| if let Meaning::Kind(kind) = m { Some(*kind) } else { None })
    }

    /// The topics a rule names, as often as it names them.
    pub fn said(&self, reading: &Reading) -> Vec<Topic> {
        every(&self.said, reading)
    }

    /// The kinds of question a heading promises to answer.
    pub fn promised(&self, heading: &Reading) -> HashSet<Kind> {
        every(&self.headings, heading).into_iter().collect()
    }

    /// The Chinese phrases of the topics.
    pub fn chinese(&self) -> impl Iterator<Item = &str> {
        let phrases = self.topics.iter().flat_map(|row| row.say.iter().chain(&row.ask));
        phrases.map(String::as_str).filter(|phrase| phrase.chars().all(crate::search::segment::is_cjk))
    }
}

/// The English words of a text in their plain form.
pub fn words_of(reading: &Reading) -> Vec<String> {
    (0..reading.len()).map(|at| reading.word(at).to_owned()).filter(|word| word.is_ascii()).collect()
}

fn every(book: &Phrasebook<usize>, reading: &Reading) -> Vec<usize> {
    (0..reading.len()).flat_map(|at| book.every_at(reading, at, reading.len())).flat_map(|(_, values)| values.iter().copied()).collect()
}

/// Whether a rule holds a kind of answer.
pub fn shows(sign: Sign, text: &str, reading: &Reading) -> bool {
    let says = |words: &[&str]| (0..reading.len()).any(|at| words.contains(&reading.word(at)));
    let contains = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match sign {
        Sign::Duration => (0..reading.len()).any(|at| is_number(reading, at) && (1..=3).any(|n| SPANS.contains(&reading.word(at + n)))),
        Sign::Money => contains(&["$", "€", "£", "¥", "￥", "%", "元", "免费", "运费"]) || says(&["free", "fee", "charge"]),
        Sign::Place => {
            contains(&["#", "@", "地址", "位于", "门店", "柜台"]) || says(&["street", "road", "walk", "avenue", "counter", "desk", "store"])
        }
        Sign::Clock => (1..reading.len()).any(|at| reading.word(at) == ":" && is_number(reading, at - 1) && is_number(reading, at + 1)),
        Sign::Contact => {
            has_phone(text) || text.contains('@') || contains(&["请"]) || says(&["ask", "write", "call", "tell", "choose", "bring"])
        }
        Sign::Exception => contains(&["不", "除外"]) || says(&["cannot", "not", "no", "never"]),
        Sign::Choice => contains(&[",", "、", "或"]) || says(&["or"]),
        Sign::Verdict => {
            contains(&["可", "不", "支持", "均"]) || says(&["can", "cannot", "may", "not", "accept", "offer", "welcome", "every", "all"])
        }
    }
}

/// Units of time: 3 working days, 30 天, 2 个工作日.
const SPANS: &[&str] = &[
    "day", "days", "hour", "hours", "minute", "minutes", "month", "months", "year", "years", "week", "weeks", "天", "日", "时", "钟", "月",
    "年", "工",
];

fn is_number(reading: &Reading, at: usize) -> bool {
    reading.word(at).starts_with(|c: char| c.is_ascii_digit())
}

/// Seven digits or more in a row, whatever divides them as in a telephone number.
pub fn has_phone(text: &str) -> bool {
    let mut digits = 0;
    text.chars().any(|c| {
        digits = match c {
            '0'..='9' => digits + 1,
            ' ' | '-' | '(' | ')' | '+' => digits,
            _ => 0,
        };
        digits >= 7
    })
}
