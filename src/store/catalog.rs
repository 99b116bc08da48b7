//! Products in, products and their change log out.

use super::{Store, StoreError, next_revision, now_ms};
use crate::catalog::{Availability, Money, Offer, Product, Revision};
use anyhow::Context;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use sqlx::Row;
use sqlx::any::AnyRow;
use std::collections::HashMap;

/// A product as stored: its stable position, its revision, and whether it has left the catalogue.
#[derive(Clone, Debug)]
pub struct Stored {
    pub ord: i64,
    pub revision: Revision,
    pub gone: bool,
    pub product: Product,
}

/// What is known of a product before an import touches it.
#[derive(Clone, Debug)]
pub struct Known {
    pub hash: String,
    pub gone: bool,
}

/// One import: everything in it becomes visible at once on `commit`, or never. Until then it is staged in short transactions, so
/// that conversations go on being written meanwhile.
pub struct Import {
    store: Store,
    id: String,
    begun_ms: i64,
    position: i64,
    waiting: Vec<Staged>,
}

/// A product on its way in; `None` on its way out.
struct Staged {
    id: String,
    product: Option<Product>,
    hash: String,
}

const REVISION: &str = "catalog_revision";
/// Rows staged in one transaction: some ten milliseconds of the only writer SQLite has.
const TOGETHER: usize = 256;
/// What an import that never ended has left is cleared away after this long.
const ABANDONED_MS: i64 = 24 * 3_600_000;

/// A change of the daily part of a product; absent fields stay as they are.
#[derive(Clone, Debug, Default)]
pub struct OfferChange {
    pub price: Option<Money>,
    pub availability: Option<Availability>,
    pub quantity: Option<i64>,
}

impl Store {
    pub async fn catalog_revision(&self) -> anyhow::Result<Revision> {
        self.revision_of(REVISION).await
    }

    /// Id → what is known, for every product that was ever imported.
    pub async fn known_products(&self) -> anyhow::Result<HashMap<String, Known>> {
        let mut rows = sqlx::query("select id, hash, gone from product").fetch(self.reader());
        let mut known = HashMap::new();
        while let Some(row) = rows.try_next().await? {
            let gone = row.get::<String, _>(2) == "yes";
            known.insert(row.get(0), Known { hash: row.get(1), gone });
        }
        Ok(known)
    }

    /// # Errors
    /// When the store fails.
    pub async fn begin_import(&self) -> anyhow::Result<Import> {
        let begun_ms = now_ms();
        sqlx::query("delete from staged_product where begun_ms < $1")
            .bind(begun_ms - ABANDONED_MS)
            .execute(self.writer())
            .await
            .map_err(StoreError::of)
            .context("begin the import")?;
        Ok(Import { store: self.clone(), id: super::new_id(), begun_ms, position: 0, waiting: Vec::new() })
    }

    /// Every product changed after `revision`, oldest change first. Rows are read as they are taken, so memory holds a few.
    pub fn products_since(&self, revision: Revision) -> BoxStream<'_, anyhow::Result<Stored>> {
        sqlx::query(
            "select id, ord, record, price_minor, list_minor, currency, availability, quantity, revision, gone \
             from product where revision > $1 order by revision, ord",
        )
        .bind(revision)
        .fetch(self.reader())
        .map(|row| stored(&row?))
        .boxed()
    }

    pub async fn product(&self, id: &str) -> anyhow::Result<Option<Stored>> {
        let row = sqlx::query(
            "select id, ord, record, price_minor, list_minor, currency, availability, quantity, revision, gone \
             from product where id = $1 and gone = 'no'",
        )
        .bind(id)
        .fetch_optional(self.reader())
        .await?;
        row.as_ref().map(stored).transpose()
    }

    /// The variants of a group, in feed order.
    pub async fn variants(&self, group: &str) -> anyhow::Result<Vec<Stored>> {
        let rows = sqlx::query(
            "select id, ord, record, price_minor, list_minor, currency, availability, quantity, revision, gone \
             from product where item_group = $1 and gone = 'no' order by ord limit 200",
        )
        .bind(group)
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(stored).collect()
    }

    /// Changes price, availability or quantity; `None` when there is no such product.
    pub async fn change_offer(&self, id: &str, change: &OfferChange) -> Result<Option<Revision>, StoreError> {
        let run = async {
            let mut transaction = self.writer().begin().await?;
            let revision = next_revision(&mut transaction, REVISION).await?;
            let done = sqlx::query(
                "update product set price_minor = coalesce($2, price_minor), currency = coalesce($3, currency), \
                 list_minor = case when $2 is null then list_minor else null end, availability = coalesce($4, availability), \
                 quantity = coalesce($5, quantity), revision = $6, updated_ms = $7, hash = '' where id = $1 and gone = 'no'",
            )
            .bind(id)
            .bind(change.price.as_ref().map(|m| m.minor))
            .bind(change.price.as_ref().map(|m| m.currency.clone()))
            .bind(change.availability.map(Availability::as_str))
            .bind(change.quantity)
            .bind(revision)
            .bind(now_ms())
            .execute(&mut *transaction)
            .await?;
            if done.rows_affected() == 0 {
                return Ok(None);
            }
            transaction.commit().await?;
            Ok(Some(revision))
        };
        run.await.map_err(StoreError::of)
    }
}

