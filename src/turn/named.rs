//! Titles and a message in; the products the message calls by name out ("the Squall", "K9 Pro", 小跳). Pure.
//!
//! A name is a run of words that stand in a title in this order, with one among them that is no word of the trade: no kind, feature,
//! colour, measure or number. Where two titles share a run, the longer run decides ("Hush Pro" is not "Hush Mini").

use super::understand::lexicon;
use crate::search::segment::{is_stopword, is_word};
use std::ops::Range;

/// The places in `titles` (all languages of a product joined by `|`) that the message names, in the message's order.
pub fn named(message: &str, titles: &[String]) -> Vec<usize> {
    let words = words(message);
    let proper: Vec<bool> = proper(message, &words);
    let mut runs: Vec<(usize, Range<usize>)> = Vec::new();
    for (place, title) in titles.iter().enumerate() {
        let title: Vec<String> = self::words(title).into_iter().map(|w| w.text).collect();
        let mut at = 0;
        while at < words.len() {
            let length = longest(&words[at..], &title);
            let run = at..at + length;
            if names(&words[run.clone()], &proper[run.clone()]) {
                runs.push((place, run));
            }
            at += length.max(1);
        }
    }
    let within =
        |inner: &Range<usize>, outer: &Range<usize>| outer.start <= inner.start && inner.end <= outer.end && outer.len() > inner.len();
    let mut kept: Vec<(usize, usize)> =
        runs.iter().filter(|(_, run)| !runs.iter().any(|(_, other)| within(run, other))).map(|(place, run)| (run.start, *place)).collect();
    kept.sort_unstable();
    let mut places: Vec<usize> = Vec::new();
    for (_, place) in kept {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

/// What in a message may be a name of a product nobody has spoken of: Latin words that are none of the trade, with the numbers and
/// words right behind them ("Barista 58", "K9 Pro").
pub fn proper_names(message: &str) -> Vec<String> {
    let words = words(message);
    let proper = proper(message, &words);
    let mut names: Vec<String> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        // Lower-case words are found by the search; here they would make a name of "induction".
        let said = &message[words[at].span.clone()];
        let named = said.chars().any(|c| c.is_ascii_digit()) || (said.starts_with(char::is_uppercase) && !begins(message, &words[at]));
        if !proper[at] || words[at].han || !named {
            at += 1;
            continue;
        }
        let follows = |n: usize| {
            let word = &words[n];
            let near = message[words[n - 1].span.end..word.span.start].trim().is_empty();
            near && !word.han
                && (proper[n]
                    || word.text.chars().any(|c| c.is_ascii_digit())
                    || matches!(word.text.as_str(), "pro" | "plus" | "mini" | "max"))
        };
        let mut end = at + 1;
        while end < words.len() && follows(end) {
            end += 1;
        }
        names.push(message[words[at].span.start..words[end - 1].span.end].to_owned());
        at = end;
    }
    names
}

/// A word of Latin letters and digits in lower case, or one Chinese character.
struct Word {
    text: String,
    span: Range<usize>,
    han: bool,
}

fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for (at, c) in text.char_indices() {
        let span = at..at + c.len_utf8();
        let lower: String = c.to_lowercase().collect();
        if !c.is_alphanumeric() {
            continue;
        }
        let han = !c.is_ascii() && c.is_alphabetic() && ('\u{2e80}'..='\u{9fff}').contains(&c);
        match words.last_mut() {
            Some(last) if !han && !last.han && last.span.end == at => {
                last.text.push_str(&lower);
                last.span.end = span.end;
            }
            _ => words.push(Word { text: lower, span, han }),
        }
    }
    words
}

/// For each word, whether it may be part of a name that is nothing else.
fn proper(message: &str, words: &[Word]) -> Vec<bool> {
    let trade: Vec<(usize, usize)> = lexicon::trade_words(message);
    words
        .iter()
        .map(|word| {
            let said = &message[word.span.clone()];
            let capital = said.chars().next().is_some_and(char::is_uppercase) && said.chars().skip(1).any(char::is_lowercase);
            let of_trade = trade.iter().any(|(start, end)| *start < word.span.end && word.span.start < *end);
            // "The Pocket": a capital within a sentence makes a name of a common word.
            let mixed = said.chars().any(|c| c.is_ascii_digit()) && said.chars().any(|c| c.is_ascii_alphabetic());
            let model = mixed && said.starts_with(|c: char| c.is_ascii_alphabetic());
            let as_name = capital && !begins(message, word);
            if of_trade && !model && !as_name {
                return false;
            }
            word.han
                || (said.len() > 1
                    && !is_stopword(&word.text)
                    && !COMMON.contains(&word.text.as_str())
                    && word.text.parse::<f64>().is_err())
        })
        .collect()
}

