//! Sentences of shoppers, and what they mean on the orders of a made-up customer.

use super::*;
use crate::catalog::{Availability, Money, Offer, Product, Texts};
use serde_json::json;

/// Names of choices, and the values of each.
type Choices = &'static [(&'static str, &'static [&'static str])];

/// A product: group, title, and the names and values of its choices; every combination is a variant, "bottle/500ml/black".
const PRODUCTS: &[(&str, &str, Choices)] = &[
    (
        "bottle",
        "Insulated Water Bottle",
        &[("capacity", &["500ml", "750ml", "1L"]), ("color", &["black", "blue", "red"]), ("material", &["glass", "stainless steel"])],
    ),
    ("tee", "Organic T-Shirt", &[("color", &["black", "navy", "red"]), ("size", &["S", "M", "L", "XL"])]),
    ("lamp", "Desk Lamp", &[("color", &["black", "white"]), ("power source", &["AC adapter", "USB", "battery"])]),
    ("board", "Mechanical Keyboard", &[("backlight", &["RGB", "none", "white"]), ("switch type", &["clicky", "linear", "tactile"])]),
    ("boots", "Hiking Boots", &[("size", &["8", "9", "10"]), ("waterproof", &["no", "yes"])]),
    ("shelf", "Bookshelf", &[("height", &["3 ft", "4 ft", "6 ft"]), ("material", &["metal", "wood"])]),
    (
        "shades",
        "Sunglasses",
        &[
            ("frame color", &["black", "brown"]),
            ("lens color", &["black", "blue", "brown"]),
            ("lens type", &["non-polarized", "polarized"]),
        ],
    ),
    ("jigsaw", "Harbour Jigsaw Puzzle", &[("difficulty", &["beginner", "expert"]), ("pieces", &["500", "1000"])]),
    (
        "pack",
        "City Backpack",
        &[("color", &["green", "grey"]), ("compartment", &["camera", "laptop"]), ("size", &["small", "medium", "large"])],
    ),
    ("laptop", "Laptop", &[("ram", &["8GB", "16GB", "32GB"]), ("storage", &["256GB SSD", "1TB SSD"])]),
    ("kettle", "Electric Kettle", &[("capacity", &["1L", "1.5L", "2L"]), ("material", &["glass", "plastic", "stainless steel"])]),
    ("blender", "Voltino Gale 900W Blender", &[("color", &["white"])]),
];

/// Orders: number and variants. Both jigsaws of one order are the same.
const ORDERS: &[(&str, &[&str])] = &[
    ("#A100", &["bottle/500ml/black/stainless steel", "bottle/1L/blue/glass", "tee/black/M", "lamp/black/USB", "board/RGB/clicky"]),
    ("#B200", &["lamp/white/battery", "boots/9/no", "shelf/4 ft/wood", "shades/black/blue/polarized", "kettle/1.5L/plastic"]),
    ("#C300", &["jigsaw/beginner/500", "jigsaw/beginner/500", "pack/grey/laptop/medium", "laptop/16GB/256GB SSD", "blender/white"]),
];

pub(in crate::errand) fn shelf() -> Shelf {
    let mut shelf = Shelf::new();
    for (group, title, choices) in PRODUCTS {
        let mut variants: Vec<Vec<(String, String)>> = vec![Vec::new()];
        for (name, values) in *choices {
            let more = |v: &Vec<(String, String)>| {
                values.iter().map(|value| [v.clone(), vec![((*name).to_owned(), (*value).to_owned())]].concat()).collect::<Vec<_>>()
            };
            variants = variants.iter().flat_map(more).collect();
        }
        for (at, details) in variants.into_iter().enumerate() {
            let id = std::iter::once((*group).to_owned()).chain(details.iter().map(|(_, v)| v.clone())).collect::<Vec<_>>().join("/");
            let price = Some(Money::new(1990 + 100 * group.len() as i64 * group.len() as i64 + 10 * at as i64, "EUR"));
            let offer = Offer { price, availability: Availability::InStock, ..Offer::default() };
            let text = Texts { title: (*title).to_owned(), details, ..Texts::default() };
            shelf.insert(id.clone(), Product { id, group: (*group).to_owned(), text, offer, ..Product::default() });
        }
    }
    let zh = Texts { title: "伏特诺 疾风 破壁机 900W".to_owned(), ..Texts::default() };
    shelf.get_mut("blender/white").expect("it was made").localized.insert("zh".to_owned(), zh);
    shelf
}

