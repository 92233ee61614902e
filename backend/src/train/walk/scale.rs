//! How large the next error is likely to be: a ridge on the logarithm of the size of earlier errors.

use chrono::NaiveDate;
use shared::members::LinearModel;
use shared::what_if::ScaleModel;

use super::ewma::deviation_before;
use super::refit::{monthly_ridge, newest_ridge, start_of_month};

/// Weight of the newest square in the usual scale: decay .94.
pub(crate) const ALPHA: f64 = 0.06;
/// The same for a slower one: decay .97.
const SLOW_ALPHA: f64 = 0.03;
/// Errors smaller than this count as this large, in log units: the logarithm of a lucky hit would rule the fit.
const SMALLEST_ERROR: f64 = 2e-5;
/// Errors needed before the model is fitted.
const LEAST: usize = 250;

/// The features that come from forecasts and outcomes themselves, in the order of [`own_columns`].
const OWN_NAMES: [&str; 4] = [
    "error_deviation",
    "error_deviation_slow",
    "market_deviation",
    "forecast_over_deviation",
];

/// The size of error to expect at each row, in log units up to a constant factor (which the quantiles of `intervals.rs` make
/// good); NaN where it cannot be told.
///
/// `forecasts` (what was shipped, out of sample) and `outcomes` are log returns as plain fractions, one a row, oldest first,
/// NaN = unknown. `extra` are columns that are known at a row before its outcome: ln VIX, and the day's driver moves over
/// their own scale. A row uses outcomes of earlier rows only. With e = outcome − forecast, the target is ln max(|e|, 2e-5);
/// beside `extra` the features are the logarithms of three deviations known the row before (of e with decay .94 and .97, of
/// the outcome with .94), and |forecast| over the last. Fitted on the first row of each month on all rows before it.
pub(crate) fn scales(
    dates: &[NaiveDate],
    forecasts: &[f64],
    outcomes: &[f64],
    extra: &[Vec<f64>],
) -> Vec<f64> {
    scales_from(0, dates, forecasts, outcomes, extra)
}

/// The scale of the newest row alone: one fit instead of one a month.
pub(crate) fn newest_scale(
    dates: &[NaiveDate],
    forecasts: &[f64],
    outcomes: &[f64],
    extra: &[Vec<f64>],
) -> f64 {
    let Some(newest) = dates.len().checked_sub(1) else {
        return f64::NAN;
    };
    let from = start_of_month(dates, newest);
    scales_from(from, dates, forecasts, outcomes, extra)[newest]
}

/// The scales of the rows from `from` on, which must be the first of its month.
fn scales_from(
    from: usize,
    dates: &[NaiveDate],
    forecasts: &[f64],
    outcomes: &[f64],
    extra: &[Vec<f64>],
) -> Vec<f64> {
    let errors = errors(forecasts, outcomes);
    let Some(first) = errors.iter().position(|error| error.is_finite()) else {
        return vec![f64::NAN; dates.len()];
    };
    let target: Vec<f64> = errors
        .iter()
        .map(|error| log_of_size(error.abs()))
        .collect();
    let own = own_columns(&errors, forecasts, outcomes);
    let columns: Vec<&[f64]> = own.iter().chain(extra).map(Vec::as_slice).collect();
    let logarithms = monthly_ridge(dates, &columns, &target, first.max(from), LEAST, 0);
    logarithms.into_iter().map(f64::exp).collect()
}

/// The model behind the newest row's scale, with what that row knew the day before; `names` are those of `extra`, and the
/// quantiles are the caller's to add. `None` where the row has no scale.
pub(crate) fn scale_model(
    dates: &[NaiveDate],
    forecasts: &[f64],
    outcomes: &[f64],
    extra: &[Vec<f64>],
    names: &[String],
) -> Option<ScaleModel> {
    let newest = dates.len().checked_sub(1)?;
    let errors = errors(forecasts, outcomes);
    let first = errors.iter().position(|error| error.is_finite())?;
    let target: Vec<f64> = errors.iter().map(|e| log_of_size(e.abs())).collect();
    let own = own_columns(&errors, forecasts, outcomes);
    let columns: Vec<&[f64]> = own.iter().chain(extra).map(Vec::as_slice).collect();
    let ridge = newest_ridge(dates, &columns, &target, first, LEAST)?;
    let market = deviation_before(outcomes, ALPHA)[newest];
    let logarithms = [0, 1, 2].map(|column| own[column][newest]);
    let known = logarithms.iter().all(|value| value.is_finite()) && market > 0.0;
    let own_names = OWN_NAMES.iter().map(|name| (*name).to_owned());
    known.then(|| ScaleModel {
        ridge: LinearModel {
            features: own_names.chain(names.iter().cloned()).collect(),
            ..ridge.model()
        },
        logarithms,
        market,
        quantiles: [None; 2],
    })
}

