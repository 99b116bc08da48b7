//! A part of a message in; the requests it begins, changes or fills.

mod belongs;
mod beside;
mod wishes;

use super::errands::{Errands, Request, Slot, Wanted};
use super::heard::{AddressMention, ItemMention, Part, Question, Verb, When};
use super::saying::Saying;
use super::step::Desk;
use super::{fill, hear};
use crate::aftersales::nouns::Address;
use belongs::{pieces, request_for};
use beside::{beside, chooses_method, chooses_variant, is_aside};
pub use wishes::wishes_for;
use wishes::{corrects_wishes, join, takes_wishes};

/// Takes a part in; what cannot be used is said. `goes_on`: the message has asked for something else before.
pub fn take_in(errands: &mut Errands, part: &Part, goes_on: bool, desk: &Desk<'_>) -> Vec<Saying> {
    if let Some(order) = chosen_order(errands, part, desk) {
        let chosen = Part { orders: vec![order], ..part.clone() };
        return take_in(errands, &chosen, goes_on, desk);
    }
    // "This order", after something was done with one.
    if let Some(order) = errands
        .order
        .clone()
        .filter(|id| part.orders.is_empty() && hear::cuts::means_this_order(&part.text) && part.told().all(|m| m.is_on(id)))
    {
        let placed = Part { orders: vec![order], ..part.clone() };
        return take_in(errands, &placed, goes_on, desk);
    }
    // "How much will be on the card afterwards?" chooses none.
    if errands.asked == Some(Slot::Confirm) && part.method.is_some() && part.verb.is_none() && hear::cuts::inquires(&part.text) {
        let asked = Part { method: None, ..part.clone() };
        return take_in(errands, &asked, goes_on, desk);
    }
    if chooses_method(errands, part) || chooses_variant(errands, part, desk) {
        return Vec::new();
    }
    if part.only_asks() {
        // "The iron one. How much more is that?"
        if !part.questions.contains(&Question::Variants) {
            takes_wishes(errands, part, desk);
        }
        // "No longer needed. Where does the money go?"
        match (errands.asked, errands.queue.first_mut()) {
            (Some(Slot::Reason), Some(request)) if part.reason.is_some() => request.reason = part.reason.clone(),
            (Some(Slot::Method), Some(request)) if part.method.is_some() => request.method = part.method.clone(),
            _ => {}
        }
        return Vec::new();
    }
    // "Don't forget the kettle", which has its request.
    let waits =
        |m: &ItemMention| errands.queue.iter().skip(1).any(|r| r.has(m) || r.told().any(|o| o.fits.iter().any(|p| m.fits.contains(p))));
    if errands.asked == Some(Slot::Confirm)
        && hear::cuts::reminds(&part.text)
        && part.left.is_empty()
        && part.told().next().is_some()
        && part.told().all(waits)
    {
        return Vec::new();
    }
    if is_aside(errands, part) {
        return beside(errands, part, desk).into_iter().collect();
    }
    let of_variants = part.verb.is_none_or(|v| matches!(v, Verb::Swap | Verb::Change));
    if of_variants && (takes_wishes(errands, part, desk) || corrects_wishes(errands, part, desk)) {
        return Vec::new();
    }
    let mut sayings = leave_orders(errands, part, desk);
    sayings.extend(left_wholly(errands, part));
    leave_out(errands, part);
    let unknown = part.orders.iter().filter(|id| desk.case.order(id).is_none());
    sayings.extend(unknown.map(|id| Saying::UnknownOrder { said: id.clone() }));
    let lost = part.told().chain(&part.except).filter(|m| m.fits.is_empty());
    let order = part.orders.first().filter(|id| desk.case.order(id).is_some());
    sayings.extend(lost.map(|m| Saying::NotOnOrder { words: m.words.clone(), order: order.cloned() }));
    // "Cancel #W1, the one with the lamp", which is on another: neither is cancelled on a guess.
    let doubtful = part.verb == Some(Verb::Cancel) && order.is_some() && part.told().next().is_some();
    if doubtful && part.told().all(|m| m.fits.is_empty()) {
        return sayings;
    }
    let begun = errands.queue.len();
    let mut pieces = pieces(part, desk);
    if pieces.len() > 1 && hear::cuts::gives_two_reasons(&part.text) {
        // Which is of which order is asked, not guessed.
        pieces.iter_mut().for_each(|p| p.reason = None);
    }
    for piece in pieces {
        let Some(mut at) = request_for(errands, &piece, goes_on, desk) else { continue };
        // Whoever begins something else instead of answering, or says it again, has that in mind now.
        let instead = errands.asked.is_some_and(|slot| slot != Slot::Confirm) && begun > 0 && !goes_on;
        let to = at.saturating_sub(begun);
        if instead && at > to && (at >= begun || piece.verb.is_some()) {
            let meant = errands.queue.remove(at);
            errands.queue.insert(to, meant);
            at = to;
        }
        let asked = |slot: Slot| errands.asked == Some(slot) && at == 0;
        let (corrects, targets) = (asked(Slot::Confirm), asked(Slot::Target));
        fill_in(&mut errands.queue[at], &piece, (corrects, targets), desk);
    }
    sayings
}

