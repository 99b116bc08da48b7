//! Who may come in, how many, and how the shop tells that it is well; pages and their headers.

use crate::chat::Chat;
use crate::shop::{Setup, TestShop};
use daogou::model::{Encoder, fake};
use serde_json::Value;
use tokio_tungstenite::tungstenite::http::StatusCode;

#[tokio::test]
async fn only_the_shops_own_pages_and_allowed_origins_open_chats() {
    let setup = Setup { allow_origin: vec!["https://shop.example".to_owned()], ..Setup::default() };
    let shop = TestShop::with(setup).await;
    let own = format!("http://{}", shop.address);
    for (origin, allowed) in [
        (None, true),
        (Some(own.as_str()), true),
        (Some("https://shop.example"), true),
        (Some("http://shop.example"), false),
        (Some("https://shop.example.evil.example"), false),
        (Some("https://evil.example"), false),
        (Some("null"), false),
    ] {
        let opened = Chat::from_origin(&shop, origin).await.map(|_| ());
        assert_eq!(opened, if allowed { Ok(()) } else { Err(StatusCode::FORBIDDEN) }, "{origin:?}");
    }
}

#[tokio::test]
async fn a_full_house_sends_the_next_one_away_for_a_moment() {
    let shop = TestShop::with(Setup { max_chats: 1, ..Setup::default() }).await;
    let first = Chat::begin(&shop).await;
    assert_eq!(Chat::from_origin(&shop, None).await.map(|_| ()), Err(StatusCode::SERVICE_UNAVAILABLE));
    drop(first);
    shop.wait_for("/metrics", |t| t.contains("\ndaogou_sockets 0\n")).await;
    assert!(Chat::from_origin(&shop, None).await.is_ok());
}

#[tokio::test]
async fn requests_that_are_no_websocket_are_told_so() {
    let shop = TestShop::open().await;
    let whole = [
        ("connection", "keep-alive, Upgrade"),
        ("upgrade", "WebSocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA=="),
    ];
    for (changed, value, status, code) in [
        ("connection", "close", 426, "upgrade_required"),
        ("upgrade", "h2c", 426, "upgrade_required"),
        ("sec-websocket-version", "8", 426, "upgrade_required"),
        ("sec-websocket-key", "", 400, "invalid"),
    ] {
        let request = whole.iter().fold(reqwest::Client::new().get(shop.url("/v1/chat")), |request, &(name, whole)| {
            request.header(name, if name == changed { value } else { whole })
        });
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), status, "{changed}: {value}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        assert_eq!(answer.headers().get("sec-websocket-version").is_some_and(|v| v == "13"), status == 426);
        let problem: Value = answer.json().await.expect("JSON");
        assert_eq!((&problem["status"], &problem["code"]), (&status.into(), &code.into()));
    }
    let request =
        whole.iter().fold(reqwest::Client::new().get(shop.url("/v1/chat")), |request, &(name, value)| request.header(name, value));
    let answer = request.send().await.expect("an answer");
    assert_eq!(
        (answer.status(), &answer.headers()["sec-websocket-accept"]),
        (StatusCode::SWITCHING_PROTOCOLS, &"ICX+Yqv66kxgM0FcWaLWlFLwTAI=".parse().expect("a header"))
    );
    assert_eq!(reqwest::get(shop.url("/v1/chat")).await.expect("an answer").status(), 426);
    assert_eq!(reqwest::Client::new().post(shop.url("/v1/chat")).send().await.expect("an answer").status(), 405);
}

#[tokio::test]
async fn health_readiness_and_metrics_are_told() {
    let encoder = Some(Encoder::start(fake::FakeEncoder));
    let shop = TestShop::with(Setup { encoder, ..Setup::default() }).await;
    let chat = Chat::begin(&shop).await;
    assert_eq!(reqwest::get(shop.url("/healthz")).await.expect("an answer").text().await.expect("a body"), "ok");
    shop.wait_for("/readyz", |t| t.contains("\"ready\":true")).await;
    let ready: Value = reqwest::get(shop.url("/readyz")).await.expect("an answer").json().await.expect("JSON");
    assert_eq!((&ready["store"], &ready["index"], &ready["text_encoder"]), (&true.into(), &true.into(), &"fake-encoder".into()));
    shop.wait_for("/metrics", |t| t.contains("\ndaogou_sockets 1\n") && !t.contains("\ndaogou_text_vectors 0\n")).await;
    let answer = reqwest::get(shop.url("/metrics")).await.expect("an answer");
    assert!(answer.headers()["content-type"].to_str().is_ok_and(|t| t.starts_with("text/plain")));
    let text = answer.text().await.expect("a body");
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        let (name, value) = line.split_once(' ').expect("a name and a value");
        assert!(name.starts_with("daogou_") && value.parse::<f64>().is_ok(), "{line}");
        assert!(text.contains(&format!("# TYPE {}", name.split('{').next().unwrap_or(name))), "{line}");
    }
    drop(chat);
}

#[tokio::test]
async fn vectors_join_the_ranking_when_they_are_there() {
    let encoder = Some(Encoder::start(fake::FakeEncoder));
    let shop = TestShop::with(Setup { encoder, ..Setup::default() }).await;
    shop.wait_for("/v1/search?q=rain+jacket&limit=3", |t| {
        let found: Value = serde_json::from_str(t).expect("JSON");
        found["hits"][0]["signals"]["text"].is_number() && found["hits"][0]["signals"]["lexical"].is_number()
    })
    .await;
}

#[tokio::test]
async fn pages_are_served_with_careful_headers() {
    let shop = TestShop::open().await;
    for (path, kind) in [("/", "text/html"), ("/widget.js", "text/javascript")] {
        let answer = reqwest::get(shop.url(path)).await.expect("an answer");
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["x-content-type-options"]),
            (200, &"nosniff".parse().expect("a header")),
            "{path}"
        );
        assert!(answer.headers()["content-type"].to_str().is_ok_and(|t| t.starts_with(kind)), "{path}");
        let tag = answer.headers()["etag"].clone();
        let again = reqwest::Client::new().get(shop.url(path)).header("if-none-match", tag).send().await.expect("an answer");
        assert_eq!(again.status(), 304, "{path}");
    }
}
