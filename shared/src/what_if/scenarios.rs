//! Moves of all drivers at once, to start from: made up, or those of a day of the past.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Moves of the inputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Scenario {
    /// A short name, for addresses.
    pub name: String,
    /// What it is, for people.
    pub label: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The change of each input in its measure, in the inputs' order; absent: that one stays as it is.
    pub changes: Vec<Option<f64>>,
}

/// Where a scenario comes from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Somebody made it up.
    MadeUp,
    /// The run's own history: the day of a month on which the price moved most.
    Past {
        /// The day.
        date: NaiveDate,
        /// How far the price moved that day, in percent.
        price_change_pct: f64,
    },
}