pub(in crate::errand) fn case(shelf: &Shelf) -> Case {
    let address = json!({"address1": "1 Quay", "address2": "", "city": "Bergen", "country": "Norway", "state": "", "zip": "5003"});
    let orders = ORDERS.iter().map(|(number, ids)| {
        let items = ids.iter().map(|id| {
            let product = &shelf[*id];
            let options: serde_json::Map<_, _> = product.text.details.iter().map(|(n, v)| (n.clone(), json!(v))).collect();
            let price = product.offer.price.as_ref().expect("every one has a price");
            json!({"id": id, "item_group_id": product.group, "title": product.text.title, "price": format!("{} EUR", price.amount()), "options": options})
        });
        json!({"id": number, "customer": "kari", "address": address, "status": "delivered", "items": items.collect::<Vec<_>>(), "payments": []})
    });
    let customer =
        json!({"id": "kari", "name": {"first_name": "Kari", "last_name": "Moe"}, "email": "kari@example.com", "address": address});
    Case {
        customer: serde_json::from_value(customer).expect("a customer"),
        orders: orders.map(|o| serde_json::from_value(o).expect("an order")).collect(),
    }
}

/// Wishes in one line: "capacity=750ml color=red same cheapest ?pink".
pub(in crate::errand) fn line(wishes: &Wishes) -> String {
    let mut parts: Vec<String> = wishes.options.iter().map(|(n, v)| format!("{n}={v}")).collect();
    parts.extend(wishes.not.iter().map(|(n, values)| format!("not {n}={}", values.join("|"))));
    parts.extend(wishes.same.then(|| "same".to_owned()));
    parts.extend((wishes.price != 0).then(|| if wishes.price < 0 { "cheapest" } else { "dearest" }.to_owned()));
    parts.extend(wishes.unknown.iter().map(|u| format!("?{u}")));
    parts.join(" ")
}

pub(super) fn shown(items: &Items) -> String {
    let mention = |m: &ItemMention| {
        let fits: Vec<String> = m.fits.iter().map(|p| format!("{}{}", &p.order[1..2], p.at)).collect();
        let fits = if fits.is_empty() { format!("\"{}\"", m.words) } else { fits.join(if m.both { "&" } else { "|" }) };
        m.into.as_ref().map_or(fits.clone(), |w| format!("{fits} -> {}", line(w)))
    };
    let mut parts: Vec<String> = items.items.iter().map(mention).collect();
    parts.extend(items.all.then(|| "all".to_owned()));
    parts.extend(items.except.iter().map(|m| format!("except {}", mention(m))));
    parts.extend(items.holding.iter().map(|m| format!("in {}", mention(m))));
    parts.extend(items.left.iter().map(|m| format!("not {}", mention(m))));
    parts.join("; ")
}

