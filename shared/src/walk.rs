//! What a walk-forward says of itself: its members, its record, and the gap that stands beside the valuation.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::card::Choice;
use crate::evaluation::{Comparison, Evaluation, GapBand, GapLimits, IntervalScore};
use crate::members::LinearModel;
use crate::valuation::{Information, Interval};

/// The part of a model card that only a model of two members has. Its trees are the run's model file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WalkCard {
    /// What the newest valuation could know.
    pub information: Information,
    /// The linear member behind the newest valuation.
    pub linear: LinearModel,
    /// Both members were fitted on the rows before this day.
    pub fitted_before: NaiveDate,
    /// How often both were fitted.
    pub fits: usize,
    /// Whether the search's winner replaced the deployed parameters; absent where nothing was searched.
    pub choice: Option<Choice>,
    /// Share of the rows on which the gate let the forecast through.
    pub shipped: f64,
    /// Days on which the linear member spoke alone.
    pub takeovers: Vec<NaiveDate>,
    /// Scores of final valuations, of the members, and of simple rules, on the same rows.
    pub evaluations: Vec<Evaluation>,
    /// Scores of what was valued at the close, before the late series were out; absent where nothing is late.
    pub provisional: Option<Evaluation>,
    /// The combination against each member.
    pub comparisons: Vec<Comparison>,
    /// The intervals next to the customary ones.
    pub intervals: Vec<IntervalScore>,
}

/// Where the price stands against what drivers say without yesterday's price. Descriptions of today, no forecasts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GapReading {
    /// The price that the drivers' distance from their own means speaks for.
    pub value: f64,
    /// 100 · ln(price / value).
    pub gap_pct: f64,
    /// Where the gap stands among those of the last three years; absent before there are enough of them.
    pub band: Option<GapBand>,
    /// The gaps that part the bands on this day.
    #[serde(default)]
    pub limits: Option<GapLimits>,
    /// 100 · ln(price / valuation): what the day's moves of the drivers leave unexplained.
    pub residual_pct: f64,
    /// The sum of the last 20 such residuals.
    pub residual_20_pct: Option<f64>,
}

/// One row of `walk_forward`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WalkRow {
    /// The day.
    pub date: NaiveDate,
    /// What the row could know.
    pub information: Information,
    /// The price, in the target's unit.
    pub price: f64,
    /// The valuation that is shipped, in the target's unit.
    pub valuation: f64,
    /// Where the price should be four days in five.
    pub interval_80: Option<Interval>,
    /// Where the price should be nineteen days in twenty.
    pub interval_95: Option<Interval>,
    /// The linear member's move, in percent (100 × log return).
    pub linear_pct: f64,
    /// The trees' move, in percent.
    pub trees_pct: f64,
    /// Their combination, in percent.
    pub combined_pct: f64,
    /// Whether the linear member spoke alone.
    pub takes_over: bool,
    /// Whether the combination had shown skill and was shipped.
    pub is_open: bool,
    /// Whether the previous price was above all that the members were trained on.
    pub above_maximum: bool,
    /// The headline gap, where it is known.
    pub gap: Option<GapReading>,
}
