//! What shoppers tell of themselves in; the shop's own records, read from a real server, in the store out.

use super::webhooks::{cancel, carry_out};
use crate::shop::demo;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::{Router, routing};
use daogou::config;
use daogou::errand::Told;
use daogou::store::Store;
use daogou::systems::{Reading, Systems};
use futures::TryStreamExt;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// The shop's own system: what it answers next, and what it was asked.
#[derive(Clone, Default)]
struct Own {
    answer: Arc<Mutex<(u16, String)>>,
    asked: Arc<Mutex<Vec<String>>>,
}

/// Statuses that are no answer.
const NEVER: u16 = 0;

impl Own {
    async fn open() -> (Self, String) {
        let own = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/api/", listener.local_addr().expect("an address"));
        let router = Router::new().route("/api/customers", routing::get(answer)).with_state(own.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (own, url)
    }

    fn says(&self, status: u16, body: impl ToString) {
        *self.answer.lock().expect("nobody panics") = (status, body.to_string());
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().expect("nobody panics"))
    }
}

async fn answer(State(own): State<Own>, RawQuery(query): RawQuery, headers: HeaderMap) -> (StatusCode, String) {
    let key = headers.get("authorization").and_then(|v| v.to_str().ok()).unwrap_or("nobody");
    own.asked.lock().expect("nobody panics").push(format!("{} by {key}", query.unwrap_or_default()));
    let (status, body) = own.answer.lock().expect("nobody panics").clone();
    if status == NEVER {
        std::future::pending::<()>().await;
    }
    (StatusCode::from_u16(status).expect("a status"), body)
}

fn systems(url: &str, after: u64) -> Systems {
    let (orders_url, orders_key) = (Some(url.to_owned()), Some("a-key".to_owned()));
    Systems::new(&config::Systems { orders_url, orders_key, orders_after: after, ..config::Systems::default() }).expect("an address")
}

fn by_email(email: &str) -> Told {
    Told { email: Some(email.to_owned()), ..Told::default() }
}

fn address() -> Value {
    json!({"address1": "1 Harbour Row", "city": "Singapore", "country": "Singapore", "state": "", "zip": "460001"})
}

/// A customer only the shop's own system knows, with one order.
fn noor(status: &str) -> Value {
    json!({
        "customers": [{"id": "noor_1", "name": {"first_name": "Noor", "last_name": "Aziz"}, "email": "noor@example.com", "phone": "+6591234567",
            "address": address(), "payment_methods": [{"id": "card_1", "kind": "credit_card"}], "orders": ["#M900001"], "tier": "gold"}],
        "orders": [{"id": "#M900001", "customer": "noor_1", "address": address(), "status": status, "fulfillments": [],
            "items": [{"id": "GRO-105", "item_group_id": "GRO-105", "title": "Kopi", "price": "14.90 SGD", "options": {}}],
            "payments": [{"kind": "payment", "amount": "14.90 SGD", "method": "card_1"}]}],
    })
}

async fn status_of(store: &Store, order: &str) -> Option<String> {
    let orders: Vec<String> = store.orders().try_collect().await.expect("the store reads");
    let mut orders = orders.iter().map(|o| serde_json::from_str::<Value>(o).expect("a record"));
    orders.find(|o| o["id"] == order).and_then(|o| o["status"].as_str().map(str::to_owned))
}

#[tokio::test]
async fn a_customer_the_shop_knows_is_read_before_they_are_looked_up() {
    let (shop, _data) = demo().await;
    let store = &shop.rooms.store;
    let (own, url) = Own::open().await;
    own.says(200, noor("pending"));
    let told = by_email("Noor@Example.com");
    assert!(store.customers_by(&told).await.expect("the store reads").is_empty());
    let systems = systems(&url, 60);
    assert_eq!(systems.refresh(store, &told).await, Reading::Fresh);
    assert_eq!(store.customers_by(&told).await.expect("the store reads"), ["noor_1"]);
    assert_eq!(status_of(store, "#M900001").await.as_deref(), Some("pending"));
    // Neither the same question nor the customer it found is asked about again so soon.
    own.says(200, noor("processed"));
    assert_eq!(systems.refresh(store, &told).await, Reading::Fresh);
    assert_eq!(systems.refresh_customer(store, "noor_1").await, Reading::Fresh);
    assert!(systems.may_act_on(store, "noor_1").await);
    assert_eq!(own.asked(), ["email=Noor%40Example.com by Bearer a-key"]);
}

#[tokio::test]
async fn what_has_changed_there_is_read_when_the_copy_is_old() {
    let (shop, _data) = demo().await;
    let store = &shop.rooms.store;
    let (own, url) = Own::open().await;
    let systems = systems(&url, 0);
    for status in ["pending", "processed", "delivered"] {
        own.says(200, noor(status));
        assert_eq!(systems.refresh_customer(store, "noor_1").await, Reading::Fresh);
        assert_eq!(status_of(store, "#M900001").await.as_deref(), Some(status));
    }
    let some = |text: &str| Some(text.to_owned());
    for told in [
        Told { name: some("Noor Aziz"), zip: some("460001"), ..Told::default() },
        Told { order: some("#M900001"), phone: some("91234567"), ..Told::default() },
        Told { name: some("Noor Aziz"), ..Told::default() },
        Told::default(),
    ] {
        assert_eq!(systems.refresh(store, &told).await, Reading::Fresh);
    }
    let queries: Vec<String> = own.asked().into_iter().skip(3).map(|q| q.replace(" by Bearer a-key", "")).collect();
    assert_eq!(queries, ["name=Noor+Aziz&zip=460001", "order=%23M900001&phone=91234567"], "half an identity asks nothing");
}

