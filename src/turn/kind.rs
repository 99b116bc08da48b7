//! The kinds of product that words name ("hiking boots", 登山鞋), and whether a product is called one. Pure.

use super::understand::{is_pet, lexicon};
use crate::catalog::leaf;
use crate::search::Item;
use crate::search::segment::singular;

/// Names of the kinds some search words ask for, their synonyms in both languages included. What a thing is for is none: a charger
/// for a phone is no phone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kinds {
    pub each: Vec<Kind>,
    /// The words of the message, without their synonyms.
    pub said: Vec<String>,
}

/// What title and category of a product call it, ready to be asked about many kinds.
pub struct Label {
    text: String,
    /// Of title and narrowest category, each by itself.
    words: [Vec<String>; 2],
    /// The whole category.
    path: Vec<String>,
}

/// A kind of product by a name of its own, ready to be looked for in many labels. One that the lexicon does not know is called so by
/// whatever has all the name's words.
pub enum Name {
    Known { han: Vec<String>, words: Vec<Vec<String>> },
    Unknown(Vec<String>),
}

/// All the names of one kind, in lower case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kind(Vec<String>);

impl Kinds {
    pub fn of(terms: &str) -> Self {
        let mut kinds = Self::default();
        let terms = wanted(terms);
        let (animals, things): (Vec<_>, Vec<_>) =
            lexicon::expansions(&terms).into_iter().filter(|e| e.kind).partition(|e| is_pet(&terms[e.span.0..e.span.1]));
        // A robot vacuum for cat hair is no cat.
        for expansion in if things.is_empty() { animals } else { things } {
            let Some(said) = terms.get(expansion.span.0..expansion.span.1).map(str::to_lowercase) else { continue };
            // 桌子上东西太乱了: a place is not wanted.
            let behind = &terms[expansion.span.1..];
            if behind.starts_with(['上', '里', '旁']) && !["上班", "上学", "上课", "上街"].iter().any(|word| behind.starts_with(word))
            {
                continue;
            }
            kinds.each.push(Kind(expansion.alternatives.iter().map(|a| a.to_lowercase()).chain([said.clone()]).collect()));
            kinds.said.push(said);
        }
        kinds
    }

    pub fn is_empty(&self) -> bool {
        self.each.is_empty()
    }

    /// The kinds that the last words alone name: backpacks, of laptop backpacks.
    pub fn heads(&self) -> Self {
        let last = self.said.iter().filter_map(|said| said.rsplit_once(' ').map(|(_, last)| last));
        Self::of(&last.collect::<Vec<_>>().join(" "))
    }

    /// Whether two needs ask for one kind: boots after boots.
    pub fn overlap(&self, other: &Self) -> bool {
        self.each.iter().any(|kind| kind.0.iter().any(|name| other.each.iter().any(|other| other.0.contains(name))))
    }

    /// Whether its narrowest category is of one of these kinds: a milk frother is no milk.
    pub fn classify(&self, item: &Item) -> bool {
        self.each.iter().any(|kind| kind.classifies(item))
    }

    /// Whether title or category call the product so.
    pub fn call(&self, item: &Item) -> bool {
        self.each.iter().any(|kind| kind.calls(item))
    }
}

impl Label {
    pub fn of(item: &Item) -> Self {
        Self::new(&item.title, &item.category, &item.title_zh, &item.category_zh)
    }

    fn new(title: &str, category: &str, title_zh: &str, category_zh: &str) -> Self {
        let path: String = category_zh.split('>').map(str::trim).collect();
        let words = |name: &str| stems(&name.to_lowercase());
        Self { text: [title_zh, &*path].join(" | ").to_lowercase(), words: [words(title), words(leaf(category))], path: words(category) }
    }
}

impl Name {
    pub fn of(name: &str) -> Self {
        let synonyms = lexicon::synonyms_of(name);
        if synonyms.is_empty() {
            return Self::Unknown(stems(name));
        }
        let all = synonyms.into_iter().chain([name]).map(str::to_lowercase);
        let (words, han): (Vec<_>, Vec<_>) = all.partition(|name| name.is_ascii());
        Self::Known { han, words: words.iter().map(|name| stems(name)).collect() }
    }

