//! A message as typed in; its words in a plain form that know their bytes out. Full-width letters and marks become narrow ones, names
//! with digits ("w6067464", "paypal_12") stay whole, every Chinese character is a word.

use crate::script::simplified;
use std::ops::Range;

#[derive(Debug)]
pub struct Words {
    /// The message with narrow marks and plain quotes; nothing else is changed.
    pub text: String,
    /// The same in simplified characters, byte for byte.
    simple: String,
    pub tokens: Vec<Token>,
}

#[derive(Clone, Debug)]
pub struct Token {
    /// Lower case, without apostrophes, Chinese in its simplified form.
    pub word: String,
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Word,
    Number,
    Han,
    Mark,
}

/// A space between Chinese characters is a comma, as people type on a phone: 书架也退了吧 就头盔留着.
fn spaced(text: String) -> String {
    let chars: Vec<char> = text.chars().collect();
    let parts = |at: usize| chars[at] == ' ' && at > 0 && is_han(chars[at - 1]) && chars.get(at + 1).is_some_and(|c| is_han(*c));
    (0..chars.len()).map(|at| if parts(at) { ',' } else { chars[at] }).collect()
}

impl Words {
    pub fn of(text: &str) -> Self {
        let text = spaced(text.chars().filter_map(narrow).collect());
        let simple = simplified(&text).into_owned();
        let chars: Vec<(usize, char)> = text.char_indices().collect();
        let at_end = |i: usize| chars.get(i).map_or(text.len(), |c| c.0);
        let is = |i: usize, f: fn(char) -> bool| chars.get(i).is_some_and(|c| f(c.1));
        let mut tokens = Vec::new();
        let mut at = 0;
        while at < chars.len() {
            let (start, first) = chars[at];
            let kind = match first {
                '\n' => Kind::Mark,
                c if c.is_whitespace() => {
                    at += 1;
                    continue;
                }
                c if is_han(c) => Kind::Han,
                c if c.is_ascii_digit() => Kind::Number,
                c if c.is_alphabetic() => Kind::Word,
                _ => Kind::Mark,
            };
            let mut stop = at + 1;
            match kind {
                Kind::Word => {
                    let inner = |c: char| c.is_alphanumeric() && !is_han(c) || c == '_';
                    while is(stop, inner) || (is(stop, |c| c == '\'') && is(stop + 1, char::is_alphabetic)) {
                        stop += 1;
                    }
                }
                Kind::Number => {
                    let digit = |c: char| c.is_ascii_digit();
                    while is(stop, digit) || (is(stop, |c| matches!(c, '.' | ',')) && is(stop + 1, digit)) {
                        stop += 1;
                    }
                }
                Kind::Han | Kind::Mark => {}
            }
            let end = at_end(stop);
            let word = simple[start..end].chars().filter(|c| *c != '\'' || kind == Kind::Mark);
            let word = word.flat_map(char::to_lowercase).collect();
            tokens.push(Token { word, kind, start, end });
            at = stop;
        }
        Self { text, simple, tokens }
    }

    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Empty outside the message.
    pub fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| &t.word)
    }

    pub fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|t| t.kind)
    }

    /// The text of some words.
    pub fn slice(&self, range: &Range<usize>) -> &str {
        let end = range.end.min(self.len());
        if range.start >= end { "" } else { &self.text[self.tokens[range.start].start..self.tokens[end - 1].end] }
    }

    /// Whether both hold a word of four letters or more, or the same two neighbouring characters.
    pub fn shares_name(&self, other: &Self) -> bool {
        let names = |words: &Self| -> Vec<String> {
            let long = words.tokens.iter().filter(|t| t.kind == Kind::Word && t.word.len() > 3).map(|t| t.word.clone());
            let pairs = words.tokens.windows(2).filter(|pair| pair.iter().all(|t| t.kind == Kind::Han));
            long.chain(pairs.map(|pair| [pair[0].word.as_str(), &pair[1].word].concat())).collect()
        };
        let own = names(self);
        names(other).iter().any(|name| own.contains(name))
    }

    /// The text of some words in simplified characters.
    pub fn plain(&self, range: &Range<usize>) -> &str {
        let end = range.end.min(self.len());
        if range.start >= end { "" } else { &self.simple[self.tokens[range.start].start..self.tokens[end - 1].end] }
    }

    /// Whether no space stands between this word and the one before.
    pub fn glued(&self, at: usize) -> bool {
        at > 0 && self.tokens.get(at).is_some_and(|t| t.start == self.tokens[at - 1].end)
    }

    /// Whether a sentence ends with this word. A point within a number, an e-mail or after "St" ends none.
    pub fn ends(&self, at: usize) -> bool {
        match self.word(at) {
            "!" | "?" | ";" | "。" | "\n" => true,
            "." => {
                let inside = self.glued(at + 1) && self.kind(at + 1) != Some(Kind::Mark);
                !inside && (at == 0 || !SHORTENED.contains(&self.word(at - 1)))
            }
            _ => false,
        }
    }

    /// The words of the sentence that `at` is in.
    pub fn sentence(&self, at: usize) -> Range<usize> {
        let start = (0..at).rev().find(|i| self.ends(*i)).map_or(0, |i| i + 1);
        let end = (at..self.len()).find(|i| self.ends(*i)).map_or(self.len(), |i| i + 1);
        start..end
    }
}

const SHORTENED: [&str; 16] = ["st", "ave", "dr", "rd", "blvd", "apt", "no", "mr", "mrs", "ms", "ste", "ln", "vs", "ct", "pl", "e"];

pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '〇')
}

fn narrow(c: char) -> Option<char> {
    match c {
        '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\r' => None,
        '’' | '‘' | '`' | '´' => Some('\''),
        '“' | '”' => Some('"'),
        '\u{3000}' | '\u{A0}' | '\t' => Some(' '),
        '–' | '—' | '‐' | '\u{2011}' => Some('-'),
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0),
        _ => Some(c),
    }
}
