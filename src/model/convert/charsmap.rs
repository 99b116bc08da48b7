//! CHARACTER → REPLACEMENT pairs → SentencePiece's `precompiled_charsmap`: a double-array trie over UTF-8 and the texts.
//!
//! Layout: u32 bytes of the trie · trie (u32 units) · replacements, each closed by NUL. Unit format of darts-clone
//! (S. Yata): bits 0–7 label, bit 8 "a key ends here", bits 10–30 offset to the children (shifted by 8 when bit 9 is
//! set), children at `(position ^ offset) ^ label`; the child of label 0 holds bit 31 and the place of the replacement.

use std::collections::{BTreeMap, HashMap, HashSet};
use unicode_normalization::UnicodeNormalization;

/// Keys and replacements as UTF-8.
pub type Entries = BTreeMap<Vec<u8>, Vec<u8>>;

/// The longest key a reader ever looks up that is not a single character (the tokenizers crate tries whole
/// grapheme clusters below six bytes, then characters).
const LONGEST_CLUSTER: usize = 5;

/// The table of single characters, and every letter with its mark written apart ("e" U+0301) to the letter in one.
pub fn entries(normal: &BTreeMap<char, String>) -> Entries {
    let mut out = Entries::new();
    for composed in '\u{a0}'..='\u{2fa1d}' {
        let apart: Vec<char> = composed.to_string().nfd().collect();
        let [rest @ .., mark] = apart.as_slice() else {
            continue;
        };
        if rest.is_empty() {
            continue;
        }
        let replacement = normal.get(&composed).cloned().unwrap_or_else(|| composed.to_string());
        let mut half_composed: String = rest.iter().collect::<String>().nfc().collect();
        half_composed.push(*mark);
        for key in [apart.iter().collect(), half_composed] {
            if key.len() <= LONGEST_CLUSTER && key.nfc().eq([composed]) {
                out.insert(key.into_bytes(), replacement.clone().into_bytes());
            }
        }
    }
    out.extend(normal.iter().map(|(from, to)| (from.to_string().into_bytes(), to.clone().into_bytes())));
    // A reader takes NUL for the end of its input.
    out.retain(|key, _| !key.contains(&0));
    out
}

/// Builds the blob.
pub fn build(entries: &Entries) -> Vec<u8> {
    let mut texts = Vec::new();
    let mut places: HashMap<&[u8], u32> = HashMap::new();
    let mut keys = Vec::with_capacity(entries.len());
    for (key, text) in entries {
        let place = *places.entry(text).or_insert_with(|| {
            let place = texts.len() as u32;
            texts.extend_from_slice(text);
            texts.push(0);
            place
        });
        keys.push((key.as_slice(), place));
    }
    let mut trie = Trie::default();
    trie.grow();
    trie.taken[0] = true;
    if !keys.is_empty() {
        trie.place(0, &keys, 0);
    }
    let mut out = ((trie.units.len() * 4) as u32).to_le_bytes().to_vec();
    out.extend(trie.units.iter().flat_map(|unit| unit.to_le_bytes()));
    out.extend(texts);
    out
}

#[derive(Default)]
struct Trie {
    units: Vec<u32>,
    taken: Vec<bool>,
    /// Two nodes with one base would share their children.
    bases: HashSet<usize>,
    first_free: usize,
}

impl Trie {
    /// Gives the node its children: `keys` are sorted and share their first `depth` bytes.
    fn place(&mut self, node: usize, keys: &[(&[u8], u32)], depth: usize) {
        let label = |key: &[u8]| key.get(depth).copied().unwrap_or(0);
        let groups: Vec<_> = keys.chunk_by(|a, b| label(a.0) == label(b.0)).collect();
        let labels: Vec<usize> = groups.iter().map(|group| usize::from(label(group[0].0))).collect();
        let base = self.free_base(&labels);
        let offset = node ^ base;
        assert!(offset < 1 << 21, "a table of single characters needs far fewer than two million units");
        self.units[node] |= (offset as u32) << 10;
        self.bases.insert(base);
        for label in &labels {
            self.taken[base ^ label] = true;
        }
        for (group, label) in groups.into_iter().zip(labels) {
            if label == 0 {
                self.units[node] |= 1 << 8;
                self.units[base] = group[0].1 | 1 << 31;
            } else {
                self.units[base ^ label] = label as u32;
                self.place(base ^ label, group, depth + 1);
            }
        }
    }

