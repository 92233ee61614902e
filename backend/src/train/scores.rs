//! How far the valuation and four simple rules are off, all on the same rows.

use shared::card::Score;
use shared::valuation::Split;

use crate::assemble::Dataset;

use super::value::Valued;

/// A test row on which every rule has a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ScoredRow {
    /// What happened.
    pub price: f64,
    /// What is published.
    pub valuation: f64,
    /// The model alone.
    pub model_raw: f64,
    /// The price of the row before.
    pub no_change: f64,
    /// The exponential mean of the row before.
    pub ema_previous: f64,
    /// The exponential mean of the same row.
    pub ema_same_day: f64,
}

/// A rule's name, its label, and where its value stands.
type Rule = (&'static str, &'static str, fn(&ScoredRow) -> f64);

const RULES: [Rule; 5] = [
    ("valuation", "Valuation as published", |row| row.valuation),
    ("model_raw", "Model alone, nothing substituted", |row| {
        row.model_raw
    }),
    ("no_change", "Price of the day before", |row| row.no_change),
    (
        "ema_previous",
        "Exponential mean up to the day before",
        |row| row.ema_previous,
    ),
    (
        "ema_same_day",
        "Exponential mean with the day itself, which gives the price away",
        |row| row.ema_same_day,
    ),
];

/// The test rows that can be scored: price and target known, and a value by every rule.
pub(super) fn scored_rows(dataset: &Dataset, valued: &[Valued]) -> Vec<ScoredRow> {
    let scored = |row: &Valued| {
        let candidate = ScoredRow {
            price: dataset.price[row.place],
            valuation: row.value,
            model_raw: row.raw,
            no_change: dataset.previous_price[row.place],
            ema_previous: row
                .place
                .checked_sub(1)
                .map_or(f64::NAN, |before| dataset.ema[before]),
            ema_same_day: dataset.ema[row.place],
        };
        let complete = RULES
            .iter()
            .all(|(_, _, value)| value(&candidate).is_finite() && value(&candidate) > 0.0);
        (complete && dataset.target[row.place].is_finite()).then_some(candidate)
    };
    valued
        .iter()
        .filter(|row| row.split == Split::Test)
        .filter_map(scored)
        .collect()
}

/// The errors of every rule; empty where no row could be scored.
pub(super) fn scores(rows: &[ScoredRow]) -> Vec<Score> {
    if rows.is_empty() {
        return Vec::new();
    }
    let score = |(rule, label, value): &Rule| {
        let errors: Vec<f64> = rows.iter().map(|row| row.price - value(row)).collect();
        let log_errors: Vec<f64> = rows
            .iter()
            .map(|row| 100.0 * (row.price / value(row)).ln())
            .collect();
        Score {
            rule: (*rule).to_owned(),
            label: (*label).to_owned(),
            rmse: root_mean_square(&errors),
            mae: errors.iter().map(|error| error.abs()).sum::<f64>() / errors.len() as f64,
            rmse_pct: root_mean_square(&log_errors),
            rows: rows.len(),
        }
    };
    RULES.iter().map(score).collect()
}

fn root_mean_square(errors: &[f64]) -> f64 {
    (errors.iter().map(|error| error * error).sum::<f64>() / errors.len() as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_scored_on_the_same_rows() {
        let row = |price, valuation| ScoredRow {
            price,
            valuation,
            model_raw: price,
            no_change: price - 2.0,
            ema_previous: price * (-0.01_f64).exp(),
            ema_same_day: price,
        };
        let scores = scores(&[row(100.0, 97.0), row(200.0, 204.0)]);
        let by_rule = |rule: &str| scores.iter().find(|score| score.rule == rule).unwrap();
        assert!((by_rule("valuation").rmse - 12.5_f64.sqrt()).abs() < 1e-12);
        assert!((by_rule("valuation").mae - 3.5).abs() < 1e-12);
        assert!((by_rule("no_change").rmse - 2.0).abs() < 1e-12);
        assert!((by_rule("ema_previous").rmse_pct - 1.0).abs() < 1e-12);
        assert!(by_rule("model_raw").rmse.abs() < 1e-12);
        assert!(scores.iter().all(|score| score.rows == 2));
        let order: Vec<&str> = scores.iter().map(|score| score.rule.as_str()).collect();
        assert_eq!(
            order,
            [
                "valuation",
                "model_raw",
                "no_change",
                "ema_previous",
                "ema_same_day"
            ]
        );
    }
}
