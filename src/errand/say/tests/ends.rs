//! Every kind of proposal: how it is put, how it is done, and its paper.

use super::case::proposal;
use super::every::Expected;
use super::every::Fact::{Both, En, Zh};
use crate::aftersales::nouns::Case;
use crate::errand::{Question, Saying};

pub fn ends(case: &Case, name: &str) -> Vec<Expected> {
    let made = || proposal(case, name);
    let (proposed, done) = match name {
        "cancel" => (
            vec![Both("#T40102"), Both("$154.00"), Both("PayPal")],
            vec![En("is cancelled"), En("in 5 to 7 business days"), Zh("已经取消"), Zh("5 至 7 个工作日")],
        ),
        "address" => (vec![Both("#T40102")], vec![Both("7 Harbour Way, Hull HU1 2AA, UK")]),
        "payment" => (vec![Both("$154.00"), Both("9212")], vec![Both("PayPal"), En("is now paid with Visa"), Zh("现在用")]),
        "dearer" => (
            vec![Both("$6.00"), En("leaves $54.00"), Zh("还剩 $54.00")],
            vec![En("cannot be changed or cancelled"), Both("$79.00 → $85.00")],
        ),
        "return" => (
            vec![Both("$120.50"), En("2 items"), Zh("2 件")],
            vec![En("is asked for"), En("When the goods are back"), En("e-mail"), Zh("已经申请"), Zh("收到退回的商品后")],
        ),
        "exchange" => (vec![Both("$7.50"), En("at once"), Zh("立即到账")], vec![En("need not place a new order"), Both("$79.00 → $75.00")]),
        "dearer exchange" => {
            (vec![Both("$6.00"), En("is charged to Visa"), Zh("收取差价")], vec![En("When the goods are back"), Zh("收到退回的商品后")])
        }
        "same again" => (vec![En("nothing to pay"), Zh("差价为零")], vec![En("the very same again"), Zh("同样的规格")]),
        _ => (
            vec![En("default address"), Zh("默认地址")],
            vec![Both("7 Harbour Way"), En("Orders already placed keep theirs"), Zh("不受影响")],
        ),
    };
    let money = if name == "dearer" { vec![Both("$6.00")] } else { Vec::new() };
    let recalled = match name {
        "cancel" => vec![En("Reason: ordered by mistake."), Zh("原因：下错单。")],
        "address" => vec![Both("Leeds")],
        "payment" => vec![En("do not say"), Zh("没有写")],
        "dearer" | "return" | "exchange" => vec![En("Kettle")],
        _ => Vec::new(),
    };
    let recap = Saying::Recap { asked: "still the kettle from Leeds, by mistake? 原因是什么？".to_owned(), proposal: made() };
    let mut done = done;
    done.push(Both("R-77"));
    vec![
        (Saying::Proposed { id: "p1".to_owned(), proposal: made() }, proposed),
        (Saying::Reminder { proposal: made() }, vec![En("yes or no"), Zh("要办理吗")]),
        (Saying::Terms { question: Question::Refund, proposal: made() }, money),
        (recap, recalled),
        (Saying::Done { proposal: made(), reference: "R-77".to_owned() }, done),
    ]
}

/// Proposals and what their paper must have: English, Chinese.
pub fn papers() -> Vec<(&'static str, Vec<&'static str>, Vec<&'static str>)> {
    vec![
        (
            "cancel",
            vec![
                "Cancel the whole order #T40102",
                "Reason: ordered by mistake",
                "$154.00 goes back to PayPal, in 5 to 7 business days.",
                "$154.00 to PayPal",
            ],
            vec!["取消订单 #T40102", "原因：下错单", "$154.00 退到 PayPal，5 至 7 个工作日到账。"],
        ),
        (
            "address",
            vec!["Address: 4 Linden Row, Flat 2, Leeds LS1 4AB, UK → 7 Harbour Way, Hull HU1 2AA, UK", "None"],
            vec!["地址：4 Linden Row"],
        ),
        (
            "payment",
            vec!["Payment: PayPal → Visa ending in 9212", "$154.00 is charged to Visa ending in 9212 now.", "$154.00 goes back to PayPal"],
            vec!["付款方式：PayPal → 尾号 9212 的 Visa 卡", "现在从尾号 9212 的 Visa 卡收取 $154.00。"],
        ),
        (
            "dearer",
            vec![
                "Change 1 item of order #T40102: Brisk Kettle",
                "capacity 1.5 liters → 2 liters; as before: black; $79.00 → $85.00",
                "leaves $54.00",
                "only once",
                "cannot be changed or cancelled",
            ],
            vec![
                "订单 #T40102 更改 1 件商品：快沸电热水壶",
                "容量由 1.5 升改为 2 升；不变：黑色；$79.00 → $85.00",
                "还剩 $54.00",
                "只能改一次",
                "也不能取消",
            ],
        ),
        (
            "return",
            vec![
                "Return 2 items of order #T40101: Brisk Kettle, Glow Lamp",
                "Goes back: Glow Lamp (waterproof: yes), $41.50",
                "When the goods are back, $120.50 goes to Visa ending in 9212",
                "An e-mail",
                "$120.50 to Visa ending in 9212",
            ],
            vec!["订单 #T40101 退货 2 件：快沸电热水壶、Glow Lamp", "退回：Glow Lamp（防水：是），$41.50", "邮件"],
        ),
        (
            "exchange",
            vec![
                "color black → white; as before: 1.5 liters; $79.00 → $75.00",
                "waterproof yes → no; $41.50 → $38.00",
                "$7.50 goes to your gift card, at once.",
            ],
            vec!["颜色由黑色改为白色；不变：1.5 升", "防水由“是”改为“否”", "$7.50 退到礼品卡，立即到账。"],
        ),
        ("dearer exchange", vec!["the difference of $6.00 is charged to Visa ending in 9212", "None"], vec!["收取差价 $6.00"]),
        (
            "same again",
            vec!["the very same again (waterproof: yes); same price, $41.50", "nothing to pay"],
            vec!["同样的规格再来一件（防水：是）；价格不变，$41.50"],
        ),
        ("profile", vec!["Change your default address", "9 Mill Lane, York YO1 7HU, UK → 7 Harbour Way"], vec!["修改您的默认地址"]),
    ]
}
