//! The rows of a valuation turned into the columns that are drawn, and the keys that walk along them. Pure.

use chrono::NaiveTime;
use shared::valuation::{Interval, Valuation};

/// A month of trading days: how far Page Up and Page Down go.
const PAGE: usize = 21;

/// One array for each line, of equal length, oldest first.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Columns {
    /// Midnight UTC of the day, in seconds since 1970.
    pub(super) times: Vec<f64>,
    /// The price.
    pub(super) prices: Vec<f64>,
    /// The model's value.
    pub(super) valuations: Vec<f64>,
    /// Lower end of the 80% interval; NaN where there is none.
    pub(super) lowers: Vec<f64>,
    /// Upper end of the 80% interval; NaN where there is none.
    pub(super) uppers: Vec<f64>,
}

impl Columns {
    /// The columns of `rows`, oldest first.
    pub(super) fn of(rows: &[Valuation]) -> Self {
        let mut columns = Self::default();
        for row in rows {
            let midnight = row.date.and_time(NaiveTime::MIN).and_utc();
            let Interval { lower, upper } = row.interval_80.unwrap_or(Interval {
                lower: f64::NAN,
                upper: f64::NAN,
            });
            columns.times.push(midnight.timestamp() as f64);
            columns.prices.push(row.price);
            columns.valuations.push(row.valuation);
            columns.lowers.push(lower);
            columns.uppers.push(upper);
        }
        columns
    }
}

/// The day that a key leads to from `from`, of `days` days; `None` for keys that mean nothing here.
pub(super) fn step(key: &str, from: usize, days: usize) -> Option<usize> {
    let last = days.checked_sub(1)?;
    let to = match key {
        "ArrowLeft" | "ArrowDown" => from.saturating_sub(1),
        "ArrowRight" | "ArrowUp" => from + 1,
        "PageDown" => from.saturating_sub(PAGE),
        "PageUp" => from + PAGE,
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(to.min(last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::row;

    #[test]
    fn a_missing_interval_leaves_a_gap_in_the_band() {
        let mut bare = row(20, 242.0, 241.0);
        bare.interval_80 = None;
        let columns = Columns::of(&[row(19, 238.0, 240.0), bare]);
        assert_eq!(columns.times, [1_726_704_000.0, 1_726_790_400.0]);
        assert_eq!(columns.prices, [238.0, 242.0]);
        assert_eq!(columns.uppers[0].to_bits(), 242.0_f64.to_bits());
        assert!(columns.lowers[1].is_nan() && columns.uppers[1].is_nan());
    }

    #[test]
    fn keys_walk_along_the_days_and_stop_at_the_ends() {
        assert_eq!(step("ArrowLeft", 0, 30), Some(0));
        assert_eq!(step("ArrowRight", 28, 30), Some(29));
        assert_eq!(step("ArrowRight", 29, 30), Some(29));
        assert_eq!(step("PageDown", 29, 30), Some(8));
        assert_eq!(step("Home", 17, 30), Some(0));
        assert_eq!(step("End", 17, 30), Some(29));
        assert_eq!(step("a", 17, 30), None);
        assert_eq!(step("End", 0, 0), None);
    }
}
