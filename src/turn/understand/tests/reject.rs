//! What is not wanted.

use super::super::{marks::Marks, reading::Reading, reject::rejected};
use super::check;

#[test]
fn refusals() {
    let cases = [
        ("hiking boots, not leather", "leather"),
        ("不要皮的登山鞋", "皮革"),
        ("a bag without leather", "leather"),
        ("no wool please", "wool"),
        ("no sugar cookies", ""),
        ("not too expensive headphones", ""),
        ("不要太贵的耳机", ""),
        ("I'm not sure", ""),
        ("不含麸质的饼干", ""),
        ("jackets, except down jackets", "down jackets"),
        ("不要带帽子的", "帽子"),
        ("dont want plastic or glass", "plastic,glass"),
        ("non-slip shoes", ""),
        ("no slip mat", ""),
    ];
    check(cases.map(|(text, want)| {
        let reading = Reading::of(text);
        (text, rejected(&reading, &mut Marks::new(reading.len())).join(","), want.to_owned())
    }));
}
