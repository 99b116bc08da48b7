//! A message's meaning in; how likely it tells each of some problems or matters, and none of them, out. Pure.
//!
//! Multinomial logistic regression over the text encoder's vector, less the mean of their phrases in the message's language. The
//! last class is none of them: what tells none is learned from the phrases of `assets/intents` and from what a file adds.

use super::learned::{self, FINGERPRINT, digest};
use crate::algebra::{add, unit};
use crate::catalog::Lang;
use crate::learn::intents::{Linear, learn_plain, softmax};
use crate::search::vector::DIM;

/// A phrase, its language, and the place of its class; one place after the last is none.
pub type Example = (String, Lang, usize);

/// What messages may tell, with phrases that do.
pub trait Class: Sized {
    fn phrases(&self, lang: Lang) -> &[String];
}

/// What a message may tell.
#[derive(Clone, Debug)]
pub struct Told<C: 'static> {
    /// The probability that it tells none of them.
    pub none: f32,
    /// Each with its probability, the likeliest first.
    pub likely: Vec<(&'static C, f32)>,
}

pub struct Reader {
    centres: [Vec<f32>; 2],
    linear: Linear,
}

const LANGS: [Lang; 2] = [Lang::Zh, Lang::En];
/// Of the phrases of intents, one in so many is an example of what tells none.
const ONE_IN: usize = 3;

/// What is learned from: the phrases of `classes`; then of none the phrases of intents, but for labels under which one may be told, and `others`.
pub fn examples<C: Class>(classes: &[C], may_tell: &[&str], others: Vec<String>) -> Vec<Example> {
    let of = |(n, class): (usize, &C)| {
        let in_lang = |lang: Lang| class.phrases(lang).iter().map(move |text| (text.clone(), lang, n)).collect::<Vec<_>>();
        LANGS.map(in_lang).concat()
    };
    let told = classes.iter().enumerate().flat_map(of);
    let talk = learned::phrases().into_iter().filter(|(_, label)| !may_tell.contains(&learned::LABELS[*label])).step_by(ONE_IN);
    let none = talk.map(|(text, _)| text).chain(others);
    told.chain(none.map(|text| (text.clone(), lang_of(&text), classes.len()))).collect()
}

/// Learns from the vectors of `examples`, in their order; as bytes, for a file that tells from which `texts` it was made.
pub fn learn(examples: &[Example], vectors: &[Vec<f32>], classes: usize, texts: &[&str]) -> Vec<u8> {
    let centres = LANGS.map(|lang| {
        let own = || examples.iter().zip(vectors).filter(|((_, of, class), _)| *of == lang && *class < classes);
        let count = own().count().max(1) as f32;
        let mut centre = vec![0.0; DIM];
        own().for_each(|(_, vector)| add(&mut centre, &unit(vector.clone()).iter().map(|v| v / count).collect::<Vec<_>>()));
        centre
    });
    let features = examples.iter().zip(vectors).map(|((_, lang, class), vector)| (centred(vector, &centres[place(*lang)]), *class));
    let head = learn_plain(&features.collect::<Vec<_>>(), classes + 1);
    let values = centres.iter().flatten().chain(&head.bias).chain(&head.weights);
    values.flat_map(|v| v.to_le_bytes()).chain(digest(texts)).collect()
}

impl Reader {
    /// From what [`learn`] returned; `None` when it was for another number of classes.
    pub fn of(bytes: &[u8], classes: usize) -> Option<Self> {
        let bytes = &bytes[..bytes.len().checked_sub(FINGERPRINT)?];
        let values: Vec<f32> = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        let classes = classes + 1;
        if values.len() != 2 * DIM + classes + DIM * classes {
            return None;
        }
        let (centres, rest) = values.split_at(2 * DIM);
        let (bias, weights) = rest.split_at(classes);
        let linear = Linear { classes, bias: bias.to_vec(), weights: weights.to_vec(), centre: Vec::new() };
        Some(Self { centres: [centres[..DIM].to_vec(), centres[DIM..].to_vec()], linear })
    }

    /// What a message with that meaning tells; `None` for a vector of another encoder. `common` is taken from the logit of none, which has
    /// many times the phrases of any class (logit adjustment, Menon et al. 2021).
    pub fn read<C>(&self, classes: &'static [C], meaning: &[f32], lang: Lang, common: f32) -> Option<Told<C>> {
        if meaning.len() != DIM {
            return None;
        }
        let mut logits = self.linear.of_plain(&centred(meaning, &self.centres[place(lang)]));
        if let Some(none) = logits.last_mut() {
            *none -= common;
        }
        let mut shares = softmax(&logits);
        let none = shares.pop()?;
        let mut likely: Vec<(&'static C, f32)> = classes.iter().zip(shares).collect();
        likely.sort_by(|a, b| b.1.total_cmp(&a.1));
        Some(Told { none, likely })
    }
}

/// The language a phrase is written in.
fn lang_of(text: &str) -> Lang {
    if text.chars().any(super::reading::is_han) { Lang::Zh } else { Lang::En }
}

fn place(lang: Lang) -> usize {
    usize::from(lang == Lang::En)
}

fn centred(vector: &[f32], centre: &[f32]) -> Vec<f32> {
    unit(unit(vector.to_vec()).iter().zip(centre).map(|(v, c)| v - c).collect())
}
