//! One of every saying, refusal, question and state, with what must be read in each language. The matches have no `_`: a new variant
//! that is not said here does not compile.

use super::answers::answers;
use super::ends::ends;
use super::refusals::refusals;
use crate::aftersales::Kind;
use crate::aftersales::nouns::{Case, Status};
use crate::catalog::{Lang, Money};
use crate::errand::{Place, Saying, Told, Verb};

/// What must be there: in both languages, or in one.
pub enum Fact {
    Both(&'static str),
    En(&'static str),
    Zh(&'static str),
}

use Fact::{Both, En, Zh};

impl Fact {
    pub fn of(&self, lang: Lang) -> Option<&'static str> {
        match (self, lang) {
            (Both(text), _) | (En(text), Lang::En) | (Zh(text), Lang::Zh) => Some(text),
            _ => None,
        }
    }
}

pub type Expected = (Saying, Vec<Fact>);

pub fn sayings(case: &Case) -> Vec<Expected> {
    let mut all = conversation();
    all.extend(
        ["cancel", "address", "payment", "dearer", "return", "exchange", "dearer exchange", "same again", "profile"]
            .into_iter()
            .flat_map(|name| ends(case, name)),
    );
    all.extend(refusals());
    all.extend(answers());
    let said: Vec<u8> = all.iter().map(|(saying, _)| number(saying)).collect();
    assert!((0..42).all(|n| said.contains(&n)), "a saying is not tried");
    all
}

fn number(saying: &Saying) -> u8 {
    match saying {
        Saying::AskIdentity { .. } => 0,
        Saying::NotFound => 1,
        Saying::NoMoreTries => 2,
        Saying::Identified { .. } => 3,
        Saying::OtherCustomer => 4,
        Saying::AskVerb { .. } => 5,
        Saying::AskOrder { .. } => 6,
        Saying::UnknownOrder { .. } => 7,
        Saying::AskItems { .. } => 8,
        Saying::AskWhich { .. } => 9,
        Saying::NotOnOrder { .. } => 10,
        Saying::AskTarget { .. } => 11,
        Saying::NoSuchVariant { .. } => 12,
        Saying::AskMethod { .. } => 13,
        Saying::AskReason { .. } => 14,
        Saying::AskAddress { .. } => 15,
        Saying::UnknownMethod { .. } => 16,
        Saying::Refused { .. } => 17,
        Saying::PartNotCancelled { .. } => 18,
        Saying::Proposed { .. } => 19,
        Saying::Reminder { .. } => 20,
        Saying::Difference { .. } => 37,
        Saying::Terms { .. } => 36,
        Saying::Beside { .. } => 38,
        Saying::NoAnswer => 39,
        Saying::Worth { .. } => 40,
        Saying::Recap { .. } => 41,
        Saying::Done { .. } => 21,
        Saying::Declined => 22,
        Saying::Expired => 23,
        Saying::Void => 24,
        Saying::Next { .. } => 25,
        Saying::Dropped { .. } => 26,
        Saying::NotUnderstood => 27,
        Saying::HandedOff => 28,
        Saying::Told { .. } => 29,
        Saying::Orders { .. } => 30,
        Saying::Variants { .. } => 31,
        Saying::Closing => 32,
        Saying::Both(..) => 33,
        Saying::PhotoKept { .. } => 34,
        Saying::Noted { .. } => 35,
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| (*word).to_owned()).collect()
}

fn conversation() -> Vec<Expected> {
    let order = || "#T40101".to_owned();
    let pending = || "#T40102".to_owned();
    let place = |order: &str, at| Place { order: order.to_owned(), at };
    let told = |name: Option<String>, zip: Option<String>, order: Option<String>, phone: Option<String>| Told {
        name,
        zip,
        order,
        phone,
        ..Told::default()
    };
    vec![
        (Saying::Difference { amount: Money::new(-450, "USD") }, vec![Both("$4.50"), En("back"), Zh("退")]),
        (Saying::AskIdentity { told: Told::default() }, vec![En("So that nobody else"), En("postal code"), Zh("不让别人看到"), Zh("邮编")]),
        (Saying::AskIdentity { told: told(some("Anna Hill"), None, None, None) }, vec![En("postal code"), Zh("邮编")]),
        (Saying::AskIdentity { told: told(None, some("LS1"), None, None) }, vec![En("name"), Zh("姓名")]),
        (Saying::AskIdentity { told: told(None, None, some("#T40101"), None) }, vec![En("e-mail"), Zh("邮箱")]),
        (Saying::AskIdentity { told: told(None, None, None, some("123")) }, vec![En("order number"), Zh("订单号")]),
        (Saying::NotFound, vec![En("could not find"), Zh("没有找到")]),
        (Saying::NoMoreTries, vec![En("colleague"), Zh("同事")]),
        (Saying::Identified { first_name: "Anna".to_owned() }, vec![Both("Anna")]),
        (Saying::OtherCustomer, vec![En("one customer"), Zh("一位顾客")]),
        (
            Saying::AskVerb { order: Some(order()), may: vec![Kind::Return, Kind::Exchange] },
            vec![Both("#T40101"), En("return items"), Zh("退货")],
        ),
        (Saying::AskVerb { order: some("#T40103"), may: vec![] }, vec![Both("#T40103"), En("Once it is delivered"), Zh("送达以后")]),
        (Saying::AskVerb { order: None, may: Kind::ALL.to_vec() }, vec![En("cancel"), Zh("取消")]),
        (Saying::AskVerb { order: None, may: vec![] }, vec![]),
        (
            Saying::AskOrder { verb: Some(Verb::Cancel), orders: words(&["#T40102", "#T40105"]) },
            vec![Both("#T40102"), Both("$154.00"), En("cancel"), Zh("取消")],
        ),
        (Saying::AskOrder { verb: Some(Verb::Return), orders: vec![] }, vec![En("number"), Zh("订单号")]),
        (Saying::AskOrder { verb: Some(Verb::Swap), orders: words(&["#T40101"]) }, vec![Both("#T40101"), Zh("快沸电热水壶、Glow Lamp")]),
        (Saying::UnknownOrder { said: "#T40999".to_owned() }, vec![Both("#T40999")]),
        (
            Saying::AskItems { kind: Kind::Return, order: order() },
            vec![Both("#T40101"), Both("$41.50"), En("Brisk Kettle (1.5 liters, black)"), Zh("（1.5 升，黑色）"), Zh("防水：是")],
        ),
        (Saying::AskItems { kind: Kind::Exchange, order: order() }, vec![Both("$79.00")]),
        (Saying::AskItems { kind: Kind::ModifyItems, order: pending() }, vec![Both("$75.00")]),
        (
            Saying::AskWhich { words: "kettle".to_owned(), places: vec![place("#T40102", 0), place("#T40102", 1)] },
            vec![Both("kettle"), En("white"), Zh("白色")],
        ),
        (
            Saying::AskWhich { words: "kettle".to_owned(), places: vec![place("#T40101", 0), place("#T40102", 0)] },
            vec![Both("#T40101"), Both("#T40102")],
        ),
        (
            Saying::NotOnOrder { words: "toaster".to_owned(), order: Some(order()) },
            vec![Both("toaster"), Both("#T40101"), Both("Glow Lamp")],
        ),
        (Saying::NotOnOrder { words: "toaster".to_owned(), order: None }, vec![Both("toaster"), Both("#T40107")]),
        (
            Saying::AskTarget {
                order: pending(),
                at: 0,
                by: Some(("capacity".to_owned(), words(&["1.5 liters", "2 liters"]))),
                variants: vec![],
            },
            vec![Both("$79.00"), En("capacity"), En("2 liters"), Zh("容量"), Zh("2 升")],
        ),
        (
            Saying::AskTarget { order: order(), at: 1, by: Some(("waterproof".to_owned(), words(&["yes", "no"]))), variants: vec![] },
            vec![Zh("防水"), Zh("否")],
        ),
        (
            Saying::AskTarget { order: pending(), at: 0, by: None, variants: words(&["KET-2", "KET-3"]) },
            vec![Both("$85.00"), En("$6.00 more"), En("$4.00 less"), Zh("贵 $6.00"), Zh("白色")],
        ),
        (
            Saying::NoSuchVariant { order: pending(), at: 0, wished: "pink".to_owned(), nearest: words(&["KET-2", "KET-3"]) },
            vec![Both("pink"), Both("$75.00"), En("Brisk Kettle"), Zh("快沸电热水壶")],
        ),
        (Saying::NoSuchVariant { order: order(), at: 1, wished: String::new(), nearest: vec![] }, vec![Both("Glow Lamp")]),
        (
            Saying::AskMethod { kind: Kind::Return, order: order(), methods: words(&["credit_card_1", "gift_card_2"]) },
            vec![Both("$60.00"), En("Visa ending in 9212"), En("gift card"), Zh("尾号 9212 的 Visa 卡"), Zh("礼品卡")],
        ),
        (
            Saying::AskMethod { kind: Kind::ModifyPayment, order: pending(), methods: words(&["credit_card_1"]) },
            vec![Both("#T40102"), Both("9212")],
        ),
        (
            Saying::AskMethod { kind: Kind::ModifyItems, order: pending(), methods: words(&["paypal_3", "credit_card_1"]) },
            vec![Both("PayPal"), En("difference"), Zh("差价")],
        ),
        (Saying::AskMethod { kind: Kind::Exchange, order: order(), methods: vec![] }, vec![En("person"), Zh("同事")]),
        (
            Saying::AskReason { order: pending(), reasons: words(&["no longer needed", "ordered by mistake"]) },
            vec![Both("#T40102"), En("no longer needed or ordered by mistake"), Zh("不再需要"), Zh("下错单")],
        ),
        (Saying::AskAddress { order: Some(pending()), missing: vec![] }, vec![Both("#T40102"), En("postal code"), Zh("邮编")]),
        (Saying::AskAddress { order: None, missing: vec![] }, vec![En("default address"), Zh("默认地址")]),
        (
            Saying::AskAddress { order: Some(pending()), missing: words(&["city", "zip"]) },
            vec![En("the city and the postal code"), Zh("城市和邮编")],
        ),
        (Saying::UnknownMethod { words: "PayPal".to_owned() }, vec![Both("PayPal")]),
        (Saying::PhotoKept { place: Some(place("#T40101", 0)) }, vec![Both("#T40101"), En("kept your photo"), Zh("照片")]),
        (Saying::PhotoKept { place: None }, vec![En("kept your photo"), Zh("照片")]),
        (
            Saying::Both(Box::new(Saying::Declined), Box::new(Saying::AskAddress { order: None, missing: vec![] })),
            vec![En("Nothing has been changed"), En("default address"), Zh("没有改动"), Zh("默认地址")],
        ),
        (Saying::PartNotCancelled { order: pending() }, vec![Both("#T40102"), En("only the whole order"), Zh("只能取消整单")]),
        (Saying::Beside { place: place("#T40101", 1), included: true }, vec![En("Glow Lamp is part of it"), Zh("Glow Lamp 也在内")]),
        (Saying::Beside { place: place("#T40102", 0), included: false }, vec![Both("#T40102"), En("stays as it is"), Zh("不会动")]),
        (Saying::Worth { place: place("#T40101", 1) }, vec![Both("$41.50"), En("goes to"), Zh("退到")]),
        (Saying::NoAnswer, vec![En("do not say"), Zh("没有写")]),
        (Saying::Declined, vec![En("Nothing has been changed"), Zh("没有改动")]),
        (Saying::Expired, vec![En("nothing has been changed"), Zh("失效")]),
        (Saying::Void, vec![En("changed"), Zh("变化")]),
        (Saying::Next { verb: Verb::Return }, vec![En("the return"), Zh("退货")]),
        (Saying::Noted { verb: Verb::Return }, vec![En("the return"), Zh("退货我记下了")]),
        (Saying::Dropped { verb: Some(Verb::Swap) }, vec![En("the exchange"), Zh("换规格")]),
        (Saying::Dropped { verb: None }, vec![]),
        (Saying::NotUnderstood, vec![En("another way"), Zh("换个说法")]),
        (Saying::HandedOff, vec![En("colleague"), Zh("同事")]),
        (
            Saying::Orders { orders: vec![("#T40101".to_owned(), Status::Delivered), ("#T40103".to_owned(), Status::Processed)] },
            vec![Both("#T40103"), En("processed"), Zh("已处理")],
        ),
        (
            Saying::Variants { order: pending(), at: 0, variants: words(&["KET-1", "KET-2", "KET-3", "KET-4"]) },
            vec![En("4 variants; 3 are in stock, from $75.00 to $85.00"), Zh("共有 4 种规格，3 种有现货，价格从 $75.00 到 $85.00")],
        ),
        (
            Saying::Variants { order: pending(), at: 0, variants: words(&["KET-1", "KET-3"]) },
            vec![En("Of the 4 variants"), En("2 fit and can be had now"), Zh("符合的有 2 种")],
        ),
        (Saying::Closing, vec![En("anything else"), Zh("还有")]),
    ]
}
