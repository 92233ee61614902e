//! Whether the server answers, and how fresh what it shows is.

use axum::Json;
use axum::extract::State;
use shared::api::{GetHealth, GetStatus, Health, StatusReport};

use super::endpoint::Got;
use super::state::AppState;

/// Answers without touching the lake.
pub(super) async fn health() -> Got<GetHealth> {
    Ok(Json(Health {
        ok: true,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }))
}

/// Freshness, quota, last attempt. Before the first publication there is a status too.
pub(super) async fn status(State(state): State<AppState>) -> Got<GetStatus> {
    let snapshot = match state.published.current().await? {
        Some(current) => Some(state.snapshot(&current.run_id).await?),
        None => None,
    };
    let last_attempt = state.published.attempts(1).await?.pop();
    let quota = state.quota.today().await?;
    Ok(Json(StatusReport {
        current_run: snapshot.as_ref().map(|snapshot| snapshot.run_id.clone()),
        as_of: snapshot.as_ref().map(|snapshot| snapshot.as_of),
        synthetic: snapshot
            .as_ref()
            .map_or(state.synthetic, |snapshot| snapshot.synthetic),
        quota,
        last_attempt,
        running: state.runner.running().await.is_some(),
        series: snapshot.map_or_else(Vec::new, |snapshot| snapshot.series),
    }))
}
