//! A message in a plain form; the cues of `assets/lexicon/context.toml` found in it out. Pure.

use super::understand::lexicon::parse;
use crate::script::simplified;
use serde::Deserialize;
use std::sync::LazyLock;

/// Phrases that tell what a message wants here, beside what it says.
#[derive(Debug, Deserialize)]
pub struct Cues {
    pub compares: Vec<String>,
    /// Says that something is taken.
    pub buys: Vec<String>,
    /// Asks for the sum of several prices.
    pub in_all: Vec<String>,
    /// Says that there are two of them.
    pub both: Vec<String>,
    /// Asks which of several to take.
    pub advice: Vec<String>,
    pub similar: Vec<String>,
    pub wears: Vec<String>,
    pub popular: Vec<String>,
    pub service: Vec<String>,
    /// Asks what the shop sells at all.
    pub range: Vec<String>,
    /// Does not know what to look for.
    pub undecided: Vec<String>,
    /// Looks for something instead of asking about what is there.
    pub seeks: Vec<String>,
    /// Looks around in the shop, whatever else is talked of.
    pub browses: Vec<String>,
    /// What seems to seek, and asks about what is there.
    pub has_it: Vec<String>,
    /// Asks whether a thing is sold at all.
    pub sells: Vec<String>,
    /// Speaks of something bought already.
    pub bought: Vec<String>,
    /// Asks for ideas what to give.
    pub presents: Vec<String>,
    /// Opens a question in English.
    pub opens: Vec<String>,
    /// Makes a question of a Chinese sentence.
    pub asks: Vec<String>,
    /// Asks what goes with a product.
    pub accessories: Vec<String>,
    /// Begins another wish beside the one before.
    pub adds: Vec<String>,
    /// Joins what may be another wish.
    pub joins: Vec<String>,
    /// To go with a product, not about it.
    pub goes_with: Vec<String>,
    /// Asks for all there is to know.
    pub everything: Vec<String>,
    /// Asks the last question again of another product.
    pub again: Vec<String>,
    /// Nothing but this.
    pub acknowledges: Vec<String>,
}

pub static CUES: LazyLock<Cues> = LazyLock::new(|| parse(include_str!("../../assets/lexicon/context.toml")));

/// A message or a line of a page in simplified characters, as [`parted`] has it.
pub fn plain(text: &str) -> String {
    parted(&simplified(text))
}

/// Lower case, apostrophes gone, marks to spaces, a space between Chinese and what is not; one space between words and around the whole.
fn parted(text: &str) -> String {
    let mut out = String::from(" ");
    let mut before = ' ';
    for c in text.to_lowercase().chars().filter(|c| !matches!(c, '\'' | '’')) {
        let c = if c.is_alphanumeric() || matches!(c, '.' | '-' | '°' | '%') { c } else { ' ' };
        let between = before != ' ' && c != ' ' && before.is_ascii() != c.is_ascii();
        if (between || c == ' ') && !out.ends_with(' ') {
            out.push(' ');
        }
        if c != ' ' {
            out.push(c);
        }
        before = c;
    }
    let words: Vec<&str> = out.split(' ').map(|word| word.trim_end_matches('.')).filter(|word| !word.is_empty()).collect();
    format!(" {} ", words.join(" "))
}

/// Whether a plain text has a phrase of the lexicon: English as whole words, Chinese (simplified) anywhere, a mixture as [`parted`] has it.
pub fn has(text: &str, phrase: &str) -> bool {
    match (phrase.is_ascii(), phrase.chars().any(|c| c.is_ascii_alphanumeric())) {
        (true, _) => text.match_indices(phrase).any(|(at, _)| text[..at].ends_with(' ') && text[at + phrase.len()..].starts_with(' ')),
        (false, false) => text.contains(phrase),
        (false, true) => text.contains(parted(phrase).trim()),
    }
}

pub fn any(plain: &str, phrases: &[String]) -> bool {
    phrases.iter().any(|phrase| has(plain, phrase))
}

/// Whether the plain words before something refuse it: "without any", 他们不, but not 是不是 and 有没有, which ask.
pub fn refuses(before: &str) -> bool {
    const NEAR: usize = 14;
    const NO: [&str; 17] = [
        " without ",
        " no ",
        " not ",
        " non ",
        " free of ",
        " dont ",
        " doesnt ",
        " never ",
        " hate ",
        " hates ",
        " cant ",
        "不",
        "没",
        "无",
        "别有",
        "别太",
        "别要",
    ];
    let asked = ["是不是", "会不会", "能不能", "可不可以", "要不要", "有没有", "有没", "是不", "会不", "能不"]
        .iter()
        .fold(before.to_owned(), |text, ask| text.replace(ask, ""));
    let tail: String = asked.chars().skip(asked.chars().count().saturating_sub(NEAR)).collect();
    NO.iter().any(|no| format!(" {tail} ").contains(no))
}

/// Whether a message is put as a question about something, and not as a search for it ("do you have …", 有没有). A mark alone makes
/// none: "washing machine?" looks for one.
pub fn is_question(text: &str) -> bool {
    let plain = plain(text);
    let seeks = any(&plain, &CUES.seeks) && !any(&plain, &CUES.has_it);
    !seeks && is_put_as_question(text)
}

/// The same of anything that may be asked, a search too: "is there a …".
pub fn is_put_as_question(text: &str) -> bool {
    let ends = |clause: &str| clause.trim_end().ends_with(['不', '没']) && clause.chars().count() > 3;
    let opened = text.split([',', '，', '.', '。', '!', ';', '?', '？']).any(|clause| opens(clause) || ends(clause));
    opened || any(&plain(text), &CUES.asks)
}

pub fn is_marked(text: &str) -> bool {
    text.trim_end().ends_with(['?', '？', '呢'])
}

/// Whether a clause begins with a question word, after "ok but", "and", "so".
fn opens(clause: &str) -> bool {
    let plain = plain(clause);
    let mut words = plain.split_whitespace().skip_while(|word| FILLERS.contains(word));
    words.next().is_some_and(|word| CUES.opens.iter().any(|open| open == word))
}

const FILLERS: &[&str] =
    &["ok", "okay", "but", "and", "so", "well", "then", "oh", "hmm", "great", "thanks", "cool", "yes", "no", "um", "uh", "lol"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_told_from_wishes() {
        for (text, question) in [
            ("does the first one have to be hand washed?", true),
            ("呃大概多重啊我一个女生提不提得动", true),
            ("能不能机洗", true),
            ("how cold can it go", true),
            ("do you have rain jackets?", false),
            ("有没有更轻的", false),
            ("防滑的登山鞋", false),
            ("under 100", false),
            ("got any boots in black?", false),
        ] {
            assert_eq!(is_question(text), question, "{text}");
        }
    }
}
