//! Each clause of the retail world's policy page: what it allows is proposed, what it forbids is refused, for that reason and no other.
//! And each thing a merchant can set in `policy.toml`: it takes effect.

use super::retail;
use daogou::aftersales::nouns::{Case, Order, Shelf};
use daogou::aftersales::{Deed, Kind, Notice, Policy, Proposal, Refusal, carry_out, propose};
use daogou::catalog::Availability::{InStock, OutOfStock, Preorder};
use daogou::catalog::{Availability, Money, Offer, Product};
use serde_json::{Value, json};

/// A customer with a gift card of 50, a card and PayPal; an order in every state; a shirt in three variants and a mug.
fn shop() -> (Case, Shelf) {
    let address = json!({"address1": "1 Hill St", "address2": "", "city": "Singapore", "country": "SG", "state": "", "zip": "179366"});
    let customer = json!({
        "id": "li", "name": {"first_name": "Li", "last_name": "Na"}, "email": "li@example.com", "address": address,
        "payment_methods": [{"id": "gift", "kind": "gift_card", "balance": "50.00 USD"}, {"id": "card", "kind": "credit_card"},
                            {"id": "pal", "kind": "paypal"}],
        "orders": ["p", "g", "m", "x", "d", "c", "r", "e"]
    });
    let order = |id: &str, status: &str, method: &str| {
        json!({"id": id, "customer": "li", "address": address, "status": status, "fulfillments": [],
            "items": [item("shirt-m", "shirt", "40.00 USD"), item("mug", "mug", "10.00 USD"), item("shirt-m", "shirt", "40.00 USD")],
            "payments": [{"kind": "payment", "amount": "90.00 USD", "method": method}]})
    };
    let orders = json!([
        order("p", "pending", "card"),
        order("g", "pending", "gift"),
        order("m", "pending (items modified)", "card"),
        order("x", "processed", "card"),
        order("d", "delivered", "card"),
        order("c", "cancelled", "card"),
        order("r", "return requested", "card"),
        order("e", "exchange requested", "card")
    ]);
    let orders: Vec<Order> = serde_json::from_value(orders).expect("orders");
    let variants = [
        variant("shirt-m", "shirt", "42.00 USD", InStock),
        variant("shirt-l", "shirt", "55.50 USD", InStock),
        variant("shirt-s", "shirt", "25.00 USD", InStock),
        variant("shirt-xl", "shirt", "40.00 USD", OutOfStock),
        variant("shirt-gold", "shirt", "400.00 USD", InStock),
        variant("shirt-eu", "shirt", "40.00 EUR", InStock),
        variant("mug", "mug", "10.00 USD", InStock),
        variant("cup", "mug", "10.00 USD", InStock),
        variant("shirt-soon", "shirt", "40.00 USD", Preorder),
        variant("shirt-unpriced", "shirt", "", InStock),
    ];
    let case = Case { customer: serde_json::from_value(customer).expect("a customer"), orders };
    (case, variants.into_iter().map(|v| (v.id.clone(), v)).collect())
}

fn item(id: &str, group: &str, price: &str) -> Value {
    json!({"id": id, "item_group_id": group, "title": group, "price": price, "options": {"size": "M"}})
}

fn variant(id: &str, group: &str, price: &str, availability: Availability) -> Product {
    let offer = Offer { price: Money::parse(price).ok(), availability, ..Offer::default() };
    Product { id: id.to_owned(), group: group.to_owned(), size: id.to_uppercase(), offer, ..Product::default() }
}

fn ask(policy: &Policy, name: &str, kwargs: Value) -> Result<Proposal, Refusal> {
    let (case, shelf) = shop();
    let deed: Deed = serde_json::from_value(json!({"name": name, "kwargs": kwargs})).expect("a deed");
    propose(&case, &shelf, policy, &deed, 0)
}

/// Asks for each deed; `says` is the reason of the refusal, or "" when it is proposed.
fn check(policy: &Policy, clause: &str, asked: &[(&str, Value, &str)]) {
    for (name, kwargs, says) in asked {
        let outcome = ask(policy, name, kwargs.clone());
        let reason = outcome.as_ref().err().map_or(Value::from(""), |r| json!(r.why)["reason"].clone());
        assert_eq!(reason, *says, "{name} {kwargs}");
        let rests_on = outcome.map_or_else(|r| r.clause, |p| p.terms.clause);
        assert_eq!(rests_on, clause, "{name} {kwargs}");
    }
}

