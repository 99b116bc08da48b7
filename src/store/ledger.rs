//! Entries of the ledger in, appended and never changed; the whole of it beside all cases out, to be audited.

use super::cases::{customer_of, order_of};
use super::{Store, StoreError, new_id};
use crate::aftersales::ledger::Account;
use crate::aftersales::{Case, Entry, Ledger, Order};
use crate::catalog::Money;
use anyhow::Context;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Executor, Row};
use std::collections::HashMap;

impl Store {
    /// The ledger and all it is about, as of one moment.
    pub async fn books(&self) -> anyhow::Result<(Ledger, Vec<Case>)> {
        let mut transaction = self.reader().begin().await.map_err(StoreError::of)?;
        if !self.sqlite {
            // SQLite's transactions see one moment anyway.
            transaction.execute("set transaction isolation level repeatable read").await?;
        }
        let rows = sqlx::query(
            "select at_ms, deed, order_id, from_account, to_account, minor, currency from ledger order by order_id, revision, position, id",
        )
        .fetch_all(&mut *transaction)
        .await?;
        let mut ledger = Ledger::default();
        ledger.post(rows.iter().map(entry).collect::<anyhow::Result<_>>()?);
        let mut of_customer: HashMap<String, Vec<Order>> = HashMap::new();
        for row in sqlx::query("select record, revision from shop_order order by id").fetch_all(&mut *transaction).await? {
            let order = order_of(&row, 1)?;
            of_customer.entry(order.customer.clone()).or_default().push(order);
        }
        let mut cases = Vec::new();
        for row in sqlx::query("select record, revision from customer order by id").fetch_all(&mut *transaction).await? {
            let customer = customer_of(&row, 1)?;
            cases.push(Case { orders: of_customer.remove(&customer.id).unwrap_or_default(), customer });
        }
        Ok((ledger, cases))
    }
}

/// Appends what a change has moved; `revision` is what the order, or else the customer, has by that change.
pub(super) async fn append(connection: &mut AnyConnection, revision: i64, entries: &[Entry]) -> Result<(), sqlx::Error> {
    for (position, entry) in entries.iter().enumerate() {
        sqlx::query(
            "insert into ledger (id, at_ms, deed, order_id, revision, position, from_account, to_account, minor, currency) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(new_id())
        .bind(entry.at_ms)
        .bind(entry.deed.map_or(String::new(), |deed| word(&deed)))
        .bind(entry.order.as_deref().unwrap_or(""))
        .bind(revision)
        .bind(position as i64)
        .bind(account(&entry.from))
        .bind(account(&entry.to))
        .bind(entry.amount.minor)
        .bind(&entry.amount.currency)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// What the ledger has on a means of payment, in minor units.
pub(super) async fn held(connection: &mut AnyConnection, method: &str) -> Result<i64, sqlx::Error> {
    let row = sqlx::query(
        "select cast(coalesce((select sum(minor) from ledger where to_account = $1), 0) as bigint) \
         - cast(coalesce((select sum(minor) from ledger where from_account = $1), 0) as bigint)",
    )
    .bind(account(&Account::Method(method.to_owned())))
    .fetch_one(connection)
    .await?;
    Ok(row.get(0))
}

/// The currency a means of payment is in, once it has moved money.
pub(super) async fn currency(connection: &mut AnyConnection, method: &str) -> Result<Option<String>, sqlx::Error> {
    let row = sqlx::query("select currency from ledger where to_account = $1 or from_account = $1 limit 1")
        .bind(account(&Account::Method(method.to_owned())))
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|r| r.get(0)))
}

/// A snake-case word of an enum, as its JSON has it.
pub(super) fn word<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn entry(row: &AnyRow) -> anyhow::Result<Entry> {
    let deed: String = row.get(1);
    let order: String = row.get(2);
    let read = |n: usize| {
        let text: String = row.get(n);
        parse_account(&text).with_context(|| format!("read the account {text}"))
    };
    Ok(Entry {
        at_ms: row.get(0),
        deed: (!deed.is_empty()).then(|| serde_json::from_value(deed.into())).transpose().context("read the ledger")?,
        order: (!order.is_empty()).then_some(order),
        from: read(3)?,
        to: read(4)?,
        amount: Money::new(row.get(5), &row.get::<String, _>(6)),
    })
}

fn account(account: &Account) -> String {
    match account {
        Account::Issued => "issued".to_owned(),
        Account::Method(id) => format!("method:{id}"),
        Account::Order(id) => format!("order:{id}"),
        Account::Due(id) => format!("due:{id}"),
    }
}

fn parse_account(text: &str) -> Option<Account> {
    Some(match text.split_once(':') {
        None if text == "issued" => Account::Issued,
        Some(("method", id)) => Account::Method(id.to_owned()),
        Some(("order", id)) => Account::Order(id.to_owned()),
        Some(("due", id)) => Account::Due(id.to_owned()),
        _ => return None,
    })
}
