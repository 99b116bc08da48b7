//! In: a question as typed. Out: what it asks about, unit by unit: topics of service, and words. Pure.

use super::topics::{Kind, Meaning, TOPICS, Topic};
use crate::search::segment::{dictionary_words, is_cjk, is_stopword, segment};
use crate::search::sounds::Sounds;
use crate::turn::understand::lexicon::{self, department_at};
use crate::turn::understand::reading::{Kind as Written, Reading, lemma};
use crate::turn::understand::{Deed, Intent};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

/// A question taken apart.
#[derive(Clone, Debug, Default)]
pub struct Question {
    pub units: Vec<Unit>,
    pub kinds: HashSet<Kind>,
    /// What is known from elsewhere: the intent, the question before.
    pub context: HashSet<Topic>,
    /// What it is known to be about.
    pub matter: Option<Topic>,
}

/// A word or phrase that one thing of the question is said with.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// The topics the phrase names, and those a shorter phrase within it names.
    pub topics: Vec<Topic>,
    pub near: Vec<Topic>,
    pub terms: Vec<String>,
    /// A kind of product: what the rules say of it is mostly said of everything.
    pub product: bool,
}

impl Unit {
    /// A topic of service, not only goods.
    pub fn names_service(&self) -> bool {
        self.topics.iter().any(|topic| !TOPICS.topics[*topic].goods)
    }

    /// A topic that is said of nothing but service.
    pub fn is_of_service(&self) -> bool {
        self.topics.iter().any(|topic| !TOPICS.topics[*topic].goods && !TOPICS.topics[*topic].loose)
    }
}

impl Question {
    /// `known` are the English words of the shop's rules.
    pub fn read(text: &str, known: &HashSet<String>) -> Self {
        let question = Self::typed(&spelled(text, known));
        if question.names_a_topic() || !text.chars().any(is_cjk) { question } else { Self::typed(&sounding(text)) }
    }

    fn typed(text: &str) -> Self {
        let reading = Reading::of(text);
        let mut question = Self::default();
        let (mut at, mut from) = (0, 0);
        while at < reading.len() {
            let Some((n, meanings)) = TOPICS.asked_at(&reading, at) else {
                at += 1;
                continue;
            };
            question.add_words(&reading, from..at);
            let range = at..at + n;
            question.add_phrase(&reading, &range, meanings);
            (at, from) = (range.end, range.end);
        }
        question.add_words(&reading, from..reading.len());
        let named = question.topics();
        let apart = TOPICS.asked_apart(&reading).into_iter().filter(|topic| !named.contains(topic));
        if question.units.iter().any(Unit::names_service) {
            question.context.extend(apart);
        } else {
            question.units.extend(apart.map(|topic| Unit { topics: vec![topic], ..Unit::default() }));
        }
        question.units.retain(|unit| !unit.topics.is_empty() || !unit.terms.is_empty());
        question.take_what_is_meant();
        question
    }

    pub fn names_a_topic(&self) -> bool {
        self.units.iter().any(|unit| !unit.topics.is_empty())
    }

    /// Every topic it asks about.
    pub fn topics(&self) -> HashSet<Topic> {
        self.units.iter().flat_map(|unit| unit.topics.iter().chain(&unit.near)).copied().collect()
    }

    /// Takes what the intent of the message is about.
    pub fn meant(mut self, intent: Option<Intent>) -> Self {
        let name = match intent {
            Some(Intent::AfterSales(Deed::Cancel)) => "cancel",
            Some(Intent::AfterSales(Deed::Change)) => "change an order",
            Some(Intent::AfterSales(Deed::Return)) => "return",
            Some(Intent::AfterSales(Deed::Exchange)) => "exchange",
            Some(Intent::AfterSales(Deed::Refund)) => "refund",
            Some(Intent::OrderStatus) => "tracking",
            Some(Intent::Account) => "account",
            _ => return self,
        };
        self.context.extend(TOPICS.named(name));
        self
    }

    /// Takes the topics of the matter that it is about; its own words only tell more of that.
    pub fn about(mut self, topics: &[String]) -> Self {
        let mut topics = topics.iter().filter_map(|name| TOPICS.named(name));
        self.matter = topics.next();
        let known = self.topics();
        self.units.extend(self.matter.filter(|topic| !known.contains(topic)).map(|topic| Unit { topics: vec![topic], ..Unit::default() }));
        self.units.extend(topics.filter(|topic| !known.contains(topic)).map(|topic| Unit { near: vec![topic], ..Unit::default() }));
        self
    }

    fn add_phrase(&mut self, reading: &Reading, range: &Range<usize>, meanings: &[Meaning]) {
        let mut unit = Unit::default();
        for meaning in meanings {
            match meaning {
                Meaning::Topic(topic) => {
                    unit.topics.push(*topic);
                    if !TOPICS.topics[*topic].loose {
                        unit.topics.extend(TOPICS.means(*topic));
                    }
                }
                Meaning::Kind(kind) => _ = self.kinds.insert(*kind),
                Meaning::Asking => {}
            }
        }
        if !unit.topics.is_empty() {
            unit.terms = own_terms(reading, range);
            unit.near = TOPICS.asked_within(reading, range);
            unit.near.retain(|topic| !unit.topics.contains(topic));
            self.add_kinds_within(reading, range);
            self.units.push(unit);
        }
    }

