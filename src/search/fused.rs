//! A trained fused embedding in; every product's vector in its space, and how near each is to what was said and shown, out.

use super::Search;
use super::shelf::Item;
use super::sync::{passages_of, print};
use super::vector::{Scan, Space};
use super::weights::write_whole;
use crate::algebra::{add, unit};
use crate::catalog::Lang;
use crate::learn::examples::{Kinds, words};
use crate::model::Sight;
use crate::model::fusion::{Said, Towers};
use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, RwLock};

/// The embedding in use.
pub struct Fused {
    towers: Towers,
    learned: Learned,
    space: RwLock<Arc<Space>>,
}

/// What is kept beside the towers.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Learned {
    kinds: Kinds,
    /// What it weighs for words without a photo, beside a standard deviation in text; found on held-out products.
    words: f32,
}

/// A variant, with the traits of its picture where that was looked at.
type Known = (Arc<Item>, Option<Vec<f32>>);

/// Products are embedded in steps of this many.
const STEP: usize = 512;

impl Fused {
    fn new(towers: Towers, learned: Learned) -> Self {
        Self { towers, learned, space: RwLock::default() }
    }

    pub fn towers(&self) -> &Towers {
        &self.towers
    }

    /// What it weighs for words without a photo.
    pub fn words_weight(&self) -> f32 {
        self.learned.words
    }

    /// How near each variant is to a photo, to words with their vector, or to both; `None` while no product is embedded.
    pub fn scan(&self, photo: Option<&Sight>, words: Option<(&str, &[f32])>) -> anyhow::Result<Option<Scan>> {
        let space = self.space.read().expect("no holder of this lock can panic").clone();
        if space.is_empty() {
            return Ok(None);
        }
        let mut parts: Vec<Vec<f32>> = Vec::new();
        if let Some(photo) = photo {
            parts.extend(self.towers.pictures(&[&photo.traits])?);
        }
        if let Some((text, vector)) = words {
            parts.extend(self.towers.texts(&[&said(text, vector.to_vec())])?);
        }
        let query = parts.into_iter().reduce(|mut sum, part| {
            add(&mut sum, &part);
            sum
        });
        Ok(query.map(|query| space.scan(&unit(query))))
    }
}

fn said(text: &str, vector: Vec<f32>) -> Said {
    Said { vector, words: words(text) }
}

impl Search {
    pub fn fused(&self) -> Option<Arc<Fused>> {
        self.fused.read().expect("no holder of this lock can panic").clone()
    }

    /// Puts a newly trained embedding in place, on disk and in use.
    ///
    /// # Errors
    /// When the files cannot be written.
    pub fn promote(&self, towers: Towers, kinds: Kinds, words: f32) -> anyhow::Result<()> {
        let (weights, names) = self.fused_files();
        towers.save(&weights)?;
        let learned = Learned { kinds, words };
        write_whole(&names, &learned)?;
        self.use_fused(Fused::new(towers, learned));
        self.fuse_products()
    }

    /// Takes up the embedding that was trained earlier, if there is one.
    pub(super) fn load_fused(&self) {
        let (weights, names) = self.fused_files();
        if !weights.exists() {
            return;
        }
        let load = || -> anyhow::Result<Fused> {
            let learned = std::fs::read(&names).with_context(|| format!("read {}", names.display()))?;
            let Learned { kinds, words } = serde_json::from_slice(&learned).context("read the kinds of the fused embedding")?;
            Ok(Fused::new(Towers::load(&weights)?, Learned { kinds: kinds.by_known_persons(), words }))
        };
        match load() {
            Ok(fused) => self.use_fused(fused),
            Err(error) => tracing::warn!("going on without the fused embedding: {error:#}"),
        }
    }

    /// Embeds every product anew, each as the sum of what is known of it: picture, title, kinds. Cheap beside looking at the pictures.
    ///
    /// # Errors
    /// When the embedding does not fit what the encoders say.
    pub fn fuse_products(&self) -> anyhow::Result<()> {
        let (Some(fused), Some(pictured)) = (self.fused(), self.pictured()) else { return Ok(()) };
        let shelf = self.shelf();
        let seen: HashSet<u32> = pictured.iter().map(|(item, _)| item.group).collect();
        let unseen = (0..shelf.groups.len() as u32).filter(|group| !seen.contains(group));
        let unseen = unseen.filter_map(|group| shelf.groups[group as usize].ords.iter().find_map(|ord| shelf.item(*ord)));
        let known = pictured.into_iter().map(|(item, traits)| (item, Some(traits)));
        let known: Vec<Known> = known.chain(unseen.map(|item| (item.clone(), None))).collect();
        let mut rows: Vec<(u32, Vec<f32>)> = Vec::with_capacity(known.len());
        for part in known.chunks(STEP) {
            let vectors = self.fuse(&fused, part)?;
            rows.extend(part.iter().zip(vectors).filter_map(|((item, _), vector)| Some((item.ord, vector?))));
        }
        *fused.space.write().expect("no holder of this lock can panic") = Arc::new(Space::of(rows));
        Ok(())
    }

    /// A unit vector for each; `None` for what has neither a picture nor a title with a vector.
    fn fuse(&self, fused: &Fused, products: &[Known]) -> anyhow::Result<Vec<Option<Vec<f32>>>> {
        let towers = &fused.towers;
        let mut sums = towers.kinds(&products.iter().map(|(item, _)| fused.learned.kinds.numbers(item)).collect::<Vec<_>>())?;
        let mut told = vec![false; products.len()];
        let mut plus = |places: Vec<usize>, vectors: Vec<Vec<f32>>| {
            for (n, vector) in places.into_iter().zip(vectors) {
                add(&mut sums[n], &vector);
                told[n] = true;
            }
        };
        let pictured = products.iter().enumerate().filter_map(|(n, (_, traits))| Some((n, traits.as_deref()?)));
        let (places, traits): (Vec<usize>, Vec<&[f32]>) = pictured.unzip();
        if !traits.is_empty() {
            plus(places, towers.pictures(&traits)?);
        }
        let titled = products.iter().enumerate();
        let titled = titled.filter_map(|(n, (item, _))| Some((n, said(item.title(Lang::En), self.indexed_title(item)?))));
        let (places, titles): (Vec<usize>, Vec<Said>) = titled.unzip();
        if !titles.is_empty() {
            plus(places, towers.texts(&titles.iter().collect::<Vec<_>>())?);
        }
        Ok(sums.into_iter().zip(told).map(|(sum, told)| told.then(|| unit(sum))).collect())
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
        // What one image encoder tells of a picture means nothing in another's embedding.
        let name = format!("fused-{}", self.eyes().map_or("none", |eyes| eyes.name()));
        (self.dir.join(format!("{name}.safetensors")), self.dir.join(format!("{name}.json")))
    }
}
