//! Whether a search's winner replaces the parameters that a preset deploys: only if it is better by more than chance.

use std::collections::BTreeMap;

use shared::card::{Choice, Parameters};

use super::fold::FoldResult;
use crate::preset::TrainPlan;

/// The grid that holds what is deployed.
pub(crate) const DEPLOYED: &str = "deployed";

/// The deployed parameters: the first value of each axis of the grid named `deployed`; `None` where there is no such grid.
pub(crate) fn deployed(plan: &TrainPlan) -> Option<Parameters> {
    let grid = plan.grids.get(DEPLOYED)?;
    let mut parameters = plan.fixed.clone();
    let axes = grid.searches.iter().flat_map(BTreeMap::iter);
    parameters.extend(axes.filter_map(|(axis, values)| Some((axis.clone(), *values.first()?))));
    Some(parameters)
}

/// Compares validation errors fold by fold. The winner replaces what is deployed if its mean RMSE is lower by more than one
/// standard error of the difference across folds: the one-standard-error rule (Breiman et al. 1984, section 3.4.3).
pub(super) fn choose(winner: &[FoldResult], deployed: &[FoldResult]) -> Choice {
    let pairs = deployed.iter().zip(winner);
    let gains: Vec<f64> = pairs
        .map(|(deployed, winner)| deployed.fold.validation_rmse - winner.fold.validation_rmse)
        .collect();
    let n = gains.len() as f64;
    let mean = gains.iter().sum::<f64>() / n;
    let squares: f64 = gains.iter().map(|gain| (gain - mean).powi(2)).sum();
    let standard_error = (squares / (n - 1.0) / n).sqrt();
    Choice {
        gain: mean,
        standard_error,
        adopted: mean > standard_error,
    }
}

#[cfg(test)]
mod tests {
    use shared::card::Fold;

    use super::*;

    fn results(rmse: &[f64]) -> Vec<FoldResult> {
        let result = |rmse: &f64| FoldResult {
            fold: Fold {
                train_rows: 1,
                validation_rows: 1,
                train_rmse: 0.0,
                validation_rmse: *rmse,
            },
            outputs: vec![],
        };
        rmse.iter().map(result).collect()
    }

    /// Gains 1, 2, 3: mean 2, standard deviation 1, standard error 1/√3.
    #[test]
    fn the_winner_is_adopted_if_it_gains_more_than_one_standard_error() {
        let choice = choose(&results(&[1.0, 1.0, 1.0]), &results(&[2.0, 3.0, 4.0]));
        assert!((choice.gain - 2.0).abs() < 1e-12);
        assert!((choice.standard_error - 1.0 / 3.0_f64.sqrt()).abs() < 1e-12);
        assert!(choice.adopted);
        let noisy = choose(&results(&[1.0, 1.0, 1.0]), &results(&[0.5, 1.2, 1.4]));
        assert!(noisy.gain > 0.0 && !noisy.adopted);
        let equal = choose(&results(&[1.0, 1.0]), &results(&[1.0, 1.0]));
        assert!(!equal.adopted);
    }
}
