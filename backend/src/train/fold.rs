//! Trains and scores on one fold. Lives on one thread and keeps that thread's matrices.

use shared::card::{Fold, Parameters};

use super::TrainError;
use super::booster::{GAMMA, Matrix, Model, rounds};
use super::grid::Member;
use super::inputs::Inputs;

/// The winner on one fold.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FoldResult {
    /// Its scores.
    pub fold: Fold,
    /// Its outputs on the validation rows: the model had not seen them.
    pub outputs: Vec<f32>,
}

/// Trains on folds; makes each fold's matrices when they are first needed.
pub(super) struct FoldTrainer<'a> {
    inputs: &'a Inputs,
    seed: u64,
    stop: &'a (dyn Fn() -> bool + Sync),
    matrices: Vec<Option<Matrices>>,
}

struct Matrices {
    train: Matrix,
    validation: Matrix,
    targets: Vec<f64>,
}

impl<'a> FoldTrainer<'a> {
    /// A trainer without matrices yet; `stop` is asked before every tree.
    pub(super) fn new(inputs: &'a Inputs, seed: u64, stop: &'a (dyn Fn() -> bool + Sync)) -> Self {
        let matrices = inputs.folds.iter().map(|_| None).collect();
        Self {
            inputs,
            seed,
            stop,
            matrices,
        }
    }

    /// The validation RMSE of each member of a group on a fold, in the members' order; `shared` is what they have in
    /// common.
    pub(super) fn score(
        &mut self,
        shared: &Parameters,
        members: &[Member],
        fold: usize,
    ) -> Result<Vec<f64>, TrainError> {
        let (seed, stop) = (self.seed, self.stop);
        let matrices = self.matrices(fold)?;
        let mut scores: Vec<Option<f64>> = vec![None; members.len()];
        while let Some(gamma) = smallest_gamma(members, &scores) {
            let mut parameters = shared.clone();
            parameters.insert(GAMMA.to_owned(), gamma);
            let mut model = Model::new(&matrices.train, &parameters, seed)?;
            let mut waiting: Vec<usize> = (0..members.len())
                .filter(|place| scores[*place].is_none())
                .collect();
            waiting.sort_by_key(|place| members[*place].rounds);
            let mut trained = Vec::new();
            for place in waiting {
                model.grow(&matrices.train, members[place].rounds, stop)?;
                let score = rmse(&model.predict(&matrices.validation)?, &matrices.targets);
                if members[place].gamma <= gamma {
                    scores[place] = Some(score);
                } else {
                    trained.push((place, score));
                }
            }
            adopt_equal_trainings(&model, members, &trained, &mut scores)?;
        }
        Ok(scores.into_iter().flatten().collect())
    }

    /// A single candidate on a fold, with its outputs.
    pub(super) fn evaluate(
        &mut self,
        parameters: &Parameters,
        fold: usize,
    ) -> Result<FoldResult, TrainError> {
        let (seed, stop) = (self.seed, self.stop);
        let train_targets = self.inputs.targets(self.inputs.train_rows(fold));
        let matrices = self.matrices(fold)?;
        let mut model = Model::new(&matrices.train, parameters, seed)?;
        model.grow(&matrices.train, rounds(parameters), stop)?;
        let outputs = model.predict(&matrices.validation)?;
        let fold = Fold {
            train_rows: train_targets.len(),
            validation_rows: outputs.len(),
            train_rmse: rmse(&model.predict(&matrices.train)?, &train_targets),
            validation_rmse: rmse(&outputs, &matrices.targets),
        };
        Ok(FoldResult { fold, outputs })
    }

    fn matrices(&mut self, fold: usize) -> Result<&Matrices, TrainError> {
        let matrices = match self.matrices[fold].take() {
            Some(made) => made,
            None => Matrices::new(self.inputs, fold)?,
        };
        Ok(self.matrices[fold].insert(matrices))
    }
}

impl Matrices {
    fn new(inputs: &Inputs, fold: usize) -> Result<Self, TrainError> {
        let validation_rows = inputs.validation_rows(fold);
        Ok(Self {
            train: inputs.matrix(inputs.train_rows(fold))?,
            validation: inputs.matrix(validation_rows)?,
            targets: inputs.targets(validation_rows),
        })
    }
}

/// The smallest `gamma` among the members that have no score yet.
fn smallest_gamma(members: &[Member], scores: &[Option<f64>]) -> Option<f64> {
    let waiting = members
        .iter()
        .zip(scores)
        .filter(|(_, score)| score.is_none());
    waiting.map(|(member, _)| member.gamma).reduce(f64::min)
}

/// Gives the scores of a training to members with a larger `gamma`, where the training had no split that it forbids.
///
/// A split is refused if its gain is below `gamma` (tree/driver.h, `IsValidExpandEntry`), and nothing else depends on
/// `gamma`: as long as no gain was below it, every tree is the same one.
fn adopt_equal_trainings(
    model: &Model,
    members: &[Member],
    trained: &[(usize, f64)],
    scores: &mut [Option<f64>],
) -> Result<(), TrainError> {
    if trained.is_empty() {
        return Ok(());
    }
    let smallest_gains = model.smallest_gains()?;
    for (place, score) in trained {
        let member = members[*place];
        let smallest = member
            .rounds
            .checked_sub(1)
            .map_or(f32::INFINITY, |last| smallest_gains[last]);
        if smallest >= member.gamma as f32 {
            scores[*place] = Some(*score);
        }
    }
    Ok(())
}

/// Root mean squared error of outputs against targets, in 64 bits.
fn rmse(outputs: &[f32], targets: &[f64]) -> f64 {
    let squares = outputs
        .iter()
        .zip(targets)
        .map(|(output, target)| (target - f64::from(*output)).powi(2));
    (squares.sum::<f64>() / targets.len() as f64).sqrt()
}
