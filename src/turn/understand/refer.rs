//! In: a reading. Out: which shown product the message points at («第二个», «the second one», «them», «它»).

use super::{
    lexicon::{LEXICON, book, parse},
    marks::{Keep, Marks},
    number::Number,
    phrasebook::Phrasebook,
    reading::{Kind, Reading},
    terms::is_stop,
};
use serde::{Deserialize, Serialize};
use std::{ops::Range, sync::LazyLock};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// The n-th of the list, from 1.
    Ordinal(usize),
    /// Several of the list, from 1: «the first and the third».
    Ordinals(Vec<usize>),
    /// The first n.
    First(usize),
    Last,
    /// All that is shown.
    These,
    /// The product on the page or just talked of.
    This,
    /// «The blue one», «带帽子的那款»: the one the filters and terms describe.
    Described,
    /// «Back to the first ones», «刚才那双»: what was on the screen before, or one of it.
    Earlier {
        one: bool,
    },
}

/// A place in the list: ordinals, the first two, the last, all of them. Call before numbers are read as measures.
pub(super) fn listed(reading: &Reading, numbers: &[Number], marks: &mut Marks) -> Option<Reference> {
    // Phrases match by base form: «the first one» is no «the first ones».
    let plural = |range: &Range<usize>| reading.word(range.end - 1) != "one";
    let earlier = WORDS.earlier.all(reading).into_iter().map(|(range, one)| (range, one[0])).find(|(range, one)| *one || plural(range));
    if let Some((range, one)) = earlier {
        marks.take(reading, range, Keep::Out, "reference", "Earlier");
        return Some(Reference::Earlier { one });
    }
    let mut ordinals = Vec::new();
    for at in 0..reading.len() {
        if let Some((range, n)) = ordinal(reading, numbers, at).filter(|(range, _)| marks.free(range)) {
            marks.take(reading, range, Keep::Out, "reference", n.to_string());
            ordinals.push(n);
        }
    }
    if let Some((range, n)) = (0..reading.len()).find_map(|at| first_few(reading, numbers, at)) {
        marks.take(reading, range, Keep::Out, "reference", format!("first {n}"));
        return Some(Reference::First(n));
    }
    match ordinals.len() {
        0 => {}
        1 => return Some(Reference::Ordinal(ordinals[0])),
        _ => return Some(Reference::Ordinals(ordinals)),
    }
    pick(reading, &WORDS.last, Reference::Last, marks).or_else(|| pick(reading, &WORDS.these, Reference::These, marks))
}

/// A product by its looks or by pointing; call after colours are read.
pub(super) fn shown(reading: &Reading, marks: &mut Marks) -> Option<Reference> {
    described(reading, marks).or_else(|| pick(reading, &WORDS.this, Reference::This, marks))
}

fn pick(reading: &Reading, words: &Phrasebook<()>, kind: Reference, marks: &mut Marks) -> Option<Reference> {
    let (range, _) = words.all(reading).into_iter().find(|(r, _)| marks.free(r) && !goes_on(reading, r))?;
    marks.take(reading, range, Keep::Out, "reference", format!("{kind:?}"));
    Some(kind)
}

/// True when the message speaks of «it» or «this»: enough to point once another intent needs a product.
pub(super) fn points(reading: &Reading) -> bool {
    (0..reading.len()).any(|at| matches!(reading.word(at), "it" | "this" | "它"))
}

/// 第二个, 第2款; the second one, the 2nd; number 3, #2.
fn ordinal(reading: &Reading, numbers: &[Number], at: usize) -> Option<(Range<usize>, usize)> {
    let word = reading.word(at);
    let number_at =
        |at: usize| numbers.iter().find(|n| n.tokens.start == at && n.high.is_none() && n.low <= 200_000 && n.low % 10_000 == 0);
    if word == "第" || matches!(word, "#" | "number" | "option" | "no") {
        let skip = usize::from(reading.word(at + 1) == ".");
        let number = number_at(at + 1 + skip)?;
        let end = number.tokens.end;
        let measured = WORDS.measures.at(reading, end).map(|(n, _)| end + n);
        let joined = matches!(reading.word(end), "跟" | "和" | "与" | "比" | "哪" | "呢");
        let end = if word == "第" {
            measured.or((end == reading.len() || joined || reading.kind(end) == Some(Kind::Mark)).then_some(end))?
        } else {
            end
        };
        let lone = word != "no" || skip == 1;
        return (lone && (word == "第" || ends(reading, end))).then_some((at..end, (number.low / 10_000) as usize));
    }
    let spelled = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
        .iter()
        .position(|w| *w == word)
        .map(|i| (i + 1, at + 1));
    let digits = || {
        let number = number_at(at).filter(|n| reading.glued(n.tokens.end))?;
        matches!(reading.word(number.tokens.end), "st" | "nd" | "rd" | "th")
            .then_some(((number.low / 10_000) as usize, number.tokens.end + 1))
    };
    let (n, end) = spelled.or_else(digits)?;
    let the = reading.before(at) == "the";
    let one = matches!(reading.word(end), "one" | "product" | "item" | "option" | "result" | "pair");
    let start = if the { at - 1 } else { at };
    (one || (the && ends(reading, end))).then_some((start..end + usize::from(one), n))
}

