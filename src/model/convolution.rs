//! Convolutions over rows of pixels with channels innermost: pointwise as a matrix product in whole numbers of 16 bits, and depthwise.
//! Sixteen channels at a time stay in registers while everything that adds to them is read; bias, ReLU6 and what is kept of a block's
//! input are added on the way out (Goto & van de Geijn 2008, "Anatomy of high-performance matrix multiplication", for small matrices).
//!
//! One instruction multiplies sixteen pairs of 16-bit numbers and adds neighbours, twice what it does for 32-bit floats. Pixels have a
//! scale each and 12 bits, weights a scale for each output and as many bits as a sum of 32 can never overflow by; features keep a cosine
//! of 0.99999 to those in floats.

use crate::algebra::rounded;
use wide::{f32x8, i16x16, i32x8};

/// Channels that are computed at once.
const LANES: usize = 16;
/// Pixels whose sums registers hold, of a pointwise convolution and of a depthwise one.
const TILE: usize = 6;
const RUN: usize = 5;
/// The largest number a pixel is kept as.
const MOST: f32 = 4095.0;
/// A sum of 32 bits, less than what rounding may add to it.
const ROOM: f32 = 2.14e9;
/// What ReLU6 lets through.
const SIX: f32 = 6.0;

type Channels = [f32; LANES];
/// Two 16-bit weights for each channel.
type Pairs = [i32; LANES];

/// A 1×1 convolution, or a 3×3 one over gathered patches.
pub(super) struct Pointwise {
    pub inputs: usize,
    pub outputs: usize,
    /// For each block of 16 outputs: pairs of inputs × 16; the last block is filled up with zeros.
    weight: Vec<Pairs>,
    scale: Vec<Channels>,
    bias: Vec<Channels>,
    relu6: bool,
}

/// Pixels as whole numbers, each channel of the first half in one word with its fellow of the second.
#[derive(Default)]
pub(super) struct Pixels {
    words: Vec<i32>,
    /// What one is worth, a pixel.
    scales: Vec<f32>,
}

/// Each channel by itself, then ReLU6.
pub(super) struct Depthwise {
    pub size: usize,
    pub stride: usize,
    /// For each block of 16 channels: `size × size × 16`.
    weight: Vec<Channels>,
    bias: Vec<Channels>,
}

impl Pixels {
    /// Any values, `width` a pixel.
    pub fn take(&mut self, values: &[f32], width: usize) {
        let pixels = values.chunks_exact(width);
        self.scales.clear();
        self.scales.extend(pixels.map(|pixel| pixel.iter().fold(1e-20, |most: f32, v| most.max(v.abs())) / MOST));
        self.pack(values, width);
    }

    /// Values between nothing and six.
    pub fn take_relu6(&mut self, values: &[f32], width: usize) {
        self.scales.clear();
        self.scales.resize(values.len() / width, SIX / MOST);
        self.pack(values, width);
    }

    fn pack(&mut self, values: &[f32], width: usize) {
        let half = width.div_ceil(2);
        self.words.resize(self.scales.len() * half, 0);
        for ((pixel, words), scale) in values.chunks_exact(width).zip(self.words.chunks_exact_mut(half)).zip(&self.scales) {
            let (low, high) = pixel.split_at(half);
            let by = 1.0 / scale;
            words.iter_mut().zip(low).zip(high).for_each(|((word, l), h)| *word = pair(rounded(l * by), rounded(h * by)));
            if let (Some(word), Some(l), true) = (words.last_mut(), low.last(), high.len() < low.len()) {
                *word = pair(rounded(l * by), 0);
            }
        }
    }
}

fn pair(low: i32, high: i32) -> i32 {
    (low & 0xffff) | (high << 16)
}

impl Pointwise {
    /// `weight` is `inputs × outputs`, row by row.
    pub fn new(weight: &[f32], bias: &[f32], relu6: bool) -> Self {
        let outputs = bias.len();
        let inputs = weight.len() / outputs;
        let half = inputs.div_ceil(2);
        let column = |output: usize| weight.iter().skip(output).step_by(outputs);
        // Not even the largest pixel overflows the sum.
        let scale = |output: usize| {
            let sum: f32 = column(output).map(|w| w.abs()).sum();
            let most = column(output).fold(1e-20, |most: f32, w| most.max(w.abs()));
            (sum * MOST / ROOM).max(most / f32::from(i16::MAX))
        };
        let scales: Vec<f32> = (0..outputs).map(scale).collect();
        let whole = |input: usize, output: usize| match input < inputs && output < outputs {
            true => (weight[input * outputs + output] / scales[output]).round() as i32,
            false => 0,
        };
        let pairs = |block: usize, input: usize| {
            std::array::from_fn(|lane| pair(whole(input, block * LANES + lane), whole(input + half, block * LANES + lane)))
        };
        let weight = (0..outputs.div_ceil(LANES)).flat_map(|block| (0..half).map(move |input| (block, input)));
        let weight = weight.map(|(block, input)| pairs(block, input)).collect();
        Self { inputs, outputs, weight, scale: in_blocks(&scales, outputs), bias: in_blocks(bias, outputs), relu6 }
    }

