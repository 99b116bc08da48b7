//! Rows of vectors and a query in; how near each key is, in standard deviations above the usual row of its bucket, out.
//!
//! A small bucket is compared row by row in 8-bit codes. Of a large one the rows that agree with the query in most bits are compared
//! exactly, read from the mapped file; mean and spread come from a sample, and any other row is worked out when it is asked for.

use super::bits::Bits;
use super::codes::{Codes, Probe};
use super::records::Records;
use super::scan::{Moments, Scan};
use super::vector::Bucket;
use crate::algebra::{dot, unit};
use std::ops::Range;
use std::sync::Arc;

/// What is compared with; swapped as a whole.
#[derive(Default)]
pub struct Rows {
    blocks: Vec<Block>,
    /// By key: the blocks in which it has rows, a bit each.
    having: Vec<u8>,
}

/// The rows of one bucket, ordered by key.
pub struct Block {
    bucket: Bucket,
    keys: Vec<u32>,
    kept: Kept,
    /// 1 / |row − centre|
    inverse: Vec<f32>,
    centre: Vec<f32>,
    /// What the centre of a query moves by, beside that of its own kind.
    shift: Vec<f32>,
    /// The blocks in which each of these keys has rows, a bit each.
    common: u8,
}

enum Kept {
    Codes(Codes),
    Bits { bits: Bits, file: Records, places: Vec<u32>, sample: Codes, sampled: Vec<usize> },
}

/// How a bucket is centred: its own mean counts `own` (0 to 1), the generic one the rest.
#[derive(Clone, Copy)]
pub struct Centring<'a> {
    pub own: f32,
    pub generic: Option<&'a [f32]>,
}

/// How near each key is to one query.
pub struct Near(Way);

enum Way {
    Whole(Scan),
    Asked {
        rows: Arc<Rows>,
        /// None for a block whose keys all have a settling one.
        aims: Vec<Option<Aim>>,
        /// The blocks that alone judge the keys they have, a bit each.
        settling: u8,
    },
}

/// A query as one block sees it.
enum Aim {
    /// The deviations of all rows.
    Whole(Vec<f32>),
    Sampled {
        centred: Vec<f32>,
        base: f32,
        mean: f32,
        inverse: f32,
    },
}

/// Rows of a large bucket that are compared exactly: among so many lie 198 or 199 of the nearest 200 (docs/retrieval.md).
const WIDE: usize = 6_000;
/// Rows by which a large bucket's mean and spread are told; their error is below one hundredth of a deviation.
const SAMPLE: usize = 8_192;
/// Below so many a second thread costs more than it saves.
const WORTH_TWO: usize = 2_048;

impl Near {
    /// Standard deviations above the mean; `None` for a key without a vector.
    pub fn of(&self, key: u32) -> Option<f32> {
        match &self.0 {
            Way::Whole(scan) => scan.of(key),
            Way::Asked { rows, aims, settling } => {
                let having = rows.having.get(key as usize).copied().unwrap_or(0);
                let judging = if having & settling == 0 { having } else { having & settling };
                let blocks = rows.blocks.iter().zip(aims).enumerate().filter(|(b, _)| judging >> b & 1 == 1);
                let mut wide = Vec::new();
                let mut nearest = None;
                for (_, (block, aim)) in blocks {
                    let Some(aim) = aim else { continue };
                    for row in block.rows_of(key) {
                        let deviation = block.deviation(aim, row, &mut wide);
                        nearest = Some(nearest.map_or(deviation, |n: f32| n.max(deviation)));
                    }
                }
                nearest
            }
        }
    }

    /// Up to `depth` keys among those `admits` lets in, nearest first.
    pub fn nearest(&self, depth: usize, admits: impl Fn(u32) -> bool + Sync) -> Vec<(u32, f32)> {
        let (rows, aims, settling) = match &self.0 {
            Way::Whole(scan) => return scan.nearest(depth, admits),
            Way::Asked { rows, aims, settling } => (rows, aims, *settling),
        };
        let mut found = Vec::new();
        for (b, (block, aim)) in rows.blocks.iter().zip(aims).enumerate() {
            let settles = settling >> b & 1 == 1;
            let judged = |key: u32| (settles || rows.having[key as usize] & settling == 0) && admits(key);
            found.extend(aim.iter().flat_map(|aim| block.nearest(aim, judged)));
        }
        found.sort_unstable_by(|a: &(u32, f32), b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut seen = std::collections::HashSet::new();
        found.into_iter().filter(|(key, _)| seen.insert(*key)).take(depth).collect()
    }
}

impl Rows {
    pub fn of(mut blocks: Vec<Block>) -> Self {
        let end = blocks.iter().filter_map(|b| b.keys.last()).max().map_or(0, |key| *key as usize + 1);
        let mut having = vec![0; end];
        for (b, block) in blocks.iter().enumerate() {
            block.keys.iter().for_each(|key| having[*key as usize] |= 1 << b);
        }
        for block in &mut blocks {
            block.common = block.keys.iter().fold(u8::MAX, |common, key| common & having[*key as usize]);
        }
        Self { blocks, having }
    }

