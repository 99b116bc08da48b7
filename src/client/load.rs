//! `daogou load`: chats opened and messages sent at a rate; p50, p95 and p99 of each frame type printed.

use crate::config::Load;
use crate::store::new_id;
use anyhow::{Context, ensure};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, mpsc};
use tokio_tungstenite::tungstenite::Message;

const BUILT_IN: &[&str] = &[
    "android tablet under 200",
    "wireless headphones",
    "laser printer",
    "想买一个笔记本电脑",
    "17 inch laptop",
    "usb cable",
    "gaming mouse",
    "4k monitor",
    "black toner cartridge",
    "电脑显示器",
    "webcam for meetings",
    "external hard drive 1TB",
    "a cheap keyboard",
    "网络路由器",
    "smartphone with good camera",
];
const LAST_REPLIES: Duration = Duration::from_secs(30);

#[derive(Default)]
struct Measured {
    times: BTreeMap<String, Vec<f64>>,
    errors: BTreeMap<String, usize>,
}

/// # Errors
/// When the server cannot be reached.
pub async fn load(options: Load) -> anyhow::Result<()> {
    ensure!(options.chats > 0, "--chats must be at least 1");
    let messages: Arc<Vec<String>> = Arc::new(match &options.messages {
        Some(path) => std::fs::read_to_string(path)
            .with_context(|| format!("read {}", path.display()))?
            .lines()
            .map(str::to_owned)
            .filter(|l| !l.is_empty())
            .collect(),
        None => BUILT_IN.iter().map(|m| (*m).to_owned()).collect(),
    });
    let measured = Arc::new(Mutex::new(Measured::default()));
    let (sent, done) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut chats = Vec::with_capacity(options.chats);
    for _ in 0..options.chats {
        chats.push(open(&options.url, measured.clone(), done.clone()).await?);
    }
    let begun = Instant::now();
    let length = Duration::from_secs_f64(options.seconds);
    if options.rate > 0.0 {
        let mut ticks = tokio::time::interval(Duration::from_secs_f64(1.0 / options.rate));
        while begun.elapsed() < length {
            ticks.tick().await;
            let n = sent.fetch_add(1, Ordering::Relaxed);
            chats[n % chats.len()].send(messages[n % messages.len()].clone()).await.ok();
        }
        let waited = Instant::now();
        while done.load(Ordering::Relaxed) < sent.load(Ordering::Relaxed) && waited.elapsed() < LAST_REPLIES {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    } else {
        tokio::time::sleep(length).await;
    }
    let measured = measured.lock().await;
    report(&measured, &options, sent.load(Ordering::Relaxed), done.load(Ordering::Relaxed));
    Ok(())
}

/// Opens one chat; texts sent to the returned channel are said in it.
async fn open(url: &str, measured: Arc<Mutex<Measured>>, done: Arc<AtomicUsize>) -> anyhow::Result<mpsc::Sender<String>> {
    let (socket, _) = tokio_tungstenite::connect_async(url).await.with_context(|| format!("reach {url}; is daogou serve running?"))?;
    let (mut sink, mut stream) = socket.split();
    let hello = json!({"type": "hello", "protocol": 1, "locale": "en-US", "channel": "cli"});
    sink.send(Message::text(hello.to_string())).await.context("say hello")?;
    let (say, mut texts) = mpsc::channel::<String>(256);
    tokio::spawn(async move {
        let (mut begun, mut turns) = (HashMap::<String, Instant>::new(), HashMap::<String, Instant>::new());
        let mut seen: std::collections::HashSet<(String, String)> = Default::default();
        loop {
            tokio::select! {
                text = texts.recv() => {
                    let Some(text) = text else { break };
                    let id = new_id();
                    begun.insert(id.clone(), Instant::now());
                    if sink.send(Message::text(json!({"type": "say", "id": id, "text": text}).to_string())).await.is_err() {
                        break;
                    }
                }
                frame = stream.next() => {
                    let now = Instant::now();
                    let Some(Ok(frame)) = frame else { break };
                    let Message::Text(text) = frame else { continue };
                    let Ok(frame) = serde_json::from_str::<Value>(&text) else { continue };
                    let kind = frame["type"].as_str().unwrap_or_default().to_owned();
                    if kind == "error" {
                        let code = frame["code"].as_str().unwrap_or_default().to_owned();
                        *measured.lock().await.errors.entry(code).or_default() += 1;
                        done.fetch_add(1, Ordering::Relaxed);
                        continue;
                    }
                    if kind == "message"
                        && let Some(start) = frame["id"].as_str().and_then(|id| begun.remove(id))
                    {
                        turns.insert(frame["turn"].as_str().unwrap_or_default().to_owned(), start);
                    }
                    let turn = frame["turn"].as_str().unwrap_or_default().to_owned();
                    if let Some(start) = turns.get(&turn)
                        && seen.insert((turn.clone(), kind.clone()))
                    {
                        let ms = now.duration_since(*start).as_secs_f64() * 1e3;
                        measured.lock().await.times.entry(kind.clone()).or_default().push(ms);
                    }
                    if kind == "done" {
                        turns.remove(&turn);
                        seen.retain(|(t, _)| *t != turn);
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                }
            }
        }
    });
    Ok(say)
}

fn report(measured: &Measured, options: &Load, sent: usize, done: usize) {
    let at = |times: &[f64], q: f64| times[((times.len() as f64 - 1.0) * q).round() as usize];
    let mut rows = BTreeMap::new();
    for (kind, times) in &measured.times {
        let mut times = times.clone();
        times.sort_by(f64::total_cmp);
        rows.insert(kind, (times.len(), at(&times, 0.5), at(&times, 0.95), at(&times, 0.99)));
    }
    if options.json {
        let frames: serde_json::Map<String, Value> = rows
            .iter()
            .map(|(k, (n, p50, p95, p99))| ((*k).clone(), json!({"n": n, "p50_ms": p50, "p95_ms": p95, "p99_ms": p99})))
            .collect();
        println!(
            "{}",
            json!({"chats": options.chats, "rate": options.rate, "sent": sent, "done": done, "errors": measured.errors, "frames": frames})
        );
        return;
    }
    println!("{} chats, {} messages a second, {sent} sent, {done} answered, errors {:?}", options.chats, options.rate, measured.errors);
    println!("{:<12} {:>6} {:>9} {:>9} {:>9}  (ms from say to the first frame of its type)", "frame", "n", "p50", "p95", "p99");
    for (kind, (n, p50, p95, p99)) in rows {
        println!("{kind:<12} {n:>6} {p50:>9.1} {p95:>9.1} {p99:>9.1}");
    }
}
