//! Messages of shoppers, and what is heard in them, on a small case.

use super::hear;
use crate::aftersales::nouns::{Address, Case, Customer, MethodKind, Name, Order, OrderItem, Payment, PaymentKind, PaymentMethod, Status};
use crate::aftersales::policy::Policy;
use crate::catalog::Money;
use crate::errand::{AddressMention, Answer, Errands, Heard, MethodMention, Part, Request, Slot, Told, Verb};

fn address(line: &str, second: &str, city: &str, state: &str, zip: &str) -> Address {
    let own = str::to_owned;
    let address2 = (!second.is_empty()).then(|| own(second));
    Address { address1: own(line), address2, city: own(city), country: own("USA"), state: own(state), zip: own(zip) }
}

fn order(id: &str, status: Status, parcel: &str, items: &[(&str, &str)], paid_by: &str) -> Order {
    let price = Money::new(2000, "USD");
    let item = |(id, title): &(&str, &str)| OrderItem {
        id: (*id).to_owned(),
        item_group_id: format!("group of {title}"),
        title: (*title).to_owned(),
        price: price.clone(),
        options: [("color".to_owned(), "black".to_owned())].into(),
        rest: Default::default(),
    };
    let amount = Money::new(2000 * items.len() as i64, "USD");
    Order {
        id: id.to_owned(),
        customer: "nadia_brandt_4471".to_owned(),
        address: address("12 Elm Street", "", "Austin", "TX", "78701"),
        status,
        items: items.iter().map(item).collect(),
        fulfillments: vec![crate::aftersales::nouns::Fulfillment { tracking_id: vec![parcel.to_owned()], item_ids: Vec::new() }],
        payments: vec![Payment { kind: PaymentKind::Payment, amount, method: paid_by.to_owned() }],
        placed_ms: None,
        delivered_ms: None,
        cancel_reason: None,
        return_items: Vec::new(),
        exchange_items: Vec::new(),
        exchange_new_items: Vec::new(),
        price_difference: None,
        payment_method: None,
        deeds: Vec::new(),
        revision: 0,
        rest: Default::default(),
    }
}

fn case() -> Case {
    let method = |id: &str, kind, brand: Option<&str>, last_four: Option<&str>| PaymentMethod {
        id: id.to_owned(),
        kind,
        brand: brand.map(str::to_owned),
        last_four: last_four.map(str::to_owned),
        balance: (kind == MethodKind::GiftCard).then(|| Money::new(5000, "USD")),
    };
    let customer = Customer {
        id: "nadia_brandt_4471".to_owned(),
        name: Name { first_name: "Nadia".to_owned(), last_name: "Brandt".to_owned() },
        email: "nadia.brandt@example.com".to_owned(),
        phone: None,
        address: address("12 Elm Street", "", "Austin", "TX", "78701"),
        payment_methods: vec![
            method("paypal_3310872", MethodKind::Paypal, None, None),
            method("credit_card_5528841", MethodKind::CreditCard, Some("visa"), Some("9212")),
            method("credit_card_7719034", MethodKind::CreditCard, Some("mastercard"), Some("0481")),
            method("gift_card_6602915", MethodKind::GiftCard, None, None),
        ],
        orders: Vec::new(),
        revision: 0,
        rest: Default::default(),
    };
    let orders = vec![
        order(
            "#W4410071",
            Status::Pending,
            "300100200301",
            &[("5010203040", "Desk Lamp"), ("5010203041", "Water Bottle")],
            "paypal_3310872",
        ),
        order(
            "#W7302215",
            Status::Delivered,
            "300100200302",
            &[("6010203040", "Electric Kettle"), ("6010203041", "Wall Clock")],
            "credit_card_5528841",
        ),
        order("#M10094", Status::Delivered, "300100200303", &[("KT-222-WHT", "Heated Blender")], "gift_card_6602915"),
    ];
    Case { customer, orders }
}

/// A message heard while `asked`, about a deed of this verb.
fn heard(text: &str, asked: Option<Slot>, at_hand: Option<Verb>) -> Heard {
    let queue = at_hand.map(|verb| Request { verb: Some(verb), ..Request::default() }).into_iter().collect();
    let errands = Errands { asked, queue, ..Errands::default() };
    let known = asked != Some(Slot::Identity);
    let case = case();
    hear(text, known.then_some(&case), &Default::default(), &Policy::shipped(), &errands)
}

/// What was heard in one line: "yes; Cancel #W4410071 because no longer needed | Return …".
fn line(heard: &Heard) -> String {
    let answer = match heard.answer {
        Some(Answer::Yes) => "yes; ",
        Some(Answer::No) => "no; ",
        None => "",
    };
    let parts: Vec<String> = heard.parts.iter().map(part_line).collect();
    format!("{answer}{}", parts.join(" | ")).trim_end_matches([';', ' ']).to_owned()
}

