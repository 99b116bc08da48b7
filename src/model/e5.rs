//! multilingual-e5-small in candle: texts in, unit vectors of 384 dimensions out (mean pooling over tokens, then L2).

use super::TextEncoder;
use anyhow::{Context, anyhow};
use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};
use std::path::Path;
use tokenizers::{PaddingParams, Tokenizer, TruncationParams};

pub struct E5 {
    model: BertModel,
    tokenizer: Tokenizer,
    pool: rayon::ThreadPool,
}

const LONGEST: usize = 96;

impl E5 {
    /// Loads `model.safetensors`, `tokenizer.json` and `config.json` of `dir`.
    ///
    /// # Errors
    /// Names the file that is missing or broken.
    pub fn load(dir: &Path) -> anyhow::Result<Self> {
        let config =
            std::fs::read_to_string(dir.join("config.json")).with_context(|| format!("read {}", dir.join("config.json").display()))?;
        let config: Config = serde_json::from_str(&config).context("read the text encoder's config.json")?;
        let weights =
            std::fs::read(dir.join("model.safetensors")).with_context(|| format!("read {}", dir.join("model.safetensors").display()))?;
        let builder =
            VarBuilder::from_buffered_safetensors(weights, DType::F32, &Device::Cpu).context("load the text encoder's weights")?;
        let model = BertModel::load(builder, &config).context("load the text encoder")?;
        let mut tokenizer =
            Tokenizer::from_file(dir.join("tokenizer.json")).map_err(|e| anyhow!("load the text encoder's tokenizer: {e}"))?;
        let truncation = TruncationParams { max_length: LONGEST, ..TruncationParams::default() };
        tokenizer.with_truncation(Some(truncation)).map_err(|e| anyhow!("set up the tokenizer: {e}"))?;
        tokenizer.with_padding(Some(PaddingParams { pad_id: 1, pad_token: "<pad>".to_owned(), ..PaddingParams::default() }));
        let pool = rayon::ThreadPoolBuilder::new().thread_name(|n| format!("text encoder {n}")).build().context("start encoder threads")?;
        Ok(Self { model, tokenizer, pool })
    }

    fn forward(&self, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
        let encodings = self.tokenizer.encode_batch(texts.to_vec(), true).map_err(|e| anyhow!("tokenize: {e}"))?;
        let width = encodings.first().map_or(0, |e| e.len());
        let shape = (texts.len(), width);
        let ids: Vec<u32> = encodings.iter().flat_map(|e| e.get_ids().iter().copied()).collect();
        let mask: Vec<f32> = encodings.iter().flat_map(|e| e.get_attention_mask().iter().map(|m| *m as f32)).collect();
        let ids = Tensor::from_vec(ids, shape, &Device::Cpu)?;
        let mask = Tensor::from_vec(mask, shape, &Device::Cpu)?;
        let padded = encodings.iter().any(|e| e.get_attention_mask().contains(&0));
        let states = self.model.forward(&ids, &ids.zeros_like()?, padded.then_some(&mask))?;
        let weights = mask.unsqueeze(2)?;
        let sum = states.broadcast_mul(&weights)?.sum(1)?;
        let mean = sum.broadcast_div(&weights.sum(1)?)?;
        let unit = mean.broadcast_div(&mean.sqr()?.sum_keepdim(1)?.sqrt()?)?;
        Ok(unit.to_vec2()?)
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
