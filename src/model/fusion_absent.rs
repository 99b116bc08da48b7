//! The fused embedding in a build without models: the same names, and a plain word that it is not there.

use anyhow::bail;
use std::path::Path;

/// A text: its vector, and its hashed words.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub vector: Vec<f32>,
    pub words: Vec<u32>,
}

/// A product with a picture to learn from.
#[derive(Clone, Debug, Default)]
pub struct Example {
    pub titles: Vec<Said>,
    pub sentence: Said,
    pub traits: Vec<f32>,
    pub kinds: [u32; 3],
    pub title: u32,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Course {
    pub epochs: usize,
    pub batch: usize,
    pub seed: u64,
}

pub struct Towers;

pub const WORDS: usize = 4_096;
pub const MOST_WORDS: usize = 24;
const ABSENT: &str = "this build has no models (feature \"models\")";

impl Towers {
    pub fn train(_: &[Example], _: Course, _: impl Fn(usize, usize)) -> anyhow::Result<Self> {
        bail!(ABSENT)
    }

    pub fn texts(&self, _: &[&Said]) -> anyhow::Result<Vec<Vec<f32>>> {
        bail!(ABSENT)
    }

    pub fn pictures(&self, _: &[&[f32]]) -> anyhow::Result<Vec<Vec<f32>>> {
        bail!(ABSENT)
    }

    pub fn kinds(&self, _: &[[u32; 3]]) -> anyhow::Result<Vec<Vec<f32>>> {
        bail!(ABSENT)
    }

    pub fn save(&self, _: &Path) -> anyhow::Result<()> {
        bail!(ABSENT)
    }

    pub fn load(_: &Path) -> anyhow::Result<Self> {
        bail!(ABSENT)
    }
}
