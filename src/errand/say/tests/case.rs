//! One customer with an order in every state, a small shelf, and a proposal of every kind.

use crate::aftersales::nouns::{Address, Case};
use crate::aftersales::{Deed, Policy, Proposal, Shelf, propose};
use crate::catalog::{Availability, Money, Offer, Product, Texts};
use serde_json::json;

pub const NOW: i64 = 1_700_000_000_000;

pub fn anna() -> Case {
    let at = json!({"address1": "4 Linden Row", "address2": "Flat 2", "city": "Leeds", "country": "UK", "state": "", "zip": "LS1 4AB"});
    let kettle = json!({"id": "KET-1", "item_group_id": "KET", "title": "Brisk Kettle", "price": "79.00 USD", "options": {"color": "black", "capacity": "1.5 liters"}});
    let lamp = json!({"id": "LMP-1", "item_group_id": "LMP", "title": "Glow Lamp", "price": "41.50 USD", "options": {"waterproof": "yes"}});
    let second = json!({"id": "KET-2", "item_group_id": "KET", "title": "Brisk Kettle", "price": "75.00 USD", "options": {"color": "white", "capacity": "1.5 liters"}});
    let paid = |amount: &str, method: &str| json!({"kind": "payment", "amount": amount, "method": method});
    let order = |id: &str, status: &str, items: serde_json::Value, payments: serde_json::Value| json!({"id": id, "customer": "anna_hill", "address": at, "status": status, "items": items, "payments": payments});
    let with = |mut order: serde_json::Value, more: serde_json::Value| {
        order.as_object_mut().expect("an order is an object").extend(more.as_object().expect("so is this").clone());
        order
    };
    let sent = json!([{"tracking_id": ["880011"], "item_ids": ["KET-1"]}, {"tracking_id": ["880022"], "item_ids": ["LMP-1"]}]);
    let orders = json!([
        with(
            order("#T40101", "delivered", json!([kettle, lamp]), json!([paid("120.50 USD", "credit_card_1")])),
            json!({"fulfillments": sent})
        ),
        order("#T40102", "pending", json!([kettle, second]), json!([paid("154.00 USD", "paypal_3")])),
        with(
            order("#T40103", "processed", json!([lamp]), json!([paid("41.50 USD", "credit_card_1")])),
            json!({"fulfillments": [{"tracking_id": ["880033"], "item_ids": ["LMP-1"]}]})
        ),
        with(
            order(
                "#T40104",
                "cancelled",
                json!([lamp]),
                json!([paid("41.50 USD", "paypal_3"), {"kind": "refund", "amount": "41.50 USD", "method": "paypal_3"}])
            ),
            json!({"cancel_reason": "no longer needed"}),
        ),
        order("#T40105", "pending (items modified)", json!([lamp]), json!([paid("41.50 USD", "gift_card_2")])),
        with(
            order("#T40106", "return requested", json!([kettle, lamp]), json!([paid("120.50 USD", "credit_card_1")])),
            json!({"return_items": ["LMP-1"], "payment_method": "credit_card_1"}),
        ),
        with(
            order("#T40107", "exchange requested", json!([kettle]), json!([paid("79.00 USD", "paypal_3")])),
            json!({"exchange_items": ["KET-1"], "exchange_new_items": ["KET-3"], "price_difference": "6.00 USD", "payment_method": "paypal_3"}),
        ),
    ]);
    let customer = json!({
        "id": "anna_hill", "name": {"first_name": "Anna", "last_name": "Hill"}, "email": "anna@linden.example", "phone": "+4411300000",
        "address": {"address1": "9 Mill Lane", "city": "York", "country": "UK", "state": "", "zip": "YO1 7HU"},
        "payment_methods": [
            {"id": "credit_card_1", "kind": "credit_card", "brand": "visa", "last_four": "9212"},
            {"id": "gift_card_2", "kind": "gift_card", "balance": "60.00 USD"},
            {"id": "paypal_3", "kind": "paypal"},
        ],
        "orders": [],
    });
    let read = |value| serde_json::from_value(value);
    Case { customer: serde_json::from_value(customer).expect("a customer"), orders: read(orders).expect("orders") }
}

