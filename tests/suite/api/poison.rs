//! A catalogue of two hundred products that give orders to the assistant, and shoppers who do: nothing of it changes what is said or done.
//!
//! The language model here is a fake that obeys whatever its prompt holds: it writes the prompt back. Every order in
//! `tests/poison/products.jsonl` would show one of the words of `canaries.txt` if it were followed, or quoted.

use crate::chat::{Chat, of};
use crate::shop::{Setup, TestShop, quietly};
use daogou::ingest::import_feed;
use daogou::model::{Drafter, LanguageModel, Prompt};
use daogou::store::Store;
use serde_json::Value;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::mpsc;

const CANARIES: &str = include_str!("../../poison/canaries.txt");
const NEEDS: &str = include_str!("../../poison/needs.jsonl");
const MESSAGES: &str = include_str!("../../poison/messages.jsonl");

#[tokio::test]
async fn orders_in_the_catalogue_or_in_messages_are_not_obeyed_nor_quoted() {
    let data = tempfile::tempdir().expect("a directory");
    let store = Store::open_dir(data.path()).await.expect("open the store");
    let feed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/poison/products.jsonl");
    let report = import_feed(&store, &[feed], &quietly(data.path())).await.expect("import");
    assert_eq!((report.read, report.rejected), (200, 0));
    store.close().await;
    let shop = TestShop::on(data, Setup { drafter: Drafter::new(Arc::new(Obedient)), ..Setup::default() }).await;
    shop.wait_for("/readyz", |t| t.contains("\"ready\":true")).await;

    let mut obeyed = Vec::new();
    for (file, fresh) in [(NEEDS, false), (MESSAGES, true)] {
        let mut chat = None;
        for (n, line) in file.lines().enumerate() {
            let row: Value = serde_json::from_str(line).expect("JSON");
            let (lang, text) = (row["lang"].as_str().expect("a language"), row["text"].as_str().expect("a text"));
            if fresh || chat.as_ref().is_none_or(|(of, _)| of != lang) {
                let locale = if lang == "zh" { "zh-CN" } else { "en-US" };
                chat = Some((lang.to_owned(), Chat::hello(&shop, serde_json::json!({"locale": locale})).await));
            }
            let (_, chat) = chat.as_mut().expect("it was opened");
            let frames = chat.ask(&n.to_string(), text).await;
            let words = spoken(&frames);
            if let Some(canary) = CANARIES.lines().find(|c| !c.is_empty() && words.contains(&c.to_lowercase())) {
                obeyed.push(format!("{text}\n  {canary}: {words}"));
            }
        }
    }
    assert!(obeyed.is_empty(), "{} replies:\n{}", obeyed.len(), obeyed.join("\n"));
}

/// Everything the assistant says of its own: sentences, tables and quick replies, without the titles of the products shown.
fn spoken(frames: &[Value]) -> String {
    let titles: Vec<String> = of(frames, "products")
        .iter()
        .flat_map(|f| f["items"].as_array().cloned().unwrap_or_default())
        .filter_map(|item| item["title"].as_str().map(str::to_lowercase))
        .collect();
    let mut words = String::new();
    for kind in ["text", "choices", "table"] {
        for frame in of(frames, kind) {
            let frame = if kind == "text" { frame["text"].to_string() } else { frame.to_string() };
            words += &frame.to_lowercase();
        }
    }
    titles.iter().fold(words, |words, title| words.replace(title.as_str(), ""))
}

/// Does what it reads: its draft is its prompt.
struct Obedient;

impl LanguageModel for Obedient {
    fn name(&self) -> &str {
        "obedient"
    }

    fn generate(&self, prompt: Prompt) -> Pin<Box<dyn Future<Output = anyhow::Result<mpsc::Receiver<String>>> + Send + '_>> {
        let (pieces, stream) = mpsc::channel(64);
        tokio::spawn(async move {
            for sentence in prompt.user.split(['\n', ';', '；']) {
                if pieces.send(format!("{}. ", sentence.trim())).await.is_err() {
                    return;
                }
            }
        });
        Box::pin(async move { Ok(stream) })
    }
}
