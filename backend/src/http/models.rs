//! The models behind the valuations: the card of any published run, and what tells the runs' models apart.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use futures::future::try_join_all;
use shared::api::{GetModelCard, GetModels, PublishedModel};
use shared::card::ModelCard;
use shared::catalogue::PublishedRun;

use super::endpoint::Got;
use super::error::ApiError;
use super::state::{AppState, missing};
use crate::lake::Key;

/// Two years of weekdays are more than anybody looks through.
const MODELS: usize = 500;

/// The card of the current model, of a published run's, or of the newest that was known on a day.
pub(super) async fn card(
    State(state): State<AppState>,
    asked: Result<Query<GetModelCard>, QueryRejection>,
) -> Got<GetModelCard> {
    let Query(GetModelCard { run_id, as_of }) = asked?;
    let run_id = match run_id {
        Some(run_id) => published(&state, run_id).await?,
        None => state.run(None, as_of).await?,
    };
    read(&state, run_id).await.map(Json)
}

/// The models of the newest published runs, newest first.
pub(super) async fn list(State(state): State<AppState>) -> Got<GetModels> {
    let runs = state.current().await?.published;
    let newest = runs.into_iter().rev().take(MODELS);
    let each = newest.map(|run| told(&state, run));
    try_join_all(each).await.map(Json)
}

async fn told(state: &AppState, run: PublishedRun) -> Result<PublishedModel, ApiError> {
    let card = read(state, run.run_id.clone()).await?;
    let own = card.scores.iter().find(|score| score.rule == "valuation");
    Ok(PublishedModel {
        run_id: run.run_id,
        as_of: run.as_of,
        preset: run.preset,
        published_at: run.published_at,
        rmse_pct: own.map(|score| score.rmse_pct),
        skill: card.skill,
        test_rows: card.data.test_rows,
        model_sha256: card.model_sha256,
        version: card.versions.get("assay").cloned(),
    })
}

/// The id as given, if a run of that name is published: only then does it become part of a key.
async fn published(state: &AppState, run_id: String) -> Result<String, ApiError> {
    let current = state.current().await?;
    if current.published.iter().any(|run| run.run_id == run_id) {
        return Ok(run_id);
    }
    Err(ApiError::NotFound {
        message: format!("no run `{run_id}` is published"),
        advice: "take a `run_id` from /api/models".to_owned(),
    })
}

async fn read(state: &AppState, run_id: String) -> Result<ModelCard, ApiError> {
    let card = state.published.card(&run_id).await?;
    card.ok_or_else(|| missing(&Key::ModelCard { run_id }))
}
