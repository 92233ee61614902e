//! A straight line through points, with errors that may be correlated.

use crate::train::skill::{long_run_variance, newey_west_lag};

/// The least-squares line y = intercept + slope · x.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Line {
    /// In the unit of y.
    pub intercept: f64,
    /// In the unit of y over that of x.
    pub slope: f64,
    /// Standard error of the slope.
    pub slope_error: f64,
}

/// The line through the points (`x`, `y`), oldest first, all finite; `None` with fewer than three or where x is constant.
///
/// The slope's standard error allows for errors whose size varies and that are correlated over some rows: Newey and West
/// (1987, <https://doi.org/10.2307/1913610>), Bartlett weights, the customary lag.
pub(crate) fn line(x: &[f64], y: &[f64]) -> Option<Line> {
    let n = x.len() as f64;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / n;
    let (mean_x, mean_y) = (mean(x), mean(y));
    let centred: Vec<f64> = x.iter().map(|x| x - mean_x).collect();
    let spread: f64 = centred.iter().map(|x| x * x).sum();
    // A constant x has a spread of rounding errors.
    if x.len() < 3 || spread.is_nan() || spread <= 1e-24 * n * mean_x * mean_x || spread == 0.0 {
        return None;
    }
    let products = centred.iter().zip(y).map(|(x, y)| x * (y - mean_y));
    let slope = products.sum::<f64>() / spread;
    let intercept = mean_y - slope * mean_x;
    // What each row adds to the slope's error; they add up to zero.
    let scores: Vec<f64> = centred
        .iter()
        .zip(x.iter().zip(y))
        .map(|(centred, (x, y))| centred * (y - intercept - slope * x))
        .collect();
    let variance = n * long_run_variance(&scores, newey_west_lag(x.len())) / (spread * spread);
    Some(Line {
        intercept,
        slope,
        slope_error: variance.max(0.0).sqrt(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// x is −1.5 … 1.5, the residuals 0.3 −0.9 0.9 −0.3: scores −0.45 0.45 0.45 −0.45, lag 1 has autocovariance
    /// (−0.2025 + 0.2025 − 0.2025) / 4, so that the variance is 4 · (0.2025 − 0.050625) / 25.
    #[test]
    fn slope_and_error_are_those_computed_by_hand() {
        let line = line(&[1.0, 2.0, 3.0, 4.0], &[2.3, 3.1, 6.9, 7.7]).unwrap();
        assert!((line.slope - 2.0).abs() < 1e-12);
        assert!(line.intercept.abs() < 1e-12);
        assert!((line.slope_error - (4.0 * 0.151_875_f64 / 25.0).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn there_is_no_line_through_two_points_or_a_constant() {
        assert_eq!(line(&[1.0, 2.0], &[1.0, 2.0]), None);
        assert_eq!(line(&[0.1; 7], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), None);
        assert_eq!(line(&[0.0; 3], &[1.0, 2.0, 3.0]), None);
        assert_eq!(line(&[], &[]), None);
    }
}
