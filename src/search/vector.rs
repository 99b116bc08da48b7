//! Vectors of product texts or pictures in, how near each product is out; kept in an append-only file, so that nothing is encoded twice.
//!
//! Encoders put whole languages and kinds of text in corners of their own (e5 prefers titles in the query's language). So a vector
//! belongs to a bucket (language and kind), is compared after the bucket's mean has been taken from it and the query's own mean from
//! the query, and its cosine is stated in standard deviations of its bucket. What is nearest is then nearest among its like.
//!
//! File: records of a 16-byte fingerprint and the vector in little-endian f16; a torn last record is cut off on opening.

use super::near::{Block, Centring, Near, Rows};
use super::records::{Records, length};
pub use super::scan::Scan;
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

/// What texts of a bucket look like anywhere, by bucket; empty where that is unknown.
pub type Generic = [Vec<f32>];

/// Vectors of one bucket that are kept nowhere.
#[derive(Default)]
pub struct Space(Rows);

impl Space {
    pub fn of(mut rows: Vec<(u32, Vec<f32>)>) -> Self {
        rows.retain(|(_, vector)| is_something(vector));
        rows.sort_by_key(|(key, _)| *key);
        let dim = rows.first().map_or(0, |(_, v)| v.len());
        let keys = rows.iter().map(|(key, _)| *key).collect();
        let read = |n: usize, into: &mut [f32]| into.copy_from_slice(&rows[n].1);
        Self(Rows::of(vec![Block::of(0, dim, Centring { own: OWN_ALONE, generic: None }, keys, read, None)]))
    }

    pub fn is_empty(&self) -> bool {
        self.0.count() == 0
    }

    pub fn scan(&self, query: &[f32]) -> Scan {
        self.0.scan(query, &[], |_| true)
    }
}

/// A bucket measured by nothing but its own mean.
const OWN_ALONE: f32 = 1.0;
/// From so many rows on a bucket of texts is compared in bits first.
pub const MANY: usize = 65_536;

pub struct Vectors {
    dim: usize,
    /// How much a bucket's own mean counts beside the generic one: 0 to 1.
    own: f32,
    /// From how many rows on a bucket is compared in bits first.
    many: usize,
    rows: RwLock<Arc<Rows>>,
    file: Mutex<File>,
    /// Number of the record in the file.
    kept: Mutex<HashMap<Print, u64>>,
}

impl Vectors {
    /// # Errors
    /// When the file cannot be read or written.
    pub fn open(path: &Path, dim: usize, own: f32, many: usize) -> anyhow::Result<Self> {
        let mut options = OpenOptions::new();
        let file = options.read(true).append(true).create(true).open(path).with_context(|| format!("open {}", path.display()))?;
        let record = length(dim) as u64;
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
        Ok(Self { dim, own, many, rows: RwLock::default(), file: Mutex::new(file), kept: Mutex::new(kept) })
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn len(&self) -> usize {
        self.rows().count()
    }

    /// Makes the vectors that are known among `entries` what is scanned; returns the indices of those still to be encoded.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn show(&self, entries: &[Entry], generic: &Generic) -> anyhow::Result<Vec<usize>> {
        let mut missing = Vec::new();
        let mut found: BTreeMap<Bucket, Vec<(u32, u32)>> = BTreeMap::new();
        {
            let kept = self.kept();
            for (n, entry) in entries.iter().enumerate() {
                match kept.get(&entry.print) {
                    Some(at) => found.entry(entry.bucket).or_default().push((entry.key, *at as u32)),
                    None => missing.push(n),
                }
            }
        }
        let file = Records::map(&self.file.lock().expect("no holder of this lock can panic"), self.dim)?;
        let blocks = found.into_iter().map(|(bucket, rows)| {
            let generic = generic.get(usize::from(bucket)).filter(|g| g.len() == self.dim);
            self.block(bucket, Centring { own: self.own, generic: generic.map(Vec::as_slice) }, rows, &file)
        });
        let rows = Rows::of(blocks.collect());
        *self.rows.write().expect("no holder of this lock can panic") = Arc::new(rows);
        Ok(missing)
    }

