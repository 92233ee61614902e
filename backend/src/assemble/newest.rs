//! The newest row of a dataset as a function of the day's levels: the same features, with all of the past as constants.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use polars::prelude::Series;
use shared::series::{Observation, SeriesId};
use shared::valuation::Information;
use shared::what_if::{Cell, Rule};

use super::build::{AssembleError, Built, build};
use super::dataset::Dataset;
use super::features::scale_at;
use crate::preset::{FeatureDef, Op, Preset};

/// The newest row, and the history behind it.
pub(crate) struct Newest {
    /// The dataset whose newest row it is.
    pub(crate) dataset: Dataset,
    /// Every feature of the row that was asked for, and what it is made of, each after its parts.
    pub(crate) cells: Vec<Cell>,
    /// The place of each feature that was asked for, by name.
    pub(crate) places: BTreeMap<String, usize>,
    /// The series that the cells start from, in the order of their places.
    pub(crate) inputs: Vec<SeriesId>,
    /// The days up to the row, the first being the dataset's.
    pub(crate) dates: Vec<NaiveDate>,
    /// Each input on those days, NaN where it has no value. The row before the newest is the last but one.
    pub(crate) history: Vec<Vec<f64>>,
    /// The price on those days.
    pub(crate) prices: Vec<f64>,
}

/// Why the newest row cannot be told as such a function.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NewestError {
    /// There is no dataset.
    #[error(transparent)]
    Assemble(#[from] AssembleError),
    /// A feature mixes the day's level with what else is not known before.
    #[error("the feature `{0}` mixes the day's level into a mean or a ratio of its own")]
    Mixed(String),
}

/// The newest row of the dataset of a preset as known at `as_of`, told by the features named `wanted`. Whatever is made of the
/// target alone stays as it is.
pub(crate) fn newest(
    preset: &Preset,
    observations: &BTreeMap<SeriesId, Vec<Observation>>,
    as_of: DateTime<Utc>,
    information: Information,
    wanted: &[String],
) -> Result<Newest, NewestError> {
    let built = build(preset, observations, as_of, information)?;
    let dates = &built.dataset.dates;
    let place =
        |day: Option<&NaiveDate>| built.base.dates.iter().position(|date| Some(date) == day);
    let (first, row) = (place(dates.first()), place(dates.last()));
    let (Some(first), Some(row)) = (first, row) else {
        return Err(AssembleError::NoCommonRow("none".to_owned()).into());
    };
    let mut teller = Teller {
        preset,
        built: &built,
        row,
        cells: Vec::new(),
        told: BTreeMap::new(),
        inputs: Vec::new(),
    };
    let mut places = BTreeMap::new();
    for name in wanted {
        if let Some(def) = preset.features.iter().find(|def| def.name == *name) {
            places.insert(name.clone(), teller.feature(def)?);
        }
    }
    let Teller { cells, inputs, .. } = teller;
    let until =
        |values: &Series| -> Vec<f64> { (first..=row).map(|at| number(values, at)).collect() };
    let history = inputs.iter().map(|id| until(&built.base.series[id]));
    Ok(Newest {
        history: history.collect(),
        dates: built.base.dates[first..=row].to_vec(),
        prices: until(&built.base.price),
        dataset: built.dataset,
        cells,
        places,
        inputs,
    })
}

/// What a name in a preset stands for.
#[derive(Clone, Copy)]
enum Part<'a> {
    Feature(&'a FeatureDef),
    Series(&'a SeriesId),
}

/// Tells features as cells, each once.
struct Teller<'a> {
    preset: &'a Preset,
    built: &'a Built,
    row: usize,
    cells: Vec<Cell>,
    /// The cells of features (`true`) and series by name.
    told: BTreeMap<(bool, String), usize>,
    inputs: Vec<SeriesId>,
}

