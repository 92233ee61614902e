//! Trading days in New York and the other days on which a series has a value, computed from rules.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// Whose holidays count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Calendar {
    /// New York's stock exchanges; the energy and volatility series follow them.
    Stocks,
    /// The bond market: the Federal Reserve's holidays and Good Friday.
    Bonds,
    /// The Federal Reserve, which publishes exchange rates.
    Reserve,
    /// Every weekday: spot metals and currencies.
    Weekdays,
}

impl Calendar {
    /// Whether the calendar's market is open on a day. Closures of one day (a storm, a funeral) are not known here.
    pub(crate) fn is_open(self, day: NaiveDate) -> bool {
        is_weekday(day)
            && match self {
                Self::Stocks => !is_stock_holiday(day),
                Self::Bonds => !is_reserve_holiday(day) && day != good_friday(day.year()),
                Self::Reserve => !is_reserve_holiday(day),
                Self::Weekdays => true,
            }
    }
}

/// Whether a day is neither Saturday nor Sunday.
pub(crate) fn is_weekday(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// All days from `first` to `last`, both included.
pub(crate) fn days(first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    first.iter_days().take_while(move |day| *day <= last)
}

/// A calendar day; every caller gives a month and day that each year has.
pub(crate) fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

/// The day `count` days later.
pub(crate) fn later(day: NaiveDate, count: u64) -> NaiveDate {
    day.checked_add_days(Days::new(count)).unwrap_or(day)
}

/// The first day of the month that is `count` months after the month of `day`.
pub(crate) fn month_after(day: NaiveDate, count: u32) -> NaiveDate {
    let first = date(day.year(), day.month(), 1);
    first
        .checked_add_months(Months::new(count))
        .unwrap_or(first)
}

/// The `nth` (1 to 4) such weekday of a month.
pub(crate) fn nth_weekday(year: i32, month: u32, weekday: Weekday, nth: u8) -> NaiveDate {
    NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth).unwrap_or_default()
}

/// The last such weekday of a month.
pub(crate) fn last_weekday(year: i32, month: u32, weekday: Weekday) -> NaiveDate {
    NaiveDate::from_weekday_of_month_opt(year, month, weekday, 5)
        .unwrap_or_else(|| nth_weekday(year, month, weekday, 4))
}

/// The Friday before Easter (Gregorian; the algorithm of Meeus, Jones and Butcher).
pub(crate) fn good_friday(year: i32) -> NaiveDate {
    let (golden, century, rest) = (year % 19, year / 100, year % 100);
    let correction = (century + 8) / 25;
    let moon = (19 * golden + century - century / 4 - (century - correction + 1) / 3 + 15) % 30;
    let sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
    let late = (golden + 11 * moon + 22 * sunday) / 451;
    let index = moon + sunday - 7 * late + 114;
    let easter = date(year, (index / 31) as u32, (index % 31 + 1) as u32);
    easter.checked_sub_days(Days::new(2)).unwrap_or(easter)
}

/// Holidays that fall on the same weekday every year and that both calendars share.
fn is_moving_holiday(day: NaiveDate) -> bool {
    let year = day.year();
    [
        nth_weekday(year, 1, Weekday::Mon, 3),
        nth_weekday(year, 2, Weekday::Mon, 3),
        last_weekday(year, 5, Weekday::Mon),
        nth_weekday(year, 9, Weekday::Mon, 1),
        nth_weekday(year, 11, Weekday::Thu, 4),
    ]
    .contains(&day)
}

fn is_stock_holiday(day: NaiveDate) -> bool {
    let year = day.year();
    is_moving_holiday(day)
        || day == good_friday(year)
        // A New Year's Day on a Saturday closes nothing: the year's books are kept open on the Friday before.
        || is_after_sunday(day, 1, 1)
        || (year >= 2022 && is_observed(day, 6, 19))
        || is_observed(day, 7, 4)
        || is_observed(day, 12, 25)
}

