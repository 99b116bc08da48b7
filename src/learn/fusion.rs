//! `daogou train fusion`: the shop's pictured products in; a fused embedding beside the vectors, when it is better, out.

use super::examples::{Kinds, is_held_out, sentence, words};
use super::unfused::{recalls_unfused, weigh_words};
use crate::algebra::dot;
use crate::catalog::Lang;
use crate::model::fusion::{Course, Example, Said, Towers};
use crate::search::{Item, Search};
use anyhow::{Context, ensure};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;

/// How a training went.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub products: usize,
    pub held_out: usize,
    /// Of the held-out products' titles, how many find their own picture first, or among ten, of all held-out pictures.
    pub recall_at_1: f64,
    pub recall_at_10: f64,
    /// The same of the model in use before; absent when there was none.
    pub before_at_10: Option<f64>,
    /// The same without any fused model: from a title to the pictures of the nearest titles, and on to those like them.
    pub unfused_at_10: f64,
    /// What it weighs for words without a photo; nothing where it did not help.
    pub words_weight: f32,
    pub promoted: bool,
    pub seconds: f64,
}

const FEWEST: usize = 40;
const BATCH: usize = 32;

/// Trains on nine products in ten, measures on the rest, and puts the model in place when it beats the one in use.
///
/// # Errors
/// When there are too few pictures, or a model fails.
pub async fn train(search: &Arc<Search>, course: Course, progress: impl Fn(usize, usize) + Send + 'static) -> anyhow::Result<Report> {
    let begun = std::time::Instant::now();
    let (kinds, gathered) = gather(search).await?;
    ensure!(gathered.len() >= FEWEST, "{} products with pictures are too few to learn from; {FEWEST} are needed", gathered.len());
    let shelf = search.shelf();
    // A picture of a sibling, or the same title, would give the answer away.
    let first = |item: &Arc<Item>| shelf.variants(item).next().unwrap_or(item).clone();
    let (held, taught): (Vec<_>, Vec<_>) = gathered.into_iter().partition(|(item, _)| is_held_out(&first(item)));
    let held: Vec<Example> = held.into_iter().map(|(_, e)| e).collect();
    let taught: Vec<Example> = taught.into_iter().map(|(_, e)| e).collect();
    ensure!(!held.is_empty(), "no product with a picture is held out");
    let products = taught.len();
    let unfused = recalls_unfused(&taught, &held);
    let trained = tokio::task::spawn_blocking(move || Towers::train(&taught, course, progress)).await.context("train")??;
    let recall = |towers: &Towers| recalls(towers, &held, &held);
    let (recall_at_1, recall_at_10) = recall(&trained)?;
    // What is in use may have been trained on other titles and pictures: one that no longer fits counts as none.
    let before = search.fused().and_then(|fused| recall(fused.towers()).ok());
    let better = |(one, ten): (f64, f64)| (recall_at_10, recall_at_1) > (ten, one);
    let promoted = better(unfused) && before.is_none_or(better);
    let words = weigh_words(&trained, &held)?;
    if promoted {
        search.promote(trained, kinds, words.weight)?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let (before_at_10, unfused_at_10, words_weight) = (before.map(|b| b.1), unfused.1, words.weight);
    Ok(Report { products, held_out: held.len(), recall_at_1, recall_at_10, before_at_10, unfused_at_10, words_weight, promoted, seconds })
}

/// How many of `asked` find their own picture first, and among ten, in `pictures`.
pub fn recalls(towers: &Towers, asked: &[Example], pictures: &[Example]) -> anyhow::Result<(f64, f64)> {
    let ranks = ranks(towers, asked, pictures)?;
    let share = |within: usize| ranks.iter().filter(|r| **r < within).count() as f64 / ranks.len().max(1) as f64;
    Ok((share(1), share(10)))
}

/// The place of each title's own picture, from 0.
pub fn ranks(towers: &Towers, asked: &[Example], pictures: &[Example]) -> anyhow::Result<Vec<usize>> {
    let texts = towers.texts(&asked.iter().map(|e| &e.titles[0]).collect::<Vec<_>>())?;
    let seen = towers.pictures(&pictures.iter().map(|e| e.traits.as_slice()).collect::<Vec<_>>())?;
    Ok(texts
        .iter()
        .enumerate()
        .map(|(n, text)| {
            let own = dot(text, &seen[n]);
            seen.iter().filter(|other| dot(text, other) > own).count()
        })
        .collect())
}

/// Every pictured product with what it teaches.
///
/// # Errors
/// When there is no encoder, or it fails.
pub async fn gather(search: &Arc<Search>) -> anyhow::Result<(Kinds, Vec<(Arc<Item>, Example)>)> {
    let encoder = search.encoder().cloned().context("there is no text encoder: daogou models pull")?;
    let pictured = search.pictured().context("there is no image encoder: daogou models pull")?;
    let kinds = Kinds::of(pictured.iter().map(|(item, _)| &**item));
    let mut texts: Vec<String> = Vec::new();
    let mut at: HashMap<String, usize> = HashMap::new();
    let mut number = |text: &str| -> usize {
        *at.entry(text.to_owned()).or_insert_with(|| {
            texts.push(text.to_owned());
            texts.len() - 1
        })
    };
    let said: Vec<([usize; 2], usize)> =
        pictured.iter().map(|(item, _)| ([Lang::En, Lang::Zh].map(|lang| number(item.title(lang))), number(&sentence(item)))).collect();
    let mut vectors: Vec<Vec<f32>> = Vec::with_capacity(texts.len());
    for chunk in texts.chunks(BATCH) {
        let chunk: Vec<&str> = chunk.iter().map(String::as_str).collect();
        vectors.extend(encoder.encode_samples(&chunk).await.context("encode titles")?);
    }
    let spoken = |n: usize| Said { vector: vectors[n].clone(), words: words(&texts[n]) };
    let examples = pictured.into_iter().zip(said).map(|((item, traits), (titles, sentence))| {
        let mut own = vec![spoken(titles[0])];
        own.extend((titles[1] != titles[0]).then(|| spoken(titles[1])));
        // As it is indexed too: that is how the product's own text comes in later.
        own.extend(search.indexed_title(&item).map(|vector| Said { vector, words: words(&texts[titles[0]]) }));
        let example = Example { titles: own, sentence: spoken(sentence), traits, kinds: kinds.numbers(&item), title: titles[0] as u32 };
        (item, example)
    });
    Ok((kinds.clone(), examples.collect()))
}
