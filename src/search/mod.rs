//! Query in, ranked hits out. Derived from the store and rebuildable at any time.
//!
//! Text lives in a tantivy index; prices, stock, colours and the like live on the `Shelf`, an in-memory column store that is
//! swapped as a whole, so a request never copies the catalogue and a price change needs no reindexing. A filter is evaluated
//! once on the shelf, before ranking, and applies to every signal alike.

pub mod attribute;
mod best;
pub mod bitmap;
pub mod bits;
pub mod brands;
mod browse;
pub mod codes;
pub mod column;
pub mod facet;
pub mod filter;
pub mod fuse;
pub mod fused;
pub mod lexical;
pub mod material;
pub mod measure;
pub mod near;
pub mod newness;
pub mod pictures;
pub mod rank;
pub mod records;
pub mod scan;
pub mod schema;
pub mod segment;
pub mod shelf;
pub mod sounds;
pub mod strain;
pub mod sync;
pub mod vector;
mod weights;
pub mod wording;

pub use filter::Filter;
pub use shelf::{Item, Shelf};
pub use weights::Ranking;

use crate::model::{Encoder, Eyes, Picture, Sight, Subject};
use anyhow::Context;
use browse::order;
use facet::Facet;
use fuse::{Parts, Ranker};
use fused::Fused;
use lexical::Coverage;
use pictures::Pictures;
use rank::{Admitted, Meant, Sought, Words};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use vector::Vectors;

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Search words; empty browses.
    pub text: String,
    /// All that was said, searched for instead of `text` when part of it became a filter that this catalogue cannot answer.
    pub said: Option<String>,
    /// What is encoded instead of `text`, when more was said than the search words.
    pub meaning: Option<String>,
    pub filter: Filter,
    /// What of the filter was chosen from menus: it stays where hardly any product states such things.
    pub chosen: Filter,
    pub sort: Option<Sort>,
    pub limit: usize,
    pub offset: usize,
    /// A photo of what is looked for, alone or with words.
    pub photo: Option<Arc<Picture>>,
    /// How long products found by words wait for the encoders; without it, as long as that takes.
    pub patience: Option<Duration>,
    /// Leave the text vectors out (when the words name a thing exactly, or the encoder is away).
    pub lexical_only: bool,
    /// All that any signal ranks, what scores little too: for who ranks anew.
    pub whole: bool,
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

/// One product of the answer: the variant that fits best, what each signal said, and what it made of the score.
#[derive(Clone, Debug)]
pub struct Hit {
    pub item: Arc<Item>,
    pub score: f32,
    pub signals: Signals,
    pub parts: Parts,
}

/// Raw signal values: BM25 score; for text, image and fused, standard deviations above the usual product. Absent where the signal
/// did not look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Signals {
    pub lexical: Option<f32>,
    pub text: Option<f32>,
    pub image: Option<f32>,
    pub fused: Option<f32>,
    pub graph: Option<f32>,
    pub profile: Option<f32>,
    /// Share of the query's words that title, brand and category cover, and that the whole text covers.
    #[serde(skip)]
    pub coverage: Coverage,
}

#[derive(Clone, Debug, Default)]
pub struct Found {
    pub hits: Vec<Hit>,
    /// Products that matched before `limit`; for a worded query at most [`DEPTH`] for each signal, and of these what comes near the best.
    pub total: usize,
    pub facets: Vec<Facet>,
    /// What the products state by name, where it divides them; the most telling first.
    pub attributes: Vec<Facet>,
    /// The probability that the shop sells what was asked for; `None` when that cannot be told.
    pub sold: Option<f32>,
    /// A constraint that left nothing of the kind and was left out: `gender`, `measure`, `size`, `color`,
    /// `material` or `brand`.
    pub relaxed: Option<&'static str>,
    pub revision: i64,
    pub took_ms: f64,
}

/// How many products each signal ranks before fusion.
pub const DEPTH: usize = 200;

/// The search room's state: index, shelf and vectors. Shared by reference; all of it can be rebuilt from the store.
pub struct Search {
    pub(crate) index: lexical::Lexical,
    shelf: watch::Sender<Arc<Shelf>>,
    vectors: Vectors,
    pictures: Option<Pictures>,
    usual: RwLock<Arc<Usual>>,
    texts_waiting: AtomicUsize,
    pictures_waiting: AtomicUsize,
    steps_waiting: AtomicUsize,
    wording: AtomicU64,
    encoder: Option<Encoder>,
    eyes: Option<Eyes>,
    fused: RwLock<Option<Arc<Fused>>>,
    ranking: Ranking,
    ranker: RwLock<Ranker>,
    sounds: sounds::Known,
    busy: OnceLock<Box<dyn Fn() -> bool + Send + Sync>>,
    dir: PathBuf,
    media: PathBuf,
}

/// What needs and product texts look like anywhere: mean vectors by language (English, Chinese), and by bucket.
#[derive(Default)]
pub struct Usual {
    pub queries: Vec<Vec<f32>>,
    pub passages: Vec<Vec<f32>>,
}

