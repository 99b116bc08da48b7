//! The towers in candle: examples in, weights that place texts, pictures and kinds out.

use super::batches::{anchors_of, batch_of, rivals};
use super::contrast::{cross_entropy, drop_out, targets, unit};
use super::{Course, DIM, Example, KINDS, MOST_WORDS, Said, WORDS};
use crate::model::random::Random;
use crate::model::sight::threads;
use anyhow::Context;
use candle_core::{Device, Tensor, Var};
use candle_nn::optim::{AdamW, Optimizer, ParamsAdamW};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

pub struct Towers {
    weights: BTreeMap<String, Var>,
    /// Mean and spread of what it was trained on, by which inputs are scaled.
    scales: BTreeMap<String, Tensor>,
}

const RATE: f64 = 1e-3;
const DECAY: f64 = 0.05;
const WARM_UP: f64 = 0.1;
const FIRST_SCALE: f32 = 20.0;
const SIDE_LOSS: f64 = 0.3;
const WORD_DROP: f32 = 0.15;
const HIDDEN_DROP: f32 = 0.2;
const TEXT_DROP: f32 = 0.1;
const PICTURE_DROP: f32 = 0.3;
/// Steps a small catalogue gets at least.
const FEWEST_STEPS: usize = 160;

impl Towers {
    /// Trains from scratch, calling `progress(step, steps)`.
    ///
    /// # Errors
    /// When there are fewer than two examples, or their lengths differ.
    pub fn train(examples: &[Example], course: Course, progress: impl Fn(usize, usize) + Send) -> anyhow::Result<Self> {
        // A server learns beside its shoppers.
        threads()?.install(|| Self::learn(examples, course, progress))
    }

    fn learn(examples: &[Example], course: Course, progress: impl Fn(usize, usize)) -> anyhow::Result<Self> {
        anyhow::ensure!(examples.len() > 1, "there are too few products with pictures to learn from");
        let mut random = Random::new(course.seed);
        let mut towers = Self::begin(examples, &mut random)?;
        let batch = course.batch.min(examples.len());
        let anchors = anchors_of(batch);
        let epochs = course.epochs.max(FEWEST_STEPS.div_ceil(examples.len() / anchors));
        let steps = epochs * (examples.len() / anchors);
        let rivals = rivals(examples, &mut random);
        let group = |decays: bool| towers.weights.values().filter(|v| (v.rank() > 1) == decays).cloned().collect::<Vec<Var>>();
        let optimizer = |vars, weight_decay| AdamW::new(vars, ParamsAdamW { lr: RATE, beta1: 0.9, beta2: 0.98, eps: 1e-8, weight_decay });
        let (mut heavy, mut light) = (optimizer(group(true), DECAY)?, optimizer(group(false), 0.0)?);
        let (mut step, mut order) = (0, (0..examples.len()).collect::<Vec<_>>());
        for _ in 0..epochs {
            random.shuffle(&mut order);
            for anchors in order.chunks_exact(anchors) {
                step += 1;
                let share = step as f64 / steps as f64;
                let rate = RATE * (share / WARM_UP).min(1.0) * 0.5 * (1.0 + (std::f64::consts::PI * share).cos());
                let rows: Vec<&Example> = batch_of(anchors, batch, &rivals, &mut random).into_iter().map(|n| &examples[n]).collect();
                let gradients = towers.loss(&rows, &mut random)?.backward()?;
                for optimizer in [&mut heavy, &mut light] {
                    optimizer.set_learning_rate(rate);
                    optimizer.step(&gradients)?;
                }
                progress(step, steps);
            }
        }
        towers.weights = towers
            .weights
            .into_iter()
            .map(|(name, var)| Ok((name, Var::from_tensor(&var.as_detached_tensor())?)))
            .collect::<candle_core::Result<_>>()?;
        Ok(towers)
    }

    /// Unit vectors of texts.
    pub fn texts(&self, said: &[&Said]) -> anyhow::Result<Vec<Vec<f32>>> {
        Ok(unit(&self.text(said, 0.0, None)?)?.to_vec2()?)
    }

    /// Unit vectors of pictures' traits.
    pub fn pictures(&self, traits: &[&[f32]]) -> anyhow::Result<Vec<Vec<f32>>> {
        Ok(unit(&self.picture(traits, None)?)?.to_vec2()?)
    }

