//! Unit vectors of product texts in, nearest products out: an exact scan, and an append-only file so that nothing is encoded twice.
//!
//! File: records of a 16-byte text fingerprint and `DIM` little-endian f16; a torn last record is cut off on opening.

use anyhow::Context;
use half::f16;
use half::slice::HalfFloatSliceExt;
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, RwLock};

/// Dimensions of a text vector (multilingual-e5-small).
pub const DIM: usize = 384;

/// Fingerprint of a text, the key under which its vector is kept.
pub type Print = [u8; 16];

#[derive(Clone, Default)]
struct Rows {
    groups: Vec<u32>,
    values: Vec<f16>,
}

pub struct Vectors {
    rows: RwLock<Arc<Rows>>,
    file: Mutex<File>,
    kept: Mutex<HashMap<Print, Box<[f16]>>>,
}

impl Vectors {
    /// # Errors
    /// When the file cannot be read or written.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let mut options = OpenOptions::new();
        let mut file = options.read(true).append(true).create(true).open(path).with_context(|| format!("open {}", path.display()))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).with_context(|| format!("read {}", path.display()))?;
        let record = 16 + DIM * 2;
        let whole = bytes.len() / record * record;
        if whole < bytes.len() {
            file.set_len(whole as u64).context("cut off a torn vector")?;
        }
        let kept = bytes[..whole]
            .chunks_exact(record)
            .map(|r| {
                let print: Print = r[..16].try_into().expect("a record begins with 16 bytes");
                (print, r[16..].chunks_exact(2).map(|b| f16::from_le_bytes([b[0], b[1]])).collect())
            })
            .collect();
        Ok(Self { rows: RwLock::default(), file: Mutex::new(file), kept: Mutex::new(kept) })
    }

    pub fn is_empty(&self) -> bool {
        self.rows().groups.is_empty()
    }

    pub fn len(&self) -> usize {
        self.rows().groups.len()
    }

    /// The vectors that are known among `texts`, made visible at once; returns the indices of those still to be encoded.
    pub fn show(&self, texts: &[(u32, Print)]) -> Vec<usize> {
        let kept = self.kept.lock().expect("no holder of this lock can panic");
        let mut rows = Rows::default();
        let mut missing = Vec::new();
        for (n, (group, print)) in texts.iter().enumerate() {
            match kept.get(print) {
                Some(vector) => {
                    rows.groups.push(*group);
                    rows.values.extend_from_slice(vector);
                }
                None => missing.push(n),
            }
        }
        drop(kept);
        *self.rows.write().expect("no holder of this lock can panic") = Arc::new(rows);
        missing
    }

    /// Keeps freshly encoded vectors; `show` makes them visible.
    ///
    /// # Errors
    /// When the file cannot be written; the vectors are then encoded again another time.
    pub fn keep(&self, fresh: &[(Print, Vec<f32>)]) -> anyhow::Result<()> {
        let mut bytes = Vec::with_capacity(fresh.len() * (16 + DIM * 2));
        let mut kept = self.kept.lock().expect("no holder of this lock can panic");
        for (print, vector) in fresh {
            let halves: Box<[f16]> = vector.iter().map(|v| f16::from_f32(*v)).collect();
            bytes.extend_from_slice(print);
            bytes.extend(halves.iter().flat_map(|h| h.to_le_bytes()));
            kept.insert(*print, halves);
        }
        drop(kept);
        self.file.lock().expect("no holder of this lock can panic").write_all(&bytes).context("keep text vectors")
    }

    /// The vector of a text that was encoded before.
    pub fn known(&self, print: &Print) -> Option<Vec<f32>> {
        let kept = self.kept.lock().expect("no holder of this lock can panic");
        kept.get(print).map(|halves| halves.iter().map(|h| h.to_f32()).collect())
    }

    /// Up to `depth` `(group, cosine)` among the groups `admits` lets in, best first. A group counts with its nearest text.
    pub fn nearest(&self, query: &[f32], depth: usize, admits: impl Fn(u32) -> bool) -> Vec<(u32, f32)> {
        let rows = self.rows();
        let mut scored: Vec<(u32, f32)> = Vec::with_capacity(rows.groups.len());
        let mut wide = [0_f32; DIM];
        for (group, values) in rows.groups.iter().zip(rows.values.chunks_exact(DIM)) {
            values.convert_to_f32_slice(&mut wide);
            scored.push((*group, dot(query, &wide)));
        }
        let keep = (depth * 3).min(scored.len());
        let mut best: Vec<(u32, f32)> = Vec::with_capacity(depth);
        let mut from = 0;
        while best.len() < depth && from < scored.len() {
            let rest = &mut scored[from..];
            let cut = keep.max(1).min(rest.len());
            if cut < rest.len() {
                rest.select_nth_unstable_by(cut - 1, |a, b| b.1.total_cmp(&a.1));
            }
            rest[..cut].sort_unstable_by(|a, b| b.1.total_cmp(&a.1));
            for (group, cosine) in &rest[..cut] {
                if best.len() < depth && admits(*group) && !best.iter().any(|(g, _)| g == group) {
                    best.push((*group, *cosine));
                }
            }
            from += cut;
        }
        best
    }

    fn rows(&self) -> Arc<Rows> {
        self.rows.read().expect("no holder of this lock can panic").clone()
    }
}

fn dot(a: &[f32], b: &[f32; DIM]) -> f32 {
    let mut sums = [0_f32; 16];
    for (a, b) in a.chunks_exact(16).zip(b.chunks_exact(16)) {
        for n in 0..16 {
            sums[n] += a[n] * b[n];
        }
    }
    sums.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(at: usize) -> Vec<f32> {
        (0..DIM).map(|n| if n == at { 1.0 } else { 0.0 }).collect()
    }

    #[test]
    fn nearest_respects_the_filter_and_survives_a_torn_file() {
        let dir = tempfile::tempdir().expect("dir");
        let path = dir.path().join("v.bin");
        let vectors = Vectors::open(&path).expect("open");
        vectors.keep(&[([1; 16], unit(0)), ([2; 16], unit(1))]).expect("keep");
        std::fs::OpenOptions::new().append(true).open(&path).expect("open").write_all(b"torn").expect("write");
        let vectors = Vectors::open(&path).expect("open again");
        assert_eq!(vectors.show(&[(7, [1; 16]), (8, [2; 16]), (9, [3; 16])]), [2]);
        assert_eq!(vectors.nearest(&unit(1), 5, |_| true), [(8, 1.0), (7, 0.0)]);
        assert_eq!(vectors.nearest(&unit(1), 5, |g| g != 8), [(7, 0.0)]);
    }
}
