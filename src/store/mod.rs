//! SQL in, rows out: the only room that knows SQL, and the truth. Everything else can be rebuilt from here.
//!
//! The same statements run on SQLite and PostgreSQL through sqlx's `any` driver. SQLite runs in WAL mode with one
//! writing connection; readers never wait for it.

pub mod cases;
pub mod catalog;
pub mod chat;
pub mod handoffs;
pub mod intake;
pub mod ledger;
pub mod outbox;
pub mod proposals;
pub mod world;

use anyhow::Context;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyPool, Executor, Row, Transaction};
use std::path::Path;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A handle to the database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    read: AnyPool,
    write: AnyPool,
    sqlite: bool,
}

/// What a store operation met when the caller has to tell the cases apart.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the disk is full")]
    Full,
    #[error("the database cannot be reached")]
    Unreachable,
    #[error(transparent)]
    Other(#[from] sqlx::Error),
}

impl Store {
    /// Opens `url` (`sqlite:///path/daogou.db` or `postgres://…`) and brings the schema up to date.
    ///
    /// # Errors
    /// When the database cannot be opened or a migration fails; the file is never removed or renamed.
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        sqlx::any::install_default_drivers();
        let sqlite = url.starts_with("sqlite:");
        let options = AnyConnectOptions::from_str(url).with_context(|| format!("read the database address {}", without_password(url)))?;
        let pool = |connections| {
            AnyPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(Duration::from_secs(10))
                .after_connect(move |connection, _| {
                    Box::pin(async move {
                        if sqlite {
                            connection.execute("pragma journal_mode = wal").await?;
                            connection.execute("pragma synchronous = full").await?;
                            connection.execute("pragma busy_timeout = 15000").await?;
                            // `shorten_log` does this beside the writer; here it is the last resort, at 64 MiB.
                            connection.execute("pragma wal_autocheckpoint = 16384").await?;
                        }
                        Ok(())
                    })
                })
                .connect_with(options.clone())
        };
        let writers = if sqlite { 1 } else { 4 };
        let write = pool(writers).await.with_context(|| format!("open the database {}", without_password(url)))?;
        sqlx::migrate!().run(&write).await.context("bring the database schema up to date")?;
        let read = pool(4).await.context("open the database for reading")?;
        let store = Self { read, write, sqlite };
        store.prepare_aftersales().await.context("prepare customers and orders for after-sales")?;
        Ok(store)
    }

    /// Opens the SQLite file of a data directory, making the directory if needed.
    ///
    /// # Errors
    /// As [`Store::open`], and when the directory cannot be made.
    pub async fn open_dir(dir: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(dir).with_context(|| format!("make the data directory {}", dir.display()))?;
        let path = dir.join("daogou.db");
        Self::open(&format!("sqlite://{}?mode=rwc", path.display())).await
    }

    /// True while the database answers.
    pub async fn alive(&self) -> bool {
        sqlx::query("select 1").execute(&self.read).await.is_ok()
    }

    /// Moves what SQLite's write-ahead log holds into the database file, beside the writer: left to the writer itself, it would
    /// make one commit in a few hundred wait for it. PostgreSQL has a process for that.
    ///
    /// # Errors
    /// When the store fails; the log is then moved another time.
    pub async fn shorten_log(&self) -> Result<(), StoreError> {
        if self.sqlite {
            sqlx::query("pragma wal_checkpoint(passive)").execute(&self.read).await.map_err(StoreError::of)?;
        }
        Ok(())
    }

    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }

    /// A counter that tells followers whether something has changed.
    async fn revision_of(&self, name: &str) -> anyhow::Result<i64> {
        let row = sqlx::query("select value from setting where name = $1").bind(name).fetch_optional(self.reader()).await?;
        Ok(row.map(|r| r.get::<String, _>(0).parse()).transpose().with_context(|| format!("read {name}"))?.unwrap_or(0))
    }

    pub(crate) fn reader(&self) -> &AnyPool {
        &self.read
    }

    pub(crate) fn writer(&self) -> &AnyPool {
        &self.write
    }
}

impl StoreError {
    /// Tells a full disk and a lost database from everything else.
    pub fn of(error: sqlx::Error) -> Self {
        let text = error.to_string();
        match &error {
            _ if text.contains("database or disk is full") || text.contains("No space left") => Self::Full,
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Self::Unreachable,
            _ => Self::Other(error),
        }
    }

    /// The same case again, for a second reader.
    pub fn of_message(error: &Self) -> Self {
        match error {
            Self::Full => Self::Full,
            Self::Unreachable | Self::Other(_) => Self::Unreachable,
        }
    }
}

/// The counter's next value, as part of the transaction that makes the change.
async fn next_revision(transaction: &mut Transaction<'static, Any>, name: &str) -> Result<i64, sqlx::Error> {
    let row = sqlx::query(
        "insert into setting (name, value) values ($1, '1') \
         on conflict (name) do update set value = cast(cast(setting.value as bigint) + 1 as text) returning value",
    )
    .bind(name)
    .fetch_one(&mut **transaction)
    .await?;
    row.get::<String, _>(0).parse().map_err(|e| sqlx::Error::Decode(Box::new(e)))
}

/// Now, in UTC milliseconds.
pub fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as i64)
}

/// A fresh id: UUIDv7 text, so ids sort by time.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn without_password(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => url.to_owned(),
    }
}