/// How long encoding in the background rests at a time, and at most, between one text or picture and the next.
const REST: Duration = Duration::from_millis(50);
const LONGEST_REST: Duration = Duration::from_secs(3);

/// How much a catalogue's own mean counts beside the usual one.
const OWN_TEXTS: f32 = 0.25;

impl Search {
    /// Opens (or makes) the derived files below `dir`; pictures lie in its `media`.
    ///
    /// # Errors
    /// When the index directory can be neither opened nor rebuilt.
    pub fn open(dir: &Path, encoder: Option<Encoder>, eyes: Option<Eyes>, ranking: Ranking) -> anyhow::Result<Self> {
        let name = encoder.as_ref().map_or("none", |e| e.name());
        let pictures = eyes.as_ref().map(|eyes| Pictures::open(dir, eyes));
        let search = Self {
            index: lexical::Lexical::open(&dir.join("index"))?,
            shelf: watch::Sender::default(),
            vectors: Vectors::open(&dir.join(format!("vectors-{name}.bin")), vector::DIM, OWN_TEXTS, vector::MANY)?,
            pictures: pictures.transpose()?,
            usual: RwLock::default(),
            texts_waiting: AtomicUsize::new(0),
            pictures_waiting: AtomicUsize::new(0),
            steps_waiting: AtomicUsize::new(0),
            wording: AtomicU64::new(0),
            encoder,
            eyes,
            fused: RwLock::default(),
            ranking,
            ranker: RwLock::new(Ranker::Weights(fuse::USUAL)),
            sounds: sounds::Known::default(),
            busy: OnceLock::new(),
            dir: dir.to_owned(),
            media: dir.join("media"),
        };
        search.load_fused();
        search.choose_ranker();
        Ok(search)
    }

    pub fn shelf(&self) -> Arc<Shelf> {
        self.shelf.borrow().clone()
    }

    pub(crate) fn set_shelf(&self, shelf: Arc<Shelf>) {
        self.shelf.send_replace(shelf);
    }

    /// Tells of every new shelf: prices and stock may have changed.
    pub fn follow_shelf(&self) -> watch::Receiver<Arc<Shelf>> {
        self.shelf.subscribe()
    }

    pub fn texts_waiting(&self) -> usize {
        self.texts_waiting.load(Ordering::Relaxed)
    }

    pub fn pictures_waiting(&self) -> usize {
        self.pictures_waiting.load(Ordering::Relaxed)
    }

    /// Steps of a training that goes on beside the shoppers.
    pub fn steps_waiting(&self) -> usize {
        self.steps_waiting.load(Ordering::Relaxed)
    }

    pub(crate) fn set_steps_waiting(&self, steps: usize) {
        self.steps_waiting.store(steps, Ordering::Relaxed);
    }

    /// Grows whenever texts or pictures of products have changed, and not when only an offer has.
    pub fn wording(&self) -> u64 {
        self.wording.load(Ordering::Relaxed)
    }

    pub fn vectors(&self) -> &Vectors {
        &self.vectors
    }

    /// Work in the background rests while `busy` says that a shopper's reply needs the cores, and while a photo is looked at.
    pub fn give_way_while(&self, busy: impl Fn() -> bool + Send + Sync + 'static) {
        // Whoever came first is asked; there is one shop.
        let _ = self.busy.set(Box::new(busy));
    }

    /// Waits while the cores are needed, but not for ever: a shop that is never quiet has pictures too.
    pub(crate) async fn give_way(&self) {
        let until = Instant::now() + LONGEST_REST;
        while self.is_busy() && Instant::now() < until {
            tokio::time::sleep(REST).await;
        }
    }

    /// The same on a thread that may wait.
    pub(crate) fn give_way_blocking(&self) {
        let until = Instant::now() + LONGEST_REST;
        while self.is_busy() && Instant::now() < until {
            std::thread::sleep(REST);
        }
    }

    fn is_busy(&self) -> bool {
        self.busy.get().is_some_and(|busy| busy()) || self.eyes.as_ref().is_some_and(Eyes::is_asked)
    }

    /// Vectors of product pictures, when there is an image encoder.
    pub fn pictures(&self) -> Option<&Pictures> {
        self.pictures.as_ref()
    }

    pub(crate) fn usual(&self) -> Arc<Usual> {
        self.usual.read().expect("no holder of this lock can panic").clone()
    }

    pub(crate) fn set_usual(&self, usual: Usual) {
        *self.usual.write().expect("no holder of this lock can panic") = Arc::new(usual);
    }

    pub fn encoder(&self) -> Option<&Encoder> {
        self.encoder.as_ref()
    }

    pub fn eyes(&self) -> Option<&Eyes> {
        self.eyes.as_ref()
    }

    pub(crate) fn media(&self) -> &Path {
        &self.media
    }

