//! A directory of CLIP, Chinese-CLIP or SigLIP in; pictures and texts as vectors of one space, out.
//!
//! Radford et al. 2021, Yang et al. 2022 and Zhai et al. 2023, in the layout of transformers. Trained on pictures with their texts,
//! they find pictures by words. Pictures are made ready as each model was trained; colours are told as for every other encoder.

mod towers;

use super::lens::Lens;
use super::pull::disk::sha256_of;
use super::sight::{colour, threads, views};
use super::{ImageEncoder, Picture, Sight, SightShape, Subject, palette};
use crate::algebra::unit;
use anyhow::{Context, anyhow, ensure};
use candle_core::{Device, Tensor};
use image::{Rgb, RgbImage};
use std::path::{Path, PathBuf};
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::processors::bert::BertProcessing;
use tokenizers::{Model, PaddingParams, PaddingStrategy, Tokenizer, TruncationParams};
use towers::{Family, Towers};

pub struct Clip {
    name: String,
    towers: Towers,
    lens: Lens,
    tokenizer: Tokenizer,
    width: usize,
    pool: rayon::ThreadPool,
}

impl Clip {
    /// Loads `config.json`, `preprocessor_config.json`, `model.safetensors` or `pytorch_model.bin`, and `tokenizer.json` or
    /// `vocab.txt` of `dir`.
    ///
    /// # Errors
    /// Names the file that is missing or broken.
    pub fn load(dir: &Path) -> anyhow::Result<Self> {
        let [config, lens_config] = ["config.json", "preprocessor_config.json"].map(|name| dir.join(name));
        ensure!(config.exists(), "{} holds no config.json", dir.display());
        let weights = either(dir, ["model.safetensors", "pytorch_model.bin"])?;
        let towers = Towers::load(&config, &weights)?;
        let lens = Lens::load(&lens_config, towers.side as u32, towers.family != Family::Siglip)?;
        let tokenizer = tokenizer(dir, &towers)?;
        let name = name(towers.family, &[weights, config, lens_config])?;
        let mut clip = Self { name, towers, lens, tokenizer, width: 0, pool: threads()? };
        // What does not fit together is found now, not by the first shopper.
        let fits = || format!("try the model in {}", dir.display());
        clip.width = clip.see(&Picture(RgbImage::from_pixel(8, 8, Rgb([255; 3])))).with_context(fits)?.len();
        let read = clip.read("photo").with_context(fits)?.len();
        ensure!(read == clip.width, "the model in {} sees in {} dimensions and reads in {read}", dir.display(), clip.width);
        Ok(clip)
    }

    fn see(&self, picture: &Picture) -> anyhow::Result<Vec<f32>> {
        let side = self.towers.side;
        let pixels = Tensor::from_vec(self.lens.see(picture), (1, 3, side, side), &Device::Cpu)?;
        Ok(unit(self.pool.install(|| self.towers.see(&pixels))?.flatten_all()?.to_vec1()?))
    }
}

impl ImageEncoder for Clip {
    fn name(&self) -> &str {
        &self.name
    }

    fn shape(&self) -> SightShape {
        SightShape { form: self.width, colour: palette::FINE.len(), traits: self.width }
    }

    fn encode(&mut self, picture: &Picture, subject: Subject) -> anyhow::Result<Sight> {
        let form = self.see(picture)?;
        Ok(Sight { colour: colour(&views(picture, subject), subject), traits: form.clone(), form })
    }

    fn reads(&self) -> bool {
        true
    }

    fn read(&mut self, text: &str) -> anyhow::Result<Vec<f32>> {
        let tokens = self.tokenizer.encode(text, true).map_err(|e| anyhow!("tokenize: {e}"))?;
        let tokens = Tensor::new(tokens.get_ids(), &Device::Cpu)?.unsqueeze(0)?;
        Ok(unit(self.pool.install(|| self.towers.read(&tokens))?.flatten_all()?.to_vec1()?))
    }
}

/// The first of two files that is there.
fn either(dir: &Path, names: [&str; 2]) -> anyhow::Result<PathBuf> {
    let there = names.iter().map(|name| dir.join(name)).find(|path| path.exists());
    there.with_context(|| format!("{} holds neither {} nor {}", dir.display(), names[0], names[1]))
}

/// Vectors are kept under this name, so whatever changes them changes it.
fn name(family: Family, files: &[PathBuf]) -> anyhow::Result<String> {
    let mut name = format!("{family:?}").to_lowercase();
    for path in files {
        let (_, print) = sha256_of(path).with_context(|| format!("read {}", path.display()))?;
        name.push_str(&format!("-{}", &print[..8]));
    }
    Ok(name)
}

fn tokenizer(dir: &Path, towers: &Towers) -> anyhow::Result<Tokenizer> {
    let path = either(dir, ["tokenizer.json", "vocab.txt"])?;
    let read = || format!("read {}", path.display());
    let mut tokenizer = match path.extension().is_some_and(|e| e == "txt") {
        true => pieces(&path).with_context(read)?,
        false => Tokenizer::from_file(&path).map_err(|e| anyhow!("{e}")).with_context(read)?,
    };
    let truncation = TruncationParams { max_length: towers.longest, ..TruncationParams::default() };
    tokenizer.with_truncation(Some(truncation)).map_err(|e| anyhow!("set up the tokenizer: {e}"))?;
    let filler = towers.filler.map(|usual| filler(dir, &tokenizer).unwrap_or(usual));
    tokenizer.with_padding(filler.map(|pad_id| PaddingParams {
        strategy: PaddingStrategy::Fixed(towers.longest),
        pad_id,
        ..PaddingParams::default()
    }));
    Ok(tokenizer)
}

/// BERT's tokenizer from its word list.
fn pieces(path: &Path) -> anyhow::Result<Tokenizer> {
    let pieces = WordPiece::from_file(&path.to_string_lossy()).unk_token("[UNK]".to_owned()).build().map_err(|e| anyhow!("{e}"))?;
    let known = |token: &str| -> anyhow::Result<(String, u32)> {
        Ok((token.to_owned(), pieces.token_to_id(token).with_context(|| format!("there is no {token}"))?))
    };
    known("[UNK]")?;
    let ends = BertProcessing::new(known("[SEP]")?, known("[CLS]")?);
    let mut tokenizer = Tokenizer::new(pieces);
    tokenizer.with_normalizer(Some(BertNormalizer::default())).with_pre_tokenizer(Some(BertPreTokenizer)).with_post_processor(Some(ends));
    Ok(tokenizer)
}

/// What `tokenizer_config.json`, if there is one, fills texts up with: models of one family differ in it.
fn filler(dir: &Path, tokenizer: &Tokenizer) -> Option<u32> {
    let config: serde_json::Value = serde_json::from_slice(&std::fs::read(dir.join("tokenizer_config.json")).ok()?).ok()?;
    let token = &config["pad_token"];
    tokenizer.token_to_id(token.as_str().or_else(|| token["content"].as_str())?)
}
