//! EfficientNet-lite (Tan & Le 2019; the lite variants of 2020 without squeeze-and-excitation, with ReLU6): a picture in, its pooled
//! features out.
//!
//! Rows of pixels with channels innermost. A 1×1 convolution is then a matrix product, which candle does; the depthwise ones, for
//! which candle splits the channels one by one, are written out here. Padding is TensorFlow's SAME, as in training.

use anyhow::{Context, ensure};
use candle_core::safetensors::MmapedSafetensors;
use candle_core::{DType, Device, Tensor};
use std::path::Path;

pub struct EfficientNet {
    stem: Dense,
    blocks: Vec<Block>,
    head: Dense,
}

/// An inverted residual block: widen, look around each channel, narrow.
struct Block {
    widen: Option<Dense>,
    depthwise: Depthwise,
    narrow: Dense,
    residual: bool,
    /// Its output is that of a stage.
    ends_stage: bool,
}

/// A 1×1 convolution, or a 3×3 one over gathered patches: `inputs × outputs`.
struct Dense {
    weight: Tensor,
    bias: Vec<f32>,
}

struct Depthwise {
    /// `size × size × channels`.
    weight: Vec<f32>,
    bias: Vec<f32>,
    size: usize,
    stride: usize,
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

impl EfficientNet {
    /// Loads a file that `convert::efficientnet` wrote.
    ///
    /// # Errors
    /// Names the weight that is missing or does not fit.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        // Safety: the file is written once, by rename, and never changed in place.
        let file = unsafe { MmapedSafetensors::new(path) }.with_context(|| format!("open {}", path.display()))?;
        let weights = Weights(&file);
        let stem = weights.dense("stem")?;
        let (mut blocks, mut stage, mut channels) = (Vec::new(), 0, stem.bias.len());
        let mut last = 0;
        for n in 0.. {
            let name = |part: &str| format!("b{n}.{part}");
            if file.get(&format!("{}.weight", name("proj"))).is_err() {
                break;
            }
            let narrow = weights.dense(&name("proj"))?;
            let outputs = narrow.bias.len();
            let begins = outputs != last;
            stage += usize::from(begins && n > 0);
            let stride = if begins { *STRIDES.get(stage).context("the image encoder has too many stages")? } else { 1 };
            let widen = file.get(&format!("{}.weight", name("exp"))).is_ok().then(|| weights.dense(&name("exp"))).transpose()?;
            let residual = stride == 1 && channels == outputs;
            if begins && let Some(before) = blocks.last_mut() {
                Block::end_stage(before);
            }
            blocks.push(Block { widen, depthwise: weights.depthwise(&name("dw"), stride)?, narrow, residual, ends_stage: false });
            (channels, last) = (outputs, outputs);
        }
        ensure!(stage + 1 == STRIDES.len(), "the image encoder has {} stages instead of 7", stage + 1);
        blocks.last_mut().map(Block::end_stage);
        Ok(Self { stem, blocks, head: weights.dense("head")? })
    }

    /// `picture` has three channels, normalized as in training.
    ///
    /// # Errors
    /// When a shape does not fit, which a loaded network does not do.
    pub fn look(&self, picture: &Map) -> anyhow::Result<Seen> {
        let mut map = self.stem.forward(&patches(picture))?;
        relu6(&mut map.values);
        let mut stages = Vec::new();
        for block in &self.blocks {
            map = block.forward(map)?;
            if block.ends_stage {
                stages.push(mean(&map, block.narrow.bias.len()));
            }
        }
        stages.drain(..stages.len().saturating_sub(KEPT_STAGES));
        let mut map = self.head.forward(&map)?;
        relu6(&mut map.values);
        let channels = self.head.bias.len();
        let pooled = mean(&map, channels);
        map.values.iter_mut().for_each(|v| *v = v.max(1e-6).powi(3));
        let peaks = mean(&map, channels).into_iter().map(f32::cbrt).collect();
        Ok(Seen { pooled, peaks, stages })
    }

    /// Length of the pooled features.
    pub fn width(&self) -> usize {
        self.head.bias.len()
    }

