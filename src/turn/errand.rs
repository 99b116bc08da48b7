//! A message about the shopper's orders: who writes, what is to be done, and the proposal. Reads the store and writes nothing: what is
//! proposed is stored by whoever gets the event, and what was confirmed has been carried out before the turn begins.

use super::cue::{self, CUES};
use super::offer::{HandOff, Offer, Refund, Settled, Settlement};
use super::understand::{Deed, Intent};
use super::{Event, Finish, Sentence, Turn, converse, say};
use crate::aftersales::nouns::{Case, PaymentKind, Shelf};
use crate::aftersales::{Policy, Proposal, Refusal, Why};
use crate::catalog::Lang;
use crate::errand::say::{View, paper, say as put};
use crate::errand::step::{self, Desk};
use crate::errand::{Errands, Heard, Part, Place, Question, Saying, Slot, Told, Verb, Verdict, hear, told, verdict};
use crate::store::{new_id, now_ms};
use std::borrow::Cow;

/// A proposal that has come to its end in this message.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    pub id: String,
    pub end: End,
    /// What was said besides; it is heard when the proposal is over.
    pub rest: String,
}

#[derive(Clone, Debug, PartialEq)]
pub enum End {
    Done {
        proposal: Box<Proposal>,
        reference: String,
    },
    Declined,
    Refused(Refusal),
    Expired,
    /// It is not open any more, or never was this conversation's.
    Void,
    /// The shop's own systems cannot be asked: nothing is done on an old copy.
    Away,
}

/// Messages that bring nothing, before a person is called.
const MOST_MISUNDERSTOOD: u8 = 2;

/// A case as a turn sees it, with what its products may become.
pub(super) struct Read {
    pub(super) case: Case,
    pub(super) shelf: Shelf,
}

