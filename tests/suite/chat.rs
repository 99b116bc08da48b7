//! A client of protocol 1 for tests: frames in, frames out, and small questions about a reply.

use crate::shop::{PATIENCE, TestShop};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// One socket.
pub struct Chat {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub session: String,
    /// The `ready` frame it was greeted with; null before `hello`.
    pub ready: Value,
}

impl Chat {
    /// A socket that has said nothing yet.
    pub async fn connect(shop: &TestShop) -> Self {
        match Self::from_origin(shop, None).await {
            Ok(chat) => chat,
            Err(status) => panic!("the socket was refused with {status}"),
        }
    }

    /// As a page of `origin` opens it; the status when it is refused.
    pub async fn from_origin(shop: &TestShop, origin: Option<&str>) -> Result<Self, StatusCode> {
        let mut request = format!("ws://{}/v1/chat", shop.address).into_client_request().expect("an address");
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", HeaderValue::from_str(origin).expect("an origin"));
        }
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Self { socket, session: String::new(), ready: Value::Null }),
            Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => Err(answer.status()),
            Err(error) => panic!("the socket did not open: {error}"),
        }
    }

    /// A new session on an English page.
    pub async fn begin(shop: &TestShop) -> Self {
        Self::hello(shop, json!({"locale": "en-US"})).await
    }

    /// Another socket of `session`, which has seen everything up to `seen`.
    pub async fn resume(shop: &TestShop, session: &str, seen: i64) -> Self {
        Self::hello(shop, json!({"locale": "en-US", "session": session, "resume_after": seen})).await
    }

    pub async fn hello(shop: &TestShop, mut hello: Value) -> Self {
        let mut chat = Self::connect(shop).await;
        hello["type"] = "hello".into();
        hello["protocol"] = 1.into();
        hello["channel"] = "cli".into();
        chat.send(hello).await;
        chat.ready = chat.next().await;
        assert_eq!(chat.ready["type"], "ready", "{}", chat.ready);
        chat.session = chat.ready["session"].as_str().expect("a session").to_owned();
        chat
    }

    pub async fn send(&mut self, frame: Value) {
        self.send_text(&frame.to_string()).await;
    }

    pub async fn send_text(&mut self, text: &str) {
        self.socket.send(Message::Text(text.into())).await.expect("the socket takes a frame");
    }

    pub async fn send_sound(&mut self, bytes: &[u8]) {
        self.socket.send(Message::Binary(bytes.to_vec().into())).await.expect("the socket takes sound");
    }

    pub async fn say(&mut self, id: &str, text: &str) {
        self.send(json!({"type": "say", "id": id, "text": text})).await;
    }

    /// Says something and returns every frame up to its `done`.
    pub async fn ask(&mut self, id: &str, text: &str) -> Vec<Value> {
        self.say(id, text).await;
        self.until("done").await
    }

    /// The next frame.
    pub async fn next(&mut self) -> Value {
        match self.receive().await {
            Ok(frame) => frame,
            Err(code) => panic!("the socket was closed: {code:?}"),
        }
    }

    /// Frames up to the first of `kind`, which is the last one returned.
    pub async fn until(&mut self, kind: &str) -> Vec<Value> {
        let mut frames = Vec::new();
        loop {
            frames.push(self.next().await);
            if frames.last().is_some_and(|f| f["type"] == kind) {
                return frames;
            }
        }
    }

    /// Everything that is on its way already: what comes before the answer to a `ping`.
    pub async fn pending(&mut self) -> Vec<Value> {
        self.send(json!({"type": "ping"})).await;
        let mut frames = self.until("pong").await;
        frames.pop();
        frames
    }

    /// Reads until the server closes the socket; returns the code it gave.
    pub async fn farewell(&mut self) -> Option<CloseCode> {
        loop {
            if let Err(code) = self.receive().await {
                return code;
            }
        }
    }

    async fn receive(&mut self) -> Result<Value, Option<CloseCode>> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("a frame came in time");
            match message {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).expect("frames are JSON")),
                Some(Ok(Message::Close(close))) => return Err(close.map(|c| c.code)),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }
}

/// The frames that are stored and numbered.
pub fn numbered(frames: &[Value]) -> Vec<Value> {
    frames.iter().filter(|f| f["seq"].is_i64()).cloned().collect()
}

/// The kinds of the numbered frames, repetitions counted once: "message products text choices done".
pub fn outline(frames: &[Value]) -> String {
    let mut kinds: Vec<String> = numbered(frames).iter().map(|f| f["type"].as_str().unwrap_or("?").to_owned()).collect();
    kinds.dedup();
    kinds.join(" ")
}

pub fn of<'a>(frames: &'a [Value], kind: &str) -> Vec<&'a Value> {
    frames.iter().filter(|f| f["type"] == kind).collect()
}

/// All sentences of a reply.
pub fn said(frames: &[Value]) -> String {
    of(frames, "text").iter().filter_map(|f| f["text"].as_str()).collect::<Vec<_>>().join("\n")
}

/// How the reply ended.
pub fn finish(frames: &[Value]) -> &str {
    of(frames, "done").last().and_then(|f| f["finish"].as_str()).unwrap_or("not at all")
}
