//! Bytes of a feed file in, raw records with their line number out. Streaming; a line is at most 4 MiB.

use anyhow::{Context, bail};
use flate2::read::MultiGzDecoder;
use serde_json::{Map, Value};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A record as the feed has it: field name → value.
pub type Record = Map<String, Value>;

/// One item of a feed: where it stood, and the record or what is wrong with the line.
pub type Line = (u64, Result<Record, String>);

const LONGEST_LINE: u64 = 4 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    Auto,
    Jsonl,
    Csv,
    Tsv,
    Xml,
    Acp,
    Openai,
    Shopify,
}

/// Opens a feed, unpacking `.gz`, and calls `each` for every record until it says stop. `seen` counts bytes of the file.
///
/// # Errors
/// When the file cannot be opened or read, or its format is not one that is read yet.
pub fn read_feed(path: &Path, format: Format, seen: &Arc<AtomicU64>, each: &mut dyn FnMut(Line) -> bool) -> anyhow::Result<()> {
    let file = File::open(path).with_context(|| format!("open the feed {}", path.display()))?;
    let counted = Counted { inner: file, seen: seen.clone() };
    let name = path.to_string_lossy().to_ascii_lowercase();
    let (source, name): (Box<dyn Read>, &str) = match name.strip_suffix(".gz") {
        Some(inner) => (Box::new(MultiGzDecoder::new(counted)), inner),
        None => (Box::new(counted), &name),
    };
    let source = BufReader::with_capacity(1 << 16, source);
    match detect(format, name)? {
        Format::Jsonl => read_jsonl(source, each),
        Format::Csv => read_table(source, b',', each),
        Format::Tsv => read_table(source, b'\t', each),
        other => bail!("the format {other:?} is not read yet; jsonl, csv and tsv are"),
    }
    .with_context(|| format!("read the feed {}", path.display()))
}

fn detect(format: Format, name: &str) -> anyhow::Result<Format> {
    Ok(match format {
        Format::Auto if name.ends_with(".jsonl") || name.ends_with(".ndjson") || name.ends_with(".json") => Format::Jsonl,
        Format::Auto if name.ends_with(".csv") => Format::Csv,
        Format::Auto if name.ends_with(".tsv") || name.ends_with(".txt") => Format::Tsv,
        Format::Auto => bail!("cannot tell the format of {name} by its name; give --format jsonl, csv or tsv"),
        given => given,
    })
}

fn read_jsonl(mut source: impl BufRead, each: &mut dyn FnMut(Line) -> bool) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        let n = source.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut bytes)?;
        if n == 0 {
            break;
        }
        let mut too_long = false;
        while n as u64 == LONGEST_LINE && bytes.last() != Some(&b'\n') {
            too_long = true;
            bytes.clear();
            if source.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut bytes)? < LONGEST_LINE as usize {
                break;
            }
        }
        let text = if line == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes) } else { &bytes };
        if text.iter().all(u8::is_ascii_whitespace) && !too_long {
            continue;
        }
        let record = match too_long {
            true => Err("the line is longer than 4 MiB".to_owned()),
            false => serde_json::from_slice::<Record>(text).map_err(|e| json_error(&e)),
        };
        if !each((line, record)) {
            break;
        }
    }
    Ok(())
}

fn json_error(error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Data => "the line is not a JSON object".to_owned(),
        serde_json::error::Category::Eof => "the JSON ends too early".to_owned(),
        _ => format!("not JSON at column {}", error.column()),
    }
}

fn read_table(source: impl Read, delimiter: u8, each: &mut dyn FnMut(Line) -> bool) -> anyhow::Result<()> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).terminator(csv::Terminator::Any(b'\n')).from_reader(source);
    let header: Vec<String> = reader
        .byte_headers()
        .context("read the header line")?
        .iter()
        .map(|h| String::from_utf8_lossy(h).trim_start_matches('\u{feff}').trim().to_ascii_lowercase().replace([' ', '-'], "_"))
        .collect();
    if !header.iter().any(|h| h == "id") {
        bail!("the header line has no column \"id\"");
    }
    let mut row = csv::ByteRecord::new();
    loop {
        let read = reader.read_byte_record(&mut row);
        let line = row.position().map_or(0, csv::Position::line);
        let item = match read {
            Ok(false) => break,
            Ok(true) if row.len() == 1 && without_return(&row[0]).is_empty() => continue,
            Err(error) if error.is_io_error() => return Err(error.into()),
            Err(error) => Err(error.to_string()),
            Ok(true) if row.len() != header.len() => Err(format!("{} columns where the header has {}", row.len(), header.len())),
            Ok(true) => header
                .iter()
                .zip(row.iter().map(without_return))
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| match std::str::from_utf8(value) {
                    Ok(text) => Ok((name.clone(), Value::String(text.to_owned()))),
                    Err(_) => Err(format!("the column {name} is not UTF-8")),
                })
                .collect(),
        };
        if !each((line, item)) {
            break;
        }
    }
    Ok(())
}

/// Lines end at the line feed, so that they are counted as an editor does; a carriage return before it is no part of the value.
fn without_return(value: &[u8]) -> &[u8] {
    value.strip_suffix(b"\r").unwrap_or(value)
}

struct Counted<R> {
    inner: R,
    seen: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.seen.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(bytes: &[u8], format: Format) -> Vec<Line> {
        let mut out = Vec::new();
        let mut each = |line| {
            out.push(line);
            true
        };
        let done = match format {
            Format::Jsonl => read_jsonl(bytes, &mut each),
            _ => read_table(bytes, b',', &mut each),
        };
        drop(done);
        out
    }

    #[test]
    fn broken_lines_are_named_and_the_rest_is_read() {
        let got = lines(b"{\"id\":\"a\"}\n{oops\n\n[1]\n{\"id\":\"b\"}", Format::Jsonl);
        let shown: Vec<_> = got.iter().map(|(n, r)| (*n, r.as_ref().map(|m| m["id"].clone()).map_err(String::as_str))).collect();
        assert_eq!(
            shown,
            [(1, Ok("a".into())), (2, Err("not JSON at column 2")), (4, Err("the line is not a JSON object")), (5, Ok("b".into()))]
        );
    }

    #[test]
    fn tables_keep_quoted_newlines_and_name_short_rows() {
        let got = lines(b"ID,Title\n1,\"two\nlines\"\n2\n3,c\n", Format::Csv);
        assert_eq!(got[0].1.as_ref().expect("row")["title"], "two\nlines");
        assert_eq!(got[1], (4, Err("1 columns where the header has 2".to_owned())));
        assert_eq!(got[2].0, 5);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            lines(&bytes, Format::Jsonl);
            let mut table = b"id,title\n".to_vec();
            table.extend(&bytes);
            lines(&table, Format::Csv);
        }
    }
}
