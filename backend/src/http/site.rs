//! The site's files: long-lived where the name carries a hash, compressed where a twin `x.br` lies beside `x`.

use std::borrow::Cow;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::cache::{Caching, mark};
use super::error::ApiError;
use super::state::AppState;

/// The built site.
pub trait Site: Send + Sync {
    /// The bytes of a file, by its path without a leading slash.
    fn file(&self, path: &str) -> Option<Cow<'static, [u8]>>;
}

#[derive(rust_embed::Embed)]
#[folder = "../frontend/dist"]
struct Files;

/// The site that was built before the program and lies inside it.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmbeddedSite;

impl Site for EmbeddedSite {
    fn file(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        Files::get(path).map(|file| file.data)
    }
}

/// The page at `/`: the first view alone.
const HOME: &str = "index.html";
/// The page everywhere else: the program that holds every page.
const DESK: &str = "app.html";

const UNBUILT: &str = "This program was built without its page. Run `make build` and start it again.\n\
    The API works: see /api/openapi.json\n";

/// Answers on every path that is no route of the API.
pub(super) async fn fallback(
    State(state): State<AppState>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let path = uri.path();
    if path == "/api" || path.starts_with("/api/") {
        return Err(ApiError::UnknownPath(path.to_owned()));
    }
    if !matches!(method, Method::GET | Method::HEAD) {
        let path = path.to_owned();
        return Err(ApiError::WrongMethod { path, method });
    }
    let name = path.trim_start_matches('/');
    if let Some(answer) = file(&*state.site, name, &headers) {
        return Ok(answer);
    }
    // A name with a dot was meant to be a file: a page in its stead would only hide that it is missing.
    if name
        .rsplit('/')
        .next()
        .is_some_and(|last| last.contains('.'))
    {
        return Err(ApiError::UnknownFile(path.to_owned()));
    }
    let page = if name.is_empty() { HOME } else { DESK };
    let Some(mut answer) = file(&*state.site, page, &headers) else {
        return Ok((StatusCode::SERVICE_UNAVAILABLE, UNBUILT).into_response());
    };
    // The desk is the same everywhere and shows what the path names, or that there is no such page.
    if !shared::api::PAGES.contains(&path.trim_end_matches('/')) {
        *answer.status_mut() = StatusCode::NOT_FOUND;
    }
    Ok(answer)
}

/// A file's answer, if there is such a file.
fn file(site: &dyn Site, name: &str, asked: &HeaderMap) -> Option<Response> {
    let plain = site.file(name)?;
    let twin = site.file(&format!("{name}.br"));
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, media_type(name));
    if twin.is_some() {
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    let bytes = match twin {
        Some(twin) if takes_brotli(asked) => {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
            twin
        }
        _ => plain,
    };
    let caching = if is_hashed(name) {
        Caching::Forever
    } else {
        Caching::Revalidate
    };
    let status = mark(&mut headers, &bytes, caching, asked.get(IF_NONE_MATCH));
    let body = match status {
        StatusCode::NOT_MODIFIED => Body::empty(),
        _ => Body::from(bytes.into_owned()),
    };
    Some((status, headers, body).into_response())
}

fn media_type(name: &str) -> HeaderValue {
    let guess = mime_guess::from_path(name).first_or_octet_stream();
    let text = match guess.type_() {
        mime_guess::mime::TEXT => format!("{guess}; charset=utf-8"),
        _ => guess.to_string(),
    };
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// Whether a name changes with the content: `app-5KQ2ABCD.js` as esbuild writes it, or Trunk's 16 hexadecimal digits.
fn is_hashed(name: &str) -> bool {
    let base32 = |part: &str| {
        let digits = |c: char| matches!(c, 'A'..='Z' | '2'..='7');
        part.len() == 8 && part.chars().all(digits)
    };
    let hex = |part: &str| part.len() == 16 && part.chars().all(|c| c.is_ascii_hexdigit());
    let mut parts = name.split(|c: char| !c.is_ascii_alphanumeric());
    parts.any(|part| base32(part) || hex(part))
}

/// Whether `br` is accepted: named, and not with the weight 0 (RFC 9110, 12.5.3).
fn takes_brotli(headers: &HeaderMap) -> bool {
    let given = headers.get_all(ACCEPT_ENCODING).iter();
    let codings = given
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    codings.into_iter().any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().strip_prefix("q=").map(str::parse::<f32>);
        name.trim().eq_ignore_ascii_case("br") && !matches!(weight, Some(Ok(0.0)))
    })
}
