//! A fitted model, and the one function by which a diff values a row.

use shared::card::{Output, Scaler};
use shared::model::{Model, ModelError};

use crate::assemble::Dataset;
use crate::preset::{Extrapolation, TrainPlan};
use crate::train::{STAND_IN, price_of, standardised, target_range};

/// A fitted model with all that leads from a row's features to its valuation.
pub(super) struct FittedModel {
    model: Model,
    scaler: Option<Scaler>,
    output: Output,
    /// The extremes of the targets that it was fitted on, where a mean stands in beyond them.
    range: Option<(f64, f64)>,
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
        Ok(Self {
            model: Model::parse(bytes)?,
            scaler,
            output: plan.output,
            range: stands_in.then(|| target_range(trained_on, &fitted)),
        })
    }

    /// What gold is worth on a row of the test part, by the rules of training. `None` where the row has no value, or its
    /// features are not the model's.
    pub(super) fn value(&self, dataset: &Dataset, row: usize) -> Option<f64> {
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
