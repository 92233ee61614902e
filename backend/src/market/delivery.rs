//! How an answer reaches the client: at once and whole, or late, dripping, cut short, or not at all.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures::stream::{self, StreamExt};

use super::reply::Reply;

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

impl Delivery {
    /// The HTTP response, when it is time for it. Headers that are no headers are left out.
    pub(super) async fn response(self, reply: Reply) -> Response {
        tokio::time::sleep(self.delay).await;
        let length = reply.body.len();
        let mut response = Response::new(self.body(reply.body));
        *response.status_mut() =
            StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        if let Ok(value) = HeaderValue::from_str(&reply.content_type) {
            headers.insert(header::CONTENT_TYPE, value);
        }
        for (name, value) in &reply.headers {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse()) {
                headers.insert(name, value);
            }
        }
        response
    }

    fn body(self, bytes: Vec<u8>) -> Body {
        if self.reset {
            // Nothing is flushed before the first piece of the body: the client sees the connection close without an answer.
            return broken_after(Vec::new());
        }
        if let Some(keep) = self.keep {
            return broken_after(bytes.into_iter().take(keep).collect());
        }
        match self.drip {
            Some((size, pause)) => dripping(&bytes, size.max(1), pause),
            None => Body::from(bytes),
        }
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

fn dripping(body: &[u8], size: usize, pause: Duration) -> Body {
    let pieces: Vec<Bytes> = body.chunks(size).map(Bytes::copy_from_slice).collect();
    let drops = stream::iter(pieces).then(move |piece| async move {
        tokio::time::sleep(pause).await;
        Ok::<_, Infallible>(piece)
    });
    Body::from_stream(drops)
}