    /// A base under which the units of all labels are free.
    fn free_base(&mut self, labels: &[usize]) -> usize {
        while self.taken.get(self.first_free) == Some(&true) {
            self.first_free += 1;
        }
        let mut unit = self.first_free;
        loop {
            if unit == self.units.len() {
                self.grow();
            }
            let base = unit ^ labels[0];
            if !self.bases.contains(&base) && labels.iter().all(|label| !self.taken[base ^ label]) {
                return base;
            }
            unit += 1;
        }
    }

    /// Units come in blocks of 256, so that no byte leads outside.
    fn grow(&mut self) {
        self.units.resize(self.units.len() + 256, 0);
        self.taken.resize(self.units.len(), false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shortest key that starts `text`, looked up the way SentencePiece does.
    fn look_up<'a>(blob: &'a [u8], text: &str) -> Option<&'a str> {
        let trie_bytes = u32::from_le_bytes(blob[..4].try_into().unwrap()) as usize;
        let unit = |at: usize| u32::from_le_bytes(blob[4 + at * 4..8 + at * 4].try_into().unwrap());
        let offset = |unit: u32| (unit >> 10 << ((unit & 1 << 9) >> 6)) as usize;
        let mut at = offset(unit(0));
        for byte in text.bytes() {
            at ^= usize::from(byte);
            if unit(at) & (1 << 31 | 0xff) != u32::from(byte) {
                return None;
            }
            let here = unit(at);
            at ^= offset(here);
            if here >> 8 & 1 == 1 {
                let texts = &blob[4 + trie_bytes..];
                let start = (unit(at) & !(1 << 31)) as usize;
                let length = texts[start..].iter().position(|b| *b == 0).unwrap();
                return Some(std::str::from_utf8(&texts[start..start + length]).unwrap());
            }
        }
        None
    }

    #[test]
    fn every_key_is_found_again_and_nothing_else() {
        let normal: BTreeMap<char, String> = ('\u{1}'..='\u{2fff}')
            .step_by(3)
            .map(|c| (c, if (c as u32).is_multiple_of(5) { String::new() } else { format!("<{}>", c as u32 % 97) }))
            .collect();
        let blob = build(&entries(&normal));
        for c in '\u{1}'..='\u{4fff}' {
            assert_eq!(look_up(&blob, &c.to_string()), normal.get(&c).map(String::as_str), "{:#x}", c as u32);
        }
    }

    #[test]
    fn letters_and_marks_written_apart_are_joined() {
        let normal = [('Ａ', "A".to_owned()), ('ﬁ', "fi".to_owned()), ('\u{212b}', "Å".to_owned())].into();
        let blob = build(&entries(&normal));
        assert_eq!(look_up(&blob, "Ａ"), Some("A"));
        assert_eq!(look_up(&blob, "ﬁ"), Some("fi"));
        assert_eq!(look_up(&blob, "e\u{301}"), Some("é"));
        assert_eq!(look_up(&blob, "A\u{30a}"), Some("Å"));
        assert_eq!(look_up(&blob, "ê\u{301}"), Some("ế"));
        assert_eq!(look_up(&blob, "é"), None);
        assert_eq!(look_up(&blob, "好"), None);
    }

    #[test]
    fn an_empty_table_is_a_valid_blob() {
        assert_eq!(look_up(&build(&Entries::new()), "a"), None);
    }
}
