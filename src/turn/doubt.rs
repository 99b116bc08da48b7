//! A message that rules and classifier are unsure of in; the language model's choice among the intents out, if it comes in time.
//!
//! The model fills one field of a schema and writes nothing that is shown. A busy, slow or absent model costs nothing but the limit.

use super::Turn;
use super::understand::learned::LABELS;
use crate::model::Prompt;
use crate::prompt;
use serde_json::{Value, json};
use std::time::Duration;

/// Below this neither words nor meaning tell.
pub(super) const UNSURE: f32 = 0.35;
const LIMIT: Duration = Duration::from_millis(900);
const MOST_TOKENS: usize = 16;

impl Turn<'_> {
    /// The label the model chooses; `None` when there is no model at leisure, or it is late.
    pub(super) async fn ask_model(&mut self) -> Option<&'static str> {
        let drafter = &self.rooms.drafter;
        if !drafter.is_present() || !drafter.is_warm() || drafter.is_writing() {
            return None;
        }
        let prompt = Prompt {
            system: prompt::intent_system(),
            user: prompt::intent(&self.ask.text),
            max_tokens: MOST_TOKENS,
            schema: Some(schema()),
        };
        let stop = &self.brakes().stop;
        let answer = tokio::select! {
            answer = tokio::time::timeout(LIMIT, write(drafter, prompt)) => answer.ok().flatten(),
            () = stop.cancelled() => None,
        };
        let label = answer.as_deref().and_then(chosen);
        self.note("model_guess", json!({"answer": answer, "label": label}));
        label
    }
}

async fn write(drafter: &crate::model::Drafter, prompt: Prompt) -> Option<String> {
    let mut generation = drafter.generate(prompt).await.ok()?;
    let mut text = String::new();
    while let Some(piece) = generation.next().await {
        text.push_str(&piece);
    }
    Some(text)
}

/// One of the labels, as JSON.
fn schema() -> Value {
    json!({"type": "object", "properties": {"intent": {"enum": LABELS}}, "required": ["intent"], "additionalProperties": false})
}

fn chosen(answer: &str) -> Option<&'static str> {
    let value: Value = serde_json::from_str(answer.trim()).ok()?;
    let said = value["intent"].as_str()?;
    LABELS.iter().find(|label| **label == said).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_label_in_the_schemas_form_counts() {
        assert_eq!(chosen(" {\"intent\":\"complaint\"}\n"), Some("complaint"));
        for other in ["complaint", "{\"intent\":\"buy me\"}", "{\"intent\":\"find\"", ""] {
            assert_eq!(chosen(other), None, "{other}");
        }
    }
}
