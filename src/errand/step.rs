//! What was heard, and what is known of the errands so far, in; what is told or asked next out. One question at a time.
//!
//! `heard → take_in (merge) → advance: fill the request at hand → question, refusal or proposal`

mod effect;
mod tell;

use super::errands::{Errands, Request, Slot, Wanted};
use super::fill::{self, Next};
use super::hear;
use super::heard::{Answer, Heard, ItemMention, Part, Place, Question, Verb};
use super::merge;
use super::saying::Saying;
use crate::aftersales::nouns::{Case, Order, Shelf};
use crate::aftersales::{Kind, Policy, Proposal, rules};
pub use effect::{Effect, effect, is_answer, repeats, wishes_in_vain, wishes_of_proposed};
use tell::tell;

/// What a step may look at.
pub struct Desk<'a> {
    pub case: &'a Case,
    pub shelf: &'a Shelf,
    pub policy: &'a Policy,
    pub now_ms: i64,
    /// The id of the proposal, if this step makes one.
    pub id: &'a str,
}

/// Requests one conversation may pile up.
const MOST: usize = 8;

/// Messages of an identified customer: one, or with it those that waited until the customer was known.
pub fn step(errands: &mut Errands, heard: &[Heard], desk: &Desk<'_>) -> Vec<Saying> {
    let mut sayings = Vec::new();
    let (waits, idle) = (errands.asked == Some(Slot::Confirm), errands.queue.is_empty());
    let parts = || heard.iter().flat_map(|h| &h.parts);
    let standing = if waits { proposed(errands, desk) } else { None };
    let (open, asked, before) = (errands.open.clone(), errands.asked, errands.queue.clone());
    if heard.iter().any(|h| h.answer == Some(Answer::No)) && parts().all(Part::is_empty) && asked.is_some() && !waits && !idle {
        // "No" to a question leaves what it was asked for.
        let gone = errands.queue.remove(0);
        sayings.push(Saying::Dropped { verb: gone.verb });
    }
    let mut deeds = 0;
    let refused = errands.refused;
    for part in parts() {
        if part.dropped && gives_up(errands, part, heard) {
            sayings.extend(drop_request(errands, part));
        } else if !part.dropped {
            sayings.extend(merge::take_in(errands, part, deeds > 0, desk));
        }
        deeds += usize::from(part.verb.is_some());
        let swaps = errands.queue.iter().any(|r| matches!(r.verb, Some(Verb::Swap | Verb::Return | Verb::Cancel | Verb::Refund)));
        // What a proposal will say is not asked of an order beside it.
        let choosing = matches!(asked, Some(Slot::Target | Slot::Items)) && fill::difference(errands, desk).is_none();
        let proposed_soon =
            |q: &&Question| standing.is_none() && swaps && (deeds > 0 || choosing) && matches!(q, Question::Total | Question::Refund);
        for question in part.questions.iter().filter(|q| !proposed_soon(q)) {
            let of_it = matches!(question, Question::Refund | Question::Total | Question::CanDo | Question::Sending);
            let at_hand = errands.queue.first().and_then(|r| r.order.clone());
            let here = |id: &String| at_hand.as_ref() == Some(id);
            let elsewhere = part.orders.iter().any(|id| !here(id)) || part.told().any(|m| !m.fits.iter().any(|p| here(&p.order)));
            sayings.push(match &standing {
                // What closes nothing leaves the order as open as it is.
                Some(proposal) if *question == Question::CanDo && proposal.terms.notices.is_empty() => tell(errands, *question, part, desk),
                Some(proposal) if of_it && !elsewhere => Saying::Terms { question: *question, proposal: proposal.clone() },
                _ => tell(errands, *question, part, desk),
            });
        }
    }
    // Found in another part of what was said.
    let found = |words: &String| parts().flat_map(Part::told).any(|m| !m.fits.is_empty() && m.words == *words);
    sayings.retain(|s| !matches!(s, Saying::NotOnOrder { words, .. } if found(words)));
    // "Can I cancel the lamp only?", of an order whose cancellation waits.
    let cancels = standing.is_some() && errands.queue.first().is_some_and(|r| r.verb == Some(Verb::Cancel));
    if let Some(order) = errands.queue.first().and_then(|r| r.order.clone()).filter(|_| cancels) {
        let several = desk.case.order(&order).is_some_and(|o| o.items.len() > 1);
        let takes_off = |p: &Part| matches!(p.verb, Some(Verb::Cancel | Verb::Return | Verb::Refund));
        let some = |p: &Part| takes_off(p) && !p.all && p.told().any(|m| m.is_on(&order)) && !hear::cuts::names_order(&p.text);
        sayings.retain(|s| !matches!(s, Saying::PartNotCancelled { .. }));
        let some = |p: &Part| several && some(p);
        sayings.extend(parts().any(some).then_some(Saying::PartNotCancelled { order }));
    }
    let over = std::mem::take(&mut errands.declined) && errands.queue.first().is_some_and(|r| before.first() == Some(r));
    if over {
        errands.queue.remove(0);
    }
    errands.queue.truncate(MOST);
    errands.refused = errands.refused.filter(|_| refused.is_none());
    let asks_only = parts().any(Part::only_asks) && parts().all(|p| p.is_empty() || p.only_asks());
    if waits && errands.open.is_some() && asks_only {
        sayings.extend(standing.map(|proposal| Saying::Reminder { proposal }));
        return sayings;
    }
    if errands.queue.is_empty() {
        if (idle || over) && sayings.is_empty() {
            let ends = parts().any(|p| p.complete || p.dropped) && !parts().any(|p| p.is_of_use() && !p.dropped);
            sayings.push(if ends { Saying::Closing } else { what_else(errands, parts(), desk) });
        }
        return sayings;
    }
    let objects = heard.iter().any(|h| h.objects) && waits;
    if objects && proposed(errands, desk) == standing {
        put_first(&mut errands.queue, &before);
    }
    if standing.is_some() && proposed(errands, desk) == standing {
        // Nothing of it has changed: it waits as it is.
        (errands.open, errands.asked) = (open, asked);
        let asked: Vec<&str> = parts().map(|p| p.text.as_str()).filter(|text| hear::cuts::inquires(text)).collect();
        if let Some(proposal) = standing.clone().filter(|_| sayings.is_empty() && !asked.is_empty()) {
            sayings.push(Saying::Recap { asked: asked.join(" "), proposal });
        }
        let new = errands.queue.iter().skip(1).find(|r| !before.contains(r)).and_then(|r| r.verb);
        sayings.extend(new.map(|verb| Saying::Noted { verb }));
        sayings.extend(standing.map(|proposal| Saying::Reminder { proposal }));
        return sayings;
    }
    advance(errands, desk, &mut sayings);
    sayings
}

