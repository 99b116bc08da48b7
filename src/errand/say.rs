//! A saying and what it is about in; the words the shopper reads, and the buttons under them, out. Pure; Chinese and English.
//!
//! A list comes last in a reply, one `•` line a sentence, so that nothing is read as part of its last line.

mod ask;
mod end;
mod items;
mod names;
mod order;
mod paper;
mod refusal;
mod told;
mod variants;
mod who;

#[cfg(test)]
mod tests;

use super::Saying;
use crate::aftersales::nouns::{Case, Order};
use crate::aftersales::{Kind, Policy, Shelf, rules};
use crate::catalog::Lang;
use crate::turn::Choice;
use crate::turn::understand::lang::detect;

pub use paper::{Paper, paper};

/// What may be looked at to say it. Without a case nobody is identified, and nothing personal can be said.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub case: Option<&'a Case>,
    pub shelf: &'a Shelf,
    pub policy: &'a Policy,
    pub lang: Lang,
    pub now_ms: i64,
}

/// `choices` are quick replies; the value of each is understood as a message of the shopper's own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spoken {
    pub sentences: Vec<String>,
    pub choices: Vec<Choice>,
}

/// More buttons than this are no help.
const CHOICES: usize = 8;
/// More lines than this are not read in a chat.
const LINES: usize = 10;

pub fn say(saying: &Saying, view: &View<'_>) -> Spoken {
    let v = *view;
    let spoken = match saying {
        Saying::AskIdentity { told } => who::ask(&v, told),
        Saying::NotFound => who::not_found(&v),
        Saying::NoMoreTries => who::no_more_tries(&v),
        Saying::Identified { first_name } => who::identified(&v, first_name),
        Saying::OtherCustomer => who::other_customer(&v),

        Saying::AskVerb { order, may } => ask::verb(&v, order.as_deref(), may),
        Saying::AskOrder { verb, orders } => ask::order(&v, *verb, orders),
        Saying::UnknownOrder { said } => ask::unknown_order(&v, said),
        Saying::AskItems { kind, order } => ask::items(&v, *kind, order),
        Saying::AskWhich { words, places } => ask::which(&v, words, places),
        Saying::NotOnOrder { words, order } => ask::not_on_order(&v, words, order.as_deref()),
        Saying::AskTarget { order, at, by, variants } => variants::target(&v, order, *at, by.as_ref(), variants),
        Saying::NoSuchVariant { order, at, wished, nearest } => variants::none_such(&v, order, *at, wished, nearest),
        Saying::AskMethod { kind, order, methods } => ask::method(&v, *kind, order, methods),
        Saying::UnknownMethod { words } => ask::unknown_method(&v, words),
        Saying::AskReason { order, reasons } => ask::reason(&v, order, reasons),
        Saying::AskAddress { order, missing } => ask::address(&v, order.as_deref(), missing),
        Saying::Both(first, second) => {
            let (mut first, second) = (say(first, view), say(second, view));
            first.sentences.extend(second.sentences);
            Spoken { choices: second.choices, ..first }
        }
        Saying::PhotoKept { place } => told::photo_kept(&v, place.as_ref()),
        Saying::Refused { kind, order, refusal, instead } => refusal::refused(&v, *kind, order.as_deref(), refusal, instead),
        Saying::PartNotCancelled { order } => refusal::part_not_cancelled(&v, order),

        Saying::Proposed { proposal, .. } => end::proposed(&v, proposal),
        Saying::Reminder { proposal } => end::reminder(&v, proposal),
        Saying::Difference { amount } => end::difference(&v, amount),
        Saying::Terms { question, proposal } => end::terms(&v, *question, proposal),
        Saying::Beside { place, included } => end::beside(&v, place, *included),
        Saying::Recap { asked, proposal } => end::recap(&v, asked, proposal),
        Saying::NoAnswer => Spoken::one(end::not_in_records(&v)),
        Saying::Done { proposal, reference } => end::done(&v, proposal, reference),
        Saying::Declined => end::declined(&v),
        Saying::Expired => end::expired(&v),
        Saying::Void => end::void(&v),
        Saying::Next { verb } => end::next(&v, *verb),
        Saying::Noted { verb } => end::noted(&v, *verb),
        Saying::Dropped { verb } => end::dropped(&v, *verb),
        Saying::NotUnderstood => end::not_understood(&v),
        Saying::HandedOff => end::handed_off(&v),

        Saying::Told { question, order } => told::told(&v, *question, order.as_deref()),
        Saying::Worth { place } => told::worth(&v, place),
        Saying::Orders { orders } => told::orders(&v, orders),
        Saying::Variants { order, at, variants } => variants::all(&v, order, *at, variants),
        Saying::Closing => end::closing(&v),
    };
    v.finish(spoken)
}

