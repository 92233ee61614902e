//! From the model's outputs to what gold is worth: one value a row, and how it came about.

use shared::card::Output;
use shared::valuation::{Method, Split};

use crate::assemble::Dataset;
use crate::preset::{Extrapolation, TrainPlan};

use super::TrainError;
use super::inputs::Inputs;

/// The feature that stands in under [`Extrapolation::EmaOnActual`].
pub(crate) const STAND_IN: &str = "gold_ema_30";

/// A row of the dataset with its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Valued {
    /// Its place in the dataset.
    pub place: usize,
    /// What the model says, in the price's unit.
    pub raw: f64,
    /// What is published, in the price's unit.
    pub value: f64,
    /// How that came about.
    pub method: Method,
    /// Trained on, or not.
    pub split: Split,
}

/// Says if the extrapolation rule cannot work on this dataset.
pub(super) fn check(dataset: &Dataset, rule: Extrapolation) -> Result<(), TrainError> {
    match rule {
        Extrapolation::EmaOnActual if stand_in(dataset).is_none() => {
            Err(TrainError::MissingFeature { name: STAND_IN })
        }
        Extrapolation::EmaOnActual | Extrapolation::None => Ok(()),
    }
}

/// The price that an output means, given the price of the row before.
pub(crate) fn price_of(output: Output, value: f64, previous_price: f64) -> f64 {
    match output {
        Output::Level => value,
        Output::PercentReturn => previous_price * (value / 100.0).exp(),
    }
}

/// Values every row from the model's outputs, one output a row of the dataset.
///
/// A row whose price is not known, or which needs the price of the row before and has none (the first row), cannot be
/// valued and is left out. A row that has a price but no target is valued; it is neither trained on nor scored.
pub(super) fn value_rows(
    dataset: &Dataset,
    plan: &TrainPlan,
    inputs: &Inputs,
    outputs: &[f32],
) -> Vec<Valued> {
    let stand_in = match plan.extrapolation {
        Extrapolation::EmaOnActual => stand_in(dataset),
        Extrapolation::None => None,
    };
    let (low, high) = target_range(dataset, &inputs.train);
    let value = |row: usize| {
        let raw = price_of(
            plan.output,
            f64::from(outputs[row]),
            dataset.previous_price[row],
        );
        let split = if row < inputs.test_start {
            Split::Train
        } else {
            Split::Test
        };
        let inside = low < dataset.target[row] && dataset.target[row] < high;
        let (value, method) = match stand_in {
            Some(column) if split == Split::Test && !inside => (column[row], Method::Ema),
            _ => (raw, Method::Model),
        };
        Valued {
            place: row,
            raw,
            value,
            method,
            split,
        }
    };
    let can_be_valued = |valued: &Valued| {
        dataset.price[valued.place].is_finite()
            && valued.value.is_finite()
            && valued.raw.is_finite()
    };
    (0..dataset.rows())
        .map(value)
        .filter(can_be_valued)
        .collect()
}

/// The smallest and the largest target of the rows named.
pub(crate) fn target_range(dataset: &Dataset, rows: &[usize]) -> (f64, f64) {
    rows.iter()
        .map(|row| dataset.target[*row])
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), target| {
            (low.min(target), high.max(target))
        })
}

fn stand_in(dataset: &Dataset) -> Option<&[f64]> {
    let place = dataset
        .features
        .iter()
        .position(|feature| feature.name == STAND_IN)?;
    dataset.columns.get(place).map(Vec::as_slice)
}
