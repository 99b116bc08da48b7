//! Vectors of product texts or pictures in, how near each product is out: an exact scan over 8-bit codes, and an append-only file so
//! that nothing is encoded twice.
//!
//! Encoders put whole languages and kinds of text in corners of their own (e5 prefers titles in the query's language). So a vector
//! belongs to a bucket (language and kind), is compared after the bucket's mean has been taken from it and the query's own mean from
//! the query, and its cosine is stated in standard deviations of its bucket. What is nearest is then nearest among its like.
//!
//! File: records of a 16-byte fingerprint and the vector in little-endian f16; a torn last record is cut off on opening.

use super::codes::{Codes, Probe};
use super::scan::Moments;
pub use super::scan::Scan;
use crate::algebra::{dot, unit};
use anyhow::Context;
use half::f16;
use std::collections::{BTreeMap, HashMap};
use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read, Seek, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, Mutex, RwLock};

/// Dimensions of a text vector (multilingual-e5-small).
pub const DIM: usize = 384;

/// Fingerprint of a text or picture, the key under which its vector is kept.
pub type Print = [u8; 16];

/// Whose mean and spread a vector is measured by; a small number.
pub type Bucket = u8;

/// A vector that belongs to a product (or variant): `key` is its ordinal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    pub key: u32,
    pub bucket: Bucket,
    pub print: Print,
}

/// What is scanned; swapped as a whole.
#[derive(Default)]
struct Rows(Vec<Shelf>);

/// The rows of one bucket.
struct Shelf {
    bucket: Bucket,
    keys: Vec<u32>,
    /// One more than the largest key.
    end: usize,
    codes: Codes,
    /// 1 / |row − centre|
    inverse: Vec<f32>,
    centre: Vec<f32>,
    /// What the centre of a query moves by, beside that of its own kind.
    shift: Vec<f32>,
}

/// What texts of a bucket look like anywhere, by bucket; empty where that is unknown.
pub type Generic = [Vec<f32>];

/// Vectors of one bucket that are kept nowhere.
#[derive(Default)]
pub struct Space(Rows);

impl Space {
    pub fn of(rows: Vec<(u32, Vec<f32>)>) -> Self {
        let dim = rows.first().map_or(0, |(_, v)| v.len());
        let shelf = Shelf::of(0, dim, OWN_ALONE, None, rows.into_iter().map(Ok)).expect("vectors at hand can be read");
        Self(Rows(vec![shelf]))
    }

    pub fn is_empty(&self) -> bool {
        self.0.0.iter().all(|s| s.keys.is_empty())
    }

    pub fn scan(&self, query: &[f32]) -> Scan {
        self.0.scan(query, &[], |_| true)
    }
}

/// A bucket measured by nothing but its own mean.
const OWN_ALONE: f32 = 1.0;

pub struct Vectors {
    dim: usize,
    /// How much a bucket's own mean counts beside the generic one: 0 to 1.
    own: f32,
    rows: RwLock<Arc<Rows>>,
    file: Mutex<File>,
    /// Number of the record in the file.
    kept: Mutex<HashMap<Print, u64>>,
}

