//! Stored products in, columns for filtering, grouping and product cards out. Values only; swapped as a whole.

use super::attribute::{self, Attribute};
use super::bitmap::Bitmap;
use super::column::Columns;
use super::material::{self, Materials};
use super::measure::{self, Measure};
use super::newness;
use crate::catalog::person::person;
use crate::catalog::{Availability, Lang, Money, Product, Revision, leaf};
use crate::store::catalog::Stored;
use crate::turn::understand;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

/// What a card and a filter need of a product; the rest stays in the store.
#[derive(Clone, Debug)]
pub struct Item {
    pub ord: u32,
    pub group: u32,
    pub id: String,
    pub title: Box<str>,
    pub title_zh: Box<str>,
    pub brand: Arc<str>,
    pub category: Arc<str>,
    pub category_zh: Arc<str>,
    pub image: Box<str>,
    /// The product's page as the feed has it; empty when it has none.
    pub link: Box<str>,
    /// Base colours of the lexicon, and the feed's own spelling for display.
    pub colors: Vec<Arc<str>>,
    pub color: Box<str>,
    pub materials: Materials,
    pub size: Box<str>,
    /// Of its title, size and details.
    pub measures: Box<[Measure]>,
    pub gender: Arc<str>,
    pub age_group: Arc<str>,
    pub rating: Option<i32>,
    /// What else it states by name and value: in English, in Chinese ([`attribute`]).
    pub stated: [Box<[Arc<Attribute>]>; 2],
    /// How many details its page states.
    pub details: u16,
    /// Year, month and day it came out, where its page states it ([`newness`]).
    pub released: Option<u32>,
    /// In which languages it is written: English, Chinese.
    pub written: [bool; 2],
    pub minor: Option<i64>,
    pub list_minor: Option<i64>,
    pub currency: Arc<str>,
    pub availability: Availability,
    pub quantity: Option<i64>,
    pub revision: Revision,
    /// Fingerprint of everything but the offer: when it is unchanged, neither words nor vectors need renewing.
    pub text_print: u64,
}

impl Item {
    pub fn price(&self) -> Option<Money> {
        self.minor.map(|m| Money::new(m, &self.currency))
    }

    pub fn list_price(&self) -> Option<Money> {
        self.list_minor.map(|m| Money::new(m, &self.currency))
    }

    /// Whether it costs less than usually.
    pub fn is_on_sale(&self) -> bool {
        self.list_minor.zip(self.minor).is_some_and(|(usual, now)| now < usual)
    }

    pub fn title(&self, lang: Lang) -> &str {
        if lang == Lang::Zh && !self.title_zh.is_empty() { &self.title_zh } else { &self.title }
    }

    pub fn category(&self, lang: Lang) -> &str {
        if lang == Lang::Zh && !self.category_zh.is_empty() { &self.category_zh } else { &self.category }
    }

    /// Its narrowest category.
    pub fn leaf(&self) -> &str {
        leaf(&self.category)
    }

    /// Whether it says something in this language.
    pub fn reads(&self, lang: Lang) -> bool {
        self.written[usize::from(lang == Lang::Zh)]
    }

    pub fn in_stock(&self) -> bool {
        self.availability != Availability::OutOfStock
    }
}

/// Variants of one product.
#[derive(Clone, Debug, Default)]
pub struct Group {
    pub ords: Vec<u32>,
}

/// The catalogue as columns. `items[ord]` is `None` for a product that has left.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    pub items: Vec<Option<Arc<Item>>>,
    pub groups: Arc<Vec<Group>>,
    pub by_id: Arc<HashMap<String, u32>>,
    group_of: Arc<HashMap<String, u32>>,
    words: Arc<HashMap<String, Arc<str>>>,
    attributes: Arc<HashSet<Arc<Attribute>>>,
    pub revision: Revision,
    columns: Arc<Columns>,
    stated: OnceLock<Stated>,
}

/// Which attributes the catalogue's products state at all: at least one in twenty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stated {
    pub colors: bool,
    pub sizes: bool,
    /// Gender or age group.
    pub people: bool,
}

