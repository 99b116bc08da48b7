//! In: one message of a shopper, zh or en. Out: its `Understanding`: what is asked, the words to search for, and the filters
//! said in it, each with the bytes it rests on. Pure: word lists of `assets/lexicon` and hand-written grammar, no model.
//!
//! Order matters: measures claim their numbers first, then sizes, then prices, so that «42码» or «15.6 inch» never
//! becomes a price. Words nothing claims are the search words.

mod allergy;
mod aside;
mod child;
pub mod colour;
mod cue;
mod danger;
mod intent;
pub mod lang;
pub mod learned;
pub mod lexicon;
mod marks;
pub mod material;
pub mod matter;
pub(crate) mod number;
mod person;
mod pet;
pub(crate) mod phrasebook;
mod price;
pub mod problem;
pub mod reader;
pub(crate) mod reading;
mod refer;
mod reject;
mod release;
mod remark;
pub mod size;
mod terms;
pub mod unit;
mod waive;
mod who;

pub use allergy::{absent_words, allergen_name, allergen_words};
pub use child::names_adults_only;
pub use colour::{base_color, color_family, color_name};
pub use danger::{Danger, is_means};
pub use intent::{Deed, Intent, Refinement, Sort};
pub use lang::Lang;
pub use lexicon::{Expansion, expansions, synonyms_of};
pub use marks::Evidence;
pub use material::{material_name, only_materials, without_materials};
pub use pet::{is_pet, is_pet_food, names_pet};
pub use refer::Reference;
pub use release::Slot;
pub use remark::{Remark, remark};
pub use unit::{Bound, Quantity, normalize_quantities};
pub use who::Recipient;

use marks::Marks;
use reading::Reading;
use serde::{Deserialize, Serialize};

/// What one message says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Understanding {
    /// The language most of it is in; English when it has no words (`lang::detect` tells).
    pub lang: Lang,
    pub intent: Intent,
    /// The product words, as typed. Empty when the message names no product.
    pub terms: String,
    pub filters: Filters,
    pub sort: Option<Sort>,
    pub recipient: Option<Recipient>,
    pub reference: Option<Reference>,
    /// How the results should change.
    pub refinement: Option<Refinement>,
    /// Conditions of the need that no longer count.
    pub released: Vec<Slot>,
    pub told: Told,
    pub evidence: Vec<Evidence>,
}

/// What a message tells of people and their state, beside what it asks for.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Told {
    /// Allergies that are over; an empty list is all of them.
    pub recovered: Option<Vec<String>>,
    pub danger: Option<Danger>,
    /// Words of somebody who suffers.
    pub distress: bool,
    /// Somebody is with them, or has been called.
    pub company: bool,
    /// They say that they have come to buy.
    pub errand: bool,
    /// What could do harm in the wrong hour is named.
    pub means: bool,
    /// Whoever writes is under age.
    pub minor: bool,
    /// Months of the youngest whose age is said.
    pub age: Option<u32>,
    /// It is for somebody under age.
    pub for_child: bool,
    /// Something only adults may buy is named.
    pub adults_only: bool,
    /// What a product does for somebody's health is asked.
    pub health: bool,
    /// An animal is named.
    pub pet: bool,
    /// The price limit is lifted.
    pub any_price: bool,
}

/// Prices are minor units (cents; whole units of JPY and KRW). Colours, gender and age group are catalogue values.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Filters {
    pub price_min: Option<i64>,
    pub price_max: Option<i64>,
    /// The price named; `price_min` and `price_max` are 20 % around it.
    pub price_about: Option<i64>,
    /// ISO code, only when the message says a currency that is no other's: `$` and 元 are the shop's own.
    pub currency: Option<String>,
    pub colors: Vec<String>,
    pub not_colors: Vec<String>,
    /// What it is made of: any of these, ids of `materials.toml`.
    #[serde(default)]
    pub materials: Vec<String>,
    pub sizes: Vec<String>,
    /// Always empty here: brands come from the catalogue ([`super::words::read`]).
    pub brands: Vec<String>,
    pub gender: Option<String>,
    pub age_group: Option<String>,
    pub not_terms: Vec<String>,
    /// What must not be in it, whatever else is wished for.
    #[serde(default)]
    pub allergies: Vec<String>,
    pub quantities: Vec<Quantity>,
    pub in_stock: bool,
    /// What costs less than usually.
    #[serde(default)]
    pub on_sale: bool,
}

