//! Phrases of the lexicon in, each with a value; where they stand in a message out. A phrase is made of words, `(a|b c)` one of these,
//! `[a|b]` one of these or nothing, `*` up to four words of the same clause, `#` a number.

use super::words::{Kind, Words};
use std::collections::HashMap;
use std::ops::Range;

#[derive(Debug)]
pub struct Book<T> {
    phrases: Vec<(Vec<Elem>, T)>,
    /// First word → phrases that can begin with it.
    first: HashMap<String, Vec<usize>>,
}

#[derive(Debug)]
enum Elem {
    Word(String),
    Number,
    Gap,
    Any { of: Vec<Vec<Elem>>, or_none: bool },
}

/// Words a `*` may pass over.
const GAP: usize = 4;
/// A phrase that begins with a number is looked up under this.
const NUMBER: &str = "#";

impl<T: Copy> Book<T> {
    pub fn of<S: AsRef<str>>(phrases: impl IntoIterator<Item = (S, T)>) -> Self {
        let mut book = Self { phrases: Vec::new(), first: HashMap::new() };
        for (phrase, value) in phrases {
            let chars: Vec<char> = phrase.as_ref().chars().collect();
            let elems = sequence(&chars, &mut 0);
            let mut firsts = Vec::new();
            begin(&elems, &mut firsts);
            for word in firsts {
                let at = book.first.entry(word).or_default();
                if at.last() != Some(&book.phrases.len()) {
                    at.push(book.phrases.len());
                }
            }
            book.phrases.push((elems, value));
        }
        book
    }

    /// The longest phrase that begins at a word: where it ends, and its value.
    pub fn at(&self, words: &Words, at: usize) -> Option<(usize, T)> {
        self.candidates(words, at).filter_map(|p| ends(&p.0, words, at).into_iter().max().map(|end| (end, p.1))).max_by_key(|(end, _)| *end)
    }

    /// Phrases left to right, the longest first, none overlapping.
    pub fn all(&self, words: &Words, within: Range<usize>) -> Vec<(Range<usize>, T)> {
        let (mut found, mut at) = (Vec::new(), within.start);
        while at < within.end {
            match self.at(words, at).filter(|(end, _)| *end <= within.end) {
                Some((end, value)) => {
                    found.push((at..end, value));
                    at = end;
                }
                None => at += 1,
            }
        }
        found
    }

    pub fn has(&self, words: &Words, within: Range<usize>) -> bool {
        within.clone().any(|at| self.candidates(words, at).any(|p| ends(&p.0, words, at).iter().any(|end| *end <= within.end)))
    }

    /// A phrase that ends right before a word, and where it begins.
    pub fn ending(&self, words: &Words, before: usize) -> Option<usize> {
        (before.saturating_sub(7)..before).find(|start| self.candidates(words, *start).any(|p| ends(&p.0, words, *start).contains(&before)))
    }

    fn candidates<'b>(&'b self, words: &'b Words, at: usize) -> impl Iterator<Item = &'b (Vec<Elem>, T)> {
        let key = if words.kind(at) == Some(Kind::Number) { NUMBER } else { words.word(at) };
        let own = self.first.get(words.word(at)).filter(|_| key == NUMBER);
        self.first.get(key).into_iter().chain(own).flatten().map(|i| &self.phrases[*i])
    }
}

fn ends(elems: &[Elem], words: &Words, at: usize) -> Vec<usize> {
    let mut here = vec![at];
    for elem in elems {
        let mut next = Vec::new();
        for at in here {
            match elem {
                Elem::Word(word) if words.word(at) == word => next.push(at + 1),
                Elem::Number if words.kind(at) == Some(Kind::Number) => next.push(at + 1),
                Elem::Word(_) | Elem::Number => {}
                Elem::Gap => {
                    let stop = (at..words.len()).find(|i| matches!(words.word(*i), "," | "、" | "(" | ")" | ":") || words.ends(*i));
                    next.extend(at..=stop.unwrap_or(words.len()).min(at + GAP));
                }
                Elem::Any { of, or_none } => {
                    next.extend(of.iter().flat_map(|alternative| ends(alternative, words, at)));
                    if *or_none {
                        next.push(at);
                    }
                }
            }
        }
        next.sort_unstable();
        next.dedup();
        here = next;
        if here.is_empty() {
            break;
        }
    }
    here
}

/// Elements up to the end, a `|` or a closing bracket, which is left for the caller.
fn sequence(chars: &[char], at: &mut usize) -> Vec<Elem> {
    let mut elems = Vec::new();
    let mut literal = String::new();
    while let Some(c) = chars.get(*at).copied() {
        if !matches!(c, '(' | ')' | '[' | ']' | '|' | '*' | '#') {
            literal.push(c);
            *at += 1;
            continue;
        }
        take(&mut literal, &mut elems);
        match c {
            '*' => elems.push(Elem::Gap),
            '#' => elems.push(Elem::Number),
            '(' | '[' => {
                let mut of = Vec::new();
                while matches!(chars.get(*at), Some('(' | '[' | '|')) && (of.is_empty() || chars[*at] == '|') {
                    *at += 1;
                    of.push(sequence(chars, at));
                }
                elems.push(Elem::Any { of, or_none: c == '[' });
            }
            _ => return elems,
        }
        *at += 1;
    }
    take(&mut literal, &mut elems);
    elems
}

fn take(literal: &mut String, elems: &mut Vec<Elem>) {
    let words = Words::of(literal);
    elems.extend(words.tokens.into_iter().map(|t| Elem::Word(t.word)));
    literal.clear();
}

/// The words a phrase can begin with; whether it can also be empty.
fn begin(elems: &[Elem], into: &mut Vec<String>) -> bool {
    for elem in elems {
        match elem {
            Elem::Word(word) => into.push(word.clone()),
            Elem::Number => into.push(NUMBER.to_owned()),
            Elem::Gap => continue,
            Elem::Any { of, or_none } => {
                let mut empty = *or_none;
                for alternative in of {
                    empty |= begin(alternative, into);
                }
                if empty {
                    continue;
                }
            }
        }
        return false;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found() {
        let book =
            Book::of([("cancel", 1), ("send * back", 2), ("(my|the) [last|most recent] order", 3), ("把*改成", 4), ("# days ago", 5)]);
        for (text, want) in [
            ("Cancel it", vec![(0..1, 1)]),
            ("send the big kettle back, please", vec![(0..5, 2)]),
            ("send it, then back", vec![]),
            ("my most recent order and the order", vec![(0..4, 3), (5..7, 3)]),
            ("把水壶改成黑色", vec![(0..5, 4)]),
            ("3 days ago", vec![(0..3, 5)]),
        ] {
            let words = Words::of(text);
            assert_eq!(book.all(&words, 0..words.len()), want, "{text}");
        }
    }
}
