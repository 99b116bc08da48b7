//! In: a text and the table of a case's things. Out: the text cut into pieces, each with all it can mean.

use super::goods::{Cue, GOODS, Way, slip};
use super::masked::{Masked, mask};
use super::measure::{self, Measure};
use super::named::{Table, Titled, Valued, joined};
use crate::turn::understand::base_color;
use crate::turn::understand::number::{Number, ONE};
use crate::turn::understand::reading::{Kind, Reading, is_han};
use std::collections::HashMap;
use std::ops::Range;

#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Bytes of the text.
    pub bytes: Range<usize>,
    pub words: usize,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    Cue(Cue),
    Said(Said),
    /// A number that measures nothing.
    Number {
        number: f64,
        count: bool,
    },
    /// "the second item": from 1, or from the end below 0.
    Place(i64),
    /// An amount of money in hundredths, and whether it was said to the hundredth.
    Money(i64, bool),
    Id(String),
    Step(usize, Way),
    Word,
}

/// Words that can be of goods.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// In base form.
    pub base: String,
    pub kinds: Vec<usize>,
    pub titles: Vec<Titled>,
    pub values: Vec<Valued>,
    pub names: Vec<(usize, usize)>,
    /// A colour, a material, a measure: a value, whether or not a thing here can have it.
    pub value: bool,
    /// A single letter, a size only where a size is meant.
    pub letter: bool,
}

pub fn pieces(text: &str, table: &Table) -> (String, Vec<Piece>) {
    let text = spelled(text, table);
    let Masked { text: plain, ids } = mask(&text, table);
    let reading = Reading::of(&plain);
    let measures = measure::all(&reading);
    let numbers = measure::numbers(&reading);
    let cutter = Cutter { reading: &reading, table, measures: &measures, numbers: &numbers };
    let (mut pieces, mut at) = (Vec::new(), 0);
    while at < reading.len() {
        let bytes = reading.bytes(&(at..at + 1));
        if let Some((range, id)) = ids.iter().find(|(range, _)| range.contains(&bytes.0)) {
            pieces.push(Piece { bytes: range.clone(), words: 1, what: What::Id(id.clone()) });
            while at < reading.len() && reading.bytes(&(at..at + 1)).0 < range.end {
                at += 1;
            }
            continue;
        }
        let (n, what) = cutter.at(at);
        let (start, end) = reading.bytes(&(at..at + n));
        pieces.push(Piece { bytes: start..end, words: n, what });
        at += n;
    }
    (text, pieces)
}

struct Cutter<'r> {
    reading: &'r Reading<'r>,
    table: &'r Table<'r>,
    measures: &'r [Measure],
    numbers: &'r [Number],
}