    /// Ranks products. The vectors of words and photo are made while the words are looked up.
    ///
    /// # Errors
    /// When the index cannot be read, or a photo cannot be looked at.
    pub async fn find(self: &Arc<Self>, query: Query) -> anyhow::Result<Found> {
        let begun = Instant::now();
        let mut query = self.answerable(query);
        if query.text.trim().is_empty() && query.photo.is_none() {
            self.keep_usual_materials(&mut query);
            let search = self.clone();
            return Ok(tokio::task::spawn_blocking(move || search.browse(&query, begun)).await?);
        }
        let (query, admitted) = {
            let search = self.clone();
            tokio::task::spawn_blocking(move || search.admit(query)).await??
        };
        let sought = self.seek(&query, &admitted, begun).await?;
        let search = self.clone();
        let rank = move || {
            let (hits, sold) = search.rank(&query, &admitted, &sought)?;
            let mut found = search.page(&query, hits, &admitted.shelf, begun);
            found.sold = sold;
            Ok(found)
        };
        tokio::task::spawn_blocking(rank).await?
    }

    async fn seek(self: &Arc<Self>, query: &Query, admitted: &Admitted, begun: Instant) -> anyhow::Result<Sought> {
        let mut picture = std::pin::pin!(self.picture(query));
        let soon = tokio::time::timeout(query.patience.unwrap_or(Duration::MAX), &mut picture);
        let (meant, seen, described) = tokio::join!(self.look_up(query, admitted, begun), self.look_at(query.photo.clone()), soon);
        let (text, words) = meant?;
        let described = match described {
            Ok(described) => described,
            // Nothing else may find it.
            Err(_) if words.ranked.is_empty() => picture.await,
            Err(_) => None,
        };
        Ok(Sought { words, text, photo: seen?, described })
    }

    fn answerable(&self, mut query: Query) -> Query {
        let filter = query.filter.answerable(&self.shelf(), &query.chosen);
        if filter != query.filter {
            query.text = query.said.take().unwrap_or(query.text);
            query.filter = filter;
        }
        query
    }

    async fn look_at(&self, photo: Option<Arc<Picture>>) -> anyhow::Result<Option<Sight>> {
        let (Some(photo), Some(eyes)) = (photo, self.eyes.as_ref()) else { return Ok(None) };
        Ok(Some(eyes.look(photo, Subject::Photo).await.context("look at a photo")?))
    }

    /// What a query without a photo describes, as an image encoder that reads would see it.
    async fn picture(&self, query: &Query) -> Option<Vec<f32>> {
        let worded = query.photo.is_none() && !query.text.trim().is_empty() && !query.lexical_only;
        let eyes = self.eyes.as_ref().filter(|eyes| worded && eyes.reads() && self.pictures().is_some_and(|p| !p.is_empty()))?;
        eyes.read(query.meaning.as_deref().unwrap_or(&query.text)).await.ok()
    }

    /// What the query's vector and its words find, side by side. When many ask at once, products found by words go out without waiting
    /// for the encoder.
    async fn look_up(self: &Arc<Self>, query: &Query, admitted: &Admitted, begun: Instant) -> anyhow::Result<(Option<Meant>, Words)> {
        let words = {
            let (search, query, admitted) = (self.clone(), query.clone(), admitted.clone());
            tokio::task::spawn_blocking(move || search.rank_words(&query, &admitted))
        };
        let worded = !query.text.trim().is_empty() && !query.lexical_only;
        let Some(encoder) = self.encoder.as_ref().filter(|_| worded && !self.vectors.is_empty()) else {
            return Ok((None, words.await??));
        };
        let meaning = query.meaning.as_deref().unwrap_or(&query.text);
        let meant = async |vector: Option<Vec<f32>>| -> anyhow::Result<Option<Meant>> {
            let Some(vector) = vector else { return Ok(None) };
            let (search, query, admitted) = (self.clone(), query.clone(), admitted.clone());
            Ok(Some(tokio::task::spawn_blocking(move || search.rank_meaning(&query, vector, &admitted)).await?))
        };
        let Some(patience) = query.patience else {
            let (meant, words) = tokio::join!(async { meant(encoder.encode_query(meaning).await.ok()).await }, words);
            return Ok((meant?, words??));
        };
        let pressed = encoder.is_pressed() && !encoder.remembers(meaning);
        // Begun when it is first awaited: not at all when the words suffice.
        let mut encoding = std::pin::pin!(encoder.encode_query(meaning));
        let mut words = std::pin::pin!(words);
        let words = tokio::select! {
            vector = &mut encoding, if !pressed => {
                let (meant, words) = tokio::join!(meant(vector.ok()), words);
                return Ok((meant?, words??));
            }
            words = &mut words => words??,
        };
        let vector = match (words.ranked.is_empty(), pressed) {
            (true, _) => encoding.await.ok(),
            (false, true) => None,
            (false, false) => tokio::time::timeout_at((begun + patience).into(), encoding).await.ok().and_then(Result::ok),
        };
        Ok((meant(vector).await?, words))
    }
}
