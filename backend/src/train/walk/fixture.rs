//! Small made-up series for the tests.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The first `rows` days from 2010-01-01 on that are no weekend.
pub(super) fn business_days(rows: usize) -> Vec<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(2010, 1, 1).unwrap();
    (0..)
        .map(|day| first + Days::new(day))
        .filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
        .take(rows)
        .collect()
}

/// Evenly distributed noise from −1 to 1.
pub(super) fn noise(rows: usize, seed: u64) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..rows).map(|_| rng.random_range(-1.0..1.0)).collect()
}

/// `value` up to the last row of `values` that is before `end`; the rest of `other` in place of what comes later.
pub(super) fn with_other_future(values: &[f64], end: usize, other: &[f64]) -> Vec<f64> {
    [&values[..end], &other[end..]].concat()
}

/// Whether two columns agree, NaN with NaN.
pub(super) fn same(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len()
        && a.iter()
            .zip(b)
            .all(|(a, b)| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()))
}
