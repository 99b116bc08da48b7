//! A message while a proposal waits in; whether it says yes or no to it, and what it says besides, out. Pure.
//!
//! Sentence by sentence: a yes, a remark, a question, another request. It is a yes when one of them says so, if only by naming the very
//! deed ("take it back, then"), and none changes what is proposed: "yes, but in blue" is none, "yes. And the lamp goes back" is one,
//! with a request behind it.

use super::errands::{Errands, Request, Slot};
use super::hear::{cuts, hear};
use super::heard::{Answer, Heard, ItemMention, Part, Verb};
use super::step::{self, Desk};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub yes: bool,
    /// Other words than those that say it; of a no, all of them.
    pub rest: String,
}

/// Sentences and clauses looked at in one message.
const MOST: usize = 16;

/// What a clause is to the proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Yes,
    No,
    /// The deed itself, or something of it, as it is proposed.
    Again,
    /// Nothing of use.
    Remark,
    /// A question that leaves it as it is.
    Asks,
    /// Another matter.
    Other,
    /// It is to be otherwise.
    Changes,
}

pub fn verdict(text: &str, errands: &Errands, desk: &Desk<'_>) -> Option<Verdict> {
    if errands.asked != Some(Slot::Confirm) {
        return None;
    }
    let ear = Ear { errands, desk };
    let heard = ear.hears(text);
    match heard.answer {
        Some(Answer::Yes) => return Some(Verdict { yes: true, rest: String::new() }),
        // "No, the blue one": it is to be otherwise, and stays wished for.
        Some(Answer::No) if ear.wishes(text) => return None,
        Some(Answer::No) => return Some(Verdict { yes: false, rest: text.to_owned() }),
        None => {}
    }
    if step::repeats(errands, &heard, desk) {
        return Some(Verdict { yes: true, rest: String::new() });
    }
    if cuts::objects(text) || cuts::says_anew(text) {
        return None;
    }
    let text = cuts::narrowed(text);
    let first = errands.queue.first().and_then(|r| r.verb);
    let cancels = |p: &Part| p.verb == Some(Verb::Cancel) && Part { verb: None, ..p.clone() }.is_empty();
    if first != Some(Verb::Cancel) && !heard.parts.is_empty() && heard.parts.iter().all(cancels) {
        // "Cancel" alone, of what is no cancellation: it is not to be done.
        return Some(Verdict { yes: false, rest: String::new() });
    }
    let sentences = cuts::sentences(&text);
    let (mut yes, mut rest) = (false, Vec::new());
    for sentence in sentences.iter().take(MOST) {
        let (says, other) = ear.sentence(sentence);
        match says {
            Says::Yes => yes = true,
            Says::No | Says::Changes => return None,
            Says::Again | Says::Remark | Says::Asks | Says::Other => {}
        }
        rest.extend(other);
    }
    (yes && sentences.len() <= MOST).then(|| Verdict { yes, rest: rest.join(" ") })
}

struct Ear<'a> {
    errands: &'a Errands,
    desk: &'a Desk<'a>,
}

