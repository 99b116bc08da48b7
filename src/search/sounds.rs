//! Chinese as it was heard in; the same sounds in the shop's own words out. Pure.
//!
//! A small recognizer hears the sounds and guesses the characters: 房华的灯山写 for 防滑的登山鞋. The shop knows better which words are
//! said to it: those of its titles and categories, and those of the lexicon. Where the recognizer was unsure, characters that sound
//! like such a word become that word. What it was sure of stays, whatever it sounds like.

use super::Search;
use super::segment::{dictionary_words, is_cjk, is_word};
use pinyin::{ToPinyin, ToPinyinMulti};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

/// Words by their sound.
#[derive(Debug, Default)]
pub struct Sounds {
    words: HashSet<Arc<str>>,
    exact: HashMap<String, Arc<str>>,
    near: HashMap<String, Arc<str>>,
}

/// Lists of the lexicon: whatever Chinese stands in them is said in shops.
const LEXICON: [&str; 8] = [
    include_str!("../../assets/lexicon/spoken.toml"),
    include_str!("../../assets/lexicon/prices.toml"),
    include_str!("../../assets/lexicon/sizes.toml"),
    include_str!("../../assets/lexicon/units.toml"),
    include_str!("../../assets/lexicon/colours.toml"),
    include_str!("../../assets/lexicon/recipients.toml"),
    include_str!("../../assets/lexicon/intents.toml"),
    include_str!("../../assets/lexicon/synonyms.toml"),
];
/// What stands between a number and a price limit: 五百以内, 500以内, 五百块以内.
const BEFORE_LIMITS: [&str; 5] = ["百", "千", "块", "元", "0"];
const LIMITS: [&str; 5] = ["以内", "以下", "以上", "左右", "之间"];

const LONGEST: usize = 7;
/// Below this a character may be another of the same sound; the characters of no word may be, and those of a word below the second.
const UNSURE: f32 = 0.9;
const DOUBTED: f32 = 0.5;
/// Readings of a word with characters of several, at most.
const READINGS: usize = 16;

impl Sounds {
    /// The lexicon's words and the shop's, the commonest of one sound first.
    pub fn of<'a>(shop: impl IntoIterator<Item = &'a str>) -> Self {
        let mut sounds = Self::default();
        let lexicon = LEXICON.iter().flat_map(|list| list.lines()).filter(|line| !line.starts_with('#'));
        lexicon.flat_map(|line| line.split(|c| !is_cjk(c))).for_each(|word| sounds.add(word));
        for limit in LIMITS {
            BEFORE_LIMITS.iter().for_each(|before| sounds.add(&format!("{before}{limit}")));
        }
        shop.into_iter().for_each(|word| sounds.add(word));
        sounds
    }

    fn add(&mut self, word: &str) {
        let chars: Vec<char> = word.chars().collect();
        if !(2..=LONGEST).contains(&chars.len()) || self.words.contains(word) {
            return;
        }
        let word: Arc<str> = word.into();
        if let Some((exact, near)) = readings(&chars).into_iter().next() {
            self.exact.entry(exact).or_insert_with(|| word.clone());
            self.near.entry(near).or_insert_with(|| word.clone());
        }
        self.words.insert(word);
    }

    /// `sure` is the recognizer's probability of each character; nothing changes without it.
    pub fn spell(&self, text: &str, sure: &[f32]) -> String {
        let mut chars: Vec<char> = text.chars().collect();
        if sure.len() != chars.len() {
            return text.to_owned();
        }
        let mut settled = numbers(&chars);
        let mut seams = word_seams(text);
        seams.extend((1..chars.len()).filter(|n| settled[n - 1] && !settled[*n]));
        for exactly in [true, false] {
            for len in (2..=LONGEST).rev() {
                for from in 0..(chars.len() + 1).saturating_sub(len) {
                    let span = from..from + len;
                    if settled[span.clone()].contains(&true) {
                        continue;
                    }
                    let heard: String = chars[span.clone()].iter().collect();
                    if self.words.contains(heard.as_str()) {
                        settled[span].fill(true);
                    } else if seams.contains(&span.start)
                        && seams.contains(&span.end)
                        && let Some(word) = self.meant(&chars[span.clone()], &heard, &sure[span.clone()], exactly)
                    {
                        chars.splice(span.clone(), word);
                        settled[span].fill(true);
                    }
                }
            }
        }
        chars.into_iter().collect()
    }

    /// The shop's word of this sound, if it may well have been said.
    fn meant(&self, chars: &[char], heard: &str, sure: &[f32], exactly: bool) -> Option<Vec<char>> {
        let readings = readings(chars);
        let word = readings.iter().find_map(|(exact, near)| if exactly { self.exact.get(exact) } else { self.near.get(near) })?;
        // A digit stays the digit it is.
        let word: Vec<char> = word.chars().zip(chars).map(|(w, c)| if c.is_ascii_digit() { *c } else { w }).collect();
        let changed: Vec<usize> = (0..chars.len()).filter(|n| word[*n] != chars[*n]).collect();
        let least = changed.iter().map(|n| sure[*n]).fold(1.0, f32::min);
        let limit = if is_word(heard) || !exactly { DOUBTED } else { UNSURE };
        // 两百块一下 is 两百块以下, however surely it was heard.
        let priced = exactly && chars.len() == 3 && LIMITS.contains(&word[1..].iter().collect::<String>().as_str());
        (priced || least < limit && (exactly || chars.len() > 2)).then_some(word)
    }
}

