//! Refitting on the first row of each month, on all rows before it.

use chrono::{Datelike, NaiveDate};

use super::ridge::Ridge;

/// Where the rows from `first` on must be refitted: `first` itself, and every row whose month is not that of the row before.
pub(crate) fn starts_of_months(dates: &[NaiveDate], first: usize) -> Vec<usize> {
    let month = |row: usize| (dates[row].year(), dates[row].month());
    (first..dates.len())
        .filter(|row| *row == first || month(*row) != month(*row - 1))
        .collect()
}

/// The first row of the month of `row`.
pub(crate) fn start_of_month(dates: &[NaiveDate], row: usize) -> usize {
    dates.partition_point(|day| *day < dates[row].with_day(1).unwrap_or(dates[row]))
}

/// What a ridge predicts for each row from `first` on, out of sample; in the unit of `target`.
///
/// It is refitted on the first row of each month, on all rows strictly before that one whose features and target are known,
/// all with the same weight; the last `embargo` of these rows are passed over, where a target is known only so much later. `dates`, `target` and each of `columns` have one value a row, oldest first, NaN = unknown. The
/// prediction is NaN before `first`, where a feature is unknown, and as long as fewer than `least` rows can be learnt from.
pub(crate) fn monthly_ridge(
    dates: &[NaiveDate],
    columns: &[&[f64]],
    target: &[f64],
    first: usize,
    least: usize,
    embargo: usize,
) -> Vec<f64> {
    let rows: Vec<Vec<f64>> = (0..dates.len())
        .map(|row| columns.iter().map(|column| column[row]).collect())
        .collect();
    let is_known = |row: &[f64]| row.iter().all(|value| value.is_finite());
    let known: Vec<usize> = (0..dates.len())
        .filter(|row| target[*row].is_finite() && is_known(&rows[*row]))
        .collect();
    let mut predictions = vec![f64::NAN; dates.len()];
    let starts = starts_of_months(dates, first);
    for (place, start) in starts.iter().enumerate() {
        let end = starts.get(place + 1).copied().unwrap_or(dates.len());
        let learnt = &known[..known.partition_point(|row| row + embargo < *start)];
        if let Some(ridge) = fitted(&rows, target, learnt, least) {
            for row in *start..end {
                predictions[row] = ridge.predict(&rows[row]);
            }
        }
    }
    predictions
}

/// The ridge behind the newest row's prediction of [`monthly_ridge`] without an embargo; `None` where there is none.
pub(crate) fn newest_ridge(
    dates: &[NaiveDate],
    columns: &[&[f64]],
    target: &[f64],
    first: usize,
    least: usize,
) -> Option<Ridge> {
    let newest = dates.len().checked_sub(1)?;
    let start = start_of_month(dates, newest).max(first);
    let rows: Vec<Vec<f64>> = (0..start)
        .map(|row| columns.iter().map(|column| column[row]).collect())
        .collect();
    let is_known =
        |row: &usize| target[*row].is_finite() && rows[*row].iter().all(|value| value.is_finite());
    let learnt: Vec<usize> = (0..start).filter(is_known).collect();
    fitted(&rows, target, &learnt, least)
}

fn fitted(rows: &[Vec<f64>], target: &[f64], learnt: &[usize], least: usize) -> Option<Ridge> {
    if learnt.len() < least {
        return None;
    }
    let features: Vec<&[f64]> = learnt.iter().map(|row| rows[*row].as_slice()).collect();
    let targets: Vec<f64> = learnt.iter().map(|row| target[*row]).collect();
    Ridge::fit(&features, &targets, &vec![1.0; learnt.len()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::walk::fixture::{business_days, noise, same};

    #[test]
    fn months_start_on_their_first_row() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let dates: Vec<NaiveDate> = [
            "2020-01-30",
            "2020-01-31",
            "2020-02-03",
            "2020-02-04",
            "2021-02-01",
        ]
        .map(day)
        .to_vec();
        assert_eq!(starts_of_months(&dates, 0), [0, 2, 4]);
        assert_eq!(starts_of_months(&dates, 1), [1, 2, 4]);
        assert_eq!(starts_of_months(&dates, 3), [3, 4]);
        assert!(starts_of_months(&dates, 5).is_empty());
    }

    #[test]
    fn a_prediction_is_that_of_a_ridge_fitted_by_hand_on_the_rows_before_its_month() {
        let dates = business_days(200);
        let (a, b, target) = (noise(200, 1), noise(200, 2), noise(200, 3));
        let predicted = monthly_ridge(&dates, &[&a, &b], &target, 100, 60, 0);
        let start = *starts_of_months(&dates, 100)
            .iter()
            .rfind(|row| **row <= 150)
            .unwrap();
        let rows: Vec<[f64; 2]> = (0..start).map(|row| [a[row], b[row]]).collect();
        let rows: Vec<&[f64]> = rows.iter().map(<[f64; 2]>::as_slice).collect();
        let ridge = Ridge::fit(&rows, &target[..start], &vec![1.0; start]).unwrap();
        assert!(same(
            &predicted[150..=150],
            &[ridge.predict(&[a[150], b[150]])]
        ));
        assert!(predicted[..100].iter().all(|value| value.is_nan()));
        assert!(predicted[100..].iter().all(|value| value.is_finite()));
    }

    #[test]
    fn unknown_features_are_not_predicted_and_unknown_rows_not_learnt() {
        let dates = business_days(200);
        let (mut a, mut target) = (noise(200, 1), noise(200, 3));
        let whole = monthly_ridge(&dates, &[&a], &target, 100, 90, 0);
        assert!(whole[100].is_finite());
        a[150] = f64::NAN;
        target[3] = f64::NAN;
        let gaps = monthly_ridge(&dates, &[&a], &target, 100, 90, 0);
        assert!(gaps[150].is_nan());
        assert!((gaps[160] - whole[160]).abs() > 1e-9);
        // Eleven unknown targets leave 89 rows before row 100.
        target[..11].fill(f64::NAN);
        assert!(monthly_ridge(&dates, &[&a], &target, 100, 90, 0)[100].is_nan());
    }
}
