//! What is still to be known before anything can be proposed, asked one thing at a time: what is missing, why, and what may be chosen.

use super::names::capital;
use super::paper::yours;
use super::{Spoken, View};
use crate::aftersales::policy::Route;
use crate::aftersales::{Kind, Order};
use crate::errand::{Place, Verb};

/// The orders to choose from are not more than this.
const ORDERS: usize = 8;

pub fn verb(v: &View<'_>, order: Option<&str>, may: &[Kind]) -> Spoken {
    let buttons = || may.iter().map(|kind| v.wish(*kind, order));
    let deeds = v.deeds(may);
    // Of any order, not of one that was named.
    let any = deeds.replace("cancel the order", "cancel an order");
    match (order, may.is_empty()) {
        (Some(id), false) => Spoken::one(v.by(
            format!("订单 {id} 您想怎么处理？现在可以{deeds}。"),
            format!("What would you like to do with order {id}? Right now you can {deeds}."),
        )),
        (Some(id), true) => match v.order(id) {
            Some(order) => Spoken::one(super::order::nothing_possible(v, order)),
            None => Spoken::one(v.by(format!("订单 {id} 您想了解什么？"), format!("What would you like to know about order {id}?"))),
        },
        (None, false) => Spoken::one(v.by(
            format!("您想办理什么？我可以帮您{deeds}，也可以查订单。"),
            format!("What can I do for you? I can {any}, or look something up in your orders."),
        )),
        (None, true) => Spoken::one(v.by("您想查订单，还是想改点什么？", "What can I do for you: look up an order, or change something?")),
    }
    .offer(buttons())
}

pub fn order(v: &View<'_>, verb: Option<Verb>, orders: &[String]) -> Spoken {
    let question = match verb {
        Some(Verb::Cancel) => v.by("您要取消哪个订单？", "Which order would you like to cancel?"),
        Some(Verb::Return) => v.by("您要退的是哪个订单里的商品？", "Which order would you like to return something from?"),
        Some(Verb::Refund) => v.by("您想退款的是哪个订单？", "Which order would you like a refund for?"),
        Some(Verb::Swap) => v.by("您要换的是哪个订单里的商品？", "Which order has the items you would like to swap?"),
        Some(Verb::Address) => v.by("您要改哪个订单的收货地址？", "Which order should go to another address?"),
        Some(Verb::Payment) => v.by("您要换哪个订单的付款方式？", "Which order should be paid another way?"),
        Some(Verb::Change) => v.by("您要改哪个订单？", "Which order would you like to change?"),
        Some(Verb::Profile) | None => v.by("您说的是哪个订单？", "Which order is it about?"),
    };
    let known: Vec<&Order> = orders.iter().filter_map(|id| v.order(id)).collect();
    let hint = if known.is_empty() {
        Some(v.by("请告诉我订单号，或者里面的一件商品。", "Please tell me its number, or something that is in it."))
    } else if known.len() > ORDERS {
        Some(v.by("下面没有的话，告诉我订单号就行。", "If it is not among these, just tell me its number."))
    } else {
        None
    };
    let shown = || known.iter().take(ORDERS);
    Spoken::one(question)
        .maybe(hint.map(str::to_owned))
        .lines(shown().map(|order| v.order_line(order)))
        .offer(shown().map(|order| v.choice(order.id.clone(), order.id.clone())))
}

pub fn unknown_order(v: &View<'_>, said: &str) -> Spoken {
    let orders: Vec<&Order> = v.case.map_or_else(Vec::new, |case| case.orders.iter().collect());
    let on = if orders.is_empty() {
        v.by("麻烦您核对一下订单号。", "Please check the number.")
    } else {
        v.by("麻烦您核对一下订单号，或者从您的订单里选一个。", "Please check the number, or pick one of your orders.")
    };
    Spoken::one(v.by(format!("您的订单里没有 {said}。"), format!("I do not see {said} among your orders."))).and(on).offer(
        orders.iter().map(|order| {
            let state = v.status(order.status);
            v.choice(v.by(format!("{}，{state}", order.id), format!("{}, {state}", order.id)), order.id.clone())
        }),
    )
}

