//! The address of a running server and a customer in; their conversation over the real socket, word by word and timed, out.

use super::reading::Reply;
use super::script::{Act, Customer, End};
use crate::catalog::Lang;
use anyhow::{Context, bail};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// What was said, and how it ended.
#[derive(Debug)]
pub struct Talk {
    pub end: End,
    pub lines: Vec<String>,
    pub messages: usize,
    /// From each message to the `done` of its reply.
    pub reply_ms: Vec<f64>,
}

/// Messages after which nobody stays.
const LONGEST: usize = 30;
/// How long a reply may take.
const PATIENCE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Talks until the customer leaves.
///
/// # Errors
/// When the server cannot be reached, or does not answer.
pub async fn talk(url: &str, customer: &mut Customer<'_>, lang: Lang) -> anyhow::Result<Talk> {
    let mut socket = Socket::open(url, lang).await?;
    let mut talk = Talk { end: End::Content, lines: Vec::new(), messages: 0, reply_ms: Vec::new() };
    let mut act = customer.begin();
    loop {
        if talk.messages == LONGEST {
            talk.end = End::GaveUp("too long");
            return Ok(talk);
        }
        let frame = match act {
            Act::Say(text) => {
                talk.lines.push(format!("customer: {text}"));
                json!({"type": "say", "text": text})
            }
            Act::Press { turn, action, value, label } => {
                talk.lines.push(format!("customer: [{label}]"));
                json!({"type": "choose", "turn": turn, "action": action, "value": value})
            }
            Act::Leave(end) => {
                talk.end = end;
                return Ok(talk);
            }
        };
        talk.messages += 1;
        let begun = Instant::now();
        let frames = socket.ask(frame, talk.messages).await?;
        talk.reply_ms.push(begun.elapsed().as_secs_f64() * 1e3);
        talk.lines.extend(frames.iter().filter_map(line));
        act = customer.hear(&Reply::of(&frames));
    }
}

/// A frame as it is read in a transcript.
fn line(frame: &Value) -> Option<String> {
    let text = |name: &str| frame[name].as_str().unwrap_or_default();
    match text("type") {
        "text" => Some(format!("shop: {}", text("text"))),
        "message" if text("author") != "shopper" => Some(format!("{}: {}", text("author"), text("text"))),
        "choices" => {
            let labels: Vec<&str> = frame["options"].as_array().into_iter().flatten().filter_map(|o| o["label"].as_str()).collect();
            Some(format!("shop: [{}]", labels.join("] [")))
        }
        "proposal" => Some(format!("proposal: {} {} {} {}", text("action"), text("summary"), frame["changes"], frame["refund"])),
        "outcome" => Some(format!("outcome: {} {}", text("status"), text("text"))),
        "products" => Some(format!("shop: ({} products)", frame["items"].as_array().map_or(0, Vec::len))),
        "agent" => Some(format!("agent: {}", text("state"))),
        "error" => Some(format!("error: {} {}", text("code"), text("message"))),
        _ => None,
    }
}

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn open(url: &str, lang: Lang) -> anyhow::Result<Self> {
        let (socket, _) = connect_async(url).await.with_context(|| format!("reach {url}"))?;
        let mut socket = Self(socket);
        let locale = if lang == Lang::Zh { "zh-CN" } else { "en-US" };
        socket.send(&json!({"type": "hello", "protocol": 1, "locale": locale, "channel": "cli"})).await?;
        let ready = socket.next().await?;
        anyhow::ensure!(ready["type"] == "ready", "the server did not greet: {ready}");
        Ok(socket)
    }

    /// Sends a message and reads up to the end of its reply. What came too fast is sent again when the server has said to.
    async fn ask(&mut self, mut frame: Value, n: usize) -> anyhow::Result<Vec<Value>> {
        frame["id"] = format!("m{n}").into();
        self.send(&frame).await?;
        let mut frames = Vec::new();
        loop {
            let next = self.next().await?;
            let code = next["code"].as_str().unwrap_or_default();
            match next["type"].as_str().unwrap_or_default() {
                "error" if matches!(code, "too_many" | "busy") => {
                    let pause = Duration::from_millis(next["retry_ms"].as_u64().unwrap_or(1_000));
                    tokio::time::sleep(pause.min(LONGEST_PAUSE)).await;
                    self.send(&frame).await?;
                }
                "done" | "error" => {
                    frames.push(next);
                    return Ok(frames);
                }
                _ => frames.push(next),
            }
        }
    }

    async fn send(&mut self, frame: &Value) -> anyhow::Result<()> {
        self.0.send(Message::text(frame.to_string())).await.context("send a frame")
    }

    async fn next(&mut self) -> anyhow::Result<Value> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next()).await.context("no frame came in half a minute")?;
            match message {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).context("the server sent something that is not JSON"),
                Some(Ok(Message::Close(_)) | Err(_)) | None => bail!("the server closed the socket"),
                Some(Ok(_)) => {}
            }
        }
    }
}
