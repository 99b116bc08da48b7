//! Labelled messages in; a classifier of what is asked, out. Pure.
//!
//! Multinomial logistic regression by stochastic gradient descent over two kinds of evidence, each trained by itself and their logits
//! added: hashed words, pairs and triples of words and four-letter pieces (Weinberger et al. 2009), and the text encoder's vector with
//! random Fourier features of it (Rahimi & Recht 2007), which tell what lies near in meaning as a Gaussian kernel does.

use crate::model::encoder::Encoder;
use crate::model::random::Random;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// A message as evidence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Places of its words and pieces, each once.
    pub words: Vec<u32>,
    /// Unit vector of its meaning; empty without an encoder.
    pub meaning: Vec<f32>,
}

/// Logits are `bias + Σ weights`, a column for each class.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    pub classes: usize,
    pub bias: Vec<f32>,
    /// `place × classes`.
    pub weights: Vec<f32>,
    /// Taken from a meaning before it is weighed; empty for words.
    pub centre: Vec<f32>,
}

/// Places that words are hashed into.
pub const PLACES: usize = 1 << 15;
/// A centred unit vector is short; this brings its steps near to those of words.
const SCALE: f32 = 8.0;
const WORD_ROUNDS: usize = 12;
const WORD_RATE: f32 = 0.5;
const MEANING_ROUNDS: usize = 25;
const MEANING_RATE: f32 = 0.3;
const PLAIN_ROUNDS: usize = 6;
const PLAIN_RATE: f32 = 0.05;
const SEED: u64 = 1;
/// Random Fourier features of a meaning, and the width of the kernel they stand for, in lengths of a centred vector.
const WAVES: usize = 1536;
const WIDTH: f32 = 0.9;
const BATCH: usize = 32;

/// The words and pieces of a message: English words with their beginnings and ends, Chinese characters, runs of two and three of them.
pub fn words(text: &str) -> Vec<u32> {
    let folded: String = text.nfkc().collect::<String>().to_lowercase().replace(['\'', '’'], "");
    let mut tokens: Vec<&str> = Vec::new();
    for part in folded.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty()) {
        let mut from = 0;
        for (at, c) in part.char_indices() {
            if !c.is_ascii() {
                tokens.extend((from < at).then(|| &part[from..at]));
                tokens.push(&part[at..at + c.len_utf8()]);
                from = at + c.len_utf8();
            }
        }
        tokens.extend((from < part.len()).then(|| &part[from..]));
    }
    let mut places = Vec::new();
    let mut add = |kind: u8, parts: &[&str]| places.push(place(kind, parts));
    for run in 1..=3 {
        tokens.windows(run).for_each(|window| add(run as u8, window));
    }
    for token in tokens.iter().filter(|t| t.is_ascii() && t.len() > 2) {
        let framed = format!("^{token}$");
        (0..framed.len() - 3).for_each(|at| add(4, &[&framed[at..at + 4]]));
    }
    tokens.first().into_iter().for_each(|first| add(5, &[first]));
    places.sort_unstable();
    places.dedup();
    places
}

/// FNV-1a (Fowler, Noll & Vo).
pub fn place(kind: u8, parts: &[&str]) -> u32 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([b' '])).chain([kind]);
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    ((hash >> 32) as usize % PLACES) as u32
}

/// Learns from the words of each example.
pub fn learn_words(examples: &[(Evidence, usize)], classes: usize) -> Linear {
    let mut model = Linear { classes, bias: vec![0.0; classes], weights: vec![0.0; PLACES * classes], centre: Vec::new() };
    descend(examples.len(), WORD_ROUNDS, |n, round| {
        let (evidence, label) = &examples[n];
        let share = share(&evidence.words);
        let mut step = model.error(model.of_words(&evidence.words), *label);
        let rate = WORD_RATE / (1.0 + 0.15 * round as f32);
        model.bias.iter_mut().zip(&step).for_each(|(b, s)| *b -= 0.1 * rate * s);
        step.iter_mut().for_each(|s| *s *= rate * share);
        for place in &evidence.words {
            let from = *place as usize * classes;
            model.weights[from..from + classes].iter_mut().zip(&step).for_each(|(w, s)| *w -= s);
        }
    });
    model
}