pub fn items(v: &View<'_>, kind: Kind, id: &str) -> Spoken {
    let question = match kind {
        Kind::Return => v.by(format!("订单 {id} 里，您要退哪几件？"), format!("Which items of order {id} would you like to return?")),
        Kind::Exchange => v.by(format!("订单 {id} 里，您要换哪几件？"), format!("Which items of order {id} would you like to exchange?")),
        _ => v.by(format!("订单 {id} 里，您要改哪几件？"), format!("Which items of order {id} would you like to change?")),
    };
    let Some(order) = v.order(id) else { return Spoken::one(question) };
    let all = (kind == Kind::Return && order.items.len() > 1)
        .then(|| v.choice(v.by("全部都退", "All of them"), v.by("这一单全部都退", "Return everything in this order")));
    Spoken::one(question)
        .lines(v.item_lines(&order.items.iter().collect::<Vec<_>>()))
        .offer(all)
        .offer(v.item_choices(&order.items.iter().enumerate().map(|(at, _)| (order, at)).collect::<Vec<_>>()))
}

pub fn which(v: &View<'_>, words: &str, places: &[Place]) -> Spoken {
    let found: Vec<(&Order, usize)> = places.iter().filter_map(|p| Some((v.order(&p.order)?, p.at))).collect();
    let item = |(order, at): &(&Order, usize)| {
        let line = v.item_and_price(order.items.get(*at)?);
        let several = found.iter().any(|(other, _)| other.id != order.id);
        Some(if several { v.by(format!("{line}（订单 {}）", order.id), format!("{line} (order {})", order.id)) } else { line })
    };
    let question = match words.trim() {
        "" => v.by("您说的是哪一件？".to_owned(), "Which one do you mean?".to_owned()),
        words => v.by(format!("“{words}”有好几件，您说的是哪一件？"), format!("There is more than one “{words}”: which one do you mean?")),
    };
    Spoken::one(question).lines(v.cut(found.iter().filter_map(item).collect())).offer(v.item_choices(&found))
}

pub fn not_on_order(v: &View<'_>, words: &str, id: Option<&str>) -> Spoken {
    let words = match words.trim() {
        "" => v.by("您说的这件", "that item").to_owned(),
        words => format!("“{words}”"),
    };
    if let Some(order) = id.and_then(|id| v.order(id)) {
        let places: Vec<(&Order, usize)> = order.items.iter().enumerate().map(|(at, _)| (order, at)).collect();
        return Spoken::one(v.by(
            format!("订单 {} 里没有{words}，里面有这些：", order.id),
            format!("I do not see {words} in order {}. This is what it has:", order.id),
        ))
        .lines(v.item_lines(&order.items.iter().collect::<Vec<_>>()))
        .offer(v.item_choices(&places));
    }
    let orders: Vec<&Order> = v.case.map_or_else(Vec::new, |case| case.orders.iter().take(ORDERS).collect());
    Spoken::one(v.by(
        format!("您的订单里没有找到{words}，是在哪个订单里的？"),
        format!("I do not find {words} in your orders. Which order is it in?"),
    ))
    .lines(orders.iter().map(|order| v.order_line(order)))
    .offer(orders.iter().map(|order| v.choice(order.id.clone(), order.id.clone())))
}

