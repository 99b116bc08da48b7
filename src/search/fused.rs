//! A trained fused embedding in; every product's vector in its space, and how near each is to what was said and shown, out.

use super::Search;
use super::shelf::Item;
use super::sync::{passages_of, print};
use super::vector::{Scan, Space};
use crate::catalog::Lang;
use crate::learn::examples::{Kinds, words};
use crate::model::Sight;
use crate::model::fusion::{Said, Towers};
use anyhow::Context;
use std::path::PathBuf;
use std::sync::{Arc, RwLock};

/// The embedding in use.
pub struct Fused {
    towers: Towers,
    kinds: Kinds,
    space: RwLock<Arc<Space>>,
}

/// Products are embedded in steps of this many.
const STEP: usize = 512;

impl Fused {
    fn new(towers: Towers, kinds: Kinds) -> Self {
        Self { towers, kinds, space: RwLock::default() }
    }

    pub fn towers(&self) -> &Towers {
        &self.towers
    }

    /// How near each pictured variant is to a need said, shown, or both.
    pub fn scan(&self, text: Option<(&str, &[f32])>, photo: Option<&Sight>) -> anyhow::Result<Option<Scan>> {
        let space = self.space.read().expect("no holder of this lock can panic").clone();
        let mut query: Vec<f32> = Vec::new();
        if let Some((text, vector)) = text {
            let said = Said { vector: vector.to_vec(), words: words(text) };
            add(&mut query, &self.towers.texts(&[&said])?[0]);
        }
        if let Some(photo) = photo {
            add(&mut query, &self.towers.pictures(&[&photo.traits])?[0]);
        }
        Ok((!query.is_empty() && !space.is_empty()).then(|| space.scan(&unit(query))))
    }
}

impl Search {
    pub fn fused(&self) -> Option<Arc<Fused>> {
        self.fused.read().expect("no holder of this lock can panic").clone()
    }

    /// Puts a newly trained embedding in place, on disk and in use.
    ///
    /// # Errors
    /// When the files cannot be written.
    pub fn promote(&self, towers: Towers, kinds: Kinds) -> anyhow::Result<()> {
        let (weights, names) = self.fused_files();
        towers.save(&weights)?;
        std::fs::write(&names, serde_json::to_vec(&kinds)?).with_context(|| format!("write {}", names.display()))?;
        self.use_fused(Fused::new(towers, kinds));
        self.fuse_products()
    }

    /// Takes up the embedding that was trained earlier, if there is one.
    pub(super) fn load_fused(&self) {
        let (weights, names) = self.fused_files();
        if !weights.exists() {
            return;
        }
        let load = || -> anyhow::Result<Fused> {
            let kinds = std::fs::read(&names).with_context(|| format!("read {}", names.display()))?;
            Ok(Fused::new(Towers::load(&weights)?, serde_json::from_slice(&kinds).context("read the kinds of the fused embedding")?))
        };
        match load() {
            Ok(fused) => self.use_fused(fused),
            Err(error) => tracing::warn!("going on without the fused embedding: {error:#}"),
        }
    }

    /// Embeds every pictured product anew. Cheap beside looking at the pictures.
    ///
    /// # Errors
    /// When the embedding does not fit what the encoders say.
    pub fn fuse_products(&self) -> anyhow::Result<()> {
        let (Some(fused), Some(pictured)) = (self.fused(), self.pictured()) else { return Ok(()) };
        let mut rows: Vec<(u32, Vec<f32>)> = Vec::with_capacity(pictured.len());
        for part in pictured.chunks(STEP) {
            let traits: Vec<&[f32]> = part.iter().map(|(_, traits)| traits.as_slice()).collect();
            let pictures = fused.towers.pictures(&traits)?;
            let kinds = fused.towers.kinds(&part.iter().map(|(item, _)| fused.kinds.numbers(item)).collect::<Vec<_>>())?;
            for (((item, _), mut vector), kinds) in part.iter().zip(pictures).zip(kinds) {
                add(&mut vector, &kinds);
                if let Some(title) = self.indexed_title(item) {
                    let said = Said { vector: title, words: words(item.title(Lang::En)) };
                    add(&mut vector, &fused.towers.texts(&[&said])?[0]);
                }
                rows.push((item.ord, unit(vector)));
            }
        }
        *fused.space.write().expect("no holder of this lock can panic") = Arc::new(Space::of(rows));
        Ok(())
    }

    /// The vector of a product's title as it is indexed.
    pub fn indexed_title(&self, item: &Item) -> Option<Vec<f32>> {
        let (_, text) = passages_of(item).into_iter().next()?;
        self.vectors().known(&print(&text))
    }

    fn use_fused(&self, fused: Fused) {
        *self.fused.write().expect("no holder of this lock can panic") = Some(Arc::new(fused));
    }

    fn fused_files(&self) -> (PathBuf, PathBuf) {
        (self.dir.join("fused.safetensors"), self.dir.join("fused.json"))
    }
}

fn add(to: &mut Vec<f32>, values: &[f32]) {
    if to.is_empty() {
        to.extend_from_slice(values);
    } else {
        to.iter_mut().zip(values).for_each(|(t, v)| *t += v);
    }
}

fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|v| v * v).sum::<f32>().sqrt().max(1e-9);
    vector.iter_mut().for_each(|v| *v /= length);
    vector
}
