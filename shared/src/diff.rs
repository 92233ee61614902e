//! Why a valuation changed: two valuations, and lines that add up to the step from one to the other.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::series::SeriesId;

/// Why a valuation changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Values of a series for days up to the older valuation's were revised, or came later.
    RevisedData,
    /// Another version of the program or of XGBoost.
    CodeVersion,
    /// The model was fitted on other rows, with the same parameters.
    Model,
    /// Other parameters, another preset or grid.
    Parameters,
    /// A newer day.
    NewData,
    /// What the steps above cannot tell apart.
    Rest,
}

/// One part of the change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Line {
    /// Why.
    pub cause: Cause,
    /// The series, where the data of one is the cause.
    pub series: Option<SeriesId>,
    /// How much, in the target's unit.
    pub amount: f64,
    /// What happened, for people.
    pub what: String,
}

/// One of the two runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Side {
    /// The run.
    pub run_id: String,
    /// The day whose knowledge it used.
    pub as_of: NaiveDate,
    /// Its preset.
    pub preset: String,
    /// Its grid.
    pub grid: String,
    /// The day of its newest valuation.
    pub date: NaiveDate,
    /// That valuation, as published, in the target's unit.
    pub valuation: f64,
}

/// Why the newest valuation of one run is not that of another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunDiff {
    /// The first run.
    pub from: Side,
    /// The second run.
    pub to: Side,
    /// Unit of all amounts.
    pub unit: String,
    /// The second valuation minus the first.
    pub change: f64,
    /// The parts, in the order of the steps; added up in this order they give `change`. The last is [`Cause::Rest`].
    pub lines: Vec<Line>,
    /// What a reader should know.
    pub notes: Vec<String>,
}
