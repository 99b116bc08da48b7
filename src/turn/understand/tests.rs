//! Whole messages against what they mean: prices, filters, search words, intents. Data first, one check each.

mod allergy;
mod child;
mod colour;
mod danger;
mod lexicon;
mod material;
mod reject;
mod size;
mod unit;
mod waive;
mod who;

use super::*;
use std::fmt::Debug;

/// Compares every row of a table and names all that differ.
fn check<T: PartialEq + Debug>(rows: impl IntoIterator<Item = (&'static str, T, T)>) {
    let wrong: Vec<String> =
        rows.into_iter().filter(|(_, got, want)| got != want).map(|(text, got, want)| format!("{text}: {got:?}, not {want:?}")).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// (message, min, max, about, currency), in cents.
type PriceRow = (&'static str, Option<i64>, Option<i64>, Option<i64>, &'static str);

const PRICES: &[PriceRow] = &[
    ("hiking boots under 300", None, Some(30_000), None, ""),
    ("三百以内的登山鞋", None, Some(30_000), None, ""),
    ("¥200-500", Some(20_000), Some(50_000), None, "CNY"),
    ("1.2k左右的手机", Some(96_000), Some(144_000), Some(120_000), ""),
    ("about 50 bucks", Some(4_000), Some(6_000), Some(5_000), ""),
    ("500以内", None, Some(50_000), None, ""),
    ("不超过一千二", None, Some(120_000), None, ""),
    ("两百到三百之间的耳机", Some(20_000), Some(30_000), None, ""),
    ("一百来块的礼物", Some(8_000), Some(12_000), Some(10_000), ""),
    ("a mug between 20 and 30", Some(2_000), Some(3_000), None, ""),
    ("less than $80", None, Some(8_000), None, ""),
    ("预算500", None, Some(50_000), None, ""),
    ("80 max", None, Some(8_000), None, ""),
    ("up to 1,200.50", None, Some(120_050), None, ""),
    ("５００元以下", None, Some(50_000), None, ""),
    ("500块以下的鞋", None, Some(50_000), None, ""),
    ("from 100", Some(10_000), None, None, ""),
    ("S$120 or less", None, Some(12_000), None, "SGD"),
    ("100新币以内", None, Some(10_000), None, "SGD"),
    ("under €60", None, Some(6_000), None, "EUR"),
    ("under 60 USD", None, Some(6_000), None, "USD"),
    ("300 RMB以内", None, Some(30_000), None, "CNY"),
    ("两三百的", Some(20_000), Some(30_000), Some(25_000), ""),
    ("两三百块的耳机", Some(20_000), Some(30_000), Some(25_000), ""),
    ("三百五以下", None, Some(35_000), None, ""),
    ("price lower than 50.00 dollars", None, Some(5_000), None, ""),
    ("100到200块的杯子", Some(10_000), Some(20_000), None, ""),
    ("$20-$40 mugs", Some(2_000), Some(4_000), None, ""),
    ("over $100", Some(10_000), None, None, ""),
    ("a laptop for 800 to 1000 dollars", Some(80_000), Some(100_000), None, ""),
    ("几十块钱的小礼物", Some(1_000), Some(9_900), Some(5_450), ""),
    ("二十块五的茶", Some(1_640), Some(2_460), Some(2_050), ""),
    ("no more than 45 dollars", None, Some(4_500), None, ""),
    ("预算300到500", Some(30_000), Some(50_000), None, ""),
    ("预算500左右", Some(40_000), Some(60_000), Some(50_000), ""),
    ("1000元以上的手表", Some(100_000), None, None, ""),
    ("under 4k", None, Some(400_000), None, ""),
    ("10000日元以内", None, Some(10_000), None, "JPY"),
    ("my budget is 150", None, Some(15_000), None, ""),
    ("最多八十块", None, Some(8_000), None, ""),
    ("一千五左右的电脑", Some(120_000), Some(180_000), Some(150_000), ""),
    ("两到三百的", None, None, None, ""),
    ("两到三百块", Some(20_000), Some(30_000), None, ""),
    ("手机，3000-4000，续航长", Some(300_000), Some(400_000), None, ""),
    ("500多的咖啡机", Some(50_000), Some(59_900), Some(54_950), ""),
    ("50块钱", Some(4_000), Some(6_000), Some(5_000), ""),
    // Never a price.
    ("size 42 boots", None, None, None, ""),
    ("42码的鞋", None, None, None, ""),
    ("17 inch laptop", None, None, None, ""),
    ("两升的水壶", None, None, None, ""),
    ("an ottoman 100x45x45cm", None, None, None, ""),
    ("iPhone 15 case", None, None, None, ""),
    ("5G手机", None, None, None, ""),
    ("4K电视", None, None, None, ""),
    ("1080p webcam", None, None, None, ""),
    ("2 pack of socks", None, None, None, ""),
    ("不超过5公斤", None, None, None, ""),
    ("at least 8 hours of battery", None, None, None, ""),
    ("3岁以上", None, None, None, ""),
    ("ages 3 to 6", None, None, None, ""),
    ("a game for 4 people", None, None, None, ""),
    ("第2个", None, None, None, ""),
    ("up to 10 people", None, None, None, ""),
    ("within 3 days", None, None, None, ""),
    ("50 pounds dumbbell", None, None, None, ""),
    ("from 2 to 4 persons", None, None, None, ""),
    ("三件套", None, None, None, ""),
    ("20x20 pillow cover", None, None, None, ""),
    ("models from 2006 - 2012", None, None, None, ""),
    ("wd40", None, None, None, ""),
    ("a 100% cotton shirt", None, None, None, ""),
];

#[test]
fn prices() {
    check(PRICES.iter().map(|(text, min, max, about, currency)| {
        let f = understand(text).filters;
        let currency = (!currency.is_empty()).then(|| (*currency).to_owned());
        (*text, (f.price_min, f.price_max, f.price_about, f.currency), (*min, *max, *about, currency))
    }));
}

/// (message, search words)
const TERMS: &[(&str, &str)] = &[
    ("I'm looking for a pair of black hiking boots under $100", "hiking boots"),
    ("想给爸爸买一双防滑的登山鞋，预算三百以内", "防滑 登山鞋"),
    ("do you have waterproof jackets in blue, size L please", "waterproof jackets"),
    ("给妈妈的生日礼物", "生日礼物"),
    ("有没有42码的黑色跑鞋", "跑鞋"),
    ("推荐一款降噪耳机", "降噪耳机"),
    ("a gift for my dad who likes tea", "gift tea"),
    ("cheapest power bank", "power bank"),
    ("太阳能灯", "太阳能灯"),
    ("我想要一个不要太贵的保温杯", "保温杯"),
    ("hiking boots, not leather", "hiking boots"),
    ("55 inch tv", "55 inch tv"),
    ("一千块左右的笔记本电脑", "笔记本电脑"),
    ("帮我找一下宠物自动喂食器", "宠物自动喂食器"),
    ("sugar free cookies", "sugar free cookies"),
    ("hello, I need a mechanical keyboard", "mechanical keyboard"),
    ("all in one computer", "all in one computer"),
    ("Sony WH-1000XM5", "Sony WH-1000XM5"),
    ("红色", ""),
    ("买双肩包", "双肩包"),
    ("想买台空气净化器", "空气净化器"),
    ("华为手机", "华为手机"),
    ("intel i5 laptop", "intel i5 laptop"),
    ("the second one", ""),
    ("你好", ""),
    ("请问有双肩包吗", "双肩包"),
    ("不锈钢保温杯 500ml", "不锈钢保温杯 500ml"),
];

#[test]
fn search_words() {
    check(TERMS.iter().map(|(text, want)| (*text, understand(text).terms, (*want).to_owned())));
}

/// (message, intent)
const INTENTS: &[(&str, Intent)] = &[
    ("black hiking boots", Intent::Find),
    ("想买双登山鞋", Intent::Find),
    ("waterproof jacket in stock", Intent::Find),
    ("compare the first and the second", Intent::Compare),
    ("这两款有什么区别", Intent::Compare),
    ("which one is better", Intent::Compare),
    ("is it waterproof?", Intent::Detail),
    ("第二个防水吗", Intent::Detail),
    ("is it in stock?", Intent::Availability),
    ("这款有货吗", Intent::Availability),
    ("how much is the second one", Intent::Price),
    ("这个多少钱", Intent::Price),
    ("what is your return policy", Intent::Policy),
    ("支持退货吗", Intent::Policy),
    ("包邮吗", Intent::Policy),
    ("where is my order", Intent::OrderStatus),
    ("我的快递到哪了", Intent::OrderStatus),
    ("I want to return my shoes", Intent::AfterSales(Deed::Return)),
    ("cancel my order", Intent::AfterSales(Deed::Cancel)),
    ("我要退货", Intent::AfterSales(Deed::Return)),
    ("取消订单", Intent::AfterSales(Deed::Cancel)),
    ("let me talk to a human", Intent::Human),
    ("转人工", Intent::Human),
    ("hi there!", Intent::Greeting),
    ("你好", Intent::Greeting),
    ("thank you so much", Intent::Thanks),
    ("好的，谢谢", Intent::Thanks),
    ("bye", Intent::Goodbye),
    ("再见", Intent::Goodbye),
    ("hi, I need boots", Intent::Find),
    ("you idiot", Intent::Abuse),
    ("the battery is on fire", Intent::Emergency),
    ("充电宝冒烟了", Intent::Emergency),
    ("what's the weather today", Intent::OutOfScope),
    ("讲个笑话", Intent::OutOfScope),
    ("anything cheaper?", Intent::Refine(Refinement::Cheaper)),
    ("便宜点的有吗", Intent::Refine(Refinement::Cheaper)),
    ("有别的颜色吗", Intent::Refine(Refinement::OtherColor)),
    ("show me more", Intent::Refine(Refinement::More)),
    ("换一批", Intent::Refine(Refinement::More)),
    ("boots cheaper than $50", Intent::Find),
    ("I forgot my password", Intent::Policy),
    ("my payment failed", Intent::AfterSales(Deed::Complaint)),
    ("能不能跟人工客服说", Intent::Human),
    ("what are the conditions for a refund", Intent::Policy),
    ("取消订单要手续费吗", Intent::Policy),
];

#[test]
fn intents() {
    check(INTENTS.iter().map(|(text, want)| (*text, understand(text).intent, *want)));
}

#[test]
fn references() {
    let cases = [
        ("第二个", Some(Reference::Ordinal(2))),
        ("the second one", Some(Reference::Ordinal(2))),
        ("tell me more about the 3rd", Some(Reference::Ordinal(3))),
        ("number 3 please", Some(Reference::Ordinal(3))),
        ("compare the first and the third", Some(Reference::Ordinals(vec![1, 3]))),
        ("对比前两个", Some(Reference::First(2))),
        ("the last one", Some(Reference::Last)),
        ("最后一个", Some(Reference::Last)),
        ("compare them", Some(Reference::These)),
        ("这两款哪个好", Some(Reference::These)),
        ("这款防水吗", Some(Reference::This)),
        ("is it waterproof?", Some(Reference::This)),
        ("the blue one", Some(Reference::Described)),
        ("蓝色的那双", Some(Reference::Described)),
        ("second hand books", None),
        ("这个周末去爬山的鞋", None),
        ("a first aid kit", None),
        ("hiking boots", None),
    ];
    check(cases.map(|(text, want)| (text, understand(text).reference, want)));
}

#[test]
fn sorts_and_stock() {
    let cases = [
        ("cheapest headphones", Some(Sort::Cheapest), false),
        ("最便宜的耳机", Some(Sort::Cheapest), false),
        ("best rated kettle in stock", Some(Sort::BestRated), true),
        ("最新款的手机", Some(Sort::Newest), false),
        ("有现货的帐篷", None, true),
        ("is it in stock?", None, false),
    ];
    check(cases.map(|(text, sort, stock)| {
        let got = understand(text);
        (text, (got.sort, got.filters.in_stock), (sort, stock))
    }));
}

#[test]
fn one_message_in_full() {
    let got = understand("想给爸爸买一双42码、防滑的登山鞋，不要黑色，300到500块");
    let f = &got.filters;
    assert_eq!((got.lang, got.intent, got.terms.as_str()), (Lang::Zh, Intent::Find, "防滑 登山鞋"));
    assert_eq!((f.price_min, f.price_max), (Some(30_000), Some(50_000)));
    assert_eq!((f.not_colors.as_slice(), f.sizes.as_slice()), (["black".to_owned()].as_slice(), ["42".to_owned()].as_slice()));
    assert_eq!((f.gender.as_deref(), f.age_group.as_deref()), (Some("male"), Some("adult")));
    for evidence in &got.evidence {
        assert!(evidence.span.0 < evidence.span.1, "{evidence:?}");
    }
}

#[test]
fn odd_input_is_no_trouble() {
    for text in [
        "",
        " ",
        "👍",
        "$",
        "第",
        "几",
        "不要",
        "给",
        "under",
        "-",
        "½ price",
        "\u{0}\u{301}",
        "99999999999999999999 dollars",
        "一二三四五六七八九十百千万亿亿亿亿亿",
        "in",
        "US",
        "1x",
        "size",
    ] {
        understand(text);
    }
}
