//! Stated measures in; whether they meet a wanted one out. Pure.
//!
//! A limit ("at least 20 litres", "1公斤以内") is met by a product that states such a measure within it. A plain measure ("17 inch",
//! "256GB") is no limit: it only turns away products whose title states another.

use crate::catalog::{Lang, Product};
use crate::turn::understand::{Bound, Quantity, normalize_quantities};

/// A measure of a product, in a base unit of `assets/lexicon/units.toml`.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    pub unit: Box<str>,
    pub value: f32,
    pub titled: bool,
}

/// Units of which a title's other value means another thing: a 512 GB disk is no 256 GB one. A set of three may do for a need of two.
const TELLING: [&str; 5] = ["cm", "ml", "GB", "W", "V"];
/// Two measures this near are one: a 17 inch bag holds what is sold as 17.3 inch.
const SAME: f64 = 0.035;

/// What a product's title, size and details state, each once.
pub fn stated(product: &Product) -> Box<[Measure]> {
    let mut measures: Vec<Measure> = Vec::new();
    let mut read = |text: &str, titled: bool| {
        if text.chars().any(char::is_numeric) {
            for quantity in normalize_quantities(text) {
                let measure = Measure { unit: quantity.unit.into(), value: quantity.value as f32, titled };
                if !measures.iter().any(|m| m.unit == measure.unit && m.value == measure.value) {
                    measures.push(measure);
                }
            }
        }
    };
    for lang in [Lang::En, Lang::Zh] {
        read(product.title(lang), true);
    }
    read(&product.size, false);
    product.details(Lang::En).iter().for_each(|(_, value)| read(value, false));
    measures.into()
}

/// Whether a product of these titles that states these measures is one with the wanted quantity.
pub fn meets(measures: &[Measure], titles: [&str; 2], wanted: &Quantity) -> bool {
    let mut own = measures.iter().filter(|m| *m.unit == *wanted.unit);
    let within = |m: &Measure| {
        let (value, limit) = (f64::from(m.value), wanted.value);
        match wanted.bound {
            Bound::AtLeast => value >= limit * 0.999,
            Bound::AtMost => value <= limit * 1.001,
            Bound::Exact => (value - limit).abs() <= limit.abs() * SAME,
        }
    };
    match wanted.bound {
        Bound::AtLeast => own.any(within),
        // Every side of a thing lies within a limit on its size.
        Bound::AtMost if *wanted.unit == *"cm" => own.clone().next().is_some() && own.all(within),
        Bound::AtMost => own.any(within),
        Bound::Exact => {
            let contradicted = TELLING.contains(&wanted.unit.as_str()) && own.clone().any(|m| m.titled) && !own.any(within);
            !contradicted || titles.iter().any(|title| lists(title, &wanted.text))
        }
    }
}

/// "1.5/2.2/4.0 kW" offers 1.5 kW, though only the last of them stands before its unit.
fn lists(title: &str, wanted: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit() || c == '.';
    let number: String = wanted.chars().skip_while(|c| !digit(*c)).take_while(|c| digit(*c)).collect();
    !number.is_empty() && title.split(|c| !digit(c)).any(|own| own == number)
}

/// Of these, the one that misses the limit by least.
pub fn nearest<'a>(measures: impl Iterator<Item = &'a Measure>, wanted: &Quantity) -> Option<&'a Measure> {
    let distance = |m: &Measure| (f64::from(m.value) - wanted.value).abs();
    measures.filter(|m| *m.unit == *wanted.unit).min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

/// "1.2 kg", "20 L", "6 months": a base unit as people read it.
pub fn display(measure: &Measure, lang: Lang) -> String {
    let value = f64::from(measure.value);
    let (value, unit) = match (&*measure.unit, lang) {
        ("g", _) if value >= 1_000.0 => (value / 1_000.0, "kg"),
        ("ml", _) if value >= 1_000.0 => (value / 1_000.0, "L"),
        ("month", Lang::En) => (value, "months"),
        ("month", Lang::Zh) => (value, "个月"),
        ("person", Lang::En) => (value, "people"),
        ("person", Lang::Zh) => (value, "人"),
        ("piece", Lang::En) => (value, "pieces"),
        ("piece", Lang::Zh) => (value, "件"),
        ("m2", _) => (value, "m²"),
        ("C", _) => (value, "°C"),
        (unit, _) => (value, unit),
    };
    format!("{} {unit}", (value * 100.0).round() / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(title: &str, details: &[&str]) -> Vec<Measure> {
        let mut product = Product::default();
        product.text.title = title.to_owned();
        product.text.details = details.iter().map(|d| ("detail".to_owned(), (*d).to_owned())).collect();
        stated(&product).into()
    }

    #[test]
    fn limits_need_a_statement_and_plain_measures_only_no_contradiction() {
        for (title, details, wanted, fits) in [
            ("Hiking Pack", &["36 litres"][..], "at least 20 litres", true),
            ("Hiking Pack", &["18 litres"], "at least 20 litres", false),
            ("Hiking Pack", &[], "at least 20 litres", false),
            ("帐篷", &["1.2 kg"], "1.5公斤以内", true),
            ("帐篷", &["2 kg"], "1.5公斤以内", false),
            ("Shelf", &["30 x 20 x 90 cm"], "under 60 cm", false),
            ("256GB SSD", &[], "512GB", false),
            ("512 GB SSD", &[], "512GB", true),
            ("SSD", &[], "512GB", true),
            ("64/128/256GB stick", &[], "128GB", true),
            ("15.6 inch sleeve", &[], "17 inch", false),
            ("17.3 inch sleeve", &[], "17 inch", true),
        ] {
            let wanted = normalize_quantities(wanted);
            assert_eq!(meets(&product(title, details), [title, ""], &wanted[0]), fits, "{title} {details:?} {wanted:?}");
        }
    }

    #[test]
    fn the_nearest_is_shown_as_people_write_it() {
        let measures = product("Bottle", &["600 ml", "1.5 litres"]);
        let wanted = &normalize_quantities("at least 2 litres")[0];
        assert_eq!(display(nearest(measures.iter(), wanted).expect("one"), Lang::En), "1.5 L");
    }
}
