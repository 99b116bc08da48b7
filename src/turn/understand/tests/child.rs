//! Who is under age, for whom it is, and what only adults may buy; ages that are no measures.

use super::super::{Reference, names_adults_only, understand};
use super::check;

#[test]
fn who_writes_is_under_age() {
    let cases = [
        ("im 13 can i buy a knife", true),
        ("I'm 12 years old", true),
        ("i am only 15", true),
        ("I'm in year 7, need a bag", true),
        ("im in 8th grade", true),
        ("i go to primary school", true),
        ("i'm a teenager and need headphones", true),
        ("你好呀 我今年12岁", true),
        ("我12岁", true),
        ("我才十三岁", true),
        ("我上初一", true),
        ("我是小学生", true),
        ("我还未成年", true),
        // Somebody else, or no age at all.
        ("my son is 13", false),
        ("for a 13 year old", false),
        ("I'm buying for a 13 year old", false),
        ("I'm 35", false),
        ("I'm 18 and want wine", false),
        ("I'm size 12", false),
        ("I'm 10 minutes away", false),
        ("I'm a size 8", false),
        ("I'm 16 weeks pregnant", false),
        ("I'm a primary school teacher", false),
        ("im in year 2 of university", false),
        ("我儿子12岁", false),
        ("我12岁的女儿", false),
        ("我女儿上初一", false),
        ("我上初中的儿子", false),
        ("我是小学老师", false),
        ("我今年30岁", false),
        ("给12岁的孩子", false),
    ];
    check(cases.map(|(text, want)| (text, understand(text).told.minor, want)));
    assert!(understand("im 13 can i buy a knife").filters.quantities.is_empty());
    assert_eq!(understand("im 13 can i buy a knife").reference, None::<Reference>);
}

#[test]
fn for_whom() {
    let cases = [
        ("wine for my 10-year-old", true),
        ("给我12岁的侄子买把刀", true),
        ("a pocket knife for a kid", true),
        ("给孩子喝的啤酒", true),
        ("a knife for my 15 year old brother", true),
        ("wine for my dad", false),
        ("12 year old whisky for dad", false),
        ("12 year old whisky", false),
        ("给爸爸70大寿的酒", false),
        ("a knife for my wife", false),
    ];
    check(cases.map(|(text, want)| (text, understand(text).told.for_child, want)));
}

#[test]
fn adults_only() {
    let cases = [
        ("can i buy a knife", true),
        ("some wine for my mums bday", true),
        ("想买把刀", true),
        ("那啤酒有没有", true),
        ("do you sell lighters", true),
        ("有打火机吗", true),
        ("电子烟", true),
        ("Fengmu Damascus Chef's Knife 20 cm", true),
        ("锋木 大马士革主厨刀", true),
        ("a lighter tent", false),
        ("something lighter", false),
        ("wine glasses", false),
        ("红酒杯", false),
        ("酒红色的裙子", false),
        ("剃须刀", false),
        ("螺丝刀套装", false),
        ("剪刀", false),
        ("消毒酒精", false),
        ("ginger tea", false),
        ("virgin olive oil", false),
    ];
    check(cases.map(|(text, want)| (text, names_adults_only(text), want)));
}

#[test]
fn ages_are_no_measures_and_no_words() {
    let cases = [
        ("gift for my mum, she's turning 65", "gift"),
        ("a puzzle for a 7 year old", "puzzle"),
        ("my dad is 70, comfortable shoes", "comfortable shoes"),
        ("slippers, my grandma is 82", "slippers"),
        ("jacket for my 2 year old", "jacket"),
        ("dress, I'm 5 months pregnant", "dress"),
        ("shoes, she is 2 months pregnant", "shoes"),
        ("两岁的玩具", "玩具"),
        ("怀孕5个月穿的裙子", "裙子"),
        ("爸爸今年70了 想买拖鞋", "拖鞋"),
        ("food for my 8 year old dog", "food dog"),
    ];
    for (text, terms) in cases {
        let read = understand(text);
        assert!(read.filters.quantities.is_empty(), "{text}: {:?}", read.filters.quantities);
        assert!(!read.terms.chars().any(|c| c.is_ascii_digit()), "{text}: {}", read.terms);
        let words: Vec<&str> = terms.split(' ').collect();
        assert!(words.iter().all(|w| read.terms.contains(w)), "{text}: {}", read.terms);
    }
    // Measures stay measures.
    for (text, count) in [("my desk is 70 cm", 1), ("5 months battery", 1), ("a 2 year warranty", 1), ("she is 160 cm tall", 1)] {
        assert_eq!(understand(text).filters.quantities.len(), count, "{text}");
    }
    for (text, price) in [("my budget is 70", Some(7_000)), ("under 65", Some(6_500)), ("今年预算70块以内", Some(7_000))] {
        assert_eq!(understand(text).filters.price_max, price, "{text}");
    }
}
