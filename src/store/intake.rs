//! A file's customers or orders in; rows, look-up keys and ledger entries out, in one transaction: all of a file or nothing.
//!
//! Every row keeps what was imported beside what it has become, so that the same record again changes nothing, and a changed one only
//! what has changed in it.

use super::cases::{add_keys, customer_of, lock_customer, order_of, other_holder, put_keys, read};
use super::ledger::{append, currency, held, word};
use super::{Store, StoreError, now_ms};
use crate::aftersales::legal::is_legal;
use crate::aftersales::{Case, Customer, Entry, Ledger, Order, intake, record};
use crate::errand::told::{By, customer_keys, order_keys};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use std::collections::HashMap;

/// A record of a file, as it stands there and as it was understood.
#[derive(Clone, Debug)]
pub struct Line<T> {
    /// Counted from 1.
    pub line: u64,
    pub raw: Value,
    pub noun: T,
}

/// Why nothing of the file was taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    #[error("{line}: {field}: {reason}")]
    Line { line: u64, field: &'static str, reason: String },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What goes wrong within the transaction.
enum Fault {
    /// The field of the line's record, and the reason.
    Record(&'static str, String),
    Sql(sqlx::Error),
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

/// The setting that says that customers and orders of an older version have their keys and ledger.
const PREPARED: &str = "aftersales_prepared";

impl Store {
    /// # Errors
    /// Names the line that cannot be taken; nothing was written then.
    pub async fn put_customers(&self, lines: &[Line<Customer>]) -> Result<(), NotTaken> {
        let mut transaction = self.writer().begin().await.map_err(StoreError::of)?;
        for line in lines {
            put_customer(&mut transaction, line).await.map_err(|fault| fault.at(line.line))?;
        }
        transaction.commit().await.map_err(StoreError::of)?;
        Ok(())
    }

    /// # Errors
    /// As `put_customers`.
    pub async fn put_orders(&self, lines: &[Line<Order>]) -> Result<(), NotTaken> {
        let mut transaction = self.writer().begin().await.map_err(StoreError::of)?;
        let mut customers = HashMap::new();
        for line in lines {
            put_order(&mut transaction, &mut customers, line).await.map_err(|fault| fault.at(line.line))?;
        }
        transaction.commit().await.map_err(StoreError::of)?;
        Ok(())
    }

    /// Gives customers and orders that an older version imported their keys and their ledger, once.
    pub(super) async fn prepare_aftersales(&self) -> Result<(), sqlx::Error> {
        let mut transaction = self.writer().begin().await?;
        let first = sqlx::query("insert into setting (name, value) values ($1, '1') on conflict (name) do nothing")
            .bind(PREPARED)
            .execute(&mut *transaction)
            .await?;
        if first.rows_affected() == 0 {
            return Ok(());
        }
        let mut of_customer: HashMap<String, Vec<Order>> = HashMap::new();
        for row in sqlx::query("select record, revision, id from shop_order order by id").fetch_all(&mut *transaction).await? {
            match order_of(&row, 1) {
                Ok(order) => of_customer.entry(order.customer.clone()).or_default().push(order),
                Err(error) => tracing::warn!("the order {} cannot be changed in chat: {error}", row.get::<String, _>(2)),
            }
        }
        for row in sqlx::query("select record, revision, id from customer order by id").fetch_all(&mut *transaction).await? {
            let customer = match customer_of(&row, 1) {
                Ok(customer) => customer,
                Err(error) => {
                    tracing::warn!("the customer {} cannot be identified: {error}", row.get::<String, _>(2));
                    continue;
                }
            };
            let case = Case { orders: of_customer.remove(&customer.id).unwrap_or_default(), customer };
            let id = &case.customer.id;
            put_keys(&mut transaction, id, &customer_keys(&case.customer)).await?;
            for order in &case.orders {
                add_keys(&mut transaction, id, &order_keys(order)).await?;
            }
            append(&mut transaction, 1, Ledger::open([&case], now_ms()).entries()).await?;
        }
        transaction.commit().await
    }
}

async fn put_customer(connection: &mut AnyConnection, line: &Line<Customer>) -> Result<(), Fault> {
    let id = &line.noun.id;
    // An update that changes nothing keeps the row for this transaction.
    let known = sqlx::query("update customer set revision = revision where id = $1 returning record, source, revision")
        .bind(id)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = known else {
        sqlx::query("insert into customer (id, record, source) values ($1, $2, $2)")
            .bind(id)
            .bind(line.raw.to_string())
            .execute(&mut *connection)
            .await?;
        return take_customer(connection, &line.noun).await;
    };
    let Some((record, changed)) = reread(&row, &line.raw)? else { return Ok(()) };
    let customer = Customer { revision: row.get::<i64, _>(2) + i64::from(changed), ..understood(&record)? };
    sqlx::query("update customer set record = $2, source = $3, revision = $4 where id = $1")
        .bind(id)
        .bind(record.to_string())
        .bind(line.raw.to_string())
        .bind(customer.revision)
        .execute(&mut *connection)
        .await?;
    if changed { take_customer(connection, &customer).await } else { Ok(()) }
}

/// What follows from a new record: the keys, and that the ledger has on each gift card what the record says.
async fn take_customer(connection: &mut AnyConnection, customer: &Customer) -> Result<(), Fault> {
    let keys = customer_keys(customer);
    for card in keys.iter().filter(|k| k.by == By::Card) {
        // The ledger has one account a card.
        if let Some(other) = other_holder(connection, card, &customer.id).await? {
            return Err(Fault::Record("payment_methods", format!("{} is a gift card of {other}", card.value)));
        }
    }
    put_keys(connection, &customer.id, &keys).await?;
    for method in &customer.payment_methods {
        let Some(balance) = &method.balance else { continue };
        if let Some(currency) = currency(connection, &method.id).await?.filter(|c| *c != balance.currency) {
            return Err(Fault::Record("payment_methods", format!("{} has {balance}, and its ledger is in {currency}", method.id)));
        }
        let entry = intake::of_card(&method.id, held(connection, &method.id).await?, balance, now_ms());
        append(connection, customer.revision, entry.as_slice()).await?;
    }
    Ok(())
}

async fn put_order(connection: &mut AnyConnection, customers: &mut HashMap<String, Customer>, line: &Line<Order>) -> Result<(), Fault> {
    let (id, whose) = (&line.noun.id, &line.noun.customer);
    if !customers.contains_key(whose) {
        let customer = lock_customer(connection, whose).await?;
        let customer = customer.ok_or_else(|| Fault::Record("customer", format!("there is no customer {whose}")))?;
        customers.insert(whose.clone(), customer);
    }
    let known =
        sqlx::query("select record, source, revision from shop_order where id = $1").bind(id).fetch_optional(&mut *connection).await?;
    let Some(row) = known else {
        sqlx::query("insert into shop_order (id, customer, status, record, source) values ($1, $2, $3, $4, $4)")
            .bind(id)
            .bind(whose)
            .bind(word(&line.noun.status))
            .bind(line.raw.to_string())
            .execute(&mut *connection)
            .await?;
        add_keys(connection, whose, &order_keys(&line.noun)).await?;
        let first = Order { revision: 1, ..line.noun.clone() };
        let entries = missing_entries(None, &first, &customers[whose])?;
        return Ok(append(connection, first.revision, &entries).await?);
    };
    let Some((record, changed)) = reread(&row, &line.raw)? else { return Ok(()) };
    let was = order_of(&row, 2)?;
    let now = Order { revision: was.revision + i64::from(changed), ..understood(&record)? };
    if now.customer != was.customer {
        return Err(Fault::Record("customer", format!("{id} is an order of {}", was.customer)));
    }
    let entries = missing_entries(Some(&was), &now, &customers[whose])?;
    is_legal(&now).map_err(|wrong| Fault::Record("", wrong))?;
    let done = sqlx::query("update shop_order set status = $2, record = $3, source = $4, revision = $5 where id = $1 and revision = $6")
        .bind(id)
        .bind(word(&now.status))
        .bind(record.to_string())
        .bind(line.raw.to_string())
        .bind(now.revision)
        .bind(was.revision)
        .execute(&mut *connection)
        .await?;
    if done.rows_affected() != 1 {
        return Err(Fault::Record("", format!("{id} is being changed by somebody else; import again")));
    }
    Ok(append(connection, now.revision, &entries).await?)
}

fn missing_entries(was: Option<&Order>, now: &Order, customer: &Customer) -> Result<Vec<Entry>, Fault> {
    intake::of_order(was, now, customer, now_ms()).map_err(|wrong| Fault::Record("payments", wrong))
}

/// The record a row `(record, source, …)` has now that `raw` was read, and whether that is a change; none when the file says nothing
/// new.
fn reread(row: &AnyRow, raw: &Value) -> Result<Option<(Value, bool)>, Fault> {
    let source: Value = read("record", &row.get::<String, _>(1))?;
    if source == *raw {
        return Ok(None);
    }
    let kept: Value = read("record", &row.get::<String, _>(0))?;
    let now = record::reread(&source, &kept, raw);
    let changed = now != kept;
    Ok(Some((now, changed)))
}

fn understood<T: DeserializeOwned>(record: &Value) -> Result<T, Fault> {
    T::deserialize(record).map_err(|error| Fault::Record("", error.to_string()))
}

impl Fault {
    fn at(self, line: u64) -> NotTaken {
        match self {
            Self::Record(field, reason) => NotTaken::Line { line, field, reason },
            Self::Sql(error) => NotTaken::Store(StoreError::of(error)),
        }
    }
}
