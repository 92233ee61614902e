//! What gold is worth: the snapshot, its history, what moved it, the model behind it, and what was said before.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use shared::api::{Get, GetContributions, GetHistory, GetJournal, GetModelCard, GetValuation};
use shared::valuation::{Contribution, Information, Interval, Valuation};

use super::endpoint::Got;
use super::error::ApiError;
use super::rows::{Row, ask, sql_date};
use super::state::{AppState, missing};
use crate::lake::Key;

/// The snapshot of the current run, or of a preset's newest.
pub(super) async fn valuation(
    State(state): State<AppState>,
    asked: Result<Query<GetValuation>, QueryRejection>,
) -> Got<GetValuation> {
    let Query(GetValuation { preset }) = asked?;
    let run_id = run_of(&state, preset.as_deref()).await?;
    state.snapshot(&run_id).await.map(Json)
}

/// The current run, or a preset's newest.
pub(super) async fn run_of(state: &AppState, preset: Option<&str>) -> Result<String, ApiError> {
    let current = state.current().await?;
    let Some(preset) = preset else {
        return Ok(current.run_id);
    };
    let found = current.by_preset.get(preset).cloned();
    found.ok_or_else(|| unknown_preset(preset, current.by_preset.keys()))
}

fn unknown_preset<'a>(preset: &str, known: impl Iterator<Item = &'a String>) -> ApiError {
    let known: Vec<String> = known.map(|name| format!("`{name}`")).collect();
    ApiError::NotFound {
        message: format!("no run of preset `{preset}` is published"),
        advice: format!("published presets: {}", known.join(", ")),
    }
}

/// Valuations of the current run between two days, oldest first.
pub(super) async fn history(
    State(state): State<AppState>,
    asked: Result<Query<GetHistory>, QueryRejection>,
) -> Got<GetHistory> {
    let Query(GetHistory { from, to }) = asked?;
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err(ApiError::BadRequest {
            message: format!("`from` ({from}) is after `to` ({to})"),
            advice: "exchange the two",
        });
    }
    let mut conditions = Vec::new();
    if let Some(day) = from {
        conditions.push(format!("date >= {}", sql_date(day)?));
    }
    if let Some(day) = to {
        conditions.push(format!("date <= {}", sql_date(day)?));
    }
    let condition = match conditions.as_slice() {
        [] => String::new(),
        given => format!("WHERE {} ", given.join(" AND ")),
    };
    let sql = format!(
        "SELECT date, price, valuation, lower_80, upper_80, lower_95, upper_95, method, split, information \
         FROM model_results_latest {condition}ORDER BY date"
    );
    let rows = ask(&*state.engine, GetHistory::ROUTE, sql, read_valuation).await;
    rows.map(Json)
}

fn read_valuation(row: Row<'_>) -> Result<Valuation, ApiError> {
    Ok(Valuation {
        date: row.get("date")?,
        price: row.get("price")?,
        valuation: row.get("valuation")?,
        interval_80: read_interval(row, "lower_80", "upper_80")?,
        interval_95: read_interval(row, "lower_95", "upper_95")?,
        method: row.get("method")?,
        split: row.get("split")?,
        // Runs from before there were two states of information valued each day once.
        information: row
            .get::<Option<Information>>("information")?
            .unwrap_or(Information::Final),
    })
}

fn read_interval(row: Row<'_>, lower: &str, upper: &str) -> Result<Option<Interval>, ApiError> {
    let ends: (Option<f64>, Option<f64>) = (row.get(lower)?, row.get(upper)?);
    Ok(match ends {
        (Some(lower), Some(upper)) => Some(Interval { lower, upper }),
        _ => None,
    })
}

/// What moved one day's valuation, largest first; without a day, the newest day's.
pub(super) async fn contributions(
    State(state): State<AppState>,
    asked: Result<Query<GetContributions>, QueryRejection>,
) -> Got<GetContributions> {
    let Query(GetContributions { date }) = asked?;
    let day = match date {
        Some(day) => sql_date(day)?,
        None => "(SELECT max(date) FROM contributions_latest)".to_owned(),
    };
    let sql = format!(
        "SELECT date, feature, contribution FROM contributions_latest \
         WHERE date = {day} ORDER BY abs(contribution) DESC, feature"
    );
    let rows = ask(&*state.engine, GetContributions::ROUTE, sql, |row| {
        Ok(Contribution {
            date: row.get("date")?,
            feature: row.get("feature")?,
            contribution: row.get("contribution")?,
        })
    })
    .await?;
    match date {
        Some(day) if rows.is_empty() => Err(ApiError::NotFound {
            message: format!("there are no contributions for {day}"),
            advice: "choose another day, or leave `date` out for the newest".to_owned(),
        }),
        _ => Ok(Json(rows)),
    }
}

/// The current model's card.
pub(super) async fn card(State(state): State<AppState>) -> Got<GetModelCard> {
    let run_id = state.current().await?.run_id;
    let card = state.published.card(&run_id).await?;
    card.map(Json)
        .ok_or_else(|| missing(&Key::ModelCard { run_id }))
}

/// Every published valuation, once. Before the first publication there is a journal too: an empty one.
pub(super) async fn journal(State(state): State<AppState>) -> Got<GetJournal> {
    Ok(Json(state.journal.read().await?))
}
