//! The towers in a build without models: the same calls, and a plain word that they are not there.

use super::{Course, Example, Said};
use anyhow::bail;
use std::path::Path;

pub struct Towers;

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

    pub fn kinds(&self, _: &[[u32; super::KINDS]]) -> anyhow::Result<Vec<Vec<f32>>> {
        bail!(ABSENT)
    }

    pub fn save(&self, _: &Path) -> anyhow::Result<()> {
        bail!(ABSENT)
    }

    pub fn load(_: &Path) -> anyhow::Result<Self> {
        bail!(ABSENT)
    }
}
