//! Image links of products in; pictures in the media directory and their served paths out.

use super::run::ImportOptions;
use crate::catalog::Product;
use crate::turn::understand::base_color;
use anyhow::Context;
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::path::PathBuf;

/// A picture to be put in the media directory under `name`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Picture {
    pub name: String,
    pub source: Source,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    File(PathBuf),
    /// One of our own vector drawings.
    Drawing {
        shape: String,
        color: Option<String>,
        pattern: Option<String>,
        seed: u64,
    },
}

const LARGEST: u64 = 20 << 20;

/// Rewrites the product's image links to what the server serves (`/media/…`), and names the pictures that need placing.
/// Absolute URLs stay; a relative path without `--images`, or one that leaves the directory, is dropped.
pub fn assign(product: &mut Product, options: &ImportOptions) -> Vec<Picture> {
    let mut pictures = Vec::new();
    let links = std::mem::take(&mut product.images);
    for link in links {
        if link.starts_with("https://") || link.starts_with("http://") {
            product.images.push(link);
            continue;
        }
        if let Some(picture) = picture(product, &link, options) {
            product.images.push(format!("/media/{}", picture.name));
            pictures.push(picture);
        }
    }
    pictures
}

/// Puts the pictures that are missing where the server finds them. A picture that cannot be read is left out and logged.
///
/// # Errors
/// When the media directory cannot be written.
pub async fn place(pictures: &HashSet<Picture>, options: &ImportOptions) -> anyhow::Result<()> {
    let media = options.media.clone();
    std::fs::create_dir_all(&media).with_context(|| format!("make the directory {}", media.display()))?;
    let missing: Vec<Picture> = pictures.iter().filter(|p| !media.join(&p.name).exists()).cloned().collect();
    if missing.is_empty() {
        return Ok(());
    }
    let bar = match options.progress {
        true => indicatif::ProgressBar::new(missing.len() as u64).with_message("pictures"),
        false => indicatif::ProgressBar::hidden(),
    };
    let halves: Vec<Vec<Picture>> = missing.chunks(missing.len().div_ceil(2)).map(<[Picture]>::to_vec).collect();
    let mut tasks = Vec::new();
    for half in halves {
        let (media, bar) = (media.clone(), bar.clone());
        tasks.push(tokio::task::spawn_blocking(move || -> anyhow::Result<()> {
            for picture in half {
                match bytes_of(&picture.source) {
                    Ok(bytes) => write(&media.join(&picture.name), &bytes)?,
                    Err(error) => tracing::warn!(picture = %picture.name, "a picture was left out: {error:#}"),
                }
                bar.inc(1);
            }
            Ok(())
        }));
    }
    for task in tasks {
        task.await.context("place pictures")??;
    }
    bar.finish_and_clear();
    Ok(())
}

fn picture(product: &Product, link: &str, options: &ImportOptions) -> Option<Picture> {
    if let Some(shape) = link.strip_prefix("draw:") {
        // The drawings know English colour words; a feed may say 藏青色.
        let color = product.colors.first().map(|c| if c.is_ascii() { c.clone() } else { base_color(c).unwrap_or("none").to_owned() });
        let pattern = Some(product.text.pattern.clone()).filter(|p| !p.is_empty() && p != "plain");
        let seed = seed(&product.group);
        let name = format!(
            "{shape}-{}-{}-{seed:08x}.png",
            color.as_deref().unwrap_or("none").replace(' ', ""),
            pattern.as_deref().unwrap_or("plain")
        );
        let safe = name.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
        return safe.then_some(Picture { name, source: Source::Drawing { shape: shape.to_owned(), color, pattern, seed } });
    }
    let root = options.images.as_ref()?.canonicalize().ok()?;
    let path = root.join(link).canonicalize().ok().filter(|p| p.starts_with(&root))?;
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    let served = ["jpg", "jpeg", "png", "webp", "gif"].contains(&extension.as_str());
    // A file that changes under its name becomes another picture.
    let meta = path.metadata().ok()?;
    let changed = meta.modified().ok().and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok()).map_or(0, |d| d.as_millis());
    let digest = Sha256::digest(format!("{}|{}|{changed}", path.display(), meta.len()));
    let name: String = digest.iter().take(12).map(|b| format!("{b:02x}")).collect();
    served.then_some(Picture { name: format!("{name}.{extension}"), source: Source::File(path) })
}

fn seed(group: &str) -> u64 {
    let digest = Sha256::digest(group.as_bytes());
    u64::from(u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]]))
}

fn bytes_of(source: &Source) -> anyhow::Result<Vec<u8>> {
    match source {
        Source::Drawing { shape, color, pattern, seed } => super::draw::draw(shape, color.as_deref(), pattern.as_deref(), *seed),
        Source::File(path) => {
            let size = path.metadata().with_context(|| format!("read {}", path.display()))?.len();
            anyhow::ensure!(size <= LARGEST, "{} is larger than 20 MiB", path.display());
            std::fs::read(path).with_context(|| format!("read {}", path.display()))
        }
    }
}

fn write(path: &std::path::Path, bytes: &[u8]) -> anyhow::Result<()> {
    let part = path.with_extension("part");
    std::fs::write(&part, bytes).with_context(|| format!("write {}", part.display()))?;
    std::fs::rename(&part, path).with_context(|| format!("write {}", path.display()))
}
