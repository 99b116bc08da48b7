//! EfficientNet-lite (Tan & Le 2019; the lite variants of 2020 without squeeze-and-excitation, with ReLU6): a picture in, its pooled
//! features out.
//!
//! A block widens a strip of rows, looks around each channel and narrows it again before the next strip, so that what is wide never
//! leaves the cache. Padding is TensorFlow's SAME, as in training.

use super::convolution::{Depthwise, Pixels, Pointwise};
use anyhow::{Context, ensure};
use candle_core::safetensors::MmapedSafetensors;
use candle_core::{DType, Device, Tensor};
use std::path::Path;

pub struct EfficientNet {
    stem: Pointwise,
    blocks: Vec<Block>,
    head: Pointwise,
}

/// An inverted residual block: widen, look around each channel, narrow.
struct Block {
    widen: Option<Pointwise>,
    depthwise: Depthwise,
    narrow: Pointwise,
    residual: bool,
    /// Its output is that of a stage.
    ends_stage: bool,
}

/// A feature map: height × width × channels.
pub struct Map {
    pub height: usize,
    pub width: usize,
    pub values: Vec<f32>,
}

/// What the network says of a picture.
pub struct Seen {
    /// Mean over the last feature map.
    pub pooled: Vec<f32>,
    /// Cube root of the mean cube over the same map: generalized-mean pooling (Radenović et al. 2019) with p = 3.
    pub peaks: Vec<f32>,
    /// Means over the maps of the last three stages.
    pub stages: Vec<Vec<f32>>,
}

/// Stages whose means are kept, counted from the end.
const KEPT_STAGES: usize = 3;

/// Strides of the seven stages; a stage begins where the number of output channels changes.
const STRIDES: [usize; 7] = [1, 2, 2, 2, 1, 2, 1];
/// Output pixels of a strip, at least, where the map has as many: what is read of the weights serves them all.
const STRIP: usize = 96;
/// Rows that a depthwise convolution looks at.
const LARGEST: usize = 5;

impl EfficientNet {
    /// Loads a file that `convert::efficientnet` wrote.
    ///
    /// # Errors
    /// Names the weight that is missing or does not fit.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        // Safety: the file is written once, by rename, and never changed in place.
        let file = unsafe { MmapedSafetensors::new(path) }.with_context(|| format!("open {}", path.display()))?;
        let weights = Weights(&file);
        let stem = weights.pointwise("stem", true)?;
        let (mut blocks, mut stage, mut channels) = (Vec::new(), 0, stem.outputs);
        let mut last = 0;
        for n in 0.. {
            let name = |part: &str| format!("b{n}.{part}");
            if file.get(&format!("{}.weight", name("proj"))).is_err() {
                break;
            }
            let narrow = weights.pointwise(&name("proj"), false)?;
            let outputs = narrow.outputs;
            let begins = outputs != last;
            stage += usize::from(begins && n > 0);
            let stride = if begins { *STRIDES.get(stage).context("the image encoder has too many stages")? } else { 1 };
            let widen = file.get(&format!("{}.weight", name("exp"))).is_ok().then(|| weights.pointwise(&name("exp"), true)).transpose()?;
            let residual = stride == 1 && channels == outputs;
            if begins && let Some(before) = blocks.last_mut() {
                Block::end_stage(before);
            }
            blocks.push(Block { widen, depthwise: weights.depthwise(&name("dw"), stride)?, narrow, residual, ends_stage: false });
            (channels, last) = (outputs, outputs);
        }
        ensure!(stage + 1 == STRIDES.len(), "the image encoder has {} stages instead of 7", stage + 1);
        blocks.last_mut().map(Block::end_stage);
        Ok(Self { stem, blocks, head: weights.pointwise("head", true)? })
    }

    /// `picture` has three channels, normalized as in training.
    pub fn look(&self, picture: &Map) -> Seen {
        let mut map = all(&self.stem, &patches(picture));
        let mut stages = Vec::new();
        let mut rooms = Rooms::default();
        for block in &self.blocks {
            map = block.forward(&map, &mut rooms);
            if block.ends_stage {
                stages.push(mean(&map, block.narrow.outputs));
            }
        }
        stages.drain(..stages.len().saturating_sub(KEPT_STAGES));
        let mut map = all(&self.head, &map);
        let pooled = mean(&map, self.width());
        map.values.iter_mut().for_each(|v| *v = v.max(1e-6).powi(3));
        let peaks = mean(&map, self.width()).into_iter().map(f32::cbrt).collect();
        Seen { pooled, peaks, stages }
    }

    /// Length of the pooled features.
    pub fn width(&self) -> usize {
        self.head.outputs
    }

    /// Lengths of the stages' means.
    pub fn stages(&self) -> Vec<usize> {
        let ends: Vec<usize> = self.blocks.iter().filter(|b| b.ends_stage).map(|b| b.narrow.outputs).collect();
        ends[ends.len().saturating_sub(KEPT_STAGES)..].to_vec()
    }
}

