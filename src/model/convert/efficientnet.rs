//! EfficientNet-lite as PyTorch saved it before 2020 (five pickles, then raw storages) → safetensors with every batch norm folded
//! into its convolution.
//!
//! Legacy `torch.save`: magic number, protocol version, machine description, the state dict, the list of storage keys, and for each
//! key a u64 count and that many little-endian f32. Only tensors of f32 and the batch norms' i64 counters are understood.

use super::cursor::{Cursor, floats};
use super::safetensors::{Entry, Kind, header};
use anyhow::{Context, bail, ensure};
use candle_core::pickle::{Object, Stack};
use half::f16;
use std::collections::BTreeMap;
use std::io::{Cursor as Reader, Write};

/// Epsilon of the batch norms these weights were trained with.
const EPS: f64 = 1e-3;
const PICKLES_BEFORE: usize = 3;

/// The tensors of a state dict by name, row-major.
struct State(BTreeMap<String, Tensor>);

struct Tensor {
    shape: Vec<usize>,
    values: Vec<f32>,
}

/// A convolution with its batch norm folded in.
struct Layer {
    name: String,
    shape: Vec<usize>,
    weight: Vec<f32>,
    bias: Vec<f32>,
}

/// Reads the `.pth` file and writes `stem`, `b0.exp`, `b0.dw`, `b0.proj`, …, `head`, weights in f16, biases in f32.
///
/// # Errors
/// When the file ends early, holds something else than such a network, or `out` refuses a write.
pub fn write_safetensors(bytes: &[u8], out: &mut dyn Write) -> anyhow::Result<()> {
    let state = read(bytes).context("read the PyTorch file")?;
    let layers = state.layers()?;
    let mut entries = Vec::new();
    let mut data: Vec<u8> = Vec::new();
    for layer in &layers {
        entries.push(Entry { name: format!("{}.weight", layer.name), shape: layer.shape.clone(), kind: Kind::F16 });
        data.extend(layer.weight.iter().flat_map(|v| f16::from_f32(*v).to_le_bytes()));
        entries.push(Entry { name: format!("{}.bias", layer.name), shape: vec![layer.bias.len()], kind: Kind::F32 });
        data.extend(layer.bias.iter().flat_map(|v| v.to_le_bytes()));
    }
    out.write_all(&header(&entries))?;
    out.write_all(&data)?;
    Ok(())
}

fn read(bytes: &[u8]) -> anyhow::Result<State> {
    let mut reader = Reader::new(bytes);
    for _ in 0..PICKLES_BEFORE {
        skip_pickle(&mut reader)?;
    }
    let dict = pickle(&mut reader)?;
    let keys = strings(pickle(&mut reader)?)?;
    let entries = match dict {
        Object::Dict(entries) => entries,
        // An OrderedDict that is filled after it was made.
        Object::Build { callable, .. } => match *callable {
            Object::Dict(entries) => entries,
            other => bail!("a state dict was expected, not {}", kind(&other)),
        },
        other => bail!("a state dict was expected, not {}", kind(&other)),
    };
    let mut views = Vec::new();
    let mut widths = BTreeMap::new();
    for (name, value) in entries {
        // Beside the tensors a state dict carries a note of versions.
        let (Object::Unicode(name), Object::Reduce { .. }) = (name, &value) else { continue };
        let view = View::of(value).with_context(|| format!("tensor {name}"))?;
        widths.insert(view.storage.clone(), view.width);
        views.push((name, view));
    }
    let mut cursor = Cursor::new(&bytes[usize::try_from(reader.position())?..]);
    let mut storages = BTreeMap::new();
    for key in keys {
        let width = *widths.get(&key).context("a storage belongs to no tensor")?;
        let count = cursor.long_count()?;
        let raw = cursor.take(count.checked_mul(width).context("a storage is too large")?)?;
        storages.insert(key, if width == 4 { floats(raw) } else { Vec::new() });
    }
    ensure!(cursor.is_at_end(), "bytes are left over after the last storage");
    let mut state = BTreeMap::new();
    for (name, view) in views.into_iter().filter(|(_, v)| v.width == 4) {
        let storage = &storages[&view.storage];
        let values = view.gather(storage).with_context(|| format!("tensor {name} ends early"))?;
        state.insert(name, Tensor { shape: view.shape, values });
    }
    Ok(State(state))
}

/// What a pickled tensor says of itself.
struct View {
    storage: String,
    /// Bytes an element.
    width: usize,
    offset: usize,
    shape: Vec<usize>,
    /// Elements between neighbours along each side: weights that came from TensorFlow lie in its order.
    strides: Vec<usize>,
}

impl View {
    fn of(value: Object) -> anyhow::Result<Self> {
        let (_, args) = value.reduce().map_err(|o| anyhow::anyhow!("not a tensor but {}", kind(&o)))?;
        let mut args = args.tuple().ok().context("not a tensor")?.into_iter();
        let storage = args.next().and_then(|o| o.persistent_load().ok()).and_then(|o| o.tuple().ok()).context("no storage")?;
        let offset = args.next().and_then(|o| o.int_or_long().ok()).context("no offset")?;
        let shape = sizes(args.next().context("no shape")?)?;
        let strides = sizes(args.next().context("no strides")?)?;
        ensure!(strides.len() == shape.len(), "shape and strides differ");
        let [_, Object::Class { class_name, .. }, Object::Unicode(key), ..] = storage.as_slice() else { bail!("an unknown storage") };
        let width = match class_name.as_str() {
            "FloatStorage" => 4,
            "LongStorage" => 8,
            other => bail!("elements are {other}; floats were expected"),
        };
        Ok(Self { storage: key.clone(), width, offset: usize::try_from(offset)?, shape, strides })
    }
}

