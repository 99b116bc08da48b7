//! A grounding in; the language model's advice out, sentence by sentence, each checked before it is shown.

use super::check::check_or_mend;
use super::ground::Grounding;
use super::sentence::Sentences;
use super::{Event, Turn};
use crate::catalog::Lang;
use crate::model::Prompt;
use crate::prompt;
use serde_json::json;
use std::time::Duration;

const MOST_SENTENCES: usize = 2;
const MOST_TOKENS: usize = 90;
/// Advice that comes later than this is not waited for.
const LONGEST_DRAFT: Duration = Duration::from_secs(20);

/// Lets the model advise. Returns true when at least one of its sentences was shown.
pub(crate) async fn advise(turn: &mut Turn<'_>, grounding: &Grounding) -> bool {
    if !turn.rooms.drafter.is_present() || grounding.products.is_empty() {
        return false;
    }
    turn.show(Event::Stage("writing")).await;
    let (system, user) = (prompt::advise_system(turn.lang), prompt::advise(grounding, turn.lang));
    let prompt = Prompt { system, user, max_tokens: MOST_TOKENS, schema: None };
    let (stop, hurry) = (&turn.brakes().stop, &turn.brakes().hurry);
    let drafter = turn.rooms.drafter.clone();
    let late = tokio::time::sleep(LONGEST_DRAFT);
    tokio::pin!(late);
    let generation = tokio::select! {
        generation = drafter.generate(prompt) => generation,
        () = stop.cancelled() => return false,
        () = hurry.cancelled() => return false,
        () = &mut late => return false,
    };
    let mut generation = match generation {
        Ok(generation) => generation,
        Err(reason) => {
            turn.note("no_draft", reason.to_string().into());
            return false;
        }
    };
    let (mut sentences, mut said, mut verdicts) = (Sentences::default(), Vec::<String>::new(), Vec::new());
    loop {
        let piece = tokio::select! {
            piece = generation.next() => piece,
            () = stop.cancelled() => None,
            () = hurry.cancelled() => None,
            () = &mut late => None,
        };
        let ended = piece.is_none();
        let whole = match piece {
            Some(piece) => sentences.push(&piece),
            None => std::mem::take(&mut sentences).finish().into_iter().collect(),
        };
        for sentence in whole {
            if stop.is_cancelled() || said.len() == MOST_SENTENCES {
                break;
            }
            match check_or_mend(&sentence, grounding, &said, turn.lang) {
                Ok(checked) => {
                    let mended = (checked.text != sentence).then(|| checked.text.clone());
                    verdicts.push(json!({"text": sentence, "said": true, "mended": mended}));
                    said.push(checked.text.clone());
                    turn.say_as_model(checked).await;
                }
                Err(objection) => verdicts.push(json!({"text": sentence, "said": false, "objection": format!("{objection:?}")})),
            }
        }
        if ended || said.len() == MOST_SENTENCES || stop.is_cancelled() {
            break;
        }
    }
    turn.note("draft", verdicts.into());
    !said.is_empty()
}

/// The stable prefixes to keep warm.
pub fn prefixes() -> Vec<String> {
    vec![prompt::advise_system(Lang::Zh), prompt::advise_system(Lang::En), prompt::intent_system()]
}
