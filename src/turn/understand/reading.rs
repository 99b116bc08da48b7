//! In: a message as typed, zh or en or both. Out: a `Reading`, the same message as tokens in a plain form
//! (full-width folded, accents and case dropped, hyphens opened, Chinese in simplified script) that still know their bytes in the original.

use crate::script::simplified;
use std::ops::Range;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A message cut into tokens. Words, numbers and marks are one token each; every Chinese character is one.
#[derive(Debug)]
pub struct Reading<'t> {
    pub text: &'t str,
    pub tokens: Vec<Token>,
    plain: String,
    lemmas: String,
}

/// One token. `start..end` are bytes of the original text.
#[derive(Debug, Clone)]
pub struct Token {
    pub start: usize,
    pub end: usize,
    pub kind: Kind,
    /// True when white space or a dropped hyphen stands before it.
    pub gap: bool,
    plain: Range<usize>,
    lemma: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Word,
    Number,
    Han,
    Mark,
}

impl<'t> Reading<'t> {
    pub fn of(text: &'t str) -> Self {
        let chars = fold(text);
        let mut reading = Reading { text, tokens: Vec::new(), plain: String::new(), lemmas: String::new() };
        let (mut at, mut gap) = (0, false);
        while at < chars.len() {
            let (first, start, _) = chars[at];
            if first.is_whitespace() || first == '_' || opens_hyphen(&chars, at) {
                (at, gap) = (at + 1, true);
                continue;
            }
            let kind = kind_of(first);
            let stop = match kind {
                Kind::Han | Kind::Mark => at + 1,
                Kind::Number => end_of_number(&chars, at),
                Kind::Word => end_of_word(&chars, at),
            };
            let plain: String = chars[at..stop].iter().map(|c| c.0).filter(|c| !(*c == '\'' && kind == Kind::Word)).collect();
            reading.push(&plain, start..chars[stop - 1].2, kind, gap);
            (at, gap) = (stop, false);
        }
        reading
    }

    fn push(&mut self, plain: &str, bytes: Range<usize>, kind: Kind, gap: bool) {
        let put = |into: &mut String, word: &str| {
            if !into.is_empty() {
                into.push(' ');
            }
            let start = into.len();
            into.push_str(word);
            start..into.len()
        };
        let plain_at = put(&mut self.plain, plain);
        let lemma = if kind == Kind::Word { lemma(plain) } else { plain.to_owned() };
        let lemma_at = put(&mut self.lemmas, &lemma);
        let token = Token { start: bytes.start, end: bytes.end, kind, gap, plain: plain_at, lemma: lemma_at };
        self.tokens.push(token);
    }

    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The plain form of one token; empty outside the message.
    pub fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| &self.plain[t.plain.clone()])
    }

    /// The plain form of the token before `at`; empty at the start.
    pub fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |i| self.word(i))
    }

    /// Tokens joined by one space each.
    pub fn phrase(&self, range: Range<usize>) -> &str {
        &self.plain[self.tokens[range.start].plain.start..self.tokens[range.end - 1].plain.end]
    }

    /// As `phrase`, with every English word in its base form (`boots` → `boot`).
    pub fn lemmas(&self, range: Range<usize>) -> &str {
        &self.lemmas[self.tokens[range.start].lemma.start..self.tokens[range.end - 1].lemma.end]
    }

    /// The original bytes a token range covers.
    pub fn bytes(&self, range: &Range<usize>) -> (usize, usize) {
        (self.tokens[range.start].start, self.tokens[range.end - 1].end)
    }

    /// The original text of a token range.
    pub fn slice(&self, range: &Range<usize>) -> &'t str {
        let (start, end) = self.bytes(range);
        &self.text[start..end]
    }

    pub fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|t| t.kind)
    }

    /// True when the token touches the one before it.
    pub fn glued(&self, at: usize) -> bool {
        at > 0 && self.tokens.get(at).is_some_and(|t| !t.gap)
    }
}

/// The base form of an English word: plurals lose their ending, nothing else changes.
pub fn lemma(word: &str) -> String {
    let n = word.len();
    if !word.is_ascii() || n < 4 || !word.ends_with('s') {
        return word.to_owned();
    }
    if n > 4 && word.ends_with("ies") {
        return format!("{}y", &word[..n - 3]);
    }
    if ["sses", "shes", "ches", "xes", "zes"].iter().any(|end| word.ends_with(end)) {
        return word[..n - 2].to_owned();
    }
    if ["ss", "us", "is"].iter().any(|end| word.ends_with(end)) {
        return word.to_owned();
    }
    word[..n - 1].to_owned()
}

pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}' | '〇')
}

/// Each plain character with the original bytes it came from.
fn fold(text: &str) -> Vec<(char, usize, usize)> {
    let mut chars: Vec<(char, usize, usize)> = Vec::with_capacity(text.len());
    let simple = simplified(text);
    for (start, original) in simple.char_indices() {
        let end = start + original.len_utf8();
        if original == '½' {
            let whole = chars.last().is_some_and(|c| c.0.is_ascii_digit());
            chars.extend(if whole { ".5" } else { "0.5" }.chars().map(|c| (c, start, end)));
            continue;
        }
        for part in std::iter::once(original).nfkd().filter(|c| !is_combining_mark(*c)) {
            let part = if matches!(part, '’' | '‘' | '`') { '\'' } else { part };
            chars.extend(part.to_lowercase().map(|c| (c, start, end)));
        }
    }
    chars
}

fn kind_of(c: char) -> Kind {
    match c {
        c if is_han(c) => Kind::Han,
        c if c.is_ascii_digit() => Kind::Number,
        c if c.is_alphabetic() => Kind::Word,
        _ => Kind::Mark,
    }
}

fn end_of_number(chars: &[(char, usize, usize)], start: usize) -> usize {
    let digit = |i: usize| chars.get(i).is_some_and(|c| c.0.is_ascii_digit());
    let mut at = start;
    while digit(at) {
        at += 1;
        let three = digit(at + 1) && digit(at + 2) && digit(at + 3) && !digit(at + 4);
        let thousands = chars.get(at).is_some_and(|c| c.0 == ',') && three && at - start <= 3;
        let decimals = chars.get(at).is_some_and(|c| c.0 == '.') && digit(at + 1);
        let more = chars.get(at).is_some_and(|c| c.0 == ',') && three && chars[start..at].iter().any(|c| c.0 == ',');
        if thousands || decimals || more {
            at += 1;
        }
    }
    at
}

fn end_of_word(chars: &[(char, usize, usize)], start: usize) -> usize {
    let letter = |i: usize| chars.get(i).is_some_and(|c| kind_of(c.0) == Kind::Word);
    let mut at = start;
    while letter(at) || (chars.get(at).is_some_and(|c| c.0 == '\'') && letter(at + 1)) {
        at += 1;
    }
    at
}

/// A hyphen between letters, or between a letter and a digit, only opens a word: `non-slip`, `3-year-old`.
fn opens_hyphen(chars: &[(char, usize, usize)], at: usize) -> bool {
    let side = |i: Option<usize>| i.and_then(|i| chars.get(i)).map(|c| kind_of(c.0));
    let (left, right) = (side(at.checked_sub(1)), side(Some(at + 1)));
    let word = |k| matches!(k, Some(Kind::Word | Kind::Number));
    matches!(chars[at].0, '-' | '‐' | '\u{2011}') && word(left) && word(right) && (left == Some(Kind::Word) || right == Some(Kind::Word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts() {
        let cases = [
            ("Non-slip boots", "non|slip|boots"),
            ("防滑登山鞋", "防|滑|登|山|鞋"),
            ("ＸＬ ５００元", "xl|500|元"),
            ("$1,200.50!", "$|1,200.50|!"),
            ("men's", "mens"),
            ("20-30", "20|-|30"),
            ("3-year-old", "3|year|old"),
            ("café", "cafe"),
            ("100x45cm", "100|x|45|cm"),
            ("1,200,000", "1,200,000"),
            ("10,20", "10|,|20"),
        ];
        for (text, want) in cases {
            let reading = Reading::of(text);
            let got: Vec<_> = (0..reading.len()).map(|i| reading.word(i).to_owned()).collect();
            assert_eq!(got.join("|"), want, "{text}");
        }
    }

    #[test]
    fn base_forms() {
        for (word, want) in [
            ("boots", "boot"),
            ("dresses", "dress"),
            ("batteries", "battery"),
            ("glass", "glass"),
            ("bus", "bus"),
            ("watches", "watch"),
            ("kids", "kid"),
        ] {
            assert_eq!(lemma(word), want);
        }
    }
}
