//! Questions of service (`tests/golden/policies.jsonl`) in, the demo shop's rules asked without any model. A question is answered
//! rightly when the clause that answers it is among those quoted, and what the rules do not say is found to be unknown.

use crate::shop::list;
use daogou::catalog::Lang;
use daogou::ingest::world::read_policies;
use daogou::turn::policy::{Asked, Policies};
use daogou::turn::understand::learned::{LABELS, guess, intent_of, labelled};
use daogou::turn::understand::{Intent, expansions, understand};
use serde::Deserialize;
use std::path::Path;

/// A question; several clauses may be equally right, and "" stands for "the rules do not say". `and` answers a second question of the
/// message. What is `held` was written after the ranking, and is only counted: no reason to change anything.
#[derive(Deserialize)]
struct Question {
    lang: String,
    text: String,
    clause: Vec<String>,
    #[serde(default)]
    and: Vec<String>,
    #[serde(default)]
    held: bool,
}

#[test]
fn questions_find_their_clause() {
    let [known, held] = judged(&demo_rules(), &mut |_| None);
    assert!(known >= 0.92 && held >= 0.68, "{known:.3}, held out {held:.3}");
}

/// The share answered rightly: of the questions used in development, and of those held out. `meaning` gives a question's vector.
pub fn judged(policies: &Policies, meaning: &mut dyn FnMut(&str) -> Option<Vec<f32>>) -> [f64; 2] {
    let golden = include_str!("../golden/policies.jsonl");
    let questions: Vec<Question> = golden.lines().map(|line| serde_json::from_str(line).expect("a question")).collect();
    assert!(questions.len() >= 160, "enough questions to judge by");
    [false, true].map(|held| {
        let mut right = [0, 0];
        let mut all = [0, 0];
        // Not found, another clause, and an answer where the rules have none.
        let mut wrong = [0; 3];
        for question in questions.iter().filter(|q| q.held == held) {
            let lang = Lang::of_locale(&question.lang);
            let said = ask(policies, &question.text, lang, meaning(&question.text).as_deref());
            let has = |clauses: &[String]| {
                if said.is_empty() { clauses.contains(&String::new()) } else { clauses.iter().any(|c| said.contains(c)) }
            };
            let good = has(&question.clause) && (question.and.is_empty() || has(&question.and));
            right[usize::from(lang == Lang::En)] += usize::from(good);
            all[usize::from(lang == Lang::En)] += 1;
            if !good {
                wrong[if said.is_empty() {
                    0
                } else if question.clause == [""] {
                    2
                } else {
                    1
                }] += 1;
            }
            if !good && !held {
                println!("{}: {said:?} for {:?} {:?}", question.text, question.clause, question.and);
            }
        }
        let share = |n: usize| f64::from(u32::try_from(right[n]).unwrap_or(0)) / all[n].max(1) as f64;
        let both = (right[0] + right[1]) as f64 / (all[0] + all[1]).max(1) as f64;
        println!("held out {held}: {both:.3} (zh {:.3} of {}, en {:.3} of {})", share(0), all[0], share(1), all[1]);
        println!("  not found {}, another clause {}, answered though unknown {}", wrong[0], wrong[1], wrong[2]);
        both
    })
}

#[test]
fn a_wish_for_a_product_is_no_question_of_service() {
    let policies = demo_rules();
    let mut told = [0_u32; 2];
    let mut all = [0_u32; 2];
    for (file, lang) in [(include_str!("../intents/zh.toml"), Lang::Zh), (include_str!("../intents/en.toml"), Lang::En)] {
        for (text, label) in labelled(file) {
            let service = match LABELS[label] {
                "policy" => 1,
                "find" | "refine" | "compare" | "detail" | "recommend" | "gift" | "price" | "availability" => 0,
                _ => continue,
            };
            if expansions(&understand(&text).terms).iter().any(|e| e.kind) {
                continue;
            }
            let answers = policies.answers(&text, lang);
            if answers != (service == 1) {
                println!("{} {text}: {answers}", LABELS[label]);
            }
            told[service] += u32::from(answers);
            all[service] += 1;
        }
    }
    println!("taken for service: {told:?} of {all:?} (products, service)");
    assert!(told[0] * 50 <= all[0], "{told:?} of {all:?}");
}

/// The clauses said, as a turn finds them by words alone.
fn ask(policies: &Policies, text: &str, lang: Lang, meaning: Option<&[f32]>) -> Vec<String> {
    let read = understand(text);
    let guess = guess(text, &read, None);
    let intent = if guess.sure >= 0.7 { intent_of(guess.label, read.intent) } else { read.intent };
    if intent == Intent::Human {
        return policies.contacts(lang).into_iter().map(|c| c.id.clone()).collect();
    }
    policies.find(&Asked { text, lang, intent: Some(intent), meaning }).into_iter().map(|c| c.id.clone()).collect()
}

pub fn demo_rules() -> Policies {
    let pages = list(&Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/policies"));
    let read = |page: &std::path::PathBuf| {
        let name = page.file_name().expect("a page has a name").to_string_lossy().into_owned();
        read_policies(&std::fs::read_to_string(page).expect("read a page"), &name)
    };
    Policies::new(pages.iter().flat_map(read).collect())
}
