//! `daogou eval`: one JSON object of figures, printed last.

use crate::app::{Models, Wanted};
use crate::config::{Eval, Suite};
use crate::eval;
use anyhow::Context;

/// # Errors
/// When the data cannot be read or a model fails.
pub async fn eval(options: Eval) -> anyhow::Result<()> {
    let wanted = if options.suite == Suite::Needs { Wanted::Nothing } else { Wanted::Encoders };
    let models = Models::load(&options.backends, wanted).await?;
    let work = match options.work {
        Some(work) => work,
        None => crate::model::pull::ModelDir::from_env()?.path().parent().context("the model directory has no parent")?.join("eval"),
    };
    let report = match options.suite {
        Suite::Retrieval => eval::retrieval::evaluate(&options.dataset, &work, &models).await?,
        Suite::Intents => eval::intents::evaluate(&options.dataset, &models).await?,
        Suite::Needs => eval::needs::evaluate(&options.dataset)?,
        Suite::Aftersales => eval::customer::evaluate(&options.dataset, &work, &models, &options.customer).await?,
        Suite::Images => eval::images::evaluate(&options.dataset, &work, &models).await?,
    };
    match options.json {
        true => println!("{report}"),
        false => println!("{report:#}"),
    }
    Ok(())
}