impl Spoken {
    fn one(sentence: impl Into<String>) -> Self {
        Self { sentences: vec![sentence.into()], choices: Vec::new() }
    }

    fn and(mut self, sentence: impl Into<String>) -> Self {
        self.sentences.push(sentence.into());
        self
    }

    fn maybe(mut self, sentence: Option<String>) -> Self {
        self.sentences.extend(sentence);
        self
    }

    /// The list at the end.
    fn lines(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.sentences.extend(lines.into_iter().map(|line| format!("• {line}")));
        self
    }

    fn offer(mut self, choices: impl IntoIterator<Item = Choice>) -> Self {
        self.choices.extend(choices);
        self
    }
}

impl<'a> View<'a> {
    /// The one of two that is in the shopper's language.
    fn by<T>(&self, zh: T, en: T) -> T {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    fn order(&self, id: &str) -> Option<&'a Order> {
        self.case?.order(id)
    }

    /// Whether the policy lets it be done to the order now.
    fn can(&self, order: &Order, kind: Kind) -> bool {
        self.policy.deeds.get(&kind).is_some_and(|rule| rules::may(rule, kind, order, self.now_ms).is_ok())
    }

    /// All that can be done to the order now.
    fn possible(&self, order: &Order) -> Vec<Kind> {
        Kind::ALL.into_iter().filter(|kind| self.can(order, *kind)).collect()
    }

    fn choice(&self, label: impl Into<String>, value: impl Into<String>) -> Choice {
        Choice { label: label.into(), value: self.spoken(&value.into()) }
    }

    /// The words of a button as the shopper would say them. The reply is in the language of the message it answers, so that an English
    /// record's words, sent by a button of a Chinese reply, stand in a Chinese sentence.
    fn spoken(&self, value: &str) -> String {
        let chinese = |text: &str| detect(text) != Some(Lang::En);
        if self.lang == Lang::En || chinese(value) {
            return value.to_owned();
        }
        let leads = ["要", "我要这个：", "我要的是下面的这一个：", "您好，我要的是您刚才列出来的下面这一个："];
        let sentence = |lead: &str| if lead.ends_with('：') { format!("{lead}{value}") } else { format!("{lead} {value}") };
        leads.map(sentence).into_iter().find(|text| chinese(text)).unwrap_or_else(|| value.to_owned())
    }

    /// No button twice, not too many, and Chinese set as it is set.
    fn finish(&self, mut spoken: Spoken) -> Spoken {
        spoken.sentences.retain(|sentence| !sentence.is_empty());
        spoken.sentences.iter_mut().for_each(|sentence| *sentence = self.set(sentence));
        let mut choices: Vec<Choice> = Vec::new();
        for choice in spoken.choices {
            if choices.len() < CHOICES && !choices.iter().any(|c| c.value == choice.value) {
                choices.push(Choice { label: self.set(&choice.label), ..choice });
            }
        }
        Spoken { choices, ..spoken }
    }

    /// The sentences put a space around whatever is filled in; before Chinese or a Chinese mark it goes.
    fn set(&self, text: &str) -> String {
        if self.lang == Lang::En {
            return text.to_owned();
        }
        let mark = |c: char| matches!(c, '，' | '。' | '；' | '：' | '？' | '！' | '、' | '（' | '）' | '《' | '》' | '“' | '”');
        let han = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}');
        let chars: Vec<char> = text.chars().collect();
        let kept = chars.iter().enumerate().filter(|(n, c)| {
            let (before, after) = (n.checked_sub(1).map(|n| chars[n]), chars.get(n + 1).copied());
            let beside_mark = before.is_some_and(mark) || after.is_some_and(mark);
            **c != ' ' || !(beside_mark || (before.is_some_and(han) && after.is_some_and(han)))
        });
        kept.map(|(_, c)| *c).collect()
    }
}
