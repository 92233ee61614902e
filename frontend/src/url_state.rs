//! The reader's choices as they stand in the address, so that a link shows the same thing to someone else.

use std::fmt;
use std::str::FromStr;

use chrono::{Days, Months, NaiveDate};

/// How much of the test window the chart shows: `?range=`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Range {
    /// The last month.
    Month,
    /// The last three months.
    Quarter,
    /// The last six months.
    Half,
    /// Everything there is.
    #[default]
    All,
}

impl Range {
    /// The choices in their order on the page.
    pub(crate) const ALL: [Self; 4] = [Self::Month, Self::Quarter, Self::Half, Self::All];

    /// The word in the address.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Month => "1m",
            Self::Quarter => "3m",
            Self::Half => "6m",
            Self::All => "all",
        }
    }

    /// The words on the button.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Month => "1 month",
            Self::Quarter => "3 months",
            Self::Half => "6 months",
            Self::All => "All",
        }
    }

    /// The index of the first of `days` (oldest first) that this range shows.
    pub(crate) fn first_row(self, days: &[NaiveDate]) -> usize {
        let months = match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Half => 6,
            Self::All => return 0,
        };
        let Some(newest) = days.last() else {
            return 0;
        };
        let first = newest
            .checked_sub_months(Months::new(months))
            .and_then(|day| day.checked_add_days(Days::new(1)))
            .unwrap_or(NaiveDate::MIN);
        days.partition_point(|day| *day < first)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word in the address that names no range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UnknownRange;

impl FromStr for Range {
    type Err = UnknownRange;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|range| range.as_str() == text)
            .ok_or(UnknownRange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_range_survives_the_address() {
        for range in Range::ALL {
            assert_eq!(range.to_string().parse(), Ok(range));
        }
        assert_eq!("10y".parse::<Range>(), Err(UnknownRange));
    }

    #[test]
    fn a_month_ends_with_the_newest_row_and_not_with_today() {
        let days: Vec<NaiveDate> = day("2024-01-01").iter_days().take(91).collect();
        assert_eq!(days.last(), Some(&day("2024-03-31")));
        let first = |range: Range| days[range.first_row(&days)];
        assert_eq!(first(Range::Month), day("2024-03-01"));
        assert_eq!(first(Range::Quarter), day("2024-01-01"));
        assert_eq!(first(Range::All), day("2024-01-01"));
        assert_eq!(Range::Month.first_row(&[]), 0);
    }

    #[test]
    fn a_range_longer_than_the_data_shows_all_of_it() {
        let days = [day("2024-03-28"), day("2024-03-29")];
        assert_eq!(Range::Half.first_row(&days), 0);
    }
}