/// Learns from the meaning of each example. All of one length.
pub fn learn_meaning(examples: &[(Evidence, usize)], classes: usize) -> Linear {
    let dim = examples.first().map_or(0, |(e, _)| e.meaning.len());
    let mut centre = vec![0.0; dim];
    for (evidence, _) in examples {
        centre.iter_mut().zip(&evidence.meaning).for_each(|(c, v)| *c += v / examples.len() as f32);
    }
    let features: Vec<Vec<f32>> = examples.iter().map(|(e, _)| spread(&e.meaning, &centre)).collect();
    let places = features.first().map_or(0, Vec::len);
    let mut model = Linear { classes, bias: vec![0.0; classes], weights: vec![0.0; places * classes], centre };
    descend(examples.len(), MEANING_ROUNDS, |n, round| {
        let label = examples[n].1;
        let mut step = model.error(model.of_features(&features[n]), label);
        let rate = MEANING_RATE / (1.0 + 0.15 * round as f32);
        model.bias.iter_mut().zip(&step).for_each(|(b, s)| *b -= 0.1 * rate * s);
        step.iter_mut().for_each(|s| *s *= rate);
        for (row, feature) in model.weights.chunks_exact_mut(classes).zip(&features[n]) {
            row.iter_mut().zip(&step).for_each(|(w, s)| *w -= s * feature);
        }
    });
    model
}

/// Learns from unit vectors that are centred already, without waves: where examples of a class are few, those learn them by heart.
pub fn learn_plain(examples: &[(Vec<f32>, usize)], classes: usize) -> Linear {
    let dim = examples.first().map_or(0, |(vector, _)| vector.len());
    let mut model = Linear { classes, bias: vec![0.0; classes], weights: vec![0.0; dim * classes], centre: Vec::new() };
    descend(examples.len(), PLAIN_ROUNDS, |n, round| {
        let (vector, label) = &examples[n];
        let mut step = model.error(model.of_plain(vector), *label);
        let rate = PLAIN_RATE / (1.0 + 0.15 * round as f32);
        model.bias.iter_mut().zip(&step).for_each(|(b, s)| *b -= 0.1 * rate * s);
        step.iter_mut().for_each(|s| *s *= rate * SCALE);
        for (row, value) in model.weights.chunks_exact_mut(classes).zip(vector) {
            row.iter_mut().zip(&step).for_each(|(w, s)| *w -= s * value);
        }
    });
    model
}

/// Query vectors of texts, in batches; nobody waits for them.
///
/// # Errors
/// When the encoder fails.
pub async fn meanings(encoder: &Encoder, texts: &[&str], progress: impl Fn(usize, usize)) -> anyhow::Result<Vec<Vec<f32>>> {
    let mut vectors = Vec::with_capacity(texts.len());
    for batch in texts.chunks(BATCH) {
        vectors.extend(encoder.encode_samples(batch).await?);
        progress(vectors.len(), texts.len());
    }
    Ok(vectors)
}

/// Calls `step(example, round)` for every example in each round, in another order each time.
fn descend(count: usize, rounds: usize, mut step: impl FnMut(usize, usize)) {
    let (mut order, mut random): (Vec<usize>, _) = ((0..count).collect(), Random::new(SEED));
    for round in 0..rounds {
        random.shuffle(&mut order);
        order.iter().for_each(|n| step(*n, round));
    }
}

/// The centred meaning, and its waves: cosines along random directions.
fn spread(meaning: &[f32], centre: &[f32]) -> Vec<f32> {
    let centred: Vec<f32> = meaning.iter().zip(centre).map(|(value, mean)| SCALE * (value - mean)).collect();
    let length = centred.iter().map(|v| v * v).sum::<f32>().sqrt().max(1e-6);
    let height = (2.0 / WAVES as f32).sqrt() * SCALE / 2.0;
    let waves = DIRECTIONS.iter().map(|(phase, direction)| {
        let along: f32 = direction.iter().zip(&centred).map(|(d, v)| d * v).sum();
        height * (along / (length * WIDTH) + phase).cos()
    });
    let waves: Vec<f32> = waves.collect();
    centred.into_iter().chain(waves).collect()
}

