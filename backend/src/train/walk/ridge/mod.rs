//! Ridge regression on standardised features; the penalty is chosen by validation on what comes later.

#[cfg(test)]
mod tests;

use std::ops::Range;

use nalgebra::{DMatrix, DVector};
use shared::members::LinearModel;

/// The penalties to choose from, in units of one row of mean weight.
pub(crate) const PENALTIES: [f64; 7] = [1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0];
/// Validation parts. Each is as long as the shortest training part.
const FOLDS: usize = 5;
/// Standardised values beyond this many standard deviations count as this many.
const CLIP: f64 = 8.0;
/// A feature that varies by less than this part of its size is constant, up to rounding.
const CONSTANT: f64 = 1e-12;

/// A fitted ridge regression (Hoerl and Kennard 1970, <https://doi.org/10.1080/00401706.1970.10488634>).
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ridge {
    standard: Standard,
    coefficients: Vec<f64>,
    intercept: f64,
    penalty: f64,
}

impl Ridge {
    /// Fits `targets` on `rows` (oldest first, all of one length), each counting by its weight.
    ///
    /// Features are standardised by weighted mean and deviation and clipped at 8. Weights are scaled to mean 1. The penalty
    /// is the one of [`PENALTIES`] with the least mean squared error (unweighted) over five folds that expand with time: the
    /// rows are cut into sixths, and each sixth but the first is predicted from all before it. Everything must be finite.
    /// `None` with fewer than six rows, or where weights do not add up to something positive.
    pub(crate) fn fit(rows: &[&[f64]], targets: &[f64], weights: &[f64]) -> Option<Self> {
        let total: f64 = weights.iter().sum();
        if rows.len() <= FOLDS || total.is_nan() || total <= 0.0 {
            return None;
        }
        let weights: Vec<f64> = weights
            .iter()
            .map(|weight| weight * rows.len() as f64 / total)
            .collect();
        let standard = Standard::fit(rows, &weights);
        let intercept = mean(targets, &weights);
        let problem = Problem {
            width: standard.means.len(),
            features: rows.iter().flat_map(|row| standard.apply(row)).collect(),
            targets: targets.iter().map(|target| target - intercept).collect(),
            weights,
        };
        let (penalty, coefficients) = problem.solve()?;
        Some(Self {
            standard,
            coefficients,
            intercept,
            penalty,
        })
    }

    /// The prediction for a row, in the unit of the targets; NaN where a feature is.
    pub(crate) fn predict(&self, row: &[f64]) -> f64 {
        self.intercept + self.terms(row).sum::<f64>()
    }

    /// What each feature adds to the prediction, in the unit of the targets; with the intercept they sum to it.
    pub(crate) fn terms(&self, row: &[f64]) -> impl Iterator<Item = f64> {
        let standardised = self.standard.apply(row);
        standardised
            .zip(&self.coefficients)
            .map(|(value, coefficient)| value * coefficient)
    }

    /// The weighted mean of the targets: the prediction where every feature is at its mean.
    pub(crate) fn intercept(&self) -> f64 {
        self.intercept
    }

    /// The same for others to evaluate; names, volatility and limit are the member's to add.
    pub(crate) fn model(&self) -> LinearModel {
        LinearModel {
            features: Vec::new(),
            volatility: String::new(),
            means: self.standard.means.clone(),
            inverse_deviations: self.standard.inverses.clone(),
            clip: CLIP,
            coefficients: self.coefficients.clone(),
            intercept: self.intercept,
            penalty: self.penalty,
            limit: f64::INFINITY,
        }
    }

    /// The penalty that was chosen.
    #[cfg(test)]
    pub(crate) fn penalty(&self) -> f64 {
        self.penalty
    }
}

/// Means and inverse standard deviations of the features.
#[derive(Clone, Debug, PartialEq)]
struct Standard {
    means: Vec<f64>,
    /// 0 for a constant feature, so that it says nothing, whatever it does later.
    inverses: Vec<f64>,
}

impl Standard {
    fn fit(rows: &[&[f64]], weights: &[f64]) -> Self {
        let total: f64 = weights.iter().sum();
        let mut means = vec![0.0; rows[0].len()];
        for (row, weight) in rows.iter().zip(weights) {
            for (mean, value) in means.iter_mut().zip(*row) {
                *mean += weight * value / total;
            }
        }
        let mut squares = vec![0.0; means.len()];
        for (row, weight) in rows.iter().zip(weights) {
            for ((square, value), mean) in squares.iter_mut().zip(*row).zip(&means) {
                *square += weight * (value - mean) * (value - mean) / total;
            }
        }
        let inverse = |(square, mean): (&f64, &f64)| match square.sqrt() {
            deviation if deviation <= CONSTANT * mean.abs() => 0.0,
            deviation => 1.0 / deviation,
        };
        let inverses = squares.iter().zip(&means).map(inverse).collect();
        Self { means, inverses }
    }