impl Cutter<'_> {
    /// The piece at a token: what a thing here is called or can be goes before what steers the sentence, that before what only the
    /// lexicon knows; of each the longest.
    fn at(&self, at: usize) -> (usize, What) {
        if let Some(found) = self.money(at).or_else(|| self.place(at)) {
            return found;
        }
        let said = self.said(at);
        let known = said.iter().filter(|(n, s)| *n > 0 && self.knows(s)).map(|(n, s)| (*n, s)).max_by_key(|(n, _)| *n);
        let cue = GOODS.cues.at(self.reading, at).map(|(n, cues)| (n, cues[0]));
        let step = GOODS.steps.at(self.reading, at).map(|(n, steps)| (n, steps[0]));
        let kind = said.iter().filter(|(_, s)| !s.kinds.is_empty()).map(|(n, _)| *n).max().unwrap_or(0);
        let longer = |n: usize| known.is_none_or(|(k, _)| n >= k) && kind <= n.max(1);
        if let Some((n, cue)) = cue.filter(|(n, _)| longer(*n) && step.is_none_or(|(s, _)| s <= *n)) {
            return (n, What::Cue(cue));
        }
        if let Some((n, (step, way))) = step.filter(|(n, _)| longer(*n)) {
            return (n, What::Step(step, way));
        }
        // A phone case is no phone, but a laptop backpack is a backpack, and so is a 电脑包.
        let ending = (kind > 1 && known.is_some_and(|(n, _)| kind > n)).then(|| self.ending(at, kind)).flatten();
        if let Some(said) = ending.clone().filter(|s| !s.base.is_ascii()) {
            return (kind, What::Said(said));
        }
        let best = match known {
            Some((n, _)) if kind > n && ending.is_none() => said.iter().find(|(n, _)| *n == kind),
            Some((n, _)) => said.iter().find(|(m, _)| *m == n),
            None => said.iter().max_by_key(|(n, _)| *n),
        };
        if let Some((n, said)) = best {
            return (*n, What::Said(said.clone()));
        }
        match self.numbers.iter().find(|n| n.tokens.start == at) {
            Some(number) => {
                let count = number.low % ONE == 0 && (ONE..=9 * ONE).contains(&number.low);
                (number.tokens.len(), What::Number { number: number.low as f64 / ONE as f64, count })
            }
            None => (1, What::Word),
        }
    }

    /// The end of a name of goods, when it names a thing here.
    fn ending(&self, at: usize, n: usize) -> Option<Said> {
        (at + 1..at + n).find_map(|from| {
            let range = from..at + n;
            let base = self.reading.lemmas(range.clone()).to_owned();
            let kinds = exactly(&GOODS.kinds, self.reading, &range).unwrap_or_default().to_vec();
            let titles = self.table.titled(&joined(self.reading, range)).to_vec();
            let known = kinds.iter().any(|k| self.table.is_kind(*k, &base)) || titles.iter().any(|t| t.ends);
            known.then(|| Said { base, kinds, titles, ..Said::default() })
        })
    }

    fn knows(&self, said: &Said) -> bool {
        !said.values.is_empty() || !said.names.is_empty() || is_named(said) || said.kinds.iter().any(|k| self.table.is_kind(*k, &said.base))
    }

    /// What each span from here can be called.
    fn said(&self, at: usize) -> Vec<(usize, Said)> {
        let mut found = Vec::new();
        for n in 1..=7.min(self.reading.len() - at) {
            let range = at..at + n;
            // "a 5" is not A5.
            if n > 1 && self.reading.word(at) == "a" && !self.reading.glued(at + 1) {
                break;
            }
            let key = joined(self.reading, range.clone());
            let phrase = self.reading.phrase(range.clone());
            let mut said = Said { base: self.reading.lemmas(range.clone()).to_owned(), ..Said::default() };
            said.titles = self.table.titled(&key).to_vec();
            said.letter = n == 1 && key.len() == 1;
            let mut values = self.table.valued(&format!("l:{key}")).to_vec();
            said.names = self.table.named(&format!("l:{key}")).to_vec();
            // "shorts" are goods, "short" is not: only more of a thing is said in its plural.
            let spelled = GOODS.spelled.contains(phrase) || phrase != said.base;
            if let Some(kinds) = exactly(&GOODS.kinds, self.reading, &range).filter(|_| spelled) {
                said.kinds = kinds.to_vec();
            }
            for group in exactly(&GOODS.values, self.reading, &range).unwrap_or_default() {
                values.extend_from_slice(self.table.valued(&format!("g:{group}")));
                said.value |= *group < GOODS.sure && !said.letter;
            }
            values.extend(self.of_choice(&range));
            for name in exactly(&GOODS.names, self.reading, &range).unwrap_or_default() {
                said.names.extend_from_slice(self.table.named(&format!("g:{name}")));
            }
            said.names.sort_unstable();
            said.names.dedup();
            if let Some(colour) = (n <= 4).then(|| base_color(phrase)).flatten() {
                values.extend_from_slice(self.table.valued(&format!("c:{colour}")));
                said.value = true;
            }
            for measure in self.measures.iter().filter(|m| m.tokens == range) {
                values.extend_from_slice(self.table.valued(&measure.key));
                let counted = measure.key.strip_suffix("piece").map(|key| key.replacen("q:", "n:", 1));
                counted.iter().for_each(|key| values.extend_from_slice(self.table.valued(key)));
                said.value |= counted.is_none();
            }
            if n == 1 && phrase.chars().all(is_han) && !self.stands(at, &said) {
                (values, said) = (Vec::new(), Said { names: said.names, base: said.base, ..Said::default() });
            }
            said.values = best(values);
            let empty = said.values.is_empty() && said.names.is_empty() && said.titles.is_empty() && said.kinds.is_empty() && !said.value;
            if !empty {
                found.push((n, said));
            }
        }
        found
    }

    /// 高透气, 中等房间: a value, and the choice it is one of.
    fn of_choice(&self, range: &Range<usize>) -> Vec<Valued> {
        let mut found = Vec::new();
        for cut in (range.start + 1..range.end).take(2) {
            let (value, name) = (range.start..cut, cut..range.end);
            let han = range.clone().all(|i| self.reading.kind(i) == Some(Kind::Han));
            let Some(names) = exactly(&GOODS.names, self.reading, &name).filter(|_| han) else { continue };
            let choices: Vec<(usize, usize)> = names.iter().flat_map(|n| self.table.named(&format!("g:{n}"))).copied().collect();
            let groups = exactly(&GOODS.values, self.reading, &value).unwrap_or_default();
            let valued = groups.iter().flat_map(|g| self.table.valued(&format!("g:{g}")));
            found.extend(valued.filter(|v| choices.contains(&(v.kin, v.choice))).copied());
        }
        found
    }

    /// Whether a single Chinese character is a word here: 黑 before 色, 的 or a thing, 包 after 这个; not in 包括, nor 大 in 太大.
    fn stands(&self, at: usize, said: &Said) -> bool {
        let han = |i: usize| self.reading.kind(i) == Some(Kind::Han);
        let (before, after) = (self.reading.before(at), self.reading.word(at + 1));
        let ends = !han(at + 1) || "的号码款档色系质制版面光和或吧吗呢了退换改要也都想从我那这、".contains(after);
        let thing = || !ends && (1..=4).any(|n| at + n < self.reading.len() && self.titled(at + 1, n));
        if !said.kinds.is_empty() {
            return ends && (at == 0 || !han(at - 1) || "的个把只双件款条台盏张那这退换我和色".contains(before));
        }
        !matches!(before, "不" | "太" | "最" | "更" | "偏" | "点") && (ends || thing())
    }

    fn titled(&self, at: usize, n: usize) -> bool {
        let range = at..(at + n).min(self.reading.len());
        !range.is_empty() && (GOODS.kinds.at(self.reading, at).is_some() || !self.table.titled(&joined(self.reading, range)).is_empty())
    }

    /// "$158.90", "158.90", 158块.
    fn money(&self, at: usize) -> Option<(usize, What)> {
        let sign = matches!(self.reading.word(at), "$" | "¥" | "€" | "£" | "usd" | "sgd");
        let start = if sign { at + 1 } else { at };
        let number = self.numbers.iter().find(|n| n.tokens.start == start && !n.kilo)?;
        let text = self.reading.slice(&number.tokens);
        let exact = text.rsplit_once('.').is_some_and(|(_, cents)| cents.len() == 2);
        let end = number.tokens.end;
        let after = matches!(self.reading.word(end), "dollar" | "dollars" | "usd" | "sgd" | "bucks" | "元" | "块" | "块钱" | "刀");
        let measured = self.measures.iter().any(|m| m.tokens.start == start);
        let (end, money) = if after { (end + 1, true) } else { (end, sign) };
        (money || (exact && !measured)).then(|| (end - at, What::Money(number.low / (ONE / 100), exact)))
    }

    /// "the second item", 第二件, "last item".
    fn place(&self, at: usize) -> Option<(usize, What)> {
        let item = |i: usize| matches!(self.reading.lemmas(i..i + 1), "item" | "thing" | "product" | "one" | "article");
        let has = |i: usize| i < self.reading.len();
        let word = self.reading.word(at);
        if word == "第" || (word == "最" && matches!(self.reading.word(at + 1), "后")) {
            let number = self.numbers.iter().find(|n| n.tokens.start == at + 1);
            let (place, end) = match number {
                Some(number) if word == "第" => (number.low / ONE, number.tokens.end),
                None if word == "最" => (-1, if matches!(self.reading.word(at + 2), "一") { at + 3 } else { at + 2 }),
                _ if word == "最" => (-1, at + 3),
                _ => return None,
            };
            // 第二件事 counts what is said.
            let counted = has(end) && "件个样款双条台只把本瓶".contains(self.reading.word(end)) && self.reading.word(end + 1) != "事";
            return counted.then_some((end + 1 - at, What::Place(place)));
        }
        let nth = ["first", "second", "third", "fourth", "fifth"].iter().position(|w| *w == word).map(|n| n as i64 + 1);
        let nth = nth.or_else(|| {
            ["1st", "2nd", "3rd", "4th", "5th"]
                .iter()
                .position(|w| has(at + 1) && *w == joined(self.reading, at..at + 2))
                .map(|n| n as i64 + 1)
        });
        let len = if self.reading.kind(at) == Some(Kind::Number) { 2 } else { 1 };
        if let Some(place) = nth.or((word == "last").then_some(-1)) {
            let named = has(at + len) && item(at + len) && (place > 0 || self.reading.word(at + len) != "one");
            // "Second thing: …" counts what is said.
            let said = self.reading.word(at + len) == "thing" && !matches!(self.reading.before(at), "the" | "my");
            let real = named && !said;
            return real.then_some((len + 1, What::Place(place)));
        }
        let number = self.numbers.iter().find(|n| n.tokens.start == at + 1 && n.low < 100 * ONE)?;
        let listed = (word == "item" || word == "#") && self.reading.kind(at + 1) == Some(Kind::Number);
        listed.then(|| (1 + number.tokens.len(), What::Place(number.low / ONE)))
    }
}

