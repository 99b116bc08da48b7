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
    found.into_iter().map(|s| led(s.trim())).filter(|s| s.contains(char::is_alphanumeric)).collect()
}

/// "But yes, do it": what only leads over to a yes is left out.
fn led(sentence: &str) -> &str {
    let words = Words::of(sentence);
    let leads = LEXICON.book("answer.leads").at(&words, 0).map(|(end, ())| end);
    let rest = leads.and_then(|end| words.tokens.get(end)).map(|t| &sentence[t.start..]);
    rest.filter(|rest| LEXICON.book("answer.yes").at(&Words::of(rest), 0).is_some()).unwrap_or(sentence)
}

/// Bytes at which a narrowed sentence may be cut in two: after a comma, before words that go on with something else.
pub fn beginnings(text: &str) -> Vec<usize> {
    let words = Words::of(text);
    let joins = |at: usize| LEXICON.book("parts.joins").at(&words, at).is_some();
    let spaced = |at: usize| words.kind(at) == Some(Kind::Han) && !words.glued(at);
    // "30-50 lbs" is one thing.
    let number = |at: usize| words.kind(at) == Some(Kind::Number);
    let dash = |at: usize| matches!(words.word(at), "-" | "~") && !(number(at + 1) && at > 0 && number(at - 1));
    let cut = |at: &usize| matches!(words.word(at - 1), "," | ":" | "…") || dash(at - 1) || joins(*at) || spaced(*at);
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
    let end = |list: &str| LEXICON.book(list).at(&words, 0).map_or(0, |(end, ())| end);
    answer::objects(&words) || end("answer.no") > end("answer.neutral")
}

/// "On second thought", 还是…吧: what was wished is said anew.
pub fn says_anew(text: &str) -> bool {
    let words = Words::of(text);
    let yes = LEXICON.book("answer.yes").all(&words, 0..words.len());
    let anew = LEXICON.book("answer.anew").all(&words, 0..words.len());
    anew.iter().any(|(a, ())| !yes.iter().any(|(y, ())| y.start <= a.start && a.end <= y.end))
}

/// Whether a word takes something back or asks for it otherwise: "but", 不过.
pub fn limits(text: &str) -> bool {
    says(text, "answer.blocks")
}

/// "Don't forget the lamp": what has been noted is called to mind.
pub fn reminds(text: &str) -> bool {
    says(text, "answer.reminds")
}

/// "Only if", "before that": what is said holds on a condition.
pub fn is_conditional(text: &str) -> bool {
    says(text, "answer.conditions")
}

/// Whether it is a question, with or without its mark.
pub fn asks(text: &str) -> bool {
    let words = Words::of(text);
    let tag = LEXICON.book("answer.tag").has(&words, 0..words.len());
    (words.text.contains(['?', '吗', '呢']) || LEXICON.book("answer.asks").has(&words, 0..words.len())) && !tag
}

/// Whether it is a question that asks for nothing to be done.
pub fn inquires(text: &str) -> bool {
    let tag = says(text, "answer.tag") && says(text, "answer.states");
    (asks(text) || tag) && (!says(text, "answer.asks_for") || says(text, "answer.defers"))
}

/// A message in two: what is to be heard as one, and the questions in it, each by itself.
pub fn apart(text: &str) -> (String, Vec<String>) {
    let text = narrowed(text);
    let (questions, rest): (Vec<&str>, Vec<&str>) = sentences(&text).into_iter().partition(|s| inquires(s));
    (rest.join(" "), questions.into_iter().map(str::to_owned).collect())
}

/// "The order with the lamp": not the lamp is meant.
pub fn names_order(text: &str) -> bool {
    says(text, "verb.order_names")
}

/// A thing and hardly more.
pub fn is_short(text: &str) -> bool {
    let words = Words::of(text);
    let han = (0..words.len()).any(|at| words.kind(at) == Some(Kind::Han));
    words.len() <= if han { 6 } else { 3 }
}

/// "Yes, that one": whatever else is said.
pub fn assents(text: &str) -> bool {
    let text = narrowed(text);
    answer::agrees(&Words::of(&text)) || sentences(&text).into_iter().any(is_assent)
}

/// "Do you have that in grey?": something that was spoken of.
pub fn refers(text: &str) -> bool {
    says(text, "concerns.refers")
}

/// Whether something is asked for, and not only asked about: "can I swap it", 想退.
pub fn wants(text: &str) -> bool {
    says(text, "concerns.wants")
}

/// "Both of them", 两样都: as many as were spoken of.
pub fn counts(text: &str) -> bool {
    says(text, "parts.counted")
}

/// "You missed one", 还差一件: it comes on top.
pub fn adds(text: &str) -> bool {
    says(text, "answer.adds")
}

/// Whether it is asked if something stays.
pub fn asks_if_it_stays(text: &str) -> bool {
    inquires(text) && says(text, "answer.stays")
}

/// Whether a deed is named: "cancel it", and not only "I don't need it any more".
pub fn names_deed(text: &str) -> bool {
    let words = Words::of(text);
    !LEXICON.verbs.all(&words, 0..words.len()).is_empty()
}

