//! Vectors as one bit for each dimension, on which side of the middle they lie, and a query's rows that differ in the fewest bits out:
//! few enough to be compared exactly (a code in the manner of Charikar 2002, with the axes as hyperplanes).

/// Rows of one length, in two halves: all first halves one after the other, then all second ones.
pub struct Bits {
    /// Words of a row in each half.
    words: [usize; 2],
    halves: [Vec<u64>; 2],
}

/// Words of a text vector's bits in the first half.
const TEXT_WORDS: usize = super::vector::DIM / 64 / 2;
/// Farther than any row can be.
const OUT: u16 = u16::MAX;
/// For each row that is wanted so many are compared in their second halves: a row that is among the nearest is nearly always among these by
/// half of its bits, and most rows are read but half.
const KEPT: usize = 8;
/// Distances that are looked through at once.
const LANES: usize = 64;

impl Bits {
    pub fn new(dim: usize) -> Self {
        let words = dim.div_ceil(64);
        Self { words: [words.div_ceil(2), words / 2], halves: [Vec::new(), Vec::new()] }
    }

    pub fn push(&mut self, row: &[f32]) {
        let mut signs = signs(row);
        self.halves[0].extend(signs.by_ref().take(self.words[0]));
        self.halves[1].extend(signs);
    }

    /// Up to `most` rows among those `admits` lets in, those that differ from the query in the fewest bits, in their own order.
    pub fn nearest(&self, query: &[f32], most: usize, admits: impl Fn(usize) -> bool + Sync) -> Vec<usize> {
        let query: Vec<u64> = signs(query).collect();
        let (first, second) = query.split_at(self.words[0]);
        let half = self.halves[0].len() / self.words[0] / 2;
        let (here, there) = self.halves[0].split_at(half * self.words[0]);
        let compare = |rows: &[u64], from: usize| Distances::of(self.differences(first, rows, from, &admits));
        let compared = std::thread::scope(|scope| {
            let other = scope.spawn(|| compare(there, half));
            [compare(here, 0), other.join().expect("counting bits does not panic")]
        });
        let kept = least(&compared, most * KEPT);
        let distance = |row: usize| if row < half { compared[0].each[row] } else { compared[1].each[row - half] };
        let whole = |row: &usize| {
            let rest = &self.halves[1][row * self.words[1]..][..self.words[1]];
            distance(*row) + differ(rest, second)
        };
        let distances = Distances::of(kept.iter().map(whole).collect());
        least(&[distances], most).into_iter().map(|n| kept[n]).collect()
    }

    /// In how many bits each of the first halves `rows`, the first of which is number `from`, differs from the query.
    fn differences(&self, query: &[u64], rows: &[u64], from: usize, admits: &impl Fn(usize) -> bool) -> Vec<u16> {
        match query.try_into() {
            Ok(query) => differences::<TEXT_WORDS>(query, rows, from, admits),
            Err(_) => {
                let rows = rows.chunks_exact(self.words[0]).enumerate();
                rows.map(|(n, row)| if admits(from + n) { differ(row, query) } else { OUT }).collect()
            }
        }
    }
}

#[inline]
fn differ(row: &[u64], query: &[u64]) -> u16 {
    row.iter().zip(query).map(|(a, b)| (a ^ b).count_ones()).sum::<u32>() as u16
}

/// The same for rows of a length the compiler knows.
fn differences<const WORDS: usize>(query: &[u64; WORDS], rows: &[u64], from: usize, admits: &impl Fn(usize) -> bool) -> Vec<u16> {
    let (rows, _) = rows.as_chunks::<WORDS>();
    rows.iter().enumerate().map(|(n, row)| if admits(from + n) { differ(row, query) } else { OUT }).collect()
}

/// Distances of rows, and how many there are of each.
struct Distances {
    each: Vec<u16>,
    counts: Vec<usize>,
}

impl Distances {
    fn of(each: Vec<u16>) -> Self {
        let mut counts = Vec::new();
        for distance in each.iter().copied().filter(|distance| *distance != OUT).map(usize::from) {
            if counts.len() <= distance {
                counts.resize(distance + 1, 0);
            }
            counts[distance] += 1;
        }
        Self { each, counts }
    }

    fn count(&self, distance: u16) -> usize {
        self.counts.get(usize::from(distance)).copied().unwrap_or(0)
    }
}

/// The places of the `most` least distances of some lists, as of one; of those as far as the last, the first ones.
fn least(lists: &[Distances], most: usize) -> Vec<usize> {
    // Everything nearer than `last` is wanted, and of those as far as it as many as there is room for.
    let (mut room, mut last) = (most, 0);
    let count = |distance: u16| lists.iter().map(|list| list.count(distance)).sum::<usize>();
    let farthest = lists.iter().map(|list| list.counts.len()).max().unwrap_or(0);
    while usize::from(last) < farthest && count(last) <= room {
        room -= count(last);
        last += 1;
    }
    let mut places = Vec::with_capacity(most);
    let mut from = 0;
    for list in lists {
        for (few, from) in list.each.chunks(LANES).zip((from..).step_by(LANES)) {
            if !few.iter().fold(false, |any, distance| any | (*distance <= last)) {
                continue;
            }
            for (n, distance) in few.iter().enumerate().filter(|(_, distance)| **distance != OUT) {
                if *distance < last {
                    places.push(from + n);
                } else if *distance == last && room > 0 {
                    room -= 1;
                    places.push(from + n);
                }
            }
        }
        from += list.each.len();
    }
    places
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
