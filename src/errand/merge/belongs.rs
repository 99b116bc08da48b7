//! A part of a message in; the request it belongs to out, one that there is or a new one.

use super::super::errands::{Errands, Request, Slot};
use super::super::fill;
use super::super::heard::{ItemMention, Part, Place, Verb};
use super::super::step::Desk;

/// A part that names several orders, or items of several, as one for each.
pub(super) fn pieces(part: &Part, desk: &Desk<'_>) -> Vec<Part> {
    let known: Vec<String> = part.orders.iter().filter(|id| desk.case.order(id).is_some()).cloned().collect();
    let clean = |items: &[ItemMention]| items.iter().filter(|m| !m.fits.is_empty()).cloned().collect::<Vec<_>>();
    let (items, holding) = (clean(&part.items), clean(&part.holding));
    if known.is_empty() && items.is_empty() && !shared(&holding) {
        let one = |m: ItemMention| Part { orders: Vec::new(), items: Vec::new(), holding: vec![m], ..part.clone() };
        return holding.into_iter().map(one).collect();
    }
    let orders = if known.is_empty() { orders_of(&items) } else { known };
    let whole = Part { orders: orders.clone(), items, holding, except: clean(&part.except), ..part.clone() };
    // Without a number the orders of its items are only where it may be.
    if part.orders.is_empty() && (orders.len() < 2 || shared(&whole.items)) {
        return vec![Part { orders: Vec::new(), ..whole }];
    }
    if orders.len() < 2 {
        return vec![whole];
    }
    let piece = |id: &String| Part {
        orders: vec![id.clone()],
        items: whole.items.iter().filter(|m| m.is_on(id)).cloned().collect(),
        except: whole.except.iter().filter(|m| m.is_on(id)).cloned().collect(),
        ..whole.clone()
    };
    let pieces: Vec<Part> = orders.iter().map(piece).collect();
    // An order nothing of which was named is meant as a whole only when no order's items were.
    let some = pieces.iter().any(|p| !p.items.is_empty());
    pieces.into_iter().filter(|p| !some || !p.items.is_empty()).collect()
}

/// Whether one order holds everything that was named.
fn shared(items: &[ItemMention]) -> bool {
    let Some(first) = items.first() else { return true };
    first.fits.iter().any(|place| items.iter().all(|m| m.is_on(&place.order)))
}

/// The orders that items can only be on: few that hold everything, in the order of words.
fn orders_of(items: &[ItemMention]) -> Vec<String> {
    let mut orders: Vec<String> = Vec::new();
    let mut left: Vec<&ItemMention> = items.iter().filter(|m| !m.fits.is_empty()).collect();
    while let Some(first) = left.first() {
        let holds = |id: &str| left.iter().filter(|m| m.is_on(id)).count();
        let Some(best) = first.fits.iter().map(|p| p.order.clone()).rev().max_by_key(|id| holds(id)) else { break };
        left.retain(|m| m.fits.iter().all(|p| p.order != best));
        orders.push(best);
    }
    orders
}

/// The request a part belongs to, by place in the queue; a new one when it begins something else.
pub(super) fn request_for(errands: &mut Errands, part: &Part, goes_on: bool, desk: &Desk<'_>) -> Option<usize> {
    let verb = part.verb.or_else(|| plain_verb(errands, part));
    let Some(verb) = verb else {
        if !part.has_slots() {
            return None;
        }
        if errands.queue.is_empty() && part.items.iter().any(|m| !m.fits.is_empty()) {
            // Things, and not what is to be done with them: that is asked, and they are kept in mind.
            errands.queue.push(Request { verb: errands.refused.take(), ..Request::default() });
        }
        // Without a request, what is said of an order alone is no deed.
        return (!errands.queue.is_empty()).then(|| at_hand(errands, part));
    };
    // More things to be changed are changed with the others.
    let swaps = errands.queue.iter().any(|r| r.verb == Some(Verb::Swap));
    let verb = if verb == Verb::Change && swaps && !part.items.is_empty() { Verb::Swap } else { verb };
    if errands.asked == Some(Slot::Confirm) && !part.has_slots() && errands.queue.first().is_some_and(|r| r.is_meant_by(verb)) {
        return Some(0);
    }
    let adds = ["also", "another", "as well", "too", "and ", "另外", "还有", "还要", "再", "顺便", "也"];
    let lower = part.text.trim_start().to_lowercase();
    let is_more = adds.iter().any(|w| lower.starts_with(w));
    // More of the same, with things of another order.
    let fits = |r: &Request| is_near(r, part) && !((goes_on || is_more) && is_elsewhere(r, part));
    if let Some(at) = errands.queue.iter().position(|r| r.verb == Some(verb) && fits(r)) {
        return Some(at);
    }
    let vague = |r: &Request| matches!((r.verb, verb), (None | Some(Verb::Change), _) | (Some(Verb::Refund), Verb::Return | Verb::Cancel));
    if let Some(at) = errands.queue.iter().position(|r| vague(r) && fits(r)) {
        errands.queue[at].verb = Some(verb);
        return Some(at);
    }
    // "Refund" after "cancel" says how that ends, and names nothing new.
    if verb == Verb::Refund && !errands.queue.is_empty() && !is_more {
        let at = errands.queue.iter().position(|r| matches!(r.verb, Some(Verb::Return | Verb::Cancel)) && fits(r));
        if at.is_some() {
            return at;
        }
    }
    // Another mind about the same thing.
    let of_goods = |v: Verb| matches!(v, Verb::Return | Verb::Refund | Verb::Swap | Verb::Cancel);
    let instead = errands.queue.iter().position(|r| {
        r.verb.is_some_and(of_goods) && of_goods(verb) && fits(r) && overlaps(r, part) && !is_more && errands.asked.is_some()
    });
    if let Some(at) = instead {
        let request = &mut errands.queue[at];
        request.verb = Some(verb);
        request.items.iter_mut().for_each(|w| (w.wishes, w.into) = (None, None));
        return Some(at);
    }
    // While a proposal waits, "change" or "return" of nothing that is named is a word about it, and no request.
    let bare = !part.has_slots() && part.when.is_open();
    if errands.asked == Some(Slot::Confirm) && bare && !is_more && !part.anew && verb != Verb::Profile {
        return None;
    }
    // What is cancelled as a whole is not sent back in part.
    let cancelled = errands.queue.first().filter(|r| r.verb == Some(Verb::Cancel) && errands.asked == Some(Slot::Confirm));
    if let Some(order) = cancelled.and_then(|r| r.order.as_ref())
        && matches!(verb, Verb::Return | Verb::Refund)
        && part.told().next().is_some()
        && part.told().all(|m| m.is_on(order))
    {
        return None;
    }
    errands.queue.push(Request { verb: Some(verb), ..Request::default() });
    let at = errands.queue.len() - 1;
    // "Change it to …" goes on about the order talked of.
    if part.orders.is_empty() && part.told().next().is_none() && part.when.is_open() && verb != Verb::Profile {
        let spoken_of = errands.queue.iter().rev().skip(1).find_map(|r| r.order.clone()).or(errands.order.clone());
        let elsewhere = desk.case.orders.iter().any(|o| fill::may(&o.id, verb, desk));
        errands.queue[at].order = spoken_of.filter(|id| !elsewhere || fill::may(id, verb, desk));
    }
    Some(at)
}

