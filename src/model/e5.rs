//! multilingual-e5-small: texts in, unit vectors of 384 dimensions out (mean pooling over tokens, then L2).
//!
//! BERT as in Devlin et al. 2019, written out here for speed: linear layers in 8-bit integers, texts one behind the other without
//! padding, and each thread with texts of its own, so that nothing waits within a layer. Word embeddings stay in the mapped file,
//! because a text touches a few rows of 250,000.

use super::TextEncoder;
use super::int8::Linear;
use crate::algebra::{add, dot, unit};
use anyhow::{Context, anyhow, ensure};
use candle_core::safetensors::MmapedSafetensors;
use candle_core::{DType, Device};
use rayon::prelude::*;
use serde::Deserialize;
use std::ops::Range;
use std::path::Path;
use tokenizers::{Tokenizer, TruncationParams};

pub struct E5 {
    words: MmapedSafetensors,
    /// Position plus token type, one row a position.
    places: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    hidden: usize,
    heads: usize,
    tokenizer: Tokenizer,
    pool: rayon::ThreadPool,
}

#[derive(Deserialize)]
struct Config {
    hidden_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    layer_norm_eps: f32,
}

struct Layer {
    /// Query, key and value side by side.
    attend: Linear,
    mix: Linear,
    mix_norm: Norm,
    widen: Linear,
    narrow: Linear,
    norm: Norm,
}

struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
    eps: f32,
}

const LONGEST: usize = 96;
const WORDS: &str = "embeddings.word_embeddings.weight";

impl E5 {
    /// Loads `model.safetensors`, `tokenizer.json` and `config.json` of `dir`.
    ///
    /// # Errors
    /// Names the file that is missing or broken.
    pub fn load(dir: &Path) -> anyhow::Result<Self> {
        let path = dir.join("config.json");
        let config = std::fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
        let config: Config = serde_json::from_str(&config).context("read the text encoder's config.json")?;
        let (hidden, heads) = (config.hidden_size, config.num_attention_heads);
        ensure!(heads > 0 && hidden % heads == 0, "the text encoder's config.json names an odd number of heads");
        let path = dir.join("model.safetensors");
        // Safety: the file is written once, by rename, and never changed in place.
        let words = unsafe { MmapedSafetensors::new(&path) }.with_context(|| format!("open {}", path.display()))?;
        let weights = Weights { file: &words, eps: config.layer_norm_eps };
        let kind = weights.values("embeddings.token_type_embeddings.weight")?;
        let mut places = weights.values("embeddings.position_embeddings.weight")?;
        places.chunks_exact_mut(hidden).for_each(|place| add(place, &kind[..hidden]));
        let norm = weights.norm("embeddings.LayerNorm")?;
        let layers =
            (0..config.num_hidden_layers).map(|n| weights.layer(n)).collect::<anyhow::Result<_>>().context("load the text encoder")?;
        let mut tokenizer =
            Tokenizer::from_file(dir.join("tokenizer.json")).map_err(|e| anyhow!("load the text encoder's tokenizer: {e}"))?;
        let truncation = TruncationParams { max_length: LONGEST, ..TruncationParams::default() };
        tokenizer.with_truncation(Some(truncation)).map_err(|e| anyhow!("set up the tokenizer: {e}"))?;
        tokenizer.with_padding(None);
        let pool = rayon::ThreadPoolBuilder::new().thread_name(|n| format!("text encoder {n}")).build().context("start encoder threads")?;
        Ok(Self { words, places, norm, layers, hidden, heads, tokenizer, pool })
    }

