//! CTranslate2 Whisper variables + `tokenizer.json` → the ggml file whisper.cpp loads (f16 matrices, f32 vectors).
//!
//! Layout, little-endian i32 unless said otherwise: magic, 11 sizes · mel filters (rows, columns, f32) · number of
//! words, each (length, bytes) · tensors to the end, each (rank, name length, type, shape reversed, name, data).

use super::{ct2, mel};
use anyhow::{Context, bail, ensure};
use half::f16;
use serde::Deserialize;
use std::collections::HashMap;
use std::io::Write;

const MAGIC: i32 = 0x6767_6d6c;
const F32: i32 = 0;
const F16: i32 = 1;
/// Matrices whisper.cpp wants in f32.
const STAYS_F32: [&str; 4] = ["encoder.conv1.bias", "encoder.conv2.bias", "encoder.positional_embedding", "decoder.positional_embedding"];

/// Writes the whole file.
///
/// # Errors
/// A model that is not Whisper or is quantized, a vocabulary that does not fit it, a failing `out`.
pub fn write_whisper(model: &ct2::Model<'_>, words: &[u8], out: &mut dyn Write) -> anyhow::Result<()> {
    ensure!(model.spec == "WhisperSpec", "the model is a {}, not Whisper", model.spec);
    let size = |name: &str, axis: usize| -> anyhow::Result<i32> {
        let shape = &model.get(name)?.shape;
        let size = shape.get(axis).with_context(|| format!("{name} has no axis {axis}"))?;
        i32::try_from(*size).context("a size is too large")
    };
    let vocabulary = size("decoder/embeddings/weight", 0)?;
    let width = size("decoder/embeddings/weight", 1)?;
    let bands = size("encoder/conv1/weight", 1)?;
    let sizes = [
        MAGIC,
        vocabulary,
        size("encoder/position_encodings/encodings", 0)?,
        width,
        model.get("encoder/num_heads")?.integer()?,
        model.layers("encoder") as i32,
        size("decoder/position_encodings/encodings", 0)?,
        width,
        model.get("decoder/num_heads")?.integer()?,
        model.layers("decoder") as i32,
        bands,
        F16,
    ];
    integers(out, &sizes)?;
    integers(out, &[bands, mel::BINS as i32])?;
    out.write_all(&f32_bytes(&mel::filters(bands as usize)))?;

    let words = word_bytes(words, vocabulary)?;
    integers(out, &[words.len() as i32])?;
    for word in &words {
        integers(out, &[word.len() as i32])?;
        out.write_all(word)?;
    }
    Tensors { model, out }.write()
}

/// Writes tensors under Whisper's own names.
struct Tensors<'a> {
    model: &'a ct2::Model<'a>,
    out: &'a mut dyn Write,
}

impl Tensors<'_> {
    fn write(&mut self) -> anyhow::Result<()> {
        self.copy("encoder.positional_embedding", "encoder/position_encodings/encodings")?;
        for name in ["conv1", "conv2"] {
            self.copy(&format!("encoder.{name}.weight"), &format!("encoder/{name}/weight"))?;
            let bias = self.model.get(&format!("encoder/{name}/bias"))?.floats()?;
            self.tensor(&format!("encoder.{name}.bias"), &[bias.len(), 1], &bias)?;
        }
        self.layers("encoder")?;
        self.norm("encoder.ln_post", "encoder/layer_norm")?;
        self.copy("decoder.positional_embedding", "decoder/position_encodings/encodings")?;
        self.copy("decoder.token_embedding.weight", "decoder/embeddings/weight")?;
        self.layers("decoder")?;
        self.norm("decoder.ln", "decoder/layer_norm")
    }

    fn layers(&mut self, side: &str) -> anyhow::Result<()> {
        for layer in 0..self.model.layers(side) {
            let (to, from) = (format!("{side}.blocks.{layer}"), format!("{side}/layer_{layer}"));
            let attention = format!("{from}/self_attention");
            self.norm(&format!("{to}.attn_ln"), &format!("{attention}/layer_norm"))?;
            self.split(&format!("{to}.attn"), &format!("{attention}/linear_0"), &["query", "key", "value"])?;
            self.linear(&format!("{to}.attn.out"), &format!("{attention}/linear_1"))?;
            if side == "decoder" {
                let attention = format!("{from}/attention");
                self.norm(&format!("{to}.cross_attn_ln"), &format!("{attention}/layer_norm"))?;
                self.linear(&format!("{to}.cross_attn.query"), &format!("{attention}/linear_0"))?;
                self.split(&format!("{to}.cross_attn"), &format!("{attention}/linear_1"), &["key", "value"])?;
                self.linear(&format!("{to}.cross_attn.out"), &format!("{attention}/linear_2"))?;
            }
            self.norm(&format!("{to}.mlp_ln"), &format!("{from}/ffn/layer_norm"))?;
            self.linear(&format!("{to}.mlp.0"), &format!("{from}/ffn/linear_0"))?;
            self.linear(&format!("{to}.mlp.2"), &format!("{from}/ffn/linear_1"))?;
        }
        Ok(())
    }

    fn norm(&mut self, to: &str, from: &str) -> anyhow::Result<()> {
        self.copy(&format!("{to}.weight"), &format!("{from}/gamma"))?;
        self.copy(&format!("{to}.bias"), &format!("{from}/beta"))
    }

    fn linear(&mut self, to: &str, from: &str) -> anyhow::Result<()> {
        self.copy(&format!("{to}.weight"), &format!("{from}/weight"))?;
        self.copy(&format!("{to}.bias"), &format!("{from}/bias"))
    }

    /// Takes apart the projections CTranslate2 stacks into one. Whisper's key projection has no bias, so its part must be zero.
    fn split(&mut self, to: &str, from: &str, names: &[&str]) -> anyhow::Result<()> {
        let weight = self.model.get(&format!("{from}/weight"))?;
        let &[rows, columns] = weight.shape.as_slice() else { bail!("{from} is not a matrix") };
        let (weight, bias) = (weight.floats()?, self.model.get(&format!("{from}/bias"))?.floats()?);
        let rows = rows / names.len();
        ensure!(bias.len() == rows * names.len(), "{from}: {} biases", bias.len());
        for ((name, weight), bias) in names.iter().zip(weight.chunks(rows * columns)).zip(bias.chunks(rows)) {
            self.tensor(&format!("{to}.{name}.weight"), &[rows, columns], weight)?;
            if *name == "key" {
                ensure!(bias.iter().all(|b| *b == 0.0), "{from}: the key bias is not zero");
            } else {
                self.tensor(&format!("{to}.{name}.bias"), &[rows], bias)?;
            }
        }
        Ok(())
    }

    fn copy(&mut self, to: &str, from: &str) -> anyhow::Result<()> {
        let variable = self.model.get(from)?;
        self.tensor(to, &variable.shape, &variable.floats()?)
    }

    fn tensor(&mut self, name: &str, shape: &[usize], values: &[f32]) -> anyhow::Result<()> {
        let as_f32 = shape.len() < 2 || STAYS_F32.contains(&name);
        let kind = if as_f32 { F32 } else { F16 };
        integers(self.out, &[shape.len() as i32, name.len() as i32, kind])?;
        for size in shape.iter().rev() {
            integers(self.out, &[*size as i32])?;
        }
        self.out.write_all(name.as_bytes())?;
        let data = if as_f32 { f32_bytes(values) } else { f16_bytes(values) };
        Ok(self.out.write_all(&data)?)
    }
}

