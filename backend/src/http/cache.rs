//! What a browser or a CDN may keep: a strong tag from the content, and an empty 304 to those who have it.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::ApiError;
use crate::lake::sha256_hex;

/// How long an answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caching {
    /// Each answer is new.
    Never,
    /// It changes when a run is published: ask with the tag each time.
    Revalidate,
    /// What lies under this name never changes.
    Forever,
}

impl Caching {
    /// The value of `Cache-Control`.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Never => "no-store",
            Self::Revalidate => "no-cache",
            Self::Forever => "public, max-age=31536000, immutable",
        }
    }
}

/// Tags the answers of the routes that it wraps.
pub(super) async fn tag(State(caching): State<Caching>, request: Request, next: Next) -> Response {
    let asked = request.headers().get(IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes = match to_bytes(body, usize::MAX).await {
        Ok(bytes) => bytes,
        Err(error) => return ApiError::Fault(error.into()).into_response(),
    };
    let status = mark(&mut parts.headers, &bytes, caching, asked.as_ref());
    parts.status = status;
    let kept = status == StatusCode::NOT_MODIFIED;
    let body = if kept { Bytes::new() } else { bytes };
    Response::from_parts(parts, Body::from(body))
}

/// Puts tag and `Cache-Control` among an answer's headers; says whether the caller has these bytes already.
pub(super) fn mark(
    headers: &mut HeaderMap,
    bytes: &[u8],
    caching: Caching,
    asked: Option<&HeaderValue>,
) -> StatusCode {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching.as_str()));
    let tag = format!("\"{}\"", sha256_hex(bytes));
    let has_it = asked.is_some_and(|asked| names(asked, &tag));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    if !has_it {
        return StatusCode::OK;
    }
    headers.remove(CONTENT_TYPE);
    headers.remove(CONTENT_LENGTH);
    StatusCode::NOT_MODIFIED
}

/// Whether `If-None-Match` names the tag. The comparison is the weak one (RFC 9110, 13.1.2): a proxy that
/// compresses makes our strong tags weak.
fn names(asked: &HeaderValue, tag: &str) -> bool {
    let asked = asked.to_str().unwrap_or_default();
    let mut tags = asked.split(',').map(str::trim);
    tags.any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}
