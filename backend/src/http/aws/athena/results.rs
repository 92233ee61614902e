//! `GetQueryResults`: rows in pages, the names first where the statement is a question.

use serde::Deserialize;
use serde_json::{Value, json};
use shared::catalogue::{Column, ColumnType};
use shared::query::Answer;

use super::super::wire::{AwsError, page};
use super::cells;
use super::execution::{Execution, Kind, State};
use crate::catalogue::CATALOG;

/// The largest page, as in Athena.
const LARGEST: usize = 1000;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Asked {
    pub(super) query_execution_id: String,
    next_token: Option<String>,
    max_results: Option<usize>,
}

/// One page.
pub(super) fn page_of(execution: &Execution, asked: &Asked) -> Result<Value, AwsError> {
    let success = match &execution.state {
        State::Succeeded(success) => success,
        State::Queued | State::Running => {
            let state = execution.state.name();
            let message = format!("Query has not yet finished. Current state: {state}");
            return Err(AwsError::invalid(message));
        }
        State::Failed(_) | State::Cancelled => {
            let state = execution.state.name();
            let message = format!("Query did not finish successfully. Final query state: {state}");
            return Err(AwsError::invalid(message));
        }
    };
    let most = asked.max_results.unwrap_or(LARGEST);
    if !(1..=LARGEST).contains(&most) {
        return Err(AwsError::invalid(format!("MaxResults is 1 to {LARGEST}")));
    }
    let answer = &success.answer;
    // The names are a row like the others.
    let names = usize::from(execution.kind == Kind::Select);
    let all: Vec<usize> = (0..answer.rows.len() + names).collect();
    let (wanted, next) = page(&all, asked.next_token.as_deref(), most)?;
    let show = |index: usize| match index.checked_sub(names) {
        Some(index) => row(answer, index),
        None => header(answer),
    };
    let rows: Vec<Value> = wanted.into_iter().map(show).collect();
    let columns: Vec<Value> = answer
        .columns
        .iter()
        .map(|c| describe(c, execution.kind))
        .collect();
    Ok(json!({
        "ResultSet": { "Rows": rows, "ResultSetMetadata": { "ColumnInfo": columns } },
        "UpdateCount": 0,
        "NextToken": next,
    }))
}

fn header(answer: &Answer) -> Value {
    let names = answer.columns.iter();
    let data: Vec<Value> = names.map(|c| json!({ "VarCharValue": c.name })).collect();
    json!({ "Data": data })
}

fn row(answer: &Answer, index: usize) -> Value {
    let cells = answer.rows[index].iter().zip(&answer.columns);
    let show = |(value, column): (&Value, &Column)| match cells::text(value, column.kind) {
        Some(text) => json!({ "VarCharValue": text }),
        None => json!({}),
    };
    let data: Vec<Value> = cells.map(show).collect();
    json!({ "Data": data })
}

/// A column as Athena describes it: its own names of types, with Trino's precisions.
fn describe(column: &Column, kind: Kind) -> Value {
    let (name, precision) = match column.kind {
        _ if kind != Kind::Select => ("string", 0),
        ColumnType::Text => ("varchar", i32::MAX),
        ColumnType::Double => ("double", 17),
        ColumnType::BigInt => ("bigint", 19),
        ColumnType::Timestamp => ("timestamp", 3),
        ColumnType::Date => ("date", 0),
        ColumnType::Boolean => ("boolean", 0),
    };
    json!({
        "CatalogName": if kind == Kind::Select { "hive" } else { CATALOG },
        "SchemaName": "",
        "TableName": "",
        "Name": column.name,
        "Label": column.name,
        "Type": name,
        "Precision": precision,
        "Scale": 0,
        "Nullable": "UNKNOWN",
        "CaseSensitive": name == "varchar",
    })
}