/// Whether a sentence begins with this word, so that its capital says nothing.
fn begins(message: &str, word: &Word) -> bool {
    message[..word.span.start].trim_end().chars().next_back().is_none_or(|c| ".?!。？！".contains(c))
}

/// Words that stand in titles and in talk alike.
const COMMON: &[&str] = &[
    "one",
    "ones",
    "two",
    "three",
    "set",
    "pack",
    "pro",
    "plus",
    "mini",
    "max",
    "new",
    "old",
    "big",
    "small",
    "good",
    "best",
    "first",
    "last",
    "second",
    "this",
    "these",
    "those",
    "them",
    "it",
    "its",
    "more",
    "less",
    "other",
    "what",
    "which",
    "how",
    "does",
    "do",
    "did",
    "have",
    "has",
    "can",
    "will",
    "would",
    "should",
    "are",
    "was",
    "not",
    "no",
    "yes",
    "so",
    "too",
    "very",
    "just",
    "only",
    "now",
    "then",
    "than",
    "but",
    "if",
    "or",
    "we",
    "they",
    "he",
    "she",
    "his",
    "her",
    "our",
    "your",
    "their",
    "about",
    "all",
    "any",
    "some",
    "day",
    "time",
    "size",
    "price",
    "colour",
    "color",
    "show",
    "something",
    "anything",
    "get",
    "got",
    "go",
    "need",
    "want",
    "like",
    "look",
    "looking",
    "buy",
    "take",
    "give",
    "use",
    "make",
    "made",
    "tell",
];

/// How many words from the first on stand in the title one after the other.
fn longest(words: &[Word], title: &[String]) -> usize {
    (0..title.len()).map(|from| words.iter().zip(&title[from..]).take_while(|(w, t)| w.text == **t).count()).max().unwrap_or(0)
}

/// A run that tells a product from others: a proper Latin word, or two Chinese characters that are no trade word.
fn names(run: &[Word], proper: &[bool]) -> bool {
    let latin = run.iter().zip(proper).any(|(w, p)| *p && !w.han);
    let characters: String = run.iter().zip(proper).filter(|(w, p)| **p && w.han).map(|(w, _)| w.text.as_str()).collect();
    let whole = run.iter().zip(proper).all(|(w, p)| *p || !w.han);
    // 收纳 stands in titles and in talk; 小跳 is in no dictionary.
    let length = characters.chars().count();
    latin || (whole && (length > 2 || (length == 2 && !is_word(&characters))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_named_by_a_word_of_its_title_that_is_nothing_else() {
        let titles = [
            "Ridgeline Squall Packable Rain Jacket | Ridgeline 骤雨可收纳雨衣",
            "Drizzle Dept. Pocket Rain Jacket | Drizzle Dept. 口袋雨衣",
            "Quietfold Hush Pro Noise-Cancelling Earbuds | Quietfold 静音 Pro 降噪耳机",
            "Quietfold Hush Mini Earbuds | Quietfold 静音 Mini 耳机",
            "Wayrest Hop 20-inch Cabin Suitcase | Wayrest 小跳 20 寸登机箱",
        ]
        .map(str::to_owned);
        for (message, want) in [
            ("compare it with the Squall and the Pocket", &[0, 1][..]),
            ("the squall in XL", &[0]),
            ("How much is the Hush Pro?", &[2]),
            ("hush mini or hush pro", &[3, 2]),
            ("小跳有薄荷绿吗", &[4]),
            ("a rain jacket with pockets", &[]),
            ("is it packable", &[]),
            ("雨衣可以收纳吗", &[]),
            ("under 20", &[]),
        ] {
            assert_eq!(named(message, &titles), want, "{message}");
        }
    }
}
