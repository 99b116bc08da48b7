//! Every question about an order in every state, with the facts of some.

use super::every::Expected;
use super::every::Fact::{self, Both, En, Zh};
use crate::errand::{Question, Saying};

pub fn answers() -> Vec<Expected> {
    let questions = [
        Question::Status,
        Question::Tracking,
        Question::Total,
        Question::Items,
        Question::Address,
        Question::Payment,
        Question::Orders,
        Question::CanDo,
        Question::Refund,
        Question::Balance,
        Question::Profile,
        Question::Variants,
        Question::Sending,
    ];
    let orders = ["#T40101", "#T40102", "#T40103", "#T40104", "#T40105", "#T40106", "#T40107"];
    let mut all = Vec::new();
    for question in questions {
        all.push((Saying::Told { question, order: None }, about_all(question)));
        all.extend(orders.map(|order| (Saying::Told { question, order: Some(order.to_owned()) }, about(question, order))));
    }
    all.push((Saying::Told { question: Question::Status, order: Some("#T40999".to_owned()) }, vec![Both("#T40999")]));
    all
}

fn about_all(question: Question) -> Vec<Fact> {
    match question {
        Question::Balance => vec![Both("$60.00")],
        Question::Profile => vec![Both("anna@linden.example"), Both("9 Mill Lane, York YO1 7HU, UK"), Both("9212"), Both("PayPal")],
        Question::Orders => vec![Both("#T40101"), Both("#T40107"), En("7 orders"), Zh("7 个订单")],
        Question::Status
        | Question::Tracking
        | Question::Total
        | Question::Items
        | Question::Address
        | Question::Payment
        | Question::CanDo
        | Question::Refund
        | Question::Variants
        | Question::Sending => vec![Both("#T40101"), En("Which order"), Zh("哪个订单")],
    }
}

fn about(question: Question, order: &'static str) -> Vec<Fact> {
    match (question, order) {
        (Question::Status, "#T40101") => vec![En("has been delivered"), Both("880011"), En("return items"), Zh("已经送达"), Zh("退货")],
        (Question::Status, "#T40102") => vec![En("has not been sent"), En("no arrival date"), Zh("还没有发出"), Zh("没有写送达日期")],
        (Question::Status, "#T40103") => vec![En("processed"), Both("880033"), Zh("运单号")],
        (Question::Status, "#T40104") => vec![En("no longer needed"), Both("$41.50"), Zh("不再需要")],
        (Question::Status, "#T40105") => vec![En("changed once"), Zh("已经改过一次")],
        (Question::Status | Question::Refund, "#T40106") => {
            vec![Both("$41.50"), En("Visa ending in 9212"), En("hen the goods are back"), Zh("收到退回的商品后")]
        }
        (Question::Status, "#T40107") => vec![Both("$6.00"), En("2 liters"), Zh("2 升"), En("charged to PayPal")],
        (Question::Sending, "#T40101") => vec![En("e-mail"), En("postage"), Zh("邮件"), Zh("运费")],
        (Question::Sending, "#T40106") => vec![En("e-mail"), Both("$41.50"), Zh("怎么寄回")],
        (Question::Tracking, "#T40101") => vec![Both("880011"), Both("880022"), Both("Glow Lamp")],
        (Question::Tracking, "#T40102") => vec![En("no tracking number yet"), Zh("还没有运单号")],
        (Question::Total | Question::Items, "#T40101") => vec![Both("$120.50"), En("2 items"), Zh("2 件")],
        (Question::Total, "#T40104") => vec![En("$41.50 refunded"), Zh("已退 $41.50")],
        (Question::Address, "#T40102") => vec![Both("4 Linden Row, Flat 2, Leeds LS1 4AB, UK")],
        (Question::Payment, "#T40101") => vec![En("Visa ending in 9212"), Both("$120.50"), Zh("尾号 9212 的 Visa 卡")],
        (Question::CanDo, "#T40102") => vec![En("cancel the order"), En("change the payment method"), Zh("取消整单"), Zh("换付款方式")],
        (Question::CanDo, "#T40103") => vec![En("nothing of it can be changed"), En("Once it is delivered"), Zh("不能再改动")],
        (Question::Refund, "#T40101") => {
            vec![En("Nothing has been refunded"), En("Visa ending in 9212 (in 5 to 7 business days)"), Zh("没有退款")]
        }
        (Question::Refund, "#T40102") => vec![En("If you cancel it, $154.00 goes back to PayPal"), Zh("如果取消：$154.00 退到 PayPal")],
        (Question::Refund, "#T40104") => vec![Both("$41.50"), Both("PayPal")],
        (Question::Variants, "#T40102" | "#T40107") => vec![En("comes in 4 variants"), Zh("共有 4 种规格")],
        (Question::Variants, _) => vec![Both("Glow Lamp"), En("2 variants, all in stock"), Zh("2 种规格，都有现货")],
        (Question::Orders | Question::Balance | Question::Profile, _) => about_all(question),
        // Whatever else is said, it names the order.
        _ => vec![Both(order)],
    }
}
