//! A request as far as it is known in; the one question that is still open, the refusal, or the proposal out. The policy decides.

// What ends a step early is what is said next: made once a message, and moved twice.
#![allow(clippy::result_large_err)]

mod method;

use super::errands::{Errands, Request, Slot, Wanted};
use super::heard::{ItemMention, Verb, When, Wishes};
use super::saying::Saying;
use super::step::{Desk, possible};
use super::target::{self, Suiting};
use crate::aftersales::nouns::{Address, Order, Status};
use crate::aftersales::refusal::Why;
use crate::aftersales::{Deed, Kind, Proposal, Refusal, propose, rules};
use method::{method, methods};

#[allow(clippy::large_enum_variant)]
pub enum Next {
    Ask(Slot, Saying),
    Refuse(Saying),
    Propose(Proposal),
}

type Step<T> = Result<T, Next>;

/// The next thing to be said of a request. What cannot be used of it is said first, into `sayings`, and forgotten.
pub fn next(request: &mut Request, desk: &Desk<'_>, sayings: &mut Vec<Saying>) -> Next {
    match deed(request, desk, sayings) {
        Err(next) => next,
        Ok(deed) => match propose(desk.case, desk.shelf, desk.policy, &deed, desk.now_ms) {
            Ok(proposal) => Next::Propose(proposal),
            Err(refusal) => refused(request, &deed, refusal, desk),
        },
    }
}

/// A refusal that another choice can mend asks for that choice.
fn refused(request: &mut Request, deed: &Deed, refusal: Refusal, desk: &Desk<'_>) -> Next {
    let kind = deed.kind();
    let order = deed.order().map(str::to_owned);
    let found = order.as_ref().and_then(|id| desk.case.order(id));
    match (&refusal.why, found) {
        (Why::AddressIncomplete { field }, _) => Next::Ask(Slot::Address, Saying::AskAddress { order, missing: vec![field.clone()] }),
        (Why::SameMethod, _) => Next::Refuse(Saying::Refused { kind, order, refusal, instead: Vec::new() }), // as it is wanted
        (Why::BalanceTooLow { .. } | Why::RefundRoute { .. } | Why::MethodKindNotAllowed { .. }, Some(found)) => {
            let tried = method_of(deed);
            request.method = None;
            let others: Vec<String> = methods(kind, found, desk).into_iter().filter(|m| Some(m) != tried.as_ref()).collect();
            let said = Saying::Refused { kind, order, refusal, instead: Vec::new() };
            match others.is_empty() {
                true => Next::Refuse(said),
                false => {
                    let ask = Saying::AskMethod { kind, order: found.id.clone(), methods: others };
                    Next::Ask(Slot::Method, Saying::Both(Box::new(said), Box::new(ask)))
                }
            }
        }
        (Why::NothingChanges, _) => {
            request.address = None;
            let said = Saying::Refused { kind, order: order.clone(), refusal, instead: Vec::new() };
            let ask = Saying::AskAddress { order, missing: Vec::new() };
            Next::Ask(Slot::Address, Saying::Both(Box::new(said), Box::new(ask)))
        }
        _ => {
            let instead = found.map(|o| possible(o, desk)).unwrap_or_default();
            Next::Refuse(Saying::Refused { kind, order, refusal, instead })
        }
    }
}

fn method_of(deed: &Deed) -> Option<String> {
    match deed {
        Deed::ModifyPayment { payment_method_id, .. }
        | Deed::ModifyItems { payment_method_id, .. }
        | Deed::Return { payment_method_id, .. }
        | Deed::Exchange { payment_method_id, .. } => Some(payment_method_id.clone()),
        _ => None,
    }
}