#[test]
fn one_customer_and_nobody_else() {
    let policy = Policy::shipped();
    let address = |user: &str, city: &str| json!({"user_id": user, "address1": "2 Hill St", "city": city, "country": "SG", "zip": "1"});
    check(
        &policy,
        "Retail agent policy",
        &[
            ("modify_profile", address("li", "Singapore"), ""),
            ("modify_user_address", address("li", "Singapore"), ""),
            ("modify_profile", address("another", "Singapore"), "unknown_customer"),
            ("modify_profile", address("li", " "), "address_incomplete"),
        ],
    );
    let cancel = |order: &str| json!({"order_id": order, "reason": "no longer needed"});
    check(&policy, "Cancel pending order", &[("cancel", cancel("of another"), "unknown_order")]);
    // Even an order that got into the case by mistake is not touched when it says it is another's.
    let (mut case, shelf) = shop();
    case.orders[0].customer = "another".to_owned();
    let deed: Deed = serde_json::from_value(json!({"name": "cancel", "kwargs": cancel("p")})).expect("a deed");
    assert!(propose(&case, &shelf, &policy, &deed, 0).is_err());
}

#[test]
fn cancel_pending_order() {
    let cancel = |order: &str, reason: &str| ("cancel", json!({"order_id": order, "reason": reason}));
    let ask_for = |order, reason, says| {
        let (name, kwargs) = cancel(order, reason);
        (name, kwargs, says)
    };
    check(
        &Policy::shipped(),
        "Cancel pending order",
        &[
            ask_for("p", "no longer needed", ""),
            ask_for("p", "ordered by mistake", ""),
            ask_for("p", "found it cheaper", "unknown_reason"),
            ask_for("p", "", "unknown_reason"),
            ask_for("m", "no longer needed", "wrong_status"),
            ask_for("x", "no longer needed", "wrong_status"),
            ask_for("d", "no longer needed", "wrong_status"),
            ask_for("c", "no longer needed", "wrong_status"),
            ask_for("r", "no longer needed", "wrong_status"),
            ask_for("e", "no longer needed", "wrong_status"),
        ],
    );
    for (order, method, arrives) in [("g", "gift", json!("at_once")), ("p", "card", json!({"business_days": [5, 7]}))] {
        let (name, kwargs) = cancel(order, "no longer needed");
        let terms = json!(ask(&Policy::shipped(), name, kwargs).expect("allowed").terms);
        assert_eq!(terms["moves"], json!([{"kind": "refund", "amount": "90.00 USD", "method": method, "arrives": arrives}]));
        assert_eq!((&terms["becomes"], &terms["notices"]), (&json!("cancelled"), &json!(["nothing_after"])));
    }
}

#[test]
fn modify_address() {
    let to = |order: &str, street: &str| json!({"order_id": order, "address1": street, "address2": "", "city": "Singapore", "country": "SG", "state": "", "zip": "179366"});
    check(
        &Policy::shipped(),
        "Modify pending order",
        &[
            ("modify_address", to("p", "9 Other St"), ""),
            ("modify_address", to("p", "1 Hill St"), "nothing_changes"),
            ("modify_address", to("p", ""), "address_incomplete"),
            ("modify_address", to("m", "9 Other St"), "wrong_status"),
            ("modify_address", to("x", "9 Other St"), "wrong_status"),
            ("modify_address", to("d", "9 Other St"), "wrong_status"),
        ],
    );
}

#[test]
fn modify_payment() {
    let to = |order: &str, method: &str| json!({"order_id": order, "payment_method_id": method});
    check(
        &Policy::shipped(),
        "Modify payment",
        &[
            ("modify_payment", to("p", "pal"), ""),
            ("modify_payment", to("g", "card"), ""),
            ("modify_payment", to("p", "card"), "same_method"),
            ("modify_payment", to("p", "gift"), "balance_too_low"),
            ("modify_payment", to("p", "someone-elses"), "unknown_method"),
            ("modify_payment", to("m", "pal"), "wrong_status"),
            ("modify_payment", to("d", "pal"), "wrong_status"),
        ],
    );
    let terms = json!(ask(&Policy::shipped(), "modify_payment", to("g", "pal")).expect("allowed").terms);
    assert_eq!(terms["becomes"], "pending");
    assert_eq!(
        terms["moves"],
        json!([
            {"kind": "payment", "amount": "90.00 USD", "method": "pal", "arrives": null},
            {"kind": "refund", "amount": "90.00 USD", "method": "gift", "arrives": "at_once"}
        ])
    );
    let refused = json!(ask(&Policy::shipped(), "modify_payment", to("p", "gift")).expect_err("too low"));
    assert_eq!(refused["why"], json!({"reason": "balance_too_low", "has": "50.00 USD", "needs": "90.00 USD"}));
}

