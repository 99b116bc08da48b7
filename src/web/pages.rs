//! The embedded pages and the shop's pictures.

use super::Error;
use super::router::App;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use std::sync::Arc;

#[derive(RustEmbed)]
#[folder = "web/"]
#[exclude = "node_modules/*"]
struct Pages;

/// `GET /`.
pub async fn index(headers: HeaderMap) -> Result<Response, Error> {
    page("index.html", &headers)
}

/// Any other embedded file.
pub async fn file(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    page(&path, &headers)
}

fn page(path: &str, headers: &HeaderMap) -> Result<Response, Error> {
    let file = Pages::get(path).ok_or(Error::NotFound("page"))?;
    let tag: String = file.metadata.sha256_hash().iter().take(8).map(|b| format!("{b:02x}")).collect();
    let tag = format!("\"{tag}\"");
    if headers.get(header::IF_NONE_MATCH).is_some_and(|given| given.as_bytes() == tag.as_bytes()) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let headers = [
        (header::CONTENT_TYPE, media_type(path).to_owned()),
        (header::ETAG, tag),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
    ];
    Ok((headers, Body::from(file.data.into_owned())).into_response())
}

/// `GET /media/{name}`: pictures placed at import. A name holds no path.
pub async fn media(State(app): State<Arc<App>>, Path(name): Path<String>) -> Result<Response, Error> {
    let safe = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c)) && !name.starts_with('.');
    if !safe {
        return Err(Error::NotFound("picture"));
    }
    let bytes = tokio::fs::read(app.media.join(&name)).await.map_err(|_| Error::NotFound("picture"))?;
    let headers = [
        (header::CONTENT_TYPE, media_type(&name)),
        (header::CACHE_CONTROL, "public, max-age=86400"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, bytes).into_response())
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "ico" => "image/x-icon",
        _ => "application/octet-stream",
    }
}
