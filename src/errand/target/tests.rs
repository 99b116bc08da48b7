//! Answers to "what should it become?", and the variants that suit.

use super::*;
use crate::errand::items::tests::{case, line, shelf};

/// What an answer wishes of the thing with this id.
fn wished(id: &str, text: &str) -> Wishes {
    let shelf = shelf();
    let case = case(&shelf);
    let item = case.orders.iter().flat_map(|o| &o.items).find(|i| i.id == id).expect("it was bought");
    let mut variants: Vec<&Product> = shelf.values().filter(|p| p.group == item.item_group_id).collect();
    variants.sort_by(|a, b| a.id.cmp(&b.id));
    wishes(text, item, &variants)
}

#[test]
fn answers_are_wishes() {
    let cases = [
        ("tee/black/M", "the red one, size L", "color=red size=L"),
        ("tee/black/M", "L", "size=L"),
        ("tee/black/M", "l please", "size=L"),
        ("tee/black/M", "black again but in a size L", "color=black size=L"),
        ("tee/black/M", "keep everything but navy", "color=navy"),
        ("tee/black/M", "from black to red", "color=red"),
        ("tee/black/M", "a bigger one", "size=L"),
        ("tee/black/M", "the biggest", "size=XL"),
        ("tee/black/M", "extra large", "size=XL"),
        ("tee/black/M", "pink in S", "size=S ?pink"),
        ("tee/black/M", "same colour, size S", "color=black size=S"),
        ("tee/black/M", "same thing please", "same"),
        ("tee/black/M", "whatever", ""),
        ("tee/black/M", "the cheapest you have", "cheapest"),
        ("tee/black/M", "红色，大号", "color=red size=L"),
        ("tee/black/M", "加大码", "size=XL"),
        ("tee/black/M", "藏青", "color=navy"),
        ("tee/black/M", "换个一样的", "same"),
        ("tee/black/M", "小一号", "size=S"),
        ("tee/black/M", "不要黑色，要红色", "color=red not color=black"),
        ("tee/black/M", "粉色的", "?粉色"),
        ("bottle/500ml/black/stainless steel", "1 litre", "capacity=1L"),
        ("bottle/500ml/black/stainless steel", "1000 ml glass bottle", "capacity=1L material=glass"),
        ("bottle/500ml/black/stainless steel", "750, stainless", "capacity=750ml material=stainless steel"),
        ("bottle/500ml/black/stainless steel", "七百五十毫升", "capacity=750ml"),
        ("bottle/500ml/black/stainless steel", "不锈钢，一升", "capacity=1L material=stainless steel"),
        ("bottle/500ml/black/stainless steel", "3L", "?3L"),
        ("boots/9/no", "waterproof, 10", "size=10 waterproof=yes"),
        ("boots/9/no", "size 8 not waterproof", "size=8 waterproof=no"),
        ("boots/9/no", "防水的，10码", "size=10 waterproof=yes"),
        ("boots/9/no", "不防水，八码", "size=8 waterproof=no"),
        ("boots/9/no", "one size up", "size=10"),
        ("board/RGB/clicky", "without backlight", "backlight=none"),
        ("board/RGB/clicky", "none", "backlight=none"),
        ("board/RGB/clicky", "茶轴白光", "backlight=white switch type=tactile"),
        ("board/RGB/clicky", "tactile, still RGB", "backlight=RGB switch type=tactile"),
        ("shades/black/blue/polarized", "brown frame and black lenses", "frame color=brown lens color=black"),
        ("shades/black/blue/polarized", "brown", "frame color=brown"),
        ("shades/black/blue/polarized", "black lens", "lens color=black"),
        ("shades/black/blue/polarized", "镜片黑色，非偏光", "lens color=black lens type=non-polarized"),
        ("shelf/4 ft/wood", "6 foot tall metal", "height=6 ft material=metal"),
        ("shelf/4 ft/wood", "shorter", "height=3 ft"),
        ("laptop/16GB/256GB SSD", "1 tb", "storage=1TB SSD"),
        ("laptop/16GB/256GB SSD", "more storage", "storage=1TB SSD"),
        ("laptop/16GB/256GB SSD", "内存32G", "ram=32GB"),
        ("jigsaw/beginner/500", "1000 pieces expert", "difficulty=expert pieces=1000"),
        ("jigsaw/beginner/500", "1000片", "pieces=1000"),
        ("tee/black/M", "another one, same size and colour", "size=M same"),
        ("lamp/white/battery", "plug in", "power source=AC adapter"),
        ("tee/black/M", "anything but black", "not color=black"),
        ("tee/black/M", "不要黑色的", "not color=black"),
        ("tee/black/M", "别再给我黑色的了，L码", "size=L not color=black"),
        ("board/RGB/clicky", "i don't want the clicky ones", "not switch type=clicky"),
    ];
    let said = cases.map(|(id, text, want)| (text, want, line(&wished(id, text))));
    let wrong: Vec<_> = said.iter().filter(|(_, want, got)| want != got).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The variants a shelf has of a bought thing when `out` are out of stock.
fn suits(id: &str, text: &str, out: &[&str]) -> Suiting {
    let mut shelf = shelf();
    let case = case(&shelf);
    for id in out {
        shelf.get_mut(*id).expect("it was made").offer.availability = Availability::OutOfStock;
    }
    let item = case.orders.iter().flat_map(|o| &o.items).find(|i| i.id == id).expect("it was bought");
    suiting(item, &wished(id, text), &shelf)
}

#[test]
fn the_variant_that_suits() {
    let one = |id: &str| Suiting::One(id.to_owned());
    assert_eq!(suits("tee/black/M", "red", &[]), one("tee/red/M"), "the rest is kept");
    assert_eq!(suits("tee/black/M", "red L", &[]), one("tee/red/L"));
    assert_eq!(suits("tee/black/M", "same again", &[]), one("tee/black/M"));
    assert_eq!(suits("tee/black/M", "another one in the same size", &[]), one("tee/black/M"));
    assert_eq!(
        suits("boots/9/no", "waterproof", &["boots/9/yes"]),
        Suiting::None { nearest: vec!["boots/10/yes".to_owned(), "boots/8/yes".to_owned()], wished: "yes, 9".to_owned() },
        "nobody asked for another size"
    );
    let left = Suiting::None { nearest: vec!["shelf/3 ft/metal".to_owned()], wished: "metal, 4 ft".to_owned() };
    assert_eq!(suits("shelf/4 ft/wood", "metal", &["shelf/4 ft/metal", "shelf/6 ft/metal"]), left, "the only one left is another height");
    assert_eq!(suits("lamp/black/USB", "cheapest white", &[]), one("lamp/white/AC adapter"));
}

#[test]
fn what_is_only_compared_or_ruled_out() {
    let one = |id: &str| Suiting::One(id.to_owned());
    assert_eq!(suits("tee/black/M", "a bigger one", &["tee/black/L"]), one("tee/black/XL"), "the next size that can be had");
    assert_eq!(suits("tee/black/M", "red and bigger", &["tee/red/L", "tee/black/L"]), one("tee/red/XL"));
    assert_eq!(suits("boots/9/no", "not 9, waterproof", &["boots/8/yes"]), one("boots/10/yes"));
    let Suiting::Several { by, .. } = suits("tee/black/M", "not black", &[]) else { panic!("red and navy are as good") };
    assert_eq!(by.map(|b| b.0), Some("color".to_owned()));
}

#[test]
fn what_suits_not() {
    let none = |suiting: Suiting| match suiting {
        Suiting::None { nearest, wished } => (nearest.first().cloned().unwrap_or_default(), wished),
        other => panic!("{other:?}"),
    };
    assert_eq!(none(suits("tee/black/M", "pink", &[])).1, "pink");
    assert_eq!(none(suits("tee/black/M", "red XL", &["tee/red/XL", "tee/black/XL"])), ("tee/red/M".to_owned(), "red, XL".to_owned()));
    assert_eq!(none(suits("tee/black/M", "same one", &["tee/black/M"])).1, "");
    let Suiting::Several { variants, by } = suits("lamp/black/USB", "something else", &[]) else { panic!("every other") };
    assert_eq!((variants.len(), by.map(|b| b.0)), (5, Some("power source".to_owned())));
}
