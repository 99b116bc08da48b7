//! `POST /v1/search`: a photo, words, or both in; ranked hits out.

use super::Error;
use super::catalog::{LONGEST_QUERY, MOST_HITS, found_json, is_on};
use super::router::App;
use super::uploads::{broken, recognize};
use crate::catalog::Lang;
use crate::model::Picture;
use crate::turn::words;
use anyhow::Context;
use axum::Json;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartRejection};
use serde_json::Value;
use std::sync::Arc;

/// What the form may hold; unknown fields are passed over.
#[derive(Default)]
struct Form {
    image: Option<Vec<u8>>,
    q: String,
    limit: Option<usize>,
    lang: Option<String>,
    explain: bool,
}

/// Multipart with `image` (at most 10 MiB and 40 million pixels), `q`, `limit`, `lang`, `explain`.
pub async fn search(State(app): State<Arc<App>>, form: Result<Multipart, MultipartRejection>) -> Result<Json<Value>, Error> {
    let form = form.map_err(|e| Error::Invalid(e.body_text()))?;
    let _place = app.uploading.clone().try_acquire_owned().map_err(|_| Error::TooMany(2))?;
    let form = Form::read(form).await?;
    if form.q.chars().count() > LONGEST_QUERY {
        return Err(Error::Invalid("q may hold at most 1,000 characters".to_owned()));
    }
    let understood = words::read(&form.q, &app.hub.rooms.search);
    let limit = form.limit.unwrap_or(20).clamp(1, MOST_HITS);
    let mut query = match form.image {
        Some(bytes) => words::query_with(open(bytes).await?, &form.q, &understood, limit),
        None if form.q.trim().is_empty() => return Err(Error::Invalid("the form holds neither image nor q".to_owned())),
        None => words::query_of(&form.q, &understood, limit),
    };
    query.lang = form.lang.as_deref().map_or(understood.lang, Lang::of_locale);
    let search = &app.hub.rooms.search;
    if query.photo.is_some() && search.eyes().is_none() {
        return Err(Error::Unavailable("pictures cannot be looked at here right now"));
    }
    let (shown, lang) = (query.clone(), query.lang);
    let found = words::search(search, query, &understood).await?;
    Ok(Json(found_json(&found, lang, form.explain.then_some(&shown))))
}

impl Form {
    async fn read(mut multipart: Multipart) -> Result<Self, Error> {
        let mut form = Self::default();
        while let Some(field) = multipart.next_field().await.map_err(|e| broken(&e))? {
            let name = field.name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|e| broken(&e))?;
            let text = || String::from_utf8(bytes.to_vec()).map_err(|_| Error::Invalid(format!("{name} is not UTF-8")));
            match name.as_str() {
                "image" | "file" | "photo" => form.image = Some(bytes.to_vec()),
                "q" => form.q = text()?,
                "limit" => form.limit = Some(text()?.trim().parse().map_err(|_| Error::Invalid("limit must be a number".to_owned()))?),
                "lang" => form.lang = Some(text()?),
                "explain" => form.explain = is_on(Some(&text()?)),
                _ => {}
            }
        }
        Ok(form)
    }
}

async fn open(bytes: Vec<u8>) -> Result<Arc<Picture>, Error> {
    let open = move || match recognize(&bytes)? {
        ("image", _) => {
            let picture = Picture::decode(&bytes);
            picture.map(Arc::new).map_err(|_| Error::UnsupportedMedia("the picture cannot be read; send JPEG, PNG or WebP".to_owned()))
        }
        _ => Err(Error::UnsupportedMedia("image is not a picture".to_owned())),
    };
    tokio::task::spawn_blocking(open).await.context("open a photo")?
}
