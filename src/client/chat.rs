//! `daogou chat`: lines typed in, a running server's frames printed out; reconnects and resumes.

use crate::config::Chat;
use crate::store::new_id;
use anyhow::{Context, bail};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::io::AsyncBufReadExt;
use tokio_tungstenite::tungstenite::Message;

const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// # Errors
/// When the server cannot be reached the first time.
pub async fn chat(options: Chat) -> anyhow::Result<()> {
    let mut lines = tokio::io::BufReader::new(tokio::io::stdin()).lines();
    let mut session = options.session.clone();
    let mut last_seq = 0_i64;
    let mut outbox: VecDeque<Value> = VecDeque::new();
    let mut printer = Printer::default();
    let (mut pause, mut met, mut typing) = (Duration::from_millis(300), false, true);
    loop {
        let socket = match tokio_tungstenite::connect_async(&options.url).await {
            Ok((socket, _)) => socket,
            Err(error) if !met => return Err(error).with_context(|| format!("reach {}; is daogou serve running?", options.url)),
            Err(_) => {
                eprintln!("(no connection; trying again)");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
                continue;
            }
        };
        let (mut sink, mut stream) = socket.split();
        let hello = json!({"type": "hello", "protocol": 1, "session": session, "resume_after": last_seq, "locale": options.locale, "channel": "cli"});
        if sink.send(Message::text(hello.to_string())).await.is_err() {
            continue;
        }
        if !met {
            eprintln!("Connected. Type and press Enter; /stop ends a reply, Ctrl-D leaves.");
        }
        (met, pause) = (true, Duration::from_millis(300));
        for waiting in &outbox {
            sink.send(Message::text(waiting.to_string())).await.ok();
        }
        loop {
            tokio::select! {
                frame = stream.next() => {
                    let Some(Ok(message)) = frame else { break };
                    let Message::Text(text) = message else { continue };
                    let frame: Value = serde_json::from_str(&text).context("the server sent something that is not JSON")?;
                    last_seq = frame["seq"].as_i64().unwrap_or(last_seq);
                    match frame["type"].as_str() {
                        Some("ready") => session = frame["session"].as_str().map(str::to_owned),
                        Some("message") => outbox.retain(|waiting| waiting["id"] != frame["id"]),
                        Some("error") if frame["code"] == "unauthorized" => bail!("the server refused: {}", frame["message"]),
                        _ => {}
                    }
                    let done = frame["type"] == "done";
                    printer.print(&frame);
                    if done && !typing && outbox.is_empty() {
                        return Ok(());
                    }
                }
                line = lines.next_line(), if typing => {
                    match line.context("read what was typed")? {
                        None if outbox.is_empty() && printer.quiet => return Ok(()),
                        None => typing = false,
                        Some(line) if line.trim().is_empty() => {}
                        Some(line) if line.trim() == "/stop" => {
                            sink.send(Message::text(json!({"type": "stop"}).to_string())).await.ok();
                        }
                        Some(line) => {
                            let say = json!({"type": "say", "id": new_id(), "text": line.trim()});
                            printer.quiet = false;
                            outbox.push_back(say.clone());
                            sink.send(Message::text(say.to_string())).await.ok();
                        }
                    }
                }
            }
        }
    }
}

/// Prints frames the way a person reads them.
pub struct Printer {
    /// No reply is under way.
    pub quiet: bool,
}

impl Default for Printer {
    fn default() -> Self {
        Self { quiet: true }
    }
}

impl Printer {
    pub fn print(&mut self, frame: &Value) {
        let text = |name: &str| frame[name].as_str().unwrap_or_default();
        match text("type") {
            "message" if frame["author"] != "shopper" => println!("{}: {}", text("author"), text("text")),
            "transcript" => println!("(heard: {})", text("text")),
            "products" => {
                for (n, item) in frame["items"].as_array().into_iter().flatten().enumerate() {
                    let why: Vec<&str> = item["why"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                    let field = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
                    println!(
                        "  {}. {} – {} {} [{}] {}",
                        n + 1,
                        field("title"),
                        item["price"],
                        field("currency"),
                        field("availability"),
                        why.join(" · ")
                    );
                }
            }
            "text" => println!("{}", text("text")),
            "table" => {
                let cells = |row: &Value| {
                    row.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>().join(" | ")
                };
                println!("{}", cells(&frame["columns"]));
                frame["rows"].as_array().into_iter().flatten().for_each(|row| println!("{}", cells(row)));
            }
            "choices" => {
                let labels: Vec<&str> = frame["options"].as_array().into_iter().flatten().filter_map(|o| o["label"].as_str()).collect();
                println!("[{}]", labels.join("] ["));
            }
            "done" => {
                self.quiet = true;
                println!();
            }
            "error" => eprintln!("({})", text("message")),
            _ => {}
        }
    }
}
