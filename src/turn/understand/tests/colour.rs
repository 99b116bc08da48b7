//! Shades, and colours in messages.

use super::super::{
    colour::{base_color, color_name, colours},
    lang::Lang,
    marks::Marks,
    reading::Reading,
};
use super::check;

fn said(text: &str) -> (String, String) {
    let reading = Reading::of(text);
    let said = colours(&reading, &mut Marks::new(reading.len()));
    (said.wanted.join(","), said.refused.join(","))
}

#[test]
fn shades() {
    for (word, want) in [
        ("藏青", "navy"),
        ("藏青色", "navy"),
        ("maroon", "burgundy"),
        ("酒红", "burgundy"),
        ("咖啡色", "brown"),
        ("off-white", "cream"),
        ("turquoise", "teal"),
        ("军绿色", "olive"),
        ("深灰", "charcoal"),
        ("sky blue", "light blue"),
        ("玫瑰金", "rose gold"),
        ("透明", "clear"),
        ("multicolor", "multicolour"),
        ("gray", "grey"),
        ("紫罗兰", "purple"),
        ("lilac", "lavender"),
        ("orange", "orange"),
        ("红", "red"),
    ] {
        assert_eq!(base_color(word), Some(want), "{word}");
    }
    assert_eq!(base_color("红酒"), None);
    assert_eq!(color_name("navy", Lang::Zh), "藏青色");
}

#[test]
fn in_messages() {
    let cases = [
        ("black boots", "black", ""),
        ("黑裤子", "black", ""),
        ("黑板", "", ""),
        ("红酒杯", "", ""),
        ("green tea", "", ""),
        ("orange juice", "", ""),
        ("orange backpack", "orange", ""),
        ("mint tea", "", ""),
        ("face cream", "", ""),
        ("a sweater in cream", "cream", ""),
        ("red or orange", "red,orange", ""),
        ("not black", "", "black"),
        ("不要黑色", "", "black"),
        ("不要黑色和白色的", "", "black,white"),
        ("除了红色", "", "red"),
        ("黑色以外", "", "black"),
        ("anything but pink", "", "pink"),
        ("blue, not navy", "blue", "navy"),
        ("深蓝色的裙子", "navy", ""),
        ("白衬衫", "white", ""),
        ("有红的吗", "red", ""),
        ("黑白条纹", "black,white", ""),
        ("olive oil", "", ""),
        ("the orange one", "orange", ""),
        ("light blue shirt", "light blue", ""),
        ("红米手机", "", ""),
        ("coffee mug", "", ""),
    ];
    check(cases.map(|(text, wanted, refused)| (text, said(text), (wanted.to_owned(), refused.to_owned()))));
}