fn deed(request: &mut Request, desk: &Desk<'_>, sayings: &mut Vec<Saying>) -> Step<Deed> {
    if request.verb == Some(Verb::Profile) {
        let address = whole_address(request, &desk.case.customer.address, None)?;
        return Ok(Deed::ModifyProfile { user_id: desk.case.customer.id.clone(), address });
    }
    let order = order(request, desk)?;
    let verb = verb(request, order, desk)?;
    // 退掉这一单, of one that is not sent yet: the whole of it is to be cancelled.
    let whole = request.items.is_empty() && request.mentions.is_empty() && request.except.is_empty();
    let verb = match verb {
        Verb::Return if whole && may(&order.id, Verb::Cancel, desk) && !may(&order.id, Verb::Return, desk) => Verb::Cancel,
        verb => verb,
    };
    request.verb = Some(verb);
    let kind = kind_of(verb, order.status);
    // What cannot be done at all is said before anything is asked.
    if let Some(rule) = desk.policy.deeds.get(&kind)
        && let Err(why) = rules::may(rule, kind, order, desk.now_ms)
    {
        let refusal = Refusal { why, clause: rule.clause.clone() };
        return Err(Next::Refuse(Saying::Refused { kind, order: Some(order.id.clone()), refusal, instead: possible(order, desk) }));
    }
    let order_id = order.id.clone();
    match kind {
        Kind::Cancel => {
            one_of_several(request, order, sayings);
            let reason = reason(request, order, desk)?;
            Ok(Deed::Cancel { order_id, reason })
        }
        Kind::ModifyAddress => {
            let address = whole_address(request, &order.address, Some(&order_id))?;
            Ok(Deed::ModifyAddress { order_id, address })
        }
        Kind::ModifyPayment => {
            let payment_method_id = method(request, kind, order, desk, sayings)?;
            Ok(Deed::ModifyPayment { order_id, payment_method_id })
        }
        Kind::Return => {
            let items = items(request, kind, order, sayings)?;
            let item_ids = items.iter().map(|w| order.items[w.at].id.clone()).collect();
            let payment_method_id = method(request, kind, order, desk, sayings)?;
            Ok(Deed::Return { order_id, item_ids, payment_method_id })
        }
        Kind::ModifyItems | Kind::Exchange => {
            items(request, kind, order, sayings)?;
            targets(request, order, desk)?;
            let item_ids: Vec<String> = request.items.iter().map(|w| order.items[w.at].id.clone()).collect();
            let new_item_ids: Vec<String> = request.items.iter().filter_map(|w| w.into.clone()).collect();
            let payment_method_id = method(request, kind, order, desk, sayings)?;
            Ok(match kind {
                Kind::Exchange => Deed::Exchange { order_id, item_ids, new_item_ids, payment_method_id },
                _ => Deed::ModifyItems { order_id, item_ids, new_item_ids, payment_method_id },
            })
        }
        Kind::ModifyProfile => unreachable!("a verb other than Profile leads to no change of the profile"),
    }
}

/// The order a request is about, when there is no doubt.
pub fn order_of(request: &Request, desk: &Desk<'_>) -> Option<String> {
    if request.order.is_some() {
        return request.order.clone();
    }
    match candidates(request, desk).as_slice() {
        [only] => Some(only.id.clone()),
        _ => None,
    }
}

fn order<'a>(request: &mut Request, desk: &Desk<'a>) -> Step<&'a Order> {
    if let Some(found) = request.order.as_ref().and_then(|id| desk.case.order(id)) {
        return Ok(found);
    }
    let candidates = candidates(request, desk);
    if let [only] = candidates.as_slice() {
        request.order = Some(only.id.clone());
        return Ok(only);
    }
    let orders = candidates.iter().map(|o| o.id.clone()).collect();
    Err(Next::Ask(Slot::Order, Saying::AskOrder { verb: request.verb, orders }))
}

/// The orders a request may be about: named, holding what was named, placed then; of these, if there are any, those on which it may be
/// done.
pub fn candidates<'a>(request: &Request, desk: &Desk<'a>) -> Vec<&'a Order> {
    let mut orders: Vec<&Order> = desk.case.orders.iter().collect();
    let mut narrow = |keep: &dyn Fn(&Order) -> bool| {
        let kept: Vec<&Order> = orders.iter().copied().filter(|o| keep(o)).collect();
        if !kept.is_empty() {
            orders = kept;
        }
    };
    if !request.among.is_empty() {
        narrow(&|o| request.among.contains(&o.id));
    }
    for mention in request.holding.iter().chain(&request.mentions) {
        narrow(&|o| mention.is_on(&o.id));
    }
    if !request.when.is_open() {
        narrow(&|o| is_when(o, &request.when, desk));
    }
    if let Some(verb) = request.verb {
        narrow(&|o| may(&o.id, verb, desk));
    }
    orders
}

/// Whether the policy allows what `verb` is for this order, now.
pub fn may(order: &str, verb: Verb, desk: &Desk<'_>) -> bool {
    let Some(order) = desk.case.order(order) else { return false };
    let possible = possible(order, desk);
    match verb {
        Verb::Change => possible.iter().any(|k| matches!(k, Kind::ModifyAddress | Kind::ModifyPayment | Kind::ModifyItems)),
        verb => possible.contains(&kind_of(verb, order.status)),
    }
}

