//! Routes that read published runs: the current one, a preset's newest, or the newest that was known on a day.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{Get, SeriesData, with_query};
use crate::card::{ModelCard, Skill};
use crate::series::SeriesId;
use crate::snapshot::{SeriesFreshness, Snapshot};
use crate::valuation::{Contribution, Valuation};

/// `GET /api/valuation?preset=&as_of=`: the snapshot of the current run, of a preset's newest, or of the newest of a day.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct GetValuation {
    /// A preset's name; absent: the current run's.
    pub preset: Option<String>,
    /// The newest run whose as-of day is not after this one; absent: the newest of all.
    pub as_of: Option<NaiveDate>,
}

impl Get for GetValuation {
    const ROUTE: &'static str = "/api/valuation";
    type Response = Snapshot;
    fn path(&self) -> String {
        let preset = self.preset.as_ref().map(|name| format!("preset={name}"));
        with_query(Self::ROUTE, &[preset, day("as_of", self.as_of)])
    }
}

/// `GET /api/history?from=&to=&as_of=`: valuations of a run, training rows included, oldest first.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct GetHistory {
    /// First day, inclusive.
    pub from: Option<NaiveDate>,
    /// Last day, inclusive.
    pub to: Option<NaiveDate>,
    /// The run known on this day; absent: the current one.
    pub as_of: Option<NaiveDate>,
}

impl Get for GetHistory {
    const ROUTE: &'static str = "/api/history";
    type Response = Vec<Valuation>;
    fn path(&self) -> String {
        let (from, to) = (day("from", self.from), day("to", self.to));
        with_query(Self::ROUTE, &[from, to, day("as_of", self.as_of)])
    }
}

/// `GET /api/series?as_of=`: every series of a run with its freshness.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct GetSeriesList {
    /// The run known on this day; absent: the current one.
    pub as_of: Option<NaiveDate>,
}

impl Get for GetSeriesList {
    const ROUTE: &'static str = "/api/series";
    type Response = Vec<SeriesFreshness>;
    fn path(&self) -> String {
        with_query(Self::ROUTE, &[day("as_of", self.as_of)])
    }
}

/// `GET /api/series/{series}?as_of=`: observations of one series as known at the end of a day (UTC), oldest first.
#[derive(Clone, Debug)]
pub struct GetSeries {
    /// The series.
    pub series: SeriesId,
    /// The day; absent: the current run's.
    pub as_of: Option<NaiveDate>,
}

impl Get for GetSeries {
    const ROUTE: &'static str = "/api/series/{series}";
    type Response = SeriesData;
    fn path(&self) -> String {
        let route = format!("/api/series/{}", self.series);
        with_query(&route, &[day("as_of", self.as_of)])
    }
}

/// `GET /api/contributions?date=&as_of=`: what moved one day's valuation; absent: the newest day's.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct GetContributions {
    /// The day.
    pub date: Option<NaiveDate>,
    /// The run known on this day; absent: the current one.
    pub as_of: Option<NaiveDate>,
}

impl Get for GetContributions {
    const ROUTE: &'static str = "/api/contributions";
    type Response = Vec<Contribution>;
    fn path(&self) -> String {
        let parts = [day("date", self.date), day("as_of", self.as_of)];
        with_query(Self::ROUTE, &parts)
    }
}

/// `GET /api/model?run_id=&as_of=`: the card of the current model, of a published run's, or of the newest of a day.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct GetModelCard {
    /// A published run; absent: the current one.
    pub run_id: Option<String>,
    /// The run known on this day, where no run is named.
    pub as_of: Option<NaiveDate>,
}

impl Get for GetModelCard {
    const ROUTE: &'static str = "/api/model";
    type Response = ModelCard;
    fn path(&self) -> String {
        let run = self.run_id.as_ref().map(|run| format!("run_id={run}"));
        with_query(Self::ROUTE, &[run, day("as_of", self.as_of)])
    }
}

/// `GET /api/models`: the models of the newest published runs, newest first.
#[derive(Clone, Copy, Debug, Default)]
pub struct GetModels;

impl Get for GetModels {
    const ROUTE: &'static str = "/api/models";
    type Response = Vec<PublishedModel>;
    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }
}

/// What tells a published model from the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PublishedModel {
    /// The run that published it.
    pub run_id: String,
    /// The day whose knowledge it used.
    pub as_of: NaiveDate,
    /// Its preset.
    pub preset: String,
    /// When it was published (UTC).
    pub published_at: DateTime<Utc>,
    /// Skill against no-change on the test rows.
    pub skill: Skill,
    /// Root mean square of its errors on the test rows, in percent; absent where its card has none.
    pub rmse_pct: Option<f64>,
    /// Test rows.
    pub test_rows: usize,
    /// SHA-256 of the model file, in hex: equal hashes are equal models.
    pub model_sha256: String,
    /// The version of Assay that made it.
    pub version: Option<String>,
}

fn day(name: &str, day: Option<NaiveDate>) -> Option<String> {
    day.map(|day| format!("{name}={day}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_carry_only_what_is_given() {
        assert_eq!(GetHistory::default().path(), "/api/history");
        let day = NaiveDate::from_ymd_opt(2024, 2, 29);
        let both = GetHistory {
            from: day,
            to: day,
            as_of: None,
        };
        assert_eq!(both.path(), "/api/history?from=2024-02-29&to=2024-02-29");
        let series = GetSeries {
            series: "gold_open".parse().unwrap(),
            as_of: day,
        };
        assert_eq!(series.path(), "/api/series/gold_open?as_of=2024-02-29");
        let valuation = GetValuation {
            preset: Some("fair".to_owned()),
            as_of: day,
        };
        assert_eq!(
            valuation.path(),
            "/api/valuation?preset=fair&as_of=2024-02-29"
        );
        assert_eq!(GetModelCard::default().path(), "/api/model");
    }
}
