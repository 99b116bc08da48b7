//! Deeds done to orders in; what the shop's own system, played by a real server, is told of them out.

use crate::shop::{PATIENCE, Setup, TestShop, copy_of_demo, sql};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::IntoResponse;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use daogou::aftersales::{Deed, Policy, propose};
use daogou::config::Systems;
use daogou::store::chat::Write;
use daogou::store::{Store, new_id, now_ms};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

const SECRET: &[u8; 32] = b"thirty-two bytes nobody will see";
/// A status that is no answer: the request is held for ever.
const HOLD: u16 = 0;

/// The shop's own system. It answers as it is told to, and 204 when it was told nothing.
struct Receiver {
    url: String,
    posts: mpsc::UnboundedReceiver<Post>,
}

struct Post {
    path: String,
    headers: HeaderMap,
    raw: String,
}

type Desk = Arc<(Mutex<VecDeque<u16>>, mpsc::UnboundedSender<Post>)>;

impl Receiver {
    async fn answering(statuses: &[u16]) -> Self {
        let (sender, posts) = mpsc::unbounded_channel();
        let desk: Desk = Arc::new((Mutex::new(statuses.iter().copied().collect()), sender));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/daogou", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(take).with_state(desk)).await });
        Self { url, posts }
    }

    fn systems(&self) -> Systems {
        let secret = format!("whsec_{}", BASE64.encode(SECRET));
        Systems { webhook_url: Some(self.url.clone()), webhook_secret: vec![secret], ..Systems::default() }
    }

    fn setup(&self) -> Setup {
        Setup { systems: self.systems(), ..Setup::default() }
    }

    async fn next(&mut self) -> Post {
        tokio::time::timeout(PATIENCE, self.posts.recv()).await.expect("a webhook came in time").expect("the receiver runs")
    }

    /// Nothing for twice as long as the outbox is left alone.
    async fn is_left_alone(&mut self) -> bool {
        tokio::time::timeout(Duration::from_secs(1), self.posts.recv()).await.is_err()
    }
}

async fn take(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, raw: String) -> impl IntoResponse {
    let status = desk.0.lock().expect("nobody panics").pop_front().unwrap_or(204);
    desk.1.send(Post { path: uri.path().to_owned(), headers, raw }).ok();
    if status == HOLD {
        std::future::pending::<()>().await;
    }
    ([(header::LOCATION, "/elsewhere")], StatusCode::from_u16(status).expect("a status"))
}

impl Post {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    fn body(&self) -> Value {
        serde_json::from_str(&self.raw).expect("webhooks are JSON")
    }

    /// "order.cancelled #M10185"
    fn outline(&self) -> String {
        let body = self.body();
        format!("{} {}", body["type"].as_str().unwrap_or_default(), body["data"]["order"]["id"].as_str().unwrap_or_default())
    }
}

/// HMAC by RFC 2104, written out: not the crate that signs.
fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let pad = |byte: u8| (0..64).map(|n| key.get(n).copied().unwrap_or(0) ^ byte).collect::<Vec<u8>>();
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().to_vec()
}

/// Has the shopper of a pending order say yes to a deed.
pub async fn carry_out(data: &Path, customer: &str, deed: Value) {
    let store = Store::open_dir(data).await.expect("open the store");
    let deed: Deed = serde_json::from_value(deed).expect("a deed");
    let case = store.case(customer).await.expect("the store reads").expect("a customer of the demo shop");
    let shelf = store.shelf_of(&case).await.expect("the store reads");
    let policy = Policy::shipped();
    let proposal = propose(&case, &shelf, &policy, &deed, now_ms()).expect("it may be done");
    let (id, session) = (new_id(), new_id());
    let write = Write::Proposal { id: id.clone(), session: session.clone(), customer: customer.to_owned(), proposal: Box::new(proposal) };
    store.write_all(&[write]).await.expect("the store writes");
    store.carry_out(&id, &session, &policy, now_ms()).await.expect("it is done");
    store.close().await;
}

pub fn cancel(order: &str) -> Value {
    json!({"name": "cancel", "kwargs": {"order_id": order, "reason": "no longer needed"}})
}

fn move_to(order: &str, street: &str) -> Value {
    json!({"name": "modify_address", "kwargs": {"order_id": order, "address1": street, "city": "Singapore", "country": "Singapore",
        "state": "Singapore", "zip": "460001"}})
}

#[tokio::test]
async fn a_deed_is_told_once_signed_and_whole() {
    let mut receiver = Receiver::answering(&[]).await;
    let shop = TestShop::with(receiver.setup()).await;
    carry_out(shop.data(), "weiling_tan_3107", cancel("#M10185")).await;
    let post = receiver.next().await;
    let (id, seconds) = (post.header("webhook-id"), post.header("webhook-timestamp"));
    let expected = BASE64.encode(hmac(SECRET, &format!("{id}.{seconds}.{}", post.raw)));
    assert_eq!(post.header("webhook-signature"), format!("v1,{expected}"));
    assert!((now_ms() / 1_000 - seconds.parse::<i64>().expect("seconds")).abs() < 30);
    assert_eq!((post.path.as_str(), post.header("content-type")), ("/daogou", "application/json"));
    let body = post.body();
    assert_eq!((&body["type"], &body["data"]["customer"]), (&json!("order.cancelled"), &json!("weiling_tan_3107")), "{body}");
    assert!(body["timestamp"].as_str().is_some_and(|t| t.len() == 24 && t.ends_with('Z')), "{body}");
    let order = &body["data"]["order"];
    assert_eq!((&order["id"], &order["status"]), (&json!("#M10185"), &json!("cancelled")));
    assert_eq!(order["payments"][1], json!({"kind": "refund", "amount": "69.90 SGD", "method": "credit_card_9285660"}));
    shop.wait_for("/metrics", |t| t.contains("\ndaogou_webhooks_waiting 0\n")).await;
    assert!(receiver.is_left_alone().await, "it is told once");
}

