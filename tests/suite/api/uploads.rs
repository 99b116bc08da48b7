//! Files for `POST /v1/uploads` in; ids that a message can carry, or problem details, out.

use super::voice::tone;
use crate::chat::{Chat, finish, of, outline, said};
use crate::shop::{Setup, TestShop, quietly};
use daogou::ingest::import_feed;
use daogou::model::{Eyes, fake};
use daogou::store::Store;
use flate2::Crc;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

#[tokio::test]
async fn a_recording_is_taken_and_heard() {
    let shop = TestShop::open().await;
    let sound = wav(&tone(2));
    let (status, uploaded) = upload(&shop, "not-a-picture.png", sound.clone()).await;
    assert_eq!((status, &uploaded["kind"], &uploaded["bytes"]), (200, &json!("audio"), &json!(sound.len())));
    let mut chat = Chat::begin(&shop).await;
    chat.send(json!({"type": "say", "id": "1", "uploads": [uploaded["id"]]})).await;
    let frames = chat.until("done").await;
    assert_eq!(frames[0]["uploads"], json!([uploaded["id"]]));
    assert_eq!(of(&frames, "transcript")[0]["text"], "2 seconds of sound");
    assert!(outline(&frames).starts_with("message transcript"), "{}", outline(&frames));
}

#[tokio::test]
async fn a_photo_is_taken_and_the_shopper_is_asked_for_words() {
    let shop = TestShop::open().await;
    let (status, uploaded) = upload(&shop, "photo", png(3, 2)).await;
    assert_eq!((status, &uploaded["kind"]), (200, &json!("image")));
    let mut chat = Chat::begin(&shop).await;
    chat.send(json!({"type": "say", "id": "1", "uploads": [uploaded["id"]]})).await;
    let frames = chat.until("done").await;
    assert_eq!((outline(&frames).as_str(), finish(&frames)), ("message text done", "asked"));
    chat.send(json!({"type": "say", "id": "2", "text": "a rain jacket that packs small, under 80", "uploads": [uploaded["id"]]})).await;
    let frames = chat.until("done").await;
    assert!(!of(&frames, "products").is_empty(), "words beside a photo are a need: {}", said(&frames));
}

#[tokio::test]
async fn a_photo_finds_what_looks_like_it() {
    let data = tempfile::tempdir().expect("a directory");
    let feed = data.path().join("feed.csv");
    let lines = "id,title,price,quantity,color,product_type,image_link\n\
        m1,Stoneware mug,12.50 SGD,4,red,Kitchen > Mugs,draw:mug\n\
        m2,Stoneware mug,12.50 SGD,4,blue,Kitchen > Mugs,draw:mug\n\
        b1,City backpack,59.00 SGD,2,navy,Bags > Backpacks,draw:backpack\n\
        u1,Storm umbrella,29.00 SGD,0,yellow,Rain > Umbrellas,draw:umbrella\n";
    std::fs::write(&feed, lines).expect("write a feed");
    let store = Store::open_dir(data.path()).await.expect("a store");
    import_feed(&store, &[feed], &quietly(data.path())).await.expect("import");
    store.close().await;
    let setup = Setup { eyes: Some(Eyes::start(fake::FakeImageEncoder)), ..Setup::default() };
    let shop = TestShop::on(data, setup).await;
    shop.wait_for("/metrics", |t| t.contains("\ndaogou_pictures 4\n")).await;
    let red = daogou::ingest::draw::draw("mug", Some("red"), None, 3).expect("draw");
    let (_, uploaded) = upload(&shop, "photo.png", red.clone()).await;
    let mut chat = Chat::begin(&shop).await;
    for (id, text, wanted) in [("1", "", "m1"), ("2", "like this but in blue", "m2"), ("3", "同款要蓝色的", "m2")] {
        chat.send(json!({"type": "say", "id": id, "text": text, "uploads": [uploaded["id"]]})).await;
        let frames = chat.until("done").await;
        assert_eq!(of(&frames, "products")[0]["items"][0]["id"], wanted, "{text}: {}", said(&frames));
    }
    for (words, wanted) in [("", "m1"), ("in blue", "m2"), ("under 100", "m1")] {
        let form =
            Form::new().part("image", Part::bytes(red.clone()).file_name("photo.png")).text("q", words.to_owned()).text("limit", "2");
        let answer = reqwest::Client::new().post(shop.url("/v1/search")).multipart(form).send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        let found: Value = answer.json().await.expect("JSON");
        assert_eq!(found["hits"][0]["id"], wanted, "{words}: {found}");
        assert!(found["hits"][0]["signals"]["image"].is_number(), "{found}");
    }
    // A navy backpack is no navy mug.
    let form = Form::new().part("image", Part::bytes(red.clone()).file_name("photo.png")).text("q", "in navy");
    let answer = reqwest::Client::new().post(shop.url("/v1/search")).multipart(form).send().await.expect("an answer");
    let found: Value = answer.json().await.expect("JSON");
    assert_eq!(found["hits"], json!([]), "{found}");
    chat.send(json!({"type": "say", "id": "4", "text": "the same in navy", "uploads": [uploaded["id"]]})).await;
    let frames = chat.until("done").await;
    assert_eq!(of(&frames, "products")[0]["items"][0]["id"], "m1");
    assert!(said(&frames).contains("Not in that colour"), "{}", said(&frames));
    for (bytes, status) in [(b"<html>".to_vec(), 415), (png(20_000, 20_000), 413)] {
        let form = Form::new().part("image", Part::bytes(bytes).file_name("photo.png"));
        let answer = reqwest::Client::new().post(shop.url("/v1/search")).multipart(form).send().await.expect("an answer");
        assert_eq!(answer.status(), status);
    }
}

