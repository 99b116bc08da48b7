//! MESSAGE IN → REPLY. The product on one screen: understand → retrieve → ground → draft → check. Writes nothing.
//!
//! `answer` hands typed events to the caller as they come true: product cards as soon as retrieval is done, facts written by
//! templates at once, the language model's sentences one by one, each only after `check`. Without a model the reply is the same
//! without the advice.

mod beside;
mod care;
pub mod check;
mod choice;
mod condition;
mod consult;
pub mod context;
pub mod converse;
mod cue;
mod doubt;
pub mod draft;
pub mod errand;
pub mod event;
mod evidence;
pub mod facts;
mod focus;
pub mod ground;
mod identify;
mod kind;
mod kindness;
mod label;
mod lead;
mod loosen;
mod matter;
mod memory;
mod named;
mod need;
pub mod offer;
mod options;
mod outcome;
mod page;
mod photo;
pub mod policy;
mod question;
mod quotable;
mod range;
pub mod refer;
mod remedy;
pub mod requests;
pub mod retrieve;
pub mod say;
pub mod sentence;
mod spoken;
mod suit;
mod tell;
pub mod understand;
pub mod words;
mod world;

pub use errand::{Carried, End, confirms};
pub use event::{Card, Choice, Claim, Event, Sentence};
pub use memory::{Memory, Need};
pub use offer::{Answer, Evidence, HandOff, Offer, Refund, Settled, Settlement, Signed};
pub use outcome::{Finish, Outcome, Timing};
pub use world::World;

use crate::catalog::{Lang, ProductId};
use crate::model::{Drafter, Picture};
use crate::search::{Item, Search};
use crate::store::Store;
use crate::systems::Systems;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use understand::{Intent, Understanding};

/// What a turn may look at.
#[derive(Clone)]
pub struct Rooms {
    pub search: Arc<Search>,
    pub store: Store,
    pub drafter: Drafter,
    pub policies: policy::Current,
    pub world: World,
    /// The shop's own systems.
    pub systems: Arc<Systems>,
}

/// A shopper's message and what the conversation knows already.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    pub text: String,
    /// Another request of the same message follows: this one is not asked back about.
    pub goes_on: bool,
    /// The page's language; the message's own language wins when it has one.
    pub locale: Lang,
    /// The product the shopper is looking at.
    pub page: Option<ProductId>,
    pub photo: Photo,
    /// The upload it is.
    pub photo_id: Option<String>,
    /// A photo of an earlier message that waits until it is known whose order it shows.
    pub evidence: Option<(String, Arc<Picture>)>,
    pub memory: Memory,
    /// The message is a pressed button: yes or no to a proposal.
    pub answer: Option<Answer>,
    /// Whom the shop's page says this is.
    pub signed: Option<Signed>,
    /// What this message has confirmed, declined, or was refused.
    pub carried: Option<Carried>,
}

/// The photo that came with a message.
#[derive(Clone, Debug, Default)]
pub enum Photo {
    #[default]
    None,
    Seen(Arc<Picture>),
    /// It could not be opened.
    Broken,
}

/// How a reply is ended early.
#[derive(Clone, Debug, Default)]
pub struct Brakes {
    /// The shopper pressed stop: nothing more is said.
    pub stop: CancellationToken,
    /// The shopper has written again, or the server is going down: advice is cut short, facts are not.
    pub hurry: CancellationToken,
}

/// Answers one message. Events arrive on `events` in the order they are to be shown; `brakes.stop` ends the reply where it is.
/// One that holds several requests is answered part by part.
pub async fn answer(rooms: &Rooms, ask: &Ask, events: &mpsc::Sender<Event>, brakes: &Brakes) -> Outcome {
    let mut parts = requests::requests(&spoken::text(ask), &ask.memory.errands).into_iter().peekable();
    let text = parts.next().unwrap_or_default();
    let first = Ask { text, goes_on: parts.peek().is_some(), ..ask.clone() };
    let mut outcome = answer_one(rooms, &first, events, brakes).await;
    while let Some(text) = parts.next() {
        if brakes.stop.is_cancelled() {
            break;
        }
        let next = Ask {
            text,
            goes_on: parts.peek().is_some(),
            photo: Photo::None,
            photo_id: None,
            memory: outcome.memory.clone(),
            answer: None,
            carried: None,
            ..ask.clone()
        };
        outcome = outcome.followed_by(answer_one(rooms, &next, events, brakes).await);
    }
    outcome
}

