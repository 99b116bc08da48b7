//! A product's record and an allergen in; whether the record names it, says that there is none of it, or does not say what is in it, out.
//! Pure but for [`spare`].

use super::ground::Fact;
use super::retrieve::{CARDS, filter, look};
use super::understand::material::stated_materials;
use super::understand::{Filters, absent_words, allergen_words};
use super::{Sentence, Turn, facts, kindness};
use crate::catalog::{Lang, Product, department};
use crate::search::{Found, Hit, Sort};

/// What the details that list ingredients are called.
const LISTS: [&str; 7] = ["ingredient", "allergen", "配料", "成分", "过敏", "原料", "成份"];
/// How the name of one begins that is about a single thing: "contains latex".
const HOLDS: [&str; 3] = ["contains", "may contain", "含"];
const MADE_OF: [&str; 3] = ["material", "材质", "材料"];
const NONE: [&str; 8] = ["none", "no", "无", "否", "没有", "不含", "free", "0"];
const LACKS: [&str; 5] = ["no", "without", "non", "zero", "sans"];
const LACKS_ZH: [&str; 12] = ["请选", "改选", "不含有", "不含", "不添加", "未添加", "不加", "没有", "不用", "无", "零", "非"];

/// Lets in again what an exclusion has kept out only because its record says that there is none of it: "no egg, no milk".
pub(super) async fn spare(turn: &Turn<'_>, found: &mut Found, terms: &str, filters: &Filters, sort: Option<Sort>) -> anyhow::Result<()> {
    if filters.allergies.is_empty() && filters.not_terms.is_empty() {
        return Ok(());
    }
    let open = Filters { allergies: Vec::new(), not_terms: Vec::new(), ..filters.clone() };
    let open = look(turn, terms, filter(&open), sort).await?.hits;
    // What only the name of a detail tells (contains latex: yes) is in no index.
    let mut kept = Vec::new();
    for hit in std::mem::take(&mut found.hits) {
        let stored = turn.rooms.store.product(&hit.item.id).await?;
        kept.extend(stored.is_none_or(|s| agrees(&s.product, filters)).then_some(hit));
    }
    found.hits = kept;
    let Some(kind) = open.first().map(|best| department(&best.item.category).to_owned()) else { return Ok(()) };
    let known = |hit: &Hit, hits: &[Hit]| hits.iter().any(|k| k.item.group == hit.item.group);
    let mut spared = Vec::new();
    for hit in open.iter().filter(|hit| !known(hit, &found.hits) && department(&hit.item.category) == kind) {
        if let Some(stored) = turn.rooms.store.product(&hit.item.id).await?
            && ruled_out_by_mistake(&stored.product, filters)
        {
            spared.push(hit.clone());
        }
    }
    found.total += spared.len();
    if sort.is_some() {
        let order = |hit: &Hit| open.iter().position(|o| o.item.group == hit.item.group).unwrap_or(open.len());
        found.hits.extend(spared);
        found.hits.sort_by_key(order);
    } else {
        // Of whoever must avoid it they are the likeliest to be of use.
        let at = if filters.allergies.is_empty() { found.hits.len() } else { 0 };
        found.hits.splice(at..at, spared);
    }
    found.hits.truncate(CARDS);
    Ok(())
}

/// Whether a record mentions what is ruled out, but only to say that there is none of it.
fn ruled_out_by_mistake(product: &Product, filters: &Filters) -> bool {
    let allergens = filters.allergies.iter().flat_map(|a| allergen_words(a));
    let mut words = allergens.chain(filters.not_terms.iter().map(String::as_str));
    let texts = texts(product, true);
    agrees(product, filters) && words.any(|word| texts.iter().any(|text| mentions(text, word, true) || mentions(text, word, false)))
}

/// Whether a record names nothing of what is ruled out as being in it.
fn agrees(product: &Product, filters: &Filters) -> bool {
    let texts = texts(product, true);
    filters.allergies.iter().all(|a| !names(product, &allergen_words(a), &absent_words(a)))
        && filters.not_terms.iter().all(|word| is_of_others(product, word) || !texts.iter().any(|text| mentions(text, word, false)))
}

/// Whether a product states what it is made of, and that it is not of the material that is ruled out: plain cotton "for people who find
/// wool itchy".
fn is_of_others(product: &Product, word: &str) -> bool {
    let refused = stated_materials(word);
    let made_of: Vec<&str> = [Lang::En, Lang::Zh].iter().flat_map(|lang| stated_materials(product.material(*lang))).collect();
    !refused.is_empty() && !made_of.is_empty() && !made_of.iter().any(|material| refused.contains(material))
}

