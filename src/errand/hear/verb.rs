//! The words of a message in; what happens in it, word by word, out: deeds that are asked for, refused or dropped, and questions.

use super::lexicon::LEXICON;
use super::words::{Kind, Words};
use crate::errand::heard::{Question, Verb};
use std::ops::Range;

/// Something asked for, and the words that ask for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub span: Range<usize>,
    pub what: What,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    Verb(Verb),
    Question(Question),
    /// No longer wanted; of which verb, when it was said.
    Dropped(Option<Verb>),
    /// "Don't cancel it": counts only when that had been asked for.
    Refused(Verb),
}

impl Event {
    pub fn verb(&self) -> Option<Verb> {
        if let What::Verb(verb) = self.what { Some(verb) } else { None }
    }
}

/// Events in the order of words. Nothing begins within `taken`: addresses have words of their own.
pub fn events(words: &Words, taken: &[Range<usize>]) -> Vec<Event> {
    let free = |at: usize| !taken.iter().any(|t| t.contains(&at));
    let questions: Vec<Event> = LEXICON
        .questions
        .all(words, 0..words.len())
        .into_iter()
        .filter(|(span, _)| free(span.start))
        .map(|(span, q)| Event { span, what: What::Question(q) })
        .collect();
    let kept = LEXICON.book("dropped.not").all(words, 0..words.len());
    let keeps = |at: usize| kept.iter().any(|(span, ())| span.contains(&at));
    let dropped = LEXICON
        .dropped
        .all(words, 0..words.len())
        .into_iter()
        .filter(|(span, _)| !keeps(span.start))
        .map(|(span, verb)| Event { span, what: What::Dropped(verb) });
    let mut events: Vec<Event> = dropped.collect();
    events.extend(questions);
    let mut at = 0;
    while at < words.len() {
        let shadow = LEXICON.no_verb.at(words, at).map_or(0, |(end, ())| end);
        match LEXICON.verbs.at(words, at) {
            Some((end, verb)) if end > shadow && free(at) => {
                let span = at..end;
                if !events.iter().any(|e| e.span.start < span.end && span.start < e.span.end)
                    && let Some(what) = judged(words, &span, verb, &events, taken)
                {
                    events.push(Event { span: span.clone(), what });
                }
                at = end;
            }
            _ => at = shadow.max(at + 1),
        }
    }
    weak(words, &mut events, &free);
    events.sort_by_key(|e| e.span.start);
    // "Hasn't arrived" beside a deed only says why.
    let asked = |e: &Event| words.slice(&words.sentence(e.span.start)).contains(['?', '吗', '哪', '几', '何', '时']);
    let beside = events.iter().any(|e| e.verb().is_some());
    let idle = |e: &&Event| matches!(e.what, What::Question(Question::Status)) && !asked(e) && beside;
    events.iter().filter(|e| !idle(e)).cloned().collect()
}

/// Verbs that count only in a sentence without another.
fn weak(words: &Words, events: &mut Vec<Event>, free: &impl Fn(usize) -> bool) {
    let found = LEXICON.weak.all(words, 0..words.len());
    for (span, verb) in found.into_iter().filter(|(span, _)| free(span.start)) {
        let sentence = words.sentence(span.start);
        // "I'd like the loafers in 38, and ship it to …": two things of one sentence.
        let joins = |at: usize| LEXICON.book("parts.joins").at(words, at).is_some();
        let apart = |e: &Event| verb == Verb::Swap && e.verb() == Some(Verb::Address) && (span.end..e.span.start).any(joins);
        let taken = events.iter().any(|e| sentence.contains(&e.span.start) && !matches!(e.what, What::Refused(_)) && !apart(e));
        // Without a sentence of its own "I no longer need it" is why, and the deed is named elsewhere.
        let reason = verb == Verb::Cancel && events.iter().any(|e| e.verb().is_some());
        if !taken && !reason {
            events.push(Event { span, what: What::Verb(verb) });
        }
    }
}

fn judged(words: &Words, span: &Range<usize>, verb: Verb, before: &[Event], taken: &[Range<usize>]) -> Option<What> {
    let verb = resolved(words, span, verb, taken)?;
    if LEXICON.book("verb.doubts").ending(words, span.start).is_some() {
        return None;
    }
    // "Why not send it back?" asks for it.
    let not = LEXICON.book("verb.not_wanted").ending(words, span.start);
    if not.is_some_and(|at| !words.ends(at) && (at == 0 || words.word(at - 1) != "why")) {
        return Some(What::Refused(verb));
    }
    if supposed(words, span, before) {
        return None;
    }
    Some(What::Verb(verb))
}

