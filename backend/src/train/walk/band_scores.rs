//! Coverage, width and Winkler score of intervals, next to the customary ones.

use chrono::{Datelike, NaiveDate};
use shared::evaluation::{BandScore, IntervalScore, YearCoverage};

use crate::train::intervals::NOMINAL;
use crate::train::skill::diebold_mariano;

use super::intervals::HalfWidths;
use super::scale::errors;

/// A row on which both bands can be scored, in log units.
struct Row {
    year: i32,
    /// |outcome − forecast|.
    error: f64,
    half_width: f64,
    baseline: f64,
}

/// The scores of `bands` and of `baseline` (half-widths in log units by level and row), one a level.
///
/// `dates`, `forecasts` and `outcomes` (log returns as plain fractions) have one value a row, oldest first. Rows count where
/// outcome and both bands are known; a level without such rows is left out.
pub(crate) fn interval_scores(
    dates: &[NaiveDate],
    forecasts: &[f64],
    outcomes: &[f64],
    bands: &HalfWidths,
    baseline: &HalfWidths,
) -> Vec<IntervalScore> {
    let errors = errors(forecasts, outcomes);
    let score = |(level, nominal): (usize, &f64)| {
        let row = |row: usize| Row {
            year: dates[row].year(),
            error: errors[row].abs(),
            half_width: bands[level][row],
            baseline: baseline[level][row],
        };
        let is_known = |row: &Row| (row.error + row.half_width + row.baseline).is_finite();
        let rows: Vec<Row> = (0..dates.len()).map(row).filter(is_known).collect();
        (!rows.is_empty()).then(|| interval_score(*nominal, &rows))
    };
    NOMINAL.iter().enumerate().filter_map(score).collect()
}

fn interval_score(nominal: f64, rows: &[Row]) -> IntervalScore {
    let band: fn(&Row) -> f64 = |row| row.half_width;
    let base: fn(&Row) -> f64 = |row| row.baseline;
    let gains: Vec<f64> = rows
        .iter()
        .map(|row| winkler(row.error, base(row), nominal) - winkler(row.error, band(row), nominal))
        .collect();
    let (dm_t, dm_p) = diebold_mariano(&gains).unwrap_or((0.0, 1.0));
    IntervalScore {
        nominal,
        rows: rows.len(),
        bands: band_score(nominal, rows, band),
        baseline: band_score(nominal, rows, base),
        dm_t,
        dm_p,
    }
}

fn band_score(nominal: f64, rows: &[Row], half_width: fn(&Row) -> f64) -> BandScore {
    let mean =
        |value: &dyn Fn(&Row) -> f64| rows.iter().map(value).sum::<f64>() / rows.len() as f64;
    let held = |row: &Row| row.error <= half_width(row);
    let year = |rows: &[Row]| YearCoverage {
        year: rows[0].year,
        measured: rows.iter().filter(|row| held(row)).count() as f64 / rows.len() as f64,
        rows: rows.len(),
    };
    BandScore {
        measured: mean(&|row| f64::from(u8::from(held(row)))),
        mean_width_pct: 100.0 * mean(&|row| 2.0 * half_width(row)),
        winkler_pct: 100.0 * mean(&|row| winkler(row.error, half_width(row), nominal)),
        years: rows.chunk_by(|a, b| a.year == b.year).map(year).collect(),
    }
}

/// Winkler's (1972, <https://doi.org/10.1080/01621459.1972.10481224>) score of a band ± `half_width` around the forecast that
/// was off by ± `error`: its width, and 2 / (1 − nominal) times what lies outside. In the unit of its inputs.
fn winkler(error: f64, half_width: f64, nominal: f64) -> f64 {
    2.0 * half_width + 2.0 / (1.0 - nominal) * (error - half_width).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates() -> Vec<NaiveDate> {
        ["2011-12-30", "2012-01-03", "2012-01-04", "2012-01-05"]
            .map(|text| text.parse().unwrap())
            .to_vec()
    }

    #[test]
    fn a_miss_costs_the_width_and_what_lies_outside_times_two_over_alpha() {
        assert!((winkler(0.01, 0.02, 0.8) - 0.04).abs() < 1e-15);
        assert!((winkler(0.03, 0.02, 0.8) - 0.14).abs() < 1e-15);
        assert!((winkler(0.03, 0.02, 0.95) - 0.44).abs() < 1e-12);
    }

    #[test]
    fn both_bands_are_scored_on_the_rows_that_both_have() {
        let forecasts = [0.0, 0.0, 0.01, 0.0];
        let outcomes = [0.01, -0.03, 0.01, f64::NAN];
        let bands = [vec![0.02; 4], vec![f64::NAN, 0.02, 0.04, 0.02]];
        let baseline = [vec![0.01, 0.01, 0.03, 0.01], vec![0.05; 4]];
        let scores = interval_scores(&dates(), &forecasts, &outcomes, &bands, &baseline);
        assert_eq!(scores.len(), 2);
        assert_eq!((scores[0].nominal, scores[0].rows), (0.8, 3));
        let bands = &scores[0].bands;
        assert!((bands.measured - 2.0 / 3.0).abs() < 1e-15);
        assert!((bands.mean_width_pct - 4.0).abs() < 1e-12);
        assert!((bands.winkler_pct - (4.0 + 14.0 + 4.0) / 3.0).abs() < 1e-12);
        let year = |year, measured, rows| YearCoverage {
            year,
            measured,
            rows,
        };
        assert_eq!(bands.years, [year(2011, 1.0, 1), year(2012, 0.5, 2)]);
        let baseline = &scores[0].baseline;
        assert!((baseline.winkler_pct - (2.0 + (2.0 + 20.0) + 6.0) / 3.0).abs() < 1e-12);
        assert!((baseline.mean_width_pct - 10.0 / 3.0).abs() < 1e-12);
        // Level 95 %: row 0 has no band.
        assert_eq!(scores[1].rows, 2);
    }

    /// Gains of the bands over the baseline: −0.02, 0.08 and 0.02.
    #[test]
    fn the_test_compares_winkler_scores_row_by_row() {
        let bands = [vec![0.02; 4], vec![0.02; 4]];
        let baseline = [vec![0.01, 0.01, 0.03, 0.01], vec![0.02; 4]];
        let outcomes = [0.01, -0.03, 0.0, f64::NAN];
        let scores = interval_scores(&dates(), &[0.0; 4], &outcomes, &bands, &baseline);
        let expected = diebold_mariano(&[-0.02, 0.08, 0.02]).unwrap();
        assert!((scores[0].dm_t - expected.0).abs() < 1e-9);
        assert!((scores[0].dm_p - expected.1).abs() < 1e-9);
        // Equal bands: nothing to test.
        assert_eq!((scores[1].dm_t, scores[1].dm_p), (0.0, 1.0));
    }

    #[test]
    fn without_rows_there_are_no_scores() {
        let none = [vec![f64::NAN; 4], vec![f64::NAN; 4]];
        assert!(interval_scores(&dates(), &[0.0; 4], &[0.0; 4], &none, &none).is_empty());
    }
}
