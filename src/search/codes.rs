//! Vectors as 8-bit codes with a scale each: a quarter of the memory, and a dot product in a few instructions.

use crate::algebra::step;
use wide::{i8x16, i16x16, i32x8, u8x16};

/// Rows of one length, one after the other.
#[derive(Default)]
pub struct Codes {
    dim: usize,
    codes: Vec<i8>,
    scales: Vec<f32>,
    /// 128 times the sum of a row's codes: the probe is kept with an offset of 128.
    offsets: Vec<i32>,
}

/// A query as codes.
pub struct Probe {
    codes: Vec<u8>,
    scale: f32,
}

impl Probe {
    pub fn new(vector: &[f32]) -> Self {
        let scale = step(vector);
        Self { codes: vector.iter().map(|v| ((v / scale).round() as i32 + 128) as u8).collect(), scale }
    }
}

impl Codes {
    pub fn new(dim: usize) -> Self {
        Self { dim, ..Self::default() }
    }

    pub fn push(&mut self, vector: &[f32]) {
        let scale = step(vector);
        let from = self.codes.len();
        self.codes.extend(vector.iter().map(|v| (v / scale).round() as i8));
        self.offsets.push(128 * self.codes[from..].iter().map(|c| i32::from(*c)).sum::<i32>());
        self.scales.push(scale);
    }

    pub fn decode(&self, row: usize, into: &mut [f32]) {
        let codes = &self.codes[row * self.dim..(row + 1) * self.dim];
        into.iter_mut().zip(codes).for_each(|(v, c)| *v = f32::from(*c) * self.scales[row]);
    }

    /// The dot product of the probe with every row.
    pub fn dots(&self, probe: &Probe) -> Vec<f32> {
        let rows = self.codes.chunks_exact(self.dim.max(1)).zip(&self.scales).zip(&self.offsets);
        rows.map(|((codes, scale), offset)| (dot(&probe.codes, codes) - offset) as f32 * scale * probe.scale).collect()
    }
}

#[cfg(all(target_arch = "x86_64", target_feature = "avx512f", target_feature = "avx512vnni"))]
fn dot(probe: &[u8], codes: &[i8]) -> i32 {
    use std::arch::x86_64::{_mm512_dpbusd_epi32, _mm512_loadu_si512, _mm512_reduce_add_epi32, _mm512_setzero_si512};
    let (whole, rest) = (probe.len().min(codes.len()) / 64 * 64, probe.len().min(codes.len()));
    // Safety: this is compiled only where the instructions exist, and `whole` is within both.
    let sum = unsafe {
        let mut sum = _mm512_setzero_si512();
        for at in (0..whole).step_by(64) {
            sum = _mm512_dpbusd_epi32(
                sum,
                _mm512_loadu_si512(probe.as_ptr().add(at).cast()),
                _mm512_loadu_si512(codes.as_ptr().add(at).cast()),
            );
        }
        _mm512_reduce_add_epi32(sum)
    };
    sum + plain(&probe[whole..rest], &codes[whole..rest])
}

#[cfg(not(all(target_arch = "x86_64", target_feature = "avx512f", target_feature = "avx512vnni")))]
fn dot(probe: &[u8], codes: &[i8]) -> i32 {
    plain(probe, codes)
}

/// Sixteen numbers at once; a compiler by itself makes 32-bit products of them, one instruction for each eight and ten cycles for that.
fn plain(probe: &[u8], codes: &[i8]) -> i32 {
    let ((probes, few), (rows, rest)) = (probe.as_chunks::<16>(), codes.as_chunks::<16>());
    let sums = probes.iter().zip(rows).fold(i32x8::ZERO, |sum, (p, c)| {
        let [p, c] = [i16x16::from(u8x16::from(*p)), i16x16::from(i8x16::from(*c))];
        sum + p.dot(c)
    });
    sums.reduce_add() + few.iter().zip(rest).map(|(p, c)| i32::from(*p) * i32::from(*c)).sum::<i32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_product_within_a_thousandth() {
        for dim in [16, 64, 100, 384, 1280] {
            let vector = |seed: usize| -> Vec<f32> {
                let raw: Vec<f32> = (0..dim).map(|n| ((n * 7919 + seed * 104_729) % 997) as f32 / 498.5 - 1.0).collect();
                let length = raw.iter().map(|v| v * v).sum::<f32>().sqrt();
                raw.into_iter().map(|v| v / length).collect()
            };
            let mut codes = Codes::new(dim);
            (0..5).for_each(|n| codes.push(&vector(n)));
            for (n, got) in codes.dots(&Probe::new(&vector(9))).into_iter().enumerate() {
                let exact: f32 = vector(n).iter().zip(vector(9)).map(|(a, b)| a * b).sum();
                assert!((got - exact).abs() < 4e-3, "{dim}: {got} for {exact}");
            }
        }
    }
}
