//! What the shop's own systems are to be told, in, with what it is about; what is due to be sent out. Kept until it was taken.

use super::{Store, StoreError, new_id};
use serde_json::Value;
use sqlx::{AnyConnection, Row};
use std::collections::HashSet;

/// A message to the shop's systems.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outgoing {
    pub id: String,
    pub topic: String,
    /// JSON.
    pub body: String,
    pub created_ms: i64,
    /// Times it was taken to be sent, this time included.
    pub attempts: i64,
}

/// How far the outbox has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    pub waiting: i64,
    /// Tried for days and never taken.
    pub given_up: i64,
}

/// When a message that is given up is tried again. To have it sent after all, set its `next_ms` to 0.
pub const NEVER: i64 = i64::MAX;

/// Waiting messages that are looked through for the first about each order.
const WINDOW: i64 = 512;

impl Store {
    /// Takes the oldest waiting message about each order, where that is due, at most `limit`: until it was taken or is given up, those
    /// behind it wait. Whoever took it has `lease_ms` to send it; then it is due again, so that a crash loses nothing.
    pub async fn outbox_due(&self, now_ms: i64, lease_ms: i64, limit: usize) -> Result<Vec<Outgoing>, StoreError> {
        let run = async {
            // Mostly nothing is, and then nobody has to wait for a write.
            let any = sqlx::query("select id from outbox where sent_ms is null and next_ms <= $1 limit 1").bind(now_ms);
            if any.fetch_optional(self.reader()).await?.is_none() {
                return Ok(Vec::new());
            }
            let rows = sqlx::query(
                "select id, topic, body, created_ms, attempts, next_ms from outbox where sent_ms is null and next_ms < $1 \
                 order by id limit $2",
            )
            .bind(NEVER)
            .bind(WINDOW)
            .fetch_all(self.reader())
            .await?;
            let (mut seen, mut due) = (HashSet::new(), Vec::new());
            for row in rows {
                let (id, body, next_ms): (String, String, i64) = (row.get(0), row.get(2), row.get(5));
                let first = seen.insert(subject(&body).unwrap_or_else(|| id.clone()));
                if first && next_ms <= now_ms && due.len() < limit && self.take(&id, next_ms, now_ms + lease_ms).await? {
                    let attempts = row.get::<i64, _>(4) + 1;
                    due.push(Outgoing { id, topic: row.get(1), body, created_ms: row.get(3), attempts });
                }
            }
            Ok(due)
        };
        run.await.map_err(StoreError::of)
    }

    /// False when another server was faster.
    async fn take(&self, id: &str, seen_ms: i64, until_ms: i64) -> Result<bool, sqlx::Error> {
        let query =
            sqlx::query("update outbox set attempts = attempts + 1, next_ms = $3 where id = $1 and next_ms = $2 and sent_ms is null");
        let taken = query.bind(id).bind(seen_ms).bind(until_ms).execute(self.writer()).await?;
        Ok(taken.rows_affected() == 1)
    }

    /// It has arrived.
    pub async fn outbox_sent(&self, id: &str, now_ms: i64) -> Result<(), StoreError> {
        let query = sqlx::query("update outbox set sent_ms = $2 where id = $1").bind(id).bind(now_ms);
        query.execute(self.writer()).await.map_err(StoreError::of)?;
        Ok(())
    }

    /// It has not; try again at `next_ms`, or [`NEVER`].
    pub async fn outbox_failed(&self, id: &str, next_ms: i64) -> Result<(), StoreError> {
        let query = sqlx::query("update outbox set next_ms = $2 where id = $1 and sent_ms is null").bind(id).bind(next_ms);
        query.execute(self.writer()).await.map_err(StoreError::of)?;
        Ok(())
    }

    /// Removes what arrived before `before_ms`.
    pub async fn outbox_sweep(&self, before_ms: i64) -> Result<(), StoreError> {
        let query = sqlx::query("delete from outbox where sent_ms < $1").bind(before_ms);
        query.execute(self.writer()).await.map_err(StoreError::of)?;
        Ok(())
    }

    pub async fn backlog(&self) -> Result<Backlog, StoreError> {
        let row = sqlx::query(
            "select count(*), cast(coalesce(sum(case when next_ms = $1 then 1 else 0 end), 0) as bigint) from outbox where sent_ms is null",
        )
        .bind(NEVER)
        .fetch_one(self.reader())
        .await
        .map_err(StoreError::of)?;
        let (all, given_up): (i64, i64) = (row.get(0), row.get(1));
        Ok(Backlog { waiting: all - given_up, given_up })
    }
}

/// What messages must not overtake each other about: an order, else a customer.
fn subject(body: &str) -> Option<String> {
    let body: Value = serde_json::from_str(body).ok()?;
    let id = |about: &Value| about.as_str().or_else(|| about["id"].as_str()).map(str::to_owned);
    id(&body["order"]).or_else(|| id(&body["customer"]))
}

/// Puts a message beside the change it tells of.
pub(super) async fn tell(connection: &mut AnyConnection, topic: &str, body: &str, now_ms: i64) -> Result<(), sqlx::Error> {
    sqlx::query("insert into outbox (id, topic, body, created_ms, attempts, next_ms) values ($1, $2, $3, $4, 0, $4)")
        .bind(new_id())
        .bind(topic)
        .bind(body)
        .bind(now_ms)
        .execute(connection)
        .await?;
    Ok(())
}
