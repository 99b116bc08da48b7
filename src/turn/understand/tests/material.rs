//! Messages in, the materials they ask for out; pages in, what they are made of.

use super::super::material::{stated_materials, states_material, titled_materials};
use super::*;

/// (message, materials)
const ROWS: &[(&str, &[&str])] = &[
    ("leather boots", &["leather"]),
    ("boots made of real leather", &["leather"]),
    ("solid wood table under 300", &["solid wood"]),
    ("a wooden desk or a bamboo one", &["wood", "bamboo"]),
    ("不锈钢保温杯", &["stainless steel"]),
    ("保温杯，要不锈钢的", &["stainless steel"]),
    ("纯棉T恤", &["pure cotton"]),
    ("棉的T恤", &["cotton"]),
    ("canvas would do", &["canvas"]),
    ("帆布也行", &["canvas"]),
    ("想要一件羊毛的毛衣", &["wool"]),
    ("皮的钱包", &["leather"]),
    ("t-shirt, cotton, not polyester", &["cotton"]),
    ("100% cotton bed sheets", &["pure cotton"]),
    ("cotton or linen shirts", &["cotton", "linen"]),
    ("我要 leather 的钱包", &["leather"]),
    ("a bag in canvas", &["canvas"]),
    ("faux leather jacket", &["faux leather"]),
    ("leather belt", &["leather"]),
    ("glass teapot", &["glass"]),
    ("cast iron pan", &["cast iron"]),
    // Things, looks, purposes, and questions.
    ("wine glass", &[]),
    ("玻璃杯", &[]),
    ("帆布鞋", &[]),
    ("bed linen", &[]),
    ("steam iron", &[]),
    ("leather cleaner", &[]),
    ("a brush for leather", &[]),
    ("擦玻璃的抹布", &[]),
    ("牛皮纸信封", &[]),
    ("latex free gloves", &[]),
    ("rubber boots", &[]),
    ("是真皮的吗", &[]),
    ("is it real leather?", &[]),
];

#[test]
fn materials_count_where_they_describe() {
    check(ROWS.iter().map(|(text, materials)| {
        let wanted = materials.iter().map(|m| (*m).to_owned()).collect::<Vec<_>>();
        (*text, understand(text).filters.materials, wanted)
    }));
}

#[test]
fn a_refused_material_is_none_that_is_wanted() {
    let cases = [("hiking boots, not leather", "leather"), ("皮的不要，要帆布包", "皮革"), ("cotton socks, no polyester", "polyester")];
    check(cases.map(|(text, refused)| {
        let filters = understand(text).filters;
        (text, (filters.not_terms.contains(&refused.to_owned()), filters.materials.iter().any(|m| m == "leather")), (true, false))
    }));
}

#[test]
fn pages_state_materials_and_what_they_are_sorts_of() {
    let cases: [(&str, &[&str]); 7] = [
        ("cow leather", &["leather"]),
        ("nubuck leather, PVC-free rubber", &["suede", "leather", "rubber"]),
        ("PU leather", &["faux leather"]),
        ("18/8 不锈钢、塑料", &["stainless steel", "steel", "metal", "plastic"]),
        ("solid ash, paper cord", &["solid wood", "wood"]),
        ("65 % cotton; 35 % polyester", &["cotton", "polyester"]),
        ("cotton-touch polyester", &["polyester"]),
    ];
    check(cases.map(|(text, ids)| (text, stated_materials(text), ids.to_vec())));
    assert_eq!((titled_materials("Oakline Wine Glass, set of 2"), titled_materials("Suede Boots")), (vec![], vec!["suede", "leather"]));
    let names =
        [("material", true), ("Strap material", true), ("面料成分", true), ("printing material brightness", false), ("immaterial", false)];
    check(names.map(|(name, states)| (name, states_material(name), states)));
}

#[test]
fn search_words_without_their_material() {
    let cases =
        [("solid wood table", "table"), ("不锈钢保温杯", "保温杯"), ("皮的钱包", "钱包"), ("leather", ""), ("wine glass", "wine glass")];
    check(cases.map(|(terms, rest)| (terms, without_materials(terms), rest.to_owned())));
}
