//! The local Athena and Glue: AWS's own protocols over the local lake, so that clients of Athena work against a laptop.

mod athena;
mod glue;
mod metadata;
mod s3;
mod wire;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Extension};
use axum::http::HeaderMap;
use axum::http::header::ORIGIN;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;

use super::access::Access;
use super::site;
use super::state::AppState;
use crate::catalogue::{LakeCatalogue, Published};
use crate::clock::Clock;
use crate::lake::LocalLake;
use crate::query::QueryEngine;
use athena::Athena;
use glue::Glue;
use wire::AwsError;

/// The bucket under whose name the lake is seen.
pub const BUCKET: &str = "assay-local";

/// Enough for Athena's longest statement and for a hundred partitions with their columns.
const CALL_LIMIT: usize = 2 * 1024 * 1024;

/// What AWS's clients talk to. One for a server.
pub struct LocalAws {
    athena: Athena,
    glue: Glue,
    lake: Arc<LocalLake>,
    catalogue: LakeCatalogue,
}

impl LocalAws {
    /// Answers with `engine` over `lake`. Statements and what was told to Glue are kept in memory, results in the lake.
    pub fn new(
        engine: Arc<dyn QueryEngine>,
        lake: Arc<LocalLake>,
        clock: Arc<dyn Clock>,
    ) -> Arc<Self> {
        let catalogue = LakeCatalogue::new(Published::new(lake.clone()));
        Arc::new(Self {
            athena: Athena::new(engine, catalogue.clone(), lake.clone(), clock.clone()),
            glue: Glue::new(catalogue.clone(), clock),
            lake,
            catalogue,
        })
    }

    /// Answers one call: `X-Amz-Target` names service and operation, the body is JSON.
    async fn call(&self, headers: &HeaderMap, body: &[u8]) -> Result<Value, AwsError> {
        no_browser(headers)?;
        let target = headers.get("x-amz-target").map(|value| value.to_str());
        let Some(Ok(target)) = target else {
            let message = "the header X-Amz-Target is missing: this address answers Athena's and Glue's calls";
            return Err(AwsError::new(
                "MissingAuthenticationTokenException",
                message,
            ));
        };
        let body = wire::parse(body)?;
        match target.split_once('.') {
            Some(("AmazonAthena", operation)) => self.athena.call(operation, body).await,
            Some(("AWSGlue", operation)) => self.glue.call(operation, body).await,
            _ => Err(AwsError::unknown_operation(target)),
        }
    }
}

/// The routes. Objects are served on loopback only: a client of S3 cannot send the token.
pub(super) fn routes(aws: Arc<LocalAws>, access: &Access) -> Router<AppState> {
    let calls = post(call)
        .layer(DefaultBodyLimit::max(CALL_LIMIT))
        .fallback(site::fallback);
    let mut routes = Router::new().route("/", calls);
    if matches!(access, Access::Loopback { .. }) {
        let bucket = format!("/{BUCKET}");
        routes = routes
            .route(&bucket, get(s3::list).fallback(s3::refuse))
            .route(&format!("{bucket}/"), get(s3::list).fallback(s3::refuse))
            .route(
                &format!("{bucket}/{{*key}}"),
                get(s3::object).fallback(s3::refuse),
            );
    }
    routes.layer(Extension(aws))
}

async fn call(
    Extension(aws): Extension<Arc<LocalAws>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match aws.call(&headers, &body).await {
        Ok(answer) => wire::answer(&answer),
        Err(error) => error.into_response(),
    }
}

/// Clients of AWS are programs. A browser says where a request comes from; no page needs this, not even our own.
fn no_browser(headers: &HeaderMap) -> Result<(), AwsError> {
    if headers.contains_key(ORIGIN) || headers.contains_key("sec-fetch-site") {
        let message = "browsers are not answered here; use a client of AWS";
        return Err(AwsError::new("AccessDeniedException", message));
    }
    Ok(())
}
