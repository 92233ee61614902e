//! The API as a Lambda: the same router, behind an HTTP API (payload format 2). It starts runs by events and answers from the lake and from Athena.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::middleware::{from_fn, map_response};
use axum::response::{IntoResponse as _, Response};
use lambda_runtime::Error;

use super::signed_in::{ForSignedIn, know};
use super::world;
use crate::backend::Backend;
use crate::backend::cloud::Aws;
use crate::diff::KeptDiffs;
use crate::http::{Access, ApiError, AppState, Site, router};
use crate::query::{AthenaEngine, AthenaSettings, Limits, USD_PER_TERABYTE, named};
use crate::trigger::aws::{EventBus, EventRunner};
use crate::what_if::rows_by_evaluator;

/// Serves Lambda's runtime for ever.
pub async fn main() -> Result<(), Error> {
    let (backend, aws) = world()?;
    lambda_http::run(api(&backend, &aws)).await
}

fn api(backend: &Arc<Backend>, aws: &Arc<Aws>) -> Router {
    let cloud = &backend.settings.cloud;
    let athena = AthenaSettings {
        database: cloud.glue_database.clone(),
        workgroup: cloud.athena_workgroup.clone(),
        usd_per_terabyte: USD_PER_TERABYTE,
    };
    let bus = EventBus::new(aws.clone(), &cloud.event_bus);
    let state = AppState {
        published: backend.published(),
        journal: backend.journal(),
        engine: Arc::new(ForSignedIn(AthenaEngine::new(aws.clone(), athena))),
        limits: LIMITS,
        runner: Arc::new(EventRunner::new(backend.clone(), bus)),
        explain: Arc::new(KeptDiffs::new(backend.published())),
        value_rows: rows_by_evaluator,
        quota: backend.clone(),
        synthetic: backend.is_synthetic(),
        named: named().into(),
        site: Arc::new(NoSite),
        sign_in: backend.settings.sign_in.clone(),
    };
    let origins = cloud.site_origins.clone();
    router(state, Access::Site { origins })
        .layer(from_fn(know))
        .layer(map_response(sendable))
}

/// Lambda ends the function after 29 seconds, and what is not stopped by then is paid for to its end. Athena has its own memory.
const LIMITS: Limits = Limits {
    rows: 10_000,
    memory_bytes: usize::MAX,
    time: Duration::from_secs(24),
};

/// What an answer may have, so that it is within Lambda's 6 MB as text of an event (base64 adds a third).
const ANSWER_BYTES: usize = 4_500_000;

/// The answer, or a word of advice in its place where Lambda would not send it.
async fn sendable(response: Response) -> Response {
    let (head, body) = response.into_parts();
    match to_bytes(body, ANSWER_BYTES).await {
        Ok(bytes) => Response::from_parts(head, Body::from(bytes)),
        Err(_) => ApiError::TooManyBytes(ANSWER_BYTES).into_response(),
    }
}

/// The content network has the site's files.
struct NoSite;

impl Site for NoSite {
    fn file(&self, _: &str) -> Option<Cow<'static, [u8]>> {
        None
    }
}
