//! WORDS of a unigram vocabulary → `tokenizer.json` as the `tokenizers` crate reads it (XLM-RoBERTa's pipeline).
//!
//! Text → normalizer table, runs of spaces to one → a space in front, every space to "▁" → unigram pieces → `<s> … </s>`.

use super::charsmap;
use super::e5::Words;
use anyhow::Context;
use base64::Engine;
use std::io::Write;

/// Writes the file. It is written by hand so that the same words always give the same bytes.
///
/// # Errors
/// A special token that is missing, a failing `out`.
pub fn write(words: &Words<'_>, out: &mut dyn Write) -> anyhow::Result<()> {
    let piece = |id: usize| -> anyhow::Result<String> {
        let (text, _) = words.pieces.get(id).with_context(|| format!("there is no token {id}"))?;
        Ok(serde_json::to_string(text)?)
    };
    let mask = words.pieces.len().checked_sub(1).context("there are no words")?;
    let (begin, end) = (piece(words.begin)?, piece(words.end)?);
    let added = [words.begin, words.pad, words.end, words.unknown, mask]
        .into_iter()
        .map(|id| {
            let strip = id == mask;
            Ok(format!(
                r#"{{"id":{id},"content":{},"single_word":false,"lstrip":{strip},"rstrip":false,"normalized":false,"special":true}}"#,
                piece(id)?
            ))
        })
        .collect::<anyhow::Result<Vec<_>>>()?
        .join(",");
    let charsmap = base64::engine::general_purpose::STANDARD.encode(charsmap::build(&charsmap::entries(&words.normal)));
    let metaspace = r#"{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}"#;
    let special = |token: &str| format!(r#"{{"SpecialToken":{{"id":{token},"type_id":0}}}}"#);
    let (open, close) = (special(&begin), special(&end));
    let sequence = |id: &str| format!(r#"{{"Sequence":{{"id":"{id}","type_id":0}}}}"#);
    let (a, b) = (sequence("A"), sequence("B"));
    write!(
        out,
        concat!(
            r#"{{"version":"1.0","truncation":null,"padding":null,"added_tokens":[{}],"#,
            "\n",
            r#""normalizer":{{"type":"Sequence","normalizers":[{{"type":"Precompiled","precompiled_charsmap":"{}"}},"#,
            r#"{{"type":"Replace","pattern":{{"Regex":" {{2,}}"}},"content":" "}}]}},"#,
            "\n",
            r#""pre_tokenizer":{},"decoder":{},"#,
            "\n",
            r#""post_processor":{{"type":"TemplateProcessing","single":[{},{},{}],"pair":[{},{},{},{},{},{}],"#,
            r#""special_tokens":{{{}:{{"id":{},"ids":[{}],"tokens":[{}]}},{}:{{"id":{},"ids":[{}],"tokens":[{}]}}}}}},"#,
            "\n",
            r#""model":{{"type":"Unigram","unk_id":{},"byte_fallback":false,"vocab":["#,
        ),
        added,
        charsmap,
        metaspace,
        metaspace,
        open,
        a,
        close,
        open,
        a,
        close,
        close,
        b,
        close,
        begin,
        begin,
        words.begin,
        begin,
        end,
        end,
        words.end,
        end,
        words.unknown,
    )?;
    for (id, (text, score)) in words.pieces.iter().enumerate() {
        let comma = if id == 0 { "" } else { "," };
        write!(out, "{comma}\n[{},{:?}]", serde_json::to_string(text)?, f64::from(*score))?;
    }
    writeln!(out, "]}}}}")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_json_with_words_in_order() {
        let words = Words {
            begin: 0,
            pad: 1,
            end: 2,
            unknown: 3,
            pieces: vec![("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁\"好", -1.5), ("<mask>", 0.0)],
            normal: [('Ａ', "A".to_owned())].into(),
        };
        let mut out = Vec::new();
        write(&words, &mut out).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["model"]["vocab"][4], serde_json::json!(["▁\"好", -1.5]));
        assert_eq!(json["added_tokens"][4]["content"], "<mask>");
        assert_eq!(json["post_processor"]["pair"][3]["SpecialToken"]["id"], "</s>");
        assert_eq!(json["normalizer"]["normalizers"][1]["pattern"]["Regex"], " {2,}");
    }
}
