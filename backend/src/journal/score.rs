//! Scoring: what became of each journalled valuation, with “no change” beside it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use shared::journal::{EntryScore, JournalEntry, JournalLine, PresetScore};
use shared::series::SeriesId;
use shared::valuation::Interval;

use crate::catalogue::ReadError;
use crate::lake::Lake;
use crate::stage::{StagingState, read_state, staged_observations};

/// The prices of each day as they are known now, read once a series.
pub(super) struct Prices<'a> {
    lake: &'a dyn Lake,
    state: StagingState,
    read: BTreeMap<SeriesId, BTreeMap<NaiveDate, f64>>,
}

impl<'a> Prices<'a> {
    /// Prices out of what is staged in this lake.
    pub(super) async fn new(lake: &'a dyn Lake) -> Result<Self, ReadError> {
        let (state, _) = read_state(lake).await?;
        let read = BTreeMap::new();
        Ok(Self { lake, state, read })
    }

    /// The value of a series for a day: of its vintages the newest. `None` where it is not known yet.
    pub(super) async fn of(
        &mut self,
        series: &SeriesId,
        day: NaiveDate,
    ) -> Result<Option<f64>, ReadError> {
        if !self.read.contains_key(series) {
            let observations = match self.state.series.get(series) {
                Some(stage) => staged_observations(series, stage, self.lake).await?,
                None => Vec::new(),
            };
            // Sorted by date, then by availability: a later vintage replaces the earlier.
            let values = observations.into_iter().map(|o| (o.date, o.value));
            self.read.insert(series.clone(), values.collect());
        }
        let known = self.read.get(series);
        Ok(known.and_then(|values| values.get(&day)).copied())
    }
}

/// The score of an entry, given the price of its day.
pub(super) fn score(entry: &JournalEntry, price: f64) -> EntryScore {
    let inside = |interval: Interval| (interval.lower..=interval.upper).contains(&price);
    let error_pct = |value: f64| 100.0 * (price - value) / value;
    EntryScore {
        price,
        error_pct: error_pct(entry.valuation),
        inside_80: entry.interval_80.map(inside),
        inside_95: entry.interval_95.map(inside),
        no_change_error_pct: entry.previous_price.map(error_pct),
    }
}

/// The scores by preset, in the order of the names. Every entry counts, also several of one day.
pub(super) fn by_preset(lines: &[JournalLine]) -> Vec<PresetScore> {
    let mut presets: BTreeMap<&str, Vec<&JournalLine>> = BTreeMap::new();
    for line in lines {
        let of_preset = presets.entry(&line.entry.preset).or_default();
        of_preset.push(line);
    }
    let sum = |(preset, lines): (&str, Vec<&JournalLine>)| {
        let scores: Vec<&EntryScore> = lines.iter().filter_map(|l| l.score.as_ref()).collect();
        let share = |pick: fn(&EntryScore) -> Option<bool>| {
            mean(scores.iter().filter_map(|s| pick(s)).map(f64::from))
        };
        PresetScore {
            preset: preset.to_owned(),
            looks_ahead: lines.iter().any(|line| line.entry.looks_ahead),
            entries: lines.len(),
            scored: scores.len(),
            mean_error_pct: mean(scores.iter().map(|s| s.error_pct.abs())),
            no_change_mean_error_pct: mean(
                scores
                    .iter()
                    .filter_map(|s| s.no_change_error_pct)
                    .map(f64::abs),
            ),
            inside_80: share(|s| s.inside_80),
            inside_95: share(|s| s.inside_95),
        }
    };
    presets.into_iter().map(sum).collect()
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    (count > 0.0).then(|| sum / count)
}
