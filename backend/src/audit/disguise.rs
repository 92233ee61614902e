//! Whether a feature is the target by another name: it moves with it as nothing else does.

use chrono::NaiveDate;

use crate::assemble::Dataset;

/// No other market moves with gold like this; another share of the same bars does.
pub(super) const TOO_CLOSE: f64 = 0.97;
/// Rows that a correlation needs.
const LEAST: usize = 100;

/// How close a feature is to the target, up to its newest day.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Twin {
    pub(super) name: String,
    pub(super) date: NaiveDate,
    pub(super) correlation: f64,
}

/// How each feature, or its change, correlates with the price's log return of the same day.
pub(super) fn twins(dataset: &Dataset) -> Vec<Twin> {
    let pairs = dataset.price.iter().zip(&dataset.previous_price);
    let returns: Vec<f64> = pairs.map(|(price, before)| (price / before).ln()).collect();
    let Some(date) = dataset.dates.last() else {
        return Vec::new();
    };
    let features = dataset.features.iter().zip(&dataset.columns);
    let twin = |name: &str, values: &[f64]| {
        let changes = changes(values);
        let closest = [values, &changes]
            .map(|column| correlation(column, &returns).abs())
            .into_iter()
            .fold(0.0, f64::max);
        Twin {
            name: name.to_owned(),
            date: *date,
            correlation: closest,
        }
    };
    features
        .map(|(feature, values)| twin(&feature.name, values))
        .collect()
}

/// Log changes of a level, differences of anything that may be negative.
fn changes(values: &[f64]) -> Vec<f64> {
    let is_level = values.iter().all(|value| value.is_nan() || *value > 0.0);
    let change = |pair: &[f64]| {
        if is_level {
            (pair[1] / pair[0]).ln()
        } else {
            pair[1] - pair[0]
        }
    };
    let later = values.windows(2).map(change);
    std::iter::once(f64::NAN)
        .chain(later)
        .take(values.len())
        .collect()
}

/// Pearson's correlation over the rows on which both are known; 0 with too few of them.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let known: Vec<(f64, f64)> = a
        .iter()
        .zip(b)
        .filter(|(a, b)| a.is_finite() && b.is_finite())
        .map(|(a, b)| (*a, *b))
        .collect();
    if known.len() < LEAST {
        return 0.0;
    }
    let n = known.len() as f64;
    let (mean_a, mean_b) = known
        .iter()
        .fold((0.0, 0.0), |(x, y), (a, b)| (x + a / n, y + b / n));
    let (mut both, mut one, mut other) = (0.0, 0.0, 0.0);
    for (a, b) in known {
        both += (a - mean_a) * (b - mean_b);
        one += (a - mean_a).powi(2);
        other += (b - mean_b).powi(2);
    }
    if one > 0.0 && other > 0.0 {
        both / (one * other).sqrt()
    } else {
        0.0
    }
}
