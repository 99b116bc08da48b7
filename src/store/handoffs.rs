//! Calls for a person, and photos that are evidence for one, in; who waits, and what there is to look at, out.

use super::ledger::word;
use super::{Store, StoreError};
use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, Row};

/// A conversation that waits for a person, or has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handoff {
    pub id: String,
    pub session: String,
    /// None when nobody was identified.
    pub customer: Option<String>,
    pub reason: String,
    /// JSON: what was asked, what was tried, the facts.
    pub summary: String,
    pub state: HandoffState,
    pub created_ms: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoffState {
    Waiting,
    Taken,
    Closed,
}

/// A shopper's photo, with the item of an order it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderPhoto {
    pub id: String,
    pub upload: String,
    pub order: String,
    pub item: String,
    /// The item's position on the order.
    pub at: i64,
    /// How like the item's own picture it is, in thousandths.
    pub score: i64,
    pub session: String,
}

impl Store {
    /// The call for a person that a conversation has open.
    pub async fn open_handoff(&self, session: &str) -> Result<Option<Handoff>, StoreError> {
        let row = sqlx::query(
            "select id, session, customer, reason, summary, state, created_ms from handoff where session = $1 and state <> 'closed'",
        )
        .bind(session)
        .fetch_optional(self.reader())
        .await
        .map_err(StoreError::of)?;
        Ok(row.as_ref().map(handoff))
    }

    /// Those that wait for a person, the longest waiting first.
    pub async fn waiting_handoffs(&self, limit: i64) -> Result<Vec<Handoff>, StoreError> {
        let rows = sqlx::query(
            "select id, session, customer, reason, summary, state, created_ms from handoff where state = 'waiting' \
             order by created_ms, id limit $1",
        )
        .bind(limit)
        .fetch_all(self.reader())
        .await
        .map_err(StoreError::of)?;
        Ok(rows.iter().map(handoff).collect())
    }

    /// A person takes it, or is done with it. False when it was closed already.
    pub async fn change_handoff(&self, id: &str, state: HandoffState) -> Result<bool, StoreError> {
        let query = sqlx::query("update handoff set state = $2 where id = $1 and state <> 'closed'").bind(id).bind(word(&state));
        Ok(query.execute(self.writer()).await.map_err(StoreError::of)?.rows_affected() == 1)
    }

    /// The photos of an order, oldest first.
    pub async fn order_photos(&self, order: &str) -> Result<Vec<OrderPhoto>, StoreError> {
        let rows = sqlx::query("select id, upload, order_id, item_id, at, score, session from order_photo where order_id = $1 order by id")
            .bind(order)
            .fetch_all(self.reader())
            .await
            .map_err(StoreError::of)?;
        let photo = |r: &sqlx::any::AnyRow| OrderPhoto {
            id: r.get(0),
            upload: r.get(1),
            order: r.get(2),
            item: r.get(3),
            at: r.get(4),
            score: r.get(5),
            session: r.get(6),
        };
        Ok(rows.iter().map(photo).collect())
    }
}

/// One call a conversation: a second one while the first is open changes nothing.
pub(super) async fn put(connection: &mut AnyConnection, call: &Handoff) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into handoff (id, session, customer, reason, summary, state, created_ms) values ($1, $2, $3, $4, $5, $6, $7) \
         on conflict (session) where state <> 'closed' do nothing",
    )
    .bind(&call.id)
    .bind(&call.session)
    .bind(call.customer.as_deref().unwrap_or(""))
    .bind(&call.reason)
    .bind(&call.summary)
    .bind(word(&call.state))
    .bind(call.created_ms)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn put_photo(connection: &mut AnyConnection, photo: &OrderPhoto, now_ms: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into order_photo (id, upload, order_id, item_id, at, score, session, created_ms) values ($1, $2, $3, $4, $5, $6, $7, $8) \
         on conflict (id) do nothing",
    )
    .bind(&photo.id)
    .bind(&photo.upload)
    .bind(&photo.order)
    .bind(&photo.item)
    .bind(photo.at)
    .bind(photo.score)
    .bind(&photo.session)
    .bind(now_ms)
    .execute(connection)
    .await?;
    Ok(())
}

fn handoff(row: &sqlx::any::AnyRow) -> Handoff {
    let (customer, state): (String, String) = (row.get(2), row.get(5));
    Handoff {
        id: row.get(0),
        session: row.get(1),
        customer: (!customer.is_empty()).then_some(customer),
        reason: row.get(3),
        summary: row.get(4),
        state: serde_json::from_value(state.into()).unwrap_or(HandoffState::Waiting),
        created_ms: row.get(6),
    }
}
