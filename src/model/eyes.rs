//! Pictures in, what is seen of them out, without blocking the caller; and what texts describe, where the encoder reads. Shoppers go
//! before the catalogue's pictures.

use super::picture::Picture;
use super::worker::{Lane, WorkError, Worker};
use super::{ImageEncoder, Sight, SightShape, Subject};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A handle to the image encoder's thread; cheap to clone.
#[derive(Clone)]
pub struct Eyes {
    name: Arc<str>,
    shape: SightShape,
    reads: bool,
    /// Shoppers' photos that are not seen yet.
    asked: Arc<AtomicUsize>,
    worker: Worker<Look, Sight>,
}

enum Look {
    At(Arc<Picture>, Subject),
    /// Described in words; of what is seen there is only the form.
    Described(String),
}

const MOST_WAITING: usize = 16;

/// A photo of a shopper, until it is seen or given up.
struct Asked<'a>(&'a AtomicUsize);

impl<'a> Asked<'a> {
    fn one(asked: &'a AtomicUsize) -> Self {
        asked.fetch_add(1, Ordering::Relaxed);
        Self(asked)
    }
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Eyes {
    pub fn start(mut model: impl ImageEncoder + 'static) -> Self {
        let (name, shape, reads) = (model.name().into(), model.shape(), model.reads());
        let mut look = move |look: &Look| match look {
            Look::At(picture, subject) => model.encode(picture, *subject),
            Look::Described(text) => Ok(Sight { form: model.read(text)?, ..Sight::default() }),
        };
        let work = move |looks: Vec<Look>| looks.iter().map(&mut look).collect();
        Self { name, shape, reads, asked: Arc::default(), worker: Worker::start("image encoder", MOST_WAITING, 1, work) }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn shape(&self) -> SightShape {
        self.shape
    }

    /// Shoppers' photos go before the catalogue's pictures.
    ///
    /// # Errors
    /// `Busy` when 16 others wait, `Dead` or `Failed` when the model is away.
    pub async fn look(&self, picture: Arc<Picture>, subject: Subject) -> Result<Sight, WorkError> {
        match subject {
            Subject::Photo => {
                let _asked = Asked::one(&self.asked);
                self.worker.ask(Lane::Shopper, Look::At(picture, subject)).await
            }
            Subject::Product => self.worker.ask(Lane::Background, Look::At(picture, subject)).await,
        }
    }

    /// Whether a shopper waits for a photo to be seen.
    pub fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed) > 0
    }

    /// Whether pictures can be found by words alone.
    pub fn reads(&self) -> bool {
        self.reads
    }

    /// The form of a picture that a shopper's words describe, to be compared with those of the catalogue.
    ///
    /// # Errors
    /// As [`Eyes::look`]; `Failed` when the encoder reads no texts.
    pub async fn read(&self, text: &str) -> Result<Vec<f32>, WorkError> {
        Ok(self.worker.ask(Lane::Shopper, Look::Described(text.to_owned())).await?.form)
    }
}
