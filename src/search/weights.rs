//! What each signal weighs in this shop: the usual weights, or those learned from its own judged queries.

use super::Search;
use super::fuse::{Parts, USUAL};
use anyhow::{Context, ensure};
use std::path::PathBuf;

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
        let (path, new) = (self.weights_file(), self.dir.join("ranker.json.new"));
        std::fs::write(&new, serde_json::to_vec_pretty(&weights)?).with_context(|| format!("write {}", new.display()))?;
        std::fs::rename(&new, &path).with_context(|| format!("write {}", path.display()))?;
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