pub fn shelf() -> Shelf {
    let kettle = |id: &str, color: &str, capacity: &str, price: &str, availability| {
        let details = vec![("capacity".to_owned(), capacity.to_owned())];
        let zh = Texts { title: "快沸电热水壶".to_owned(), ..Texts::default() };
        let mut product = variant(id, "KET", "Brisk Kettle", details, price, availability);
        product.colors = vec![color.to_owned()];
        product.localized = [("zh".to_owned(), zh)].into();
        product
    };
    let lamp = |id: &str, waterproof: &str, price: &str| {
        variant(id, "LMP", "Glow Lamp", vec![("waterproof".to_owned(), waterproof.to_owned())], price, Availability::InStock)
    };
    let all = [
        kettle("KET-1", "black", "1.5 liters", "79.00 USD", Availability::InStock),
        kettle("KET-2", "white", "1.5 liters", "75.00 USD", Availability::InStock),
        kettle("KET-3", "black", "2 liters", "85.00 USD", Availability::InStock),
        kettle("KET-4", "red", "2 liters", "85.00 USD", Availability::OutOfStock),
        lamp("LMP-1", "yes", "41.50 USD"),
        lamp("LMP-2", "no", "38.00 USD"),
    ];
    all.into_iter().map(|product| (product.id.clone(), product)).collect()
}

fn variant(id: &str, group: &str, title: &str, details: Vec<(String, String)>, price: &str, availability: Availability) -> Product {
    let offer = Offer { price: Money::parse(price).ok(), availability, ..Offer::default() };
    let text = Texts { title: title.to_owned(), details, ..Texts::default() };
    Product { id: id.to_owned(), group: group.to_owned(), text, offer, ..Product::default() }
}

pub fn elsewhere() -> Address {
    let (address1, city, country, zip) = ("7 Harbour Way".to_owned(), "Hull".to_owned(), "UK".to_owned(), "HU1 2AA".to_owned());
    Address { address1, address2: None, city, country, state: String::new(), zip }
}

/// A proposal the rules themselves have made.
pub fn proposal(case: &Case, name: &str) -> Proposal {
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let (delivered, pending) = ("#T40101".to_owned(), "#T40102".to_owned());
    let deed = match name {
        "cancel" => Deed::Cancel { order_id: pending, reason: "ordered by mistake".to_owned() },
        "address" => Deed::ModifyAddress { order_id: pending, address: elsewhere() },
        "payment" => Deed::ModifyPayment { order_id: pending, payment_method_id: "credit_card_1".to_owned() },
        "dearer" => Deed::ModifyItems {
            order_id: pending,
            item_ids: ids(&["KET-1"]),
            new_item_ids: ids(&["KET-3"]),
            payment_method_id: "gift_card_2".to_owned(),
        },
        "return" => Deed::Return { order_id: delivered, item_ids: ids(&["KET-1", "LMP-1"]), payment_method_id: "credit_card_1".to_owned() },
        "exchange" => Deed::Exchange {
            order_id: delivered,
            item_ids: ids(&["KET-1", "LMP-1"]),
            new_item_ids: ids(&["KET-2", "LMP-2"]),
            payment_method_id: "gift_card_2".to_owned(),
        },
        "dearer exchange" => Deed::Exchange {
            order_id: delivered,
            item_ids: ids(&["KET-1"]),
            new_item_ids: ids(&["KET-3"]),
            payment_method_id: "credit_card_1".to_owned(),
        },
        "same again" => Deed::Exchange {
            order_id: delivered,
            item_ids: ids(&["LMP-1"]),
            new_item_ids: ids(&["LMP-1"]),
            payment_method_id: "paypal_3".to_owned(),
        },
        _ => Deed::ModifyProfile { user_id: "anna_hill".to_owned(), address: elsewhere() },
    };
    propose(case, &shelf(), &Policy::shipped(), &deed, NOW).expect(name)
}
