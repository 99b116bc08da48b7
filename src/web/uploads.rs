//! Photos and recordings in, ids out. What a file is, its content says, not its name.

use super::Error;
use super::router::App;
use crate::chat::ServerFrame;
use crate::chat::frame::ErrorCode;
use crate::model::audio;
use crate::model::picture::MOST_PIXELS;
use crate::store::chat::Write;
use crate::store::{Store, new_id};
use anyhow::Context;
use axum::Json;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use serde::Serialize;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

pub const LARGEST: usize = 10 << 20;
/// Bytes of the longest voice message over the socket: 60 s of 16-bit samples.
pub const LONGEST_SPEECH: usize = audio::RATE * audio::LONGEST_SECONDS * 2;

#[derive(Debug, Serialize)]
pub struct Uploaded {
    pub id: String,
    pub kind: &'static str,
    pub bytes: usize,
}

/// `POST /v1/uploads`: multipart with one file, at most 10 MiB; 413 above, 415 for what is neither picture nor sound.
pub async fn upload(State(app): State<Arc<App>>, form: Result<Multipart, MultipartRejection>) -> Result<Json<Uploaded>, Error> {
    let mut form = form.map_err(|e| Error::Invalid(e.body_text()))?;
    let _place = app.uploading.clone().try_acquire_owned().map_err(|_| Error::TooMany(2))?;
    let field = form.next_field().await.map_err(|e| broken(&e))?.ok_or_else(|| Error::Invalid("the form holds no file".to_owned()))?;
    let bytes = field.bytes().await.map_err(|e| broken(&e))?;
    if bytes.is_empty() {
        return Err(Error::Invalid("the file is empty".to_owned()));
    }
    let (kind, media_type, bytes) =
        tokio::task::spawn_blocking(move || recognize(&bytes).map(|(k, m)| (k, m, bytes))).await.context("look at an upload")??;
    let uploaded = Uploaded { id: new_id(), kind, bytes: bytes.len() };
    keep(&app, &uploaded, media_type, &bytes).await?;
    Ok(Json(uploaded))
}

/// Lets pages of allowed origins read the answer; the widget uploads photos from the shop's own pages.
pub async fn share_with_origins(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = next.run(request).await;
    if let Some(origin) = origin.filter(|o| app.allowed_origins.iter().any(|a| a == "*" || a.as_bytes() == o.as_bytes())) {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("origin"));
    }
    response
}

/// Stores spoken samples as a WAV file and returns its upload id.
///
/// # Errors
/// The `error` frame to send back.
pub async fn keep_speech(app: &Arc<App>, samples: &[u8]) -> Result<String, ServerFrame> {
    let bytes = wav(samples);
    let uploaded = Uploaded { id: new_id(), kind: "audio", bytes: bytes.len() };
    match keep(app, &uploaded, "audio/wav", &bytes).await {
        Ok(()) => Ok(uploaded.id),
        Err(error) => {
            tracing::error!("a voice message could not be kept: {error:?}");
            Err(ServerFrame::error(ErrorCode::Internal, "the voice message could not be kept; please try again"))
        }
    }
}

/// # Errors
/// The `error` frame when one of the ids is no upload.
pub async fn all_known(store: &Store, ids: &[String]) -> Result<(), ServerFrame> {
    for id in ids {
        match store.upload(id).await {
            Ok(Some(_)) => {}
            Ok(None) => return Err(ServerFrame::error(ErrorCode::BadFrame, "there is no such upload")),
            Err(_) => return Err(ServerFrame::error(ErrorCode::Internal, "uploads cannot be read right now; please try again")),
        }
    }
    Ok(())
}

async fn keep(app: &App, uploaded: &Uploaded, media_type: &str, bytes: &[u8]) -> Result<(), Error> {
    let path = app.hub.uploads.join(&uploaded.id);
    if let Err(error) = write(&path, bytes).await {
        return Err(match error.kind() {
            std::io::ErrorKind::StorageFull => Error::DiskFull,
            _ => Error::Internal(anyhow::Error::new(error).context("keep an upload")),
        });
    }
    let row = Write::Upload {
        id: uploaded.id.clone(),
        kind: uploaded.kind.to_owned(),
        media_type: media_type.to_owned(),
        bytes: bytes.len() as i64,
    };
    app.hub.writer.write(vec![row]).await.map_err(|e| Error::Internal(anyhow::anyhow!("keep an upload: {e}")))
}

async fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use tokio::io::AsyncWriteExt;
    let part = path.with_extension("part");
    let mut file = tokio::fs::File::create(&part).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    tokio::fs::rename(&part, path).await
}

/// Kind and media type, by content.
pub(super) fn recognize(bytes: &[u8]) -> Result<(&'static str, &'static str), Error> {
    if let Ok(format) = image::guess_format(bytes) {
        let reader = image::ImageReader::with_format(Cursor::new(bytes), format);
        let (width, height) = reader
            .into_dimensions()
            .map_err(|_| Error::UnsupportedMedia("the picture cannot be read; send JPEG, PNG or WebP".to_owned()))?;
        if u64::from(width) * u64::from(height) > MOST_PIXELS {
            return Err(Error::TooLarge("a picture may have at most 40 million pixels".to_owned()));
        }
        return Ok(("image", format.to_mime_type()));
    }
    match audio::decode(bytes.to_vec()) {
        Ok(_) => Ok(("audio", "audio/*")),
        Err(_) => {
            Err(Error::UnsupportedMedia("neither a picture (JPEG, PNG, WebP) nor a recording (WAV, FLAC, MP3, OGG, WebM, MP4)".to_owned()))
        }
    }
}

pub(super) fn broken(error: &axum::extract::multipart::MultipartError) -> Error {
    match error.status().as_u16() {
        413 => Error::TooLarge("a file may hold at most 10 MiB".to_owned()),
        _ => Error::Invalid("the form is not valid multipart".to_owned()),
    }
}

/// A WAV file of 16 kHz mono 16-bit samples.
fn wav(samples: &[u8]) -> Vec<u8> {
    let (rate, size) = (audio::RATE as u32, samples.len() as u32);
    let mut bytes = Vec::with_capacity(44 + samples.len());
    bytes.extend_from_slice(b"RIFF");
    bytes.extend_from_slice(&(36 + size).to_le_bytes());
    bytes.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend_from_slice(&rate.to_le_bytes());
    bytes.extend_from_slice(&(rate * 2).to_le_bytes());
    bytes.extend_from_slice(b"\x02\0\x10\0data");
    bytes.extend_from_slice(&size.to_le_bytes());
    bytes.extend_from_slice(samples);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spoken_samples_become_a_wav_that_decodes_to_the_same() {
        let samples: Vec<u8> = (0..16_000_i32).flat_map(|n| ((n % 200 * 100) as i16).to_le_bytes()).collect();
        let decoded = audio::decode(wav(&samples)).expect("decode");
        assert_eq!(decoded, audio::Pcm::from_s16le(&samples));
    }

    #[test]
    fn content_tells_the_kind() {
        assert!(matches!(recognize(b"<html>not a picture</html>"), Err(Error::UnsupportedMedia(_))));
        assert!(matches!(recognize(&wav(&[0; 3200])), Ok(("audio", _))));
        let png = crate::ingest::draw::draw("mug", Some("red"), None, 1).expect("draw");
        assert!(matches!(recognize(&png), Ok(("image", "image/png"))));
        assert!(matches!(recognize(&png[..40]), Ok(("image", _)) | Err(Error::UnsupportedMedia(_))));
    }
}