/// Understands one message. Never fails: a message without a cue is a search for its words.
pub fn understand(text: &str) -> Understanding {
    let reading = Reading::of(text);
    let mut marks = Marks::new(reading.len());
    let numbers = number::scan(&reading);

    let minor = child::minor(&reading, &numbers, &mut marks);
    let allergies = allergy::allergies(&reading, &mut marks);
    let released = release::released(&reading, &mut marks);
    let any_price = waive::waived(&reading, &mut marks);
    let place = refer::listed(&reading, &numbers, &mut marks);
    let measures = unit::quantities(&reading, &numbers, &mut marks);
    let mut sizes = size::sizes(&reading, &numbers, &mut marks);
    let price = price::price(&reading, &numbers, &mut marks);
    size::shoe_sizes(&reading, &numbers, &mut marks, &mut sizes);
    let sort = intent::sort(&reading, &mut marks);
    let in_stock = intent::in_stock(&reading, &mut marks);
    let on_sale = intent::on_sale(&reading, &mut marks);
    let colours = colour::colours(&reading, &mut marks);
    let mut not_terms = reject::rejected(&reading, &mut marks);
    let mut materials = material::materials(&reading, &mut marks, &mut not_terms);
    // «Not wool, wool makes me itch»
    materials.retain(|id| !not_terms.iter().any(|word| material::stated_materials(word).contains(&id.as_str())));
    let pet = pet::named(&reading);
    // An old dog wears no children's sizes.
    let ages = if pet { Vec::new() } else { measures.ages };
    let who = who::who(&reading, &ages, &mut marks);
    let health = danger::asks_a_doctor(&reading, &mut marks);
    // «These are for a guy. Does the black one come in 43?»
    let mut reference = match place {
        Some(Reference::These) => refer::described(&reading, &mut marks).or(place),
        place => place.or_else(|| refer::shown(&reading, &mut marks)),
    };
    let pointing = reference.is_some() || refer::points(&reading);
    let refinement = intent::refinement_said(&reading, &marks);
    let danger = danger::danger(&reading);
    let intent = if danger.is_some() { Intent::Emergency } else { intent::intent(&reading, pointing, &mut marks) };
    let owned = aside::owned(&reading);
    let mut terms = terms::terms(&reading, &marks, &owned);
    if not_terms.iter().any(|word| terms.contains(word)) {
        // «他积木一大堆了 别再积木»: what is refused is not looked for.
        let rest = not_terms.iter().fold(terms, |terms, word| terms.replace(word, ""));
        terms = if expansions(&rest).is_empty() { String::new() } else { rest.trim().to_owned() };
    }
    if reference.is_none() && pointing && terms.is_empty() && matches!(intent, Intent::Detail | Intent::Price | Intent::Availability) {
        reference = Some(Reference::This);
    }

    // «I need them to be light»: with products named, a bare pronoun means those.
    let pronoun = reference == Some(Reference::These) && lang::of(&reading) == Some(Lang::En);
    if intent == Intent::Find && pronoun && terms.split_whitespace().count() > 1 {
        reference = None;
    }

    let (mut colors, mut not_colors) = (colours.wanted, colours.refused);
    if refinement == Some(Refinement::OtherColor) {
        // «Yellow is taken, another colour?»
        not_colors.append(&mut colors);
    }
    let filters = Filters {
        price_min: price.min,
        price_max: price.max,
        price_about: price.about,
        currency: price.currency,
        colors,
        not_colors,
        materials,
        sizes,
        brands: Vec::new(),
        gender: who.gender,
        age_group: who.age_group,
        not_terms,
        allergies: allergies.told,
        // «A backpack that fits a 14 inch laptop» is not 14 inches.
        quantities: measures.quantities.into_iter().filter(|q| !aside::measures(&reading, &owned, &q.text)).collect(),
        in_stock,
        on_sale,
    };
    let told = Told {
        recovered: allergies.recovered,
        danger,
        distress: danger::distressed(&reading),
        company: danger::in_company(&reading),
        errand: danger::on_an_errand(&reading),
        means: danger::names_means(&reading),
        minor,
        age: ages.iter().copied().reduce(f64::min).map(|months| months as u32),
        for_child: child::for_child(&reading, &ages, who.recipient.as_ref()),
        adults_only: child::adults_only(&reading),
        health,
        pet,
        any_price,
    };
    let lang = lang::of(&reading).unwrap_or(Lang::En);
    Understanding {
        lang,
        intent,
        terms,
        filters,
        sort,
        recipient: who.recipient,
        reference,
        told,
        refinement,
        released,
        evidence: marks.evidence,
    }
}

#[cfg(test)]
mod tests;
