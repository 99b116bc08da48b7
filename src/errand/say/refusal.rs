//! What is not done, why, by which rule, and what can be done instead.

use super::names::capital;
use super::paper::yours;
use super::{Spoken, View};
use crate::aftersales::nouns::Status;
use crate::aftersales::{Kind, Refusal, Why};
use crate::catalog::Money;
use crate::turn::Choice;
use crate::turn::understand::lang::detect;

pub fn refused(v: &View<'_>, kind: Kind, order: Option<&str>, refusal: &Refusal, instead: &[Kind]) -> Spoken {
    let why = why(v, kind, order, &refusal.why);
    let rule = if why.by_rule { rule(v, &refusal.clause) } else { String::new() };
    let end = v.by("。", ".");
    let text = format!("{}{rule}{end}", why.text.trim_end_matches(end));
    let offer = (!instead.is_empty()).then(|| {
        let deeds = v.deeds(instead);
        v.by(format!("现在可以{deeds}。"), format!("What you can do instead: {deeds}."))
    });
    let waits = later(v, kind, &refusal.why);
    let person = match why.person {
        Person::No => false,
        Person::IfNothingElse => instead.is_empty() && waits.is_none(),
        Person::Decides => true,
    };
    let asked = person.then(|| v.by("需要的话，我可以转给同事看一下。", "If you like, I can ask a person to look at it.").to_owned());
    Spoken::one(text)
        .maybe(why.next.map(str::to_owned))
        .maybe(waits)
        .maybe(offer)
        .maybe(asked)
        .offer(why.choices)
        .offer(instead.iter().map(|kind| v.wish(*kind, order)))
        .offer(person.then(|| v.person()))
}

pub fn part_not_cancelled(v: &View<'_>, id: &str) -> Spoken {
    let possible = v.order(id).map_or_else(Vec::new, |order| v.possible(order));
    let ways: Vec<Kind> = [Kind::Cancel, Kind::ModifyItems].into_iter().filter(|kind| possible.contains(kind)).collect();
    let offer = (!ways.is_empty()).then(|| {
        let deeds = v.deeds(&ways);
        v.by(format!("现在可以{deeds}。"), format!("Right now you can {deeds}."))
    });
    let later = v.policy.deeds.contains_key(&Kind::Return).then(|| {
        v.by("或者等收到以后，再把这一件退掉。", "Or you keep the order, and return that item once it has been delivered.").to_owned()
    });
    Spoken::one(v.by(
        format!("订单 {id} 还没送达，单独一件不能取消，也不能单独退款，要取消只能取消整单。"),
        format!("Before order {id} is delivered, a single item of it cannot be cancelled or refunded, only the whole order."),
    ))
    .maybe(offer)
    .maybe(later)
    .offer(ways.iter().map(|kind| v.wish(*kind, Some(id))))
}

/// One no.
#[derive(Default)]
struct No {
    text: String,
    /// What the shopper is to tell now.
    next: Option<&'static str>,
    choices: Vec<Choice>,
    /// It rests on a rule of the shop that is worth naming.
    by_rule: bool,
    person: Person,
}

/// Whether a person may decide otherwise.
#[derive(Default)]
enum Person {
    #[default]
    No,
    IfNothingElse,
    Decides,
}

