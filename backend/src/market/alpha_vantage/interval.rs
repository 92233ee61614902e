//! Coarser series out of finer ones: weeks, months, quarters, half-years and years.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::calendar::{date, later};

/// How far apart the values of a series are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interval {
    /// A day.
    Daily,
    /// A week, named by its Friday.
    Weekly,
    /// So many months, named by the first day.
    Months(u32),
}

impl Interval {
    /// Reads the vendor's name of an interval.
    pub(super) fn named(name: &str) -> Self {
        match name {
            "daily" => Self::Daily,
            "weekly" => Self::Weekly,
            "quarterly" => Self::Months(3),
            "semiannual" => Self::Months(6),
            "annual" => Self::Months(12),
            _ => Self::Months(1),
        }
    }

    /// The name of the period in which a day lies.
    fn label(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Daily => day,
            Self::Weekly => {
                let until = Weekday::Fri.days_since(day.weekday());
                later(day, u64::from(until))
            }
            Self::Months(months) => date(day.year(), day.month0() / months * months + 1, 1),
        }
    }
}

/// How the values of a period become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Become {
    /// Their mean, with as many decimals as they have and at least two.
    Mean,
    /// The last one.
    Last,
}

/// A series of coarser periods out of ascending values, missing ones being `.`. Only completed periods are given: those that
/// have `full` values or are followed by another.
pub(super) fn aggregated(
    values: &[(NaiveDate, String)],
    interval: Interval,
    full: usize,
    how: Become,
) -> Vec<(NaiveDate, String)> {
    let groups: Vec<&[(NaiveDate, String)]> = values
        .chunk_by(|(one, _), (next, _)| interval.label(*one) == interval.label(*next))
        .collect();
    let last = groups.len().saturating_sub(1);
    let complete = groups
        .iter()
        .enumerate()
        .filter(|(index, group)| *index < last || group.len() >= full);
    complete
        .filter_map(|(_, group)| {
            let (day, _) = group.first()?;
            Some((interval.label(*day), become_one(group, how)))
        })
        .collect()
}

fn become_one(group: &[(NaiveDate, String)], how: Become) -> String {
    let texts = group.iter().map(|(_, text)| text.as_str());
    let texts: Vec<&str> = texts.filter(|text| *text != ".").collect();
    let Some(last) = texts.last() else {
        return ".".to_owned();
    };
    if how == Become::Last {
        return (*last).to_owned();
    }
    let decimals = |text: &&str| text.split_once('.').map_or(0, |(_, after)| after.len());
    let decimals = texts.iter().map(decimals).max().unwrap_or(0).max(2);
    let sum: f64 = texts
        .iter()
        .filter_map(|text| text.parse::<f64>().ok())
        .sum();
    format!("{:.decimals$}", sum / texts.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&str, &str)]) -> Vec<(NaiveDate, String)> {
        let pair = |(day, text): &(&str, &str)| (day.parse().unwrap(), (*text).to_owned());
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn a_week_is_named_by_its_friday_and_given_when_it_is_over() {
        let days = values(&[
            ("2024-09-12", "1.00"),
            ("2024-09-13", "2.00"),
            ("2024-09-16", "."),
            ("2024-09-17", "4.00"),
            ("2024-09-23", "9.00"),
        ]);
        let weeks = aggregated(&days, Interval::Weekly, usize::MAX, Become::Mean);
        assert_eq!(
            weeks,
            values(&[("2024-09-13", "1.50"), ("2024-09-20", "4.00")])
        );
        let weeks = aggregated(&days, Interval::Weekly, usize::MAX, Become::Last);
        assert_eq!(weeks[0].1, "2.00");
    }

    #[test]
    fn a_year_is_complete_with_its_fourth_quarter() {
        let quarters = values(&[
            ("2023-01-01", "1"),
            ("2023-04-01", "2"),
            ("2023-07-01", "3"),
            ("2023-10-01", "5"),
        ]);
        let years =
            |count: usize| aggregated(&quarters[..count], Interval::Months(12), 4, Become::Mean);
        assert_eq!(years(4), values(&[("2023-01-01", "2.75")]));
        assert!(years(3).is_empty());
    }
}
