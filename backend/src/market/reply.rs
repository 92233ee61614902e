//! An answer, and how it is to be delivered.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures::stream::{self, StreamExt};
use serde::Serialize;

use super::messages;

/// FRED's content type.
pub(super) const FRED_JSON: &str = "application/json; charset=UTF-8";

/// An answer.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    /// HTTP status.
    pub(super) status: u16,
    /// Content type.
    pub(super) content_type: String,
    /// More headers.
    pub(super) headers: Vec<(String, String)>,
    /// The whole body.
    pub(super) body: Vec<u8>,
    /// For the log: `ok`, `error:…`, `limit:…`, `premium:full`, `fault:…`.
    pub(super) outcome: String,
    /// How it is delivered.
    pub(super) delivery: Delivery,
}

/// How an answer is delivered; the default is at once and whole.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Delivery {
    /// Wait before the first byte.
    pub(super) delay: Duration,
    /// Bytes at a time, and the wait after them.
    pub(super) drip: Option<(usize, Duration)>,
    /// Close the connection after so many bytes of the announced body.
    pub(super) keep: Option<usize>,
    /// Close the connection before any answer.
    pub(super) reset: bool,
}

impl Reply {
    /// A body sent as it is.
    pub(super) fn new(status: u16, content_type: &str, body: Vec<u8>, outcome: &str) -> Self {
        Self {
            status,
            content_type: content_type.to_owned(),
            headers: Vec::new(),
            body,
            outcome: outcome.to_owned(),
            delivery: Delivery::default(),
        }
    }

    /// Data of Alpha Vantage.
    pub(super) fn alpha_vantage(body: String) -> Self {
        Self::new(200, "application/json", body.into_bytes(), "ok")
    }

    /// Alpha Vantage's way to refuse: status 200 and an object of one key.
    pub(super) fn refusal(key: &str, text: &str, outcome: &str) -> Self {
        let text = serde_json::Value::from(text);
        let body = format!("{{\n    \"{key}\": {text}\n}}");
        Self::new(200, "application/json", body.into_bytes(), outcome)
    }

    /// Alpha Vantage does not understand the parameters of a function.
    pub(super) fn invalid(function: &str) -> Self {
        Self::refusal(
            "Error Message",
            &messages::invalid_call(function),
            "error:invalid",
        )
    }

    /// Data of FRED.
    pub(super) fn fred(value: &impl Serialize) -> Self {
        // Strings and numbers under text keys cannot fail to serialise.
        let body = serde_json::to_vec(value).unwrap_or_default();
        Self::new(200, FRED_JSON, body, "ok")
    }

    /// FRED's way to refuse.
    pub(super) fn fred_error(status: u16, text: &str, outcome: &str) -> Self {
        let text = serde_json::Value::from(text)
            .to_string()
            .replace('/', "\\/");
        let body = format!("{{\"error_code\":{status},\"error_message\":{text}}}");
        Self::new(status, FRED_JSON, body.into_bytes(), outcome)
    }

    /// A request that FRED refuses.
    pub(super) fn bad_request(text: &str) -> Self {
        Self::fred_error(400, text, "error:request")
    }

    /// The HTTP response, delivered as asked. Headers that are no headers are left out.
    pub(super) async fn into_response(self) -> Response {
        tokio::time::sleep(self.delivery.delay).await;
        let length = self.body.len();
        let mut response = Response::new(deliver(self.body, self.delivery));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        if let Ok(value) = HeaderValue::from_str(&self.content_type) {
            headers.insert(header::CONTENT_TYPE, value);
        }
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse()) {
                headers.insert(name, value);
            }
        }
        response
    }
}

fn deliver(body: Vec<u8>, how: Delivery) -> Body {
    if how.reset {
        // Nothing is flushed before the first piece of the body: the client sees the connection close without an answer.
        return broken_after(Vec::new());
    }
    if let Some(keep) = how.keep {
        return broken_after(body.into_iter().take(keep).collect());
    }
    match how.drip {
        Some((size, pause)) => dripping(body, size.max(1), pause),
        None => Body::from(body),
    }
}

/// A body that ends in a broken connection.
fn broken_after(start: Vec<u8>) -> Body {
    let start = (!start.is_empty()).then(|| Ok(Bytes::from(start)));
    let flush = start.is_some();
    let end = stream::once(async move {
        // What came before must leave the machine before the connection breaks.
        if flush {
            tokio::task::yield_now().await;
        }
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    Body::from_stream(stream::iter(start).chain(end))
}

fn dripping(body: Vec<u8>, size: usize, pause: Duration) -> Body {
    let pieces: Vec<Bytes> = body.chunks(size).map(Bytes::copy_from_slice).collect();
    let drops = stream::iter(pieces).then(move |piece| async move {
        tokio::time::sleep(pause).await;
        Ok::<_, Infallible>(piece)
    });
    Body::from_stream(drops)
}
