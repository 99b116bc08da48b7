//! `daogou bench search`: how long a shop's search takes, as one JSON object.

use crate::app::{Models, Shop, Wanted};
use crate::config::Place;
use crate::model::TextEncoder;
use crate::model::e5::E5;
use crate::model::pull::{self, ModelDir, ModelSet};
use crate::turn::{retrieve, understand};
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

/// After one round that is not counted.
const ROUNDS: usize = 5;
const SHOWN: usize = 10;

/// # Errors
/// When the shop, the encoder or the queries cannot be read.
pub async fn run(place: Place, queries: &Path) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(queries).with_context(|| format!("read {}", queries.display()))?;
    let queries: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    ensure!(!queries.is_empty(), "the list of queries is empty");
    let mut encoder = E5::load(&pull::paths(&ModelDir::from_env()?, ModelSet::Small).text_dir)?;
    let shop = Shop::open(&place, Models::load(&place.backends, Wanted::Encoders).await?).await?;
    let search = &shop.rooms.search;
    search.show_known_vectors(&shop.rooms.store).await?;
    let (mut lexical, mut whole, mut encoding) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        for text in &queries {
            let mut query = retrieve::query_of(text, &understand::understand(text), SHOWN);
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
        json!({"products": search.shelf().len(), "queries": queries.len(), "lexical_ms": percentiles(lexical), "search_ms": percentiles(whole), "encode_ms": percentiles(encoding)})
    );
    Ok(())
}

fn percentiles(mut times: Vec<f64>) -> Value {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    json!({"p50": at(0.5), "p99": at(0.99)})
}
