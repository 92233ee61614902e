//! Train: search, fit, value, score.

use std::collections::BTreeMap;

use shared::card::{Coverage, DataRange, Fold, Parameters, Scaler, Score, Search, Skill};
use shared::valuation::{Contribution, Valuation};

/// All that training gives. Everything but wall time is a function of dataset, plan, grid and seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Trained {
    /// XGBoost's model as JSON, byte for byte.
    pub model: Vec<u8>,
    /// The scaling of the features before they reach the model, if there is one.
    pub scaler: Option<Scaler>,
    /// The winner's parameters.
    pub parameters: Parameters,
    /// The searches.
    pub searches: Vec<Search>,
    /// The winner on each fold.
    pub folds: Vec<Fold>,
    /// One valuation a row, training rows included, oldest first.
    pub valuations: Vec<Valuation>,
    /// Contributions of every row and feature, `base` last within a row.
    pub contributions: Vec<Contribution>,
    /// Scores on the test rows: `valuation` first, then `model_raw`, `no_change`, `ema_previous`, `ema_same_day`.
    pub scores: Vec<Score>,
    /// Skill against no-change on the test rows.
    pub skill: Skill,
    /// Coverage of the intervals on the test rows; empty where there are none.
    pub coverage: Vec<Coverage>,
    /// What was trained and tested on.
    pub data: DataRange,
    /// `xgboost` and its version.
    pub versions: BTreeMap<String, String>,
}
