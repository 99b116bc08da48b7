//! A number of products in; a catalogue of that size that nobody sells, needs for it, and vectors of its texts, out. For measuring
//! how time and memory grow; says nothing about quality.
//!
//! Words are as frequent as in a language: the k-th of a list comes up 1/k as often as the first (Zipf 1949).

use crate::algebra::unit;
use crate::model::random::Random;
use crate::search::Search;
use crate::search::sync::is_description;
use crate::store::Store;
use crate::turn::understand::lexicon;
use anyhow::Context;
use serde_json::json;
use std::io::Write;
use std::path::Path;

const QUALITIES: [&str; 40] = [
    "light",
    "waterproof",
    "portable",
    "wireless",
    "foldable",
    "large",
    "small",
    "steel",
    "cotton",
    "leather",
    "wooden",
    "quiet",
    "warm",
    "bright",
    "soft",
    "slim",
    "heavy-duty",
    "adjustable",
    "rechargeable",
    "insulated",
    "ceramic",
    "glass",
    "bamboo",
    "silicone",
    "magnetic",
    "digital",
    "mechanical",
    "classic",
    "outdoor",
    "travel",
    "family",
    "kids",
    "professional",
    "organic",
    "padded",
    "striped",
    "breathable",
    "compact",
    "heated",
    "reflective",
];
const COLOURS: [&str; 10] = ["black", "white", "grey", "blue", "red", "green", "brown", "pink", "yellow", "purple"];
const UNITS: [&str; 5] = ["cm", "l", "g", "W", "inch"];
const SYLLABLES: [&str; 24] = [
    "ba", "co", "de", "fi", "go", "hu", "ja", "ke", "li", "mo", "na", "or", "pe", "qui", "ra", "so", "ta", "ur", "va", "wi", "xe", "yo",
    "zu", "len",
];
const KINDS: usize = 300;
const BRANDS: usize = 3_000;
const VOCABULARY: usize = 20_000;
const DESCRIBED: usize = 25;
/// Texts of each kind that are really encoded; the others' vectors lie between three of these, with noise.
const ENCODED: usize = 512;
const NOISE: f32 = 0.05;
const KEPT_AT_ONCE: usize = 4_096;

