//! A product and a need in; whether its page says no to a feature that is wished ("waterproof: no"), or that it is for another age, out.
//! Pure.

use super::ground::denies;
use super::understand::{Understanding, lexicon};
use crate::search::Item;

/// What a need asks of every product.
pub struct Wish {
    /// Names of each feature, in both languages, in lower case.
    features: Vec<Vec<String>>,
    /// Months of whom it is for.
    age: Option<u32>,
}

impl Wish {
    pub fn of(terms: &str, read: &Understanding) -> Self {
        let feature = |e: lexicon::Expansion| {
            let said = terms[e.span.0..e.span.1].to_lowercase();
            e.alternatives.iter().map(|a| a.to_lowercase()).chain([said]).collect::<Vec<_>>()
        };
        let features = lexicon::expansions(terms).into_iter().filter(|e| !e.kind).map(feature).collect();
        Self { features, age: read.told.age }
    }

    /// False only where the page says otherwise: what it is silent on may be so.
    pub fn is_met(&self, item: &Item) -> bool {
        item.stated.iter().flatten().all(|attribute| {
            let name = attribute.name.to_lowercase();
            let refuses = denies(&attribute.value) && self.features.iter().flatten().any(|feature| name == *feature);
            let too_old_or_young =
                is_age(&name) && self.age.is_some_and(|age| months(&attribute.value).is_some_and(|(from, to)| age < from || age > to));
            !refuses && !too_old_or_young
        })
    }
}

fn is_age(name: &str) -> bool {
    ["age", "ages", "age from", "suitable age", "recommended age", "适用年龄", "适合年龄", "年龄", "起始年龄"].contains(&name)
}

/// "4 years", "birth", "18 months to 4 years", 4 至 6 岁: from when and until the end of which month; no end where none is told.
fn months(value: &str) -> Option<(u32, u32)> {
    let value = value.to_lowercase();
    let mut ages: Vec<(u32, bool)> = Vec::new();
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
    let mut rest = value.as_str();
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        rest = &rest[at..];
        let number = digits(rest);
        rest = &rest[number.len()..];
        let unit = rest.trim_start();
        let in_months = unit.starts_with("month") || unit.starts_with("个月") || unit.starts_with('m');
        ages.push((number.parse().ok()?, in_months));
    }
    // "18 to 36 months": the unit stands once.
    let all_months = ages.last().is_some_and(|(_, months)| *months) && !value.contains("year") && !value.contains('岁');
    let age = |(number, months): (u32, bool)| if months || all_months { number } else { number * 12 };
    match ages[..] {
        [] => (value.contains("birth") || value.contains("出生") || value.contains("新生")).then_some((0, u32::MAX)),
        [from] => Some((age(from), u32::MAX)),
        [from, to, ..] => Some((age(from), age(to).saturating_add(11))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read_as_pages_write_them() {
        for (value, from, to) in [
            ("4 years", 48, u32::MAX),
            ("birth", 0, u32::MAX),
            ("18 months", 18, u32::MAX),
            ("4 to 6 years", 48, 83),
            ("4 至 6 岁", 48, 83),
            ("18 个月", 18, u32::MAX),
            ("6 to 18 months", 6, 29),
        ] {
            assert_eq!(months(value), Some((from, to)), "{value}");
        }
        assert_eq!(months("any"), None);
    }
}
