//! Every reason there is, on an order it could be given for.

use super::every::Fact::{self, Both, En, Zh};
use super::every::{Expected, words};
use crate::aftersales::nouns::{MethodKind, Status};
use crate::aftersales::{Kind, Refusal, Why};
use crate::catalog::Money;
use crate::errand::Saying;

pub fn refusals() -> Vec<Expected> {
    let money = |text: &str| Money::parse(text).expect("money");
    let variant = |id: &str| id.to_owned();
    let all = vec![
        (Kind::Cancel, "#T40101", Why::NotOffered, vec![Kind::Return], vec![En("cancel"), En("return items"), Zh("取消"), Zh("退货")]),
        (Kind::Cancel, "#T40999", Why::UnknownOrder, vec![], vec![Both("#T40999")]),
        (Kind::ModifyProfile, "", Why::UnknownCustomer, vec![], vec![En("your own account"), Zh("您自己")]),
        (
            Kind::Cancel,
            "#T40103",
            Why::WrongStatus { is: Status::Processed, may: vec![Status::Pending] },
            vec![],
            vec![
                Both("#T40103"),
                En("processed"),
                En("only an order that is pending can be cancelled"),
                En("our rule"),
                En("a person"),
                Zh("已处理"),
                Zh("待处理的订单才可以"),
                Zh("同事"),
            ],
        ),
        (
            Kind::Cancel,
            "#T40101",
            Why::WrongStatus { is: Status::Delivered, may: vec![Status::Pending] },
            vec![Kind::Return, Kind::Exchange],
            vec![En("delivered"), En("return items or exchange"), Zh("已送达"), Zh("退货")],
        ),
        (
            Kind::Return,
            "#T40102",
            Why::WrongStatus { is: Status::Pending, may: vec![Status::Delivered] },
            vec![Kind::Cancel],
            vec![En("still pending"), Zh("没有发出")],
        ),
        (
            Kind::Return,
            "#T40105",
            Why::WrongStatus { is: Status::ItemsModified, may: vec![Status::Delivered] },
            vec![],
            vec![En("items changed"), Zh("改过")],
        ),
        (
            Kind::Return,
            "#T40104",
            Why::WrongStatus { is: Status::Cancelled, may: vec![Status::Delivered] },
            vec![],
            vec![En("cancelled"), Zh("已取消")],
        ),
        (
            Kind::Exchange,
            "#T40106",
            Why::WrongStatus { is: Status::ReturnRequested, may: vec![Status::Delivered] },
            vec![],
            vec![En("return"), Zh("退货")],
        ),
        (
            Kind::Return,
            "#T40107",
            Why::WrongStatus { is: Status::ExchangeRequested, may: vec![Status::Delivered] },
            vec![],
            vec![En("exchange"), Zh("换货")],
        ),
        (Kind::ModifyItems, "#T40105", Why::TooOften { times: 1 }, vec![], vec![En("only once"), Zh("一次")]),
        (Kind::Return, "#T40101", Why::TooLate { days: 30 }, vec![], vec![Both("30"), En("a person"), Zh("同事")]),
        (Kind::Return, "#T40101", Why::UnknownDate, vec![], vec![En("a person"), Zh("同事")]),
        (
            Kind::Cancel,
            "#T40102",
            Why::UnknownReason { may: words(&["no longer needed", "ordered by mistake"]) },
            vec![],
            vec![En("no longer needed"), Zh("下错单")],
        ),
        (Kind::Return, "#T40101", Why::NothingNamed, vec![], vec![En("which ones"), Zh("哪几件")]),
        (Kind::Exchange, "#T40101", Why::UnequalLists, vec![], vec![En("exactly one"), Zh("每一件")]),
        (
            Kind::Return,
            "#T40101",
            Why::NotOnOrder { item: variant("KET-2") },
            vec![],
            vec![En("Brisk Kettle (1.5 liters, white)"), Zh("白色")],
        ),
        (Kind::Exchange, "#T40101", Why::UnknownVariant { variant: variant("KET-9") }, vec![], vec![En("no longer has"), Zh("已经没有")]),
        (
            Kind::Exchange,
            "#T40101",
            Why::OtherProduct { item: variant("KET-1"), variant: variant("LMP-2") },
            vec![],
            vec![Both("Glow Lamp"), En("different product"), Zh("另一款")],
        ),
        (
            Kind::Exchange,
            "#T40101",
            Why::OutOfStock { variant: variant("KET-4") },
            vec![],
            vec![En("red"), En("not in stock"), Zh("红色"), Zh("没有现货")],
        ),
        (
            Kind::Exchange,
            "#T40101",
            Why::SameVariant { variant: variant("KET-1") },
            vec![],
            vec![En("what you have already"), Zh("就是您现在的")],
        ),
        (Kind::Exchange, "#T40101", Why::OtherCurrency, vec![], vec![En("currency"), Zh("币种")]),
        (Kind::Return, "#T40101", Why::UnknownMethod, vec![], vec![En("not in your account"), Zh("没有这个付款方式")]),
        (
            Kind::ModifyPayment,
            "#T40102",
            Why::MethodKindNotAllowed { may: vec![MethodKind::CreditCard, MethodKind::Alipay] },
            vec![],
            vec![En("credit card or Alipay"), Zh("信用卡或支付宝")],
        ),
        (Kind::ModifyPayment, "#T40102", Why::SameMethod, vec![], vec![En("paid with that already"), Zh("另一种")]),
        (
            Kind::ModifyPayment,
            "#T40102",
            Why::BalanceTooLow { has: money("60.00 USD"), needs: money("154.00 USD") },
            vec![],
            vec![Both("$60.00"), Both("$154.00")],
        ),
        (
            Kind::ModifyPayment,
            "#T40102",
            Why::BalanceTooLow { has: money("50.00 USD"), needs: money("154.00 USD") },
            vec![],
            vec![En("open exchanges"), Zh("进行中的换货")],
        ),
        (
            Kind::Return,
            "#T40101",
            Why::RefundRoute { may: words(&["credit_card_1", "gift_card_2"]) },
            vec![],
            vec![Both("9212"), En("or your gift card"), Zh("礼品卡")],
        ),
        (Kind::ModifyAddress, "#T40102", Why::AddressIncomplete { field: "zip".to_owned() }, vec![], vec![En("postal code"), Zh("邮编")]),
        (Kind::ModifyAddress, "#T40102", Why::NothingChanges, vec![], vec![En("nothing to change"), Zh("不用改")]),
        (Kind::Return, "#T40101", Why::NeedsPerson { above: money("500.00 USD") }, vec![], vec![Both("$500.00"), En("person"), Zh("同事")]),
        (Kind::Cancel, "#T40102", Why::Changed, vec![], vec![En("changed"), Zh("变化")]),
        (Kind::Cancel, "#T40102", Why::Expired, vec![], vec![En("no longer open"), Zh("失效")]),
    ];
    let tried: Vec<u8> = all.iter().map(|(_, _, why, ..)| reason(why)).collect();
    assert!((0..26).all(|n| tried.contains(&n)), "a reason is not tried");
    let refused = |(kind, order, why, instead, facts): (Kind, &str, Why, Vec<Kind>, Vec<Fact>)| {
        let refusal = Refusal { why, clause: "Cancel pending order".to_owned() };
        (Saying::Refused { kind, order: (!order.is_empty()).then(|| order.to_owned()), refusal, instead }, facts)
    };
    all.into_iter().map(refused).collect()
}

fn reason(why: &Why) -> u8 {
    match why {
        Why::NotOffered => 0,
        Why::UnknownOrder => 1,
        Why::UnknownCustomer => 2,
        Why::WrongStatus { .. } => 3,
        Why::TooOften { .. } => 4,
        Why::TooLate { .. } => 5,
        Why::UnknownDate => 6,
        Why::UnknownReason { .. } => 7,
        Why::NothingNamed => 8,
        Why::UnequalLists => 9,
        Why::NotOnOrder { .. } => 10,
        Why::UnknownVariant { .. } => 11,
        Why::OtherProduct { .. } => 12,
        Why::OutOfStock { .. } => 13,
        Why::SameVariant { .. } => 14,
        Why::OtherCurrency => 15,
        Why::UnknownMethod => 16,
        Why::MethodKindNotAllowed { .. } => 17,
        Why::SameMethod => 18,
        Why::BalanceTooLow { .. } => 19,
        Why::RefundRoute { .. } => 20,
        Why::AddressIncomplete { .. } => 21,
        Why::NothingChanges => 22,
        Why::NeedsPerson { .. } => 23,
        Why::Changed => 24,
        Why::Expired => 25,
    }
}
