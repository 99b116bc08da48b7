//! Whisper through whisper-rs: 16 kHz speech in, text out; Chinese in simplified script.

use super::speech::Transcript;
use super::{Pcm, SpeechRecognizer};
use anyhow::Context;
use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use std::path::Path;
use whisper_rs::{FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters, WhisperState};

pub struct Whisper {
    state: WhisperState,
    simplify: OpenCC,
    threads: i32,
}

/// Above this the model itself doubts that anybody spoke.
const NO_SPEECH: f32 = 0.6;
/// Above this it is believed whatever the words.
const SURELY_SILENT: f32 = 0.85;
/// Mean log probability of the tokens below which a doubtful segment is dropped (Radford et al. 2022, section 4.5).
const UNSURE: f32 = -1.0;

impl Whisper {
    /// Loads a ggml file.
    ///
    /// # Errors
    /// When the file is missing or broken.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        whisper_rs::install_logging_hooks();
        let context = WhisperContext::new_with_params(path, WhisperContextParameters::default())
            .with_context(|| format!("load the speech model {}", path.display()))?;
        let state = context.create_state().context("prepare the speech model")?;
        let simplify = OpenCC::from_config(BuiltinConfig::T2s).context("load the script converter")?;
        let threads = std::thread::available_parallelism().map_or(2, |n| n.get().min(4)) as i32;
        Ok(Self { state, simplify, threads })
    }
}

impl SpeechRecognizer for Whisper {
    fn name(&self) -> &str {
        "whisper-base"
    }

    fn recognize(&mut self, speech: &Pcm) -> anyhow::Result<Transcript> {
        if speech.is_silent() {
            return Ok(Transcript::default());
        }
        let mut params = FullParams::new(SamplingStrategy::BeamSearch { beam_size: 5, patience: -1.0 });
        params.set_n_threads(self.threads);
        params.set_language(Some("auto"));
        params.set_no_context(true);
        params.set_suppress_blank(true);
        params.set_print_progress(false);
        params.set_print_realtime(false);
        params.set_print_special(false);
        params.set_print_timestamps(false);
        let padded = speech.padded();
        self.state.full(params, &padded).context("recognize speech")?;
        let lang = whisper_rs::get_lang_str(self.state.full_lang_id_from_state()).unwrap_or("en").to_owned();
        let mut text = String::new();
        for segment in self.state.as_iter() {
            let silence = segment.no_speech_probability();
            if silence > SURELY_SILENT || (silence > NO_SPEECH && mean_log_probability(&segment) < UNSURE) {
                continue;
            }
            text.push_str(&segment.to_str_lossy().context("read a segment")?);
        }
        let text = text.trim();
        let text = if lang == "zh" { self.simplify.convert(text) } else { text.to_owned() };
        Ok(Transcript { text: drop_stage_directions(&text), lang })
    }
}

fn mean_log_probability(segment: &whisper_rs::WhisperSegment<'_>) -> f32 {
    let n = segment.n_tokens();
    let sum: f32 = (0..n).filter_map(|i| segment.get_token(i)).map(|t| t.token_probability().max(1e-6).ln()).sum();
    sum / n.max(1) as f32
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
