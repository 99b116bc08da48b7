//! The words of a part in; which of the policy's reasons for a cancellation they give out. What the policy does not name is none.

use super::lexicon::LEXICON;
use super::pattern::Book;
use super::words::Words;
use crate::aftersales::{Kind, Policy};
use std::ops::Range;

/// `asked`: the reasons were listed, and "the second" is an answer.
pub fn reason(words: &Words, within: &Range<usize>, policy: &Policy, asked: bool) -> Option<String> {
    let reasons = &policy.deeds.get(&Kind::Cancel)?.reasons;
    // The merchant's own words first: they are exact.
    let said = |text: &str| !text.is_empty() && Book::of([(quoted(text), ())]).has(words, within.clone());
    if let Some(own) = reasons.iter().find(|r| said(&r.name) || said(&r.zh)) {
        return Some(own.name.clone());
    }
    let offered = |name: &str| reasons.iter().any(|r| r.name.eq_ignore_ascii_case(name));
    // Of two the later: "wrong, I meant I no longer need it". Who has ordered by mistake does not want it either: that is no other reason.
    let corrects = LEXICON.book("answer.anew").has(words, within.clone());
    // "It was no mistake, I don't need it": a phrase inside a longer one of another reason is not said.
    let all: Vec<Range<usize>> =
        LEXICON.reasons.iter().flat_map(|(_, book)| book.all(words, within.clone())).map(|(span, ())| span).collect();
    let inside = |span: &Range<usize>| all.iter().any(|o| o != span && o.start <= span.start && span.end <= o.end);
    let last = |book: &Book<()>| {
        let mut spans = book.all(words, within.clone()).into_iter().filter(|(span, ())| !inside(span));
        spans.next_back().map(|(span, ())| span.start)
    };
    let known = LEXICON.reasons.iter().filter(|(name, _)| offered(name)).filter_map(|(name, book)| last(book).map(|at| (at, name)));
    let known: Vec<(usize, &String)> = known.collect();
    let told = if corrects { known.iter().rev().max_by_key(|(at, _)| *at) } else { known.first() };
    if let Some((_, name)) = told {
        return reasons.iter().find(|r| r.name.eq_ignore_ascii_case(name)).map(|r| r.name.clone());
    }
    let choice = || LEXICON.choices.all(words, within.clone()).first().and_then(|(_, at)| reasons.get(*at));
    (asked && within.len() <= 6).then(choice).flatten().map(|r| r.name.clone())
}

/// A merchant's text is no pattern.
fn quoted(text: &str) -> String {
    text.chars().map(|c| if matches!(c, '(' | ')' | '[' | ']' | '|' | '*' | '#') { ' ' } else { c }).collect()
}
