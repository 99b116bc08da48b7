//! The config.json and the weights of a CLIP, Chinese-CLIP or SigLIP in; its picture tower and its text tower out.

use anyhow::{Context, ensure};
use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::chinese_clip::{ChineseClipConfig, ChineseClipModel};
use candle_transformers::models::clip::{ClipConfig, ClipModel};
use candle_transformers::models::siglip;
use serde::Deserialize;
use std::path::Path;

pub struct Towers {
    pub family: Family,
    /// Of the squares that the picture tower sees.
    pub side: usize,
    /// Tokens that the text tower reads at most.
    pub longest: usize,
    /// The token that fills texts up to the longest, where the family was trained so.
    pub filler: Option<u32>,
    net: Net,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    Clip,
    ChineseClip,
    Siglip,
}

enum Net {
    Clip(ClipModel),
    ChineseClip(ChineseClipModel),
    Siglip(siglip::Model),
}

/// What is left out has the family's usual value.
#[derive(Deserialize)]
struct Config {
    model_type: Family,
    projection_dim: Option<usize>,
    #[serde(default)]
    text_config: Part,
    #[serde(default)]
    vision_config: Part,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Part {
    hidden_size: Option<usize>,
    intermediate_size: Option<usize>,
    num_hidden_layers: Option<usize>,
    num_attention_heads: Option<usize>,
    hidden_act: Option<String>,
    layer_norm_eps: Option<f64>,
    vocab_size: Option<usize>,
    type_vocab_size: Option<usize>,
    max_position_embeddings: Option<usize>,
    image_size: Option<usize>,
    patch_size: Option<usize>,
}

impl Towers {
    /// # Errors
    /// Names the weight that is missing or does not fit, or what of the config is not known here.
    pub fn load(config: &Path, weights: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(config).with_context(|| format!("read {}", config.display()))?;
        let parsed: Config = serde_json::from_str(&text).with_context(|| format!("read {}", config.display()))?;
        for part in [&parsed.text_config, &parsed.vision_config] {
            // candle would divide by them.
            let zero = part.num_attention_heads == Some(0) || part.patch_size == Some(0);
            ensure!(!zero, "{} names no num_attention_heads or no patch_size", config.display());
        }
        let vars = open(weights).with_context(|| format!("open {}", weights.display()))?;
        let built = match parsed.model_type {
            Family::Clip => clip(&parsed, vars),
            Family::ChineseClip => chinese_clip(&parsed, vars),
            Family::Siglip => serde_json::from_str(&text).map_err(anyhow::Error::from).and_then(|config| siglip(&config, vars)),
        };
        built.with_context(|| format!("load {} as {} describes it", weights.display(), config.display()))
    }

    /// Features of pictures: batch × 3 × side × side.
    pub fn see(&self, pixels: &Tensor) -> candle_core::Result<Tensor> {
        match &self.net {
            Net::Clip(net) => net.get_image_features(pixels),
            Net::ChineseClip(net) => net.get_image_features(pixels),
            Net::Siglip(net) => net.get_image_features(pixels),
        }
    }

    /// Features of texts: batch × tokens.
    pub fn read(&self, tokens: &Tensor) -> candle_core::Result<Tensor> {
        match &self.net {
            Net::Clip(net) => net.get_text_features(tokens),
            Net::ChineseClip(net) => net.get_text_features(tokens, None, None),
            Net::Siglip(net) => net.get_text_features(tokens),
        }
    }
}

fn open(weights: &Path) -> candle_core::Result<VarBuilder<'static>> {
    match weights.extension().is_some_and(|e| e == "bin") {
        true => VarBuilder::from_pth(weights, DType::F32, &Device::Cpu),
        // Safety: the weights are read into memory here and now; a file that shrinks meanwhile ends the program, as for every model.
        false => unsafe { VarBuilder::from_mmaped_safetensors(&[weights], DType::F32, &Device::Cpu) },
    }
}