impl Shelf {
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Counted once for each state of the shelf.
    pub fn stated(&self) -> Stated {
        *self.stated.get_or_init(|| {
            let columns = &self.columns;
            let most = |keep: &dyn Fn(&mut Bitmap)| {
                let mut stating = columns.present.clone();
                keep(&mut stating);
                stating.count() * 20 >= self.len().max(1)
            };
            Stated {
                colors: most(&|all| columns.colors.keep(all, |colors| !colors.is_empty())),
                sizes: most(&|all| columns.sizes.keep(all, |size| !size.is_empty())),
                people: most(&|all| columns.people.keep(all, |people| people.iter().any(|p| !p.is_empty()))),
            }
        })
    }

    pub fn get(&self, id: &str) -> Option<&Arc<Item>> {
        self.by_id.get(id).and_then(|ord| self.item(*ord))
    }

    pub fn item(&self, ord: u32) -> Option<&Arc<Item>> {
        self.items.get(ord as usize).and_then(Option::as_ref)
    }

    /// The currency the shop sells in: that of its first priced product.
    pub fn currency(&self) -> String {
        let priced = self.items.iter().flatten().find(|item| item.minor.is_some());
        priced.map_or_else(|| "USD".to_owned(), |item| item.currency.to_string())
    }

    /// Products on the shelf.
    pub fn len(&self) -> usize {
        self.columns.present.count()
    }

    pub fn is_empty(&self) -> bool {
        self.columns.present.is_empty()
    }

