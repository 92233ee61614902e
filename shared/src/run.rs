//! A run: its steps, what each did, how it ended, and how far it is.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::series::{SeriesId, Vendor};

/// One part of the pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Ask the vendors for what is new.
    Extract,
    /// Parse, check, normalise.
    Stage,
    /// One dataset out of many series.
    Assemble,
    /// Search, fit, value, score.
    Train,
    /// Write tables and move the pointer.
    Publish,
    /// Make the tables findable.
    Catalogue,
}

impl Step {
    /// The steps in their order.
    pub const ALL: [Self; 6] = [
        Self::Extract,
        Self::Stage,
        Self::Assemble,
        Self::Train,
        Self::Publish,
        Self::Catalogue,
    ];

    /// The step that follows, or `None` when the run is over.
    pub fn next(self) -> Option<Self> {
        match self {
            Self::Extract => Some(Self::Stage),
            Self::Stage => Some(Self::Assemble),
            Self::Assemble => Some(Self::Train),
            Self::Train => Some(Self::Publish),
            Self::Publish => Some(Self::Catalogue),
            Self::Catalogue => None,
        }
    }

    /// The word in logs and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Extract => "extract",
            Self::Stage => "stage",
            Self::Assemble => "assemble",
            Self::Train => "train",
            Self::Publish => "publish",
            Self::Catalogue => "catalogue",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Every series fresh, everything published.
    Success,
    /// Published, but some series are stale: they failed and their last good data was used.
    Partial,
    /// Nothing new was published.
    Failed,
}

/// Between an attempt and the number of its try, where it is tried again.
const TRY: &str = ".try";

/// The name of a try of an attempt that is tried again; the last one has the attempt's own name.
pub fn name_of_try(attempt_id: &str, number: usize) -> String {
    format!("{attempt_id}{TRY}{number}")
}

/// What every try of an attempt begins with: all of them are found under it.
pub fn tries_of(attempt_id: &str) -> String {
    format!("{attempt_id}{TRY}")
}

/// Whether a name is that of a try after which another follows. Looked for by bytes: the browser's program is a kilobyte smaller
/// without a search for text.
pub fn is_try(name: &str) -> bool {
    let mut parts = name.as_bytes().windows(TRY.len());
    parts.any(|part| part == TRY.as_bytes())
}

/// The attempt that a name belongs to, and the number of the try; `None` where no other followed.
pub fn attempt_and_try(name: &str) -> (&str, Option<usize>) {
    let parts = name.rsplit_once(TRY);
    let parts = parts.and_then(|(attempt_id, number)| Some((attempt_id, number.parse().ok()?)));
    parts.map_or((name, None), |(attempt_id, number)| {
        (attempt_id, Some(number))
    })
}

/// What one attempt to run did; `attempts/{attempt_id}.json`. Written once, when the attempt ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunReport {
    /// This attempt: start instant and a random tail.
    pub attempt_id: String,
    /// What it computed, if it came so far: equal inputs give an equal id.
    pub run_id: Option<String>,
    /// The day whose knowledge it used.
    pub as_of: NaiveDate,
    /// Its preset.
    pub preset: String,
    /// Its grid.
    pub grid: String,
    /// Present and saying why where the preset uses values before they could be known.
    pub look_ahead: Option<String>,
    /// Whether the inputs came from the synthetic market.
    pub synthetic: bool,
    /// How it ended.
    pub status: Status,
    /// Whether the run had been published before, so that nothing was written.
    pub already_published: bool,
    /// When it began (UTC).
    pub started_at: DateTime<Utc>,
    /// When it ended (UTC).
    pub finished_at: DateTime<Utc>,
    /// The steps it came to.
    pub steps: Vec<StepReport>,
    /// Every series and what became of it.
    pub series: Vec<SeriesReport>,
    /// Why it failed, if it did: the chain of causes, outermost first, and what to do.
    pub failure: Option<Failure>,
    /// Things that a reader should know though they stopped nothing.
    pub warnings: Vec<String>,
}

/// Why a run or a series failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Failure {
    /// The step, for a run.
    pub step: Option<Step>,
    /// What happened, causes included.
    pub message: String,
    /// What to do about it.
    pub advice: String,
    /// Whether trying again can help.
    pub retry: bool,
}

/// One step of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StepReport {
    /// The step.
    pub step: Step,
    /// How long it took.
    pub milliseconds: u64,
    /// What it did, in one sentence.
    pub summary: String,
}

/// What became of one series in a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeriesReport {
    /// The series.
    pub series: SeriesId,
    /// Its publisher.
    pub vendor: Vendor,
    /// Fresh, unchanged, stale or missing.
    pub state: SeriesState,
    /// Requests sent for it, retries included.
    pub requests: u32,
    /// Observations that are new or revised since the run before.
    pub new_observations: usize,
    /// Rows rejected by a check, by reason.
    pub rejected: Vec<RejectedCount>,
    /// Its newest reference date in the lake.
    pub last_date: Option<NaiveDate>,
    /// What went wrong, if it did.
    pub failure: Option<Failure>,
    /// Things seen in the data that stopped nothing: gaps, a changed unit, a stale tail.
    pub warnings: Vec<String>,
}

/// The state of a series after extract and stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SeriesState {
    /// New or revised observations came.
    Fresh,
    /// The vendor answered and nothing was new.
    Unchanged,
    /// The vendor failed; the last good data is used.
    Stale,
    /// The vendor failed and there is no earlier data.
    Missing,
}

/// Rows that a check refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RejectedCount {
    /// The reason, as in [`Rejected::reason`].
    pub reason: String,
    /// How many.
    pub rows: usize,
}

/// A row that a check refused, kept so that nothing vanishes in silence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rejected {
    /// The date as the vendor wrote it.
    pub date: String,
    /// The value as the vendor wrote it.
    pub value: String,
    /// Which check refused it.
    pub reason: String,
    /// SHA-256 of the vendor's answer, in hex.
    pub source: String,
}

/// How far a run is; what the progress stream carries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Progress {
    /// A run began.
    Started {
        /// The attempt.
        attempt_id: String,
        /// Its preset.
        preset: String,
    },
    /// A step is at work.
    Working {
        /// The step.
        step: Step,
        /// Units done.
        done: u64,
        /// Units in all; 0 when not known.
        total: u64,
        /// What it is doing now.
        message: String,
        /// Estimated seconds left in this step.
        seconds_left: Option<f64>,
    },
    /// The run is over.
    Finished {
        /// Its report.
        report: Box<RunReport>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_try_belongs_to_its_attempt() {
        let name = name_of_try("20240920T082000-4f1c", 12);
        assert!(name.starts_with(&tries_of("20240920T082000-4f1c")));
        assert_eq!(attempt_and_try(&name), ("20240920T082000-4f1c", Some(12)));
        assert!(is_try(&name) && !is_try("20240920T082000-4f1c"));
        for alone in ["20240920T082000-4f1c", "a.try", "a.tryout"] {
            assert_eq!(attempt_and_try(alone), (alone, None));
        }
    }
}
