//! The measure's own words, `phrases_en.toml` and `phrases_zh.toml`, in; one of many wordings at random, filled in, out.

use crate::catalog::Lang;
use crate::model::random::Random;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

pub type Lists = BTreeMap<String, Vec<String>>;

#[derive(Deserialize)]
pub struct Phrases {
    /// Between the parts of a list, and before the last of them.
    list: String,
    last: String,
    say: Lists,
    nouns: Lists,
    pub reasons: Lists,
    pub words: Words,
    /// In the order they are tried.
    pub reads: Vec<Reads>,
    pub hears: Lists,
}

/// How the things of the world are called.
#[derive(Deserialize)]
pub struct Words {
    #[serde(default)]
    pub brands: Lists,
    pub kinds: Lists,
    #[serde(default)]
    pub options: Lists,
    pub values: Lists,
    pub named: Named,
    /// Characters that are typed for others because they sound the same.
    #[serde(default)]
    sounds: Lists,
}

/// Which values need their option's name beside them; before them for the options in `after`, never for those in `unnamed`.
#[derive(Deserialize)]
pub struct Named {
    pub values: Vec<String>,
    pub after: Vec<String>,
    pub unnamed: Vec<String>,
}

#[derive(Deserialize)]
pub struct Reads {
    pub slot: super::reading::Slot,
    pub cues: Vec<String>,
}

/// What is filled into a wording.
pub type Fill<'a> = (&'a str, String);

/// Between these, nothing is mistyped or written small: addresses and names are copied.
const COPIED: (char, char) = ('\u{2}', '\u{3}');

impl Phrases {
    /// Whether an item and what it becomes are said as one: "把黑色的换成白色的".
    pub fn has_pairs(&self) -> bool {
        self.nouns.contains_key("pair")
    }
}

pub fn phrases(lang: Lang) -> &'static Phrases {
    static EN: LazyLock<Phrases> = LazyLock::new(|| parse(include_str!("phrases_en.toml")));
    static ZH: LazyLock<Phrases> = LazyLock::new(|| parse(include_str!("phrases_zh.toml")));
    if lang == Lang::Zh { &ZH } else { &EN }
}

fn parse(text: &str) -> Phrases {
    toml::from_str(text).expect("the tables are constant, and a test reads them")
}

/// One customer's way to speak: a language and a seed.
pub struct Voice {
    pub lang: Lang,
    pub phrases: &'static Phrases,
    pub dice: Random,
    /// Writes no capitals.
    small: bool,
}

impl Voice {
    pub fn new(lang: Lang, seed: u64) -> Self {
        let mut dice = Random::new(seed);
        let small = dice.below(4) == 0;
        Self { lang, phrases: phrases(lang), dice, small }
    }

