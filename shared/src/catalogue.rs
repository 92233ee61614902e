//! The tables: names, columns, types. One truth for Parquet, SQL, Glue and Power BI.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A published table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Table {
    /// Features and target that the model was trained on.
    CompleteDataset,
    /// Price, valuation, intervals and gap of each day.
    ModelResults,
    /// What each feature added to each day's value.
    Contributions,
    /// One row a run: parameters, scores, baselines.
    ModelRuns,
    /// Every observation that the run could know.
    Observations,
    /// What both members of a walk-forward said of each day, as known at the close and in the end.
    WalkForward,
}

impl Table {
    /// All tables, in the order in which data flows.
    pub const ALL: [Self; 6] = [
        Self::Observations,
        Self::CompleteDataset,
        Self::ModelResults,
        Self::Contributions,
        Self::WalkForward,
        Self::ModelRuns,
    ];

    /// The name in SQL.
    pub fn name(self) -> &'static str {
        match self {
            Self::CompleteDataset => "complete_dataset",
            Self::ModelResults => "model_results",
            Self::Contributions => "contributions",
            Self::ModelRuns => "model_runs",
            Self::Observations => "observations",
            Self::WalkForward => "walk_forward",
        }
    }

    /// The folder in the lake.
    pub fn folder(self) -> &'static str {
        match self {
            Self::CompleteDataset => "complete-dataset",
            Self::ModelResults => "model-results",
            Self::Contributions => "contributions",
            Self::ModelRuns => "model-runs",
            Self::Observations => "observations",
            Self::WalkForward => "walk-forward",
        }
    }

    /// The columns inside the Parquet files, in order. The partition columns `as_of` and `run_id` come from the path
    /// and follow these in SQL. `complete_dataset` has a run's features between `date` and `target`: pass them.
    pub fn columns(self, features: &[String]) -> Vec<Column> {
        use ColumnType::{Date, Double, Text, Timestamp};
        match self {
            Self::CompleteDataset => {
                let mut columns = vec![Column::new("date", Date)];
                columns.extend(features.iter().map(|name| Column::new(name, Double)));
                columns.push(Column::new("target", Double));
                columns
            }
            Self::ModelResults => vec![
                Column::new("date", Date),
                Column::new("price", Double),
                Column::new("valuation", Double),
                Column::new("lower_80", Double),
                Column::new("upper_80", Double),
                Column::new("lower_95", Double),
                Column::new("upper_95", Double),
                Column::new("gap", Double),
                Column::new("gap_pct", Double),
                Column::new("method", Text),
                Column::new("split", Text),
                Column::new("information", Text),
            ],
            Self::Contributions => vec![
                Column::new("date", Date),
                Column::new("feature", Text),
                Column::new("contribution", Double),
            ],
            Self::ModelRuns => vec![
                Column::new("preset", Text),
                Column::new("parameters", Text),
                Column::new("scores", Text),
                Column::new("baselines", Text),
                Column::new("first_date", Date),
                Column::new("last_date", Date),
                Column::new("rows", ColumnType::BigInt),
                Column::new("rmse", Double),
                Column::new("no_change_rmse", Double),
                Column::new("skill", Double),
                Column::new("synthetic", ColumnType::Boolean),
            ],
            Self::Observations => vec![
                Column::new("series", Text),
                Column::new("date", Date),
                Column::new("value", Double),
                Column::new("available_at", Timestamp),
                Column::new("vintage", Date),
                Column::new("source", Text),
            ],
            Self::WalkForward => walk_forward_columns(),
        }
    }

    /// The columns that come from the path: the run's as-of day and its id.
    pub fn partition_columns() -> Vec<Column> {
        vec![
            Column::new("as_of", ColumnType::Date),
            Column::new("run_id", ColumnType::Text),
        ]
    }
}