/// Whether an order is the one meant by when it was placed or how it stands.
pub fn is_when(order: &Order, when: &When, desk: &Desk<'_>) -> bool {
    let by_state = |status: Status| match status {
        Status::Pending => matches!(order.status, Status::Pending | Status::ItemsModified),
        other => order.status == other,
    };
    if when.status.is_some_and(|s| !by_state(s)) {
        return false;
    }
    if when.latest {
        let newest = desk.case.orders.iter().enumerate().max_by_key(|(n, o)| (o.placed_ms.unwrap_or(0), *n));
        return newest.is_some_and(|(_, o)| o.id == order.id);
    }
    match (when.days_ago, order.placed_ms) {
        (Some((from, to)), Some(placed)) => {
            let days = (desk.now_ms - placed) / (24 * 60 * 60 * 1000);
            (i64::from(from.min(to))..=i64::from(from.max(to))).contains(&days)
        }
        _ => true,
    }
}

fn verb(request: &mut Request, order: &Order, desk: &Desk<'_>) -> Step<Verb> {
    let told = match request.verb {
        Some(Verb::Change) | None if request.address.is_some() => Some(Verb::Address),
        Some(Verb::Change) | None if request.mentions.iter().any(|m| m.into.is_some()) => Some(Verb::Swap),
        Some(Verb::Change) | None if request.items.iter().any(|w| w.wishes.is_some()) => Some(Verb::Swap),
        Some(Verb::Change) if request.method.is_some() => Some(Verb::Payment),
        Some(Verb::Change) if !request.mentions.is_empty() => Some(Verb::Swap),
        Some(Verb::Change) | None => None,
        told => told,
    };
    request.verb = told.or(request.verb);
    told.ok_or_else(|| Next::Ask(Slot::Verb, Saying::AskVerb { order: Some(order.id.clone()), may: possible(order, desk) }))
}

/// Which deed a verb is for an order in that state.
pub fn kind_of(verb: Verb, status: Status) -> Kind {
    let sent = !matches!(status, Status::Pending | Status::ItemsModified | Status::Processed);
    match verb {
        Verb::Cancel => Kind::Cancel,
        Verb::Return => Kind::Return,
        Verb::Refund if sent && status != Status::Cancelled => Kind::Return,
        Verb::Refund => Kind::Cancel,
        Verb::Swap if sent => Kind::Exchange,
        Verb::Swap | Verb::Change => Kind::ModifyItems,
        Verb::Address => Kind::ModifyAddress,
        Verb::Payment => Kind::ModifyPayment,
        Verb::Profile => Kind::ModifyProfile,
    }
}

/// Only a whole order is cancelled; whoever named one of its things is told.
fn one_of_several(request: &mut Request, order: &Order, sayings: &mut Vec<Saying>) {
    let named = request.mentions.iter().filter(|m| m.is_on(&order.id)).count();
    // Without its number the thing only says which order is meant.
    if named > 0 && named < order.items.len() && !request.all && request.numbered {
        sayings.push(Saying::PartNotCancelled { order: order.id.clone() });
    }
    request.mentions.clear();
}

fn reason(request: &Request, order: &Order, desk: &Desk<'_>) -> Step<String> {
    let reasons = desk.policy.deeds.get(&Kind::Cancel).map(|rule| rule.reasons.iter().map(|r| r.name.clone()).collect::<Vec<_>>());
    let reasons = reasons.unwrap_or_default();
    let given = request.reason.clone().filter(|r| reasons.contains(r));
    given.ok_or_else(|| Next::Ask(Slot::Reason, Saying::AskReason { order: order.id.clone(), reasons }))
}

fn whole_address(request: &mut Request, was: &Address, order: Option<&str>) -> Step<Address> {
    let ask = |missing: Vec<String>| Next::Ask(Slot::Address, Saying::AskAddress { order: order.map(str::to_owned), missing });
    let Some(said) = &mut request.address else { return Err(ask(Vec::new())) };
    if said.address1.trim().is_empty() && said.zip.trim().is_empty() && said.city.trim().is_empty() {
        return Err(ask(Vec::new()));
    }
    // Within one town people name neither it nor the country again; the proposal shows what is taken for granted.
    let same_town = !said.city.is_empty() && said.city.eq_ignore_ascii_case(&was.city) || said.zip == was.zip;
    if said.city.is_empty() && (same_town || was.city == was.country) {
        said.city.clone_from(&was.city);
    }
    if said.state.is_empty() && (same_town || was.city == was.country) {
        said.state.clone_from(&was.state);
    }
    if said.country.is_empty() {
        said.country.clone_from(&was.country);
    }
    let missing: Vec<String> = [("address1", &said.address1), ("city", &said.city), ("zip", &said.zip)]
        .into_iter()
        .filter(|(_, text)| text.trim().is_empty())
        .map(|(field, _)| field.to_owned())
        .collect();
    if !missing.is_empty() {
        return Err(ask(missing));
    }
    Ok(said.clone())
}

