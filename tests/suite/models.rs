//! Real weights: pulled models in; vectors, transcripts and sentences out, compared by meaning, never by bytes.
//!
//! Each model is loaded once, by the one test that asks it everything, and tests of different models may run side by side.

use crate::policies::{demo_rules, judged};
use daogou::catalog::Lang;
use daogou::model::audio::{RATE, decode};
use daogou::model::e5::E5;
use daogou::model::mistral::Mistral;
use daogou::model::pull::{FileState, ModelDir, ModelPaths, ModelSet, is_ready, paths, verify};
use daogou::model::whisper::Whisper;
use daogou::model::{Drafter, Encoder, LanguageModel, Pcm, Prompt, SpeechRecognizer, TextEncoder};
use daogou::prompt;
use daogou::search::vector::DIM;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

const SET: ModelSet = ModelSet::Small;
/// Cosines of e5 lie close together (0.7 to 0.9); this much tells kin from strangers.
const MARGIN: f32 = 0.005;
/// Characters a clip may get wrong; Whisper base mishears one in five of a Chinese sentence.
const MOST_ERRORS: f32 = 0.3;
/// In the clips' words these are written with other characters in simplified script.
const TRADITIONAL: [char; 12] = ['這', '個', '們', '買', '臺', '說', '請', '開', '會', '廣', '產', '還'];

/// Where the small set lies; a test run without it is wrong, not lucky.
fn pulled() -> (ModelDir, ModelPaths) {
    let dir = ModelDir::from_env().expect("a model directory");
    assert!(is_ready(&dir, SET), "models are missing in {}: run `daogou models pull --set small` first", dir.path().display());
    let paths = paths(&dir, SET);
    (dir, paths)
}

#[test]
fn every_converted_file_is_the_one_the_manifest_promises() {
    let (dir, _) = pulled();
    let models = verify(&dir);
    for model in models.iter().filter(|m| m.sets.contains(&SET)) {
        for file in &model.files {
            assert_eq!(file.state, FileState::Ready, "{}: {}", model.name, file.path.display());
        }
    }
    assert!(models.iter().flat_map(|m| &m.files).all(|f| f.state != FileState::Damaged), "{models:?}");
}

#[tokio::test]
async fn the_text_encoder_puts_what_means_the_same_together() {
    let (_, paths) = pulled();
    let mut model = E5::load(&paths.text_dir).expect("load the text encoder");
    let mut vector = |text: &str| model.encode(&[text.to_owned()]).expect("encode").remove(0);
    // query, its answer, what only looks like one
    for (query, near, far) in [
        ("query: 防滑登山鞋", "passage: Waterproof hiking boots with grippy lugs", "passage: Non-slip alloy chopsticks"),
        ("query: a rain jacket that packs small", "passage: 可收纳雨衣", "passage: 陶瓷花盆"),
        ("query: 降噪耳机", "passage: Noise-cancelling headphones", "passage: Rice cooker 1.8 L"),
        ("query: gift for a cat lover", "passage: 猫爬架", "passage: 冲击钻"),
        ("query: sofa bed", "passage: Couch that folds out to sleep on", "passage: Garden hose 20 m"),
        ("query: 儿童雨靴", "passage: Puddle boots for kids", "passage: Women's silk scarf"),
    ] {
        let [q, n, f] = [query, near, far].map(&mut vector);
        for v in [&q, &n, &f] {
            assert_eq!(v.len(), DIM);
            assert!((cosine(v, v) - 1.0).abs() < 1e-3, "{query}: length {}", cosine(v, v).sqrt());
        }
        let (near_by, far_off) = (cosine(&q, &n), cosine(&q, &f));
        assert!(near_by > far_off + MARGIN, "{query}: {near_by} to {near}, {far_off} to {far}");
    }
    // Padding beside a longer text must not move a vector.
    let texts: Vec<String> =
        ["query: tent", "passage: a very long description of a tent for six people in heavy rain", "query: 茶"].map(String::from).into();
    let together = model.encode(&texts).expect("encode");
    for (text, vector) in texts.iter().zip(&together) {
        let alone = model.encode(std::slice::from_ref(text)).expect("encode").remove(0);
        assert!(cosine(&alone, vector) > 0.999, "{text}: {}", cosine(&alone, vector));
    }
    for odd in ["", "   ", "🙂", &"很".repeat(5_000)] {
        let v = model.encode(&[odd.to_owned()]).expect("odd text is encoded too").remove(0);
        assert!((cosine(&v, &v) - 1.0).abs() < 1e-3, "{odd:.8}");
    }
    // The same model behind its thread: everyone gets their own answer, whatever it was batched with.
    let encoder = Encoder::start(model);
    let texts = ["hiking boots", "登山鞋", "espresso machine", "意式咖啡机"];
    let answers = futures::future::join_all(texts.iter().cycle().take(24).map(|t| encoder.encode_query(t))).await;
    let vectors: Vec<Vec<f32>> = answers.into_iter().map(|v| v.expect("encode")).collect();
    for (n, vector) in vectors.iter().enumerate() {
        assert!(cosine(vector, &vectors[n % 4]) > 0.999, "{}", texts[n % 4]);
    }
    assert!(cosine(&vectors[0], &vectors[1]) > cosine(&vectors[0], &vectors[3]) + MARGIN);
    assert_eq!(encoder.encode_passages(texts.map(String::from).into()).await.expect("encode").len(), 4);
}