/// Whether the message asks if a product agrees with somebody.
pub(super) fn asks_whether_safe(text: &str) -> bool {
    let text = format!(" {} ", text.to_lowercase());
    let cues = [
        " ok for",
        " okay for",
        " safe for",
        " fine for",
        " ok to eat",
        " safe to eat",
        "can she eat",
        "can he eat",
        "can i eat",
        "can they eat",
        "can she have",
        "can he have",
        "can i have that",
        "can i have this",
        "can i have it",
        "is it safe",
        "is that safe",
        "is it ok",
        "is that ok",
        "does it contain",
        "does that contain",
        "does this contain",
        "whats in it",
        "what's in it",
        "what is in it",
        "any nuts in",
        "ingredients",
        "能吃吗",
        "能吃不",
        "可以吃吗",
        "能不能吃",
        "能喝吗",
        "可以喝吗",
        "安全吗",
        "里面有什么",
        "里面有啥",
        "什么成分",
        "配料",
        "含不含",
        "有没有含",
        "能用吗",
        "可以用吗",
    ];
    cues.iter().any(|cue| text.contains(cue))
}

/// Whether a record lists ingredients or allergens.
pub(super) fn lists_ingredients(product: &Product) -> bool {
    [Lang::En, Lang::Zh].into_iter().any(|lang| product.details(lang).iter().any(|(name, _)| is_list(name)))
}

fn is_list(name: &str) -> bool {
    let name = name.to_lowercase();
    LISTS.iter().any(|list| name.contains(list)) || HOLDS.iter().any(|holds| name.starts_with(holds))
}

/// Whether a record says what the product is made of.
pub(super) fn states_ingredients(product: &Product) -> bool {
    let lists = |name: &str| is_list(name) || MADE_OF.iter().any(|list| name.to_lowercase().contains(list));
    [Lang::En, Lang::Zh]
        .into_iter()
        .any(|lang| !product.material(lang).is_empty() || product.details(lang).iter().any(|(name, _)| lists(name)))
}

/// What a record states of its ingredients, in the light of somebody's allergies.
pub(super) fn told(fact: &Fact, product: &Product, allergies: &[String], lang: Lang) -> Vec<Sentence> {
    let lists = fact.details.iter().filter(|(name, _)| is_list(name));
    let lines: Vec<String> = lists.map(|(name, value)| format!("{name}: {value}")).collect();
    let mut sentences = Vec::new();
    if lines.is_empty() && fact.material.is_empty() {
        return kindness::unpromised(std::slice::from_ref(&fact.title), allergies, lang).map(Sentence::plain).into_iter().collect();
    }
    if !lines.is_empty() {
        let text = match lang {
            Lang::Zh => format!("{}的资料写着：{}。", fact.title, lines.join("；")),
            Lang::En => format!("The record of {} says: {}.", fact.title, lines.join("; ")),
        };
        let claims = lines.iter().map(|line| facts::claim(line, &fact.id, "details", line, fact.revision)).collect();
        sentences.push(Sentence { text, claims });
    }
    let named: Vec<String> = allergies.iter().filter(|a| names(product, &allergen_words(a), &absent_words(a))).cloned().collect();
    sentences.push(Sentence::plain(match named.is_empty() {
        false => kindness::names_it(&named, lang),
        true => kindness::does_not_name_it(allergies, lang),
    }));
    sentences
}

/// Whether a record names one of the words as something that is, or may be, in it. Where ingredients are listed and the label says that it
/// has none, what the description tells of is not counted: "where milk is off the list".
fn names(product: &Product, words: &[&str], absent: &[&str]) -> bool {
    let trusted = lists_ingredients(product) && says_absent(product, absent);
    // «过敏原: 蛋、奶»: where allergens are declared, their short names count.
    let declares = |name: &str| name.to_lowercase().contains("allergen") || name.contains("过敏");
    let details = [Lang::En, Lang::Zh].into_iter().flat_map(|lang| product.details(lang));
    let mut declared = details.filter(|(name, _)| declares(name)).map(|(_, value)| value.to_lowercase());
    declared.any(|value| absent.iter().any(|word| mentions(&value, word, false)))
        || texts(product, !trusted).iter().any(|text| words.iter().any(|word| mentions(text, word, false)))
}

