//! Levels in the address, and the scales of sliders. Pure.

use std::str::FromStr;

use shared::what_if::{Input, Scenario, Today};

use crate::url_state::Unknown;

/// The inputs that were moved, with their levels: `silver_close:28.5,rate_10y:4.1` in the address.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Moves(Vec<(String, f64)>);

impl Moves {
    /// Those of these levels that are not the day's own.
    pub(super) fn of(today: &Today, levels: &[f64]) -> Self {
        let pairs = today.inputs.iter().zip(levels);
        let moved = pairs.filter(|(input, level)| input.level.to_bits() != level.to_bits());
        Self(
            moved
                .map(|(input, level)| (input.series.to_string(), *level))
                .collect(),
        )
    }

    /// Every level: the moved ones, and the day's own for the rest.
    pub(super) fn levels(&self, today: &Today) -> Vec<f64> {
        let level = |input: &Input| {
            let mut moved = self.0.iter();
            let found = moved.find(|(name, _)| name == input.series.as_str());
            found.map_or(input.level, |(_, level)| *level)
        };
        today.inputs.iter().map(level).collect()
    }

    /// The word in the address, to a millionth; none where nothing was moved.
    pub(super) fn word(&self) -> Option<String> {
        let parts: Vec<String> = self
            .0
            .iter()
            .map(|(name, level)| format!("{name}:{}", (level * 1e6).round() / 1e6))
            .collect();
        (!parts.is_empty()).then(|| parts.join(","))
    }
}

impl FromStr for Moves {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let pair = |part: &str| {
            let (name, level) = part.split_once(':')?;
            let level: f64 = level.parse().ok()?;
            level.is_finite().then(|| (name.to_owned(), level))
        };
        let parts: Option<Vec<(String, f64)>> = text.split(',').map(pair).collect();
        parts.map(Self).ok_or(Unknown)
    }
}

/// Every level under a scenario: its changes from the row before; inputs that it does not name keep the day's own level.
pub(super) fn levels_of(scenario: &Scenario, today: &Today) -> Vec<f64> {
    let pairs = today.inputs.iter().zip(&scenario.changes);
    pairs
        .map(|(input, change)| change.map_or(input.level, |change| input.level_after(change)))
        .collect()
}

/// What a slider moves along, in the unit of changes or of levels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slide {
    /// Its left end.
    pub(super) low: f64,
    /// Its right end.
    pub(super) high: f64,
    /// How far one press of an arrow key moves it.
    pub(super) step: f64,
}

impl Slide {
    /// As far as history went: by changes where the model sees how far a driver moves, by levels where it sees where one
    /// stands.
    pub(super) fn of(input: &Input, by_changes: bool) -> Self {
        let reach = if by_changes {
            &input.changes
        } else {
            &input.levels
        };
        let step = step((reach.high.value - reach.low.value) / 200.0);
        Self {
            low: (reach.low.value / step).floor() * step,
            high: (reach.high.value / step).ceil() * step,
            step,
        }
    }
}

/// The largest of 1, 2 and 5 times a power of ten that is no larger than `size`.
fn step(size: f64) -> f64 {
    if size <= 0.0 || !size.is_finite() {
        return 0.01;
    }
    let power = 10_f64.powf(size.log10().floor());
    let parts = [5.0, 2.0, 1.0].map(|part| part * power);
    let fits = parts.into_iter().find(|part| *part <= size * 1.000_001);
    fits.unwrap_or(power)
}

/// Digits after the point that a level is written with.
pub(super) fn digits(level: f64) -> usize {
    if level.abs() < 10.0 { 3 } else { 2 }
}