    /// The unit vector of a product's category, colour, person and brand; kinds it has not learned are left out.
    pub fn kinds(&self, kinds: &[[u32; KINDS]]) -> anyhow::Result<Vec<Vec<f32>>> {
        Ok(unit(&self.kind(kinds)?)?.to_vec2()?)
    }

    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, path: &Path) -> anyhow::Result<()> {
        let scales = self.scales.iter().map(|(name, t)| (name.clone(), t.clone()));
        let all: HashMap<String, Tensor> =
            self.weights.iter().map(|(name, v)| (name.clone(), v.as_tensor().clone())).chain(scales).collect();
        let part = path.with_extension("part");
        candle_core::safetensors::save(&all, &part).with_context(|| format!("write {}", part.display()))?;
        std::fs::rename(&part, path).with_context(|| format!("write {}", path.display()))
    }

    /// # Errors
    /// When the file is missing or not that of [`Towers::save`].
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let all = candle_core::safetensors::load(path, &Device::Cpu).with_context(|| format!("open {}", path.display()))?;
        let (mut weights, mut scales) = (BTreeMap::new(), BTreeMap::new());
        for (name, tensor) in all {
            match name.starts_with("scale.") {
                true => drop(scales.insert(name, tensor)),
                false => drop(weights.insert(name, Var::from_tensor(&tensor)?)),
            }
        }
        let towers = Self { weights, scales };
        for name in ["text.in.weight", "picture.in.weight", "words", "kinds.0", "kinds.1", "kinds.2", "kinds.3"] {
            towers.weight(name).with_context(|| format!("{} is not a fused embedding", path.display()))?;
        }
        Ok(towers)
    }

    fn begin(examples: &[Example], random: &mut Random) -> anyhow::Result<Self> {
        let text = examples[0].titles.first().map_or(0, |t| t.vector.len());
        let traits = examples[0].traits.len();
        let fits = |e: &Example| {
            e.traits.len() == traits && !e.titles.is_empty() && e.titles.iter().chain([&e.sentence]).all(|s| s.vector.len() == text)
        };
        anyhow::ensure!(traits > 0 && text > 0 && examples.iter().all(fits), "examples of different lengths");
        let mut towers = Self { weights: BTreeMap::new(), scales: BTreeMap::new() };
        for (name, inputs) in [("text", text), ("picture", traits)] {
            towers.linear(&format!("{name}.in"), inputs, DIM, 1.0, random)?;
            towers.linear(&format!("{name}.widen"), DIM, DIM, 1.0, random)?;
            towers.linear(&format!("{name}.narrow"), DIM, DIM, 0.0, random)?;
            towers.put(&format!("{name}.norm.weight"), vec![1.0; DIM], &[DIM])?;
            towers.put(&format!("{name}.norm.bias"), vec![0.0; DIM], &[DIM])?;
        }
        towers.put("words", (0..WORDS * DIM).map(|_| random.normal() * 0.02).collect(), &[WORDS, DIM])?;
        for n in 0..KINDS {
            let count = examples.iter().map(|e| e.kinds[n] as usize + 1).max().unwrap_or(1);
            towers.put(&format!("kinds.{n}"), (0..count * DIM).map(|_| random.normal() * 0.3).collect(), &[count, DIM])?;
        }
        towers.put("sharpness", vec![FIRST_SCALE.ln()], &[1])?;
        let titles: Vec<&[f32]> = examples.iter().flat_map(|e| &e.titles).map(|t| t.vector.as_slice()).collect();
        let (mean, spread) = moments(&titles);
        let even = spread.iter().sum::<f32>() / spread.len() as f32;
        towers.scale("text", &mean, &vec![even; text])?;
        let pictures: Vec<&[f32]> = examples.iter().map(|e| e.traits.as_slice()).collect();
        let (mean, spread) = moments(&pictures);
        let floor = spread.iter().sum::<f32>() / spread.len() as f32 * 0.01 + 1e-6;
        towers.scale("picture", &mean, &spread.iter().map(|s| s + floor).collect::<Vec<_>>())?;
        Ok(towers)
    }

    fn put(&mut self, name: &str, values: Vec<f32>, shape: &[usize]) -> anyhow::Result<()> {
        self.weights.insert(name.to_owned(), Var::from_tensor(&Tensor::from_vec(values, shape, &Device::Cpu)?)?);
        Ok(())
    }

    /// Uniform in ±1/√inputs (LeCun), times `size`.
    fn linear(&mut self, name: &str, inputs: usize, outputs: usize, size: f32, random: &mut Random) -> anyhow::Result<()> {
        let bound = size / (inputs as f32).sqrt();
        let mut draw = |n: usize| (0..n).map(|_| (random.uniform() * 2.0 - 1.0) * bound).collect::<Vec<f32>>();
        let (weight, bias) = (draw(inputs * outputs), draw(outputs));
        self.put(&format!("{name}.weight"), weight, &[inputs, outputs])?;
        self.put(&format!("{name}.bias"), bias, &[outputs])
    }

    fn scale(&mut self, name: &str, mean: &[f32], spread: &[f32]) -> anyhow::Result<()> {
        self.scales.insert(format!("scale.{name}.mean"), Tensor::new(mean, &Device::Cpu)?);
        self.scales.insert(
            format!("scale.{name}.inverse"),
            Tensor::new(spread.iter().map(|s| 1.0 / s.max(1e-9)).collect::<Vec<_>>(), &Device::Cpu)?,
        );
        Ok(())
    }

    fn weight(&self, name: &str) -> anyhow::Result<&Tensor> {
        Ok(self.weights.get(name).with_context(|| format!("the weight {name} is missing"))?.as_tensor())
    }

    fn apply(&self, name: &str, input: &Tensor) -> anyhow::Result<Tensor> {
        Ok(input.matmul(self.weight(&format!("{name}.weight"))?)?.broadcast_add(self.weight(&format!("{name}.bias"))?)?)
    }

    fn scaled(&self, name: &str, rows: Vec<f32>, count: usize) -> anyhow::Result<Tensor> {
        let scale =
            |part: &str| self.scales.get(&format!("scale.{name}.{part}")).with_context(|| format!("the scale of {name} is missing"));
        let (mean, inverse) = (scale("mean")?, scale("inverse")?);
        let rows = Tensor::from_vec(rows, (count, mean.dim(0)?), &Device::Cpu)?;
        Ok(rows.broadcast_sub(mean)?.broadcast_mul(inverse)?.clamp(-5.0, 5.0)?)
    }

    /// h + narrow(gelu(widen(norm(h)))), h = in(x).
    fn tower(&self, name: &str, input: &Tensor, random: Option<&mut Random>) -> anyhow::Result<Tensor> {
        let hidden = self.apply(&format!("{name}.in"), input)?;
        let (weight, bias) = (self.weight(&format!("{name}.norm.weight"))?, self.weight(&format!("{name}.norm.bias"))?);
        let normed = candle_nn::ops::layer_norm_slow(&hidden, weight, bias, 1e-5)?;
        let wide = drop_out(&self.apply(&format!("{name}.widen"), &normed)?.gelu()?, HIDDEN_DROP, random)?;
        Ok((self.apply(&format!("{name}.narrow"), &wide)? + hidden)?)
    }

    fn text(&self, said: &[&Said], word_drop: f32, mut random: Option<&mut Random>) -> anyhow::Result<Tensor> {
        let mut ids = vec![0_u32; said.len() * MOST_WORDS];
        let mut shares = vec![0.0_f32; said.len() * MOST_WORDS];
        for (n, said) in said.iter().enumerate() {
            let kept: Vec<u32> =
                said.words.iter().take(MOST_WORDS).copied().filter(|_| random.as_mut().is_none_or(|r| r.uniform() >= word_drop)).collect();
            let share = 1.0 / (kept.len().max(1) as f32).sqrt();
            for (at, id) in kept.into_iter().enumerate() {
                (ids[n * MOST_WORDS + at], shares[n * MOST_WORDS + at]) = (id % WORDS as u32, share);
            }
        }
        let vectors: Vec<f32> = said.iter().flat_map(|s| s.vector.iter().copied()).collect();
        let vectors = drop_out(&self.scaled("text", vectors, said.len())?, TEXT_DROP, random.as_deref_mut())?;
        let words = self.weight("words")?.index_select(&Tensor::new(ids, &Device::Cpu)?, 0)?.reshape((said.len(), MOST_WORDS, DIM))?;
        let words = words.broadcast_mul(&Tensor::from_vec(shares, (said.len(), MOST_WORDS, 1), &Device::Cpu)?)?.sum(1)?;
        Ok((self.tower("text", &vectors, random)? + words)?)
    }

    fn picture(&self, traits: &[&[f32]], mut random: Option<&mut Random>) -> anyhow::Result<Tensor> {
        let scaled = self.scaled("picture", traits.concat(), traits.len())?;
        let input = drop_out(&scaled, PICTURE_DROP, random.as_deref_mut())?;
        self.tower("picture", &input, random)
    }

    fn kind(&self, kinds: &[[u32; KINDS]]) -> anyhow::Result<Tensor> {
        let mut sum: Option<Tensor> = None;
        for n in 0..KINDS {
            let table = self.weight(&format!("kinds.{n}"))?;
            let known = table.dim(0)? as u32;
            let ids: Vec<u32> = kinds.iter().map(|k| k[n].min(known - 1)).collect();
            let known: Vec<f32> = kinds.iter().map(|k| f32::from(u8::from(k[n] < known))).collect();
            let known = Tensor::from_vec(known, (kinds.len(), 1), &Device::Cpu)?;
            let part = table.index_select(&Tensor::new(ids, &Device::Cpu)?, 0)?.broadcast_mul(&known)?;
            sum = Some(match sum {
                Some(sum) => (sum + part)?,
                None => part,
            });
        }
        sum.context("a product has kinds")
    }

    fn loss(&self, rows: &[&Example], random: &mut Random) -> anyhow::Result<Tensor> {
        let titles: Vec<&Said> = rows.iter().map(|e| &e.titles[random.below(e.titles.len())]).collect();
        let sentences: Vec<&Said> = rows.iter().map(|e| &e.sentence).collect();
        let traits: Vec<&[f32]> = rows.iter().map(|e| e.traits.as_slice()).collect();
        let kinds: Vec<[u32; KINDS]> = rows.iter().map(|e| e.kinds).collect();
        let sharpness = self.weight("sharpness")?.exp()?.clamp(1.0, 100.0)?;
        let near = |a: &Tensor, b: &Tensor| -> anyhow::Result<Tensor> { Ok(a.matmul(&b.t()?)?.broadcast_mul(&sharpness)?) };
        let alike = |same: &dyn Fn(&Example, &Example) -> bool| targets(rows, same);
        let text = unit(&self.text(&titles, WORD_DROP, Some(random))?)?;
        let picture = unit(&self.picture(&traits, Some(random))?)?;
        let again = unit(&self.picture(&traits, Some(random))?)?;
        let sentence = unit(&self.text(&sentences, 0.2, Some(random))?)?;
        let same_title = alike(&|a, b| a.title == b.title)?;
        let same_kind = alike(&|a, b| a.kinds[..2] == b.kinds[..2])?;
        let same_leaf = alike(&|a, b| a.kinds[0] == b.kinds[0])?;
        let pairs = near(&text, &picture)?;
        let main = ((cross_entropy(&pairs, &same_title)? + cross_entropy(&pairs.t()?.contiguous()?, &same_title)?)? * 0.5)?;
        let product = unit(&self.product(&text, &picture, &unit(&self.kind(&kinds)?)?, random)?)?;
        let by_sentence = cross_entropy(&near(&sentence, &product)?, &same_kind)?;
        let by_picture = cross_entropy(&near(&picture, &again)?, &((same_leaf + &same_kind)? * 0.5)?)?;
        Ok((main + ((by_sentence + by_picture)? * SIDE_LOSS)?)?)
    }

    /// The parts of each product, some of them left out.
    fn product(&self, text: &Tensor, picture: &Tensor, kind: &Tensor, random: &mut Random) -> anyhow::Result<Tensor> {
        let rows = text.dim(0)?;
        let mut masks = [Vec::with_capacity(rows), Vec::with_capacity(rows), Vec::with_capacity(rows)];
        for _ in 0..rows {
            let mut keep = [0.8, 0.7, 0.7].map(|share| f32::from(u8::from(random.uniform() < share)));
            if keep.iter().all(|k| *k == 0.0) {
                keep[0] = 1.0;
            }
            masks.iter_mut().zip(keep).for_each(|(mask, k)| mask.push(k));
        }
        let [a, b, c] = masks.map(|mask| Tensor::from_vec(mask, (rows, 1), &Device::Cpu));
        Ok(((picture.broadcast_mul(&a?)? + text.broadcast_mul(&b?)?)? + kind.broadcast_mul(&c?)?)?)
    }
}

