//! The routes about drivers: their newest values, what each did day by day, and what if they stood elsewhere.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::api::{Get, Post, with_query};
use crate::series::{Frequency, SeriesId};
use crate::snapshot::SeriesFreshness;
use crate::valuation::{Contribution, Interval, Method};
use crate::what_if::{Measure, Point, WhatIf};

/// `GET /api/contributions/history?feature=&from=&to=`: what one driver did on each day of the current run, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct GetContributionHistory {
    /// The driver or feature, as contributions name it.
    pub feature: String,
    /// First day, inclusive.
    pub from: Option<NaiveDate>,
    /// Last day, inclusive.
    pub to: Option<NaiveDate>,
    /// The run that was known on this day; absent: the current one.
    pub as_of: Option<NaiveDate>,
}

impl Get for GetContributionHistory {
    const ROUTE: &'static str = "/api/contributions/history";
    type Response = Vec<Contribution>;
    fn path(&self) -> String {
        let feature = Some(format!("feature={}", self.feature));
        let from = self.from.map(|day| format!("from={day}"));
        let to = self.to.map(|day| format!("to={day}"));
        let as_of = self.as_of.map(|day| format!("as_of={day}"));
        with_query(Self::ROUTE, &[feature, from, to, as_of])
    }
}

/// `GET /api/drivers?as_of=`: every series of the current run with its newest values.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct GetDrivers {
    /// The run that was known on this day; absent: the current one.
    pub as_of: Option<NaiveDate>,
}

impl Get for GetDrivers {
    const ROUTE: &'static str = "/api/drivers";
    type Response = Vec<DriverSeries>;
    fn path(&self) -> String {
        let as_of = self.as_of.map(|day| format!("as_of={day}"));
        with_query(Self::ROUTE, &[as_of])
    }
}

/// A series as the drivers page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DriverSeries {
    /// What it is and how fresh.
    pub freshness: SeriesFreshness,
    /// The group that gold people put it in; `target` for what is valued. Empty where no feature is made of it.
    pub group: String,
    /// What exactly is asked of its publisher: FRED's id, or Alpha Vantage's function, parameters and field. Empty in runs
    /// from before presets were kept.
    pub source: String,
    /// How often it has an observation.
    pub frequency: Option<Frequency>,
    /// An observation older than this many days is stale.
    pub stale_after_days: Option<i64>,
    /// How a change of it is told.
    pub measure: Measure,
    /// Under which names contributions tell what it does.
    pub features: Vec<String>,
    /// Its newest values, as known at the end of the run's as-of day, oldest first: at most 60.
    pub values: Vec<Point>,
}

/// `GET /api/what-if?preset=&as_of=`: the newest day of the current run, or of a preset's newest, to be valued at other levels of its
/// drivers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct GetWhatIf {
    /// A preset's name; absent: the current run.
    pub preset: Option<String>,
    /// The run that was known on this day; absent: the current one.
    pub as_of: Option<NaiveDate>,
}

impl Get for GetWhatIf {
    const ROUTE: &'static str = "/api/what-if";
    type Response = WhatIf;
    fn path(&self) -> String {
        let preset = self.preset.as_ref().map(|name| format!("preset={name}"));
        let as_of = self.as_of.map(|day| format!("as_of={day}"));
        with_query(Self::ROUTE, &[preset, as_of])
    }
}

/// `POST /api/what-if`: the same day valued at the levels that are sent.
#[derive(Clone, Copy, Debug)]
pub struct PostWhatIf;

impl Post for PostWhatIf {
    const ROUTE: &'static str = "/api/what-if";
    type Body = AskWhatIf;
    type Response = Vec<WhatIfValue>;
}

/// The most rows that [`PostWhatIf`] values at once.
pub const WHAT_IF_ROWS: usize = 200;

/// Levels to value the newest day at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskWhatIf {
    /// A preset's name; absent: the current run.
    pub preset: Option<String>,
    /// The run that was known on this day; absent: the current one.
    pub as_of: Option<NaiveDate>,
    /// The series that are moved. The others stay as they are.
    pub series: Vec<SeriesId>,
    /// Levels in their units, a row a question, in the order of `series`; at most [`WHAT_IF_ROWS`] rows.
    pub rows: Vec<Vec<f64>>,
}

/// The newest day at other levels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WhatIfValue {
    /// The valuation, in the target's unit.
    pub valuation: f64,
    /// Where the price should be four days in five.
    pub interval_80: Option<Interval>,
    /// Where the price should be nineteen days in twenty.
    pub interval_95: Option<Interval>,
    /// How the valuation came about.
    pub method: Method,
    /// The model's own output, shipped or not: the move from the price before in percent, or the level.
    pub output: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_carry_only_what_is_given() {
        let day = NaiveDate::from_ymd_opt(2024, 2, 29);
        let history = GetContributionHistory {
            feature: "silver".to_owned(),
            from: day,
            to: None,
            as_of: None,
        };
        assert_eq!(
            history.path(),
            "/api/contributions/history?feature=silver&from=2024-02-29"
        );
        assert_eq!(GetWhatIf::default().path(), "/api/what-if");
        let asked = GetWhatIf {
            preset: Some("fair-free".to_owned()),
            as_of: day,
        };
        let path = "/api/what-if?preset=fair-free&as_of=2024-02-29";
        assert_eq!(asked.path(), path);
    }
}
