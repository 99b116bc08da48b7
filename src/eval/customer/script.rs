//! The customer: replies in, what they say next out. Gives facts when asked for them, checks what is proposed, changes its mind now and
//! then, says yes in the end. The same seed, the same customer.

use super::naming::{Things, pairs};
use super::phrases::Voice;
use super::proposed::wrong_in;
use super::reading::{Reply, Slot, Understood};
use super::task::Task;
use super::telling::Much;
use super::twist::{self, Twist};
use crate::aftersales::{Deed, Policy, Why};
use crate::catalog::Lang;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    Say(String),
    /// A button: `confirm` or `decline` a proposal, or a quick `reply`.
    Press {
        turn: String,
        action: &'static str,
        value: String,
        label: String,
    },
    Leave(End),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Everything is done, or was refused with good reason.
    Content,
    GaveUp(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    Vague,
    Everything,
    OneByOne,
}

/// One of the customer's errands.
pub(super) struct Errand {
    pub(super) truth: Deed,
    pub(super) said: Deed,
    pub(super) twist: Option<Twist>,
    pub(super) refusal: Option<Why>,
    pub(super) open: bool,
    pub(super) requested: bool,
    pub(super) asked: BTreeMap<Slot, usize>,
    pub(super) wrong: usize,
    pub(super) refused: usize,
    /// Items told so far, where they are told one by one.
    pub(super) piecemeal: Option<usize>,
}

pub struct Customer<'a> {
    pub(super) task: &'a Task,
    pub(super) things: Things<'a>,
    pub(super) policy: &'a Policy,
    pub(super) voice: Voice,
    pub opening: Opening,
    pub(super) number: bool,
    pub(super) errands: Vec<Errand>,
    pub(super) at: usize,
    /// The proposal that waits for a yes: its turn, its id, the errand.
    pub(super) waiting: Option<(String, String, usize)>,
    pub(super) yeses: usize,
    pub(super) question: Option<&'static str>,
    /// What was to be answered when the customer asked something instead.
    pub(super) put_off: Option<Slot>,
    pub(super) known: usize,
    pub(super) missed: usize,
    pub(super) last_question: String,
    pub(super) leaving: bool,
    pub asked_in_between: bool,
    pub not_answered: bool,
    /// Errands that were refused as they must be.
    pub rightly_refused: usize,
}

/// Times anything is said again before the customer leaves.
pub(super) const PATIENCE: usize = 3;

impl<'a> Customer<'a> {
    pub fn new(task: &'a Task, things: Things<'a>, policy: &'a Policy, lang: Lang, seed: u64) -> Self {
        let mut voice = Voice::new(lang, seed);
        let opening = [Opening::Vague, Opening::Everything, Opening::OneByOne][voice.dice.below(3)];
        let number = voice.once_in(2);
        let twisted = voice.once_in(8).then(|| voice.dice.below(task.deeds.len().max(1)));
        let questions = ["ask_total", "ask_tracking", "ask_variants", "ask_price"];
        let question = voice.once_in(8).then(|| questions[voice.dice.below(questions.len())]);
        let mut errands = Vec::new();
        for (n, (deed, refusal)) in task.deeds.iter().zip(&task.refusals).enumerate() {
            let twist = if twisted == Some(n) && refusal.is_none() { twist::twist(deed, &things, policy, &mut voice) } else { None };
            let (twist, said) = twist.map_or((None, deed.clone()), |(twist, said)| (Some(twist), said));
            let piecemeal = (twist.is_none() && opening != Opening::Everything && pairs(deed).len() > 1 && voice.once_in(4)).then_some(1);
            errands.push(Errand {
                truth: deed.clone(),
                said,
                twist,
                refusal: refusal.clone(),
                open: true,
                requested: false,
                asked: BTreeMap::new(),
                wrong: 0,
                refused: 0,
                piecemeal,
            });
        }
        Self {
            task,
            things,
            policy,
            voice,
            opening,
            number,
            errands,
            at: 0,
            waiting: None,
            yeses: 0,
            question,
            put_off: None,
            known: 0,
            missed: 0,
            last_question: String::new(),
            leaving: false,
            asked_in_between: false,
            not_answered: false,
            rightly_refused: 0,
        }
    }

    /// Whether a proposal they have agreed to, or ask about, has no outcome yet.
    #[cfg(test)]
    pub fn is_waiting(&self) -> bool {
        self.waiting.is_some() && self.put_off.is_none()
    }

