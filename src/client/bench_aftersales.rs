//! `daogou bench aftersales`: a caller with no sense at all, a million times; how often what was done, and that no rule was broken.

use crate::aftersales::Policy;
use crate::eval::aftersales::{World, run as let_loose};
use anyhow::ensure;
use serde_json::json;
use std::path::Path;
use std::time::Instant;

/// # Errors
/// When the world cannot be read, or any rule was broken; the figures are printed before.
pub fn run(operations: u64, world: Option<&Path>, seed: u64) -> anyhow::Result<()> {
    let name = world.map_or("demo shop".to_owned(), |dir| dir.display().to_string());
    let world = world.map_or_else(World::demo, World::read)?;
    ensure!(world.cases.iter().any(|c| !c.orders.is_empty()), "{name} holds no order");
    let begun = Instant::now();
    let report = let_loose(&world, &Policy::shipped(), operations, seed);
    println!(
        "{}",
        json!({"world": name, "operations": operations, "seed": seed, "seconds": begun.elapsed().as_secs_f64(),
            "violations": report.violations.len(), "tally": report.tally})
    );
    let first = report.violations.first().map_or("", String::as_str);
    ensure!(report.violations.is_empty(), "{} violations; the first: {first}", report.violations.len());
    Ok(())
}
