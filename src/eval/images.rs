//! A catalogue with pictures and shoppers' photos of its products in; how often the right product comes first, out.

use super::metrics::share;
use super::{feed, open, pictures};
use crate::app::Models;
use crate::model::Picture;
use anyhow::{Context, ensure};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

#[derive(Deserialize)]
struct Photo {
    photo: String,
    id: String,
}

/// Every data set with `photos.jsonl` below `dir`, or `dir` itself.
///
/// # Errors
/// When there is none, or one cannot be read.
pub async fn evaluate(dir: &Path, work: &Path, models: &Models) -> anyhow::Result<Value> {
    let mut sets = vec![dir.to_owned()];
    sets.extend(std::fs::read_dir(dir).with_context(|| format!("read {}", dir.display()))?.flatten().map(|e| e.path()));
    sets.sort();
    let mut report = Map::new();
    for set in sets.iter().filter(|set| set.join("photos.jsonl").exists()) {
        let Some(feed) = feed(set) else { continue };
        let name = set.file_name().map_or_else(|| "data".to_owned(), |n| n.to_string_lossy().into_owned());
        let work = work.join(&name);
        let images = pictures(set, "images", &work)?.with_context(|| format!("{} has no pictures", set.display()))?;
        let photos = pictures(set, "photos", &work)?.with_context(|| format!("{} has no photos", set.display()))?;
        let opened = open(&feed, Some(&images), &work, models).await?;
        ensure!(opened.search.pictures().is_some(), "there is no image encoder: daogou models pull");
        let (mut first, mut five, mut times) = (Vec::new(), Vec::new(), Vec::new());
        for line in std::fs::read_to_string(set.join("photos.jsonl")).context("read the photos")?.lines() {
            let photo: Photo = serde_json::from_str(line).context("read a photo's line")?;
            let bytes = std::fs::read(photos.join(&photo.photo)).with_context(|| format!("read {}", photo.photo))?;
            let begun = Instant::now();
            let picture = Arc::new(Picture::decode(&bytes).with_context(|| format!("open {}", photo.photo))?);
            let found = opened.ask("", 5, |q| q.photo = Some(picture.clone())).await?;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
            first.push(found.hits.first().is_some_and(|h| h.item.id == photo.id));
            five.push(found.hits.iter().any(|h| h.item.id == photo.id));
        }
        times.sort_by(f64::total_cmp);
        let median = times.get(times.len() / 2).copied().unwrap_or(0.0).round();
        report.insert(name, json!({"top_1": share(first), "top_5": share(five), "median_ms": median}));
    }
    ensure!(!report.is_empty(), "{} holds no data set with photos", dir.display());
    Ok(Value::Object(report))
}
