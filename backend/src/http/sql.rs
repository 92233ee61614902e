//! SQL for readers: the tables, the questions that come with Assay, and any question of one's own.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use shared::api::{GetNamedQueries, GetTables, Post, PostQuery};
use shared::query::Query;

use super::endpoint::Got;
use super::error::ApiError;
use super::state::AppState;
use crate::query::Limits;

/// The tables and views with their columns.
pub(super) async fn tables(State(state): State<AppState>) -> Got<GetTables> {
    Ok(Json(state.engine.tables().await?))
}

/// The questions that come with Assay.
pub(super) async fn named(State(state): State<AppState>) -> Got<GetNamedQueries> {
    Ok(Json(state.named.to_vec()))
}

/// Answers one SELECT within the reader's limits.
pub(super) async fn query(
    State(state): State<AppState>,
    body: Result<Json<Query>, JsonRejection>,
) -> Result<Json<<PostQuery as Post>::Response>, ApiError> {
    let Json(query) = body?;
    let answer = state.engine.run(&query, Limits::default()).await?;
    Ok(Json(answer))
}
