//! What can be moved: a driver's level, how a change of it is told, and how far history went.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::series::SeriesId;

/// A series that the model looks at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Input {
    /// The series.
    pub series: SeriesId,
    /// What it is, for people.
    pub label: String,
    /// The group that gold people put it in.
    pub group: String,
    /// The unit of its level.
    pub unit: String,
    /// How a change of it is told.
    pub measure: Measure,
    /// Its level on the day, as the day's row knew it.
    pub level: f64,
    /// Its level on the row before.
    pub previous: f64,
    /// The lowest and the highest level of the history.
    pub levels: Reach,
    /// The largest fall and rise from row to row, in the measure of changes.
    pub changes: Reach,
}

/// How a change of a level is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// In percent of the level before: prices and indices.
    Percent,
    /// In the level's own unit: yields and spreads.
    Points,
}

/// A number of the past with its day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Point {
    /// The number.
    pub value: f64,
    /// The day.
    pub date: NaiveDate,
}

/// How far something went in the history.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reach {
    /// The lowest.
    pub low: Point,
    /// The highest.
    pub high: Point,
}

/// What was never seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outside {
    /// No day moved so far; this one moved farthest in that direction.
    Change(Point),
    /// The level was never there; this is the nearest.
    Level(Point),
}

impl Reach {
    /// The reach of numbers with their days; `None` where none is finite.
    pub fn of(points: impl Iterator<Item = Point>) -> Option<Self> {
        let finite = points.filter(|point| point.value.is_finite());
        finite.fold(None, |reach: Option<Self>, point| {
            let Some(Self { low, high }) = reach else {
                return Some(Self {
                    low: point,
                    high: point,
                });
            };
            Some(Self {
                low: if point.value < low.value { point } else { low },
                high: if point.value > high.value {
                    point
                } else {
                    high
                },
            })
        })
    }

    /// The end that a number is beyond, if it is.
    pub fn beyond(&self, value: f64) -> Option<Point> {
        if value < self.low.value {
            Some(self.low)
        } else if value > self.high.value {
            Some(self.high)
        } else {
            None
        }
    }
}

impl Measure {
    /// The change from one level to another.
    pub fn change(self, from: f64, to: f64) -> f64 {
        match self {
            Self::Percent => 100.0 * (to / from - 1.0),
            Self::Points => to - from,
        }
    }

    /// The level after a change.
    pub fn level(self, from: f64, change: f64) -> f64 {
        match self {
            Self::Percent => from * (1.0 + change / 100.0),
            Self::Points => from + change,
        }
    }
}

impl Input {
    /// The day's own change, or that to another level.
    pub fn change_to(&self, level: f64) -> f64 {
        self.measure.change(self.previous, level)
    }

    /// The level after a change from the row before. The day's own change gives the day's own level to the last bit.
    pub fn level_after(&self, change: f64) -> f64 {
        if change.to_bits() == self.change_to(self.level).to_bits() {
            self.level
        } else {
            self.measure.level(self.previous, change)
        }
    }

    /// Whether a level or the change to it was never seen. A day of the history, this one among them, was.
    pub fn outside(&self, level: f64) -> Option<Outside> {
        let change = self.changes.beyond(self.change_to(level));
        let change = change.map(Outside::Change);
        change.or_else(|| self.levels.beyond(level).map(Outside::Level))
    }
}
