//! A request about money, and the order it is about, in; the customer's method it goes through, or the question which, out.

use super::super::errands::{Request, Slot};
use super::super::heard::MethodMention;
use super::super::saying::Saying;
use super::super::step::Desk;
use super::{Next, Step};
use crate::aftersales::nouns::{Customer, MethodKind, Order};
use crate::aftersales::{Kind, rules};

/// The means of payment: the one that was named, or the only one it can be.
pub fn method(request: &mut Request, kind: Kind, order: &Order, desk: &Desk<'_>, sayings: &mut Vec<Saying>) -> Step<String> {
    let allowed = methods(kind, order, desk);
    let paid: Vec<&str> = order.paid_by().into_iter().map(|(id, _)| id).collect();
    let named: Vec<String> = match &request.method {
        None => Vec::new(),
        Some(MethodMention::Fits(ids)) => ids.clone(),
        Some(MethodMention::Original) => paid.iter().map(|id| (*id).to_owned()).collect(),
        Some(MethodMention::Other) => allowed.iter().filter(|id| !paid.contains(&id.as_str())).cloned().collect(),
        Some(MethodMention::Unknown(words)) => {
            sayings.push(Saying::UnknownMethod { words: words.clone() });
            request.method = None;
            Vec::new()
        }
    };
    // One that is not allowed is named all the same: the rules say why not.
    let fitting: Vec<String> = named.iter().filter(|id| allowed.contains(id)).cloned().collect();
    let choice = match (fitting.as_slice(), named.as_slice(), allowed.as_slice()) {
        ([only], _, _) | ([], [only], _) => Some(only.clone()),
        ([], [], [only]) => Some(only.clone()),
        _ => None,
    };
    if let Some(choice) = choice {
        return Ok(choice);
    }
    let methods = if fitting.is_empty() { allowed } else { fitting };
    Err(Next::Ask(Slot::Method, Saying::AskMethod { kind, order: order.id.clone(), methods }))
}

/// The customer's methods that may be used for a deed.
pub fn methods(kind: Kind, order: &Order, desk: &Desk<'_>) -> Vec<String> {
    let Some(rule) = desk.policy.deeds.get(&kind) else { return Vec::new() };
    if kind == Kind::Return {
        return rules::refund_routes(desk.case, rule, order).iter().map(|m| m.id.clone()).collect();
    }
    let paid: Vec<&str> = order.paid_by().into_iter().map(|(id, _)| id).collect();
    let allowed = |kind: MethodKind| rule.methods.is_empty() || rule.methods.contains(&kind);
    let Customer { payment_methods, .. } = &desk.case.customer;
    let usable = payment_methods.iter().filter(|m| allowed(m.kind) && !(kind == Kind::ModifyPayment && paid.contains(&m.id.as_str())));
    usable.map(|m| m.id.clone()).collect()
}