impl No {
    fn of(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    fn by_rule(self) -> Self {
        Self { by_rule: true, ..self }
    }

    fn else_a_person(self) -> Self {
        Self { person: Person::IfNothingElse, ..self }
    }

    fn a_person(self) -> Self {
        Self { person: Person::Decides, ..self }
    }

    fn next(self, next: &'static str) -> Self {
        Self { next: Some(next), ..self }
    }

    fn offer(self, choices: Vec<Choice>) -> Self {
        Self { choices, ..self }
    }
}

fn why(v: &View<'_>, kind: Kind, id: Option<&str>, why: &Why) -> No {
    let order = id.map_or_else(|| v.by("这个订单", "this order").to_owned(), |id| v.by(format!("订单 {id}"), format!("order {id}")));
    let (done, another) = (done(kind), v.by("您想换成哪一种？", "Which other one would you like?"));
    let since = if matches!(kind, Kind::Return | Kind::Exchange) { ("送达后", "its delivery") } else { ("下单后", "being placed") };
    let variant = |id: &str| v.shelf.get(id).map_or(v.by("这个规格", "That variant").to_owned(), |p| v.variant(p));
    match why {
        Why::NotOffered => {
            No::of(v.by(format!("{}在这里办不了。", v.deed(kind)), format!("I cannot {} from this chat.", v.deed(kind)))).a_person()
        }
        Why::UnknownOrder => No::of(v.by(format!("您的账户里没有{order}。"), format!("I do not see {order} among your orders.")))
            .next(v.by("麻烦您核对一下订单号。", "Please check the number.")),
        Why::UnknownCustomer => No::of(v.by("我只能修改您自己的账户。", "I can only change your own account.")),
        Why::WrongStatus { is, may } => No::of(v.by(
            format!("{order} 目前{}，所以不能{}；{}的订单才可以", state(v, *is), done.0, statuses(v, may)),
            format!("{} is {}, and only an order that is {} can {}", capital(&order), state(v, *is), statuses(v, may), done.1),
        ))
        .by_rule()
        .else_a_person(),
        Why::TooOften { times } => {
            let times =
                if *times == 1 { v.by("一次", "once").to_owned() } else { v.by(format!("{times} 次"), format!("{times} times")) };
            No::of(v.by(
                format!("一个订单只能{}{times}，{order} 已经办过了", done.0),
                format!("An order can {} only {times}, and for {order} that has been done", done.1),
            ))
            .by_rule()
            .else_a_person()
        }
        Why::TooLate { days } => No::of(v.by(
            format!("{}要在{} {days} 天以内，{order} 已经过了期限", done.0, since.0),
            format!("An order can {} only within {days} days of {}, and for {order} they are over", done.1, since.1),
        ))
        .by_rule()
        .a_person(),
        Why::UnknownDate => No::of(v.by(
            format!("{order} 的记录里没有写期限从哪天算起，我自己决定不了。"),
            format!("The record of {order} does not say when its period began, so I cannot decide this myself."),
        ))
        .a_person(),
        Why::UnknownReason { may } => {
            let reasons: Vec<String> = may.iter().map(|r| v.reason(r)).collect();
            No::of(v.by(
                format!("{order} 要取消，只能登记这些原因：{}。", reasons.join("；")),
                format!("To cancel {order} the shop accepts only these reasons: {}.", v.one_of(&reasons)),
            ))
            .next(v.by("您是哪一种？", "Is it one of them?"))
            .offer(reasons.iter().map(|reason| v.choice(capital(reason), reason.clone())).collect())
        }
        Why::NothingNamed => {
            No::of(v.by(format!("还不知道是{order} 里的哪几件。"), format!("I do not know yet which items of {order} you mean.")))
                .next(v.by("请告诉我是哪几件。", "Please tell me which ones."))
        }
        Why::UnequalLists => No::of(v.by(
            "每一件都要对应一个换成的规格，现在对不上。",
            "Each item needs exactly one variant to become, and the two do not match yet.",
        ))
        .next(v.by("请逐件告诉我换成什么。", "Please tell me for each item what it should become.")),
        Why::NotOnOrder { item } => No::of(match v.shelf.get(item) {
            Some(product) => v.by(format!("{order} 里没有 {}。", v.variant(product)), format!("{} is not in {order}.", v.variant(product))),
            None => v.by(format!("您说的有一件不在{order} 里。"), format!("One of those items is not in {order}.")),
        })
        .next(v.by("请再看一下是哪一件。", "Which one did you mean?")),
        Why::UnknownVariant { .. } => No::of(v.by("您要的这个规格店里已经没有了。", "The shop no longer has that variant.")).next(another),
        Why::OtherProduct { variant: id, .. } => No::of(v.by(
            format!("只能换成同一款商品的其他规格，{} 是另一款商品", variant(id)),
            format!("An item can only become another variant of the same product, and {} is a different product", variant(id)),
        ))
        .by_rule()
        .next(another),
        Why::OutOfStock { variant: id } => {
            No::of(v.by(format!("{} 现在没有现货，换不了。", variant(id)), format!("{} is not in stock right now.", variant(id))))
                .next(another)
        }
        Why::SameVariant { variant: id } => No::of(v.by(
            format!("{} 就是您现在的规格，要换成不一样的才行", variant(id)),
            format!("{} is what you have already; it has to become a different variant", variant(id)),
        ))
        .by_rule()
        .next(another),
        Why::OtherCurrency => No::of(v.by(
            format!("币种和{order} 的不一样，在这里结不了。"),
            format!("That is in another currency than {order}, which cannot be settled here."),
        ))
        .a_person(),
        Why::UnknownMethod => No::of(v.by(
            "您的账户里没有这个付款方式，我在这里也添加不了。",
            "That payment method is not in your account, and I cannot add one here.",
        ))
        .next(v.by("请从已有的里面选一个。", "Please choose one that is."))
        .offer(own_methods(v)),
        Why::MethodKindNotAllowed { may } => {
            let kinds: Vec<String> = may.iter().map(|kind| v.method_kind(*kind).to_owned()).collect();
            let own = v
                .case
                .map_or_else(Vec::new, |c| c.customer.payment_methods.iter().filter(|m| may.contains(&m.kind)).map(|m| &m.id).collect());
            let kinds = v.one_of(&kinds);
            No::of(v.by(format!("这里只能用 {kinds}"), format!("That kind of payment method cannot be used for this, only {kinds}")))
                .by_rule()
                .next(v.by("请换一种付款方式。", "Which other method would you like to use?"))
                .offer(v.methods(own))
        }
        Why::SameMethod => No::of(v.by(
            format!("{order} 本来就是用这个付的，不用改；要换成另一种的话告诉我就行。"),
            format!("{} is paid with that already, so nothing needs to change. Tell me if it should be another method.", capital(&order)),
        )),
        Why::BalanceTooLow { has, needs } => balance_too_low(v, has, needs),
        Why::RefundRoute { may } => {
            let names: Vec<String> = may.iter().map(|id| yours(v, &v.method(id))).collect();
            No::of(v.by(
                format!("{order} 的退款不能退到那里，只能退到：{}", v.one_of(&names)),
                format!("The refund for {order} cannot go there; it can go to {}", v.one_of(&names)),
            ))
            .by_rule()
            .next(v.by("退到哪一个？", "Which one should it be?"))
            .offer(v.methods(may))
        }
        Why::AddressIncomplete { field } => {
            let field = v.field(field);
            No::of(v.by(format!("地址还缺{field}。"), format!("The address still lacks {field}.")))
                .next(v.by("麻烦补充一下。", "Could you add it?"))
        }
        Why::NothingChanges => {
            No::of(v.by("这个地址和现在的一样，不用改。", "That is the address it has already, so there is nothing to change."))
        }
        Why::NeedsPerson { above } => No::of(v.by(
            format!("超过 {} 的退款要由同事决定，我不能直接办", above.display()),
            format!("A refund above {} is for a person to decide, so I cannot do it myself", above.display()),
        ))
        .by_rule()
        .a_person(),
        Why::Changed => No::of(v.by(
            "订单、价格或库存刚刚有变化，所以没有办理，什么都没有改动。",
            "The order, a price or the stock has just changed, so it was not done and nothing is different.",
        ))
        .next(v.by("还需要的话，我按现在的情况重新给您列。", "If you still want it, I will work it out again.")),
        Why::Expired => No::of(v.by(
            "等得太久，刚才的方案已经失效，什么都没有改动。",
            "That offer has waited too long and is no longer open; nothing has been changed.",
        ))
        .next(v.by("还需要的话，我重新给您列一份。", "If you still want it, I will draw it up again.")),
    }
}

fn balance_too_low(v: &View<'_>, has: &Money, needs: &Money) -> No {
    let methods = v.case.map_or(&[][..], |case| &case.customer.payment_methods);
    // What is on the card and what of it can be spent differ only by what open exchanges will take.
    let aside = !methods.iter().any(|m| m.balance.as_ref() == Some(has));
    let aside = if aside {
        v.by("（进行中的换货要用的已经扣除）", " (what your open exchanges will take is set aside)")
    } else {
        ""
    };
    let (has, needs) = (has.display(), needs.display());
    No::of(v.by(
        format!("礼品卡余额不够：需要 {needs}，可用的只有 {has}{aside}。"),
        format!("The gift card does not have enough on it: {needs} is needed, and {has} can be used{aside}."),
    ))
}

/// What the order's state does not allow yet.
fn later(v: &View<'_>, kind: Kind, why: &Why) -> Option<String> {
    let Why::WrongStatus { is, may } = why else { return None };
    let comes = matches!(is, Status::Pending | Status::ItemsModified | Status::Processed) && may.contains(&Status::Delivered);
    comes.then(|| v.by(format!("等送达以后就可以{}了。", done(kind).0), "Once it has been delivered I can do that for you.".to_owned()))
}

/// The deed as it is done to an order: "…能取消", "can be cancelled".
fn done(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Cancel => ("取消", "be cancelled"),
        Kind::ModifyAddress => ("改收货地址", "get another delivery address"),
        Kind::ModifyPayment => ("换付款方式", "be paid another way"),
        Kind::ModifyItems => ("改商品规格", "have its items changed"),
        Kind::Return => ("退货", "have items returned"),
        Kind::Exchange => ("换货", "have items exchanged"),
        Kind::ModifyProfile => ("改默认地址", "change the default address"),
    }
}

/// A state, and what it means for somebody who wants something changed.
fn state(v: &View<'_>, status: Status) -> String {
    match status {
        Status::Processed => v.by("已处理（已打包或已交给快递）", "processed, that is packed or with the courier already").to_owned(),
        Status::Pending => v.by("还是待处理（没有发出）", "still pending, not sent yet").to_owned(),
        _ => v.status(status).to_owned(),
    }
}

fn statuses(v: &View<'_>, may: &[Status]) -> String {
    v.one_of(&may.iter().map(|status| v.status(*status).to_owned()).collect::<Vec<_>>())
}

fn own_methods(v: &View<'_>) -> Vec<Choice> {
    v.methods(v.case.map_or(&[][..], |case| &case.customer.payment_methods).iter().map(|m| &m.id))
}

/// The heading of the page it is written on, when the shopper can read it.
fn rule(v: &View<'_>, clause: &str) -> String {
    if clause.is_empty() || detect(clause).is_some_and(|lang| lang != v.lang) {
        return String::new();
    }
    v.by(format!("（见店规《{clause}》）"), format!(" (our rule “{clause}”)"))
}
