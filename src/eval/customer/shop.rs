//! A world in; a stocked data directory, and running servers over fresh copies of it, out; and their orders as they stand afterwards.

use crate::aftersales::ledger;
use crate::app::{self, Models, Shop};
use crate::config::{Backends, Place, Serve, Systems};
use crate::eval;
use crate::ingest::world::{Kind, import_world};
use crate::store::Store;
use anyhow::Context;
use futures::TryStreamExt;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Imports the catalogue, customers, orders and policy of `world` into `data`, and encodes what the models can.
///
/// # Errors
/// When a file cannot be read or imported.
pub async fn stock(world: &Path, data: &Path, models: &Models) -> anyhow::Result<()> {
    let feed = eval::feed(world).with_context(|| format!("there is no catalogue in {}", world.display()))?;
    let opened = eval::open(&feed, None, data, models).await?;
    for (kind, name) in [(Kind::Customers, "customers.jsonl"), (Kind::Orders, "orders.jsonl"), (Kind::Policies, "policy.md")] {
        let file = world.join(name);
        if file.exists() {
            import_world(&opened.store, kind, &file).await.with_context(|| format!("import {}", file.display()))?;
        }
    }
    opened.store.close().await;
    Ok(())
}

/// A server over its own copy of a stocked directory. The copy is removed with it.
pub struct Running {
    pub url: String,
    data: PathBuf,
    stop: CancellationToken,
    serving: JoinHandle<anyhow::Result<()>>,
}

/// What a shop holds when everybody has left.
#[derive(Debug, Default)]
pub struct Records {
    /// By customer.
    pub orders: BTreeMap<String, Vec<Value>>,
    pub customers: BTreeMap<String, Value>,
    /// What of the ledger does not add up.
    pub audit: Option<String>,
}

impl Running {
    /// # Errors
    /// When the copy cannot be made or the shop does not open.
    pub async fn start(stocked: &Path, data: PathBuf, models: &Models) -> anyhow::Result<Self> {
        copy(stocked, &data).with_context(|| format!("copy {} to {}", stocked.display(), data.display()))?;
        let place = Place { data: data.clone(), database: None, after_sales: None, backends: Backends::default() };
        let listen = ([127, 0, 0, 1], 0).into();
        let (allow_origin, systems) = (Vec::new(), Systems::default());
        let serve = Serve { place, listen, allow_origin, merchant_key: None, max_chats: 1_000, systems };
        let models = Models { encoder: models.encoder.clone(), ..Models::none() };
        let shop = Shop::open(&serve.place, models).await?;
        let listener = TcpListener::bind(serve.listen).await.context("listen on a free port")?;
        let address = listener.local_addr().context("read the address")?;
        let stop = CancellationToken::new();
        let until = stop.clone();
        let serving = tokio::spawn(async move { app::run(shop, &serve, listener, until).await });
        Ok(Self { url: format!("ws://{address}/v1/chat"), data, stop, serving })
    }

    /// Goes down in order and reads what is left.
    ///
    /// # Errors
    /// When the server ended badly or the store cannot be read.
    pub async fn close(self) -> anyhow::Result<Records> {
        self.stop.cancel();
        self.serving.await.context("wait for the server")??;
        let store = Store::open_dir(&self.data).await?;
        let records = Records::read(&store).await?;
        store.close().await;
        std::fs::remove_dir_all(&self.data).with_context(|| format!("remove {}", self.data.display()))?;
        Ok(records)
    }
}

impl Records {
    /// # Errors
    /// When the store cannot be read.
    pub async fn read(store: &Store) -> anyhow::Result<Self> {
        let mut records = Self::default();
        let mut orders = store.orders();
        while let Some(order) = orders.try_next().await? {
            let order: Value = serde_json::from_str(&order).context("an order is not JSON")?;
            let customer = order["customer"].as_str().unwrap_or_default().to_owned();
            records.orders.entry(customer).or_default().push(order);
        }
        let (books, cases) = store.books().await?;
        records.audit = ledger::audit(&books, &cases).err().map(|wrong| format!("the ledger: {wrong}"));
        records.customers = cases.into_iter().map(|case| (case.customer.id.clone(), json!(case.customer))).collect();
        Ok(records)
    }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}
