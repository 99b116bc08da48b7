//! A model's preprocessor_config.json and a picture in; the numbers that the model was trained to see, out.

use super::Picture;
use anyhow::{Context, bail, ensure};
use fast_image_resize::FilterType;
use serde::Deserialize;
use std::path::Path;

/// How pictures are made ready for one model.
pub struct Lens {
    fit: Fit,
    /// Of the square that is seen.
    side: u32,
    filter: FilterType,
    scale: f32,
    mean: [f32; 3],
    deviation: [f32; 3],
}

enum Fit {
    /// Squeezed into this height and width.
    Squeezed(u32, u32),
    /// The shorter side has this length.
    Shorter(u32),
}

#[derive(Deserialize)]
struct Config {
    size: Size,
    crop_size: Option<Size>,
    do_center_crop: Option<bool>,
    resample: Option<u8>,
    rescale_factor: Option<f32>,
    image_mean: [f32; 3],
    image_std: [f32; 3],
}

#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Size {
    Side(u32),
    Shorter { shortest_edge: u32 },
    Both { height: u32, width: u32 },
}

impl Lens {
    /// Reads `path` for a model that sees squares of `side` pixels. `cuts` is whether its family cuts the middle out unless told.
    ///
    /// # Errors
    /// When the file is missing, or would not give such squares.
    pub fn load(path: &Path, side: u32, cuts: bool) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
        let config = serde_json::from_str(&text).map_err(anyhow::Error::from);
        config.and_then(|config| Self::of(&config, side, cuts)).with_context(|| format!("read {}", path.display()))
    }

    fn of(config: &Config, side: u32, cuts: bool) -> anyhow::Result<Self> {
        let cuts = config.do_center_crop.unwrap_or(cuts);
        let fit = match config.size {
            Size::Shorter { shortest_edge } => Fit::Shorter(shortest_edge),
            Size::Side(shorter) if cuts => Fit::Shorter(shorter),
            Size::Side(side) => Fit::Squeezed(side, side),
            Size::Both { height, width } => Fit::Squeezed(height, width),
        };
        let cut = match config.crop_size.filter(|_| cuts) {
            Some(Size::Both { height, width }) => height == side && width == side,
            Some(Size::Side(cut) | Size::Shorter { shortest_edge: cut }) => cut == side,
            None => true,
        };
        let fits = match fit {
            Fit::Squeezed(height, width) if cuts => height >= side && width >= side,
            Fit::Squeezed(height, width) => height == side && width == side,
            Fit::Shorter(shorter) => cuts && shorter >= side,
        };
        ensure!(cut && fits, "it does not make squares of {side} pixels, which config.json says that the model sees");
        let filter = match config.resample.unwrap_or(3) {
            1 => FilterType::Lanczos3,
            2 => FilterType::Bilinear,
            3 => FilterType::CatmullRom,
            other => bail!("resample {other} is not known here (1 Lanczos, 2 bilinear, 3 bicubic)"),
        };
        ensure!(config.image_std.iter().all(|d| *d > 0.0), "image_std has a zero");
        let scale = config.rescale_factor.unwrap_or(1.0 / 255.0);
        Ok(Self { fit, side, filter, scale, mean: config.image_mean, deviation: config.image_std })
    }

    /// The red of every pixel, row by row, then the green, then the blue.
    pub fn see(&self, picture: &Picture) -> Vec<f32> {
        let (width, height) = picture.0.dimensions();
        let (width, height) = match self.fit {
            Fit::Squeezed(height, width) => (width, height),
            Fit::Shorter(shorter) => {
                let scaled = |side: u32| (u64::from(shorter) * u64::from(side) / u64::from(width.min(height).max(1))) as u32;
                (scaled(width), scaled(height))
            }
        };
        let picture = picture.resized(width, height, self.filter);
        let (left, top) = ((width - self.side) / 2, (height - self.side) / 2);
        let square = image::imageops::crop_imm(&picture.0, left, top, self.side, self.side).to_image();
        let value = |c: usize, pixel: &image::Rgb<u8>| (f32::from(pixel.0[c]) * self.scale - self.mean[c]) / self.deviation[c];
        (0..3).flat_map(|c| square.pixels().map(move |pixel| value(c, pixel))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    fn lens(json: &str) -> anyhow::Result<Lens> {
        Lens::of(&serde_json::from_str(json)?, 4, true)
    }

    #[test]
    fn the_middle_is_cut_or_the_whole_squeezed() {
        // Red, green, blue, side by side, each four pixels wide.
        let flag = Picture(RgbImage::from_fn(12, 4, |x, _| Rgb([0, 1, 2].map(|c| if x / 4 == c { 255 } else { 0 }))));
        let norms = r#""image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]"#;
        let middle = lens(&format!(r#"{{"size": {{"shortest_edge": 4}}, "crop_size": 4, "resample": 2, {norms}}}"#)).expect("a lens");
        let seen = middle.see(&flag);
        assert_eq!((seen.len(), seen[0], seen[16], seen[32]), (48, -1.0, 1.0, -1.0));
        let whole = lens(&format!(r#"{{"size": {{"height": 4, "width": 4}}, "do_center_crop": false, {norms}}}"#)).expect("a lens");
        let seen = whole.see(&flag);
        assert!(seen[0] > 0.5 && seen[16] < 0.0 && seen[32 + 3] > 0.5, "{seen:?}");
        for (wrong, says) in [
            (r#""size": 8, "crop_size": 8"#, "squares of 4"),
            (r#""size": {"shortest_edge": 4}, "do_center_crop": false"#, "squares of 4"),
            (r#""size": 4, "resample": 0"#, "resample 0"),
        ] {
            let error = lens(&format!("{{{wrong}, {norms}}}")).err().expect("an error").to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