    /// Lengths of the stages' means.
    pub fn stages(&self) -> Vec<usize> {
        let ends: Vec<usize> = self.blocks.iter().filter(|b| b.ends_stage).map(|b| b.narrow.bias.len()).collect();
        ends[ends.len().saturating_sub(KEPT_STAGES)..].to_vec()
    }
}

impl Block {
    fn end_stage(&mut self) {
        self.ends_stage = true;
    }

    fn forward(&self, map: Map) -> anyhow::Result<Map> {
        let kept = if self.residual { map.values.clone() } else { Vec::new() };
        let wide = match &self.widen {
            Some(widen) => {
                let mut wide = widen.forward(&map)?;
                relu6(&mut wide.values);
                wide
            }
            None => map,
        };
        let mut map = self.narrow.forward(&self.depthwise.forward(&wide))?;
        map.values.iter_mut().zip(&kept).for_each(|(v, k)| *v += k);
        Ok(map)
    }
}

impl Dense {
    fn forward(&self, map: &Map) -> anyhow::Result<Map> {
        let pixels = map.height * map.width;
        let rows = Tensor::from_slice(&map.values, (pixels, map.values.len() / pixels), &Device::Cpu)?;
        let mut values = rows.matmul(&self.weight)?.flatten_all()?.to_vec1::<f32>()?;
        for row in values.chunks_exact_mut(self.bias.len()) {
            row.iter_mut().zip(&self.bias).for_each(|(v, b)| *v += b);
        }
        Ok(Map { height: map.height, width: map.width, values })
    }
}

impl Depthwise {
    /// One channel never meets another; the innermost loop runs over channels, in vector registers. Ends with ReLU6.
    fn forward(&self, map: &Map) -> Map {
        let channels = self.bias.len();
        let (rows, columns) = (same(map.height, self.size, self.stride), same(map.width, self.size, self.stride));
        let mut values = vec![0.0; rows.out * columns.out * channels];
        for (n, pixel) in values.chunks_exact_mut(channels).enumerate() {
            pixel.copy_from_slice(&self.bias);
            let (y, x) = (n / columns.out * self.stride, n % columns.out * self.stride);
            for dy in 0..self.size {
                let Some(row) = (y + dy).checked_sub(rows.before).filter(|r| *r < map.height) else { continue };
                for dx in 0..self.size {
                    let Some(column) = (x + dx).checked_sub(columns.before).filter(|c| *c < map.width) else { continue };
                    let input = &map.values[(row * map.width + column) * channels..][..channels];
                    let weight = &self.weight[(dy * self.size + dx) * channels..][..channels];
                    for ((p, v), w) in pixel.iter_mut().zip(input).zip(weight) {
                        *p = v.mul_add(*w, *p);
                    }
                }
            }
            relu6(pixel);
        }
        Map { height: rows.out, width: columns.out, values }
    }
}

/// Output size and padding before, along one side.
struct Same {
    out: usize,
    before: usize,
}

fn same(length: usize, size: usize, stride: usize) -> Same {
    let out = length.div_ceil(stride);
    Same { out, before: ((out - 1) * stride + size).saturating_sub(length) / 2 }
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

fn relu6(values: &mut [f32]) {
    values.iter_mut().for_each(|v| *v = v.clamp(0.0, 6.0));
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
    fn dense(&self, name: &str) -> anyhow::Result<Dense> {
        let (bias, weight) = (self.bias(name)?, self.load(&format!("{name}.weight"))?);
        let weight = match weight.rank() {
            4 => weight.permute((2, 3, 1, 0))?.contiguous()?.flatten(0, 2)?,
            _ => weight.t()?.contiguous()?,
        };
        ensure!(weight.dim(1)? == bias.len(), "the weight {name} does not fit its bias");
        Ok(Dense { weight, bias })
    }

    fn depthwise(&self, name: &str, stride: usize) -> anyhow::Result<Depthwise> {
        let (bias, weight) = (self.bias(name)?, self.load(&format!("{name}.weight"))?);
        let size = weight.dim(2)?;
        ensure!(weight.dims() == [bias.len(), 1, size, size], "the weight {name} is not that of a depthwise convolution");
        Ok(Depthwise { weight: weight.permute((2, 3, 1, 0))?.flatten_all()?.to_vec1()?, bias, size, stride })
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
