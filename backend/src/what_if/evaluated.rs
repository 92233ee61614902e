//! The trees of a run in our own evaluator, for the API's Lambda: without XGBoost it starts sooner and is a third of the size.

use shared::model::Model;
use shared::what_if::{Evaluator, Outcome, Today};

/// A [`super::ValueRows`] by [`Model`], which gives XGBoost's numbers.
pub fn rows_by_evaluator(
    today: Today,
    model: &[u8],
    rows: &[Vec<f64>],
) -> anyhow::Result<Vec<Option<Outcome>>> {
    let evaluator = Evaluator::with(today, Model::parse(model)?);
    Ok(rows.iter().map(|row| evaluator.outcome(row)).collect())
}
