//! Exponentially weighted means of what came before a row.

/// An exponentially weighted mean whose weights add up to one from the first value on: pandas' `ewm(alpha, adjust=True)`.
pub(crate) struct Ewma {
    decay: f64,
    sum: f64,
    weight: f64,
}

impl Ewma {
    /// A mean of nothing yet; the newest value will weigh `alpha` (0 to 1) in the long run.
    pub(crate) fn new(alpha: f64) -> Self {
        Self {
            decay: 1.0 - alpha,
            sum: 0.0,
            weight: 0.0,
        }
    }

    /// Takes the next value in. An unknown one (NaN) leaves the mean as it is but lets what came before grow older.
    pub(crate) fn learn(&mut self, value: f64) {
        self.sum *= self.decay;
        self.weight *= self.decay;
        if value.is_finite() {
            self.sum += value;
            self.weight += 1.0;
        }
    }

    /// The mean of all values learnt, in their unit; NaN before the first.
    pub(crate) fn mean(&self) -> f64 {
        self.sum / self.weight
    }
}

/// For every row the root of the exponentially weighted mean square of the rows before it, in the unit of `values`.
///
/// The mean is taken as zero, as is customary for daily returns (`RiskMetrics` 1996). `alpha` is the weight of the newest
/// square: 0.06 is the decay .94 of the trade. NaN as long as no earlier value is known.
pub(crate) fn deviation_before(values: &[f64], alpha: f64) -> Vec<f64> {
    let mut squares = Ewma::new(alpha);
    let before = |value: &f64| {
        let deviation = squares.mean().sqrt();
        squares.learn(value * value);
        deviation
    };
    values.iter().map(before).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_normalised_from_the_first_value_on() {
        let mut mean = Ewma::new(0.25);
        assert!(mean.mean().is_nan());
        mean.learn(3.0);
        assert!((mean.mean() - 3.0).abs() < 1e-15);
        mean.learn(7.0);
        // (7 + 0.75 · 3) / (1 + 0.75)
        assert!((mean.mean() - 9.25 / 1.75).abs() < 1e-15);
    }

    #[test]
    fn an_unknown_value_makes_the_past_older_and_nothing_else() {
        let mut mean = Ewma::new(0.5);
        mean.learn(2.0);
        mean.learn(f64::NAN);
        assert!((mean.mean() - 2.0).abs() < 1e-15);
        mean.learn(6.0);
        // pandas: pd.Series([2, nan, 6]).ewm(alpha=.5).mean() = (6 + 0.25 · 2) / 1.25
        assert!((mean.mean() - 5.2).abs() < 1e-15);
    }

    #[test]
    fn a_deviation_knows_only_the_rows_before() {
        let deviations = deviation_before(&[3.0, -4.0, 100.0], 0.5);
        assert!(deviations[0].is_nan());
        assert!((deviations[1] - 3.0).abs() < 1e-15);
        // (16 + 0.5 · 9) / 1.5
        assert!((deviations[2] - (20.5_f64 / 1.5).sqrt()).abs() < 1e-15);
    }
}
