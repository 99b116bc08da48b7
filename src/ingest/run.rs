//! Feed files in; one atomic, idempotent import and its report out. Memory holds one batch and a hash per known product.

use super::normalize::{normalize, string};
use super::read::{Format, Line, Record, read_feed};
use super::{Rejection, media};
use crate::catalog::{Product, Revision};
use crate::store::Store;
use crate::store::catalog::Known;
use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Clone, Debug)]
pub struct ImportOptions {
    pub format: Format,
    /// Where relative `image_link`s are found.
    pub images: Option<PathBuf>,
    /// Products that are not in the feed leave the catalogue.
    pub replace: bool,
    /// One rejected line fails the whole import.
    pub strict: bool,
    /// Where pictures are put for the server.
    pub media: PathBuf,
    pub progress: bool,
}

/// What an import did. `read` counts products (variants), not lines.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    pub read: u64,
    pub new: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub removed: u64,
    /// Products `replace` would have removed, had it been possible to read the id of every rejected line.
    pub spared: u64,
    pub rejected: u64,
    /// The first 1,000 rejections.
    pub rejections: Vec<Rejection>,
    pub revision: Revision,
}

/// Imports `files` as one change of the catalogue.
///
/// # Errors
/// When a file cannot be read, the store fails, or `strict` meets a bad line; the old catalogue then stays as it was.
pub async fn import_feed(store: &Store, files: &[PathBuf], options: &ImportOptions) -> anyhow::Result<Report> {
    let known = store.known_products().await.context("read the known products")?;
    let total = files.iter().filter_map(|f| f.metadata().ok()).map(|m| m.len()).sum();
    let (lines, mut records) = tokio::sync::mpsc::channel::<Vec<(usize, Line)>>(8);
    let seen = Arc::new(AtomicU64::new(0));
    let reader = {
        let (files, seen, format) = (files.to_vec(), seen.clone(), options.format);
        tokio::task::spawn_blocking(move || read_batches(&files, format, &seen, &lines))
    };
    let bar = bar(total, options.progress);
    let mut import = store.begin_import().await?;
    let mut run = Run { known, report: Report::default(), ids: HashSet::new(), pictures: HashSet::new(), nameless: false };
    while let Some(batch) = records.recv().await {
        bar.set_position(seen.load(Ordering::Relaxed));
        for (file, (line, record)) in batch {
            let place = || files[file].display().to_string();
            let record = match record {
                Ok(record) => record,
                Err(reason) => {
                    run.nameless = true;
                    run.reject(place(), line, String::new(), reason);
                    continue;
                }
            };
            let products = match normalize(&record) {
                Ok(products) => products,
                Err(fault) => {
                    run.spare(&record);
                    run.reject(place(), line, fault.field, fault.reason);
                    continue;
                }
            };
            for product in products {
                if let Some(reason) = run.take(&product) {
                    run.reject(place(), line, "id".to_owned(), reason);
                    continue;
                }
                run.put(&mut import, product, options).await?;
            }
        }
        if options.strict && run.report.rejected > 0 {
            break;
        }
    }
    drop(records);
    reader.await.context("read the feed")??;
    if options.strict
        && let Some(first) = run.report.rejections.first()
    {
        import.forget().await;
        bail!("{first}; nothing was imported, because --strict was given");
    }
    if options.replace {
        let absent: Vec<&String> = run.known.iter().filter(|(id, k)| !k.gone && !run.ids.contains(*id)).map(|(id, _)| id).collect();
        if run.nameless {
            run.report.spared = absent.len() as u64;
        } else {
            run.report.removed = absent.len() as u64;
            for id in absent {
                import.remove(id).await?;
            }
        }
    }
    let changed = run.report.new + run.report.changed + run.report.removed > 0;
    run.report.revision = match changed {
        true => import.commit().await.context("make the import visible")?,
        false => store.catalog_revision().await?,
    };
    bar.finish_and_clear();
    media::place(&run.pictures, options).await?;
    Ok(run.report)
}

struct Run {
    known: HashMap<String, Known>,
    report: Report,
    ids: HashSet<String>,
    pictures: HashSet<media::Picture>,
    /// A rejected line did not even tell its id, so it cannot be said which products the feed leaves out.
    nameless: bool,
}

impl Run {
    fn reject(&mut self, file: String, line: u64, field: String, reason: String) {
        self.report.rejected += 1;
        if self.report.rejections.len() < 1_000 {
            self.report.rejections.push(Rejection { file, line, field, reason });
        }
    }

    /// Products of a line that was rejected are in the feed all the same: `--replace` must not take them away.
    fn spare(&mut self, record: &Record) {
        let variants = record.get("variants").and_then(|v| v.as_array()).into_iter().flatten().filter_map(|v| v.as_object());
        let ids: Vec<String> = std::iter::once(record).chain(variants).filter_map(|r| string(r, "id").ok().flatten()).collect();
        self.nameless |= ids.is_empty();
        self.ids.extend(ids);
    }

    /// The complaint when the id stood in the feed before.
    fn take(&mut self, product: &Product) -> Option<String> {
        (!self.ids.insert(product.id.clone())).then(|| format!("\"{}\" stands in the feed twice; the first was kept", product.id))
    }

    async fn put(
        &mut self,
        import: &mut crate::store::catalog::Import,
        mut product: Product,
        options: &ImportOptions,
    ) -> anyhow::Result<()> {
        self.report.read += 1;
        self.pictures.extend(media::assign(&mut product, options));
        let hash = content_hash(&product)?;
        let before = self.known.get(&product.id);
        match before {
            Some(known) if known.hash == hash && !known.gone => {
                self.report.unchanged += 1;
                return Ok(());
            }
            Some(_) => self.report.changed += 1,
            None => self.report.new += 1,
        }
        import.put(product, hash).await
    }
}

/// Sha256 of the normalized product, in hexadecimal; equal content is not written again.
fn content_hash(product: &Product) -> anyhow::Result<String> {
    let digest = Sha256::digest(serde_json::to_vec(product)?);
    Ok(digest.iter().take(16).map(|b| format!("{b:02x}")).collect())
}

fn read_batches(
    files: &[PathBuf],
    format: Format,
    seen: &Arc<AtomicU64>,
    lines: &tokio::sync::mpsc::Sender<Vec<(usize, Line)>>,
) -> anyhow::Result<()> {
    for (n, file) in files.iter().enumerate() {
        let mut batch = Vec::new();
        read_feed(file, format, seen, &mut |line| {
            batch.push((n, line));
            batch.len() < 256 || lines.blocking_send(std::mem::take(&mut batch)).is_ok()
        })?;
        if lines.blocking_send(batch).is_err() {
            break;
        }
    }
    Ok(())
}

fn bar(total: u64, shown: bool) -> ProgressBar {
    if !shown {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("importing {wide_bar} {bytes}/{total_bytes} {eta}").expect("the template is constant");
    ProgressBar::new(total).with_style(style)
}
