//! Quantities in base units.

use super::super::unit::{Bound, normalize_quantities};
use super::check;

#[test]
fn base_units() {
    let cases: [(&str, &[(f64, &str)]); 33] = [
        ("u盘 128g", &[(128.0, "GB")]),
        ("55 inch tv", &[(139.7, "cm")]),
        ("55寸电视", &[(139.7, "cm")]),
        ("15.6\" laptop", &[(39.624, "cm")]),
        ("20in suitcase", &[(50.8, "cm")]),
        ("1.4米", &[(140.0, "cm")]),
        ("两米半", &[(250.0, "cm")]),
        ("980 g", &[(980.0, "g")]),
        ("1.2kg", &[(1200.0, "g")]),
        ("三斤", &[(1500.0, "g")]),
        ("半斤茶叶", &[(250.0, "g")]),
        ("2.8 ounce pack", &[(79.3786, "g")]),
        ("6.76 fl oz", &[(199.9169, "ml")]),
        ("500ml bottle", &[(500.0, "ml")]),
        ("两升", &[(2000.0, "ml")]),
        ("1.7 L", &[(1700.0, "ml")]),
        ("2万毫安", &[(20_000.0, "mAh")]),
        ("20000mAh", &[(20_000.0, "mAh")]),
        ("65W charger", &[(65.0, "W")]),
        ("1TB ssd", &[(1024.0, "GB")]),
        ("16G内存", &[(16.0, "GB")]),
        ("10 hours", &[(10.0, "h")]),
        ("30分钟", &[(0.5, "h")]),
        ("a 3-year-old", &[(36.0, "month")]),
        ("8个月大", &[(8.0, "month")]),
        ("35 dB", &[(35.0, "dB")]),
        ("100x45x45cm", &[(100.0, "cm"), (45.0, "cm"), (45.0, "cm")]),
        ("8-10 hours", &[(8.0, "h"), (10.0, "h")]),
        ("25+ hours", &[(25.0, "h")]),
        ("4 person tent", &[(4.0, "person")]),
        ("20平米", &[(20.0, "m2")]),
        ("144Hz", &[(144.0, "Hz")]),
        ("3千克", &[(3000.0, "g")]),
    ];
    check(cases.map(|(text, want)| {
        let got: Vec<_> = normalize_quantities(text).iter().map(|q| (q.value, q.unit.clone())).collect();
        (text, got, want.iter().map(|(v, u)| (*v, (*u).to_owned())).collect())
    }));
}

#[test]
fn no_quantities() {
    for text in ["5G手机", "5g phone", "iPhone 15", "4K monitor", "1080p", "under $50", "一双鞋", "2023年新款", "\"under 300\""] {
        assert_eq!(normalize_quantities(text), vec![], "{text}");
    }
}

#[test]
fn limits() {
    for (text, want) in
        [("不超过1公斤", Bound::AtMost), ("at least 10 hours", Bound::AtLeast), ("20升以上", Bound::AtLeast), ("20升", Bound::Exact)]
    {
        assert_eq!(normalize_quantities(text)[0].bound, want, "{text}");
    }
}