fn swap(order: &str, items: &[&str], into: &[&str], method: &str) -> Value {
    json!({"order_id": order, "item_ids": items, "new_item_ids": into, "payment_method_id": method})
}

/// What modifying a pending order's items and exchanging a delivered one's have in common.
fn swaps(name: &'static str, order: &str, clause: &str, closed: &[&str]) {
    let one = |item, into, method| swap(order, &[item], &[into], method);
    check(
        &Policy::shipped(),
        clause,
        &[
            (name, one("shirt-m", "shirt-l", "card"), ""),
            (name, one("shirt-m", "shirt-l", "gift"), ""),
            (name, one("shirt-m", "shirt-gold", "pal"), ""),
            (name, one("shirt-m", "shirt-gold", "gift"), "balance_too_low"),
            (name, one("shirt-m", "shirt-s", "gift"), ""),
            (name, one("shirt-m", "shirt-m", "card"), ""),
            (name, one("shirt-m", "shirt-xl", "card"), "out_of_stock"),
            (name, one("shirt-m", "shirt-soon", "card"), "out_of_stock"),
            (name, one("shirt-m", "shirt-unpriced", "card"), "out_of_stock"),
            (name, one("shirt-m", "shirt-eu", "card"), "other_currency"),
            (name, one("shirt-m", "mug", "card"), "other_product"),
            (name, one("shirt-m", "shirt-xxs", "card"), "unknown_variant"),
            (name, one("shirt-l", "shirt-m", "card"), "not_on_order"),
            (name, one("shirt-m", "shirt-l", "someone-elses"), "unknown_method"),
            (name, swap(order, &["shirt-m", "mug", "shirt-m"], &["shirt-l", "cup", "shirt-s"], "card"), ""),
            (name, swap(order, &["shirt-m", "shirt-m", "shirt-m"], &["shirt-l", "shirt-l", "shirt-l"], "card"), "not_on_order"),
            (name, swap(order, &["shirt-m", "mug"], &["shirt-l"], "card"), "unequal_lists"),
            (name, swap(order, &[], &[], "card"), "nothing_named"),
        ],
    );
    for order in closed {
        check(&Policy::shipped(), clause, &[(name, swap(order, &["mug"], &["cup"], "card"), "wrong_status")]);
    }
}

#[test]
fn modify_items() {
    swaps("modify_items", "p", "Modify items", &["m", "x", "d", "c", "r", "e"]);
    let terms = json!(ask(&Policy::shipped(), "modify_items", swap("p", &["shirt-m"], &["shirt-l"], "gift")).expect("allowed").terms);
    assert_eq!(terms["becomes"], "pending (items modified)");
    assert_eq!(terms["moves"], json!([{"kind": "payment", "amount": "15.50 USD", "method": "gift", "arrives": null}]));
    assert_eq!((&terms["later"], &terms["notices"]), (&Value::Null, &json!(["all_items_now", "nothing_after"])));
    let now = &terms["changes"][0]["now"];
    assert_eq!((&now["price"], &now["options"]), (&json!("55.50 USD"), &json!({"size": "SHIRT-L"})));
}

#[test]
fn exchange_delivered_order() {
    swaps("exchange", "d", "Exchange delivered order", &["p", "m", "x", "c", "r", "e"]);
    let terms = json!(ask(&Policy::shipped(), "exchange", swap("d", &["shirt-m"], &["shirt-s"], "pal")).expect("allowed").terms);
    assert_eq!((&terms["becomes"], &terms["moves"]), (&json!("exchange requested"), &json!([])));
    assert_eq!(terms["later"], json!({"kind": "refund", "amount": "15.00 USD", "method": "pal", "arrives": {"business_days": [5, 7]}}));
    assert_eq!(terms["notices"], json!(["all_items_now", "nothing_after", "email_follows"]));
}