    pub fn count(&self) -> usize {
        self.blocks.iter().map(|b| b.keys.len()).sum()
    }

    /// Compares the unit vector `query` with the rows. `usual` is the mean of queries in its language (empty: none). A key whose
    /// buckets `prefers` names is judged by these alone.
    pub fn near(self: &Arc<Self>, query: &[f32], usual: &[f32], prefers: impl Fn(Bucket) -> bool) -> Near {
        if self.blocks.iter().all(|b| matches!(b.kept, Kept::Codes(_))) {
            return Near(Way::Whole(self.scan(query, usual, prefers)));
        }
        let settling = self.settling(prefers);
        let judges = |b: usize, block: &Block| settling >> b & 1 == 1 || block.common & settling == 0;
        let aims = self.blocks.iter().enumerate().map(|(b, block)| judges(b, block).then(|| block.aim(query, usual))).collect();
        Near(Way::Asked { rows: self.clone(), aims, settling })
    }

    fn settling(&self, prefers: impl Fn(Bucket) -> bool) -> u8 {
        self.blocks.iter().enumerate().filter(|(_, b)| prefers(b.bucket)).fold(0, |mask, (b, _)| mask | 1 << b)
    }

    /// The same for every key at once.
    pub fn scan(&self, query: &[f32], usual: &[f32], prefers: impl Fn(Bucket) -> bool) -> Scan {
        let mut scan = Scan::empty(self.having.len());
        let settling = self.settling(prefers);
        let settled = |key: u32| self.having[key as usize] & settling != 0;
        let (first, rest): (Vec<_>, Vec<_>) = self.blocks.iter().enumerate().partition(|(b, _)| settling >> b & 1 == 1);
        for (_, block) in first {
            scan.take(&block.keys, &block.deviations(query, usual));
        }
        for (_, block) in rest.into_iter().filter(|(_, block)| block.common & settling == 0) {
            let mut deviations = block.deviations(query, usual);
            block.keys.iter().zip(&mut deviations).filter(|(k, _)| settled(**k)).for_each(|(_, d)| *d = Scan::NOTHING);
            scan.take(&block.keys, &deviations);
        }
        scan
    }

    /// The plain cosine of a key's nearest vector; `None` when it has none.
    pub fn cosine(&self, query: &[f32], key: u32) -> Option<f32> {
        let mut wide = vec![0.0; query.len()];
        let mut cosine = |block: &Block, row: usize| {
            block.read(row, &mut wide);
            dot(&wide, query) / dot(&wide, &wide).sqrt().max(1e-9)
        };
        self.blocks.iter().flat_map(|b| b.rows_of(key).map(move |row| (b, row))).map(|(b, row)| cosine(b, row)).reduce(f32::max)
    }
}

impl Block {
    /// `keys` are ordered; `read` gives the vector of each. With a file and the places there, `keys` are many.
    pub fn of(
        bucket: Bucket,
        dim: usize,
        centring: Centring,
        keys: Vec<u32>,
        read: impl Fn(usize, &mut [f32]),
        many: Option<(Records, Vec<u32>)>,
    ) -> Self {
        let (mut wide, mut sum) = (vec![0.0; dim], vec![0.0_f64; dim]);
        for n in 0..keys.len() {
            read(n, &mut wide);
            sum.iter_mut().zip(&wide).for_each(|(s, v)| *s += f64::from(*v));
        }
        let own: Vec<f32> = sum.into_iter().map(|s| (s / keys.len().max(1) as f64) as f32).collect();
        let generic = |n: usize| centring.generic.map_or(0.0, |g| g[n]);
        let shift: Vec<f32> = own.iter().enumerate().map(|(n, own)| centring.own * (own - generic(n))).collect();
        let centre: Vec<f32> = shift.iter().enumerate().map(|(n, shift)| shift + generic(n)).collect();
        let (mut codes, mut bits, mut inverse, mut sampled) = (Codes::new(dim), Bits::new(dim), Vec::with_capacity(keys.len()), Vec::new());
        for n in 0..keys.len() {
            read(n, &mut wide);
            let sampling = many.is_none() || n % (keys.len() / SAMPLE).max(1) == 0;
            if sampling {
                codes.push(&wide);
                sampled.push(n);
            }
            if many.is_none() {
                codes.decode(n, &mut wide);
            }
            wide.iter_mut().zip(&centre).for_each(|(v, c)| *v -= c);
            if many.is_some() {
                bits.push(&wide);
            }
            let square = dot(&wide, &wide);
            inverse.push(if square > 1e-9 { 1.0 / square.sqrt() } else { 0.0 });
        }
        let kept = match many {
            Some((file, places)) => Kept::Bits { bits, file, places, sample: codes, sampled },
            None => Kept::Codes(codes),
        };
        Self { bucket, keys, kept, inverse, centre, shift, common: 0 }
    }