#[test]
fn the_signature_is_checked_by_arithmetic_of_its_own() {
    let key = BASE64.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
    let signed = hmac(&key, r#"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}"#);
    assert_eq!(BASE64.encode(signed), "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "the specification's example");
}

#[tokio::test]
async fn what_was_not_taken_is_sent_again_and_what_is_behind_it_waits() {
    let data = copy_of_demo().await;
    carry_out(data.path(), "weiling_tan_3107", move_to("#M10185", "1 Harbour Row")).await;
    carry_out(data.path(), "weiling_tan_3107", cancel("#M10185")).await;
    carry_out(data.path(), "huimin_chen_4410", cancel("#M10174")).await;
    // The first two to arrive are of different orders; whichever comes first fails, and a redirect is a failure, too.
    let mut receiver = Receiver::answering(&[500, 302]).await;
    let shop = TestShop::on(data, receiver.setup()).await;
    let mut posts = Vec::new();
    while posts.len() < 5 {
        posts.push(receiver.next().await);
    }
    let outlines = |order: &str| posts.iter().map(Post::outline).filter(|o| o.ends_with(order)).collect::<Vec<_>>();
    assert_eq!(outlines("#M10185"), ["order.address_changed #M10185", "order.address_changed #M10185", "order.cancelled #M10185"]);
    assert_eq!(outlines("#M10174"), ["order.cancelled #M10174"; 2]);
    assert!(posts.iter().all(|p| p.path == "/daogou"), "no redirect is followed");
    let first = |n: usize| posts.iter().filter(|p| p.outline().starts_with("order.address_changed")).nth(n).expect("it was sent twice");
    assert_eq!((first(0).header("webhook-id"), &first(0).raw), (first(1).header("webhook-id"), &first(1).raw));
    shop.wait_for("/metrics", |t| t.contains("\ndaogou_webhooks_waiting 0\n")).await;
    assert!(receiver.is_left_alone().await);
}

#[tokio::test]
async fn a_webhook_under_way_when_the_plug_is_pulled_is_sent_by_the_next_server() {
    let mut receiver = Receiver::answering(&[HOLD]).await;
    let shop = TestShop::with(receiver.setup()).await;
    carry_out(shop.data(), "weiling_tan_3107", cancel("#M10185")).await;
    let first = receiver.next().await;
    let data = shop.kill();
    // As if the lease had run out meanwhile.
    sql(data.path(), "update outbox set next_ms = 0").await;
    let shop = TestShop::on(data, receiver.setup()).await;
    let second = receiver.next().await;
    assert_eq!((first.header("webhook-id"), &first.raw), (second.header("webhook-id"), &second.raw));
    shop.wait_for("/metrics", |t| t.contains("\ndaogou_webhooks_waiting 0\n")).await;
    assert!(receiver.is_left_alone().await);
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_left_alone_until_the_next_start() {
    let mut receiver = Receiver::answering(&[410]).await;
    let shop = TestShop::with(receiver.setup()).await;
    carry_out(shop.data(), "weiling_tan_3107", cancel("#M10185")).await;
    let first = receiver.next().await;
    carry_out(shop.data(), "huimin_chen_4410", cancel("#M10174")).await;
    assert!(receiver.is_left_alone().await);
    shop.wait_for("/metrics", |t| t.contains("\ndaogou_webhooks_waiting 2\n")).await;
    let data = shop.close().await;
    sql(data.path(), "update outbox set next_ms = 0").await;
    let _shop = TestShop::on(data, receiver.setup()).await;
    let again = [receiver.next().await, receiver.next().await];
    assert!(again.iter().any(|p| p.header("webhook-id") == first.header("webhook-id")));
}

#[tokio::test]
async fn what_nobody_takes_for_days_is_given_up_counted_and_holds_up_nothing() {
    let data = copy_of_demo().await;
    carry_out(data.path(), "weiling_tan_3107", move_to("#M10185", "1 Harbour Row")).await;
    carry_out(data.path(), "weiling_tan_3107", cancel("#M10185")).await;
    sql(data.path(), "update outbox set attempts = 79 where topic = 'order.address_changed'").await;
    let mut receiver = Receiver::answering(&[503]).await;
    let shop = TestShop::on(data, receiver.setup()).await;
    assert_eq!(receiver.next().await.outline(), "order.address_changed #M10185");
    assert_eq!(receiver.next().await.outline(), "order.cancelled #M10185");
    shop.wait_for("/metrics", |t| t.contains("\ndaogou_webhooks_waiting 0\n") && t.contains("\ndaogou_webhooks_given_up 1\n")).await;
}
