//! The winner's last fits: on every fold for its scores, and on all training rows for the model that is published.

use shared::card::Parameters;

use super::TrainError;
use super::booster::{Model, rounds};
use super::fold::{FoldResult, FoldTrainer};
use super::inputs::Inputs;
use super::meter::Meter;
use super::pool::with_workers;
use super::winner::Effort;

/// The winner, trained on all training rows, and what it gives on every row of the dataset. Plain data: a model itself
/// cannot leave the thread that made it.
pub(super) struct Refit {
    /// XGBoost's JSON, byte for byte.
    pub model: Vec<u8>,
    /// Its output on every row.
    pub outputs: Vec<f32>,
    /// The contributions to it, row by row: one a feature, then the base.
    pub contributions: Vec<f32>,
}

enum Job {
    Everything,
    Fold(usize),
}

enum Done {
    Everything(Refit),
    Fold(FoldResult),
}

/// Trains `parameters` on all training rows and on every fold, as many at a time as `effort` has threads. Gives the
/// results on the folds in their order, and the refit.
pub(super) fn last_fits(
    inputs: &Inputs,
    seed: u64,
    parameters: &Parameters,
    effort: &Effort<'_>,
    meter: &mut Meter<'_>,
) -> Result<(Vec<FoldResult>, Refit), TrainError> {
    let folds = inputs.folds.len();
    let stop = || effort.reporter.is_cancelled();
    meter.begin("the winner on every fold and on all rows", folds as f64);
    // The longest first: a long fit that begins last would keep the other threads waiting.
    let mut jobs = vec![Job::Everything];
    jobs.extend((0..folds).rev().map(Job::Fold));
    let results = with_workers(
        effort.threads,
        || {
            let mut trainer = FoldTrainer::new(inputs, seed, &stop);
            move |job| match job {
                Job::Everything => refit(inputs, seed, parameters, &stop).map(Done::Everything),
                Job::Fold(fold) => trainer.evaluate(parameters, fold).map(Done::Fold),
            }
        },
        |pool| pool.run(jobs, |place| meter.worked(usize::from(place > 0), 1.0)),
    );
    let mut last = None;
    let mut on_folds = Vec::with_capacity(folds);
    for result in results {
        match result? {
            Done::Everything(refit) => last = Some(refit),
            Done::Fold(result) => on_folds.push(result),
        }
    }
    on_folds.reverse();
    Ok((on_folds, last.expect("one job is the refit")))
}

fn refit(
    inputs: &Inputs,
    seed: u64,
    parameters: &Parameters,
    stop: &dyn Fn() -> bool,
) -> Result<Refit, TrainError> {
    let matrix = inputs.matrix(&inputs.train)?;
    let mut model = Model::new(&matrix, parameters, seed)?;
    model.grow(&matrix, rounds(parameters), stop)?;
    let everything = inputs.everything()?;
    let names: Vec<&str> = inputs.names.iter().map(String::as_str).collect();
    Ok(Refit {
        outputs: model.predict(&everything)?,
        contributions: model.contributions(&everything)?,
        model: model.json(&names)?,
    })
}
