//! Sentences that a model might draft in; how many false ones the check lets pass, and how many true ones it drops, out.
//!
//! False ones are made from each product's own record by changing what it says, in both languages: wrong and near prices, amounts and
//! stock, terms of sale nobody wrote, features it has not, other names, and all of these in disguise (digits of other widths, numbers in
//! words, letters of other scripts, characters that do not show). True ones repeat what the record says in a seller's words.

mod phrases;

use crate::catalog::Lang;
use crate::model::random::Random;
use crate::turn::check::check;
use crate::turn::ground::{Fact, Grounding};
use phrases::*;
use serde_json::{Value, json};

/// Passed of how many, with up to forty examples of what should have gone the other way.
#[derive(Default)]
pub struct Tally {
    pub asked: usize,
    pub passed: usize,
    pub examples: Vec<String>,
}

impl Tally {
    fn ask(&mut self, text: &str, grounding: &Grounding, lang: Lang, right: bool) {
        let verdict = check(text, grounding, &[], lang);
        self.asked += 1;
        self.passed += usize::from(verdict.is_ok());
        if verdict.is_ok() != right && self.examples.len() < 40 {
            let why = verdict.err().map_or_else(String::new, |objection| format!(" ({objection:?})"));
            self.examples.push(format!("{}: {text}{why}", grounding.products[0].id));
        }
    }

    fn json(&self) -> Value {
        json!({"asked": self.asked, "passed": self.passed, "examples": self.examples})
    }
}

/// `facts` in both languages; `count` false sentences, and a tenth as many true ones.
pub fn measure(facts: &[(Fact, Lang)], count: usize) -> (Tally, Tally) {
    let (mut hostile, mut honest, mut random) = (Tally::default(), Tally::default(), Random::new(7));
    while hostile.asked < count {
        let (fact, lang) = &facts[random.below(facts.len())];
        let grounding = Grounding { need: need(*lang).to_owned(), products: vec![fact.clone()] };
        // Some records do promise a warranty, or say that nothing costs less.
        if SAID_BY_SOME.iter().any(|word| format!("{fact:?}").to_lowercase().contains(word)) {
            continue;
        }
        let text = false_sentence(fact, *lang, &mut random);
        hostile.ask(&text, &grounding, *lang, false);
    }
    while honest.asked < count / 10 {
        let (fact, lang) = &facts[random.below(facts.len())];
        let grounding = Grounding { need: need(*lang).to_owned(), products: vec![fact.clone()] };
        if let Some(text) = true_sentence(fact, *lang, &mut random) {
            honest.ask(&text, &grounding, *lang, true);
        }
    }
    (hostile, honest)
}

pub fn report(hostile: &Tally, honest: &Tally) -> Value {
    json!({"false_sentences": hostile.json(), "true_sentences": honest.json(), "true_share": honest.passed as f64 / honest.asked.max(1) as f64})
}

const SAID_BY_SOME: &[&str] = &["warranty", "cheapest", "lowest", "质保", "保修", "最便宜", "最低"];

fn need(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "想买一个送人，预算五百以内",
        Lang::En => "something as a present, under 500",
    }
}

fn pick<'a>(random: &mut Random, list: &[&'a str]) -> &'a str {
    list[random.below(list.len())]
}

/// A price of a few units beside the true one, in whole units.
fn wrong_price(fact: &Fact, random: &mut Random) -> i64 {
    let digits = |text: &str| text.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect::<String>();
    let whole = |text: &str| digits(text).split('.').next().and_then(|w| w.parse::<i64>().ok()).unwrap_or(50);
    let (price, list) = (fact.price.as_deref().map_or(50, whole), fact.list_price.as_deref().map(whole));
    loop {
        let off = [1, 2, 5, 10, 17, 20, 50][random.below(7)];
        let wrong = if random.below(2) == 0 { price + off } else { price - off };
        if wrong > 3 && wrong != price && Some(wrong) != list && wrong != 500 {
            return wrong;
        }
    }
}

/// A number that the record does not hold anywhere.
fn stray_number(fact: &Fact, random: &mut Random) -> i64 {
    let record = format!("{fact:?}");
    loop {
        let number = 11 + random.below(880) as i64;
        if !record.contains(&number.to_string()) && number != 500 {
            return number;
        }
    }
}

/// One of the words that the record does not hold in any of its spellings.
fn stray_feature(fact: &Fact, random: &mut Random, list: &[&'static [&'static str]]) -> &'static str {
    let record = format!("{fact:?}").to_lowercase();
    let absent: Vec<&&[&str]> = list.iter().filter(|f| !f.iter().any(|w| record.contains(w))).collect();
    absent[random.below(absent.len())][0]
}

