//! The features of a row as they follow from the day's levels: one operation a cell, with all of the past as constants.

use serde::{Deserialize, Serialize};

/// A number of the row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cell {
    /// The feature, or what it is made of.
    pub name: String,
    /// Its value on the day, as the model was given it. It holds as long as nothing below it moved. Absent: no value.
    pub today: Option<f64>,
    /// How it follows.
    pub rule: Rule,
}

/// How a cell follows from earlier ones, `of` being a cell's place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Known before the day, or made of the target alone.
    Fixed,
    /// The level of an input, by its place.
    Level(usize),
    /// Natural logarithm; of `floor` where the value is below it.
    Log {
        /// The cell.
        of: usize,
        /// Smallest value that is taken as it is.
        floor: Option<f64>,
    },
    /// The value less something known before.
    Less {
        /// The cell.
        of: usize,
        /// What is taken away.
        by: f64,
    },
    /// The value over something known before, no further from zero than `clip`.
    Over {
        /// The cell.
        of: usize,
        /// The divisor.
        by: f64,
        /// Largest absolute value.
        clip: f64,
    },
    /// The absolute value.
    Size {
        /// The cell.
        of: usize,
    },
}

/// A cell's value, and whether it is another than the day's.
#[derive(Clone, Copy)]
pub(super) struct Value {
    pub(super) value: f64,
    moved: bool,
}

/// Every cell at these levels; `today` are the day's own. NaN where a cell has no value.
pub(super) fn values(cells: &[Cell], today: &[f64], levels: &[f64]) -> Vec<Value> {
    let mut done: Vec<Value> = Vec::with_capacity(cells.len());
    for cell in cells {
        let next = cell.value(&done, today, levels);
        done.push(next);
    }
    done
}

impl Cell {
    fn value(&self, done: &[Value], today: &[f64], levels: &[f64]) -> Value {
        let unmoved = self.today.unwrap_or(f64::NAN);
        let of = |place: usize| done.get(place).copied();
        let (value, moved) = match &self.rule {
            Rule::Fixed => (unmoved, Some(false)),
            Rule::Level(input) => {
                let pair = today.get(*input).zip(levels.get(*input));
                let moved = pair.map(|(day, now)| day.to_bits() != now.to_bits());
                (pair.map_or(f64::NAN, |(_, now)| *now), moved)
            }
            rule => {
                let below = rule.of().and_then(of);
                let value = below.map_or(f64::NAN, |below| rule.apply(below.value));
                (value, below.map(|below| below.moved))
            }
        };
        // A place that leads nowhere has no value at all.
        Value {
            value: if moved == Some(false) { unmoved } else { value },
            moved: moved.unwrap_or(true),
        }
    }
}

impl Rule {
    /// The cell that this one is made of.
    fn of(&self) -> Option<usize> {
        match self {
            Self::Fixed | Self::Level(_) => None,
            Self::Log { of, .. }
            | Self::Less { of, .. }
            | Self::Over { of, .. }
            | Self::Size { of } => Some(*of),
        }
    }

    fn apply(&self, value: f64) -> f64 {
        match self {
            Self::Fixed | Self::Level(_) => value,
            Self::Log { floor, .. } => {
                let taken = value.max(floor.unwrap_or(f64::MIN));
                if taken > 0.0 { taken.ln() } else { f64::NAN }
            }
            Self::Less { by, .. } => value - by,
            Self::Over { by, clip, .. } => (value / by).clamp(-clip, *clip),
            Self::Size { .. } => value.abs(),
        }
    }
}
