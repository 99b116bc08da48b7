//! A question about orders, and what is talked of, in; the answer out.

use super::super::errands::Errands;
use super::super::fill;
use super::super::heard::{Part, Place, Question, Verb};
use super::super::saying::Saying;
use super::Desk;
use crate::aftersales::nouns::{Order, Status};

/// The answer to a question about orders.
pub fn tell(errands: &mut Errands, question: Question, part: &Part, desk: &Desk<'_>) -> Saying {
    let all = || Saying::Orders { orders: desk.case.orders.iter().map(|o| (o.id.clone(), o.status)).collect() };
    if matches!(question, Question::Orders) {
        let so = desk.case.orders.iter().filter(|o| part.when.is_open() || fill::is_when(o, &part.when, desk));
        return Saying::Orders { orders: so.map(|o| (o.id.clone(), o.status)).collect() };
    }
    if question == Question::Total
        && let Some(difference) = fill::difference(errands, desk)
    {
        return difference;
    }
    if matches!(question, Question::Balance | Question::Profile) {
        return Saying::Told { question, order: None };
    }
    if let Some(said) = part.orders.iter().find(|id| desk.case.order(id).is_none()) {
        return Saying::UnknownOrder { said: said.clone() };
    }
    // "Where is my keyboard": of two the one that is still on its way.
    let awaited = |p: &&Place| desk.case.order(&p.order).is_some_and(|o| is_under_way(&o));
    let on_its_way = || part.told().flat_map(|m| &m.fits).find(awaited).cloned();
    let where_is = matches!(question, Question::Status | Question::Tracking);
    let place = where_is.then(on_its_way).flatten().or_else(|| part.told().find_map(|m| m.fits.first().cloned()));
    let wanted = || {
        let request = errands.queue.first()?;
        Some((request.order.clone()?, request.items.first()?.at))
    };
    if question == Question::Variants
        && let Some((order, at)) = place.clone().map(|p| (p.order, p.at)).or_else(wanted)
    {
        errands.order = Some(order.clone());
        let group = desk.case.order(&order).and_then(|o| o.items.get(at)).map(|i| i.item_group_id.clone()).unwrap_or_default();
        let mut variants: Vec<_> = desk.shelf.values().filter(|p| p.group == group).map(|p| p.id.clone()).collect();
        variants.sort();
        return Saying::Variants { order, at, variants };
    }
    if question == Question::Refund
        && let Some(place) = place.clone().filter(|p| fill::may(&p.order, Verb::Return, desk))
    {
        errands.order = Some(place.order.clone());
        return Saying::Worth { place };
    }
    let named = part.orders.first().cloned().or(place.map(|p| p.order));
    let meant = named.or_else(|| spoken_of(errands, part, desk));
    match meant.or_else(|| obvious(question, desk)) {
        Some(order) => {
            errands.order = Some(order.clone());
            Saying::Told { question, order: Some(order) }
        }
        None => all(),
    }
}

/// By when it was placed or how it stands, else the one talked of.
fn spoken_of(errands: &Errands, part: &Part, desk: &Desk<'_>) -> Option<String> {
    if part.when.is_open() {
        return errands.order.clone();
    }
    let mut fitting = desk.case.orders.iter().filter(|o| fill::is_when(o, &part.when, desk));
    let first = fitting.next()?;
    fitting.next().is_none().then(|| first.id.clone())
}

/// The only order, or the only one that is still under way.
fn obvious(question: Question, desk: &Desk<'_>) -> Option<String> {
    let orders = &desk.case.orders;
    match orders.as_slice() {
        [only] => Some(only.id.clone()),
        _ if matches!(question, Question::Status | Question::Tracking) => {
            let mut under_way = orders.iter().filter(is_under_way);
            let first = under_way.next()?;
            under_way.next().is_none().then(|| first.id.clone())
        }
        _ => None,
    }
}

fn is_under_way(order: &&Order) -> bool {
    matches!(order.status, Status::Pending | Status::ItemsModified | Status::Processed)
}
