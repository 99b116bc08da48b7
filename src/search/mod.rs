//! Query in, ranked hits out. Derived from the store and rebuildable at any time.
//!
//! Text lives in a tantivy index; prices, stock, colours and the like live on the `Shelf`, an in-memory column store that is
//! swapped as a whole, so a request never copies the catalogue and a price change needs no reindexing. A filter is evaluated
//! once on the shelf, before ranking, and applies to every signal alike.

pub mod facet;
pub mod filter;
pub mod fuse;
pub mod lexical;
pub mod schema;
pub mod segment;
pub mod shelf;
pub mod sync;
pub mod vector;

pub use filter::Filter;
pub use shelf::{Item, Shelf};

use crate::model::Encoder;
use facet::Facet;
use serde::Serialize;
use std::path::Path;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};
use vector::Vectors;

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Search words; empty browses.
    pub text: String,
    /// What is encoded instead of `text`, when more was said than the search words.
    pub meaning: Option<String>,
    pub filter: Filter,
    pub sort: Option<Sort>,
    pub limit: usize,
    pub offset: usize,
    /// Leave the text vectors out (when the words name a thing exactly, or the encoder is away).
    pub lexical_only: bool,
    /// Language of facet values.
    pub lang: crate::catalog::Lang,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    Cheapest,
    Dearest,
    Newest,
    BestRated,
}

/// One product of the answer: the variant that fits best, and what each signal said.
#[derive(Clone, Debug)]
pub struct Hit {
    pub item: Arc<Item>,
    pub score: f32,
    pub signals: Signals,
}

/// Raw signal values: BM25 score and cosine; absent where the signal did not rank the product. `*_rank` counts from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Signals {
    pub lexical: Option<f32>,
    pub text: Option<f32>,
    pub image: Option<f32>,
    pub fused: Option<f32>,
    pub graph: Option<f32>,
    pub profile: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lexical_rank: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_rank: Option<u32>,
}

#[derive(Clone, Debug, Default)]
pub struct Found {
    pub hits: Vec<Hit>,
    /// Products that matched before `limit`; at most [`DEPTH`] for a worded query.
    pub total: usize,
    pub facets: Vec<Facet>,
    pub revision: i64,
    pub took_ms: f64,
}

/// How long products found by words wait for the encoder when many shoppers ask at once; they then go out ranked by words alone.
const PATIENCE: Duration = Duration::from_millis(36);

/// Cosine below which meaning alone finds nothing: e5 gives unrelated texts about 0.8.
const RELATED: f32 = 0.84;

/// How many products each signal ranks before fusion.
pub const DEPTH: usize = 200;

/// The search room's state: index, shelf and vectors. Shared by reference; all of it can be rebuilt from the store.
pub struct Search {
    pub(crate) index: lexical::Lexical,
    shelf: RwLock<Arc<Shelf>>,
    vectors: Vectors,
    encoder: Option<Encoder>,
}

impl Search {
    /// Opens (or makes) the derived files below `dir`.
    ///
    /// # Errors
    /// When the index directory can be neither opened nor rebuilt.
    pub fn open(dir: &Path, encoder: Option<Encoder>) -> anyhow::Result<Self> {
        let name = encoder.as_ref().map_or("none".to_owned(), |e| e.name().to_owned());
        Ok(Self {
            index: lexical::Lexical::open(&dir.join("index"))?,
            shelf: RwLock::default(),
            vectors: Vectors::open(&dir.join(format!("vectors-{name}.bin")))?,
            encoder,
        })
    }

    pub fn shelf(&self) -> Arc<Shelf> {
        self.shelf.read().expect("no holder of this lock can panic").clone()
    }

    pub(crate) fn set_shelf(&self, shelf: Arc<Shelf>) {
        *self.shelf.write().expect("no holder of this lock can panic") = shelf;
    }

    pub fn vectors(&self) -> &Vectors {
        &self.vectors
    }

    pub fn encoder(&self) -> Option<&Encoder> {
        self.encoder.as_ref()
    }

    /// Ranks products. The text vector of the query is made while the words are looked up.
    pub async fn find(self: &Arc<Self>, query: Query) -> anyhow::Result<Found> {
        let begun = Instant::now();
        if query.text.trim().is_empty() {
            return Ok(self.browse(&query, begun));
        }
        let (vector, words) = self.look_up(&query, begun).await?;
        let search = self.clone();
        let rank = move || search.fuse(&query, words, vector.as_deref(), begun);
        tokio::task::spawn_blocking(rank).await.map_err(Into::into)
    }

