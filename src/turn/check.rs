//! A drafted sentence in; the sentence with its claims bound, or the reason it may not be said, out. Pure.
//!
//! Every number with its unit, every sum of money, stock word, material, feature, superlative, promise and proper name must stand
//! in the grounding (or, for numbers of the need, in the shopper's own words with the same unit). Doubt drops the sentence: the
//! facts have been said already, and silence is never false.

mod mentions;
mod vocabulary;
mod words;

use super::ground::{Fact, Grounding};
use super::{Claim, Sentence};
use crate::catalog::Lang;
use crate::search::segment::{is_stopword, segment};
use mentions::{Mention, mentions};

/// Why a sentence may not be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Objection {
    Shape(&'static str),
    Language,
    Number(String),
    Money(String),
    Stock(String),
    Feature(String),
    Promise(String),
    Name(String),
    /// A word that neither the record nor the shop's way of talking has.
    Unknown(String),
    Repeated,
    /// A question before anything was said: it advises nothing.
    OnlyAsks,
    /// Denies, doubts or compares: nothing in the catalogue can bear it out.
    Judgement(String),
}

const SHORTEST: usize = 4;
const LONGEST: usize = 320;

/// # Errors
/// The first objection met.
pub fn check(sentence: &str, grounding: &Grounding, said: &[String], lang: Lang) -> Result<Sentence, Objection> {
    let text = sentence.trim();
    shape(text)?;
    language(text, lang)?;
    if said.iter().any(|s| alike(s, text)) {
        return Err(Objection::Repeated);
    }
    if said.is_empty() && text.ends_with(['?', '？']) {
        return Err(Objection::OnlyAsks);
    }
    let known = Known::new(grounding);
    let mut claims = Vec::new();
    for mention in mentions(text) {
        claims.extend(bind(&mention, text, grounding, &known)?);
    }
    claims.extend(stock(text, grounding)?);
    words::features(text, grounding, &known.products)?;
    words::promises(text, &known.text)?;
    words::judgements(text, &known.text)?;
    words::names(text, lang, &known.text)?;
    vocabulary::vocabulary(text, lang, &known.products)?;
    Ok(Sentence { text: text.to_owned(), claims })
}

/// The sentence, or what of it may be said: clause by clause, from the first on, as long as it passes. "It keeps coffee hot for 6 hours,
/// which everyone loves." is still worth its first half. A sentence that limits or turns what it says stands or falls as a whole.
///
/// # Errors
/// The objection to the whole.
pub fn check_or_mend(sentence: &str, grounding: &Grounding, said: &[String], lang: Lang) -> Result<Sentence, Objection> {
    let objection = match check(sentence, grounding, said, lang) {
        Ok(sentence) => return Ok(sentence),
        Err(objection) => objection,
    };
    let lower = format!(" {} ", sentence.to_lowercase());
    let whole_or_nothing = matches!(objection, Objection::Shape(_) | Objection::Language | Objection::Repeated | Objection::OnlyAsks);
    if whole_or_nothing || sentence.trim().ends_with(['?', '？']) || TURNS.iter().any(|t| lower.contains(t)) {
        return Err(objection);
    }
    let end = if lang == Lang::Zh { "。" } else { "." };
    let mut kept: Option<(String, Sentence)> = None;
    for clause in clauses(sentence.trim().trim_end_matches(['.', '。', '!', '！'])) {
        let longer = kept.as_ref().map_or_else(|| clause.to_owned(), |(text, _)| format!("{text}{clause}"));
        match check(&format!("{longer}{end}"), grounding, said, lang) {
            Ok(sentence) => kept = Some((longer, sentence)),
            Err(_) if kept.is_none() => return Err(objection),
            Err(_) => {}
        }
    }
    kept.map(|(_, sentence)| sentence).ok_or(objection)
}

/// Words that turn or limit what was said before them.
const TURNS: &[&str] =
    &[" but ", " except", " unless", " only if", " although", " though ", " if ", "但", "除非", "不过", "只有", "除了", "如果", "虽然"];

