//! What a message says of sizes and colours, and the variants of what is shown or found, in; the option that is meant out.

use super::Turn;
use super::cue::{self, plain};
use super::kind::Kinds;
use super::question::{self, Preference};
use super::retrieve::filter;
use super::understand::{Bound, Filters, Intent, Reference, normalize_quantities};
use crate::search::{Hit, Item};
use std::sync::Arc;

/// Two measures this near are one.
const SAME: f64 = 0.03;
/// Says that a larger one is wanted, or a smaller one; of a bottle, a pack, a screen.
const LARGER: [&str; 17] = [
    "bigger",
    "larger",
    "big one",
    "large one",
    "big bag",
    "large bag",
    "big pack",
    "big bottle",
    "large bottle",
    "更大",
    "大一点",
    "大点",
    "大瓶",
    "大包的",
    "大袋",
    "大份",
    "大号的",
];
const SMALLER: [&str; 12] =
    ["smaller", "small one", "small bag", "small pack", "small bottle", "travel size", "更小", "小一点", "小点", "小瓶", "小包的", "小袋"];

/// The size that a measure asks for, of sizes with their values: the same, or of heights the next larger: children grow.
fn fitting(sizes: &mut [(f64, String)], wanted: f64) -> Option<String> {
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let is_height = sizes.iter().all(|(_, size)| size.ends_with("cm"));
    let same = sizes.iter().find(|(value, _)| (value - wanted).abs() <= SAME * wanted);
    same.or_else(|| sizes.iter().find(|(value, _)| is_height && *value >= wanted)).map(|(_, size)| size.clone())
}

/// Whether a length is told in inches: bicycles of 16 inches are for nobody's height.
fn is_in_inches(size: &str) -> bool {
    size.to_lowercase().contains("in") || size.contains(['寸', '吋', '"', '″'])
}

/// The one measure that a size states, as "90 ml" does.
fn measure(size: &str) -> Option<(String, f64)> {
    // A message hardly says "65 in", but sizes are written so.
    let inches = size.strip_suffix(" in").map(|number| format!("{number} inch"));
    match &normalize_quantities(inches.as_deref().unwrap_or(size))[..] {
        [one] => Some((one.unit.clone(), one.value)),
        _ => None,
    }
}

/// "A raincoat, she is 118 cm tall", "a 65 inch television": of what comes in such sizes, the one that is meant.
pub(super) fn take_wanted_sizes(turn: &Turn<'_>, hits: &mut [Hit], filters: &Filters) {
    let (shelf, others) = (turn.rooms.search.shelf(), filter(&Filters { quantities: Vec::new(), ..filters.clone() }));
    for wanted in filters.quantities.iter().filter(|wanted| wanted.bound == Bound::Exact) {
        for hit in hits.iter_mut() {
            let variants: Vec<Arc<Item>> = shelf.variants(&hit.item).filter(|variant| others.admits(variant)).cloned().collect();
            let alike = |size: &str| is_in_inches(size) == is_in_inches(&wanted.text);
            let of_unit = |variant: &Arc<Item>| measure(&variant.size).filter(|(unit, _)| *unit == wanted.unit && alike(&variant.size));
            let mut sizes: Vec<(f64, String)> = variants.iter().filter_map(|v| Some((of_unit(v)?.1, v.size.to_string()))).collect();
            let Some(size) = fitting(&mut sizes, wanted.value) else { continue };
            let of_size = variants.into_iter().filter(|variant| *variant.size == *size);
            if let Some(variant) = of_size.min_by_key(|variant| (!variant.in_stock(), variant.color != hit.item.color)) {
                hit.item = variant;
            }
        }
    }
}

