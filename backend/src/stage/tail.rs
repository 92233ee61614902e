//! What a series as a whole looks like: gaps, a late tail, the distance of its rows.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use shared::run::{Rejected, RejectedCount};
use shared::series::Observation;

use super::row::Row;
use crate::preset::SeriesDef;

/// Gaps longer than this many days (or three times the frequency) are worth a word.
const LONG_GAP_DAYS: i64 = 10;
/// Rows at the end of an answer that tell its frequency.
const ROWS_THAT_TELL: usize = 20;

/// A sentence about long gaps, if there are any.
pub(super) fn gaps(observations: &[Observation], def: &SeriesDef) -> Option<String> {
    let limit = LONG_GAP_DAYS.max(3 * def.frequency.days());
    let pairs = observations
        .windows(2)
        .map(|pair| (pair[0].date, pair[1].date));
    let long: Vec<_> = pairs
        .filter(|(a, b)| (*b - *a).num_days() > limit)
        .collect();
    let (from, to) = *long.iter().max_by_key(|(a, b)| *b - *a)?;
    let days = (to - from).num_days();
    Some(format!(
        "{} gaps of more than {limit} days; the longest has {days} days, from {from} to {to}",
        long.len()
    ))
}

/// A sentence about a newest date that is too old, if it is.
pub(super) fn late(last: Option<NaiveDate>, def: &SeriesDef, today: NaiveDate) -> Option<String> {
    let last = last?;
    let age = (today - last).num_days();
    let limit = def.stale_after_days;
    (age > limit)
        .then(|| format!("nothing newer than {last}: {age} days old, expected at most {limit}"))
}

/// The median distance in days between the newest dates of an answer; `None` where there are too few to tell.
pub(super) fn typical_distance(rows: &[Row]) -> Option<i64> {
    let mut dates: Vec<NaiveDate> = rows
        .iter()
        .filter_map(|row| row.date.parse().ok())
        .collect();
    dates.sort_unstable();
    dates.dedup();
    let newest = dates.get(dates.len().checked_sub(ROWS_THAT_TELL)?..)?;
    let mut distances: Vec<i64> = newest
        .windows(2)
        .map(|p| (p[1] - p[0]).num_days())
        .collect();
    distances.sort_unstable();
    distances.get(distances.len() / 2).copied()
}

/// How often each reason occurs; details after a colon do not make it another reason.
pub(super) fn count_reasons(rejected: &[Rejected]) -> Vec<RejectedCount> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rejected {
        let reason = row.reason.split(':').next().unwrap_or_default();
        *counts.entry(reason).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|(reason, rows)| RejectedCount {
            reason: reason.to_owned(),
            rows,
        })
        .collect()
}
