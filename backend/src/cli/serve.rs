//! `assay serve`.

use std::sync::Arc;

use super::args::ServeArgs;
use super::run::threads;
use super::{Exit, print};
use crate::backend::Backend;
use crate::diff::MadeWhenAsked;
use crate::http::{AppState, EmbeddedSite, LocalAws, serve as serve_http};
use crate::query::{DataFusionEngine, Limits, QueryEngine, named};
use crate::trigger::Runner;
use crate::trigger::embedded::EmbeddedRunner;
use crate::trigger::schedule::run_on_schedule;
use crate::what_if::rows_by_xgboost;

/// Serves API, dashboard and schedule until Ctrl-C.
pub(super) async fn serve(backend: Backend, args: ServeArgs) -> Exit {
    let backend = Arc::new(backend);
    let runner = Arc::new(EmbeddedRunner::new(backend.clone(), threads(None)));
    let engine = match DataFusionEngine::new(backend.local_lake()) {
        Ok(engine) => Arc::new(engine) as Arc<dyn QueryEngine>,
        Err(error) => {
            print::error(&error, "check that the folder of ASSAY_HOME can be read");
            return Exit::Failed;
        }
    };
    let aws = LocalAws::new(engine.clone(), backend.local_lake(), backend.clock.clone());
    let state = AppState {
        published: backend.published(),
        journal: backend.journal(),
        engine,
        limits: Limits::default(),
        runner: runner.clone(),
        explain: Arc::new(MadeWhenAsked::new(backend.lake())),
        value_rows: rows_by_xgboost,
        quota: backend.clone(),
        synthetic: backend.is_synthetic(),
        named: named().into(),
        site: Arc::new(EmbeddedSite),
        sign_in: backend.settings.sign_in.clone(),
    };
    if !args.no_schedule {
        let runner: Arc<dyn Runner> = runner.clone();
        tokio::spawn(run_on_schedule(runner, backend.clock.clone(), args.zone));
    }
    let token = backend.settings.token.clone();
    let announce = |address| print::line(format!("Assay is at http://{address}"));
    let stop = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    let served = serve_http(state, aws, args.addr, token, announce, stop).await;
    runner.cancel();
    match served {
        Ok(()) => Exit::Good,
        Err(error) => {
            print::error(&error, error.advice());
            Exit::Failed
        }
    }
}
