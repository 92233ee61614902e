//! What could be known of a series at an instant.

use chrono::{DateTime, NaiveDate, Utc};
use shared::series::Observation;

/// The value of each date as known at `as_of`: of its vintages the newest, oldest date first.
pub(super) fn values_as_of(
    observations: &[Observation],
    as_of: DateTime<Utc>,
) -> Vec<(NaiveDate, f64)> {
    let known = observations.iter().filter(|o| o.available_at <= as_of);
    let mut values: Vec<(NaiveDate, f64)> = Vec::new();
    for observation in known {
        match values.last_mut() {
            // Sorted by date, then by availability: a later vintage of the same date replaces the earlier.
            Some(last) if last.0 == observation.date => last.1 = observation.value,
            _ => values.push((observation.date, observation.value)),
        }
    }
    values
}

/// A change of what a reader of the newest value sees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct News {
    /// The instant of the change.
    pub(super) at: DateTime<Utc>,
    /// The newest reference date from then on.
    pub(super) date: NaiveDate,
    /// Its value.
    pub(super) value: f64,
}

/// How the newest value changed up to `as_of`, by instant. A revision of an older date is no news: the newest date stays in front.
pub(super) fn news_until(observations: &[Observation], as_of: DateTime<Utc>) -> Vec<News> {
    let mut by_instant: Vec<&Observation> = observations
        .iter()
        .filter(|o| o.available_at <= as_of)
        .collect();
    by_instant.sort_by_key(|o| (o.available_at, o.date));
    let mut news: Vec<News> = Vec::with_capacity(by_instant.len());
    for observation in by_instant {
        if news.last().is_none_or(|last| last.date <= observation.date) {
            news.push(News {
                at: observation.available_at,
                date: observation.date,
                value: observation.value,
            });
        }
    }
    news
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observation(date: &str, value: f64, at: &str) -> Observation {
        let available_at: DateTime<Utc> = at.parse().unwrap();
        Observation {
            date: date.parse().unwrap(),
            value,
            available_at,
            vintage: available_at.date_naive(),
            source: "".into(),
        }
    }

    fn cpi() -> Vec<Observation> {
        vec![
            observation("2024-01-01", 308.4, "2024-02-13T13:30:00Z"),
            observation("2024-01-01", 309.7, "2024-05-01T13:30:00Z"),
            observation("2024-02-01", 310.3, "2024-03-12T12:30:00Z"),
        ]
    }

    #[test]
    fn an_older_as_of_sees_the_older_vintage() {
        let june = values_as_of(&cpi(), "2024-06-01T00:00:00Z".parse().unwrap());
        assert_eq!(june.iter().map(|v| v.1).collect::<Vec<_>>(), [309.7, 310.3]);
        let april = values_as_of(&cpi(), "2024-04-01T00:00:00Z".parse().unwrap());
        assert_eq!(
            april.iter().map(|v| v.1).collect::<Vec<_>>(),
            [308.4, 310.3]
        );
        assert!(values_as_of(&cpi(), "2024-02-13T13:29:59Z".parse().unwrap()).is_empty());
    }

    #[test]
    fn a_revision_of_an_older_month_does_not_push_the_newest_aside() {
        let news = news_until(&cpi(), "2024-06-01T00:00:00Z".parse().unwrap());
        let seen: Vec<f64> = news.iter().map(|n| n.value).collect();
        assert_eq!(seen, [308.4, 310.3]);
    }
}
