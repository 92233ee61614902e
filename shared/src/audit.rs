//! What the search for look-ahead found in a run.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The audit of a run: whether its numbers could have been known when they say so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditCard {
    /// How many days were drawn, summed over the states of information.
    pub dates: usize,
    /// Seed of the draw.
    pub seed: u64,
    /// Two numbers that differ by no more count as equal.
    pub tolerance: f64,
    /// The checks, in order.
    pub checks: Vec<AuditCheck>,
    /// Whether nothing was found.
    pub passed: bool,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditCheck {
    /// Which.
    pub check: AuditKind,
    /// What it demands, for people.
    pub label: String,
    /// How many numbers were compared.
    pub compared: usize,
    /// The largest difference among those that have one.
    pub largest: f64,
    /// What broke it; the days' own rows first.
    pub findings: Vec<AuditFinding>,
    /// Whether nothing did.
    pub passed: bool,
}

/// The checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AuditKind {
    /// What was not yet known at a row's cut-off is removed from the world, and everything is computed anew.
    Truncation,
    /// What was not yet known is replaced by shuffled values.
    ShuffledFuture,
    /// The day's own price is replaced by others.
    OwnPrice,
    /// Each value that a row uses is looked up among those that were published by its cut-off.
    AvailableAt,
    /// Each feature is compared with the target itself.
    Disguise,
}

/// A number that knew what it could not know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditFinding {
    /// The feature, series or other number.
    pub name: String,
    /// A day on which it shows.
    pub date: NaiveDate,
    /// On how many rows it showed.
    pub rows: usize,
    /// By how much the number changes, in its own unit; absent where there is none to compare with.
    pub difference: Option<f64>,
    /// What is wrong, in plain words.
    pub detail: String,
}
