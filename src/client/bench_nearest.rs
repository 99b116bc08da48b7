//! `daogou bench nearest`: rows and queries as files in; how long the vector search takes on them and what it finds, as one JSON
//! object, out. `benches/ann.py` lays it beside ANN libraries.

use super::bench_search::{memory, percentiles};
use crate::search::vector::{DIM, Entry, MANY, Print, Vectors};
use anyhow::{Context, ensure};
use serde_json::{Map, json};
use std::path::Path;
use std::time::Instant;

/// Found for each query.
const DEPTH: usize = 10;
/// A filter lets in one row in so many.
const SHARES: [(&str, u32); 3] = [("all", 1), ("tenth", 10), ("thousandth", 1_000)];
/// Rows kept in one go.
const STEP: usize = 4_096;

/// `dir` holds `rows.f32` and `queries.f32`: unit vectors of 384 little-endian floats, one after the other.
///
/// # Errors
/// When the files cannot be read or written.
pub fn run(dir: &Path) -> anyhow::Result<()> {
    let rows = std::fs::File::open(dir.join("rows.f32")).context("open rows.f32")?;
    // Safety: the benchmark that made it does not write to it again.
    let rows = unsafe { memmap2::Mmap::map(&rows) }.context("map rows.f32")?;
    let queries = floats(&std::fs::read(dir.join("queries.f32")).context("read queries.f32")?);
    ensure!(rows.len().is_multiple_of(DIM * 4) && queries.len().is_multiple_of(DIM) && !queries.is_empty(), "vectors have {DIM} floats");
    let count = rows.len() / (DIM * 4);
    let place = dir.join("vectors.bin");
    std::fs::remove_file(&place).ok();
    let before = own();
    let begun = Instant::now();
    let vectors = Vectors::open(&place, DIM, 0.0, MANY)?;
    for (step, part) in rows.chunks(STEP * DIM * 4).enumerate() {
        let fresh: Vec<(Print, Vec<f32>)> =
            part.chunks(DIM * 4).enumerate().map(|(n, row)| (print(step * STEP + n), floats(row))).collect();
        vectors.keep(&fresh)?;
    }
    let kept = begun.elapsed().as_secs_f64();
    let entries: Vec<Entry> = (0..count).map(|n| Entry { key: n as u32, bucket: 0, print: print(n) }).collect();
    vectors.show(&entries, &[])?;
    let built = begun.elapsed().as_secs_f64();
    let mut report = Map::new();
    for (name, share) in SHARES {
        let (mut times, mut found) = (Vec::new(), Vec::new());
        for round in 0..2 {
            for query in queries.chunks(DIM) {
                let begun = Instant::now();
                let near = vectors.near(query, &[], |_| true).nearest(DEPTH, |key| key % share == 0);
                if round > 0 {
                    times.push(begun.elapsed().as_secs_f64() * 1e3);
                    found.push(near.into_iter().map(|(key, _)| key).collect::<Vec<_>>());
                }
            }
        }
        report.insert(name.to_owned(), json!({"ms": percentiles(times), "found": found}));
    }
    println!(
        "{}",
        json!({"rows": count, "keep_s": kept, "build_s": built, "own_mb": own() - before, "memory_mb": memory(), "queries": report})
    );
    Ok(())
}

fn own() -> f64 {
    memory()["own"].as_f64().unwrap_or(0.0)
}

fn print(n: usize) -> Print {
    (n as u128 + 1).to_le_bytes()
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}
