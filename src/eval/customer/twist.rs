//! A deed in; what the customer asks for first and then thinks better of, where the shop would have done that too, out.

use super::naming::{Things, method_of, pairs};
use super::phrases::Voice;
use crate::aftersales::{Deed, Kind, Policy, propose};

/// What of the deed was another at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twist {
    Method,
    Reason,
    Target,
    /// A return that becomes an exchange.
    Kind,
}

/// None when nothing else could be asked for.
pub fn twist(deed: &Deed, things: &Things<'_>, policy: &Policy, voice: &mut Voice) -> Option<(Twist, Deed)> {
    let mut others = methods(deed, things);
    others.extend(reasons(deed, policy));
    others.extend(targets(deed, things));
    others.extend(kinds(deed));
    others.retain(|(_, other)| propose(things.case, things.shelf, policy, other, 0).is_ok());
    let kinds: Vec<Twist> = others.iter().map(|(twist, _)| *twist).collect();
    let chosen = *kinds.get(voice.dice.below(kinds.len()))?;
    others.retain(|(twist, _)| *twist == chosen);
    let n = voice.dice.below(others.len());
    (n < others.len()).then(|| others.swap_remove(n))
}

fn methods(deed: &Deed, things: &Things<'_>) -> Vec<(Twist, Deed)> {
    let Some(own) = method_of(deed) else { return Vec::new() };
    let others = things.case.customer.payment_methods.iter().filter(|m| m.id != own);
    let with = |id: &String| {
        let mut other = deed.clone();
        if let Deed::ModifyPayment { payment_method_id, .. }
        | Deed::ModifyItems { payment_method_id, .. }
        | Deed::Return { payment_method_id, .. }
        | Deed::Exchange { payment_method_id, .. } = &mut other
        {
            payment_method_id.clone_from(id);
        }
        (Twist::Method, other)
    };
    others.map(|m| with(&m.id)).collect()
}

fn reasons(deed: &Deed, policy: &Policy) -> Vec<(Twist, Deed)> {
    let Deed::Cancel { order_id, reason } = deed else { return Vec::new() };
    let all = policy.deeds.get(&Kind::Cancel).into_iter().flat_map(|rule| &rule.reasons);
    let other = |name: &String| (Twist::Reason, Deed::Cancel { order_id: order_id.clone(), reason: name.clone() });
    all.filter(|r| r.name != *reason).map(|r| other(&r.name)).collect()
}

/// The first item as another variant than in the end.
fn targets(deed: &Deed, things: &Things<'_>) -> Vec<(Twist, Deed)> {
    let Some((item, Some(into))) = things.pairs(deed).first().copied() else { return Vec::new() };
    let mut variants: Vec<&String> =
        things.shelf.values().filter(|p| p.group == item.item_group_id && p.id != into && p.id != item.id).map(|p| &p.id).collect();
    variants.sort();
    let with = |id: &String| {
        let mut other = deed.clone();
        if let Deed::ModifyItems { new_item_ids, .. } | Deed::Exchange { new_item_ids, .. } = &mut other {
            new_item_ids[0].clone_from(id);
        }
        (Twist::Target, other)
    };
    variants.into_iter().map(with).collect()
}

fn kinds(deed: &Deed) -> Option<(Twist, Deed)> {
    let Deed::Exchange { order_id, payment_method_id, .. } = deed else { return None };
    let item_ids = pairs(deed).into_iter().map(|(was, _)| was.to_owned()).collect();
    Some((Twist::Kind, Deed::Return { order_id: order_id.clone(), item_ids, payment_method_id: payment_method_id.clone() }))
}
