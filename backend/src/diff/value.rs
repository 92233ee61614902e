//! A fitted model, and the one function by which a diff values a row.

use shared::card::{Output, Scaler};
use shared::members::LinearModel;
use shared::model::{Model, ModelError};

use crate::assemble::Dataset;
use crate::preset::{Extrapolation, Role, TrainPlan};
use crate::train::{STAND_IN, price_of, standardised, target_range};

/// A fitted model with all that leads from a row's features to its valuation.
pub(super) enum FittedModel {
    /// One model.
    Single(Single),
    /// Two members.
    Members(Members),
}

/// A model that was fitted once.
pub(super) struct Single {
    model: Model,
    scaler: Option<Scaler>,
    output: Output,
    /// The extremes of the targets that it was fitted on, where a mean stands in beyond them.
    range: Option<(f64, f64)>,
}

/// A linear member and trees, as they were fitted last.
pub(super) struct Members {
    linear: LinearModel,
    trees: Model,
    /// Whether their forecast is shipped; otherwise no change is.
    is_open: bool,
}

impl FittedModel {
    /// Reads a model as XGBoost wrote it; `trained_on` is the dataset whose rows before the test part it was fitted on.
    pub(super) fn new(
        bytes: &[u8],
        scaler: Option<Scaler>,
        plan: &TrainPlan,
        trained_on: &Dataset,
    ) -> Result<Self, ModelError> {
        let fitted: Vec<usize> = (0..trained_on.rows().saturating_sub(plan.test_rows))
            .filter(|row| trained_on.target[*row].is_finite())
            .collect();
        let stands_in = plan.extrapolation == Extrapolation::EmaOnActual && plan.test_rows > 0;
        Ok(Self::Single(Single {
            model: Model::parse(bytes)?,
            scaler,
            output: plan.output,
            range: stands_in.then(|| target_range(trained_on, &fitted)),
        }))
    }

    /// Two members; `trees` as XGBoost wrote them.
    pub(super) fn members(
        trees: &[u8],
        linear: LinearModel,
        is_open: bool,
    ) -> Result<Self, ModelError> {
        let trees = Model::parse(trees)?;
        Ok(Self::Members(Members {
            linear,
            trees,
            is_open,
        }))
    }

    /// What gold is worth on a row of the test part, by the rules of training. `None` where the row has no value, or its
    /// features are not the model's.
    pub(super) fn value(&self, dataset: &Dataset, row: usize) -> Option<f64> {
        match self {
            Self::Single(single) => single.value(dataset, row),
            Self::Members(members) => members.value(dataset, row),
        }
    }
}

impl Members {
    fn value(&self, dataset: &Dataset, row: usize) -> Option<f64> {
        let forecast = if self.is_open {
            self.forecast(dataset, row)?
        } else {
            0.0
        };
        known(dataset.previous_price[row] * forecast.exp())
    }

    /// The mean of both members' log returns, or the linear one's alone where it is beyond what it was fitted on.
    fn forecast(&self, dataset: &Dataset, row: usize) -> Option<f64> {
        let cell = |name: &String| {
            let place = dataset.features.iter().position(|f| f.name == *name)?;
            known(dataset.columns[place][row])
        };
        let features: Option<Vec<f64>> = self.linear.features.iter().map(cell).collect();
        let shares = self
            .linear
            .contributions(&features?, cell(&self.linear.volatility)?);
        let linear: f64 = shares.iter().sum();
        let columns = dataset.columns_of(Role::Trees);
        let features: Vec<f32> = columns.iter().map(|column| column[row] as f32).collect();
        if features.len() != self.trees.feature_count() {
            return None;
        }
        let trees = self.trees.contributions(&features).iter().sum::<f64>() / 100.0;
        if linear.abs() > self.linear.limit {
            return Some(linear);
        }
        Some(f64::midpoint(linear, trees))
    }
}

impl Single {
    fn value(&self, dataset: &Dataset, row: usize) -> Option<f64> {
        if let Some((low, high)) = self.range
            && !(low < dataset.target[row] && dataset.target[row] < high)
        {
            let place = dataset.features.iter().position(|f| f.name == STAND_IN)?;
            return known(dataset.columns[place][row]);
        }
        let columns = dataset.columns.iter().enumerate();
        let features: Vec<f32> = columns
            .map(|(place, column)| match &self.scaler {
                Some(scaler) => standardised(scaler, place, column[row]) as f32,
                None => column[row] as f32,
            })
            .collect();
        if features.len() != self.model.feature_count() {
            return None;
        }
        let output = self.model.predict(&features);
        known(price_of(self.output, output, dataset.previous_price[row]))
    }
}

fn known(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
