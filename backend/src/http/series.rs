//! The series of the current run: how fresh each is, and its observations as known on a day.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use chrono::NaiveDate;
use serde::Deserialize;
use shared::api::{Get, GetSeries, GetSeriesList, SeriesData};
use shared::series::{BadSeriesId, Observation, SeriesId};
use shared::snapshot::SeriesFreshness;

use super::endpoint::Got;
use super::error::ApiError;
use super::rows::{Row, ask, sql_date};
use super::state::AppState;

/// Every series of the current run, or of the one known on a day.
pub(super) async fn list(
    State(state): State<AppState>,
    asked: Result<Query<GetSeriesList>, QueryRejection>,
) -> Got<GetSeriesList> {
    let Query(GetSeriesList { as_of }) = asked?;
    let run_id = state.run(None, as_of).await?;
    let snapshot = state.snapshot(&run_id).await?;
    Ok(Json(snapshot.series))
}

#[derive(Deserialize)]
pub(super) struct AsOf {
    as_of: Option<NaiveDate>,
}

/// The observations of one series as known at the end of a day (UTC); without a day, all that the run knew.
pub(super) async fn one(
    State(state): State<AppState>,
    path: Result<Path<String>, PathRejection>,
    asked: Result<Query<AsOf>, QueryRejection>,
) -> Got<GetSeries> {
    let Path(name) = path?;
    let Query(AsOf { as_of }) = asked?;
    let series: SeriesId = name.parse().map_err(|error| bad_name(&error))?;
    let sql = newest_known(&series, as_of)?;
    let rows = ask(&state, GetSeries::ROUTE, sql, |row| {
        Ok((row.get::<String>("run_id")?, read_observation(row)?))
    })
    .await?;
    // A run may be published between two reads: the rows say which run's freshness goes with them.
    let run_id = match rows.first() {
        Some((run_id, _)) => run_id.clone(),
        None => state.current().await?.run_id,
    };
    let known = state.snapshot(&run_id).await?.series;
    let freshness = find(known, &series)?;
    let observations = rows.into_iter().map(|(_, row)| row).collect();
    Ok(Json(SeriesData {
        freshness,
        observations,
    }))
}

/// SQL for one row a reference date: of those known at the end of the day, the one known last.
/// The series name is text that [`SeriesId`] has parsed: letters, digits and `_`.
pub(super) fn newest_known(
    series: &SeriesId,
    as_of: Option<NaiveDate>,
) -> Result<String, ApiError> {
    let known = match as_of {
        // The day is checked as a date; an instant has the same digits.
        Some(day) => {
            sql_date(day)?;
            format!(" AND available_at <= TIMESTAMP '{day} 23:59:59'")
        }
        None => String::new(),
    };
    Ok(format!(
        "SELECT date, value, available_at, vintage, source, run_id FROM (\
         SELECT date, value, available_at, vintage, source, run_id, \
         row_number() OVER (PARTITION BY date ORDER BY available_at DESC, vintage DESC) AS age \
         FROM observations_latest WHERE series = '{series}'{known}) AS known \
         WHERE age = 1 ORDER BY date"
    ))
}

fn read_observation(row: Row<'_>) -> Result<Observation, ApiError> {
    Ok(Observation {
        date: row.get("date")?,
        value: row.get("value")?,
        available_at: row.get("available_at")?,
        vintage: row.get("vintage")?,
        source: row.get("source")?,
    })
}

pub(super) fn bad_name(error: &BadSeriesId) -> ApiError {
    ApiError::BadRequest {
        message: error.to_string(),
        advice: "take a name from /api/series",
    }
}

fn find(known: Vec<SeriesFreshness>, series: &SeriesId) -> Result<SeriesFreshness, ApiError> {
    let mut known = known.into_iter();
    let found = known.find(|freshness| freshness.series == *series);
    found.ok_or_else(|| ApiError::NotFound {
        message: format!("the current run has no series `{series}`"),
        advice: "take a name from /api/series".to_owned(),
    })
}