    /// True in one of `n` cases.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.dice.below(n) == 0
    }

    pub fn one<'a>(&mut self, of: &'a [String]) -> &'a str {
        of.get(self.dice.below(of.len())).map_or("", String::as_str)
    }

    /// A wording of the intent `key`.
    pub fn say(&mut self, key: &str, fills: &[Fill<'_>]) -> String {
        let phrases = self.phrases;
        let wordings = phrases.say.get(key).unwrap_or_else(|| panic!("the tables have {key}"));
        fill(self.one(wordings), fills)
    }

    pub fn noun(&mut self, key: &str, fills: &[Fill<'_>]) -> String {
        let phrases = self.phrases;
        let wordings = phrases.nouns.get(key).unwrap_or_else(|| panic!("the tables have {key}"));
        fill(self.one(wordings), fills)
    }

    /// "a, b and c".
    pub fn list(&self, parts: &[String]) -> String {
        match parts {
            [] => String::new(),
            [only] => only.clone(),
            [front @ .., last] => format!("{}{}{last}", front.join(&self.phrases.list), self.phrases.last),
        }
    }

    /// Sentences one after the other.
    pub fn join(&self, parts: &[String]) -> String {
        let mut text = String::new();
        for part in parts.iter().map(|p| p.trim()).filter(|p| !p.is_empty()) {
            let ended = text.ends_with(['.', '?', '!', ',', ':', '。', '？', '！', '，', '：']);
            match (text.is_empty(), ended, self.lang) {
                (true, _, _) | (_, true, Lang::Zh) => {}
                (_, true, _) => text.push(' '),
                (_, false, Lang::Zh) => text.push('，'),
                (_, false, _) => text.push_str(". "),
            }
            text.push_str(part);
        }
        text
    }

    /// The message as it is typed: in small letters by some, with a slip in one of ten.
    pub fn type_out(&mut self, text: &str) -> String {
        let slip = self.once_in(10);
        let mut out = String::new();
        for (n, piece) in text.split([COPIED.0, COPIED.1]).enumerate() {
            let copied = n % 2 == 1;
            match self.small && !copied {
                true => out.push_str(&small(piece)),
                false => out.push_str(piece),
            }
        }
        if slip { self.slip(text, out) } else { out }
    }

    /// Two letters of a word change places; in Chinese a character is another of the same sound. What is copied stays.
    fn slip(&mut self, text: &str, typed: String) -> String {
        let copied: Vec<&str> = text.split([COPIED.0, COPIED.1]).skip(1).step_by(2).collect();
        if self.lang == Lang::Zh {
            let phrases = self.phrases;
            let there = |c: &&String| typed.contains(c.as_str()) && !copied.iter().any(|t| t.contains(c.as_str()));
            let may: Vec<&String> = phrases.words.sounds.keys().filter(there).collect();
            let Some(right) = may.get(self.dice.below(may.len())) else { return typed };
            let wrong = self.one(&phrases.words.sounds[right.as_str()]).to_owned();
            return typed.replacen(right.as_str(), &wrong, 1);
        }
        let is_word = |w: &str| w.len() >= 5 && w.chars().all(|c| c.is_ascii_lowercase());
        let words: Vec<&str> = typed.split(' ').filter(|w| is_word(w) && !copied.iter().any(|t| t.contains(w))).collect();
        let Some(word) = words.get(self.dice.below(words.len())) else { return typed };
        let at = 1 + self.dice.below(word.len() - 3);
        let mut letters: Vec<char> = word.chars().collect();
        letters.swap(at, at + 1);
        let wrong: String = letters.into_iter().collect();
        typed.replacen(word, &wrong, 1)
    }
}

/// Marks what is copied rather than typed.
pub fn copied(text: &str) -> String {
    format!("{}{text}{}", COPIED.0, COPIED.1)
}

/// Small letters, but for what has digits in it or an @: numbers and addresses are pasted.
fn small(text: &str) -> String {
    let word = |w: &str| if w.chars().any(|c| c.is_ascii_digit() || c == '@' || c == '_') { w.to_owned() } else { w.to_lowercase() };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn fill(wording: &str, fills: &[Fill<'_>]) -> String {
    let mut text = wording.to_owned();
    for (name, value) in fills {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_a_dozen_wordings_of_everything_and_the_same_intents_in_both_languages() {
        let (en, zh) = (phrases(Lang::En), phrases(Lang::Zh));
        assert_eq!(en.say.keys().collect::<Vec<_>>(), zh.say.keys().collect::<Vec<_>>());
        for table in [en, zh] {
            for (intent, wordings) in &table.say {
                // A wish is worded by `wish` and by what is wished, a correction by `no` or `mind` and by what is right.
                let composed = intent.starts_with("do_") || intent.starts_with("fix_");
                assert!(wordings.len() >= if composed { 3 } else { 12 }, "{intent} has {} wordings", wordings.len());
                let mut other = wordings.clone();
                other.sort();
                other.dedup();
                assert_eq!(other.len(), wordings.len(), "{intent} says one thing twice");
            }
            assert!(table.reasons.values().all(|wordings| wordings.len() >= 12));
        }
    }

    #[test]
    fn a_slip_spares_what_is_copied() {
        for seed in 0..300 {
            let mut voice = Voice::new(Lang::En, seed);
            let text = format!("please send it to {} for order #W123 thanks", copied("816 spruce street"));
            let typed = voice.type_out(&text);
            assert!(typed.contains("816 spruce street") && typed.contains("#W123"), "{typed}");
        }
        let slips =
            (0..1_000).filter(|seed| Voice::new(Lang::En, *seed).type_out("please return kettle") != "please return kettle").count();
        assert!((50..200).contains(&slips), "{slips} of 1,000 messages have a slip");
    }

    #[test]
    fn sentences_are_joined_as_they_are_written() {
        let parts = ["Hi".to_owned(), "can you help?".to_owned(), "thanks".to_owned()];
        assert_eq!(Voice::new(Lang::En, 1).join(&parts), "Hi. can you help? thanks");
        assert_eq!(Voice::new(Lang::Zh, 1).join(&["你好".to_owned(), "我要退货".to_owned()]), "你好，我要退货");
        assert_eq!(Voice::new(Lang::En, 1).list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }
}
