//! `daogou train`.

use crate::app::{Models, Shop, Wanted};
use crate::config::Train;
use crate::learn;
use crate::model::fusion::Course;
use crate::progress;
use anyhow::Context;

/// # Errors
/// When the shop cannot be opened, or has too little to learn from.
pub async fn train(what: Train) -> anyhow::Result<()> {
    let Train::Fusion { place, epochs, seed, json } = what;
    let shop = Shop::open(&place, Models::load(&place.backends, Wanted::Encoders).await?).await?;
    let search = &shop.rooms.search;
    let bar = progress::bar("texts");
    search.encode_missing(&shop.rooms.store, |done, total| progress::advance(&bar, done, total)).await?;
    bar.set_message("pictures");
    search.look_at_missing(|done, total| progress::advance(&bar, done, total)).await?;
    bar.set_message("training");
    let shown = bar.clone();
    let course = Course { epochs, seed, ..Course::default() };
    let report = learn::fusion::train(search, course, move |done, total| progress::advance(&shown, done, total)).await?;
    bar.finish_and_clear();
    if json {
        println!("{}", serde_json::to_string(&report).context("print the report")?);
        return Ok(());
    }
    println!(
        "Trained on {} products in {:.0} s. Of {} held out, the title finds its own picture first for {:.0} %, among ten for {:.0} %.",
        report.products,
        report.seconds,
        report.held_out,
        report.recall_at_1 * 100.0,
        report.recall_at_10 * 100.0
    );
    match (report.promoted, report.before_at_10) {
        (true, None) => println!("It is in use; a running server takes it up when it is started again."),
        (true, Some(before)) => println!("It is in use: among ten, the one before found {:.0} %.", before * 100.0),
        (false, before) => println!("The one in use stays: among ten, it finds {:.0} %.", before.unwrap_or(0.0) * 100.0),
    }
    Ok(())
}
