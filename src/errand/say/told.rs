//! A question in; the answer from the case out. About the account here, about one order in `order`.

use super::{Spoken, View, order, who};
use crate::aftersales::nouns::{Case, MethodKind, Order, Status};
use crate::errand::heard::Place;
use crate::errand::{Question, Told};

pub fn told(v: &View<'_>, question: Question, id: Option<&str>) -> Spoken {
    let Some(case) = v.case else { return who::ask(v, &Told::default()) };
    match question {
        Question::Orders => return all(v, case),
        Question::Balance => return balance(v, case),
        Question::Profile => return profile(v, case),
        _ => {}
    }
    // Who has one order means that one.
    let only = match case.orders.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    let Some(one) = id.map_or(only, |id| v.order(id)) else {
        return match id {
            Some(id) => super::ask::unknown_order(v, id),
            None if case.orders.is_empty() => all(v, case),
            None => super::ask::order(v, None, &case.orders.iter().map(|o| o.id.clone()).collect::<Vec<_>>()),
        };
    };
    match question {
        Question::Status => order::status(v, one),
        Question::Tracking => order::tracking(v, one),
        Question::Total => order::total(v, one),
        Question::Items => order::items(v, one),
        Question::Address => order::address(v, one),
        Question::Payment => order::payment(v, one),
        Question::CanDo => order::can_do(v, one),
        Question::Refund => order::refund(v, one),
        Question::Variants => order::variants(v, one),
        Question::Sending => order::sending(v, one),
        Question::Orders | Question::Balance | Question::Profile => Spoken::default(),
    }
}

/// What would come back for one thing that can be returned.
pub fn worth(v: &View<'_>, place: &Place) -> Spoken {
    let found = v.order(&place.order).and_then(|order| Some((order, order.items.get(place.at)?)));
    let Some((order, item)) = found else { return Spoken::one(super::end::not_in_records(v)) };
    let (title, price) = (v.title(item), item.price.display());
    Spoken::one(v.by(format!("{title} 您付了 {price}。"), format!("You paid {price} for the {title}.")))
        .maybe(order::would_come_back(v, order))
}

fn all(v: &View<'_>, case: &Case) -> Spoken {
    list(v, &case.orders.iter().collect::<Vec<_>>())
}

pub fn orders(v: &View<'_>, orders: &[(String, Status)]) -> Spoken {
    list(v, &orders.iter().filter_map(|(id, _)| v.order(id)).collect::<Vec<_>>())
}

fn list(v: &View<'_>, orders: &[&Order]) -> Spoken {
    let lead = match orders.len() {
        0 => return Spoken::one(v.by("您的账户里没有这样的订单。", "There is no such order in your account.")),
        1 => v.by("找到一个订单：".to_owned(), "There is one order:".to_owned()),
        n => v.by(format!("找到 {n} 个订单："), format!("There are {n} orders:")),
    };
    Spoken::one(lead)
        .lines(v.cut(orders.iter().map(|order| v.order_line(order)).collect()))
        .offer(orders.iter().map(|order| v.choice(order.id.clone(), order.id.clone())))
}

fn balance(v: &View<'_>, case: &Case) -> Spoken {
    let cards = case.customer.payment_methods.iter().filter(|m| m.kind == MethodKind::GiftCard);
    let cards: Vec<(String, String)> = cards.filter_map(|card| Some((v.method(&card.id), card.balance.as_ref()?.display()))).collect();
    match cards.as_slice() {
        [] => Spoken::one(v.by("您的账户里没有礼品卡。", "There is no gift card in your account.")),
        [(_, sum)] => Spoken::one(v.by(format!("您的礼品卡余额是 {sum}。"), format!("Your gift card has {sum} on it."))),
        _ => {
            let line = |(name, sum): &(String, String)| v.by(format!("{name}：{sum}"), format!("{name}: {sum}"));
            Spoken::one(v.by("您的礼品卡余额：", "This is what your gift cards have on them:")).lines(cards.iter().map(line))
        }
    }
}

fn profile(v: &View<'_>, case: &Case) -> Spoken {
    let customer = &case.customer;
    let methods: Vec<String> = customer.payment_methods.iter().map(|m| v.method_and_balance(&m.id)).collect();
    let line = |zh: &str, en: &str, value: &str| (!value.is_empty()).then(|| v.by(format!("{zh}：{value}"), format!("{en}: {value}")));
    let name = format!("{} {}", customer.name.first_name, customer.name.last_name);
    let lines = [
        line("姓名", "Name", name.trim()),
        line("邮箱", "E-mail", &customer.email),
        line("电话", "Phone", customer.phone.as_deref().unwrap_or_default()),
        line("默认地址", "Default address", &v.address(&customer.address)),
        line("付款方式", "Payment methods", &methods.join(v.by("、", ", "))),
    ];
    Spoken::one(v.by("您账户里的资料：", "This is what your account has:")).lines(lines.into_iter().flatten())
}

/// A photo is evidence for a person; nothing is decided by it here.
pub fn photo_kept(v: &View<'_>, place: Option<&Place>) -> Spoken {
    let shown = place.and_then(|p| Some((v.order(&p.order)?, v.order(&p.order)?.items.get(p.at)?)));
    Spoken::one(match shown {
        Some((order, item)) => {
            let title = v.title(item);
            v.by(
                format!("照片收到了，已存到订单 {} 的“{title}”下，供店里的人查看。", order.id),
                format!("I have kept your photo with {title} of order {}, for the shop's people to look at.", order.id),
            )
        }
        None => v.by(
            "照片收到了，已存好供店里的人查看；我看不出它是您订单里的哪一件。".to_owned(),
            "I have kept your photo for the shop's people to look at; I cannot tell which item of your orders it shows.".to_owned(),
        ),
    })
}
