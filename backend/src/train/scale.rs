//! Standardises features as scikit-learn's `StandardScaler` does.

use shared::card::Scaler;

/// Fits mean and population standard deviation of every column on the rows named, missing values left out.
///
/// A column that does not vary gets scale 1; the bound for "does not vary" is scikit-learn's, which allows for rounding.
pub(super) fn fit(columns: &[Vec<f64>], rows: &[usize]) -> Scaler {
    let (mean, scale) = columns
        .iter()
        .map(|column| mean_and_scale(column, rows))
        .unzip();
    Scaler { mean, scale }
}

/// One value of column `column`, standardised. NaN stays NaN.
pub(crate) fn apply(scaler: &Scaler, column: usize, value: f64) -> f64 {
    (value - scaler.mean[column]) / scaler.scale[column]
}

fn mean_and_scale(column: &[f64], rows: &[usize]) -> (f64, f64) {
    let known: Vec<f64> = rows
        .iter()
        .map(|row| column[*row])
        .filter(|value| !value.is_nan())
        .collect();
    if known.is_empty() {
        return (0.0, 1.0);
    }
    let n = known.len() as f64;
    let mean = known.iter().sum::<f64>() / n;
    // The correction term takes out what rounding left in the mean (Chan, Golub and LeVeque 1983).
    let (sum, squares) = known.iter().fold((0.0, 0.0), |(sum, squares), value| {
        let deviation = value - mean;
        (sum + deviation, squares + deviation * deviation)
    });
    let variance = (squares - sum * sum / n) / n;
    let rounding = n * f64::EPSILON * variance + (n * mean * f64::EPSILON).powi(2);
    let scale = if variance <= rounding {
        1.0
    } else {
        variance.sqrt()
    };
    (mean, scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_population_standard_deviation_of_the_named_rows_is_used() {
        let scaler = fit(&[vec![1.0, 3.0, 1000.0], vec![2.0, f64::NAN, 7.0]], &[0, 1]);
        assert_eq!(
            scaler,
            Scaler {
                mean: vec![2.0, 2.0],
                scale: vec![1.0, 1.0]
            }
        );
        assert_eq!(apply(&scaler, 0, 1000.0).to_bits(), 998.0_f64.to_bits());
        assert!(apply(&scaler, 1, f64::NAN).is_nan());
    }

    #[test]
    fn a_constant_column_keeps_its_scale() {
        let scaler = fit(&[vec![0.1; 300]], &(0..300).collect::<Vec<_>>());
        assert_eq!(scaler.scale, [1.0]);
        assert!(apply(&scaler, 0, 0.1).abs() < 1e-15);
    }

    #[test]
    fn a_column_without_values_is_left_as_it_is() {
        assert_eq!(
            fit(&[vec![f64::NAN; 2]], &[0, 1]),
            Scaler {
                mean: vec![0.0],
                scale: vec![1.0]
            }
        );
    }
}