impl Vectors {
    /// # Errors
    /// When the file cannot be read or written.
    pub fn open(path: &Path, dim: usize, own: f32) -> anyhow::Result<Self> {
        let mut options = OpenOptions::new();
        let file = options.read(true).append(true).create(true).open(path).with_context(|| format!("open {}", path.display()))?;
        let record = record(dim);
        let length = file.metadata().with_context(|| format!("read {}", path.display()))?.len();
        let whole = length / record * record;
        if whole < length {
            file.set_len(whole).context("cut off a torn vector")?;
        }
        let mut kept = HashMap::new();
        let mut reader = BufReader::with_capacity(1 << 20, &file);
        let mut bytes = vec![0; record as usize];
        for n in 0..whole / record {
            reader.read_exact(&mut bytes).with_context(|| format!("read {}", path.display()))?;
            kept.insert(bytes[..16].try_into().expect("a record begins with 16 bytes"), n);
        }
        Ok(Self { dim, own, rows: RwLock::default(), file: Mutex::new(file), kept: Mutex::new(kept) })
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn len(&self) -> usize {
        self.rows().0.iter().map(|s| s.keys.len()).sum()
    }

    /// Makes the vectors that are known among `entries` what is scanned; returns the indices of those still to be encoded.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn show(&self, entries: &[Entry], generic: &Generic) -> anyhow::Result<Vec<usize>> {
        let mut missing = Vec::new();
        let mut found: BTreeMap<Bucket, Vec<(u32, u64)>> = BTreeMap::new();
        {
            let kept = self.kept();
            for (n, entry) in entries.iter().enumerate() {
                match kept.get(&entry.print) {
                    Some(at) => found.entry(entry.bucket).or_default().push((entry.key, *at)),
                    None => missing.push(n),
                }
            }
        }
        let shelves = found.into_iter().map(|(bucket, rows)| {
            let generic = generic.get(usize::from(bucket)).filter(|g| g.len() == self.dim);
            let rows = rows.into_iter().map(|(key, at)| Ok((key, self.read(at)?)));
            Shelf::of(bucket, self.dim, self.own, generic.map(Vec::as_slice), rows)
        });
        let rows = Rows(shelves.collect::<anyhow::Result<_>>()?);
        *self.rows.write().expect("no holder of this lock can panic") = Arc::new(rows);
        Ok(missing)
    }

    /// Keeps freshly encoded vectors; `show` makes them visible.
    ///
    /// # Errors
    /// When the file cannot be written; the vectors are then encoded again another time.
    pub fn keep(&self, fresh: &[(Print, Vec<f32>)]) -> anyhow::Result<()> {
        let mut bytes = Vec::with_capacity(fresh.len() * record(self.dim) as usize);
        for (print, vector) in fresh {
            bytes.extend_from_slice(print);
            bytes.extend(vector.iter().flat_map(|v| f16::from_f32(*v).to_le_bytes()));
        }
        let mut file = self.file.lock().expect("no holder of this lock can panic");
        let before = file.metadata().context("keep vectors")?.len();
        if let Err(error) = file.write_all(&bytes) {
            // What came through of it would shift all that follows.
            file.set_len(before).context("cut off a torn vector")?;
            return Err(error).context("keep vectors");
        }
        // Where it came to lie, whoever else appends: an import may run beside the server.
        let end = file.stream_position().context("keep vectors")?;
        let at = (end - bytes.len() as u64) / record(self.dim);
        self.kept().extend(fresh.iter().enumerate().map(|(n, (print, _))| (*print, at + n as u64)));
        Ok(())
    }

    pub fn keeps(&self, print: &Print) -> bool {
        self.kept().contains_key(print)
    }

    /// The vector of a text that was encoded before.
    pub fn known(&self, print: &Print) -> Option<Vec<f32>> {
        let at = *self.kept().get(print)?;
        self.read(at).ok()
    }

    /// Compares the unit vector `query` with every row. `usual` is the mean of queries in its language (empty: none). A key whose
    /// buckets `prefers` names is judged by these alone.
    pub fn scan(&self, query: &[f32], usual: &[f32], prefers: impl Fn(Bucket) -> bool) -> Scan {
        self.rows().scan(query, usual, prefers)
    }

    /// The plain cosine of a key's nearest vector; `None` when it has none.
    pub fn cosine(&self, query: &[f32], key: u32) -> Option<f32> {
        let rows = self.rows();
        let mut wide = vec![0.0; self.dim];
        let own = rows.0.iter().flat_map(|s| s.keys.iter().enumerate().filter(|(_, k)| **k == key).map(move |(n, _)| (s, n)));
        own.map(|(shelf, n)| {
            shelf.codes.decode(n, &mut wide);
            dot(&wide, query) / dot(&wide, &wide).sqrt().max(1e-9)
        })
        .reduce(f32::max)
    }