#[tokio::test]
async fn when_the_shop_is_away_the_stored_copy_stands_and_is_not_acted_on() {
    let (shop, _data) = demo().await;
    let store = &shop.rooms.store;
    let (own, url) = Own::open().await;
    let stranger = {
        let mut answer = noor("pending");
        answer["orders"][0]["customer"] = "weiling_tan_3107".into();
        answer
    };
    let known = "weiling_tan_3107";
    for (status, body, what) in [
        (500, String::new(), "an error"),
        (301, String::new(), "a redirect"),
        (200, "<html>".to_owned(), "no JSON"),
        (200, json!({"customers": [{"id": "x"}]}).to_string(), "a customer without a name"),
        (200, noor("cancelled").to_string(), "an order that is paid and cancelled"),
        (200, stranger.to_string(), "an order of somebody else"),
        (200, format!("{{\"customers\": [], \"padding\": \"{}\"}}", "x".repeat(1 << 20)), "more than a megabyte"),
        (NEVER, String::new(), "silence"),
    ] {
        own.says(status, body);
        let systems = systems(&url, 60);
        assert_eq!(systems.refresh_customer(store, known).await, Reading::Stored, "{what}");
        assert!(!systems.may_act_on(store, known).await, "{what}");
    }
    assert!(store.case(known).await.expect("the store reads").is_some(), "what is stored can be read");
    assert_eq!(status_of(store, "#M900001").await, None, "nothing of it was taken");
}

#[tokio::test]
async fn a_young_copy_is_acted_on_while_the_shop_is_away_for_a_moment() {
    let (shop, _data) = demo().await;
    let store = &shop.rooms.store;
    let (own, url) = Own::open().await;
    own.says(200, noor("pending"));
    let systems = systems(&url, 0);
    assert_eq!(systems.refresh_customer(store, "noor_1").await, Reading::Fresh);
    own.says(503, "");
    assert_eq!(systems.refresh_customer(store, "noor_1").await, Reading::Stored);
    assert!(systems.may_act_on(store, "noor_1").await);
}

#[tokio::test]
async fn what_was_done_here_stands_until_the_shop_says_something_new_of_it() {
    let (shop, data) = demo().await;
    let store = &shop.rooms.store;
    let (own, url) = Own::open().await;
    let systems = systems(&url, 0);
    own.says(200, noor("pending"));
    systems.refresh_customer(store, "noor_1").await;
    carry_out(data.path(), "noor_1", cancel("#M900001")).await;
    for (answer, expected) in [
        // It has not heard of the cancellation yet; it sends the parcel nevertheless, which cannot be true of both; it has heard.
        (noor("pending"), Reading::Fresh),
        (noor("processed"), Reading::Stored),
        (cancelled(noor("cancelled")), Reading::Fresh),
    ] {
        own.says(200, &answer);
        assert_eq!(systems.refresh_customer(store, "noor_1").await, expected, "{answer}");
        assert_eq!(status_of(store, "#M900001").await.as_deref(), Some("cancelled"), "{answer}");
    }
    let (ledger, cases) = store.books().await.expect("the store reads");
    assert_eq!(daogou::aftersales::ledger::audit(&ledger, &cases), Ok(()));
}

/// As the shop has it once it has taken the webhook.
fn cancelled(mut answer: Value) -> Value {
    answer["orders"][0]["cancel_reason"] = "no longer needed".into();
    let refund = json!({"kind": "refund", "amount": "14.90 SGD", "method": "card_1"});
    answer["orders"][0]["payments"].as_array_mut().expect("payments").push(refund);
    answer
}

#[tokio::test]
async fn without_a_system_of_its_own_the_store_is_the_truth() {
    let (shop, _data) = demo().await;
    let store = &shop.rooms.store;
    let alone = Systems::new(&config::Systems::default()).expect("nothing is wrong");
    assert_eq!(alone.refresh(store, &by_email("noor@example.com")).await, Reading::Fresh);
    assert!(alone.may_act_on(store, "weiling_tan_3107").await);
    let signed = "c53232848bbcfef218dad5d32a676bb4339216247cf68baba35c07c38f76e0da";
    assert!(!alone.vouch_for("weiling_tan_3107", signed), "nobody vouches");
    let secret = Some("correct horse battery staple".to_owned());
    let shop = Systems::new(&config::Systems { identity_secret: secret, ..config::Systems::default() }).expect("nothing is wrong");
    assert!(shop.vouch_for("weiling_tan_3107", signed));
}
