//! Texts in, unit vectors out, without blocking the caller. Queries go before catalogue texts.

use super::TextEncoder;
use super::worker::{Lane, WorkError, Worker};
use lru::LruCache;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

/// A handle to the text encoder's thread; cheap to clone.
#[derive(Clone)]
pub struct Encoder {
    name: Arc<str>,
    worker: Worker<Vec<String>, Vec<Vec<f32>>>,
    /// The vectors asked for last: shoppers repeat each other, and a need without hits is looked up again with less.
    recent: Arc<Mutex<LruCache<String, Vec<f32>>>>,
}

const MOST_WAITING: usize = 64;
const QUERIES_A_BATCH: usize = 8;
const PRESSED: usize = 2;
/// Some three megabytes.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(2_048).expect("it is not zero");

impl Encoder {
    pub fn start(mut model: impl TextEncoder + 'static) -> Self {
        let name = model.name().into();
        let worker = Worker::start("text encoder", MOST_WAITING, QUERIES_A_BATCH, move |inputs: Vec<Vec<String>>| {
            let sizes: Vec<usize> = inputs.iter().map(Vec::len).collect();
            let mut vectors = model.encode(&inputs.concat())?.into_iter();
            Ok(sizes.into_iter().map(|n| vectors.by_ref().take(n).collect()).collect())
        });
        Self { name, worker, recent: Arc::new(Mutex::new(LruCache::new(REMEMBERED))) }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// True when this query's vector is at hand.
    pub fn remembers(&self, text: &str) -> bool {
        self.recent().contains(text)
    }

    /// True when a new query would wait for several others.
    pub fn is_pressed(&self) -> bool {
        self.worker.waiting() >= PRESSED
    }

    /// The vector of what a shopper looks for; e5 wants it prefixed "query: " (Wang et al. 2024, Multilingual E5).
    ///
    /// # Errors
    /// `Busy` when 64 others wait, `Dead` or `Failed` when the model is away.
    pub async fn encode_query(&self, text: &str) -> Result<Vec<f32>, WorkError> {
        if let Some(vector) = self.recent().get(text) {
            return Ok(vector.clone());
        }
        let vectors = self.worker.ask(Lane::Shopper, vec![format!("query: {text}")]).await?;
        let vector = vectors.into_iter().next().ok_or(WorkError::Dead)?;
        self.recent().put(text.to_owned(), vector.clone());
        Ok(vector)
    }

    /// Vectors of sample queries, in order; nobody waits for them.
    ///
    /// # Errors
    /// As [`Encoder::encode_query`].
    pub async fn encode_samples(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, WorkError> {
        self.worker.ask(Lane::Background, texts.iter().map(|t| format!("query: {t}")).collect()).await
    }

    /// Vectors of catalogue texts, in order, prefixed "passage: ".
    ///
    /// # Errors
    /// As [`Encoder::encode_query`].
    pub async fn encode_passages(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, WorkError> {
        let texts = texts.into_iter().map(|t| format!("passage: {t}")).collect();
        self.worker.ask(Lane::Background, texts).await
    }

    fn recent(&self) -> std::sync::MutexGuard<'_, LruCache<String, Vec<f32>>> {
        self.recent.lock().expect("no holder of this lock can panic")
    }
}