/// The items a deed is about: places on the order.
fn items<'r>(request: &'r mut Request, kind: Kind, order: &Order, sayings: &mut Vec<Saying>) -> Step<&'r [Wanted]> {
    if request.all {
        let left_out = |at: usize| request.except.iter().any(|m| m.fits.iter().any(|p| p.order == order.id && p.at == at));
        request.items = (0..order.items.len()).filter(|at| !left_out(*at)).map(Wanted::at).collect();
        (request.all, request.mentions) = (false, Vec::new());
    }
    let mut open: Vec<ItemMention> = Vec::new();
    for mention in std::mem::take(&mut request.mentions) {
        let here: Vec<usize> = mention.fits.iter().filter(|p| p.order == order.id).map(|p| p.at).collect();
        let free: Vec<usize> = here.iter().copied().filter(|at| request.items.iter().all(|w| w.at != *at)).collect();
        let alike = free.windows(2).all(|two| order.items[two[0]].id == order.items[two[1]].id);
        let chosen = match free.as_slice() {
            [] if here.is_empty() => {
                sayings.push(Saying::NotOnOrder { words: mention.words.clone(), order: Some(order.id.clone()) });
                continue;
            }
            [] => continue,
            places if mention.both => places.to_vec(),
            [first, ..] if alike => vec![*first],
            _ => {
                open.push(mention);
                continue;
            }
        };
        request.items.extend(chosen.into_iter().map(|at| Wanted { wishes: mention.into.clone(), ..Wanted::at(at) }));
    }
    request.mentions = open;
    if let Some(mention) = request.mentions.first() {
        let places = mention.fits.iter().filter(|p| p.order == order.id).cloned().collect();
        return Err(Next::Ask(Slot::Items, Saying::AskWhich { words: mention.words.clone(), places }));
    }
    if request.items.is_empty() {
        match order.items.as_slice() {
            [_] => request.items.push(Wanted::at(0)),
            _ => return Err(Next::Ask(Slot::Items, Saying::AskItems { kind, order: order.id.clone() })),
        }
    }
    Ok(&request.items)
}

/// What each item is to become.
fn targets(request: &mut Request, order: &Order, desk: &Desk<'_>) -> Step<()> {
    for wanted in request.items.iter_mut().filter(|w| w.into.is_none()) {
        let item = &order.items[wanted.at];
        let ask = |by, variants| Saying::AskTarget { order: order.id.clone(), at: wanted.at, by, variants };
        let wishes = wanted.wishes.clone().unwrap_or_default();
        match target::suiting(item, &wishes, desk.shelf) {
            // Without a word on it nothing is chosen for the shopper.
            _ if wanted.wishes.is_none() => {
                let Suiting::Several { variants, by } = target::suiting(item, &wishes, desk.shelf) else {
                    return Err(Next::Ask(Slot::Target, ask(None, others(item, desk))));
                };
                return Err(Next::Ask(Slot::Target, ask(by, variants)));
            }
            Suiting::One(id) => wanted.into = Some(id),
            Suiting::Several { variants, by } => return Err(Next::Ask(Slot::Target, ask(by, variants))),
            Suiting::None { nearest, wished } => {
                let saying = Saying::NoSuchVariant { order: order.id.clone(), at: wanted.at, wished, nearest };
                wanted.wishes = wanted.wishes.take().map(|w| Wishes { unknown: Vec::new(), ..w });
                return Err(Next::Ask(Slot::Target, saying));
            }
        }
    }
    Ok(())
}

/// What the change at hand costs more or less, when it is known what becomes of everything.
pub fn difference(errands: &Errands, desk: &Desk<'_>) -> Option<Saying> {
    let request = errands.queue.first().filter(|r| r.verb == Some(Verb::Swap) && !r.items.is_empty())?;
    let order = request.order.as_ref().and_then(|id| desk.case.order(id))?;
    let more = |wanted: &Wanted| {
        let price = desk.shelf.get(wanted.into.as_ref()?)?.offer.price.as_ref()?;
        Some(price.minor - order.items[wanted.at].price.minor)
    };
    let minor = request.items.iter().map(more).sum::<Option<i64>>()?;
    Some(Saying::Difference { amount: order.money(minor) })
}

fn others(item: &crate::aftersales::nouns::OrderItem, desk: &Desk<'_>) -> Vec<String> {
    let mut ids: Vec<String> =
        desk.shelf.values().filter(|p| p.group == item.item_group_id && p.id != item.id).map(|p| p.id.clone()).collect();
    ids.sort();
    ids
}
