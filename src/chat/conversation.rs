//! One session while someone is there: numbering, storing and fanning out its frames, and the brakes of the reply under way.

use super::frame::ServerFrame;
use super::shown::Shown;
use super::writer::Writer;
use crate::catalog::Lang;
use crate::search::Shelf;
use crate::store::StoreError;
use crate::store::chat::{FrameRow, Write};
use crate::turn::{Brakes, Memory, Signed};
use std::sync::{Arc, Mutex};
use tokio::sync::{Mutex as AsyncMutex, broadcast};

/// A frame as sent: its number (none for frames that are not stored) and its JSON.
#[derive(Clone, Debug)]
pub struct Sent {
    pub seq: Option<i64>,
    pub json: Arc<str>,
}

pub struct Conversation {
    pub id: String,
    writer: Writer,
    live: broadcast::Sender<Sent>,
    /// The last number given out; held while frames are stored, so that numbers reach the disk in order.
    last_seq: AsyncMutex<i64>,
    /// Held while a message is looked up and stored, so that the same id on two sockets is accepted once.
    pub(super) accepting: AsyncMutex<()>,
    /// Held by the turn that is being answered.
    pub(super) answering: AsyncMutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    brakes: Option<Brakes>,
    waiting: usize,
    memory: Memory,
    shown: Shown,
    page: Option<String>,
    locale: Lang,
    signed: Option<Signed>,
}

/// Frames a slow socket may lag behind before it has to reread from the store.
const LIVE: usize = 32;
const MOST_WAITING: usize = 8;

impl Conversation {
    pub(super) fn new(id: String, last_seq: i64, locale: Lang, memory: Memory, writer: Writer) -> Self {
        let state = State { memory, locale, ..State::default() };
        Self {
            id,
            writer,
            live: broadcast::channel(LIVE).0,
            last_seq: AsyncMutex::new(last_seq),
            accepting: AsyncMutex::default(),
            answering: AsyncMutex::default(),
            state: Mutex::new(state),
        }
    }

    pub fn subscribe(&self) -> broadcast::Receiver<Sent> {
        self.live.subscribe()
    }

    pub async fn last_seq(&self) -> i64 {
        *self.last_seq.lock().await
    }

    /// Numbers, stores and sends frames, together with other writes that belong to them; all or nothing.
    ///
    /// # Errors
    /// When the store cannot take them; nothing was sent then.
    pub async fn publish(&self, turn: &str, frames: &[ServerFrame], mut writes: Vec<Write>) -> Result<(), Arc<StoreError>> {
        let mut last = self.last_seq.lock().await;
        let mut seq = *last;
        let mut sent = Vec::with_capacity(frames.len());
        for frame in frames {
            let Some(kind) = frame.stored_kind() else {
                sent.push(Sent { seq: None, json: frame.encode(None).into() });
                continue;
            };
            seq += 1;
            let body = frame.encode(Some(seq));
            sent.push(Sent { seq: Some(seq), json: body.as_str().into() });
            writes.push(Write::Frame(FrameRow { session: self.id.clone(), seq, turn: turn.to_owned(), kind, body }));
        }
        if !writes.is_empty() {
            self.writer.write(writes).await?;
        }
        *last = seq;
        for frame in frames {
            if let ServerFrame::Products { turn, items } = frame {
                self.state().shown.note(turn, items);
            }
        }
        for frame in sent {
            self.live.send(frame).ok();
        }
        Ok(())
    }

    /// Tells what of the products shown here is no longer true.
    pub(super) async fn correct(&self, shelf: &Shelf) {
        let (before, found) = {
            let mut state = self.state();
            let before = state.shown.clone();
            (before, state.shown.corrections(shelf))
        };
        if found.is_empty() {
            return;
        }
        // Each frame is filed under the turn it corrects.
        let mut turns: Vec<(String, Vec<ServerFrame>)> = Vec::new();
        for (turn, frame) in found {
            match turns.iter_mut().find(|(t, _)| *t == turn) {
                Some((_, frames)) => frames.push(frame),
                None => turns.push((turn, vec![frame])),
            }
        }
        for (turn, frames) in turns {
            if let Err(error) = self.publish(&turn, &frames, Vec::new()).await {
                tracing::warn!("a correction could not be kept; it is tried again with the next change: {error}");
                self.state().shown = before;
                return;
            }
        }
    }

    /// What a conversation that was opened again had shown: its stored `products` frames, newest first.
    pub(super) fn recall(&self, frames: &[String]) {
        let mut state = self.state();
        frames.iter().rev().for_each(|body| state.shown.recall(body));
    }

    /// Sends a frame that is not stored.
    pub fn whisper(&self, frame: &ServerFrame) {
        self.live.send(Sent { seq: None, json: frame.encode(None).into() }).ok();
    }

    /// True when no socket listens.
    pub(super) fn is_deserted(&self) -> bool {
        self.live.receiver_count() == 0
    }

    /// Ends the reply being written.
    pub fn stop(&self) {
        if let Some(brakes) = &self.state().brakes {
            brakes.stop.cancel();
        }
    }

    /// A place in the row of messages to be answered; `None` when too many wait already.
    pub(super) fn queue(&self) -> Option<()> {
        let mut state = self.state();
        if state.waiting >= MOST_WAITING {
            return None;
        }
        state.waiting += 1;
        if let Some(brakes) = &state.brakes {
            brakes.hurry.cancel();
        }
        Some(())
    }

    pub(super) fn begin(&self) -> Brakes {
        let brakes = Brakes::default();
        let mut state = self.state();
        if state.waiting > 1 {
            brakes.hurry.cancel();
        }
        state.brakes = Some(brakes.clone());
        brakes
    }

    pub(super) fn end(&self, memory: Option<Memory>) {
        let mut state = self.state();
        state.brakes = None;
        state.waiting = state.waiting.saturating_sub(1);
        if let Some(memory) = memory {
            state.memory = memory;
        }
    }

    pub fn memory(&self) -> Memory {
        self.state().memory.clone()
    }

    pub fn page(&self) -> Option<String> {
        self.state().page.clone()
    }

    pub fn set_page(&self, product: Option<String>) {
        self.state().page = product;
    }

    /// Whom the shop's page says the shopper is; kept in memory only, every `hello` brings it anew.
    pub fn signed(&self) -> Option<Signed> {
        self.state().signed.clone()
    }

    pub fn set_identity(&self, signed: Signed) {
        self.state().signed = Some(signed);
    }

    pub fn locale(&self) -> Lang {
        self.state().locale
    }

    pub fn set_locale(&self, locale: Lang) {
        self.state().locale = locale;
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("no holder of this lock can panic")
    }
}
