//! How fresh each series is, for the snapshot.

use std::collections::BTreeMap;

use shared::run::{SeriesReport, SeriesState};
use shared::series::{Observation, SeriesId};
use shared::snapshot::SeriesFreshness;

use crate::preset::Preset;

/// One line a series, in the preset's order.
pub(super) fn freshness(
    preset: &Preset,
    reports: &[SeriesReport],
    known: &BTreeMap<SeriesId, Vec<Observation>>,
) -> Vec<SeriesFreshness> {
    let line = |def: &crate::preset::SeriesDef| {
        let newest = known.get(&def.id).and_then(|all| all.last());
        let report = reports.iter().find(|report| report.series == def.id);
        SeriesFreshness {
            series: def.id.clone(),
            title: def.title.clone(),
            vendor: def.source.vendor(),
            unit: def.unit.clone(),
            state: match report.map(|report| report.state) {
                // Whether a series changed since the run before is that attempt's story; here it is as new as can be.
                Some(SeriesState::Unchanged | SeriesState::Fresh) => SeriesState::Fresh,
                Some(other) => other,
                None => SeriesState::Missing,
            },
            last_date: newest.map(|o| o.date),
            last_value: newest.map(|o| o.value),
            known_since: newest.map(|o| o.available_at),
        }
    };
    preset.series.iter().map(line).collect()
}
