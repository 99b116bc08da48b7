//! Pictures in, what is seen of them out, without blocking the caller. Shoppers' photos go before the catalogue's pictures.

use super::picture::Picture;
use super::worker::{Lane, WorkError, Worker};
use super::{ImageEncoder, Sight, SightShape, Subject};
use std::sync::Arc;

/// A handle to the image encoder's thread; cheap to clone.
#[derive(Clone)]
pub struct Eyes {
    name: Arc<str>,
    shape: SightShape,
    worker: Worker<(Arc<Picture>, Subject), Sight>,
}

const MOST_WAITING: usize = 16;

impl Eyes {
    pub fn start(mut model: impl ImageEncoder + 'static) -> Self {
        let (name, shape) = (model.name().into(), model.shape());
        let work = move |pictures: Vec<(Arc<Picture>, Subject)>| {
            pictures.iter().map(|(picture, subject)| model.encode(picture, *subject)).collect()
        };
        Self { name, shape, worker: Worker::start("image encoder", MOST_WAITING, 1, work) }
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
        let lane = match subject {
            Subject::Photo => Lane::Shopper,
            Subject::Product => Lane::Background,
        };
        self.worker.ask(lane, (picture, subject)).await
    }
}
