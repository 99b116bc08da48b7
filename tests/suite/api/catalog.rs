//! HTTP questions about the catalogue, behaviour and the merchant's changes, good and bad; answers and problem details.

use crate::chat::{Chat, of, said};
use crate::shop::{MERCHANT_KEY, TestShop};
use reqwest::{Client, Method};
use serde_json::{Value, json};

/// What must be true of a hit.
type Holds = fn(&Value) -> bool;

#[tokio::test]
async fn search_answers_with_hits_facets_and_signals() {
    let shop = TestShop::open().await;
    let found = get(&shop, "/v1/search?q=rain+jacket&limit=5&explain=1").await;
    let hits = found["hits"].as_array().expect("hits");
    assert_eq!(hits.len(), 5);
    for hit in hits {
        for field in ["id", "title", "price", "currency", "availability", "image", "score", "signals"] {
            assert!(hit.get(field).is_some(), "{field}: {hit}");
        }
        for signal in ["lexical", "text", "image", "fused", "graph", "profile"] {
            assert!(hit["signals"].get(signal).is_some(), "{signal}: {hit}");
        }
    }
    assert!(hits[0]["category"].as_str().is_some_and(|t| t.contains("Rain")), "{}", hits[0]);
    for facet in ["category", "brand", "color", "size"] {
        assert!(found["facets"][facet].as_array().is_some_and(|v| !v.is_empty()), "{facet}");
    }
    assert!(found["attributes"].is_array(), "{found}");
    assert!(found["took_ms"].is_number() && found["query"]["text"].is_string(), "{found}");
}

#[tokio::test]
async fn search_parameters_narrow_and_order() {
    let shop = TestShop::open().await;
    // path, what holds for every hit
    let holds: [(&str, Holds); 12] = [
        ("/v1/search?q=backpack&price_max=60", |h| h["price"].as_f64().is_some_and(|p| p <= 60.0)),
        ("/v1/search?q=backpack&price_min=100.00", |h| h["price"].as_f64().is_some_and(|p| p >= 100.0)),
        ("/v1/search?q=shoes&brand=Mokko", |h| h["brand"] == "Mokko"),
        ("/v1/search?q=umbrella&in_stock=1", |h| h["availability"] == "in_stock"),
        ("/v1/search?q=jacket&color=navy", |h| h["color"].as_str().is_some_and(|c| c.contains("navy"))),
        ("/v1/search?q=雨衣&lang=zh&limit=4", |h| h["title"].as_str().is_some_and(|t| t.contains('雨') || t.contains('衣'))),
        // A condition alone is one too, in either script.
        ("/v1/search?q=under+30&limit=100", |h| h["price"].as_f64().is_some_and(|p| p <= 30.0)),
        ("/v1/search?q=三十塊以內&limit=100", |h| h["price"].as_f64().is_some_and(|p| p <= 30.0)),
        ("/v1/search?q=登山鞋&material=leather", |h| h["title"].as_str().is_some_and(|t| !t.is_empty())),
        ("/v1/search?q=shoes&person=kids&limit=100", |h| h["id"].is_string()),
        // The nearest of laptops, all of them dearer.
        ("/v1/search?q=laptop+under+100", |h| h["category"].as_str().is_some_and(|c| c.contains("Laptop"))),
        ("/v1/search?q=&category=Pets&limit=100", |h| h["category"].as_str().is_some_and(|c| c.starts_with("Pets"))),
    ];
    for (path, holds) in holds {
        let found = get(&shop, path).await;
        let hits = found["hits"].as_array().expect("hits");
        assert!(!hits.is_empty(), "{path}");
        hits.iter().for_each(|hit| assert!(holds(hit), "{path}: {hit}"));
    }
    assert_eq!(get(&shop, "/v1/search?q=laptop+under+100").await["relaxed"], "price");
    let found = get(&shop, "/v1/search?q=headphones&sort=price_asc").await;
    let prices: Vec<f64> = found["hits"].as_array().expect("hits").iter().filter_map(|h| h["price"].as_f64()).collect();
    assert!(prices.len() > 1 && prices.is_sorted(), "{prices:?}");
    // What products state by name is a menu of its own, and narrows.
    let open = get(&shop, "/v1/search?q=tent").await;
    let attribute = &open["attributes"][0];
    let (name, value) = (&attribute["name"], &attribute["values"][0]);
    assert!(attribute["gain"].as_f64() > Some(0.0) && value["count"].as_u64() > Some(0), "{open}");
    let chosen = json!({name.as_str().expect("a name"): value["value"]}).to_string();
    let chosen = reqwest::Url::parse_with_params(&shop.url("/v1/search?q=tent"), [("attributes", chosen)]).expect("a URL");
    let narrowed: Value = reqwest::get(chosen).await.expect("an answer").json().await.expect("JSON");
    assert!(narrowed["total"].as_u64() < open["total"].as_u64() && narrowed["total"].as_u64() > Some(0), "{narrowed}");
    let product = get(&shop, &format!("/v1/products/{}", narrowed["hits"][0]["id"].as_str().expect("an id"))).await;
    let details = product["details"].as_array().expect("details");
    assert!(details.iter().any(|d| d["name"] == *name && d["value"] == value["value"]), "{name} {value}: {product}");
    let (first, second) = (get(&shop, "/v1/search?q=tea&limit=2").await, get(&shop, "/v1/search?q=tea&limit=2&offset=2").await);
    assert_ne!(first["hits"][0]["id"], second["hits"][0]["id"]);
}

