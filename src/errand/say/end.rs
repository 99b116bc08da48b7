//! A proposal and its end, and the words between two errands. Says only what is so: what waits for the goods to come back is not done.

use super::names::lower;
use super::paper::{change, money, notice, of_item, summary};
use super::{Spoken, View};
use crate::aftersales::{Change, Deed, Notice, Proposal};
use crate::catalog::Money;
use crate::errand::hear::words::Words;
use crate::errand::{Place, Question, Verb};

/// The paper is shown beside it; here is what of it must not be overlooked.
pub fn proposed(v: &View<'_>, proposal: &Proposal) -> Spoken {
    let what = lower(&summary(v, proposal));
    let once = proposal.terms.notices.iter().find(|n| **n == Notice::AllItemsNow).map(|n| notice(v, *n, proposal.deed.kind()).to_owned());
    Spoken::one(v.by(format!("请您看一下：{what}。"), format!("Please have a look: {what}.")))
        .maybe(cancelled(v, proposal))
        .and(money(v, proposal, false).join(v.by("", " ")))
        .maybe(once)
        .and(v.by("您确认后我才会办理，可以吗？", "Nothing is done before you say yes. Shall I go ahead?"))
}

/// What an order that is cancelled holds, and why.
fn cancelled(v: &View<'_>, proposal: &Proposal) -> Option<String> {
    let Deed::Cancel { order_id, reason } = &proposal.deed else { return None };
    let titles = v.titles(&v.order(order_id)?.items.iter().collect::<Vec<_>>(), 6);
    let reason = v.reason(reason);
    Some(v.by(format!("里面有：{titles}。原因：{reason}。"), format!("It holds: {titles}. Reason: {reason}.")))
}

pub fn reminder(v: &View<'_>, proposal: &Proposal) -> Spoken {
    let what = lower(&summary(v, proposal));
    Spoken::one(v.by(format!("请您确认一下：{what}。要办理吗？"), format!("I still need your answer: {what}. Shall I do it, yes or no?")))
        .offer([
            v.choice(v.by("是的，办理", "Yes, go ahead"), v.by("是的", "Yes")),
            v.choice(v.by("先不办", "No, leave it"), v.by("不用了", "No")),
        ])
}

/// What was asked of a proposal that waits.
pub fn terms(v: &View<'_>, question: Question, proposal: &Proposal) -> Spoken {
    let kind = proposal.deed.kind();
    let notices = |only: Option<Notice>| -> Vec<String> {
        let fitting = proposal.terms.notices.iter().filter(|n| only.is_none_or(|only| **n == only));
        fitting.map(|n| notice(v, *n, kind).to_owned()).collect()
    };
    let lines = match question {
        Question::CanDo => notices(None),
        Question::Sending => notices(Some(Notice::EmailFollows)),
        _ => money(v, proposal, false),
    };
    Spoken { sentences: if lines.is_empty() { vec![not_in_records(v).to_owned()] } else { lines }, choices: Vec::new() }
}

/// What is to be changed, as far as the question names it: "it is still a mountain bike, right?"
pub fn recap(v: &View<'_>, asked: &str, proposal: &Proposal) -> Spoken {
    let asked = Words::of(asked);
    let line = |change: &Change| {
        let line = self::change(v, change, proposal.deed.kind());
        match of_item(change).map(|item| v.title(item)).filter(|title| !line.contains(title)) {
            Some(title) => v.by(format!("{title}：{line}"), format!("{title}: {line}")),
            None => line,
        }
    };
    let lines: Vec<String> = proposal.terms.changes.iter().map(line).filter(|line| Words::of(line).shares_name(&asked)).collect();
    match lines.is_empty() {
        true => Spoken::one(not_in_records(v)),
        false => Spoken::one(v.by(format!("{}。", lines.join("；")), format!("{}.", lines.join("; ")))),
    }
}

