//! Conversations: sessions, accepted messages, the frames that were sent, evidence and timing of each turn.

use super::handoffs::{self, Handoff, OrderPhoto};
use super::proposals::{self, State};
use super::{Store, StoreError, now_ms};
use crate::aftersales::Proposal;
use serde::{Deserialize, Serialize};
use sqlx::{Any, Row, Transaction};

/// A session as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionRow {
    pub id: String,
    pub locale: String,
    pub channel: String,
    pub last_seq: i64,
}

/// A message as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageRow {
    pub id: String,
    pub turn: String,
    pub author: String,
    pub text: String,
    pub uploads: Vec<String>,
    /// Set when a button was pressed; `text` is then what was on it.
    pub answer: Option<Answer>,
}

/// A yes or no to a proposal; without its id, to the one that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub yes: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<String>,
}

/// A frame that was, or is about to be, sent.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameRow {
    pub session: String,
    pub seq: i64,
    pub turn: String,
    pub kind: &'static str,
    pub body: String,
}

/// What a turn knew and how long it took; kept for the console.
#[derive(Clone, Debug)]
pub struct TurnRow {
    pub id: String,
    pub session: String,
    pub evidence: String,
    pub timing: String,
    pub model: String,
    pub finish: String,
}

/// One thing to write. Many of them share one transaction, so that one flush to disk serves many conversations.
#[derive(Clone, Debug)]
pub enum Write {
    Session {
        id: String,
        locale: String,
        channel: String,
        page: String,
    },
    Message {
        session: String,
        message: MessageRow,
    },
    Frame(FrameRow),
    Turn(TurnRow),
    Upload {
        id: String,
        kind: String,
        media_type: String,
        bytes: i64,
    },
    Rating {
        session: String,
        id: String,
        turn: String,
        score: i64,
        comment: String,
    },
    /// Closes the older proposal of its session, if one is open.
    Proposal {
        id: String,
        session: String,
        customer: String,
        proposal: Box<Proposal>,
    },
    /// Of a proposal that is still open; else nothing happens.
    ProposalState {
        id: String,
        session: String,
        state: State,
    },
    /// Nothing happens when the session has one open.
    Handoff(Box<Handoff>),
    Photo(OrderPhoto),
}

impl Store {
    /// Writes all or nothing, flushed to disk before it returns.
    pub async fn write_all(&self, writes: &[Write]) -> Result<(), StoreError> {
        let run = async {
            let mut transaction = self.writer().begin().await?;
            for write in writes {
                put(&mut transaction, write).await?;
            }
            transaction.commit().await
        };
        run.await.map_err(StoreError::of)
    }

    pub async fn session(&self, id: &str) -> Result<Option<SessionRow>, StoreError> {
        let row = sqlx::query(
            "select s.id, s.locale, s.channel, coalesce((select max(f.seq) from frame f where f.session = s.id), 0) \
             from session s where s.id = $1",
        )
        .bind(id)
        .fetch_optional(self.reader())
        .await
        .map_err(StoreError::of)?;
        Ok(row.map(|r| SessionRow { id: r.get(0), locale: r.get(1), channel: r.get(2), last_seq: r.get(3) }))
    }

    /// Stored frames with `seq` greater than `after`, in order, at most `limit`.
    pub async fn frames_after(&self, session: &str, after: i64, limit: i64) -> Result<Vec<(i64, String)>, StoreError> {
        let rows = sqlx::query("select seq, body from frame where session = $1 and seq > $2 order by seq limit $3")
            .bind(session)
            .bind(after)
            .bind(limit)
            .fetch_all(self.reader())
            .await
            .map_err(StoreError::of)?;
        Ok(rows.iter().map(|r| (r.get(0), r.get(1))).collect())
    }

    /// The latest frames of one kind, newest first.
    pub async fn latest_frames(&self, session: &str, kind: &str, limit: i64) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query("select body from frame where session = $1 and kind = $2 order by seq desc limit $3")
            .bind(session)
            .bind(kind)
            .bind(limit)
            .fetch_all(self.reader())
            .await
            .map_err(StoreError::of)?;
        Ok(rows.iter().map(|r| r.get(0)).collect())
    }

    pub async fn message(&self, session: &str, id: &str) -> Result<Option<MessageRow>, StoreError> {
        let row = sqlx::query("select id, turn, author, text, uploads, answer from message where session = $1 and id = $2")
            .bind(session)
            .bind(id)
            .fetch_optional(self.reader())
            .await
            .map_err(StoreError::of)?;
        Ok(row.as_ref().map(message_row))
    }

    /// The `message` frame with which a turn began.
    pub async fn acknowledgement(&self, session: &str, turn: &str) -> Result<Option<String>, StoreError> {
        let row = sqlx::query("select body from frame where session = $1 and turn = $2 and kind = 'message'")
            .bind(session)
            .bind(turn)
            .fetch_optional(self.reader())
            .await
            .map_err(StoreError::of)?;
        Ok(row.map(|r| r.get(0)))
    }

    /// The kinds of frames a turn has sent already, in order.
    pub async fn sent_kinds(&self, session: &str, turn: &str) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query("select kind from frame where session = $1 and turn = $2 order by seq")
            .bind(session)
            .bind(turn)
            .fetch_all(self.reader())
            .await
            .map_err(StoreError::of)?;
        Ok(rows.iter().map(|r| r.get(0)).collect())
    }

    /// Messages whose turn has no `done` frame: what a crash or a restart interrupted, oldest first.
    pub async fn unanswered(&self, session: &str) -> Result<Vec<MessageRow>, StoreError> {
        let rows = sqlx::query(
            "select m.id, m.turn, m.author, m.text, m.uploads, m.answer from message m where m.session = $1 and m.author = 'shopper' \
             and not exists (select 1 from frame f where f.session = m.session and f.turn = m.turn and f.kind = 'done') \
             order by m.created_ms, m.turn",
        )
        .bind(session)
        .fetch_all(self.reader())
        .await
        .map_err(StoreError::of)?;
        Ok(rows.iter().map(message_row).collect())
    }

    /// The shopper's latest messages, newest first.
    pub async fn recent_messages(&self, session: &str, limit: i64) -> Result<Vec<MessageRow>, StoreError> {
        let rows = sqlx::query(
            "select id, turn, author, text, uploads, answer from message where session = $1 order by created_ms desc, turn desc limit $2",
        )
        .bind(session)
        .bind(limit)
        .fetch_all(self.reader())
        .await
        .map_err(StoreError::of)?;
        Ok(rows.iter().map(message_row).collect())
    }

    /// `(kind, media_type)` of an upload.
    pub async fn upload(&self, id: &str) -> Result<Option<(String, String)>, StoreError> {
        let row = sqlx::query("select kind, media_type from upload where id = $1")
            .bind(id)
            .fetch_optional(self.reader())
            .await
            .map_err(StoreError::of)?;
        Ok(row.map(|r| (r.get(0), r.get(1))))
    }

    /// Evidence of the session's turns, newest first.
    pub async fn turn_evidence(&self, session: &str, limit: i64) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query("select evidence from turn where session = $1 order by created_ms desc, id desc limit $2")
            .bind(session)
            .bind(limit)
            .fetch_all(self.reader())
            .await
            .map_err(StoreError::of)?;
        Ok(rows.iter().map(|r| r.get(0)).collect())
    }
}

