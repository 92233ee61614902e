//! What the model says gold is worth on a day, how sure it is, and which feature moved it.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How a row's valuation came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The model's own value.
    Model,
    /// The same-day exponential mean stands in, because the price left the training range (`classic` only).
    Ema,
    /// The linear member alone: the move is larger than any fitted in training.
    Linear,
    /// Yesterday's price: the model showed no skill.
    NoChange,
}

/// Which part of the data a row belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// The model was fitted on this row: its valuation is no evidence of skill.
    Train,
    /// The model never saw this row.
    Test,
}

/// What a valuation of a day could know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Information {
    /// What was out when the target's market closed.
    Provisional,
    /// The day's late series, too: yields and indices that are published in the evening or on the day after.
    Final,
}

impl Information {
    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Provisional => "provisional",
            Self::Final => "final",
        }
    }
}

impl Method {
    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Ema => "ema",
            Self::Linear => "linear",
            Self::NoChange => "no_change",
        }
    }
}

impl Split {
    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Test => "test",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A range that should hold the price with the named probability. Both ends in the target's unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Interval {
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

/// One row of `model_results`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Valuation {
    /// The day.
    pub date: NaiveDate,
    /// The market's price, in the target's unit.
    pub price: f64,
    /// The model's value, in the target's unit.
    pub valuation: f64,
    /// Where the price should be four days in five; absent where a preset gives no intervals.
    pub interval_80: Option<Interval>,
    /// Where the price should be nineteen days in twenty.
    pub interval_95: Option<Interval>,
    /// How the value came about.
    pub method: Method,
    /// Trained on, or not.
    pub split: Split,
    /// What it could know.
    pub information: Information,
}

impl Valuation {
    /// Price minus valuation, in the target's unit.
    pub fn gap(&self) -> f64 {
        self.price - self.valuation
    }

    /// The gap relative to the valuation, in percent. Above zero the market asks more than the model's value.
    pub fn gap_pct(&self) -> f64 {
        100.0 * self.gap() / self.valuation
    }
}

/// One row of `contributions`: how far one feature moved one day's value.
///
/// The contributions of a day, the one named [`BASE`] among them, add up to the model's output for that day
/// in `unit_of_contributions` of the model card (TreeSHAP, Lundberg et al. 2020, <https://doi.org/10.1038/s42256-019-0138-9>).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Contribution {
    /// The day.
    pub date: NaiveDate,
    /// The feature's column name, or [`BASE`].
    pub feature: String,
    /// The contribution.
    pub contribution: f64,
}

/// The name under which the model's expected output stands among the contributions.
pub const BASE: &str = "base";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gap_is_price_minus_valuation_relative_to_the_valuation() {
        let row = Valuation {
            date: NaiveDate::from_ymd_opt(2024, 9, 23).unwrap(),
            price: 110.0,
            valuation: 100.0,
            interval_80: None,
            interval_95: None,
            method: Method::Model,
            split: Split::Test,
            information: Information::Final,
        };
        assert!((row.gap() - 10.0).abs() < 1e-12);
        assert!((row.gap_pct() - 10.0).abs() < 1e-12);
    }
}