#[test]
fn questions_of_service_find_their_clause_by_words_and_meaning() {
    let (_, paths) = pulled();
    let mut model = E5::load(&paths.text_dir).expect("load the text encoder");
    let policies = demo_rules();
    let passages: Vec<String> = policies.passages().iter().map(|text| format!("passage: {text}")).collect();
    policies.set_vectors(model.encode(&passages).expect("encode the rules"));
    let mut meaning = |text: &str| Some(model.encode(&[format!("query: {text}")]).expect("encode a question").remove(0));
    let [known, held] = judged(&policies, &mut meaning);
    assert!(known >= 0.92 && held >= 0.68, "{known:.3}, held out {held:.3}");
}

#[test]
fn the_speech_recognizer_hears_words_and_only_words() {
    let (_, paths) = pulled();
    let mut ears = Whisper::load(&paths.speech).expect("load the speech model");
    for seconds in [1, 3] {
        let silence = Pcm::from_s16le(&vec![0; RATE * 2 * seconds]);
        assert!(silence.is_silent());
        let heard = ears.recognize(&silence, Lang::En).expect("recognize");
        assert_eq!(heard.text, "", "{seconds} s of silence");
    }
    let clips = clips();
    for Clip { sound, words, lang, from } in &clips {
        let speech = decode(sound.clone()).unwrap_or_else(|e| panic!("{from}: {e:#}"));
        let heard = ears.recognize(&speech, if lang == "zh" { Lang::Zh } else { Lang::En }).expect("recognize");
        let (wanted, got) = (plain(words), plain(&heard.text));
        let rate = distance(&wanted, &got) as f32 / wanted.len() as f32;
        assert!(rate <= MOST_ERRORS, "{from}: heard \"{}\", said was \"{words}\": character error rate {rate:.2}", heard.text);
        assert_eq!(&heard.lang, lang, "{from}");
        assert!(!heard.text.contains(TRADITIONAL), "{from}: not in simplified script: {}", heard.text);
    }
    if clips.is_empty() {
        println!("no clips in ../shared/data/voice and no espeak-ng: only silence was tried");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_model_writes_in_both_languages_and_stops_when_nobody_listens() {
    let (_, paths) = pulled();
    let model = Arc::new(Mistral::load(&paths.language).await.expect("load the language model"));
    assert!(!model.name().is_empty());
    let drafter = Drafter::new(model.clone());
    drafter.warm_up(&daogou::turn::draft::prefixes()).await;
    assert!(drafter.is_warm());
    for (lang, user, is_own) in [
        (Lang::En, "Say in one sentence why a light rain jacket is useful.", (|c| c.is_ascii_alphabetic()) as fn(char) -> bool),
        (Lang::Zh, "用一句话说说轻便雨衣有什么好处。", |c| ('\u{4e00}'..='\u{9fff}').contains(&c)),
    ] {
        let prompt = Prompt { system: prompt::advise_system(lang), user: user.to_owned(), max_tokens: 40, schema: None };
        let mut generation = drafter.generate(prompt).await.expect("generate");
        let mut text = String::new();
        while let Some(piece) = generation.next().await {
            text.push_str(&piece);
        }
        assert!(text.chars().filter(|c| is_own(*c)).count() > 5, "{lang:?}: {text}");
        assert!(text.chars().count() < 400, "{lang:?}: forty tokens are few: {text}");
    }
    // A long tale nobody listens to: its end frees the model for the next one at once.
    let tale =
        || Prompt { system: String::new(), user: "Tell me a very long story about a shop.".to_owned(), max_tokens: 2_000, schema: None };
    let mut dropped = drafter.generate(tale()).await.expect("generate");
    assert!(dropped.next().await.is_some());
    drop(dropped);
    let begun = Instant::now();
    let short = Prompt { system: String::new(), user: "Say yes.".to_owned(), max_tokens: 3, schema: None };
    let mut next = drafter.generate(short).await.expect("generate");
    while next.next().await.is_some() {}
    assert!(begun.elapsed() < Duration::from_secs(30), "the dropped tale went on: {:?}", begun.elapsed());
    // The same prompt is answered the same way: sampling is deterministic.
    let mut tellings = Vec::new();
    for _ in 0..2 {
        let mut stream = model.generate(Prompt { max_tokens: 12, ..tale() }).await.expect("generate");
        let mut text = String::new();
        while let Some(piece) = stream.recv().await {
            text.push_str(&piece);
        }
        tellings.push(text);
    }
    assert_eq!(tellings[0], tellings[1]);
}

/// A recording and what is said in it.
struct Clip {
    sound: Vec<u8>,
    words: String,
    lang: String,
    from: String,
}

/// Recordings beside the project (`clips.jsonl`: file, text, lang), else a synthesizer's English; none when neither is there.
fn clips() -> Vec<Clip> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/voice");
    if let Ok(index) = std::fs::read_to_string(dir.join("clips.jsonl")) {
        return index.lines().filter(|l| !l.trim().is_empty()).map(|line| recorded(&dir, line)).collect();
    }
    spoken("I am looking for waterproof hiking boots").into_iter().collect()
}

fn recorded(dir: &Path, line: &str) -> Clip {
    let row: serde_json::Value = serde_json::from_str(line).expect("clips.jsonl is JSON");
    let field = |name: &str| row[name].as_str().unwrap_or_else(|| panic!("clips.jsonl has no {name}: {line}")).to_owned();
    let (file, text, lang) = (field("file"), field("text"), field("lang"));
    let path: PathBuf = dir.join(&file);
    let sound = std::fs::read(&path).unwrap_or_else(|e| panic!("read {}: {e}", path.display()));
    Clip { sound, words: text, lang: lang.chars().take(2).collect(), from: file }
}

/// English speech of espeak-ng, when it is installed.
fn spoken(text: &str) -> Option<Clip> {
    let spoken = Command::new("espeak-ng").args(["-v", "en-us", "-s", "140", "--stdout", text]).output().ok()?;
    spoken.status.success().then(|| Clip {
        sound: spoken.stdout,
        words: text.to_owned(),
        lang: "en".to_owned(),
        from: "espeak-ng".to_owned(),
    })
}

/// Characters put in, left out or taken for others (Levenshtein).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let best = (row[j] + 1).min(row[j + 1] + 1).min(corner + usize::from(x != y));
            corner = std::mem::replace(&mut row[j + 1], best);
        }
    }
    row[b.len()]
}

/// Lower case, letters and characters only.
fn plain(text: &str) -> Vec<char> {
    text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}
