//! What a preset says of training.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shared::card::{Output, Parameters};

/// How to train.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainPlan {
    /// What the model's output means; decides the dataset's target column.
    pub output: Output,
    /// The last so many rows are the test part.
    pub test_rows: usize,
    /// Folds of the time-series split.
    pub folds: usize,
    /// Seed of every random choice.
    pub seed: u64,
    /// Parameters that every candidate has.
    #[serde(default)]
    pub fixed: Parameters,
    /// Grids by name: `full`, `small`, `deployed`.
    pub grids: BTreeMap<String, GridDef>,
    /// What to do where the model cannot follow.
    pub extrapolation: Extrapolation,
    /// Whether valuations carry intervals.
    pub intervals: bool,
    /// Present: two members, fitted anew every month and judged on rows that they had not seen. Absent: one model, fitted
    /// once before the test part.
    #[serde(default)]
    pub walk_forward: Option<WalkPlan>,
}

/// How two members walk forward through time: fitted anew at the first row of each month on all rows before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WalkPlan {
    /// No row before this day is valued; absent: from the first month with enough rows before it.
    #[serde(default)]
    pub first: Option<NaiveDate>,
    /// Rows to train on that the first fit needs.
    pub min_rows: usize,
    /// The linear member counts a row half as much as one that is so many rows younger.
    pub half_life: f64,
    /// How often both members are fitted anew.
    #[serde(default)]
    pub refit: Refit,
}

/// How often both members are fitted anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refit {
    /// At the first row of each month.
    #[default]
    Monthly,
    /// At the first row of each quarter.
    Quarterly,
    /// At the first row of each year.
    Yearly,
}

/// One grid: searches one after the other, each with the winners of the ones before fixed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GridDef {
    /// Whether features are standardised on the training rows first.
    #[serde(default)]
    pub scale: bool,
    /// The searches: axis → values.
    pub searches: Vec<BTreeMap<String, Vec<f64>>>,
}

/// What to do where the model cannot follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extrapolation {
    /// Nothing: the output is a return, and returns stay in range.
    None,
    /// The original's: where the *actual* price is not strictly between the training part's extremes, the feature named
    /// `gold_ema_30` (the same day's exponential mean) stands in.
    EmaOnActual,
}
