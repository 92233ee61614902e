//! Who may do what: a page of another site must not reach a server on loopback, and the network must not act without the token.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, Method};
use axum::middleware::Next;
use axum::response::Response;
use sha2::{Digest, Sha256};
use shared::api::TOKEN_HEADER;
use subtle::ConstantTimeEq;

use super::error::ApiError;
use crate::config::Secret;

/// Says how the page that asks is related to the server (Fetch Metadata).
const FETCH_SITE: &str = "sec-fetch-site";

/// Who can reach the server, and what that makes necessary.
#[derive(Clone, Debug)]
pub enum Access {
    /// Only this machine. The `Host` header must say so too: a foreign name that resolves to
    /// loopback (DNS rebinding) would make another site the same origin.
    Loopback {
        /// The port that the server listens on.
        port: u16,
    },
    /// Others as well: starting runs and running SQL need the token.
    Network {
        /// The token.
        token: Secret,
    },
    /// Everybody, through a gateway that lets nobody act without having signed in. Host names are the gateway's; pages of
    /// other sites must not act.
    Site {
        /// The dashboard's own origins, such as `https://d123.cloudfront.net`.
        origins: Vec<String>,
    },
}

/// A server that others can reach was to start without a token.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} can be reached from other machines, and there is no token")]
pub struct TokenMissing(pub SocketAddr);

impl Access {
    /// The access that belongs to a server on this address. The token counts only where others can reach it.
    pub fn at(address: SocketAddr, token: Option<Secret>) -> Result<Self, TokenMissing> {
        if is_loopback(address.ip()) {
            let port = address.port();
            return Ok(Self::Loopback { port });
        }
        let token = token.ok_or(TokenMissing(address))?;
        Ok(Self::Network { token })
    }

    /// Whether a request may go on.
    fn admit(&self, method: &Method, headers: &HeaderMap) -> Result<(), ApiError> {
        if let Self::Loopback { port } = self {
            own_host(headers, *port)?;
        }
        if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
            return Ok(());
        }
        match self {
            Self::Loopback { .. } => same_origin(headers),
            Self::Network { token } => {
                same_origin(headers)?;
                right_token(headers, token)
            }
            Self::Site { origins } => one_of(headers, origins),
        }
    }
}

/// Refuses what [`Access`] does not allow.
pub(super) async fn guard(
    State(access): State<Access>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    access.admit(request.method(), request.headers())?;
    Ok(next.run(request).await)
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

fn own_host(headers: &HeaderMap, port: u16) -> Result<(), ApiError> {
    let named = only(headers, &HOST).ok_or_else(|| ApiError::ForeignHost(String::new()))?;
    let own = named.parse::<Authority>().is_ok_and(|authority| {
        let host = authority.host();
        let address = host.trim_start_matches('[').trim_end_matches(']').parse();
        let here = host.eq_ignore_ascii_case("localhost") || address.is_ok_and(is_loopback);
        here && !named.contains('@') && authority.port_u16().unwrap_or(80) == port
    });
    if own {
        Ok(())
    } else {
        Err(ApiError::ForeignHost(named.to_owned()))
    }
}

/// Browsers name the page's origin with every POST; programs such as curl name none.
/// The scheme is not compared: behind a proxy that ends TLS the server cannot know it.
fn same_origin(headers: &HeaderMap) -> Result<(), ApiError> {
    if !headers.contains_key(ORIGIN) {
        return Ok(());
    }
    let origin = only(headers, &ORIGIN).unwrap_or_default();
    let site = ["http://", "https://"]
        .iter()
        .find_map(|scheme| origin.strip_prefix(scheme));
    match (site, only(headers, &HOST)) {
        (Some(site), Some(host)) if site.eq_ignore_ascii_case(host) => Ok(()),
        _ => Err(ApiError::ForeignOrigin(origin.to_owned())),
    }
}

/// Refuses what a browser sends for a page of another site, where reading alone costs much. Programs send no such header.
pub(super) fn from_own_page(headers: &HeaderMap) -> Result<(), ApiError> {
    let told = headers.get_all(FETCH_SITE).iter();
    let mut told = told.map(|value| value.to_str().unwrap_or_default());
    match told.find(|site| !matches!(*site, "same-origin" | "none")) {
        Some(site) => Err(ApiError::ForeignOrigin(site.to_owned())),
        None => Ok(()),
    }
}

/// Behind a content network the server's host is not the page's: the page's origins are known by name, scheme included.
fn one_of(headers: &HeaderMap, origins: &[String]) -> Result<(), ApiError> {
    if !headers.contains_key(ORIGIN) {
        return Ok(());
    }
    let origin = only(headers, &ORIGIN).unwrap_or_default();
    let mut own = origins.iter();
    if own.any(|own| own.eq_ignore_ascii_case(origin)) {
        Ok(())
    } else {
        Err(ApiError::ForeignOrigin(origin.to_owned()))
    }
}

/// Digests are compared, in constant time: neither the length nor a common start of the token shows.
fn right_token(headers: &HeaderMap, token: &Secret) -> Result<(), ApiError> {
    let given = headers.get(TOKEN_HEADER).ok_or(ApiError::TokenNeeded)?;
    let (given, wanted) = (
        Sha256::digest(given.as_bytes()),
        Sha256::digest(token.expose()),
    );
    if bool::from(given.ct_eq(&wanted)) {
        Ok(())
    } else {
        Err(ApiError::TokenWrong)
    }
}

/// The header's text, if it is given exactly once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}
