//! Values the day at other levels: features, members, combination, interval, and what each driver adds.

use super::cells::{Value, values};
use super::inputs::Outside;
use super::{Band, DayModel, ScaleModel, Today};
use crate::card::{Output, Scaler};
use crate::members::LinearModel;
use crate::model::{Model, ModelError};
use crate::share::Share;
use crate::valuation::{Interval, Method};

/// Trees that can be asked: the evaluator of [`crate::model`], or XGBoost itself.
pub trait Member {
    /// How many values a row has.
    fn width(&self) -> usize;
    /// The output for a row.
    fn predict(&self, row: &[f32]) -> f64;
    /// What each feature adds to it, and last what no feature does.
    fn contributions(&self, row: &[f32]) -> Vec<f64>;
}

impl Member for Model {
    fn width(&self) -> usize {
        self.feature_count()
    }

    fn predict(&self, row: &[f32]) -> f64 {
        Model::predict(self, row)
    }

    fn contributions(&self, row: &[f32]) -> Vec<f64> {
        Model::contributions(self, row)
    }
}

/// What the model says at some levels.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The valuation, in the target's unit.
    pub valuation: f64,
    /// Where the price should be four days in five.
    pub interval_80: Option<Interval>,
    /// Where the price should be nineteen days in twenty.
    pub interval_95: Option<Interval>,
    /// How the valuation came about.
    pub method: Method,
    /// The model's own value, shipped or not, in the target's unit.
    pub raw: f64,
    /// The model's own output: the move from the price before, in percent, or the level.
    pub output: f64,
    /// What each driver adds to the output, in the order of [`Today::drivers`]; with the base they add up to it.
    pub contributions: Vec<f64>,
    /// The part of the output that belongs to no driver.
    pub base: f64,
    /// What was never seen, by input.
    pub outside: Vec<Option<Outside>>,
}

/// A day with its trees, ready to be asked.
#[derive(Clone, Debug)]
pub struct Evaluator<T = Model> {
    today: Today,
    trees: T,
    levels: Vec<f64>,
}

/// What the model says, whether it is shipped or not.
struct Said {
    raw: f64,
    output: f64,
    share: Share,
    method: Method,
    /// What stands in for [`Said::raw`].
    instead: Option<f64>,
    /// The shipped forecast as a log return.
    shipped: f64,
}

impl Evaluator<Model> {
    /// Reads the day's trees. Fails where they are not what [`Model::parse`] would take.
    pub fn new(today: Today) -> Result<Self, ModelError> {
        let trees = match &today.model {
            DayModel::Members { trees, .. } | DayModel::Single { trees, .. } => {
                Model::try_from(trees)?
            }
        };
        Ok(Self::with(today, trees))
    }
}

impl<T: Member> Evaluator<T> {
    /// Asks these trees in place of the day's own.
    pub fn with(today: Today, trees: T) -> Self {
        let levels = today.levels();
        Self {
            today,
            trees,
            levels,
        }
    }

    /// The day.
    pub fn today(&self) -> &Today {
        &self.today
    }

    /// The day back.
    pub fn into_today(self) -> Today {
        self.today
    }

    /// The valuation at these levels, one an input; `None` where there is none: a logarithm of zero, a missing feature.
    pub fn outcome(&self, levels: &[f64]) -> Option<Outcome> {
        let are_levels = levels.iter().all(|level| level.is_finite());
        if levels.len() != self.levels.len() || !are_levels {
            return None;
        }
        let cells = values(&self.today.cells, &self.levels, levels);
        let said = self.said(&cells)?;
        let valuation = said.instead.unwrap_or(said.raw);
        let [interval_80, interval_95] = self
            .half_widths(&cells, said.shipped)
            .map(|width| around(valuation, width?));
        let known = valuation.is_finite() && said.output.is_finite();
        known.then(|| Outcome {
            valuation,
            interval_80,
            interval_95,
            method: said.method,
            raw: said.raw,
            output: said.output,
            contributions: said.share.drivers,
            base: said.share.base,
            outside: self.outside(levels),
        })
    }

    fn outside(&self, levels: &[f64]) -> Vec<Option<Outside>> {
        let pairs = self.today.inputs.iter().zip(levels);
        pairs.map(|(input, level)| input.outside(*level)).collect()
    }

    fn said(&self, cells: &[Value]) -> Option<Said> {
        match &self.today.model {
            DayModel::Members {
                linear,
                linear_cells,
                linear_drivers,
                volatility,
                tree_cells,
                tree_drivers,
                is_open,
                ..
            } => {
                let volatility = cells.get(*volatility)?.value;
                let row = pick(cells, linear_cells)?;
                let one = self.linear(linear, &row, volatility, linear_drivers)?;
                let two = self.of_trees(&pick(cells, tree_cells)?, tree_drivers)?;
                let (share, takes_over) = Share::combined(one, &two, linear.limit);
                self.members_said(&share, takes_over, *is_open)
            }
            DayModel::Single {
                output,
                scaler,
                tree_cells,
                stand_in,
                ..
            } => {
                let row = pick(cells, tree_cells)?;
                self.single_said(*output, scaler.as_ref(), &row, *stand_in)
            }
        }
    }

