//! Who writes: the question, and what is said when it is not answered. Nothing here is about any customer, known or not.

use super::{Spoken, View};
use crate::errand::Told;

/// The ways to say who one is, or what is still missing to the one that was begun.
pub fn ask(v: &View<'_>, told: &Told) -> Spoken {
    let begun = match told {
        Told { email: Some(_), .. } => None,
        Told { name: Some(_), zip: None, .. } => Some(v.by(
            "谢谢。只凭姓名还找不到您，请再告诉我您地址的邮编，或者您的邮箱。",
            "Thank you. A name alone is not enough: please add the postal code of your address, or give me your e-mail.",
        )),
        Told { name: None, zip: Some(_), .. } => Some(v.by(
            "谢谢。除了邮编，还需要您的姓名；告诉我邮箱也可以。",
            "Thank you. With the postal code I also need your full name; your e-mail would do as well.",
        )),
        Told { order: Some(_), phone: None, .. } => Some(v.by(
            "谢谢，订单号记下了。为了不让别人看到您的订单，请再告诉我您的邮箱，或者下单时留的电话。",
            "Thank you, I have the order number. So that nobody else can see your orders, please add your e-mail or the phone number you gave the shop.",
        )),
        Told { order: None, phone: Some(_), .. } => Some(v.by(
            "谢谢。除了电话，还需要一个您的订单号；告诉我邮箱也可以。",
            "Thank you. With the phone number I also need one of your order numbers; your e-mail would do as well.",
        )),
        _ => None,
    };
    let why =
        v.by("为了不让别人看到您的订单，我要先确认您是谁。", "So that nobody else can see your orders, I first need to know who you are.");
    match begun {
        Some(begun) => Spoken::one(begun),
        None => Spoken::one(why).and(ways(v)),
    }
}

fn ways(v: &View<'_>) -> &'static str {
    v.by(
        "请告诉我下面任意一种：您的邮箱；您的姓名和邮编；或者一个订单号，加上您的电话或邮箱。",
        "Please give me one of these: your e-mail; your name and postal code; or an order number with your phone or e-mail.",
    )
}

/// The same words whatever was told: nobody learns from them whether an e-mail or a name is known here.
pub fn not_found(v: &View<'_>) -> Spoken {
    Spoken::one(v.by(
        "按您给的信息没有找到账户，麻烦您核对一下有没有写错，或者换一种方式。",
        "I could not find an account with that. Please check the spelling, or try another way.",
    ))
    .and(ways(v))
}

pub fn no_more_tries(v: &View<'_>) -> Spoken {
    Spoken::one(v.by(
        "还是没有找到您的账户。为了安全，我这边就不再继续核对了，已经转给同事来帮您。",
        "I still could not find your account. To keep everybody's orders safe I stop checking here, and have asked a colleague to help you.",
    ))
}

pub fn identified(v: &View<'_>, first_name: &str) -> Spoken {
    Spoken::one(v.by(format!("谢谢，{first_name}，已经找到您的账户了。"), format!("Thank you, {first_name}, I have found your account.")))
}

pub fn other_customer(v: &View<'_>) -> Spoken {
    Spoken::one(v.by(
        "一次对话里我只能看一位顾客的订单，别人的订单我看不了，也改不了。请那位顾客自己另开一个对话来找我们。",
        "In one conversation I can only look after one customer, so I cannot see or change anybody else's orders. That customer is welcome to write to us in a chat of their own.",
    ))
}