#[test]
fn return_delivered_order() {
    let back = |order: &str, items: &[&str], method: &str| json!({"order_id": order, "item_ids": items, "payment_method_id": method});
    check(
        &Policy::shipped(),
        "Return delivered order",
        &[
            ("return", back("d", &["mug"], "card"), ""),
            ("return", back("d", &["shirt-m", "mug", "shirt-m"], "gift"), ""),
            ("return", back("d", &["mug"], "pal"), "refund_route"),
            ("return", back("d", &["mug"], "someone-elses"), "unknown_method"),
            ("return", back("d", &["mug", "mug"], "card"), "not_on_order"),
            ("return", back("d", &["cup"], "card"), "not_on_order"),
            ("return", back("d", &[], "card"), "nothing_named"),
            ("return", back("p", &["mug"], "card"), "wrong_status"),
            ("return", back("x", &["mug"], "card"), "wrong_status"),
            ("return", back("r", &["mug"], "card"), "wrong_status"),
            ("return", back("e", &["mug"], "card"), "wrong_status"),
            ("return", back("c", &["mug"], "card"), "wrong_status"),
        ],
    );
    let proposal = ask(&Policy::shipped(), "return", back("d", &["shirt-m", "mug"], "card")).expect("allowed");
    assert_eq!(proposal.terms.notices, [Notice::AllItemsNow, Notice::NothingAfter, Notice::EmailFollows]);
    assert_eq!(json!(proposal.terms)["later"]["amount"], "50.00 USD");
}

#[test]
fn what_the_shopper_has_not_confirmed_in_time_or_as_it_is_now_is_not_done() {
    let policy = Policy::shipped();
    let (case, shelf) = shop();
    let deed: Deed =
        serde_json::from_value(json!({"name": "modify_items", "kwargs": swap("p", &["shirt-m"], &["shirt-l"], "gift")})).expect("a deed");
    let proposal = propose(&case, &shelf, &policy, &deed, 0).expect("allowed");
    let reason = |r: Result<Vec<_>, Refusal>| json!(r.expect_err("refused").why)["reason"].clone();

    let mut done = case.clone();
    assert_eq!(carry_out(&mut done, &shelf, &policy, &proposal, 900_000).map(|e| e.len()), Ok(1));
    let once = done.clone();
    assert_eq!(reason(carry_out(&mut done, &shelf, &policy, &proposal, 900_000)), "wrong_status");
    assert_eq!(done, once);
    assert_eq!(reason(carry_out(&mut case.clone(), &shelf, &policy, &proposal, 900_001)), "expired");

    let mut dearer = shelf.clone();
    dearer.get_mut("shirt-l").expect("a shirt").offer.price = Some(Money::new(5551, "USD"));
    assert_eq!(reason(carry_out(&mut case.clone(), &dearer, &policy, &proposal, 1)), "changed");
    let mut poorer = case.clone();
    poorer.customer.payment_methods[0].balance.as_mut().expect("a gift card").minor = 1549;
    assert_eq!(reason(carry_out(&mut poorer, &shelf, &policy, &proposal, 1)), "balance_too_low");
    let mut later = case.clone();
    later.orders[0].revision += 1;
    assert_eq!(reason(carry_out(&mut later, &shelf, &policy, &proposal, 1)), "changed");
    let newer = Policy { version: 2, ..policy };
    assert_eq!(reason(carry_out(&mut case.clone(), &shelf, &newer, &proposal, 1)), "changed");
}

#[test]
fn a_gift_card_is_not_promised_twice() {
    let (mut case, shelf) = shop();
    let mut second = case.order("d").expect("delivered").clone();
    second.id = "d2".to_owned();
    case.orders.push(second);
    // 50.00 on the card; each exchange wants 31.00 when the shirts are back.
    let deed = |order: &str| {
        serde_json::from_value::<Deed>(
            json!({"name": "exchange", "kwargs": swap(order, &["shirt-m", "shirt-m"], &["shirt-l", "shirt-l"], "gift")}),
        )
        .expect("a deed")
    };
    let first = propose(&case, &shelf, &Policy::shipped(), &deed("d"), 0).expect("31.00 of 50.00");
    carry_out(&mut case, &shelf, &Policy::shipped(), &first, 0).expect("confirmed");
    let refused = json!(propose(&case, &shelf, &Policy::shipped(), &deed("d2"), 0).expect_err("31.00 of 19.00"));
    assert_eq!(refused["why"], json!({"reason": "balance_too_low", "has": "19.00 USD", "needs": "31.00 USD"}));
}

