//! MODEL DIRECTORY → what is ready in it, and where. Reads only.

use super::manifest::{self, ModelSet, Purpose, Ready};
use super::{ModelDir, disk};
use std::fs;
use std::path::PathBuf;

/// Where the ready files of a set are, whether they exist or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelPaths {
    /// GGUF file of the language model.
    pub language: PathBuf,
    /// Whisper, ggml.
    pub speech: PathBuf,
    /// Directory with `model.safetensors`, `tokenizer.json` and `config.json` of the text encoder.
    pub text_dir: PathBuf,
    /// Directory or file of the image encoder, when the manifest has one.
    pub image: Option<PathBuf>,
}

/// What is known of one model of the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelStatus {
    pub name: String,
    pub purpose: Purpose,
    pub sets: Vec<ModelSet>,
    pub license: String,
    pub files: Vec<FileStatus>,
}

/// What is known of one ready file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileStatus {
    pub path: PathBuf,
    /// Bytes it has when it is ready.
    pub bytes: u64,
    pub state: FileState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    Ready,
    Missing,
    /// Size or sha256 is wrong. Nothing deletes the file: it may be the user's own.
    Damaged,
}

/// Looks at every model of the manifest; sizes only, at once.
pub fn list(dir: &ModelDir) -> Vec<ModelStatus> {
    status(dir, |ready| state(dir, ready))
}

/// Reads every ready file that is there and compares its sha256; a second or two a gigabyte.
pub fn verify(dir: &ModelDir) -> Vec<ModelStatus> {
    status(dir, |ready| match state(dir, ready) {
        FileState::Ready => match disk::sha256_of(&dir.0.join(&ready.file)) {
            Ok((bytes, sha256)) if ready.accepts(bytes, &sha256) => FileState::Ready,
            _ => FileState::Damaged,
        },
        other => other,
    })
}

/// Whether every file of the set is there, by its size.
pub fn is_ready(dir: &ModelDir, set: ModelSet) -> bool {
    let models = list(dir);
    let mut files = models.iter().filter(|m| m.sets.contains(&set)).flat_map(|m| &m.files);
    files.all(|file| file.state == FileState::Ready)
}

/// Where the ready files of a set are.
pub fn paths(dir: &ModelDir, set: ModelSet) -> ModelPaths {
    let manifest = manifest::read();
    let first = |purpose: Purpose| {
        let mut artifacts = manifest.artifacts.iter();
        artifacts.find(|a| a.purpose == purpose && a.sets.contains(&set)).map(|a| dir.0.join(&a.ready[0].file))
    };
    let certain = "a test pins that every set has a language, a speech and a text model";
    let text = first(Purpose::Text).expect(certain);
    ModelPaths {
        language: first(Purpose::Language).expect(certain),
        speech: first(Purpose::Speech).expect(certain),
        text_dir: text.parent().expect("its path has a directory").to_owned(),
        image: first(Purpose::Image),
    }
}

fn status(dir: &ModelDir, state: impl Fn(&Ready) -> FileState) -> Vec<ModelStatus> {
    let file = |r: &Ready| FileStatus { path: dir.0.join(&r.file), bytes: r.bytes, state: state(r) };
    manifest::read()
        .artifacts
        .into_iter()
        .map(|a| ModelStatus {
            files: a.ready.iter().map(file).collect(),
            name: a.name,
            purpose: a.purpose,
            sets: a.sets,
            license: a.license,
        })
        .collect()
}

/// What a file's size says of it.
pub(super) fn state(dir: &ModelDir, ready: &Ready) -> FileState {
    match fs::metadata(dir.0.join(&ready.file)) {
        Ok(meta) if meta.len() == ready.bytes || meta.len() == ready.hub_bytes() => FileState::Ready,
        Ok(_) => FileState::Damaged,
        Err(_) => FileState::Missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn paths_name_the_ready_files() {
        let dir = ModelDir::at("/m");
        let small = paths(&dir, ModelSet::Small);
        assert_eq!(small.language, Path::new("/m/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"));
        assert_eq!(small.speech, Path::new("/m/whisper-base-f16.ggml"));
        assert_eq!(small.text_dir, Path::new("/m/e5-small"));
        let standard = paths(&dir, ModelSet::Standard);
        assert_eq!(standard.language, Path::new("/m/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"));
        assert_eq!(standard.text_dir, small.text_dir);
    }

    #[test]
    fn an_empty_directory_lists_everything_as_missing() {
        let dir = tempfile::tempdir().unwrap();
        let dir = ModelDir::at(dir.path());
        for status in [list(&dir), verify(&dir)] {
            assert!(status.iter().flat_map(|s| &s.files).all(|f| f.state == FileState::Missing));
        }
        assert!(!is_ready(&dir, ModelSet::Small));
    }
}
