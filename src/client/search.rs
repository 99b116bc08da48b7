//! `daogou search`.

use crate::app::{Models, Shop, Wanted};
use crate::config::Search;
use crate::turn::{retrieve, understand};
use crate::web::catalog::found_json;

/// # Errors
/// When the shop cannot be opened.
pub async fn search(options: Search) -> anyhow::Result<()> {
    let wanted = if options.lexical { Wanted::Nothing } else { Wanted::Encoder };
    let shop = Shop::open(&options.place, Models::load(&options.place, wanted).await?).await?;
    if !options.lexical {
        shop.rooms.search.show_known_vectors(&shop.rooms.store).await?;
    }
    let understood = understand::understand(&options.query);
    let mut query = retrieve::query_of(&options.query, &understood, options.limit.clamp(1, 1_000));
    query.lexical_only = options.lexical;
    let found = shop.rooms.search.find(query.clone()).await?;
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
            let signal = |value: Option<f32>, rank: Option<u32>| match (value, rank) {
                (Some(value), Some(rank)) => format!("{value:.3} (rank {rank})"),
                _ => "–".to_owned(),
            };
            println!("       score {:.5}  lexical {}  text {}", hit.score, signal(s.lexical, s.lexical_rank), signal(s.text, s.text_rank));
        }
    }
    println!("{} products in {:.1} ms", found.total, found.took_ms);
    Ok(())
}