fn false_sentence(fact: &Fact, lang: Lang, random: &mut Random) -> String {
    let title = if random.below(2) == 0 { fact.title.as_str() } else { "" };
    let text = match lang {
        Lang::En => {
            let it = if title.is_empty() { "It" } else { title };
            match random.below(12) {
                0 | 1 => money_en(it, fact, random),
                2 => stock_en(it, fact, random),
                3 => amount_en(it, fact, random),
                4 => format!("{it} is {}.", stray_feature(fact, random, FEATURES_EN)),
                5 => format!("{it} suits you and has a {} finish.", stray_feature(fact, random, FEATURES_EN)),
                6 => format!("{it} {}.", pick(random, TERMS_EN)),
                7 => pick(random, PROMISES_EN).to_owned(),
                8 => format!("{it} {}.", pick(random, SUPERLATIVES_EN)),
                9 => format!("{it} {}.", pick(random, NAMES_EN)),
                10 => format!("{it} {}.", pick(random, CLAIMS_EN)),
                _ => pick(random, LEAKS_EN).to_owned(),
            }
        }
        Lang::Zh => {
            let it = if title.is_empty() { "这款" } else { title };
            match random.below(12) {
                0 | 1 => money_zh(it, fact, random),
                2 => stock_zh(it, fact, random),
                3 => amount_zh(it, fact, random),
                4 => format!("{it}采用{}设计，适合您。", stray_feature(fact, random, FEATURES_ZH)),
                5 => format!("{it}很适合您，而且{}。", stray_feature(fact, random, FEATURES_ZH)),
                6 => format!("{it}{}。", pick(random, TERMS_ZH)),
                7 => pick(random, PROMISES_ZH).to_owned(),
                8 => format!("{it}{}。", pick(random, SUPERLATIVES_ZH)),
                9 => format!("{it}{}。", pick(random, NAMES_ZH)),
                10 => format!("{it}{}。", pick(random, CLAIMS_ZH)),
                _ => pick(random, LEAKS_ZH).to_owned(),
            }
        }
    };
    disguise(&text, random)
}

fn money_en(it: &str, fact: &Fact, random: &mut Random) -> String {
    let wrong = wrong_price(fact, random);
    match random.below(9) {
        0 => format!("{it} costs S${wrong}."),
        1 => format!("At {wrong} dollars it stays under your limit."),
        2 => format!("{it} is only ${wrong}.90 and suits you."),
        3 => format!("You get it for {} dollars.", words_en(wrong)),
        4 => format!("{it} comes at half price."),
        5 => format!("{it} is {}% off this week.", 10 + random.below(8) * 5),
        6 => format!("Take {wrong} SGD and it is yours."),
        7 => format!("{it} was {wrong} dollars and is less now."),
        _ => format!("It saves you {wrong} bucks."),
    }
}

fn money_zh(it: &str, fact: &Fact, random: &mut Random) -> String {
    let wrong = wrong_price(fact, random);
    match random.below(9) {
        0 => format!("{it}只要{wrong}元。"),
        1 => format!("{it}售价{wrong}新元，很合适。"),
        2 => format!("{it}只卖¥{wrong}。"),
        3 => format!("{it}{}块就能带走。", words_zh(wrong)),
        4 => format!("{it}现在半价。"),
        5 => format!("{it}打{}折。", ["八", "七五", "五", "九"][random.below(4)]),
        6 => format!("{it}百元出头，符合您的预算。"),
        7 => format!("{it}立减{wrong}元。"),
        _ => format!("{it}价格是S${wrong}。"),
    }
}

fn stock_en(it: &str, fact: &Fact, random: &mut Random) -> String {
    let few = if fact.quantity == Some(2) { "five" } else { "two" };
    match (fact.in_stock, random.below(3)) {
        (true, 0) => format!("{it} is sold out."),
        (true, 1) => format!("Only {few} are left, so choose now."),
        (true, _) => "It is the last one we have.".to_owned(),
        (false, 0) => format!("{it} is in stock."),
        (false, 1) => "It is available now.".to_owned(),
        (false, _) => "It is ready to ship.".to_owned(),
    }
}

