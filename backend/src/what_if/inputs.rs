//! What can be moved on the newest day, and how far history went.

use shared::series::SeriesId;
use shared::what_if::{Input, Measure, Point, Reach};

use crate::assemble::Newest;
use crate::preset::{Change, Preset};

/// The inputs in the order of the cells.
pub(super) fn inputs(preset: &Preset, newest: &Newest) -> Vec<Input> {
    let pairs = newest.inputs.iter().zip(&newest.history);
    pairs
        .filter_map(|(id, history)| input(preset, newest, id, history))
        .collect()
}

fn input(preset: &Preset, newest: &Newest, id: &SeriesId, history: &[f64]) -> Option<Input> {
    let (level, before) = history.split_last()?;
    let previous = before.last().copied().filter(|value| value.is_finite());
    let def = preset.series(id)?;
    let driver = preset
        .drivers
        .iter()
        .find(|driver| driver.of == id.as_str());
    let feature = preset.features.iter().find(|f| f.of == id.as_str());
    let measure = measure(driver.map(|driver| driver.change), &def.unit, history);
    let named = driver.map(|driver| (driver.label.clone(), driver.group.clone()));
    let (label, group) = named.unwrap_or_else(|| {
        let group = feature.map(|feature| feature.group.clone());
        (def.title.clone(), group.unwrap_or_default())
    });
    Some(Input {
        series: id.clone(),
        label,
        group,
        unit: def.unit.clone(),
        measure,
        level: *level,
        previous: previous.unwrap_or(*level),
        levels: Reach::of(points(newest, history.iter().copied()))?,
        changes: Reach::of(points(newest, changes(measure, history)))?,
    })
}

/// Prices change by percent; yields and what was ever zero or below by their own unit.
fn measure(change: Option<Change>, unit: &str, history: &[f64]) -> Measure {
    let has_ratios = history.iter().all(|level| level.is_nan() || *level > 0.0);
    match change {
        Some(Change::Difference) => Measure::Points,
        None if unit == "%" => Measure::Points,
        _ if has_ratios => Measure::Percent,
        _ => Measure::Points,
    }
}

/// The change to each row from the one before; NaN on the first, and where a level is unknown.
pub(super) fn changes(measure: Measure, history: &[f64]) -> impl Iterator<Item = f64> + '_ {
    let before = std::iter::once(f64::NAN).chain(history.iter().copied());
    let pairs = before.zip(history);
    pairs.map(move |(before, level)| measure.change(before, *level))
}

fn points<'a>(
    newest: &'a Newest,
    values: impl Iterator<Item = f64> + 'a,
) -> impl Iterator<Item = Point> + 'a {
    let pairs = values.zip(&newest.dates);
    pairs.map(|(value, date)| Point { value, date: *date })
}