/// Mean and standard deviation of each dimension.
fn moments(rows: &[&[f32]]) -> (Vec<f32>, Vec<f32>) {
    let dim = rows.first().map_or(0, |r| r.len());
    let (mut sum, mut squares) = (vec![0.0_f64; dim], vec![0.0_f64; dim]);
    for row in rows {
        for (n, v) in row.iter().enumerate() {
            sum[n] += f64::from(*v);
            squares[n] += f64::from(*v) * f64::from(*v);
        }
    }
    let count = rows.len().max(1) as f64;
    let mean: Vec<f32> = sum.iter().map(|s| (s / count) as f32).collect();
    let spread = squares.iter().zip(&sum).map(|(q, s)| ((q / count - (s / count).powi(2)).max(0.0)).sqrt() as f32).collect();
    (mean, spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Products of six kinds and four colours, whose title and picture say both in their own way.
    fn shop() -> Vec<Example> {
        let mut random = Random::new(7);
        let signature = |of: u64, dim: usize| -> Vec<f32> {
            let mut random = Random::new(of);
            (0..dim).map(|_| random.normal()).collect()
        };
        (0..120_u32)
            .map(|n| {
                let (leaf, colour) = (n % 6, n / 6 % 4);
                let mix = |salt: u64, dim: usize, random: &mut Random| -> Vec<f32> {
                    let (a, b) = (signature(salt + u64::from(leaf), dim), signature(salt + 100 + u64::from(colour), dim));
                    a.iter().zip(b).map(|(a, b)| a + b + random.normal() * 0.2).collect()
                };
                let said = Said { vector: mix(1_000, 32, &mut random), words: vec![1 + leaf, 50 + colour] };
                Example {
                    titles: vec![said.clone()],
                    sentence: said,
                    traits: mix(2_000, 48, &mut random),
                    kinds: [leaf, colour, 0, n % 5],
                    title: n,
                }
            })
            .collect()
    }

    #[test]
    fn texts_find_pictures_they_were_not_trained_with_and_training_is_repeatable() {
        let examples = shop();
        let (train, held) = examples.split_at(96);
        let course = Course { epochs: 20, batch: 48, seed: 3 };
        let towers = Towers::train(train, course, |_, _| {}).expect("train");
        let dir = tempfile::tempdir().expect("dir");
        towers.save(&dir.path().join("fused.safetensors")).expect("save");
        let again = Towers::load(&dir.path().join("fused.safetensors")).expect("load");
        let texts = again.texts(&held.iter().map(|e| &e.titles[0]).collect::<Vec<_>>()).expect("texts");
        let pictures = again.pictures(&held.iter().map(|e| e.traits.as_slice()).collect::<Vec<_>>()).expect("pictures");
        let right = texts.iter().enumerate().filter(|(n, text)| {
            let near = |p: &Vec<f32>| p.iter().zip(*text).map(|(a, b)| a * b).sum::<f32>();
            let best = (0..held.len()).max_by(|a, b| near(&pictures[*a]).total_cmp(&near(&pictures[*b]))).expect("some");
            held[best].kinds == held[*n].kinds
        });
        assert!(right.count() >= 20, "of 24");
        let twin = Towers::train(train, course, |_, _| {}).expect("train again");
        let vector = |t: &Towers| t.texts(&[&held[0].titles[0]]).expect("text").remove(0);
        let alike: f32 = vector(&twin).iter().zip(vector(&towers)).map(|(a, b)| a * b).sum();
        assert!(alike > 0.999, "{alike}");
        assert!(Towers::train(&examples[..1], course, |_, _| {}).is_err());
    }
}
