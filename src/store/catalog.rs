//! Products in, products and their change log out.

use super::{Store, StoreError, now_ms};
use crate::catalog::{Availability, Money, Offer, Product, Revision};
use anyhow::Context;
use futures::TryStreamExt;
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};
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
    pub ord: i64,
    pub hash: String,
    pub gone: bool,
}

/// One import: everything in it becomes visible at once on `commit`, or never.
pub struct Import {
    transaction: Transaction<'static, Any>,
    revision: Revision,
    next_ord: i64,
    now: i64,
}

/// A change of the daily part of a product; absent fields stay as they are.
#[derive(Clone, Debug, Default)]
pub struct OfferChange {
    pub price: Option<Money>,
    pub availability: Option<Availability>,
    pub quantity: Option<i64>,
}

impl Store {
    pub async fn catalog_revision(&self) -> anyhow::Result<Revision> {
        let row = sqlx::query("select value from setting where name = 'catalog_revision'").fetch_optional(self.reader()).await?;
        Ok(row.map(|r| r.get::<String, _>(0).parse()).transpose().context("read the catalogue revision")?.unwrap_or(0))
    }

    /// Id → what is known, for every product that was ever imported.
    pub async fn known_products(&self) -> anyhow::Result<HashMap<String, Known>> {
        let mut rows = sqlx::query("select id, ord, hash, gone from product").fetch(self.reader());
        let mut known = HashMap::new();
        while let Some(row) = rows.try_next().await? {
            let gone = row.get::<String, _>(3) == "yes";
            known.insert(row.get(0), Known { ord: row.get(1), hash: row.get(2), gone });
        }
        Ok(known)
    }

    pub async fn begin_import(&self) -> anyhow::Result<Import> {
        let mut transaction = self.writer().begin().await.context("begin the import")?;
        let revision = next_revision(&mut transaction).await?;
        let row = sqlx::query("select coalesce(max(ord), -1) + 1 from product").fetch_one(&mut *transaction).await?;
        Ok(Import { transaction, revision, next_ord: row.get::<i64, _>(0), now: now_ms() })
    }

    /// Calls `each` with every product changed after `revision`, oldest change first.
    pub async fn products_since(&self, revision: Revision, mut each: impl FnMut(Stored)) -> anyhow::Result<()> {
        let mut rows = sqlx::query(
            "select id, ord, record, price_minor, list_minor, currency, availability, quantity, revision, gone \
             from product where revision > $1 order by revision, ord",
        )
        .bind(revision)
        .fetch(self.reader());
        while let Some(row) = rows.try_next().await? {
            each(stored(&row)?);
        }
        Ok(())
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
            let revision = next_revision(&mut transaction).await?;
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
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// Inserts or replaces a product; `ord` keeps its place in the index when it was known.
    pub async fn put(&mut self, product: &Product, hash: &str, ord: Option<i64>) -> anyhow::Result<i64> {
        let ord = ord.unwrap_or_else(|| {
            self.next_ord += 1;
            self.next_ord - 1
        });
        let offer = &product.offer;
        sqlx::query(
            "insert into product (id, ord, item_group, hash, record, price_minor, list_minor, currency, availability, quantity, \
             revision, gone, updated_ms) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'no', $12) \
             on conflict (id) do update set item_group = excluded.item_group, hash = excluded.hash, record = excluded.record, \
             price_minor = excluded.price_minor, list_minor = excluded.list_minor, currency = excluded.currency, \
             availability = excluded.availability, quantity = excluded.quantity, revision = excluded.revision, gone = 'no', \
             updated_ms = excluded.updated_ms",
        )
        .bind(&product.id)
        .bind(ord)
        .bind(&product.group)
        .bind(hash)
        .bind(serde_json::to_string(product)?)
        .bind(offer.price.as_ref().map(|m| m.minor))
        .bind(offer.list_price.as_ref().map(|m| m.minor))
        .bind(offer.price.as_ref().map_or("", |m| m.currency.as_str()))
        .bind(offer.availability.as_str())
        .bind(offer.quantity)
        .bind(self.revision)
        .bind(self.now)
        .execute(&mut *self.transaction)
        .await
        .map_err(StoreError::of)?;
        Ok(ord)
    }

    /// Takes a product off the shelf; its row stays, so its old claims can still be explained.
    pub async fn remove(&mut self, id: &str) -> anyhow::Result<()> {
        sqlx::query("update product set gone = 'yes', revision = $2, updated_ms = $3 where id = $1")
            .bind(id)
            .bind(self.revision)
            .bind(self.now)
            .execute(&mut *self.transaction)
            .await
            .map_err(StoreError::of)?;
        Ok(())
    }

    pub async fn commit(self) -> anyhow::Result<Revision> {
        self.transaction.commit().await.map_err(StoreError::of)?;
        Ok(self.revision)
    }
}

async fn next_revision(transaction: &mut Transaction<'static, Any>) -> Result<Revision, sqlx::Error> {
    let row = sqlx::query(
        "insert into setting (name, value) values ('catalog_revision', '1') \
         on conflict (name) do update set value = cast(cast(setting.value as bigint) + 1 as text) returning value",
    )
    .fetch_one(&mut **transaction)
    .await?;
    row.get::<String, _>(0).parse().map_err(|e| sqlx::Error::Decode(Box::new(e)))
}

fn stored(row: &AnyRow) -> anyhow::Result<Stored> {
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
