//! A part of a message in; the requests it begins, changes or fills.

use super::errands::{Errands, Request, Slot, Wanted};
use super::heard::{AddressMention, ItemMention, Part, Place, Verb, When, Wishes};
use super::saying::Saying;
use super::step::Desk;
use super::{fill, target};
use crate::aftersales::nouns::Address;

/// Takes a part in; what cannot be used is said. `goes_on`: the message has asked for something else before.
pub fn take_in(errands: &mut Errands, part: &Part, goes_on: bool, desk: &Desk<'_>) -> Vec<Saying> {
    if part.only_asks() {
        return Vec::new();
    }
    if part.verb.is_none_or(|v| v == Verb::Swap) && takes_wishes(errands, part, desk) {
        return Vec::new();
    }
    leave_orders(errands, part, desk);
    leave_out(errands, part);
    let mut sayings: Vec<Saying> = Vec::new();
    let unknown = part.orders.iter().filter(|id| desk.case.order(id).is_none());
    sayings.extend(unknown.map(|id| Saying::UnknownOrder { said: id.clone() }));
    let lost = part.told().chain(&part.except).filter(|m| m.fits.is_empty());
    let order = part.orders.first().filter(|id| desk.case.order(id).is_some());
    sayings.extend(lost.map(|m| Saying::NotOnOrder { words: m.words.clone(), order: order.cloned() }));
    let begun = errands.queue.len();
    for piece in pieces(part, desk) {
        let Some(mut at) = request_for(errands, &piece, goes_on, desk) else { continue };
        // Whoever begins something else instead of answering, or says it again, has that in mind now.
        let instead = errands.asked.is_some_and(|slot| slot != Slot::Confirm) && begun > 0 && !goes_on;
        let to = at.saturating_sub(begun);
        if instead && at > to && (at >= begun || piece.verb.is_some()) {
            let meant = errands.queue.remove(at);
            errands.queue.insert(to, meant);
            at = to;
        }
        let corrects = errands.asked == Some(Slot::Confirm) && at == 0;
        fill_in(&mut errands.queue[at], &piece, corrects, desk);
    }
    sayings
}

/// "Not #W2": whatever was to be done with it is meant for another order.
fn leave_orders(errands: &mut Errands, part: &Part, desk: &Desk<'_>) {
    let is_left = |id: &String| part.left_orders.contains(id);
    for request in errands.queue.iter_mut().filter(|r| r.order.as_ref().is_some_and(is_left) || r.among.iter().any(is_left)) {
        let may = |id: &String| request.verb.is_none_or(|verb| fill::may(id, verb, desk));
        request.among = desk.case.orders.iter().map(|o| o.id.clone()).filter(|id| !is_left(id) && may(id)).collect();
        request.order = None;
        request.items.clear();
    }
}