fn clip(Config { text_config: text, vision_config: vision, projection_dim, .. }: &Config, vars: VarBuilder) -> anyhow::Result<Towers> {
    let mut config = ClipConfig::vit_base_patch32();
    for part in [text, vision] {
        let act = part.hidden_act.as_deref().unwrap_or("quick_gelu");
        ensure!(act == "quick_gelu", "a CLIP with the hidden_act {act} is not known here, only one with quick_gelu");
    }
    let to = &mut config.text_config;
    set(&mut to.embed_dim, text.hidden_size);
    set(&mut to.intermediate_size, text.intermediate_size);
    set(&mut to.num_hidden_layers, text.num_hidden_layers);
    set(&mut to.num_attention_heads, text.num_attention_heads);
    set(&mut to.vocab_size, text.vocab_size);
    set(&mut to.max_position_embeddings, text.max_position_embeddings);
    set(&mut to.projection_dim, *projection_dim);
    let to = &mut config.vision_config;
    set(&mut to.embed_dim, vision.hidden_size);
    set(&mut to.intermediate_size, vision.intermediate_size);
    set(&mut to.num_hidden_layers, vision.num_hidden_layers);
    set(&mut to.num_attention_heads, vision.num_attention_heads);
    set(&mut to.image_size, vision.image_size);
    set(&mut to.patch_size, vision.patch_size);
    set(&mut to.projection_dim, *projection_dim);
    has_class(&vars)?;
    let (side, longest) = (config.vision_config.image_size, config.text_config.max_position_embeddings);
    Ok(Towers { family: Family::Clip, side, longest, filler: None, net: Net::Clip(ClipModel::new(vars, &config)?) })
}

fn chinese_clip(
    Config { text_config: text, vision_config: vision, projection_dim, .. }: &Config,
    vars: VarBuilder,
) -> anyhow::Result<Towers> {
    let mut config = ChineseClipConfig::clip_vit_base_patch16();
    config.vision_config = Default::default();
    set(&mut config.projection_dim, *projection_dim);
    for part in [text, vision] {
        let act = part.hidden_act.as_deref().unwrap_or("gelu");
        ensure!(["quick_gelu", "gelu", "gelu_new", "relu"].contains(&act), "the hidden_act {act} is not known here");
    }
    let to = &mut config.text_config;
    set(&mut to.hidden_size, text.hidden_size);
    set(&mut to.intermediate_size, text.intermediate_size);
    set(&mut to.num_hidden_layers, text.num_hidden_layers);
    set(&mut to.num_attention_heads, text.num_attention_heads);
    set(&mut to.hidden_act, text.hidden_act.clone().map(Into::into));
    set(&mut to.layer_norm_eps, text.layer_norm_eps);
    set(&mut to.vocab_size, text.vocab_size);
    set(&mut to.type_vocab_size, text.type_vocab_size);
    set(&mut to.max_position_embeddings, text.max_position_embeddings);
    let to = &mut config.vision_config;
    set(&mut to.hidden_size, vision.hidden_size);
    set(&mut to.intermediate_size, vision.intermediate_size);
    set(&mut to.num_hidden_layers, vision.num_hidden_layers);
    set(&mut to.num_attention_heads, vision.num_attention_heads);
    set(&mut to.hidden_act, vision.hidden_act.clone().map(Into::into));
    set(&mut to.layer_norm_eps, vision.layer_norm_eps);
    set(&mut to.image_size, vision.image_size);
    set(&mut to.patch_size, vision.patch_size);
    has_class(&vars)?;
    let (side, longest) = (config.vision_config.image_size, config.text_config.max_position_embeddings);
    let net = Net::ChineseClip(ChineseClipModel::new(vars, &config)?);
    Ok(Towers { family: Family::ChineseClip, side, longest, filler: None, net })
}

fn siglip(config: &siglip::Config, vars: VarBuilder) -> anyhow::Result<Towers> {
    let (text, vision) = (&config.text_config, &config.vision_config);
    let (side, longest, filler) = (vision.image_size, text.max_position_embeddings, Some(text.pad_token_id));
    Ok(Towers { family: Family::Siglip, side, longest, filler, net: Net::Siglip(siglip::Model::new(config, vars)?) })
}

fn set<T>(to: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *to = value;
    }
}

/// Without it candle would make one up.
fn has_class(vars: &VarBuilder) -> anyhow::Result<()> {
    let name = "vision_model.embeddings.class_embedding";
    ensure!(vars.contains_tensor(name), "the weight {name} is missing");
    Ok(())
}
