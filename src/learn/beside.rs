//! What a server learns by itself, beside its shoppers.

use crate::model::fusion::Course;
use crate::search::Search;
use std::sync::Arc;

/// Pictures up to which a server learns from them.
const MOST_LEARNED: usize = 20_000;

/// A shop that has just looked at its pictures learns once, in the background, how titles and pictures go together; from then on
/// `daogou train fusion` does, when the shop is told to. It rests whenever a shopper needs the cores.
pub async fn learn_pictures(search: Arc<Search>) {
    let pictured = search.pictures().map_or(0, |pictures| pictures.len());
    if pictured > MOST_LEARNED {
        return tracing::info!("{pictured} pictures are many to learn from beside shoppers: daogou train fusion");
    }
    search.set_steps_waiting(1);
    let resting = search.clone();
    let rest = move |step: usize, steps: usize| {
        resting.set_steps_waiting(steps.saturating_sub(step).max(1));
        resting.give_way_blocking();
    };
    let learned = super::fusion::train(&search, Course::default(), rest).await;
    search.set_steps_waiting(0);
    match learned {
        Ok(report) if report.promoted => tracing::info!("learned from {} pictured products in {:.0} s", report.products, report.seconds),
        Ok(_) => tracing::info!("what was learned from the pictures finds no more than titles do, and is not used"),
        Err(error) => tracing::info!("nothing was learned from the pictures: {error:#}"),
    }
}
