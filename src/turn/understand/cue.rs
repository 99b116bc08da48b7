//! In: a token that starts or ends an amount. Out: the price words and currency marks right beside it.

use super::{
    Bound,
    lexicon::LEXICON,
    phrasebook::Phrasebook,
    reading::{Kind, Reading},
};

/// The currency mark that ends right before a token: where it starts and which currency ("" is the shop's own).
pub(super) fn money_before(reading: &Reading, at: usize) -> Option<(usize, &'static str)> {
    let (start, codes) = LEXICON.prices.money_before.ending(reading, at)?;
    Some((start, codes[0]))
}

/// A cue that ends right before a token, small words between allowed: where it starts.
pub(super) fn cue_before(reading: &Reading, book: &Phrasebook<()>, at: usize) -> Option<usize> {
    let small = |w: &str| matches!(w, "a" | "the" | "is" | "of" | "about" | "around" | "在" | "是" | "为" | "到" | ":" | "=");
    let back = |at: usize| book.ending(reading, at).map(|(start, _)| start);
    back(at).or_else(|| at.checked_sub(1).filter(|i| small(reading.word(*i))).and_then(back))
}

/// An upper or a lower limit whose words end right before a token: where they start, and which. The longer words count («not less than»
/// before «less than»), and a refusal turns a lower limit round («nothing over»). The flags let weak words in, `up to` and `from`.
pub(super) fn bound_before(reading: &Reading, at: usize, weak_max: bool, weak_min: bool) -> Option<(usize, Bound)> {
    let prices = &LEXICON.prices;
    let cue = |book, weak, open: bool| cue_before(reading, book, at).or_else(|| cue_before(reading, weak, at).filter(|_| open));
    let max = cue(&prices.max_before, &prices.max_weak, weak_max).filter(|from| !named(reading, *from));
    let min = cue(&prices.min_before, &prices.min_weak, weak_min);
    let (max, min) = match (max, min) {
        (None, None) => compared(reading, at),
        found => found,
    };
    match (max, min) {
        (Some(max), min) if min.is_none_or(|min| max <= min) => Some((max, Bound::AtMost)),
        (_, Some(min)) => Some(refused(reading, min).map_or((min, Bound::AtLeast), |from| (from, Bound::AtMost))),
        (_, None) => None,
    }
}

/// «Lighter than», «more serious than»: as an upper or a lower limit.
fn compared(reading: &Reading, at: usize) -> (Option<usize>, Option<usize>) {
    let Some(than) = at.checked_sub(1).filter(|i| reading.word(*i) == "than") else { return (None, None) };
    const LESS: [&str; 10] = ["less", "smaller", "lighter", "shorter", "lower", "thinner", "slimmer", "cheaper", "fewer", "younger"];
    let start = (than.saturating_sub(2)..than).rev().find(|i| {
        let word = reading.word(*i);
        let other = ["other", "another", "rather", "whether", "either"].contains(&word);
        LESS.contains(&word) || word == "more" || (word.len() > 4 && word.ends_with("er") && !other)
    });
    match start {
        Some(start) if LESS.contains(&reading.word(start)) => (Some(start), None),
        Some(start) => (None, Some(start)),
        None => (None, None),
    }
}

/// «Air max 90» is no limit of 90.
fn named(reading: &Reading, from: usize) -> bool {
    LEXICON.prices.names.ending(reading, from + 1).is_some_and(|(start, _)| start < from)
}

fn refused(reading: &Reading, from: usize) -> Option<usize> {
    let prices = &LEXICON.prices;
    let mut at = from;
    loop {
        if let Some((start, _)) = prices.refused.ending(reading, at) {
            return Some(start);
        }
        at = prices.between.ending(reading, at)?.0;
    }
}

pub(super) fn cue_after(reading: &Reading, book: &Phrasebook<()>, at: usize) -> Option<usize> {
    let at = if matches!(reading.word(at), "的" | "," | "，") && book.at(reading, at + 1).is_some() { at + 1 } else { at };
    // 16G内存: 内 alone ends a limit only where no word goes on.
    let part = |n: usize| n == 1 && reading.word(at) == "内" && reading.kind(at + 1) == Some(Kind::Han) && reading.word(at + 1) != "的";
    book.at(reading, at).filter(|(n, _)| !part(*n)).map(|(n, _)| at + n)
}