    fn rows_of(&self, key: u32) -> Range<usize> {
        self.keys.partition_point(|k| *k < key)..self.keys.partition_point(|k| *k <= key)
    }

    fn read(&self, row: usize, into: &mut [f32]) {
        match &self.kept {
            Kept::Codes(codes) => codes.decode(row, into),
            Kept::Bits { file, places, .. } => file.read(places[row], into),
        }
    }

    /// The query from where this block's rows are seen, and its product with the centre.
    fn centred(&self, query: &[f32], usual: &[f32]) -> (Vec<f32>, f32) {
        let mut centred: Vec<f32> = query.iter().zip(&self.shift).map(|(q, s)| q - s).collect();
        centred.iter_mut().zip(usual).for_each(|(q, u)| *q -= u);
        let centred = unit(centred);
        let base = dot(&self.centre, &centred);
        (centred, base)
    }

    fn aim(&self, query: &[f32], usual: &[f32]) -> Aim {
        let Kept::Bits { sample, sampled, .. } = &self.kept else { return Aim::Whole(self.deviations(query, usual)) };
        let (centred, base) = self.centred(query, usual);
        let mut moments = Moments::default();
        let dots = sample.dots(&Probe::new(&centred));
        dots.into_iter().zip(sampled).for_each(|(dot, row)| moments.add((dot - base) * self.inverse[*row]));
        let (mean, inverse) = moments.mean_and_inverse_deviation();
        Aim::Sampled { centred, base, mean, inverse }
    }

    /// `wide` is room for a row.
    fn deviation(&self, aim: &Aim, row: usize, wide: &mut Vec<f32>) -> f32 {
        match aim {
            Aim::Whole(deviations) => deviations[row],
            Aim::Sampled { centred, base, mean, inverse } => {
                wide.resize(centred.len(), 0.0);
                self.read(row, wide);
                ((dot(wide, centred) - base) * self.inverse[row] - mean) * inverse
            }
        }
    }

    /// The rows that `admits` lets in; of a large bucket, those most like the query.
    fn nearest(&self, aim: &Aim, admits: impl Fn(u32) -> bool + Sync) -> Vec<(u32, f32)> {
        let rows: Vec<usize> = match (&self.kept, aim) {
            (Kept::Bits { bits, .. }, Aim::Sampled { centred, .. }) => bits.nearest(centred, WIDE, |row| admits(self.keys[row])),
            _ => (0..self.keys.len()).filter(|row| admits(self.keys[*row])).collect(),
        };
        let compare = |rows: &[usize]| -> Vec<(u32, f32)> {
            let mut wide = Vec::new();
            rows.iter().map(|row| (self.keys[*row], self.deviation(aim, *row, &mut wide))).collect()
        };
        if rows.len() < WORTH_TWO || matches!(aim, Aim::Whole(_)) {
            return compare(&rows);
        }
        let (here, there) = rows.split_at(rows.len() / 2);
        std::thread::scope(|scope| {
            let other = scope.spawn(|| compare(there));
            let mut found = compare(here);
            found.extend(other.join().expect("comparing does not panic"));
            found
        })
    }

    /// How many standard deviations each row lies above the mean.
    fn deviations(&self, query: &[f32], usual: &[f32]) -> Vec<f32> {
        let (centred, base) = self.centred(query, usual);
        let mut cosines = match &self.kept {
            Kept::Codes(codes) => codes.dots(&Probe::new(&centred)),
            Kept::Bits { file, places, .. } => places.iter().map(|place| file.dot(*place, &centred)).collect(),
        };
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
