//! Failures in, problem details (RFC 9457) out. Clients never see internals.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// What an HTTP request met.
#[derive(Debug)]
pub enum Error {
    /// 400
    Invalid(String),
    /// 401
    Unauthorized(&'static str),
    /// 403
    Forbidden(&'static str),
    /// 404
    NotFound(&'static str),
    /// 405
    NotAllowed,
    /// 413
    TooLarge(String),
    /// 415
    UnsupportedMedia(String),
    /// 426, with what has to be spoken instead
    UpgradeRequired(&'static str),
    /// 429, with the seconds to wait
    TooMany(u64),
    /// 503, with the seconds to wait
    Busy(u64),
    /// 503: a part of the service that this server does without
    Unavailable(&'static str),
    /// 507
    DiskFull,
    /// 500; logged once, here
    Internal(anyhow::Error),
}

impl Error {
    fn parts(&self) -> (StatusCode, &'static str, String) {
        match self {
            Self::Invalid(detail) => (StatusCode::BAD_REQUEST, "invalid", detail.clone()),
            Self::Unauthorized(detail) => (StatusCode::UNAUTHORIZED, "unauthorized", (*detail).to_owned()),
            Self::Forbidden(detail) => (StatusCode::FORBIDDEN, "forbidden", (*detail).to_owned()),
            Self::NotFound(what) => (StatusCode::NOT_FOUND, "not_found", format!("there is no such {what}")),
            Self::NotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "not_allowed", "this address does not take that method".to_owned()),
            Self::TooLarge(detail) => (StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail.clone()),
            Self::UnsupportedMedia(detail) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported", detail.clone()),
            Self::UpgradeRequired(detail) => (StatusCode::UPGRADE_REQUIRED, "upgrade_required", (*detail).to_owned()),
            Self::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "too_many", "too many requests; wait a little".to_owned()),
            Self::Busy(_) => (StatusCode::SERVICE_UNAVAILABLE, "busy", "the server is busy; try again shortly".to_owned()),
            Self::Unavailable(detail) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", (*detail).to_owned()),
            Self::DiskFull => (StatusCode::INSUFFICIENT_STORAGE, "disk_full", "the server has no room to keep this".to_owned()),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "something went wrong on our side".to_owned()),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, code, detail) = self.parts();
        if let Self::Internal(error) = &self {
            tracing::error!("a request failed: {error:#}");
        }
        let title = status.canonical_reason().unwrap_or("Error");
        let body = json!({"type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail, "code": code});
        let mut response = (status, Json(body)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self {
            Self::TooMany(seconds) | Self::Busy(seconds) => {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            Self::UpgradeRequired(_) => response.headers_mut().extend([
                (header::CONNECTION, HeaderValue::from_static("upgrade")),
                (header::UPGRADE, HeaderValue::from_static("websocket")),
                (header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13")),
            ]),
            _ => {}
        }
        response
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast_ref::<crate::store::StoreError>() {
            Some(crate::store::StoreError::Full) => Self::DiskFull,
            _ => Self::Internal(error),
        }
    }
}

impl From<crate::store::StoreError> for Error {
    fn from(error: crate::store::StoreError) -> Self {
        match error {
            crate::store::StoreError::Full => Self::DiskFull,
            other => Self::Internal(other.into()),
        }
    }
}
