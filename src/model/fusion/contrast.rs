//! Rows of vectors in, contrastive losses and their targets out.

use super::Example;
use crate::model::random::Random;
use candle_core::{D, DType, Device, Tensor};

/// −Σ target · log softmax, a mean over rows.
pub fn cross_entropy(logits: &Tensor, target: &Tensor) -> anyhow::Result<Tensor> {
    let log = candle_nn::ops::log_softmax(logits, D::Minus1)?;
    Ok((target * log)?.sum(D::Minus1)?.mean_all()?.neg()?)
}

/// Rows that sum to 1 over those that are the same.
pub fn targets(rows: &[&Example], same: &dyn Fn(&Example, &Example) -> bool) -> anyhow::Result<Tensor> {
    let mut values = Vec::with_capacity(rows.len() * rows.len());
    for a in rows {
        let from = values.len();
        values.extend(rows.iter().map(|b| f32::from(u8::from(same(a, b)))));
        let sum: f32 = values[from..].iter().sum();
        values[from..].iter_mut().for_each(|v| *v /= sum);
    }
    Ok(Tensor::from_vec(values, (rows.len(), rows.len()), &Device::Cpu)?)
}

pub fn unit(rows: &Tensor) -> anyhow::Result<Tensor> {
    Ok(rows.broadcast_div(&(rows.sqr()?.sum_keepdim(D::Minus1)? + 1e-12)?.sqrt()?)?)
}

pub fn drop_out(input: &Tensor, share: f32, random: Option<&mut Random>) -> anyhow::Result<Tensor> {
    let Some(random) = random else { return Ok(input.clone()) };
    let mask = Tensor::from_vec(random.mask(input.elem_count(), share), input.shape(), &Device::Cpu)?;
    Ok((input * mask.to_dtype(DType::F32)?)?)
}
