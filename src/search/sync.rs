//! The store's change log in; an index, a shelf and vectors that have caught up out.

use super::Search;
use super::Usual;
use super::segment::is_chinese;
use super::shelf::{Item, Shelf};
use super::vector::{Bucket, Entry, Print};
use crate::catalog::{Lang, Product, leaf};
use crate::store::Store;
use crate::store::catalog::Stored;
use crate::turn::understand::lexicon;
use anyhow::Context;
use futures::TryStreamExt;
use futures::stream::BoxStream;
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::mpsc;

/// Texts are encoded in batches of this many; between two batches shoppers' queries go first.
const BATCH: usize = 16;
const LONGEST_TITLE: usize = 160;
const LONGEST_DESCRIPTION: usize = 320;
/// Kinds of product whose mean stands for a language.
const SAMPLES: usize = 160;

impl Search {
    /// Brings shelf and index up to the store's revision.
    ///
    /// # Errors
    /// When the store or the index fails; what answered before goes on answering.
    pub async fn catch_up(self: &Arc<Self>, store: &Store) -> anyhow::Result<()> {
        let target = store.catalog_revision().await?;
        let shelf_at = self.shelf().revision;
        let index_at = self.index.revision();
        if shelf_at >= target && index_at >= target {
            return Ok(());
        }
        let (rows, received) = mpsc::channel::<Option<Stored>>(256);
        let search = self.clone();
        let apply = tokio::task::spawn_blocking(move || search.apply(received, index_at, target));
        let from = if shelf_at == 0 { 0 } else { shelf_at.min(index_at) };
        let read = send_all(store.products_since(from), &rows).await;
        drop(rows);
        apply.await.context("apply the change log")??;
        read.context("read the change log")
    }