/// The sizes in which what was found can be had now, each once; none where there are too many to be told.
pub(super) fn sizes_of(turn: &Turn<'_>, hits: &[Hit]) -> Vec<String> {
    const MOST: usize = 12;
    let shelf = turn.rooms.search.shelf();
    let mut sizes: Vec<String> = Vec::new();
    for variant in hits.iter().flat_map(|hit| shelf.variants(&hit.item)).filter(|variant| variant.in_stock() && !variant.size.is_empty()) {
        if !sizes.iter().any(|size| **size == *variant.size) {
            sizes.push(variant.size.to_string());
        }
    }
    if sizes.len() > MOST { Vec::new() } else { sizes }
}

impl Turn<'_> {
    /// "Something lighter"; or "a bigger one", by what the page at hand states that is larger or smaller.
    pub(super) fn preference(&self) -> Option<Preference> {
        let larger = || {
            let larger = wants_larger(&self.ask.text)?;
            let hand = self.at_hand()?;
            question::of_size(hand.stated.iter().flatten().map(|attribute| (&*attribute.name, &*attribute.value)), larger)
        };
        match question::preference(&self.ask.text) {
            Some(preference) if !preference.is_general() => Some(preference),
            general => larger().or(general),
        }
    }

    /// "Is it see-through?" asks for nothing that is clear.
    pub(super) fn drop_the_colour_of_sheer(&mut self) {
        if question::topics(&self.ask.text).iter().any(|topic| topic.is_named("sheer")) {
            self.understanding.filters.colors.retain(|color| color != "clear" && color != "transparent");
        }
    }

    /// "What about 45?", of shoes: a size, and no price.
    pub(super) fn take_number(&mut self) {
        let filters = &self.understanding.filters;
        let Some(number) = filters.price_about.filter(|_| filters.currency.is_none() && filters.sizes.is_empty()) else { return };
        let text = plain(&self.ask.text);
        let said = [" about ", "那", "要是"].iter().any(|opening| text.contains(&format!("{opening}{} ", number / 100)));
        let value = number as f64 / 100.0;
        let mut sizes: Vec<f64> = self.variants_at_hand().iter().filter_map(|variant| variant.size.parse().ok()).collect();
        sizes.sort_by(f64::total_cmp);
        if said && sizes.first().zip(sizes.last()).is_some_and(|(least, most)| (*least..=*most).contains(&value)) {
            let filters = &mut self.understanding.filters;
            (filters.price_min, filters.price_max, filters.price_about) = (None, None, None);
            filters.sizes = vec![value.to_string()];
        }
    }

    /// "Bigger bottle?", of what comes in 40 and 90 ml: the next size.
    pub(super) fn take_next_size(&mut self) {
        let Some((hand, larger)) = self.at_hand().zip(wants_larger(&self.ask.text)) else { return };
        let Some((unit, own)) = measure(&hand.size).filter(|_| self.understanding.filters.sizes.is_empty()) else { return };
        let shelf = self.rooms.search.shelf();
        let mut sizes: Vec<(f64, &str)> = shelf
            .variants(&hand)
            .filter_map(|variant| Some((measure(&variant.size).filter(|(other, _)| *other == unit)?.1, &*variant.size)))
            .filter(|(value, _)| if larger { *value > own } else { *value < own })
            .collect();
        sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, size)) = if larger { sizes.first() } else { sizes.last() } {
            let read = &mut self.understanding;
            read.filters.sizes = vec![(*size).to_owned()];
            read.terms.clear();
            read.reference = Some(Reference::This);
            if read.intent != Intent::Price {
                read.intent = Intent::Availability;
            }
        }
    }

    /// "55 inch" where televisions come in that, "she is 118 cm tall" where sizes are heights: the size that is meant.
    pub(super) fn take_measured_size(&mut self) {
        let Some(at) = self.understanding.filters.quantities.iter().position(|q| q.bound == Bound::Exact) else { return };
        let wanted = self.understanding.filters.quantities[at].clone();
        let mut sizes: Vec<(f64, String)> = Vec::new();
        for variant in self.variants_at_hand() {
            let Some((unit, value)) = measure(&variant.size) else { continue };
            if unit == wanted.unit && is_in_inches(&variant.size) == is_in_inches(&wanted.text) {
                sizes.push((value, variant.size.to_string()));
            }
        }
        // Televisions come in inches, but not in these; how long a foot is tells no size that is stated as a number.
        let none_fits = !sizes.is_empty() && Kinds::of(&self.understanding.terms).is_empty();
        if let Some(size) = fitting(&mut sizes, wanted.value) {
            let filters = &mut self.understanding.filters;
            filters.sizes = vec![size];
            filters.quantities.remove(at);
            let said = self.understanding.terms.replace(&wanted.text, "");
            self.understanding.terms = if Kinds::of(&said).is_empty() { String::new() } else { said };
        } else if none_fits && wanted.unit == "cm" {
            let filters = &mut self.understanding.filters;
            filters.sizes = vec![wanted.text.clone()];
            filters.quantities.remove(at);
            self.understanding.terms.clear();
        }
    }

    /// A lone "43" or "olive" is a size or a colour where what is shown comes in it.
    pub(super) fn take_options(&mut self) {
        let read = &self.understanding;
        let variants = self.variants_at_hand();
        let (mut colors, mut sizes, mut rest) = (Vec::new(), Vec::new(), Vec::new());
        for word in read.terms.split(|c: char| c.is_whitespace() || "，、,?？!".contains(c)).filter(|w| !w.is_empty()) {
            let said = word.to_lowercase();
            let size = variants.iter().find(|v| v.size.to_lowercase() == said);
            let color = variants.iter().find(|v| v.color.to_lowercase() == said || v.colors.iter().any(|c| **c == *said));
            match (size, color) {
                (Some(variant), _) if read.filters.sizes.is_empty() => sizes.push(variant.size.to_string()),
                (_, Some(variant)) if read.filters.colors.is_empty() => colors.extend(variant.colors.iter().map(ToString::to_string)),
                _ => rest.push(word),
            }
        }
        if sizes.is_empty() && colors.is_empty() {
            return;
        }
        let rest = rest.join(" ");
        let read = &mut self.understanding;
        read.terms = rest;
        read.filters.sizes.append(&mut sizes);
        read.filters.colors.append(&mut colors);
    }
}

