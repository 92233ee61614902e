//! The dashboard's first view in one small file, written by publish.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::card::{Coverage, DataRange, FeatureCard, Score, Skill};
use crate::headline::Headline;
use crate::run::{SeriesState, Status};
use crate::series::{SeriesId, Vendor};
use crate::valuation::{Contribution, Valuation};
use crate::walk::GapReading;

/// `runs/{run_id}/snapshot.json`: all that the home page needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Snapshot {
    /// The run.
    pub run_id: String,
    /// The day whose knowledge it used.
    pub as_of: NaiveDate,
    /// The preset.
    pub preset: String,
    /// The preset's title, for people.
    pub preset_title: String,
    /// Present and saying why where the preset uses values before they could be known.
    pub look_ahead: Option<String>,
    /// Whether the inputs came from the synthetic market.
    pub synthetic: bool,
    /// How the run ended.
    pub status: Status,
    /// When the newest input could be known (UTC).
    pub newest_input_at: DateTime<Utc>,
    /// What is valued, for people.
    pub target_title: String,
    /// Unit of price and valuation.
    pub unit: String,
    /// The newest valuation.
    pub latest: Valuation,
    /// The newest days of the test window, oldest first; the newest is [`Snapshot::latest`], those before are rounded to 1e-4.
    pub history: Vec<Valuation>,
    /// What moved the newest valuation, largest first; `base` among them. In [`Snapshot::contribution_unit`].
    pub contributions: Vec<Contribution>,
    /// Unit of the contributions.
    pub contribution_unit: String,
    /// What the contributions are told by, for people: features, or the drivers that several features are made of.
    pub features: Vec<FeatureCard>,
    /// The headline gap of the newest day, where the preset has one.
    #[serde(default)]
    pub gap: Option<GapReading>,
    /// Scores next to the baselines.
    pub scores: Vec<Score>,
    /// Skill against no-change.
    pub skill: Skill,
    /// How often the intervals held.
    pub coverage: Vec<Coverage>,
    /// What it was trained and tested on.
    pub data: DataRange,
    /// Every series with its freshness.
    pub series: Vec<SeriesFreshness>,
    /// The answer in words, for whoever shows it before a program runs. Made by who writes a snapshot; never read back.
    #[serde(default, skip_deserializing)]
    pub headline: Option<Headline>,
}

impl Snapshot {
    /// The same with its answer in words.
    #[must_use]
    pub fn with_headline(mut self) -> Self {
        self.headline = Some(Headline::of(&self));
        self
    }
}

/// How fresh one series is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeriesFreshness {
    /// The series.
    pub series: SeriesId,
    /// Its title, for people.
    pub title: String,
    /// Its publisher.
    pub vendor: Vendor,
    /// Its unit.
    pub unit: String,
    /// What became of it in this run.
    pub state: SeriesState,
    /// Newest reference date.
    pub last_date: Option<NaiveDate>,
    /// Newest value.
    pub last_value: Option<f64>,
    /// When that value could be known (UTC).
    pub known_since: Option<DateTime<Utc>>,
}
