//! Every word of a sentence must be the product's own, the shop's way of talking, or a number that was bound already. Pure.
//!
//! What nobody has written down cannot be checked, so it is not said: a list of forbidden words always misses one, a list of allowed
//! ones never does. English is read by words without their endings; Chinese by the longest run that the record or the list holds.

use super::Objection;
use crate::catalog::Lang;
use crate::search::segment::is_cjk;
use crate::turn::understand::lexicon;
use serde::Deserialize;
use std::collections::HashSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Characters of a record that a Chinese run may be as long as.
const LONGEST_RUN: usize = 16;

static ALLOWED: LazyLock<Allowed> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct En {
        words: String,
    }
    #[derive(Deserialize)]
    struct Zh {
        phrases: String,
        chars: String,
    }
    #[derive(Deserialize)]
    struct File {
        en: En,
        zh: Zh,
    }
    let file: File = lexicon::parse(include_str!("../../../assets/lexicon/advice.toml"));
    Allowed {
        words: file.en.words.split_whitespace().map(stem).collect(),
        phrases: file.zh.phrases.split_whitespace().map(str::to_owned).collect(),
        chars: file.zh.chars.chars().collect(),
    }
});

struct Allowed {
    words: HashSet<String>,
    phrases: HashSet<String>,
    chars: HashSet<char>,
}

/// `known` is the product's record in lower case.
pub fn vocabulary(text: &str, lang: Lang, known: &str) -> Result<(), Objection> {
    let text: String = text.nfkc().flat_map(char::to_lowercase).collect();
    if let Some(odd) = text.chars().find(|c| is_odd(*c, lang)) {
        return Err(Objection::Unknown(odd.escape_unicode().to_string()));
    }
    match lang {
        Lang::En => english(&text, known),
        Lang::Zh => chinese(&text, known),
    }
}

/// Letters of other scripts, and characters that do not show, which only disguise.
fn is_odd(c: char, lang: Lang) -> bool {
    let plain = c.is_ascii() || is_cjk(c) && lang == Lang::Zh || !c.is_alphanumeric() && !c.is_control() && !is_invisible(c);
    let accented = ('\u{c0}'..='\u{17f}').contains(&c);
    !plain && !accented
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

fn english(text: &str, known: &str) -> Result<(), Objection> {
    let record: HashSet<String> = tokens(known).map(stem).collect();
    for word in tokens(text) {
        let number = word.chars().any(|c| c.is_ascii_digit());
        let stemmed = stem(word);
        if number || ALLOWED.words.contains(&stemmed) || record.contains(&stemmed) || is_number_word(word) || other_name(word, known) {
            continue;
        }
        return Err(Objection::Unknown(word.to_owned()));
    }
    Ok(())
}

fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’')).map(|w| w.trim_matches(['\'', '’'])).filter(|w| !w.is_empty())
}

/// Another name of the same kind of product: a jacket may be called a coat where the shop's lexicon says so.
fn other_name(word: &str, known: &str) -> bool {
    let names = lexicon::expansions(word);
    names.iter().filter(|e| e.kind).flat_map(|e| &e.alternatives).any(|a| a.is_ascii() && known.contains(&a.to_lowercase()))
}

/// A word without its commonest endings.
fn stem(word: &str) -> String {
    let word = word.to_lowercase().replace('’', "'");
    let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("n't")).unwrap_or(&word);
    let cut = ["ing", "ied", "ies", "ed", "es", "s", "ly"].iter().find_map(|end| word.strip_suffix(end).filter(|left| left.len() >= 3));
    let cut = cut.unwrap_or(word).trim_end_matches(['e', 'y', 'i']);
    let doubled = cut.len() > 3 && cut.as_bytes()[cut.len() - 1] == cut.as_bytes()[cut.len() - 2];
    if doubled { cut[..cut.len() - 1].to_owned() } else { cut.to_owned() }
}

/// Bound, or refused, as a number.
fn is_number_word(word: &str) -> bool {
    !super::mentions::mentions(&format!("{word} litres")).is_empty()
}

fn chinese(text: &str, known: &str) -> Result<(), Objection> {
    let chars: Vec<char> = text.chars().collect();
    // "棉、氨纶": a word of one character where it stands alone.
    let alone: HashSet<&str> = known.split(|c: char| !is_cjk(c)).filter(|run| run.chars().count() == 1).collect();
    let mut at = 0;
    while at < chars.len() {
        if !is_cjk(chars[at]) {
            at += 1;
            continue;
        }
        let end = at + chars[at..].iter().take(LONGEST_RUN).take_while(|c| is_cjk(**c)).count();
        let run = (at + 2..=end).rev().find(|to| {
            let run: String = chars[at..*to].iter().collect();
            known.contains(&run) || ALLOWED.phrases.contains(&run)
        });
        at = match run {
            Some(to) => to,
            None if ALLOWED.chars.contains(&chars[at]) || is_numeral(&chars, at) || alone.contains(&*chars[at].to_string()) => at + 1,
            None => return Err(Objection::Unknown(chars[at..(at + 2).min(end)].iter().collect())),
        };
    }
    Ok(())
}

/// Part of a number, or the unit right behind one: bound, or refused, as a number.
fn is_numeral(chars: &[char], at: usize) -> bool {
    const NUMERALS: &str = "零一二两三四五六七八九十百千万点";
    const UNITS: &str = "元块升克米斤公分厘毫寸瓦时小天周月年度人码号分钟个件只条双";
    let before = chars[..at].iter().rev().take(3).any(|c| c.is_ascii_digit() || NUMERALS.contains(*c));
    NUMERALS.contains(chars[at]) || (before && UNITS.contains(chars[at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_records_own_words_and_the_shops_way_of_talking_pass() {
        let known = "tern packable rain jacket\na light shell for sudden showers.\npacks into its own pocket\nnylon\n女款冲锋衣\n防风防雨，可收进口袋\n";
        for (text, lang, right) in [
            ("The light shell packs into its own pocket, so it suits you.", Lang::En, true),
            ("A good choice for sudden showers; would you like another colour?", Lang::En, true),
            ("It is sturdy.", Lang::En, false),
            ("Ideal for alpine climbing.", Lang::En, false),
            ("It is water\u{200b}proof.", Lang::En, false),
            ("It has a nylоn shell.", Lang::En, false),
            ("这款冲锋衣防风防雨，很适合您。", Lang::Zh, true),
            ("它可收进口袋，您平时使用吗？", Lang::Zh, true),
            ("这款冲锋衣透气。", Lang::Zh, false),
            ("它能治疗感冒。", Lang::Zh, false),
        ] {
            assert_eq!(vocabulary(text, lang, known).is_ok(), right, "{text}: {:?}", vocabulary(text, lang, known));
        }
    }
}
