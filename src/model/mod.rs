//! Four models behind four traits; the only room that names candle, mistral.rs and whisper.
//!
//! Encoders and recognizers are blocking and live on one worker thread each, which batches requests, serves shoppers before
//! background work, and skips what nobody waits for any more. The language model streams text and ends when its receiver is
//! dropped. Every trait has a real back end and a deterministic fake, which calls itself fake.

pub mod audio;
#[cfg(feature = "models")]
pub mod clip;
pub mod convert;
#[cfg(feature = "models")]
mod convolution;
#[cfg(feature = "models")]
pub mod e5;
#[cfg(feature = "models")]
pub mod efficientnet;
pub mod encoder;
pub mod eyes;
pub mod fake;
pub mod fusion;
pub mod int8;
pub mod language;
#[cfg(feature = "models")]
mod lens;
#[cfg(feature = "models")]
pub mod mistral;
pub mod openai;
pub mod palette;
pub mod picture;
pub mod pull;
pub mod random;
#[cfg(feature = "models")]
pub mod sight;
pub mod speech;
#[cfg(feature = "models")]
pub mod whisper;
pub mod worker;

pub use audio::Pcm;
pub use encoder::Encoder;
pub use eyes::Eyes;
pub use language::{Drafter, Prompt};
pub use picture::Picture;
pub use speech::{Ears, Transcript};

use crate::catalog::Lang;
use std::future::Future;
use std::pin::Pin;
use tokio::sync::mpsc;

/// Names of the encoders that `daogou models pull` fetches: what was learned or calibrated with them holds for no other.
pub const E5_SMALL: &str = "e5-small";
pub const TWO_NETS: &str = "efficientnet-lite0-lite2";

/// Texts to unit vectors of [`crate::search::vector::DIM`] dimensions.
pub trait TextEncoder: Send {
    fn name(&self) -> &str;
    /// # Errors
    /// When the model fails; the worker answers the batch with the error and goes on.
    fn encode(&mut self, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>>;
}

/// A picture to what can be compared of it.
pub trait ImageEncoder: Send {
    fn name(&self) -> &str;
    fn shape(&self) -> SightShape;
    /// # Errors
    /// When the model fails.
    fn encode(&mut self, picture: &Picture, subject: Subject) -> anyhow::Result<Sight>;

    /// Whether it was trained on texts as well as on pictures, and `read` may be asked.
    fn reads(&self) -> bool {
        false
    }

    /// What a picture described like this would look like, to be compared with [`Sight::form`].
    ///
    /// # Errors
    /// When the model fails, or reads no texts.
    fn read(&mut self, _text: &str) -> anyhow::Result<Vec<f32>> {
        anyhow::bail!("{} reads no texts", self.name())
    }
}

/// What a picture shows, and how: a catalogue's picture has the thing alone, a shopper's photo has it somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Product,
    Photo,
}

/// What was seen of a picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sight {
    /// Features of the thing, from several views; compared by cosine.
    pub form: Vec<f32>,
    /// Which colours it has, and how much of each; compared by cosine.
    pub colour: Vec<f32>,
    /// What the fused embedding is learned from.
    pub traits: Vec<f32>,
}

/// Lengths of the parts of a [`Sight`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SightShape {
    pub form: usize,
    pub colour: usize,
    pub traits: usize,
}

/// 16 kHz mono speech to text. `expected` is the language of the page: where the sound leaves a doubt, it decides.
pub trait SpeechRecognizer: Send {
    fn name(&self) -> &str;
    /// # Errors
    /// When the model fails.
    fn recognize(&mut self, speech: &Pcm, expected: Lang) -> anyhow::Result<Transcript>;
}

/// A prompt to a stream of text pieces. The generation ends soon after the receiver is dropped.
pub trait LanguageModel: Send + Sync {
    fn name(&self) -> &str;
    fn generate(&self, prompt: Prompt) -> Pin<Box<dyn Future<Output = anyhow::Result<mpsc::Receiver<String>>> + Send + '_>>;
}

/// Lowers the calling thread's priority, and that of every thread it will start: prose yields the cores to retrieval.
pub fn yield_to_others() {
    #[cfg(target_os = "linux")]
    // Safety: setpriority has no memory effects; 0 names the calling thread.
    unsafe {
        libc::setpriority(libc::PRIO_PROCESS, 0, 10);
    }
}
