//! The server's own questions to the tables: asked through the engine that readers ask too, read into shared types.

use chrono::{Datelike, NaiveDate};
use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::catalogue::Column;
use shared::query::{Answer, Query};

use super::error::ApiError;
use super::state::AppState;
use crate::query::{Limits, QueryError};

/// More than any series has days; an answer that is cut off at it is refused, not shown.
const ROWS: usize = 100_000;

/// Asks a question of the server's own and reads each row. `route` is named in errors.
pub(super) async fn ask<T>(
    state: &AppState,
    route: &'static str,
    sql: String,
    read: impl Fn(Row<'_>) -> Result<T, ApiError>,
) -> Result<Vec<T>, ApiError> {
    let limits = Limits {
        rows: ROWS,
        ..state.limits
    };
    let answer = state.engine.run(&Query { sql }, limits).await;
    let Answer {
        columns,
        rows,
        truncated,
        ..
    } = answer.map_err(|error| match error {
        // The reader did not write this SQL, so it is no mistake of theirs.
        QueryError::Wrong { message, .. } => ApiError::Unanswerable { route, message },
        other => ApiError::Query(other),
    })?;
    if truncated {
        return Err(ApiError::TooManyRows(route));
    }
    let row = |values: &Vec<Value>| {
        read(Row {
            route,
            columns: &columns,
            values,
        })
    };
    rows.iter().map(row).collect()
}

/// A row of an answer.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    route: &'static str,
    columns: &'a [Column],
    values: &'a [Value],
}

impl Row<'_> {
    /// The value of a column as the type that it must be.
    pub(super) fn get<T: DeserializeOwned>(&self, name: &str) -> Result<T, ApiError> {
        let wrong = |message: String| ApiError::Unanswerable {
            route: self.route,
            message: format!("column `{name}`: {message}"),
        };
        let at = self.columns.iter().position(|column| column.name == name);
        let value = at.and_then(|at| self.values.get(at));
        let value = value.ok_or_else(|| wrong("there is none".to_owned()))?;
        serde_json::from_value(value.clone()).map_err(|error| wrong(error.to_string()))
    }
}

/// A day as both engines write it. Years of five digits, which `chrono` reads, are no SQL.
pub(super) fn sql_date(day: NaiveDate) -> Result<String, ApiError> {
    if (1..=9999).contains(&day.year()) {
        Ok(format!("DATE '{day}'"))
    } else {
        Err(ApiError::BadRequest {
            message: format!("{day} is out of range"),
            advice: "use a day between 0001-01-01 and 9999-12-31",
        })
    }
}
