//! The API as a Lambda: the same router, behind an HTTP API (payload format 2). It starts runs by events and answers from the lake and from Athena.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use lambda_runtime::Error;

use super::world;
use crate::backend::Backend;
use crate::backend::cloud::Aws;
use crate::diff::KeptDiffs;
use crate::http::{Access, AppState, Site, router};
use crate::query::{AthenaEngine, AthenaSettings, USD_PER_TERABYTE, named};
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
        engine: Arc::new(AthenaEngine::new(aws.clone(), athena)),
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
}

/// The content network has the site's files.
struct NoSite;

impl Site for NoSite {
    fn file(&self, _: &str) -> Option<Cow<'static, [u8]>> {
        None
    }
}
