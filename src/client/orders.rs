//! `daogou orders`: every order out, in the form in which orders are imported; or the ledger compared with all of them.

use crate::aftersales::ledger;
use crate::aftersales::legal::is_legal;
use crate::config::{Orders, Place};
use crate::store::Store;
use anyhow::{Context, bail};
use futures::TryStreamExt;
use serde_json::Value;
use std::io::{BufWriter, Write};

/// # Errors
/// When the store cannot be read, or the books do not add up.
pub async fn orders(command: Orders) -> anyhow::Result<()> {
    match command {
        Orders::Export { place, json: _ } => export(&open(&place).await?).await,
        Orders::Audit { place } => audit(&open(&place).await?).await,
    }
}

/// The store alone: neither needs the index, which a server beside may be writing.
async fn open(place: &Place) -> anyhow::Result<Store> {
    match &place.database {
        Some(url) => Store::open(url).await,
        None => Store::open_dir(&place.data).await,
    }
}

async fn export(store: &Store) -> anyhow::Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut orders = store.orders();
    while let Some(order) = orders.try_next().await.context("read the orders")? {
        writeln!(out, "{}", in_import_form(&order)?).context("print the orders")?;
    }
    out.flush().context("print the orders")
}

/// What was done here to an order is no field of the import form, only what came of it. Read again by this shop, it is known still.
fn in_import_form(order: &str) -> anyhow::Result<Value> {
    let mut order: Value = serde_json::from_str(order).context("read a stored order")?;
    order.as_object_mut().map(|fields| fields.remove("deeds"));
    Ok(order)
}

async fn audit(store: &Store) -> anyhow::Result<()> {
    let (ledger, cases) = store.books().await.context("read the ledger")?;
    let orders = || cases.iter().flat_map(|c| &c.orders);
    for order in orders() {
        if let Err(wrong) = is_legal(order) {
            bail!("{}: {wrong}", order.id);
        }
    }
    if let Err(wrong) = ledger::audit(&ledger, &cases) {
        bail!("{wrong}");
    }
    let cards = cases.iter().flat_map(|c| &c.customer.payment_methods).filter(|m| m.balance.is_some()).count();
    println!("adds up: {} entries, {} orders, {cards} gift cards of {} customers", ledger.entries().len(), orders().count(), cases.len());
    Ok(())
}