    pub fn calls(&self, label: &Label) -> bool {
        let within = |part: &Vec<String>, name: &Vec<String>| {
            let mut places = part.windows(name.len().max(1)).enumerate().filter(|(_, words)| words == name);
            places.any(|(at, _)| !describes(&part[at + name.len()..], name))
        };
        let at = |name: &Vec<String>| label.words.iter().any(|part| within(part, name)) || (name.len() > 1 && ends(&label.path, name));
        match self {
            Self::Known { han, words } => han.iter().any(|name| label.text.contains(name.as_str())) || words.iter().any(at),
            Self::Unknown(words) => words.iter().all(|word| label.words.iter().flatten().any(|own| own == word)),
        }
    }
}

impl Kind {
    pub fn classifies(&self, item: &Item) -> bool {
        let leaves = [leaf(&item.category), leaf(&item.category_zh)].map(str::to_lowercase);
        self.0.iter().any(|kind| leaves.iter().any(|leaf| heads(leaf, kind)) || is_path(item, kind))
    }

    pub fn calls(&self, item: &Item) -> bool {
        let name = [&*item.title, &*item.title_zh, &*item.category, &*item.category_zh].join(" | ").to_lowercase();
        self.0.iter().any(|kind| names(&name, kind) || is_path(item, kind))
    }
}

/// Whether a lower-case kind is what a category is called with the one above it: a pet toy, of "Pets > Toys".
fn is_path(item: &Item, kind: &str) -> bool {
    if kind.is_ascii() {
        let kind = stems(kind);
        return kind.len() > 1 && ends(&stems(&item.category.to_lowercase()), &kind);
    }
    let path: String = item.category_zh.split('>').map(str::trim).collect();
    kind.chars().count() > 2 && path.to_lowercase().ends_with(kind)
}

/// Whether a lower-case name contains a kind word: Chinese anywhere, English as whole words, singular or plural.
fn names(name: &str, kind: &str) -> bool {
    if !kind.is_ascii() {
        return name.contains(kind);
    }
    let (words, wanted) = (stems(name), stems(kind));
    if wanted.is_empty() || wanted.len() > words.len() {
        return false;
    }
    // A tea bag is no bag.
    let other = |at: usize| kind == "bag" && at > 0 && NO_BAGS.contains(&words[at - 1].as_str());
    (0..=words.len() - wanted.len())
        .any(|at| words[at..at + wanted.len()] == wanted[..] && !other(at) && !describes(&words[at + wanted.len()..], &wanted))
}

const NO_BAGS: [&str; 9] = ["tea", "sleeping", "bean", "garbage", "trash", "bin", "punching", "pyramid", "vacuum"];

/// Whether a lower-case category ends with a kind word, or one of several that it joins does: "chairs & stools", "shoes for women".
fn heads(category: &str, kind: &str) -> bool {
    let named = FOR.iter().fold(category, |name, word| name.split(word).next().unwrap_or(name));
    let parts = JOINTS.iter().fold(vec![named], |parts, joint| parts.iter().flat_map(|part| part.split(joint)).collect());
    let parts: Vec<&str> = parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect();
    // What comes before belongs to a longer last part: coffee and tea makers are no coffee.
    let longer = parts.last().is_some_and(|last| last.contains(' '));
    let heads = if longer { &parts[parts.len() - 1..] } else { &parts[..] };
    heads.iter().any(|part| match kind.is_ascii() {
        true => ends(&stems(part), &stems(kind)),
        false => part.ends_with(kind),
    })
}

/// What follows these in a category tells whom or what a thing is for.
const FOR: [&str; 8] = [" for ", " with ", " in ", " of ", " - ", " | ", "(", "（"];
const JOINTS: [&str; 10] = [",", "&", "/", " and ", "、", "，", "和", "与", "及", "＆"];

fn ends(words: &[String], kind: &[String]) -> bool {
    !kind.is_empty() && words.ends_with(kind)
}

/// Words in the singular.
fn stems(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(|w| singular(w).into_owned()).collect()
}

