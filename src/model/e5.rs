//! multilingual-e5-small in candle: texts in, unit vectors of 384 dimensions out (mean pooling over tokens, then L2).
//!
//! BERT as in Devlin et al. 2019, written out here for speed: one fused matrix for query, key and value; weights kept twice, as
//! 8-bit blocks for a shopper's few words (the time goes into reading weights) and as f32 for batches of product titles (the time
//! goes into arithmetic); word embeddings stay in the mapped file, because a text touches a few rows of 250,000.

use super::TextEncoder;
use anyhow::{Context, anyhow, ensure};
use candle_core::quantized::{GgmlDType, QMatMul, QTensor};
use candle_core::safetensors::MmapedSafetensors;
use candle_core::{D, DType, Device, Module, Tensor};
use candle_nn::ops::{layer_norm, softmax_last_dim};
use serde::Deserialize;
use std::path::Path;
use tokenizers::{PaddingParams, Tokenizer, TruncationParams};

pub struct E5 {
    words: MmapedSafetensors,
    /// Position plus token type, one row a position.
    places: Tensor,
    norm: Norm,
    layers: Vec<Layer>,
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
    attend: Dense,
    mix: Dense,
    mix_norm: Norm,
    widen: Dense,
    narrow: Dense,
    norm: Norm,
}

/// A linear layer, twice.
struct Dense {
    small: QMatMul,
    large: Tensor,
    bias: Tensor,
}

struct Norm {
    weight: Tensor,
    bias: Tensor,
    eps: f32,
}

const LONGEST: usize = 96;
const WORDS: &str = "embeddings.word_embeddings.weight";
/// Rows up to which reading the weights costs more than multiplying with them.
const FEW_ROWS: usize = 48;

impl E5 {
    /// Loads `model.safetensors`, `tokenizer.json` and `config.json` of `dir`.
    ///
    /// # Errors
    /// Names the file that is missing or broken.
    pub fn load(dir: &Path) -> anyhow::Result<Self> {
        let path = dir.join("config.json");
        let config = std::fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
        let config: Config = serde_json::from_str(&config).context("read the text encoder's config.json")?;
        let path = dir.join("model.safetensors");
        // Safety: the file is written once, by rename, and never changed in place.
        let words = unsafe { MmapedSafetensors::new(&path) }.with_context(|| format!("open {}", path.display()))?;
        let weights = Weights { file: &words, eps: config.layer_norm_eps };
        let types = weights.tensor("embeddings.token_type_embeddings.weight")?.narrow(0, 0, 1)?;
        let places = weights.tensor("embeddings.position_embeddings.weight")?.broadcast_add(&types)?;
        let norm = weights.norm("embeddings.LayerNorm")?;
        let layers =
            (0..config.num_hidden_layers).map(|n| weights.layer(n)).collect::<anyhow::Result<_>>().context("load the text encoder")?;
        ensure!(config.hidden_size % config.num_attention_heads == 0, "the text encoder's config.json names an odd number of heads");
        let mut tokenizer =
            Tokenizer::from_file(dir.join("tokenizer.json")).map_err(|e| anyhow!("load the text encoder's tokenizer: {e}"))?;
        let truncation = TruncationParams { max_length: LONGEST, ..TruncationParams::default() };
        tokenizer.with_truncation(Some(truncation)).map_err(|e| anyhow!("set up the tokenizer: {e}"))?;
        tokenizer.with_padding(Some(PaddingParams { pad_id: 1, pad_token: "<pad>".to_owned(), ..PaddingParams::default() }));
        let pool = rayon::ThreadPoolBuilder::new().thread_name(|n| format!("text encoder {n}")).build().context("start encoder threads")?;
        Ok(Self { words, places, norm, layers, heads: config.num_attention_heads, tokenizer, pool })
    }

    fn forward(&self, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
        let encodings = self.tokenizer.encode_batch(texts.to_vec(), true).map_err(|e| anyhow!("tokenize: {e}"))?;
        let (rows, width) = (texts.len(), encodings.first().map_or(0, |e| e.len()));
        let ids: Vec<u32> = encodings.iter().flat_map(|e| e.get_ids().iter().copied()).collect();
        let mask: Vec<f32> = encodings.iter().flat_map(|e| e.get_attention_mask().iter().map(|m| *m as f32)).collect();
        let padded = mask.contains(&0.0);
        let mask = Tensor::from_vec(mask, (rows, width), &Device::Cpu)?;
        let hidden = self.embed(&ids)?.reshape((rows, width, ()))?;
        let mut states = self.norm.apply(&hidden.broadcast_add(&self.places.narrow(0, 0, width)?)?)?;
        let unseen = if padded { Some(((&mask - 1.0)? * 1e9)?.reshape((rows, 1, 1, width))?) } else { None };
        for layer in &self.layers {
            states = layer.forward(&states, unseen.as_ref(), self.heads)?;
        }
        let weights = mask.unsqueeze(2)?;
        let mean = states.broadcast_mul(&weights)?.sum(1)?.broadcast_div(&weights.sum(1)?)?;
        let unit = mean.broadcast_div(&mean.sqr()?.sum_keepdim(1)?.sqrt()?)?;
        Ok(unit.to_vec2()?)
    }

