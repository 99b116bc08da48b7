//! CTranslate2's `model.bin` (binary versions 4 to 6) → named variables, borrowed from the bytes.
//!
//! Layout, little-endian: u32 version · string spec · u32 revision · u32 n · n × (string name, u8 rank, rank × u32
//! dimensions, u8 type, u32 bytes, data) · u32 n · n × (string alias, string name). A string is a u16 length with its
//! closing NUL counted.

use super::cursor::{Cursor, floats};
use anyhow::{Context, bail, ensure};
use half::{bf16, f16};
use std::collections::BTreeMap;

/// A model file, opened.
pub struct Model<'a> {
    /// Name of the specification, "WhisperSpec" for Whisper.
    pub spec: String,
    variables: BTreeMap<String, Variable<'a>>,
    aliases: BTreeMap<String, String>,
}

/// One tensor, row-major.
pub struct Variable<'a> {
    pub shape: Vec<usize>,
    kind: Kind,
    data: &'a [u8],
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    F32,
    I8,
    I16,
    I32,
    F16,
    Bf16,
}

/// Opens a model file.
///
/// # Errors
/// Another binary version, an unknown element type, a tensor whose size contradicts its shape, bytes missing or left over.
pub fn read(bytes: &[u8]) -> anyhow::Result<Model<'_>> {
    let mut cursor = Cursor::new(bytes);
    let version = cursor.u32()?;
    ensure!((4..=6).contains(&version), "binary version {version} is not one of 4 to 6");
    let spec = string(&mut cursor)?;
    let _revision = cursor.u32()?;
    let mut variables = BTreeMap::new();
    for _ in 0..cursor.u32()? {
        let name = string(&mut cursor)?;
        let variable = variable(&mut cursor).with_context(|| format!("variable {name}"))?;
        variables.insert(name, variable);
    }
    let mut aliases = BTreeMap::new();
    if !cursor.is_at_end() {
        for _ in 0..cursor.u32()? {
            let alias = string(&mut cursor)?;
            aliases.insert(alias, string(&mut cursor)?);
        }
    }
    ensure!(cursor.is_at_end(), "bytes are left over after the last variable");
    Ok(Model { spec, variables, aliases })
}

impl<'a> Model<'a> {
    /// The variable called `name`, aliases followed.
    ///
    /// # Errors
    /// When the model has none.
    pub fn get(&self, name: &str) -> anyhow::Result<&Variable<'a>> {
        let name = self.aliases.get(name).map_or(name, String::as_str);
        self.variables.get(name).with_context(|| format!("the model has no {name}"))
    }

    /// How many layers `encoder` or `decoder` has.
    pub fn layers(&self, side: &str) -> usize {
        let prefix = format!("{side}/layer_");
        self.variables
            .keys()
            .filter_map(|name| name.strip_prefix(&prefix)?.split('/').next()?.parse::<usize>().ok())
            .max()
            .map_or(0, |last| last + 1)
    }
}

impl Variable<'_> {
    /// All values as f32.
    ///
    /// # Errors
    /// Integer tensors: a quantized model is not handled.
    pub fn floats(&self) -> anyhow::Result<Vec<f32>> {
        let pairs = self.data.chunks_exact(2).map(|b| [b[0], b[1]]);
        Ok(match self.kind {
            Kind::F32 => floats(self.data),
            Kind::F16 => pairs.map(|b| f16::from_le_bytes(b).to_f32()).collect(),
            Kind::Bf16 => pairs.map(|b| bf16::from_le_bytes(b).to_f32()).collect(),
            Kind::I8 | Kind::I16 | Kind::I32 => bail!("quantized weights are not handled"),
        })
    }

    /// The value of a tensor of one whole number.
    ///
    /// # Errors
    /// When it holds something else.
    pub fn integer(&self) -> anyhow::Result<i32> {
        match (self.kind, self.data) {
            (Kind::I8, &[a]) => Ok(i32::from(a as i8)),
            (Kind::I16, &[a, b]) => Ok(i32::from(i16::from_le_bytes([a, b]))),
            (Kind::I32, &[a, b, c, d]) => Ok(i32::from_le_bytes([a, b, c, d])),
            _ => bail!("not one whole number"),
        }
    }
}

