//! How wide the interval is for the moves of the day.

use super::ScaleModel;
use crate::valuation::Interval;

impl ScaleModel {
    /// The size of error to expect around a shipped forecast (log return), up to the factor that the quantiles make good.
    pub(super) fn expected(&self, shipped: f64, extra: &[f64]) -> Option<f64> {
        let own = self.logarithms.iter().copied();
        let surprise = shipped.abs() / self.market;
        let row: Vec<f64> = own.chain([surprise]).chain(extra.iter().copied()).collect();
        if row.len() != self.ridge.features.len() {
            return None;
        }
        let expected = self.ridge.predict(&row).exp();
        expected.is_finite().then_some(expected)
    }
}

/// The interval of this half-width, in log units, around a value.
pub(super) fn around(value: f64, width: f64) -> Option<Interval> {
    width.is_finite().then(|| Interval {
        lower: value * (-width).exp(),
        upper: value * width.exp(),
    })
}
