//! Deterministic stand-ins for tests; each calls itself fake. None is ever used unless it is asked for by name.

use super::{
    ImageEncoder, LanguageModel, Pcm, Picture, Prompt, Sight, SightShape, SpeechRecognizer, Subject, TextEncoder, Transcript, palette,
};
use crate::algebra::unit;
use crate::catalog::Lang;
use crate::search::segment::segment;
use crate::search::vector::DIM;
use std::future::Future;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::Pin;
use std::time::Duration;
use tokio::sync::mpsc;

/// Hashes words into dimensions: texts that share words are near each other, and nothing more is understood.
pub struct FakeEncoder;

impl TextEncoder for FakeEncoder {
    fn name(&self) -> &str {
        "fake-encoder"
    }

    fn encode(&mut self, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
        Ok(texts.iter().map(|t| hashed(t)).collect())
    }
}

fn hashed(text: &str) -> Vec<f32> {
    let mut vector = vec![0.0; DIM];
    for term in segment(text) {
        let mut hasher = DefaultHasher::new();
        term.hash(&mut hasher);
        vector[hasher.finish() as usize % DIM] += 1.0;
    }
    unit(vector)
}

/// Sees the colours of a picture and the brightness of its quarters.
pub struct FakeImageEncoder;

impl ImageEncoder for FakeImageEncoder {
    fn name(&self) -> &str {
        "fake-image-encoder"
    }

    fn shape(&self) -> SightShape {
        SightShape { form: 16, colour: palette::FINE.len(), traits: 16 }
    }

    fn encode(&mut self, picture: &Picture, _: Subject) -> anyhow::Result<Sight> {
        let (width, height) = picture.0.dimensions();
        let mut form = vec![0.0_f32; 16];
        for (x, y, pixel) in picture.0.enumerate_pixels() {
            let quarter = usize::from(x * 2 >= width) + 2 * usize::from(y * 2 >= height);
            (0..3).for_each(|channel| form[quarter * 4 + channel] += f32::from(pixel.0[channel]) / (width * height) as f32);
        }
        Ok(Sight { colour: palette::FINE.of(&picture.scaled(48), palette::Weight::Centre), traits: form.clone(), form })
    }
}

/// "Hears" the length of the clip.
pub struct FakeRecognizer;

impl SpeechRecognizer for FakeRecognizer {
    fn name(&self) -> &str {
        "fake-recognizer"
    }

    fn recognize(&mut self, speech: &Pcm, _: Lang) -> anyhow::Result<Transcript> {
        Ok(Transcript { text: format!("{} seconds of sound", speech.seconds().round()), lang: "en".to_owned(), ..Transcript::default() })
    }
}

/// Writes the same sentences to every prompt, a word at a time, `pause` apart.
pub struct FakeLanguageModel {
    pub text: String,
    pub pause: Duration,
}

impl LanguageModel for FakeLanguageModel {
    fn name(&self) -> &str {
        "fake-language-model"
    }

    fn generate(&self, prompt: Prompt) -> Pin<Box<dyn Future<Output = anyhow::Result<mpsc::Receiver<String>>> + Send + '_>> {
        let (pieces, stream) = mpsc::channel(8);
        let (text, pause) = (self.text.clone(), self.pause);
        Box::pin(async move {
            tokio::spawn(async move {
                for word in text.split_inclusive([' ', '，', '。']).take(prompt.max_tokens) {
                    tokio::time::sleep(pause).await;
                    if pieces.send(word.to_owned()).await.is_err() {
                        break;
                    }
                }
            });
            Ok(stream)
        })
    }
}
