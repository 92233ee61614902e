//! Intervals around the valuation, from how far earlier out-of-sample valuations were off.
//!
//! Errors are divided by a scale that was known the day before, and the band is a quantile of the last 500 such ratios times
//! today's scale: split conformal prediction (Vovk, Gammerman and Shafer 2005; Papadopoulos et al. 2002 for the scaling) in
//! a rolling window. Nothing at a row depends on that row's price, nor on any later one.

use std::collections::VecDeque;

use shared::card::Coverage;
use shared::valuation::{Interval, Split};

use super::value::Valued;

/// The probabilities that the intervals promise.
pub(super) const NOMINAL: [f64; 2] = [0.8, 0.95];
/// Ratios looked back at.
const WINDOW: usize = 500;
/// Ratios needed before there is a band.
const NEEDED: usize = 100;
/// Weight of the past in the scale (RiskMetrics' daily value).
const DECAY: f64 = 0.94;
/// Smallest scale, in log units: keeps a run of perfect valuations from dividing by zero.
const SMALLEST_SCALE: f64 = 1e-6;

/// The two bands of a row, in the order of [`NOMINAL`].
pub(super) type Bands = [Option<Interval>; 2];

/// Bands around every valued row, in their order. `residuals` holds ln(price / value) by row of the dataset, NaN where there
/// is no out-of-sample value.
pub(super) fn bands(valued: &[Valued], residuals: &[f64]) -> Vec<Bands> {
    let mut past = Past::default();
    let mut next = 0;
    let band = |row: &Valued| {
        for residual in &residuals[next..row.row] {
            past.learn(*residual);
        }
        next = row.row;
        NOMINAL.map(|nominal| {
            let width = past.width(nominal)?;
            Some(Interval {
                lower: row.value * (-width).exp(),
                upper: row.value * width.exp(),
            })
        })
    };
    valued.iter().map(band).collect()
}

/// How often the bands held the price on the test rows; `prices` by row of the dataset.
pub(super) fn coverage(valued: &[Valued], bands: &[Bands], prices: &[f64]) -> Vec<Coverage> {
    let of = |place: usize| {
        let test_rows = valued
            .iter()
            .zip(bands)
            .filter(|(row, _)| row.split == Split::Test);
        let held: Vec<bool> = test_rows
            .filter_map(|(row, bands)| {
                bands[place].map(|band| (band.lower..=band.upper).contains(&prices[row.row]))
            })
            .collect();
        let inside = held.iter().filter(|held| **held).count();
        (!held.is_empty()).then(|| Coverage {
            nominal: NOMINAL[place],
            measured: inside as f64 / held.len() as f64,
            rows: held.len(),
        })
    };
    (0..NOMINAL.len()).filter_map(of).collect()
}

/// The errors seen so far.
#[derive(Default)]
struct Past {
    /// Weighted sum of squares, and the sum of the weights.
    squares: f64,
    weights: f64,
    ratios: VecDeque<f64>,
}

impl Past {
    fn learn(&mut self, residual: f64) {
        if !residual.is_finite() {
            return;
        }
        if let Some(scale) = self.scale() {
            self.ratios.push_back(residual.abs() / scale);
            if self.ratios.len() > WINDOW {
                self.ratios.pop_front();
            }
        }
        self.squares = DECAY * self.squares + (1.0 - DECAY) * residual * residual;
        self.weights = DECAY * self.weights + (1.0 - DECAY);
    }

    /// Exponentially weighted standard deviation of all errors learnt.
    fn scale(&self) -> Option<f64> {
        (self.weights > 0.0).then(|| (self.squares / self.weights).sqrt().max(SMALLEST_SCALE))
    }

    /// Half the width of a band, in log units: the k-th smallest ratio, k = ⌈(n + 1) · nominal⌉, times the scale.
    fn width(&self, nominal: f64) -> Option<f64> {
        let n = self.ratios.len();
        if n < NEEDED {
            return None;
        }
        let mut ratios: Vec<f64> = self.ratios.iter().copied().collect();
        let k = (((n + 1) as f64 * nominal).ceil() as usize).min(n);
        let (_, ratio, _) = ratios.select_nth_unstable_by(k - 1, f64::total_cmp);
        Some(*ratio * self.scale()?)
    }
}
