//! Sessions in memory: opening and resuming them, accepting messages exactly once, and starting their replies.

use super::conversation::Conversation;
use super::frame::{ErrorCode, ServerFrame};
use super::{reply, writer::Writer};
use crate::catalog::Lang;
use crate::model::Ears;
use crate::store::chat::{Answer, MessageRow, Write};
use crate::store::{Store, StoreError, new_id};
use crate::turn::{Memory, Rooms};
use futures::StreamExt;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, Weak};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// All live conversations and what replies need; one for the process.
pub struct Hub {
    pub rooms: Rooms,
    pub ears: Ears,
    pub store: Store,
    pub writer: Writer,
    /// Where uploaded bytes lie, under their id.
    pub uploads: PathBuf,
    pub(super) tasks: TaskTracker,
    pub(super) stop: CancellationToken,
    conversations: Mutex<HashMap<String, Weak<Conversation>>>,
}

/// A message as a socket hands it in.
#[derive(Clone, Debug, Default)]
pub struct Accept {
    /// The client's own id.
    pub id: String,
    pub text: String,
    pub uploads: Vec<String>,
    /// A pressed button: yes or no to a proposal.
    pub answer: Option<Answer>,
}

/// `products` frames that a conversation opened again is held to.
const RECALLED: i64 = 40;
/// Conversations corrected at a time; their frames share the store's transactions.
const TOGETHER: usize = 512;

impl Hub {
    pub fn new(rooms: Rooms, ears: Ears, uploads: PathBuf, tasks: TaskTracker, stop: CancellationToken) -> Arc<Self> {
        let store = rooms.store.clone();
        let writer = Writer::start(store.clone());
        Arc::new(Self { rooms, ears, store, writer, uploads, tasks, stop, conversations: Mutex::default() })
    }

