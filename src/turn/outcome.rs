//! How a turn ended, and what it knew.

use super::Memory;
use crate::catalog::Lang;
use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    Answered,
    Asked,
    /// Something waits for the shopper's yes.
    Proposed,
    HandedOff,
    Stopped,
    Failed,
}

/// Milliseconds since the message was taken up.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Timing {
    pub understand: f64,
    pub retrieve: f64,
    pub first_text: f64,
    pub first_model_text: Option<f64>,
    pub total: f64,
}

/// How a turn ended, and what it knew.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub finish: Finish,
    pub model: String,
    pub timing: Timing,
    pub memory: Memory,
    pub lang: Lang,
    pub evidence: serde_json::Value,
}

impl Outcome {
    /// This part's end and the next one's as that of the whole.
    pub(super) fn followed_by(self, next: Self) -> Self {
        let model = if self.model == "none" { next.model } else { self.model };
        let timing = Timing { total: self.timing.total + next.timing.total, ..self.timing };
        let mut evidence = next.evidence;
        evidence["before"] = self.evidence;
        Self { model, timing, evidence, ..next }
    }

    /// The end of a turn that a restart cut off after it had said something.
    pub fn interrupted(lang: Lang, memory: Memory) -> Self {
        Self { finish: Finish::Stopped, ..Self::unheard(lang, memory) }
    }

    /// The end of a turn in which nothing was heard.
    pub fn unheard(lang: Lang, memory: Memory) -> Self {
        let evidence = serde_json::json!({"memory": memory, "heard": false});
        Self { finish: Finish::Asked, model: "none".to_owned(), timing: Timing::default(), memory, lang, evidence }
    }
}
