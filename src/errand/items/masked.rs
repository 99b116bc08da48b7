//! In: a text. Out: the same with what is no word of goods covered: addresses of mail, numbers of orders, keys of payment methods; and the
//! ids of things and variants said in it.

use super::named::Table;
use std::ops::Range;

pub struct Masked {
    /// As long as the text, byte by byte.
    pub text: String,
    pub ids: Vec<(Range<usize>, String)>,
}

pub fn mask(text: &str, table: &Table) -> Masked {
    let mut bytes = text.as_bytes().to_vec();
    let mut ids: Vec<(Range<usize>, String)> = Vec::new();
    let run = |c: char| c.is_ascii_alphanumeric() || "@#_.-:/%+".contains(c);
    let mut at = 0;
    for part in text.split_inclusive(|c| !run(c)) {
        let word = part.trim_end_matches(|c| !run(c));
        let trimmed = word.trim_end_matches(['.', '-', ':', '/']);
        let range = at..at + trimmed.len();
        at += part.len();
        let bare = trimmed.trim_start_matches('#');
        if bare.len() >= 4
            && let Some(id) = ids_of(table).find(|id| id.eq_ignore_ascii_case(bare))
        {
            ids.push((range, id.to_owned()));
            continue;
        }
        let order = trimmed.strip_prefix('#').is_some_and(|n| n.len() > 2);
        let number = trimmed.len() >= 7 && trimmed.chars().all(|c| c.is_ascii_digit() || c == '-' || c == '+');
        if order || number || trimmed.contains(['@', '_']) || trimmed.contains("://") {
            bytes[range.clone()].fill(b' ');
            bytes[range.start] = b'~';
        }
    }
    for byte in bytes.iter_mut().filter(|b| **b == b'\n') {
        *byte = b';';
    }
    Masked { text: String::from_utf8(bytes).expect("only ASCII was covered, by ASCII"), ids }
}

fn ids_of<'t>(table: &'t Table) -> impl Iterator<Item = &'t str> {
    let variants = table.kins.iter().flat_map(|k| k.variants.iter().map(|v| v.id.as_str()));
    table.things.iter().map(|t| t.item.id.as_str()).chain(variants)
}
