//! Whisper through whisper-rs: 16 kHz speech in, text out; Chinese in simplified script.

use super::audio::RATE;
use super::speech::Transcript;
use super::{Pcm, SpeechRecognizer};
use crate::catalog::Lang;
use anyhow::Context;
use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use std::path::Path;
use whisper_rs::{FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters, WhisperState};

pub struct Whisper {
    /// Tells the language, and nothing else: its encoder looks at the beginning of a clip only, which is a quarter of the work.
    guess: WhisperState,
    state: WhisperState,
    simplify: OpenCC,
    /// Tokens from here on are no text.
    end_of_text: i32,
    threads: i32,
    cores_taken: Box<dyn Fn() -> bool + Send>,
}

/// Above this the model itself doubts that anybody spoke.
const NO_SPEECH: f32 = 0.6;
/// Above this it is believed whatever the words.
const SURELY_SILENT: f32 = 0.85;
/// Mean log probability of the tokens below which a doubtful segment is dropped (Radford et al. 2022, section 4.5).
const UNSURE: f32 = -1.0;
/// Log probability a token, with [`GRACE`] certain ones added because short answers are guessed at, from which the quick reading
/// stands; below it the clip is heard again, thoroughly.
const SURE: f32 = -0.5;
const GRACE: f32 = 5.0;
/// Encoder positions a second of sound, those of the whole window, and those left silent behind the speech.
const POSITIONS: f32 = 50.0;
const WINDOW: i32 = 1_500;
const MARGIN: f32 = 256.0;
/// Positions, and seconds, the language is told by.
const GUESS_POSITIONS: i32 = 400;
const GUESS_SECONDS: usize = 8;
/// A language of the shop is believed unless another is this many times more likely.
const FOREIGN: f32 = 10.0;

/// The language of the page counts this many times: two seconds of sound tell a language badly.
const EXPECTED: f32 = 10.0;

/// How much work one hearing is.
#[derive(Clone, Copy)]
enum Care {
    /// Greedy, looking no further than the sound goes.
    Quick,
    /// A beam of five over the whole window, as the model was trained.
    Thorough,
}

impl Whisper {
    /// Loads a ggml file.
    ///
    /// # Errors
    /// When the file is missing or broken.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        whisper_rs::install_logging_hooks();
        let context = WhisperContext::new_with_params(path, WhisperContextParameters::default())
            .with_context(|| format!("load the speech model {}", path.display()))?;
        let mut guess = context.create_state().context("prepare the speech model")?;
        let state = context.create_state().context("prepare the speech model")?;
        let simplify = OpenCC::from_config(BuiltinConfig::T2s).context("load the script converter")?;
        let threads = std::thread::available_parallelism().map_or(2, |n| n.get().min(4)) as i32;
        // The number of positions stays with a state from one call to the next; only this one sets it.
        let mut params = quiet(SamplingStrategy::Greedy { best_of: 1 }, "en", threads);
        params.set_audio_ctx(GUESS_POSITIONS);
        guess.full(params, &Pcm::default().padded()).context("prepare the speech model")?;
        let end_of_text = context.token_eot();
        Ok(Self { guess, state, simplify, end_of_text, threads, cores_taken: Box::new(|| false) })
    }

    /// While `cores_taken` says so, one thread listens: those of ggml spin while they wait for each other, and two of them beside a
    /// language model that writes are slower than one.
    #[must_use]
    pub fn yielding(mut self, cores_taken: impl Fn() -> bool + Send + 'static) -> Self {
        self.cores_taken = Box::new(cores_taken);
        self
    }

    /// English or Chinese, unless it is plainly something else; in doubt, what the page is in.
    fn language(&mut self, samples: &[f32], expected: Lang, threads: i32) -> anyhow::Result<&'static str> {
        let threads = threads as usize;
        self.guess.pcm_to_mel(&samples[..samples.len().min(RATE * GUESS_SECONDS)], threads).context("look at the sound")?;
        let (likeliest, odds) = self.guess.lang_detect(0, threads).context("tell the language")?;
        let odds_of = |lang: &str| whisper_rs::get_lang_id(lang).and_then(|id| odds.get(id as usize)).copied().unwrap_or(0.0);
        let (zh, en) = (odds_of("zh") + odds_of("yue"), odds_of("en"));
        let (zh, en) = match expected {
            Lang::Zh => (zh * EXPECTED, en),
            Lang::En => (zh, en * EXPECTED),
        };
        let (own, own_odds) = if zh > en { ("zh", zh) } else { ("en", en) };
        let foreign = odds.get(likeliest as usize).is_some_and(|most| *most > own_odds * FOREIGN);
        Ok(if foreign { whisper_rs::get_lang_str(likeliest).unwrap_or(own) } else { own })
    }

    /// The words with how sure the model is of each character, and how sure it is of all of them.
    fn hear(&mut self, samples: &[f32], lang: &str, care: Care, threads: i32) -> anyhow::Result<(Letters, f32)> {
        let params = match care {
            Care::Quick => {
                let mut params = quiet(SamplingStrategy::Greedy { best_of: 1 }, lang, threads);
                let seconds = samples.len() as f32 / RATE as f32;
                params.set_audio_ctx(((seconds * POSITIONS + MARGIN) as i32).min(WINDOW));
                params.set_temperature_inc(0.0);
                params
            }
            Care::Thorough => {
                let mut params = quiet(SamplingStrategy::BeamSearch { beam_size: 5, patience: -1.0 }, lang, threads);
                params.set_audio_ctx(0);
                params
            }
        };
        self.state.full(params, samples).context("recognize speech")?;
        let (mut heard, mut sum, mut tokens) = (Letters::default(), 0.0, GRACE);
        for segment in self.state.as_iter() {
            let (silence, n, sure) = (segment.no_speech_probability(), segment.n_tokens() as f32, log_probability(&segment));
            if silence > SURELY_SILENT || (silence > NO_SPEECH && sure / n.max(1.0) < UNSURE) {
                continue;
            }
            heard.add(&segment, self.end_of_text)?;
            (sum, tokens) = (sum + sure, tokens + n);
        }
        Ok((heard, sum / tokens))
    }
}

