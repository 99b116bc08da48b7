//! Judged queries and photos in; what the shop's own search makes of them, with intervals, out. `daogou eval` prints it.
//!
//! A data set is imported like any feed into a directory of its own, where its vectors are kept for the next time.
//! `aftersales` is of another kind: deeds at random, judged one by one, for `daogou bench`; and `customer` talks about orders.

pub mod aftersales;
pub mod customer;
pub mod grounding;
pub mod images;
pub mod intents;
pub mod metrics;
pub mod needs;
pub mod retrieval;
#[cfg(feature = "models")]
pub mod synthetic;

use crate::app::Models;
use crate::ingest::read::Format;
use crate::ingest::{ImportOptions, import_feed};
use crate::model::Picture;
use crate::progress;
use crate::search::{Found, Query, Search};
use crate::store::Store;
use crate::turn::words;
use anyhow::{Context, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// A data set's catalogue, imported and encoded.
pub struct Opened {
    pub search: Arc<Search>,
    pub store: Store,
}

/// Imports `feed` into `work` and encodes what is new.
///
/// # Errors
/// When the feed cannot be read or a model fails.
pub async fn open(feed: &Path, images: Option<&Path>, work: &Path, models: &Models) -> anyhow::Result<Opened> {
    std::fs::create_dir_all(work).with_context(|| format!("make the directory {}", work.display()))?;
    let store = Store::open_dir(work).await?;
    let options = ImportOptions {
        format: Format::Auto,
        images: images.map(Path::to_owned),
        replace: true,
        strict: false,
        media: work.join("media"),
        progress: false,
    };
    let report = import_feed(&store, &[feed.to_owned()], &options).await.with_context(|| format!("import {}", feed.display()))?;
    ensure!(report.read > 0, "{} holds no product", feed.display());
    let search = Arc::new(Search::open(work, models.encoder.clone(), models.eyes.clone(), models.ranking)?);
    search.catch_up(&store).await?;
    let bar = progress::bar("texts");
    search.encode_missing(&store, |done, total| progress::advance(&bar, done, total)).await?;
    bar.finish_and_clear();
    let bar = progress::bar("pictures");
    search.look_at_missing(|done, total| progress::advance(&bar, done, total)).await?;
    bar.finish_and_clear();
    Ok(Opened { search, store })
}

impl Opened {
    /// Asks as `GET /v1/search` does.
    ///
    /// # Errors
    /// When the search fails.
    pub async fn ask(&self, text: &str, limit: usize, shape: impl Fn(&mut Query)) -> anyhow::Result<Found> {
        let understood = words::read(text, &self.search);
        let mut query = words::query_of(text, &understood, limit);
        shape(&mut query);
        words::search(&self.search, query, &understood).await
    }

    /// Asks as `POST /v1/search` does.
    ///
    /// # Errors
    /// When the search fails.
    pub async fn show(&self, photo: &Arc<Picture>, text: &str, limit: usize) -> anyhow::Result<Found> {
        let understood = words::read(text, &self.search);
        words::search(&self.search, words::query_with(photo.clone(), text, &understood, limit), &understood).await
    }
}

/// The feed of a data set, whatever it is called.
pub fn feed(dir: &Path) -> Option<PathBuf> {
    ["catalog.jsonl.gz", "catalog.jsonl", "catalog.csv", "catalog.tsv"].into_iter().map(|name| dir.join(name)).find(|path| path.exists())
}

/// `dir/name/`, or `dir/name.tar` unpacked into `work`; what holds pictures named as the data set names them.
///
/// # Errors
/// When the archive cannot be unpacked.
pub fn pictures(dir: &Path, name: &str, work: &Path) -> anyhow::Result<Option<PathBuf>> {
    if dir.join(name).is_dir() {
        return Ok(Some(dir.to_owned()));
    }
    let archive = dir.join(format!("{name}.tar"));
    if !archive.exists() {
        return Ok(None);
    }
    let out = work.join("unpacked");
    if !out.join(name).is_dir() {
        std::fs::create_dir_all(&out).with_context(|| format!("make the directory {}", out.display()))?;
        let done = Command::new("tar").arg("-xf").arg(&archive).arg("-C").arg(&out).status().context("run tar")?;
        ensure!(done.success(), "{} cannot be unpacked", archive.display());
    }
    Ok(Some(out))
}
