//! A conversation over the socket: order, numbering, exactly-once, resuming, several sockets, and stopping.

use crate::chat::{Chat, finish, numbered, of, outline, said};
use crate::shop::{Setup, TestShop};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const NEED: &str = "a rain jacket that packs small, under 80";

#[tokio::test]
async fn a_session_begins_and_says_what_it_is() {
    let shop = TestShop::open().await;
    let chat = Chat::begin(&shop).await;
    assert_eq!(
        chat.ready,
        json!({"type": "ready", "session": chat.session, "resumed": false, "last_seq": 0, "protocol": 1, "agent": false})
    );
    let unknown = Chat::resume(&shop, "no-such-session", 7).await;
    assert_eq!((&unknown.ready["resumed"], &unknown.ready["last_seq"]), (&json!(false), &json!(0)));
    assert_ne!(unknown.session, "no-such-session");
}

#[tokio::test]
async fn a_reply_comes_in_order_and_its_numbers_grow_by_one() {
    let shop = TestShop::open().await;
    let mut chat = Chat::begin(&shop).await;
    for (id, text, expected) in [
        ("1", NEED, "message products text choices done"),
        ("2", "想给爸爸买一双防滑的登山鞋，500以内", "message products text choices done"),
        ("3", "compare the first two", "message table text done"),
        ("4", "hello", "message text choices done"),
        ("5", "how long do I have to return things?", "message text done"),
    ] {
        let frames = chat.ask(id, text).await;
        assert_eq!(outline(&frames), expected, "{text}");
        assert_eq!(finish(&frames), "answered", "{text}");
        let turn = &frames[0]["turn"];
        assert!(frames.iter().all(|f| &f["turn"] == turn), "{text}: {frames:?}");
        assert_eq!((&frames[0]["id"], &frames[0]["text"], &frames[0]["author"]), (&json!(id), &json!(text), &json!("shopper")));
        let indices: Vec<&Value> = of(&frames, "text").iter().map(|f| &f["index"]).collect();
        assert_eq!(indices, (0..indices.len()).map(|n| json!(n)).collect::<Vec<_>>().iter().collect::<Vec<_>>());
    }
    let all = Chat::resume(&shop, &chat.session, 0).await.pending().await;
    let numbers: Vec<i64> = all.iter().filter_map(|f| f["seq"].as_i64()).collect();
    assert_eq!(numbers, (1..=all.len() as i64).collect::<Vec<_>>());
}

#[tokio::test]
async fn stages_are_told_but_not_kept() {
    let shop = TestShop::open().await;
    let mut chat = Chat::begin(&shop).await;
    let frames = chat.ask("1", NEED).await;
    let stages: Vec<&str> = of(&frames, "stage").iter().filter_map(|f| f["stage"].as_str()).collect();
    assert_eq!(stages, ["understanding", "searching"]);
    assert!(of(&frames, "stage").iter().all(|f| f.get("seq").is_none()));
    assert!(of(&Chat::resume(&shop, &chat.session, 0).await.pending().await, "stage").is_empty());
}

#[tokio::test]
async fn cards_and_sentences_are_bound_to_the_catalogue() {
    let shop = TestShop::open().await;
    let mut chat = Chat::begin(&shop).await;
    let frames = chat.ask("1", NEED).await;
    let cards = of(&frames, "products")[0]["items"].as_array().expect("cards");
    assert!(!cards.is_empty());
    for card in cards {
        let id = card["id"].as_str().expect("an id");
        let stored: Value = reqwest::get(shop.url(&format!("/v1/products/{id}"))).await.expect("an answer").json().await.expect("JSON");
        for field in ["price", "currency", "availability", "quantity", "revision"] {
            assert_eq!(card[field], stored[field], "{id} {field}");
        }
        assert!(card["price"].as_f64().is_some_and(|p| p <= 80.0), "{card}");
    }
    for sentence in of(&frames, "text") {
        for claim in sentence["claims"].as_array().expect("claims") {
            let text = claim["text"].as_str().expect("the claimed words");
            assert!(sentence["text"].as_str().is_some_and(|s| s.contains(text)), "{sentence}");
            assert!(claim["product"].is_string() || claim["policy"].is_string(), "{claim}");
        }
    }
}

#[tokio::test]
async fn the_same_message_again_is_acknowledged_and_not_answered_twice() {
    let shop = TestShop::open().await;
    let mut chat = Chat::begin(&shop).await;
    let first = chat.ask("same", "hello").await;
    chat.say("same", "hello").await;
    assert_eq!(chat.next().await, first[0]);
    chat.say("same", "other words under the same id").await;
    assert_eq!(chat.next().await, first[0]);
    assert_eq!(chat.pending().await, Vec::<Value>::new());
    let next = chat.ask("next", "thanks").await;
    assert_eq!(next[0]["seq"].as_i64(), numbered(&first).last().and_then(|f| f["seq"].as_i64()).map(|n| n + 1));
}

#[tokio::test]
async fn the_same_message_over_two_sockets_at_once_is_answered_once() {
    let shop = TestShop::open().await;
    let mut one = Chat::begin(&shop).await;
    let mut two = Chat::resume(&shop, &one.session, 0).await;
    const MESSAGES: usize = 20;
    for n in 0..MESSAGES {
        let id = format!("message {n}");
        tokio::join!(one.say(&id, "hello"), two.say(&id, "hello"));
        one.until("done").await;
    }
    let last = one.ask("last", "thanks").await;
    let all = Chat::resume(&shop, &one.session, 0).await.pending().await;
    let count = |kind: &str| of(&all, kind).len();
    assert_eq!((count("message"), count("done")), (MESSAGES + 1, MESSAGES + 1));
    assert_eq!(all.last(), last.last());
}