    /// Rows of the word table, read from the mapped file.
    fn embed(&self, ids: &[u32]) -> anyhow::Result<Tensor> {
        let table = self.words.get(WORDS).context("read the word embeddings")?;
        let width = *table.shape().last().context("the word embeddings have no width")?;
        let bytes = match table.dtype() {
            safetensors::Dtype::F16 => 2,
            safetensors::Dtype::F32 => 4,
            other => anyhow::bail!("the word embeddings are {other:?}; f16 or f32 was expected"),
        };
        let data = table.data();
        let mut values = Vec::with_capacity(ids.len() * width);
        for id in ids {
            let at = *id as usize * width * bytes;
            let row = data.get(at..at + width * bytes).context("the tokenizer knows a word that the model does not")?;
            match bytes {
                2 => values.extend(row.chunks_exact(2).map(|b| half::f16::from_le_bytes([b[0], b[1]]).to_f32())),
                _ => values.extend(row.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))),
            }
        }
        Ok(Tensor::from_vec(values, (ids.len(), width), &Device::Cpu)?)
    }
}

impl TextEncoder for E5 {
    fn name(&self) -> &str {
        "e5-small"
    }

    fn encode(&mut self, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
        let this = &*self;
        this.pool.install(|| this.forward(texts)).context("encode texts")
    }
}

impl Layer {
    fn forward(&self, states: &Tensor, unseen: Option<&Tensor>, heads: usize) -> candle_core::Result<Tensor> {
        let (rows, width, hidden) = states.dims3()?;
        let size = hidden / heads;
        let parts = self.attend.forward(states)?.reshape((rows, width, 3 * heads, size))?.transpose(1, 2)?.contiguous()?;
        let part = |n: usize| parts.narrow(1, n * heads, heads);
        let (query, key, value) = (part(0)?.contiguous()?, part(1)?.contiguous()?, part(2)?.contiguous()?);
        let mut scores = (query.matmul(&key.t()?)? / (size as f64).sqrt())?;
        if let Some(unseen) = unseen {
            scores = scores.broadcast_add(unseen)?;
        }
        let mixed = softmax_last_dim(&scores)?.matmul(&value)?.transpose(1, 2)?.reshape((rows, width, hidden))?;
        let states = self.mix_norm.apply(&(self.mix.forward(&mixed)? + states)?)?;
        let wide = self.widen.forward(&states)?.gelu_erf()?;
        self.norm.apply(&(self.narrow.forward(&wide)? + &states)?)
    }
}

impl Dense {
    fn new(weight: &Tensor, bias: Tensor) -> candle_core::Result<Self> {
        let small = QMatMul::from_qtensor(QTensor::quantize(weight, GgmlDType::Q8_0)?)?;
        Ok(Self { small, large: weight.t()?.contiguous()?, bias })
    }

    fn forward(&self, input: &Tensor) -> candle_core::Result<Tensor> {
        let flat = input.flatten_to(D::Minus2)?;
        let rows = flat.dim(0)?;
        let output = if rows <= FEW_ROWS { self.small.forward(&flat)? } else { flat.matmul(&self.large)? };
        let mut shape = input.dims().to_vec();
        shape[input.rank() - 1] = output.dim(1)?;
        output.broadcast_add(&self.bias)?.reshape(shape)
    }
}

impl Norm {
    fn apply(&self, input: &Tensor) -> candle_core::Result<Tensor> {
        layer_norm(&input.contiguous()?, &self.weight, &self.bias, self.eps)
    }
}

struct Weights<'a> {
    file: &'a MmapedSafetensors,
    eps: f32,
}

impl Weights<'_> {
    fn tensor(&self, name: &str) -> anyhow::Result<Tensor> {
        let tensor = self.file.load(name, &Device::Cpu).with_context(|| format!("read the weight {name}"))?;
        Ok(tensor.to_dtype(DType::F32)?)
    }

    fn norm(&self, name: &str) -> anyhow::Result<Norm> {
        Ok(Norm { weight: self.tensor(&format!("{name}.weight"))?, bias: self.tensor(&format!("{name}.bias"))?, eps: self.eps })
    }

    fn dense(&self, names: &[String]) -> anyhow::Result<Dense> {
        let all = |end: &str| names.iter().map(|n| self.tensor(&format!("{n}.{end}"))).collect::<anyhow::Result<Vec<_>>>();
        Ok(Dense::new(&Tensor::cat(&all("weight")?, 0)?, Tensor::cat(&all("bias")?, 0)?)?)
    }

    fn layer(&self, n: usize) -> anyhow::Result<Layer> {
        let name = |rest: &str| format!("encoder.layer.{n}.{rest}");
        Ok(Layer {
            attend: self.dense(&["query", "key", "value"].map(|part| name(&format!("attention.self.{part}"))))?,
            mix: self.dense(&[name("attention.output.dense")])?,
            mix_norm: self.norm(&name("attention.output.LayerNorm"))?,
            widen: self.dense(&[name("intermediate.dense")])?,
            narrow: self.dense(&[name("output.dense")])?,
            norm: self.norm(&name("output.LayerNorm"))?,
        })
    }
}
