//! The newest day at other levels of its drivers: the day itself for the browser to evaluate, and values of it by the server (XGBoost, or its twin on Lambda).

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Query, State};
use shared::api::{AskWhatIf, GetWhatIf, Post, PostWhatIf, WHAT_IF_ROWS, WhatIfValue};
use shared::series::SeriesId;
use shared::what_if::{Outcome, Today, WhatIf};

use super::endpoint::Got;
use super::error::ApiError;
use super::state::{AppState, missing};
use crate::lake::Key;
use crate::what_if::ValueRows;

/// The day of the current run, or of a preset's newest.
pub(super) async fn day(
    State(state): State<AppState>,
    asked: Result<Query<GetWhatIf>, QueryRejection>,
) -> Got<GetWhatIf> {
    let Query(GetWhatIf { preset, as_of }) = asked?;
    let run_id = state.run(preset.as_deref(), as_of).await?;
    read(&state, &run_id).await.map(Json)
}

async fn read(state: &AppState, run_id: &str) -> Result<WhatIf, ApiError> {
    let found = state.published.what_if(run_id).await?;
    found.ok_or_else(|| ApiError::NotFound {
        message: format!("the run `{run_id}` was published before there was a what-if"),
        advice: "start a run: the next one that is published has it".to_owned(),
    })
}

/// Values the day at every row of levels that is sent.
pub(super) async fn value(
    State(state): State<AppState>,
    body: Result<Json<AskWhatIf>, JsonRejection>,
) -> Result<Json<<PostWhatIf as Post>::Response>, ApiError> {
    let Json(asked) = body?;
    let run_id = state.run(asked.preset.as_deref(), asked.as_of).await?;
    let today = match read(&state, &run_id).await? {
        WhatIf::Possible(today) => *today,
        WhatIf::Impossible { why } => {
            return Err(ApiError::NotFound {
                message: format!("the run `{run_id}` cannot be asked: {why}"),
                advice: "name a preset whose run can, such as `fair`".to_owned(),
            });
        }
    };
    let rows = levels(&today, &asked)?;
    let model = state.published.model(&run_id).await?;
    let model = model.ok_or_else(|| missing(&Key::Model { run_id }))?;
    let by = state.value_rows;
    let work = move || values(by, today, &model, &rows);
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|crash| ApiError::Fault(crash.into()))?
        .map(Json)
}

/// Every row in full: the levels that are sent, and the day's own for the rest.
fn levels(today: &Today, asked: &AskWhatIf) -> Result<Vec<Vec<f64>>, ApiError> {
    if asked.rows.len() > WHAT_IF_ROWS {
        return Err(ApiError::BadRequest {
            message: format!("{} rows are too many", asked.rows.len()),
            advice: "send at most 200 rows at once",
        });
    }
    let place = |series: &SeriesId| {
        let place = today
            .inputs
            .iter()
            .position(|input| input.series == *series);
        place.ok_or_else(|| ApiError::BadRequest {
            message: format!("`{series}` is nothing that moves this model"),
            advice: "take names from the inputs of GET /api/what-if",
        })
    };
    let places: Vec<usize> = asked.series.iter().map(place).collect::<Result<_, _>>()?;
    let row = |(number, given): (usize, &Vec<f64>)| {
        if given.len() != places.len() {
            return Err(ApiError::BadRequest {
                message: format!(
                    "row {number} has {} levels for {} series",
                    given.len(),
                    places.len()
                ),
                advice: "send one level a series in every row",
            });
        }
        let mut levels = today.levels();
        for (place, level) in places.iter().zip(given) {
            levels[*place] = *level;
        }
        Ok(levels)
    };
    asked.rows.iter().enumerate().map(row).collect()
}

fn values(
    by: ValueRows,
    today: Today,
    model: &[u8],
    rows: &[Vec<f64>],
) -> Result<Vec<WhatIfValue>, ApiError> {
    let outcomes = by(today, model, rows).map_err(ApiError::Fault)?;
    let value = |(number, outcome): (usize, Option<Outcome>)| {
        outcome.map(told).ok_or_else(|| ApiError::BadRequest {
            message: format!("row {number} has no valuation"),
            advice: "send prices above zero",
        })
    };
    outcomes.into_iter().enumerate().map(value).collect()
}

#[expect(clippy::needless_pass_by_value, reason = "for `map`")]
fn told(outcome: Outcome) -> WhatIfValue {
    WhatIfValue {
        valuation: outcome.valuation,
        interval_80: outcome.interval_80,
        interval_95: outcome.interval_95,
        method: outcome.method,
        output: outcome.output,
    }
}
