//! In: a message. Out: the language most of it is written in.

use super::reading::{Kind, Reading};

pub use crate::catalog::Lang;

/// The language by share of script: a Chinese word is about two characters, an English word is a word.
/// `None` when the message has neither ("500", "👍"): keep the language of the conversation.
pub fn detect(text: &str) -> Option<Lang> {
    of(&Reading::of(text))
}

pub(super) fn of(reading: &Reading) -> Option<Lang> {
    let han = reading.tokens.iter().filter(|t| t.kind == Kind::Han).count();
    // One letter says nothing: u盘, 128g.
    let words = reading.tokens.iter().filter(|t| t.kind == Kind::Word && (t.end - t.start > 1 || han == 0)).count();
    match (han, words) {
        (0, 0) => None,
        _ if han >= words * 2 || (han > words && words <= 2) => Some(Lang::Zh),
        _ if han > 0 && han >= words => Some(Lang::Zh),
        _ => Some(Lang::En),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("👍", None),
        ];
        for (text, want) in cases {
            assert_eq!(detect(text), want, "{text}");
        }
    }
}
