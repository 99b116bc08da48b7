//! The store's change log in; an index, a shelf and vectors that have caught up out.

use super::Search;
use super::shelf::Shelf;
use super::vector::Print;
use crate::catalog::{Lang, Product};
use crate::store::Store;
use crate::store::catalog::Stored;
use anyhow::Context;
use futures::TryStreamExt;
use futures::stream::BoxStream;
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Texts are encoded in batches of this many; between two batches shoppers' queries go first.
const BATCH: usize = 16;
const LONGEST_TEXT: usize = 160;

impl Search {
    /// Brings shelf and index up to the store's revision. Returns true when anything changed.
    ///
    /// # Errors
    /// When the store or the index fails; what answered before goes on answering.
    pub async fn catch_up(self: &Arc<Self>, store: &Store) -> anyhow::Result<bool> {
        let target = store.catalog_revision().await?;
        let shelf_at = self.shelf().revision;
        let index_at = self.index.revision();
        if shelf_at >= target && index_at >= target {
            return Ok(false);
        }
        let (rows, received) = mpsc::channel::<Option<Stored>>(256);
        let search = self.clone();
        let apply = tokio::task::spawn_blocking(move || search.apply(received, index_at, target));
        let from = if shelf_at == 0 { 0 } else { shelf_at.min(index_at) };
        let read = send_all(store.products_since(from), &rows).await;
        drop(rows);
        apply.await.context("apply the change log")??;
        read.context("read the change log")?;
        Ok(true)
    }

    /// `None` ends the log; a channel that closes without it was cut off, and nothing is made visible then.
    fn apply(&self, mut rows: mpsc::Receiver<Option<Stored>>, index_at: i64, target: i64) -> anyhow::Result<()> {
        let mut shelf = Shelf::clone(&self.shelf());
        let fresh = shelf.revision == 0;
        let mut writer = None;
        loop {
            let row = match rows.blocking_recv() {
                Some(Some(row)) => row,
                Some(None) => break,
                None => return Ok(()),
            };
            let words_changed = shelf.apply(&row);
            if row.revision <= index_at || (!words_changed && !fresh) {
                continue;
            }
            if writer.is_none() {
                writer = Some(self.index.writer()?);
            }
            let writer = writer.as_mut().expect("it was made above");
            match row.gone {
                true => writer.remove(row.ord),
                false => writer.put(row.ord, &row.product)?,
            }
        }
        shelf.revision = target;
        if let Some(writer) = writer
            && self.index.revision() < target
        {
            writer.commit(target)?;
        }
        self.index.reload()?;
        self.set_shelf(Arc::new(shelf));
        Ok(())
    }

    /// Makes the vectors that were encoded earlier visible, and encodes nothing.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn show_known_vectors(&self, store: &Store) -> anyhow::Result<()> {
        if self.encoder().is_some() {
            let texts = self.texts(store).await?;
            self.vectors().show(&texts.iter().map(|(group, print, _)| (*group, *print)).collect::<Vec<_>>());
        }
        Ok(())
    }

    /// Encodes the texts that have no vector yet, calling `progress(done, total)`; shows what is known at the beginning, at the end
    /// and every few hundred texts between.
    ///
    /// # Errors
    /// When the store cannot be read or the encoder has died.
    pub async fn encode_missing(&self, store: &Store, progress: impl Fn(usize, usize)) -> anyhow::Result<()> {
        let Some(encoder) = self.encoder().cloned() else { return Ok(()) };
        let rows = self.texts(store).await?;
        let keys: Vec<(u32, Print)> = rows.iter().map(|(group, print, _)| (*group, *print)).collect();
        let mut missing = self.vectors().show(&keys);
        missing.sort_by_key(|n| rows[*n].2.len());
        let total = missing.len();
        for (n, chunk) in missing.chunks(BATCH).enumerate() {
            let batch: Vec<String> = chunk.iter().map(|n| rows[*n].2.clone()).collect();
            let vectors = encoder.encode_passages(batch).await.context("encode product texts")?;
            let fresh: Vec<(Print, Vec<f32>)> = chunk.iter().map(|n| rows[*n].1).zip(vectors).collect();
            self.vectors().keep(&fresh)?;
            if n % 32 == 31 {
                self.vectors().show(&keys);
            }
            progress((n + 1) * BATCH, total);
        }
        if total > 0 {
            self.vectors().show(&keys);
        }
        Ok(())
    }

    /// Vectors of texts, in order; those encoded once are read from the file.
    ///
    /// # Errors
    /// When there is no encoder or it fails.
    pub async fn embed(&self, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
        let encoder = self.encoder().context("there is no text encoder")?;
        let mut vectors = Vec::with_capacity(texts.len());
        for chunk in texts.chunks(BATCH) {
            let prints: Vec<Print> = chunk.iter().map(|t| print(t)).collect();
            if prints.iter().any(|p| self.vectors().known(p).is_none()) {
                let fresh = encoder.encode_passages(chunk.to_vec()).await.context("encode texts")?;
                self.vectors().keep(&prints.iter().copied().zip(fresh).collect::<Vec<_>>())?;
            }
            vectors.extend(prints.iter().filter_map(|p| self.vectors().known(p)));
        }
        Ok(vectors)
    }

    /// The texts of every product on the shelf, once for each group.
    async fn texts(&self, store: &Store) -> anyhow::Result<Vec<(u32, Print, String)>> {
        let shelf = self.shelf();
        let mut seen = HashSet::new();
        let mut rows = Vec::new();
        let mut stored = store.products_since(0);
        while let Some(row) = stored.try_next().await? {
            if let Some(item) = shelf.item(row.ord as u32)
                && seen.insert(item.group)
            {
                rows.extend(passages(&row.product).into_iter().map(|text| (item.group, print(&text), text)));
            }
        }
        Ok(rows)
    }
}

/// Hands on every row, and `None` when that was all; what is cut off by an error is left without its end.
async fn send_all(mut stored: BoxStream<'_, anyhow::Result<Stored>>, rows: &mpsc::Sender<Option<Stored>>) -> anyhow::Result<()> {
    while let Some(row) = stored.try_next().await? {
        if rows.send(Some(row)).await.is_err() {
            return Ok(());
        }
    }
    rows.send(None).await.ok();
    Ok(())
}

/// What of a product is encoded: its title and the narrowest category, once for each language.
fn passages(product: &Product) -> Vec<String> {
    let mut passages: Vec<String> = [Lang::En, Lang::Zh]
        .into_iter()
        .map(|lang| {
            let category = product.category(lang).rsplit(" > ").next().unwrap_or("");
            let text = if category.is_empty() { product.title(lang).to_owned() } else { format!("{} · {category}", product.title(lang)) };
            text.chars().take(LONGEST_TEXT).collect()
        })
        .collect();
    passages.dedup();
    passages
}

fn print(text: &str) -> Print {
    let digest = Sha256::digest(text.as_bytes());
    digest[..16].try_into().expect("sha256 has 32 bytes")
}