/// "If I return it", "if that cannot be done, …": what would be, or what comes second.
fn supposed(words: &Words, span: &Range<usize>, before: &[Event]) -> bool {
    let sentence = words.sentence(span.start);
    let asked_before = before.iter().any(|e| e.verb().is_some());
    if LEXICON.book("verb.suppositions").all(words, sentence.clone()).iter().any(|(s, ())| s.start <= span.start && span.end <= s.end + 4) {
        return true;
    }
    let conditions = LEXICON.book("verb.conditions").all(words, sentence.start..span.start);
    let Some((condition, ())) = conditions.last() else { return false };
    if LEXICON.book("verb.polite_conditions").at(words, condition.start).is_some()
        || LEXICON.book("verb.kind_conditions").ending(words, condition.start).is_some()
    {
        return false;
    }
    let comma = (condition.end..span.start).find(|at| matches!(words.word(*at), "," | "then" | "就" | "那"));
    // "If it cannot be cancelled, …": that is what is wished for first.
    let wished = LEXICON.book("verb.cannot").has(words, condition.end..span.start) || words.word(span.end) == "不";
    match comma {
        None if wished => asked_before,
        None => asked_before || !matches!(words.word(condition.start), "否" | "不" | "otherwise" | "or" | "failing" | "实"),
        Some(_) => asked_before,
    }
}

/// What a verb means by its object: "change" the address, the payment, an item, or the order without a word on what.
fn resolved(words: &Words, span: &Range<usize>, verb: Verb, taken: &[Range<usize>]) -> Option<Verb> {
    let inside = |list: &[&str]| span.clone().any(|at| list.contains(&words.word(at)));
    let object = object(words, span);
    let has = |book: &str, range: &Range<usize>| LEXICON.book(book).has(words, range.clone());
    let clause = clause_before(words, span);
    match verb {
        // "Send it back to …"
        Verb::Address if inside(&["back"]) => Some(Verb::Return),
        Verb::Address if to_a_method(words, span.end) => None,
        Verb::Address
            if has("verb.default_words", &object.0)
                && !has("verb.order_words", &object.0)
                && !has("verb.order_words", span)
                && !is_to(words, span) =>
        {
            Some(Verb::Profile)
        }
        Verb::Swap | Verb::Change => {
            let (what, into) = &object;
            let own = what.start.min(span.start)..what.end;
            if has("verb.default_words", &own) && has("verb.address_words", &own) || has("verb.default_words", &clause) {
                return Some(Verb::Profile);
            }
            // 原因请改成下错单: why it is cancelled.
            if has("verb.reason_words", &own) || has("verb.reason_words", &clause) {
                return None;
            }
            let becomes = |at: usize| taken.iter().any(|t| (at..at + 3).contains(&t.start));
            if becomes(span.end) || (!into.is_empty() && becomes(into.start)) {
                return Some(Verb::Address);
            }
            if has("verb.address_words", &own) || has("verb.address_words", &clause) {
                return Some(Verb::Address);
            }
            if has("verb.payment_words", &own) || has("verb.payment_words", &clause) {
                return Some(Verb::Payment);
            }
            if verb == Verb::Swap {
                return Some(Verb::Swap);
            }
            let item = names_something(words, what);
            let to_method = to_a_method(words, into.start);
            let to_address = LEXICON.verbs.at(words, into.start).is_some_and(|(_, v)| v == Verb::Address);
            let to_something = !into.is_empty() && names_something(words, into);
            // "Change #W1 to be shipped to …"
            if to_address || has_shipping(words, into) {
                return Some(Verb::Address);
            }
            if to_method && !item {
                return Some(Verb::Payment);
            }
            let weak = matches!(words.word(span.start), "correct" | "fix" | "update" | "updating" | "switch" | "edit" | "adjust");
            match item || to_something {
                true => Some(Verb::Swap),
                false if weak && !has("verb.order_words", what) => None,
                false => Some(Verb::Change),
            }
        }
        other => Some(other),
    }
}

fn is_to(words: &Words, span: &Range<usize>) -> bool {
    matches!(words.word(span.end - 1), "to" | "到")
}

