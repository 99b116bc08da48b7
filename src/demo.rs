//! The demo shop, embedded: its files out into the data directory, and from there through the ordinary import.

use crate::ingest::read::Format;
use crate::ingest::world::{Kind, import_world};
use crate::ingest::{ImportOptions, Report, import_feed};
use crate::store::Store;
use anyhow::Context;
use rust_embed::RustEmbed;
use std::path::Path;

#[derive(RustEmbed)]
#[folder = "assets/demo/"]
#[exclude = "drawings/*"]
struct Files;

/// The text of an embedded file; of all whose name begins with it, when it ends with a slash.
///
/// # Errors
/// When there is none, or it is no text.
pub fn text(name: &str) -> anyhow::Result<String> {
    let is_meant = |file: &str| if name.ends_with('/') { file.starts_with(name) } else { file == name };
    let mut files: Vec<_> = Files::iter().filter(|file| is_meant(file)).collect();
    files.sort();
    anyhow::ensure!(!files.is_empty(), "the demo shop has no {name}");
    let mut text = String::new();
    for file in files {
        let bytes = Files::get(&file).context("read an embedded file")?.data;
        text.push_str(std::str::from_utf8(&bytes).with_context(|| format!("read {file}"))?);
        text.push('\n');
    }
    Ok(text)
}

/// Imports the demo shop; unchanged parts are not written again.
///
/// # Errors
/// When the data directory cannot be written or the store fails.
pub async fn import(store: &Store, data: &Path, progress: bool) -> anyhow::Result<Report> {
    let dir = data.join("demo");
    let mut feeds = Vec::new();
    for name in Files::iter() {
        let file = Files::get(&name).context("read an embedded file")?;
        let path = dir.join(name.as_ref());
        std::fs::create_dir_all(path.parent().unwrap_or(&dir)).with_context(|| format!("make {}", dir.display()))?;
        std::fs::write(&path, &file.data).with_context(|| format!("write {}", path.display()))?;
        if name.starts_with("catalog/") {
            feeds.push(path);
        }
    }
    feeds.sort();
    let options = ImportOptions { format: Format::Jsonl, images: None, replace: false, strict: true, media: data.join("media"), progress };
    let report = import_feed(store, &feeds, &options).await.context("import the demo catalogue")?;
    for entry in std::fs::read_dir(dir.join("policies")).context("read the demo policies")? {
        import_world(store, Kind::Policies, &entry?.path()).await?;
    }
    import_world(store, Kind::Customers, &dir.join("customers.jsonl")).await?;
    import_world(store, Kind::Orders, &dir.join("orders.jsonl")).await?;
    Ok(report)
}
