//! The linear member of a fair valuation, as published: enough to compute its forecast anywhere.

use serde::{Deserialize, Serialize};

/// A linear forecast of a log return in units of its own volatility, on standardised and clipped features.
///
/// `forecast = volatility · (intercept + Σ coefficient · clamp((value − mean) · inverse_deviation, ± clip))`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LinearModel {
    /// The features' columns in `complete_dataset`, in the order of the values.
    pub features: Vec<String>,
    /// The column of the volatility (log units) that the forecast is scaled by.
    pub volatility: String,
    /// Weighted mean of each feature on the rows trained on.
    pub means: Vec<f64>,
    /// One over each feature's weighted standard deviation; 0 for a constant one.
    pub inverse_deviations: Vec<f64>,
    /// Standardised values beyond this count as this.
    pub clip: f64,
    /// One a feature.
    pub coefficients: Vec<f64>,
    /// The forecast where every feature is at its mean, in volatilities.
    pub intercept: f64,
    /// The ridge penalty that validation chose.
    pub penalty: f64,
    /// The largest move (log units) fitted in training: beyond it this member speaks alone.
    pub limit: f64,
}

impl LinearModel {
    /// What each feature adds to the forecast of the log return for a row (values in the order of
    /// [`features`](Self::features)) at this volatility, and last the intercept's part. They add up to the forecast.
    ///
    /// # Panics
    /// If the row does not have one value a feature.
    pub fn contributions(&self, row: &[f64], volatility: f64) -> Vec<f64> {
        assert_eq!(row.len(), self.features.len(), "values in the row");
        self.terms(row)
            .map(|term| term * volatility)
            .chain(std::iter::once(self.intercept * volatility))
            .collect()
    }

    /// The same sum in units of the volatility.
    pub fn predict(&self, row: &[f64]) -> f64 {
        self.intercept + self.terms(row).sum::<f64>()
    }

    fn terms(&self, row: &[f64]) -> impl Iterator<Item = f64> {
        let standardised = row
            .iter()
            .zip(&self.means)
            .zip(&self.inverse_deviations)
            .map(|((value, mean), inverse)| {
                ((value - mean) * inverse).clamp(-self.clip, self.clip)
            });
        standardised
            .zip(&self.coefficients)
            .map(|(value, coefficient)| value * coefficient)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contributions_are_clipped_standardised_terms_in_volatilities() {
        let model = LinearModel {
            features: vec!["a".to_owned(), "b".to_owned(), "c".to_owned()],
            volatility: "v".to_owned(),
            means: vec![1.0, 0.0, 5.0],
            inverse_deviations: vec![2.0, 1.0, 0.0],
            clip: 8.0,
            coefficients: vec![0.5, -0.25, 3.0],
            intercept: 0.1,
            penalty: 10.0,
            limit: 0.05,
        };
        // (2 − 1) · 2 · 0.5, clamp(100) · −0.25, a constant feature, the intercept; each times 0.01.
        let contributions = model.contributions(&[2.0, 100.0, 9.0], 0.01);
        let expected = [0.01, -0.02, 0.0, 0.001];
        for (contribution, expected) in contributions.iter().zip(expected) {
            assert!((contribution - expected).abs() < 1e-15, "{contributions:?}");
        }
    }
}
