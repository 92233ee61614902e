//! When an observation is published: so many days after its date, then forward to a weekday.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::calendar::{is_weekday, later};

/// A publication rule. Holidays do not delay a publication here, as in the rules of the presets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Release {
    days: u64,
    weekday: Option<Weekday>,
}

impl Release {
    /// So many days after the date, moved from a weekend to Monday.
    pub(crate) const fn after_days(days: u64) -> Self {
        Self {
            days,
            weekday: None,
        }
    }

    /// On the first such weekday that is so many days after the date or later.
    pub(crate) const fn weekly(days: u64, weekday: Weekday) -> Self {
        Self {
            days,
            weekday: Some(weekday),
        }
    }

    /// The day on which the observation of `date` is published.
    pub(crate) fn day(self, date: NaiveDate) -> NaiveDate {
        let mut day = later(date, self.days);
        while self
            .weekday
            .map_or(!is_weekday(day), |weekday| day.weekday() != weekday)
        {
            day = later(day, 1);
        }
        day
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::date;

    #[test]
    fn weekends_wait_for_monday_and_weekly_releases_for_their_day() {
        let next_day = Release::after_days(1);
        assert_eq!(next_day.day(date(2024, 9, 19)), date(2024, 9, 20));
        assert_eq!(next_day.day(date(2024, 9, 20)), date(2024, 9, 23));
        let mondays = Release::weekly(1, Weekday::Mon);
        assert_eq!(mondays.day(date(2024, 9, 16)), date(2024, 9, 23));
        assert_eq!(mondays.day(date(2024, 9, 20)), date(2024, 9, 23));
    }
}