/// Outcome less forecast, row by row.
pub(crate) fn errors(forecasts: &[f64], outcomes: &[f64]) -> Vec<f64> {
    let pairs = forecasts.iter().zip(outcomes);
    pairs
        .map(|(forecast, outcome)| outcome - forecast)
        .collect()
}

/// Keeps NaN, which `f64::max` would drop.
fn log_of_size(size: f64) -> f64 {
    size.clamp(SMALLEST_ERROR, f64::INFINITY).ln()
}

/// The features that come from forecasts and outcomes themselves.
fn own_columns(errors: &[f64], forecasts: &[f64], outcomes: &[f64]) -> [Vec<f64>; 4] {
    let logarithms = |deviations: &[f64]| deviations.iter().map(|d| log_of_size(*d)).collect();
    let market = deviation_before(outcomes, ALPHA);
    let surprise = |(forecast, deviation): (&f64, &f64)| {
        let ratio = forecast.abs() / deviation;
        // A price that has not moved yet has no scale; ∞ would be a fault of the row for ever.
        if ratio.is_infinite() { f64::NAN } else { ratio }
    };
    [
        logarithms(&deviation_before(errors, ALPHA)),
        logarithms(&deviation_before(errors, SLOW_ALPHA)),
        logarithms(&market),
        forecasts.iter().zip(&market).map(surprise).collect(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::walk::fixture::{business_days, noise, same, with_other_future};

    const ROWS: usize = 700;

    #[test]
    fn a_tiny_error_counts_as_the_smallest_and_an_unknown_one_stays_unknown() {
        assert!((log_of_size(1e-9) - 2e-5_f64.ln()).abs() < 1e-15);
        assert!((log_of_size(0.01) - 0.01_f64.ln()).abs() < 1e-15);
        assert!(log_of_size(f64::NAN).is_nan());
    }

    #[test]
    fn the_features_are_those_of_the_recipe() {
        let (forecasts, outcomes) = ([0.01, 0.02, -0.03], [0.03, -0.01, 0.0]);
        let errors = errors(&forecasts, &outcomes);
        assert!((errors[1] + 0.03).abs() < 1e-15);
        let [usual, slow, market, surprise] = own_columns(&errors, &forecasts, &outcomes);
        assert!(usual[0].is_nan() && surprise[0].is_nan());
        let mean = |alpha: f64, old: f64, new: f64| {
            ((new * new + (1.0 - alpha) * old * old) / (2.0 - alpha)).sqrt()
        };
        assert!((usual[2] - mean(0.06, 0.02, 0.03).ln()).abs() < 1e-12);
        assert!((slow[2] - mean(0.03, 0.02, 0.03).ln()).abs() < 1e-12);
        assert!((market[2] - mean(0.06, 0.03, 0.01).ln()).abs() < 1e-12);
        assert!((surprise[2] - 0.03 / mean(0.06, 0.03, 0.01)).abs() < 1e-12);
    }

    /// Errors that are as large as a known column says: the model must find it.
    fn world() -> (Vec<f64>, Vec<f64>, Vec<Vec<f64>>) {
        let size: Vec<f64> = noise(ROWS, 1).iter().map(|value| value * 2.0).collect();
        let forecasts: Vec<f64> = noise(ROWS, 2).iter().map(|value| value * 0.01).collect();
        let sign = |row: usize| if row.is_multiple_of(2) { 1.0 } else { -1.0 };
        let outcomes = (0..ROWS)
            .map(|row| forecasts[row] + 0.005 * size[row].exp() * sign(row))
            .collect();
        (forecasts, outcomes, vec![size])
    }

    #[test]
    fn it_learns_what_makes_errors_large() {
        let (forecasts, outcomes, extra) = world();
        let scales = scales(&business_days(ROWS), &forecasts, &outcomes, &extra);
        assert!(scales[..250].iter().all(|scale| scale.is_nan()));
        for row in 300..ROWS {
            let true_size = 0.005 * extra[0][row].exp();
            assert!((scales[row] / true_size).ln().abs() < 0.1, "row {row}");
        }
    }

    #[test]
    fn no_scale_depends_on_its_own_or_a_later_outcome() {
        let (forecasts, outcomes, extra) = world();
        let dates = business_days(ROWS);
        let whole = scales(&dates, &forecasts, &outcomes, &extra);
        let other = noise(ROWS, 4);
        for end in [280, 431, 699] {
            let short = [extra[0][..end].to_vec()];
            let cut = scales(&dates[..end], &forecasts[..end], &outcomes[..end], &short);
            assert!(same(&cut, &whole[..end]));
            let changed = with_other_future(&outcomes, end, &other);
            let after = scales(&dates, &forecasts, &changed, &extra);
            assert!(same(&after[..=end], &whole[..=end]));
            assert!(end + 1 == ROWS || !same(&after, &whole));
        }
    }

    #[test]
    fn without_a_forecast_there_is_no_scale() {
        let unknown = [f64::NAN; 3];
        assert!(
            scales(&business_days(3), &unknown, &[0.1; 3], &[])
                .iter()
                .all(|scale| scale.is_nan())
        );
    }
}