fn part_line(part: &Part) -> String {
    let mut words: Vec<String> = Vec::new();
    words.extend(part.dropped.then(|| "drop".to_owned()));
    words.extend(part.verb.map(|v| format!("{v:?}")));
    words.extend(part.questions.iter().map(|q| format!("{q:?}?")));
    words.extend(part.orders.clone());
    words.extend(part.when.latest.then(|| "latest".to_owned()));
    words.extend(part.when.status.map(|s| format!("{s:?}").to_lowercase()));
    words.extend(part.when.days_ago.map(|(from, to)| format!("{from}-{to} days")));
    words.extend(part.method.as_ref().map(|m| match m {
        MethodMention::Fits(ids) => format!("by {}", ids.join(" or ")),
        MethodMention::Unknown(said) => format!("by unknown {said}"),
        other => format!("by {other:?}").to_lowercase(),
    }));
    words.extend(part.address.as_ref().map(|a| match a {
        AddressMention::Said(a) => {
            let lines =
                [&a.address1, a.address2.as_ref().unwrap_or(&String::new()), &a.city, &a.state, &a.zip, &a.country].map(String::clone);
            format!("at {}", lines.join("/"))
        }
        AddressMention::Default => "at default".to_owned(),
        AddressMention::OfOrder(id) => format!("at that of {id}"),
    }));
    words.extend(part.reason.as_ref().map(|r| format!("because {r}")));
    words.extend(part.complete.then(|| "complete".to_owned()));
    words.join(" ")
}

fn told_line(told: &Told) -> String {
    let said = [("email", &told.email), ("phone", &told.phone), ("name", &told.name), ("zip", &told.zip), ("order", &told.order)];
    said.iter().filter_map(|(name, value)| value.as_ref().map(|v| format!("{name} {v}"))).collect::<Vec<_>>().join(", ")
}

/// Rows of a table, "message => what is heard"; `\n` in a message begins a new line. A row "@ slot verb" says what was asked of the
/// rows below, and about which deed.
fn rows(table: &str) -> Vec<(String, String, Option<Slot>, Option<Verb>)> {
    let (mut asked, mut at_hand) = (None, None);
    let mut rows = Vec::new();
    for row in table.lines().filter(|row| !row.is_empty()) {
        if let Some(state) = row.strip_prefix("@ ") {
            let (slot, verb) = state.split_once(' ').unwrap_or((state, "return"));
            asked = serde_json::from_value(slot.into()).expect("a slot");
            at_hand = serde_json::from_value(verb.into()).expect("a verb");
            continue;
        }
        let (message, want) = row.rsplit_once("=>").expect("a message and what is heard");
        rows.push((message.trim().replace("\\n", "\n"), want.trim().to_owned(), asked, at_hand));
    }
    rows
}

fn check(table: &str, least: usize, said: impl Fn(&Heard) -> String) {
    let rows = rows(table);
    assert!(rows.len() >= least, "{} rows", rows.len());
    let hear = |(text, want, asked, at_hand): &(String, String, Option<Slot>, Option<Verb>)| {
        let got = said(&heard(text, *asked, *at_hand));
        (got != *want).then(|| format!("{text}\n  heard  {got}\n  not    {want}"))
    };
    let wrong: Vec<String> = rows.iter().filter_map(hear).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn requests_in_english() {
    check(include_str!("tests/english.txt"), 150, line);
}

#[test]
fn requests_in_chinese() {
    check(include_str!("tests/chinese.txt"), 80, line);
}

#[test]
fn answers() {
    check(include_str!("tests/answers.txt"), 80, line);
}

#[test]
fn who_writes() {
    check(include_str!("tests/who.txt"), 25, |heard| told_line(&heard.told));
}

/// Each thing is in the part that is about it.
#[test]
fn things_stay_with_their_deed() {
    let case = case();
    let titles = |part: &Part| {
        let title = |id: &str, at: usize| case.order(id).map(|o| o.items[at].title.clone()).unwrap_or_default();
        part.items.iter().flat_map(|m| &m.fits).map(|p| title(&p.order, p.at)).collect::<Vec<_>>().join(", ")
    };
    let said = |heard: &Heard| heard.parts.iter().map(titles).collect::<Vec<_>>().join(" | ").trim().to_owned();
    check(include_str!("tests/things.txt"), 8, said);
}

/// Until the customer is known, words are heard all the same, and nothing of theirs is.
#[test]
fn a_stranger_is_heard() {
    let heard = heard("I'm Nadia Brandt, 78701. Return the kettle from #W7302215 to my paypal", Some(Slot::Identity), None);
    assert_eq!(told_line(&heard.told), "name Nadia Brandt, zip 78701, order #W7302215");
    assert_eq!(line(&heard), "Return #W7302215 by");
    assert!(heard.parts[0].items.is_empty());
}