/// The bytes of every text token in order of its id: 50,257 in a multilingual vocabulary, one fewer in an English one.
/// Special tokens come after them and are not written; whisper.cpp makes them up itself.
fn word_bytes(tokenizer: &[u8], vocabulary: i32) -> anyhow::Result<Vec<Vec<u8>>> {
    #[derive(Deserialize)]
    struct Tokenizer {
        model: Vocabulary,
    }
    #[derive(Deserialize)]
    struct Vocabulary {
        vocab: HashMap<String, usize>,
    }
    let tokenizer: Tokenizer = serde_json::from_slice(tokenizer).context("read tokenizer.json")?;
    let count = if vocabulary >= 51_865 { 50_257 } else { 50_256 };
    let byte = byte_of_char();
    let mut words = vec![Vec::new(); count];
    for (word, id) in tokenizer.model.vocab {
        if let Some(slot) = words.get_mut(id) {
            *slot = word
                .chars()
                .map(|c| byte.get(&c).copied().with_context(|| format!("token {id} holds {c:?}")))
                .collect::<anyhow::Result<_>>()?;
        }
    }
    Ok(words)
}

/// GPT-2's byte-level alphabet: printable Latin-1 stands for itself, every other byte for a letter from U+0100 on.
fn byte_of_char() -> HashMap<char, u8> {
    let mut next = 0x100u32;
    (0u8..=255)
        .map(|byte| match byte {
            33..=126 | 161..=172 | 174..=255 => (char::from(byte), byte),
            _ => {
                next += 1;
                (char::from_u32(next - 1).expect("U+0100 to U+0143 are letters"), byte)
            }
        })
        .collect()
}

fn integers(out: &mut dyn Write, values: &[i32]) -> anyhow::Result<()> {
    values.iter().try_for_each(|v| out.write_all(&v.to_le_bytes())).context("write")
}

fn f32_bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

/// Rounds to nearest, ties to even.
fn f16_bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| f16::from_f32(*v).to_le_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_byte_alphabet_is_a_bijection() {
        let map = byte_of_char();
        assert_eq!(map.len(), 256);
        assert_eq!(map[&'A'], b'A');
        assert_eq!(map[&'Ġ'], b' ');
        assert_eq!(map[&'Ċ'], b'\n');
    }

    #[test]
    fn words_are_bytes_in_order_of_id() {
        let words = word_bytes("{\"model\":{\"vocab\":{\"Ġ\":1,\"ä½ł\":0,\"<|x|>\":50257}}}".as_bytes(), 51_865).unwrap();
        assert_eq!(words.len(), 50_257);
        assert_eq!(words[0], "你".as_bytes());
        assert_eq!(words[1], b" ");
        assert!(words[2].is_empty());
    }

    #[test]
    fn vectors_stay_f32_and_matrices_become_f16() {
        let empty = [6u32.to_le_bytes().as_slice(), &[0; 10]].concat();
        let model = ct2::read(&empty).unwrap();
        let mut out = Vec::new();
        let mut tensors = Tensors { model: &model, out: &mut out };
        tensors.tensor("a", &[2], &[1.0, 2.0]).unwrap();
        tensors.tensor("b", &[1, 2], &[1.0, 2.0]).unwrap();
        let vector = [&[1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, b'a'][..], &f32_bytes(&[1.0, 2.0])].concat();
        let matrix = [2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, b'b', 0, 0x3c, 0, 0x40];
        assert_eq!(out, [vector, matrix.to_vec()].concat());
    }
}
