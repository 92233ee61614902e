//! What a preset says of scenarios: moves of the drivers that a reader of the what-if page may start from.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shared::series::SeriesId;

/// A scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioDef {
    /// Its name in addresses: lower-case letters, digits and `-`.
    pub name: String,
    /// What it is, for people.
    pub label: String,
    /// The moves.
    pub how: How,
}

/// Where the moves come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Made up: the change of each series, in percent for prices and in points for yields. The others stay.
    Moves(BTreeMap<SeriesId, f64>),
    /// The history's own: the day on which the target moved most in the month of this date.
    Month(NaiveDate),
}