impl Block {
    fn end_stage(&mut self) {
        self.ends_stage = true;
    }

    fn forward(&self, map: &Map, rooms: &mut Rooms) -> Map {
        let (size, stride, channels) = (self.depthwise.size, self.depthwise.stride, self.depthwise.channels());
        let (rows, columns) = (same(map.height, size, stride), same(map.width, size, stride));
        let at_once = STRIP.div_ceil(columns.out).min(rows.out);
        let (inputs, outputs) = (self.widen.as_ref().map_or(channels, |w| w.inputs), self.narrow.outputs);
        let mut window = Window::over(&mut rooms.wide, map, &columns, channels, (at_once - 1) * stride + size);
        let mut values = vec![0.0; rows.out * columns.out * outputs];
        // The next row that the window has not, counted with the padding.
        let mut next = 0;
        for top in (0..rows.out).step_by(at_once) {
            let strip = at_once.min(rows.out - top);
            let end = (top + strip - 1) * stride + size;
            let there = next.max(rows.before)..end.min(rows.before + map.height);
            (next..end).filter(|row| !there.contains(row)).for_each(|row| window.row_mut(row).fill(0.0));
            if !there.is_empty() {
                let source = &map.values[(there.start - rows.before) * map.width * inputs..(there.end - rows.before) * map.width * inputs];
                window.take(source, there.start, self.widen.as_ref(), &mut rooms.pixels);
            }
            next = end;
            let row = columns.out * channels;
            rooms.looked.resize(at_once * row, 0.0);
            for (y, looked) in rooms.looked.chunks_exact_mut(row).take(strip).enumerate() {
                let around: [&[f32]; LARGEST] = std::array::from_fn(|n| window.row((top + y) * stride + n.min(size - 1)));
                self.depthwise.convolve(&around[..size], looked);
            }
            let begin = top * columns.out * outputs;
            let kept = self.residual.then(|| &map.values[begin..]);
            rooms.pixels.take_relu6(&rooms.looked[..strip * row], channels);
            self.narrow.convolve(&rooms.pixels, &mut values[begin..], |pixel| pixel * outputs, kept);
        }
        Map { height: rows.out, width: columns.out, values }
    }
}

/// Memory that one block after the other uses.
#[derive(Default)]
struct Rooms {
    wide: Vec<f32>,
    looked: Vec<f32>,
    pixels: Pixels,
}

/// The last rows of a widened map, as many as a strip looks at, with the padding at either end: row `n` lies where `n - height` lay.
struct Window<'a> {
    values: &'a mut [f32],
    channels: usize,
    /// Pixels of a row, of them those before the map and its own.
    width: usize,
    before: usize,
    within: usize,
    height: usize,
}

impl<'a> Window<'a> {
    fn over(room: &'a mut Vec<f32>, map: &Map, columns: &Same, channels: usize, height: usize) -> Self {
        let width = columns.padded.max(columns.before + map.width);
        let row = width * channels;
        if room.len() < height * row {
            room.resize(height * row, 0.0);
        }
        let values = &mut room[..height * row];
        for row in values.chunks_exact_mut(row) {
            row[..columns.before * channels].fill(0.0);
            row[(columns.before + map.width) * channels..].fill(0.0);
        }
        Self { values, channels, width, before: columns.before, within: map.width, height }
    }

    fn row(&self, n: usize) -> &[f32] {
        let row = self.width * self.channels;
        &self.values[n % self.height * row..][..row]
    }

    fn row_mut(&mut self, n: usize) -> &mut [f32] {
        let row = self.width * self.channels;
        &mut self.values[n % self.height * row..][..row]
    }

    /// Whole rows of the map, the first of them row `n`, widened.
    fn take(&mut self, source: &[f32], n: usize, widen: Option<&Pointwise>, pixels: &mut Pixels) {
        let Self { channels, width, before, within, height, .. } = *self;
        let place = |pixel: usize| ((n + pixel / within) % height * width + before + pixel % within) * channels;
        match widen {
            Some(widen) => {
                pixels.take(source, widen.inputs);
                widen.convolve(pixels, self.values, place, None);
            }
            None => source.chunks_exact(channels).enumerate().for_each(|(n, p)| self.values[place(n)..][..channels].copy_from_slice(p)),
        }
    }
}

