//! Needs with labels in; how often price limits and sizes are read right, out.
//!
//! Labels are ours, made by rule and by eye. `benches/needs.jsonl`: 300 by line of `needs.jsonl`, in which nobody names a price, and
//! sentences of our own, English and Chinese, that do or that hold numbers which are none. `benches/limits.jsonl`: 300 sentences with
//! prices and sizes, written and labelled by somebody who does not know the parser.

use super::metrics::share;
use crate::catalog::money::exponent;
use crate::search::filter::size_key;
use crate::turn::understand::understand;
use anyhow::Context;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::Path;

/// Prices are in whole units of money.
#[derive(Deserialize)]
struct Label {
    line: Option<usize>,
    #[serde(default)]
    text: String,
    price_min: Option<f64>,
    price_max: Option<f64>,
    price_about: Option<f64>,
    currency: Option<String>,
    #[serde(default)]
    sizes: Vec<String>,
}

#[derive(Deserialize)]
struct Need {
    text: String,
}

const LABELS: &str = include_str!("../../benches/needs.jsonl");
const LIMITS: [&str; 2] = [include_str!("../../benches/limits.jsonl"), include_str!("../../benches/limits2.jsonl")];

/// `dir` or its `intents` holds `needs.jsonl`.
///
/// # Errors
/// When that file cannot be read.
pub fn evaluate(dir: &Path) -> anyhow::Result<Value> {
    let path = [dir.join("needs.jsonl"), dir.join("intents/needs.jsonl")].into_iter().find(|path| path.exists());
    let path = path.with_context(|| format!("there is no needs.jsonl in {}", dir.display()))?;
    let needs = std::fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
    let needs: Vec<&str> = needs.lines().collect();
    let (mut prices, mut sizes, mut own_prices, mut own_sizes, mut misread) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for label in LABELS.lines() {
        let label: Label = serde_json::from_str(label).context("read a label")?;
        let text = match label.line {
            Some(line) => {
                let need = needs.get(line - 1).with_context(|| format!("{} has no line {line}", path.display()))?;
                serde_json::from_str::<Need>(need).context("read a need")?.text
            }
            None => label.text.clone(),
        };
        let (price, size) = (price_is_right(&text, &label), sizes_are_right(&text, &label));
        if !price || !size {
            misread.push(text);
        }
        match label.line {
            Some(_) => (prices.push(price), sizes.push(size)),
            None => (own_prices.push(price), own_sizes.push(size)),
        };
    }
    let read = LIMITS.map(limits);
    misread.extend(read.iter().flat_map(|(_, missed)| missed.clone()));
    let limits = read.map(|(shares, _)| shares);
    Ok(
        json!({"limits": limits, "needs": {"price": share(prices), "sizes": share(sizes)}, "own": {"price": share(own_prices), "sizes": share(own_sizes)}, "misread": misread}),
    )
}

/// How many of the sentences with limits are read right, in price and in size, and those that are not.
fn limits(lines: &str) -> (Value, Vec<String>) {
    let labels: Vec<Label> = lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let (price, sizes) = (|l: &Label| price_is_right(&l.text, l), |l: &Label| sizes_are_right(&l.text, l));
    let missed = labels.iter().filter(|l| !price(l) || !sizes(l)).map(|l| l.text.clone()).collect();
    (json!({"price": share(labels.iter().map(price)), "sizes": share(labels.iter().map(sizes))}), missed)
}

fn price_is_right(text: &str, label: &Label) -> bool {
    let read = understand(text).filters;
    let unit = 10_f64.powi(exponent(label.currency.as_deref().unwrap_or_default()) as i32);
    let minor = |price: Option<f64>| price.map(|p| (p * unit).round() as i64);
    match label.price_about {
        Some(_) => read.price_about == minor(label.price_about),
        None => (read.price_min, read.price_max) == (minor(label.price_min), minor(label.price_max)),
    }
}

fn sizes_are_right(text: &str, label: &Label) -> bool {
    let key = |sizes: &[String]| {
        let mut keys: Vec<String> = sizes.iter().map(|s| size_key(s)).collect();
        keys.sort();
        keys
    };
    key(&understand(text).filters.sizes) == key(&label.sizes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_and_sizes_are_read_in_nineteen_of_twenty_sentences() {
        for lines in LIMITS {
            let (shares, missed) = limits(lines);
            let share = |of: &str| shares[of]["mean"].as_f64().expect("a share");
            println!("{shares}");
            for text in &missed {
                let label = lines.lines().find(|l| l.contains(text.as_str()));
                let f = understand(text).filters;
                println!("{label:?}\n   {:?} {:?} {:?} {:?}", f.price_min, f.price_max, f.price_about, f.sizes);
            }
            assert_eq!(lines.lines().count(), 300);
            assert!(share("price") >= 0.95 && share("sizes") >= 0.95, "{shares} {missed:?}");
        }
    }

    /// The labelled needs themselves are no part of the repository; our own sentences are.
    #[test]
    fn prices_and_sizes_of_our_own_sentences_are_read_right() {
        let labels: Vec<Label> = LABELS.lines().map(|line| serde_json::from_str(line).expect("a label")).collect();
        let wrong = |l: &&Label| !price_is_right(&l.text, l) || !sizes_are_right(&l.text, l);
        let wrong: Vec<&str> = labels.iter().filter(|l| l.line.is_none()).filter(wrong).map(|l| l.text.as_str()).collect();
        assert_eq!(wrong, Vec::<&str>::new());
    }
}
