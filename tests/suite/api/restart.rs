//! Data directories as a stop, a crash or a lost power line leaves them in; conversations that go on as if nothing had been out.

use crate::chat::{Chat, finish, numbered, of, outline, said};
use crate::shop::{Setup, TestShop, copy_of_demo, sql};
use daogou::store::chat::{FrameRow, MessageRow, Write};
use daogou::store::{Store, new_id};
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

const NEED: &str = "a rain jacket that packs small, under 80";

#[tokio::test]
async fn after_a_restart_everything_is_there_and_the_talk_goes_on() {
    let shop = TestShop::open().await;
    let mut chat = Chat::begin(&shop).await;
    let frames = chat.ask("1", NEED).await;
    let second = of(&frames, "products")[0]["items"][1]["title"].as_str().expect("a second card").to_owned();
    let (session, seen) = (chat.session.clone(), numbered(&frames));
    let shop = TestShop::on(shop.close().await, Setup::default()).await;
    let mut again = Chat::resume(&shop, &session, 0).await;
    assert_eq!(again.pending().await, seen);
    again.say("1", NEED).await;
    assert_eq!(again.next().await, seen[0], "the same id is still known");
    let frames = again.ask("2", "how much is the second one?").await;
    let name = second.split(" (").next().expect("a title");
    assert!(said(&frames).contains(name), "{second} is not in: {}", said(&frames));
    assert_eq!(frames[0]["seq"], json!(seen.len() + 1));
}

#[tokio::test]
async fn a_graceful_stop_says_so_and_ends_the_reply_under_way() {
    let shop = TestShop::with(Setup::writing(&"and ".repeat(2_000), Duration::from_millis(40))).await;
    shop.wait_for("/readyz", |t| t.contains("\"ready\":true")).await;
    let mut idle = Chat::begin(&shop).await;
    let mut chat = Chat::begin(&shop).await;
    chat.say("1", NEED).await;
    chat.until("text").await;
    shop.begin_to_close();
    assert_eq!(idle.farewell().await, Some(CloseCode::Away));
    assert_eq!(chat.farewell().await, Some(CloseCode::Away));
    let session = chat.session.clone();
    let shop = TestShop::on(shop.close().await, Setup::default()).await;
    let all = Chat::resume(&shop, &session, 0).await.pending().await;
    assert_eq!(outline(&all), "message products text choices done");
    assert_eq!(finish(&all), "answered");
}

#[tokio::test]
async fn a_reply_that_a_crash_cut_off_is_brought_to_its_end() {
    let shop = TestShop::with(Setup::writing(&"and ".repeat(2_000), Duration::from_millis(40))).await;
    shop.wait_for("/readyz", |t| t.contains("\"ready\":true")).await;
    let mut chat = Chat::begin(&shop).await;
    chat.say("1", NEED).await;
    let seen = numbered(&chat.until("text").await);
    let session = chat.session.clone();
    let shop = TestShop::on(shop.kill(), Setup::default()).await;
    let mut again = Chat::resume(&shop, &session, 0).await;
    let all = again.until("done").await;
    assert_eq!(numbered(&all)[..seen.len()], seen, "what was said stands");
    assert_eq!(of(&all, "products").len(), 1, "and is not said again");
    assert_eq!(finish(&all), "stopped");
    assert_eq!(finish(&again.ask("2", "thanks").await), "answered");
}

#[tokio::test]
async fn what_was_shown_before_the_first_sentence_is_not_shown_again() {
    let shop = TestShop::open().await;
    let mut chat = Chat::begin(&shop).await;
    let whole = numbered(&chat.ask("1", NEED).await);
    let session = chat.session.clone();
    drop(chat);
    let data = shop.close().await;
    // As if the plug had been pulled between cards and words.
    sql(data.path(), "delete from frame where kind in ('text', 'choices', 'done')").await;
    sql(data.path(), "delete from turn").await;
    let shop = TestShop::on(data, Setup::default()).await;
    let all = Chat::resume(&shop, &session, 0).await.until("done").await;
    assert_eq!(outline(&all), "message products text choices done");
    assert_eq!(of(&all, "products").len(), 1);
    assert_eq!(said(&all), said(&whole), "and the reply is the same");
}

#[tokio::test]
async fn a_reply_the_store_cannot_keep_says_so_and_goes_on_when_it_can() {
    let shop = TestShop::open().await;
    let mut chat = Chat::begin(&shop).await;
    let refuse = "create trigger away before insert on frame when new.kind = 'text' begin select raise(abort, 'the disk is away'); end";
    sql(shop.data(), refuse).await;
    chat.say("1", NEED).await;
    let first = chat.until("error").await;
    assert_eq!(first.last().expect("an error")["code"], "internal");
    assert!(!first.last().expect("an error").to_string().contains("disk is away"), "shoppers see no internals");
    sql(shop.data(), "drop trigger away").await;
    let rest = chat.until("done").await;
    assert_eq!(finish(&rest), "answered");
    let all = Chat::resume(&shop, &chat.session, 0).await.pending().await;
    assert_eq!(outline(&all), "message products text choices done");
    assert_eq!(of(&all, "products").len(), 1);
}

#[tokio::test]
async fn a_message_nobody_answered_is_answered_when_its_shopper_is_back() {
    let data = copy_of_demo().await;
    let (session, turn) = (new_id(), new_id());
    let store = Store::open_dir(data.path()).await.expect("open the store");
    let message =
        MessageRow { id: "1".into(), turn: turn.clone(), author: "shopper".into(), text: NEED.into(), uploads: vec![], answer: None };
    let body = json!({"type": "message", "id": "1", "turn": turn, "author": "shopper", "text": NEED, "seq": 1}).to_string();
    let frame = FrameRow { session: session.clone(), seq: 1, turn: turn.clone(), kind: "message", body };
    let writes = [
        Write::Session { id: session.clone(), locale: "en-US".into(), channel: "cli".into(), page: String::new() },
        Write::Message { session: session.clone(), message },
        Write::Frame(frame),
    ];
    store.write_all(&writes).await.expect("write");
    store.close().await;
    let shop = TestShop::on(data, Setup::default()).await;
    let mut chat = Chat::resume(&shop, &session, 0).await;
    let frames = chat.until("done").await;
    assert_eq!(outline(&frames), "message products text choices done");
    assert_eq!((&frames.last().expect("frames")["turn"], finish(&frames)), (&json!(turn), "answered"));
    let (mut one, mut two) = (Chat::resume(&shop, &session, 0).await, Chat::resume(&shop, &session, 0).await);
    assert_eq!((one.pending().await, two.pending().await), (numbered(&frames), numbered(&frames)), "once");
}

#[tokio::test]
async fn a_new_price_survives_a_restart() {
    let shop = TestShop::open().await;
    let product: Value = reqwest::get(shop.url("/v1/products/CLO-103")).await.expect("an answer").json().await.expect("JSON");
    let path = format!("/v1/catalog/{}", product["id"].as_str().expect("an id"));
    let changed = reqwest::Client::new()
        .patch(shop.url(&path))
        .bearer_auth(crate::shop::MERCHANT_KEY)
        .json(&json!({"price": "61.50 SGD"}))
        .send()
        .await
        .expect("an answer");
    assert!(changed.status().is_success(), "{}", changed.status());
    let shop = TestShop::on(shop.kill(), Setup::default()).await;
    let path = path.replace("catalog", "products");
    let product: Value = reqwest::get(shop.url(&path)).await.expect("an answer").json().await.expect("JSON");
    assert_eq!(product["price"], json!(61.5));
}