/// Where a word of the dictionary begins or ends; nothing is respelled across the middle of one.
fn word_seams(text: &str) -> HashSet<usize> {
    let mut at = 0;
    let ends = dictionary_words(text).map(|word| {
        at += word.chars().count();
        at
    });
    std::iter::once(0).chain(ends).collect()
}

/// Characters that belong to a number of two or more: 两百 is no 亮白.
fn numbers(chars: &[char]) -> Vec<bool> {
    let counts = |c: &char| "一二两三四五六七八九十百千".contains(*c);
    let scales = |c: &char| "十百千".contains(*c);
    let pair = |n: usize| chars.get(n..n + 2).is_some_and(|two| two.iter().all(counts) && two.iter().any(scales));
    (0..chars.len()).map(|n| pair(n) || (n > 0 && pair(n - 1))).collect()
}

/// The sounds of a catalogue, made when somebody speaks and again when its words have changed.
#[derive(Default)]
pub struct Known(Mutex<Option<(u64, Arc<Sounds>)>>);

impl Search {
    /// What was heard, spelled as this shop spells it. Takes a moment after the catalogue has changed: not for an async thread.
    pub fn spell(&self, heard: &str, sure: &[f32]) -> String {
        let wording = self.wording();
        let mut known = self.sounds.0.lock().expect("no holder of this lock can panic");
        let sounds = match known.as_ref() {
            Some((of, sounds)) if *of == wording => sounds.clone(),
            _ => known.insert((wording, Arc::new(self.catalogue_sounds()))).1.clone(),
        };
        drop(known);
        sounds.spell(heard, sure)
    }

    fn catalogue_sounds(&self) -> Sounds {
        let shelf = self.shelf();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for item in shelf.items.iter().flatten() {
            for text in [&*item.title, &*item.title_zh, &*item.category, &*item.category_zh, &*item.brand] {
                dictionary_words(text).filter(|word| word.chars().all(is_cjk)).for_each(|word| *counts.entry(word).or_default() += 1);
            }
        }
        let mut words: Vec<(&str, usize)> = counts.into_iter().collect();
        words.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        Sounds::of(words.into_iter().map(|(word, _)| word))
    }
}

/// How characters may be said: without tones, and as ears that confuse sounds take them.
fn readings(chars: &[char]) -> Vec<(String, String)> {
    let mut all = vec![(String::new(), String::new())];
    for c in chars {
        let sounds: Vec<String> = if c.is_ascii_digit() {
            vec!["0".to_owned()]
        } else if let Some(many) = c.to_pinyin_multi() {
            let mut sounds: Vec<String> = c.to_pinyin().into_iter().chain(many).map(|p| p.plain().to_owned()).collect();
            let mut seen = HashSet::new();
            sounds.retain(|sound| seen.insert(sound.clone()));
            sounds
        } else {
            return Vec::new();
        };
        all = all
            .iter()
            .flat_map(|(e, n)| sounds.iter().map(move |s| (format!("{e} {s}"), format!("{n} {}", blurred(s)))))
            .take(READINGS)
            .collect();
    }
    all
}

/// Pairs that speakers and recognizers confuse: zh/z, ch/c, sh/s, n/l, an/ang, en/eng, in/ing.
fn blurred(sound: &str) -> String {
    let mut sound = match sound.as_bytes() {
        [b'z' | b'c' | b's', b'h', ..] => format!("{}{}", &sound[..1], &sound[2..]),
        [b'l', ..] => format!("n{}", &sound[1..]),
        _ => sound.to_owned(),
    };
    if sound.ends_with("ang") || sound.ends_with("eng") || sound.ends_with("ing") {
        sound.pop();
    }
    sound
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(text: &str, sure: f32) -> String {
        Sounds::of(["登山鞋", "防滑", "冲锋衣"]).spell(text, &vec![sure; text.chars().count()])
    }

    #[test]
    fn doubtful_characters_become_the_shops_words_of_the_same_sound() {
        for (heard, meant) in [
            ("房华的灯山写,500一内", "防滑的登山鞋,500以内"),
            ("五百亿内", "五百以内"),
            ("蓝色的重风衣有货吗", "蓝色的冲锋衣有货吗"),
            ("鞋子吃马不对", "鞋子尺码不对"),
            ("其天无理由", "七天无理由"),
        ] {
            assert_eq!(spelled(heard, 0.4), meant);
        }
    }

    #[test]
    fn what_was_heard_surely_stays() {
        for heard in ["房华的灯山写", "我要退货", "how old is the bridge", "", "今天天气不错"] {
            assert_eq!(spelled(heard, 0.99), heard);
        }
        assert_eq!(Sounds::of([]).spell("房华", &[]), "房华");
        assert_eq!(spelled("两百块一下", 0.99), "两百块以下");
    }

    #[test]
    fn the_lexicon_itself_is_never_respelled() {
        let sounds = Sounds::of([]);
        for word in &sounds.words {
            assert_eq!(sounds.spell(word, &vec![0.1; word.chars().count()]), word.as_ref());
        }
    }
}