pub fn method(v: &View<'_>, kind: Kind, id: &str, methods: &[String]) -> Spoken {
    if methods.is_empty() {
        return Spoken::one(v.by(
            "您账户里没有可以用在这里的付款方式，我在这里也添加不了。需要的话可以转给同事处理。",
            "Your account has no payment method that may be used for this, and I cannot add one here. I can ask a person to look at it.",
        ))
        .offer([v.person()]);
    }
    let routes = v.policy.deeds.get(&kind).map_or(&[][..], |rule| &rule.refund_to);
    let question = match kind {
        Kind::Return if routes.contains(&Route::GiftCard) => v.by(
            "退款退到哪里？可以退回原来付款的方式，也可以退到您已有的礼品卡。",
            "Where should the refund go? It can go back to what paid for the order, or to a gift card you already have.",
        ),
        Kind::Return => {
            v.by("退款会退回原来付款的方式，退到哪一个？", "The refund goes back to what paid for the order. Which one should it be?")
        }
        Kind::ModifyPayment => {
            v.by("您想改用哪种方式付款？请选一种，整单都用它付。", "Which method should pay for the whole order instead?")
        }
        _ => v.by(
            "差价用哪种方式结算？多退少补都走这一种。",
            "Which method should the price difference go through, to pay it or to get it back?",
        ),
    };
    let buttons = v.methods(methods);
    let names: Vec<String> = methods.iter().map(|id| v.method_and_balance(id)).collect();
    let names = v.one_of(&names);
    let listed = match buttons.len() {
        1 => v.by(format!("订单 {id} 只能用 {names}。"), format!("For order {id} that can only be {}.", yours(v, &names))),
        _ => v.by(format!("订单 {id} 可以用：{names}。"), format!("For order {id} it can be {names}.")),
    };
    Spoken::one(question).and(listed).offer(buttons)
}

pub fn reason(v: &View<'_>, id: &str, reasons: &[String]) -> Spoken {
    let named: Vec<String> = reasons.iter().map(|r| v.reason(r)).collect();
    Spoken::one(v.by(
        format!("取消订单 {id} 要登记一个原因：{}？", quoted(&named)),
        format!("May I ask why you are cancelling order {id}? The shop accepts these reasons: {}.", v.one_of(&named)),
    ))
    .offer(named.iter().map(|reason| v.choice(capital(reason), reason.clone())))
}

fn quoted(words: &[String]) -> String {
    words.iter().map(|word| format!("“{word}”")).collect::<Vec<_>>().join("，还是")
}

pub fn address(v: &View<'_>, id: Option<&str>, missing: &[String]) -> Spoken {
    let parts = missing.iter().map(|field| v.field(field).to_owned()).collect::<Vec<_>>();
    // All of it is missing, or some of it was said.
    let whole = missing.is_empty() || missing.iter().any(|field| field == "address1");
    let question = match (id, whole) {
        (Some(id), true) => v.by(
            format!("订单 {id} 要改寄到哪里？请告诉我街道和门牌号、城市（和省或州）、邮编、国家。"),
            format!("Where should order {id} go? Please give me the street and number, the city with its state, the postal code and the country."),
        ),
        (None, true) => v.by(
            "新的默认地址是哪里？请告诉我街道和门牌号、城市（和省或州）、邮编、国家。".to_owned(),
            "What should your new default address be? Please give me the street and number, the city with its state, the postal code and the country."
                .to_owned(),
        ),
        (_, false) => v.by(format!("地址还缺{}，麻烦补充一下。", v.all_of(&parts)), format!("To complete the address I still need {}.", v.all_of(&parts))),
    };
    let elsewhere = id.and_then(|id| v.order(id)).zip(v.case).is_some_and(|(order, case)| order.address != case.customer.address);
    let own = (whole && elsewhere)
        .then(|| v.choice(v.by("我的默认地址", "My default address"), v.by("改成我的默认地址", "Use my default address")));
    Spoken::one(question).offer(own)
}

/// No method on file is called so; one that is can be chosen in the next line.
pub fn unknown_method(v: &View<'_>, words: &str) -> Spoken {
    Spoken::one(v.by(format!("您的账户里没有“{words}”这种付款方式。"), format!("There is no {words} on your account.")))
}
