//! Words in; what they would do to what is asked or proposed, out. Nothing is changed: the errands are tried on a copy.

use super::super::errands::Errands;
use super::super::heard::{Heard, Verb};
use super::super::merge;
use super::{Desk, gives_up, proposed};

/// Whether words that are no request by themselves answer what was asked: "the red one, size M".
pub fn is_answer(errands: &Errands, heard: &[Heard], desk: &Desk<'_>) -> bool {
    let mut after = errands.clone();
    heard.iter().flat_map(|h| &h.parts).for_each(|part| drop(merge::take_in(&mut after, part, false, desk)));
    after != *errands
}

/// Whether words that begin or end with a yes only say once more what is proposed: "sure, to the card".
pub fn repeats(errands: &Errands, heard: &Heard, desk: &Desk<'_>) -> bool {
    let plain = heard.parts.iter().all(|p| p.questions.is_empty() && !p.dropped);
    heard.agrees && plain && effect(errands, heard, desk) == Effect::None
}

/// What words do to a proposal that waits, and to what comes after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    None,
    /// Something is to be done besides.
    Adds,
    Changes,
}

pub fn effect(errands: &Errands, heard: &Heard, desk: &Desk<'_>) -> Effect {
    let mut after = errands.clone();
    let mut deeds = 0;
    for part in &heard.parts {
        if part.dropped && gives_up(errands, part, std::slice::from_ref(heard)) {
            return Effect::Changes;
        } else if !part.dropped {
            merge::take_in(&mut after, part, deeds > 0, desk);
        }
        deeds += usize::from(part.verb.is_some());
    }
    let standing = proposed(errands, desk);
    if standing.is_none() || proposed(&after, desk) != standing {
        return Effect::Changes;
    }
    if after.queue[1..] == errands.queue[1..] { Effect::None } else { Effect::Adds }
}

/// Whether words name a variant of something that is to become another.
pub fn wishes_of_proposed(errands: &Errands, text: &str, desk: &Desk<'_>) -> bool {
    let Some(request) = errands.queue.first().filter(|r| r.verb == Some(Verb::Swap)) else { return false };
    let Some(order) = request.order.as_ref().and_then(|id| desk.case.order(id)) else { return false };
    request.items.iter().any(|w| !merge::wishes_for(&order.items[w.at], text, desk).options.is_empty())
}

/// Whether words wish of something that is to become another what no variant of it has.
pub fn wishes_in_vain(errands: &Errands, text: &str, desk: &Desk<'_>) -> bool {
    let Some(request) = errands.queue.first().filter(|r| r.verb == Some(Verb::Swap)) else { return false };
    let Some(order) = request.order.as_ref().and_then(|id| desk.case.order(id)) else { return false };
    request.items.iter().all(|w| !merge::wishes_for(&order.items[w.at], text, desk).unknown.is_empty()) && !request.items.is_empty()
}
