//! A message or a part of one in; where it may be cut, and what a look at its words alone tells, out. Pure.

use super::lexicon::LEXICON;
use super::words::{Kind, Words};
use super::{answer, who};
use crate::errand::Errands;

/// A message with narrow marks, as the functions below cut it.
pub fn narrowed(text: &str) -> String {
    Words::of(text).text
}

/// A narrowed message cut into its sentences.
pub fn sentences(text: &str) -> Vec<&str> {
    let words = Words::of(text);
    let ends = |at: &usize| words.ends(*at) && !words.ends(at + 1);
    let mut from = 0;
    let mut found: Vec<&str> = Vec::new();
    for at in (0..words.len()).filter(ends) {
        found.push(&text[from..words.tokens[at].end]);
        from = words.tokens[at].end;
    }
    found.push(&text[from..]);
    found.into_iter().map(str::trim).filter(|s| s.contains(char::is_alphanumeric)).collect()
}

/// Bytes at which a narrowed sentence may be cut in two: after a comma, before words that go on with something else.
pub fn beginnings(text: &str) -> Vec<usize> {
    let words = Words::of(text);
    let joins = |at: usize| LEXICON.book("parts.joins").at(&words, at).is_some();
    let spaced = |at: usize| words.kind(at) == Some(Kind::Han) && !words.glued(at);
    let cut = |at: &usize| matches!(words.word(at - 1), "," | "-" | "~" | ":" | "…") || joins(*at) || spaced(*at);
    (1..words.len()).filter(cut).map(|at| words.tokens[at].start).collect()
}

/// "Yes please", "好的": a yes, and nothing else.
pub fn is_assent(text: &str) -> bool {
    let words = Words::of(text);
    let mut at = 0;
    while at < words.len() {
        let longest = ["answer.yes", "answer.neutral"].iter().filter_map(|b| LEXICON.book(b).at(&words, at)).map(|(end, ())| end).max();
        match longest {
            Some(end) => at = end,
            None if words.kind(at) == Some(Kind::Mark) => at += 1,
            None => return false,
        }
    }
    LEXICON.book("answer.yes").has(&words, 0..words.len())
}

/// Whether a message begins by taking back what was said.
pub fn objects(text: &str) -> bool {
    let words = Words::of(text);
    answer::objects(&words) || LEXICON.book("answer.no").at(&words, 0).is_some()
}

/// "On second thought", 还是…吧: what was wished is said anew.
pub fn says_anew(text: &str) -> bool {
    let words = Words::of(text);
    LEXICON.book("answer.anew").has(&words, 0..words.len())
}

/// Whether a word takes something back or asks for it otherwise: "but", 不过.
pub fn limits(text: &str) -> bool {
    let words = Words::of(text);
    LEXICON.book("answer.blocks").has(&words, 0..words.len())
}

/// "Don't forget the lamp": what has been noted is called to mind.
pub fn reminds(text: &str) -> bool {
    let words = Words::of(text);
    LEXICON.book("answer.reminds").has(&words, 0..words.len())
}

/// "Only if", "before that": what is said holds on a condition.
pub fn is_conditional(text: &str) -> bool {
    let words = Words::of(text);
    LEXICON.book("answer.conditions").has(&words, 0..words.len())
}

/// Whether it is a question, with or without its mark.
pub fn asks(text: &str) -> bool {
    let words = Words::of(text);
    let tag = LEXICON.book("answer.tag").has(&words, 0..words.len());
    (words.text.contains(['?', '吗', '呢']) || LEXICON.book("answer.asks").has(&words, 0..words.len())) && !tag
}

/// Whether a message speaks of something bought: "my order", "the lamp I bought".
pub fn is_own(text: &str) -> bool {
    let words = Words::of(text);
    LEXICON.book("concerns.own").has(&words, 0..words.len())
}

/// "The second one", 第二个: which of what was listed.
pub fn ordinal(text: &str) -> Option<usize> {
    let words = Words::of(text);
    let found = LEXICON.choices.all(&words, 0..words.len());
    let named = |at: usize| matches!(words.word(at), "first" | "second" | "third" | "former" | "latter" | "第" | "前" | "后" | "the");
    found.into_iter().find(|(span, _)| words.len() <= 2 || named(span.start)).map(|(_, at)| at)
}

/// Whether somebody says who they are, with a name and a zip: "Omar Anderson, 19031".
pub fn says_who(text: &str) -> bool {
    let told = who::told(&Words::of(text), &[], &[], &Errands::default());
    told.name.is_some() && told.zip.is_some()
}
