//! Joins what the lake knows of a series with what an answer brought: nothing is replaced, revisions are added.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use shared::series::Observation;

use super::check::Point;
use crate::preset::Publication;

/// Where points come from.
pub(super) struct Origin<'a> {
    /// When an observation becomes known, where the vendor does not tell.
    pub(super) publication: &'a Publication,
    /// When the answer came (UTC).
    pub(super) fetched_at: DateTime<Utc>,
    /// SHA-256 of the answer.
    pub(super) source: Arc<str>,
    /// The oldest vintage of the vendor's archive: values in it were published before, and only the rule says when.
    pub(super) archive_start: Option<NaiveDate>,
}

/// Adds points to observations, which stay sorted by date and `available_at`. Gives the number of new ones.
pub(super) fn merge(
    observations: &mut Vec<Observation>,
    points: &[Point],
    origin: &Origin<'_>,
) -> usize {
    let mut newest: BTreeMap<NaiveDate, (NaiveDate, f64)> = BTreeMap::new();
    for observation in observations.iter() {
        newest.insert(observation.date, (observation.vintage, observation.value));
    }
    let before = observations.len();
    for point in points {
        let known = newest.get(&point.date).copied();
        let Some(observation) = observe(point, known, origin) else {
            continue;
        };
        newest.insert(point.date, (observation.vintage, observation.value));
        observations.push(observation);
    }
    let added = observations.len() - before;
    if added > 0 {
        observations.sort_by_key(|o| (o.date, o.available_at));
    }
    added
}

/// The observation that a point adds to what is known of its date, if it adds any.
fn observe(
    point: &Point,
    known: Option<(NaiveDate, f64)>,
    origin: &Origin<'_>,
) -> Option<Observation> {
    let by_rule = origin.publication.available_at(point.date);
    let (available_at, vintage) = match (point.vintage, known) {
        // Re-issued unchanged, or a vintage that is known already.
        (_, Some((_, value))) if value.to_bits() == point.value.to_bits() => return None,
        (Some(vintage), Some((known, _))) if vintage <= known => return None,
        (Some(vintage), _) if origin.archive_start == Some(vintage) => {
            (by_rule.min(origin.publication.at.on(vintage)), vintage)
        }
        (Some(vintage), _) => (origin.publication.at.on(vintage), vintage),
        // A first value is known by the rule, however late we ask; a changed one is known since we saw it.
        (None, None) => (by_rule, by_rule.date_naive()),
        (None, Some(_)) => (
            origin.fetched_at.max(by_rule),
            origin.fetched_at.date_naive(),
        ),
    };
    Some(Observation {
        date: point.date,
        value: point.value,
        available_at,
        vintage,
        source: origin.source.clone(),
    })
}