    /// `None` ends the log; a channel that closes without it was cut off, and nothing is made visible then.
    fn apply(&self, mut rows: mpsc::Receiver<Option<Stored>>, index_at: i64, target: i64) -> anyhow::Result<()> {
        let mut shelf = Shelf::clone(&self.shelf());
        let fresh = shelf.revision == 0;
        let (mut writer, mut reworded) = (None, false);
        loop {
            let row = match rows.blocking_recv() {
                Some(Some(row)) => row,
                Some(None) => break,
                None => return Ok(()),
            };
            let words_changed = shelf.apply(&row);
            reworded |= words_changed;
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
        self.wording.fetch_add(u64::from(reworded), Ordering::Relaxed);
        Ok(())
    }

    /// Makes the vectors that were encoded earlier visible, and encodes nothing.
    ///
    /// # Errors
    /// When the store or the vectors cannot be read.
    pub async fn show_known_vectors(&self, store: &Store) -> anyhow::Result<()> {
        if self.encoder().is_some() {
            self.learn_usual().await?;
            let (entries, _) = self.texts(store).await?;
            self.vectors().show(&entries, &self.usual().passages)?;
        }
        self.show_known_pictures()?;
        self.fuse_products()
    }

    /// Encodes the texts that have no vector yet, calling `progress(done, total)`; shows what is known at the beginning, at the end
    /// and now and then between.
    ///
    /// # Errors
    /// When the store cannot be read or the encoder has died.
    pub async fn encode_missing(&self, store: &Store, progress: impl Fn(usize, usize)) -> anyhow::Result<()> {
        let Some(encoder) = self.encoder().cloned() else { return Ok(()) };
        self.learn_usual().await?;
        let usual = self.usual();
        let (entries, texts) = self.texts(store).await?;
        let mut missing = self.vectors().show(&entries, &usual.passages)?;
        // Titles first; then alike in length, for the encoder's sake.
        missing.sort_by_key(|n| (is_description(entries[*n].bucket), texts[*n].len()));
        let total = missing.len();
        let (mut done, mut shown) = (0, entries.len() - total);
        self.texts_waiting.store(total, Ordering::Relaxed);
        for chunk in missing.chunks(BATCH) {
            let batch: Vec<String> = chunk.iter().map(|n| texts[*n].clone()).collect();
            let vectors = encoder.encode_passages(batch).await.context("encode product texts")?;
            let fresh: Vec<(Print, Vec<f32>)> = chunk.iter().map(|n| entries[*n].print).zip(vectors).collect();
            self.vectors().keep(&fresh)?;
            done += chunk.len();
            self.texts_waiting.store(total - done, Ordering::Relaxed);
            // Showing costs a reading of all of them: each time there are half as many again.
            if (entries.len() - total + done) * 2 > shown * 3 + 1_000 {
                shown = entries.len() - total + done;
                self.vectors().show(&entries, &usual.passages)?;
            }
            progress(done, total);
        }
        if total > 0 {
            self.vectors().show(&entries, &usual.passages)?;
        }
        Ok(())
    }

    /// The means of needs and of product texts in each language, from the lexicon's kinds of product; encoded once.
    async fn learn_usual(&self) -> anyhow::Result<()> {
        let Some(encoder) = self.encoder().cloned().filter(|_| self.usual().passages.is_empty()) else { return Ok(()) };
        let mut usual = Usual::default();
        for lang in [Lang::En, Lang::Zh] {
            let samples = lexicon::samples(lang == Lang::Zh, SAMPLES);
            for (kind, means) in [("needs", &mut usual.queries), ("texts", &mut usual.passages)] {
                let print = print(&format!("usual {kind} 1: {}", samples.join(", ")));
                let mean = match self.vectors().known(&print) {
                    Some(mean) => mean,
                    None => {
                        let vectors = match kind {
                            "needs" => encoder.encode_samples(&samples).await,
                            _ => encoder.encode_passages(samples.iter().map(|s| (*s).to_owned()).collect()).await,
                        };
                        let mean = mean(&vectors.context("encode sample texts")?);
                        self.vectors().keep(&[(print, mean.clone())])?;
                        mean
                    }
                };
                means.push(mean);
            }
        }
        // Descriptions are measured from where titles are: only their own mean tells them apart.
        usual.passages.extend_from_within(..);
        self.set_usual(usual);
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
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn texts(&self, store: &Store) -> anyhow::Result<(Vec<Entry>, Vec<String>)> {
        let shelf = self.shelf();
        let mut seen = HashSet::new();
        let (mut entries, mut texts) = (Vec::new(), Vec::new());
        let mut stored = store.products_since(0);
        while let Some(row) = stored.try_next().await? {
            if let Some(item) = shelf.item(row.ord as u32)
                && seen.insert(item.group)
            {
                for (bucket, text) in passages(&row.product) {
                    entries.push(Entry { key: item.group, bucket, print: print(&text) });
                    texts.push(text);
                }
            }
        }
        Ok((entries, texts))
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

/// What of a product is encoded: its title with the narrowest category, and the beginning of its description, once for each language.
/// One passage of both finds less (docs/retrieval.md).
fn passages(product: &Product) -> Vec<(Bucket, String)> {
    let mut passages: Vec<(Bucket, String)> = Vec::new();
    for lang in [Lang::En, Lang::Zh] {
        put(&mut passages, 0, titled(product.title(lang), product.category(lang)));
        put(&mut passages, DESCRIPTION, product.description(lang).chars().take(LONGEST_DESCRIPTION).collect());
    }
    passages
}

/// Those of them that the shelf knows too: the titles.
pub fn passages_of(item: &Item) -> Vec<(Bucket, String)> {
    let mut passages = Vec::new();
    [Lang::En, Lang::Zh].into_iter().for_each(|lang| put(&mut passages, 0, titled(item.title(lang), item.category(lang))));
    passages
}

fn titled(title: &str, category: &str) -> String {
    let kind = leaf(category);
    let text = if kind.is_empty() { title.to_owned() } else { format!("{title} · {kind}") };
    text.chars().take(LONGEST_TITLE).collect()
}

fn put(passages: &mut Vec<(Bucket, String)>, kind: Bucket, text: String) {
    if !text.trim().is_empty() && !passages.iter().any(|(_, known)| *known == text) {
        passages.push((kind + Bucket::from(is_chinese(&text)), text));
    }
}

/// Buckets of vectors: titles in English and Chinese, then descriptions.
const DESCRIPTION: Bucket = 2;

pub fn is_description(bucket: Bucket) -> bool {
    bucket >= DESCRIPTION
}

fn mean(vectors: &[Vec<f32>]) -> Vec<f32> {
    let dim = vectors.first().map_or(0, Vec::len);
    (0..dim).map(|n| vectors.iter().map(|v| v[n]).sum::<f32>() / vectors.len() as f32).collect()
}

pub fn print(text: &str) -> Print {
    let digest = Sha256::digest(text.as_bytes());
    digest[..16].try_into().expect("sha256 has 32 bytes")
}
