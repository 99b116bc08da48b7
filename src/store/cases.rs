//! Who a shopper is in, and all that may be seen of them out: the customer, that customer's own orders, and the variants of what is on
//! them.

use super::catalog::stored;
use super::{Store, StoreError};
use crate::aftersales::{Case, Customer, Order, Shelf};
use crate::errand::Told;
use crate::errand::told::{By, Key, Way, fits, order_form, ways};
use anyhow::Context;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use serde::de::DeserializeOwned;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use std::collections::{BTreeSet, HashMap};

impl Store {
    /// Whether the shop has customers at all: without any, nobody needs to say who they are.
    pub async fn has_customers(&self) -> Result<bool, StoreError> {
        let row = sqlx::query("select id from customer limit 1").fetch_optional(self.reader()).await;
        Ok(row.map_err(StoreError::of)?.is_some())
    }

    /// Ids of the customers all that is told is true of, when it is enough to name one; see `errand::told`.
    pub async fn customers_by(&self, told: &Told) -> anyhow::Result<Vec<String>> {
        let mut connection = self.reader().acquire().await?;
        let mut found = BTreeSet::new();
        for way in ways(told) {
            found.extend(look_up(&mut connection, &way).await?);
        }
        let mut fitting = Vec::new();
        for id in found {
            let Some(customer) = read_customer(&mut connection, &id).await? else { continue };
            let owns = match &told.order {
                Some(order) => owns(&mut connection, &id, order).await?,
                None => false,
            };
            if fits(told, &customer, owns) {
                fitting.push(id);
            }
        }
        Ok(fitting)
    }

    /// A customer with their orders as they are now: first those the customer's record lists, as it lists them, then the others.
    pub async fn case(&self, customer: &str) -> anyhow::Result<Option<Case>> {
        let mut connection = self.reader().acquire().await?;
        let Some(customer) = read_customer(&mut connection, customer).await? else { return Ok(None) };
        Ok(Some(read_case(&mut connection, customer).await?))
    }

    /// Every variant there is of the products on the case's orders, with its offer as it is now.
    pub async fn shelf_of(&self, case: &Case) -> anyhow::Result<Shelf> {
        let mut connection = self.reader().acquire().await?;
        Ok(read_shelf(&mut connection, &case.orders).await?)
    }

    /// Every order's record, in id order. Rows are read as they are taken, so memory holds a few.
    pub fn orders(&self) -> BoxStream<'_, anyhow::Result<String>> {
        sqlx::query("select record from shop_order order by id").fetch(self.reader()).map(|row| Ok(row?.get(0))).boxed()
    }
}

async fn look_up(connection: &mut AnyConnection, way: &Way) -> Result<Vec<String>, sqlx::Error> {
    let query = match &way.second {
        None => sqlx::query("select customer from customer_key where kind = $1 and value = $2")
            .bind(way.first.by.as_str())
            .bind(way.first.value.clone()),
        Some(second) => sqlx::query(
            "select a.customer from customer_key a join customer_key b on b.customer = a.customer \
             where a.kind = $1 and a.value = $2 and b.kind = $3 and b.value = $4",
        )
        .bind(way.first.by.as_str())
        .bind(way.first.value.clone())
        .bind(second.by.as_str())
        .bind(second.value.clone()),
    };
    Ok(query.fetch_all(connection).await?.iter().map(|r| r.get(0)).collect())
}

async fn owns(connection: &mut AnyConnection, customer: &str, order: &str) -> Result<bool, sqlx::Error> {
    let row = sqlx::query("select customer from customer_key where kind = $1 and value = $2 and customer = $3")
        .bind(By::Order.as_str())
        .bind(order_form(order))
        .bind(customer)
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// Another customer who is looked up by this key.
pub(super) async fn other_holder(connection: &mut AnyConnection, key: &Key, customer: &str) -> Result<Option<String>, sqlx::Error> {
    let row = sqlx::query("select customer from customer_key where kind = $1 and value = $2 and customer <> $3 limit 1")
        .bind(key.by.as_str())
        .bind(&key.value)
        .bind(customer)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|r| r.get(0)))
}