impl Import {
    /// Stages a product that is new or has changed.
    pub async fn put(&mut self, product: Product, hash: String) -> anyhow::Result<()> {
        self.stage(Staged { id: product.id.clone(), product: Some(product), hash }).await
    }

    /// Stages the removal of a product; its row stays, so its old claims can still be explained.
    pub async fn remove(&mut self, id: &str) -> anyhow::Result<()> {
        self.stage(Staged { id: id.to_owned(), product: None, hash: String::new() }).await
    }

    async fn stage(&mut self, row: Staged) -> anyhow::Result<()> {
        self.waiting.push(row);
        if self.waiting.len() >= TOGETHER { self.flush().await } else { Ok(()) }
    }

    async fn flush(&mut self) -> anyhow::Result<()> {
        let rows = std::mem::take(&mut self.waiting);
        let mut transaction = self.store.writer().begin().await.map_err(StoreError::of)?;
        for row in rows {
            self.position += 1;
            let offer = row.product.as_ref().map(|p| p.offer.clone()).unwrap_or_default();
            sqlx::query(
                "insert into staged_product (import, position, begun_ms, id, item_group, hash, record, price_minor, list_minor, \
                 currency, availability, quantity, gone) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            )
            .bind(&self.id)
            .bind(self.position)
            .bind(self.begun_ms)
            .bind(&row.id)
            .bind(row.product.as_ref().map_or("", |p| p.group.as_str()))
            .bind(&row.hash)
            .bind(row.product.as_ref().map(serde_json::to_string).transpose()?.unwrap_or_default())
            .bind(offer.price.as_ref().map(|m| m.minor))
            .bind(offer.list_price.as_ref().map(|m| m.minor))
            .bind(offer.price.as_ref().map_or("", |m| m.currency.as_str()))
            .bind(offer.availability.as_str())
            .bind(offer.quantity)
            .bind(if row.product.is_some() { "no" } else { "yes" })
            .execute(&mut *transaction)
            .await
            .map_err(StoreError::of)?;
        }
        transaction.commit().await.map_err(StoreError::of)?;
        Ok(())
    }

    /// Makes everything staged the catalogue, as one revision. A known product keeps its `ord`, its place in the index; new ones
    /// follow in feed order.
    pub async fn commit(mut self) -> anyhow::Result<Revision> {
        self.flush().await?;
        let mut transaction = self.store.writer().begin().await.map_err(StoreError::of)?;
        let revision = next_revision(&mut transaction, REVISION).await.map_err(StoreError::of)?;
        let row = sqlx::query("select coalesce(max(ord), -1) from product").fetch_one(&mut *transaction).await.map_err(StoreError::of)?;
        let last_ord: i64 = row.get(0);
        sqlx::query(
            "insert into product (id, ord, item_group, hash, record, price_minor, list_minor, currency, availability, quantity, \
             revision, gone, updated_ms) \
             select s.id, coalesce(p.ord, $2 + row_number() over (partition by p.ord is null order by s.position)), \
             s.item_group, s.hash, s.record, s.price_minor, s.list_minor, s.currency, s.availability, s.quantity, $3, 'no', $4 \
             from staged_product s left join product p on p.id = s.id where s.import = $1 and s.gone = 'no' \
             on conflict (id) do update set item_group = excluded.item_group, hash = excluded.hash, record = excluded.record, \
             price_minor = excluded.price_minor, list_minor = excluded.list_minor, currency = excluded.currency, \
             availability = excluded.availability, quantity = excluded.quantity, revision = excluded.revision, gone = 'no', \
             updated_ms = excluded.updated_ms",
        )
        .bind(&self.id)
        .bind(last_ord)
        .bind(revision)
        .bind(now_ms())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::of)?;
        sqlx::query(
            "update product set gone = 'yes', revision = $2, updated_ms = $3 \
             where id in (select id from staged_product where import = $1 and gone = 'yes')",
        )
        .bind(&self.id)
        .bind(revision)
        .bind(now_ms())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::of)?;
        transaction.commit().await.map_err(StoreError::of)?;
        self.forget().await;
        Ok(revision)
    }

    /// Clears what was staged, a little at a time. What cannot be cleared now goes with the next import of another day.
    pub async fn forget(&self) {
        for upto in (0..=self.position).step_by(4 * TOGETHER).map(|n| n + 4 * TOGETHER as i64) {
            let cleared = sqlx::query("delete from staged_product where import = $1 and position <= $2")
                .bind(&self.id)
                .bind(upto)
                .execute(self.store.writer())
                .await;
            if let Err(error) = cleared {
                tracing::warn!("what an import had staged could not be cleared: {error}");
                return;
            }
        }
    }
}

pub(super) fn stored(row: &AnyRow) -> anyhow::Result<Stored> {
    let id: String = row.get(0);
    let mut product: Product = serde_json::from_str(&row.get::<String, _>(2)).with_context(|| format!("read the stored product {id}"))?;
    let currency: String = row.get(5);
    let money = |minor: Option<i64>| minor.map(|m| Money::new(m, &currency));
    product.offer = Offer {
        price: money(row.get(3)),
        list_price: money(row.get(4)),
        availability: Availability::parse(&row.get::<String, _>(6)).unwrap_or_default(),
        quantity: row.get(7),
    };
    Ok(Stored { ord: row.get(1), revision: row.get(8), gone: row.get::<String, _>(9) == "yes", product })
}
