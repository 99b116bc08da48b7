//! Hits in, a page of them in the order asked for out; and all that meets a filter, where nothing else is sought.

use super::fuse::{self, Parts, Ranker};
use super::{Found, Hit, Query, Search, Shelf, Signals, Sort, attribute, facet, rank};
use std::time::Instant;

impl Search {
    /// What meets the conditions, where no words say what is looked for.
    pub(super) fn browse(&self, query: &Query, begun: Instant) -> Found {
        let shelf = self.shelf();
        let allowed = rank::allowed(&self.index.view(), &shelf, &query.filter).unwrap_or_default();
        let weights = match self.ranker() {
            Ranker::Weights(weights) => weights,
            Ranker::Places => Parts::default(),
        };
        let mut hits: Vec<Hit> = (0..shelf.groups.len())
            .filter_map(|group| shelf.choose(group as u32, &allowed))
            .map(|item| {
                let parts = Parts { richness: fuse::richness(usize::from(item.details), &weights), ..Parts::default() };
                Hit { score: parts.sum(), item, signals: Signals::default(), parts }
            })
            .collect();
        order(&mut hits, query.sort);
        self.page(query, hits, &shelf, begun)
    }

    pub(super) fn page(&self, query: &Query, hits: Vec<Hit>, shelf: &Shelf, begun: Instant) -> Found {
        let facets = facet::count(&hits, shelf, query.lang);
        let attributes = attribute::facets(&hits, shelf, query.lang);
        let total = hits.len();
        let hits = hits.into_iter().skip(query.offset).take(query.limit.max(1)).collect();
        Found {
            hits,
            total,
            facets,
            attributes,
            sold: None,
            relaxed: None,
            revision: shelf.revision,
            took_ms: begun.elapsed().as_secs_f64() * 1e3,
        }
    }
}

/// Sorting keeps the fused order among equals; only the better half of the hits competes, so that a barely related trifle does not win
/// by price or age alone.
pub(super) fn order(hits: &mut Vec<Hit>, sort: Option<Sort>) {
    let price = |h: &Hit| h.item.price().map_or(i64::MAX, |m| m.minor);
    let worded = hits.iter().any(|h| h.signals.lexical.is_some());
    if worded && sort.is_some() {
        let best = hits.iter().filter_map(|h| h.signals.lexical).fold(0.0, f32::max);
        hits.retain(|h| h.signals.lexical.is_some_and(|s| s >= best * 0.5));
    }
    match sort {
        None => {}
        Some(Sort::Cheapest) => hits.sort_by_key(price),
        Some(Sort::Dearest) => hits.sort_by_key(|h| std::cmp::Reverse(h.item.price().map_or(i64::MIN, |m| m.minor))),
        // What states no day comes after what does, the latest addition to the catalogue first.
        Some(Sort::Newest) => hits.sort_by_key(|h| std::cmp::Reverse((h.item.released, h.item.ord))),
        Some(Sort::BestRated) => hits.sort_by_key(|h| std::cmp::Reverse(h.item.rating)),
    }
}