/// "The second one", of the orders that were listed.
fn chosen_order(errands: &Errands, part: &Part, desk: &Desk<'_>) -> Option<String> {
    let request = errands.queue.first().filter(|_| errands.asked == Some(Slot::Order) && part.orders.is_empty() && part.verb.is_none())?;
    let at = hear::ordinal(&part.text)?;
    fill::candidates(request, desk).get(at).map(|order| order.id.clone())
}

/// "Not #W2": whatever was to be done with it is meant for another order, or for none.
fn leave_orders(errands: &mut Errands, part: &Part, desk: &Desk<'_>) -> Vec<Saying> {
    let is_left = |id: &String| part.left_orders.contains(id);
    let mut dropped = Vec::new();
    errands.queue.retain_mut(|request| {
        if !request.order.iter().chain(&request.among).any(is_left) {
            return true;
        }
        let may = |id: &String| request.verb.is_none_or(|verb| fill::may(id, verb, desk));
        request.among = desk.case.orders.iter().map(|o| o.id.clone()).filter(|id| !is_left(id) && may(id)).collect();
        request.order = None;
        request.items.clear();
        if request.among.is_empty() {
            dropped.push(Saying::Dropped { verb: request.verb });
        }
        !request.among.is_empty()
    });
    dropped
}

fn fill_in(request: &mut Request, part: &Part, (corrects, targets): (bool, bool), desk: &Desk<'_>) {
    if !part.orders.is_empty() {
        let changed = request.order.as_ref().is_some_and(|id| !part.orders.contains(id));
        request.among = part.orders.clone();
        request.numbered = part.orders.iter().any(|id| part.text.contains(id.trim_start_matches(|c: char| !c.is_ascii_digit())));
        if changed || request.order.is_none() {
            request.order = match part.orders.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            };
        }
        if changed {
            request.items.clear();
        }
    }
    let here = |id: &String| part.items.iter().any(|m| m.is_on(id));
    if part.orders.is_empty() && !part.items.is_empty() && request.order.as_ref().is_some_and(|id| !here(id)) {
        // Things of another order: that one is meant.
        (request.order, request.among) = (None, Vec::new());
        request.items.clear();
        request.mentions.clear();
    }
    if !part.when.is_open() {
        request.when = part.when.clone();
    }
    if !part.holding.is_empty() {
        let holds = |id: &String| part.holding.iter().all(|m| m.is_on(id));
        request.holding = part.holding.clone();
        if request.order.as_ref().is_some_and(|id| !holds(id)) {
            (request.order, request.among) = (None, Vec::new());
            request.items.clear();
        }
    }
    if !part.items.is_empty() {
        take_items(request, part, (corrects, targets), desk);
    }
    // "Yes, all three": what is proposed.
    let counts = hear::cuts::counts(&part.text);
    let echoes = corrects && !request.items.is_empty() && (part.verb.is_none() || counts) && !is_whole(&part.text);
    if part.all && !echoes {
        request.all = true;
        request.except = part.except.clone();
        request.items.clear();
        request.mentions.clear();
    }
    if part.method.is_some() {
        request.method = part.method.clone();
    }
    if part.reason.is_some() {
        request.reason = part.reason.clone();
    }
    if let Some(mention) = &part.address {
        request.address = address(mention, request.address.take(), desk);
    }
}

