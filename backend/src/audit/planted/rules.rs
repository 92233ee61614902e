//! Rules that a preset cannot say, each wrong and right. They tell one number of a row from the dataset that they have.

use std::ops::Range;

use crate::assemble::Dataset;
use crate::preset::Role;
use crate::train::walk::{monthly_ridge, start_of_month};

/// Days ahead of the forecast.
const HORIZON: usize = 20;
/// Rows that its first fit needs.
const LEAST: usize = 100;
/// Rows that a parameter is chosen on.
const CHOSEN_ON: usize = 300;
/// Days of which one has a value of its own.
const HOLES: i64 = 5;

/// The first feature of the trees.
fn feature(dataset: &Dataset) -> &[f64] {
    dataset
        .columns_of(Role::Trees)
        .first()
        .copied()
        .unwrap_or(&[])
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let known = values.filter(|value| value.is_finite());
    let (sum, count) = known.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}

fn scaled(dataset: &Dataset, row: usize, rows: Range<usize>) -> f64 {
    let column = &feature(dataset)[rows];
    let centre = mean(column.iter().copied());
    let variance = mean(column.iter().map(|value| (value - centre).powi(2)));
    (feature(dataset)[row] - centre) / variance.sqrt()
}

/// Standardised on all rows.
pub(super) fn scaled_by_all(dataset: &Dataset, row: usize) -> f64 {
    scaled(dataset, row, 0..dataset.rows())
}

/// Standardised on the rows before.
pub(super) fn scaled_by_earlier(dataset: &Dataset, row: usize) -> f64 {
    scaled(dataset, row, 0..row)
}

/// The forecast of a factor times the feature; the factor is the one of 401 with the least error on the last 300 rows
/// before `end`.
fn selected(dataset: &Dataset, row: usize, end: usize) -> f64 {
    let feature = feature(dataset);
    let rows = end.saturating_sub(CHOSEN_ON)..end;
    let error = |factor: f64| {
        let errors = rows
            .clone()
            .map(|row| (dataset.target[row] - factor * feature[row]).powi(2));
        mean(errors)
    };
    let factors = (-200..=200).map(f64::from);
    let scored = factors.map(|factor| (factor, error(factor)));
    let best = scored.min_by(|a, b| a.1.total_cmp(&b.1));
    best.map_or(f64::NAN, |(factor, _)| factor * feature[row])
}

/// A factor chosen on the newest rows of all, the judged ones among them.
pub(super) fn selected_on_test(dataset: &Dataset, row: usize) -> f64 {
    selected(dataset, row, dataset.rows())
}

/// A factor chosen on the rows before.
pub(super) fn selected_on_earlier(dataset: &Dataset, row: usize) -> f64 {
    selected(dataset, row, row)
}

/// A ridge of the next 20 rows' return on the linear member's features, the last `embargo` rows passed over.
fn forecast(dataset: &Dataset, row: usize, embargo: usize) -> f64 {
    let ahead = |row: usize| match dataset.target.get(row + 1..=row + HORIZON) {
        Some(next) => next.iter().sum(),
        None => f64::NAN,
    };
    let labels: Vec<f64> = (0..dataset.rows()).map(ahead).collect();
    let from = start_of_month(&dataset.dates, row);
    let mut columns = dataset.columns_of(Role::Linear);
    // A series that is late on this row must not silence the forecast.
    columns.retain(|column| column[row].is_finite());
    monthly_ridge(&dataset.dates, &columns, &labels, from, LEAST, embargo)[row]
}

/// Fitted on labels that reach beyond the day of the fit.
pub(super) fn without_embargo(dataset: &Dataset, row: usize) -> f64 {
    forecast(dataset, row, 0)
}

/// Fitted on labels that were known.
pub(super) fn with_embargo(dataset: &Dataset, row: usize) -> f64 {
    forecast(dataset, row, HORIZON)
}

/// The next row's value.
pub(super) fn next_row(dataset: &Dataset, row: usize) -> f64 {
    feature(dataset).get(row + 1).copied().unwrap_or(f64::NAN)
}

/// Whether a row has a value of its own; the others have a hole there.
fn is_known(dataset: &Dataset, row: usize) -> bool {
    let days = dataset.dates[row].signed_duration_since(chrono::NaiveDate::MIN);
    days.num_days() % HOLES == 0
}

/// Holes take the next known value.
pub(super) fn filled_backwards(dataset: &Dataset, row: usize) -> f64 {
    let next = (row..dataset.rows()).find(|row| is_known(dataset, *row));
    next.map_or(f64::NAN, |row| feature(dataset)[row])
}

/// Holes take the last known value.
pub(super) fn filled_forwards(dataset: &Dataset, row: usize) -> f64 {
    let last = (0..=row).rev().find(|row| is_known(dataset, *row));
    last.map_or(f64::NAN, |row| feature(dataset)[row])
}

/// The 80 % quantile of the sizes of no-change's errors.
fn quantile(errors: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
    sizes.retain(|size| size.is_finite());
    sizes.sort_by(f64::total_cmp);
    let place = (sizes.len() as f64 * 0.8) as usize;
    sizes.get(place).copied().unwrap_or(f64::NAN)
}

/// Half the width of an interval from all errors.
pub(super) fn conformal_on_all(dataset: &Dataset, _: usize) -> f64 {
    quantile(&dataset.target)
}

/// Half the width of an interval from earlier errors.
pub(super) fn conformal_on_earlier(dataset: &Dataset, row: usize) -> f64 {
    quantile(&dataset.target[..row])
}
