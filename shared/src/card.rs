//! The model card: which model this is, what it was trained on, and how good it is next to simple baselines.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use crate::audit::{AuditCard, AuditCheck, AuditFinding, AuditKind};
use crate::walk::WalkCard;

/// XGBoost's parameters by their own names.
pub type Parameters = BTreeMap<String, f64>;

/// `models/{run_id}/card.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModelCard {
    /// The run that trained it.
    pub run_id: String,
    /// The preset.
    pub preset: String,
    /// Present and saying why where the preset uses values before they could be known.
    pub look_ahead: Option<String>,
    /// The target series and its unit.
    pub target: String,
    /// Unit of price and valuation.
    pub unit: String,
    /// What the model's output means: `level` (in `unit`) or `percent_return` (`100·ln(P_t / P_{t−1})`).
    pub output: Output,
    /// Feature names in the order of the model's inputs.
    pub features: Vec<FeatureCard>,
    /// What contributions are told by, where it is not the features themselves: drivers that several features are made of.
    #[serde(default)]
    pub drivers: Vec<FeatureCard>,
    /// Means and standard deviations by which features were scaled before they reached the model, if they were.
    pub scaler: Option<Scaler>,
    /// The winning parameters.
    pub parameters: Parameters,
    /// Which grid was searched: `full`, `small` or `deployed`.
    pub grid: String,
    /// The searches, in order.
    pub searches: Vec<Search>,
    /// The winner's score on each fold.
    pub folds: Vec<Fold>,
    /// Scores on the test rows.
    pub scores: Vec<Score>,
    /// Skill against no-change on the test rows, and whether it is more than luck.
    pub skill: Skill,
    /// How often the intervals held the price on the test rows.
    pub coverage: Vec<Coverage>,
    /// Rows, first and last date of training and test part.
    pub data: DataRange,
    /// SHA-256 of the model file, in hex.
    pub model_sha256: String,
    /// SHA-256 over dataset, preset, grid and seed: equal inputs give an equal model.
    pub input_sha256: String,
    /// Seed of every random choice.
    pub seed: u64,
    /// Members and record of the walk-forward, where there is one.
    #[serde(default)]
    pub walk: Option<WalkCard>,
    /// What the search for look-ahead found; absent in cards written before there was one.
    #[serde(default)]
    pub audit: Option<AuditCard>,
    /// Versions that decide the bytes: `assay`, `xgboost`.
    pub versions: BTreeMap<String, String>,
}

/// What a model's output means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// The price itself.
    Level,
    /// 100 × the logarithm of price over the previous row's price.
    PercentReturn,
}

/// A feature, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FeatureCard {
    /// Column name.
    pub name: String,
    /// What it is.
    pub label: String,
    /// The group that gold people put it in: `rates`, `currency`, `metals`, `risk`, `expansion`, `momentum`.
    pub group: String,
}

/// Standardisation fitted on the training rows: (x − mean) / scale, population standard deviation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Scaler {
    /// Mean of each feature.
    pub mean: Vec<f64>,
    /// Standard deviation of each feature (1 where it is 0).
    pub scale: Vec<f64>,
}

/// One grid search.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Search {
    /// The axes and their values.
    pub axes: BTreeMap<String, Vec<f64>>,
    /// How many candidates there were.
    pub candidates: usize,
    /// How many were cut before all their folds were scored.
    pub cut: usize,
    /// The best candidates first; at most 256. A cut candidate has no mean.
    pub best: Vec<Candidate>,
}

/// Whether a search's winner replaced the deployed parameters.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Choice {
    /// By how much the winner's mean validation RMSE is lower, in the model's output unit.
    pub gain: f64,
    /// Standard error of that difference across folds.
    pub standard_error: f64,
    /// Whether the winner is used: its gain is larger than one standard error.
    pub adopted: bool,
}

/// One point of a grid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Candidate {
    /// Its parameters, those fixed by an earlier search included.
    pub parameters: Parameters,
    /// Mean validation RMSE over all folds, if all were scored.
    pub mean_rmse: Option<f64>,
    /// Validation RMSE by fold; absent where it was cut before.
    pub fold_rmse: Vec<Option<f64>>,
}

/// One fold of the time-series split, scored with the winner.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fold {
    /// Rows trained on.
    pub train_rows: usize,
    /// Rows validated on.
    pub validation_rows: usize,
    /// RMSE on the rows trained on, in the model's output unit.
    pub train_rmse: f64,
    /// RMSE on the rows validated on, in the model's output unit.
    pub validation_rmse: f64,
}

/// The errors of one rule on the test rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Score {
    /// `valuation`, `model_raw`, `no_change`, `ema_previous`, `ema_same_day`.
    pub rule: String,
    /// What it is, for people.
    pub label: String,
    /// Root mean squared error, in the price's unit.
    pub rmse: f64,
    /// Mean absolute error, in the price's unit.
    pub mae: f64,
    /// RMSE of ln(price / value), in percent.
    pub rmse_pct: f64,
    /// Rows scored.
    pub rows: usize,
}

/// Skill = 1 − MSE / MSE(no-change) on log returns, with the Diebold–Mariano test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Skill {
    /// The skill: 1 is perfect, 0 is no better than yesterday's price, below 0 worse.
    pub skill: f64,
    /// The test's t (Newey–West, Harvey–Leybourne–Newbold corrected); above 0 the model is better.
    pub dm_t: f64,
    /// Its two-sided p.
    pub dm_p: f64,
    /// What follows, in plain words.
    pub verdict: Verdict,
}

/// What the test says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Better than yesterday's price, p < 5 %.
    Skill,
    /// Not distinguishable from yesterday's price.
    NoSkill,
    /// Worse than yesterday's price, p < 5 %.
    Worse,
}

/// How often an interval held the price.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Coverage {
    /// What it promises: 0.8 or 0.95.
    pub nominal: f64,
    /// What it kept on the test rows.
    pub measured: f64,
    /// Rows counted.
    pub rows: usize,
}

/// What the model saw and what it was tested on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DataRange {
    /// First date of the dataset.
    pub first: NaiveDate,
    /// First date of the test part.
    pub test_first: NaiveDate,
    /// Last date.
    pub last: NaiveDate,
    /// Training rows.
    pub train_rows: usize,
    /// Test rows.
    pub test_rows: usize,
}
