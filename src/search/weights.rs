//! What each signal weighs in this shop: the usual weights, or those learned from its own judged queries.

use super::Search;
use super::fuse::{Parts, USUAL};
use anyhow::{Context, ensure};
use serde::Serialize;
use std::path::{Path, PathBuf};

impl Search {
    pub fn weights(&self) -> Parts {
        *self.weights.read().expect("no holder of this lock can panic")
    }

    pub fn set_weights(&self, weights: Parts) {
        *self.weights.write().expect("no holder of this lock can panic") = weights;
    }

    /// Writes weights for this and every later start.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep_weights(&self, weights: Parts) -> anyhow::Result<()> {
        write_whole(&self.weights_file(), &weights)?;
        self.set_weights(weights);
        Ok(())
    }

    /// A file that cannot be read, or that would turn a signal against products, leaves the usual weights.
    pub(super) fn load_weights(&self) {
        let path = self.weights_file();
        if !path.exists() {
            return;
        }
        let read = || -> anyhow::Result<Parts> {
            let weights: Parts = serde_json::from_slice(&std::fs::read(&path)?)?;
            ensure!(weights.list().iter().all(|w| w.is_finite() && *w >= 0.0), "a weight is negative");
            Ok(weights)
        };
        match read() {
            Ok(weights) => self.set_weights(weights),
            Err(error) => {
                tracing::warn!("{} is not used, the usual weights are: {error:#}", path.display());
                self.set_weights(USUAL);
            }
        }
    }

    fn weights_file(&self) -> PathBuf {
        self.dir.join("ranker.json")
    }
}

/// Writes JSON beside its place and moves it there: a reader sees the old file or the new one.
pub(super) fn write_whole(path: &Path, value: &impl Serialize) -> anyhow::Result<()> {
    let part = path.with_extension("part");
    std::fs::write(&part, serde_json::to_vec_pretty(value)?).with_context(|| format!("write {}", part.display()))?;
    std::fs::rename(&part, path).with_context(|| format!("write {}", path.display()))
}
