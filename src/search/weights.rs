//! What makes the score in this shop: weights learned from its own judged queries, the usual ones, or places alone.

use super::Search;
use super::fuse::{Parts, Ranker, USUAL};
use crate::model::{E5_SMALL, TWO_NETS};
use anyhow::{Context, ensure};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What the score is made by; `--ranking`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Ranking {
    /// The shop's own weights, or the usual ones with the encoders they were chosen with, else rrf
    #[default]
    Auto,
    /// The shop's own weights, or the usual ones
    Learned,
    /// Reciprocal rank fusion: the places that the signals give, unweighed
    Rrf,
}

impl Search {
    pub fn ranker(&self) -> Ranker {
        *self.ranker.read().expect("no holder of this lock can panic")
    }

    pub fn rank_by(&self, ranker: Ranker) {
        *self.ranker.write().expect("no holder of this lock can panic") = ranker;
    }

    /// What each signal weighs where weights are used: the shop's own, or the usual.
    pub fn weights(&self) -> Parts {
        self.own_weights().unwrap_or(USUAL)
    }

    /// Writes weights for this and every later start.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep_weights(&self, weights: Parts) -> anyhow::Result<()> {
        write_whole(&self.weights_file(), &weights)?;
        self.choose_ranker();
        Ok(())
    }

    pub(super) fn choose_ranker(&self) {
        let own = self.own_weights();
        self.rank_by(match self.ranking {
            Ranking::Rrf => Ranker::Places,
            Ranking::Auto if own.is_none() && !self.was_judged() => Ranker::Places,
            Ranking::Auto | Ranking::Learned => Ranker::Weights(own.unwrap_or(USUAL)),
        });
    }

    /// Whether these encoders are those the usual weights were chosen with. What another one calls near was never judged, so nobody
    /// knows what it should weigh. One that is missing says nothing that could be weighed wrongly.
    pub fn was_judged(&self) -> bool {
        self.encoder().is_none_or(|encoder| encoder.name() == E5_SMALL) && self.eyes().is_none_or(|eyes| eyes.name() == TWO_NETS)
    }

    /// A file that cannot be read, or that would turn a signal against products, is as good as none.
    fn own_weights(&self) -> Option<Parts> {
        let path = self.weights_file();
        if !path.exists() {
            return None;
        }
        let read = || -> anyhow::Result<Parts> {
            let weights: Parts = serde_json::from_slice(&std::fs::read(&path)?)?;
            ensure!(weights.list().iter().all(|w| w.is_finite() && *w >= 0.0), "a weight is negative");
            Ok(weights)
        };
        read().inspect_err(|error| tracing::warn!("{} is not used: {error:#}", path.display())).ok()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Encoder, Eyes, ImageEncoder, Picture, Sight, SightShape, Subject, TextEncoder};

    struct Named(&'static str);

    impl TextEncoder for Named {
        fn name(&self) -> &str {
            self.0
        }

        fn encode(&mut self, _: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
            anyhow::bail!("nobody asks")
        }
    }

    impl ImageEncoder for Named {
        fn name(&self) -> &str {
            self.0
        }

        fn shape(&self) -> SightShape {
            SightShape { form: 1, colour: 1, traits: 1 }
        }

        fn encode(&mut self, _: &Picture, _: Subject) -> anyhow::Result<Sight> {
            anyhow::bail!("nobody asks")
        }
    }

    const OWN: Parts = Parts { words: 2.0, coverage: 0.0, text: 1.0, image: 0.0, fused: 0.0, richness: 0.0 };

    #[tokio::test]
    async fn weights_where_they_were_learned_and_places_elsewhere() {
        use Ranking::{Auto, Learned, Rrf};
        let (own, negative) = (serde_json::to_string(&OWN).expect("JSON"), r#"{"words":-1.0}"#);
        let (usual, places) = (Ranker::Weights(USUAL), Ranker::Places);
        // Setting, text encoder, image encoder, file → ranker.
        let cases = [
            (Auto, None, None, None, usual),
            (Auto, Some(E5_SMALL), Some(TWO_NETS), None, usual),
            (Auto, Some(E5_SMALL), None, None, usual),
            (Auto, Some(E5_SMALL), Some("clip-0a1b2c3d"), None, places),
            (Auto, Some("another"), Some(TWO_NETS), None, places),
            (Auto, Some("another"), None, None, places),
            (Auto, Some("another"), Some("clip-0a1b2c3d"), Some(own.as_str()), Ranker::Weights(OWN)),
            (Auto, Some("another"), None, Some(negative), places),
            (Auto, Some(E5_SMALL), None, Some("{torn"), usual),
            (Learned, Some("another"), Some("clip-0a1b2c3d"), None, usual),
            (Learned, Some(E5_SMALL), None, Some(own.as_str()), Ranker::Weights(OWN)),
            (Rrf, Some(E5_SMALL), Some(TWO_NETS), None, places),
            (Rrf, Some(E5_SMALL), None, Some(own.as_str()), places),
        ];
        for (ranking, text, image, file, expected) in cases {
            let dir = tempfile::tempdir().expect("a directory");
            file.iter().for_each(|file| std::fs::write(dir.path().join("ranker.json"), file).expect("write weights"));
            let (encoder, eyes) = (text.map(|name| Encoder::start(Named(name))), image.map(|name| Eyes::start(Named(name))));
            let search = Search::open(dir.path(), encoder, eyes, ranking).expect("open");
            assert_eq!(search.ranker(), expected, "{ranking:?} {text:?} {image:?} {file:?}");
            // What is learned later is used from then on, unless places were asked for.
            search.keep_weights(OWN).expect("keep weights");
            let after = if ranking == Rrf { places } else { Ranker::Weights(OWN) };
            assert_eq!((search.ranker(), search.weights()), (after, OWN), "{ranking:?} {text:?} {image:?} {file:?}");
        }
    }
}
