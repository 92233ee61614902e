//! What the model would say of its newest day if the drivers stood elsewhere: the day as a small program, run on other levels.
//!
//! Publish writes the program beside the run. The browser and the API's Lambda run it with the evaluator of [`crate::model`], the
//! embedded server with XGBoost itself; on the day's own levels all give the published valuation.

mod band;
mod cells;
mod evaluate;
mod inputs;
mod member;
mod scenarios;

#[cfg(test)]
mod tests;

pub use cells::{Cell, Rule};
pub use evaluate::{Evaluator, Outcome};
pub use inputs::{Input, Measure, Outside, Point, Reach};
pub use member::Member;
pub use scenarios::{Origin, Scenario};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::card::{FeatureCard, Output, Scaler};
use crate::members::LinearModel;
use crate::model::Trees;
use crate::valuation::Valuation;

/// `runs/{run_id}/what_if.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WhatIf {
    /// The newest day of the run.
    Possible(Box<Today>),
    /// The model cannot be asked.
    Impossible {
        /// Why, in a sentence without full stop.
        why: String,
    },
}

/// The newest day of a run, ready to be valued at other levels of its drivers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Today {
    /// The run.
    pub run_id: String,
    /// Its preset.
    pub preset: String,
    /// The preset's title, for people.
    pub preset_title: String,
    /// Present and saying why where the preset uses values before they could be known.
    pub look_ahead: Option<String>,
    /// Whether the inputs came from the synthetic market.
    pub synthetic: bool,
    /// What is valued, for people.
    pub target_title: String,
    /// Unit of price and valuation.
    pub unit: String,
    /// The valuation that the run published: what untouched inputs give.
    pub published: Valuation,
    /// The price of the row before, from which a move starts; absent where the model values a level.
    pub previous_price: Option<f64>,
    /// What can be moved.
    pub inputs: Vec<Input>,
    /// Every feature as it follows from the inputs, each after those that it is made of.
    pub cells: Vec<Cell>,
    /// What turns cells into a valuation.
    pub model: DayModel,
    /// How sure that is.
    pub band: Band,
    /// What contributions are told by, for people.
    pub drivers: Vec<FeatureCard>,
    /// Moves to start from.
    pub scenarios: Vec<Scenario>,
}

/// The model behind the newest valuation. Places are those of cells and of [`Today::drivers`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DayModel {
    /// A linear member and trees.
    Members {
        /// The linear member.
        linear: LinearModel,
        /// The cells of its features, in their order.
        linear_cells: Vec<usize>,
        /// The driver of each.
        linear_drivers: Vec<usize>,
        /// The cell of its volatility.
        volatility: usize,
        /// The trees, on the return in percent.
        trees: Trees,
        /// The cells of their features, in their order.
        tree_cells: Vec<usize>,
        /// The driver of each.
        tree_drivers: Vec<usize>,
        /// Whether their forecast has shown skill and is shipped; otherwise no change is.
        is_open: bool,
    },
    /// One model.
    Single {
        /// What its output means.
        output: Output,
        /// How features are scaled before they reach it, if they are.
        scaler: Option<Scaler>,
        /// The trees.
        trees: Trees,
        /// The cells of their features, in their order; each is its own driver.
        tree_cells: Vec<usize>,
        /// The value that stands in for the model's, where the actual price left the training range. It does not depend
        /// on the inputs.
        stand_in: Option<f64>,
    },
}

/// The interval around the valuation, in log units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// As wide whatever the drivers do, 80 % and 95 %; absent where the preset gives none.
    Fixed([Option<f64>; 2]),
    /// As wide as the errors that a scale model expects of such moves.
    Scaled {
        /// The model.
        scale: Box<ScaleModel>,
        /// The cells that it sees, after the numbers of its own.
        cells: Vec<usize>,
    },
}

/// The size of error to expect on the newest day: `exp` of a ridge regression on what was known the day before, on the
/// forecast, and on the day's own moves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScaleModel {
    /// The regression; its features are the four of its own, then the dataset's columns that it names.
    pub ridge: LinearModel,
    /// Logarithms of three deviations up to the day before: of errors, of errors more slowly, of the market.
    pub logarithms: [f64; 3],
    /// The market's deviation up to the day before, in log units; the forecast's size is measured in it.
    pub market: f64,
    /// What the scale is multiplied by for 80 % and 95 %; absent where there were too few errors to tell.
    pub quantiles: [Option<f64>; 2],
}

impl ScaleModel {
    /// The columns of the dataset that it sees, after the four numbers of its own.
    pub fn extra_features(&self) -> &[String] {
        self.ridge.features.get(4..).unwrap_or_default()
    }
}

impl Today {
    /// The day that is valued.
    pub fn date(&self) -> NaiveDate {
        self.published.date
    }

    /// The levels of the day itself, in the order of the inputs.
    pub fn levels(&self) -> Vec<f64> {
        self.inputs.iter().map(|input| input.level).collect()
    }

    /// Whether the model sees how far a driver moves, and not where it stands.
    pub fn is_about_moves(&self) -> bool {
        match &self.model {
            DayModel::Members { .. } => true,
            DayModel::Single { output, .. } => *output == Output::PercentReturn,
        }
    }
}
