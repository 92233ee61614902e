//! A SQL question and its answer, as the API carries them.

use serde::{Deserialize, Serialize};

use crate::catalogue::Column;

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// One `SELECT` statement.
    pub sql: String,
}

/// A question that comes with Assay: a file of `backend/sql/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NamedQuery {
    /// The file's name without its ending.
    pub name: String,
    /// Its first comment line: what it answers.
    pub title: String,
    /// The statement.
    pub sql: String,
}

/// A question whose answer is wanted as a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Download {
    /// One `SELECT` statement.
    pub sql: String,
    /// The form of the file.
    pub format: FileFormat,
}

/// The form of a file of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// RFC 4180: a header line, CRLF, quotes where needed; a missing value is empty.
    Csv,
    /// Apache Parquet, Snappy inside.
    Parquet,
}

/// An answer. Dates are `YYYY-MM-DD`, instants RFC 3339 in UTC, missing values `null`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Answer {
    /// Columns in order.
    pub columns: Vec<Column>,
    /// Rows in order; each as long as `columns`.
    pub rows: Vec<Vec<serde_json::Value>>,
    /// Whether rows beyond the limit were cut off.
    pub truncated: bool,
    /// What it took.
    pub cost: Cost,
}

/// What an answer took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cost {
    /// Wall time in milliseconds.
    pub milliseconds: f64,
    /// Bytes of Parquet read, where the engine says so.
    pub bytes_scanned: Option<u64>,
    /// List price in USD, where there is one.
    pub usd: Option<f64>,
}
