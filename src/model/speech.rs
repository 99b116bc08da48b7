//! Speech in, transcript out, without blocking the caller; one clip at a time.

use super::SpeechRecognizer;
use super::audio::Pcm;
use super::worker::{Lane, WorkError, Worker};
use crate::catalog::Lang;

/// What was heard. Empty text means that nobody spoke.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transcript {
    pub text: String,
    /// Language code as the recognizer names it ("zh", "en").
    pub lang: String,
    /// How probable the recognizer held each character of the text; empty when it does not say.
    pub sure: Vec<f32>,
}

/// A handle to the speech recognizer's thread; cheap to clone.
#[derive(Clone)]
pub struct Ears {
    worker: Option<Worker<(Pcm, Lang), Transcript>>,
}

const MOST_WAITING: usize = 8;

impl Ears {
    pub fn none() -> Self {
        Self { worker: None }
    }

    pub fn start(mut model: impl SpeechRecognizer + 'static) -> Self {
        let work = move |clips: Vec<(Pcm, Lang)>| {
            let hear = |(clip, lang): &(Pcm, Lang)| if clip.is_silent() { Ok(Transcript::default()) } else { model.recognize(clip, *lang) };
            clips.iter().map(hear).collect()
        };
        Self { worker: Some(Worker::start("speech", MOST_WAITING, 1, work)) }
    }

    pub fn is_present(&self) -> bool {
        self.worker.is_some()
    }

    /// # Errors
    /// `Dead` without a recognizer, `Busy` when 8 clips wait.
    pub async fn hear(&self, speech: Pcm, expected: Lang) -> Result<Transcript, WorkError> {
        self.worker.as_ref().ok_or(WorkError::Dead)?.ask(Lane::Shopper, (speech, expected)).await
    }
}
