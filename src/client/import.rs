//! `daogou import`.

use crate::app::{Models, Shop, Wanted};
use crate::config::Import;
use crate::ingest::world::{Kind, import_world};
use crate::ingest::{ImportOptions, Report, import_feed};
use crate::progress;
use anyhow::{Context, bail};
use std::time::Instant;

const SHOWN: usize = 20;

/// # Errors
/// When nothing could be imported; rejected lines alone are reported, not fatal.
pub async fn import(options: Import) -> anyhow::Result<()> {
    let begun = Instant::now();
    let wanted = if options.vectors { Wanted::Encoders } else { Wanted::Nothing };
    let shop = Shop::open(&options.place, Models::load(&options.place.backends, wanted).await?).await?;
    if options.kind != Kind::Products {
        for file in &options.files {
            let n = import_world(&shop.rooms.store, options.kind, file).await?;
            println!("{}: {n} records", file.display());
        }
        return Ok(());
    }
    let feed = ImportOptions {
        format: options.format,
        images: options.images.clone(),
        replace: options.replace,
        strict: options.strict,
        media: shop.media(),
        progress: !options.json,
    };
    let report = import_feed(&shop.rooms.store, &options.files, &feed).await?;
    shop.rooms.search.catch_up(&shop.rooms.store).await.context("index the catalogue")?;
    let seconds = begun.elapsed().as_secs_f64();
    if options.vectors {
        let bar = progress::bar("vectors");
        shop.rooms.search.encode_missing(&shop.rooms.store, |done, total| progress::advance(&bar, done, total)).await?;
        bar.finish_and_clear();
    }
    match options.json {
        true => println!("{}", serde_json::to_string(&report).context("print the report")?),
        false => print(&report, seconds),
    }
    if report.read == 0 && report.rejected > 0 {
        bail!("no line of the feed could be used");
    }
    Ok(())
}

fn print(report: &Report, seconds: f64) {
    println!(
        "read {}, new {}, changed {}, unchanged {}, removed {}, rejected {} – searchable after {seconds:.1} s",
        report.read, report.new, report.changed, report.unchanged, report.removed, report.rejected
    );
    if report.spared > 0 {
        println!(
            "{} products that are not in the feed were left in the catalogue, because rejected lines may have been theirs; mend the lines and import again",
            report.spared
        );
    }
    for rejection in report.rejections.iter().take(SHOWN) {
        println!("  {rejection}");
    }
    if report.rejections.len() > SHOWN {
        println!("  … {} more; --json lists them", report.rejected as usize - SHOWN);
    }
}