/// "No, I want the lamp returned": what has been said of another request comes first, and is done instead of what was to be done with the
/// same things.
fn put_first(queue: &mut Vec<Request>, before: &[Request]) {
    let Some(at) = (1..queue.len()).find(|at| before.get(*at) != Some(&queue[*at])) else { return };
    let meant = queue.remove(at);
    let places = |r: &Request| -> Vec<Place> {
        let on = |w: &Wanted| r.order.clone().map(|order| Place { order, at: w.at });
        r.items.iter().filter_map(on).chain(r.mentions.iter().flat_map(|m| m.fits.clone())).collect()
    };
    let theirs = places(&queue[0]);
    if places(&meant).iter().any(|p| theirs.contains(p)) {
        queue.remove(0);
    }
    queue.insert(0, meant);
}

/// What the request at hand comes to, while a proposal waits.
fn proposed(errands: &Errands, desk: &Desk<'_>) -> Option<Proposal> {
    errands.open.as_ref()?;
    match fill::next(&mut errands.queue.first()?.clone(), desk, &mut Vec::new()) {
        Next::Propose(proposal) => Some(proposal),
        _ => None,
    }
}

/// The shopper has said no to what was proposed, and in the same breath what is to be done instead.
pub fn instead_of(errands: &mut Errands, heard: &[Heard]) {
    let another = |p: &Part| p.verb.is_some_and(|v| errands.queue.first().is_some_and(|r| r.verb != Some(v)));
    let goods = |v: Option<Verb>| matches!(v, Some(Verb::Return | Verb::Refund | Verb::Swap | Verb::Cancel | Verb::Change));
    let parts = || heard.iter().flat_map(|h| &h.parts);
    // A return that becomes an exchange keeps its things.
    let kin = errands.queue.first().is_some_and(|r| goods(r.verb)) && parts().any(|p| goods(p.verb) && p.orders.is_empty());
    if parts().any(another) && !kin {
        errands.queue.remove(0);
    }
}