fn is_reserve_holiday(day: NaiveDate) -> bool {
    let year = day.year();
    is_moving_holiday(day)
        || day == nth_weekday(year, 10, Weekday::Mon, 2)
        || is_after_sunday(day, 1, 1)
        || (year >= 2021 && is_after_sunday(day, 6, 19))
        || [(7, 4), (11, 11), (12, 25)]
            .iter()
            .any(|(month, number)| is_after_sunday(day, *month, *number))
}

/// Whether `day` is the holiday of this month and day, or the Monday after it where it is a Sunday.
fn is_after_sunday(day: NaiveDate, month: u32, number: u32) -> bool {
    let holiday = date(day.year(), month, number);
    day == holiday || (holiday.weekday() == Weekday::Sun && day == later(holiday, 1))
}

/// As [`is_after_sunday`], and a holiday on a Saturday closes the Friday before.
fn is_observed(day: NaiveDate, month: u32, number: u32) -> bool {
    let holiday = date(day.year(), month, number);
    is_after_sunday(day, month, number)
        || (holiday.weekday() == Weekday::Sat && later(day, 1) == holiday)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed(calendar: Calendar, year: i32) -> Vec<String> {
        days(date(year, 1, 1), date(year, 12, 31))
            .filter(|day| is_weekday(*day) && !calendar.is_open(*day))
            .map(|day| day.format("%m-%d").to_string())
            .collect()
    }

    #[test]
    fn new_york_closes_on_its_published_holidays() {
        let in_2024 = [
            "01-01", "01-15", "02-19", "03-29", "05-27", "06-19", "07-04", "09-02", "11-28",
            "12-25",
        ];
        assert_eq!(closed(Calendar::Stocks, 2024), in_2024);
        // Independence Day and Christmas on a Saturday, Juneteenth not yet kept; New Year's Day 2022 on a Saturday.
        let in_2021 = [
            "01-01", "01-18", "02-15", "04-02", "05-31", "07-05", "09-06", "11-25", "12-24",
        ];
        assert_eq!(closed(Calendar::Stocks, 2021), in_2021);
        // Juneteenth and Christmas on a Sunday.
        let in_2022 = [
            "01-17", "02-21", "04-15", "05-30", "06-20", "07-04", "09-05", "11-24", "12-26",
        ];
        assert_eq!(closed(Calendar::Stocks, 2022), in_2022);
        assert_eq!(closed(Calendar::Stocks, 2020)[5], "07-03");
    }

    #[test]
    fn a_year_has_the_exchange_s_number_of_trading_days() {
        let count = |year| {
            days(date(year, 1, 1), date(year, 12, 31))
                .filter(|day| Calendar::Stocks.is_open(*day))
                .count()
        };
        // As counted by the exchange, where no storm or funeral closed it.
        let expected = [
            (2005, 252),
            (2008, 253),
            (2011, 252),
            (2017, 251),
            (2020, 253),
            (2023, 250),
            (2024, 252),
        ];
        for (year, number) in expected {
            assert_eq!(count(year), number, "{year}");
        }
    }

    #[test]
    fn good_friday_follows_the_moon() {
        let known = [
            (2004, 4, 9),
            (2008, 3, 21),
            (2011, 4, 22),
            (2019, 4, 19),
            (2038, 4, 23),
        ];
        for (year, month, day) in known {
            assert_eq!(good_friday(year), date(year, month, day));
        }
    }

    #[test]
    fn the_bond_market_keeps_two_more_holidays() {
        let closed = closed(Calendar::Bonds, 2023);
        assert!(closed.contains(&"10-09".to_owned()) && closed.contains(&"04-07".to_owned()));
        // Veterans Day 2023 is a Saturday, which the Federal Reserve does not move.
        assert!(!closed.contains(&"11-10".to_owned()));
        assert!(!Calendar::Bonds.is_open(date(2024, 11, 11)));
        assert!(Calendar::Stocks.is_open(date(2024, 11, 11)));
        assert!(Calendar::Reserve.is_open(date(2023, 4, 7)));
    }
}
