//! Other worlds: one without what was not yet known, one with another future, one with another price on one day.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use shared::series::{Observation, SeriesId};

use crate::preset::Preset;

/// Observations by series, sorted by date and `available_at`.
pub(super) type World = BTreeMap<SeriesId, Vec<Observation>>;

/// The world as known at `as_of`. Without the names of sources, which many copies would have to carry.
pub(super) fn known_at(world: &World, as_of: DateTime<Utc>) -> World {
    let known = |all: &Vec<Observation>| -> Vec<Observation> {
        all.iter()
            .filter(|o| o.available_at <= as_of)
            .cloned()
            .collect()
    };
    let series = world.iter().map(|(id, all)| (id.clone(), known(all)));
    series.filter(|(_, all)| !all.is_empty()).collect()
}

/// The world with the values that became known after `instant` shuffled within each series, and up to twice or half as large,
/// so that a single one changes too.
pub(super) fn with_shuffled_future(world: &World, instant: DateTime<Utc>, seed: u64) -> World {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut world = world.clone();
    for all in world.values_mut() {
        let later = || |o: &&mut Observation| o.available_at > instant;
        let mut values: Vec<f64> = all.iter_mut().filter(later()).map(|o| o.value).collect();
        values.shuffle(&mut chance);
        for (observation, value) in all.iter_mut().filter(later()).zip(values) {
            let factor = 2.0_f64.powf(chance.random_range(-1.0..1.0));
            observation.value = value * factor;
        }
    }
    world
}

/// The world with the target's price of `day` `factor` times as high, and with it all numbers that the vendor gives of the same
/// instrument and day (its high, its low).
pub(super) fn with_price(world: &World, preset: &Preset, day: NaiveDate, factor: f64) -> World {
    let mut world = world.clone();
    let Some(target) = preset.series(&preset.target) else {
        return world;
    };
    let request = target.source.request();
    let same_instrument = |def: &&crate::preset::SeriesDef| def.source.request() == request;
    for def in preset.series.iter().filter(same_instrument) {
        for observation in world.get_mut(&def.id).into_iter().flatten() {
            if observation.date == day {
                observation.value *= factor;
            }
        }
    }
    world
}

/// Factors that bring the price of `day` a little away, into the middle of all earlier prices, and far beyond them.
pub(super) fn factors(world: &World, preset: &Preset, day: NaiveDate) -> Vec<f64> {
    let all = world
        .get(&preset.target)
        .map_or(&[][..], |all| all.as_slice());
    let Some(price) = all.iter().rfind(|o| o.date == day).map(|o| o.value) else {
        return Vec::new();
    };
    let mut before: Vec<f64> = all
        .iter()
        .filter(|o| o.date < day)
        .map(|o| o.value)
        .collect();
    before.sort_by(f64::total_cmp);
    let (Some(middle), Some(most)) = (before.get(before.len() / 2), before.last()) else {
        return Vec::new();
    };
    vec![1.02, middle / price, 10.0 * most / price]
}