impl View {
    /// Its elements row by row; `None` when the storage does not hold them.
    fn gather(&self, storage: &[f32]) -> Option<Vec<f32>> {
        let mut at = vec![self.offset];
        for (size, stride) in self.shape.iter().zip(&self.strides) {
            if at.len().checked_mul(*size)? > storage.len() {
                return None;
            }
            at = at.iter().flat_map(|from| (0..*size).map(move |n| from + n * stride)).collect();
        }
        at.into_iter().map(|n| storage.get(n).copied()).collect()
    }
}

impl State {
    fn get(&self, name: &str) -> anyhow::Result<&Tensor> {
        self.0.get(name).with_context(|| format!("the network has no {name}"))
    }

    fn layers(&self) -> anyhow::Result<Vec<Layer>> {
        let mut layers = vec![self.fold("stem", "_conv_stem", "_bn0")?];
        for n in 0.. {
            let block = |part: &str| format!("_blocks.{n}.{part}");
            if !self.0.contains_key(&block("_project_conv.weight")) {
                ensure!(n > 0, "the network has no blocks");
                break;
            }
            if self.0.contains_key(&block("_expand_conv.weight")) {
                layers.push(self.fold(&format!("b{n}.exp"), &block("_expand_conv"), &block("_bn0"))?);
            }
            layers.push(self.fold(&format!("b{n}.dw"), &block("_depthwise_conv"), &block("_bn1"))?);
            layers.push(self.fold(&format!("b{n}.proj"), &block("_project_conv"), &block("_bn2"))?);
        }
        layers.push(self.fold("head", "_conv_head", "_bn1")?);
        Ok(layers)
    }

    /// y = γ (w·x − μ) / √(σ² + ε) + β as one convolution (Ioffe & Szegedy 2015, section 3.1).
    fn fold(&self, name: &str, conv: &str, norm: &str) -> anyhow::Result<Layer> {
        let weight = self.get(&format!("{conv}.weight"))?;
        let of = |part: &str| self.get(&format!("{norm}.{part}")).map(|t| &t.values);
        let (gamma, beta, mean, variance) = (of("weight")?, of("bias")?, of("running_mean")?, of("running_var")?);
        let outputs = *weight.shape.first().context("a convolution has no shape")?;
        ensure!([gamma, beta, mean, variance].iter().all(|v| v.len() == outputs), "{norm} does not fit {conv}");
        let scale: Vec<f64> = gamma.iter().zip(variance).map(|(g, v)| f64::from(*g) / (f64::from(*v) + EPS).sqrt()).collect();
        let each = weight.values.len() / outputs;
        let folded = weight.values.chunks_exact(each).zip(&scale).flat_map(|(w, s)| w.iter().map(move |w| (f64::from(*w) * s) as f32));
        let bias = (0..outputs).map(|n| (f64::from(beta[n]) - f64::from(mean[n]) * scale[n]) as f32);
        Ok(Layer { name: name.to_owned(), shape: weight.shape.clone(), weight: folded.collect(), bias: bias.collect() })
    }
}

fn pickle(reader: &mut Reader<&[u8]>) -> anyhow::Result<Object> {
    let mut stack = Stack::empty();
    stack.read_loop(reader).context("read a pickle")?;
    stack.finalize().context("read a pickle")
}

/// The magic number and the version are numbers of no interest, one of them longer than 64 bits.
fn skip_pickle(reader: &mut Reader<&[u8]>) -> anyhow::Result<()> {
    const MAGIC: &[u8] = &[0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, b'.'];
    let at = usize::try_from(reader.position())?;
    if at == 0 {
        ensure!(reader.get_ref().starts_with(MAGIC), "this is not a file of torch.save");
        reader.set_position(MAGIC.len() as u64);
        return Ok(());
    }
    pickle(reader).map(drop)
}

fn sizes(value: Object) -> anyhow::Result<Vec<usize>> {
    let values = value.tuple().ok().context("sizes are not a tuple")?;
    values.into_iter().map(|v| Ok(usize::try_from(v.int_or_long().ok().context("a size is no number")?)?)).collect()
}

fn strings(value: Object) -> anyhow::Result<Vec<String>> {
    let Object::List(values) = value else { bail!("the storage keys are not a list") };
    values.into_iter().map(|v| v.unicode().ok().context("a storage key is no text")).collect()
}

fn kind(value: &Object) -> &'static str {
    match value {
        Object::Dict(_) => "a dict",
        Object::Tuple(_) | Object::List(_) => "a list",
        Object::Reduce { .. } | Object::Build { .. } => "an object",
        _ => "a plain value",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_such_file_is_refused() {
        for bytes in [&b""[..], b"PK\x03\x04", &[0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, b'.', 1, 2]]
        {
            assert!(write_safetensors(bytes, &mut Vec::new()).is_err());
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_break_it(rest in proptest::collection::vec(0_u8..255, 0..60)) {
            let magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, b'.'];
            assert!(write_safetensors(&[&magic[..], &rest].concat(), &mut Vec::new()).is_err());
        }
    }
}