/// 前两个, the first two
fn first_few(reading: &Reading, numbers: &[Number], at: usize) -> Option<(Range<usize>, usize)> {
    let (from, zh) = match reading.word(at) {
        "前" => (at + 1, true),
        "first" | "top" if reading.before(at) == "the" => (at + 1, false),
        _ => return None,
    };
    let spelled = ["two", "three", "four", "five"].iter().position(|w| *w == reading.word(from)).map(|i| (i + 2, from + 1));
    let number = numbers.iter().find(|n| n.tokens.start == from && n.low <= 100_000).map(|n| ((n.low / 10_000) as usize, n.tokens.end));
    let (n, end) = spelled.or(number)?;
    if zh {
        let (m, _) = WORDS.measures.at(reading, end)?;
        return Some((at..end + m, n));
    }
    Some((at - 1..end, n))
}

/// «the blue one», «the women's one», «蓝色的那双», «带帽子的那款»: what stands before the pointing word describes it.
pub(super) fn described(reading: &Reading, marks: &mut Marks) -> Option<Reference> {
    let says = |at: usize| reading.kind(at) != Some(Kind::Mark) && !is_stop(reading, at);
    let at = (1..reading.len()).find(|at| {
        let Some((n, _)) = WORDS.one_of.at(reading, *at).filter(|(n, _)| marks.free(&(*at..*at + n))) else { return false };
        let end = at + n;
        match reading.kind(*at) {
            // 带帽子的那款, 机器人那个: what a particle or a product word ends.
            Some(Kind::Han) => {
                let product = LEXICON.products.ending(reading, *at).is_some_and(|(start, _)| *at - start > 1);
                let described = reading.word(*at) == "的" || reading.before(*at) == "的" || marks.out(at - 1) || product;
                described && !goes_on(reading, &(*at..end))
            }
            _ => {
                let the = (at.saturating_sub(4)..*at).rev().find(|i| matches!(reading.word(*i), "the" | "that" | "those" | "your"));
                the.is_some_and(|the| (the + 1..*at).any(|i| says(i) || marks.out(i)))
            }
        }
    })?;
    let (n, _) = WORDS.one_of.at(reading, at)?;
    marks.take(reading, at..at + n, Keep::Out, "reference", "Described");
    Some(Reference::Described)
}

/// 这个价位, 这个周末, these boots: the word only introduces a noun.
fn goes_on(reading: &Reading, range: &Range<usize>) -> bool {
    let next = reading.word(range.end);
    let noun = "价周月季夏冬尺颜码东年礼星款式".contains(next) && !next.is_empty();
    let english = matches!(reading.word(range.start), "these" | "those") && range.len() == 1 && !ends(reading, range.end);
    noun || english
}

fn ends(reading: &Reading, at: usize) -> bool {
    match reading.kind(at) {
        None | Some(Kind::Mark | Kind::Han) => true,
        Some(Kind::Number) => false,
        Some(Kind::Word) => matches!(
            reading.word(at),
            "and"
                | "or"
                | "is"
                | "are"
                | "in"
                | "please"
                | "with"
                | "look"
                | "looks"
                | "for"
                | "but"
                | "come"
                | "comes"
                | "has"
                | "have"
                | "cost"
                | "costs"
                | "vs"
                | "versus"
                | "to"
                | "good"
                | "waterproof"
        ),
    }
}

static WORDS: LazyLock<Words> = LazyLock::new(Words::build);

struct Words {
    this: Phrasebook<()>,
    these: Phrasebook<()>,
    last: Phrasebook<()>,
    one_of: Phrasebook<()>,
    measures: Phrasebook<()>,
    /// Whether one product is meant, or a whole list.
    earlier: Phrasebook<bool>,
}

impl Words {
    fn build() -> Self {
        #[derive(Deserialize)]
        struct Lists {
            this: Vec<String>,
            these: Vec<String>,
            last: Vec<String>,
            one_of: Vec<String>,
            measures: Vec<String>,
            earlier: Vec<String>,
            earlier_one: Vec<String>,
        }
        #[derive(Deserialize)]
        struct File {
            reference: Lists,
        }
        let lists = parse::<File>(include_str!("../../../assets/lexicon/intents.toml")).reference;
        Words {
            this: book(&lists.this),
            these: book(&lists.these),
            last: book(&lists.last),
            one_of: book(&lists.one_of),
            measures: book(&lists.measures),
            earlier: Phrasebook::of(
                lists.earlier.iter().map(|w| (w.as_str(), false)).chain(lists.earlier_one.iter().map(|w| (w.as_str(), true))),
            ),
        }
    }
}
