//! The buttons of a proposal pressed, once, again, on two sockets and over a restart; one message and one reply out.

use crate::chat::{Chat, numbered, of};
use crate::shop::{Setup, TestShop};
use daogou::store::Store;
use daogou::store::chat::Answer;
use serde_json::{Value, json};

#[tokio::test]
async fn a_pressed_button_is_a_message_in_the_words_of_the_button() {
    let shop = TestShop::open().await;
    for (locale, action, words) in [
        ("en-US", "confirm", "Yes, do it"),
        ("en-US", "decline", "No, leave it"),
        ("zh-CN", "confirm", "确认办理"),
        ("zh-CN", "decline", "先不办"),
    ] {
        let mut chat = Chat::hello(&shop, json!({"locale": locale})).await;
        chat.send(json!({"type": "choose", "id": "1", "turn": "t", "action": action, "value": "p"})).await;
        let frames = chat.until("done").await;
        let turn = &frames[0]["turn"];
        assert_ne!(turn, "t", "it is a turn of its own");
        assert_eq!(frames[0], json!({"type": "message", "id": "1", "turn": turn, "author": "shopper", "text": words, "seq": 1}));
    }
}

#[tokio::test]
async fn a_button_is_accepted_once_however_often_it_is_sent() {
    let shop = TestShop::open().await;
    let mut one = Chat::begin(&shop).await;
    let mut two = Chat::resume(&shop, &one.session, 0).await;
    let press = |action: &str| json!({"type": "choose", "id": "same", "turn": "t", "action": action, "value": "p"});
    tokio::join!(one.send(press("confirm")), two.send(press("confirm")));
    // The socket that came second is sent the acknowledgement again.
    let mut first = numbered(&one.until("done").await);
    first.extend(numbered(&one.pending().await));
    first.sort_by_key(|f| f["seq"].as_i64());
    first.dedup();
    one.send(press("confirm")).await;
    assert_eq!(one.next().await, first[0], "the acknowledgement again");
    one.send(press("decline")).await;
    assert_eq!(one.next().await, first[0], "a yes does not become a no under the same id");
    one.say("same", "no").await;
    assert_eq!(one.next().await, first[0]);
    assert_eq!(one.pending().await, Vec::<Value>::new());
    let session = one.session.clone();
    let seen = Chat::resume(&shop, &session, 0).await.pending().await;
    assert_eq!((of(&seen, "message").len(), of(&seen, "done").len()), (1, 1));
    assert_eq!(seen, first, "a replay shows it as it was");
    let shop = TestShop::on(shop.kill(), Setup::default()).await;
    let mut again = Chat::resume(&shop, &session, seen.len() as i64).await;
    again.send(press("confirm")).await;
    assert_eq!(again.next().await, first[0], "a restart does not forget it");
    assert_eq!(again.pending().await, Vec::<Value>::new());
}

#[tokio::test]
async fn what_was_pressed_is_kept_with_the_message() {
    let shop = TestShop::open().await;
    let mut chat = Chat::begin(&shop).await;
    let yes = |proposal: Option<&str>| Some(Answer { yes: true, proposal: proposal.map(str::to_owned) });
    let no = |proposal: &str| Some(Answer { yes: false, proposal: Some(proposal.to_owned()) });
    let cases = [
        (json!({"action": "confirm"}), yes(None)),
        (json!({"action": "confirm", "value": ""}), yes(None)),
        (json!({"action": "confirm", "value": "p1"}), yes(Some("p1"))),
        (json!({"action": "decline", "proposal": "p2"}), no("p2")),
        (json!({"action": "decline", "value": "other", "proposal": "p3"}), no("p3")),
        (json!({"action": "reply", "value": "Yes, do it"}), None),
    ];
    for (n, (frame, _)) in cases.iter().enumerate() {
        let mut frame = frame.clone();
        (frame["type"], frame["id"], frame["turn"]) = ("choose".into(), n.to_string().into(), "t".into());
        chat.send(frame).await;
        chat.until("done").await;
    }
    let session = chat.session.clone();
    drop(chat);
    let data = shop.close().await;
    let store = Store::open_dir(data.path()).await.expect("open the store");
    for (n, (frame, expected)) in cases.iter().enumerate() {
        let kept = store.message(&session, &n.to_string()).await.expect("read").expect("it is there");
        assert_eq!(&kept.answer, expected, "{frame}");
    }
}

#[tokio::test]
async fn an_identity_opens_a_chat_like_any_other() {
    let shop = TestShop::open().await;
    let mut chat = Chat::hello(&shop, json!({"locale": "en-US", "identity": {"id": "c1", "hmac": "0a1b"}})).await;
    let frames = chat.ask("1", "hello").await;
    assert!(!frames.iter().any(|f| f.to_string().contains("0a1b")), "the proof is never sent back");
}
