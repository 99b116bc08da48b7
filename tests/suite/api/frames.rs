//! Frames no client should send, in; an `error` frame of the right code out, and a connection that lives on.

use crate::chat::{Chat, finish};
use crate::shop::{PATIENCE, TestShop};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

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
        (json!({"type": "choose", "id": "1", "turn": "t", "action": "reply"}).to_string(), "bad_frame"),
        (json!({"type": "choose", "id": "", "turn": "t", "action": "confirm"}).to_string(), "bad_frame"),
        (json!({"type": "choose", "id": "1", "turn": "t", "action": "confirm", "proposal": "x".repeat(129)}).to_string(), "bad_frame"),
        (json!({"type": "hello", "protocol": 1, "identity": {"id": "c1", "hmac": "not hex"}}).to_string(), "bad_frame"),
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
async fn frames_of_any_size_are_answered_and_the_connection_lives() {
    let shop = TestShop::open().await;
    let mut chat = Raw::begin(&shop).await;
    for (what, messages) in [
        ("a text of 5 MiB", vec![Message::text("x".repeat(5 << 20))]),
        ("a text of 64 KiB and a byte", vec![Message::text("x".repeat((64 << 10) + 1))]),
        ("binary of 20 MiB", vec![Message::binary(vec![0; 20 << 20])]),
        ("binary of 4 MiB and a byte", vec![Message::binary(vec![0; (4 << 20) + 1])]),
        ("a text of 6 MiB in fragments", fragments(Data::Text, &[b'x'; 6 << 20], 1 << 20)),
        ("binary of 6 MiB in fragments", fragments(Data::Binary, &[0; 6 << 20], 1 << 20)),
        ("a text in fragments that end inside characters", fragments(Data::Text, "é".repeat(60_000).as_bytes(), 101)),
    ] {
        for message in messages {
            chat.0.send(message).await.expect("the socket takes a frame");
        }
        let answer = chat.next().await;
        assert_eq!((&answer["type"], &answer["code"]), (&json!("error"), &json!("too_large")), "{what}: {answer}");
        chat.send(json!({"type": "ping"})).await;
        assert_eq!(chat.next().await["type"], "pong", "after {what} there is one answer, and the next frame gets its own");
    }
    // Below the limits nothing has changed: this much sound is only out of place.
    chat.0.send(Message::binary(vec![0; 4 << 20])).await.expect("the socket takes a frame");
    assert_eq!(chat.next().await["code"], "bad_frame");
    // A voice message with a part too large is given up.
    chat.send(json!({"type": "audio_start", "id": "v", "rate": 16_000})).await;
    chat.0.send(Message::binary(vec![0; 5 << 20])).await.expect("the socket takes a frame");
    assert_eq!(chat.next().await["code"], "too_large");
    chat.send(json!({"type": "audio_end", "id": "v"})).await;
    assert_eq!(chat.next().await["code"], "bad_frame");
    chat.send(json!({"type": "say", "id": "good", "text": "hello"})).await;
    while chat.next().await["type"] != "done" {}
}

#[tokio::test]
async fn a_frame_that_never_ends_is_answered_at_once_and_is_in_nobodys_way() {
    let shop = TestShop::open().await;
    let mut endless = Raw::begin(&shop).await;
    let mut header = vec![0x81, 0xff];
    header.extend((1_u64 << 40).to_be_bytes());
    header.extend(*b"mask");
    endless.0.get_mut().write_all(&header).await.expect("the socket takes a header");
    assert_eq!(endless.next().await["code"], "too_large");
    endless.0.get_mut().write_all(&[0; 1_000_000]).await.expect("the socket takes some payload");
    let mut chat = Chat::begin(&shop).await;
    assert_eq!(finish(&chat.ask("good", "hello").await), "answered");
}

/// A socket that has said hello and may send what no client should.
struct Raw(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Raw {
    async fn begin(shop: &TestShop) -> Self {
        let (socket, _) = connect_async(format!("ws://{}/v1/chat", shop.address)).await.expect("the socket opens");
        let mut raw = Self(socket);
        raw.send(json!({"type": "hello", "protocol": 1, "locale": "en-US", "channel": "cli"})).await;
        assert_eq!(raw.next().await["type"], "ready");
        raw
    }

    async fn send(&mut self, frame: Value) {
        self.0.send(Message::text(frame.to_string())).await.expect("the socket takes a frame");
    }

    async fn next(&mut self) -> Value {
        let message = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("a frame came in time");
        let message = message.expect("the connection lives").expect("the connection is well");
        serde_json::from_str(message.to_text().expect("frames are text")).expect("frames are JSON")
    }
}

/// One message in frames of `size` bytes.
fn fragments(kind: Data, bytes: &[u8], size: usize) -> Vec<Message> {
    let last = bytes.len().div_ceil(size) - 1;
    let frame = |(n, bytes): (usize, &[u8])| {
        let code = OpCode::Data(if n == 0 { kind } else { Data::Continue });
        Message::Frame(Frame::message(bytes.to_vec(), code, n == last))
    };
    bytes.chunks(size).enumerate().map(frame).collect()
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
