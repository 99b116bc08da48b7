//! `daogou chat`: lines typed in, a running server's frames printed out; reconnects and resumes.

use crate::catalog::Lang;
use crate::config::Chat;
use crate::store::{new_id, now_ms};
use crate::turn::understand;
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
                            let frame = printer.press(&line).unwrap_or_else(|| json!({"type": "say", "id": new_id(), "text": line.trim()}));
                            printer.quiet = false;
                            outbox.push_back(frame.clone());
                            sink.send(Message::text(frame.to_string())).await.ok();
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
    /// Turn and id of the proposal that waits for a yes.
    open: Option<(String, String)>,
}

const YES: &[&str] = &["yes", "y", "yes, do it", "confirm", "是", "好", "好的", "确认", "确认办理"];
const NO: &[&str] = &["no", "n", "no, leave it", "decline", "不", "不要", "先不", "先不办", "不用了"];

impl Default for Printer {
    fn default() -> Self {
        Self { quiet: true, open: None }
    }
}

impl Printer {
    /// The `choose` frame of a line that is a plain yes or no to the open proposal; every other line is something said.
    pub fn press(&mut self, line: &str) -> Option<Value> {
        let word = line.trim().trim_end_matches(['.', '!', '。', '！']).to_lowercase();
        let action = match word.as_str() {
            yes if YES.contains(&yes) => "confirm",
            no if NO.contains(&no) => "decline",
            _ => return None,
        };
        // Once: a second yes is something said.
        let (turn, proposal) = self.open.take()?;
        Some(json!({"type": "choose", "id": new_id(), "turn": turn, "action": action, "value": proposal}))
    }

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
            "proposal" => {
                self.open = Some((text("turn").to_owned(), text("proposal").to_owned()));
                print_proposal(frame);
            }
            "outcome" => {
                if self.open.as_ref().is_some_and(|(_, open)| open == text("proposal")) {
                    self.open = None;
                }
                let reference = frame["reference"].as_str().map_or_else(String::new, |r| format!(" [{r}]"));
                println!("({}) {}{reference}", text("status"), text("text"));
            }
            "agent" => match (text("state"), frame["name"].as_str().unwrap_or("a person")) {
                ("joined", name) => println!("({name} has joined)"),
                ("left", name) => println!("({name} has left)"),
                _ => println!("(a person has been called)"),
            },
            "done" => {
                self.quiet = true;
                println!();
            }
            "error" => eprintln!("({})", text("message")),
            _ => {}
        }
    }
}

/// In the language of its own words.
fn print_proposal(frame: &Value) {
    let text = |name: &str| frame[name].as_str().unwrap_or_default();
    let zh = understand::lang::detect(text("summary")) == Some(Lang::Zh);
    println!("? {}", text("summary"));
    for change in frame["changes"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        println!("  - {change}");
    }
    if let Some(refund) = frame["refund"].as_object() {
        let words = |name: &str| refund.get(name).and_then(Value::as_str).unwrap_or_default();
        let amount = refund.get("amount").map(Value::to_string).unwrap_or_default();
        println!("  {} {amount} {} → {}", if zh { "退款" } else { "Refund" }, words("currency"), words("method"));
    }
    let minutes = (frame["expires_ms"].as_i64().unwrap_or_default() - now_ms()).max(0) / 60_000;
    match zh {
        true => println!("  输入“确认”办理，“不要”则不办（{minutes} 分钟内有效）"),
        false => println!("  Type \"yes\" to have it done, \"no\" to leave it ({minutes} minutes left)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, action: Option<&str>) {
        let mut printer = Printer::default();
        assert_eq!(printer.press(line), None, "nothing waits for it: {line}");
        printer.print(&json!({"type": "proposal", "turn": "t", "proposal": "p", "summary": "Cancel order #W1", "expires_ms": 0}));
        let pressed = printer.press(line);
        let told = pressed.as_ref().map(|f| (f["action"].as_str(), f["turn"].as_str(), f["value"].as_str()));
        assert_eq!(told, action.map(|a| (Some(a), Some("t"), Some("p"))), "{line}");
        assert!(action.is_none() || printer.press(line).is_none(), "a button is pressed once");
    }

    #[test]
    fn a_plain_yes_or_no_presses_the_button_of_the_open_proposal() {
        for (line, action) in [
            ("yes", Some("confirm")),
            (" Yes! ", Some("confirm")),
            ("确认", Some("confirm")),
            ("no", Some("decline")),
            ("不要。", Some("decline")),
            ("yes, but to my other card", None),
            ("what does it cost?", None),
        ] {
            check(line, action);
        }
    }

    #[test]
    fn nothing_is_open_after_its_outcome() {
        let mut printer = Printer::default();
        printer.print(&json!({"type": "proposal", "turn": "t", "proposal": "p", "summary": "退货", "expires_ms": 0}));
        printer.print(&json!({"type": "outcome", "turn": "u", "proposal": "other", "status": "done", "text": "已办好"}));
        assert!(printer.open.is_some());
        printer.print(&json!({"type": "outcome", "turn": "u", "proposal": "p", "status": "declined", "text": "没有改动"}));
        assert_eq!(printer.press("yes"), None);
    }
}
