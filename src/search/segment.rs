//! Text in, terms out. Pure.
//!
//! `index_terms` is for the catalogue's index, the same for products and queries: Chinese characters and pairs of them in simplified
//! script, English words without their plural (Harman 1991), part numbers joined ("dv7-1211" → dv7, 1211, dv71211). Words of a dictionary and full stemming
//! were measured and rank product titles worse (docs/retrieval.md). `segment` is for prose, where they are right: jieba's words and
//! Snowball stems.

use crate::script::simplified;
use jieba_rs::Jieba;
use rust_stemmers::{Algorithm, Stemmer};
use std::borrow::Cow;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);
static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

/// Terms of a text in order; a term may repeat.
pub fn segment(text: &str) -> Vec<String> {
    terms(text, |word| ENGLISH.stem(word), words)
}

/// The index terms of a text in order; a term may repeat.
pub fn index_terms(text: &str) -> Vec<String> {
    terms(text, singular, |run, terms| {
        let chars: Vec<char> = run.chars().collect();
        terms.extend(chars.iter().map(char::to_string));
        terms.extend(pairs(&chars));
    })
}

fn terms(text: &str, word: impl Fn(&str) -> Cow<'_, str>, cjk: impl Fn(&str, &mut Vec<String>)) -> Vec<String> {
    let text: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let text = simplified(&text);
    let mut terms = Vec::new();
    for (kind, run) in runs(&text) {
        match kind {
            Kind::Other => {}
            Kind::Word => terms.push(word(run).into_owned()),
            Kind::Cjk => cjk(run, &mut terms),
        }
    }
    join_part_numbers(&text, &mut terms);
    terms
}

/// The plural goes, nothing else: Harman's S-stemmer ("How effective is suffixing?", 1991), and "es" whole after a hiss.
pub fn singular(word: &str) -> Cow<'_, str> {
    let ends = |end: &str, but: &[&str]| word.ends_with(end) && !but.iter().any(|b| word.ends_with(b));
    if word.len() < 4 || !word.is_ascii() {
        Cow::Borrowed(word)
    } else if ends("ies", &["eies", "aies"]) {
        Cow::Owned(format!("{}y", &word[..word.len() - 3]))
    } else if ["xes", "ches", "shes", "sses", "zzes"].iter().any(|hiss| word.ends_with(hiss)) {
        Cow::Borrowed(&word[..word.len() - 2])
    } else if ends("es", &["aes", "ees", "oes"]) || ends("s", &["us", "ss", "es"]) {
        Cow::Borrowed(&word[..word.len() - 1])
    } else {
        Cow::Borrowed(word)
    }
}

/// True for words that say nothing about a product.
pub fn is_stopword(term: &str) -> bool {
    const STOP: &[&str] = &[
        "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "i", "in", "is", "it", "my", "me", "of", "on", "or", "that", "the",
        "to", "with", "you", "的", "了", "是", "我", "和", "有", "个", "在", "吗", "呢",
    ];
    STOP.contains(&term)
}

/// Whether a Chinese dictionary has this word.
pub fn is_word(text: &str) -> bool {
    JIEBA.has_word(text)
}

/// A text cut into the dictionary's words and whatever stands between them.
pub fn dictionary_words(text: &str) -> impl Iterator<Item = &str> {
    JIEBA.cut(text, false).into_iter().map(|token| token.word)
}

/// Han, kana or Hangul: text written without spaces.
pub fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{3040}'..='\u{30ff}' | '\u{ac00}'..='\u{d7af}')
}

/// True when a good part of a text is written in Chinese characters, whatever field it stands in.
pub fn is_chinese(text: &str) -> bool {
    let (han, letters) = text.chars().fold((0, 0), |(h, l), c| (h + usize::from(is_cjk(c)), l + usize::from(c.is_alphabetic())));
    han * 5 > letters && han > 0
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

/// Stretches of one kind of character.
fn runs(text: &str) -> impl Iterator<Item = (Kind, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let kind = Kind::of(rest.chars().next()?);
        let end = rest.find(|c| Kind::of(c) != kind).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some((kind, run))
    })
}

/// Neighbouring characters.
fn pairs(chars: &[char]) -> impl Iterator<Item = String> {
    chars.windows(2).map(|pair| pair.iter().collect())
}

fn words(run: &str, terms: &mut Vec<String>) {
    let chars: Vec<char> = run.chars().collect();
    if chars.len() == 1 {
        terms.push(run.to_owned());
        return;
    }
    terms.extend(pairs(&chars));
    let words = JIEBA.cut_for_search(run, true);
    terms.extend(words.iter().map(|w| w.word).filter(|w| w.chars().count() != 2).map(str::to_owned));
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

    #[test]
    fn index_terms_keep_all_but_the_plural() {
        for (text, expected) in [
            ("Hiking Boots", vec!["hiking", "boot"]),
            ("batteries boxes glasses bus", vec!["battery", "box", "glass", "bus"]),
            ("登山鞋", vec!["登", "山", "鞋", "登山", "山鞋"]),
            ("HP dv7-1211ea", vec!["hp", "dv7", "1211ea", "dv71211ea"]),
        ] {
            assert_eq!(index_terms(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(text in "\\PC{0,80}") {
            segment(&text);
            index_terms(&text);
        }
    }
}