    /// The first message.
    pub fn begin(&mut self) -> Act {
        let greeting = if self.voice.once_in(2) { self.voice.say("greeting", &[]) } else { String::new() };
        let mut parts = vec![greeting];
        match self.opening {
            Opening::Vague if self.voice.once_in(2) => parts.push(self.voice.say("help", &[])),
            Opening::Vague => parts.push(self.request(Much::Kind)),
            Opening::OneByOne => {
                if self.voice.once_in(3) {
                    parts.push(self.identity(false));
                }
                parts.push(self.first_request());
            }
            Opening::Everything => {
                parts.push(self.identity(false));
                for n in 0..self.errands.len() {
                    self.at = n;
                    if n > 0 {
                        parts.push(self.following(Much::All));
                    } else {
                        parts.push(self.request(Much::All));
                    }
                }
                self.at = 0;
            }
        }
        let text = self.voice.join(&parts);
        self.speak(text)
    }

    /// What the customer does about a reply.
    pub fn hear(&mut self, reply: &Reply) -> Act {
        if self.leaving {
            return Act::Leave(End::Content);
        }
        let understood = reply.understood(self.voice.lang);
        if let Some(end) = self.settle(reply) {
            return Act::Leave(end);
        }
        if reply.proposal.is_some() && understood.short {
            self.told_beside();
        }
        if let Some(proposal) = &reply.proposal {
            self.missed = 0;
            return self.weigh(reply, proposal);
        }
        if self.errands.iter().all(|e| !e.open) {
            return self.farewell(&understood);
        }
        if reply.called {
            return Act::Leave(End::GaveUp("handed over"));
        }
        if let Some(slot) = self.put_off.take() {
            self.not_answered |= understood.misunderstood || reply.finish == "failed";
            if slot == Slot::Confirm || understood.asks.is_empty() {
                return self.answer(slot, "", reply);
            }
        }
        if self.waiting.is_some() {
            return self.yes();
        }
        self.respond(reply, &understood)
    }

    /// Takes note of what has been done; the end, when it ends here.
    fn settle(&mut self, reply: &Reply) -> Option<End> {
        for (_, status) in &reply.outcomes {
            let about = self.waiting.take().map_or(self.at, |(_, _, at)| at);
            self.missed = 0;
            let errand = &mut self.errands[about];
            match status.as_str() {
                "done" => errand.open = false,
                "refused" if errand.refusal.is_some() => self.refuse(about),
                "refused" => return Some(End::GaveUp("refused")),
                _ => {}
            }
        }
        if !self.errands[self.at].open {
            self.at = self.errands.iter().position(|e| e.open).unwrap_or(self.at);
        }
        None
    }

    /// Yes to a proposal that is as wanted, a change of mind, or what is wrong with it.
    fn weigh(&mut self, reply: &Reply, proposal: &Value) -> Act {
        let id = proposal["proposal"].as_str().unwrap_or_default().to_owned();
        self.put_off = None;
        let things = self.things;
        let wrong: Vec<Vec<Slot>> = self.errands.iter().map(|e| wrong_in(proposal, &e.truth, &things, self.policy)).collect();
        let fits = |n: usize| self.errands[n].open && self.errands[n].twist.is_none() && wrong[n].is_empty();
        let about = if fits(self.at) { Some(self.at) } else { (0..wrong.len()).find(|n| fits(*n)) };
        if let Some(about) = about {
            self.at = about;
            self.waiting = Some((reply.turn.clone(), id, about));
            self.yeses = 0;
            if let Some(question) = self.in_between(about) {
                self.put_off = Some(Slot::Confirm);
                return self.speak(question);
            }
            return self.yes();
        }
        self.waiting = None;
        if self.errands[self.at].twist.is_some() {
            return self.change_mind();
        }
        let errand = &mut self.errands[self.at];
        errand.wrong += 1;
        if errand.wrong > PATIENCE {
            return Act::Leave(End::GaveUp("wrong proposal"));
        }
        let (deed, slot) = (errand.truth.clone(), wrong[self.at].first().copied().unwrap_or(Slot::More));
        let left = errand.piecemeal.take().filter(|_| slot == Slot::Items);
        if let Some(told) = left {
            return self.rest_of_items(told);
        }
        let no = self.voice.say("no", &[]);
        let right = self.things.correction(&deed, slot, &mut self.voice);
        self.speak(format!("{no}{right}"))
    }

    pub(super) fn yes(&mut self) -> Act {
        let Some((turn, id, _)) = self.waiting.clone() else { return self.say_again() };
        self.yeses += 1;
        if self.yeses > PATIENCE {
            return Act::Leave(End::GaveUp("yes not taken"));
        }
        if self.yeses == 1 && self.voice.once_in(2) {
            return Act::Press { turn, action: "confirm", value: id, label: "confirm".to_owned() };
        }
        let yes = self.voice.say("yes", &[]);
        self.speak(yes)
    }

