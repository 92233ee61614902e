//! What is known of a series beside its values: where it comes from, when the next value is due, what the checks found.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::run::{Rejected, SeriesReport};
use crate::series::{Frequency, SeriesId, Vendor};

/// A check that every new row or answer of a series passes or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The vendor answered, in the shape that its function promises.
    Answered,
    /// Each row has a date and a number.
    Readable,
    /// No row is dated after the day of its answer.
    NotAhead,
    /// Each value is within the series' plausible range.
    Plausible,
    /// No date has two different values.
    OneValue,
    /// No unannounced split, changed unit or spike.
    NoJump,
    /// The newest value is not too old.
    Fresh,
}

/// What a check found in the newest attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CheckResult {
    /// The check.
    pub check: Check,
    /// The rule for this series, for people.
    pub rule: String,
    /// Rows that it refused.
    pub refused: usize,
    /// Whether nothing was wrong.
    pub passed: bool,
}

/// One series of a run: its source, its next value, its checks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeriesChecks {
    /// The series.
    pub series: SeriesId,
    /// Its publisher.
    pub vendor: Vendor,
    /// What the publisher is asked for: function and parameters, never a key.
    pub source: String,
    /// How often it has a value.
    pub frequency: Frequency,
    /// From when a value counts as known, for people.
    pub publication: String,
    /// The date that the next value speaks about, if every weekday is a market day; absent where there is no value yet.
    pub next_date: Option<NaiveDate>,
    /// When it can be known at the earliest (UTC).
    pub next_expected: Option<DateTime<Utc>>,
    /// Days or periods with a value.
    pub dates: u64,
    /// Values, revisions counted.
    pub vintages: u64,
    /// What each check found in the newest attempt of this preset.
    pub checks: Vec<CheckResult>,
    /// That attempt; absent where no report of one is left.
    pub attempt_id: Option<String>,
    /// What became of the series in it.
    pub report: Option<SeriesReport>,
}

/// The newest rows of a series that checks refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RejectedRows {
    /// The series.
    pub series: SeriesId,
    /// How many were refused when some were last refused.
    pub total: usize,
    /// The first thousand of them.
    pub rows: Vec<Rejected>,
}