impl Request {
    /// Whether a verb alone can be said of it: "换吧" of a payment too.
    pub fn is_meant_by(&self, verb: Verb) -> bool {
        let generic = |v: Verb| matches!(v, Verb::Swap | Verb::Change);
        match self.verb {
            Some(own) if own == verb => true,
            Some(Verb::Swap | Verb::Change | Verb::Address | Verb::Payment | Verb::Profile) => generic(verb),
            // 退吧: the money, of an order that is to be cancelled.
            Some(Verb::Return | Verb::Cancel | Verb::Refund) => matches!(verb, Verb::Refund | Verb::Return),
            None => true,
        }
    }
}

/// "Order #W1 with my Visa, please": an order and the one thing of it that is to be different.
fn plain_verb(errands: &Errands, part: &Part) -> Option<Verb> {
    if !errands.queue.is_empty() || part.orders.is_empty() || !part.items.is_empty() {
        return None;
    }
    match (&part.method, &part.address) {
        (Some(_), None) => Some(Verb::Payment),
        (None, Some(_)) => Some(Verb::Address),
        _ => None,
    }
}

/// Words without a verb belong to the request at hand, or to the one about the order or item they name.
fn at_hand(errands: &Errands, part: &Part) -> usize {
    let asked = matches!(errands.asked, Some(Slot::Items | Slot::Target));
    let here = |r: &Request| r.order.as_ref().is_none_or(|id| part.items.iter().all(|m| m.is_on(id)));
    if asked && !part.items.is_empty() && errands.queue.first().is_some_and(|r| is_near(r, part) && here(r)) {
        return 0;
    }
    errands.queue.iter().position(|r| !part.items.is_empty() && overlaps(r, part) && is_near(r, part)).unwrap_or(0)
}

/// Whether a part can be about the same order as a request.
fn is_near(request: &Request, part: &Part) -> bool {
    let known: Vec<&String> = request.order.iter().chain(&request.among).collect();
    let named = part.orders.is_empty() || known.is_empty() || part.orders.iter().any(|id| known.contains(&id));
    let held = known.is_empty() || part.holding.iter().all(|m| known.iter().any(|id| m.is_on(id)));
    let both: Vec<ItemMention> = request.holding.iter().chain(&part.holding).cloned().collect();
    let there = request.holding.iter().all(|m| part.orders.is_empty() || part.orders.iter().any(|id| m.is_on(id)));
    named && held && there && (part.holding.is_empty() || shared(&both))
}

/// Whether no order has both what the request is about and what the part names.
fn is_elsewhere(request: &Request, part: &Part) -> bool {
    let on = |at: usize| request.order.iter().map(move |id| Place { order: id.clone(), at });
    let placed = request.items.iter().map(|w| ItemMention { fits: on(w.at).collect(), ..ItemMention::default() });
    let known: Vec<ItemMention> = placed.chain(request.mentions.iter().cloned()).filter(|m| !m.fits.is_empty()).collect();
    let both: Vec<ItemMention> = known.iter().chain(&part.items).cloned().collect();
    part.orders.is_empty() && !known.is_empty() && !part.items.is_empty() && shared(&known) && shared(&part.items) && !shared(&both)
}

/// Whether it names an item of the request, or none.
fn overlaps(request: &Request, part: &Part) -> bool {
    let has = |m: &ItemMention| request.has(m) || request.mentions.iter().any(|o| o.fits.iter().any(|p| m.fits.contains(p)));
    part.items.is_empty() || part.items.iter().any(has)
}