/// The words a verb is said of, and those after "to".
fn object(words: &Words, span: &Range<usize>) -> (Range<usize>, Range<usize>) {
    const MOST: usize = 14;
    let stop = (span.end..words.len()).find(|at| words.ends(*at)).unwrap_or(words.len()).min(span.end + MOST);
    let other = (span.end..stop).find(|at| {
        let join = matches!(words.word(*at), "and" | "," | "then" | "also" | "but" | "并" | "然");
        join && (*at + 1..(*at + 5).min(stop)).any(|next| LEXICON.verbs.at(words, next).is_some())
    });
    let stop = other.unwrap_or(stop);
    let ends_into = matches!(words.word(span.end - 1), "成" | "为" | "to" | "到");
    let target = if ends_into {
        Some((span.end, span.end))
    } else {
        (span.end..stop).find_map(|at| LEXICON.book("verb.targets").at(words, at).map(|(end, ())| (at, end)))
    };
    match target {
        Some((at, end)) => (span.end..at, end.min(stop)..stop),
        None => (span.end..(span.end..stop).find(|at| words.word(*at) == ",").unwrap_or(stop), stop..stop),
    }
}

/// 把收货地址改成…: what stands before the verb in its clause.
fn clause_before(words: &Words, span: &Range<usize>) -> Range<usize> {
    if words.kind(span.start) != Some(Kind::Han) {
        // "I want the address changed"
        return if span.len() > 2 { span.clone() } else { span.start..span.start };
    }
    let start = (0..span.start).rev().find(|at| words.ends(*at) || matches!(words.word(*at), "," | "、" | ":")).map_or(0, |at| at + 1);
    let start = start.max(span.start.saturating_sub(14));
    // Another verb before it has objects of its own.
    let other = (start..span.start).rev().find(|at| LEXICON.verbs.at(words, *at).is_some_and(|(end, _)| end <= span.start));
    other.map_or(start, |at| at + 1)..span.start
}

fn to_a_method(words: &Words, at: usize) -> bool {
    (at..at + 4).any(|i| {
        LEXICON.methods.at(words, i).is_some()
            || LEXICON.brands.iter().any(|(_, book)| book.at(words, i).is_some())
            || LEXICON.book("method.card").at(words, i).is_some()
            || ["paypal_", "credit_card_", "gift_card_", "wechat_", "alipay_"].iter().any(|p| words.word(i).starts_with(p))
    })
}

fn has_shipping(words: &Words, range: &Range<usize>) -> bool {
    range.clone().any(|at| matches!(words.word(at), "shipped" | "delivered" | "shipping"))
}

/// Whether the words name more than an order, its number and politeness.
pub fn names_something(words: &Words, range: &Range<usize>) -> bool {
    let mut at = range.start;
    while at < range.end {
        let books = ["verb.empty_words", "verb.order_words", "when.latest"]
            .iter()
            .filter_map(|b| LEXICON.book(b).at(words, at))
            .map(|(end, ())| end);
        let skipped = books.chain(LEXICON.status.at(words, at).map(|(end, _)| end)).max();
        match skipped {
            Some(end) => at = end,
            None => {
                let word = words.word(at);
                let mark = words.kind(at) == Some(Kind::Mark) || words.kind(at) == Some(Kind::Number);
                let number = word.len() > 4 && word.chars().skip(1).all(|c| c.is_ascii_digit());
                if !mark && !number {
                    return true;
                }
                at += 1;
            }
        }
    }
    false
}

/// Writes the verbs that matter most as they are spelt, where two letters changed places, one is missing or one is doubled.
pub fn mend(words: &mut Words) {
    for token in words.tokens.iter_mut().filter(|t| t.kind == Kind::Word && t.word.len() >= 5 && t.word.is_ascii()) {
        let right = ["cancel", "return", "refund", "exchange", "address", "accident", "mistake", "confirm"]
            .into_iter()
            .find(|right| is_slip(token.word.as_bytes(), right.as_bytes()));
        if let Some(right) = right {
            token.word = right.to_owned();
        }
    }
}

fn is_slip(said: &[u8], right: &[u8]) -> bool {
    let same = said.iter().zip(right).take_while(|(a, b)| a == b).count();
    match (said.len(), right.len()) {
        (a, b) if a == b && same + 1 < a => {
            said[same] == right[same + 1] && said[same + 1] == right[same] && said[same + 2..] == right[same + 2..]
        }
        (a, b) if a + 1 == b => said[same..] == right[same + 1..],
        (a, b) if a == b + 1 && same > 0 => said[same..] == right[same - 1..],
        _ => false,
    }
}
