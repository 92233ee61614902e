//! Routes that look behind a number: why it moved, where it comes from, what was refused, and what can be run.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Get, with_query};
use crate::checks::{RejectedRows, SeriesChecks};
use crate::diff::RunDiff;
use crate::series::SeriesId;

/// `GET /api/raw/{sha256}`: a vendor's answer as it came, as text. [`crate::series::Observation::source`] names it.
pub const RAW_ROUTE: &str = "/api/raw/{sha256}";
/// `POST /api/query/download`: takes a [`crate::query::Download`], answers with the file.
pub const DOWNLOAD_ROUTE: &str = "/api/query/download";

/// `GET /api/checks?as_of=`: every series of a run with its source, its next value and what the checks found.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct GetChecks {
    /// The run known on this day; absent: the current one.
    pub as_of: Option<NaiveDate>,
}

impl Get for GetChecks {
    const ROUTE: &'static str = "/api/checks";
    type Response = Vec<SeriesChecks>;
    fn path(&self) -> String {
        let as_of = self.as_of.map(|day| format!("as_of={day}"));
        with_query(Self::ROUTE, &[as_of])
    }
}

/// `GET /api/series/{series}/rejected`: rows of a series that checks refused, each with the reason.
#[derive(Clone, Debug)]
pub struct GetRejected {
    /// The series.
    pub series: SeriesId,
}

impl Get for GetRejected {
    const ROUTE: &'static str = "/api/series/{series}/rejected";
    type Response = RejectedRows;
    fn path(&self) -> String {
        format!("/api/series/{}/rejected", self.series)
    }
}

/// `GET /api/presets`: what [`super::PostRun`] can run, the configured preset first.
#[derive(Clone, Copy, Debug, Default)]
pub struct GetPresets;

impl Get for GetPresets {
    const ROUTE: &'static str = "/api/presets";
    type Response = Vec<PresetChoice>;
    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }
}

/// A preset that can be run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PresetChoice {
    /// Its name.
    pub name: String,
    /// Its title, for people.
    pub title: String,
    /// Why it uses values before they could be known, where it does.
    pub look_ahead: Option<String>,
    /// The names of its grids.
    pub grids: Vec<String>,
}

/// `GET /api/diff?from=&to=`: why the newest valuation of run `to` is not that of run `from`, in lines that add up.
///
/// Takes a while the first time: both datasets are made again. The answer is `null` where `from` is absent and no run of the
/// preset was published before `to`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct GetDiff {
    /// A published run: its id, or the unique beginning of one. Absent: the run before `to` of the same preset.
    pub from: Option<String>,
    /// The same; absent: the current run.
    pub to: Option<String>,
}

impl Get for GetDiff {
    const ROUTE: &'static str = "/api/diff";
    type Response = Option<RunDiff>;
    fn path(&self) -> String {
        let part =
            |name: &str, run: &Option<String>| run.as_ref().map(|run| format!("{name}={run}"));
        let parts = [part("from", &self.from), part("to", &self.to)];
        with_query(Self::ROUTE, &parts)
    }
}