    fn read(&self, at: u64) -> anyhow::Result<Vec<f32>> {
        let mut bytes = vec![0; self.dim * 2];
        let file = self.file.lock().expect("no holder of this lock can panic");
        file.read_exact_at(&mut bytes, at * record(self.dim) + 16).context("read a vector")?;
        Ok(bytes.chunks_exact(2).map(|b| f16::from_le_bytes([b[0], b[1]]).to_f32()).collect())
    }

    fn rows(&self) -> Arc<Rows> {
        self.rows.read().expect("no holder of this lock can panic").clone()
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<Print, u64>> {
        self.kept.lock().expect("no holder of this lock can panic")
    }
}

impl Rows {
    fn scan(&self, query: &[f32], usual: &[f32], prefers: impl Fn(Bucket) -> bool) -> Scan {
        let keys = self.0.iter().map(|s| s.end).max().unwrap_or(0);
        let mut scan = Scan::empty(keys);
        let (first, rest): (Vec<&Shelf>, Vec<&Shelf>) = self.0.iter().partition(|s| prefers(s.bucket));
        for shelf in first {
            scan.take(&shelf.keys, &shelf.deviations(query, usual));
        }
        let settled: Vec<bool> = (0..keys as u32).map(|key| scan.of(key).is_some()).collect();
        for shelf in rest.into_iter().filter(|s| !s.keys.iter().all(|k| settled[*k as usize])) {
            let mut deviations = shelf.deviations(query, usual);
            shelf.keys.iter().zip(&mut deviations).filter(|(k, _)| settled[**k as usize]).for_each(|(_, d)| *d = Scan::NOTHING);
            scan.take(&shelf.keys, &deviations);
        }
        scan
    }
}

impl Shelf {
    /// `rows` are read once, in order.
    fn of(
        bucket: Bucket,
        dim: usize,
        own: f32,
        generic: Option<&[f32]>,
        rows: impl Iterator<Item = anyhow::Result<(u32, Vec<f32>)>>,
    ) -> anyhow::Result<Self> {
        let (mut keys, mut codes, mut sum) = (Vec::new(), Codes::new(dim), vec![0.0_f64; dim]);
        for row in rows {
            let (key, vector) = row?;
            // A picture that could not be opened is kept as nothing.
            if vector.iter().any(|v| *v != 0.0) {
                sum.iter_mut().zip(&vector).for_each(|(s, v)| *s += f64::from(*v));
                keys.push(key);
                codes.push(&vector);
            }
        }
        let mut centre: Vec<f32> = sum.into_iter().map(|s| (s / keys.len().max(1) as f64) as f32).collect();
        let mut shift = vec![0.0; dim];
        for n in 0..dim {
            let generic = generic.map_or(0.0, |g| g[n]);
            shift[n] = own * (centre[n] - generic);
            centre[n] = shift[n] + generic;
        }
        let mut wide = vec![0.0; dim];
        let inverse = (0..keys.len()).map(|n| {
            codes.decode(n, &mut wide);
            let square: f32 = wide.iter().zip(&centre).map(|(v, m)| (v - m) * (v - m)).sum();
            if square > 1e-9 { 1.0 / square.sqrt() } else { 0.0 }
        });
        let inverse = inverse.collect();
        let end = keys.iter().max().map_or(0, |key| *key as usize + 1);
        Ok(Self { bucket, keys, end, codes, inverse, centre, shift })
    }