fn message_row(row: &sqlx::any::AnyRow) -> MessageRow {
    let (uploads, answer): (String, String) = (row.get(4), row.get(5));
    MessageRow {
        id: row.get(0),
        turn: row.get(1),
        author: row.get(2),
        text: row.get(3),
        uploads: serde_json::from_str(&uploads).unwrap_or_default(),
        answer: serde_json::from_str(&answer).ok(),
    }
}

async fn put(transaction: &mut Transaction<'static, Any>, write: &Write) -> Result<(), sqlx::Error> {
    let now = now_ms();
    let query = match write {
        Write::Session { id, locale, channel, page } => sqlx::query(
            "insert into session (id, locale, channel, page, created_ms) values ($1, $2, $3, $4, $5) \
             on conflict (id) do update set locale = excluded.locale, page = excluded.page",
        )
        .bind(id.clone())
        .bind(locale.clone())
        .bind(channel.clone())
        .bind(page.clone())
        .bind(now),
        Write::Message { session, message } => {
            sqlx::query("insert into message (session, id, turn, author, text, uploads, answer, created_ms) values ($1, $2, $3, $4, $5, $6, $7, $8) \
             on conflict (session, id) do update set text = excluded.text")
                .bind(session.clone())
                .bind(message.id.clone())
                .bind(message.turn.clone())
                .bind(message.author.clone())
                .bind(message.text.clone())
                .bind(serde_json::to_string(&message.uploads).unwrap_or_default())
                .bind(message.answer.as_ref().map_or_else(String::new, |a| serde_json::to_string(a).unwrap_or_default()))
                .bind(now)
        }
        Write::Frame(frame) => sqlx::query("insert into frame (session, seq, turn, kind, body, created_ms) values ($1, $2, $3, $4, $5, $6)")
            .bind(frame.session.clone())
            .bind(frame.seq)
            .bind(frame.turn.clone())
            .bind(frame.kind)
            .bind(frame.body.clone())
            .bind(now),
        Write::Turn(turn) => sqlx::query(
            "insert into turn (id, session, evidence, timing, model, finish, created_ms) values ($1, $2, $3, $4, $5, $6, $7) \
             on conflict (id) do update set evidence = excluded.evidence, timing = excluded.timing, model = excluded.model, finish = excluded.finish",
        )
        .bind(turn.id.clone())
        .bind(turn.session.clone())
        .bind(turn.evidence.clone())
        .bind(turn.timing.clone())
        .bind(turn.model.clone())
        .bind(turn.finish.clone())
        .bind(now),
        Write::Upload { id, kind, media_type, bytes } => sqlx::query("insert into upload (id, kind, media_type, bytes, created_ms) values ($1, $2, $3, $4, $5)")
            .bind(id.clone())
            .bind(kind.clone())
            .bind(media_type.clone())
            .bind(*bytes)
            .bind(now),
        Write::Rating { session, id, turn, score, comment } => sqlx::query(
            "insert into rating (session, id, turn, score, comment, created_ms) values ($1, $2, $3, $4, $5, $6) \
             on conflict (session, id) do update set score = excluded.score, comment = excluded.comment",
        )
        .bind(session.clone())
        .bind(id.clone())
        .bind(turn.clone())
        .bind(*score)
        .bind(comment.clone())
        .bind(now),
        Write::Proposal { id, session, customer, proposal } => return proposals::put(transaction, id, session, customer, proposal, now).await,
        Write::ProposalState { id, session, state } => return proposals::close(transaction, id, session, *state).await,
        Write::Handoff(call) => return handoffs::put(transaction, call).await,
        Write::Photo(photo) => return handoffs::put_photo(transaction, photo, now).await,
    };
    query.execute(&mut **transaction).await?;
    Ok(())
}
