//! What happens in a message in; the same out, with questions told apart from requests, and a second object of one verb ("change the
//! address to … and the payment to …") as an event of its own.

use super::lexicon::LEXICON;
use super::verb::{Event, What, names_something};
use super::words::Words;
use crate::errand::AddressMention;
use crate::errand::heard::{Question, Verb};
use std::ops::Range;

pub fn told_apart(words: &Words, mut events: Vec<Event>, addresses: &[(Range<usize>, AddressMention)]) -> Vec<Event> {
    let taken: Vec<Range<usize>> = addresses.iter().map(|(span, _)| span.clone()).collect();
    let written: Vec<Event> = addresses.iter().filter_map(|a| only_written(words, a, &events)).collect();
    events.extend(written);
    events.sort_by_key(|e| e.span.start);
    let more: Vec<Event> = events.iter().flat_map(|e| more_objects(words, e, &events, &taken)).collect();
    events.extend(more);
    events.sort_by_key(|e| e.span.start);
    // How much comes back is asked of a deed; what the order cost is not asked then.
    let refund = events.iter().any(|e| e.what == What::Question(Question::Refund));
    events.retain(|e| !(refund && e.what == What::Question(Question::Total)));
    events
}

/// "#W1 should go to 88 Birch Lane, …": the address says what is wished for.
fn only_written(words: &Words, (span, mention): &(Range<usize>, AddressMention), events: &[Event]) -> Option<Event> {
    let said = matches!(mention, AddressMention::Said(_));
    let of_address = |e: &Event| e.verb().is_some_and(|v| matches!(v, Verb::Address | Verb::Profile | Verb::Change));
    let before = events.iter().rev().find(|e| e.span.start < span.start);
    let sentence = words.sentence(span.start);
    let named = before.is_some_and(of_address) || events.iter().any(|e| of_address(e) && sentence.contains(&e.span.start));
    let goes = (span.start.saturating_sub(6)..span.start).any(|at| matches!(words.word(at), "to" | "new" | "instead" | "到" | "寄" | "送"));
    (said && goes && !named && before.is_some()).then(|| Event { span: span.start..span.start + 1, what: What::Verb(Verb::Address) })
}

/// "… and the payment to paypal", after a verb that only says that something changes.
fn more_objects(words: &Words, event: &Event, events: &[Event], taken: &[Range<usize>]) -> Vec<Event> {
    let generic = LEXICON.verbs.at(words, event.span.start).is_some_and(|(_, verb)| verb == Verb::Change);
    if event.verb().is_none() || !generic {
        return Vec::new();
    }
    let end = words.sentence(event.span.start).end;
    let end = events.iter().map(|e| e.span.start).find(|at| *at > event.span.start).map_or(end, |at| at.min(end));
    let free = |at: usize| !taken.iter().any(|t| t.contains(&at));
    let has = |book: &str, range: &Range<usize>| LEXICON.book(book).has(words, range.clone());
    let mut found: Vec<Event> = Vec::new();
    for at in (event.span.end..end).filter(|at| free(*at)) {
        let Some((start, ())) = LEXICON.book("parts.joins").at(words, at) else { continue };
        let to = (start..(start + 7).min(end)).find(|i| matches!(words.word(*i), "to" | "成" | "为" | "到" | "into"));
        // "The address and the payment": two things without a word on what they become.
        let near = start..(start + 3).min(end);
        let noun = near.clone().any(|i| matches!(words.word(i), "payment" | "address" | "地" | "支"));
        let Some(object) = to.map(|to| start..to).or(noun.then_some(near)) else { continue };
        let verb = if has("verb.address_words", &object) {
            if has("verb.default_words", &object) { Verb::Profile } else { Verb::Address }
        } else if has("verb.payment_words", &object) {
            Verb::Payment
        } else if to.is_some() && event.verb() != Some(Verb::Swap) && names_something(words, &object) {
            Verb::Swap
        } else {
            continue;
        };
        let known = Some(verb) == event.verb() || found.iter().any(|e| e.verb() == Some(verb));
        if !known {
            found.push(Event { span: at..at + 1, what: What::Verb(verb) });
        }
    }
    found
}