    /// How many standard deviations each row lies above the mean.
    fn deviations(&self, query: &[f32], usual: &[f32]) -> Vec<f32> {
        let mut centred: Vec<f32> = query.iter().zip(&self.shift).map(|(q, s)| q - s).collect();
        centred.iter_mut().zip(usual).for_each(|(q, u)| *q -= u);
        let centred = unit(centred);
        let base = dot(&self.centre, &centred);
        let mut cosines = self.codes.dots(&Probe::new(&centred));
        let mut moments = Moments::default();
        for (cosine, inverse) in cosines.iter_mut().zip(&self.inverse) {
            *cosine = (*cosine - base) * inverse;
            moments.add(*cosine);
        }
        let (mean, inverse) = moments.mean_and_inverse_deviation();
        cosines.iter_mut().for_each(|c| *c = (*c - mean) * inverse);
        cosines
    }
}

/// Bytes of a record.
fn record(dim: usize) -> u64 {
    16 + dim as u64 * 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(at: usize) -> Vec<f32> {
        (0..DIM).map(|n| if n == at { 1.0 } else { 0.0 }).collect()
    }

    fn entry(key: u32, bucket: Bucket, print: u8) -> Entry {
        Entry { key, bucket, print: [print; 16] }
    }

    #[test]
    fn nearest_respects_the_filter_and_survives_a_torn_file() {
        let dir = tempfile::tempdir().expect("dir");
        let path = dir.path().join("v.bin");
        let vectors = Vectors::open(&path, DIM, 1.0).expect("open");
        vectors.keep(&[([1; 16], unit(0)), ([2; 16], unit(1)), ([4; 16], unit(2))]).expect("keep");
        OpenOptions::new().append(true).open(&path).expect("open").write_all(b"torn").expect("write");
        let vectors = Vectors::open(&path, DIM, 1.0).expect("open again");
        let shown = [entry(7, 0, 1), entry(8, 0, 2), entry(9, 0, 3), entry(5, 0, 4)];
        assert_eq!(vectors.show(&shown, &[]).expect("show"), [2]);
        assert_eq!(vectors.known(&[2; 16]).expect("known"), unit(1));
        let scan = vectors.scan(&unit(1), &[], |_| true);
        assert_eq!(scan.nearest(1, |_| true)[0].0, 8);
        assert_ne!(scan.nearest(1, |key| key != 8)[0].0, 8);
        assert!(scan.of(9).is_none() && scan.of(99).is_none());
        assert!(vectors.cosine(&unit(1), 8).expect("a vector") > 0.99);
    }

    #[test]
    fn two_that_append_to_one_file_read_their_own() {
        let dir = tempfile::tempdir().expect("dir");
        let path = dir.path().join("v.bin");
        let [server, import] = [(); 2].map(|()| Vectors::open(&path, DIM, 1.0).expect("open"));
        server.keep(&[([1; 16], unit(1))]).expect("keep");
        import.keep(&[([2; 16], unit(2)), ([3; 16], unit(3))]).expect("keep");
        server.keep(&[([4; 16], unit(4))]).expect("keep");
        assert_eq!((server.known(&[1; 16]), server.known(&[4; 16])), (Some(unit(1)), Some(unit(4))));
        assert_eq!(import.known(&[3; 16]), Some(unit(3)));
        let again = Vectors::open(&path, DIM, 1.0).expect("open again");
        (1..5).for_each(|n| assert_eq!(again.known(&[n as u8; 16]), Some(unit(n)), "{n}"));
    }

    #[test]
    fn a_bucket_in_a_corner_of_its_own_competes_on_equal_terms() {
        let dir = tempfile::tempdir().expect("dir");
        let vectors = Vectors::open(&dir.path().join("v.bin"), DIM, 1.0).expect("open");
        // Two languages: the second lies off along dimension 9, and the query with the first.
        let text = |topic: usize, foreign: bool| -> Vec<f32> {
            let mut v = unit(topic);
            v[9] = if foreign { 2.0 } else { -2.0 };
            let length = v.iter().map(|x| x * x).sum::<f32>().sqrt();
            v.into_iter().map(|x| x / length).collect()
        };
        let fresh: Vec<(Print, Vec<f32>)> = (0..8).map(|n| ([n as u8 + 1; 16], text(n / 2, n % 2 == 1))).collect();
        vectors.keep(&fresh).expect("keep");
        // Topic 0 exists in the foreign language only (key 1).
        let shown: Vec<Entry> = (1..8).map(|n| entry(n, (n % 2) as Bucket, n as u8 + 1)).collect();
        vectors.show(&shown, &[]).expect("show");
        assert_eq!(vectors.scan(&text(0, false), &[], |_| true).nearest(1, |_| true)[0].0, 1);
        let other = vectors.scan(&text(0, false), &[], |b| b == 0).of(1);
        assert!(other.is_some(), "a key without a preferred bucket counts too");
    }
}
