//! The headers that every answer carries: what the page may load, and what others may do with it.

use axum::extract::State;
use axum::http::Uri;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue};
use axum::response::Response;
use shared::api::SignIn;

use super::cache::Caching;

const ALWAYS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// The content security policy: everything comes from this server; WebAssembly may be compiled; no frame, form or base
/// address of others. Only the issuer of tokens may be asked beside this server, where readers sign in.
#[derive(Clone)]
pub(super) struct Policy(HeaderValue);

impl Policy {
    /// The policy of a server where readers sign in like this, or not at all.
    pub(super) fn new(sign_in: Option<&SignIn>) -> Self {
        let issuer = sign_in.and_then(|sign_in| origin(&sign_in.token_url));
        let issuer = issuer.map_or_else(String::new, |origin| format!(" {origin}"));
        let text = format!(
            "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self' data:; connect-src 'self'{issuer}; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'"
        );
        // An address that is no header is no address that a browser could ask either.
        Self(HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("default-src 'self'")))
    }
}

/// Scheme, host and port of an address.
fn origin(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    Some(format!("{}://{}", uri.scheme()?, uri.authority()?))
}

/// Adds them. What has not said how long it holds, errors among it, is not kept.
pub(super) async fn add(State(Policy(policy)): State<Policy>, mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    for (name, value) in ALWAYS {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static(Caching::Never.as_str()));
    response
}
