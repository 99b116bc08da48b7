//! Rankings in, one ranking out: reciprocal rank fusion (Cormack, Clarke & Büttcher, SIGIR 2009), score = Σ w / (60 + rank). Pure.

use super::filter::Bitmap;
use super::shelf::Shelf;
use super::{Hit, Signals};
use std::collections::HashMap;

const K: f32 = 60.0;
const LEXICAL_WEIGHT: f32 = 1.0;
const TEXT_WEIGHT: f32 = 0.7;

/// `lexical` ranks variants (one a group, with BM25 scores), `near` ranks groups (with cosines); both best first.
pub fn reciprocal(shelf: &Shelf, allowed: &Bitmap, lexical: &[(u32, f32)], near: &[(u32, f32)]) -> Vec<Hit> {
    let mut hits: HashMap<u32, Hit> = HashMap::with_capacity(lexical.len() + near.len());
    for (rank, (ord, bm25)) in lexical.iter().enumerate() {
        let Some(item) = shelf.item(*ord) else { continue };
        let signals = Signals { lexical: Some(*bm25), lexical_rank: Some(rank as u32 + 1), ..Signals::default() };
        hits.insert(item.group, Hit { item: prefer_stocked(shelf, allowed, item), score: weigh(LEXICAL_WEIGHT, rank), signals });
    }
    for (rank, (group, cosine)) in near.iter().enumerate() {
        let hit = match hits.get_mut(group) {
            Some(hit) => hit,
            None => match shelf.choose(*group, allowed) {
                Some(item) => hits.entry(*group).or_insert(Hit { item, score: 0.0, signals: Signals::default() }),
                None => continue,
            },
        };
        hit.score += weigh(TEXT_WEIGHT, rank);
        hit.signals.text = Some(*cosine);
        hit.signals.text_rank = Some(rank as u32 + 1);
    }
    let mut hits: Vec<Hit> = hits.into_values().collect();
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.item.ord.cmp(&b.item.ord)));
    hits
}

fn weigh(weight: f32, rank: usize) -> f32 {
    weight / (K + rank as f32 + 1.0)
}

/// The words chose a variant; when that one is sold out and a sibling is not, the sibling is shown.
fn prefer_stocked(shelf: &Shelf, allowed: &Bitmap, item: &std::sync::Arc<super::Item>) -> std::sync::Arc<super::Item> {
    match item.in_stock() {
        true => item.clone(),
        false => shelf.choose(item.group, allowed).unwrap_or_else(|| item.clone()),
    }
}