#[test]
fn a_merchant_sets_periods_reasons_and_limits_without_code() {
    let shipped = include_str!("../../../assets/aftersales/policy.toml");
    let with = |was: &str, now: &str| Policy::parse(&shipped.replacen(was, now, 1)).expect(now);
    let back = |order: &str| json!({"order_id": order, "item_ids": ["mug"], "payment_method_id": "card"});
    let cancel = |order: &str, reason: &str| json!({"order_id": order, "reason": reason});

    let period = with("[deed.return]", "[deed.return]\nwithin_days = 30");
    check(&period, "Return delivered order", &[("return", back("d"), "unknown_date")]);
    for (days, allowed) in [(30, true), (31, false)] {
        let (mut case, shelf) = shop();
        case.orders[4].delivered_ms = Some(0);
        let deed = Deed::Return { order_id: "d".into(), item_ids: vec!["mug".into()], payment_method_id: "card".into() };
        assert_eq!(propose(&case, &shelf, &period, &deed, days * 86_400_000).is_ok(), allowed, "day {days}");
    }
    let limit = with("[deed.cancel]", "[deed.cancel]\nperson_above = \"89.99 USD\"");
    check(&limit, "Cancel pending order", &[("cancel", cancel("p", "no longer needed"), "needs_person")]);
    let limit = with("[deed.cancel]", "[deed.cancel]\nperson_above = \"90.00 USD\"");
    check(&limit, "Cancel pending order", &[("cancel", cancel("p", "no longer needed"), "")]);
    let reason = with("name = \"ordered by mistake\", zh = \"下错单\"", "name = \"found it cheaper\", zh = \"别处更便宜\"");
    let asked = [("cancel", cancel("p", "found it cheaper"), ""), ("cancel", cancel("p", "ordered by mistake"), "unknown_reason")];
    check(&reason, "Cancel pending order", &asked);
    let later = with("status = [\"pending\"]", "status = [\"pending\", \"processed\"]");
    check(&later, "Cancel pending order", &[("cancel", cancel("x", "no longer needed"), "")]);
    let route = with("refund_to = [\"original\", \"gift_card\"]", "refund_to = [\"gift_card\"]");
    check(&route, "Return delivered order", &[("return", back("d"), "refund_route")]);
    let strict = with("same_variant = true", "same_variant = false");
    check(&strict, "Modify items", &[("modify_items", swap("p", &["mug"], &["mug"], "card"), "same_variant")]);
    let cards = with("# methods = [\"credit_card\", \"gift_card\", \"paypal\"]", "methods = [\"credit_card\"]");
    let to = |method: &str| json!({"order_id": "g", "payment_method_id": method});
    check(&cards, "Modify payment", &[("modify_payment", to("card"), ""), ("modify_payment", to("pal"), "method_kind_not_allowed")]);

    let mut closed = Policy::shipped();
    closed.deeds.remove(&Kind::Return);
    check(&closed, "Retail agent policy", &[("return", back("d"), "not_offered")]);
}

#[test]
fn once_is_once() {
    let (mut case, shelf) = shop();
    let policy = Policy::shipped();
    let mut to = |method: &str| {
        let deed = Deed::ModifyPayment { order_id: "p".into(), payment_method_id: method.into() };
        let outcome = propose(&case, &shelf, &policy, &deed, 0);
        outcome.and_then(|p| carry_out(&mut case, &shelf, &policy, &p, 0)).map_err(|r| json!(r.why)["reason"].clone())
    };
    assert!(to("pal").is_ok());
    assert_eq!(to("card"), Err(json!("too_often")));
}

/// The page shoppers read and the file that decides name the same clauses.
#[test]
fn every_clause_is_a_heading_of_the_page() {
    let Some(retail) = retail() else { return };
    let page = retail.lines("policy.md");
    let policy = Policy::shipped();
    for clause in policy.deeds.values().map(|r| &r.clause).chain([&policy.clause]) {
        assert!(page.iter().any(|l| l.starts_with('#') && l.trim_start_matches(['#', ' ']) == clause), "{clause}");
    }
}