    fn change_mind(&mut self) -> Act {
        let errand = &mut self.errands[self.at];
        let Some(twist) = errand.twist.take() else { return self.say_again() };
        errand.said = errand.truth.clone();
        let deed = errand.truth.clone();
        let mind = self.voice.say("mind", &[]);
        let right = match twist {
            Twist::Method => self.things.correction(&deed, Slot::Method, &mut self.voice),
            Twist::Reason => self.things.correction(&deed, Slot::Reason, &mut self.voice),
            Twist::Target => self.things.correction(&deed, Slot::Target, &mut self.voice),
            Twist::Kind => {
                let wish = self.things.wish(&deed, Much::Most, true, &mut self.voice);
                self.voice.say("fix_kind", &[("do", wish)])
            }
        };
        self.speak(format!("{mind}{right}"))
    }

    /// No proposal: a question, a refusal, or nothing that helps.
    fn respond(&mut self, reply: &Reply, understood: &Understood) -> Act {
        let only_more = understood.asks.iter().all(|(slot, _)| *slot == Slot::More);
        let errand = &self.errands[self.at];
        let unknown = understood.asks.iter().any(|(slot, _)| *slot == Slot::Identity);
        let no = !unknown && (understood.short || (understood.refused && only_more && reply.outcomes.is_empty()));
        let told = errand.requested || errand.asked.keys().any(|slot| !matches!(slot, Slot::Identity | Slot::More | Slot::Confirm));
        let asked_anew = errand.asked.get(&Slot::Method) > Some(&1) && understood.asks.iter().any(|(slot, _)| *slot == Slot::Method);
        // A card with too little on it must be said to be one.
        let right = match &errand.refusal {
            None => false,
            Some(Why::BalanceTooLow { .. }) => understood.short || asked_anew,
            Some(_) => no || asked_anew,
        };
        if right && told && !unknown {
            return self.drop_it();
        }
        if no && only_more && told && !understood.misunderstood {
            let errand = &mut self.errands[self.at];
            errand.refused += 1;
            if errand.refused > 1 {
                return Act::Leave(End::GaveUp("refused"));
            }
        } else if let Some((slot, sentence)) = understood.asks.first() {
            if *slot != Slot::More || !self.errands[self.at].requested {
                self.missed = 0;
            }
            if understood.unidentified && *slot == Slot::Identity && self.known > PATIENCE {
                return Act::Leave(End::GaveUp("not identified"));
            }
            return self.answer(*slot, sentence, reply);
        } else if understood.unidentified && self.known > 0 && self.known <= PATIENCE {
            return self.answer(Slot::Identity, "", reply);
        }
        self.request_or_say_again()
    }

    fn farewell(&mut self, understood: &Understood) -> Act {
        self.leaving = true;
        let asked = understood.asks.iter().any(|(slot, _)| *slot == Slot::More);
        let text = self.voice.say(if asked { "no_more" } else { "thanks" }, &[]);
        self.speak(text)
    }

    pub(super) fn request_or_say_again(&mut self) -> Act {
        if self.errands[self.at].requested {
            return self.say_again();
        }
        let first = self.errands.iter().all(|e| e.open && !e.requested);
        let text = if first { self.first_request() } else { self.following(Much::Most) };
        self.speak(text)
    }

    /// The request once more, in other words and whole; then the customer leaves.
    pub(super) fn say_again(&mut self) -> Act {
        self.missed += 1;
        if self.missed > 2 {
            return Act::Leave(End::GaveUp("misunderstood"));
        }
        self.number = true;
        self.errands[self.at].piecemeal = None;
        let again = self.voice.say("again", &[]);
        let request = self.request(Much::All);
        self.speak(format!("{again}{request}"))
    }

    fn first_request(&mut self) -> String {
        let much = if self.voice.once_in(2) { Much::Most } else { Much::Some };
        self.request(much)
    }

    pub(super) fn following(&mut self, much: Much) -> String {
        let next = self.voice.say("next", &[]);
        format!("{next}{}", self.request(much))
    }

    fn request(&mut self, much: Much) -> String {
        let errand = &mut self.errands[self.at];
        // What is told piece by piece is not told at once.
        errand.requested |= much != Much::Kind;
        let much = if errand.piecemeal.is_some() && much != Much::All { Much::Kind } else { much };
        let deed = errand.said.clone();
        self.things.request(&deed, much, self.number, &mut self.voice)
    }

    pub(super) fn speak(&mut self, text: String) -> Act {
        Act::Say(self.voice.type_out(text.trim()))
    }
}