impl Turn<'_> {
    /// Answers what is about orders; nothing when the message is about something else.
    pub(super) async fn take_errand(&mut self) -> anyhow::Result<Option<Finish>> {
        let policy = self.rooms.world.policy();
        self.take_signature().await?;
        let read = match self.memory.errands.customer.clone() {
            Some(id) => read(self.rooms, &id).await?,
            None => None,
        };
        let (text, errands) = self.to_hear();
        let mut heard = match &read {
            Some(read) => hear::hear_all(text, Some(&read.case), &read.shelf, &policy, &errands),
            None => vec![hear::hear(text, None, &Shelf::default(), &policy, &errands)],
        };
        if self.ask.carried.is_some() {
            // "When will it be changed?", said with a yes, asks for no change.
            let parts = heard.iter_mut().flat_map(|h| &mut h.parts).filter(|p| hear::cuts::inquires(&p.text));
            parts.for_each(|p| p.verb = None);
        }
        let wished = read.as_ref().is_some_and(|read| {
            let desk = Desk { case: &read.case, shelf: &read.shelf, policy: &policy, now_ms: now_ms(), id: "" };
            errands.asked.is_some() && step::wishes_of_proposed(&errands, text, &desk)
        });
        let ends = |p: &Part| p.complete && !p.is_of_use();
        if errands.customer.is_some()
            && errands.asked.is_none()
            && self.ask.carried.is_none()
            && heard.iter().flat_map(|h| &h.parts).any(ends)
        {
            // "Nothing else, bye."
            self.understanding.intent = Intent::Thanks;
            return Ok(None);
        }
        if !(wished || heard.iter().any(|h| self.is_errand(h))) || !self.rooms.store.has_customers().await? {
            return Ok(None);
        }
        self.note("heard", serde_json::json!(format!("{heard:?}")));
        match read {
            Some(read) => self.go_on(&read, heard, Vec::new()).await.map(Some),
            None => self.identify(heard.into_iter().next().unwrap_or_default()).await.map(Some),
        }
    }

    /// What is to be heard, and what is known while it is: after a proposal was carried out only what was said besides the yes.
    fn to_hear(&self) -> (&str, Cow<'_, Errands>) {
        let errands = &self.memory.errands;
        match &self.ask.carried {
            Some(Carried { id, end: End::Done { .. }, rest }) if errands.open.as_ref() == Some(id) => {
                let mut after = errands.clone();
                after.end_of_proposal();
                (rest, Cow::Owned(after))
            }
            _ => (&self.ask.text, Cow::Borrowed(errands)),
        }
    }

    /// Whether the words are about orders, by themselves or as the answer to what was asked.
    fn is_errand(&self, heard: &Heard) -> bool {
        let errands = &self.memory.errands;
        if self.ask.carried.is_some() || self.shows_damage() {
            return true;
        }
        let of_orders = matches!(self.understanding.intent, Intent::OrderStatus | Intent::AfterSales(_));
        let at_hand = self.memory.focus.is_some() || !self.memory.shown.is_empty();
        let asks_for_the_rule = self.asks_for_a_rule();
        if errands.customer.is_none() {
            // What asks for something else is not a name, however short it is.
            let Told { email, phone, zip, order, .. } = &heard.told;
            let sure = [email, phone, zip, order].iter().any(|fact| fact.is_some());
            let may_be_name = matches!(self.understanding.intent, Intent::Find | Intent::SmallTalk | Intent::OutOfScope | Intent::Account);
            let answers = errands.asked == Some(Slot::Identity)
                && (sure || (heard.told.name.is_some() && may_be_name) || cue::any(&cue::plain(&self.ask.text), &CUES.bought));
            // "Patel, 94117", and then "Yusuf Patel".
            let completes = errands.asked == Some(Slot::Identity) && heard.told.name.is_some() && errands.told.zip.is_some();
            let says_who = completes || heard.told.email.is_some() || heard.told.order.is_some() || !told::ways(&heard.told).is_empty();
            let deed = |v: Verb| matches!(v, Verb::Return | Verb::Refund | Verb::Cancel | Verb::Swap | Verb::Address | Verb::Payment);
            // With products on the table it may be one of them that could come back; "my order" is none of those.
            // What is wrong with a thing has its rule, which is told.
            let complains = self.understanding.intent == Intent::AfterSales(Deed::Complaint);
            // "Will it arrive by Friday?" asks of what is on the table.
            let status = self.understanding.intent == Intent::OrderStatus;
            let plainly = hear::is_own(&self.ask.text) || (!complains && !status && converse::wants_it_done(&self.ask.text));
            let wants = of_orders && !asks_for_the_rule && (!at_hand || plainly);
            let seeks = self.looks_for_a_kind();
            let meant = |v: Verb| !(seeks && v == Verb::Swap);
            let does = |p: &Part| p.verb.is_some_and(|v| deed(v) && meant(v));
            let would = !(at_hand || asks_for_the_rule || converse::replaces(&self.ask.text)) && heard.parts.iter().any(does);
            let own =
                hear::is_own(&self.ask.text) && !converse::speaks_of_any(&self.ask.text) && !converse::asks_in_general(&self.ask.text);
            let needs_help = !at_hand && own && cue::has(&cue::plain(&self.ask.text), "help");
            let of_order = |p: &Part| p.is_of_orders() || (p.verb.is_some_and(meant) && !asks_for_the_rule);
            return answers || says_who || wants || would || needs_help || (own && heard.parts.iter().any(of_order));
        }
        let of_own = heard.parts.iter().any(Part::is_of_orders);
        let fills = |p: &Part| p.reason.is_some() || p.method.is_some() || p.address.is_some() || !p.orders.is_empty();
        let answers = errands.asked.is_some() && heard.parts.iter().any(fills);
        if errands.asked.is_none() || (self.is_other_talk() && !answers) {
            return of_own || (of_orders && !asks_for_the_rule) || self.names_own(heard);
        }
        true
    }

    /// Whether what is named is on the customer's orders, and not one of products on the table.
    fn names_own(&self, heard: &Heard) -> bool {
        let at_hand = self.memory.focus.is_some() || !self.memory.shown.is_empty();
        let own = !at_hand || hear::is_own(&self.ask.text);
        let sends = |p: &Part| p.questions.contains(&Question::Sending) && self.memory.errands.order.is_some();
        let named = |p: &Part| !p.orders.is_empty() || sends(p) || (own && p.told().any(|m| !m.fits.is_empty()));
        !self.is_other_talk() && heard.parts.iter().any(named)
    }

    /// Something else is talked of while a question about an order is open.
    fn is_other_talk(&self) -> bool {
        let elsewhere = matches!(
            self.understanding.intent,
            Intent::Policy | Intent::Human | Intent::Thanks | Intent::Goodbye | Intent::Emergency | Intent::Abuse
        );
        let text = cue::plain(&self.ask.text);
        elsewhere || CUES.browses.iter().any(|phrase| cue::has(&text, phrase))
    }

    /// The shop's own page has said who this is, and has signed it.
    async fn take_signature(&mut self) -> anyhow::Result<()> {
        let (Some(signed), None) = (&self.ask.signed, &self.memory.errands.customer) else { return Ok(()) };
        let systems = &self.rooms.systems;
        if systems.vouch_for(&signed.id, &signed.hmac) && read(self.rooms, &signed.id).await?.is_some() {
            self.memory.errands.customer = Some(signed.id.clone());
        }
        Ok(())
    }

    /// What a customer who is known has said.
    pub(super) async fn go_on(&mut self, read: &Read, heard: Vec<Heard>, mut sayings: Vec<Saying>) -> anyhow::Result<Finish> {
        let policy = self.rooms.world.policy();
        let id = new_id();
        let desk = Desk { case: &read.case, shelf: &read.shelf, policy: &policy, now_ms: now_ms(), id: &id };
        let claims_another = heard.iter().any(|h| told::is_another(&h.told, &read.case.customer));
        let waited = self.memory.errands.open.clone();
        let mut ended = false;
        let photo = self.keep_evidence(&read.case).await?;
        let wants_person = self.understanding.intent == Intent::Human && heard.iter().all(|h| h.parts.iter().all(Part::is_empty));
        if wants_person && !sayings.is_empty() {
            return self.call_person(sayings, "asked for").await;
        }
        let errands = &mut self.memory.errands;
        let shows = photo.is_some();
        sayings.extend(photo);
        if let Some(carried) = self.ask.carried.clone() {
            ended = true;
            if carried.end == End::Declined && errands.open.as_deref() == Some(&carried.id) {
                step::instead_of(errands, &heard);
            }
            let more = heard.iter().any(|h| h.parts.iter().any(Part::is_of_use));
            sayings.extend(end(errands, &carried, more, &desk));
        }
        let says = heard.iter().any(|h| h.parts.iter().any(|p| if ended { p.is_of_use() } else { !p.is_empty() }))
            || step::is_answer(errands, &heard, &desk);
        if claims_another {
            sayings.push(Saying::OtherCustomer);
        } else if says || shows || (!ended && (!sayings.is_empty() || heard.iter().any(|h| h.answer.is_some()))) {
            sayings.extend(step::step(errands, &heard, &desk));
            // Something has been done: whoever adds nothing is asked nothing else.
            if ended
                && let Some(last) = sayings.last_mut()
                && let Saying::AskVerb { order, .. } = &*last
            {
                let parts = || heard.iter().flat_map(|h| &h.parts);
                let asks = order.is_some() && parts().all(|p| p.is_empty() || hear::cuts::asks_if_it_stays(&p.text));
                let done = self.ask.carried.as_ref().and_then(|c| match &c.end {
                    End::Done { proposal, .. } => proposal.deed.order(),
                    _ => None,
                });
                let other = |p: &&Place| Some(p.order.as_str()) != done;
                let place = parts().flat_map(Part::told).find_map(|m| m.fits.first()).filter(|_| asks).filter(other);
                match place {
                    // "The other order stays, right?"
                    Some(place) => (*last, errands.asked) = (Saying::Beside { place: place.clone(), included: false }, None),
                    None if order.is_none() => (*last, errands.asked) = (Saying::Closing, None),
                    None => {}
                }
            }
        } else if !ended && heard.iter().any(|h| told::is_of(&h.told, &read.case.customer)) {
            // Who they are is known, and stays so.
            step::ask_again(errands, &desk, &mut sayings);
        } else if !ended {
            errands.misunderstood += 1;
            if errands.misunderstood >= MOST_MISUNDERSTOOD {
                return self.call_person(Vec::new(), "not understood").await;
            }
            let asks = errands.open.is_some() && hear::cuts::inquires(&self.ask.text);
            sayings.push(if asks { Saying::NoAnswer } else { Saying::NotUnderstood });
            step::ask_again(errands, &desk, &mut sayings);
            return self.tell(Some(read), sayings).await;
        }
        errands.misunderstood = 0;
        self.show_end(read, waited.as_deref()).await;
        self.tell(Some(read), sayings).await
    }

    /// The card of a proposal that no longer waits says so.
    async fn show_end(&mut self, read: &Read, waited: Option<&str>) {
        let settled = match (&self.ask.carried, waited) {
            (Some(Carried { id, end, .. }), _) => {
                let (status, saying) = match end {
                    End::Done { proposal, reference } => {
                        (Settlement::Done, Saying::Done { proposal: (**proposal).clone(), reference: reference.clone() })
                    }
                    End::Declined => (Settlement::Declined, Saying::Declined),
                    End::Expired => (Settlement::Expired, Saying::Expired),
                    End::Refused(refusal) if refusal.why == Why::Expired => (Settlement::Expired, Saying::Expired),
                    End::Refused(_) | End::Void => (Settlement::Refused, Saying::Void),
                    // It stays open: the same yes can be said again.
                    End::Away => return self.say(Sentence::plain(say::orders_away(self.lang))).await,
                };
                let reference = match end {
                    End::Done { reference, .. } => Some(reference.clone()),
                    _ => None,
                };
                let policy = self.rooms.world.policy();
                let text = in_one(&put(&saying, &self.view(Some(read), &policy)).sentences, self.lang);
                Settled { proposal: id.clone(), status, text, reference }
            }
            // Something else is proposed in its place.
            (None, Some(id)) if self.memory.errands.open.as_deref() != Some(id) => {
                Settled { proposal: id.to_owned(), status: Settlement::Declined, text: String::new(), reference: None }
            }
            _ => return,
        };
        self.show(Event::Outcome(settled)).await;
    }

    /// Puts it into words, with the proposal and the buttons that belong to it.
    pub(super) async fn tell(&mut self, read: Option<&Read>, sayings: Vec<Saying>) -> anyhow::Result<Finish> {
        let policy = self.rooms.world.policy();
        let mut choices = Vec::new();
        let mut proposed = false;
        for saying in &sayings {
            let spoken = put(saying, &self.view(read, &policy));
            for sentence in spoken.sentences {
                self.say(Sentence::plain(sentence)).await;
            }
            if !spoken.choices.is_empty() {
                choices = spoken.choices;
            }
            if let (Saying::Proposed { id, proposal }, Some(read)) = (saying, read) {
                proposed = true;
                let offer = offer(id, proposal, &self.view(Some(read), &policy));
                let (customer, proposal) = (read.case.customer.id.clone(), Box::new(proposal.clone()));
                self.show(Event::Proposal { offer: Box::new(offer), customer, proposal }).await;
            }
        }
        self.offer(choices).await;
        Ok(match self.memory.errands.asked {
            _ if proposed => Finish::Proposed,
            Some(_) => Finish::Asked,
            None => Finish::Answered,
        })
    }

    /// Calls a person, and says so.
    pub(super) async fn call_person(&mut self, mut sayings: Vec<Saying>, why: &'static str) -> anyhow::Result<Finish> {
        sayings.push(Saying::HandedOff);
        self.tell(None, sayings).await?;
        if !self.memory.errands.handed_off {
            self.memory.errands.handed_off = true;
            self.show(Event::HandOff(self.call(why))).await;
        }
        let contacts: Vec<_> = self.rooms.policies.get().contacts(self.lang).into_iter().cloned().collect();
        for clause in &contacts {
            self.quote(clause).await;
        }
        Ok(Finish::HandedOff)
    }

    /// What a person needs to go on: who it is, what was wanted, what was tried.
    fn call(&self, reason: &'static str) -> HandOff {
        let errands = &self.memory.errands;
        let summary = serde_json::json!({
            "said": self.ask.text,
            "wants": errands.queue,
            "identity_tries": errands.tries,
            "proposal": errands.open,
            "order": errands.order,
            "shown": self.memory.shown,
            "need": self.memory.terms,
        });
        HandOff { reason, customer: errands.customer.clone(), summary: summary.to_string() }
    }

    fn view<'v>(&self, read: Option<&'v Read>, policy: &'v Policy) -> View<'v> {
        static EMPTY: std::sync::LazyLock<Shelf> = std::sync::LazyLock::new(Shelf::default);
        View { case: read.map(|r| &r.case), shelf: read.map_or(&EMPTY, |r| &r.shelf), policy, lang: self.lang, now_ms: now_ms() }
    }
}

