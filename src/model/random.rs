//! A seed in, the same numbers on every machine out.

/// SplitMix64 (Steele et al. 2014): small, and the same on every machine.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn uniform(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1 << 24) as f32
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// Box & Muller 1958.
    pub fn normal(&mut self) -> f32 {
        let (a, b) = (self.uniform().max(1e-7), self.uniform());
        (-2.0 * a.ln()).sqrt() * (std::f32::consts::TAU * b).cos()
    }

    pub fn shuffle<T>(&mut self, values: &mut [T]) {
        for n in (1..values.len()).rev() {
            values.swap(n, self.below(n + 1));
        }
    }

    /// 0 for about `share` of the places, otherwise what keeps the sum.
    pub fn mask(&mut self, count: usize, share: f32) -> Vec<f32> {
        let (bar, kept) = ((share * 256.0) as u8, 1.0 / (1.0 - f32::from((share * 256.0) as u8) / 256.0));
        let mut mask = Vec::with_capacity(count + 8);
        while mask.len() < count {
            mask.extend(self.next().to_le_bytes().map(|byte| if byte < bar { 0.0 } else { kept }));
        }
        mask.truncate(count);
        mask
    }
}

/// Values in -1..1 to test with.
#[cfg(test)]
pub fn noise(n: usize, seed: u64) -> Vec<f32> {
    let mut random = Random::new(seed);
    (0..n).map(|_| 2.0 * random.uniform() - 1.0).collect()
}
