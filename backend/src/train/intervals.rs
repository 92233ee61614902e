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
/// Weight of the past in the scale (the customary one for daily data).
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
        for residual in &residuals[next..row.place] {
            past.learn(*residual);
        }
        next = row.place;
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
                bands[place].map(|band| (band.lower..=band.upper).contains(&prices[row.place]))
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

#[cfg(test)]
mod tests {
    use shared::valuation::Method;

    use super::*;

    fn valued(rows: usize) -> Vec<Valued> {
        let row = |place| Valued {
            place,
            raw: 100.0,
            value: 100.0,
            method: Method::Model,
            split: Split::Test,
        };
        (0..rows).map(row).collect()
    }

    /// Errors that alternate in size: 1 %, 2 %, 1 %, …
    fn residuals(rows: usize) -> Vec<f64> {
        (0..rows)
            .map(|row| if row % 2 == 0 { 0.01 } else { -0.02 })
            .collect()
    }

    #[test]
    fn there_is_no_band_before_a_hundred_ratios_are_known() {
        let bands = bands(&valued(110), &residuals(110));
        // The first error has no scale to be divided by, so that row 101 is the first with a hundred ratios behind it.
        assert!(bands[..101].iter().all(|row| *row == [None, None]));
        assert!(
            bands[101..]
                .iter()
                .all(|row| row.iter().all(Option::is_some))
        );
    }

    #[test]
    fn the_band_is_the_quantile_of_the_ratios_times_the_scale() {
        let mut past = Past::default();
        for residual in residuals(700) {
            past.learn(residual);
        }
        assert_eq!(past.ratios.len(), WINDOW);
        // The weighted mean square of an alternating 0.01², 0.02² series that ended with 0.02.
        let mean_square: f64 = (4e-4 + 0.94 * 1e-4) / 1.94;
        assert!((past.scale().unwrap() - mean_square.sqrt()).abs() < 1e-9);
        // Half of the ratios are small ones, so that both quantiles are the large one: 0.02 over the scale before it.
        let before = ((1e-4 + 0.94 * 4e-4) / 1.94_f64).sqrt();
        let expected = 0.02 / before * mean_square.sqrt();
        for nominal in NOMINAL {
            assert!((past.width(nominal).unwrap() - expected).abs() < 1e-6);
        }
        assert!(past.width(0.4).unwrap() < expected / 1.5);
    }

    #[test]
    fn no_band_depends_on_its_own_or_a_later_price() {
        let mut residuals = residuals(300);
        let before = bands(&valued(300), &residuals);
        residuals[299] = 5.0;
        assert_eq!(bands(&valued(300), &residuals), before);
        residuals[200] = 5.0;
        let after = bands(&valued(300), &residuals);
        assert_eq!(after[..=200], before[..=200]);
        assert_ne!(after[201], before[201]);
    }

    #[test]
    fn unknown_residuals_are_passed_over() {
        let mut with_gaps = vec![f64::NAN; 50];
        with_gaps.extend(residuals(150));
        assert_eq!(
            bands(&valued(200), &with_gaps)[199],
            bands(&valued(150), &residuals(150))[149]
        );
    }

    #[test]
    fn coverage_counts_test_rows_with_a_band() {
        let band = |lower, upper| Some(Interval { lower, upper });
        let mut rows = valued(4);
        rows[0].split = Split::Train;
        let bands = [
            [band(0.0, 1.0), band(0.0, 1.0)],
            [band(1.0, 2.0), band(0.0, 9.0)],
            [band(1.0, 2.0), band(0.0, 9.0)],
            [None, None],
        ];
        let coverage = coverage(&rows, &bands, &[5.0, 2.0, 5.0, 5.0]);
        assert_eq!(
            coverage,
            [
                Coverage {
                    nominal: 0.8,
                    measured: 0.5,
                    rows: 2
                },
                Coverage {
                    nominal: 0.95,
                    measured: 1.0,
                    rows: 2
                },
            ]
        );
    }
}
