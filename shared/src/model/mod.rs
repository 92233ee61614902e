//! XGBoost's JSON model, evaluated and explained without XGBoost.

mod error;
mod forest;
mod json;
mod quadrature;
mod shap;
#[cfg(test)]
mod tests;

pub use error::{Fault, ModelError};
pub use json::Trees;

use forest::Forest;

/// A trained regression model: boosted trees (`gbtree`) or a linear function (`gblinear`).
///
/// A row holds one value per feature, in the order of training; NaN means that the value is missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    feature_count: usize,
    /// The prediction before any tree or weight is added.
    base_score: f32,
    booster: Booster,
}

#[derive(Clone, Debug, PartialEq)]
enum Booster {
    Trees(Forest),
    /// One weight per feature, then the bias.
    Linear(Vec<f32>),
}

impl Model {
    /// Reads a model as XGBoost 3 saves it in JSON, and checks that it can be evaluated.
    ///
    /// Takes `gbtree` and `gblinear` with the objective `reg:squarederror`. Categorical splits, `dart`, more than one
    /// output and other objectives are [`ModelError::Unsupported`]; a file that breaks the format is one of the other
    /// errors. Whatever this accepts is evaluated without a panic and in bounded time.
    pub fn parse(json: &[u8]) -> Result<Self, ModelError> {
        json::read(json)
    }

    /// How many values a row has.
    pub fn feature_count(&self) -> usize {
        self.feature_count
    }

    /// The model's output for one row, in the unit of the training target.
    ///
    /// Adds up in 32 bits and in XGBoost's order, so that the result is the number that XGBoost's `predict` gives.
    ///
    /// # Panics
    /// If the row does not have [`feature_count`](Self::feature_count) values.
    pub fn predict(&self, row: &[f32]) -> f64 {
        self.check_width(row);
        let sum = match &self.booster {
            Booster::Trees(forest) => forest.predict(row, self.base_score),
            Booster::Linear(weights) => {
                let bias = weights[self.feature_count] + self.base_score;
                present(row, weights).fold(bias, |sum, (_, value, weight)| sum + value * weight)
            }
        };
        f64::from(sum)
    }

    /// What each feature adds to the prediction for one row, in the unit of the target, and last the bias: what the
    /// model says while it knows no feature. The values add up to the prediction.
    ///
    /// They are XGBoost's `pred_contribs`: for trees the exact path-dependent Shapley values (see `shap.rs`), for a
    /// linear model weight × value, 0 where the value is missing.
    ///
    /// # Panics
    /// If the row does not have [`feature_count`](Self::feature_count) values.
    pub fn contributions(&self, row: &[f32]) -> Vec<f64> {
        self.check_width(row);
        let mut contributions = vec![0.0; self.feature_count + 1];
        let bias = match &self.booster {
            Booster::Trees(forest) => {
                shap::add_shapley_values(forest, row, &mut contributions);
                forest.mean()
            }
            Booster::Linear(weights) => {
                for (feature, value, weight) in present(row, weights) {
                    contributions[feature] = f64::from(value) * f64::from(weight);
                }
                f64::from(weights[self.feature_count])
            }
        };
        contributions[self.feature_count] = bias + f64::from(self.base_score);
        contributions
    }

    fn check_width(&self, row: &[f32]) {
        assert_eq!(
            row.len(),
            self.feature_count,
            "values in the row, features of the model"
        );
    }
}

/// Feature, value and weight of the values that are not missing.
fn present(row: &[f32], weights: &[f32]) -> impl Iterator<Item = (usize, f32, f32)> {
    row.iter()
        .zip(weights)
        .enumerate()
        .filter(|(_, (value, _))| !value.is_nan())
        .map(|(feature, (&value, &weight))| (feature, value, weight))
}
