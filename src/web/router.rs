//! Routes, limits and headers common to all answers.

use super::{Error, catalog, drain, metrics, pages, photo_search, socket, uploads};
use crate::chat::Hub;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware;
use axum::routing::{get, patch, post};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

/// What the edge shares between requests.
pub struct App {
    pub hub: Arc<Hub>,
    pub media: PathBuf,
    /// Origins besides the server's own that may open chats.
    pub allowed_origins: Vec<String>,
    pub merchant_key: Option<String>,
    pub sockets: Arc<Semaphore>,
    pub most_sockets: usize,
    pub uploading: Arc<Semaphore>,
}

const MOST_UPLOADING: usize = 8;

impl App {
    pub fn new(hub: Arc<Hub>, media: PathBuf, allowed_origins: Vec<String>, merchant_key: Option<String>, most_sockets: usize) -> Self {
        let merchant_key = merchant_key.filter(|k| !k.is_empty());
        let (sockets, uploading) = (Arc::new(Semaphore::new(most_sockets)), Arc::new(Semaphore::new(MOST_UPLOADING)));
        Self { hub, media, allowed_origins, merchant_key, sockets, most_sockets, uploading }
    }
}

pub fn router(app: Arc<App>) -> Router {
    let photo =
        post(photo_search::search).layer(DefaultBodyLimit::max(uploads::LARGEST + (64 << 10))).layer(middleware::from_fn(drain::hear_out));
    let json = Router::new()
        .route("/v1/search", get(catalog::search).merge(photo))
        .route("/v1/products/{id}", get(catalog::product))
        .route("/v1/recommend", get(catalog::recommend))
        .route("/v1/events", post(catalog::behave))
        .route("/v1/catalog/{id}", patch(catalog::patch))
        .route("/v1/{*rest}", axum::routing::any(async || Error::NotFound("resource")))
        .route("/", get(pages::index))
        .route("/{*path}", get(pages::file))
        .layer(CompressionLayer::new())
        .layer(DefaultBodyLimit::max(64 << 10));
    Router::new()
        .route("/v1/chat", get(socket::upgrade))
        .route(
            "/v1/uploads",
            post(uploads::upload)
                .layer(DefaultBodyLimit::max(uploads::LARGEST + (64 << 10)))
                .layer(middleware::from_fn(drain::hear_out))
                .layer(middleware::from_fn_with_state(app.clone(), uploads::share_with_origins)),
        )
        .route("/media/{name}", get(pages::media))
        .route("/healthz", get(metrics::alive))
        .route("/readyz", get(metrics::ready))
        .route("/metrics", get(metrics::metrics))
        .merge(json)
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "same-origin"))
        .method_not_allowed_fallback(async || Error::NotAllowed)
        .with_state(app)
}

fn header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
