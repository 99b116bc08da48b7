//! The image encoder: a picture in; its form as two networks see it from several views, its colours, and the traits the fused
//! embedding learns from, out.
//!
//! How views, pooling and colours were chosen is in docs/retrieval.md. Pixels are normalized as (x − 127) / 128: none of the four ways the
//! weights could have been trained with is measurably better (`benches/pictures.py`).

use super::efficientnet::{EfficientNet, Map, Seen};
use super::palette::{COARSE, FINE, Weight};
use super::{ImageEncoder, Picture, Sight, SightShape, Subject};
use crate::algebra::{add, unit};
use anyhow::Context;
use rayon::prelude::*;
use std::path::Path;

pub struct TwoNets {
    small: EfficientNet,
    large: EfficientNet,
    pool: rayon::ThreadPool,
}

/// The files of the two networks in a directory.
pub const SMALL: &str = "lite0.safetensors";
pub const LARGE: &str = "lite2.safetensors";
/// Sides of the squares they were trained on.
const SMALL_SIDE: u32 = 224;
const LARGE_SIDE: u32 = 260;
/// Middles of a photo: the thing may fill it or not.
const PHOTO_VIEWS: [f64; 4] = [1.0, 0.8, 0.6, 0.45];
const PRODUCT_MIDDLES: [f64; 2] = [0.7, 0.45];
const PALETTE_SIDE: u32 = 48;
/// Whole, upper, middle and lower rows of the palette square.
const BANDS: [std::ops::Range<u32>; 4] = [0..48, 0..20, 12..36, 28..48];

impl TwoNets {
    /// Loads `lite0.safetensors` and `lite2.safetensors` of `dir`.
    ///
    /// # Errors
    /// Names the file or weight that is missing.
    pub fn load(dir: &Path) -> anyhow::Result<Self> {
        Ok(Self { small: EfficientNet::load(&dir.join(SMALL))?, large: EfficientNet::load(&dir.join(LARGE))?, pool: threads()? })
    }

    /// The pooled features of the whole picture by both networks, the small one first: what `daogou bench sight` prints, by which port
    /// and normalization are judged.
    pub fn features(&self, picture: &Picture, normalization: Normalization) -> [Vec<f32>; 2] {
        let see = |net: &EfficientNet, side| net.look(&normalization.of(&picture.scaled(side))).pooled;
        [see(&self.small, SMALL_SIDE), see(&self.large, LARGE_SIDE)]
    }

    /// What both networks see of each view, in the order of the views; the small one first.
    fn look(&self, views: &[Picture]) -> Vec<[Seen; 2]> {
        let nets = [(&self.small, SMALL_SIDE), (&self.large, LARGE_SIDE)];
        let jobs: Vec<(&Picture, &EfficientNet, u32)> = views.iter().flat_map(|v| nets.map(|(net, side)| (v, net, side))).collect();
        let see = |(view, net, side): (&Picture, &EfficientNet, u32)| net.look(&Normalization::Lite.of(&view.scaled(side)));
        let seen: Vec<Seen> = self.pool.install(|| jobs.into_par_iter().map(see).collect());
        let mut seen = seen.into_iter();
        std::iter::from_fn(|| Some([seen.next()?, seen.next()?])).collect()
    }
}

impl ImageEncoder for TwoNets {
    fn name(&self) -> &str {
        super::TWO_NETS
    }

    fn shape(&self) -> SightShape {
        let (small, large) = (self.small.width(), self.large.width());
        let stages = self.small.stages().iter().sum::<usize>();
        SightShape { form: 2 * (small + large), colour: FINE.len(), traits: small + large + stages + BANDS.len() * COARSE.len() }
    }

    fn encode(&mut self, picture: &Picture, subject: Subject) -> anyhow::Result<Sight> {
        let views = views(picture, subject);
        let seen = self.look(&views);
        let mut form = Vec::with_capacity(self.shape().form);
        for net in 0..2 {
            for pooled in [|s: &Seen| s.pooled.clone(), |s: &Seen| s.peaks.clone()] {
                let mut sum = vec![0.0; pooled(&seen[0][net]).len()];
                seen.iter().for_each(|view| add(&mut sum, &unit(pooled(&view[net]))));
                form.extend(unit(sum));
            }
        }
        let whole = &seen[0];
        let mut traits = whole[0].pooled.clone();
        traits.extend(&whole[1].pooled);
        whole[0].stages.iter().for_each(|stage| traits.extend(stage));
        let palette = picture.scaled(PALETTE_SIDE);
        BANDS.iter().for_each(|rows| traits.extend(COARSE.of_rows(&palette, rows.clone(), Weight::Thing)));
        Ok(Sight { form, colour: colour(&views, subject), traits })
    }
}

/// Threads of an image encoder's own.
pub(super) fn threads() -> anyhow::Result<rayon::ThreadPool> {
    let pool = rayon::ThreadPoolBuilder::new()
        .thread_name(|n| format!("image encoder {n}"))
        // Pictures of the catalogue are looked at for minutes; words go first.
        .start_handler(|_| super::yield_to_others());
    pool.build().context("start image encoder threads")
}

/// Parts of a picture in which the thing is looked for.
pub(super) fn views(picture: &Picture, subject: Subject) -> Vec<Picture> {
    match subject {
        Subject::Photo => PHOTO_VIEWS.iter().map(|share| picture.middle(*share)).collect(),
        Subject::Product => {
            let middles = PRODUCT_MIDDLES.iter().map(|share| picture.middle(*share));
            [picture.clone(), picture.tight()].into_iter().chain(middles).collect()
        }
    }
}

/// The colours of a picture's views.
pub(super) fn colour(views: &[Picture], subject: Subject) -> Vec<f32> {
    let mut colour = vec![0.0; FINE.len()];
    for (n, view) in views.iter().enumerate() {
        let square = view.scaled(PALETTE_SIDE);
        match subject {
            Subject::Photo => add(&mut colour, &FINE.of(&square, Weight::Centre)),
            // Not the whole catalogue picture: the thing fills little of it.
            Subject::Product if n > 0 => add(&mut colour, &FINE.in_any_light(&square)),
            Subject::Product => {}
        }
    }
    unit(colour)
}

/// How pixels become what a network expects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Normalization {
    /// (x − 127) / 128, as EfficientNet-lite was trained
    #[default]
    Lite,
    /// x / 127.5 − 1, as most networks of TensorFlow
    Symmetric,
    /// x / 255
    Unit,
    /// x / 255, less the means of ImageNet's channels, by their spread
    Imagenet,
}

const MEANS: [f32; 3] = [0.485, 0.456, 0.406];
const SPREADS: [f32; 3] = [0.229, 0.224, 0.225];

impl Normalization {
    fn of(self, picture: &Picture) -> Map {
        let value = |(n, c): (usize, &u8)| {
            let c = f32::from(*c);
            match self {
                Self::Lite => (c - 127.0) / 128.0,
                Self::Symmetric => c / 127.5 - 1.0,
                Self::Unit => c / 255.0,
                Self::Imagenet => (c / 255.0 - MEANS[n % 3]) / SPREADS[n % 3],
            }
        };
        let values = picture.0.as_raw().iter().enumerate().map(value).collect();
        Map { height: picture.0.height() as usize, width: picture.0.width() as usize, values }
    }
}