    fn forward(&self, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
        let encodings = self.tokenizer.encode_batch(texts.to_vec(), true).map_err(|e| anyhow!("tokenize: {e}"))?;
        let mut spans: Vec<Range<usize>> = Vec::with_capacity(texts.len());
        let mut states = Vec::new();
        for encoding in &encodings {
            let from = states.len() / self.hidden;
            self.embed(encoding.get_ids(), &mut states)?;
            spans.push(from..states.len() / self.hidden);
        }
        self.norm.apply(&mut states);
        for layer in &self.layers {
            layer.forward(&mut states, &spans, self.heads);
        }
        Ok(spans.into_iter().map(|span| self.pool_rows(&states[span.start * self.hidden..span.end * self.hidden])).collect())
    }

    /// The mean of a text's rows, with length 1.
    fn pool_rows(&self, rows: &[f32]) -> Vec<f32> {
        let mut sum = vec![0.0; self.hidden];
        rows.chunks_exact(self.hidden).for_each(|row| add(&mut sum, row));
        unit(sum)
    }

    /// Rows of the word table, read from the mapped file, plus their places.
    fn embed(&self, ids: &[u32], states: &mut Vec<f32>) -> anyhow::Result<()> {
        let table = self.words.get(WORDS).context("read the word embeddings")?;
        let bytes = match table.dtype() {
            safetensors::Dtype::F16 => 2,
            safetensors::Dtype::F32 => 4,
            other => anyhow::bail!("the word embeddings are {other:?}; f16 or f32 was expected"),
        };
        let data = table.data();
        for (id, place) in ids.iter().zip(self.places.chunks_exact(self.hidden)) {
            let at = *id as usize * self.hidden * bytes;
            let row = data.get(at..at + self.hidden * bytes).context("the tokenizer knows a word that the model does not")?;
            let values = row.chunks_exact(bytes).map(|b| match bytes {
                2 => half::f16::from_le_bytes([b[0], b[1]]).to_f32(),
                _ => f32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            });
            states.extend(values.zip(place).map(|(v, p)| v + p));
        }
        Ok(())
    }
}

impl TextEncoder for E5 {
    fn name(&self) -> &str {
        super::E5_SMALL
    }

    fn encode(&mut self, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
        let this = &*self;
        let share = texts.len().div_ceil(this.pool.current_num_threads()).max(1);
        let parts = this.pool.install(|| texts.par_chunks(share).map(|part| this.forward(part)).collect::<anyhow::Result<Vec<_>>>());
        Ok(parts.context("encode texts")?.concat())
    }
}

impl Layer {
    fn forward(&self, states: &mut [f32], spans: &[Range<usize>], heads: usize) {
        let hidden = self.norm.weight.len();
        let parts = self.attend.forward(states);
        let mut mixed = vec![0.0; states.len()];
        for Range { start, end } in spans.iter().cloned() {
            attend(&parts[start * 3 * hidden..end * 3 * hidden], &mut mixed[start * hidden..end * hidden], hidden, heads);
        }
        add(states, &self.mix.forward(&mixed));
        self.mix_norm.apply(states);
        let mut wide = self.widen.forward(states);
        wide.iter_mut().for_each(|v| *v = gelu(*v));
        add(states, &self.narrow.forward(&wide));
        self.norm.apply(states);
    }
}

/// Scaled dot-product attention among the rows of one text; each row of `parts` is its query, key and value.
fn attend(parts: &[f32], mixed: &mut [f32], hidden: usize, heads: usize) {
    let size = hidden / heads;
    let scale = 1.0 / (size as f32).sqrt();
    let rows: Vec<&[f32]> = parts.chunks_exact(3 * hidden).collect();
    let mut weights = vec![0.0_f32; rows.len()];
    for head in 0..heads {
        let (query, key, value) = (head * size, hidden + head * size, 2 * hidden + head * size);
        for (row, out) in rows.iter().zip(mixed.chunks_exact_mut(hidden)) {
            for (weight, other) in weights.iter_mut().zip(&rows) {
                *weight = dot(&row[query..query + size], &other[key..key + size]) * scale;
            }
            let most = weights.iter().copied().fold(f32::MIN, f32::max);
            weights.iter_mut().for_each(|w| *w = (*w - most).exp());
            let sum: f32 = weights.iter().sum();
            let out = &mut out[query..query + size];
            for (weight, other) in weights.iter().zip(&rows) {
                let share = weight / sum;
                out.iter_mut().zip(&other[value..value + size]).for_each(|(o, v)| *o += share * v);
            }
        }
    }
}

