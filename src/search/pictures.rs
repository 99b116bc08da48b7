//! Pictures of the shelf in; what photos are compared with out.

use super::Search;
use super::bitmap::Bitmap;
use super::shelf::{Item, Shelf};
use super::sync::print;
use super::vector::{Entry, Print, Scan, Vectors};
use crate::algebra::dot;
use crate::model::{Eyes, Picture, Sight, Subject};
use anyhow::Context;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// What was seen of the catalogue's pictures, by the variant that shows them first.
pub struct Pictures {
    form: Vectors,
    colour: Vectors,
    /// Not compared: what the fused embedding is made of.
    traits: Vectors,
}

/// A picture in the media directory, and the first variant that shows it.
struct Shown {
    ord: u32,
    print: Print,
    path: PathBuf,
}

/// Of pictures there is no usual mean: the catalogue's own counts alone.
const OWN: f32 = 1.0;
/// What likeness of colours weighs beside that of form.
const COLOUR: f32 = 0.7;
/// Pictures are made visible from this many on.
const STEP: usize = 64;
const REPORTED: usize = 16;

impl Pictures {
    /// # Errors
    /// When the files cannot be read or written.
    pub fn open(dir: &Path, eyes: &Eyes) -> anyhow::Result<Self> {
        let open = |part: &str, dim: usize| Vectors::open(&dir.join(format!("pictures-{part}-{}.bin", eyes.name())), dim, OWN, usize::MAX);
        let shape = eyes.shape();
        Ok(Self { form: open("form", shape.form)?, colour: open("palette", shape.colour)?, traits: open("traits", shape.traits)? })
    }

    pub fn len(&self) -> usize {
        self.form.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How much each picture is like the photo, in deviations above the usual.
    pub fn scan(&self, photo: &Sight) -> Scan {
        let form = self.form.scan(&photo.form);
        form.plus(&self.colour.scan(&photo.colour), COLOUR)
    }

    /// How much each picture is like one with this form, of which nothing else is known.
    pub fn scan_form(&self, form: &[f32]) -> Scan {
        self.form.scan(form)
    }

    /// The cosine of photo and product picture in form; `None` when the product's was not looked at.
    pub fn likeness(&self, photo: &Sight, ord: u32) -> Option<f32> {
        Some(self.form.cosine(&photo.form, ord)? / dot(&photo.form, &photo.form).sqrt().max(1e-9))
    }

    /// What was seen of a picture before.
    pub fn traits(&self, print: &Print) -> Option<Vec<f32>> {
        self.traits.known(print)
    }

    fn show(&self, shown: &[Shown]) -> anyhow::Result<Vec<usize>> {
        let entries: Vec<Entry> = shown.iter().map(|s| Entry { key: s.ord, bucket: 0, print: s.print }).collect();
        let mut missing = self.form.show(&entries, &[])?;
        missing.extend(self.colour.show(&entries, &[])?);
        missing.extend(shown.iter().enumerate().filter(|(_, s)| !self.traits.keeps(&s.print)).map(|(n, _)| n));
        missing.sort_unstable();
        missing.dedup();
        Ok(missing)
    }

    fn keep(&self, print: Print, sight: Sight) -> anyhow::Result<()> {
        self.form.keep(&[(print, sight.form)])?;
        self.colour.keep(&[(print, sight.colour)])?;
        self.traits.keep(&[(print, sight.traits)])
    }
}

impl Search {
    /// Makes the pictures that were looked at earlier visible, and looks at none.
    ///
    /// # Errors
    /// When the vectors cannot be read.
    pub fn show_known_pictures(&self) -> anyhow::Result<()> {
        self.pictures().map_or(Ok(()), |pictures| pictures.show(&self.shown()).map(drop))
    }

    /// Looks at the pictures that were not looked at yet, calling `progress(done, total)`; how many these were.
    ///
    /// # Errors
    /// When the image encoder has died or its files cannot be written. A picture that cannot be opened is left out.
    pub async fn look_at_missing(&self, progress: impl Fn(usize, usize)) -> anyhow::Result<usize> {
        let (Some(eyes), Some(pictures)) = (self.eyes().cloned(), self.pictures()) else { return Ok(0) };
        let shown = self.shown();
        let missing = pictures.show(&shown)?;
        let total = missing.len();
        self.pictures_waiting.store(total, Ordering::Relaxed);
        for (n, shown_at) in missing.iter().enumerate() {
            self.give_way().await;
            let one = &shown[*shown_at];
            let path = one.path.clone();
            let open = move || Picture::decode(&std::fs::read(&path).with_context(|| format!("read {}", path.display()))?);
            let sight = match tokio::task::spawn_blocking(open).await.context("open a picture").flatten() {
                Ok(picture) => eyes.look(Arc::new(picture), Subject::Product).await.context("look at a picture")?,
                Err(error) => {
                    tracing::warn!("a product picture is left out: {error:#}");
                    // Kept as nothing, so that it is not tried again.
                    let shape = eyes.shape();
                    Sight { form: vec![0.0; shape.form], colour: vec![0.0; shape.colour], traits: vec![0.0; shape.traits] }
                }
            };
            pictures.keep(one.print, sight)?;
            // Showing costs a reading of all of them: each time there are twice as many.
            if n + 1 >= STEP && (n + 1).is_power_of_two() || n + 1 == total {
                pictures.show(&shown)?;
                self.pictures_waiting.store(total - (n + 1), Ordering::Relaxed);
            }
            if (n + 1) % REPORTED == 0 || n + 1 == total {
                progress(n + 1, total);
            }
        }
        Ok(total)
    }

    /// The variants whose pictures were looked at, with their traits; `None` without an image encoder.
    pub fn pictured(&self) -> Option<Vec<(Arc<Item>, Vec<f32>)>> {
        let (pictures, shelf) = (self.pictures()?, self.shelf());
        let known = self.shown().into_iter().filter_map(|s| Some((shelf.item(s.ord)?.clone(), pictures.traits(&s.print)?)));
        Some(known.filter(|(_, traits)| traits.iter().any(|t| *t != 0.0)).collect())
    }

    /// The first variant of each product for each of its pictures.
    fn shown(&self) -> Vec<Shown> {
        let shelf = self.shelf();
        let mut seen = HashSet::new();
        let pictured = shelf.items.iter().flatten().filter(|item| seen.insert((item.group, item.image.clone())));
        let media = self.media();
        pictured
            .filter_map(|item| item.image.strip_prefix("/media/").map(|name| (item, name)))
            // A name in the media directory changes with what the file holds.
            .map(|(item, name)| Shown { ord: item.ord, print: print(name), path: media.join(name) })
            .collect()
    }
}

/// The variant to show for a picture: allowed, in stock if any is, else the first that wears it.
pub fn wearing(shelf: &Shelf, ord: u32, allowed: &Bitmap) -> Option<Arc<Item>> {
    let first = shelf.item(ord)?;
    let mut same = shelf.variants(first).filter(|item| item.image == first.image && allowed.contains(item.ord as usize));
    let fallback = same.next()?;
    Some(std::iter::once(fallback).chain(same).find(|item| item.in_stock()).unwrap_or(fallback).clone())
}
