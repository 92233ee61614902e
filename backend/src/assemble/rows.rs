//! The rows of a dataset and the value that each series has on them.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use polars::prelude::{NamedFrom, Series};
use shared::series::{Observation, SeriesId};
use shared::valuation::Information;

use super::known::{news_until, values_as_of};
use crate::preset::{CutOff, Preset, Rows};

/// Rows before any is dropped, with one column a series; null where nothing was known.
pub(super) struct Base {
    /// The day of each row.
    pub(super) dates: Vec<NaiveDate>,
    /// Each series' value on each row.
    pub(super) series: BTreeMap<SeriesId, Series>,
    /// Whether all that the row may ever use was out.
    pub(super) is_final: Vec<bool>,
    /// The price: the target's own value of the row's day, null where the day has none in time.
    pub(super) price: Series,
}

/// The first day of the original's calendar.
const CALENDAR_START: NaiveDate = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a date");

/// Lays a preset's series on its rows, as known at `as_of` and at each row's cut-off for this state of information.
pub(super) fn lay_out(
    preset: &Preset,
    observations: &BTreeMap<SeriesId, Vec<Observation>>,
    as_of: DateTime<Utc>,
    information: Information,
) -> Base {
    match preset.rows {
        Rows::CalendarFilled => on_calendar(preset, observations, as_of),
        Rows::TargetDays {
            cut_off,
            final_cut_off,
        } => {
            let last = final_cut_off.unwrap_or(cut_off);
            let chosen = match information {
                Information::Provisional => cut_off,
                Information::Final => last,
            };
            let base = on_target_days(preset, observations, as_of, chosen);
            let is_final = base.dates.iter().map(|day| last.of(*day) <= as_of);
            Base {
                is_final: is_final.collect(),
                ..base
            }
        }
    }
}

/// Every calendar day up to the as-of day; each series carries its last *reference date's* value forward.
fn on_calendar(
    preset: &Preset,
    observations: &BTreeMap<SeriesId, Vec<Observation>>,
    as_of: DateTime<Utc>,
) -> Base {
    let today = as_of.date_naive();
    let days = CALENDAR_START.iter_days().take_while(|day| *day <= today);
    let dates: Vec<NaiveDate> = days.collect();
    let mut series = BTreeMap::new();
    for def in &preset.series {
        let known = values_as_of(of(observations, &def.id), as_of);
        let filled = dates.iter().map(|row| {
            let newest = last_before(&known, |(day, _)| day <= row)?;
            Some(newest.1)
        });
        series.insert(def.id.clone(), column(filled));
    }
    let price = series[&preset.target].clone();
    Base {
        is_final: vec![true; dates.len()],
        dates,
        series,
        price,
    }
}

/// The days on which the target was observed; each series shows its newest value that was available at the day's cut-off and
/// is not stale.
fn on_target_days(
    preset: &Preset,
    observations: &BTreeMap<SeriesId, Vec<Observation>>,
    as_of: DateTime<Utc>,
    cut_off: CutOff,
) -> Base {
    let of_target = values_as_of(of(observations, &preset.target), as_of);
    let dates: Vec<NaiveDate> = of_target.into_iter().map(|(day, _)| day).collect();
    let instants: Vec<DateTime<Utc>> = dates.iter().map(|day| cut_off.of(*day)).collect();
    let mut series = BTreeMap::new();
    let mut price = column(std::iter::empty());
    for def in &preset.series {
        let news = news_until(of(observations, &def.id), as_of);
        // Of what was out at the cut-off, the newest that speaks of the row's day or an earlier one.
        let newest = |day: &NaiveDate, at: &DateTime<Utc>| {
            let out = &news[..news.partition_point(|n| n.at <= *at)];
            last_before(out, |n| n.date <= *day)
        };
        let rows = || dates.iter().zip(&instants);
        let fresh = rows().map(|(day, at)| {
            let news = newest(day, at)?;
            let age = (*day - news.date).num_days();
            (age <= def.stale_after_days).then_some(news.value)
        });
        series.insert(def.id.clone(), column(fresh));
        if def.id == preset.target {
            let same_day = rows().map(|(day, at)| {
                let news = newest(day, at)?;
                (news.date == *day).then_some(news.value)
            });
            price = column(same_day);
        }
    }
    Base {
        is_final: vec![true; dates.len()],
        dates,
        series,
        price,
    }
}

fn of<'a>(
    observations: &'a BTreeMap<SeriesId, Vec<Observation>>,
    id: &SeriesId,
) -> &'a [Observation] {
    observations.get(id).map_or(&[], Vec::as_slice)
}

/// The last of ascending items for which `before` holds.
fn last_before<T>(items: &[T], before: impl FnMut(&T) -> bool) -> Option<&T> {
    let next = items.partition_point(before);
    items.get(next.checked_sub(1)?)
}

fn column(values: impl Iterator<Item = Option<f64>>) -> Series {
    Series::new("value".into(), values.collect::<Vec<_>>())
}
