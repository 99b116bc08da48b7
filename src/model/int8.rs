//! A linear layer in 8-bit integers: rows of f32 in, rows of f32 out. The time of a short text goes into reading weights and that
//! of a long batch into multiplying, and both are a quarter of what they are in f32.
//!
//! Weights and inputs are quantized symmetrically over groups of 128 inputs, each with a scale of its own (as in Dettmers et al.
//! 2022, "LLM.int8()", section 2, with groups for rows), so that an outlier costs its group alone. Sums within a group are exact.

use crate::algebra::{rounded, step};

/// Inputs that share a scale.
const GROUP: usize = 128;
/// Outputs that are computed at once: the lanes of a 512-bit register.
const LANES: usize = 16;
/// Rows that share one reading of the weights, as many as registers hold sums of.
#[cfg(target_feature = "avx512vnni")]
const TILE: usize = 8;
#[cfg(not(target_feature = "avx512vnni"))]
const TILE: usize = 2;
/// The dot-product instruction wants inputs without a sign; others multiply pairs of 16 bits.
#[cfg(target_feature = "avx512vnni")]
type Input = u8;
#[cfg(target_feature = "avx512vnni")]
const OFFSET: i32 = 128;
#[cfg(not(target_feature = "avx512vnni"))]
type Input = i16;
#[cfg(not(target_feature = "avx512vnni"))]
const OFFSET: i32 = 0;

pub struct Linear {
    inputs: usize,
    outputs: usize,
    /// For each block of 16 outputs and each 4 inputs: 16 × 4 weights, as the dot-product instruction reads them.
    weights: Vec<i8>,
    /// For each block and group: the scales of 16 outputs, and what the inputs' offset adds to each.
    scales: Vec<[f32; LANES]>,
    offsets: Vec<[i32; LANES]>,
    bias: Vec<f32>,
}

/// A row in 8 bits and an offset, and a scale a group.
struct Row {
    values: Vec<Input>,
    scales: Vec<f32>,
}

impl Linear {
    /// `weight` is `outputs × inputs`, row by row; inputs a multiple of 128, outputs of 16.
    ///
    /// # Errors
    /// When the shape does not fit.
    pub fn new(weight: &[f32], bias: Vec<f32>) -> anyhow::Result<Self> {
        let outputs = bias.len();
        let inputs = weight.len() / outputs.max(1);
        let fits = outputs.is_multiple_of(LANES) && inputs.is_multiple_of(GROUP) && inputs * outputs == weight.len() && inputs > 0;
        anyhow::ensure!(fits, "a layer of {inputs} inputs and {outputs} outputs cannot be read in blocks");
        let groups = inputs / GROUP;
        let mut layer = Self { inputs, outputs, weights: Vec::with_capacity(weight.len()), scales: vec![], offsets: vec![], bias };
        for block in 0..outputs / LANES {
            for group in 0..groups {
                let part = |lane: usize| &weight[(block * LANES + lane) * inputs + group * GROUP..][..GROUP];
                let scales: [f32; LANES] = std::array::from_fn(|lane| step(part(lane)));
                let quantized: [Vec<i8>; LANES] =
                    std::array::from_fn(|lane| part(lane).iter().map(|w| (w / scales[lane]).round() as i8).collect());
                layer.offsets.push(std::array::from_fn(|lane| OFFSET * quantized[lane].iter().map(|w| i32::from(*w)).sum::<i32>()));
                layer.scales.push(scales);
                for at in (0..GROUP).step_by(4) {
                    quantized.iter().for_each(|lane| layer.weights.extend_from_slice(&lane[at..at + 4]));
                }
            }
        }
        Ok(layer)
    }

    /// `rows` is any number of rows of `inputs`, one after the other.
    pub fn forward(&self, rows: &[f32]) -> Vec<f32> {
        let rows: Vec<Row> = rows.chunks_exact(self.inputs).map(Row::of).collect();
        let mut out = vec![0.0; rows.len() * self.outputs];
        let groups = self.inputs / GROUP;
        for block in 0..self.outputs / LANES {
            let weights = &self.weights[block * LANES * self.inputs..][..LANES * self.inputs];
            let (scales, offsets) = (&self.scales[block * groups..][..groups], &self.offsets[block * groups..][..groups]);
            let bias = &self.bias[block * LANES..][..LANES];
            for (tile, rows) in rows.chunks(TILE).enumerate() {
                let mut sums = [[0.0_f32; LANES]; TILE];
                multiply(rows, weights, scales, offsets, &mut sums);
                for (n, sums) in sums[..rows.len()].iter().enumerate() {
                    let at = (tile * TILE + n) * self.outputs + block * LANES;
                    for lane in 0..LANES {
                        out[at + lane] = sums[lane] + bias[lane];
                    }
                }
            }
        }
        out
    }
}

