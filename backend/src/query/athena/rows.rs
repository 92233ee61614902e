//! From Athena's pages of texts to the rows of an answer.

use aws_sdk_athena::Client;
use aws_sdk_athena::types::{ColumnInfo, Row};
use chrono::{NaiveDateTime, SecondsFormat};
use serde_json::Value;
use shared::catalogue::{Column, ColumnType};

use super::fault;
use crate::query::{Limits, QueryError};

/// Columns, rows, and whether rows were cut off.
type Rows = (Vec<Column>, Vec<Vec<Value>>, bool);

/// Reads pages until the result ends or a limit is reached.
pub(super) async fn read(athena: &Client, id: &str, limits: Limits) -> Result<Rows, QueryError> {
    let mut pages = athena
        .get_query_results()
        .query_execution_id(id)
        .into_paginator()
        .send();
    let (mut columns, mut rows, mut bytes) = (Vec::new(), Vec::new(), 0);
    let mut is_first = true;
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| fault::of_call("athena:GetQueryResults", id, &error))?;
        let Some(result) = page.result_set else {
            continue;
        };
        let mut given = result.rows.unwrap_or_default();
        if std::mem::take(&mut is_first) {
            let described = result.result_set_metadata.and_then(|m| m.column_info);
            columns = described.unwrap_or_default().iter().map(column).collect();
            // The names come as a row of their own.
            given = given.into_iter().skip(1).collect();
        }
        for row in given {
            if rows.len() == limits.rows {
                return Ok((columns, rows, true));
            }
            bytes += size(&row);
            if bytes > limits.memory_bytes {
                return Err(too_much(limits.memory_bytes));
            }
            rows.push(values(row, &columns));
        }
    }
    Ok((columns, rows, false))
}

/// The catalogue's word for a type of Athena or Hive; what it has no word for stays text.
pub(super) fn kind(name: &str) -> ColumnType {
    let bare = name.split('(').next().unwrap_or_default().to_lowercase();
    match bare.as_str() {
        "date" => ColumnType::Date,
        "timestamp" => ColumnType::Timestamp,
        "boolean" => ColumnType::Boolean,
        "tinyint" | "smallint" | "int" | "integer" | "bigint" => ColumnType::BigInt,
        "real" | "float" | "double" | "decimal" => ColumnType::Double,
        _ => ColumnType::Text,
    }
}

fn column(info: &ColumnInfo) -> Column {
    Column::new(&info.name, kind(&info.r#type))
}

fn values(row: Row, columns: &[Column]) -> Vec<Value> {
    let cells = row.data.unwrap_or_default().into_iter();
    let texts = cells.map(|cell| cell.var_char_value);
    let mut values: Vec<Value> = texts
        .zip(columns)
        .map(|(text, column)| text.map_or(Value::Null, |text| value(text, column.kind)))
        .collect();
    values.resize(columns.len(), Value::Null);
    values
}

/// A text as the value that it stands for. NaN and infinities are `null`, as JSON knows neither.
fn value(text: String, kind: ColumnType) -> Value {
    match kind {
        ColumnType::BigInt => text.parse::<i64>().map_or(Value::Null, Value::from),
        ColumnType::Double => text.parse::<f64>().map_or(Value::Null, Value::from),
        ColumnType::Boolean => Value::Bool(text == "true"),
        ColumnType::Timestamp => instant(&text).map_or(Value::String(text), Value::String),
        ColumnType::Date | ColumnType::Text => Value::String(text),
    }
}

/// `2024-03-04 21:00:00.000` as RFC 3339 in UTC.
fn instant(text: &str) -> Option<String> {
    let at = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok()?;
    Some(at.and_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

fn size(row: &Row) -> usize {
    let cells = row.data.iter().flatten();
    cells
        .map(|cell| size_of::<Value>() + cell.var_char_value.as_ref().map_or(0, String::len))
        .sum()
}

fn too_much(bytes: usize) -> QueryError {
    let message = format!(
        "the answer needs more than the {} MB of memory that it may use; aggregate or add a LIMIT",
        bytes / (1024 * 1024)
    );
    QueryError::TooLarge { message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_become_values_of_their_type() {
        let value = |text: &str, name| value(text.to_owned(), kind(name));
        assert_eq!(value("12", "integer"), json!(12));
        assert_eq!(value("1.25E-4", "double"), json!(0.000_125));
        assert_eq!(value("NaN", "double"), json!(null));
        assert_eq!(value("2.50", "decimal(10,2)"), json!(2.5));
        assert_eq!(value("true", "boolean"), json!(true));
        assert_eq!(value("2024-03-01", "date"), json!("2024-03-01"));
        assert_eq!(
            value("2024-03-04 21:00:00.250", "timestamp"),
            json!("2024-03-04T21:00:00.250Z")
        );
        assert_eq!(value("[1, 2]", "array"), json!("[1, 2]"));
    }
}
