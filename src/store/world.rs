//! What else there is of a shop's world: policies and behaviour. Customers and orders have files of their own.

use super::{Store, StoreError, next_revision, now_ms};
use sqlx::Row;

/// One rule of the shop: a heading and its text in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    pub id: String,
    pub lang: String,
    pub title: String,
    pub body: String,
    pub revision: i64,
}

impl Store {
    /// Makes `policies` all there is of `page` in their language; what the page no longer says is gone.
    pub async fn put_policies(&self, page: &str, policies: &[Policy]) -> Result<(), StoreError> {
        let prefix = format!("{page}/");
        let run = async {
            let mut transaction = self.writer().begin().await?;
            let lang = policies.first().map_or("", |p| p.lang.as_str());
            let old = sqlx::query("select id from policy where substr(id, 1, length($1)) = $1 and (lang = $2 or $2 = '')")
                .bind(&prefix)
                .bind(lang)
                .fetch_all(&mut *transaction)
                .await?;
            for id in old.iter().map(|r| r.get::<String, _>(0)).filter(|id| policies.iter().all(|p| p.id != *id)) {
                sqlx::query("delete from policy where id = $1").bind(id).execute(&mut *transaction).await?;
            }
            for policy in policies {
                sqlx::query(
                    "insert into policy (id, lang, title, body, revision) values ($1, $2, $3, $4, $5) \
                     on conflict (id) do update set lang = excluded.lang, title = excluded.title, body = excluded.body, \
                     revision = case when policy.body = excluded.body then policy.revision else policy.revision + 1 end",
                )
                .bind(&policy.id)
                .bind(&policy.lang)
                .bind(&policy.title)
                .bind(&policy.body)
                .bind(1_i64)
                .execute(&mut *transaction)
                .await?;
            }
            next_revision(&mut transaction, "policy_revision").await?;
            transaction.commit().await
        };
        run.await.map_err(StoreError::of)
    }

    /// Grows with every import of policies.
    pub async fn policy_revision(&self) -> anyhow::Result<i64> {
        self.revision_of("policy_revision").await
    }

    pub async fn policies(&self) -> anyhow::Result<Vec<Policy>> {
        let rows = sqlx::query("select id, lang, title, body, revision from policy order by id").fetch_all(self.reader()).await?;
        Ok(rows.iter().map(|r| Policy { id: r.get(0), lang: r.get(1), title: r.get(2), body: r.get(3), revision: r.get(4) }).collect())
    }

    pub async fn put_behaviour(&self, id: &str, person: &str, name: &str, product: &str, record: &str) -> Result<(), StoreError> {
        sqlx::query(
            "insert into behaviour (id, person, name, product, record, at_ms) values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing",
        )
        .bind(id)
        .bind(person)
        .bind(name)
        .bind(product)
        .bind(record)
        .bind(now_ms())
        .execute(self.writer())
        .await
        .map_err(StoreError::of)?;
        Ok(())
    }
}
