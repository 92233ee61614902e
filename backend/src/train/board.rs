//! The scores of a search's candidates on the folds: who leads, who cannot win any more, who has won.

use shared::card::{Candidate, Parameters, Search};

use std::collections::BTreeMap;

/// Candidates that a report lists at most.
const LISTED: usize = 256;

/// A sum must exceed the best one by this factor before its candidate is cut: far more than rounding, far less than a
/// difference that matters, so that a candidate as good as the best is never cut.
const CUT_MARGIN: f64 = 1.0 + 1e-9;

/// Validation RMSE by candidate and fold.
pub(super) struct Board {
    scores: Vec<Vec<Option<f64>>>,
    cut: Vec<bool>,
}

impl Board {
    /// An empty board.
    pub(super) fn new(candidates: usize, folds: usize) -> Self {
        Self {
            scores: vec![vec![None; folds]; candidates],
            cut: vec![false; candidates],
        }
    }

    /// Writes down a score.
    pub(super) fn record(&mut self, candidate: usize, fold: usize, rmse: f64) {
        self.scores[candidate][fold] = Some(rmse);
    }

    /// The scores of a candidate, by fold.
    pub(super) fn scores(&self, candidate: usize) -> &[Option<f64>] {
        &self.scores[candidate]
    }

    /// Whether a candidate is still in the race and misses scores.
    pub(super) fn is_open(&self, candidate: usize) -> bool {
        !self.cut[candidate] && self.mean(candidate).is_none()
    }

    /// Whether a candidate is still in the race and has no score on this fold.
    pub(super) fn needs(&self, candidate: usize, fold: usize) -> bool {
        !self.cut[candidate] && self.scores[candidate][fold].is_none()
    }

    /// Mean RMSE over all folds, if all were scored. Summed in the folds' order, whatever the order of work was.
    pub(super) fn mean(&self, candidate: usize) -> Option<f64> {
        let scores = &self.scores[candidate];
        let sum: Option<f64> = scores.iter().copied().sum();
        sum.map(|sum| sum / scores.len() as f64)
    }

    /// The candidate with the smallest mean; of equally good ones the first, as in scikit-learn.
    pub(super) fn winner(&self) -> Option<usize> {
        let means =
            (0..self.scores.len()).filter_map(|candidate| Some((candidate, self.mean(candidate)?)));
        means
            .min_by(|(_, left), (_, right)| left.total_cmp(right))
            .map(|(candidate, _)| candidate)
    }

    /// Cuts every candidate whose sum so far exceeds the best complete sum: errors only add, so it cannot win any more.
    /// Gives how many scores are not needed for it.
    pub(super) fn cut_hopeless(&mut self) -> usize {
        let Some(best) = self.winner().map(|winner| self.sum(winner)) else {
            return 0;
        };
        let mut spared = 0;
        for candidate in 0..self.scores.len() {
            if self.is_open(candidate) && self.sum(candidate) > best * CUT_MARGIN {
                spared += self.open_folds(candidate).count();
                self.cut[candidate] = true;
            }
        }
        spared
    }

    /// What the model card says of the search.
    pub(super) fn report(
        &self,
        axes: &BTreeMap<String, Vec<f64>>,
        candidates: &[Parameters],
    ) -> Search {
        let mut order: Vec<usize> = (0..candidates.len()).collect();
        order.sort_by(|left, right| {
            let missing = |candidate| self.open_folds(candidate).count();
            let sums = self.sum(*left).total_cmp(&self.sum(*right));
            missing(*left)
                .cmp(&missing(*right))
                .then(sums)
                .then(left.cmp(right))
        });
        let describe = |candidate: &usize| Candidate {
            parameters: candidates[*candidate].clone(),
            mean_rmse: self.mean(*candidate),
            fold_rmse: self.scores[*candidate].clone(),
        };
        Search {
            axes: axes.clone(),
            candidates: candidates.len(),
            cut: self.cut.iter().filter(|cut| **cut).count(),
            best: order.iter().take(LISTED).map(describe).collect(),
        }
    }

    fn sum(&self, candidate: usize) -> f64 {
        self.scores[candidate].iter().flatten().sum()
    }

    fn open_folds(&self, candidate: usize) -> impl Iterator<Item = usize> {
        let scores = self.scores[candidate].iter().enumerate();
        scores
            .filter(|(_, score)| score.is_none())
            .map(|(fold, _)| fold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board(scores: &[&[Option<f64>]]) -> Board {
        let mut board = Board::new(scores.len(), scores[0].len());
        for (candidate, row) in scores.iter().enumerate() {
            for (fold, score) in row.iter().enumerate() {
                board.scores[candidate][fold] = *score;
            }
        }
        board
    }

    #[test]
    fn the_first_of_equally_good_candidates_wins() {
        let board = board(&[
            &[Some(3.0), Some(4.0)],
            &[Some(2.0), Some(4.0)],
            &[Some(4.0), Some(2.0)],
        ]);
        assert_eq!(board.winner(), Some(1));
        assert_eq!(board.mean(1), Some(3.0));
    }

    #[test]
    fn only_a_sum_above_the_best_is_cut() {
        let mut board = board(&[
            &[Some(2.0), Some(1.0)],
            &[Some(3.0), None],
            &[Some(3.0 + 1e-6), None],
            &[None, Some(0.5)],
        ]);
        assert_eq!(board.cut_hopeless(), 1);
        assert!(
            board.needs(1, 1),
            "as good as the best so far, and might have no error on the other fold"
        );
        assert!(!board.needs(2, 1));
        assert!(board.needs(3, 0));
        assert!(board.is_open(1) && board.is_open(3));
        assert!(!board.is_open(0), "complete");
        assert!(!board.is_open(2), "cut");
        assert_eq!(board.cut_hopeless(), 0);
    }

    #[test]
    fn nothing_is_cut_before_one_candidate_is_complete() {
        let mut board = board(&[&[Some(2.0), None], &[Some(300.0), None]]);
        assert_eq!(board.cut_hopeless(), 0);
        assert_eq!(board.winner(), None);
    }

    #[test]
    fn the_report_lists_complete_candidates_by_mean_then_cut_ones() {
        let mut board = board(&[
            &[Some(9.0), None],
            &[Some(2.0), Some(2.0)],
            &[Some(1.0), Some(1.0)],
        ]);
        board.cut_hopeless();
        let named = |value: f64| Parameters::from([("max_depth".to_owned(), value)]);
        let axes = [("max_depth".to_owned(), vec![0.0, 1.0, 2.0])].into();
        let report = board.report(&axes, &[named(0.0), named(1.0), named(2.0)]);
        let order: Vec<f64> = report
            .best
            .iter()
            .map(|candidate| candidate.parameters["max_depth"])
            .collect();
        assert_eq!(order, [2.0, 1.0, 0.0]);
        assert_eq!((report.candidates, report.cut), (3, 1));
        assert_eq!(report.best[2].mean_rmse, None);
        assert_eq!(report.best[2].fold_rmse, [Some(9.0), None]);
    }
}
