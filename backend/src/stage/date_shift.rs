//! Puts rows back on their market day where the vendor's dates have drifted.
//!
//! Alpha Vantage's gold and silver history had five rows a week at first, each on its market day. In recent years it has seven,
//! each dated one day late: Friday's close stands under Saturday, Sunday and Monday repeat it. Dropping weekend rows would lose
//! every Friday and misalign the rest by a day.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::preset::DateShift;

/// The market day of each date, `None` for a repeated row. `dates` may be in any order.
pub(super) fn market_days(shift: DateShift, dates: &[NaiveDate]) -> Vec<Option<NaiveDate>> {
    let first_saturday = dates
        .iter()
        .filter(|day| day.weekday() == Weekday::Sat)
        .min();
    let monday_before = first_saturday.and_then(|day| day.checked_sub_days(Days::new(5)));
    let Some(from) = shift.from.or(monday_before) else {
        return dates.iter().copied().map(Some).collect();
    };
    dates.iter().map(|&date| market_day(date, from)).collect()
}

fn market_day(date: NaiveDate, from: NaiveDate) -> Option<NaiveDate> {
    if date < from {
        return Some(date);
    }
    match date.weekday() {
        Weekday::Sun | Weekday::Mon => None,
        Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri | Weekday::Sat => date.pred_opt(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(texts: &[&str]) -> Vec<NaiveDate> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn the_crash_of_friday_30_january_2026_stands_on_friday() {
        // Thursday 29 to Monday 2 February, as the vendor dates them.
        let dates = days(&[
            "2026-01-29",
            "2026-01-30",
            "2026-01-31",
            "2026-02-01",
            "2026-02-02",
            "2026-02-03",
        ]);
        let shifted = market_days(DateShift { from: None }, &dates);
        let expected: Vec<_> = [
            Some("2026-01-28"),
            Some("2026-01-29"),
            Some("2026-01-30"),
            None,
            None,
            Some("2026-02-02"),
        ]
        .map(|day| day.map(|text| text.parse().unwrap()))
        .to_vec();
        assert_eq!(shifted, expected);
    }

    #[test]
    fn weeks_of_five_rows_stay_as_they_are() {
        let dates = days(&["2011-06-03", "2011-06-06"]);
        let same: Vec<_> = dates.iter().copied().map(Some).collect();
        assert_eq!(market_days(DateShift { from: None }, &dates), same);
    }

    #[test]
    fn the_drift_begins_on_the_monday_before_the_first_saturday() {
        let dates = days(&["2013-03-22", "2013-03-25", "2013-03-26", "2013-03-30"]);
        let shifted = market_days(DateShift { from: None }, &dates);
        let expected: Vec<_> = [
            Some("2013-03-22"),
            None,
            Some("2013-03-25"),
            Some("2013-03-29"),
        ]
        .map(|day| day.map(|text| text.parse().unwrap()))
        .to_vec();
        assert_eq!(shifted, expected);
    }
}
