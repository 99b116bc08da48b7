//! `GET /healthz`, `/readyz` and `/metrics` (Prometheus text format 0.0.4).

use super::router::App;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::sync::Arc;

pub async fn alive() -> &'static str {
    "ok"
}

/// 200 when store and index answer; 503 names what does not. The language model may be absent: replies are correct without it.
pub async fn ready(State(app): State<Arc<App>>) -> Response {
    let store = app.hub.store.alive().await;
    let index = app.hub.rooms.search.shelf().revision > 0 || app.hub.store.catalog_revision().await.is_ok_and(|r| r == 0);
    let model = app.hub.rooms.drafter.is_warm();
    let ready = store && index && model;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = json!({"ready": ready, "store": store, "index": index, "model": app.hub.rooms.drafter.name(), "model_warm": model,
        "speech": app.hub.ears.is_present(), "text_encoder": app.hub.rooms.search.encoder().map_or("none", |e| e.name()),
        "image_encoder": app.hub.rooms.search.eyes().map_or("none", |e| e.name())});
    (status, axum::Json(body)).into_response()
}

pub async fn metrics(State(app): State<Arc<App>>) -> Response {
    let search = &app.hub.rooms.search;
    let shelf = search.shelf();
    let backlog = app.hub.store.backlog().await.unwrap_or_default();
    let rows = [
        ("daogou_products", "Products on the shelf.", shelf.len()),
        ("daogou_catalog_revision", "Catalogue revision that answers are read from.", shelf.revision as usize),
        ("daogou_text_vectors", "Product texts with a vector.", search.vectors().len()),
        ("daogou_texts_waiting", "Product texts that wait for their vector.", search.texts_waiting()),
        ("daogou_pictures", "Product pictures that photos are compared with.", search.pictures().map_or(0, |p| p.len())),
        ("daogou_pictures_waiting", "Product pictures that photos are not compared with yet.", search.pictures_waiting()),
        ("daogou_learning_steps_waiting", "Steps of the training on the shop's pictures that are left.", search.steps_waiting()),
        ("daogou_conversations", "Conversations with a socket or a reply under way.", app.hub.live_count()),
        ("daogou_webhooks_waiting", "Messages the shop's own systems have not taken yet.", backlog.waiting as usize),
        ("daogou_webhooks_given_up", "Messages they did not take for days.", backlog.given_up as usize),
        ("daogou_sockets", "Open chat sockets.", app.most_sockets - app.sockets.available_permits()),
    ];
    let text: String =
        rows.iter().map(|(name, help, value)| format!("# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n")).collect();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}
