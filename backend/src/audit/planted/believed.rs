//! Wrong beliefs about when things were known.

use chrono::{Duration, NaiveTime};

use super::super::worlds::World;
use super::world::MACRO;

/// New York's distance from UTC in winter, by which hours without a zone are misread.
const HOURS: i64 = 5;

/// The macro series counts as known on its reference date.
pub(super) fn on_reference_dates(world: &World) -> World {
    let mut world = world.clone();
    for observation in of_macro(&mut world) {
        observation.available_at = observation.date.and_time(NaiveTime::MIN).and_utc();
    }
    world
}

/// Of each date's values the last one counts, and counts as known since the first was.
pub(super) fn revised_at_once(world: &World) -> World {
    let mut world = world.clone();
    let of_macro = of_macro(&mut world);
    for place in (1..of_macro.len()).rev() {
        let (earlier, later) = of_macro.split_at_mut(place);
        if let (Some(before), Some(after)) = (earlier.last_mut(), later.first())
            && before.date == after.date
        {
            before.value = after.value;
        }
    }
    world
}

/// Everything counts as known five hours before it was.
pub(super) fn five_hours_early(world: &World) -> World {
    let mut world = world.clone();
    for observation in world.values_mut().flatten() {
        observation.available_at -= Duration::hours(HOURS);
    }
    world
}

fn of_macro(world: &mut World) -> &mut [shared::series::Observation] {
    let found = world.iter_mut().find(|(id, _)| id.as_str() == MACRO);
    found.map_or(&mut [], |(_, all)| all.as_mut_slice())
}
