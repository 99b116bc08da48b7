//! The nouns of the shop: `Product`, `Offer`, `Money`, `Revision`. Values only; nothing here reads or writes.

pub mod money;
pub mod person;

pub use money::Money;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Identifier of one sellable variant, as the shop's own feed spells it. Never empty, at most 200 bytes.
pub type ProductId = String;

/// A number that grows with every change of the catalogue; a claim is bound to the revision it was read at.
pub type Revision = i64;

/// One sellable variant with everything the feed said about it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Product {
    pub id: ProductId,
    /// Variants of one product share it; a product without variants is its own group.
    pub group: String,
    /// The feed's own text, and the translations under their language code ("zh", "en").
    pub text: Texts,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub localized: BTreeMap<String, Texts>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub brand: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub colors: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub size: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub gender: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub age_group: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub gtin: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mpn: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub link: String,
    /// What the feed said: a path, a URL, or `draw:shape` for the demo shop's own drawings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<Review>,
    pub offer: Offer,
}

/// Text of a product in one language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Texts {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Path from the widest to the narrowest, "A > B > C".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub category: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub material: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pattern: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub highlights: Vec<String>,
    /// Attribute name and value, in the feed's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<(String, String)>,
}

/// What it costs and whether it can be had: the part that changes daily.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// The price asked now (the sale price when there is one); absent when the feed names none.
    pub price: Option<Money>,
    /// The usual price, when `price` is a sale price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_price: Option<Money>,
    pub availability: Availability,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<i64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    #[default]
    InStock,
    OutOfStock,
    Preorder,
    Backorder,
}

impl Availability {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InStock => "in_stock",
            Self::OutOfStock => "out_of_stock",
            Self::Preorder => "preorder",
            Self::Backorder => "backorder",
        }
    }

    /// Accepts the feed's spellings ("in stock", "in_stock", "https://schema.org/InStock").
    pub fn parse(text: &str) -> Option<Self> {
        let key: String = text.rsplit('/').next()?.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        match key.as_str() {
            "instock" | "available" | "limitedavailability" => Some(Self::InStock),
            "outofstock" | "soldout" | "discontinued" => Some(Self::OutOfStock),
            "preorder" | "presale" => Some(Self::Preorder),
            "backorder" => Some(Self::Backorder),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Review {
    pub rating: i64,
    #[serde(default)]
    pub author: String,
    pub text: String,
    #[serde(default)]
    pub lang: String,
}

/// The two languages Daogou speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    Zh,
    #[default]
    En,
}

impl Lang {
    pub fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// From a locale such as "zh-CN" or "en_US"; anything that is not Chinese reads English.
    pub fn of_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("zh") { Self::Zh } else { Self::En }
    }
}

/// The narrowest category of a path: "A > B > C" → "C".
pub fn leaf(path: &str) -> &str {
    path.rsplit(" > ").next().unwrap_or("")
}

/// The widest category of a path: "A > B > C" → "A".
pub fn department(path: &str) -> &str {
    path.split(" > ").next().unwrap_or("")
}

impl Product {
    /// The text in a language, field by field falling back to the feed's own.
    pub fn title(&self, lang: Lang) -> &str {
        self.pick(lang, |t| &t.title)
    }

    pub fn description(&self, lang: Lang) -> &str {
        self.pick(lang, |t| &t.description)
    }

    pub fn category(&self, lang: Lang) -> &str {
        self.pick(lang, |t| &t.category)
    }

    pub fn material(&self, lang: Lang) -> &str {
        self.pick(lang, |t| &t.material)
    }

    pub fn highlights(&self, lang: Lang) -> &[String] {
        match self.localized.get(lang.code()) {
            Some(t) if !t.highlights.is_empty() => &t.highlights,
            _ => &self.text.highlights,
        }
    }

    pub fn details(&self, lang: Lang) -> &[(String, String)] {
        match self.localized.get(lang.code()) {
            Some(t) if !t.details.is_empty() => &t.details,
            _ => &self.text.details,
        }
    }

    /// All its page says in one language, as one text.
    pub fn page(&self, lang: Lang) -> String {
        let details = self.details(lang).iter().map(|(name, value)| format!("{name}: {value}"));
        let lines = [self.title(lang), self.description(lang), self.material(lang)].map(str::to_owned);
        lines.into_iter().chain(self.highlights(lang).iter().cloned()).chain(details).collect::<Vec<_>>().join("\n")
    }

    pub fn in_stock(&self) -> bool {
        self.offer.availability != Availability::OutOfStock
    }

    /// Mean rating in hundredths of a star, if anyone has rated it.
    pub fn rating(&self) -> Option<i64> {
        let n = self.reviews.len() as i64;
        (n > 0).then(|| self.reviews.iter().map(|r| r.rating * 100).sum::<i64>() / n)
    }

    fn pick<'a>(&'a self, lang: Lang, field: impl Fn(&'a Texts) -> &'a String) -> &'a str {
        let own = field(&self.text);
        match self.localized.get(lang.code()).map(&field) {
            Some(text) if !text.is_empty() => text,
            _ => own,
        }
    }
}
