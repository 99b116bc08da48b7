//! Names of states and countries, as the shop writes them.

use crate::errand::hear::lexicon::LEXICON;
use crate::errand::hear::words::Words;

/// "Texas" and "tx" → "TX".
pub fn state_code(text: &str) -> Option<String> {
    let states = &LEXICON.states;
    states.iter().find(|(code, name)| code.eq_ignore_ascii_case(text) || name.eq_ignore_ascii_case(text)).map(|(code, _)| code.clone())
}

pub fn country_name(text: &str) -> Option<String> {
    let words = Words::of(text);
    country_at(&words, 0).filter(|(end, _)| *end == words.len()).map(|(_, name)| name)
}

pub fn country_at(words: &Words, at: usize) -> Option<(usize, String)> {
    let found = LEXICON.countries.iter().filter_map(|(name, book)| book.at(words, at).map(|(end, ())| (end, name)));
    found.max_by_key(|(end, _)| *end).map(|(end, name)| (end, name.clone()))
}

/// A state by its name, or by its code where the code cannot be another word: in capitals, or before a zip.
pub fn state_at(words: &Words, at: usize) -> Option<(usize, String)> {
    let by_name = LEXICON.states.iter().find_map(|(code, name)| {
        let parts = name.split(' ').count();
        let said = words.slice(&(at..at + parts));
        said.eq_ignore_ascii_case(name).then(|| (at + parts, code.clone()))
    });
    let token = words.tokens.get(at)?;
    let text = &words.text[token.start..token.end];
    let next_is_zip = words.word(at + 1).len() == 5 && words.word(at + 1).chars().all(|c| c.is_ascii_digit());
    let alone = words.word(at.wrapping_sub(1)) == "," && at + 1 >= words.len();
    let by_code = || {
        let likely = text.len() == 2 && (next_is_zip || alone || text.chars().all(|c| c.is_ascii_uppercase()));
        likely.then(|| state_code(text)).flatten().map(|code| (at + 1, code))
    };
    by_name.or_else(by_code)
}
