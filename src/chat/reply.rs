//! An accepted message in; its reply as frames out: hearing, the turn, and the record of what it knew.

use super::conversation::Conversation;
use super::frame::{ErrorCode, ServerFrame};
use super::hub::Hub;
use super::settle;
use crate::model::{Pcm, Picture, Transcript, audio};
use crate::store::chat::{MessageRow, TurnRow, Write};
use crate::store::handoffs::{Handoff, HandoffState, OrderPhoto};
use crate::store::{new_id, now_ms};
use crate::turn::{Ask, Brakes, Event, Finish, Outcome, Photo, answer, say};
use anyhow::Context;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// Starts the reply; messages of one conversation are answered in their order.
/// A `resumed` one was interrupted by a crash or restart: what it had said already stands, and is not said again.
pub fn start(hub: Arc<Hub>, conversation: Arc<Conversation>, message: MessageRow, resumed: bool) {
    let tasks = hub.tasks.clone();
    tasks.spawn(async move {
        let turn = conversation.clone();
        let _my_turn = turn.answering.lock().await;
        let brakes = conversation.begin();
        let (mut resumed, mut pause) = (resumed, FIRST_PAUSE);
        let memory = loop {
            let reply = Reply { hub: &hub, conversation: &conversation, message: &message, index: 0, sent: Vec::new() };
            match reply.run(&brakes, resumed).await {
                Ok(outcome) => break Some(outcome.memory),
                Err(error) => tracing::error!(turn.id = %message.turn, "a reply could not be stored: {error:#}"),
            }
            conversation.whisper(&ServerFrame::Error {
                code: ErrorCode::Internal,
                message: "the reply cannot be kept right now; it will go on as soon as that is mended".into(),
                retry_ms: Some(pause.as_millis() as u64),
            });
            tokio::select! {
                () = tokio::time::sleep(pause) => (resumed, pause) = (true, (pause * 2).min(LONGEST_PAUSE)),
                () = hub.stop.cancelled() => break None,
            }
            if conversation.is_deserted() {
                break None;
            }
        };
        conversation.end(memory);
    });
}

/// How long a reply waits for a store that is away; while somebody listens it does not give up. When nobody does, the next `hello`
/// takes it up.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

struct Reply<'a> {
    hub: &'a Arc<Hub>,
    conversation: &'a Conversation,
    message: &'a MessageRow,
    index: usize,
    /// The kinds of frames sent before an interruption.
    sent: Vec<String>,
}

