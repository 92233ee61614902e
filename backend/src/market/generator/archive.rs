//! What a statistical office published and when: every version of every observation of one series.

use chrono::NaiveDate;

/// One published value of one observation. It holds until the next version's `start`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Version {
    /// Day of its publication.
    pub(crate) start: NaiveDate,
    /// The value as published; `.` where there is none.
    pub(crate) value: String,
}

/// An observation with its versions, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Published {
    /// Reference date.
    pub(crate) date: NaiveDate,
    /// Never empty.
    pub(crate) versions: Vec<Version>,
}

impl Published {
    /// An observation that is never revised.
    pub(crate) fn once(date: NaiveDate, start: NaiveDate, value: String) -> Self {
        Self {
            date,
            versions: vec![Version { start, value }],
        }
    }

    /// An observation from its values in order of publication; a value that repeats the one before is no new version.
    pub(crate) fn revised(
        date: NaiveDate,
        releases: impl IntoIterator<Item = (NaiveDate, String)>,
    ) -> Self {
        let mut versions: Vec<Version> = Vec::new();
        for (start, value) in releases {
            if versions.last().is_none_or(|last| last.value != value) {
                versions.push(Version { start, value });
            }
        }
        Self { date, versions }
    }

    /// The value known on a day.
    pub(crate) fn value_on(&self, day: NaiveDate) -> Option<&str> {
        let known = self.versions.iter().rev().find(|v| v.start <= day);
        known.map(|version| version.value.as_str())
    }
}

/// A row of an answer: a value and the real-time period in which it was the current one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Observation {
    /// Reference date.
    pub(crate) date: NaiveDate,
    /// The value; `.` where there is none.
    pub(crate) value: String,
    /// First day of the period.
    pub(crate) start: NaiveDate,
    /// Last day of the period.
    pub(crate) end: NaiveDate,
}

/// Which part of an archive is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Period {
    /// First and last reference date.
    pub(crate) dates: (NaiveDate, NaiveDate),
    /// First and last day of the real-time period.
    pub(crate) realtime: (NaiveDate, NaiveDate),
    /// Whether only the first value of each observation is wanted.
    pub(crate) initial: bool,
}

/// The publications of one series.
#[derive(Debug)]
pub(crate) struct Archive {
    /// Observations, ascending by date.
    pub(crate) rows: Vec<Published>,
    /// Days on which something was published, ascending.
    vintages: Vec<NaiveDate>,
}

/// The day that stands for "still current".
pub(crate) fn forever() -> NaiveDate {
    crate::calendar::date(9999, 12, 31)
}

impl Archive {
    /// Sorts out the publication days.
    pub(crate) fn new(rows: Vec<Published>) -> Self {
        let mut vintages: Vec<NaiveDate> = rows
            .iter()
            .flat_map(|row| row.versions.iter().map(|version| version.start))
            .collect();
        vintages.sort_unstable();
        vintages.dedup();
        Self { rows, vintages }
    }

    /// Publication days within a real-time period and not after `today`.
    pub(crate) fn vintages(
        &self,
        realtime: (NaiveDate, NaiveDate),
        today: NaiveDate,
    ) -> &[NaiveDate] {
        let last = realtime.1.min(today);
        let low = self.vintages.partition_point(|day| *day < realtime.0);
        let high = self.vintages.partition_point(|day| *day <= last);
        self.vintages.get(low..high).unwrap_or_default()
    }

    /// The values that were current at some time of a real-time period, ascending by date; periods are cut to it.
    pub(crate) fn observations(&self, asked: &Period, today: NaiveDate) -> Vec<Observation> {
        let low = self.rows.partition_point(|row| row.date < asked.dates.0);
        let high = self.rows.partition_point(|row| row.date <= asked.dates.1);
        let rows = self.rows.get(low..high).unwrap_or_default();
        rows.iter()
            .flat_map(|row| current_in(row, asked, today))
            .collect()
    }
}

fn current_in<'a>(
    row: &'a Published,
    asked: &'a Period,
    today: NaiveDate,
) -> impl Iterator<Item = Observation> + 'a {
    let (first, last) = asked.realtime;
    let ends = row
        .versions
        .iter()
        .skip(1)
        .map(|next| next.start.pred_opt());
    let ends = ends.chain([None]);
    row.versions
        .iter()
        .zip(ends)
        .take(if asked.initial { 1 } else { usize::MAX })
        .filter_map(move |(version, end)| {
            // A revision that is still to come is not known today.
            let end = end.filter(|end| *end < today).unwrap_or_else(forever);
            let wanted = version.start <= last.min(today) && end >= first;
            wanted.then(|| Observation {
                date: row.date,
                value: version.value.clone(),
                start: version.start.max(first),
                end: end.min(last),
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::date;

    fn archive() -> Archive {
        let first = [
            (date(2024, 4, 25), "100".to_owned()),
            (date(2024, 5, 30), "101".to_owned()),
            (date(2024, 6, 27), "101".to_owned()),
            (date(2024, 9, 26), "103".to_owned()),
        ];
        Archive::new(vec![Published::revised(date(2024, 1, 1), first)])
    }

    fn seen(first: NaiveDate, last: NaiveDate, today: NaiveDate, initial: bool) -> Vec<String> {
        let asked = Period {
            dates: (date(1600, 1, 1), forever()),
            realtime: (first, last),
            initial,
        };
        archive()
            .observations(&asked, today)
            .iter()
            .map(|o| format!("{} {}..{}", o.value, o.start, o.end))
            .collect()
    }

    #[test]
    fn every_version_has_its_period() {
        let all = seen(date(1776, 7, 4), forever(), date(2025, 1, 1), false);
        assert_eq!(
            all,
            [
                "100 2024-04-25..2024-05-29",
                "101 2024-05-30..2024-09-25",
                "103 2024-09-26..9999-12-31"
            ]
        );
        let first = seen(date(1776, 7, 4), forever(), date(2025, 1, 1), true);
        assert_eq!(first, ["100 2024-04-25..2024-05-29"]);
    }

    #[test]
    fn periods_are_cut_and_the_future_is_unknown() {
        let june = (date(2024, 6, 1), date(2024, 6, 30));
        let then = seen(june.0, june.1, date(2025, 1, 1), false);
        assert_eq!(then, ["101 2024-06-01..2024-06-30"]);
        let at_the_time = seen(date(1776, 7, 4), forever(), date(2024, 6, 3), false);
        assert_eq!(
            at_the_time,
            ["100 2024-04-25..2024-05-29", "101 2024-05-30..9999-12-31"]
        );
        assert!(seen(june.0, june.1, date(2024, 4, 24), false).is_empty());
    }

    #[test]
    fn a_value_that_is_published_again_is_no_vintage() {
        let all = (date(1776, 7, 4), forever());
        let archive = archive();
        let days = archive.vintages(all, date(2024, 8, 1));
        assert_eq!(days, [date(2024, 4, 25), date(2024, 5, 30)]);
    }
}
