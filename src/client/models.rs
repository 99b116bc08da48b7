//! `daogou models pull|list|verify`.

use crate::config::Models;
use crate::model::pull::{self, FileState, ModelDir, ModelSet, ModelStatus};
use anyhow::{Context, bail};
use indicatif::MultiProgress;

/// # Errors
/// When a file cannot be fetched, or a verified one is missing or damaged.
pub async fn models(command: Models) -> anyhow::Result<()> {
    match command {
        Models::Pull { set } => pull_set(set).await,
        Models::List => show(false).await,
        Models::Verify => show(true).await,
    }
}

/// Fetches what is missing of `set`, with progress bars.
///
/// # Errors
/// As `pull::pull`.
pub async fn pull_set(set: ModelSet) -> anyhow::Result<()> {
    let pull = move || {
        let dir = ModelDir::from_env()?;
        pull::pull(&dir, set, &MultiProgress::new())
    };
    tokio::task::spawn_blocking(pull).await.context("fetch the models")?
}

async fn show(verify: bool) -> anyhow::Result<()> {
    let look = move || -> anyhow::Result<(ModelDir, Vec<ModelStatus>)> {
        let dir = ModelDir::from_env()?;
        let status = if verify { pull::verify(&dir) } else { pull::list(&dir) };
        Ok((dir, status))
    };
    let (dir, status) = tokio::task::spawn_blocking(look).await.context("look at the models")??;
    println!("{}", dir.path().display());
    let mut damaged = 0;
    for model in &status {
        let sets: Vec<String> = model.sets.iter().map(ToString::to_string).collect();
        println!("{:<12} {} ({}; {})", model.purpose.to_string(), model.name, sets.join(", "), model.license);
        for file in &model.files {
            damaged += usize::from(file.state == FileState::Damaged);
            println!("  {:<8} {:>13}  {}", format!("{:?}", file.state).to_lowercase(), file.bytes, file.path.display());
        }
    }
    if verify && damaged > 0 {
        bail!("{damaged} model files are damaged; delete them and run: daogou models pull");
    }
    Ok(())
}