/// Goes on with the request at hand, or the next one when it is refused.
pub fn advance(errands: &mut Errands, desk: &Desk<'_>, sayings: &mut Vec<Saying>) {
    errands.asked = None;
    errands.open = None;
    errands.listed.clear();
    while !errands.queue.is_empty() {
        before_the_last_word(&mut errands.queue, desk);
        let next = fill::next(&mut errands.queue[0], desk, sayings);
        if let Some(order) = &errands.queue[0].order {
            errands.order = Some(order.clone());
        }
        match next {
            Next::Ask(slot, saying) => {
                errands.asked = Some(slot);
                errands.listed = listed(&saying);
                if slot == Slot::Method && !sayings.iter().any(|s| matches!(s, Saying::Difference { .. })) {
                    let differs = |s: &Saying| matches!(s, Saying::Difference { amount } if amount.minor != 0);
                    sayings.extend(fill::difference(errands, desk).filter(differs));
                }
                sayings.push(saying);
                return;
            }
            Next::Refuse(saying) => {
                sayings.push(saying);
                errands.refused = errands.queue.remove(0).verb;
                if let Some(next) = errands.queue.first().and_then(|r| r.verb) {
                    sayings.push(Saying::Next { verb: next });
                }
            }
            Next::Propose(proposal) => {
                errands.asked = Some(Slot::Confirm);
                errands.open = Some(desk.id.to_owned());
                sayings.push(Saying::Proposed { id: desk.id.to_owned(), proposal });
                return;
            }
        }
    }
}

/// What a question lists, of which one can be chosen by its place.
fn listed(saying: &Saying) -> Vec<String> {
    match saying {
        Saying::NoSuchVariant { nearest, .. } => nearest.clone(),
        Saying::AskTarget { by: Some((_, values)), .. } => values.clone(),
        Saying::AskTarget { by: None, variants, .. } => variants.clone(),
        Saying::AskMethod { methods, .. } => methods.clone(),
        Saying::Both(_, second) => listed(second),
        _ => Vec::new(),
    }
}

/// Asks once more what is open.
pub fn ask_again(errands: &mut Errands, desk: &Desk<'_>, sayings: &mut Vec<Saying>) {
    if let Some(proposal) = proposed(errands, desk) {
        return sayings.push(Saying::Reminder { proposal });
    }
    match errands.queue.is_empty() {
        true => sayings.push(what_else(errands, std::iter::empty(), desk)),
        false => advance(errands, desk, sayings),
    }
}

/// The proposal has come to its end: the request is over, and the next one's turn has come.
pub fn after_the_end(errands: &mut Errands, desk: &Desk<'_>) -> Vec<Saying> {
    let mut sayings = Vec::new();
    let done = errands.queue.first().cloned();
    errands.end_of_proposal();
    errands.queue.retain(|request| !done.as_ref().is_some_and(|done| is_over(request, done, desk)));
    if let Some(next) = errands.queue.first().and_then(|r| r.verb) {
        sayings.push(Saying::Next { verb: next });
        advance(errands, desk, &mut sayings);
    } else {
        sayings.push(Saying::Closing);
    }
    sayings
}

/// Whether what waits has come to nothing with what was just done: the same order is not open to it any more, and it asks for nothing of
/// its own.
fn is_over(request: &Request, done: &Request, desk: &Desk<'_>) -> bool {
    let Some(order) = &done.order else { return false };
    let of_it = match &request.order {
        Some(id) => id == order,
        None => {
            let named = request.mentions.iter().chain(&request.holding).any(|m| !m.fits.is_empty());
            request.among.iter().all(|id| id == order) && !request.among.is_empty() || named && request.told().all(|m| m.is_on(order))
        }
    };
    let wishes = request.items.iter().any(|w| w.wishes.is_some()) || request.mentions.iter().any(|m| m.into.is_some());
    let same = request.items.iter().all(|w| done.items.iter().any(|d| d.at == w.at));
    of_it && request.verb.is_some_and(|verb| !fill::may(order, verb, desk)) && (same || !wishes)
}

/// What closes an order to changes comes after what does not: an address is changed before the items.
fn before_the_last_word(queue: &mut [Request], desk: &Desk<'_>) {
    if queue[0].verb != Some(Verb::Swap) {
        return;
    }
    let order = fill::order_of(&queue[0], desk);
    let first = queue
        .iter()
        .position(|r| matches!(r.verb, Some(Verb::Address | Verb::Payment)) && order.is_some() && fill::order_of(r, desk) == order);
    if let Some(at) = first {
        queue[..=at].rotate_right(1);
    }
}