/// Whether a kind word only tells what the thing behind it is for: a microwave lunchbox, a laptop power bank.
fn describes(rest: &[String], kind: &[String]) -> bool {
    let behind = rest.iter().take(2).cloned().collect::<Vec<_>>().join(" ");
    let own = kind.join(" ");
    lexicon::expansions(&behind).iter().any(|e| e.kind && e.span.0 == 0 && behind[e.span.0..e.span.1] != own)
}

/// The part of some search words that names what is wanted: not what it is for, nor what it goes into or holds.
fn wanted(terms: &str) -> String {
    let (terms, _) = lexicon::purpose(terms);
    let end = [" into ", " inside ", " under my ", " to wear under "].iter().filter_map(|word| terms.find(word)).min();
    let terms = &terms[..end.unwrap_or(terms.len())];
    // 放得下14寸电脑的包, 要放得下 laptop: what comes behind 的 is wanted.
    let held = ["放得下", "放下", "装得下", "装下", "能放", "能装", "可以放", "可以装", "放进", "能进", "可进", "进得了"]
        .iter()
        .filter_map(|word| terms.find(word))
        .chain((terms.starts_with('装') && terms.contains('的')).then_some(0))
        .min();
    let Some(at) = held else { return terms.to_owned() };
    let behind = terms[at..].split_once('的').map_or("", |(_, behind)| behind);
    format!("{} {behind}", &terms[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_called_by_title_category_and_path() {
        let desk = Label::new("Muxu Rise Electric Standing Desk", "Furniture > Desks", "木序 电动升降桌", "家具 > 书桌");
        let bone = Label::new("Chew Bone with Squeaker", "Pets > Toys", "发声磨牙骨", "宠物 > 玩具");
        for (label, name, is_one) in [
            (&desk, "standing desk", true),
            (&desk, "desk", true),
            (&desk, "slow feeder", false),
            (&bone, "pet toy", true),
            (&bone, "slow feeder", false),
        ] {
            assert_eq!(Name::of(name).calls(label), is_one, "{name}");
        }
    }

    #[test]
    fn kinds_are_told_in_both_languages_and_not_by_purpose() {
        for (one, other, same) in [
            ("waterproof hiking boots", "登山鞋", true),
            ("rain jacket", "down jacket", false),
            ("power bank for laptop", "laptop", false),
            ("lighter", "rain jacket", false),
            ("通勤包 放得下14寸 laptop", "laptop", false),
            ("放得下14寸电脑的双肩包", "双肩包", true),
            ("folds tiny into handbag", "handbag", false),
            ("桌子上东西太乱", "桌子", false),
            ("能进微波炉的杯子", "微波炉", false),
            ("装水壶的侧袋", "水壶", false),
            ("男装衬衫", "衬衫", true),
            ("女童套装裙子", "裙子", true),
            ("双肩包 上班", "双肩包", true),
            ("皮鞋上班穿", "皮鞋", true),
        ] {
            assert_eq!(Kinds::of(one).overlap(&Kinds::of(other)), same, "{one}, {other}");
        }
        assert!(Kinds::of("something lighter").is_empty());
        assert!(Kinds::of("drizzle folds tiny into handbag").is_empty());
        for (name, kind, is_one) in [
            ("three-compartment microwave lunchbox", "microwave", false),
            ("conker 20000 laptop power bank 65w", "laptop", false),
            ("book 14 student laptop", "laptop", true),
            ("squall packable rain jacket", "jacket", true),
        ] {
            assert_eq!(names(name, kind), is_one, "{name}");
        }
        for (category, kind, is_one) in [
            ("dresses", "dress", true),
            ("milk frothers", "milk", false),
            ("laptop bag", "laptop", false),
            ("office chairs", "chair", true),
            ("chairs & stools", "chair", true),
            ("shoes for women", "shoes", true),
            ("shoes - women", "shoes", true),
            ("coffee & tea makers", "coffee", false),
            ("coffee & tea makers", "tea makers", true),
            ("桌子和椅子", "桌子", true),
            ("办公椅", "椅", true),
            ("椅垫", "椅", false),
        ] {
            assert_eq!(heads(category, kind), is_one, "{category}");
        }
    }
}