impl Reply<'_> {
    async fn run(mut self, brakes: &Brakes, resumed: bool) -> anyhow::Result<Outcome> {
        if resumed {
            self.sent = self.hub.store.sent_kinds(&self.conversation.id, &self.message.turn).await?;
        }
        if ["text", "outcome", "proposal", "done"].iter().any(|kind| self.has_sent(kind)) {
            let ask = self.ask(self.message.text.clone());
            let memory = match self.has_sent("proposal") || self.has_sent("outcome") || ask.memory.errands.is_under_way() {
                true => settle::recollect(&self.hub.rooms, &self.conversation.id, ask).await?,
                false => ask.memory,
            };
            let outcome = Outcome::interrupted(self.conversation.locale(), memory);
            if !self.has_sent("done") {
                self.finish(&outcome).await?;
            }
            return Ok(outcome);
        }
        let shutdown = self.hub.stop.clone();
        let heard = self.hear().await?;
        let locale = self.conversation.locale();
        let text = match &heard {
            Heard::Nothing | Heard::Deaf => {
                let words = if matches!(heard, Heard::Deaf) { say::cannot_hear(locale) } else { say::nothing_heard(locale) };
                let event = Event::Text(crate::turn::Sentence::plain(words));
                self.publish(vec![event], Vec::new()).await?;
                let outcome = Outcome::unheard(locale, self.conversation.memory());
                self.finish(&outcome).await?;
                return Ok(outcome);
            }
            Heard::Words(transcript) => format!("{} {}", transcript.text, self.message.text).trim().to_owned(),
            Heard::NoSound { .. } => self.message.text.clone(),
        };
        let mut ask = self.ask(text);
        if let Heard::NoSound { photo, id } = heard {
            (ask.photo, ask.photo_id) = (photo, id);
        }
        if let Some(id) = ask.memory.errands.photo.clone()
            && let Photo::Seen(picture) = self.look(&id).await
        {
            ask.evidence = Some((id, picture));
        }
        ask.carried = settle::settle(&self.hub.rooms, &self.conversation.id, &ask).await?;
        let (events, mut stream) = mpsc::channel(32);
        let rooms = self.hub.rooms.clone();
        let answering = async {
            let outcome = answer(&rooms, &ask, &events, brakes).await;
            drop(events);
            outcome
        };
        let sending = async {
            let mut batch = Vec::new();
            while stream.recv_many(&mut batch, 16).await > 0 {
                if let Err(error) = self.publish(std::mem::take(&mut batch), Vec::new()).await {
                    stream.close();
                    return Err(error);
                }
                if shutdown.is_cancelled() {
                    brakes.hurry.cancel();
                }
            }
            anyhow::Ok(())
        };
        let hurried = async {
            shutdown.cancelled().await;
            brakes.hurry.cancel();
            std::future::pending::<()>().await;
        };
        let outcome = tokio::select! {
            (outcome, sent) = async { tokio::join!(answering, sending) } => {
                sent?;
                outcome
            }
            () = hurried => unreachable!("it never ends"),
        };
        self.finish(&outcome).await?;
        Ok(outcome)
    }

    fn ask(&self, text: String) -> Ask {
        let conversation = self.conversation;
        Ask {
            text,
            locale: conversation.locale(),
            page: conversation.page(),
            memory: conversation.memory(),
            answer: self.message.answer.clone(),
            signed: conversation.signed(),
            ..Ask::default()
        }
    }

    /// Listens to the message's sound, if it has any, and shows what was heard.
    async fn hear(&mut self) -> anyhow::Result<Heard> {
        if self.has_sent("transcript") {
            // The words were stored as the message's text with the transcript frame.
            return Ok(if self.message.text.is_empty() { Heard::Nothing } else { Heard::Words(Transcript::default()) });
        }
        let (mut photo, mut photo_id) = (Photo::None, None);
        for id in &self.message.uploads {
            let kind = self.hub.store.upload(id).await?.map(|(kind, _)| kind);
            if kind.as_deref() == Some("image") {
                (photo, photo_id) = (self.look(id).await, Some(id.clone()));
            }
            if kind.as_deref() != Some("audio") {
                continue;
            }
            if !self.hub.ears.is_present() {
                return Ok(Heard::Deaf);
            }
            let path = self.hub.uploads.join(id);
            let speech = tokio::task::spawn_blocking(move || audio::decode(std::fs::read(&path).context("read the recording")?))
                .await
                .context("decode the recording")?;
            let transcript = match speech {
                Ok(speech) => self.recognize(speech).await.unwrap_or_else(|error| {
                    tracing::warn!("speech was not recognized: {error:#}");
                    Transcript::default()
                }),
                Err(error) => {
                    tracing::warn!("a recording could not be decoded: {error:#}");
                    Transcript::default()
                }
            };
            let frame =
                ServerFrame::Transcript { turn: self.message.turn.clone(), text: transcript.text.clone(), lang: transcript.lang.clone() };
            let kept = MessageRow { text: transcript.text.clone(), ..self.message.clone() };
            let write = Write::Message { session: self.conversation.id.clone(), message: kept };
            self.conversation.publish(&self.message.turn, &[frame], vec![write]).await?;
            return Ok(if transcript.text.is_empty() { Heard::Nothing } else { Heard::Words(transcript) });
        }
        Ok(Heard::NoSound { photo, id: photo_id })
    }

    /// What was said; Chinese in the characters of the shop's own words.
    async fn recognize(&self, speech: Pcm) -> anyhow::Result<Transcript> {
        let heard = self.hub.ears.hear(speech, self.conversation.locale()).await?;
        if heard.lang != "zh" {
            return Ok(heard);
        }
        let search = self.hub.rooms.search.clone();
        let spell = move || Transcript { text: search.spell(&heard.text, &heard.sure), sure: Vec::new(), ..heard };
        tokio::task::spawn_blocking(spell).await.context("spell what was heard")
    }

    /// Opens an uploaded photo; the last one of a message counts.
    async fn look(&self, id: &str) -> Photo {
        let path = self.hub.uploads.join(id);
        let open = move || Picture::decode(&std::fs::read(&path).context("read the photo")?);
        match tokio::task::spawn_blocking(open).await.context("open the photo").flatten() {
            Ok(picture) => Photo::Seen(Arc::new(picture)),
            Err(error) => {
                tracing::warn!("a photo could not be opened: {error:#}");
                Photo::Broken
            }
        }
    }

    async fn publish(&mut self, events: Vec<Event>, mut writes: Vec<Write>) -> anyhow::Result<()> {
        let turn = &self.message.turn;
        let session = || self.conversation.id.clone();
        let mut frames = Vec::with_capacity(events.len());
        for event in events {
            let stands = match event {
                Event::Products(_) => self.has_sent("products"),
                Event::Outcome(_) => self.has_sent("outcome"),
                _ => false,
            };
            if stands {
                continue;
            }
            // What belongs to a frame is kept in the transaction that keeps the frame.
            match &event {
                Event::Proposal { offer, customer, proposal } => writes.push(Write::Proposal {
                    id: offer.id.clone(),
                    session: session(),
                    customer: customer.clone(),
                    proposal: proposal.clone(),
                }),
                Event::HandOff(call) => writes.push(Write::Handoff(Box::new(Handoff {
                    id: new_id(),
                    session: session(),
                    customer: call.customer.clone(),
                    reason: call.reason.to_owned(),
                    summary: call.summary.clone(),
                    state: HandoffState::Waiting,
                    created_ms: now_ms(),
                }))),
                Event::Evidence(evidence) => {
                    writes.push(Write::Photo(OrderPhoto {
                        id: new_id(),
                        upload: evidence.upload.clone(),
                        order: evidence.place.as_ref().map(|p| p.order.clone()).unwrap_or_default(),
                        item: evidence.item.clone().unwrap_or_default(),
                        at: evidence.place.as_ref().map_or(0, |p| p.at as i64),
                        score: (evidence.score * 1000.0) as i64,
                        session: session(),
                    }));
                    // No frame tells of it; the sentence after it does.
                    continue;
                }
                _ => {}
            }
            frames.push(match event {
                Event::Stage(stage) => ServerFrame::Stage { turn: turn.clone(), stage },
                Event::Products(cards) => ServerFrame::Products { turn: turn.clone(), items: cards.into_iter().map(Into::into).collect() },
                Event::Text(sentence) => {
                    self.index += 1;
                    ServerFrame::Text { turn: turn.clone(), index: self.index - 1, text: sentence.text, claims: sentence.claims }
                }
                Event::Table { columns, rows } => ServerFrame::Table { turn: turn.clone(), columns, rows },
                Event::Choices(options) => ServerFrame::Choices { turn: turn.clone(), options },
                Event::Proposal { offer, .. } => ServerFrame::proposal(turn.clone(), *offer),
                Event::Outcome(settled) => ServerFrame::outcome(turn.clone(), settled),
                Event::Evidence(_) => unreachable!("it is written, and no frame"),
                Event::HandOff(_) => ServerFrame::Agent { state: "waiting", name: None },
            });
        }
        self.conversation.publish(turn, &frames, writes).await?;
        Ok(())
    }

    fn has_sent(&self, kind: &str) -> bool {
        self.sent.iter().any(|k| k == kind)
    }

    async fn finish(&self, outcome: &Outcome) -> anyhow::Result<()> {
        let turn = self.message.turn.clone();
        let row = TurnRow {
            id: turn.clone(),
            session: self.conversation.id.clone(),
            evidence: outcome.evidence.to_string(),
            timing: serde_json::to_string(&outcome.timing)?,
            model: outcome.model.clone(),
            finish: serde_json::to_value(outcome.finish)?.as_str().unwrap_or_default().to_owned(),
        };
        let done =
            ServerFrame::Done { turn: turn.clone(), finish: outcome.finish, model: outcome.model.clone(), timing_ms: outcome.timing };
        self.conversation.publish(&turn, &[done], vec![Write::Turn(row)]).await?;
        // The reply was written from the shelf it began with.
        self.conversation.correct(&self.hub.rooms.search.shelf()).await;
        if outcome.finish == Finish::Failed {
            tracing::warn!(turn.id = %turn, "a turn failed");
        }
        Ok(())
    }
}

enum Heard {
    NoSound {
        photo: Photo,
        /// The upload it is.
        id: Option<String>,
    },
    Nothing,
    /// There is no speech recognizer.
    Deaf,
    Words(Transcript),
}
