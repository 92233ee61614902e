//! The HTTP API and the site: one router, served by [`serve()`] on a laptop and by Lambda in the cloud.

mod access;
pub mod aws;
mod behind;
mod cache;
mod diff;
mod drivers;
mod endpoint;
mod error;
mod headers;
mod models;
mod openapi;
mod rejection;
mod rows;
mod runs;
mod series;
mod serve;
mod sign_in;
mod site;
mod sql;
mod state;
mod status;
mod valuation;
mod what_if;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{from_fn_with_state, map_response_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::trace::TraceLayer;

pub use access::{Access, TokenMissing};
pub use aws::LocalAws;
#[cfg(test)]
pub(crate) use aws::tests::Served;
pub use error::ApiError;
pub use serve::{ServeError, serve};
pub use site::{EmbeddedSite, Site};
pub use state::{AppState, QuotaReader};

/// The largest body that is read. SQL written by a person fits many times over.
pub const BODY_LIMIT: usize = 64 * 1024;

/// Every route of the API, and the site on all other paths.
///
/// `access` says who may do what; it is known once the server is bound.
pub fn router(state: AppState, access: Access) -> Router {
    layered(Router::new(), state, access)
}

/// The same with the local Athena and Glue beside it.
fn router_with_aws(state: AppState, aws: Arc<LocalAws>, access: Access) -> Router {
    layered(aws::routes(aws, &access), state, access)
}

fn layered(mut router: Router<AppState>, state: AppState, access: Access) -> Router {
    for endpoint in endpoint::all() {
        router = router.route(endpoint.route, endpoint.into_handler());
    }
    // Failures are logged where their cause is known, in `error`, within this span.
    let policy = headers::Policy::new(state.sign_in.as_ref());
    let trace = TraceLayer::new_for_http()
        .make_span_with(request_span)
        .on_failure(());
    // The last layer is the outermost: every answer gets the headers, whatever made it.
    router
        .fallback(site::fallback)
        .method_not_allowed_fallback(error::wrong_method)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn_with_state(access, access::guard))
        .layer(CatchPanicLayer::custom(error::after_panic))
        .layer(CompressionLayer::new())
        .layer(trace)
        .layer(map_response_with_state(policy, headers::add))
        .with_state(state)
}

/// Path without query: what follows `?` may be anything that a reader typed.
fn request_span(request: &Request) -> tracing::Span {
    tracing::info_span!("request", method = %request.method(), path = request.uri().path())
}
