//! In: a message. Out: the language most of it is written in.

use super::reading::{Kind, Reading};

pub use crate::catalog::Lang;

/// The language by share of script: a Chinese word is about two characters, an English word is a word.
/// `None` when the message has neither ("500", "👍"): keep the language of the conversation.
pub fn detect(text: &str) -> Option<Lang> {
    of(&Reading::of(text))
}

/// Whether every word of it is a name, as Latin letters tell: "Omar Anderson, 19031", "580 Broadway, Denver, CO 80265".
pub fn is_names(text: &str) -> bool {
    let reading = Reading::of(text);
    let words = || (0..reading.len()).filter(|at| is_word(&reading, *at, false));
    let capital = |at: usize| text[reading.bytes(&(at..at + 1)).0..].starts_with(char::is_uppercase);
    reading.tokens.iter().all(|t| t.kind != Kind::Han) && words().next().is_some() && words().all(capital)
}

/// Whether somebody who writes Chinese has gone over to English: a sentence of it, not a name or a word thrown in. `details`: where
/// addresses and options are asked for, as these are in Latin letters anyway, there must be words that make a sentence.
pub fn turns_english(text: &str, details: bool) -> bool {
    const PLAIN: &str = " i my me you your it is are was the a an to of in for on with and but not this that have has do does did can could \
        would will please want need get what which how when where why there they we from ";
    let reading = Reading::of(text);
    let words: Vec<&str> = (0..reading.len()).filter(|at| reading.kind(*at) == Some(Kind::Word)).map(|at| reading.word(at)).collect();
    let plain = words.iter().filter(|word| PLAIN.contains(&format!(" {word} "))).count();
    let sentence = if details { plain >= 2 && plain * 5 >= words.len() } else { words.len() >= 3 };
    reading.tokens.iter().all(|t| t.kind != Kind::Han) && sentence
}

pub(super) fn of(reading: &Reading) -> Option<Lang> {
    let han = reading.tokens.iter().filter(|t| t.kind == Kind::Han).count();
    let words = (0..reading.len()).filter(|at| is_word(reading, *at, han > 0)).count();
    match (han, words) {
        (0, 0) => None,
        _ if han >= words * 2 || (han > words && words <= 2) => Some(Lang::Zh),
        _ if han > 0 && han >= words => Some(Lang::Zh),
        _ => Some(Lang::En),
    }
}

/// One letter says nothing beside Chinese (u盘, 128g), nor does a number of an order (#M10371) or an address (a@b.example).
fn is_word(reading: &Reading, at: usize, beside_han: bool) -> bool {
    let token = &reading.tokens[at];
    let numbered = reading.glued(at + 1) && reading.kind(at + 1) == Some(Kind::Number) && token.end - token.start == 1;
    let address = |i: usize| matches!(reading.word(i), "@" | ".") && reading.glued(i);
    let in_address = address(at + 1) || (reading.glued(at) && matches!(reading.before(at), "@" | "."));
    token.kind == Kind::Word && (token.end - token.start > 1 || !beside_han) && !numbered && !in_address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_no_language() {
        for text in ["Omar Anderson, 19031", "580 Broadway, Suite 162, Denver, CO 80265, USA", "Emma Santos，emma.santos7683@example.com"]
        {
            assert!(is_names(text), "{text}");
        }
        for text in ["I am Omar Anderson", "the kettle", "陈先生", "19031"] {
            assert!(!is_names(text), "{text}");
        }
    }

    #[test]
    fn languages() {
        let cases = [
            ("黑色的登山鞋", Some(Lang::Zh)),
            ("black hiking boots", Some(Lang::En)),
            ("iPhone 15 手机壳", Some(Lang::Zh)),
            ("Haitang 海棠 tea set for my mom", Some(Lang::En)),
            ("Nike Air 有没有42码", Some(Lang::Zh)),
            ("有没有 type-c cable", Some(Lang::Zh)),
            ("500", None),
            ("#M10371", None),
            ("邮箱weiling.tan@example.com", Some(Lang::Zh)),
            ("👍", None),
        ];
        for (text, want) in cases {
            assert_eq!(detect(text), want, "{text}");
        }
    }
}
