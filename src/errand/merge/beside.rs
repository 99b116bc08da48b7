//! A part of a message in, said beside what was asked or proposed; whether it only names something, what becomes of that, and which of
//! what was listed it chooses, out.

use super::super::errands::{Errands, Slot};
use super::super::hear::{self, cuts};
use super::super::heard::{ItemMention, MethodMention, Part, Verb, Wishes};
use super::super::saying::Saying;
use super::super::step::Desk;
use super::wishes::join;
use super::{says_more, takes_back, wishes_for};
use crate::aftersales::nouns::OrderItem;
use crate::catalog::ProductId;

/// "And the puzzles are still coming?", "the mouse is fine": things with nothing to be done, named beside what is asked or proposed.
pub(super) fn is_aside(errands: &Errands, part: &Part) -> bool {
    let Some(request) = errands.queue.first() else { return false };
    let named: Vec<&ItemMention> = part.told().filter(|m| !m.fits.is_empty()).collect();
    let plain = part.verb.is_none() && part.orders.is_empty() && part.left.is_empty() && !part.all;
    if named.is_empty() || !plain || named.iter().any(|m| m.into.is_some()) || cuts::adds(&part.text) {
        return false;
    }
    let asks = cuts::inquires(&part.text);
    match errands.asked {
        Some(Slot::Confirm) if asks => true,
        Some(Slot::Target | Slot::Method | Slot::Reason) => asks && !named.iter().any(|m| m.bare),
        Some(Slot::Confirm) if part.anew => false,
        Some(Slot::Confirm) => {
            let elsewhere = request.order.as_ref().is_some_and(|id| !named.iter().any(|m| m.is_on(id)));
            let others = !request.items.is_empty() && !named.iter().any(|m| m.bare || request.has(m));
            let short = cuts::is_short(&part.text);
            elsewhere || others && !short && !says_more(&part.text) && !takes_back(&part.text)
        }
        _ => false,
    }
}

/// What becomes of a thing that was asked about.
pub(super) fn beside(errands: &Errands, part: &Part, desk: &Desk<'_>) -> Option<Saying> {
    let request = errands.queue.first().filter(|_| part.questions.is_empty())?;
    let mention = part.told().find(|m| !m.fits.is_empty() && !m.bare).filter(|_| cuts::inquires(&part.text))?;
    let whole = matches!(request.verb, Some(Verb::Cancel | Verb::Address | Verb::Payment));
    let here = mention.fits.iter().find(|p| Some(&p.order) == request.order.as_ref());
    let included = here.is_some() && (whole || request.has(mention));
    let place = here.or(mention.fits.first()).filter(|p| desk.case.order(&p.order).is_some())?;
    Some(Saying::Beside { place: place.clone(), included })
}

/// "The first one", of the methods that were listed.
pub(super) fn chooses_method(errands: &mut Errands, part: &Part) -> bool {
    if errands.asked != Some(Slot::Method) || part.method.is_some() || part.verb.is_some() {
        return false;
    }
    let id = hear::ordinal(&part.text).and_then(|at| errands.listed.get(at)).cloned();
    let Some((id, request)) = id.zip(errands.queue.first_mut()) else { return false };
    request.method = Some(MethodMention::Fits(vec![id]));
    true
}

/// "The second one", "the 219.88 one", of the variants that were listed; of one "that one" and a yes too.
pub(super) fn chooses_variant(errands: &mut Errands, part: &Part, desk: &Desk<'_>) -> bool {
    if errands.asked != Some(Slot::Target) || errands.listed.is_empty() {
        return false;
    }
    // "2" may be two litres: what is a value of it is no place in the list.
    if !wished(errands, part, desk).options.is_empty() && !cuts::names_place(&part.text) {
        let id = described(errands, part, desk);
        return id.is_some_and(|id| choose(errands, &id, part, desk));
    }
    let priced = |id: &ProductId| {
        let price = desk.shelf.get(id).and_then(|p| p.offer.price.as_ref());
        price.is_some_and(|price| cuts::says_price(&part.text, price.minor))
    };
    let only = |at: usize| errands.listed[at + 1..].iter().all(|id| !priced(id));
    let at = match errands.listed.len() {
        1 if cuts::assents(&part.text) => Some(0),
        n => hear::ordinal(&part.text)
            .or_else(|| cuts::is_last(&part.text).then(|| n - 1))
            .or_else(|| errands.listed.iter().position(priced).filter(|at| only(*at)))
            .or_else(|| cuts::is_cheapest(&part.text).then(|| cheapest(&errands.listed, desk)).flatten()),
    };
    let named = at.and_then(|at| errands.listed.get(at)).cloned();
    let Some(id) = named.or_else(|| described(errands, part, desk)) else { return false };
    choose(errands, &id, part, desk)
}

fn cheapest(listed: &[ProductId], desk: &Desk<'_>) -> Option<usize> {
    let price = |id: &ProductId| desk.shelf.get(id).and_then(|p| p.offer.price.as_ref()).map(|m| m.minor);
    let priced = listed.iter().enumerate().filter_map(|(at, id)| Some((at, price(id)?)));
    priced.min_by_key(|(_, price)| *price).map(|(at, _)| at)
}

/// "The blue one": the only one of those listed that is as it is said.
fn described(errands: &Errands, part: &Part, desk: &Desk<'_>) -> Option<ProductId> {
    let plain = part.verb.is_none_or(|v| matches!(v, Verb::Swap | Verb::Change)) && part.orders.is_empty();
    let item = asked_about(errands, desk).filter(|_| plain)?;
    let said = wished(errands, part, desk);
    let is = |id: &&ProductId| {
        let options = desk.shelf.get(*id).map(|p| item.options_of(p));
        options.is_some_and(|o| said.options.iter().all(|(name, value)| o.get(name) == Some(value)))
    };
    let mut fits = errands.listed.iter().filter(is);
    let first = fits.next().filter(|_| !said.options.is_empty() && said.unknown.is_empty())?;
    fits.next().is_none().then(|| first.clone())
}

/// What words wish of the thing that was asked about.
fn wished(errands: &Errands, part: &Part, desk: &Desk<'_>) -> Wishes {
    asked_about(errands, desk).map(|item| wishes_for(item, &part.text, desk)).unwrap_or_default()
}

/// The thing of which it was asked what it is to become.
fn asked_about<'d>(errands: &Errands, desk: &Desk<'d>) -> Option<&'d OrderItem> {
    let request = errands.queue.first()?;
    let order = desk.case.order(request.order.as_ref()?)?;
    Some(&order.items[request.items.iter().find(|w| w.into.is_none())?.at])
}

/// The variant becomes what the thing that was asked about is to be.
fn choose(errands: &mut Errands, id: &ProductId, part: &Part, desk: &Desk<'_>) -> bool {
    let Some(request) = errands.queue.first_mut() else { return false };
    let Some(order) = request.order.as_ref().and_then(|id| desk.case.order(id)) else { return false };
    let Some(wanted) = request.items.iter_mut().find(|w| w.into.is_none()) else { return false };
    let Some(product) = desk.shelf.get(id) else {
        // A value of the choice that was asked for.
        let said = wishes_for(&order.items[wanted.at], id, desk);
        let is = !said.options.is_empty();
        join(&mut wanted.wishes, said);
        return is;
    };
    wanted.wishes = Some(Wishes { options: order.items[wanted.at].options_of(product), ..Wishes::default() });
    wanted.into = Some(id.clone());
    if part.method.is_some() {
        request.method = part.method.clone();
    }
    true
}
