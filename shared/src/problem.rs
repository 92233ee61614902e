//! What went wrong, in words for a person: a code that programs match, a message, and what to do next.

use serde::{Deserialize, Serialize};

/// The kinds of failure that a caller tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The request itself is malformed.
    BadRequest,
    /// No such thing.
    NotFound,
    /// Nothing has been published yet.
    NothingPublished,
    /// The SQL is wrong, or not a single `SELECT`.
    BadSql,
    /// The query asked for more time, memory or rows than it may have.
    QueryTooLarge,
    /// A run is already going.
    RunInProgress,
    /// A token is needed, or the one given is wrong.
    Unauthorized,
    /// The request came from another site, or names another host.
    ForeignOrigin,
    /// A file of the lake cannot be read.
    BrokenLake,
    /// A fault of ours.
    Internal,
    /// The server could not be reached. Only the browser itself says this.
    Unreachable,
}

/// Where in a query the mistake stands. Both count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Position {
    /// Line.
    pub line: u64,
    /// Column, in characters.
    pub column: u64,
}

/// A failure as the API sends it and the page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[error("{message}")]
pub struct Problem {
    /// The kind.
    pub code: Code,
    /// What failed, on which input.
    pub message: String,
    /// What to do about it.
    pub advice: String,
    /// For [`Code::BadSql`]: where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

impl Problem {
    /// A problem without a position.
    pub fn new(code: Code, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            advice: advice.into(),
            position: None,
        }
    }
}
