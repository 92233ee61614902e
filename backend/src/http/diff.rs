//! Why the number moved: two runs told apart.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use shared::api::GetDiff;

use super::access::from_own_page;
use super::endpoint::Got;
use super::state::AppState;
use crate::diff::{DiffError, named};

/// Why the newest valuation of one run is not that of another. That a run is the first of its preset is no failure.
pub(super) async fn diff(
    State(state): State<AppState>,
    headers: HeaderMap,
    asked: Result<Query<GetDiff>, QueryRejection>,
) -> Got<GetDiff> {
    let Query(GetDiff { from, to }) = asked?;
    // It reads only, but it is the one reading route that may take seconds.
    from_own_page(&headers)?;
    let lake = state.published.lake();
    let (from, to) = match named(lake, from.as_deref(), to.as_deref()).await {
        Err(DiffError::Alone { .. }) => return Ok(Json(None)),
        named => named?,
    };
    let found = state.explain.explain(from, to).await?;
    Ok(Json(Some(found)))
}
