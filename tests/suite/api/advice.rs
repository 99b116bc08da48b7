//! Language models of every temper in (good, slow, failing, silent, lying, torn); a correct reply that ends with `done` out.

use crate::chat::{Chat, finish, of, outline, said};
use crate::shop::{Setup, TestShop};
use daogou::model::{Drafter, LanguageModel, Prompt};
use serde_json::Value;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc;

const NEED: &str = "a rain jacket that packs small, under 80";

#[tokio::test]
async fn a_good_model_advises_in_checked_sentences() {
    let shop = TestShop::with(Setup::writing("This one suits your need well. It packs into the hand pocket.", Duration::ZERO)).await;
    shop.wait_for("/readyz", |t| t.contains("\"ready\":true")).await;
    let mut chat = Chat::begin(&shop).await;
    let frames = chat.ask("1", NEED).await;
    assert_eq!(outline(&frames), "message products text choices done");
    assert!(said(&frames).contains("This one suits your need well."), "{}", said(&frames));
    let done = of(&frames, "done")[0];
    assert_eq!(done["model"], "fake-language-model");
    assert!(done["timing_ms"]["first_model_text"].is_number(), "{done}");
    assert_eq!(of(&chat.ask("2", "hello").await, "done")[0]["model"], "none", "a greeting needs no model");
}

#[tokio::test]
async fn whatever_the_model_does_the_facts_come_and_the_reply_ends() {
    for temper in [Temper::Fails, Temper::EndsAtOnce, Temper::TornSentence, Temper::Silent] {
        println!("the model {temper:?}");
        let shop = TestShop::with(Setup { drafter: Drafter::new(Arc::new(Moody { temper })), ..Setup::default() }).await;
        shop.wait_for("/readyz", |t| t.contains("\"ready\":true")).await;
        let mut chat = Chat::begin(&shop).await;
        // A silent model is waited for as long as a draft may take; once is enough of that.
        for id in if temper == Temper::Silent { &["1"][..] } else { &["1", "2"] } {
            let frames = chat.ask(id, NEED).await;
            assert_eq!(outline(&frames), "message products text choices done", "{temper:?}");
            assert_eq!((finish(&frames), &of(&frames, "done")[0]["model"]), ("answered", &Value::from("none")), "{temper:?}");
            assert!(said(&frames).contains("S$"), "{temper:?}: {}", said(&frames));
            assert!(!said(&frames).contains("torn"), "{temper:?}: {}", said(&frames));
        }
    }
}

#[tokio::test]
async fn what_the_model_invents_is_not_said() {
    let lies = "It costs S$1.00 today. Only 2 left in stock! It comes with a 90 day warranty. 只要 9.9 元。Comfortable on the move.";
    let shop = TestShop::with(Setup::writing(lies, Duration::ZERO)).await;
    shop.wait_for("/readyz", |t| t.contains("\"ready\":true")).await;
    let mut chat = Chat::begin(&shop).await;
    let frames = chat.ask("1", NEED).await;
    for lie in ["S$1.00", "Only 2 left", "90 day", "9.9"] {
        assert!(!said(&frames).contains(lie), "{}", said(&frames));
    }
    assert_eq!(finish(&frames), "answered");
}

#[tokio::test]
async fn the_model_is_told_only_what_stands_in_the_catalogue() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let shop = TestShop::with(Setup { drafter: Drafter::new(Arc::new(Listener { heard: heard.clone() })), ..Setup::default() }).await;
    shop.wait_for("/readyz", |t| t.contains("\"ready\":true")).await;
    let mut chat = Chat::begin(&shop).await;
    let frames = chat.ask("1", NEED).await;
    let prompts: Vec<Prompt> = heard.lock().expect("the listener is well").clone();
    let told = &prompts.last().expect("the model was asked").user;
    let best = of(&frames, "products")[0]["items"][0].clone();
    let title = best["title"].as_str().and_then(|t| t.split(" (").next()).expect("a title");
    assert!(told.contains(title) && told.contains(NEED), "{told}");
    let warmed: Vec<&String> = prompts.iter().take(3).map(|p| &p.system).collect();
    assert!(prompts.iter().all(|p| warmed.contains(&&p.system)), "the prefixes stay as they were warmed");
}

#[tokio::test]
async fn a_second_message_cuts_the_advice_short() {
    let shop = TestShop::with(Setup::writing(&"and ".repeat(2_000), Duration::from_millis(500))).await;
    shop.wait_for("/readyz", |t| t.contains("\"ready\":true")).await;
    let mut chat = Chat::begin(&shop).await;
    chat.say("1", NEED).await;
    chat.until("text").await;
    chat.say("2", "thanks").await;
    assert_eq!(finish(&chat.until("done").await), "answered");
    assert_eq!(finish(&chat.until("done").await), "answered");
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Temper {
    Fails,
    EndsAtOnce,
    TornSentence,
    /// Writes nothing and never ends, except when it is warmed up.
    Silent,
}

struct Moody {
    temper: Temper,
}

struct Listener {
    heard: Arc<Mutex<Vec<Prompt>>>,
}

type Stream<'a> = Pin<Box<dyn Future<Output = anyhow::Result<mpsc::Receiver<String>>> + Send + 'a>>;

impl LanguageModel for Moody {
    fn name(&self) -> &str {
        "moody"
    }

    fn generate(&self, prompt: Prompt) -> Stream<'_> {
        let (pieces, stream) = mpsc::channel(8);
        let warming = prompt.max_tokens == 1;
        Box::pin(async move {
            match self.temper {
                Temper::Fails => anyhow::bail!("the weights are gone"),
                Temper::EndsAtOnce => {}
                Temper::TornSentence => pieces.send("This sentence is torn in the".to_owned()).await?,
                Temper::Silent if warming => {}
                Temper::Silent => {
                    tokio::spawn(async move { pieces.closed().await });
                }
            }
            Ok(stream)
        })
    }
}

impl LanguageModel for Listener {
    fn name(&self) -> &str {
        "listener"
    }

    fn generate(&self, prompt: Prompt) -> Stream<'_> {
        let (_, stream) = mpsc::channel(1);
        self.heard.lock().expect("the listener is well").push(prompt);
        Box::pin(async move { Ok(stream) })
    }
}