impl<'a> Teller<'a> {
    /// A feature if one has the name, unless it is the one being made; else a series. As in `features.rs`.
    fn part(&self, name: &str, of: &FeatureDef) -> Option<Part<'a>> {
        let named = |def: &&FeatureDef| def.name == name && def.name != of.name;
        let feature = self.preset.features.iter().find(named).map(Part::Feature);
        let series = || {
            self.preset
                .series
                .iter()
                .find(|def| def.id.as_str() == name)
        };
        feature.or_else(|| series().map(|def| Part::Series(&def.id)))
    }

    /// Whether it can be other than it is: made of a series that is not the target and has a value on the row.
    fn moves(&self, part: Part<'_>) -> bool {
        match part {
            Part::Series(id) => *id != self.preset.target && self.value(part, self.row).is_finite(),
            Part::Feature(def) if def.lag > 0 => false,
            Part::Feature(def) => {
                let divisor = match &def.op {
                    Op::Ratio { to, .. } | Op::LogRatio { to } => Some(to),
                    _ => None,
                };
                let mut names = std::iter::once(&def.of).chain(divisor);
                names.any(|name| self.part(name, def).is_some_and(|part| self.moves(part)))
            }
        }
    }

    fn column(&self, part: Part<'_>) -> &'a Series {
        match part {
            Part::Feature(def) => &self.built.features[&def.name],
            Part::Series(id) => &self.built.base.series[id],
        }
    }

    /// NaN where there is no value, or no such row.
    fn value(&self, part: Part<'_>, row: usize) -> f64 {
        number(self.column(part), row)
    }

    fn before(&self, part: Part<'_>) -> f64 {
        let row = self.row.checked_sub(1);
        row.map_or(f64::NAN, |row| self.value(part, row))
    }

    fn push(&mut self, name: &str, today: f64, rule: Rule) -> usize {
        self.cells.push(Cell {
            name: name.to_owned(),
            today: today.is_finite().then_some(today),
            rule,
        });
        self.cells.len() - 1
    }

    fn cell(&mut self, part: Part<'a>) -> Result<usize, NewestError> {
        match part {
            Part::Feature(def) => self.feature(def),
            Part::Series(id) => Ok(self.series(id)),
        }
    }

    fn series(&mut self, id: &'a SeriesId) -> usize {
        let key = (false, id.to_string());
        if let Some(place) = self.told.get(&key) {
            return *place;
        }
        let today = self.value(Part::Series(id), self.row);
        self.inputs.push(id.clone());
        let place = self.push(id.as_str(), today, Rule::Level(self.inputs.len() - 1));
        self.told.insert(key, place);
        place
    }

    fn feature(&mut self, def: &'a FeatureDef) -> Result<usize, NewestError> {
        let key = (true, def.name.clone());
        if let Some(place) = self.told.get(&key) {
            return Ok(*place);
        }
        let today = self.value(Part::Feature(def), self.row);
        let place = match self.part(&def.of, def) {
            Some(of) if self.moves(Part::Feature(def)) => self.moving(def, of, today)?,
            _ => self.push(&def.name, today, Rule::Fixed),
        };
        self.told.insert(key, place);
        Ok(place)
    }

    fn moving(
        &mut self,
        def: &'a FeatureDef,
        part: Part<'a>,
        today: f64,
    ) -> Result<usize, NewestError> {
        let mixed = || NewestError::Mixed(def.name.clone());
        // Where only the divisor moves, what is divided stands still.
        if !self.moves(part) {
            return Err(mixed());
        }
        let of = self.cell(part)?;
        let rule = match &def.op {
            Op::Level => return Ok(of),
            Op::Diff => less(of, self.before(part)),
            Op::Log { floor } => Rule::Log { of, floor: *floor },
            Op::LogReturn { floor } => {
                let by = logarithm(self.before(part), *floor);
                less(self.log_of(part, of, *floor), by)
            }
            Op::Scaled { alpha, floor, clip } => {
                let scale = scale_at(self.column(part), *alpha, *floor, self.row);
                let by = scale.map_err(AssembleError::from)?;
                over(of, by.unwrap_or(f64::NAN), *clip)
            }
            Op::Deviation { .. } => less(of, self.value(part, self.row) - today),
            Op::Size => Rule::Size { of },
            Op::Ratio { to, clip } => over(of, self.still(to, def).ok_or_else(mixed)?, *clip),
            Op::LogRatio { to } => {
                let by = logarithm(self.still(to, def).ok_or_else(mixed)?, None);
                less(self.log_of(part, of, None), by)
            }
            Op::Ema { .. } | Op::Volatility { .. } => return Err(mixed()),
        };
        Ok(self.push(&def.name, today, rule))
    }

    fn log_of(&mut self, part: Part<'_>, of: usize, floor: Option<f64>) -> usize {
        let today = logarithm(self.value(part, self.row), floor);
        let name = format!("ln {}", self.cells[of].name);
        self.push(&name, today, Rule::Log { of, floor })
    }

    /// The value of a divisor that does not move.
    fn still(&self, name: &str, of: &FeatureDef) -> Option<f64> {
        let part = self.part(name, of).filter(|part| !self.moves(*part))?;
        Some(self.value(part, self.row)).filter(|value| *value > 0.0)
    }
}

/// Where what was known before is unknown, the feature has no value, whatever the level is.
fn less(of: usize, by: f64) -> Rule {
    if by.is_finite() {
        Rule::Less { of, by }
    } else {
        Rule::Fixed
    }
}

fn over(of: usize, by: f64, clip: f64) -> Rule {
    if by.is_finite() {
        Rule::Over { of, by, clip }
    } else {
        Rule::Fixed
    }
}

fn logarithm(value: f64, floor: Option<f64>) -> f64 {
    // Unlike `max`, keeps NaN.
    let taken = value.clamp(floor.unwrap_or(f64::MIN), f64::INFINITY);
    if taken > 0.0 { taken.ln() } else { f64::NAN }
}

/// NaN where there is no value.
fn number(values: &Series, row: usize) -> f64 {
    let column = values.f64().ok();
    let value = column.and_then(|column| column.get(row));
    value.unwrap_or(f64::NAN)
}