async fn answer_one(rooms: &Rooms, ask: &Ask, events: &mpsc::Sender<Event>, brakes: &Brakes) -> Outcome {
    let mut turn = Turn::begin(rooms, ask, events, brakes);
    let finish = match turn.run().await {
        Ok(finish) => finish,
        Err(error) => {
            tracing::error!("a turn failed: {error:#}");
            turn.say(Sentence::plain(say::failed(turn.lang))).await;
            Finish::Failed
        }
    };
    turn.end(finish)
}

/// A turn under way.
pub(crate) struct Turn<'a> {
    pub rooms: &'a Rooms,
    pub ask: &'a Ask,
    pub lang: Lang,
    pub understanding: Understanding,
    pub memory: Memory,
    /// The products the message is about; none when it is a need.
    pub about: Vec<Arc<Item>>,
    /// What the classifier of intents makes of the message.
    guess: Option<understand::learned::Guess>,
    /// What may help with the problem that is told, if one is.
    remedy: Option<remedy::Remedy>,
    /// The topics of the matters of service that may be asked about, the likeliest first, where the meaning tells them.
    matters: Vec<policy::Likely>,
    events: &'a mpsc::Sender<Event>,
    brakes: &'a Brakes,
    begun: Instant,
    timing: Timing,
    model: String,
    evidence: serde_json::Map<String, serde_json::Value>,
}

impl<'a> Turn<'a> {
    fn begin(rooms: &'a Rooms, ask: &'a Ask, events: &'a mpsc::Sender<Event>, brakes: &'a Brakes) -> Self {
        let begun = Instant::now();
        let understanding = words::read(&ask.text, &rooms.search);
        let so_far = ask.memory.lang.unwrap_or(ask.locale);
        // Names, addresses and options are in Latin letters anyway, and turn a Chinese conversation into no English one.
        let details = ask.memory.errands.customer.is_some() || ask.memory.lang.is_none();
        let has_han = ask.text.chars().any(crate::errand::hear::is_han);
        let lang = match so_far {
            Lang::Zh if has_han && ask.locale == Lang::Zh => Lang::Zh,
            Lang::Zh if !has_han && !understand::lang::turns_english(&ask.text, details) => Lang::Zh,
            _ if ask.memory.errands.asked.is_some() && understand::lang::is_names(&ask.text) => so_far,
            _ => understand::lang::detect(&ask.text).unwrap_or(so_far),
        };
        let timing = Timing { understand: ms(begun), ..Timing::default() };
        Self {
            rooms,
            ask,
            lang,
            understanding,
            memory: ask.memory.clone(),
            about: Vec::new(),
            guess: None,
            remedy: None,
            matters: Vec::new(),
            events,
            brakes,
            begun,
            timing,
            model: "none".to_owned(),
            evidence: serde_json::Map::new(),
        }
    }

    async fn run(&mut self) -> anyhow::Result<Finish> {
        self.show(Event::Stage("understanding")).await;
        self.consult().await;
        self.seek_service().await?;
        self.seek_remedy().await?;
        // A yes to what was asked about an order is no courtesy.
        let asked = self.ask.carried.is_some() || self.memory.errands.asked.is_some();
        if asked
            && self.understanding.intent != Intent::Emergency
            && let Some(finish) = self.take_errand().await?
        {
            return Ok(finish);
        }
        if let Some(finish) = self.take_care().await? {
            return Ok(finish);
        }
        if let Some(finish) = self.quote_matter().await? {
            return Ok(finish);
        }
        if !asked
            && self.remedy.is_none()
            && let Some(finish) = self.take_errand().await?
        {
            return Ok(finish);
        }
        if let Some(finish) = self.take_range().await? {
            return Ok(finish);
        }
        if let Some(finish) = self.take_photo().await? {
            return Ok(finish);
        }
        if let Some(finish) = self.take_which().await? {
            return Ok(finish);
        }
        if let Some(finish) = self.go_with().await? {
            return Ok(finish);
        }
        self.settle().await?;
        match self.understanding.intent {
            Intent::Find | Intent::Refine(_) | Intent::Recommend | Intent::Gift => self.sell().await,
            Intent::OutOfScope => self.decline().await,
            Intent::Compare => self.compare().await,
            Intent::Detail | Intent::Availability | Intent::Price | Intent::SizeFit => self.tell_about().await,
            Intent::Policy | Intent::OrderStatus | Intent::AfterSales(_) | Intent::Human | Intent::Account | Intent::Review => {
                self.quote_policy().await
            }
            Intent::Greeting | Intent::Thanks | Intent::Goodbye | Intent::Abuse | Intent::Emergency | Intent::SmallTalk | Intent::Buy => {
                self.be_kind().await
            }
        }
    }