    /// The variants of an item's product, the item among them.
    pub fn variants<'a>(&'a self, item: &Item) -> impl Iterator<Item = &'a Arc<Item>> {
        self.groups[item.group as usize].ords.iter().filter_map(|ord| self.item(*ord))
    }

    /// The groups that have a variant among `allowed`.
    pub fn groups_of(&self, allowed: &Bitmap) -> Bitmap {
        self.columns.groups_of(allowed, self.groups.len())
    }

    /// The variant to show for a group: allowed, in stock if any is, else the first.
    pub fn choose(&self, group: u32, allowed: &Bitmap) -> Option<Arc<Item>> {
        let group = self.groups.get(group as usize)?;
        let mut fitting = group.ords.iter().filter(|ord| allowed.contains(**ord as usize)).filter_map(|ord| self.item(*ord));
        let first = fitting.next()?;
        let stocked = std::iter::once(first).chain(fitting).find(|item| item.in_stock());
        Some(stocked.unwrap_or(first).clone())
    }

    /// Ranked variants → ranked products: each group keeps its best variant. At most `depth` groups.
    pub fn best_of_groups(&self, ranked: &[(u32, f32)], depth: usize) -> Vec<(u32, f32)> {
        let mut best: Vec<(u32, f32)> = Vec::new();
        let mut seen = HashSet::new();
        for (ord, score) in ranked {
            if let Some(item) = self.item(*ord)
                && seen.insert(item.group)
            {
                best.push((*ord, *score));
                if best.len() == depth {
                    break;
                }
            }
        }
        best
    }

    /// Applies one row of the change log. Returns true when its words (not just its offer) changed.
    pub fn apply(&mut self, stored: &Stored) -> bool {
        self.stated = OnceLock::new();
        let ord = stored.ord as usize;
        if self.items.len() <= ord {
            self.items.resize(ord + 1, None);
        }
        self.revision = self.revision.max(stored.revision);
        let before = self.items[ord].as_ref().map(|i| i.text_print);
        if stored.gone {
            self.items[ord] = None;
            Arc::make_mut(&mut self.columns).remove(ord);
            return before.is_some();
        }
        let group = self.group(&stored.product.group, ord as u32);
        let item = self.make(stored, group);
        let changed = before != Some(item.text_print);
        if !self.by_id.contains_key(&item.id) {
            Arc::make_mut(&mut self.by_id).insert(item.id.clone(), ord as u32);
        }
        Arc::make_mut(&mut self.columns).put(&item);
        self.items[ord] = Some(Arc::new(item));
        changed
    }

    fn group(&mut self, name: &str, ord: u32) -> u32 {
        let group = match self.group_of.get(name) {
            Some(group) => *group,
            None => {
                let group = self.groups.len() as u32;
                Arc::make_mut(&mut self.group_of).insert(name.to_owned(), group);
                Arc::make_mut(&mut self.groups).push(Group::default());
                group
            }
        };
        if !self.groups[group as usize].ords.contains(&ord) {
            Arc::make_mut(&mut self.groups)[group as usize].ords.push(ord);
        }
        group
    }

    fn make(&mut self, stored: &Stored, group: u32) -> Item {
        let product = &stored.product;
        let colors = base_colors(product).iter().map(|c| self.word(c)).collect();
        let (states, materials) = material::of(product);
        let materials = (states, materials.into_iter().map(|id| self.word(id)).collect());
        let (gender, age_group) = person(&product.gender, &product.age_group);
        let (offer, zh) = (&product.offer, product.localized.get("zh"));
        Item {
            ord: stored.ord as u32,
            group,
            id: product.id.clone(),
            title: product.title(Lang::En).into(),
            title_zh: zh.map_or("", |t| t.title.as_str()).into(),
            brand: self.word(&product.brand),
            category: self.word(product.category(Lang::En)),
            category_zh: self.word(zh.map_or("", |t| t.category.as_str())),
            image: product.images.first().map_or("", String::as_str).into(),
            link: product.link.as_str().into(),
            colors,
            color: product.colors.join(" / ").into(),
            materials,
            size: product.size.as_str().into(),
            measures: measure::stated(product),
            gender: self.word(gender),
            age_group: self.word(age_group),
            rating: product.rating().map(|r| r as i32),
            stated: [Lang::En, Lang::Zh]
                .map(|lang| attribute::of(product, lang).map(|(name, value)| self.attribute(name, value)).collect()),
            details: product.text.details.len().min(usize::from(u16::MAX)) as u16,
            released: newness::released(product),
            written: written(product),
            minor: offer.price.as_ref().map(|m| m.minor),
            list_minor: offer.list_price.as_ref().map(|m| m.minor),
            currency: self.word(offer.price.as_ref().map_or("", |m| m.currency.as_str())),
            availability: offer.availability,
            quantity: offer.quantity,
            revision: stored.revision,
            text_print: text_print(product),
        }
    }

    /// One copy of each repeated word, however many products carry it.
    fn word(&mut self, text: &str) -> Arc<str> {
        if let Some(word) = self.words.get(text) {
            return word.clone();
        }
        let word: Arc<str> = text.into();
        Arc::make_mut(&mut self.words).insert(text.to_owned(), word.clone());
        word
    }

    /// One copy of each pair.
    fn attribute(&mut self, name: &str, value: &str) -> Arc<Attribute> {
        let attribute = Attribute { name: self.word(name), value: value.into() };
        if let Some(known) = self.attributes.get(&attribute) {
            return known.clone();
        }
        let attribute = Arc::new(attribute);
        Arc::make_mut(&mut self.attributes).insert(attribute.clone());
        attribute
    }
}

/// The lexicon's base colours of a product: its `color` field, or a detail that names one.
fn base_colors(product: &Product) -> Vec<String> {
    let named: Vec<&str> = match product.colors.is_empty() {
        false => product.colors.iter().map(String::as_str).collect(),
        true => {
            let details = product.text.details.iter().filter(|(name, _)| attribute::states_colour(name));
            details.flat_map(|(_, value)| value.split([',', '/'])).map(str::trim).take(4).collect()
        }
    };
    named.iter().map(|c| understand::base_color(c).map_or_else(|| c.to_lowercase(), str::to_owned)).collect()
}

fn written(product: &Product) -> [bool; 2] {
    let mut written = [false, false];
    for text in std::iter::once(&product.text).chain(product.localized.values()) {
        let said = if text.title.is_empty() { &text.description } else { &text.title };
        written[usize::from(super::segment::is_chinese(said))] |= !said.is_empty();
    }
    written
}

fn text_print(product: &Product) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    let mut words = product.clone();
    words.offer = Default::default();
    serde_json::to_string(&words).unwrap_or_default().hash(&mut hasher);
    hasher.finish()
}