/// Whether title, highlights or details say that there is none of it.
fn says_absent(product: &Product, absent: &[&str]) -> bool {
    texts(product, false).iter().any(|text| absent.iter().any(|word| mentions(text, word, true)))
}

/// What a record says, part by part; a detail with its name, and one that says "none" as an absence.
fn texts(product: &Product, described: bool) -> Vec<String> {
    let mut texts = Vec::new();
    for lang in [Lang::En, Lang::Zh] {
        texts.extend([product.title(lang), product.material(lang)].map(str::to_lowercase));
        texts.extend(product.highlights(lang).iter().map(|line| line.to_lowercase()));
        for (name, value) in product.details(lang) {
            let (name, value) = (name.to_lowercase(), value.to_lowercase());
            texts.push(if NONE.contains(&value.trim()) {
                format!("{}{name}", if name.is_ascii() { "no " } else { "无" })
            } else {
                format!("{name}: {value}")
            });
        }
        texts.extend(described.then(|| product.description(lang).to_lowercase()));
    }
    texts
}

/// Whether a lower-case text has the word as something that is there; with `lacking`, as something that is not.
fn mentions(text: &str, word: &str, lacking: bool) -> bool {
    if !word.is_ascii() {
        return text.match_indices(word).any(|(at, _)| lacks_zh(&text[..at]) == lacking);
    }
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() || !c.is_ascii()).filter(|w| !w.is_empty()).collect();
    let stem = |w: &str| w.trim_end_matches('s').to_owned();
    let wanted: Vec<String> = word.to_lowercase().split(' ').map(stem).collect();
    words.windows(wanted.len()).enumerate().any(|(at, window)| {
        let same = window.iter().map(|w| stem(w)).eq(wanted.iter().cloned());
        same && lacks(&words, at, at + wanted.len()) == lacking
    })
}

/// "No milk", "no added milk", "no nuts or milk", "free of milk", "milk-free".
fn lacks(words: &[&str], start: usize, end: usize) -> bool {
    let at = |back: usize| start.checked_sub(back).map_or("", |i| words[i]);
    let no = |word: &str| LACKS.contains(&word);
    no(at(1))
        || (matches!(at(1), "added" | "any") && no(at(2)))
        || (matches!(at(1), "or" | "nor") && no(at(3)))
        || (matches!(at(1), "of" | "from") && at(2) == "free")
        || words.get(end) == Some(&"free")
}

/// 不含牛奶, 不含香精和酒精, 无蛋无奶.
fn lacks_zh(before: &str) -> bool {
    let clause = before.rsplit(['，', '。', '；', ',', ';', ':', '：', ' ', '（', '(']).next().unwrap_or("");
    if LACKS_ZH.iter().any(|no| clause.ends_with(no)) {
        return true;
    }
    let Some(list) = clause.strip_suffix(['和', '、', '或', '及', '与']) else { return false };
    LACKS_ZH.iter().any(|no| list.rfind(no).is_some_and(|at| !list[at + no.len()..].contains('含') && list[at..].chars().count() <= 12))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_to_be_absent_is_not_named() {
        for (text, word, named, absent) in [
            ("oat & raisin biscuits, no egg, no milk", "milk", false, true),
            ("milk-free", "milk", false, true),
            ("free from nuts", "nut", false, true),
            ("no nuts or milk", "milk", false, true),
            ("no sugar, contains milk", "milk", true, false),
            ("allergens: may contain milk, tree nuts", "nut", true, false),
            ("nutty and chewy", "nut", false, false),
            ("natural tone, rubber feet", "natural rubber", false, false),
            ("natural rubber, cotton", "natural rubber", true, false),
            ("不含香精和酒精", "酒精", false, true),
            ("无蛋无奶", "奶", false, true),
            ("no fragrance", "fragrance", false, true),
            ("不含麸质，含牛奶", "牛奶", true, false),
            ("无糖、含牛奶", "牛奶", true, false),
        ] {
            assert_eq!(mentions(text, word, false), named, "{text}: {word} is named");
            assert_eq!(mentions(text, word, true), absent, "{text}: {word} is absent");
        }
    }

    #[test]
    fn whether_it_agrees_with_somebody_is_asked() {
        for (text, want) in [
            ("is the dark chocolate ok for her?", true),
            ("那混合坚果她能吃吗", true),
            ("海苔那个里面有什么", true),
            ("does it contain milk?", true),
            ("dark chocolate for her", false),
            ("饼干有哪些", false),
        ] {
            assert_eq!(asks_whether_safe(text), want, "{text}");
        }
    }
}