#[tokio::test]
async fn wrong_files_are_refused_for_what_they_hold() {
    let shop = TestShop::open().await;
    for (name, bytes, expected, code) in [
        ("page.png", b"<html>not a picture</html>".to_vec(), 415, "unsupported"),
        ("noise.wav", vec![7; 5_000], 415, "unsupported"),
        ("half.png", png(3, 2)[..20].to_vec(), 415, "unsupported"),
        ("empty.jpg", Vec::new(), 400, "invalid"),
        ("bomb.png", png(20_000, 20_000), 413, "too_large"),
        ("large.wav", wav(&vec![1; 11 << 20]), 413, "too_large"),
    ] {
        let (status, problem) = upload(&shop, name, bytes).await;
        assert_eq!((status, &problem["code"], &problem["status"]), (expected, &json!(code), &json!(expected)), "{name}: {problem}");
    }
    // The answer reaches a client that is still sending when it is refused.
    for _ in 0..4 {
        assert_eq!(upload(&shop, "larger.wav", wav(&vec![1; 16 << 20])).await.0, 413);
    }
    let client = reqwest::Client::new();
    let without_file = client.post(shop.url("/v1/uploads")).multipart(Form::new()).send().await.expect("an answer");
    assert_eq!(without_file.status(), 400);
    let no_form = client.post(shop.url("/v1/uploads")).body("hello").send().await.expect("an answer");
    assert!([400, 415].contains(&no_form.status().as_u16()), "{}", no_form.status());
    assert_eq!(no_form.headers()["content-type"], "application/problem+json");
}

async fn upload(shop: &TestShop, name: &str, bytes: Vec<u8>) -> (u16, Value) {
    let form = Form::new().part("file", Part::bytes(bytes).file_name(name.to_owned()));
    let answer = reqwest::Client::new().post(shop.url("/v1/uploads")).multipart(form).send().await.expect("an answer");
    let status = answer.status().as_u16();
    if status >= 400 {
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{name}");
    }
    (status, answer.json().await.expect("JSON"))
}

/// A WAV file of 16 kHz mono 16-bit samples (RIFF, one `fmt ` and one `data` chunk).
pub fn wav(samples: &[u8]) -> Vec<u8> {
    let size = samples.len() as u32;
    let mut file = Vec::new();
    for part in [
        &b"RIFF"[..],
        &(36 + size).to_le_bytes(),
        b"WAVEfmt ",
        &16_u32.to_le_bytes(),
        &[1, 0, 1, 0],
        &16_000_u32.to_le_bytes(),
        &32_000_u32.to_le_bytes(),
        &[2, 0, 16, 0],
        b"data",
        &size.to_le_bytes(),
        samples,
    ] {
        file.extend_from_slice(part);
    }
    file
}

/// A PNG whose header promises a size; its pixels are those of a 3 × 2 picture, which is all that is ever read here.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 0, 0, 0, 0]);
    let mut pixels = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut pixels, &[0; 2 * 4]).expect("memory takes bytes");
    let pixels = pixels.finish().expect("memory takes bytes");
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", header), (b"IDAT", pixels), (b"IEND", Vec::new())] {
        let mut sum = Crc::new();
        sum.update(kind);
        sum.update(&data);
        file.extend((data.len() as u32).to_be_bytes());
        file.extend(kind);
        file.extend(&data);
        file.extend(sum.sum().to_be_bytes());
    }
    file
}
