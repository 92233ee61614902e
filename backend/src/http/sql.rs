//! SQL for readers: the tables, the questions that come with Assay, and any question of one's own, its answer as rows or file.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use shared::api::{DOWNLOAD_ROUTE, GetNamedQueries, GetTables, Post, PostQuery};
use shared::query::{Download, FileFormat, Query};
use tokio::task::spawn_blocking;

use super::endpoint::Got;
use super::error::ApiError;
use super::state::AppState;
use crate::query::format::{Format, render};
use crate::query::{Limits, parquet};

/// Rows of a file: a whole table of a run. Beyond it nothing is sent: a file does not show that it was cut.
const FILE_ROWS: usize = 100_000;

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
    let answer = state.engine.run(&query, state.limits).await?;
    Ok(Json(answer))
}

/// Answers one SELECT with a file.
pub(super) async fn download(
    State(state): State<AppState>,
    body: Result<Json<Download>, JsonRejection>,
) -> Result<Response, ApiError> {
    let Json(Download { sql, format }) = body?;
    let limits = Limits {
        rows: FILE_ROWS,
        ..state.limits
    };
    let answer = state.engine.run(&Query { sql }, limits).await?;
    if answer.truncated {
        return Err(ApiError::TooManyRows(DOWNLOAD_ROUTE));
    }
    let work = spawn_blocking(move || match format {
        FileFormat::Csv => Ok(render(&answer, Format::Csv).into_bytes()),
        FileFormat::Parquet => parquet::write(&answer),
    });
    let bytes = work.await.map_err(|crash| ApiError::Fault(crash.into()))?;
    let (media, name) = match format {
        FileFormat::Csv => (
            "text/csv; charset=utf-8",
            "attachment; filename=\"answer.csv\"",
        ),
        FileFormat::Parquet => (PARQUET, "attachment; filename=\"answer.parquet\""),
    };
    let headers = [(CONTENT_TYPE, media), (CONTENT_DISPOSITION, name)];
    Ok((headers, bytes?).into_response())
}

/// The registered media type.
const PARQUET: &str = "application/vnd.apache.parquet";
