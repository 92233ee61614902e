//! The trees of a run in XGBoost itself: the server's answers, which the browser's are checked against.

use shared::what_if::{Evaluator, Member, Outcome, Today};

use crate::train::LoadedModel;

/// A [`super::ValueRows`] by XGBoost.
pub fn rows_by_xgboost(
    today: Today,
    model: &[u8],
    rows: &[Vec<f64>],
) -> anyhow::Result<Vec<Option<Outcome>>> {
    let evaluator = Evaluator::with(today, XgboostTrees(LoadedModel::new(model)?));
    Ok(rows.iter().map(|row| evaluator.outcome(row)).collect())
}

/// XGBoost's own trees. A fault of XGBoost is an output that is no number, which no valuation comes of.
struct XgboostTrees(LoadedModel);

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
