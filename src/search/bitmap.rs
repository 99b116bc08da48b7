//! A set of product ordinals.

#[derive(Clone, Debug, Default)]
pub struct Bitmap {
    words: Vec<u64>,
}

impl Bitmap {
    pub fn zeros(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)] }
    }

    /// Makes room for `len`; never less than there was.
    pub fn grow(&mut self, len: usize) {
        self.words.resize(len.div_ceil(64).max(self.words.len()), 0);
    }

    pub fn set(&mut self, n: usize) {
        if let Some(word) = self.words.get_mut(n / 64) {
            *word |= 1 << (n % 64);
        }
    }

    pub fn clear(&mut self, n: usize) {
        if let Some(word) = self.words.get_mut(n / 64) {
            *word &= !(1 << (n % 64));
        }
    }

    pub fn contains(&self, n: usize) -> bool {
        self.words.get(n / 64).is_some_and(|word| word >> (n % 64) & 1 == 1)
    }

    pub fn count(&self) -> usize {
        self.words.iter().map(|w| w.count_ones() as usize).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|w| *w == 0)
    }

    /// Calls `see` with each member, in order.
    pub fn each(&self, mut see: impl FnMut(usize)) {
        for (at, word) in self.words.iter().enumerate() {
            let mut rest = *word;
            while rest != 0 {
                see(at * 64 + rest.trailing_zeros() as usize);
                rest &= rest - 1;
            }
        }
    }

    /// Leaves only members that `fit`.
    pub fn keep(&mut self, fit: impl Fn(usize) -> bool) {
        for (at, word) in self.words.iter_mut().enumerate() {
            // All are members: no chain of one after the other.
            if *word == u64::MAX {
                *word = (0..64).fold(0, |kept, n| kept | u64::from(fit(at * 64 + n)) << n);
                continue;
            }
            let mut rest = *word;
            while rest != 0 {
                let n = rest.trailing_zeros() as usize;
                *word &= !(u64::from(!fit(at * 64 + n)) << n);
                rest &= rest - 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_kept_in_order() {
        let mut set = Bitmap::zeros(130);
        [0, 63, 64, 129, 500].into_iter().for_each(|n| set.set(n));
        set.grow(600);
        set.set(500);
        set.keep(|n| n % 2 == 0);
        let mut seen = Vec::new();
        set.each(|n| seen.push(n));
        assert_eq!((seen, set.count(), set.contains(63), set.contains(129)), (vec![0, 64, 500], 3, false, false));
        set.keep(|_| false);
        assert!(set.is_empty());
    }
}
