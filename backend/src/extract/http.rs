//! One GET with every limit that a stranger's server calls for: time, size, redirects.

use std::error::Error;
use std::net::IpAddr;
use std::time::Duration;

use chrono::DateTime;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, RETRY_AFTER};
use reqwest::{Client, Url, redirect};
use tokio::time::timeout;

use super::SYNTHETIC_HEADER;

/// How long each part of an exchange may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until the connection stands.
    pub connect: Duration,
    /// Until the head of the answer is here.
    pub first_byte: Duration,
    /// Between two pieces of the body.
    pub read: Duration,
    /// For the whole exchange: a body may drip for ever.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first_byte: Duration::from_secs(30),
            read: Duration::from_secs(30),
            total: Duration::from_mins(2),
        }
    }
}

/// The largest body that is read, decompressed: forty times the largest answer known.
pub const MAX_BODY: usize = 64 * 1024 * 1024;

/// What a server answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, if it was sent. For people: vendors send JSON under other names.
    pub content_type: Option<String>,
    /// `Retry-After` in seconds, if it was sent.
    pub retry_after: Option<u64>,
    /// Whether the synthetic market answered.
    pub synthetic: bool,
    /// The body, decompressed.
    pub body: Vec<u8>,
}

/// Why there is no answer. No address is in any message, since addresses carry keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// The client cannot be built.
    #[error("cannot prepare connections: {0}")]
    Unusable(String),
    /// The base address is none.
    #[error("its address cannot be used: {0}")]
    BadAddress(String),
    /// Nobody answers there.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// It took too long.
    #[error("{what} within {} s", .limit.as_secs_f64())]
    TimedOut {
        /// What did not happen.
        what: &'static str,
        /// The limit.
        limit: Duration,
    },
    /// The connection broke, or the body was not whole.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// More than [`MAX_BODY`].
    #[error("the answer is larger than {} MiB", MAX_BODY / 1024 / 1024)]
    TooLarge,
}

/// Asks one vendor's server. Clones share their connections.
#[derive(Clone, Debug)]
pub struct HttpClient {
    client: Client,
    timeouts: Timeouts,
}

impl HttpClient {
    /// Prepares for the server at `base`.
    ///
    /// A stand-in on this machine (plain HTTP on loopback) is asked without proxy and without root certificates, so that
    /// it also works where neither is set up.
    pub fn new(base: &str, timeouts: Timeouts) -> Result<Self, HttpError> {
        // Whoever comes second finds it installed, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .user_agent(concat!("assay/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(timeouts.connect)
            .redirect(redirect::Policy::limited(3))
            // The referring address would show the key to whomever we are sent on to.
            .referer(false);
        if is_plain_loopback(base) {
            builder = builder.no_proxy().tls_certs_only([]);
        }
        let client = builder
            .build()
            .map_err(|error| HttpError::Unusable(root_cause(&error)))?;
        Ok(Self { client, timeouts })
    }

    /// Fetches `address` with a query. Any status is an answer.
    pub async fn get(
        &self,
        address: &str,
        query: impl IntoIterator<Item = (&str, &str)>,
    ) -> Result<Response, HttpError> {
        let url = Url::parse_with_params(address, query)
            .map_err(|error| HttpError::BadAddress(error.to_string()))?;
        let limit = self.timeouts.total;
        timeout(limit, self.exchange(url))
            .await
            .unwrap_or(Err(HttpError::TimedOut {
                what: "the answer did not end",
                limit,
            }))
    }

    async fn exchange(&self, url: Url) -> Result<Response, HttpError> {
        let limit = self.timeouts.first_byte;
        let no_head = HttpError::TimedOut {
            what: "no answer",
            limit,
        };
        let head = timeout(limit, self.client.get(url).send())
            .await
            .map_err(|_| no_head)?
            .map_err(|error| explain(&error))?;
        let headers = head.headers();
        let response = Response {
            status: head.status().as_u16(),
            content_type: text(headers, &CONTENT_TYPE).map(str::to_owned),
            retry_after: retry_after(headers),
            synthetic: headers.contains_key(SYNTHETIC_HEADER),
            body: Vec::new(),
        };
        let body = self.body(head).await?;
        Ok(Response { body, ..response })
    }

    async fn body(&self, mut head: reqwest::Response) -> Result<Vec<u8>, HttpError> {
        let limit = self.timeouts.read;
        let mut body = Vec::new();
        loop {
            let stalled = HttpError::TimedOut {
                what: "the answer stopped in the middle: nothing more",
                limit,
            };
            let chunk = timeout(limit, head.chunk()).await.map_err(|_| stalled)?;
            let Some(chunk) = chunk.map_err(|error| explain(&error))? else {
                return Ok(body);
            };
            if body.len() + chunk.len() > MAX_BODY {
                return Err(HttpError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
    }
}

pub(super) fn is_plain_loopback(base: &str) -> bool {
    let Ok(url) = Url::parse(base) else {
        return false;
    };
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    let loopback = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    url.scheme() == "http" && loopback
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// `Retry-After` as seconds. A date is compared with the server's own `Date`, so that no clock of ours matters.
fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let wish = text(headers, &RETRY_AFTER)?;
    if let Ok(seconds) = wish.trim().parse() {
        return Some(seconds);
    }
    let until = DateTime::parse_from_rfc2822(wish).ok()?;
    let now = DateTime::parse_from_rfc2822(text(headers, &DATE)?).ok()?;
    Some((until - now).num_seconds().max(0).unsigned_abs())
}

fn explain(error: &reqwest::Error) -> HttpError {
    let detail = root_cause(error);
    if error.is_connect() {
        HttpError::Connect(detail)
    } else {
        HttpError::Broken(detail)
    }
}

/// The innermost cause: it names the trouble (`Connection refused`), while the outermost holds the address.
fn root_cause(error: &reqwest::Error) -> String {
    let mut found = None;
    let mut next = error.source();
    while let Some(cause) = next {
        found = Some(cause);
        next = cause.source();
    }
    found.map_or_else(|| "no reason given".to_owned(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_loopback_does_without_proxy_and_certificates() {
        for base in [
            "http://127.0.0.1:8099",
            "http://localhost",
            "http://[::1]:1",
        ] {
            assert!(is_plain_loopback(base), "{base}");
        }
        for base in [
            "https://127.0.0.1",
            "http://127.evil.example",
            "https://www.alphavantage.co",
            "x",
        ] {
            assert!(!is_plain_loopback(base), "{base}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_against_the_servers_own() {
        let headers = |pairs: &[(HeaderName, &str)]| {
            let pairs = pairs.iter().map(|(k, v)| (k.clone(), v.parse().unwrap()));
            pairs.collect::<HeaderMap>()
        };
        let date = (DATE, "Wed, 21 Oct 2015 07:28:00 GMT");
        let until = (RETRY_AFTER, "Wed, 21 Oct 2015 07:29:30 GMT");
        let past = (RETRY_AFTER, "Wed, 21 Oct 2015 07:00:00 GMT");
        assert_eq!(retry_after(&headers(&[(RETRY_AFTER, "17")])), Some(17));
        assert_eq!(
            retry_after(&headers(&[date.clone(), until.clone()])),
            Some(90)
        );
        assert_eq!(retry_after(&headers(&[date, past])), Some(0));
        assert_eq!(retry_after(&headers(&[until])), None);
        assert_eq!(retry_after(&headers(&[(RETRY_AFTER, "soon")])), None);
    }
}