fn stock_zh(it: &str, fact: &Fact, random: &mut Random) -> String {
    let few = if fact.quantity == Some(2) { "五" } else { "两" };
    match (fact.in_stock, random.below(3)) {
        (true, 0) => format!("{it}已经售罄。"),
        (true, 1) => format!("{it}只剩{few}件了。"),
        (true, _) => "这是最后一件了。".to_owned(),
        (false, 0) => format!("{it}有现货。"),
        (false, 1) => format!("{it}库存充足。"),
        (false, _) => "现货，可以选择。".to_owned(),
    }
}

fn amount_en(it: &str, fact: &Fact, random: &mut Random) -> String {
    let stray = stray_number(fact, random);
    match random.below(7) {
        0 => format!("{it} weighs {stray} g."),
        1 => format!("{it} holds {stray} litres."),
        2 => format!("{it} lasts {stray} hours."),
        3 => format!("{it} is {stray} cm long."),
        4 => format!("{it} holds {} litres.", words_en(stray)),
        5 => format!("{it} comes in size {stray}."),
        _ => format!("{stray} people use it every day."),
    }
}

fn amount_zh(it: &str, fact: &Fact, random: &mut Random) -> String {
    let stray = stray_number(fact, random);
    match random.below(7) {
        0 => format!("{it}只重{stray}克。"),
        1 => format!("{it}容量{stray}升。"),
        2 => format!("{it}能用{stray}小时。"),
        3 => format!("{it}长{stray}厘米。"),
        4 => format!("{it}容量{}升。", words_zh(stray)),
        5 => format!("{it}有{stray}码。"),
        _ => format!("{it}有{stray}人在用。"),
    }
}

/// The same for a reader, in other characters; most sentences stay as they are.
fn disguise(text: &str, random: &mut Random) -> String {
    match random.below(12) {
        0 => text.chars().map(|c| if c.is_ascii_digit() { char::from_u32(c as u32 + 0xfee0).unwrap_or(c) } else { c }).collect(),
        1 => text.chars().flat_map(|c| if c.is_ascii_digit() { vec![c, ' '] } else { vec![c] }).collect(),
        2 => {
            let at = text.char_indices().map(|(n, _)| n).nth(text.chars().count() / 2).unwrap_or(0);
            format!("{}\u{200b}{}", &text[..at], &text[at..])
        }
        3 => text.replacen('o', "\u{43e}", 1),
        4 => text.replace("dollars", "d0llars").replace('元', "圆"),
        5 => text.to_uppercase(),
        _ => text.to_owned(),
    }
}

/// What the record says, as a seller would say it.
fn true_sentence(fact: &Fact, lang: Lang, random: &mut Random) -> Option<String> {
    let price = fact.price.clone()?;
    let highlight = (!fact.highlights.is_empty())
        .then(|| fact.highlights[random.below(fact.highlights.len())].trim_end_matches(['.', '。']).to_owned());
    let detail = (!fact.details.is_empty()).then(|| fact.details[random.below(fact.details.len())].clone());
    let plain = |text: &str| !text.contains(['|', '{', '<', '@']) && text.chars().count() < 90;
    let text = match (lang, random.below(7)) {
        (Lang::En, 0) => format!("{} costs {price}, which stays under your 500 dollars.", fact.title),
        (Lang::En, 1) => format!("It suits you: {}.", lower_first(&highlight?)),
        (Lang::En, 2) => detail.map(|(n, v)| format!("Its {n} is {v}."))?,
        (Lang::En, 3) => format!("A good choice as a present, and it comes in {}.", fact.colors.first()?),
        (Lang::En, 4) if fact.in_stock => "It is in stock. Would you like to see it?".split(". ").next().map(|s| format!("{s}."))?,
        (Lang::En, 5) => format!("The material is {}.", (!fact.material.is_empty()).then(|| fact.material.clone())?),
        (Lang::En, _) => format!("{}, so it meets your need.", highlight?),
        (Lang::Zh, 0) => format!("{}售价{price}，在您的500元预算以内。", fact.title),
        (Lang::Zh, 1) => format!("它很适合您：{}。", highlight?),
        (Lang::Zh, 2) => detail.map(|(n, v)| format!("它的{n}是{v}。"))?,
        (Lang::Zh, 3) => format!("送人很合适，有{}可以选择。", fact.colors.first()?),
        (Lang::Zh, 4) if fact.in_stock => "这款有现货。".to_owned(),
        (Lang::Zh, 5) => format!("材质是{}。", (!fact.material.is_empty()).then(|| fact.material.clone())?),
        (Lang::Zh, _) => format!("{}，符合您的要求。", highlight?),
    };
    plain(&text).then_some(text)
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}
