//! A catalogue with pictures and shoppers' photos of its products in; how often the right product comes first, out.

use super::metrics::share;
use super::{Opened, feed, open, pictures};
use crate::app::Models;
use crate::learn::fusion::{gather, ranks};
use crate::learn::unfused::{recalls_unfused, weigh_words};
use crate::model::fusion::{Course, Example, Towers};
use crate::model::{Picture, Subject};
use crate::progress;
use crate::search::{Item, Search};
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

/// Held-out pictures that are asked about: each is looked at anew.
const MOST_ASKED: usize = 400;

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
        let (mut first_by_form, mut five_by_form) = (Vec::new(), Vec::new());
        for line in std::fs::read_to_string(set.join("photos.jsonl")).context("read the photos")?.lines() {
            let photo: Photo = serde_json::from_str(line).context("read a photo's line")?;
            let bytes = std::fs::read(photos.join(&photo.photo)).with_context(|| format!("read {}", photo.photo))?;
            let begun = Instant::now();
            let picture = Arc::new(Picture::decode(&bytes).with_context(|| format!("open {}", photo.photo))?);
            let found = opened.show(&picture, "", 5).await?;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
            first.push(found.hits.first().is_some_and(|h| h.item.id == photo.id));
            five.push(found.hits.iter().any(|h| h.item.id == photo.id));
            let by_form = by_form(&opened.search, picture).await?;
            first_by_form.push(by_form.first().is_some_and(|item| item.id == photo.id));
            five_by_form.push(by_form.iter().any(|item| item.id == photo.id));
        }
        times.sort_by(f64::total_cmp);
        let median = times.get(times.len() / 2).copied().unwrap_or(0.0).round();
        report.insert(
            name,
            json!({"top_1": share(first), "top_5": share(five), "median_ms": median,
            "form_alone_top_1": share(first_by_form), "form_alone_top_5": share(five_by_form)}),
        );
    }
    for set in &sets {
        let (Some(feed), false) = (feed(set), set.join("photos.jsonl").exists()) else { continue };
        let name = set.file_name().map_or_else(|| "data".to_owned(), |n| n.to_string_lossy().into_owned());
        let work = work.join(&name);
        if let Some(images) = pictures(set, "images", &work)? {
            let opened = open(&feed, Some(&images), &work, models).await?;
            report.insert(name, pictured(&opened).await?);
        }
    }
    ensure!(!report.is_empty(), "{} holds no data set with pictures", dir.display());
    Ok(Value::Object(report))
}

/// The first five by form, colours left out.
async fn by_form(search: &Arc<Search>, photo: Arc<Picture>) -> anyhow::Result<Vec<Arc<Item>>> {
    let (eyes, pictures) = search.eyes().zip(search.pictures()).context("there is no image encoder: daogou models pull")?;
    let sight = eyes.look(photo, Subject::Photo).await.context("look at a photo")?;
    let shelf = search.shelf();
    let near = shelf.best_of_groups(&pictures.scan_form(&sight.form).nearest(50, |ord| shelf.item(ord).is_some()), 5);
    Ok(near.iter().filter_map(|(ord, _)| shelf.item(*ord).cloned()).collect())
}

/// A catalogue of pictured products, of which one in five is held out: the embedding is trained on the others. Then titles look for
/// their pictures, and held-out pictures for their like, alone and "in" another colour.
async fn pictured(opened: &Opened) -> anyhow::Result<Value> {
    let search = &opened.search;
    let begun = Instant::now();
    let (kinds, gathered) = gather(search).await?;
    let is_held = |item: &Item| item.id.bytes().fold(7_u32, |h, b| h.wrapping_mul(31) ^ u32::from(b)).is_multiple_of(5);
    let (held, taught): (Vec<_>, Vec<_>) = gathered.into_iter().partition(|(item, _)| is_held(item));
    let (taught, counts): (Vec<Example>, _) = (taught.into_iter().map(|(_, e)| e).collect(), held.len());
    let (items, examples): (Vec<Arc<Item>>, Vec<Example>) = held.into_iter().unzip();
    let unfused = recalls_unfused(&taught, &examples);
    let bar = progress::bar("training");
    let shown = bar.clone();
    let towers = tokio::task::spawn_blocking(move || Towers::train(&taught, Course::default(), |n, all| progress::advance(&shown, n, all)));
    let towers = towers.await.context("train")??;
    bar.finish_and_clear();
    let seconds = begun.elapsed().as_secs_f64().round();
    let ranks = ranks(&towers, &examples, &examples)?;
    let worded = weigh_words(&towers, &examples)?;
    search.promote(towers, kinds, worded.weight)?;
    let (mut alike, mut alike_ten, mut coloured) = (Vec::new(), Vec::new(), Vec::new());
    let shelf = search.shelf();
    for item in items.iter().take(MOST_ASKED) {
        let name = item.image.strip_prefix("/media/").context("a picture is served")?;
        let bytes = std::fs::read(search.media().join(name)).with_context(|| format!("read {name}"))?;
        let picture = Arc::new(Picture::decode(&bytes)?);
        let found = opened.show(&picture, "", 11).await?;
        let others: Vec<bool> = found.hits.iter().filter(|h| h.item.id != item.id).take(10).map(|h| h.item.leaf() == item.leaf()).collect();
        alike.extend(others.first().copied());
        alike_ten.extend(others);
        let wanted = shelf.items.iter().flatten().find(|i| i.leaf() == item.leaf() && i.color != item.color && !i.color.is_empty());
        if let Some(wanted) = wanted {
            let text = format!("in {}", wanted.color.to_lowercase());
            let found = opened.show(&picture, &text, 11).await?;
            let right = |h: &crate::search::Hit| h.item.id != item.id && h.item.leaf() == item.leaf() && h.item.color == wanted.color;
            coloured.push(found.hits.iter().filter(|h| h.item.id != item.id).take(10).any(right));
        }
    }
    Ok(json!({
        "held_out": counts, "gather_and_train_s": seconds,
        "title_to_picture_recall_at_1": share(ranks.iter().map(|r| *r < 1)), "title_to_picture_recall_at_10": share(ranks.iter().map(|r| *r < 10)),
        "title_to_picture_unfused": unfused, "attributes_half_without_text_ndcg": worded,
        "same_type_first": share(alike), "same_type_among_ten": share(alike_ten), "photo_in_colour_among_ten": share(coloured),
    }))
}