/// The words are an answer to "what should it become?".
fn takes_wishes(errands: &mut Errands, part: &Part, desk: &Desk<'_>) -> bool {
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
    let variants: Vec<_> = desk.shelf.values().filter(|p| p.group == item.item_group_id).collect();
    let said = target::wishes(&part.text, item, &variants);
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

/// A part that names several orders, or items of several, as one for each.
fn pieces(part: &Part, desk: &Desk<'_>) -> Vec<Part> {
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
    let on = |m: &ItemMention, id: &str| m.fits.iter().any(|p| p.order == *id);
    let piece = |id: &String| Part {
        orders: vec![id.clone()],
        items: whole.items.iter().filter(|m| on(m, id)).cloned().collect(),
        except: whole.except.iter().filter(|m| on(m, id)).cloned().collect(),
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
    first.fits.iter().any(|place| items.iter().all(|m| m.fits.iter().any(|p| p.order == place.order)))
}

/// The orders that items can only be on: few that hold everything, in the order of words.
fn orders_of(items: &[ItemMention]) -> Vec<String> {
    let mut orders: Vec<String> = Vec::new();
    let mut left: Vec<&ItemMention> = items.iter().filter(|m| !m.fits.is_empty()).collect();
    while let Some(first) = left.first() {
        let holds = |id: &str| left.iter().filter(|m| m.fits.iter().any(|p| p.order == id)).count();
        let Some(best) = first.fits.iter().map(|p| p.order.clone()).rev().max_by_key(|id| holds(id)) else { break };
        left.retain(|m| m.fits.iter().all(|p| p.order != best));
        orders.push(best);
    }
    orders
}

/// The request a part belongs to, by place in the queue; a new one when it begins something else.
fn request_for(errands: &mut Errands, part: &Part, goes_on: bool, desk: &Desk<'_>) -> Option<usize> {
    let verb = part.verb.or_else(|| plain_verb(errands, part));
    let Some(verb) = verb else {
        if !part.has_slots() {
            return None;
        }
        // Without a request, what is said of an order alone is no deed.
        return (!errands.queue.is_empty()).then(|| at_hand(errands, part));
    };
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
    let here = |r: &Request| r.order.as_ref().is_none_or(|id| part.items.iter().all(|m| m.fits.iter().any(|p| p.order == *id)));
    if asked && !part.items.is_empty() && errands.queue.first().is_some_and(|r| is_near(r, part) && here(r)) {
        return 0;
    }
    errands.queue.iter().position(|r| !part.items.is_empty() && overlaps(r, part) && is_near(r, part)).unwrap_or(0)
}

/// Whether a part can be about the same order as a request.
fn is_near(request: &Request, part: &Part) -> bool {
    let known: Vec<&String> = request.order.iter().chain(&request.among).collect();
    let named = part.orders.is_empty() || known.is_empty() || part.orders.iter().any(|id| known.contains(&id));
    let on = |m: &ItemMention, id: &String| m.fits.iter().any(|p| p.order == *id);
    let held = known.is_empty() || part.holding.iter().all(|m| known.iter().any(|id| on(m, id)));
    let both: Vec<ItemMention> = request.holding.iter().chain(&part.holding).cloned().collect();
    let there = request.holding.iter().all(|m| part.orders.is_empty() || part.orders.iter().any(|id| on(m, id)));
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
    let has = |m: &ItemMention| is_known(request, m) || request.mentions.iter().any(|o| o.fits.iter().any(|p| m.fits.contains(p)));
    part.items.is_empty() || part.items.iter().any(has)
}

fn fill_in(request: &mut Request, part: &Part, corrects: bool, desk: &Desk<'_>) {
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
    let here = |id: &String| part.items.iter().any(|m| m.fits.iter().any(|p| p.order == *id));
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
        let holds = |id: &String| part.holding.iter().all(|m| m.fits.iter().any(|p| p.order == *id));
        request.holding = part.holding.clone();
        if request.order.as_ref().is_some_and(|id| !holds(id)) {
            (request.order, request.among) = (None, Vec::new());
            request.items.clear();
        }
    }
    if !part.items.is_empty() {
        take_items(request, part, corrects);
    }
    if part.all {
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

fn take_items(request: &mut Request, part: &Part, corrects: bool) {
    let lower = part.text.to_lowercase();
    let only = ["only", "just ", "只", "就要", "仅"].iter().any(|w| lower.contains(w));
    let about_known = part.items.iter().all(|m| is_known(request, m));
    if only || (corrects && !says_more(&part.text) && !about_known) {
        request.items.clear();
        request.mentions.clear();
        request.all = false;
    }
    let before = request.items.clone();
    for mention in &part.items {
        let placed = request.items.iter_mut().find(|w| mention.is_at(request.order.as_ref(), w.at));
        if let Some(wanted) = placed.filter(|_| mention.fits.len() == 1 || mention.into.is_some()) {
            if let Some(said) = &mention.into {
                // A correction says all of it anew.
                if corrects && !said.options.is_empty() {
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
    if corrects && about_known && !says_more(&part.text) && before.iter().all(same) {
        let order = request.order.as_ref();
        request.items.retain(|w| part.items.iter().any(|m| m.is_at(order, w.at)));
    }
}

/// What is said comes on top of what was.
fn says_more(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["also", "too", "add", "as well", "plus", "也", "还", "加上", "再"].iter().any(|w| lower.contains(w))
}

fn is_known(request: &Request, mention: &ItemMention) -> bool {
    request.items.iter().any(|w| mention.is_at(request.order.as_ref(), w.at))
}

/// Later words are added to earlier ones, and win over them.
fn join(known: &mut Option<Wishes>, said: Wishes) {
    match known {
        None => *known = Some(said),
        Some(known) => {
            if said.same || known.same || !said.unknown.is_empty() {
                known.options.clear();
            }
            known.options.extend(said.options);
            known.same = said.same;
            known.price = said.price;
            known.unknown = said.unknown;
        }
    }
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

impl ItemMention {
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