/// Whether a larger one is wanted, or a smaller one.
fn wants_larger(text: &str) -> Option<bool> {
    let text = plain(text);
    let says = |words: &[&str]| words.iter().any(|word| cue::has(&text, word));
    if says(&LARGER) { Some(true) } else { says(&SMALLER).then_some(false) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_as_measures() {
        let sizes = |written: &[&str]| written.iter().map(|s| (measure(s).expect("a measure").1, (*s).to_owned())).collect::<Vec<_>>();
        for (written, wanted, meant) in [
            (&["100 cm", "120 cm", "140 cm"][..], "118 cm", Some("120 cm")),
            (&["50 in", "65 in"], "65 inch", Some("65 in")),
            (&["50 in", "65 in"], "60 inch", None),
            (&["40 ml", "90 ml"], "90ml", Some("90 ml")),
        ] {
            assert_eq!(fitting(&mut sizes(written), measure(wanted).expect("a measure").1).as_deref(), meant, "{wanted}");
        }
        assert!(measure("42").is_none() && is_in_inches("16 inch") && !is_in_inches("108 cm"));
    }

    #[test]
    fn larger_is_told_from_smaller_and_by_what_pages_state() {
        for (text, larger) in [("bigger bottle?", Some(true)), ("有没有更大的", Some(true)), ("小瓶的呢", Some(false)), ("in blue", None)]
        {
            assert_eq!(wants_larger(text), larger, "{text}");
        }
        let stated = [("重量", "118 g"), ("电池容量", "5,000 mAh")];
        let preference = question::of_size(stated.into_iter(), true).expect("a capacity");
        assert!(
            !preference.less
                && preference.topic.is_named("电池容量")
                && question::of_size([("weight", "118 g")].into_iter(), true).is_none()
        );
    }
}
