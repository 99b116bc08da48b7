//! Frames no client should send, in; an `error` frame of the right code out, and a connection that lives on.

use crate::chat::{Chat, finish};
use crate::shop::TestShop;
use serde_json::json;

#[tokio::test]
async fn bad_frames_are_answered_with_their_code_and_the_connection_lives() {
    let shop = TestShop::open().await;
    let mut chat = Chat::begin(&shop).await;
    let (long_text, big_frame) = ("x".repeat(4_001), json!({"type": "say", "id": "1", "text": "x".repeat(70_000)}).to_string());
    for (frame, code) in [
        ("{".to_owned(), "bad_json"),
        (String::new(), "bad_json"),
        ("\u{0}".to_owned(), "bad_json"),
        ("[]".to_owned(), "bad_frame"),
        ("null".to_owned(), "bad_frame"),
        ("{}".to_owned(), "bad_frame"),
        (json!({"type": 7}).to_string(), "bad_frame"),
        (json!({"type": "sing"}).to_string(), "bad_frame"),
        (json!({"type": "say", "text": "without an id"}).to_string(), "bad_frame"),
        (json!({"type": "say", "id": "", "text": "x"}).to_string(), "bad_frame"),
        (json!({"type": "say", "id": "x".repeat(129), "text": "x"}).to_string(), "bad_frame"),
        (json!({"type": "say", "id": "a\nb", "text": "x"}).to_string(), "bad_frame"),
        (json!({"type": "say", "id": "1", "text": "  "}).to_string(), "bad_frame"),
        (json!({"type": "say", "id": "1", "text": long_text}).to_string(), "bad_frame"),
        (json!({"type": "say", "id": "1", "text": 5}).to_string(), "bad_frame"),
        (json!({"type": "say", "id": "1", "uploads": ["no-such-upload"]}).to_string(), "bad_frame"),
        (json!({"type": "say", "id": "1", "uploads": ["1", "2", "3", "4", "5"]}).to_string(), "bad_frame"),
        (big_frame, "too_large"),
        (format!("\"{}\"", "x".repeat(1 << 20)), "too_large"),
        (json!({"type": "audio_start", "id": "1", "rate": 8_000}).to_string(), "bad_frame"),
        (json!({"type": "audio_end", "id": "1"}).to_string(), "bad_frame"),
        (json!({"type": "choose", "id": "1", "turn": "t", "action": "confirm"}).to_string(), "unsupported"),
        (json!({"type": "choose", "id": "1", "turn": "t", "action": "jump"}).to_string(), "bad_frame"),
        (json!({"type": "rate", "id": "1", "score": 9}).to_string(), "bad_frame"),
        (json!({"type": "hello", "protocol": 2}).to_string(), "unsupported"),
        (json!({"type": "hello"}).to_string(), "bad_frame"),
    ] {
        let shown: String = frame.chars().take(80).collect();
        chat.send_text(&frame).await;
        let answer = chat.next().await;
        assert_eq!((&answer["type"], &answer["code"]), (&json!("error"), &json!(code)), "{shown}: {answer}");
        assert!(answer["message"].as_str().is_some_and(|m| !m.is_empty()), "{shown}: {answer}");
        assert!(answer.get("seq").is_none(), "{shown}: {answer}");
    }
    assert_eq!(finish(&chat.ask("good", "hello").await), "answered");
    assert_eq!(chat.ready["last_seq"], 0);
}

#[tokio::test]
async fn nothing_but_hello_comes_first() {
    let shop = TestShop::open().await;
    let mut chat = Chat::connect(&shop).await;
    for frame in [json!({"type": "say", "id": "1", "text": "hi"}), json!({"type": "ping"}), json!({"type": "stop"})] {
        chat.send(frame.clone()).await;
        let answer = chat.next().await;
        assert_eq!((&answer["type"], &answer["code"]), (&json!("error"), &json!("bad_frame")), "{frame}");
    }
    chat.send_sound(&[0; 320]).await;
    assert_eq!(chat.next().await["code"], "bad_frame");
    chat.send(json!({"type": "hello", "protocol": 1, "locale": "zh-CN", "channel": "kiosk", "a_field_of_tomorrow": [1]})).await;
    assert_eq!(chat.next().await["type"], "ready");
}

#[tokio::test]
async fn too_many_frames_are_refused_until_the_client_slows_down() {
    let shop = TestShop::open().await;
    let mut chat = Chat::begin(&shop).await;
    for _ in 0..200 {
        chat.send(json!({"type": "ping"})).await;
    }
    let mut refused = Vec::new();
    for _ in 0..200 {
        let frame = chat.next().await;
        if frame["type"] == "error" {
            refused.push(frame);
        }
    }
    assert!(!refused.is_empty());
    assert!(refused.iter().all(|f| f["code"] == "too_many" && f["retry_ms"].is_u64()), "{refused:?}");
    loop {
        chat.send(json!({"type": "ping"})).await;
        if chat.next().await["type"] == "pong" {
            break;
        }
    }
}