/// A whole phrase of a book, said exactly or in its base form.
fn exactly<'b>(
    book: &'b crate::turn::understand::phrasebook::Phrasebook<usize>,
    reading: &Reading,
    range: &Range<usize>,
) -> Option<&'b [usize]> {
    book.every_at(reading, range.start, range.end).into_iter().find(|(n, _)| *n == range.len()).map(|(_, values)| values)
}

fn is_named(said: &Said) -> bool {
    said.titles.iter().any(|t| t.ends)
}

/// The surest reading of each value.
fn best(values: Vec<Valued>) -> Vec<Valued> {
    let mut best: HashMap<(usize, usize, usize), u8> = HashMap::new();
    for v in values {
        let sure = best.entry((v.kin, v.choice, v.value)).or_default();
        *sure = v.sure.max(*sure);
    }
    let mut list: Vec<Valued> = best.into_iter().map(|((kin, choice, value), sure)| Valued { kin, choice, value, sure }).collect();
    list.sort_by_key(|v| (v.kin, v.choice, v.value));
    list
}

/// The text with the names of the things here spelled right.
fn spelled(text: &str, table: &Table) -> String {
    let reading = Reading::of(text);
    let mut out = text.to_owned();
    for at in (0..reading.len()).rev() {
        let word = reading.word(at);
        let whole = reading.kind(at) == Some(Kind::Word) && word.is_ascii() && word.len() >= 5;
        let base = reading.lemmas(at..at + 1);
        if !whole || table.words.contains(word) || GOODS.known.contains(base) || GOODS.known.contains(word) {
            continue;
        }
        let plural = word.strip_suffix('s').unwrap_or(word);
        let meant = table.words.iter().find(|meant| slip(word, meant) || slip(plural, meant.strip_suffix('s').unwrap_or(meant)));
        let meant = meant.or_else(|| table.kind_words.iter().find(|meant| slip(plural, meant)));
        if let Some(meant) = meant.cloned() {
            let (start, end) = reading.bytes(&(at..at + 1));
            out.replace_range(start..end, &meant);
        }
    }
    out
}