/// Whether "never mind" and "I'm keeping that" are said of what is at hand: not when the same is asked for in the same breath, nor when
/// other things are named.
fn gives_up(errands: &Errands, part: &Part, heard: &[Heard]) -> bool {
    let meant = errands.queue.iter().find(|r| part.verb.is_some() && r.verb == part.verb);
    let Some(request) = meant.or(errands.queue.first()) else { return true };
    let parts = || heard.iter().flat_map(|h| &h.parts);
    let again = parts().any(|p| !p.dropped && p.verb.is_some() && p.verb == request.verb);
    let ours = |m: &ItemMention| request.items.is_empty() || request.has(m);
    let mut named = parts().flat_map(Part::told).filter(|m| !m.fits.is_empty()).peekable();
    // "Leave it, I keep the keyboard, cancel the order with the shoes": something else is to be done instead.
    let instead = parts().any(|p| p.verb.is_some_and(|verb| request.verb != Some(verb)));
    let others = part.verb.is_none() && !instead && named.peek().is_some() && !named.any(ours);
    !again && !others
}

fn drop_request(errands: &mut Errands, part: &Part) -> Option<Saying> {
    let at = match part.verb {
        Some(verb) => {
            // "Forget the exchange", of what was taken for a return; an address that stays ends nothing else.
            let kin = !matches!(verb, Verb::Address | Verb::Payment | Verb::Profile) && errands.queue.len() == 1;
            errands.queue.iter().position(|r| r.verb == Some(verb)).or(kin.then_some(0))
        }
        None => (!errands.queue.is_empty()).then_some(0),
    }?;
    let gone = errands.queue.remove(at);
    errands.asked = None;
    errands.open = None;
    Some(Saying::Dropped { verb: gone.verb })
}

/// Who has said who they are, or named an order, and not what for, is asked.
fn what_else<'a>(errands: &mut Errands, parts: impl Iterator<Item = &'a Part>, desk: &Desk<'_>) -> Saying {
    errands.asked = Some(Slot::Verb);
    let order_of = |p: &Part| p.orders.first().cloned().or_else(|| p.told().find_map(|m| m.fits.first().map(|f| f.order.clone())));
    let Some(named) = parts.filter_map(order_of).next() else { return Saying::AskVerb { order: None, may: Vec::new() } };
    let Some(order) = desk.case.order(&named) else { return Saying::UnknownOrder { said: named } };
    errands.order = Some(named.clone());
    Saying::AskVerb { may: possible(order, desk), order: Some(named) }
}

/// What can be done with an order now.
pub fn possible(order: &Order, desk: &Desk<'_>) -> Vec<Kind> {
    let may = |kind: &Kind| desk.policy.deeds.get(kind).is_some_and(|rule| rules::may(rule, *kind, order, desk.now_ms).is_ok());
    Kind::ALL.into_iter().filter(|kind| *kind != Kind::ModifyProfile).filter(may).collect()
}

impl Errands {
    /// Something is to be done, or was asked.
    pub fn is_under_way(&self) -> bool {
        self.asked.is_some() || !self.queue.is_empty()
    }

    /// The proposal was carried out, refused or has expired: what it was made for is over.
    pub fn end_of_proposal(&mut self) {
        if self.open.take().is_some() && !self.queue.is_empty() {
            self.queue.remove(0);
        }
        self.asked = None;
    }
}

impl Part {
    /// Nothing in it is of use.
    pub fn is_empty(&self) -> bool {
        self.verb.is_none() && self.questions.is_empty() && !self.dropped && !self.complete && !self.has_slots()
    }

    /// It says more than that this is all.
    pub fn is_of_use(&self) -> bool {
        !Self { complete: false, ..self.clone() }.is_empty()
    }

    /// It says something a request can be filled with.
    pub fn has_slots(&self) -> bool {
        !self.orders.is_empty()
            || !self.items.is_empty()
            || !self.except.is_empty()
            || !self.holding.is_empty()
            || !self.left.is_empty()
            || !self.left_orders.is_empty()
            || self.all
            || self.method.is_some()
            || self.address.is_some()
            || self.reason.is_some()
            || !self.when.is_open()
    }

    /// Things that were named, whether something is to be done with them or they tell which order is meant.
    pub fn told(&self) -> impl Iterator<Item = &ItemMention> {
        self.items.iter().chain(&self.holding)
    }

    /// It is about what was bought, and not about what could be.
    pub fn is_of_orders(&self) -> bool {
        let placed = !self.orders.is_empty() || !self.when.is_open() || self.told().any(|m| !m.fits.is_empty());
        let asks = self.questions.iter().any(|q| !matches!(q, Question::Variants | Question::Sending) || placed);
        let does = self.verb.is_some_and(|v| placed || !matches!(v, Verb::Swap | Verb::Change));
        asks || does || self.dropped
    }

    /// A question, and nothing to be done.
    pub fn only_asks(&self) -> bool {
        !self.questions.is_empty() && self.verb.is_none()
    }
}
