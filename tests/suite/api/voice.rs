//! Sound over the socket or as a file; a transcript, an ordinary reply, or the plain word that nothing was heard.

use crate::chat::{Chat, finish, numbered, of, outline, said};
use crate::shop::{Setup, TestShop};
use daogou::catalog::Lang;
use daogou::model::{Ears, Pcm, SpeechRecognizer, Transcript};
use serde_json::{Value, json};
use std::sync::mpsc;

#[tokio::test]
async fn a_voice_message_is_heard_and_answered() {
    let shop = TestShop::with(hearing("a rain jacket that packs small, under 80", "en")).await;
    let mut chat = Chat::begin(&shop).await;
    let frames = speak(&mut chat, "v1", &tone(2)).await;
    assert_eq!(outline(&frames), "message transcript products text choices done");
    assert_eq!((&frames[0]["id"], &frames[0]["text"]), (&json!("v1"), &json!("")));
    let transcript = of(&frames, "transcript")[0];
    assert_eq!((&transcript["text"], &transcript["lang"]), (&json!("a rain jacket that packs small, under 80"), &json!("en")));
    assert_eq!(finish(&frames), "answered");
    assert_eq!(Chat::resume(&shop, &chat.session, 0).await.pending().await, numbered(&frames), "the words are kept");
    let follow_up = chat.ask("2", "how much is the first one?").await;
    assert!(said(&follow_up).contains("S$"), "{}", said(&follow_up));
}

#[tokio::test]
async fn chinese_speech_is_answered_in_chinese() {
    let shop = TestShop::with(hearing("想给爸爸买一双防滑的登山鞋，500以内", "zh")).await;
    let mut chat = Chat::begin(&shop).await;
    let frames = speak(&mut chat, "v1", &tone(2)).await;
    assert!(said(&frames).contains("登山鞋"), "{}", said(&frames));
}

#[tokio::test]
async fn silence_is_not_turned_into_words() {
    let shop = TestShop::open().await;
    for (locale, expected) in [("en-US", "I did not hear anything"), ("zh-CN", "没有听到说话")] {
        let mut chat = Chat::hello(&shop, json!({"locale": locale})).await;
        for (id, sound) in [("quiet", vec![0; 32_000]), ("short", tone(1)[..3_000].to_vec()), ("nothing at all", Vec::new())] {
            let frames = speak(&mut chat, id, &sound).await;
            assert_eq!(outline(&frames), "message transcript text done", "{id}");
            assert_eq!((&of(&frames, "transcript")[0]["text"], finish(&frames)), (&json!(""), "asked"), "{id}");
            assert!(said(&frames).contains(expected), "{id}: {}", said(&frames));
        }
    }
}

#[tokio::test]
async fn without_ears_or_with_broken_ones_the_reply_still_ends() {
    for (ears, expected) in [(Ears::none(), "message text done"), (Ears::start(Deaf), "message transcript text done")] {
        let shop = TestShop::with(Setup { ears, ..Setup::default() }).await;
        let mut chat = Chat::begin(&shop).await;
        let frames = speak(&mut chat, "v1", &tone(1)).await;
        assert_eq!((outline(&frames).as_str(), finish(&frames)), (expected, "asked"));
        assert_eq!(finish(&chat.ask("2", "hello").await), "answered", "typing still works");
    }
}

#[tokio::test]
async fn the_same_voice_message_again_is_answered_once() {
    let shop = TestShop::with(hearing("hello", "en")).await;
    let mut chat = Chat::begin(&shop).await;
    let frames = speak(&mut chat, "v1", &tone(1)).await;
    chat.send(json!({"type": "audio_start", "id": "v1", "rate": 16_000})).await;
    chat.send_sound(&tone(1)).await;
    chat.send(json!({"type": "audio_end", "id": "v1"})).await;
    assert_eq!(chat.next().await, frames[0]);
    assert_eq!(chat.pending().await, Vec::<Value>::new());
}

