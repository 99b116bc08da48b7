//! Vectors as one bit for each dimension, on which side of the middle they lie, and a query's rows that differ in the fewest bits out:
//! few enough to be compared exactly (a code in the manner of Charikar 2002, with the axes as hyperplanes).

use std::cmp::Ordering;

/// Rows of one length, one after the other.
pub struct Bits {
    words: usize,
    rows: Vec<u64>,
}

/// Words of a text vector's bits.
const TEXT_WORDS: usize = super::vector::DIM / 64;
/// Farther than any row can be.
const OUT: u16 = u16::MAX;

impl Bits {
    pub fn new(dim: usize) -> Self {
        Self { words: dim.div_ceil(64), rows: Vec::new() }
    }

    pub fn push(&mut self, row: &[f32]) {
        self.rows.extend(signs(row));
    }

    /// Up to `most` rows among those `admits` lets in, those that differ from the query in the fewest bits, in their own order.
    pub fn nearest(&self, query: &[f32], most: usize, admits: impl Fn(usize) -> bool + Sync) -> Vec<usize> {
        let query: Vec<u64> = signs(query).collect();
        let half = self.rows.len() / self.words / 2 * self.words;
        let (here, there) = self.rows.split_at(half);
        let compare = |rows: &[u64], from: usize| {
            let differences = self.differences(&query, rows, from, &admits);
            let mut counts = vec![0; self.words * 64 + 1];
            differences.iter().filter(|d| **d != OUT).for_each(|d| counts[usize::from(*d)] += 1);
            (differences, counts)
        };
        let [(own, mut counts), (others, more)] = std::thread::scope(|scope| {
            let other = scope.spawn(|| compare(there, half / self.words));
            [compare(here, 0), other.join().expect("counting bits does not panic")]
        });
        counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
        // Everything nearer than `last` is wanted, and of those as far as it as many as there is room for.
        let (mut room, mut last) = (most, 0);
        while last < counts.len() && counts[last] <= room {
            room -= counts[last];
            last += 1;
        }
        let mut wanted = |distance: u16| match usize::from(distance).cmp(&last) {
            Ordering::Less => true,
            Ordering::Equal if room > 0 => {
                room -= 1;
                true
            }
            _ => false,
        };
        own.into_iter().chain(others).enumerate().filter(|(_, distance)| wanted(*distance)).map(|(n, _)| n).collect()
    }

    /// In how many bits each of `rows`, the first of which is number `from`, differs from the query.
    fn differences(&self, query: &[u64], rows: &[u64], from: usize, admits: &impl Fn(usize) -> bool) -> Vec<u16> {
        match query.try_into() {
            Ok(query) => differences::<TEXT_WORDS>(query, rows, from, admits),
            Err(_) => {
                let differ = |row: &[u64]| row.iter().zip(query).map(|(a, b)| (a ^ b).count_ones()).sum::<u32>() as u16;
                let rows = rows.chunks_exact(self.words).enumerate();
                rows.map(|(n, row)| if admits(from + n) { differ(row) } else { OUT }).collect()
            }
        }
    }
}

/// The same for rows of a length the compiler knows.
fn differences<const WORDS: usize>(query: &[u64; WORDS], rows: &[u64], from: usize, admits: &impl Fn(usize) -> bool) -> Vec<u16> {
    let differ = |row: &[u64; WORDS]| {
        let mut sum = 0;
        for word in 0..WORDS {
            sum += (row[word] ^ query[word]).count_ones();
        }
        sum as u16
    };
    let (rows, _) = rows.as_chunks::<WORDS>();
    rows.iter().enumerate().map(|(n, row)| if admits(from + n) { differ(row) } else { OUT }).collect()
}

fn signs(vector: &[f32]) -> impl Iterator<Item = u64> {
    vector.chunks(64).map(|part| part.iter().enumerate().fold(0, |word, (n, v)| word | u64::from(*v > 0.0) << n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_differences_win_and_there_are_never_too_many() {
        let mut bits = Bits::new(100);
        // Row n differs from the query in n places.
        let row = |n: usize| -> Vec<f32> { (0..100).map(|d| if d < n { -1.0 } else { 1.0 }).collect() };
        for n in [40, 3, 99, 0, 3, 70] {
            bits.push(&row(n));
        }
        assert_eq!(bits.nearest(&row(0), 3, |_| true), [1, 3, 4]);
        assert_eq!(bits.nearest(&row(0), 2, |_| true), [1, 3]);
        assert_eq!(bits.nearest(&row(0), 2, |n| n != 3 && n != 1), [0, 4]);
        assert_eq!(bits.nearest(&row(0), 9, |n| n > 0), [1, 2, 3, 4, 5]);
    }
}