/// x · Φ(x), with the error function as a ratio of polynomials in x², good to 1e-6 and without a branch, so that it runs in vector
/// registers (the coefficients are those of Eigen's `erf`).
fn gelu(x: f32) -> f32 {
    let t = (x * std::f32::consts::FRAC_1_SQRT_2).clamp(-4.0, 4.0);
    let s = t * t;
    let above = [-2.726_142e-10, 2.770_681_4e-8, -2.101_024e-6, -5.692_506_4e-5, -7.349_906e-4, -2.954_6e-3, -1.609_603_4e-2];
    let below = [-1.456_607_2e-5, -2.133_740_5e-4, -1.682_827e-3, -7.373_329_3e-3, -1.426_473_9e-2];
    let horner = |coefficients: &[f32]| coefficients.iter().fold(0.0, |sum: f32, c| sum.mul_add(s, *c));
    0.5 * x * (1.0 + t * horner(&above) / horner(&below))
}

impl Norm {
    fn apply(&self, rows: &mut [f32]) {
        let width = self.weight.len();
        for row in rows.chunks_exact_mut(width) {
            let mean = row.iter().sum::<f32>() / width as f32;
            let variance = row.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>() / width as f32;
            let inverse = 1.0 / (variance + self.eps).sqrt();
            row.iter_mut().zip(&self.weight).zip(&self.bias).for_each(|((v, w), b)| *v = (*v - mean) * inverse * w + b);
        }
    }
}

struct Weights<'a> {
    file: &'a MmapedSafetensors,
    eps: f32,
}

impl Weights<'_> {
    fn values(&self, name: &str) -> anyhow::Result<Vec<f32>> {
        let tensor = self.file.load(name, &Device::Cpu).with_context(|| format!("read the weight {name}"))?;
        Ok(tensor.to_dtype(DType::F32)?.flatten_all()?.to_vec1()?)
    }

    fn norm(&self, name: &str) -> anyhow::Result<Norm> {
        Ok(Norm { weight: self.values(&format!("{name}.weight"))?, bias: self.values(&format!("{name}.bias"))?, eps: self.eps })
    }

    /// Layers side by side as one.
    fn linear(&self, names: &[String]) -> anyhow::Result<Linear> {
        let all = |end: &str| names.iter().map(|n| self.values(&format!("{n}.{end}"))).collect::<anyhow::Result<Vec<_>>>();
        Linear::new(&all("weight")?.concat(), all("bias")?.concat())
    }

    fn layer(&self, n: usize) -> anyhow::Result<Layer> {
        let name = |rest: &str| format!("encoder.layer.{n}.{rest}");
        Ok(Layer {
            attend: self.linear(&["query", "key", "value"].map(|part| name(&format!("attention.self.{part}"))))?,
            mix: self.linear(&[name("attention.output.dense")])?,
            mix_norm: self.norm(&name("attention.output.LayerNorm"))?,
            widen: self.linear(&[name("intermediate.dense")])?,
            narrow: self.linear(&[name("output.dense")])?,
            norm: self.norm(&name("output.LayerNorm"))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::gelu;

    #[test]
    fn the_error_function_is_right() {
        // Φ from tables.
        for (x, phi) in [(0.0_f32, 0.5_f32), (0.5, 0.691_462_5), (1.0, 0.841_344_7), (-1.0, 0.158_655_3), (2.5, 0.993_790_3), (9.0, 1.0)] {
            assert!((gelu(x) - x * phi).abs() < 3e-6, "{x}: {}", gelu(x));
        }
    }
}
