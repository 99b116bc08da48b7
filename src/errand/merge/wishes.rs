//! Words in; what one of the things of the request at hand is to become, as they have it, out.

use super::super::errands::{Errands, Slot};
use super::super::heard::{ItemMention, Part, Verb, Wishes};
use super::super::step::Desk;
use super::super::target;
use super::says_more;
use crate::aftersales::nouns::OrderItem;

/// The words are an answer to "what should it become?".
pub(super) fn takes_wishes(errands: &mut Errands, part: &Part, desk: &Desk<'_>) -> bool {
    if errands.asked != Some(Slot::Target) || !part.orders.is_empty() {
        return false;
    }
    let Some(request) = errands.queue.first_mut() else { return false };
    let Some(order) = request.order.as_ref().and_then(|id| desk.case.order(id)) else { return false };
    let Some(wanted) = request.items.iter_mut().find(|w| w.into.is_none()) else { return false };
    let item = &order.items[wanted.at];
    let is_this = |m: &ItemMention| m.is_at(Some(&order.id), wanted.at);
    if part.left.iter().any(is_this) || !part.holding.is_empty() {
        return false;
    }
    let said = wishes_for(item, &part.text, desk);
    // Another thing is named: that is no answer to this. "The red one" is, where this can be red, whatever else is red.
    let answers = said != Wishes::default() && said.unknown.is_empty();
    let named: Vec<&ItemMention> = part.items.iter().filter(|m| !(m.fits.is_empty() || m.bare && answers)).collect();
    if named.iter().any(|m| m.into.is_some() || !is_this(m)) {
        // Whoever says anew what becomes of what, and leaves this out, did not mean it.
        let leaves_out = !named.iter().any(|m| is_this(m)) && named.iter().all(|m| m.into.is_some()) && !says_more(&part.text);
        if leaves_out && wanted.wishes.is_none() {
            let at = wanted.at;
            request.items.retain(|w| w.at != at);
        }
        return false;
    }
    if said == Wishes::default() {
        return false;
    }
    join(&mut wanted.wishes, said);
    if part.method.is_some() {
        request.method = part.method.clone();
    }
    true
}

/// "No, full zip", "the weight should be 30 lbs": what one of the things is proposed to become is to be otherwise.
pub(super) fn corrects_wishes(errands: &mut Errands, part: &Part, desk: &Desk<'_>) -> bool {
    let named = part.items.iter().any(|m| !m.bare && !m.fits.is_empty());
    if errands.asked != Some(Slot::Confirm) || named || !part.orders.is_empty() || !part.holding.is_empty() || part.method.is_some() {
        return false;
    }
    let Some(request) = errands.queue.first_mut().filter(|r| r.verb == Some(Verb::Swap)) else { return false };
    let Some(order) = request.order.as_ref().and_then(|id| desk.case.order(id)) else { return false };
    let said: Vec<(usize, Wishes)> = request.items.iter().map(|w| (w.at, wishes_for(&order.items[w.at], &part.text, desk))).collect();
    // "Make it purple": that there is none is to be said.
    let in_vain = part.verb.is_some() || part.anew;
    if let ([wanted], [(_, wishes)]) = (request.items.as_mut_slice(), said.as_slice())
        && in_vain
        && wishes.options.is_empty()
        && !wishes.unknown.is_empty()
    {
        join(&mut wanted.wishes, wishes.clone());
        wanted.into = None;
        return true;
    }
    let most = said.iter().map(|(_, s)| s.options.len()).max().unwrap_or(0);
    let mut best = said.into_iter().filter(|(_, s)| s.options.len() == most && most > 0);
    let (Some((at, wishes)), None) = (best.next(), best.next()) else { return false };
    let wishes = Wishes { unknown: Vec::new(), ..wishes };
    for wanted in request.items.iter_mut().filter(|w| w.at == at) {
        join(&mut wanted.wishes, wishes.clone());
        wanted.into = None;
    }
    true
}

/// What words wish of an item.
pub fn wishes_for(item: &OrderItem, text: &str, desk: &Desk<'_>) -> Wishes {
    let variants: Vec<_> = desk.shelf.values().filter(|p| p.group == item.item_group_id).collect();
    target::wishes(text, item, &variants)
}

/// Later words are added to earlier ones, and win over them.
pub(super) fn join(known: &mut Option<Wishes>, said: Wishes) {
    match known {
        None => *known = Some(said),
        Some(known) => {
            // "The same again" takes back what was to be different.
            if said.same && said.options.is_empty() {
                known.options.clear();
            }
            for (name, values) in said.not {
                known.options.retain(|of, value| *of != name || !values.contains(value));
                known.not.insert(name, values);
            }
            known.or.retain(|name, _| !said.options.contains_key(name));
            known.or.extend(said.or);
            known.options.extend(said.options);
            known.same = said.same;
            known.price = said.price;
            known.unknown = said.unknown;
        }
    }
}