#[tokio::test]
async fn sound_longer_than_a_minute_is_refused_and_the_next_is_heard() {
    let shop = TestShop::with(hearing("hello", "en")).await;
    let mut chat = Chat::begin(&shop).await;
    chat.send(json!({"type": "audio_start", "id": "long", "rate": 16_000})).await;
    for _ in 0..61 {
        chat.send_sound(&[1; 32_000]).await;
    }
    let answer = chat.next().await;
    assert_eq!((&answer["type"], &answer["code"]), (&json!("error"), &json!("too_large")));
    chat.send(json!({"type": "audio_end", "id": "long"})).await;
    assert_eq!(chat.next().await["code"], "bad_frame");
    assert_eq!(finish(&speak(&mut chat, "short", &tone(1)).await), "answered");
}

#[tokio::test]
async fn a_full_row_of_messages_is_told_to_wait() {
    let (open, gate) = mpsc::channel();
    let shop = TestShop::with(Setup { ears: Ears::start(Slow { gate }), ..Setup::default() }).await;
    let mut chat = Chat::begin(&shop).await;
    chat.send(json!({"type": "audio_start", "id": "v", "rate": 16_000})).await;
    chat.send_sound(&tone(1)).await;
    chat.send(json!({"type": "audio_end", "id": "v"})).await;
    for n in 0..8 {
        chat.say(&n.to_string(), "hello").await;
    }
    let mut frames = chat.until("error").await;
    let refused = frames.last().expect("an error");
    assert_eq!((&refused["code"], refused["retry_ms"].is_u64()), (&json!("busy"), true), "{refused}");
    let taken = of(&frames, "message").len();
    open.send(()).expect("the ears wait");
    while of(&frames, "done").len() < taken {
        frames.push(chat.next().await);
    }
    assert_eq!(finish(&chat.ask("7", "hello").await), "answered", "the refused message was not taken, and is now");
}

#[tokio::test]
async fn what_was_heard_in_chinese_is_spelled_as_the_shop_spells_it() {
    let shop = TestShop::with(hearing("想给爸爸买一双房华的灯山写,500亿内", "zh")).await;
    let mut chat = Chat::begin(&shop).await;
    let frames = speak(&mut chat, "1", &tone(2)).await;
    assert_eq!(of(&frames, "transcript")[0]["text"], "想给爸爸买一双防滑的登山鞋,500以内");
    assert!(!of(&frames, "products").is_empty(), "and looked for: {frames:?}");
}

/// A second's worth of 16-bit samples, `seconds` times.
pub fn tone(seconds: usize) -> Vec<u8> {
    let sample = |n: usize| ((n as f32 * 440.0 * std::f32::consts::TAU / 16_000.0).sin() * 8_000.0) as i16;
    (0..16_000 * seconds).flat_map(|n| sample(n).to_le_bytes()).collect()
}

async fn speak(chat: &mut Chat, id: &str, sound: &[u8]) -> Vec<Value> {
    chat.send(json!({"type": "audio_start", "id": id, "rate": 16_000})).await;
    for piece in sound.chunks(3_200) {
        chat.send_sound(piece).await;
    }
    chat.send(json!({"type": "audio_end", "id": id})).await;
    chat.until("done").await
}

fn hearing(text: &'static str, lang: &'static str) -> Setup {
    Setup { ears: Ears::start(Hears { text, lang }), ..Setup::default() }
}

struct Hears {
    text: &'static str,
    lang: &'static str,
}

struct Deaf;

struct Slow {
    gate: mpsc::Receiver<()>,
}

impl SpeechRecognizer for Hears {
    fn name(&self) -> &str {
        "hears one sentence"
    }

    fn recognize(&mut self, _: &Pcm, _: Lang) -> anyhow::Result<Transcript> {
        Ok(Transcript { text: self.text.to_owned(), lang: self.lang.to_owned(), sure: vec![0.5; self.text.chars().count()] })
    }
}

impl SpeechRecognizer for Deaf {
    fn name(&self) -> &str {
        "deaf"
    }

    fn recognize(&mut self, _: &Pcm, _: Lang) -> anyhow::Result<Transcript> {
        anyhow::bail!("the speech model failed")
    }
}

impl SpeechRecognizer for Slow {
    fn name(&self) -> &str {
        "slow"
    }

    fn recognize(&mut self, _: &Pcm, _: Lang) -> anyhow::Result<Transcript> {
        self.gate.recv()?;
        Ok(Transcript { text: "hello".to_owned(), lang: "en".to_owned(), ..Transcript::default() })
    }
}