    /// "They do not fit" is about an exchange, unless something else is named: "if they do not fit, can I send them back?"
    fn take_what_is_meant(&mut self) {
        let loose = |topic: &Topic| TOPICS.topics[*topic].loose;
        let meant =
            |unit: &Unit| -> Vec<Topic> { unit.topics.iter().filter(|t| loose(t)).flat_map(|topic| TOPICS.means(*topic)).collect() };
        if self.units.iter().flat_map(|unit| &unit.topics).all(loose) {
            self.units.iter_mut().for_each(|unit| unit.topics.extend(meant(unit)));
        } else {
            // The reason; no rule need name it.
            self.units.retain(|unit| meant(unit).is_empty());
        }
    }

    fn add_kinds_within(&mut self, reading: &Reading, range: &Range<usize>) {
        self.kinds.extend(TOPICS.kinds_within(reading, range));
    }

    /// The words between two phrases: products by their department, the others each for itself.
    fn add_words(&mut self, reading: &Reading, range: Range<usize>) {
        let mut at = range.start;
        let mut from = at;
        while at < range.end {
            match department_at(reading, at).filter(|(n, _)| at + n <= range.end) {
                Some((n, department)) => {
                    self.add_plain(reading, from..at);
                    let product = department != "features";
                    let topics = TOPICS.of_department(department).collect();
                    self.units.push(Unit { near: topics, terms: terms(reading.slice(&(at..at + n))), product, ..Unit::default() });
                    at += n;
                    from = at;
                }
                None => at += 1,
            }
        }
        self.add_plain(reading, from..range.end);
    }

    fn add_plain(&mut self, reading: &Reading, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        for at in range.clone() {
            match reading.kind(at) {
                Some(Written::Word) => self.units.push(Unit { terms: terms(reading.word(at)), ..Unit::default() }),
                // A number may be the very row of a table, or any price.
                Some(Written::Number) => self.units.push(Unit { terms: terms(reading.word(at)), product: true, ..Unit::default() }),
                _ => {}
            }
        }
        for run in reading.slice(&range).split(|c| !is_cjk(c)) {
            self.units.extend(dictionary_words(run).map(|word| Unit { terms: terms(word), ..Unit::default() }));
        }
    }
}

/// The terms of a text that say something.
pub fn terms(text: &str) -> Vec<String> {
    segment(text).into_iter().filter(|term| !is_stopword(term)).collect()
}

/// The terms of a phrase without the words that only ask.
pub fn own_terms(reading: &Reading, range: &Range<usize>) -> Vec<String> {
    let asks = |at: usize| reading.kind(at) == Some(Written::Word) && matches!(TOPICS.asked_at(reading, at), Some((1, [Meaning::Asking])));
    let english = range.clone().filter(|at| !asks(*at)).map(|at| reading.word(at)).collect::<Vec<_>>().join(" ");
    if english.is_ascii() { terms(&english) } else { terms(reading.slice(range)) }
}

/// The text with words of service for what sounds like them.
fn sounding(text: &str) -> String {
    static SOUNDS: LazyLock<Sounds> = LazyLock::new(|| Sounds::of(TOPICS.chinese()));
    SOUNDS.spell(text, &vec![DOUBT; text.chars().count()])
}

/// The text with words of service for slips of the keyboard, in English.
fn spelled(text: &str, known: &HashSet<String>) -> String {
    let reading = Reading::of(text);
    let mut out = String::new();
    let mut from = 0;
    for at in 0..reading.len() {
        let word = reading.word(at);
        let is_known = |word: &str| TOPICS.words.contains(word) || known.contains(word);
        let plain = word.len() >= SHORTEST && word.bytes().all(|b| b.is_ascii_lowercase());
        if !plain || is_known(word) || is_known(&lemma(word)) || !lexicon::expansions(word).is_empty() {
            continue;
        }
        let Some(meant) = nearest(word, TOPICS.words.iter().chain(known)) else { continue };
        let (start, end) = reading.bytes(&(at..at + 1));
        out.push_str(&text[from..start]);
        out.push_str(meant);
        from = end;
    }
    out.push_str(&text[from..]);
    out
}

/// Sure enough that a word of the dictionary stays, and no more than that.
const DOUBT: f32 = 0.7;
/// Shorter words are one letter from too many others.
const SHORTEST: usize = 6;

fn nearest<'w>(word: &str, words: impl Iterator<Item = &'w String>) -> Option<&'w String> {
    let allowed = if word.len() > 7 { 2 } else { 1 };
    let close = words.filter(|w| w.len() >= SHORTEST && w.len().abs_diff(word.len()) <= allowed && w.as_bytes()[0] == word.as_bytes()[0]);
    let edits = close.map(|w| (strsim::osa_distance(word, w), w)).filter(|(edits, _)| *edits <= allowed);
    edits.min_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(b.1))).map(|(_, w)| w)
}

/// How often each term stands in a text.
pub fn counted(terms: impl IntoIterator<Item = String>) -> HashMap<String, f32> {
    let mut counts = HashMap::new();
    for term in terms {
        *counts.entry(term).or_insert(0.0) += 1.0;
    }
    counts
}