    /// Opens the session `wanted` if there is one, else a new one. The flag says which.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn open(
        self: &Arc<Self>,
        wanted: Option<&str>,
        locale: &str,
        channel: &str,
    ) -> Result<(Arc<Conversation>, bool), Arc<StoreError>> {
        if let Some(id) = wanted {
            if let Some(live) = self.live(id) {
                live.set_locale(Lang::of_locale(locale));
                return Ok((live, true));
            }
            if let Some(row) = self.store.session(id).await.map_err(Arc::new)? {
                let memory = self.remembered(id).await?;
                let conversation = self.keep(Conversation::new(row.id, row.last_seq, Lang::of_locale(locale), memory, self.writer.clone()));
                conversation.recall(&self.store.latest_frames(id, "products", RECALLED).await.map_err(Arc::new)?);
                conversation.correct(&self.rooms.search.shelf()).await;
                self.take_up_interrupted(&conversation).await?;
                return Ok((conversation, true));
            }
        }
        let id = new_id();
        let row = Write::Session { id: id.clone(), locale: locale.to_owned(), channel: channel.to_owned(), page: String::new() };
        self.writer.write(vec![row]).await?;
        let conversation = Conversation::new(id, 0, Lang::of_locale(locale), Memory::default(), self.writer.clone());
        Ok((self.keep(conversation), false))
    }

    /// Stores a message, acknowledges it with a `message` frame and starts its reply. The same id again only repeats the
    /// acknowledgement, which is returned for the socket that asked.
    ///
    /// # Errors
    /// The frame to send back: `busy` when too many messages wait, `internal` when the store cannot take it.
    pub async fn accept(self: &Arc<Self>, conversation: &Arc<Conversation>, message: Accept) -> Result<Option<String>, ServerFrame> {
        let _one_at_a_time = conversation.accepting.lock().await;
        let known = self.store.message(&conversation.id, &message.id).await.map_err(|e| refuse(&e))?;
        if let Some(known) = known {
            return self.store.acknowledgement(&conversation.id, &known.turn).await.map_err(|e| refuse(&e));
        }
        if self.stop.is_cancelled() || conversation.queue().is_none() {
            return Err(ServerFrame::Error {
                code: ErrorCode::Busy,
                message: "too many messages wait for an answer".into(),
                retry_ms: Some(2_000),
            });
        }
        let row = MessageRow {
            id: message.id,
            turn: new_id(),
            author: "shopper".to_owned(),
            text: message.text,
            uploads: message.uploads,
            answer: message.answer,
        };
        let echo = ServerFrame::Message {
            id: row.id.clone(),
            turn: row.turn.clone(),
            author: "shopper",
            text: row.text.clone(),
            uploads: row.uploads.clone(),
        };
        let write = Write::Message { session: conversation.id.clone(), message: row.clone() };
        if let Err(error) = conversation.publish(&row.turn, &[echo], vec![write]).await {
            conversation.end(None);
            return Err(refuse(&error));
        }
        reply::start(self.clone(), conversation.clone(), row, false);
        Ok(None)
    }

    /// Corrects what open conversations have shown, whenever prices or stock change.
    pub async fn follow_shelf(self: Arc<Self>) {
        let mut shelves = self.rooms.search.follow_shelf();
        while let Some(Ok(())) = self.stop.run_until_cancelled(shelves.changed()).await {
            let shelf = shelves.borrow_and_update().clone();
            let open: Vec<Arc<Conversation>> = self.map().values().filter_map(Weak::upgrade).collect();
            futures::stream::iter(open)
                .for_each_concurrent(TOGETHER, |chat| async {
                    chat.correct(&shelf).await;
                    drop(chat)
                })
                .await;
        }
    }

    /// Sockets and replies that must end before the store closes.
    pub fn tracker(&self) -> &TaskTracker {
        &self.tasks
    }

    pub fn stop_token(&self) -> &CancellationToken {
        &self.stop
    }

    /// Conversations with a socket or a reply under way.
    pub fn live_count(&self) -> usize {
        self.map().values().filter(|w| w.strong_count() > 0).count()
    }

    fn live(&self, id: &str) -> Option<Arc<Conversation>> {
        self.map().get(id).and_then(Weak::upgrade)
    }

    /// Puts a conversation on the map; when another socket was quicker, theirs is taken.
    fn keep(&self, conversation: Conversation) -> Arc<Conversation> {
        let mut map = self.map();
        if let Some(theirs) = map.get(&conversation.id).and_then(Weak::upgrade) {
            return theirs;
        }
        if map.len() % 256 == 255 {
            map.retain(|_, weak| weak.strong_count() > 0);
        }
        let conversation = Arc::new(conversation);
        map.insert(conversation.id.clone(), Arc::downgrade(&conversation));
        conversation
    }

    async fn remembered(&self, session: &str) -> Result<Memory, Arc<StoreError>> {
        let evidence = self.store.turn_evidence(session, 1).await.map_err(Arc::new)?;
        let memory = evidence.first().and_then(|e| serde_json::from_str::<serde_json::Value>(e).ok());
        Ok(memory.and_then(|e| serde_json::from_value(e["memory"].clone()).ok()).unwrap_or_default())
    }

    /// Answers what a crash or restart left without an answer.
    async fn take_up_interrupted(self: &Arc<Self>, conversation: &Arc<Conversation>) -> Result<(), Arc<StoreError>> {
        for message in self.store.unanswered(&conversation.id).await.map_err(Arc::new)? {
            if conversation.queue().is_some() {
                reply::start(self.clone(), conversation.clone(), message, true);
            }
        }
        Ok(())
    }

    fn map(&self) -> std::sync::MutexGuard<'_, HashMap<String, Weak<Conversation>>> {
        self.conversations.lock().expect("no holder of this lock can panic")
    }
}

fn refuse(error: &StoreError) -> ServerFrame {
    tracing::warn!("a message was refused: {error}");
    let message = match error {
        StoreError::Full => "the shop's disk is full, so nothing can be kept right now; your message was not taken",
        _ => "the message could not be kept and was not taken; please try again",
    };
    ServerFrame::Error { code: ErrorCode::Internal, message: message.into(), retry_ms: Some(3_000) }
}
