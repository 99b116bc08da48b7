//! In: a reading. Out: whether the price limit is lifted (贵点没事). What may go unmet (不能升降也行), hangs on a condition (if I don't
//! like it) or is left for something else (forget the boots) is taken out here, so that nobody reads a refusal in it.

use super::{
    lexicon::{LEXICON, book, parse},
    marks::{Keep, Marks},
    phrasebook::Phrasebook,
    reading::{Kind, Reading},
};
use serde::Deserialize;
use std::{ops::Range, sync::LazyLock};

/// How much may stand between a refusal and the words that waive it.
const NEAR: usize = 8;
/// After «不要» another thing may begin soon: 不要黑的白的也行.
const NEAR_WISH: usize = 3;

pub(super) fn waived(reading: &Reading, marks: &mut Marks) -> bool {
    let mut open = false;
    for (range, _) in WAIVED.price.all(reading) {
        // As evidence of a price, no «dearer» is read in it.
        marks.take(reading, range, Keep::Out, "price", "any");
        open = true;
    }
    for (range, _) in WAIVED.condition.all(reading) {
        marks.cover(range.start..thing(reading, range.end), Keep::Out);
    }
    for (range, _) in WAIVED.modest.all(reading) {
        marks.cover(range, Keep::Out);
    }
    for (range, _) in WAIVED.unmet_after.all(reading) {
        if let Some(start) = refusal(reading, &range).filter(|start| marks.free(&(*start..range.end))) {
            marks.take(reading, start..range.end, Keep::Out, "waived", reading.slice(&(start..range.start)));
        }
    }
    for (range, _) in WAIVED.unmet_before.all(reading) {
        let end = thing(reading, range.end);
        marks.take(reading, range.start..end, Keep::Out, "waived", reading.slice(&(range.start..end)));
    }
    for (range, _) in WAIVED.left.all(reading) {
        if let Some((n, _)) = LEXICON.products.at(reading, range.end).filter(|_| marks.free(&range)) {
            marks.take(reading, range.start..range.end + n, Keep::Out, "left", reading.slice(&(range.end..range.end + n)));
        }
    }
    open
}

/// Where a refusal in the same breath starts.
fn refusal(reading: &Reading, fine: &Range<usize>) -> Option<usize> {
    let mut found = None;
    for at in (fine.start.saturating_sub(NEAR)..fine.start).rev() {
        if reading.kind(at) == Some(Kind::Mark) {
            break;
        }
        if WAIVED.refuse.at(reading, at).is_some() {
            found = Some(at);
        }
        if reading.kind(at) == Some(Kind::Han) && !reading.glued(at) {
            break;
        }
    }
    let wish = |at: usize| matches!(reading.word(at + 1), "要" | "想" | "喜") || matches!(reading.word(at), "dont");
    found.filter(|at| !wish(*at) || fine.start - at <= NEAR_WISH + 2)
}

/// The end of the word or two that follow.
fn thing(reading: &Reading, at: usize) -> usize {
    let product = LEXICON.products.at(reading, at).map(|(n, _)| at + n);
    let word = || (at..(at + 2).min(reading.len())).take_while(|i| reading.kind(*i) != Some(Kind::Mark)).last().map_or(at, |i| i + 1);
    product.unwrap_or_else(word)
}

static WAIVED: LazyLock<Waived> = LazyLock::new(Waived::build);

struct Waived {
    price: Phrasebook<()>,
    unmet_after: Phrasebook<()>,
    unmet_before: Phrasebook<()>,
    refuse: Phrasebook<()>,
    condition: Phrasebook<()>,
    left: Phrasebook<()>,
    modest: Phrasebook<()>,
}

impl Waived {
    fn build() -> Self {
        #[derive(Deserialize)]
        struct Price {
            words: Vec<String>,
            dear: Vec<String>,
            fine: Vec<String>,
        }
        #[derive(Deserialize)]
        struct Unmet {
            after: Vec<String>,
            before: Vec<String>,
            refuse: Vec<String>,
        }
        #[derive(Deserialize)]
        struct Words {
            words: Vec<String>,
        }
        #[derive(Deserialize)]
        struct File {
            price: Price,
            unmet: Unmet,
            condition: Words,
            left: Words,
            modest: Words,
        }
        let File { price, unmet, condition, left, modest } = parse(include_str!("../../../assets/lexicon/waived.toml"));
        let dear = price.dear.iter().flat_map(|dear| price.fine.iter().map(move |fine| format!("{dear}{fine}")));
        let prices: Vec<String> = dear.chain(price.words.iter().cloned()).collect();
        Waived {
            price: book(&prices),
            unmet_after: book(&unmet.after),
            unmet_before: book(&unmet.before),
            refuse: book(&unmet.refuse),
            condition: book(&condition.words),
            left: book(&left.words),
            modest: book(&modest.words),
        }
    }
}
