//! Hits in; cards and the grounding out: everything the reply may state, each fact with the field and revision it comes from.

use super::question::sentences;
use super::quotable::{is_quotable, quotable};
use super::understand::{self, Understanding, lexicon};
use super::{Card, Rooms};
use crate::catalog::{Lang, Product, Revision};
use crate::search::segment::{is_stopword, segment};
use crate::search::{Hit, Item};
use std::collections::HashSet;

/// What a draft may say.
#[derive(Clone, Debug)]
pub struct Grounding {
    /// The shopper's own words: numbers in them may be repeated with their units.
    pub need: String,
    pub products: Vec<Fact>,
}

/// A product of the grounding in the reply's language.
#[derive(Clone, Debug)]
pub struct Fact {
    pub id: String,
    pub revision: Revision,
    pub title: String,
    pub brand: String,
    /// As the shopper reads it, "S$129.00".
    pub price: Option<String>,
    pub list_price: Option<String>,
    pub in_stock: bool,
    pub availability: &'static str,
    pub quantity: Option<i64>,
    pub colors: Vec<String>,
    pub material: String,
    /// Attribute name and value.
    pub details: Vec<(String, String)>,
    pub highlights: Vec<String>,
    pub description: String,
    pub rating: Option<i64>,
}

/// Products the model hears about: the best one, because every prompt token costs the shopper 25 ms.
const TOLD: usize = 1;

/// # Errors
/// When the store cannot be read.
pub async fn ground(rooms: &Rooms, hits: &[Hit], words: &str, lang: Lang) -> anyhow::Result<Grounding> {
    let mut products = Vec::new();
    for hit in hits.iter().take(TOLD) {
        if let Some(stored) = rooms.store.product(&hit.item.id).await? {
            products.push(fact(&stored.product, stored.revision, lang));
        }
    }
    Ok(Grounding { need: words.to_owned(), products })
}

pub fn fact(product: &Product, revision: Revision, lang: Lang) -> Fact {
    let offer = &product.offer;
    Fact {
        id: product.id.clone(),
        revision,
        title: product.title(lang).to_owned(),
        brand: product.brand.clone(),
        price: offer.price.as_ref().map(|m| m.display()),
        list_price: offer.list_price.as_ref().map(|m| m.display()),
        in_stock: product.in_stock(),
        availability: offer.availability.as_str(),
        quantity: offer.quantity,
        colors: product.colors.iter().filter(|c| is_quotable(c)).map(|c| color_name(c, lang)).collect(),
        material: quotable(product.material(lang)),
        details: product.details(lang).iter().filter(|(name, value)| is_quotable(&format!("{name}: {value}"))).cloned().collect(),
        highlights: product.highlights(lang).iter().filter(|line| is_quotable(line)).cloned().collect(),
        description: quotable(product.description(lang)),
        rating: product.rating(),
    }
}

/// The card of a hit, with the reasons in the shopper's own terms.
pub fn card(hit: &Hit, lang: Lang, need: &Understanding) -> Card {
    let mut card = card_of(&hit.item, lang);
    card.why = reasons(&hit.item, lang, need);
    card
}

pub fn card_of(item: &Item, lang: Lang) -> Card {
    Card {
        id: item.id.clone(),
        title: titled(item, lang),
        price: item.price(),
        list_price: item.list_price(),
        availability: item.availability.as_str(),
        quantity: item.quantity,
        image: item.image.to_string(),
        link: item.link.to_string(),
        rating: item.rating,
        revision: item.revision,
        why: Vec::new(),
    }
}

/// The title with the variant that is meant, "… (navy, 42)".
pub fn titled(item: &Item, lang: Lang) -> String {
    let title = item.title(lang);
    let color = if item.color.is_empty() { String::new() } else { color_name(&item.color, lang) };
    let parts: Vec<&str> = [color.as_str(), &item.size].into_iter().filter(|p| !p.is_empty() && !says(title, p)).collect();
    match (parts.is_empty(), lang) {
        (true, _) => title.to_owned(),
        (_, Lang::Zh) => format!("{title}（{}）", parts.join("，")),
        (_, Lang::En) => format!("{title} ({})", parts.join(", ")),
    }
}

/// Whether a title has the words of `part` already; "S" is not in "Shell".
fn says(title: &str, part: &str) -> bool {
    let (title, part) = (title.to_lowercase(), part.to_lowercase());
    match part.is_ascii() {
        true => format!(" {} ", title.replace(|c: char| !c.is_ascii_alphanumeric() && c != '.', " ")).contains(&format!(" {part} ")),
        false => title.contains(&part),
    }
}

pub fn color_name(color: &str, lang: Lang) -> String {
    understand::base_color(color).map_or_else(|| color.to_owned(), |base| understand::color_name(base, lang).to_owned())
}

