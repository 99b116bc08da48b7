//! Prompts in, streams of text out, one generation at a time: a few may wait, the rest is told at once that the model is busy.

use super::LanguageModel;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

/// What the model is asked. `system` is the stable prefix that the prefix cache keeps warm; what changes comes last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prompt {
    pub system: String,
    pub user: String,
    /// Tokens written at most.
    pub max_tokens: usize,
    /// JSON schema that the text must follow.
    pub schema: Option<serde_json::Value>,
}

/// Admission to the language model; cheap to clone.
#[derive(Clone)]
pub struct Drafter {
    model: Option<Arc<dyn LanguageModel>>,
    running: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    warm: Arc<AtomicBool>,
}

/// A generation under way. Dropping it ends the generation and lets the next one begin.
pub struct Generation {
    pieces: mpsc::Receiver<String>,
    _turn: OwnedSemaphorePermit,
}

/// Why the model does not write this reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoDraft {
    #[error("there is no language model")]
    None,
    #[error("the language model is busy")]
    Busy,
    #[error("the language model is away")]
    Dead,
}

const MOST_WAITING: usize = 3;
const LONGEST_WAIT: Duration = Duration::from_secs(8);

impl Drafter {
    pub fn none() -> Self {
        Self::over(None)
    }

    pub fn new(model: Arc<dyn LanguageModel>) -> Self {
        Self::over(Some(model))
    }

    fn over(model: Option<Arc<dyn LanguageModel>>) -> Self {
        Self { model, running: Arc::new(Semaphore::new(1)), waiting: Arc::default(), warm: Arc::default() }
    }

    /// The model's name, "none" without one.
    pub fn name(&self) -> &str {
        self.model.as_ref().map_or("none", |m| m.name())
    }

    pub fn is_present(&self) -> bool {
        self.model.is_some()
    }

    /// True while a reply is being written.
    pub fn is_writing(&self) -> bool {
        self.running.available_permits() == 0
    }

    /// True once the stable prefixes have been read.
    pub fn is_warm(&self) -> bool {
        self.model.is_none() || self.warm.load(Ordering::Relaxed)
    }

    /// Reads the stable prefixes into the model's prefix cache.
    pub async fn warm_up(&self, systems: &[String]) {
        for system in systems {
            let prompt = Prompt { system: system.clone(), user: "Hi.".to_owned(), max_tokens: 1, schema: None };
            if let Ok(mut generation) = self.generate(prompt).await {
                while generation.next().await.is_some() {}
            }
        }
        self.warm.store(true, Ordering::Relaxed);
    }

    /// # Errors
    /// Says why there will be no text: no model, too many wait (or this one waited 8 s), or the model has failed.
    pub async fn generate(&self, prompt: Prompt) -> Result<Generation, NoDraft> {
        let model = self.model.as_ref().ok_or(NoDraft::None)?;
        let turn = match self.running.clone().try_acquire_owned() {
            Ok(turn) => turn,
            Err(_) => self.wait().await?,
        };
        let pieces = model.generate(prompt).await.map_err(|error| {
            tracing::warn!("the language model did not answer: {error:#}");
            NoDraft::Dead
        })?;
        Ok(Generation { pieces, _turn: turn })
    }

    async fn wait(&self) -> Result<OwnedSemaphorePermit, NoDraft> {
        struct Place<'a>(&'a AtomicUsize);
        impl Drop for Place<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::Relaxed);
            }
        }
        let place = Place(&self.waiting);
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= MOST_WAITING {
            return Err(NoDraft::Busy);
        }
        let turn = tokio::time::timeout(LONGEST_WAIT, self.running.clone().acquire_owned()).await;
        drop(place);
        turn.map_err(|_| NoDraft::Busy)?.map_err(|_| NoDraft::Dead)
    }
}

impl Generation {
    /// The next piece of text, `None` at the end.
    pub async fn next(&mut self) -> Option<String> {
        self.pieces.recv().await
    }
}