    /// Keeps freshly encoded vectors; `show` makes them visible.
    ///
    /// # Errors
    /// When the file cannot be written; the vectors are then encoded again another time.
    pub fn keep(&self, fresh: &[(Print, Vec<f32>)]) -> anyhow::Result<()> {
        let mut bytes = Vec::with_capacity(fresh.len() * length(self.dim));
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
        let at = (end - bytes.len() as u64) / length(self.dim) as u64;
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

    /// How near each key is to the unit vector `query`. `usual` is the mean of queries in its language (empty: none). A key whose
    /// buckets `prefers` names is judged by these alone.
    pub fn near(&self, query: &[f32], usual: &[f32], prefers: impl Fn(Bucket) -> bool) -> Near {
        self.rows().near(query, usual, prefers)
    }

    /// The same for every key at once.
    pub fn scan(&self, query: &[f32]) -> Scan {
        self.rows().scan(query, &[], |_| true)
    }

    /// The plain cosine of a key's nearest vector; `None` when it has none.
    pub fn cosine(&self, query: &[f32], key: u32) -> Option<f32> {
        self.rows().cosine(query, key)
    }

    /// `rows`: keys, and the numbers of their records.
    fn block(&self, bucket: Bucket, centring: Centring, mut rows: Vec<(u32, u32)>, file: &Records) -> Block {
        let mut wide = vec![0.0; self.dim];
        rows.retain(|(_, at)| {
            file.read(*at, &mut wide);
            is_something(&wide)
        });
        rows.sort_unstable();
        let (keys, places): (Vec<u32>, Vec<u32>) = rows.into_iter().unzip();
        let many = (keys.len() >= self.many).then(|| (file.clone(), places.clone()));
        Block::of(bucket, self.dim, centring, keys, |n, into| file.read(places[n], into), many)
    }

    fn read(&self, at: u64) -> anyhow::Result<Vec<f32>> {
        let mut bytes = vec![0; self.dim * 2];
        let file = self.file.lock().expect("no holder of this lock can panic");
        file.read_exact_at(&mut bytes, at * length(self.dim) as u64 + 16).context("read a vector")?;
        Ok(bytes.chunks_exact(2).map(|b| f16::from_le_bytes([b[0], b[1]]).to_f32()).collect())
    }

    fn rows(&self) -> Arc<Rows> {
        self.rows.read().expect("no holder of this lock can panic").clone()
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<Print, u64>> {
        self.kept.lock().expect("no holder of this lock can panic")
    }
}

/// A picture that could not be opened is kept as nothing.
fn is_something(vector: &[f32]) -> bool {
    vector.iter().any(|v| *v != 0.0)
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
        let vectors = Vectors::open(&path, DIM, 1.0, MANY).expect("open");
        vectors.keep(&[([1; 16], unit(0)), ([2; 16], unit(1)), ([4; 16], unit(2))]).expect("keep");
        OpenOptions::new().append(true).open(&path).expect("open").write_all(b"torn").expect("write");
        let vectors = Vectors::open(&path, DIM, 1.0, MANY).expect("open again");
        let shown = [entry(7, 0, 1), entry(8, 0, 2), entry(9, 0, 3), entry(5, 0, 4)];
        assert_eq!(vectors.show(&shown, &[]).expect("show"), [2]);
        assert_eq!(vectors.known(&[2; 16]).expect("known"), unit(1));
        let scan = vectors.near(&unit(1), &[], |_| true);
        assert_eq!(scan.nearest(1, |_| true)[0].0, 8);
        assert_ne!(scan.nearest(1, |key| key != 8)[0].0, 8);
        assert!(scan.of(9).is_none() && scan.of(99).is_none());
        assert!(vectors.cosine(&unit(1), 8).expect("a vector") > 0.99);
    }

    #[test]
    fn two_that_append_to_one_file_read_their_own() {
        let dir = tempfile::tempdir().expect("dir");
        let path = dir.path().join("v.bin");
        let [server, import] = [(); 2].map(|()| Vectors::open(&path, DIM, 1.0, MANY).expect("open"));
        server.keep(&[([1; 16], unit(1))]).expect("keep");
        import.keep(&[([2; 16], unit(2)), ([3; 16], unit(3))]).expect("keep");
        server.keep(&[([4; 16], unit(4))]).expect("keep");
        assert_eq!((server.known(&[1; 16]), server.known(&[4; 16])), (Some(unit(1)), Some(unit(4))));
        assert_eq!(import.known(&[3; 16]), Some(unit(3)));
        let again = Vectors::open(&path, DIM, 1.0, MANY).expect("open again");
        (1..5).for_each(|n| assert_eq!(again.known(&[n as u8; 16]), Some(unit(n)), "{n}"));
    }

    #[test]
    fn a_bucket_in_a_corner_of_its_own_competes_on_equal_terms() {
        let dir = tempfile::tempdir().expect("dir");
        let vectors = Vectors::open(&dir.path().join("v.bin"), DIM, 1.0, MANY).expect("open");
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
        assert_eq!(vectors.near(&text(0, false), &[], |_| true).nearest(1, |_| true)[0].0, 1);
        let other = vectors.near(&text(0, false), &[], |b| b == 0).of(1);
        assert!(other.is_some(), "a key without a preferred bucket counts too");
    }

    #[test]
    fn many_rows_are_judged_as_few_are() {
        let dir = tempfile::tempdir().expect("dir");
        let [few, many] = [usize::MAX, 1].map(|many| Vectors::open(&dir.path().join("v.bin"), DIM, 0.25, many).expect("open"));
        let row = |n: usize| -> Vec<f32> {
            crate::algebra::unit((0..DIM).map(|d| ((n * 7_919 + d * 104_729) % 997) as f32 / 498.5 - 0.8).collect())
        };
        let fresh: Vec<(Print, Vec<f32>)> = (1..200).map(|n| ([n as u8; 16], row(n))).collect();
        few.keep(&fresh).expect("keep");
        let many = Vectors::open(&dir.path().join("v.bin"), DIM, 0.25, many.many).expect("open again");
        // Keys 0 to 49 have a row in each bucket, the others one.
        let entries: Vec<Entry> = (1..200).map(|n| entry(n % 149, u8::from(n >= 149), n as u8)).collect();
        let [few, many] = [few, many].map(|v| {
            assert!(v.show(&entries, &[row(500), row(501)]).expect("show").is_empty());
            v.near(&row(777), &row(600), |bucket| bucket == 1)
        });
        for key in 0..150 {
            let [a, b] = [&few, &many].map(|near| near.of(key));
            assert_eq!(a.is_some(), b.is_some(), "{key}");
            assert!((a.unwrap_or(0.0) - b.unwrap_or(0.0)).abs() < 0.03, "{key}: {a:?} {b:?}");
        }
        let [a, b] = [few, many].map(|near| near.nearest(20, |key| key % 3 != 0));
        assert_eq!((a.len(), b.len()), (20, 20));
        let shared = a.iter().filter(|(key, _)| b.iter().any(|(k, _)| k == key)).count();
        assert!(shared >= 19 && b.iter().all(|(key, _)| key % 3 != 0), "{a:?} {b:?}");
    }

    #[test]
    fn answers_are_whole_while_vectors_are_rebuilt() {
        use std::sync::atomic::{AtomicBool, Ordering};
        let row = |n: usize| -> Vec<f32> {
            let mut random = crate::model::random::Random::new(n as u64);
            crate::algebra::unit((0..DIM).map(|_| random.normal()).collect())
        };
        let print = |n: usize| -> Print { (n as u128 + 1).to_le_bytes() };
        const FIRST: usize = 40;
        const LAST: usize = 70;
        for many in [MANY, 1] {
            let dir = tempfile::tempdir().expect("dir");
            let vectors = Vectors::open(&dir.path().join("v.bin"), DIM, 0.25, many).expect("open");
            let entries =
                |count: usize| (0..count).map(|n| Entry { key: n as u32, bucket: (n % 2) as Bucket, print: print(n) }).collect::<Vec<_>>();
            vectors.keep(&(0..FIRST).map(|n| (print(n), row(n))).collect::<Vec<_>>()).expect("keep");
            vectors.show(&entries(FIRST), &[]).expect("show");
            let (rebuilt, answers) = (AtomicBool::new(false), std::sync::atomic::AtomicUsize::new(0));
            std::thread::scope(|scope| {
                for asker in 0..2 {
                    let (vectors, rebuilt, answers) = (&vectors, &rebuilt, &answers);
                    scope.spawn(move || {
                        for n in (asker..FIRST).cycle() {
                            let near = vectors.near(&row(n), &[], |_| true);
                            let found = near.nearest(FIRST / 2, |key| (key as usize) < FIRST);
                            assert_eq!((found.len(), found[0].0), (FIRST / 2, n as u32), "{many}");
                            assert!((0..FIRST).all(|key| near.of(key as u32).is_some()) && vectors.len() >= FIRST, "{many}");
                            answers.fetch_add(1, Ordering::Relaxed);
                            if rebuilt.load(Ordering::Relaxed) {
                                return;
                            }
                        }
                    });
                }
                for n in FIRST..LAST {
                    vectors.keep(&[(print(n), row(n))]).expect("keep");
                    vectors.show(&entries(n + 1), &[]).expect("show");
                }
                rebuilt.store(true, Ordering::Relaxed);
            });
            assert!(answers.load(Ordering::Relaxed) >= 2, "both asked meanwhile");
            assert_eq!((vectors.len(), vectors.near(&row(LAST - 1), &[], |_| true).nearest(1, |_| true)[0].0), (LAST, LAST as u32 - 1));
        }
    }
}
