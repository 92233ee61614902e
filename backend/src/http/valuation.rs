//! What gold is worth: the snapshot, its history, what moved it, and what was said before.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use chrono::NaiveDate;
use shared::api::{Get, GetContributions, GetHistory, GetJournal, GetValuation};
use shared::catalogue::Table;
use shared::valuation::{Contribution, Information, Interval, Valuation};

use super::endpoint::Got;
use super::error::ApiError;
use super::rows::{Row, ask, sql_date};
use super::state::AppState;

/// The snapshot of the current run, or of a preset's newest.
pub(super) async fn valuation(
    State(state): State<AppState>,
    asked: Result<Query<GetValuation>, QueryRejection>,
) -> Got<GetValuation> {
    let Query(GetValuation { preset, as_of }) = asked?;
    let run_id = state.run(preset.as_deref(), as_of).await?;
    let snapshot = state.snapshot(&run_id).await?;
    Ok(Json(snapshot.with_headline()))
}

/// A table's rows of the current run, or of the one known on a day: its name for SQL, and a condition on its rows.
pub(super) async fn rows_of(
    state: &AppState,
    table: Table,
    as_of: Option<NaiveDate>,
) -> Result<(String, Option<String>), ApiError> {
    if as_of.is_none() {
        return Ok((format!("{}_latest", table.name()), None));
    }
    // A run's id is a hash that the pointer names: letters and digits.
    let run_id = state.run(None, as_of).await?;
    Ok((
        table.name().to_owned(),
        Some(format!("run_id = '{run_id}'")),
    ))
}

/// Valuations of the current run between two days, oldest first.
pub(super) async fn history(
    State(state): State<AppState>,
    asked: Result<Query<GetHistory>, QueryRejection>,
) -> Got<GetHistory> {
    let Query(GetHistory { from, to, as_of }) = asked?;
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err(ApiError::BadRequest {
            message: format!("`from` ({from}) is after `to` ({to})"),
            advice: "exchange the two",
        });
    }
    let (table, own) = rows_of(&state, Table::ModelResults, as_of).await?;
    let mut conditions: Vec<String> = own.into_iter().collect();
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
         FROM {table} {condition}ORDER BY date"
    );
    let rows = ask(&state, GetHistory::ROUTE, sql, read_valuation).await;
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
    let Query(GetContributions { date, as_of }) = asked?;
    let (table, own) = rows_of(&state, Table::Contributions, as_of).await?;
    let (whose, and) = match own {
        Some(own) => (format!(" WHERE {own}"), format!(" AND {own}")),
        None => (String::new(), String::new()),
    };
    let day = match date {
        Some(day) => sql_date(day)?,
        None => format!("(SELECT max(date) FROM {table}{whose})"),
    };
    let sql = format!(
        "SELECT date, feature, contribution FROM {table} \
         WHERE date = {day}{and} ORDER BY abs(contribution) DESC, feature"
    );
    let rows = ask(&state, GetContributions::ROUTE, sql, |row| {
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

/// Every published valuation, once. Before the first publication there is a journal too: an empty one.
pub(super) async fn journal(State(state): State<AppState>) -> Got<GetJournal> {
    Ok(Json(state.journal.read().await?))
}