/// Normal directions and even phases, the same ever after.
static DIRECTIONS: LazyLock<Vec<(f32, Vec<f32>)>> = LazyLock::new(|| {
    let mut random = Random::new(SEED);
    (0..WAVES)
        .map(|_| (random.uniform() * std::f32::consts::TAU, (0..crate::search::vector::DIM).map(|_| random.normal()).collect()))
        .collect()
});

fn share(words: &[u32]) -> f32 {
    1.0 / (words.len().max(1) as f32).sqrt()
}

impl Linear {
    pub fn of_words(&self, words: &[u32]) -> Vec<f32> {
        let (mut logits, share) = (self.bias.clone(), share(words));
        for place in words {
            let from = *place as usize * self.classes;
            logits.iter_mut().zip(&self.weights[from..from + self.classes]).for_each(|(l, w)| *l += share * w);
        }
        logits
    }

    /// Logits of a vector as long as those it was taught with; the bias alone for any other.
    pub fn of_meaning(&self, meaning: &[f32]) -> Vec<f32> {
        if meaning.len() != self.centre.len() {
            return self.bias.clone();
        }
        self.of_features(&spread(meaning, &self.centre))
    }

    /// Logits of a centred unit vector.
    pub fn of_plain(&self, vector: &[f32]) -> Vec<f32> {
        self.of_features(&vector.iter().map(|v| SCALE * v).collect::<Vec<_>>())
    }

    fn of_features(&self, features: &[f32]) -> Vec<f32> {
        let mut logits = self.bias.clone();
        for (row, feature) in self.weights.chunks_exact(self.classes).zip(features) {
            logits.iter_mut().zip(row).for_each(|(l, w)| *l += feature * w);
        }
        logits
    }

    /// Weights of meaning as bytes (little-endian f32: centre, bias, weights), for a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.centre.iter().chain(&self.bias).chain(&self.weights).flat_map(|v| v.to_le_bytes()).collect()
    }

    /// The same from such bytes and whatever stands in the eight after them. `None` when they are not of that many classes.
    pub fn from_bytes(bytes: &[u8], classes: usize) -> Option<Self> {
        let values: Vec<f32> =
            bytes[..bytes.len().checked_sub(8)?].chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        let dim = values.len().checked_sub(classes + WAVES * classes)? / (classes + 1);
        if dim == 0 || values.len() != dim * (classes + 1) + classes + WAVES * classes {
            return None;
        }
        let (centre, rest) = values.split_at(dim);
        let (bias, weights) = rest.split_at(classes);
        Some(Self { classes, bias: bias.to_vec(), weights: weights.to_vec(), centre: centre.to_vec() })
    }

    /// What each probability is off by.
    fn error(&self, logits: Vec<f32>, label: usize) -> Vec<f32> {
        let mut off = softmax(&logits);
        off[label] -= 1.0;
        off
    }
}

pub fn softmax(logits: &[f32]) -> Vec<f32> {
    let most = logits.iter().copied().fold(f32::MIN, f32::max);
    let raised: Vec<f32> = logits.iter().map(|l| (l - most).exp()).collect();
    let sum: f32 = raised.iter().sum();
    raised.into_iter().map(|r| r / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learns_what_tells_two_kinds_apart() {
        let example = |text: &str, meaning: [f32; 2], label| (Evidence { words: words(text), meaning: meaning.to_vec() }, label);
        let examples = [
            example("cancel my order please", [1.0, 0.0], 0),
            example("不想要了，取消订单", [0.9, 0.1], 0),
            example("where is my parcel", [0.0, 1.0], 1),
            example("快递到哪儿了", [0.1, 0.9], 1),
        ];
        let (by_words, by_meaning) = (learn_words(&examples, 2), learn_meaning(&examples, 2));
        for (text, label) in [("please cancel", 0), ("取消", 0), ("wheres the parcel", 1), ("快递呢", 1)] {
            let told = softmax(&by_words.of_words(&words(text)));
            assert!(told[label] > 0.5, "{text}: {told:?}");
        }
        assert!(softmax(&by_meaning.of_meaning(&[0.8, 0.2]))[0] > 0.5);
        assert_eq!(by_meaning.of_meaning(&[]), by_meaning.bias, "without a meaning");
        assert!(words("").is_empty());
    }
}