    /// The outputs of pixel `n` of `from` begin at `to[place(n)]`; what stands there in `kept` is added.
    pub fn convolve(&self, from: &Pixels, to: &mut [f32], place: impl Fn(usize) -> usize, kept: Option<&[f32]>) {
        let half = self.inputs.div_ceil(2);
        let places: Vec<usize> = (0..from.scales.len()).map(place).collect();
        for (block, (scale, bias)) in self.scale.iter().zip(&self.bias).enumerate() {
            let weight = &self.weight[block * half..][..half];
            let (scale, bias) = (Lanes::of(scale), Lanes::of(bias));
            let channel = block * LANES;
            let wanted = LANES.min(self.outputs - channel);
            for (tile, places) in places.chunks(TILE).enumerate() {
                // A short tile repeats its last pixel: the sums that come of it are not written.
                let pixel = |n: usize| &from.words[(tile * TILE + n.min(places.len() - 1)) * half..][..half];
                let sums = multiply(std::array::from_fn(pixel), weight);
                for ((sum, worth), place) in sums.into_iter().zip(&from.scales[tile * TILE..]).zip(places) {
                    let sum = scale.times(Lanes(sum.map(|half| half.round_float() * f32x8::splat(*worth)))).plus(bias);
                    let sum = if self.relu6 { sum.relu6() } else { sum };
                    let at = place + channel;
                    if wanted == LANES {
                        let sum = match kept {
                            Some(kept) => sum.plus(Lanes::of(kept[at..].first_chunk().expect("as many as there are outputs"))),
                            None => sum,
                        };
                        sum.write(to[at..].first_chunk_mut().expect("room for all outputs"));
                    } else {
                        let mut few = [0.0; LANES];
                        sum.write(&mut few);
                        let to = &mut to[at..][..wanted];
                        to.copy_from_slice(&few[..wanted]);
                        if let Some(kept) = kept {
                            to.iter_mut().zip(&kept[at..]).for_each(|(to, k)| *to += k);
                        }
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn multiply(tile: [&[i32]; TILE], weight: &[Pairs]) -> [[i32x8; 2]; TILE] {
    let pairs = |words: i32x8| -> i16x16 { bytemuck::cast(words) };
    let mut sums = [[i32x8::ZERO; 2]; TILE];
    for (input, weight) in weight.iter().enumerate() {
        let weight = [0, 8].map(|half| pairs(i32x8::from(std::array::from_fn::<i32, 8, _>(|n| weight[half + n]))));
        for n in 0..TILE {
            let value = pairs(i32x8::splat(tile[n][input]));
            sums[n][0] += value.dot(weight[0]);
            sums[n][1] += value.dot(weight[1]);
        }
    }
    sums
}

impl Depthwise {
    /// `weight` is `size × size × channels`.
    pub fn new(weight: &[f32], bias: &[f32], size: usize, stride: usize) -> Self {
        Self { size, stride, weight: in_blocks(weight, bias.len()), bias: in_blocks(bias, bias.len()) }
    }

    /// Its channels, whole blocks of 16.
    pub fn channels(&self) -> usize {
        self.bias.len() * LANES
    }

    /// One row of output pixels, out of `size` rows of input pixels with their padding.
    pub fn convolve(&self, rows: &[&[f32]], out: &mut [f32]) {
        let channels = self.channels();
        let columns = out.len() / channels;
        let run = if columns < RUN { 1 } else { RUN };
        for (block, bias) in self.bias.iter().enumerate() {
            let weight = &self.weight[block * self.size * self.size..][..self.size * self.size];
            for first in (0..columns).step_by(run) {
                // The last run may begin within the one before.
                let first = first.min(columns - run);
                let from = first * self.stride * channels + block * LANES;
                let out = &mut out[first * channels + block * LANES..];
                match run {
                    RUN => self.run::<RUN>(rows, from, weight, bias, out),
                    _ => self.run::<1>(rows, from, weight, bias, out),
                }
            }
        }
    }

    /// `N` neighbouring output pixels.
    #[inline(always)]
    fn run<const N: usize>(&self, rows: &[&[f32]], from: usize, weight: &[Channels], bias: &Channels, out: &mut [f32]) {
        let channels = self.channels();
        let step = self.stride * channels;
        let mut sums = [Lanes::of(bias); N];
        for (row, weight) in rows.iter().zip(weight.chunks_exact(self.size)) {
            for (x, weight) in weight.iter().enumerate() {
                let weight = Lanes::of(weight);
                let row = &row[from + x * channels..][..(N - 1) * step + LANES];
                for (n, sum) in sums.iter_mut().enumerate() {
                    let input = row[n * step..].first_chunk().expect("the row was cut to hold it");
                    *sum = weight.times(Lanes::of(input)).plus(*sum);
                }
            }
        }
        for (n, sum) in sums.into_iter().enumerate() {
            sum.relu6().write(out[n * channels..].first_chunk_mut().expect("room for all outputs"));
        }
    }
}

/// Rows of `width` values as blocks of 16 columns, filled up with zeros.
fn in_blocks(rows: &[f32], width: usize) -> Vec<Channels> {
    let lane = |row: &[f32], column: usize| row.get(column).copied().unwrap_or(0.0);
    let block = |first| rows.chunks_exact(width).map(move |row| std::array::from_fn(|n| lane(row, first + n)));
    (0..width).step_by(LANES).flat_map(block).collect()
}

/// Sixteen channels in registers.
#[derive(Clone, Copy)]
struct Lanes([f32x8; 2]);

/// What is yet to be added to, so that both become one instruction.
struct Product(Lanes, Lanes);

impl Lanes {
    #[inline(always)]
    fn of(channels: &Channels) -> Self {
        Self([0, 8].map(|half| f32x8::from(std::array::from_fn::<f32, 8, _>(|n| channels[half + n]))))
    }

    #[inline(always)]
    fn times(self, other: Self) -> Product {
        Product(self, other)
    }

    #[inline(always)]
    fn relu6(self) -> Self {
        Self(self.0.map(|half| half.fast_max(f32x8::ZERO).fast_min(f32x8::splat(SIX))))
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Self([self.0[0] + other.0[0], self.0[1] + other.0[1]])
    }

    #[inline(always)]
    fn write(self, to: &mut Channels) {
        to[..8].copy_from_slice(self.0[0].as_array_ref());
        to[8..].copy_from_slice(self.0[1].as_array_ref());
    }
}

impl Product {
    #[inline(always)]
    fn plus(self, sum: Lanes) -> Lanes {
        let [a, b] = self.0.0;
        let [c, d] = self.1.0;
        Lanes([a.mul_add(c, sum.0[0]), b.mul_add(d, sum.0[1])])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::random::noise;

    #[test]
    fn pixels_times_weights() {
        for (count, inputs, outputs) in [(1, 27, 32), (5, 16, 24), (13, 3, 8), (12, 1152, 16)] {
            let (weight, bias, x) = (noise(inputs * outputs, 1), noise(outputs, 2), noise(count * inputs, 3));
            let between: Vec<f32> = x.iter().map(|v| 3.0 + 3.0 * v).collect();
            let before = noise(count * outputs, 4);
            for (relu6, x, kept) in [(false, &x, Some(before)), (true, &between, None)] {
                let (mut pixels, mut got) = (Pixels::default(), vec![0.0; count * outputs]);
                if relu6 {
                    pixels.take_relu6(x, inputs)
                } else {
                    pixels.take(x, inputs)
                }
                Pointwise::new(&weight, &bias, relu6).convolve(&pixels, &mut got, |n| n * outputs, kept.as_deref());
                for (n, got) in got.iter().enumerate() {
                    let (pixel, output) = (n / outputs, n % outputs);
                    let sum: f32 = (0..inputs).map(|i| x[pixel * inputs + i] * weight[i * outputs + output]).sum::<f32>() + bias[output];
                    let expected = if relu6 { sum.clamp(0.0, SIX) } else { sum } + kept.as_ref().map_or(0.0, |k| k[n]);
                    // Of sums that are as large as three times the root.
                    let near = 1e-2 * (inputs as f32).sqrt();
                    assert!((got - expected).abs() < near, "{count}×{inputs}×{outputs}: {got} for {expected}");
                }
            }
        }
    }

    #[test]
    fn the_largest_sum_does_not_overflow() {
        let (weight, x) = (vec![1.0; 1152 * 16], vec![SIX; 1152]);
        let (mut pixels, mut got) = (Pixels::default(), vec![0.0; 16]);
        pixels.take_relu6(&x, 1152);
        Pointwise::new(&weight, &[0.0; 16], false).convolve(&pixels, &mut got, |n| n * 16, None);
        assert!(got.iter().all(|sum| (sum - 6912.0).abs() < 7.0), "{got:?}");
    }

    #[test]
    fn each_channel_by_itself() {
        let channels = 32;
        for (columns, size, stride) in [(1, 3, 1), (4, 5, 2), (5, 3, 2), (12, 5, 1)] {
            let width = (columns - 1) * stride + size;
            let (weight, bias) = (noise(size * size * channels, 1), noise(channels, 2));
            let rows: Vec<Vec<f32>> = (0..size).map(|n| noise(width * channels, 3 + n as u64)).collect();
            let mut got = vec![0.0; columns * channels];
            Depthwise::new(&weight, &bias, size, stride).convolve(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>(), &mut got);
            for (n, got) in got.iter().enumerate() {
                let (column, channel) = (n / channels, n % channels);
                let term =
                    |y: usize, x: usize| rows[y][(column * stride + x) * channels + channel] * weight[(y * size + x) * channels + channel];
                let sum: f32 = (0..size * size).map(|at| term(at / size, at % size)).sum::<f32>() + bias[channel];
                assert!((got - sum.clamp(0.0, SIX)).abs() < 1e-4, "{columns} {size} {stride}: {got} for {sum}");
            }
        }
    }
}
