//! Series that the planted leaks need, made from the target's days by seed.

use std::sync::Arc;

use chrono::{Datelike, Days, Duration, Months, NaiveDate};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use shared::series::{Frequency, Observation, SeriesId};
use shared::valuation::Information;

use super::super::worlds::World;
use crate::preset::{Preset, SeriesDef, Source};

/// A monthly series with revisions.
pub(super) const MACRO: &str = "planted_macro";
/// A daily market that closes two hours after the cut-off.
const EVENING: &str = "planted_evening";
/// The day's high, of the target's own instrument.
const HIGH: &str = "planted_high";
/// Another share of the same bars.
const TWIN: &str = "planted_twin";

/// Days after the beginning of a month until its first value is known, and until it is revised.
const PUBLISHED_AND_REVISED: [u64; 2] = [42, 72];

/// What a preset would say of them.
pub(super) fn series(preset: &Preset) -> Vec<SeriesDef> {
    let Some(target) = preset.series(&preset.target) else {
        return Vec::new();
    };
    let named = |name: &str| Source::Fred {
        id: name.to_uppercase(),
        vintages: false,
    };
    let mut high = target.source.clone();
    if let Source::AlphaVantage { field, .. } = &mut high {
        *field = Some("high".to_owned());
    }
    let all = [
        (MACRO, named(MACRO), Frequency::Monthly, 110),
        (EVENING, named(EVENING), Frequency::Daily, 10),
        (HIGH, high, Frequency::Daily, 10),
        (TWIN, named(TWIN), Frequency::Daily, 10),
    ];
    let def = |(name, source, frequency, stale_after_days): (&str, _, _, _)| {
        Some(SeriesDef {
            id: name.parse().ok()?,
            title: name.to_owned(),
            source,
            frequency,
            stale_after_days,
            splits: Vec::new(),
            split_factor: None,
            date_shift: None,
            ..target.clone()
        })
    };
    all.into_iter().filter_map(def).collect()
}

/// The world with them.
pub(super) fn with_planted(preset: &Preset, world: &World) -> World {
    let mut world = world.clone();
    let days = world.get(&preset.target).cloned().unwrap_or_default();
    let mut chance = ChaCha8Rng::seed_from_u64(preset.train.seed);
    let mut noise = move || -> f64 { chance.random_range(-1.0..1.0) };
    let mut evening = 100.0_f64;
    let late = |day| preset.cut_off(day, Information::Provisional) + Duration::hours(2);
    insert(&mut world, EVENING, &days, |o| {
        evening *= (0.01 * noise()).exp();
        let available_at = late(o.date);
        Observation {
            value: evening,
            available_at,
            ..o.clone()
        }
    });
    insert(&mut world, HIGH, &days, |o| Observation {
        value: o.value * (0.005 * noise().abs()).exp(),
        ..o.clone()
    });
    insert(&mut world, TWIN, &days, |o| Observation {
        value: o.value * 0.1 * (0.0002 * noise()).exp(),
        ..o.clone()
    });
    let months = macro_months(&days, noise);
    insert(&mut world, MACRO, &months, Observation::clone);
    world
}

fn insert(
    world: &mut World,
    name: &str,
    days: &[Observation],
    make: impl FnMut(&Observation) -> Observation,
) {
    if let Ok(id) = name.parse::<SeriesId>() {
        world.insert(id, days.iter().map(make).collect());
    }
}

/// A level a month, first as published, then as revised; from a year before the first day on.
fn macro_months(days: &[Observation], mut noise: impl FnMut() -> f64) -> Vec<Observation> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return Vec::new();
    };
    let months = (0..).map_while(|month| {
        let start = first
            .date
            .with_day(1)?
            .checked_sub_months(Months::new(12))?;
        let date: NaiveDate = start.checked_add_months(Months::new(month))?;
        (date <= last.date).then_some(date)
    });
    let mut level = 100.0;
    let mut observations = Vec::new();
    for date in months {
        level += noise();
        for (revision, wait) in PUBLISHED_AND_REVISED.into_iter().enumerate() {
            let day = date.checked_add_days(Days::new(wait)).unwrap_or(date);
            observations.push(Observation {
                date,
                value: level + 0.1 * revision as f64 * (1.5 + noise()),
                available_at: day.and_time(chrono::NaiveTime::MIN).and_utc(),
                vintage: day,
                source: Arc::default(),
            });
        }
    }
    observations
}