fn reasons(item: &Item, lang: Lang, need: &Understanding) -> Vec<String> {
    let mut why = Vec::new();
    let filters = &need.filters;
    if let (Some(price), Some(max)) = (item.price(), filters.price_max)
        && price.minor <= max
    {
        let max = crate::catalog::Money::new(max, &price.currency).display();
        why.push(if lang == Lang::Zh { format!("在 {max} 以内") } else { format!("Within {max}") });
    }
    if !filters.colors.is_empty() && !item.color.is_empty() {
        let color = color_name(&item.color, lang);
        why.push(if lang == Lang::Zh { format!("有{color}") } else { format!("Comes in {color}") });
    }
    if !filters.sizes.is_empty() && !item.size.is_empty() {
        why.push(if lang == Lang::Zh { format!("有 {} 码", item.size) } else { format!("Has size {}", item.size) });
    }
    if let Some(list) = item.list_price() {
        why.push(if lang == Lang::Zh { format!("原价 {}", list.display()) } else { format!("Usually {}", list.display()) });
    }
    if let Some(rating) = item.rating.filter(|r| *r >= 400) {
        let stars = format!("{}.{}", rating / 100, rating % 100 / 10);
        why.push(if lang == Lang::Zh { format!("评分 {stars}") } else { format!("Rated {stars}") });
    }
    why.truncate(3);
    why
}

/// "waterproof: yes, 8000 mm" as people say it: "waterproof (8000 mm)".
pub(super) fn stated(name: &str, value: &str) -> String {
    let yes = ["yes", "是"]
        .iter()
        .find_map(|y| value.strip_prefix(y))
        .filter(|rest| rest.is_empty() || rest.starts_with([',', '，', ';', '；', ' ']));
    match yes.map(|rest| rest.trim_start_matches([',', '，', ';', '；', ' '])) {
        Some("") => name.to_owned(),
        Some(rest) if name.is_ascii() => format!("{name} ({rest})"),
        Some(rest) => format!("{name}（{rest}）"),
        None => format!("{name}: {value}"),
    }
}

impl Fact {
    /// The details and highlights that speak to the need, most telling first, then the others.
    pub fn telling(&self, need: &str, most: usize) -> Vec<String> {
        self.by_words(need).into_iter().take(most).map(|(.., line)| line).collect()
    }

    /// Everything its page states, a line each.
    pub fn lines(&self) -> Vec<String> {
        let details = self.details.iter().map(|(name, value)| stated(name, value));
        let material = Some(self.material.clone()).filter(|material| !material.is_empty());
        details.chain(material).chain(self.highlights.iter().cloned()).chain(sentences(&self.description)).collect()
    }

    /// Whether its title has a feature or a code that a question names: 5G, 4K, waterproof.
    pub fn is_titled(&self, question: &str) -> bool {
        let title: HashSet<String> = segment(&self.title).into_iter().collect();
        let features = lexicon::expansions(question).into_iter().filter(|e| !e.kind);
        let said = features.map(|e| question[e.span.0..e.span.1].to_lowercase());
        let code = |word: &String| word.chars().any(|c| c.is_ascii_digit()) && word.chars().any(|c| c.is_ascii_alphabetic());
        said.chain(segment(question).into_iter().filter(code)).any(|word| title.contains(&word))
    }

    /// Only lines that share a word with a question.
    pub fn speaking_to(&self, question: &str, most: usize) -> Vec<String> {
        self.by_words(question).into_iter().filter(|(shared, ..)| *shared > 0).take(most).map(|(.., line)| line).collect()
    }

    fn by_words(&self, need: &str) -> Vec<(usize, usize, String)> {
        let wanted = words(need);
        // What its title says is no news, and no answer.
        let title: HashSet<String> = segment(&self.title).into_iter().collect();
        let mut lines: Vec<(usize, usize, String)> = Vec::new();
        let details = self.details.iter().filter(|(_, value)| !denies(value)).map(|(name, value)| stated(name, value));
        for (n, line) in self.highlights.iter().cloned().chain(details).enumerate() {
            let shared = segment(&line).iter().filter(|t| wanted.contains(*t) && !title.contains(*t)).count();
            lines.push((shared, n, line));
        }
        lines.sort_by_key(|(shared, n, _)| (std::cmp::Reverse(*shared), *n));
        lines
    }
}

impl Fact {
    /// Whether any line of the page speaks of a feature of this name.
    pub fn claims(&self, name: &str) -> bool {
        let wanted = words(name);
        let details = self.details.iter().filter(|(_, value)| !denies(value)).map(|(name, value)| format!("{name} {value}"));
        details
            .chain(self.highlights.iter().cloned())
            .chain([self.title.clone()])
            .any(|line| segment(&line).iter().any(|t| wanted.contains(t)))
    }
}

/// "Waterproof: yes, 8000 mm": it has the feature.
pub fn affirms(value: &str) -> bool {
    let value = value.trim().to_lowercase();
    ["yes", "是", "支持", "有"].iter().any(|yes| value.strip_prefix(yes).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}

/// "Waterproof: no" is no merit.
pub(super) fn denies(value: &str) -> bool {
    let value = value.trim().to_lowercase();
    let no = ["no", "none", "not", "否", "无", "不", "不支持", "没有"];
    no.iter().any(|no| value.strip_prefix(no).is_some_and(|rest| rest.chars().next().is_none_or(|c| !c.is_alphanumeric())))
}

/// Whether a need has a word of a detail's name.
pub fn shares_words(need: &str, name: &str) -> bool {
    let wanted = words(need);
    segment(name).iter().any(|t| wanted.contains(t))
}

/// The words of a need and their synonyms.
fn words(need: &str) -> HashSet<String> {
    let synonyms = lexicon::expansions(need).into_iter().flat_map(|e| e.alternatives).flat_map(segment);
    synonyms.chain(segment(need)).filter(|t| !is_stopword(t)).collect()
}