#[tokio::test]
async fn resuming_after_any_number_gives_exactly_the_rest() {
    let shop = TestShop::open().await;
    let mut chat = Chat::begin(&shop).await;
    let mut seen = numbered(&chat.ask("1", NEED).await);
    seen.extend(numbered(&chat.ask("2", "cheaper").await));
    let session = chat.session.clone();
    drop(chat);
    for after in 0..=seen.len() {
        let mut again = Chat::resume(&shop, &session, after as i64).await;
        assert_eq!((&again.ready["resumed"], &again.ready["last_seq"]), (&json!(true), &json!(seen.len())));
        assert_eq!(again.pending().await, seen[after..], "after {after}");
    }
    let mut silent = Chat::hello(&shop, json!({"session": session})).await;
    assert_eq!(silent.pending().await, Vec::<Value>::new(), "nothing is replayed unasked");
}

#[tokio::test]
async fn a_line_cut_in_the_middle_of_a_reply_loses_nothing() {
    let shop = TestShop::open().await;
    for cut in 1..=3 {
        let mut chat = Chat::begin(&shop).await;
        let session = chat.session.clone();
        chat.say("1", NEED).await;
        let mut seen = Vec::new();
        while numbered(&seen).len() < cut {
            seen.push(chat.next().await);
        }
        drop(chat);
        let mut again = Chat::resume(&shop, &session, cut as i64).await;
        seen.extend(again.until("done").await);
        let whole = Chat::resume(&shop, &session, 0).await.pending().await;
        assert_eq!(numbered(&seen), whole, "cut after {cut}");
    }
}

#[tokio::test]
async fn every_socket_of_a_session_gets_every_frame() {
    let shop = TestShop::open().await;
    let mut one = Chat::begin(&shop).await;
    let mut two = Chat::resume(&shop, &one.session, 0).await;
    let mut other = Chat::begin(&shop).await;
    one.say("1", NEED).await;
    two.say("2", "thanks").await;
    let (mut first, mut second) = (one.until("done").await, two.until("done").await);
    first.extend(one.until("done").await);
    second.extend(two.until("done").await);
    assert_eq!(numbered(&first), numbered(&second));
    assert_eq!(of(&first, "message").len(), 2);
    assert_eq!(other.pending().await, Vec::<Value>::new(), "another session hears nothing");
}

#[tokio::test]
async fn messages_of_one_session_are_answered_in_their_order() {
    let shop = TestShop::open().await;
    let mut chat = Chat::begin(&shop).await;
    let texts = [NEED, "cheaper", "how much is the first one?", "thanks"];
    for (n, text) in texts.iter().enumerate() {
        chat.say(&n.to_string(), text).await;
    }
    let mut frames = Vec::new();
    while of(&frames, "done").len() < texts.len() {
        frames.push(chat.next().await);
    }
    let asked: Vec<&Value> = of(&frames, "message").iter().map(|f| &f["turn"]).collect();
    let answered: Vec<&Value> = of(&frames, "done").iter().map(|f| &f["turn"]).collect();
    assert_eq!(asked, answered);
}

#[tokio::test]
async fn stop_ends_the_reply_at_once() {
    let endless = "and ".repeat(400);
    let shop = TestShop::with(Setup::writing(&endless, Duration::from_millis(40))).await;
    shop.wait_for("/readyz", |t| t.contains("\"ready\":true")).await;
    let mut chat = Chat::begin(&shop).await;
    chat.say("1", NEED).await;
    let mut frames = Vec::new();
    while !of(&frames, "stage").iter().any(|f| f["stage"] == "writing") {
        frames.push(chat.next().await);
    }
    let pressed = Instant::now();
    chat.send(json!({"type": "stop"})).await;
    frames.extend(chat.until("done").await);
    assert!(pressed.elapsed() < Duration::from_secs(1), "it took {:?}", pressed.elapsed());
    assert_eq!(finish(&frames), "stopped");
    assert!(said(&frames).contains("S$"), "the facts stand");
    chat.send(json!({"type": "stop"})).await;
    assert_eq!(finish(&chat.ask("2", "thanks").await), "answered", "stop without a reply does no harm");
}

#[tokio::test]
async fn a_quick_reply_is_a_message_and_page_and_rating_are_taken() {
    let shop = TestShop::open().await;
    let mut chat = Chat::hello(&shop, json!({"locale": "en-US", "page": {"product": "CLO-103-BLK-M"}})).await;
    let product: Value = reqwest::get(shop.url("/v1/products/CLO-103")).await.expect("an answer").json().await.expect("JSON");
    let id = product["id"].as_str().expect("an id").to_owned();
    chat.send(json!({"type": "page", "product": id})).await;
    let frames = chat.ask("1", "how much is it?").await;
    assert!(said(&frames).contains("Squall") && said(&frames).contains("S$75.00"), "{}", said(&frames));
    chat.send(json!({"type": "choose", "id": "2", "turn": "", "action": "reply", "value": "Return policy"})).await;
    let frames = chat.until("done").await;
    assert_eq!((&frames[0]["type"], &frames[0]["text"]), (&json!("message"), &json!("Return policy")));
    chat.send(json!({"type": "rate", "id": "3", "score": 5, "comment": "quick"})).await;
    chat.send(json!({"type": "choose", "id": "4", "action": "open", "value": id})).await;
    assert_eq!(chat.pending().await, Vec::<Value>::new());
}
