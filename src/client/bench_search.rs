//! `daogou bench catalogue` and `daogou bench search`: a shop of any size, and how long a shop's search takes, as one JSON object.

use crate::app::{Models, Shop, Wanted};
use crate::config::Place;
use crate::eval::synthetic;
use crate::ingest::read::Format;
use crate::ingest::{ImportOptions, import_feed};
use crate::model::TextEncoder;
use crate::model::e5::E5;
use crate::model::pull::{self, ModelDir, ModelSet};
use crate::turn::words;
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

/// After one round that is not counted.
const ROUNDS: usize = 5;
const SHOWN: usize = 10;
const NEEDS: usize = 240;

/// # Errors
/// When the shop cannot be made.
pub async fn make(place: Place, products: usize) -> anyhow::Result<()> {
    let shop = Shop::open(&place, Models::load(&place.backends, Wanted::Encoders).await?).await?;
    let feed = place.data.join("feed.jsonl");
    synthetic::write_feed(&feed, products)?;
    let options = ImportOptions { format: Format::Auto, images: None, replace: true, strict: true, media: shop.media(), progress: true };
    let begun = Instant::now();
    import_feed(&shop.rooms.store, std::slice::from_ref(&feed), &options).await?;
    let search = &shop.rooms.search;
    search.catch_up(&shop.rooms.store).await?;
    println!("{products} products searchable by words after {:.0} s", begun.elapsed().as_secs_f64());
    synthetic::fill_vectors(search, &shop.rooms.store).await?;
    let needs = place.data.join("needs.txt");
    std::fs::write(&needs, synthetic::needs(NEEDS).join("\n")).with_context(|| format!("write {}", needs.display()))
}

/// # Errors
/// When the shop, the encoder or the queries cannot be read.
pub async fn run(place: Place, queries: &Path) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(queries).with_context(|| format!("read {}", queries.display()))?;
    let queries: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    ensure!(!queries.is_empty(), "the list of queries is empty");
    let mut encoder = E5::load(&pull::paths(&ModelDir::from_env()?, ModelSet::Small).text_dir)?;
    let shop = Shop::open(&place, Models::load(&place.backends, Wanted::Encoders).await?).await?;
    let search = &shop.rooms.search;
    let begun = Instant::now();
    search.show_known_vectors(&shop.rooms.store).await?;
    let shown = begun.elapsed().as_secs_f64();
    let (mut lexical, mut whole, mut encoding) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        for text in &queries {
            let mut query = words::query_of(text, &words::read(text, search), SHOWN);
            // The encoder remembers it from the first round on.
            let found = search.find(query.clone()).await?;
            query.lexical_only = true;
            let by_words = search.find(query).await?;
            let begun = Instant::now();
            tokio::task::block_in_place(|| encoder.encode(&[format!("query: {text}")]))?;
            if round > 0 {
                whole.push(found.took_ms);
                lexical.push(by_words.took_ms);
                encoding.push(begun.elapsed().as_secs_f64() * 1e3);
            }
        }
    }
    println!(
        "{}",
        json!({"products": search.shelf().len(), "queries": queries.len(), "vectors_shown_s": shown, "memory_mb": memory(), "lexical_ms": percentiles(lexical), "search_ms": percentiles(whole), "encode_ms": percentiles(encoding)})
    );
    Ok(())
}

/// Megabytes of the process: its own, and what is mapped from files.
pub(super) fn memory() -> Value {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = |name: &str| -> f64 {
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(f64::NAN)
    };
    json!({"own": (kilobytes("RssAnon") / 1024.0).round(), "mapped": (kilobytes("RssFile") / 1024.0).round()})
}

pub(super) fn percentiles(mut times: Vec<f64>) -> Value {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    json!({"p50": at(0.5), "p99": at(0.99)})
}