/// "I keep the keyboard", which is all that was to go back: nothing is left of it.
fn left_wholly(errands: &mut Errands, part: &Part) -> Option<Saying> {
    let request = errands.queue.first().filter(|r| errands.asked == Some(Slot::Confirm) && !r.items.is_empty() && !r.all)?;
    let order = request.order.as_ref();
    let all_left = request.items.iter().all(|w| part.left.iter().any(|m| m.is_at(order, w.at)));
    let others = part.items.iter().any(|m| order.is_some_and(|id| m.is_on(id)));
    if !all_left || others || part.all {
        return None;
    }
    let verb = errands.queue.remove(0).verb;
    (errands.asked, errands.open) = (None, None);
    Some(Saying::Dropped { verb })
}

/// "Not the lamp": what was understood of it before is taken back.
fn leave_out(errands: &mut Errands, part: &Part) {
    if part.left.is_empty() {
        return;
    }
    let only = errands.queue.len() == 1;
    errands.queue.retain_mut(|request| {
        let about = |r: &Request| !r.items.is_empty() || !r.mentions.is_empty();
        let before = about(request);
        leave_out_of(request, part);
        only || about(request) || !before
    });
}

fn leave_out_of(request: &mut Request, part: &Part) {
    let order = request.order.clone();
    let is_left = |at: usize| part.left.iter().any(|m| m.is_at(order.as_ref(), at));
    request.items.retain(|w| !is_left(w.at));
    for mention in &mut request.mentions {
        mention.fits.retain(|p| !part.left.iter().any(|m| m.fits.contains(p)));
    }
    request.mentions.retain(|m| !m.fits.is_empty());
    if request.all {
        request.except.extend(part.left.iter().cloned());
    }
}

fn take_items(request: &mut Request, part: &Part, (corrects, targets): (bool, bool), desk: &Desk<'_>) {
    let lower = part.text.to_lowercase();
    let not_only = ["not only", "not just", "isnt only", "不是只", "不只", "不光"].iter().any(|w| lower.contains(w));
    let only = !not_only && !says_more(&part.text) && says_only(&lower);
    let about_known = part.items.iter().all(|m| request.has(m));
    // Of a change more things are changed with it: an order's things can be changed only once.
    let instead = request.verb != Some(Verb::Swap) || takes_back(&part.text);
    if only {
        // What was said of those that are meant stays.
        let order = request.order.clone();
        request.items.retain(|w| part.items.iter().any(|m| m.is_at(order.as_ref(), w.at)));
        request.mentions.retain(|o| part.items.iter().any(|m| m.fits.iter().any(|p| o.fits.contains(p))));
        request.all = false;
    } else if corrects && instead && !says_more(&part.text) && !about_known {
        request.items.clear();
        request.mentions.clear();
        request.all = false;
    }
    let before = request.items.clone();
    let mentions = sorted_out(request, &part.items, desk);
    for mention in &mentions {
        let placed = request.items.iter_mut().find(|w| mention.is_at(request.order.as_ref(), w.at));
        if let Some(wanted) = placed.filter(|_| mention.fits.len() == 1 || mention.into.is_some()) {
            if let Some(said) = &mention.into {
                // Whoever says no, or is asked and names the thing again, says all of it anew.
                if (corrects && part.anew || targets) && !mention.bare && !said.options.is_empty() {
                    wanted.wishes = None;
                }
                join(&mut wanted.wishes, said.clone());
                wanted.into = None;
            }
            continue;
        }
        // It says which of several was meant.
        let open =
            request.mentions.iter_mut().find(|o| mention.fits.iter().all(|p| o.fits.contains(p)) && o.fits.len() > mention.fits.len());
        match open {
            Some(open) => {
                open.fits = mention.fits.clone();
                if mention.into.is_some() {
                    open.into = mention.into.clone();
                }
            }
            None => request.mentions.push(mention.clone()),
        }
    }
    // Named again as it was: it is the rest that is wrong.
    let same = |old: &Wanted| request.items.iter().any(|w| w.at == old.at && w.wishes == old.wishes);
    let meant = part.verb.is_some() || part.anew || only || part.items.len() > 1 || hear::cuts::is_short(&part.text);
    if corrects && instead && about_known && meant && !says_more(&part.text) && before.iter().all(same) {
        let order = request.order.as_ref();
        request.items.retain(|w| part.items.iter().any(|m| m.is_at(order, w.at)));
    }
}

