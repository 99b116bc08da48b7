//! A message's meaning in; how likely it is about each of some matters, and about none of them, out. Pure.
//!
//! Multinomial logistic regression over the text encoder's vector, less the mean of the matters' phrases in the message's language. The
//! last class is none of them.

use crate::algebra::{add, unit};
use crate::catalog::Lang;
use crate::learn::intents::{Linear, learn_plain, softmax};
use crate::search::vector::DIM;

/// A phrase, its language, and the place of its matter; one place after the last is none.
pub type Example = (String, Lang, usize);

pub struct Reader {
    centres: [Vec<f32>; 2],
    linear: Linear,
}

const LANGS: [Lang; 2] = [Lang::Zh, Lang::En];

/// Learns from the vectors of `examples`, in their order; as bytes, for a file.
pub fn learn(examples: &[Example], vectors: &[Vec<f32>], matters: usize) -> Vec<u8> {
    let centres = LANGS.map(|lang| {
        let own = || examples.iter().zip(vectors).filter(|((_, of, class), _)| *of == lang && *class < matters);
        let count = own().count().max(1) as f32;
        let mut centre = vec![0.0; DIM];
        own().for_each(|(_, vector)| add(&mut centre, &unit(vector.clone()).iter().map(|v| v / count).collect::<Vec<_>>()));
        centre
    });
    let features = examples.iter().zip(vectors).map(|((_, lang, class), vector)| (centred(vector, &centres[place(*lang)]), *class));
    let head = learn_plain(&features.collect::<Vec<_>>(), matters + 1);
    let values = centres.iter().flatten().chain(&head.bias).chain(&head.weights);
    values.flat_map(|v| v.to_le_bytes()).collect()
}

impl Reader {
    /// From what [`learn`] returned; `None` when it was for another number of matters.
    pub fn of(bytes: &[u8], matters: usize) -> Option<Self> {
        let values: Vec<f32> = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        let classes = matters + 1;
        if values.len() != 2 * DIM + classes + DIM * classes {
            return None;
        }
        let (centres, rest) = values.split_at(2 * DIM);
        let (bias, weights) = rest.split_at(classes);
        let linear = Linear { classes, bias: bias.to_vec(), weights: weights.to_vec(), centre: Vec::new() };
        Some(Self { centres: [centres[..DIM].to_vec(), centres[DIM..].to_vec()], linear })
    }

    /// The probability of each matter, in their order, and of none; `None` for a vector of another encoder. `common` is taken from the logit
    /// of none, which has many times the phrases of any matter (logit adjustment, Menon et al. 2021).
    pub fn read(&self, meaning: &[f32], lang: Lang, common: f32) -> Option<(Vec<f32>, f32)> {
        if meaning.len() != DIM {
            return None;
        }
        let mut logits = self.linear.of_plain(&centred(meaning, &self.centres[place(lang)]));
        if let Some(none) = logits.last_mut() {
            *none -= common;
        }
        let mut shares = softmax(&logits);
        let none = shares.pop()?;
        Some((shares, none))
    }
}

/// The language a phrase is written in.
pub fn lang_of(text: &str) -> Lang {
    if text.chars().any(super::reading::is_han) { Lang::Zh } else { Lang::En }
}

fn place(lang: Lang) -> usize {
    usize::from(lang == Lang::En)
}

fn centred(vector: &[f32], centre: &[f32]) -> Vec<f32> {
    unit(unit(vector.to_vec()).iter().zip(centre).map(|(v, c)| v - c).collect())
}