/// Every pixel of `map`.
fn all(convolution: &Pointwise, map: &Map) -> Map {
    let (mut pixels, mut values) = (Pixels::default(), vec![0.0; map.height * map.width * convolution.outputs]);
    pixels.take(&map.values, convolution.inputs);
    convolution.convolve(&pixels, &mut values, |pixel| pixel * convolution.outputs, None);
    Map { height: map.height, width: map.width, values }
}

/// Output size, padding before, and what is looked at with the padding, along one side.
struct Same {
    out: usize,
    before: usize,
    padded: usize,
}

fn same(length: usize, size: usize, stride: usize) -> Same {
    let out = length.div_ceil(stride);
    let padded = (out - 1) * stride + size;
    Same { out, before: padded.saturating_sub(length) / 2, padded }
}

/// The 3×3 surroundings of every second pixel, as rows of 27 values: row, column, channel.
fn patches(picture: &Map) -> Map {
    let (rows, columns) = (same(picture.height, 3, 2), same(picture.width, 3, 2));
    let mut values = vec![0.0; rows.out * columns.out * 27];
    for (n, patch) in values.chunks_exact_mut(27).enumerate() {
        let (y, x) = (n / columns.out * 2, n % columns.out * 2);
        for dy in 0..3 {
            let Some(row) = (y + dy).checked_sub(rows.before).filter(|r| *r < picture.height) else { continue };
            for dx in 0..3 {
                let Some(column) = (x + dx).checked_sub(columns.before).filter(|c| *c < picture.width) else { continue };
                let from = (row * picture.width + column) * 3;
                patch[(dy * 3 + dx) * 3..][..3].copy_from_slice(&picture.values[from..from + 3]);
            }
        }
    }
    Map { height: rows.out, width: columns.out, values }
}

/// Over all pixels, a channel.
fn mean(map: &Map, channels: usize) -> Vec<f32> {
    let mut mean = vec![0.0; channels];
    for pixel in map.values.chunks_exact(channels) {
        mean.iter_mut().zip(pixel).for_each(|(m, v)| *m += v);
    }
    let pixels = (map.height * map.width) as f32;
    mean.iter_mut().for_each(|m| *m /= pixels);
    mean
}

struct Weights<'a>(&'a MmapedSafetensors);

impl Weights<'_> {
    fn load(&self, name: &str) -> anyhow::Result<Tensor> {
        let tensor = self.0.load(name, &Device::Cpu).with_context(|| format!("read the weight {name}"))?;
        Ok(tensor.to_dtype(DType::F32)?)
    }

    fn bias(&self, name: &str) -> anyhow::Result<Vec<f32>> {
        Ok(self.load(&format!("{name}.bias"))?.to_vec1()?)
    }

    /// PyTorch's outputs × inputs × height × width as height·width·inputs × outputs.
    fn pointwise(&self, name: &str, relu6: bool) -> anyhow::Result<Pointwise> {
        let (bias, weight) = (self.bias(name)?, self.load(&format!("{name}.weight"))?);
        let weight = match weight.rank() {
            4 => weight.permute((2, 3, 1, 0))?.contiguous()?.flatten(0, 2)?,
            _ => weight.t()?,
        };
        ensure!(weight.dim(1)? == bias.len() && !bias.is_empty(), "the weight {name} does not fit its bias");
        Ok(Pointwise::new(&weight.flatten_all()?.to_vec1::<f32>()?, &bias, relu6))
    }

    fn depthwise(&self, name: &str, stride: usize) -> anyhow::Result<Depthwise> {
        let (bias, weight) = (self.bias(name)?, self.load(&format!("{name}.weight"))?);
        let size = weight.dim(2)?;
        ensure!(weight.dims() == [bias.len(), 1, size, size], "the weight {name} is not that of a depthwise convolution");
        ensure!(size <= LARGEST, "the weight {name} looks at {size} rows; at most {LARGEST} are known here");
        let weight = weight.permute((2, 3, 1, 0))?.flatten_all()?.to_vec1::<f32>()?;
        let depthwise = Depthwise::new(&weight, &bias, size, stride);
        ensure!(depthwise.channels() == bias.len(), "the weight {name} has {} channels, which are no whole blocks of 16", bias.len());
        Ok(depthwise)
    }
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn padding_is_that_of_tensorflow() {
        for (length, size, stride, out, before) in
            [(224, 3, 2, 112, 0), (112, 3, 1, 112, 1), (56, 5, 2, 28, 1), (7, 5, 1, 7, 2), (65, 3, 2, 33, 1)]
        {
            let got = same(length, size, stride);
            assert_eq!((got.out, got.before), (out, before), "{length} {size} {stride}");
        }
    }
}
