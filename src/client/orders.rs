//! `daogou orders`: every order out, in the form in which orders are imported; the ledger compared with all of them; the conversations
//! that wait for a person.

use crate::aftersales::ledger;
use crate::aftersales::legal::is_legal;
use crate::config::{Orders, Place};
use crate::store::handoffs::{Handoff, HandoffState};
use crate::store::{Store, now_ms};
use anyhow::{Context, bail, ensure};
use futures::TryStreamExt;
use serde_json::{Value, json};
use std::io::{BufWriter, Write};

/// # Errors
/// When the store cannot be read, or the books do not add up.
pub async fn orders(command: Orders) -> anyhow::Result<()> {
    match command {
        Orders::Export { place, json: _ } => export(&open(&place).await?).await,
        Orders::Calls { place, json, close } => calls(&open(&place).await?, json, close.as_deref()).await,
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

/// Calls that are listed at once.
const MOST_CALLS: i64 = 1000;

async fn calls(store: &Store, json: bool, close: Option<&str>) -> anyhow::Result<()> {
    if let Some(id) = close {
        ensure!(store.change_handoff(id, HandoffState::Closed).await.context("close the call")?, "no call {id} is open");
        return Ok(());
    }
    let waiting = store.waiting_handoffs(MOST_CALLS).await.context("read the calls")?;
    for call in &waiting {
        if json {
            println!("{}", as_json(call));
        } else {
            let minutes = (now_ms() - call.created_ms).max(0) / 60_000;
            println!("{}  waits {minutes} min  {}  {}", call.id, call.customer.as_deref().unwrap_or("nobody identified"), call.reason);
            for (name, value) in as_json(call)["summary"].as_object().into_iter().flatten() {
                println!("  {name}: {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            }
        }
    }
    if waiting.is_empty() && !json {
        println!("nobody waits for a person");
    }
    Ok(())
}

fn as_json(call: &Handoff) -> Value {
    let summary: Value = serde_json::from_str(&call.summary).unwrap_or_else(|_| call.summary.clone().into());
    json!({
        "id": call.id, "session": call.session, "customer": call.customer, "reason": call.reason, "since_ms": call.created_ms,
        "summary": summary,
    })
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
