//! Labelled messages in; how often what is asked is told right, out.
//!
//! Two measures. On phrases of our own that nothing was learned from (`tests/intents`, written apart from `assets/intents`): the
//! program's own classifier, words and meaning, and words alone. On `bitext.jsonl` (its 27 intents mapped to ours): the same kind of
//! classifier, taught on four fifths and asked the rest, five times.

use crate::app::Models;
use crate::learn::intents::{Evidence, learn_meaning, learn_words, meanings};
use crate::turn::understand::learned::{HEAD_ENCODER, LABELS, evidence, guess, labelled};
use crate::turn::understand::understand;
use anyhow::Context;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

const HELD_OUT: [(&str, &str); 2] =
    [("zh", include_str!("../../tests/intents/zh.toml")), ("en", include_str!("../../tests/intents/en.toml"))];
const FOLDS: usize = 5;

/// `dir` or its `intents` may hold `bitext.jsonl`.
///
/// # Errors
/// When a file cannot be read or the encoder fails.
pub async fn evaluate(dir: &Path, models: &Models) -> anyhow::Result<Value> {
    let encoder = models.encoder.as_ref().filter(|e| e.name() == HEAD_ENCODER);
    let mut report = serde_json::Map::new();
    for (lang, file) in HELD_OUT {
        let phrases = labelled(file);
        let texts: Vec<&str> = phrases.iter().map(|(text, _)| text.as_str()).collect();
        let meant = match encoder {
            Some(encoder) => meanings(encoder, &texts, |_, _| ()).await?,
            None => Vec::new(),
        };
        let truth: Vec<usize> = phrases.iter().map(|(_, label)| *label).collect();
        let told = |n: usize, meaning: Option<&[f32]>| place(guess(texts[n], &understand(texts[n]), meaning).label);
        let by_words: Vec<usize> = (0..texts.len()).map(|n| told(n, None)).collect();
        let begun = Instant::now();
        let by_both: Vec<usize> = (0..texts.len()).map(|n| told(n, meant.get(n).map(Vec::as_slice))).collect();
        let each = begun.elapsed().as_secs_f64() * 1e3 / texts.len() as f64;
        let mut scores = scored(&truth, &by_both);
        scores["words_alone"] = scored(&truth, &by_words);
        scores["classify_ms"] = json!((each * 1000.0).round() / 1000.0);
        let wrong = truth.iter().zip(&by_both).enumerate().filter(|(_, (t, b))| t != b);
        scores["wrong"] = wrong.map(|(n, (t, b))| json!([texts[n], LABELS[*t], LABELS[*b]])).collect();
        report.insert(format!("held_out_{lang}"), scores);
    }
    let path = [dir.join("bitext.jsonl"), dir.join("intents/bitext.jsonl")].into_iter().find(|path| path.exists());
    if let Some((path, encoder)) = path.zip(encoder) {
        let rows = bitext(&path)?;
        let texts: Vec<&str> = rows.iter().map(|(text, _)| text.as_str()).collect();
        let meant = meanings(encoder, &texts, |_, _| ()).await?;
        let examples: Vec<(Evidence, usize)> = rows
            .iter()
            .zip(meant)
            .map(|((text, label), meaning)| (Evidence { words: evidence(text, &understand(text)), meaning }, *label))
            .collect();
        let truth: Vec<usize> = rows.iter().map(|(_, label)| *label).collect();
        report.insert("bitext_cross_validated".to_owned(), scored(&truth, &cross_validated(&examples)));
        let ours: Vec<usize> =
            examples.iter().zip(&texts).map(|((e, _), text)| place(guess(text, &understand(text), Some(&e.meaning)).label)).collect();
        report.insert("bitext_from_our_phrases_alone".to_owned(), scored(&truth, &ours));
    }
    Ok(report.into())
}

fn place(label: &str) -> usize {
    LABELS.iter().position(|l| *l == label).expect("a guess is one of the labels")
}

/// What each example is told to be by a classifier that has not seen its fifth.
fn cross_validated(examples: &[(Evidence, usize)]) -> Vec<usize> {
    let mut told = vec![0; examples.len()];
    for fold in 0..FOLDS {
        let taught: Vec<_> = examples.iter().enumerate().filter(|(n, _)| n % FOLDS != fold).map(|(_, e)| e.clone()).collect();
        let (words, meaning) = (learn_words(&taught, LABELS.len()), learn_meaning(&taught, LABELS.len()));
        for n in (fold..examples.len()).step_by(FOLDS) {
            let evidence = &examples[n].0;
            let logits = words.of_words(&evidence.words).into_iter().zip(meaning.of_meaning(&evidence.meaning)).map(|(w, m)| w + m);
            told[n] = logits.enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(n, _)| n);
        }
    }
    told
}

/// F1 averaged over the classes that occur, accuracy, and recall of what is none of a shop's business where it occurs.
fn scored(truth: &[usize], told: &[usize]) -> Value {
    let mut f1 = serde_json::Map::new();
    let (mut sum, mut classes) = (0.0, 0.0);
    for (n, label) in LABELS.iter().enumerate() {
        let are = truth.iter().filter(|t| **t == n).count();
        if are == 0 {
            continue;
        }
        let said = told.iter().filter(|t| **t == n).count();
        let right = truth.iter().zip(told).filter(|(t, s)| **t == n && **s == n).count();
        let score = 2.0 * right as f64 / (are + said) as f64;
        (sum, classes) = (sum + score, classes + 1.0);
        f1.insert((*label).to_owned(), rounded(score));
    }
    let right = truth.iter().zip(told).filter(|(t, s)| t == s).count();
    let outside: Vec<bool> = truth.iter().zip(told).filter(|(t, _)| LABELS[**t] == "out_of_scope").map(|(t, s)| t == s).collect();
    json!({
        "n": truth.len(),
        "macro_f1": rounded(sum / classes),
        "accuracy": rounded(right as f64 / truth.len() as f64),
        "out_of_scope_recall": (!outside.is_empty()).then(|| rounded(outside.iter().filter(|r| **r).count() as f64 / outside.len() as f64)),
        "f1": f1,
    })
}

fn rounded(share: f64) -> Value {
    json!((share * 1000.0).round() / 1000.0)
}

fn bitext(path: &Path) -> anyhow::Result<Vec<(String, usize)>> {
    #[derive(Deserialize)]
    struct Row {
        text: String,
        intent: String,
    }
    let file = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    let mut rows = Vec::new();
    for line in file.lines() {
        let row: Row = serde_json::from_str(line).with_context(|| format!("read a line of {}", path.display()))?;
        let label = match row.intent.as_str() {
            "cancel_order" => "cancel",
            "change_order" | "change_shipping_address" | "set_up_shipping_address" => "change",
            "complaint" | "payment_issue" => "complaint",
            "contact_customer_service" | "contact_human_agent" => "human",
            "create_account"
            | "delete_account"
            | "edit_account"
            | "newsletter_subscription"
            | "recover_password"
            | "registration_problems"
            | "switch_account" => "account",
            "check_cancellation_fee"
            | "check_invoice"
            | "check_payment_methods"
            | "check_refund_policy"
            | "delivery_options"
            | "delivery_period"
            | "get_invoice" => "policy",
            "get_refund" | "track_refund" => "refund",
            "place_order" => "buy",
            "review" => "review",
            "track_order" => "order_status",
            other => anyhow::bail!("{} has an intent that is not mapped: {other}", path.display()),
        };
        rows.push((row.text, place(label)));
    }
    Ok(rows)
}
