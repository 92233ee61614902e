//! What the newer run knew of the days that the older one knew, too.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use shared::series::Observation;

/// How the knowledge of a series' days up to a day differs between two runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Revised {
    /// Days with another value.
    pub(super) changed: usize,
    /// Days that only the newer run knew.
    pub(super) later: usize,
    /// Days that only the older run knew.
    pub(super) gone: usize,
    /// Whether there is any difference, be it only in when a value could be known.
    pub(super) any: bool,
}

impl Revised {
    /// Compares what two runs knew of the days up to `day`.
    pub(super) fn between(older: &[Observation], newer: &[Observation], day: NaiveDate) -> Self {
        let (before, after) = (values(older, day), values(newer, day));
        let both = before
            .iter()
            .filter_map(|(day, a)| Some((a, after.get(day)?)));
        let only = |these: &BTreeMap<NaiveDate, u64>, those: &BTreeMap<NaiveDate, u64>| {
            these.keys().filter(|day| !those.contains_key(day)).count()
        };
        Self {
            changed: both.filter(|(a, b)| a != b).count(),
            later: only(&after, &before),
            gone: only(&before, &after),
            any: !upto(older, day).map(known).eq(upto(newer, day).map(known)),
        }
    }

    /// It in words.
    pub(super) fn words(&self) -> String {
        let counts = [
            (self.changed, "revised"),
            (self.later, "came later"),
            (self.gone, "gone"),
        ];
        let parts: Vec<String> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| {
                let values = if *count == 1 { "value" } else { "values" };
                format!("{count} {values} {what}")
            })
            .collect();
        if parts.is_empty() {
            return "the same values, known at other times".to_owned();
        }
        parts.join(", ")
    }
}

fn upto(observations: &[Observation], day: NaiveDate) -> impl Iterator<Item = &Observation> {
    observations.iter().filter(move |o| o.date <= day)
}

/// The newest value of each day, bit by bit; observations are sorted by date and `available_at`.
fn values(observations: &[Observation], day: NaiveDate) -> BTreeMap<NaiveDate, u64> {
    upto(observations, day)
        .map(|o| (o.date, o.value.to_bits()))
        .collect()
}

/// What of an observation a dataset can see.
fn known(o: &Observation) -> (NaiveDate, u64, i64) {
    (o.date, o.value.to_bits(), o.available_at.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(date: &str, value: f64, at: &str) -> Observation {
        Observation {
            date: date.parse().unwrap(),
            value,
            available_at: at.parse().unwrap(),
            vintage: date.parse().unwrap(),
            source: "".into(),
        }
    }

    #[test]
    fn values_are_counted_up_to_the_day_and_by_their_newest_vintage() {
        let day = "2024-09-20".parse().unwrap();
        let older = [
            row("2024-09-18", 1.0, "2024-09-18T20:00:00Z"),
            row("2024-09-19", 2.0, "2024-09-19T20:00:00Z"),
        ];
        let newer = [
            row("2024-09-18", 1.0, "2024-09-18T20:00:00Z"),
            row("2024-09-18", 1.5, "2024-09-21T20:00:00Z"),
            row("2024-09-20", 3.0, "2024-09-20T20:00:00Z"),
            row("2024-09-23", 4.0, "2024-09-23T20:00:00Z"),
        ];
        let revised = Revised::between(&older, &newer, day);
        let expected = Revised {
            changed: 1,
            later: 1,
            gone: 1,
            any: true,
        };
        assert_eq!(revised, expected);
        assert_eq!(
            revised.words(),
            "1 value revised, 1 value came later, 1 value gone"
        );
        let same = Revised::between(&newer[..3], &newer, day);
        assert_eq!(same, Revised::default());
    }
}
