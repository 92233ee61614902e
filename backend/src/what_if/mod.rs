//! What if: the newest day of a run, written down so that page and API can value it at other levels of its drivers.

mod day;
mod evaluated;
mod inputs;
mod native;
mod scenarios;

pub(crate) use day::what_if;
pub use evaluated::rows_by_evaluator;
pub use native::rows_by_xgboost;

use shared::what_if::{Outcome, Today};

/// Values a day at rows of levels of its inputs, by the run's model as XGBoost saved it. A row is `None` where it has no
/// valuation; an error is a model that cannot be read.
pub type ValueRows = fn(Today, &[u8], &[Vec<f64>]) -> anyhow::Result<Vec<Option<Outcome>>>;