struct Thing {
    brand: String,
    kind: &'static str,
    qualities: [&'static str; 2],
    colour: &'static str,
}

/// Writes a feed of `count` products.
///
/// # Errors
/// When the file cannot be written.
pub fn write_feed(file: &Path, count: usize) -> anyhow::Result<()> {
    let open = std::fs::File::create(file).with_context(|| format!("make {}", file.display()))?;
    let mut out = std::io::BufWriter::new(open);
    let kinds = lexicon::samples(false, KINDS);
    for n in 0..count {
        let mut random = Random::new(n as u64 + 1);
        let Thing { brand, kind, qualities: [first, second], colour } = thing(&mut random, &kinds);
        let (size, unit) = (1 + random.below(200), UNITS[random.below(UNITS.len())]);
        let words: Vec<String> = (0..DESCRIBED).map(|_| invented(zipf(&mut random, VOCABULARY))).collect();
        let price = (random.normal() + 3.5).exp().max(0.5);
        let line = json!({
            "id": format!("S{n}"), "title": format!("{brand} {first} {kind} {second} {size} {unit} {colour}"), "brand": brand,
            "description": words.join(" "), "product_type": format!("All > {kind}"), "color": colour,
            "price": format!("{price:.2} USD"), "availability": if random.below(8) == 0 { "out_of_stock" } else { "in_stock" },
        });
        writeln!(out, "{line}").with_context(|| format!("write {}", file.display()))?;
    }
    out.flush().with_context(|| format!("write {}", file.display()))
}

/// What shoppers would ask for: common things most often; every fourth need with a price, every sixth with a colour, every eighth with
/// a brand, every sixteenth mistyped.
pub fn needs(count: usize) -> Vec<String> {
    let kinds = lexicon::samples(false, KINDS);
    let need = |n: usize| {
        let mut random = Random::new((n as u64) << 32);
        let Thing { brand, mut kind, qualities: [first, second], colour } = thing(&mut random, &kinds);
        let mistyped = kind.strip_suffix(|c: char| c.is_ascii_alphabetic()).filter(|_| n % 16 == 15 && kind.len() > 6);
        kind = mistyped.unwrap_or(kind);
        let mut need = match n % 3 {
            0 => kind.to_owned(),
            1 => format!("{first} {kind}"),
            _ => format!("{first} {second} {kind}"),
        };
        if n % 8 == 5 {
            need = format!("{brand} {need}");
        }
        if n % 6 == 2 {
            need = format!("{colour} {need}");
        }
        if n % 4 == 3 {
            need += &format!(" under ${}", 10 + random.below(90));
        }
        need
    };
    (0..count).map(need).collect()
}

/// Gives every text of the shop a vector.
///
/// # Errors
/// When there is no encoder, it fails, or the vectors cannot be written.
pub async fn fill_vectors(search: &Search, store: &Store) -> anyhow::Result<()> {
    let (entries, texts) = search.texts(store).await?;
    let mut pools = Vec::new();
    for described in [false, true] {
        let alike = entries.iter().zip(&texts).filter(|(e, _)| is_description(e.bucket) == described);
        let samples: Vec<String> = alike.take(ENCODED).map(|(_, text)| text.clone()).collect();
        pools.push(search.embed(&samples).await?);
    }
    let mut random = Random::new(7);
    let missing: Vec<_> = entries.iter().filter(|e| !search.vectors().keeps(&e.print)).collect();
    for chunk in missing.chunks(KEPT_AT_ONCE) {
        let fresh = chunk.iter().map(|entry| (entry.print, between(&pools[usize::from(is_description(entry.bucket))], &mut random)));
        search.vectors().keep(&fresh.collect::<Vec<_>>())?;
    }
    Ok(())
}

fn between(pool: &[Vec<f32>], random: &mut Random) -> Vec<f32> {
    let mut near = [(); 3].map(|()| (random.uniform(), &pool[random.below(pool.len())]));
    near[0].0 += 1.0;
    let noisy = |n: usize, random: &mut Random| near.iter().map(|(w, v)| w * v[n]).sum::<f32>() + NOISE * (random.uniform() - 0.5);
    unit((0..pool[0].len()).map(|n| noisy(n, random)).collect())
}

fn thing(random: &mut Random, kinds: &[&'static str]) -> Thing {
    let brand = invented(zipf(random, BRANDS));
    let mut of = |list: &[&'static str]| list[zipf(random, list.len())];
    Thing { brand, kind: of(kinds), qualities: [of(&QUALITIES), of(&QUALITIES)], colour: of(&COLOURS) }
}

/// A place in a list of `count`, the k-th 1/k as often as the first.
fn zipf(random: &mut Random, count: usize) -> usize {
    (((count as f32).ln() * random.uniform()).exp() as usize).clamp(1, count) - 1
}

/// The n-th word of a language that does not exist.
fn invented(n: usize) -> String {
    let mut rest = n + SYLLABLES.len() * SYLLABLES.len();
    let mut word = String::new();
    while rest > 0 {
        word += SYLLABLES[rest % SYLLABLES.len()];
        rest /= SYLLABLES.len();
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_are_common_and_every_need_says_something() {
        let mut random = Random::new(3);
        let drawn: Vec<usize> = (0..10_000).map(|_| zipf(&mut random, 100)).collect();
        let count = |place: usize| drawn.iter().filter(|d| **d == place).count();
        assert!(count(0) > 3 * count(9) && count(9) > 0 && drawn.iter().all(|d| *d < 100));
        assert!(needs(64).iter().all(|need| !need.trim().is_empty()));
        assert_eq!(needs(8), needs(8));
    }
}
