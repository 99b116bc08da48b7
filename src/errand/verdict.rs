//! A message while a proposal waits in; whether it says yes or no to it, and what it says besides, out. Pure.
//!
//! Sentence by sentence: a yes, a remark, a question, another request. It is a yes when one of them says so, if only by naming the very
//! deed ("take it back, then"), and none changes what is proposed: "yes, but in blue" is none, "yes. And the lamp goes back" is one,
//! with a request behind it.

use super::errands::{Errands, Slot};
use super::hear::{cuts, hear};
use super::heard::{Answer, Heard, Part, Verb};
use super::step::{self, Desk, Effect};

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
    /// The very deed, said once more without a new wish: "take it back, then".
    Does,
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
    let heard = ear.hears(&cuts::without_failing(text));
    match heard.answer {
        Some(Answer::Yes) if cuts::consents(text) => return Some(Verdict { yes: true, rest: String::new() }),
        Some(Answer::Yes) => return None,
        // "No, the blue one": it is to be otherwise, and stays wished for.
        Some(Answer::No) if ear.wishes(text) => return None,
        Some(Answer::No) if ear.changes_nothing(&heard) => {}
        Some(Answer::No) => return Some(Verdict { yes: false, rest: text.to_owned() }),
        None => {}
    }
    if step::repeats(errands, &heard, desk) {
        return Some(Verdict { yes: true, rest: String::new() });
    }
    let text = cuts::narrowed(&cuts::without_failing(text));
    let begins = cuts::sentences(&text).first().map(|first| ear.hears(first));
    let objects = cuts::objects(&text) && !begins.is_some_and(|first| ear.changes_nothing(&first));
    if objects || cuts::says_anew(&text) {
        return None;
    }
    let first = errands.queue.first().and_then(|r| r.verb);
    let cancels = |p: &Part| p.verb == Some(Verb::Cancel) && Part { verb: None, ..p.clone() }.is_empty();
    if first != Some(Verb::Cancel) && !heard.parts.is_empty() && heard.parts.iter().all(cancels) {
        // "Cancel" alone, of what is no cancellation: it is not to be done.
        return Some(Verdict { yes: false, rest: String::new() });
    }
    let sentences = cuts::sentences(&text);
    if cuts::consents(&text) && ear.does_after_all(&text) {
        return Some(Verdict { yes: true, rest: String::new() });
    }
    let (mut yes, mut does, mut rest) = (false, false, Vec::new());
    for sentence in sentences.iter().take(MOST) {
        let (says, other) = ear.sentence(sentence);
        match says {
            Says::Yes => yes = true,
            Says::Does => does = true,
            Says::No | Says::Changes => return None,
            // "Take it back, then. How much comes back?" waits for the answer.
            Says::Asks => does = false,
            Says::Again | Says::Remark | Says::Other => {}
        }
        rest.extend(other);
    }
    (((yes && cuts::consents(&text)) || does) && sentences.len() <= MOST).then(|| Verdict { yes: true, rest: rest.join(" ") })
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
        let begins = cuts.iter().take(MOST).rev().map(|cut| (cut, self.says(&text[..*cut])));
        let begins = begins.into_iter().find(|(_, says)| matches!(says, Says::Yes | Says::Does));
        let ends = || cuts.iter().take(MOST).find(|cut| matches!(self.says(&text[**cut..]), Says::Yes | Says::Does));
        if let Some((cut, begins)) = begins {
            let rest = text[*cut..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '-' | '~'));
            return match self.says(rest) {
                Says::Asks if cuts::is_conditional(rest) => (Says::Changes, None),
                Says::Other | Says::Asks => (Says::Yes, Some(rest)),
                Says::Yes => (Says::Yes, None),
                // "Change it to, er, something nicer": what comes may be a wish that nobody here knows.
                Says::Remark | Says::Again | Says::Does if begins == Says::Does => (Says::Again, None),
                Says::Remark | Says::Again | Says::Does => (Says::Yes, None),
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
            Some(Answer::No) if self.changes_nothing(&heard) => return Says::Remark,
            Some(Answer::No) => return Says::No,
            None => {}
        }
        if cuts::reminds(text) {
            return Says::Remark;
        }
        let asks = cuts::asks(text);
        let parts: Vec<&Part> = heard.parts.iter().filter(|p| !p.is_empty() && !p.complete).collect();
        if parts.is_empty() {
            // "50 lbs, fixed": words of a variant alone.
            if step::effect(self.errands, &heard, self.desk) == Effect::Changes {
                return Says::Changes;
            }
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
        // "Change it to purple", which there is not, is no yes to what there is.
        if step::wishes_in_vain(self.errands, text, self.desk) {
            return Says::Changes;
        }
        let first = self.errands.queue.first();
        let meant = |p: &&Part| p.verb.is_some_and(|verb| first.is_some_and(|r| r.is_meant_by(verb)));
        match step::effect(self.errands, &heard, self.desk) {
            Effect::None if cuts::inquires(text) => Says::Asks,
            // "Take it back, then" is a yes; to say the whole wish once more is none.
            Effect::None if cuts::objects(text) || !(cuts::names_deed(text) || heard.agrees) => Says::Again,
            Effect::None
                if parts.iter().any(meant) && !cuts::narrates(text) && parts.iter().flat_map(|p| &p.items).all(|m| m.into.is_none()) =>
            {
                Says::Does
            }
            Effect::None if heard.agrees => Says::Yes,
            Effect::None => Says::Again,
            Effect::Adds => Says::Other,
            Effect::Changes if parts.iter().all(|p| p.verb.is_none() && self.is_elsewhere(p)) => Says::Other,
            Effect::Changes => Says::Changes,
        }
    }

    /// 那算了，整单取消吧: what could not be had is given up, and the deed asked for.
    fn does_after_all(&self, text: &str) -> bool {
        let after = text.split_once("算了").map(|(_, rest)| rest.trim_start_matches(|c: char| !c.is_alphanumeric()));
        after.is_some_and(|rest| {
            cuts::sentences(rest).last().is_some_and(|last| {
                let ends = cuts::beginnings(last).last().map_or(*last, |cut| &last[*cut..]);
                [rest, ends].iter().any(|said| self.says(said) == Says::Does)
            })
        })
    }

    /// Of things of another order alone.
    fn is_elsewhere(&self, part: &Part) -> bool {
        let order = self.errands.queue.first().and_then(|r| r.order.as_ref());
        let mut named = part.told().filter(|m| !m.fits.is_empty()).peekable();
        named.peek().is_some() && named.all(|m| !m.bare && order.is_some_and(|id| !m.is_on(id)))
    }

    /// Words of a variant of what is being changed.
    fn wishes(&self, text: &str) -> bool {
        step::wishes_of_proposed(self.errands, text, self.desk)
    }

    /// "No, leave the lamp out", "nah, black is fine": a no that names things and leaves what is proposed as it is.
    fn changes_nothing(&self, heard: &Heard) -> bool {
        let names = heard.parts.iter().any(|p| p.told().chain(&p.left).any(|m| !m.fits.is_empty()));
        names && step::effect(self.errands, heard, self.desk) == Effect::None
    }
}
