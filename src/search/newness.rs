//! A product in, the day it came out as its page states it; for "newest".

use crate::catalog::{Lang, Product};

/// Details that state it, in lower case; an underscore in a feed's field name is a space here. The first that does counts.
const NAMES: [&str; 14] = [
    "release date",
    "launch date",
    "date first available",
    "availability date",
    "published",
    "publication date",
    "model year",
    "year",
    "发布日期",
    "上市日期",
    "上市时间",
    "出版日期",
    "出版时间",
    "年份",
];
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// As a number that grows, year, month and day as digits: 20240900 is some day of September 2024.
pub fn released(product: &Product) -> Option<u32> {
    let details = [Lang::En, Lang::Zh].map(|lang| product.details(lang));
    let stated = |name: &str| details.iter().flat_map(|d| d.iter()).find(|(own, _)| own.to_lowercase() == name);
    NAMES.iter().filter_map(|name| stated(name)).find_map(|(_, value)| day(value))
}

/// "2024-09-03", "2024年9月", "3 Sep 2024", "September 3, 2024", "2024".
fn day(text: &str) -> Option<u32> {
    let digits: Vec<u32> = text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
    let at = digits.iter().position(|n| (1900..2200).contains(n))?;
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphabetic());
    let named = words.find_map(|word| MONTHS.iter().position(|month| word.starts_with(month)));
    let month = match named {
        Some(n) => n as u32 + 1,
        None => digits.get(at + 1).copied().filter(|month| (1..=12).contains(month)).unwrap_or(0),
    };
    let others =
        if named.is_some() { digits.iter().enumerate().find(|(n, _)| *n != at).map(|(_, d)| *d) } else { digits.get(at + 2).copied() };
    let day = others.filter(|day| month > 0 && (1..=31).contains(day)).unwrap_or(0);
    Some(digits[at] * 10_000 + month * 100 + day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_in_any_form() {
        for (text, expected) in [
            ("2024-09-03", Some(20_240_903)),
            ("2024-09-03T08:00:00+08:00", Some(20_240_903)),
            ("2024年9月", Some(20_240_900)),
            ("3 Sep 2024", Some(20_240_903)),
            ("September 3, 2024", Some(20_240_903)),
            ("May 2019", Some(20_190_500)),
            ("2024", Some(20_240_000)),
            ("spring", None),
            ("03/04/05", None),
        ] {
            assert_eq!(day(text), expected, "{text}");
        }
    }
}