impl Ear<'_> {
    fn hears(&self, text: &str) -> Heard {
        hear(text, Some(self.desk.case), self.desk.shelf, self.desk.policy, self.errands)
    }

    /// What a sentence is, and the part of it that is for afterwards. It may begin with a yes: "好的，那台灯也退".
    fn sentence<'t>(&self, text: &'t str) -> (Says, Option<&'t str>) {
        let whole = self.says(text);
        if !matches!(whole, Says::Changes | Says::Other | Says::Asks | Says::Remark) {
            return (whole, None);
        }
        let cuts = cuts::beginnings(text);
        let begins = cuts.iter().take(MOST).rev().find(|cut| self.says(&text[..**cut]) == Says::Yes);
        let ends = || cuts.iter().take(MOST).find(|cut| self.says(&text[**cut..]) == Says::Yes);
        if let Some(cut) = begins {
            let rest = text[*cut..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '-' | '~'));
            return match self.says(rest) {
                Says::Asks if cuts::is_conditional(rest) => (Says::Changes, None),
                Says::Other | Says::Asks => (Says::Yes, Some(rest)),
                Says::Remark | Says::Again | Says::Yes => (Says::Yes, None),
                Says::No | Says::Changes => (Says::Changes, None),
            };
        }
        // "$38 more, the card has that, do it."
        if let Some(cut) = ends()
            && matches!(self.says(&text[..*cut]), Says::Remark | Says::Again | Says::Asks)
        {
            return (Says::Yes, None);
        }
        match whole {
            Says::Other => (whole, Some(text)),
            Says::Asks if self.hears(text).parts.iter().all(|p| p.verb.is_none()) => (whole, Some(text)),
            _ => (whole, None),
        }
    }

    fn says(&self, text: &str) -> Says {
        let heard = self.hears(text);
        match heard.answer {
            Some(Answer::Yes) => return Says::Yes,
            Some(Answer::No) => return Says::No,
            None => {}
        }
        if cuts::reminds(text) {
            return Says::Remark;
        }
        let asks = cuts::asks(text);
        let parts: Vec<&Part> = heard.parts.iter().filter(|p| !p.is_empty() && !p.complete).collect();
        if parts.is_empty() {
            return match (asks, cuts::limits(text)) {
                (true, _) => Says::Asks,
                (false, true) if self.wishes(text) => Says::Changes,
                (false, true) if text.split_whitespace().count() < 8 && text.chars().count() < 24 => Says::Changes,
                (false, _) => Says::Remark,
            };
        }
        if parts.iter().all(|p| p.only_asks()) {
            return Says::Asks;
        }
        // "Can nothing else go back later?": no deed is asked for.
        if asks && parts.iter().all(|p| p.orders.is_empty() && p.told().next().is_none() && !p.all && p.address.is_none()) {
            return Says::Asks;
        }
        // "Oh nice, it's cheaper": a word that might be of a thing, and is not of what is proposed.
        let idle = |p: &&&Part| {
            p.verb.is_none()
                && p.items.iter().all(|m| m.bare || m.fits.is_empty())
                && Part { items: Vec::new(), ..(**p).clone() }.is_empty()
        };
        if parts.iter().filter(|p| !idle(p)).count() == 0 && !self.wishes(text) {
            return Says::Remark;
        }
        let aside = parts.iter().all(|p| p.verb.is_none() && self.is_apart(p));
        if !asks && !aside && parts.iter().all(|p| !p.dropped && p.left.is_empty()) && step::stays(self.errands, &heard, self.desk) {
            // "Take it back, then" is a yes; to say the whole wish once more is none.
            let does = parts.iter().any(|p| p.verb.is_some()) && parts.iter().flat_map(|p| &p.items).all(|m| m.into.is_none());
            return if does { Says::Yes } else { Says::Again };
        }
        // "And the kettle": it has its request already, which comes next.
        let waits = |p: &Part| p.verb.is_none() && p.told().next().is_some() && p.told().all(|m| self.is_queued(m));
        if parts.iter().all(|p| waits(p)) {
            return Says::Remark;
        }
        if parts.iter().all(|p| p.only_asks() || self.is_apart(p)) { Says::Other } else { Says::Changes }
    }

    /// Whether a later request is about this thing.
    fn is_queued(&self, mention: &ItemMention) -> bool {
        let about = |r: &Request| r.mentions.iter().chain(&r.holding).any(|m| m.fits.iter().any(|p| mention.fits.contains(p)));
        self.errands.queue.iter().skip(1).any(about)
    }

    /// Words of a variant of what is being changed.
    fn wishes(&self, text: &str) -> bool {
        step::wishes_of_proposed(self.errands, text, self.desk)
    }

    /// Another deed, or the same of another order.
    fn is_apart(&self, part: &Part) -> bool {
        let Some(request) = self.errands.queue.first() else { return true };
        let kin = |verb: Verb| {
            Some(verb) == request.verb
                || verb == Verb::Change
                || matches!(
                    (verb, request.verb),
                    (Verb::Refund | Verb::Return, Some(Verb::Return | Verb::Cancel)) | (Verb::Swap, Some(Verb::Change))
                )
        };
        let elsewhere = || {
            let on = |id: &String| request.order.as_ref() == Some(id);
            let other = !part.orders.is_empty() && !part.orders.iter().any(on);
            let things: Vec<_> = part.told().filter(|m| !m.fits.is_empty()).collect();
            other || (!things.is_empty() && things.iter().all(|m| request.order.as_ref().is_none_or(|id| !m.is_on(id))))
        };
        // Another deed with the same things is meant instead.
        let goods = |v: Verb| matches!(v, Verb::Return | Verb::Refund | Verb::Swap | Verb::Cancel);
        let instead = part.verb.is_some_and(goods) && request.verb.is_some_and(goods) && !elsewhere() && !self.is_of_others(part);
        !part.dropped && !instead && (part.verb.is_some_and(|v| !kin(v)) || elsewhere())
    }

    /// Whether it names things, and none of those at hand.
    fn is_of_others(&self, part: &Part) -> bool {
        let Some(request) = self.errands.queue.first() else { return true };
        let at_hand =
            |m: &ItemMention| request.items.iter().any(|w| m.fits.iter().any(|p| p.at == w.at && Some(&p.order) == request.order.as_ref()));
        let mut named = part.items.iter().filter(|m| !m.fits.is_empty()).peekable();
        named.peek().is_some() && !request.items.is_empty() && !named.any(at_hand)
    }
}