pub fn not_in_records(v: &View<'_>) -> &'static str {
    v.by("我这边的记录没有写这一点，不敢乱说。", "My records do not say, and I do not want to guess.")
}

/// Whether a thing that was asked about is part of what waits.
pub fn beside(v: &View<'_>, place: &Place, included: bool) -> Spoken {
    let Some(item) = v.order(&place.order).and_then(|o| o.items.get(place.at)) else { return Spoken::one(not_in_records(v)) };
    let (title, order) = (v.title(item), &place.order);
    Spoken::one(match included {
        true => v.by(format!("{title} 也在内。"), format!("The {title} is part of it.")),
        false => v.by(format!("订单 {order} 的 {title} 不会动。"), format!("The {title} of order {order} stays as it is.")),
    })
}

pub fn difference(v: &View<'_>, amount: &Money) -> Spoken {
    let sum = Money::new(amount.minor.abs(), &amount.currency).display();
    Spoken::one(match amount.minor {
        0 => v.by("差价为零：不用补，也不用退。".to_owned(), "The price is the same in all: nothing to pay, nothing to refund.".to_owned()),
        1.. => v.by(format!("要补差价 {sum}。"), format!("The difference to pay is {sum}.")),
        _ => v.by(format!("会退差价 {sum}。"), format!("You get {sum} back.")),
    })
}

pub fn done(v: &View<'_>, proposal: &Proposal, reference: &str) -> Spoken {
    let kind = proposal.deed.kind();
    let lines: Vec<String> = proposal.terms.changes.iter().map(|c| change(v, c, kind)).collect();
    let of = |notice: Notice| proposal.terms.notices.contains(&notice);
    let email = of(Notice::EmailFollows).then(|| notice(v, Notice::EmailFollows, kind).to_owned());
    let now = |deed: &Deed| match deed {
        Deed::ModifyAddress { address, .. } | Deed::ModifyProfile { address, .. } => v.address(address),
        _ => String::new(),
    };
    let (what, listed) = match &proposal.deed {
        Deed::Cancel { order_id, .. } => (v.by(format!("订单 {order_id} 已经取消。"), format!("Order {order_id} is cancelled.")), false),
        Deed::ModifyAddress { order_id, .. } => {
            let address = now(&proposal.deed);
            (
                v.by(format!("改好了，订单 {order_id} 现在寄到：{address}。"), format!("Done: order {order_id} now goes to {address}.")),
                false,
            )
        }
        Deed::ModifyPayment { order_id, payment_method_id } => {
            let method = v.method(payment_method_id);
            (
                v.by(
                    format!("换好了，订单 {order_id} 现在用 {method} 付款。"),
                    format!("Done: order {order_id} is now paid with {method}."),
                ),
                false,
            )
        }
        Deed::ModifyItems { order_id, .. } => (
            v.by(
                format!("订单 {order_id} 的商品已经改好，之后在这里不能再改，也不能取消。"),
                format!("The items of order {order_id} are changed; from now on it cannot be changed or cancelled here."),
            ),
            true,
        ),
        Deed::Return { order_id, .. } => {
            (v.by(format!("订单 {order_id} 的退货已经申请。"), format!("The return for order {order_id} is asked for.")), true)
        }
        Deed::Exchange { order_id, .. } => (
            v.by(
                format!("订单 {order_id} 的换货已经申请，不用另外下单。"),
                format!("The exchange for order {order_id} is asked for; you need not place a new order."),
            ),
            true,
        ),
        Deed::ModifyProfile { .. } => {
            let address = now(&proposal.deed);
            (
                v.by(
                    format!("您的默认地址已经改成：{address}。已经下的订单不受影响。"),
                    format!("Your default address is now {address}. Orders already placed keep theirs."),
                ),
                false,
            )
        }
    };
    Spoken::one(what)
        .maybe(email)
        .and(money(v, proposal, true).join(v.by("", " ")))
        .and(v.by(format!("办理编号：{reference}。"), format!("Your reference is {reference}.")))
        .lines(listed.then_some(lines).into_iter().flatten())
}

pub fn declined(v: &View<'_>) -> Spoken {
    Spoken::one(v.by("好的，那就不办，什么都没有改动。", "All right, then I leave it. Nothing has been changed."))
}

pub fn expired(v: &View<'_>) -> Spoken {
    Spoken::one(v.by(
        "刚才那份方案等得太久，已经失效，什么都没有改动。还需要的话跟我说一声，我重新给您列一份。",
        "That offer has waited too long and is no longer open; nothing has been changed. If you still want it, tell me and I will draw it up again.",
    ))
}

pub fn void(v: &View<'_>) -> Spoken {
    Spoken::one(v.by(
        "刚才那份方案已经对不上了：订单、价格或库存有变化，所以我没有办理，什么都没有改动。还需要的话，我按现在的情况重新给您列。",
        "Since I drew that up, the order, a price or the stock has changed, so I have not done it and nothing is different. If you still want it, I will work it out again as things are now.",
    ))
}

pub fn next(v: &View<'_>, verb: Verb) -> Spoken {
    let errand = v.errand(verb);
    Spoken::one(v.by(format!("接下来是{errand}。"), format!("Next, {errand}.")))
}

pub fn noted(v: &View<'_>, verb: Verb) -> Spoken {
    let errand = v.errand(verb);
    Spoken::one(v.by(format!("{errand}我记下了，办完这一件就办。"), format!("I have noted {errand} and come to it right after this.")))
}

pub fn dropped(v: &View<'_>, verb: Option<Verb>) -> Spoken {
    Spoken::one(match verb.map(|verb| v.errand(verb)) {
        Some(errand) => v.by(format!("好的，{errand}就不办了。"), format!("All right, I leave {errand}.")),
        None => v.by("好的，那就不办了。", "All right, I leave that.").to_owned(),
    })
}

pub fn not_understood(v: &View<'_>) -> Spoken {
    let able = v.by(
        "不好意思，我没太明白。您可以查订单，也可以取消或修改还没发出的订单、退货或换货，换个说法告诉我就行。",
        "Sorry, I did not quite get that. I can look up your orders, cancel or change one that is not sent yet, or arrange a return or an exchange. Could you say it another way?",
    );
    let orders = v.case.map(|_| v.choice(v.by("我的订单", "My orders"), v.by("我有哪些订单？", "Which orders do I have?")));
    Spoken::one(able).offer(orders).offer([v.person()])
}

pub fn handed_off(v: &View<'_>) -> Spoken {
    Spoken::one(v.by(
        "我已经把您的情况转给同事，您说过的都附上了，不用再重复。多久能有人回复，我说不准。",
        "I have passed this on to a colleague, with what you have told me, so you need not repeat it. I cannot say how soon somebody will answer.",
    ))
}

pub fn closing(v: &View<'_>) -> Spoken {
    Spoken::one(v.by("还有什么要我帮您的吗？", "Is there anything else I can do for you?"))
}