/// Says each and compares what is meant: "A0|A1" either, "A0&A1" both, "-> …" what it is to become, "\"word\"" nothing on an order.
pub(super) fn check(verb: Option<Verb>, orders: &[&str], cases: &[(&str, &str)]) {
    let shelf = shelf();
    let case = case(&shelf);
    let orders: Vec<String> = orders.iter().map(|o| (*o).to_owned()).collect();
    let said = |text: &str| shown(&mentions(text, &case, &orders, &shelf, verb));
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, want)| (text, want, said(text)))
        .filter(|(_, want, got)| *want != got)
        .map(|(text, want, got)| format!("{text}\n   want {want}\n   got  {got}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn things_by_name() {
    check(
        Some(Verb::Return),
        &[],
        &[
            ("i want to return the kettle", "B4"),
            ("Return the Electric Kettle and the bookshelf please", "B4; B2"),
            ("send back my ketle, it leaks", "B4"),
            ("I'd like a refund for the hikng boots", "B1"),
            ("return the t-shirt", "A2"),
            ("return my tshirt", "A2"),
            ("the tee doesn't fit, I want to return it", "A2"),
            ("book shelf and sun glasses go back", "B2; B3"),
            ("I'm returning the bookcase", "B2"),
            ("return the lamp", "A3|B0"),
            ("return the black lamp", "A3"),
            ("return the battery powered desk lamp", "B0"),
            ("return the bottle", "A0|A1"),
            ("return both bottles", "A0&A1"),
            ("return the bottles", "A0&A1"),
            ("all the bottles please, return them", "A0&A1"),
            ("return the two water bottles", "A0&A1"),
            ("return the 1L bottle", "A1"),
            ("return the blue one", "A1|B3"),
            ("the glass bottle has to go back", "A1"),
            ("return the puzzle", "C0|C1"),
            ("return both jigsaws", "C0&C1"),
            ("return the sunglasses", "B3"),
            ("I want to return the size M shirt and the keyboard", "A2; A4"),
            ("return the laptop and the backpack", "C3; C2"),
            ("return my grey laptop backpack", "C2"),
            ("return the blender", "C4"),
            ("i need to return my voltino", "C4"),
            ("return item bottle/1L/blue/glass", "A1"),
            ("我要退水壶", "A0|A1|B4"),
            ("退电水壶", "B4"),
            ("把书架和墨镜退了", "B2; B3"),
            ("我想退掉那个键盘", "A4"),
            ("两个水瓶都退", "A0&A1"),
            ("水瓶全部退掉", "A0&A1"),
            ("黑色的那个水瓶退了吧", "A0"),
            ("退一升的水瓶", "A1"),
            ("破壁机坏了要退货", "C4"),
            ("我要 return 那个 water bottle", "A0|A1"),
            ("登山鞋不合脚，想退", "B1"),
            ("把M码的T恤退了", "A2"),
            ("拼图两盒都退", "C0&C1"),
            ("退台灯和电脑", "A3|B0; C3"),
            ("I want to return the smaller bottle", "A0"),
            ("return one of the two puzzles", "C0|C1"),
            ("退一个拼图就行", "C0|C1"),
            ("hi! the sunglasses broke, the kettle arrived damaged. refund please for both", "B3; B4"),
            ("return bottle (the 1L one) and lamp (black one)", "A1; A3"),
            ("return the wooden bookshelf and the polarized shades", "B2; B3"),
            ("the one I want to return is the bookshelf", "B2"),
            ("could you return my backpack? not the laptop", "C2; not C3"),
            ("i don't want the lamp any more", "A3|B0"),
            ("麻烦把靴子退一下，尺码不对", "B1"),
            ("我要退那个1升的瓶子", "A1"),
            ("退电脑包", "C2"),
            ("退背包，电脑留着", "C2; not C3"),
            ("水瓶漏水，我要退款", "A0|A1"),
            ("这两个拼图我都不要了，退掉", "C0&C1"),
        ],
    );
}

#[test]
fn things_by_place_and_price() {
    check(
        Some(Verb::Return),
        &["#A100"],
        &[
            ("return the first item", "A0"),
            ("return the second one and the last item", "A1; A4"),
            ("item 3 please", "A2"),
            ("退第二件", "A1"),
            ("退最后一件", "A4"),
            ("return the cheapest item", "A2"),
            ("return the most expensive one", "A1"),
            ("把最贵的那件退了", "A1"),
            ("return the 56.00 one", "A0"),
            ("return the kettle", "\"kettle\""),
            ("return the lamp", "A3"),
        ],
    );
}

#[test]
fn everything_and_all_but() {
    check(
        Some(Verb::Return),
        &["#B200"],
        &[
            ("return everything", "all"),
            ("I want to return all of it", "all"),
            ("return the whole order", "all"),
            ("return all the items please", "all"),
            ("return everything except the bookshelf", "all; except B2"),
            ("everything but the lamp and the boots", "all; except B0; except B1"),
            ("return all items except for the sunglasses", "all; except B3"),
            ("整单退", "all"),
            ("全部退掉", "all"),
            ("都退了吧", "all"),
            ("除了书架都退", "all; except B2"),
            ("除了书架以外全部退货", "all; except B2"),
            ("除了书架，台灯也退", "B2; B0"),
            ("return the kettle, not the lamp", "B4; not B0"),
            ("not the lamp, only the kettle", "B4; not B0"),
            ("return the kettle but keep the boots", "B4; not B1"),
            ("I'll keep the lamp, return the boots", "B1; not B0"),
            ("don't return the lamp, just the boots and kettle", "B1; B4; not B0"),
            ("退水壶，台灯不退", "B4; not B0"),
            ("只退书架，台灯留着", "B2; not B0"),
            ("that's all, thanks", ""),
        ],
    );
}

#[test]
fn things_that_tell_an_order() {
    let swaps = [
        ("exchange the keyboard and the tee in my order with the lamp", "A4; A2; in A3|B0"),
        ("I'd like to exchange the backpack from the order with the backpack", "C2; in C2"),
        ("change the lamp in the order that has the kettle to black", "B0 -> color=black; in B4"),
        ("change the lamp to black in the order with the hiking boots in it", "B0 -> color=black; in B1"),
        ("把有电水壶的那一单里的台灯换成黑色", "B0 -> color=black; in B4"),
        ("我想把有led台灯的那个订单里的键盘换一下", "A4; in A3|B0"),
        ("帮我把带登山鞋的订单里的书架换一下，谢谢", "B2; in B1"),
    ];
    check(Some(Verb::Swap), &[], &swaps);
    let returns = [
        ("退带登山鞋的订单里的书架", "B2; in B1"),
        ("有书架和墨镜的那个订单里的台灯要退", "B0; in B2; in B3"),
        ("return the lamp from the kettle order", "B0; in B4"),
        ("return the lamp, order #A100", "A3|B0"),
    ];
    check(Some(Verb::Return), &[], &returns);
}

#[test]
fn things_said_not_to_be_meant() {
    let answers = [
        ("no, not the lamp. I mean the kettle", "B4; not A3|B0"),
        ("the kettle stays as it is, it's about the boots and the bookshelf", "B1; B2; not B4"),
        ("nothing about the backpack. it's the boots", "B1; not C2"),
        ("the backpack is fine, it is the laptop", "C3; not C2"),
        ("I don't want to touch the backpack, only the laptop", "C3; not C2"),
        ("leave the 1L bottle alone please, just the laptop", "C3; not A1"),
        ("sorry, i mean the boots and not the backpack", "B1; not C2"),
        ("the black bottle is fine", "A0"),
        ("跟台灯没关系，是电水壶", "B4; not A3|B0"),
        ("怎么说到台灯了？我说的是电水壶", "B4; not A3|B0"),
        ("台灯不用改，只要电水壶", "B4; not A3|B0"),
        ("台灯就不用了，我只说电水壶", "B4; not A3|B0"),
        ("搞错了，是电水壶，台灯不动", "B4; not A3|B0"),
        ("不是台灯啦，电水壶", "B4; not A3|B0"),
        ("只有电水壶，台灯不要动", "B4; not A3|B0"),
    ];
    check(None, &[], &answers);
    check(Some(Verb::Swap), &[], &[("why the backpack? I want the laptop changed", "C3; not C2")]);
}

#[test]
fn what_is_no_goods_is_no_mention() {
    check(
        Some(Verb::Return),
        &[],
        &[
            ("return order #A100", ""),
            ("refund it to my gift card please", ""),
            ("I no longer need it", ""),
            ("it's the wrong size and it broke after a week", ""),
            ("my name is Amber Stone, email lamp.fan@example.com", ""),
            ("I live in 12 Kettle Road", ""),
            ("return it because it does not match my sofa", ""),
            ("return the lamp because it doesn't go with my bookshelf", "A3|B0"),
            ("because the kettle leaks i want my money back", "B4"),
            ("退款到支付宝", ""),
            ("我要退货，颜色不对", ""),
            ("return the vacuum cleaner", "\"vacuum cleaner\""),
            ("退吸尘器", "\"吸尘器\""),
            ("return the flurbinator", "\"flurbinator\""),
            ("return the kettle and the toaster", "B4; \"toaster\""),
        ],
    );
    check(
        Some(Verb::Address),
        &[],
        &[("change the address of the order with the kettle", "in B4"), ("change the address to 9 Bookshelf Lane", "")],
    );
    check(Some(Verb::Payment), &[], &[("pay the order with the boots by paypal", "in B1"), ("use my visa card", "")]);
    check(
        None,
        &[],
        &[
            ("the kettle and the boots", "B4; B1"),
            ("black lamp", "A3"),
            ("the blue one", "A1|B3"),
            ("hello there", ""),
            ("boots", "B1"),
            ("水瓶", "A0|A1"),
            ("黑色那个台灯", "A3"),
        ],
    );
}