/// A proposal at its end; what was not done is proposed anew, as it is now. `more`: the message says what comes next.
fn end(errands: &mut Errands, carried: &Carried, more: bool, desk: &Desk<'_>) -> Vec<Saying> {
    let mut sayings = Vec::new();
    if errands.open.as_deref() != Some(&carried.id) {
        return sayings;
    }
    match &carried.end {
        End::Done { .. } if more => errands.end_of_proposal(),
        End::Done { .. } => sayings = step::after_the_end(errands, desk),
        End::Declined => (errands.open, errands.asked, errands.declined) = (None, None, true),
        End::Refused(_) | End::Expired | End::Void => step::advance(errands, desk, &mut sayings),
        End::Away => {}
    }
    sayings
}

/// Sentences as one text, the points of a list each on a line.
fn in_one(sentences: &[String], lang: Lang) -> String {
    let gap = |next: &str| match (next.starts_with('•'), lang) {
        (true, _) => "\n",
        (false, Lang::Zh) => "",
        (false, Lang::En) => " ",
    };
    sentences.iter().fold(String::new(), |text, next| if text.is_empty() { next.clone() } else { format!("{text}{}{next}", gap(next)) })
}

fn offer(id: &str, proposal: &Proposal, view: &View<'_>) -> Offer {
    let paper = paper(proposal, view);
    let back = proposal.terms.moves.iter().chain(&proposal.terms.later).find(|m| m.kind == PaymentKind::Refund && m.amount.minor > 0);
    let refund = back.map(|m| Refund { amount: m.amount.clone(), method: view.method(&m.method) });
    Offer {
        id: id.to_owned(),
        action: proposal.deed.kind(),
        summary: paper.summary,
        changes: paper.changes,
        refund,
        expires_ms: proposal.expires_ms,
    }
}

pub(super) async fn read(rooms: &super::Rooms, customer: &str) -> anyhow::Result<Option<Read>> {
    rooms.systems.refresh_customer(&rooms.store, customer).await;
    let Some(case) = rooms.store.case(customer).await? else { return Ok(None) };
    let shelf = rooms.store.shelf_of(&case).await?;
    Ok(Some(Read { case, shelf }))
}

/// Whether words say yes or no to the proposal that waits, and what else.
pub async fn confirms(rooms: &super::Rooms, text: &str, errands: &Errands) -> anyhow::Result<Option<Verdict>> {
    let (Some(customer), Some(Slot::Confirm)) = (&errands.customer, errands.asked) else { return Ok(None) };
    let Some(read) = read(rooms, customer).await? else { return Ok(None) };
    let policy = rooms.world.policy();
    let desk = Desk { case: &read.case, shelf: &read.shelf, policy: &policy, now_ms: now_ms(), id: "" };
    Ok(verdict(text, errands, &desk))
}
