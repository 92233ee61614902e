//! Why the number moved: two runs told apart, computed once and kept.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::{Extension, Json};
use shared::api::GetDiff;
use shared::diff::RunDiff;
use tokio::sync::Mutex;

use super::access::from_own_page;
use super::endpoint::Got;
use super::error::ApiError;
use super::state::AppState;
use crate::diff::{DiffError, explain, named};
use crate::lake::Lake;

/// Comparisons that are kept: published runs never change, so a kept one stays right.
const KEPT: usize = 32;

type Kept = VecDeque<((String, String), RunDiff)>;

/// The comparisons made by this process. One is made at a time, for each may fit a model.
#[derive(Clone, Default)]
pub(super) struct Diffs(Arc<Mutex<Kept>>);

impl Diffs {
    /// The comparison of two published runs. Made to its end even if nobody waits any more, for the next one who asks.
    async fn of(&self, lake: &Arc<dyn Lake>, runs: (String, String)) -> Result<RunDiff, ApiError> {
        let (kept, lake) = (self.0.clone(), lake.clone());
        let work = tokio::spawn(async move {
            let mut kept = kept.lock().await;
            if let Some((_, found)) = kept.iter().find(|(of, _)| *of == runs) {
                return Ok(found.clone());
            }
            let found = explain(&lake, &runs.0, &runs.1).await?;
            kept.truncate(KEPT - 1);
            kept.push_front((runs, found.clone()));
            Ok(found)
        });
        work.await.map_err(|crash| ApiError::Fault(crash.into()))?
    }
}

/// Why the newest valuation of one run is not that of another. That a run is the first of its preset is no failure.
pub(super) async fn diff(
    State(state): State<AppState>,
    Extension(diffs): Extension<Diffs>,
    headers: HeaderMap,
    asked: Result<Query<GetDiff>, QueryRejection>,
) -> Got<GetDiff> {
    let Query(GetDiff { from, to }) = asked?;
    // It reads only, but it is the one reading route that takes seconds.
    from_own_page(&headers)?;
    let lake = state.published.lake();
    match named(lake, from.as_deref(), to.as_deref()).await {
        Err(DiffError::Alone { .. }) => Ok(Json(None)),
        Err(error) => Err(error.into()),
        Ok(runs) => diffs.of(lake, runs).await.map(|found| Json(Some(found))),
    }
}
