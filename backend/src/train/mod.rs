//! Train: search, fit, value, score.

mod error;

mod inputs;
mod scale;
mod split;

mod board;
mod booster;
mod choice;
mod course;
mod fold;
mod grid;
mod meter;
mod pool;
mod refit;
mod search;
mod trial;
mod two_members;
pub(crate) mod walk;
mod winner;

mod intervals;
mod scores;
mod skill;
mod value;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use shared::card::{Coverage, DataRange, Fold, Output, Parameters, Scaler, Score, Search, Skill};
use shared::valuation::{BASE, Contribution, Information, Valuation};
use shared::walk::{GapReading, WalkCard, WalkRow};
use shared::what_if::ScaleModel;

use crate::assemble::Dataset;
use crate::preset::{GridDef, TrainPlan};
use crate::progress::Reporter;

use fold::FoldResult;
use inputs::Inputs;
use value::Valued;
use winner::Effort;

pub(crate) use booster::LoadedModel;
pub(crate) use choice::{DEPLOYED, deployed};
pub use error::TrainError;
pub(crate) use pool::with_workers;
pub(crate) use scale::apply as standardised;
pub(crate) use trial::{search_trees, skill_in_raw_units};
pub(crate) use value::{STAND_IN, price_of, target_range};
pub(crate) use walk::drivers;

/// All that training gives. Everything but wall time is a function of dataset, plan, grid and seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Trained {
    /// XGBoost's model as JSON, byte for byte.
    pub model: Vec<u8>,
    /// The scaling of the features before they reach the model, if there is one.
    pub scaler: Option<Scaler>,
    /// The winner's parameters.
    pub parameters: Parameters,
    /// The searches.
    pub searches: Vec<Search>,
    /// The winner on each fold.
    pub folds: Vec<Fold>,
    /// One valuation a row, training rows included, oldest first. Rows that cannot be valued (price unknown; no row before
    /// to start from) are left out.
    pub valuations: Vec<Valuation>,
    /// Contributions of every valued row and feature, `base` last within a row.
    pub contributions: Vec<Contribution>,
    /// Scores on the test rows: `valuation` first, then `model_raw`, `no_change`, `ema_previous`, `ema_same_day`.
    pub scores: Vec<Score>,
    /// Skill against no-change on the test rows.
    pub skill: Skill,
    /// Coverage of the intervals on the test rows; empty where there are none.
    pub coverage: Vec<Coverage>,
    /// What was trained and tested on.
    pub data: DataRange,
    /// Members and record of the walk-forward, where there is one.
    pub walk: Option<WalkCard>,
    /// Every row of the walk-forward under every state of information that it has reached.
    pub walk_rows: Vec<WalkRow>,
    /// The headline gap of the newest row, where the preset has one.
    pub gap: Option<GapReading>,
    /// How the newest row's interval follows from its own day's moves, where it does.
    pub scale: Option<ScaleModel>,
    /// `xgboost` and its version.
    pub versions: BTreeMap<String, String>,
}

/// The datasets to train on.
#[derive(Clone, Copy)]
pub struct Datasets<'a> {
    /// Each row with all that it may ever use, as far as it is out.
    pub last: &'a Dataset,
    /// The same rows as known at their cut-off; `None` where nothing is late, and without a walk-forward.
    pub provisional: Option<&'a Dataset>,
}

/// Searches the grid named `grid` of `plan`, fits the winner on all rows before the test part, and values every row; or,
/// where the plan says so, walks forward with two members.
///
/// Blocks, and computes on `threads` threads, one a fit; the result is the same with any number of them. `score_all` scores
/// every candidate on every fold (for a heat map) where otherwise hopeless ones are cut; the winner is the same. Progress
/// and the wish to stop go through `reporter`.
pub fn train(
    sets: &Datasets<'_>,
    plan: &TrainPlan,
    grid: &str,
    threads: usize,
    score_all: bool,
    reporter: &Reporter,
) -> Result<Trained, TrainError> {
    let grid = find_grid(plan, grid)?;
    booster::check_names(
        plan.fixed
            .keys()
            .chain(grid.searches.iter().flat_map(BTreeMap::keys)),
    )?;
    value::check(sets.last, plan.extrapolation)?;
    let effort = Effort {
        threads,
        score_all,
        reporter,
    };
    match &plan.walk_forward {
        Some(walk) => two_members::train(sets, plan, walk, grid, &effort),
        None => train_once(sets.last, plan, grid, &effort),
    }
}