/// A sentence in pieces that begin with their comma.
fn clauses(text: &str) -> Vec<&str> {
    let mut cuts: Vec<usize> = text
        .char_indices()
        .filter(|(at, c)| matches!(c, '，' | '；') || (*c == ',' && text[at + 1..].starts_with(' ')))
        .map(|(at, _)| at)
        .collect();
    cuts.push(text.len());
    let mut from = 0;
    cuts.into_iter().map(|cut| &text[std::mem::replace(&mut from, cut)..cut]).filter(|c| !c.trim().is_empty()).collect()
}

/// Everything a draft has seen, in lower case, and the numbers in it.
struct Known {
    text: String,
    /// What the products themselves are said to be: a wish is no feature.
    products: String,
    need: Vec<Mention>,
}

impl Known {
    fn new(grounding: &Grounding) -> Self {
        let mut text = String::new();
        for fact in &grounding.products {
            text.push_str(&all_words(fact));
        }
        let need = mentions(&grounding.need);
        let products = text.to_lowercase();
        text.push_str(&grounding.need);
        Self { text: text.to_lowercase(), products, need }
    }
}

fn all_words(fact: &Fact) -> String {
    let details: Vec<String> = fact.details.iter().map(|(n, v)| format!("{n}: {v}")).collect();
    let parts = [
        &fact.title,
        &fact.brand,
        &fact.material,
        &fact.description,
        &fact.colors.join(", "),
        &fact.highlights.join("\n"),
        &details.join("\n"),
    ];
    parts.into_iter().fold(String::new(), |text, part| text + part + "\n")
}

fn bind(mention: &Mention, text: &str, grounding: &Grounding, known: &Known) -> Result<Option<Claim>, Objection> {
    if mention.money {
        let meant: Vec<&Fact> = meant(text, grounding);
        for (fact, field, price) in meant.iter().flat_map(|f| [(f, "price", &f.price), (f, "list_price", &f.list_price)]) {
            if let Some(price) = price
                && mentions(price).first().is_some_and(|m| m.value == mention.value)
            {
                return Ok(Some(super::facts::claim(&mention.text, &fact.id, field, price, fact.revision)));
            }
        }
        let budget = known.need.iter().any(|m| m.value == mention.value && (m.money || m.unit.is_empty()));
        return if budget { Ok(None) } else { Err(Objection::Money(mention.text.clone())) };
    }
    for fact in &grounding.products {
        for (about, line) in lines(fact) {
            let here = mentions(&line).into_iter().find(|m| m.value == mention.value && !m.money && m.unit == mention.unit);
            if let Some(here) = here
                && (text.ends_with(['?', '？']) || speaks_of(text, &about))
            {
                return Ok(Some(super::facts::claim(&mention.text, &fact.id, "details", &here.text, fact.revision)));
            }
        }
    }
    let in_need = known.need.iter().any(|m| m.value == mention.value && m.unit == mention.unit && !mention.unit.is_empty());
    if in_need { Ok(None) } else { Err(Objection::Number(mention.text.clone())) }
}

/// Each line of a product's facts with what it is about: a detail's name, and nothing for prose, whose every word counts.
fn lines(fact: &Fact) -> Vec<(String, String)> {
    let details = fact.details.iter().map(|(name, value)| (name.clone(), format!("{name}: {value}")));
    let prose = fact.highlights.iter().chain([&fact.title]).chain([&fact.material]).map(|l| (l.clone(), l.clone()));
    let sentences =
        fact.description.split_inclusive(['。', '！', '；']).flat_map(|s| s.split_inclusive(". ")).map(|s| (s.to_owned(), s.to_owned()));
    details.chain(prose).chain(sentences).collect()
}

