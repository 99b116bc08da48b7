//! A price or stock that changes after it was shown: the chats that saw it are told, once, and nobody else.

use crate::chat::{Chat, of};
use crate::shop::{MERCHANT_KEY, Setup, TestShop};
use serde_json::{Value, json};

const NEED: &str = "a rain jacket that packs small, under 80";

#[tokio::test]
async fn who_saw_it_is_told_what_changed() {
    let shop = TestShop::open().await;
    let (mut saw, mut other) = (Chat::begin(&shop).await, Chat::begin(&shop).await);
    let frames = saw.ask("1", NEED).await;
    let shown = of(&frames, "products")[0];
    let item = &shown["items"][0];
    let other_frames = other.ask("1", "a quiet kettle").await;
    assert!(!other_frames.iter().any(|f| f.to_string().contains(item["id"].as_str().expect("an id"))));
    // change, the field it corrects, was, now
    for (change, field, was, now) in [
        (json!({"price": "61.50 SGD"}), "price", item["price"].clone(), json!(61.5)),
        (json!({"quantity": 2}), "quantity", item["quantity"].clone(), json!(2)),
        (json!({"quantity": 0}), "availability", json!("in_stock"), json!("out_of_stock")),
    ] {
        patch(&shop, item, &change).await;
        let correction = saw.until("correction").await.pop().expect("a correction");
        assert_eq!(
            (&correction["product"], &correction["field"], &correction["was"], &correction["now"], &correction["turn"]),
            (&item["id"], &json!(field), &was, &now, &shown["turn"]),
            "{change}"
        );
        assert!(correction["seq"].is_i64(), "it is stored: {correction}");
    }
    patch(&shop, item, &json!({"price": "61.50 SGD"})).await;
    assert!(saw.pending().await.is_empty(), "a change to the same is none");
    assert!(other.pending().await.is_empty(), "who has not seen it is not told");
}

#[tokio::test]
async fn who_comes_back_is_told_what_changed_meanwhile() {
    let shop = TestShop::open().await;
    let mut chat = Chat::begin(&shop).await;
    let session = chat.session.clone();
    let frames = chat.ask("1", NEED).await;
    let item = of(&frames, "products")[0]["items"][0].clone();
    let seen = frames.last().expect("frames")["seq"].as_i64().expect("a number");
    drop(chat);
    let shop = TestShop::on(shop.close().await, Setup::default()).await;
    patch(&shop, &item, &json!({"price": "61.50 SGD"})).await;
    let mut chat = Chat::resume(&shop, &session, seen).await;
    let correction = chat.until("correction").await.pop().expect("a correction");
    assert_eq!((&correction["product"], &correction["now"]), (&item["id"], &json!(61.5)));
    let mut again = Chat::resume(&shop, &session, seen).await;
    assert_eq!(again.pending().await.len(), 1, "once");
}

async fn patch(shop: &TestShop, item: &Value, change: &Value) {
    let path = format!("/v1/catalog/{}", item["id"].as_str().expect("an id"));
    let answer = reqwest::Client::new().patch(shop.url(&path)).bearer_auth(MERCHANT_KEY).json(change).send().await.expect("an answer");
    assert!(answer.status().is_success(), "{}", answer.status());
}