fn variable<'a>(cursor: &mut Cursor<'a>) -> anyhow::Result<Variable<'a>> {
    let rank = cursor.u8()?;
    let shape = (0..rank).map(|_| cursor.count()).collect::<Result<Vec<_>, _>>()?;
    let (kind, width) = match cursor.u8()? {
        0 => (Kind::F32, 4),
        1 => (Kind::I8, 1),
        2 => (Kind::I16, 2),
        3 => (Kind::I32, 4),
        4 => (Kind::F16, 2),
        5 => (Kind::Bf16, 2),
        other => bail!("element type {other} is unknown"),
    };
    let size = cursor.count()?;
    let wanted = shape.iter().try_fold(width, |all: usize, &d| all.checked_mul(d));
    ensure!(wanted == Some(size), "{size} bytes do not make the shape {shape:?}");
    Ok(Variable { shape, kind, data: cursor.take(size)? })
}

fn string(cursor: &mut Cursor<'_>) -> anyhow::Result<String> {
    let length = usize::from(cursor.u16()?);
    let bytes = cursor.take(length)?;
    let text = std::str::from_utf8(bytes).context("a name is not UTF-8")?;
    Ok(text.trim_end_matches('\0').to_owned())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A file of one f16 tensor [2, 2], one i8 scalar and one alias.
    fn small_file() -> Vec<u8> {
        let mut out = Vec::new();
        out.extend(6u32.to_le_bytes());
        text(&mut out, "WhisperSpec");
        out.extend(3u32.to_le_bytes());
        out.extend(2u32.to_le_bytes());
        text(&mut out, "decoder/layer_1/weight");
        out.push(2);
        out.extend([2u32, 2].iter().flat_map(|d| d.to_le_bytes()));
        out.push(4);
        out.extend(8u32.to_le_bytes());
        out.extend([1.0f32, -2.0, 0.5, 0.0].iter().flat_map(|v| f16::from_f32(*v).to_le_bytes()));
        text(&mut out, "encoder/num_heads");
        out.extend([0, 1]);
        out.extend(1u32.to_le_bytes());
        out.push(8);
        out.extend(1u32.to_le_bytes());
        text(&mut out, "shared");
        text(&mut out, "decoder/layer_1/weight");
        out
    }

    fn text(out: &mut Vec<u8>, text: &str) {
        out.extend((text.len() as u16 + 1).to_le_bytes());
        out.extend(text.as_bytes());
        out.push(0);
    }

    #[test]
    fn variables_are_read_by_name_and_alias() {
        let bytes = small_file();
        let model = read(&bytes).unwrap();
        assert_eq!(model.spec, "WhisperSpec");
        assert_eq!(model.get("shared").unwrap().shape, [2, 2]);
        assert_eq!(model.get("shared").unwrap().floats().unwrap(), [1.0, -2.0, 0.5, 0.0]);
        assert_eq!(model.get("encoder/num_heads").unwrap().integer().unwrap(), 8);
        assert_eq!(model.layers("decoder"), 2);
        assert_eq!(model.layers("encoder"), 0);
        assert!(model.get("nothing").is_err());
    }

    #[test]
    fn a_shortened_or_lengthened_file_is_refused() {
        let bytes = small_file();
        for end in 0..bytes.len() {
            // The alias table is optional, so the file may also end right before it.
            let complete = end == bytes.len() - 4 - (2 + 7) - (2 + 23);
            assert_eq!(read(&bytes[..end]).is_ok(), complete, "cut at {end} of {}", bytes.len());
        }
        let mut longer = bytes;
        longer.push(0);
        assert!(read(&longer).is_err());
    }
}