    /// The query's vector, made while its words are looked up, and what the words found. When many ask at once, products found by
    /// words go out without waiting for the encoder.
    async fn look_up(self: &Arc<Self>, query: &Query, begun: Instant) -> anyhow::Result<(Option<Vec<f32>>, Words)> {
        let words = {
            let (search, query) = (self.clone(), query.clone());
            tokio::task::spawn_blocking(move || search.rank_words(&query))
        };
        let Some(encoder) = self.encoder.as_ref().filter(|_| !query.lexical_only && !self.vectors.is_empty()) else {
            return Ok((None, words.await??));
        };
        let meaning = query.meaning.as_deref().unwrap_or(&query.text);
        let pressed = encoder.is_pressed() && !encoder.remembers(meaning);
        // Begun when it is first awaited: not at all when the words suffice.
        let mut encoding = std::pin::pin!(encoder.encode_query(meaning));
        let mut words = std::pin::pin!(words);
        let words = tokio::select! {
            vector = &mut encoding, if !pressed => return Ok((vector.ok(), words.await??)),
            words = &mut words => words??,
        };
        let vector = match (words.ranked.is_empty(), pressed) {
            (true, _) => encoding.await.ok(),
            (false, true) => None,
            (false, false) => tokio::time::timeout_at((begun + PATIENCE).into(), encoding).await.ok().and_then(Result::ok),
        };
        Ok((vector, words))
    }

    fn rank_words(&self, query: &Query) -> anyhow::Result<Words> {
        let shelf = self.shelf();
        let allowed = Arc::new(self.allowed(&shelf, &query.filter)?);
        let ranked = self.index.rank(&query.text, &allowed, DEPTH * 4)?;
        Ok(Words { shelf, allowed, ranked })
    }

    fn allowed(&self, shelf: &Shelf, filter: &Filter) -> anyhow::Result<filter::Bitmap> {
        let mut allowed = filter.evaluate(shelf);
        for word in &filter.not_terms {
            for ord in self.index.containing(word)? {
                allowed.clear(ord as usize);
            }
        }
        Ok(allowed)
    }

    fn fuse(&self, query: &Query, words: Words, vector: Option<&[f32]>, begun: Instant) -> Found {
        let Words { shelf, allowed, ranked } = words;
        let lexical = shelf.best_of_groups(ranked, DEPTH);
        let near = vector.map(|v| self.vectors.nearest(v, DEPTH, |group| shelf.group_allowed(group, &allowed))).unwrap_or_default();
        let related = near.first().is_some_and(|(_, cosine)| *cosine >= RELATED);
        let near = if lexical.is_empty() && !related { Vec::new() } else { near };
        let mut hits = fuse::reciprocal(&shelf, &allowed, &lexical, &near);
        order(&mut hits, query.sort);
        self.page(query, hits, &shelf, begun)
    }

    fn browse(&self, query: &Query, begun: Instant) -> Found {
        let shelf = self.shelf();
        let allowed = self.allowed(&shelf, &query.filter).unwrap_or_default();
        let mut hits: Vec<Hit> = (0..shelf.groups.len())
            .filter_map(|group| shelf.choose(group as u32, &allowed))
            .map(|item| Hit { score: item.rating.unwrap_or(0) as f32 / 500.0, item, signals: Signals::default() })
            .collect();
        order(&mut hits, query.sort);
        self.page(query, hits, &shelf, begun)
    }

    fn page(&self, query: &Query, hits: Vec<Hit>, shelf: &Shelf, begun: Instant) -> Found {
        let facets = facet::count(&hits, shelf, query.lang);
        let total = hits.len();
        let hits = hits.into_iter().skip(query.offset).take(query.limit.max(1)).collect();
        Found { hits, total, facets, revision: shelf.revision, took_ms: begun.elapsed().as_secs_f64() * 1e3 }
    }
}

struct Words {
    shelf: Arc<Shelf>,
    allowed: Arc<filter::Bitmap>,
    ranked: Vec<(u32, f32)>,
}

/// Sorting keeps the fused order among equals; for "cheapest" only the better half of the hits competes, so that a barely
/// related trifle does not win by price alone.
fn order(hits: &mut Vec<Hit>, sort: Option<Sort>) {
    let price = |h: &Hit| h.item.price().map_or(i64::MAX, |m| m.minor);
    let worded = hits.iter().any(|h| h.signals.lexical.is_some());
    if worded && matches!(sort, Some(Sort::Cheapest | Sort::Dearest)) {
        let best = hits.iter().filter_map(|h| h.signals.lexical).fold(0.0, f32::max);
        hits.retain(|h| h.signals.lexical.is_some_and(|s| s >= best * 0.5));
    }
    match sort {
        None => {}
        Some(Sort::Cheapest) => hits.sort_by_key(price),
        Some(Sort::Dearest) => hits.sort_by_key(|h| std::cmp::Reverse(h.item.price().map_or(i64::MIN, |m| m.minor))),
        Some(Sort::Newest) => hits.sort_by_key(|h| std::cmp::Reverse(h.item.ord)),
        Some(Sort::BestRated) => hits.sort_by_key(|h| std::cmp::Reverse(h.item.rating)),
    }
}
