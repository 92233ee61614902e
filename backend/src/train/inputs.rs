//! The dataset as XGBoost takes it: which rows to train on, features scaled and rounded to 32 bits, labels.

use shared::card::Scaler;

use crate::assemble::Dataset;

use super::booster::Matrix;
use super::split::{FoldRows, time_series_split};
use super::{TrainError, scale};

/// Rows that a part of the time-series split must have at least; with fewer a fold's error says nothing.
pub(super) const MIN_ROWS_PER_PART: usize = 10;

/// What models are trained on. Plain data, shared by all threads.
pub(super) struct Inputs {
    /// The features' names, in the order of their values.
    pub names: Vec<String>,
    values: Vec<f32>,
    targets: Vec<f64>,
    /// The dataset's rows to train on: before the test part, target known.
    pub train: Vec<usize>,
    /// The first row of the test part.
    pub test_start: usize,
    /// The folds, as places in `train`.
    pub folds: Vec<FoldRows>,
    /// How the features were scaled.
    pub scaler: Option<Scaler>,
}

impl Inputs {
    /// Splits off the last `test_rows` rows, cuts the rest into folds, and scales if asked to. Rows whose target is unknown
    /// are not trained on.
    pub(super) fn new(
        dataset: &Dataset,
        test_rows: usize,
        folds: usize,
        scale: bool,
    ) -> Result<Self, TrainError> {
        let test_start = dataset.rows().saturating_sub(test_rows);
        let train: Vec<usize> = (0..test_start)
            .filter(|row| dataset.target[*row].is_finite())
            .collect();
        let needed = MIN_ROWS_PER_PART * (folds + 1);
        if train.len() < needed {
            let rows = dataset
                .target
                .iter()
                .filter(|target| target.is_finite())
                .count();
            return Err(TrainError::TooFewRows {
                rows,
                needed: needed + test_rows,
            });
        }
        let scaler = scale.then(|| scale::fit(&dataset.columns, &train));
        Ok(Self {
            names: dataset.features.iter().map(|f| f.name.clone()).collect(),
            values: values(dataset, scaler.as_ref()),
            targets: dataset.target.clone(),
            folds: time_series_split(train.len(), folds),
            train,
            test_start,
            scaler,
        })
    }

    /// The features of these rows of the dataset, with labels where all of them have a target.
    pub(super) fn matrix(&self, rows: &[usize]) -> Result<Matrix, TrainError> {
        let width = self.names.len();
        let features = |row: &usize| &self.values[row * width..(row + 1) * width];
        let values: Vec<f32> = rows.iter().flat_map(features).copied().collect();
        let labels: Vec<f32> = self
            .targets(rows)
            .into_iter()
            .map(|target| target as f32)
            .collect();
        let known = labels.iter().all(|label| label.is_finite());
        Matrix::new(&values, rows.len(), if known { &labels } else { &[] })
    }

    /// The features of every row of the dataset.
    pub(super) fn everything(&self) -> Result<Matrix, TrainError> {
        Matrix::new(&self.values, self.targets.len(), &[])
    }

    /// The targets of these rows of the dataset.
    pub(super) fn targets(&self, rows: &[usize]) -> Vec<f64> {
        rows.iter().map(|row| self.targets[*row]).collect()
    }

    /// The dataset's rows that a fold trains on.
    pub(super) fn train_rows(&self, fold: usize) -> &[usize] {
        &self.train[self.folds[fold].train.clone()]
    }

    /// The dataset's rows that a fold validates on.
    pub(super) fn validation_rows(&self, fold: usize) -> &[usize] {
        &self.train[self.folds[fold].validation.clone()]
    }
}

/// All features, row by row. Scaling is done in 64 bits, as the original does it, and rounded afterwards.
fn values(dataset: &Dataset, scaler: Option<&Scaler>) -> Vec<f32> {
    let Some(scaler) = scaler else {
        return dataset.matrix(0..dataset.rows());
    };
    let features = |row: usize| {
        let columns = dataset.columns.iter().enumerate();
        columns.map(move |(place, column)| scale::apply(scaler, place, column[row]) as f32)
    };
    (0..dataset.rows()).flat_map(features).collect()
}
