//! `daogou search`.

use crate::app::{Models, Shop, Wanted};
use crate::config::Search;
use crate::model::Picture;
use crate::search::fuse::{Parts, RRF_K, Ranker, SOLD};
use crate::turn::words;
use crate::web::catalog::found_json;
use anyhow::{Context, ensure};
use std::sync::Arc;

/// # Errors
/// When the shop cannot be opened.
pub async fn search(options: Search) -> anyhow::Result<()> {
    let wanted = if options.lexical && options.image.is_none() { Wanted::Nothing } else { Wanted::Encoders };
    let text = options.query.clone().unwrap_or_default();
    let shop = Shop::open(&options.place, Models::load(&options.place.backends, wanted).await?).await?;
    if !options.lexical {
        shop.rooms.search.show_known_vectors(&shop.rooms.store).await?;
    }
    let understood = words::read(&text, &shop.rooms.search);
    let limit = options.limit.clamp(1, 1_000);
    let mut query = match &options.image {
        Some(path) => {
            ensure!(shop.rooms.search.eyes().is_some(), "no image encoder is there: daogou models pull");
            let bytes = std::fs::read(path).with_context(|| format!("read {}", path.display()))?;
            let photo = Picture::decode(&bytes).with_context(|| format!("open {}", path.display()))?;
            words::query_with(Arc::new(photo), &text, &understood, limit)
        }
        None => words::query_of(&text, &understood, limit),
    };
    query.lexical_only = options.lexical;
    let found = words::search(&shop.rooms.search, query.clone(), &understood).await?;
    let lang = understood.lang;
    if options.json {
        println!("{}", found_json(&found, lang, options.explain.then_some(&query)));
        return Ok(());
    }
    if options.explain {
        println!("looked for \"{}\" {}", query.text, serde_json::to_string(&query.filter)?);
    }
    for (n, hit) in found.hits.iter().enumerate() {
        let price = hit.item.price().map_or_else(String::new, |m| m.display());
        println!("{:>3}. {:<10} {:>12}  {}", n + 1, hit.item.id, price, hit.item.title(lang));
        if options.explain {
            let s = &hit.signals;
            let signal = |value: Option<f32>| value.map_or_else(|| "–".to_owned(), |v| format!("{v:.2}"));
            println!("       {}", sum(hit.score, &hit.parts, shop.rooms.search.ranker()));
            println!(
                "       BM25 {}, {:.0} % of the words; text {}, image {}, fused {} deviations above the usual product",
                signal(s.lexical),
                s.coverage.whole * 100.0,
                signal(s.text),
                signal(s.image),
                signal(s.fused)
            );
        }
    }
    if let Some(relaxed) = found.relaxed {
        println!("Nothing of that kind meets the {relaxed} asked for; these are without it.");
    }
    if let Some(sold) = found.sold.filter(|sold| *sold < SOLD) {
        println!("The shop probably does not sell that (probability that it does: {sold:.2}); these come nearest.");
    }
    println!("{} products in {:.1} ms", found.total, found.took_ms);
    Ok(())
}

/// The score as a sum; of places, what each signal makes of its own.
fn sum(score: f32, p: &Parts, ranker: Ranker) -> String {
    match ranker {
        Ranker::Weights(_) => format!(
            "score {score:.3} = words {:.3} + coverage {:.3} + text {:.3} + image {:.3} + fused {:.3} + richness {:.3}",
            p.words, p.coverage, p.text, p.image, p.fused, p.richness
        ),
        Ranker::Places => {
            let signals = [("words", p.words), ("text", p.text), ("image", p.image), ("fused", p.fused)];
            let said = signals.iter().filter(|(_, part)| *part > 0.0);
            let places: Vec<String> = said.map(|(name, part)| format!("{name} 1/({RRF_K} + {:.0})", 1.0 / part - RRF_K)).collect();
            format!("score {score:.5} = {}", places.join(" + "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_of_places_names_them() {
        let parts = Parts { words: 1.0 / 61.0, image: 1.0 / 260.0, ..Parts::default() };
        assert_eq!(sum(parts.sum(), &parts, Ranker::Places), "score 0.02024 = words 1/(60 + 1) + image 1/(60 + 200)");
    }
}