    fn apply(&self, row: &[f64]) -> impl Iterator<Item = f64> {
        row.iter()
            .zip(&self.means)
            .zip(&self.inverses)
            .map(|((value, mean), inverse)| ((value - mean) * inverse).clamp(-CLIP, CLIP))
    }
}

fn mean(values: &[f64], weights: &[f64]) -> f64 {
    let sum: f64 = values.iter().zip(weights).map(|(v, w)| v * w).sum();
    sum / weights.iter().sum::<f64>()
}

/// Standardised features (row by row) with centred targets.
struct Problem {
    width: usize,
    features: Vec<f64>,
    targets: Vec<f64>,
    weights: Vec<f64>,
}

impl Problem {
    /// The best penalty and the coefficients that it gives on all rows.
    ///
    /// The sums of products are carried from one fold's training part to the next one's, so that every row is multiplied out
    /// once, however many folds and penalties there are.
    fn solve(&self) -> Option<(f64, Vec<f64>)> {
        let rows = self.targets.len();
        let size = rows / (FOLDS + 1);
        let mut products = Products::new(self.width);
        let mut errors = [0.0; PENALTIES.len()];
        for fold in 0..FOLDS {
            let start = (fold + 1) * size;
            self.learn(&mut products, fold * size..start);
            let candidates = products.candidates()?;
            let squared = self.squared_errors(&candidates, start..start + size);
            for (error, squared) in errors.iter_mut().zip(squared) {
                *error += squared;
            }
        }
        self.learn(&mut products, FOLDS * size..rows);
        // `min_by` gives the first of equal ones: the smallest penalty.
        let best = PENALTIES.iter().zip(errors);
        let (penalty, _) = best.min_by(|a, b| a.1.total_cmp(&b.1))?;
        Some((*penalty, products.coefficients(*penalty)?))
    }

    fn learn(&self, products: &mut Products, range: Range<usize>) {
        for row in range {
            let features = &self.features[row * self.width..][..self.width];
            products.learn(features, self.targets[row], self.weights[row]);
        }
    }

    /// Sums of squared errors over the rows of `range`, one a penalty. `candidates` has one row a feature, so that all
    /// penalties are predicted in one pass.
    fn squared_errors(
        &self,
        candidates: &[[f64; PENALTIES.len()]],
        range: Range<usize>,
    ) -> [f64; PENALTIES.len()] {
        let mut sums = [0.0; PENALTIES.len()];
        for row in range {
            let mut errors = [self.targets[row]; PENALTIES.len()];
            let features = &self.features[row * self.width..][..self.width];
            for (value, coefficients) in features.iter().zip(candidates) {
                for (error, coefficient) in errors.iter_mut().zip(coefficients) {
                    *error -= value * coefficient;
                }
            }
            for (sum, error) in sums.iter_mut().zip(errors) {
                *sum += error * error;
            }
        }
        sums
    }
}

/// Weighted sums of products: Z'WZ and Z'Wy.
struct Products {
    width: usize,
    /// Row by row; only the lower triangle is kept up.
    gram: Vec<f64>,
    moments: Vec<f64>,
}

impl Products {
    fn new(width: usize) -> Self {
        Self {
            width,
            gram: vec![0.0; width * width],
            moments: vec![0.0; width],
        }
    }

    fn learn(&mut self, features: &[f64], target: f64, weight: f64) {
        for (place, value) in features.iter().enumerate() {
            let weighted = weight * value;
            let line = &mut self.gram[place * self.width..][..=place];
            for (product, other) in line.iter_mut().zip(features) {
                *product += weighted * other;
            }
            self.moments[place] += weighted * target;
        }
    }

    /// The solution of (Z'WZ + penalty · I) b = Z'Wy; `None` where the products are not finite.
    fn coefficients(&self, penalty: f64) -> Option<Vec<f64>> {
        let mut matrix = DMatrix::from_row_slice(self.width, self.width, &self.gram);
        for place in 0..self.width {
            matrix[(place, place)] += penalty;
        }
        // Reads the lower triangle only.
        let factor = matrix.cholesky()?;
        let moments = DVector::from_column_slice(&self.moments);
        Some(factor.solve(&moments).as_slice().to_vec())
    }

    /// The coefficients under every penalty, one row a feature.
    fn candidates(&self) -> Option<Vec<[f64; PENALTIES.len()]>> {
        let mut table = vec![[0.0; PENALTIES.len()]; self.width];
        for (column, penalty) in PENALTIES.iter().enumerate() {
            for (row, coefficient) in table.iter_mut().zip(self.coefficients(*penalty)?) {
                row[column] = coefficient;
            }
        }
        Some(table)
    }
}
