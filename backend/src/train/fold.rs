//! Trains and scores on one fold. Lives on one thread and keeps that thread's matrices.

use shared::card::{Fold, Parameters};

use super::TrainError;
use super::booster::{GAMMA, Matrix, Model, rounds};
use super::grid::Member;
use super::inputs::Inputs;

/// Rounds from one look at whether a training has settled to the next.
const LOOK: usize = 25;
/// The parameters that say which share of rows or columns a round, a level or a node may use.
const SAMPLING: [&str; 4] = [
    "colsample_bylevel",
    "colsample_bynode",
    "colsample_bytree",
    "subsample",
];

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
            let draws = draws(&parameters);
            let mut trained = Vec::new();
            for place in waiting {
                if draws {
                    model.grow(&matrices.train, members[place].rounds, stop)?;
                } else {
                    matrices.grow_until_settled(&mut model, members[place].rounds, stop)?;
                }
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

    /// Grows to `rounds` trees, or to fewer if all later ones would change nothing: then every output is, bit by bit, what
    /// it would be after `rounds`.
    ///
    /// A round that draws nothing depends on the outputs on the training rows alone. If it leaves all of them as they are,
    /// because no split gains enough and what a leaf adds is below half a bit of 32-bit numbers, the next one grows the same
    /// tree; and if that tree leaves the outputs on the validation rows as they are, too, so do all later ones. Deep trees
    /// come to this point long before the longest training of a grid ends.
    fn grow_until_settled(
        &self,
        model: &mut Model,
        rounds: usize,
        stop: &dyn Fn() -> bool,
    ) -> Result<(), TrainError> {
        while model.rounds() + LOOK < rounds {
            model.grow(&self.train, model.rounds() + LOOK - 1, stop)?;
            if self.is_settled(model, stop)? {
                return Ok(());
            }
        }
        model.grow(&self.train, rounds, stop)
    }

    /// Grows one tree, and a second one if the first left the training rows' outputs as they were; whether the last one
    /// left those of the validation rows, too.
    fn is_settled(&self, model: &mut Model, stop: &dyn Fn() -> bool) -> Result<bool, TrainError> {
        if !self.next_tree_is_idle(model, &self.train, stop)? {
            return Ok(false);
        }
        self.next_tree_is_idle(model, &self.validation, stop)
    }

    /// Grows one tree; whether it left the outputs on a matrix as they were.
    fn next_tree_is_idle(
        &self,
        model: &mut Model,
        matrix: &Matrix,
        stop: &dyn Fn() -> bool,
    ) -> Result<bool, TrainError> {
        let bits = |outputs: Vec<f32>| outputs.into_iter().map(f32::to_bits);
        let before = model.predict(matrix)?;
        model.grow(&self.train, model.rounds() + 1, stop)?;
        Ok(bits(before).eq(bits(model.predict(matrix)?)))
    }
}

/// Whether these parameters draw rows or columns at random, so that no two rounds are alike.
fn draws(parameters: &Parameters) -> bool {
    SAMPLING
        .iter()
        .any(|name| parameters.get(*name).is_some_and(|share| *share < 1.0))
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
        // A settled training ended early: its later trees would have had the splits of the last one.
        let trees = member.rounds.min(smallest_gains.len());
        let smallest = trees
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A wave, learnt on 60 rows and to be continued on 20.
    fn wave() -> Matrices {
        let row = |i: i16| [f32::from(i), (0.3 * f32::from(i)).cos()];
        let label = |i: i16| 120.0 + 30.0 * (0.2 * f32::from(i)).sin();
        let values = |rows: std::ops::Range<i16>| rows.flat_map(row).collect::<Vec<_>>();
        let labels: Vec<f32> = (0..60).map(label).collect();
        Matrices {
            train: Matrix::new(&values(0..60), 60, &labels).unwrap(),
            validation: Matrix::new(&values(50..70), 20, &[]).unwrap(),
            targets: (50..70).map(|i| f64::from(label(i))).collect(),
        }
    }

    fn parameters(depth: f64, rate: f64) -> Parameters {
        [("max_depth", depth), ("learning_rate", rate)]
            .map(|(name, value)| (name.to_owned(), value))
            .into()
    }

    fn grown(
        matrices: &Matrices,
        parameters: &Parameters,
        rounds: usize,
        settle: bool,
    ) -> (usize, [Vec<u32>; 2]) {
        let mut model = Model::new(&matrices.train, parameters, 7).unwrap();
        if settle {
            matrices
                .grow_until_settled(&mut model, rounds, &|| false)
                .unwrap();
        } else {
            model.grow(&matrices.train, rounds, &|| false).unwrap();
        }
        let bits = |matrix| {
            let outputs = model.predict(matrix).unwrap();
            outputs.into_iter().map(f32::to_bits).collect()
        };
        (
            model.rounds(),
            [bits(&matrices.train), bits(&matrices.validation)],
        )
    }

    #[test]
    fn a_settled_training_gives_the_outputs_of_all_rounds() {
        let matrices = wave();
        for (depth, rate) in [(6.0, 0.3), (10.0, 1.0), (3.0, 0.5)] {
            let parameters = parameters(depth, rate);
            let (rounds, outputs) = grown(&matrices, &parameters, 3000, true);
            assert!(rounds < 1500, "depth {depth}, rate {rate}: {rounds} rounds");
            assert_eq!(outputs, grown(&matrices, &parameters, 3000, false).1);
        }
    }

    #[test]
    fn a_training_that_still_learns_grows_to_its_end() {
        let matrices = wave();
        for rounds in [0, 1, 25, 26, 27, 140] {
            let parameters = parameters(2.0, 0.01);
            let settled = grown(&matrices, &parameters, rounds, true);
            assert_eq!(settled.0, rounds);
            assert_eq!(settled, grown(&matrices, &parameters, rounds, false));
        }
    }

    #[test]
    fn only_shares_below_one_draw() {
        let with = |name: &str, share| draws(&[(name.to_owned(), share)].into());
        assert!(!draws(&parameters(6.0, 0.3)));
        assert!(!with("subsample", 1.0));
        assert!(with("subsample", 0.9));
        assert!(with("colsample_bynode", 0.4));
    }
}