/// The columns of `walk_forward`, in order.
fn walk_forward_columns() -> Vec<Column> {
    use ColumnType::{Boolean, Date, Double, Text};
    let columns = [
        ("date", Date),
        ("information", Text),
        ("price", Double),
        ("valuation", Double),
        ("lower_80", Double),
        ("upper_80", Double),
        ("lower_95", Double),
        ("upper_95", Double),
        ("linear_pct", Double),
        ("trees_pct", Double),
        ("combined_pct", Double),
        ("takes_over", Boolean),
        ("is_open", Boolean),
        ("above_maximum", Boolean),
        ("gap_value", Double),
        ("gap_pct", Double),
        ("gap_band", Text),
        ("residual_pct", Double),
        ("residual_20_pct", Double),
    ];
    columns.map(|(name, kind)| Column::new(name, kind)).into()
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A column's type, in the words of Athena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// A day.
    Date,
    /// A 64-bit float.
    Double,
    /// A 64-bit integer.
    BigInt,
    /// UTF-8 text.
    Text,
    /// True or false.
    Boolean,
    /// An instant in UTC, in milliseconds.
    Timestamp,
}

/// A column of a table or of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Column {
    /// Name.
    pub name: String,
    /// Type.
    #[serde(rename = "type")]
    pub kind: ColumnType,
}

impl Column {
    /// A column of this name and type.
    pub fn new(name: impl Into<String>, kind: ColumnType) -> Self {
        Self {
            name: name.into(),
            kind,
        }
    }
}

/// One Parquet file of one published run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TableFile {
    /// Its key in the lake.
    pub key: String,
    /// Rows in it.
    pub rows: u64,
    /// Bytes of it.
    pub bytes: u64,
    /// SHA-256 of it, in hex.
    pub sha256: String,
    /// Columns inside it, in order.
    pub columns: Vec<Column>,
}

/// All that one run published; `runs/{run_id}/manifest.json`. Never changed after it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Manifest {
    /// The run.
    pub run_id: String,
    /// The day whose knowledge it used.
    pub as_of: NaiveDate,
    /// Its preset.
    pub preset: String,
    /// Whether any input was synthetic.
    pub synthetic: bool,
    /// Its tables.
    pub tables: BTreeMap<Table, TableFile>,
    /// SHA-256 of the model file, in hex.
    pub model_sha256: String,
    /// SHA-256 of `what_if.json`, in hex; absent in runs from before there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what_if_sha256: Option<String>,
}

/// One line of [`Current::published`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PublishedRun {
    /// The run.
    pub run_id: String,
    /// The day whose knowledge it used.
    pub as_of: NaiveDate,
    /// Its preset.
    pub preset: String,
    /// When it was published (UTC).
    pub published_at: DateTime<Utc>,
}

/// The "current" pointer, `current.json`: the one object whose conditional write publishes a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Current {
    /// The run that the page shows and the `*_latest` views read: of those with the newest as-of day the last published.
    pub run_id: String,
    /// The newest run of each preset.
    pub by_preset: BTreeMap<String, String>,
    /// Every run ever published, oldest first.
    pub published: Vec<PublishedRun>,
}

impl Current {
    /// The as-of day of a published run.
    pub fn day_of(&self, run_id: &str) -> Option<NaiveDate> {
        let mut runs = self.published.iter();
        runs.find(|run| run.run_id == run_id).map(|run| run.as_of)
    }

    /// The newest run of a preset (absent: the current run's) whose as-of day is not after `day`.
    pub fn known_on(&self, preset: Option<&str>, day: NaiveDate) -> Option<&PublishedRun> {
        let mut runs = self.published.iter();
        let preset = match preset {
            Some(preset) => preset,
            None => &runs.clone().find(|run| run.run_id == self.run_id)?.preset,
        };
        let older = runs
            .by_ref()
            .filter(|run| run.preset == preset && run.as_of <= day);
        // Of several with one as-of day the last published counts.
        older.max_by_key(|run| run.as_of)
    }
}
