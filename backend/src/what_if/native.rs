//! The trees of a run in XGBoost itself: what the API's answers are checked against in the browser.

use shared::what_if::Member;

use crate::train::{LoadedModel, TrainError};

/// XGBoost's own trees. A fault of XGBoost is an output that is no number, which no valuation comes of.
pub(crate) struct XgboostTrees(LoadedModel);

impl XgboostTrees {
    /// Reads a model as XGBoost saved it.
    pub(crate) fn new(json: &[u8]) -> Result<Self, TrainError> {
        LoadedModel::new(json).map(Self)
    }
}

impl Member for XgboostTrees {
    fn width(&self) -> usize {
        self.0.width()
    }

    fn predict(&self, row: &[f32]) -> f64 {
        self.0.predict(row).map_or(f64::NAN, f64::from)
    }

    fn contributions(&self, row: &[f32]) -> Vec<f64> {
        match self.0.contributions(row) {
            Ok(parts) => parts.into_iter().map(f64::from).collect(),
            Err(_) => vec![f64::NAN; row.len() + 1],
        }
    }
}
