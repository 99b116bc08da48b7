//! What the shop's own systems are to be told, in, with what it is about; what is due to be sent out. Kept until it was taken.

use super::{Store, StoreError, new_id};
use sqlx::{AnyConnection, Row};

/// A message to the shop's systems.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    pub id: String,
    pub topic: String,
    /// JSON.
    pub body: String,
    /// Times it was taken to be sent, this time included.
    pub attempts: i64,
}

impl Store {
    /// Takes what is due, oldest first, at most `limit`. Whoever took it has `lease_ms` to send it; then it is due again, so that a
    /// crash loses nothing.
    pub async fn outbox_due(&self, now_ms: i64, lease_ms: i64, limit: i64) -> Result<Vec<Outgoing>, StoreError> {
        let rows = sqlx::query(
            "update outbox set attempts = attempts + 1, next_ms = $2 where sent_ms is null and next_ms <= $1 and id in \
             (select id from outbox where sent_ms is null and next_ms <= $1 order by next_ms, id limit $3) \
             returning id, topic, body, attempts",
        )
        .bind(now_ms)
        .bind(now_ms + lease_ms)
        .bind(limit)
        .fetch_all(self.writer())
        .await
        .map_err(StoreError::of)?;
        let mut due: Vec<Outgoing> =
            rows.iter().map(|r| Outgoing { id: r.get(0), topic: r.get(1), body: r.get(2), attempts: r.get(3) }).collect();
        due.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(due)
    }

    /// It has arrived.
    pub async fn outbox_sent(&self, id: &str, now_ms: i64) -> Result<(), StoreError> {
        let query = sqlx::query("update outbox set sent_ms = $2 where id = $1").bind(id).bind(now_ms);
        query.execute(self.writer()).await.map_err(StoreError::of)?;
        Ok(())
    }

    /// It has not; try again at `next_ms`.
    pub async fn outbox_failed(&self, id: &str, next_ms: i64) -> Result<(), StoreError> {
        let query = sqlx::query("update outbox set next_ms = $2 where id = $1 and sent_ms is null").bind(id).bind(next_ms);
        query.execute(self.writer()).await.map_err(StoreError::of)?;
        Ok(())
    }
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
