//! Runs: what past attempts did, how to start one, and how far the one that is going has come.

use std::convert::Infallible;

use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse, Response, Sse};
use axum::{Extension, Json};
use futures::{StreamExt, future};
use shared::api::{GetPresets, GetRun, GetRuns, RunStarted, StartRun};
use tokio::sync::watch;

use super::endpoint::Got;
use super::error::ApiError;
use super::state::AppState;

/// How many attempts a list shows: half a year of weekdays.
const NEWEST: usize = 130;

/// Reports of the newest attempts, failed ones included, newest first.
pub(super) async fn list(State(state): State<AppState>) -> Got<GetRuns> {
    Ok(Json(state.published.attempts(NEWEST).await?))
}

/// One attempt's report.
pub(super) async fn one(
    State(state): State<AppState>,
    path: Result<Path<String>, PathRejection>,
) -> Got<GetRun> {
    let Path(attempt_id) = path?;
    let report = if is_name(&attempt_id) {
        state.published.attempt(&attempt_id).await?
    } else {
        None
    };
    report.map(Json).ok_or_else(|| ApiError::NotFound {
        message: format!("there is no report of an attempt `{attempt_id}`"),
        advice: "take an attempt from /api/runs; one that is still going has no report yet"
            .to_owned(),
    })
}

/// Attempt ids become keys of the lake: a `/` would lead out of its folder.
fn is_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    text.len() <= 100 && text.chars().all(plain)
}

/// What can be run.
pub(super) async fn presets(State(state): State<AppState>) -> Got<GetPresets> {
    Ok(Json(state.runner.presets()))
}

/// Starts a run and answers at once.
pub(super) async fn start(
    State(state): State<AppState>,
    body: Result<Json<StartRun>, JsonRejection>,
) -> Result<(StatusCode, Json<RunStarted>), ApiError> {
    let Json(what) = body?;
    let started = state.runner.start(what).await?;
    Ok((StatusCode::ACCEPTED, Json(started)))
}

/// Becomes true when the server stops. Streams that never end by themselves end then.
#[derive(Clone)]
pub(super) struct Stopping(pub(super) watch::Receiver<bool>);

impl Stopping {
    async fn wait(mut self) {
        // A sender that is gone means the same.
        let _ = self.0.wait_for(|stopping| *stopping).await;
    }
}

/// All progress from now on, each event a `Progress` as JSON. 204 where there is nothing to hear: browsers then do not ask again.
pub(super) async fn live(
    State(state): State<AppState>,
    stopping: Option<Extension<Stopping>>,
) -> Response {
    let Some(events) = state.runner.progress().await else {
        return StatusCode::NO_CONTENT.into_response();
    };
    let end = match stopping {
        Some(Extension(stopping)) => future::Either::Left(stopping.wait()),
        None => future::Either::Right(future::pending()),
    };
    let events = events
        .filter_map(|progress| future::ready(Event::default().json_data(progress).ok()))
        .map(Ok::<_, Infallible>)
        .take_until(Box::pin(end));
    let stream = Sse::new(events).keep_alive(KeepAlive::default());
    stream.into_response()
}