/// A number is bound only where the sentence speaks of the thing it was measured on: 8,000 mm of waterproofing weigh nothing.
fn speaks_of(text: &str, about: &str) -> bool {
    let said: std::collections::HashSet<String> = segment(text).into_iter().collect();
    let synonyms = crate::turn::understand::lexicon::expansions(about);
    let mut wanted = segment(about);
    wanted.extend(synonyms.iter().flat_map(|e| e.alternatives.iter()).flat_map(|a| segment(a)));
    let telling = |t: &&String| !is_stopword(t) && !t.chars().all(|c| c.is_ascii_digit());
    let shared = wanted.iter().filter(telling).any(|t| said.contains(t));
    let weighs = ["weigh", "重量", "净重", "重约", "仅重", "只重"].iter().any(|w| text.to_lowercase().contains(w));
    let weight = ["weight", "重", "weigh"].iter().any(|w| about.to_lowercase().contains(w));
    if weighs { weight } else { shared }
}

/// The products a sentence names by title or brand; all of them when it names none.
fn meant<'a>(text: &str, grounding: &'a Grounding) -> Vec<&'a Fact> {
    let lower = text.to_lowercase();
    let named = |f: &&Fact| [&f.title, &f.brand].iter().any(|n| !n.is_empty() && lower.contains(&n.to_lowercase()));
    let some: Vec<&Fact> = grounding.products.iter().filter(named).collect();
    if some.is_empty() { grounding.products.iter().collect() } else { some }
}

fn stock(text: &str, grounding: &Grounding) -> Result<Option<Claim>, Objection> {
    let lower = text.to_lowercase();
    let meant = meant(text, grounding);
    let says = |list: &[&'static str]| list.iter().find(|w| lower.contains(**w)).copied();
    if let Some(word) = says(words::SOLD_OUT) {
        let right = meant.iter().all(|f| !f.in_stock);
        return if right { Ok(None) } else { Err(Objection::Stock(word.to_owned())) };
    }
    let Some(word) = says(words::IN_STOCK) else { return Ok(None) };
    match meant.iter().all(|f| f.in_stock) {
        true => Ok(meant.first().map(|f| super::facts::claim(word, &f.id, "availability", "in_stock", f.revision))),
        false => Err(Objection::Stock(word.to_owned())),
    }
}

fn shape(text: &str) -> Result<(), Objection> {
    let length = text.chars().count();
    let lower = text.to_lowercase();
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Err(Objection::Shape("length"));
    }
    // "The Drizzle Dept.": the rest of it was cut off.
    if super::sentence::ends_in_abbreviation(text) {
        return Err(Objection::Shape("unfinished"));
    }
    if ["http", "www.", "@", "```", "{", "<", "|"].iter().any(|m| lower.contains(m)) {
        return Err(Objection::Shape("link or markup"));
    }
    if text.ends_with([':', '：', ',', '，']) {
        return Err(Objection::Shape("unfinished"));
    }
    if words::LEAKS.iter().any(|l| lower.contains(l)) {
        return Err(Objection::Shape("talks about its instructions"));
    }
    Ok(())
}

fn language(text: &str, lang: Lang) -> Result<(), Objection> {
    let han = text.chars().filter(|c| crate::search::segment::is_cjk(*c)).count();
    let right = match lang {
        Lang::Zh => han >= 3,
        Lang::En => han == 0,
    };
    if right { Ok(()) } else { Err(Objection::Language) }
}

