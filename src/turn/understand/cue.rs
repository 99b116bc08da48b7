//! In: a token that starts or ends an amount. Out: the price words and currency marks right beside it.

use super::{
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

pub(super) fn cue_after(reading: &Reading, book: &Phrasebook<()>, at: usize) -> Option<usize> {
    let at = if matches!(reading.word(at), "的" | "," | "，") && book.at(reading, at + 1).is_some() { at + 1 } else { at };
    // 16G内存: 内 alone ends a limit only where no word goes on.
    let part = |n: usize| n == 1 && reading.word(at) == "内" && reading.kind(at + 1) == Some(Kind::Han) && reading.word(at + 1) != "的";
    book.at(reading, at).filter(|(n, _)| !part(*n)).map(|(n, _)| at + n)
}