/// What was written so far, and how probable the token was that each byte came with.
#[derive(Default)]
struct Letters {
    bytes: Vec<u8>,
    sure: Vec<f32>,
}

impl Letters {
    fn add(&mut self, segment: &whisper_rs::WhisperSegment<'_>, end_of_text: i32) -> anyhow::Result<()> {
        for token in (0..segment.n_tokens()).filter_map(|n| segment.get_token(n)).filter(|t| t.token_id() < end_of_text) {
            self.bytes.extend(token.to_bytes().context("read a token")?);
            self.sure.resize(self.bytes.len(), token.token_probability());
        }
        Ok(())
    }

    /// The text without space around it, and each character's least sure byte.
    fn read(&self) -> (String, Vec<f32>) {
        let text = String::from_utf8_lossy(&self.bytes);
        let trimmed = text.trim();
        // Lossy text is longer than its bytes: nothing is known of its characters then.
        if text.len() != self.bytes.len() {
            return (trimmed.to_owned(), Vec::new());
        }
        let from = text.len() - text.trim_start().len();
        let least = |(at, c): (usize, char)| self.sure[from + at..from + at + c.len_utf8()].iter().copied().fold(1.0, f32::min);
        (trimmed.to_owned(), trimmed.char_indices().map(least).collect())
    }
}

impl SpeechRecognizer for Whisper {
    fn name(&self) -> &str {
        "whisper-base"
    }

    fn recognize(&mut self, speech: &Pcm, expected: Lang) -> anyhow::Result<Transcript> {
        if speech.is_silent() {
            return Ok(Transcript::default());
        }
        let threads = if (self.cores_taken)() { 1 } else { self.threads };
        let padded = speech.padded();
        let lang = self.language(&padded, expected, threads)?;
        let (mut heard, sure) = self.hear(&padded, lang, Care::Quick, threads)?;
        if sure < SURE || heard.bytes.is_empty() {
            heard = self.hear(&padded, lang, Care::Thorough, threads)?.0;
        }
        let (whole, mut sure) = heard.read();
        let text = drop_stage_directions(&if lang == "zh" { self.simplify.convert(&whole) } else { whole.clone() });
        if text.chars().count() != whole.chars().count() {
            sure.clear();
        }
        Ok(Transcript { text, lang: lang.to_owned(), sure })
    }
}

/// Settings every hearing shares.
fn quiet<'a>(strategy: SamplingStrategy, lang: &'a str, threads: i32) -> FullParams<'a, 'a> {
    let mut params = FullParams::new(strategy);
    params.set_n_threads(threads);
    params.set_language(Some(lang));
    params.set_no_context(true);
    params.set_suppress_blank(true);
    params.set_print_progress(false);
    params.set_print_realtime(false);
    params.set_print_special(false);
    params.set_print_timestamps(false);
    params
}

/// Of all its tokens together.
fn log_probability(segment: &whisper_rs::WhisperSegment<'_>) -> f32 {
    (0..segment.n_tokens()).filter_map(|i| segment.get_token(i)).map(|t| t.token_probability().max(1e-6).ln()).sum()
}

/// "[BLANK_AUDIO]", "(music)" and the like describe sound; nobody said them.
fn drop_stage_directions(text: &str) -> String {
    let mut depth = 0;
    let spoken: String = text
        .chars()
        .filter(|c| {
            match c {
                '[' | '(' | '（' | '【' | '*' if depth == 0 => depth = 1,
                ']' | ')' | '）' | '】' | '*' if depth == 1 => {
                    depth = 0;
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect();
    let spoken = spoken.trim();
    if spoken.chars().any(char::is_alphanumeric) { spoken.to_owned() } else { String::new() }
}