/// "Rubber, and the jacket in navy": what this thing cannot be, and another that is to be changed can, is said of the other.
fn sorted_out(request: &mut Request, mentions: &[ItemMention], desk: &Desk<'_>) -> Vec<ItemMention> {
    let order = request.order.as_ref().and_then(|id| desk.case.order(id));
    let mut mentions = mentions.to_vec();
    let Some(order) = order else { return mentions };
    for mention in &mut mentions {
        let Some(into) = &mut mention.into else { continue };
        let is_it = |at: usize| mention.fits.iter().any(|p| p.order == order.id && p.at == at);
        into.unknown.retain(|word| {
            let other = request.items.iter_mut().filter(|w| !is_it(w.at)).find_map(|wanted| {
                let wishes = wishes_for(&order.items[wanted.at], word, desk);
                (!wishes.options.is_empty()).then_some((wanted, wishes))
            });
            let Some((wanted, wishes)) = other else { return true };
            join(&mut wanted.wishes, wishes);
            wanted.into = None;
            false
        });
    }
    mentions
}

/// "Just the lamp", 只退灯: nothing else; not "just another unit".
fn says_only(lower: &str) -> bool {
    const WHAT: [&str; 12] = ["the", "my", "that", "this", "do", "return", "swap", "change", "exchange", "cancel", "send", "want"];
    let says = |word: &str| WHAT.iter().any(|what| lower.contains(&format!("{word} {what}"))) || lower.starts_with(&format!("{word} "));
    says("only") || says("just") || lower.contains(" only") || ["只", "就要", "仅"].iter().any(|w| lower.contains(w))
}

/// What is said is meant in place of what was understood.
fn takes_back(text: &str) -> bool {
    let lower = format!(" {} ", text.to_lowercase());
    ["instead", " not ", "rather", " no ", "no,", "不是", "错", "不对"].iter().any(|w| lower.contains(w))
}

/// What is said comes on top of what was.
fn says_more(text: &str) -> bool {
    let lower = text.to_lowercase();
    hear::cuts::adds(text) || ["also", "too", "as well", "plus", "也", "还", "再"].iter().any(|w| lower.contains(w))
}

fn is_whole(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["everything", "whole", "entire", "整单", "全部", "所有"].iter().any(|w| lower.contains(w))
}

fn address(mention: &AddressMention, known: Option<Address>, desk: &Desk<'_>) -> Option<Address> {
    let said = match mention {
        AddressMention::Default => return Some(desk.case.customer.address.clone()),
        AddressMention::OfOrder(id) => return desk.case.order(id).map(|o| o.address.clone()).or(known),
        AddressMention::Said(said) => said,
    };
    // A street begins another address; a zip alone completes one.
    let Some(known) = known.filter(|_| said.address1.is_empty()) else { return Some(said.clone()) };
    let or = |new: &String, old: String| if new.is_empty() { old } else { new.clone() };
    Some(Address {
        address1: known.address1,
        address2: said.address2.clone().or(known.address2),
        city: or(&said.city, known.city),
        state: or(&said.state, known.state),
        country: or(&said.country, known.country),
        zip: or(&said.zip, known.zip),
    })
}

impl Request {
    /// Things that were named for it and are not found yet.
    pub fn told(&self) -> impl Iterator<Item = &ItemMention> {
        self.mentions.iter().chain(&self.holding)
    }

    /// Whether what is named may be one of the things it is about.
    pub fn has(&self, mention: &ItemMention) -> bool {
        self.items.iter().any(|w| mention.is_at(self.order.as_ref(), w.at))
    }
}

impl ItemMention {
    /// Whether it may be a thing of the order.
    pub fn is_on(&self, order: &str) -> bool {
        self.fits.iter().any(|p| p.order == order)
    }

    /// Whether it may be the thing at that place of the order.
    fn is_at(&self, order: Option<&String>, at: usize) -> bool {
        self.fits.iter().any(|p| order == Some(&p.order) && p.at == at)
    }
}

impl When {
    /// Nothing was said of it.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }
}

impl Wanted {
    pub fn at(at: usize) -> Self {
        Self { at, ..Self::default() }
    }
}
