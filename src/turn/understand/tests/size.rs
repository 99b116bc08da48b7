//! Sizes in messages.

use super::super::{
    marks::Marks,
    number::scan,
    reading::Reading,
    size::{eu_size, shoe_sizes, sizes},
    unit,
};
use super::check;

#[test]
fn said() {
    let cases = [
        ("hiking boots size 42", "42"),
        ("42码的登山鞋", "42"),
        ("尺码42", "42"),
        ("EU 42", "42"),
        ("US 9", "US 9"),
        ("UK 8.5", "UK 8.5"),
        ("美码9", "US 9"),
        ("size 41 or 42", "41,42"),
        ("an XL hoodie", "XL"),
        ("hoodie in L", "L"),
        ("T恤 M码", "M"),
        ("大号的帐篷", "L"),
        ("size medium", "M"),
        ("xxl", "XXL"),
        ("a large tent", ""),
        ("small kitchen", ""),
        ("iphone 15", ""),
        ("登山鞋 43", "43"),
        ("boots in 41", "41"),
        ("均码", "one size"),
        ("M size", "M"),
        ("18 boots", ""),
        ("尺码：38.5", "38.5"),
        ("穿38码", "38"),
        ("L or XL", "L,XL"),
        ("for us 9 days", ""),
        ("queen size duvet", "queen"),
        ("3号电池", ""),
        ("a dress in medium", "M"),
        ("size 100x45x45cm", ""),
        ("羽绒服XL黑色", "XL"),
        ("冲锋衣，M码", "M"),
        ("裙子，M或L", "M,L"),
        ("choose 9.5 size", "9.5"),
        ("xx-large jumpsuit", "XXL"),
    ];
    check(cases.map(|(text, want)| {
        let reading = Reading::of(text);
        let numbers = scan(&reading);
        let mut marks = Marks::new(reading.len());
        unit::quantities(&reading, &numbers, &mut marks);
        let mut found = sizes(&reading, &numbers, &mut marks);
        shoe_sizes(&reading, &numbers, &mut marks, &mut found);
        (text, found.join(","), want.to_owned())
    }));
    assert_eq!(eu_size("US", 9.0, Some("male")), Some("42"));
}