/// Makes `keys` all a customer is looked up by, apart from orders.
pub(super) async fn put_keys(connection: &mut AnyConnection, customer: &str, keys: &[Key]) -> Result<(), sqlx::Error> {
    sqlx::query("delete from customer_key where customer = $1 and kind <> $2")
        .bind(customer)
        .bind(By::Order.as_str())
        .execute(&mut *connection)
        .await?;
    add_keys(connection, customer, keys).await
}

pub(super) async fn add_keys(connection: &mut AnyConnection, customer: &str, keys: &[Key]) -> Result<(), sqlx::Error> {
    for key in keys {
        sqlx::query("insert into customer_key (kind, value, customer) values ($1, $2, $3) on conflict (kind, value, customer) do nothing")
            .bind(key.by.as_str())
            .bind(&key.value)
            .bind(customer)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn read_customer(connection: &mut AnyConnection, id: &str) -> Result<Option<Customer>, sqlx::Error> {
    let row = sqlx::query("select record, revision from customer where id = $1").bind(id).fetch_optional(connection).await?;
    row.as_ref().map(|r| customer_of(r, 1)).transpose()
}

/// The customer, whom nobody else can write until the transaction ends: all deeds of one customer and imports of their records come
/// after each other, on whichever node. (SQLite has one writer anyway.)
pub(super) async fn lock_customer(connection: &mut AnyConnection, id: &str) -> Result<Option<Customer>, sqlx::Error> {
    let row = sqlx::query("update customer set revision = revision where id = $1 returning record, revision")
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(|r| customer_of(r, 1)).transpose()
}

pub(super) async fn read_case(connection: &mut AnyConnection, customer: Customer) -> Result<Case, sqlx::Error> {
    let rows = sqlx::query("select record, revision from shop_order where customer = $1 order by id")
        .bind(&customer.id)
        .fetch_all(connection)
        .await?;
    let mut orders = rows.iter().map(|r| order_of(r, 1)).collect::<Result<Vec<Order>, _>>()?;
    let places: HashMap<&str, usize> = customer.orders.iter().enumerate().map(|(n, id)| (id.as_str(), n)).collect();
    orders.sort_by_key(|o| places.get(o.id.as_str()).copied().unwrap_or(usize::MAX));
    Ok(Case { customer, orders })
}

/// The variants of the products on `orders`.
pub(super) async fn read_shelf(connection: &mut AnyConnection, orders: &[Order]) -> Result<Shelf, sqlx::Error> {
    let groups: BTreeSet<&str> = orders.iter().flat_map(|o| &o.items).map(|i| i.item_group_id.as_str()).collect();
    let mut shelf = Shelf::new();
    for group in groups {
        let mut rows = sqlx::query(
            "select id, ord, record, price_minor, list_minor, currency, availability, quantity, revision, gone \
             from product where item_group = $1 and gone = 'no'",
        )
        .bind(group)
        .fetch(&mut *connection);
        while let Some(row) = rows.try_next().await? {
            let product = stored(&row).map_err(|e| sqlx::Error::Decode(e.into()))?.product;
            shelf.insert(product.id.clone(), product);
        }
    }
    Ok(shelf)
}

/// The customer of a row that begins with the record and has the revision at `revision`.
pub(super) fn customer_of(row: &AnyRow, revision: usize) -> Result<Customer, sqlx::Error> {
    let customer: Customer = read("customer", &row.get::<String, _>(0))?;
    Ok(Customer { revision: row.get(revision), ..customer })
}

/// The same for an order.
pub(super) fn order_of(row: &AnyRow, revision: usize) -> Result<Order, sqlx::Error> {
    let order: Order = read("order", &row.get::<String, _>(0))?;
    Ok(Order { revision: row.get(revision), ..order })
}

/// A stored record. What an older version took unread may not be one.
pub(super) fn read<T: DeserializeOwned>(what: &str, record: &str) -> Result<T, sqlx::Error> {
    serde_json::from_str(record).with_context(|| format!("read a stored {what}")).map_err(|e| sqlx::Error::Decode(e.into()))
}

impl By {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Name => "name",
            Self::Zip => "zip",
            Self::Order => "order",
            Self::Card => "card",
        }
    }
}