impl Row {
    fn of(values: &[f32]) -> Self {
        let scales: Vec<f32> = values.chunks_exact(GROUP).map(step).collect();
        let mut whole = vec![0; values.len()];
        for ((whole, part), scale) in whole.chunks_exact_mut(GROUP).zip(values.chunks_exact(GROUP)).zip(&scales) {
            let inverse = 1.0 / scale;
            whole.iter_mut().zip(part).for_each(|(whole, v)| *whole = (rounded(v * inverse) + OFFSET) as Input);
        }
        Self { values: whole, scales }
    }
}

/// Up to [`TILE`] rows by one block of outputs.
#[cfg(target_feature = "avx512vnni")]
fn multiply(rows: &[Row], weights: &[i8], scales: &[[f32; LANES]], offsets: &[[i32; LANES]], sums: &mut [[f32; LANES]; TILE]) {
    use std::arch::x86_64::{
        __m512i, _mm512_add_ps, _mm512_cvtepi32_ps, _mm512_dpbusd_epi32, _mm512_loadu_ps, _mm512_loadu_si512, _mm512_mul_ps,
        _mm512_set1_epi32, _mm512_set1_ps, _mm512_setzero_si512, _mm512_storeu_ps, _mm512_sub_epi32,
    };
    // A short tile repeats its last row: the sums that come of it are not read.
    let row = |n: usize| &rows[n.min(rows.len() - 1)];
    let tile: [&Row; TILE] = std::array::from_fn(row);
    assert!(tile.iter().all(|r| r.values.len() == scales.len() * GROUP) && weights.len() == scales.len() * GROUP * LANES);
    for (group, (scales, offsets)) in scales.iter().zip(offsets).enumerate() {
        // Safety: this is compiled only where the instructions exist; the lengths were asserted above.
        unsafe {
            let mut exact: [__m512i; TILE] = [_mm512_setzero_si512(); TILE];
            let panel = weights.as_ptr().add(group * GROUP * LANES);
            for four in 0..GROUP / 4 {
                let weight = _mm512_loadu_si512(panel.add(four * 4 * LANES).cast());
                for n in 0..TILE {
                    let input = tile[n].values.as_ptr().add(group * GROUP + four * 4).cast::<i32>().read_unaligned();
                    exact[n] = _mm512_dpbusd_epi32(exact[n], _mm512_set1_epi32(input), weight);
                }
            }
            let (scale, offset) = (_mm512_loadu_ps(scales.as_ptr()), _mm512_loadu_si512(offsets.as_ptr().cast()));
            for n in 0..TILE {
                let exact = _mm512_cvtepi32_ps(_mm512_sub_epi32(exact[n], offset));
                let worth = _mm512_mul_ps(scale, _mm512_set1_ps(tile[n].scales[group]));
                let sum = _mm512_add_ps(_mm512_loadu_ps(sums[n].as_ptr()), _mm512_mul_ps(exact, worth));
                _mm512_storeu_ps(sums[n].as_mut_ptr(), sum);
            }
        }
    }
}

