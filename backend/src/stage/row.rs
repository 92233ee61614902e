//! A row as a vendor sent it, before any check.

use chrono::NaiveDate;
use shared::run::Rejected;

/// One value of an answer, still in the vendor's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The date as text.
    pub date: String,
    /// The value as text.
    pub value: String,
    /// The first day on which the vendor reported this value, where it says so (ALFRED's `realtime_start`).
    pub vintage: Option<NaiveDate>,
}

impl Row {
    /// The row as it is kept when a check refuses it.
    pub(super) fn rejected(&self, reason: impl Into<String>, source: &str) -> Rejected {
        Rejected {
            date: self.date.clone(),
            value: self.value.clone(),
            reason: reason.into(),
            source: source.to_owned(),
        }
    }
}

/// An answer, parsed.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Parsed {
    /// Its rows, in the vendor's order.
    pub rows: Vec<Row>,
    /// The unit that the vendor names, where it does.
    pub unit: Option<String>,
    /// The interval that the vendor names, where it does.
    pub interval: Option<String>,
}

/// An answer that does not have the shape that its function promises.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// No JSON at all, or JSON of another shape.
    #[error("the answer is not what `{expected}` sends: {message}")]
    Shape {
        /// The function or endpoint.
        expected: String,
        /// What is wrong.
        message: String,
    },
    /// The right shape, but no row in it.
    #[error("the answer has no rows")]
    Empty,
    /// The rows lack the wanted number.
    #[error("the rows have no field `{field}`; they have {found}")]
    NoField {
        /// The wanted field.
        field: String,
        /// The fields that are there.
        found: String,
    },
}
