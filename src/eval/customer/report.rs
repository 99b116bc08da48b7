//! What was played in; the figures, and the failed conversations as text, out.

use super::{Play, Played};
use crate::catalog::Lang;
use crate::config;
use crate::eval::metrics::mean;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many successes in a row the consistency figure wants: pass^4.
const IN_A_ROW: usize = 4;

pub fn figures(play: &Play, played: &[Played], options: &config::Customer) -> Value {
    let of = |lang: Lang| rates(played.iter().filter(move |p| p.job.lang == lang));
    let mut failures: BTreeMap<&str, usize> = BTreeMap::new();
    played.iter().filter_map(|p| p.failure).for_each(|why| *failures.entry(why).or_default() += 1);
    let messages: Vec<f64> = played.iter().map(|p| p.messages as f64).collect();
    let replies: Vec<f64> = played.iter().flat_map(|p| p.reply_ms.iter().copied()).collect();
    let to_refuse = |p: &Played| play.tasks[p.job.task].refusals.iter().flatten().count();
    json!({
        "tasks": options.tasks.unwrap_or(play.tasks.len()).min(play.tasks.len()),
        "rounds": options.rounds,
        "seed": options.seed,
        "all": rates(played.iter()),
        "en": of(Lang::En),
        "zh": of(Lang::Zh),
        "messages": {"mean": round(average(&messages)), "p95": quantile(&messages, 0.95)},
        "reply_ms": {"p50": round(quantile(&replies, 0.5)), "p95": round(quantile(&replies, 0.95)), "n": replies.len()},
        "refused_as_expected": {
            "n": played.iter().map(|p| p.rightly_refused).sum::<usize>(),
            "of": played.iter().map(to_refuse).sum::<usize>(),
        },
        "questions": {
            "asked": played.iter().filter(|p| p.asked).count(),
            "not_understood": played.iter().filter(|p| p.not_answered).count(),
        },
        "failures": failures,
    })
}

/// pass^1 is the mean over tasks of the share of rounds that succeeded; pass^k the mean of C(c, k) / C(n, k), the chance that k rounds
/// drawn from a task's n all succeed (τ-bench, Yao et al. 2024).
fn rates<'a>(played: impl Iterator<Item = &'a Played>) -> Value {
    let mut of_task: BTreeMap<(usize, bool), (usize, usize)> = BTreeMap::new();
    for one in played {
        let (done, n) = of_task.entry((one.job.task, one.job.lang == Lang::Zh)).or_default();
        *n += 1;
        *done += usize::from(one.failure.is_none());
    }
    let in_a_row = |k: usize| {
        let shares: Vec<f64> = of_task.values().filter(|(_, n)| *n >= k).map(|(done, n)| chosen(*done, k) / chosen(*n, k)).collect();
        mean(&shares)
    };
    json!({"pass1": in_a_row(1), "pass4": in_a_row(IN_A_ROW)})
}

/// n over k.
fn chosen(n: usize, k: usize) -> f64 {
    if k > n { 0.0 } else { (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product() }
}

fn average(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn quantile(values: &[f64], share: f64) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(((values.len().saturating_sub(1)) as f64 * share).round() as usize).copied().unwrap_or_default()
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Every failed conversation, with what must have come of it and what has.
pub fn transcripts(play: &Play, played: &[Played]) -> String {
    let mut text = String::new();
    for one in played {
        let Some(failure) = one.failure else { continue };
        let task = &play.tasks[one.job.task];
        let deeds: Vec<String> = task.deeds.iter().map(|d| json!(d).to_string()).collect();
        let title = format!("task {}, {}, round {}, seed {}: {failure}", task.number, one.job.lang.code(), one.job.round, one.job.seed);
        writeln!(text, "=== {title}\n{}\n{}\n", task.instruction, deeds.join("\n")).expect("a text takes all that is written");
        one.lines.iter().for_each(|line| {
            text.push_str(line);
            text.push('\n');
        });
        text.push('\n');
        one.differences.iter().for_each(|line| {
            text.push_str(&format!("! {line}\n"));
        });
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::customer::Job;

    #[test]
    fn figures_by_hand() {
        let played = |task: usize, failed: bool| Played {
            job: Job { task, lang: Lang::En, round: 0, seed: 0 },
            failure: failed.then_some("misunderstood"),
            differences: Vec::new(),
            lines: Vec::new(),
            messages: 4,
            reply_ms: vec![1.0],
            asked: false,
            not_answered: false,
            rightly_refused: 0,
        };
        // One task done four times of five, the other always: pass^4 is (C(4,4)/C(5,4) + 1) / 2.
        let all: Vec<Played> = (0..5).map(|n| played(0, n == 0)).chain((0..5).map(|_| played(1, false))).collect();
        let rates = rates(all.iter());
        assert_eq!((rates["pass1"]["mean"].as_f64(), rates["pass4"]["mean"].as_f64()), (Some(0.9), Some(0.6)));
        assert_eq!((chosen(5, 4), chosen(3, 4), chosen(4, 1)), (5.0, 0.0, 4.0));
        assert_eq!(quantile(&[1.0, 3.0, 2.0], 0.5), 2.0);
    }
}