/// "This order", 刚改地址那单: the one that was spoken of last.
pub fn means_this_order(text: &str) -> bool {
    says(text, "concerns.this_order")
}

/// Whether somebody who asks something besides says yes in so many words: "ok good. Would I lose …?" does not.
pub fn consents(text: &str) -> bool {
    const MILD: [&str; 26] = [
        "ok",
        "okay",
        "okey",
        "okie",
        "k",
        "kk",
        "good",
        "great",
        "fine",
        "wonderful",
        "perfect",
        "lovely",
        "nice",
        "alright",
        "all right",
        "right",
        "brilliant",
        "sweet",
        "嗯",
        "嗯嗯",
        "恩",
        "好",
        "好的",
        "好吧",
        "哦",
        "完美",
    ];
    let words = Words::of(text);
    let mut from = 0;
    let (mut asks_any, mut firm) = (false, false);
    let ends = |at: usize| at == words.len() || words.kind(at) == Some(Kind::Mark);
    for at in (0..=words.len()).filter(|at| ends(*at)) {
        if at > from {
            let clause = &words.text[words.tokens[from].start..words.tokens[at - 1].end];
            let asked = words.word(at) == "?" || asks(clause);
            asks_any |= asked;
            let yes = LEXICON.book("answer.yes").all(&words, from..at);
            let denied = !LEXICON.book("answer.no").all(&words, from..at).is_empty();
            firm |= !asked && !denied && yes.iter().any(|(span, ())| !MILD.contains(&words.slice(span).to_lowercase().as_str()));
        }
        from = at + 1;
    }
    !says(text, "answer.not_yet") && (firm || !asks_any)
}

/// Whether it tells of what happened: "I had trouble with refunds before".
pub fn narrates(text: &str) -> bool {
    says(text, "answer.narrates")
}

/// Without "if not, never mind": what is said beside a question, of what it asks.
pub fn without_failing(text: &str) -> String {
    let words = Words::of(text);
    let failing = LEXICON.book("answer.failing").all(&words, 0..words.len());
    let mut kept = String::new();
    let mut from = 0;
    for (span, ()) in failing {
        kept.push_str(&words.text[from..words.tokens[span.start].start]);
        from = words.tokens[span.end - 1].end;
    }
    kept.push_str(&words.text[from..]);
    kept
}

/// "I no longer need the lamp, and the boots were a mistake".
pub fn gives_two_reasons(text: &str) -> bool {
    let words = Words::of(text);
    LEXICON.reasons.iter().filter(|(_, book)| book.has(&words, 0..words.len())).count() > 1
}

/// "The second one", and not "2".
pub fn names_place(text: &str) -> bool {
    says(text, "answer.places")
}

/// "The cheapest of these".
pub fn is_cheapest(text: &str) -> bool {
    says(text, "answer.cheapest")
}

/// "The last one", of what was listed.
pub fn is_last(text: &str) -> bool {
    says(text, "answer.last")
}

/// Whether a price is named: to the cent, or with its currency without the cents.
pub fn says_price(text: &str, minor: i64) -> bool {
    let exact = format!("{}.{:02}", minor / 100, minor % 100);
    let whole = format!("{}", minor / 100);
    let apart = |number: &str, before: &[char]| {
        text.match_indices(number).any(|(at, _)| {
            let ends = !text[at + number.len()..].starts_with(|c: char| c.is_ascii_digit() || c == '.');
            let last = text[..at].chars().next_back();
            ends && last.is_none_or(|c| !c.is_ascii_digit() && c != '.') && (before.is_empty() || last.is_some_and(|c| before.contains(&c)))
        })
    };
    apart(&exact, &[]) || apart(&whole, &['$', '¥', '￥', '£', '€'])
}

/// Whether a message speaks of something bought: "my order", "the lamp I bought".
pub fn is_own(text: &str) -> bool {
    says(text, "concerns.own")
}

/// "The second one", 第二个: which of what was listed.
pub fn ordinal(text: &str) -> Option<usize> {
    let words = Words::of(text);
    let found = LEXICON.choices.all(&words, 0..words.len());
    let named = |at: usize| {
        matches!(
            words.word(at),
            "first"
                | "second"
                | "third"
                | "fourth"
                | "1st"
                | "2nd"
                | "3rd"
                | "4th"
                | "top"
                | "最"
                | "former"
                | "latter"
                | "第"
                | "前"
                | "后"
                | "the"
        )
    };
    found.into_iter().find(|(span, _)| words.len() <= 2 || named(span.start)).map(|(_, at)| at)
}

/// Whether somebody says who they are, with a name and a zip: "Omar Anderson, 19031".
pub fn says_who(text: &str) -> bool {
    let told = who::told(&Words::of(text), &[], &[], &Errands::default());
    told.name.is_some() && told.zip.is_some()
}

/// Whether a phrase of a list of the lexicon is said.
fn says(text: &str, list: &str) -> bool {
    let words = Words::of(text);
    LEXICON.book(list).has(&words, 0..words.len())
}
