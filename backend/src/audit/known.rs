//! Looks up each value that a row uses among those that were published by the row's cut-off.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use shared::series::{Frequency, Observation};

use super::subject::{AuditError, Frame, Subject, dataset_of};
use crate::assemble::{AssembleError, Dataset};
use crate::preset::{FeatureDef, Op, Preset, Role, SeriesDef};

/// A value that was used too early.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TooEarly {
    /// The series.
    pub(super) series: String,
    /// The row on which it is used longest before it is known.
    pub(super) date: NaiveDate,
    /// By how many days; `None` where the value is nowhere in the series.
    pub(super) days: Option<f64>,
    /// On how many rows.
    pub(super) rows: usize,
    /// What is wrong.
    pub(super) detail: String,
}

/// What was looked up, and what was found.
#[derive(Debug, Default)]
pub(super) struct LookedUp {
    pub(super) values: usize,
    pub(super) too_early: Vec<TooEarly>,
}

/// A dataset whose columns are the series themselves.
pub(super) fn levels_of(frame: &Frame<'_>) -> Result<Option<Dataset>, AssembleError> {
    let levels = level_preset(frame.preset);
    dataset_of(&levels, frame.world, frame.as_of, frame.information).map(Some)
}

/// The preset with each series as a feature of its own and nothing else.
pub(super) fn level_preset(preset: &Preset) -> Preset {
    let feature = |def: &SeriesDef| FeatureDef {
        name: def.id.to_string(),
        label: def.title.clone(),
        group: String::new(),
        of: def.id.to_string(),
        op: Op::Level,
        lag: 0,
        hidden: false,
        role: Role::Trees,
        driver: None,
    };
    Preset {
        drivers: Vec::new(),
        features: preset.series.iter().map(feature).collect(),
        ..preset.clone()
    }
}

/// Checks every row and series, and the publication dates themselves.
pub(super) fn look_up(subject: &dyn Subject) -> Result<LookedUp, AuditError> {
    let frame = subject.frame();
    let mut looked_up = LookedUp::default();
    if let Some(levels) = subject.levels()? {
        for (feature, used) in levels.features.iter().zip(&levels.columns) {
            let series = frame
                .world
                .iter()
                .find(|(id, _)| id.as_str() == feature.name);
            let Some((_, observations)) = series else {
                continue;
            };
            looked_up.values += used.len();
            let too_early = one_series(frame, &feature.name, observations, &levels.dates, used);
            looked_up.too_early.extend(too_early);
        }
    }
    for def in &frame.preset.series {
        let observations = frame.world.get(&def.id).map_or(&[][..], Vec::as_slice);
        looked_up.values += observations.len();
        looked_up
            .too_early
            .extend(before_its_time(def, observations));
    }
    Ok(looked_up)
}

/// When a value was known: reference date and first instant, by value.
type FirstKnown = BTreeMap<u64, Vec<(NaiveDate, DateTime<Utc>)>>;

/// The worst uses of a value before it was published: of one that had another value until then, and of one that had none.
fn one_series(
    frame: &Frame<'_>,
    name: &str,
    observations: &[Observation],
    days: &[NaiveDate],
    used: &[f64],
) -> Vec<TooEarly> {
    let mut first_known = FirstKnown::new();
    for observation in observations {
        let known = first_known.entry(observation.value.to_bits()).or_default();
        known.push((observation.date, observation.available_at));
    }
    let mut found: BTreeMap<bool, TooEarly> = BTreeMap::new();
    for (day, value) in days.iter().zip(used).filter(|(_, value)| !value.is_nan()) {
        let instant = frame.instant(*day);
        let known = first_known
            .get(&value.to_bits())
            .map_or(&[][..], Vec::as_slice);
        let until = known.iter().filter(|(date, _)| date <= day);
        let first = until.min_by_key(|(_, at)| *at);
        if first.is_some_and(|(_, at)| *at <= instant) {
            continue;
        }
        let late = first.map(|(_, at)| (*at - instant).num_minutes() as f64 / 1440.0);
        let is_revision = first.is_some_and(|(date, _)| {
            // Sorted by date, then by availability: the first value of the date.
            let place = observations.partition_point(|o| o.date < *date);
            observations[place].available_at <= instant
        });
        let worst = found.entry(is_revision).or_insert_with(|| TooEarly {
            series: name.to_owned(),
            date: *day,
            days: late,
            rows: 0,
            detail: early_detail(frame.preset, name, is_revision),
        });
        worst.rows += 1;
        if late > worst.days {
            (worst.date, worst.days) = (*day, late);
        }
    }
    found.into_values().collect()
}

fn early_detail(preset: &Preset, series: &str, is_revision: bool) -> String {
    let made_of = features_of(preset, series);
    let features = if made_of.is_empty() {
        String::new()
    } else {
        format!(" (in {})", made_of.join(", "))
    };
    let what = if is_revision {
        "is used as revised before it was: its first value stood then"
    } else {
        "stands on days before it was published: its reference date is taken for its publication"
    };
    format!("{what}{features}")
}

/// The first few visible features that are made of a series.
fn features_of(preset: &Preset, series: &str) -> Vec<String> {
    let is_made_of = |feature: &&FeatureDef| {
        let mut of = feature.of.as_str();
        for _ in 0..preset.features.len() {
            match preset
                .features
                .iter()
                .find(|f| f.name == of && of != series)
            {
                Some(input) => of = input.of.as_str(),
                None => break,
            }
        }
        of == series && feature.name != series
    };
    let visible = preset.visible_features().filter(is_made_of);
    visible
        .take(3)
        .map(|feature| feature.name.clone())
        .collect()
}

/// A value cannot be known before the day, month or quarter that it speaks of is over, or for daily ones has begun.
fn before_its_time(def: &SeriesDef, observations: &[Observation]) -> Option<TooEarly> {
    let early = |o: &&Observation| o.available_at < earliest(def.frequency, o.date);
    let mut found = observations.iter().filter(early);
    let first = found.next()?;
    let wait = earliest(def.frequency, first.date) - first.available_at;
    Some(TooEarly {
        series: def.id.to_string(),
        date: first.date,
        days: Some(wait.num_minutes() as f64 / 1440.0),
        rows: 1 + found.count(),
        detail: format!(
            "its publication rule says that it is known before the {} that it speaks of is over",
            match def.frequency {
                Frequency::Monthly => "month",
                Frequency::Quarterly => "quarter",
                _ => "day",
            }
        ),
    })
}

fn earliest(frequency: Frequency, date: NaiveDate) -> DateTime<Utc> {
    let first = date.with_day(1).unwrap_or(date);
    let later = |months| first.checked_add_months(Months::new(months));
    let day = match frequency {
        Frequency::Monthly => later(1),
        Frequency::Quarterly => later(3),
        _ => Some(date),
    };
    day.unwrap_or(date)
        .and_time(chrono::NaiveTime::MIN)
        .and_utc()
}
