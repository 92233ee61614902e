//! From a grid to its winner: the searches one after the other, then the winner on every fold.

use std::collections::BTreeMap;

use shared::card::{Parameters, Search};

use crate::preset::{GridDef, TrainPlan};
use crate::progress::Reporter;

use super::TrainError;
use super::board::Board;
use super::fold::{FoldResult, FoldTrainer};
use super::grid::{candidates, cost, groups};
use super::inputs::Inputs;
use super::meter::Meter;
use super::pool::with_workers;
use super::refit::{Refit, last_fits};
use super::search::{Cell, SearchPool, search};

type Axes = BTreeMap<String, Vec<f64>>;

/// The best candidate of a grid, and how it was found.
pub(super) struct Winner {
    /// Its parameters.
    pub parameters: Parameters,
    /// The searches, in order.
    pub searches: Vec<Search>,
    /// Its results on the folds.
    pub folds: Vec<FoldResult>,
    /// Itself, trained on all training rows.
    pub refit: Refit,
}

/// How to search.
pub(super) struct Effort<'a> {
    /// Fits at one time; each runs on one thread.
    pub threads: usize,
    /// Whether every candidate is scored on every fold.
    pub score_all: bool,
    /// Where progress goes, and who may ask to stop.
    pub reporter: &'a Reporter,
}

/// Runs the grid's searches, each with the winners of the ones before fixed, and evaluates the last winner on every fold.
pub(super) fn find(
    inputs: &Inputs,
    plan: &TrainPlan,
    grid: &GridDef,
    effort: &Effort<'_>,
) -> Result<Winner, TrainError> {
    let folds = inputs.folds.len();
    let units = folds * (grid.searches.iter().map(combinations).sum::<usize>() + 1);
    let mut meter = Meter::start(effort.reporter, units);
    let stop = || effort.reporter.is_cancelled();
    let (parameters, mut searches) = with_workers(
        effort.threads,
        || {
            let mut trainer = FoldTrainer::new(inputs, plan.seed, &stop);
            move |cell: Cell| cell.work(&mut trainer)
        },
        |pool| run_searches(pool, inputs, plan, grid, effort.score_all, &mut meter),
    )?;
    let (folds, refit) = last_fits(inputs, plan.seed, &parameters, effort, &mut meter)?;
    if let Some(report) = searches.last_mut() {
        score_uncontested(report, &folds);
    }
    Ok(Winner {
        parameters,
        searches,
        folds,
        refit,
    })
}

fn run_searches(
    pool: &SearchPool,
    inputs: &Inputs,
    plan: &TrainPlan,
    grid: &GridDef,
    score_all: bool,
    meter: &mut Meter<'_>,
) -> Result<(Parameters, Vec<Search>), TrainError> {
    let rows: Vec<usize> = inputs.folds.iter().map(|fold| fold.train.len()).collect();
    let mut parameters = plan.fixed.clone();
    let mut reports = Vec::new();
    for (number, axes) in grid.searches.iter().enumerate() {
        let last = number + 1 == grid.searches.len();
        let (report, winner) = if last && combinations(axes) == 1 {
            meter.spared(rows.len(), 0.0);
            without_contest(axes, &parameters, rows.len())
        } else {
            let message = format!("search {} of {}", number + 1, grid.searches.len());
            meter.begin(
                message,
                expected_cost(&grid.searches[number..], &parameters, &rows),
            );
            search(pool, axes, &parameters, &rows, score_all, meter)?
        };
        parameters = winner;
        reports.push(report);
    }
    Ok((parameters, reports))
}

fn combinations(axes: &Axes) -> usize {
    axes.values().map(Vec::len).product()
}

/// A search with one candidate has its winner at once; the evaluation on the folds gives its scores.
fn without_contest(axes: &Axes, fixed: &Parameters, folds: usize) -> (Search, Parameters) {
    let mut candidates = candidates(axes, fixed);
    (
        Board::new(1, folds).report(axes, &candidates),
        candidates.remove(0),
    )
}

fn score_uncontested(report: &mut Search, folds: &[FoldResult]) {
    if let ([only], 1) = (report.best.as_mut_slice(), report.candidates) {
        only.fold_rmse = folds
            .iter()
            .map(|result| Some(result.fold.validation_rmse))
            .collect();
        let sum: f64 = folds.iter().map(|result| result.fold.validation_rmse).sum();
        only.mean_rmse = Some(sum / folds.len() as f64);
    }
}

/// What these searches cost on folds with so many training rows, if nothing is cut; the middle candidate stands in for the
/// winner that the next search builds on.
fn expected_cost(searches: &[Axes], fixed: &Parameters, rows: &[usize]) -> f64 {
    let Some((axes, later)) = searches.split_first() else {
        return 0.0;
    };
    let candidates = candidates(axes, fixed);
    let own: f64 = groups(&candidates)
        .iter()
        .map(|group| {
            let longest = group
                .members
                .iter()
                .map(|member| member.rounds)
                .max()
                .unwrap_or(0);
            rows.iter()
                .map(|rows| cost(&group.shared, longest, *rows))
                .sum::<f64>()
        })
        .sum();
    let middle = candidates.get(candidates.len() / 2).unwrap_or(fixed);
    own + expected_cost(later, middle, rows)
}