/// The same in registers of 256 bits: 4 inputs by 4 outputs at a time, as sums of two pairs each.
#[cfg(all(target_feature = "avx2", not(target_feature = "avx512vnni")))]
fn multiply(rows: &[Row], weights: &[i8], scales: &[[f32; LANES]], _: &[[i32; LANES]], sums: &mut [[f32; LANES]; TILE]) {
    use std::arch::x86_64::{
        __m256i, _mm_loadu_si128, _mm256_add_epi32, _mm256_add_ps, _mm256_cvtepi8_epi16, _mm256_cvtepi32_ps, _mm256_hadd_epi32,
        _mm256_loadu_ps, _mm256_madd_epi16, _mm256_mul_ps, _mm256_permute4x64_epi64, _mm256_set1_epi64x, _mm256_set1_ps,
        _mm256_setzero_si256, _mm256_storeu_ps,
    };
    const PARTS: usize = LANES / 4;
    // A short tile repeats its last row: the sums that come of it are not read.
    let tile: [&Row; TILE] = std::array::from_fn(|n| &rows[n.min(rows.len() - 1)]);
    assert!(tile.iter().all(|r| r.values.len() == scales.len() * GROUP) && weights.len() == scales.len() * GROUP * LANES);
    for (group, scales) in scales.iter().enumerate() {
        // Safety: this is compiled only where the instructions exist; the lengths were asserted above.
        unsafe {
            let mut exact: [[__m256i; TILE]; PARTS] = [[_mm256_setzero_si256(); TILE]; PARTS];
            let panel = weights.as_ptr().add(group * GROUP * LANES);
            for four in 0..GROUP / 4 {
                let inputs: [__m256i; TILE] = std::array::from_fn(|n| {
                    _mm256_set1_epi64x(tile[n].values.as_ptr().add(group * GROUP + four * 4).cast::<i64>().read_unaligned())
                });
                for (part, exact) in exact.iter_mut().enumerate() {
                    let weight = _mm256_cvtepi8_epi16(_mm_loadu_si128(panel.add(four * 4 * LANES + part * 16).cast()));
                    for (sum, input) in exact.iter_mut().zip(inputs) {
                        *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(weight, input));
                    }
                }
            }
            for n in 0..TILE {
                let worth = _mm256_set1_ps(tile[n].scales[group]);
                for half in 0..2 {
                    // Pairs are added within halves of 128 bits: their quarters change places.
                    let added = _mm256_hadd_epi32(exact[half * 2][n], exact[half * 2 + 1][n]);
                    let added = _mm256_cvtepi32_ps(_mm256_permute4x64_epi64::<0b11_01_10_00>(added));
                    let scale = _mm256_mul_ps(_mm256_loadu_ps(scales.as_ptr().add(half * 8)), worth);
                    let place = sums[n].as_mut_ptr().add(half * 8);
                    _mm256_storeu_ps(place, _mm256_add_ps(_mm256_loadu_ps(place), _mm256_mul_ps(added, scale)));
                }
            }
        }
    }
}

/// The same without either.
#[cfg(not(any(target_feature = "avx512vnni", target_feature = "avx2")))]
fn multiply(rows: &[Row], weights: &[i8], scales: &[[f32; LANES]], offsets: &[[i32; LANES]], sums: &mut [[f32; LANES]; TILE]) {
    for (group, (scales, offsets)) in scales.iter().zip(offsets).enumerate() {
        let panel = &weights[group * GROUP * LANES..][..GROUP * LANES];
        for (row, sums) in rows.iter().zip(sums.iter_mut()) {
            let mut exact = [0_i32; LANES];
            for (weight, input) in panel.chunks_exact(4 * LANES).zip(row.values[group * GROUP..][..GROUP].chunks_exact(4)) {
                for lane in 0..LANES {
                    for n in 0..4 {
                        exact[lane] += i32::from(input[n]) * i32::from(weight[lane * 4 + n]);
                    }
                }
            }
            for lane in 0..LANES {
                sums[lane] += (exact[lane] - offsets[lane]) as f32 * scales[lane] * row.scales[group];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::random::noise;

    /// Values in -1..1, with outliers.
    fn uneven(n: usize, seed: u64) -> Vec<f32> {
        noise(n, seed).into_iter().enumerate().map(|(i, v)| if i % 131 == 7 { v * 9.0 } else { v }).collect()
    }

    #[test]
    fn it_is_the_product_within_its_steps() {
        for (rows, inputs, outputs) in [(1, 128, 16), (3, 384, 48), (8, 256, 32), (19, 384, 64)] {
            let (weight, bias, x) = (uneven(inputs * outputs, 1), uneven(outputs, 2), uneven(rows * inputs, 3));
            let got = Linear::new(&weight, bias.clone()).expect("it fits").forward(&x);
            assert_eq!(got.len(), rows * outputs);
            for (n, got) in got.iter().enumerate() {
                let (x, w) = (&x[n / outputs * inputs..][..inputs], &weight[n % outputs * inputs..][..inputs]);
                let exact = x.iter().zip(w).map(|(a, b)| a * b).sum::<f32>() + bias[n % outputs];
                let length = |v: &[f32]| v.iter().map(|a| a * a).sum::<f32>().sqrt();
                let size = length(x) * length(w) / (inputs as f32).sqrt();
                assert!((got - exact).abs() < 0.15 * size, "{rows}×{inputs}×{outputs}: {got} for {exact}");
            }
        }
        assert!(Linear::new(&uneven(100, 1), vec![0.0; 10]).is_err());
    }
}