/// Two sentences that share nine tenths of their characters' pairs say the same.
fn alike(a: &str, b: &str) -> bool {
    let pairs = |s: &str| -> std::collections::HashSet<(char, char)> {
        let chars: Vec<char> = s.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        chars.windows(2).map(|w| (w[0], w[1])).collect()
    };
    let (a, b) = (pairs(a), pairs(b));
    let shared = a.intersection(&b).count();
    shared * 10 >= a.len().max(b.len()) * 9 && shared > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grounding() -> Grounding {
        Grounding {
            need: "a rain jacket that packs small, under 80".to_owned(),
            products: vec![Fact {
                id: "RJ-1".to_owned(),
                revision: 7,
                title: "Tern Packable Rain Jacket".to_owned(),
                brand: "Tern & Tide".to_owned(),
                price: Some("S$75.00".to_owned()),
                list_price: None,
                in_stock: true,
                availability: "in_stock",
                quantity: Some(9),
                colors: vec!["navy".to_owned()],
                material: "nylon".to_owned(),
                details: vec![("weight".to_owned(), "240 g".to_owned()), ("waterproof".to_owned(), "yes, 10,000 mm".to_owned())],
                highlights: vec!["Packs into its own pocket".to_owned()],
                description: "A light shell for sudden showers.".to_owned(),
                rating: Some(450),
            }],
        }
    }

    #[test]
    fn true_sentences_pass_and_false_ones_do_not() {
        let grounding = grounding();
        for (text, right) in [
            ("At S$75 it stays under your limit of 80 dollars.", true),
            ("A light nylon shell for sudden showers.", true),
            ("It weighs 240 g and packs into its own pocket.", true),
            ("The nylon shell is waterproof to 10,000 mm.", true),
            ("It is in stock.", true),
            ("It costs S$70.", false),
            ("It weighs 80 grams.", false),
            ("It weighs 240 kg.", false),
            ("The leather is soft.", false),
            ("It weighs under 10,000 mm.", false),
            ("It may not be warm enough.", false),
            ("It is lighter than the other one.", false),
            ("This suits the shopper well.", false),
            ("It is out of stock.", false),
            ("You get 20% off today.", false),
            ("We will refund you if it rains.", false),
            ("It is the cheapest jacket anywhere.", false),
            ("It beats the Patagonia one.", false),
            ("It lasts two years.", false),
            ("A great choice for people with a nylon allergy.", false),
            ("A healthy choice in nylon.", false),
            ("它很轻，适合旅行。", false),
            ("See www.example.com for more.", false),
        ] {
            let verdict = check(text, &grounding, &[], Lang::En);
            assert_eq!(verdict.is_ok(), right, "{text}: {verdict:?}");
        }
        let bound = check("At S$75 it is in stock.", &grounding, &[], Lang::En).expect("true");
        let fields: Vec<&str> = bound.claims.iter().map(|c| c.field.as_str()).collect();
        assert_eq!((fields, bound.claims[0].revision), (vec!["price", "availability"], 7));
    }

    #[test]
    fn a_wish_is_no_feature_and_the_shops_own_words_are_no_judgement() {
        let mut grounding = grounding();
        grounding.need = "a quiet, windproof jacket for a beginner".to_owned();
        grounding.products[0].highlights.push("中帮护踝，下坡更稳".to_owned());
        for (text, lang, right) in [
            ("It is windproof.", Lang::En, false),
            ("The nylon makes it quiet.", Lang::En, false),
            ("A great choice for beginners.", Lang::En, false),
            ("It is waterproof.", Lang::En, true),
            ("它中帮护踝，下坡更稳。", Lang::Zh, true),
            ("它比别的更稳。", Lang::Zh, false),
        ] {
            let verdict = check(text, &grounding, &[], lang);
            assert_eq!(verdict.is_ok(), right, "{text}: {verdict:?}");
        }
    }

    #[test]
    fn what_is_true_of_a_sentence_is_kept() {
        let grounding = grounding();
        for (text, kept) in [
            ("It packs into its own pocket, which mountaineers love.", Some("It packs into its own pocket.")),
            ("It costs S$70, and it packs into its own pocket.", None),
            ("It packs into its own pocket, but it is not nylon.", None),
            ("It packs into its own pocket, costs S$70, and weighs 240 g.", Some("It packs into its own pocket, and weighs 240 g.")),
        ] {
            let said = check_or_mend(text, &grounding, &[], Lang::En).ok().map(|s| s.text);
            assert_eq!(said.as_deref(), kept, "{text}");
        }
    }

    #[test]
    fn the_same_thing_is_not_said_twice() {
        let said = ["It packs into its own pocket.".to_owned()];
        assert_eq!(check("It packs into its own pocket!", &grounding(), &said, Lang::En), Err(Objection::Repeated));
    }

    #[test]
    fn a_question_alone_is_no_advice() {
        let grounding = grounding();
        assert_eq!(check("Would you like it in navy?", &grounding, &[], Lang::En), Err(Objection::OnlyAsks));
        let said = ["It packs into its own pocket.".to_owned()];
        assert!(check("Would you like it in navy?", &grounding, &said, Lang::En).is_ok());
    }
}