#[tokio::test]
async fn wrong_questions_get_problem_details() {
    let shop = TestShop::open().await;
    let long = format!("/v1/search?q={}", "x".repeat(1_001));
    for (method, path, body, status, code) in [
        (Method::GET, long.as_str(), None, 400, "invalid"),
        (Method::GET, "/v1/search?q=tea&price_max=cheap", None, 400, "invalid"),
        (Method::GET, "/v1/search?q=tea&price_max=-5", None, 400, "invalid"),
        (Method::GET, "/v1/search?q=tea&sort=tallest", None, 400, "invalid"),
        (Method::GET, "/v1/search?q=tea&limit=many", None, 400, "invalid"),
        (Method::GET, "/v1/search?q=tea&attributes=lock:key", None, 400, "invalid"),
        (Method::GET, "/v1/products/NO-SUCH", None, 404, "not_found"),
        (Method::GET, "/v1/recommend?for=dinner", None, 400, "invalid"),
        (Method::GET, "/v1/nothing/here", None, 404, "not_found"),
        (Method::GET, "/no-such-page.html", None, 404, "not_found"),
        (Method::GET, "/media/..%2Fdaogou.db", None, 404, "not_found"),
        (Method::GET, "/..%2f..%2fetc%2fpasswd", None, 404, "not_found"),
        (Method::POST, "/v1/events", Some("{"), 400, "invalid"),
        (Method::POST, "/v1/events", Some(r#"{"name":"view"}"#), 400, "invalid"),
        (Method::POST, "/v1/events", Some(r#"{"name":"sneeze","product":"CLO-101-BLK-M","consent":true}"#), 400, "invalid"),
        (Method::POST, "/v1/events", Some(r#"{"name":"view","product":"CLO-103-BLK-M"}"#), 403, "forbidden"),
        (Method::POST, "/v1/events", Some(r#"{"name":"view","product":"NO-SUCH","consent":true}"#), 404, "not_found"),
    ] {
        let mut request = Client::new().request(method, shop.url(path)).header("content-type", "application/json");
        if let Some(body) = body {
            request = request.body(body);
        }
        let answer = request.send().await.expect("an answer");
        let (got, kind) = (answer.status().as_u16(), answer.headers()["content-type"].clone());
        let text = answer.text().await.expect("a body");
        let shown: String = path.chars().take(60).collect();
        assert_eq!((got, kind.to_str().expect("text")), (status, "application/problem+json"), "{shown} {body:?}: {text}");
        let problem: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!((&problem["status"], &problem["code"]), (&json!(status), &json!(code)), "{shown}: {problem}");
        assert!(["type", "title", "detail"].iter().all(|f| problem[f].is_string()), "{shown}: {problem}");
    }
}

#[tokio::test]
async fn a_product_has_its_words_variants_and_reviews_in_both_languages() {
    let shop = TestShop::open().await;
    let (en, zh) = (get(&shop, "/v1/products/FTW-101").await, get(&shop, "/v1/products/FTW-101?lang=zh").await);
    assert_eq!((&en["title"], &zh["title"]), (&json!("Ridgeline Mid Waterproof Hiking Boots"), &json!("Ridgeline 中帮防水登山鞋")));
    assert_eq!((&en["price"], &en["list_price"], &en["currency"]), (&json!(99.0), &json!(129.0), &json!("SGD")));
    for product in [&en, &zh] {
        assert_eq!(product["variants"].as_array().map(Vec::len), Some(8));
        assert!(["highlights", "details", "reviews"].iter().all(|f| product[f].as_array().is_some_and(|v| !v.is_empty())), "{product}");
    }
    let variant = en["variants"][3]["id"].as_str().expect("a variant").to_owned();
    assert_eq!(get(&shop, &format!("/v1/products/{variant}")).await["id"], json!(variant));
}

#[tokio::test]
async fn recommendations_are_in_stock_and_about_the_right_thing() {
    let shop = TestShop::open().await;
    let home = get(&shop, "/v1/recommend?for=home&limit=8").await;
    let hits = home["hits"].as_array().expect("hits");
    let department = |h: &Value| h["category"].as_str().and_then(|c| c.split(" > ").next()).unwrap_or("").to_owned();
    let mut departments: Vec<String> = hits.iter().map(department).collect();
    departments.sort();
    departments.dedup();
    assert_eq!((hits.len(), departments.len()), (8, 8));
    assert!(hits.iter().all(|h| h["availability"] == "in_stock"), "{home}");
    let boots = get(&shop, "/v1/products/FTW-101").await;
    let near = get(&shop, &format!("/v1/recommend?for=product&id={}&limit=4", boots["id"].as_str().expect("an id"))).await;
    let hits = near["hits"].as_array().expect("hits");
    assert_eq!(hits.len(), 4);
    assert!(hits.iter().all(|h| h["title"] != boots["title"]) && hits.iter().take(3).all(|h| department(h) == "Footwear"), "{near}");
}

#[tokio::test]
async fn behaviour_is_kept_with_consent() {
    let shop = TestShop::open().await;
    let product = get(&shop, "/v1/products/CLO-103").await["id"].clone();
    for name in ["view", "click", "cart", "purchase", "dwell"] {
        let event = json!({"name": name, "product": product, "ms": 1_200, "consent": true, "person": "p1"});
        let answer = Client::new().post(shop.url("/v1/events")).json(&event).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{name}");
    }
}

#[tokio::test]
async fn a_merchants_change_is_in_the_next_answer() {
    let shop = TestShop::open().await;
    let mut chat = Chat::begin(&shop).await;
    let id = get(&shop, "/v1/products/CLO-103").await["id"].as_str().expect("an id").to_owned();
    let path = format!("/v1/catalog/{id}");
    chat.send(json!({"type": "page", "product": id})).await;
    for (change, expected) in [
        (json!({"price": "61.50 SGD"}), "S$61.50"),
        (json!({"price": "SGD 1,061.5"}), "S$1061.50"),
        (json!({"quantity": 2}), "only 2 left"),
        (json!({"quantity": 0}), "out of stock"),
        (json!({"availability": "preorder"}), "pre-order"),
        (json!({"availability": "in_stock", "quantity": 40, "price": "75.00 SGD"}), "S$75.00 and is in stock."),
    ] {
        let (status, answer) = patch(&shop, &path, Some(MERCHANT_KEY), &change).await;
        assert_eq!(status, 200, "{change}: {answer}");
        let frames = chat.ask(&change.to_string(), "how much is it?").await;
        assert!(said(&frames).contains(expected), "{change}: {}", said(&frames));
        assert_eq!(of(&frames, "products")[0]["items"][0]["revision"], answer["revision"], "{change}");
    }
}

#[tokio::test]
async fn nobody_else_changes_the_catalogue() {
    let shop = TestShop::open().await;
    let id = get(&shop, "/v1/products/CLO-103").await["id"].as_str().expect("an id").to_owned();
    let path = format!("/v1/catalog/{id}");
    let wrong_key = format!("{MERCHANT_KEY}x");
    for (path, key, change, status) in [
        (path.as_str(), None, json!({"price": "1.00 SGD"}), 401),
        (&path, Some("wrong"), json!({"price": "1.00 SGD"}), 401),
        (&path, Some(&wrong_key), json!({"price": "1.00 SGD"}), 401),
        (&path, Some(MERCHANT_KEY), json!({"price": 1.0}), 400),
        (&path, Some(MERCHANT_KEY), json!({"price": "cheap"}), 400),
        (&path, Some(MERCHANT_KEY), json!({"price": "-1.00 SGD"}), 400),
        (&path, Some(MERCHANT_KEY), json!({"availability": "perhaps"}), 400),
        (&path, Some(MERCHANT_KEY), json!({"quantity": -1}), 400),
        (&path, Some(MERCHANT_KEY), json!({"title": "Mine now"}), 400),
        (&path, Some(MERCHANT_KEY), json!([]), 400),
        ("/v1/catalog/NO-SUCH", Some(MERCHANT_KEY), json!({"price": "1.00 SGD"}), 404),
    ] {
        let (got, answer) = patch(&shop, path, key, &change).await;
        assert_eq!(got, status, "{key:?} {change}: {answer}");
        assert!(answer["code"].is_string(), "{key:?} {change}: {answer}");
    }
    assert_eq!(get(&shop, "/v1/products/CLO-103").await["price"], json!(75.0));
}

async fn get(shop: &TestShop, path: &str) -> Value {
    let answer = reqwest::get(shop.url(path)).await.expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.expect("JSON")
}

async fn patch(shop: &TestShop, path: &str, key: Option<&str>, change: &Value) -> (u16, Value) {
    let mut request = Client::new().patch(shop.url(path)).json(change);
    if let Some(key) = key {
        request = request.bearer_auth(key);
    }
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().await.expect("JSON"))
}