    /// The main road: find products, show them, say the facts, advise.
    pub(crate) async fn sell(&mut self) -> anyhow::Result<Finish> {
        self.show(Event::Stage("searching")).await;
        let found = retrieve::retrieve(self).await?;
        self.timing.retrieve = ms(self.begun);
        let cards: Vec<Card> = found.hits.iter().map(|hit| ground::card(hit, self.lang, &self.understanding)).collect();
        self.remember(&found, &cards);
        if !cards.is_empty() {
            self.show(Event::Products(cards.clone())).await;
        }
        if cards.is_empty()
            && let Some(words) = say::no_further(&self.understanding, self.lang)
        {
            self.say(Sentence::plain(words)).await;
            return Ok(Finish::Answered);
        }
        if self.understanding.filters.currency.is_some() {
            self.say(facts::other_currency(&self.rooms.search.shelf().currency(), self.lang)).await;
        }
        for sentence in facts::about_results(&found, &cards, &self.understanding.filters.allergies, self.lang) {
            self.say(sentence).await;
        }
        for caution in self.cautions(&found.hits).await? {
            self.say(caution).await;
        }
        if cards.is_empty() {
            self.offer(say::ways_on(self.lang)).await;
            return Ok(Finish::Answered);
        }
        // What only comes near something that is not sold is shown, not recommended.
        if !found.sold {
            self.offer(say::refinements(&found, self.lang)).await;
            return Ok(Finish::Answered);
        }
        let (shelf, best) = (self.rooms.search.shelf(), &found.hits[0].item);
        // In another colour it is the same product.
        let told = self.memory.advised.iter().filter_map(|id| shelf.get(id)).any(|item| item.group == best.group);
        let is_news = self.memory.advise(&best.id) && !told;
        let grounding = ground::ground(self.rooms, &found.hits, &need::in_words(self, &found), self.lang).await?;
        // A question is put at once; the model's advice would keep the shopper waiting for it.
        let question = self.ask_back(&found);
        // With an allergy told, nothing is recommended that only a model has thought of.
        let by_model = is_news && question.is_none() && self.memory.filters.allergies.is_empty();
        let advised = by_model && draft::advise(self, &grounding).await;
        if self.brakes.stop.is_cancelled() {
            return Ok(Finish::Stopped);
        }
        if is_news && !advised {
            for sentence in facts::about_choice(&grounding, self.lang) {
                self.say(sentence).await;
            }
        }
        if let Some((question, replies)) = question {
            self.say(question).await;
            self.offer(replies).await;
            return Ok(Finish::Asked);
        }
        if !self.ask.goes_on {
            if let Some(step) = self.offer_more(&found).await? {
                self.say(step).await;
            }
            self.offer(say::refinements(&found, self.lang)).await;
        }
        Ok(Finish::Answered)
    }

    /// Sends an event; false when the shopper has stopped the reply.
    pub(crate) async fn show(&self, event: Event) -> bool {
        !self.brakes.stop.is_cancelled() && self.events.send(event).await.is_ok()
    }

    pub(crate) async fn say(&mut self, sentence: Sentence) {
        if self.timing.first_text == 0.0 {
            self.timing.first_text = ms(self.begun);
        }
        self.show(Event::Text(sentence)).await;
    }

    /// A sentence of the language model, already checked.
    pub(crate) async fn say_as_model(&mut self, sentence: Sentence) {
        self.model = self.rooms.drafter.name().to_owned();
        if self.timing.first_model_text.is_none() {
            self.timing.first_model_text = Some(ms(self.begun));
        }
        self.say(sentence).await;
    }

    pub(crate) async fn offer(&self, choices: Vec<Choice>) {
        if !choices.is_empty() {
            self.show(Event::Choices(choices)).await;
        }
    }

    pub(crate) fn note(&mut self, name: &str, value: serde_json::Value) {
        self.evidence.insert(name.to_owned(), value);
    }

    pub(crate) fn brakes(&self) -> &'a Brakes {
        self.brakes
    }

    fn end(mut self, finish: Finish) -> Outcome {
        let finish = if self.brakes.stop.is_cancelled() { Finish::Stopped } else { finish };
        self.timing.total = ms(self.begun);
        self.note("understanding", serde_json::to_value(&self.understanding).unwrap_or_default());
        self.note("memory", serde_json::to_value(&self.memory).unwrap_or_default());
        self.memory.lang = Some(self.lang);
        Outcome { finish, model: self.model, timing: self.timing, memory: self.memory, lang: self.lang, evidence: self.evidence.into() }
    }
}

fn ms(begun: Instant) -> f64 {
    (begun.elapsed().as_secs_f64() * 1e4).round() / 10.0
}
