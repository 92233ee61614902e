//! Who answers for the trees.

use crate::model::Model;

/// Trees that can be asked: the evaluator of [`crate::model`], or XGBoost itself.
pub trait Member {
    /// How many values a row has.
    fn width(&self) -> usize;
    /// The output for a row.
    fn predict(&self, row: &[f32]) -> f64;
    /// What each feature adds to it, and last what no feature does.
    fn contributions(&self, row: &[f32]) -> Vec<f64>;
}

impl Member for Model {
    fn width(&self) -> usize {
        self.feature_count()
    }

    fn predict(&self, row: &[f32]) -> f64 {
        Model::predict(self, row)
    }

    fn contributions(&self, row: &[f32]) -> Vec<f64> {
        Model::contributions(self, row)
    }
}
