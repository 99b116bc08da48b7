//! A shop whose encoder nobody has judged in; products ranked by places, each part of the score what its place is worth, out.

use crate::shop::{Setup, TestShop};
use daogou::model::{Encoder, fake};
use daogou::search::Ranking;
use serde_json::Value;

/// Few enough for one page.
const PATH: &str = "/v1/search?q=rain+jacket&category=Clothing&limit=100&explain=1";

async fn explained(ranking: Ranking) -> Value {
    let setup = Setup { encoder: Some(Encoder::start(fake::FakeEncoder)), ranking, ..Setup::default() };
    let shop = TestShop::with(setup).await;
    let whole = |text: &str| {
        let metric = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<usize>().ok());
        metric("daogou_text_vectors ").is_some_and(|n| n > 0) && metric("daogou_texts_waiting ") == Some(0)
    };
    shop.wait_for("/metrics", whole).await;
    reqwest::get(shop.url(PATH)).await.expect("an answer").json().await.expect("JSON")
}

fn number(hit: &Value, kind: &str, name: &str) -> Option<f64> {
    hit[kind][name].as_f64()
}

#[tokio::test]
async fn what_no_one_has_judged_counts_by_its_place() {
    let found = explained(Ranking::Auto).await;
    let hits = found["hits"].as_array().expect("hits");
    assert!(hits.len() > 20 && hits.len() == found["total"].as_u64().expect("a total") as usize, "{}", found["total"]);
    for hit in hits {
        let mut sum = 0.0;
        for (part, signal) in [("words", "lexical"), ("text", "text"), ("image", "image"), ("fused", "fused")] {
            let worth = number(hit, "signals", signal).map_or(0.0, |own| {
                let better = hits.iter().filter(|other| number(other, "signals", signal).is_some_and(|value| value > own)).count();
                1.0 / (61.0 + better as f64)
            });
            let part = number(hit, "contributions", part).expect("a part");
            assert!((part - worth).abs() < 1e-6, "{signal} {worth}: {hit}");
            sum += part;
        }
        let rest = ["coverage", "richness"].map(|name| number(hit, "contributions", name));
        assert_eq!(rest, [Some(0.0); 2], "{hit}");
        assert!((hit["score"].as_f64().expect("a score") - sum).abs() < 1e-6, "{hit}");
    }
    let scores: Vec<f64> = hits.iter().filter_map(|hit| hit["score"].as_f64()).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b) && scores[0] > 1.0 / 61.0, "{scores:?}");
    assert!(hits[0]["category"].as_str().is_some_and(|category| category.contains("Rain")), "{}", hits[0]);
}

#[tokio::test]
async fn weights_are_used_where_they_are_asked_for() {
    let found = explained(Ranking::Learned).await;
    let best = &found["hits"][0];
    let parts = best["contributions"].as_object().expect("parts");
    let sum: f64 = parts.values().filter_map(Value::as_f64).sum();
    assert!((best["score"].as_f64().expect("a score") - sum).abs() < 1e-5, "{best}");
    assert!(number(best, "contributions", "coverage").is_some_and(|part| part > 0.0), "{best}");
}