/// One model, fitted once before the test part.
fn train_once(
    dataset: &Dataset,
    plan: &TrainPlan,
    grid: &GridDef,
    effort: &Effort<'_>,
) -> Result<Trained, TrainError> {
    let inputs = Inputs::new(dataset, plan.test_rows, plan.folds, grid.scale)?;
    let winner = winner::find(&inputs, plan, grid, effort)?;

    let valued = value::value_rows(dataset, plan, &inputs, &winner.refit.outputs);
    let bands = if plan.intervals {
        let residuals = residuals(dataset, plan.output, &inputs, &winner.folds, &valued);
        intervals::bands(&valued, &residuals)
    } else {
        vec![[None, None]; valued.len()]
    };
    let scored = scores::scored_rows(dataset, &valued);
    Ok(Trained {
        versions: [("xgboost".to_owned(), booster::version(&winner.refit.model)?)].into(),
        coverage: intervals::coverage(&valued, &bands, &dataset.price),
        valuations: valued
            .iter()
            .zip(&bands)
            .map(|(row, bands)| valuation(dataset, row, bands))
            .collect(),
        contributions: contributions(dataset, &valued, &winner.refit.contributions),
        model: winner.refit.model,
        scores: scores::scores(&scored),
        skill: skill::skill(&scored),
        data: data_range(dataset, inputs.test_start, inputs.train.len()),
        walk: None,
        walk_rows: Vec::new(),
        gap: None,
        scale: None,
        scaler: inputs.scaler,
        folds: winner.folds.into_iter().map(|result| result.fold).collect(),
        parameters: winner.parameters,
        searches: winner.searches,
    })
}

fn find_grid<'a>(plan: &'a TrainPlan, name: &str) -> Result<&'a GridDef, TrainError> {
    plan.grids.get(name).ok_or_else(|| {
        let known: Vec<String> = plan
            .grids
            .keys()
            .map(|known| format!("`{known}`"))
            .collect();
        TrainError::UnknownGrid {
            name: name.to_owned(),
            known: known.join(", "),
        }
    })
}

/// ln(price / value) by row: out of sample in the folds' validation parts, then as published in the test part; NaN
/// elsewhere.
fn residuals(
    dataset: &Dataset,
    output: Output,
    inputs: &Inputs,
    folds: &[FoldResult],
    valued: &[Valued],
) -> Vec<f64> {
    let mut residuals = vec![f64::NAN; dataset.rows()];
    for (fold, result) in folds.iter().enumerate() {
        for (row, value) in inputs.validation_rows(fold).iter().zip(&result.outputs) {
            let value = price_of(output, f64::from(*value), dataset.previous_price[*row]);
            residuals[*row] = (dataset.price[*row] / value).ln();
        }
    }
    for row in valued.iter().filter(|row| row.place >= inputs.test_start) {
        residuals[row.place] = (dataset.price[row.place] / row.value).ln();
    }
    residuals
}

fn valuation(dataset: &Dataset, row: &Valued, bands: &intervals::Bands) -> Valuation {
    Valuation {
        date: dataset.dates[row.place],
        price: dataset.price[row.place],
        valuation: row.value,
        interval_80: bands[0],
        interval_95: bands[1],
        method: row.method,
        split: row.split,
        information: Information::Final,
    }
}

/// Names the contributions of the valued rows; `shares` has one a feature and the base for every row of the dataset.
fn contributions(dataset: &Dataset, valued: &[Valued], shares: &[f32]) -> Vec<Contribution> {
    let names = || {
        dataset
            .features
            .iter()
            .map(|feature| feature.name.as_str())
            .chain([BASE])
    };
    let width = dataset.features.len() + 1;
    let of_row = |row: &Valued| {
        let date = dataset.dates[row.place];
        let shares = &shares[row.place * width..(row.place + 1) * width];
        names()
            .zip(shares)
            .map(move |(feature, share)| Contribution {
                date,
                feature: feature.to_owned(),
                contribution: f64::from(*share),
            })
    };
    valued.iter().flat_map(of_row).collect()
}

fn data_range(dataset: &Dataset, test_start: usize, train_rows: usize) -> DataRange {
    DataRange {
        first: dataset.dates[0],
        test_first: dataset.dates[test_start.min(dataset.rows() - 1)],
        last: dataset.dates[dataset.rows() - 1],
        train_rows,
        test_rows: dataset.rows() - test_start,
    }
}