    fn members_said(&self, share: &Share, takes_over: bool, is_open: bool) -> Option<Said> {
        let before = self.today.previous_price?;
        let forecast = share.sum();
        let percent = |part: f64| 100.0 * part;
        Some(Said {
            raw: before * forecast.exp(),
            output: percent(forecast),
            share: Share {
                base: percent(share.base),
                drivers: share.drivers.iter().copied().map(percent).collect(),
            },
            method: match (is_open, takes_over) {
                (false, _) => Method::NoChange,
                (true, true) => Method::Linear,
                (true, false) => Method::Model,
            },
            instead: (!is_open).then_some(before),
            shipped: if is_open { forecast } else { 0.0 },
        })
    }

    fn single_said(
        &self,
        output: Output,
        scaler: Option<&Scaler>,
        row: &[f64],
        stand_in: Option<f64>,
    ) -> Option<Said> {
        let row: Vec<f32> = match scaler {
            Some(scaler) => scaled(scaler, row)?,
            None => row.iter().map(|value| *value as f32).collect(),
        };
        if row.len() != self.trees.width() {
            return None;
        }
        let said = self.trees.predict(&row);
        let mut parts = self.trees.contributions(&row);
        parts.pop()?;
        // The output is added up in 32 bits; what that rounds away belongs to no driver either.
        let base = said - parts.iter().sum::<f64>();
        let raw = match output {
            Output::Level => said,
            Output::PercentReturn => self.today.previous_price? * (said / 100.0).exp(),
        };
        Some(Said {
            raw,
            output: said,
            share: Share {
                base,
                drivers: parts,
            },
            method: stand_in.map_or(Method::Model, |_| Method::Ema),
            instead: stand_in,
            shipped: 0.0,
        })
    }

    /// The linear member's log return by driver.
    fn linear(
        &self,
        model: &LinearModel,
        row: &[f64],
        volatility: f64,
        drivers: &[usize],
    ) -> Option<Share> {
        if row.len() != model.features.len() {
            return None;
        }
        let terms = model.contributions(row, volatility);
        let (base, terms) = terms.split_last()?;
        let terms = drivers.iter().copied().zip(terms.iter().copied());
        self.share(*base, terms)
    }

    /// The trees' log return by driver.
    fn of_trees(&self, row: &[f64], drivers: &[usize]) -> Option<Share> {
        let row: Vec<f32> = row.iter().map(|value| *value as f32).collect();
        if row.len() != self.trees.width() {
            return None;
        }
        let percent = self.trees.contributions(&row);
        let (base, terms) = percent.split_last()?;
        let terms = terms.iter().map(|term| term / 100.0);
        self.share(base / 100.0, drivers.iter().copied().zip(terms))
    }

    /// `None` where a place names no driver.
    fn share(&self, base: f64, terms: impl Iterator<Item = (usize, f64)> + Clone) -> Option<Share> {
        let count = self.today.drivers.len();
        let placed = terms.clone().all(|(driver, _)| driver < count);
        placed.then(|| Share::new(count, base, terms))
    }

    fn half_widths(&self, cells: &[Value], shipped: f64) -> [Option<f64>; 2] {
        match &self.today.band {
            Band::Fixed(widths) => *widths,
            Band::Scaled {
                scale,
                cells: places,
            } => {
                let extra = pick(cells, places);
                let expected = extra.and_then(|extra| scale.expected(shipped, &extra));
                scale.quantiles.map(|quantile| Some(quantile? * expected?))
            }
        }
    }
}

impl ScaleModel {
    /// The size of error to expect around a shipped forecast (log return), up to the factor that the quantiles make good.
    fn expected(&self, shipped: f64, extra: &[f64]) -> Option<f64> {
        let own = self.logarithms.iter().copied();
        let surprise = shipped.abs() / self.market;
        let row: Vec<f64> = own.chain([surprise]).chain(extra.iter().copied()).collect();
        if row.len() != self.ridge.features.len() {
            return None;
        }
        let expected = self.ridge.predict(&row).exp();
        expected.is_finite().then_some(expected)
    }
}

/// The cells at these places; `None` where there is no such cell.
fn pick(cells: &[Value], places: &[usize]) -> Option<Vec<f64>> {
    let found = places.iter().map(|place| cells.get(*place));
    found.map(|cell| Some(cell?.value)).collect()
}

fn scaled(scaler: &Scaler, row: &[f64]) -> Option<Vec<f32>> {
    let known = scaler.mean.len() == row.len() && scaler.scale.len() == row.len();
    let of = row.iter().zip(&scaler.mean).zip(&scaler.scale);
    known.then(|| {
        of.map(|((value, mean), scale)| ((value - mean) / scale) as f32)
            .collect()
    })
}

fn around(value: f64, width: f64) -> Option<Interval> {
    width.is_finite().then(|| Interval {
        lower: value * (-width).exp(),
        upper: value * width.exp(),
    })
}
