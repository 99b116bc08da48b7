//! Refusals that are none, and price limits that are lifted.

use super::super::{Intent, Refinement, understand};
use super::check;

#[test]
fn no_exclusions() {
    let cases = [
        ("hiking boots, can I return them if I don't like leather", ""),
        ("a desk, if she doesn't like white we send it back", ""),
        ("升降桌，不能升降也行", ""),
        ("不带帽子也行", ""),
        ("a bag, without leather is fine too", ""),
        ("it doesn't have to be leather", ""),
        ("forget the boots, show me sandals", ""),
        ("nothing fancy, just a mug", ""),
        ("别忘了包装", ""),
        ("如果不喜欢皮的能退吗", ""),
        // These are.
        ("no perfume", "perfume,fragrance,香精"),
        ("without any perfume", "perfume,fragrance,香精"),
        ("别再积木", "积木"),
        ("别再推荐积木了", "积木"),
        ("别有小零件的", "小零件"),
        ("他积木一大堆了 别再积木", "积木"),
        ("nothing with leather", "leather"),
        ("no more puzzles please", "puzzles"),
        ("hiking boots, not leather", "leather"),
    ];
    check(cases.map(|(text, want)| (text, understand(text).filters.not_terms.join(","), want.to_owned())));
    assert!(understand("a desk, if she doesn't like white we send it back").filters.not_colors.is_empty());
    // What is refused is not looked for.
    assert_eq!(understand("他积木一大堆了 别再积木").terms, "");
    assert!(!understand("forget the boots, show me sandals").terms.contains("boots"));
}

#[test]
fn the_limit_is_lifted() {
    let cases = [
        ("贵点没事", true),
        ("贵一点也行 编程那个多少钱", true),
        ("预算不限", true),
        ("price doesn't matter", true),
        ("a bit more expensive is fine", true),
        ("贵一点的", false),
        ("something more expensive", false),
        ("太贵了", false),
        ("price of the second one", false),
    ];
    check(cases.map(|(text, want)| (text, understand(text).told.any_price, want)));
    assert_ne!(understand("贵点没事").intent, Intent::Refine(Refinement::Dearer));
    assert_eq!(understand("贵一点的").intent, Intent::Refine(Refinement::Dearer));
}
