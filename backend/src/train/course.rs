//! Which folds a candidate is scored on next, so that most are cut before their costly folds.

/// Trainings that a round should have at least, so that no thread waits long for the others at its end. Not the number of
/// threads: what is scored must not depend on it.
const ROUND: usize = 8;

/// The folds, those first on which errors are large for what a training costs there: sums grow fastest that way.
pub(super) fn by_worth(errors: &[f64], cost: impl Fn(usize) -> f64) -> Vec<usize> {
    let worth: Vec<f64> = (0..errors.len())
        .map(|fold| errors[fold] / cost(fold))
        .collect();
    let mut folds: Vec<usize> = (0..errors.len()).collect();
    folds.sort_by(|left, right| worth[*right].total_cmp(&worth[*left]));
    folds
}

/// How many folds each of `racing` groups is scored on in a round.
pub(super) fn step(racing: usize) -> usize {
    ROUND.div_ceil(racing.max(1))
}

/// The next folds, `at_most` so many, of a candidate with these scores, in the order of `folds`. `best` has the errors of
/// the best candidate that is complete.
///
/// It ends with the fold that should bring the sum above the best one's, if the candidate goes on to err as much more than the
/// best as it did so far. One without any score gets folds with half of the best one's errors: they tell how it errs. As
/// long as scores are missing there is at least one.
pub(super) fn next_folds(
    best: &[f64],
    scores: &[Option<f64>],
    folds: &[usize],
    at_most: usize,
) -> Vec<usize> {
    let total: f64 = best.iter().sum();
    let own: f64 = scores.iter().flatten().sum();
    let on_same = on_same_folds(best, scores);
    let (ratio, missing) = if on_same > 0.0 {
        (own / on_same, total - own)
    } else {
        (1.0, total / 2.0)
    };
    let mut expected = 0.0;
    let mut next = Vec::new();
    for fold in folds.iter().filter(|fold| scores[**fold].is_none()) {
        if next.len() == at_most || (expected > missing && !next.is_empty()) {
            break;
        }
        expected += ratio * best[*fold];
        next.push(*fold);
    }
    next
}

/// How far the sum of a candidate's scores is above that of `best` on the same folds; negative if it is ahead.
pub(super) fn behind(best: &[f64], scores: &[Option<f64>]) -> f64 {
    scores.iter().flatten().sum::<f64>() - on_same_folds(best, scores)
}

/// The sum of `best` on the folds that have a score.
fn on_same_folds(best: &[f64], scores: &[Option<f64>]) -> f64 {
    let pairs = best.iter().zip(scores);
    pairs
        .filter(|(_, score)| score.is_some())
        .map(|(best, _)| best)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEST: [f64; 4] = [10.0, 4.0, 4.0, 2.0];
    const FOLDS: [usize; 4] = [0, 2, 1, 3];

    #[test]
    fn cheap_folds_with_large_errors_come_first() {
        assert_eq!(by_worth(&BEST, |_| 1.0), [0, 1, 2, 3]);
        assert_eq!(
            by_worth(&BEST, |fold| [1.0, 2.0, 1.0, 0.1][fold]),
            [3, 0, 2, 1]
        );
    }

    #[test]
    fn a_new_candidate_is_tried_on_half_of_the_error() {
        assert_eq!(next_folds(&BEST, &[None; 4], &FOLDS, 4), [0, 2]);
        assert_eq!(next_folds(&BEST, &[None; 4], &FOLDS, 1), [0]);
    }

    /// 15 of 20 are used up, half as much again as the best one: 6 + 6 would exceed the rest of 5.
    #[test]
    fn a_bad_candidate_is_scored_as_far_as_it_takes_to_cut_it() {
        let bad = [Some(15.0), None, None, None];
        assert_eq!(next_folds(&BEST, &bad, &FOLDS, 4), [2]);
        let worse_by_little = [Some(10.5), None, None, None];
        assert_eq!(next_folds(&BEST, &worse_by_little, &FOLDS, 4), [2, 1, 3]);
        let better = [Some(9.0), None, None, None];
        assert_eq!(next_folds(&BEST, &better, &FOLDS, 4), [2, 1, 3]);
        assert_eq!(next_folds(&BEST, &better, &FOLDS, 2), [2, 1]);
    }

    /// Rounding may leave a candidate in the race whose sum is the best one's.
    #[test]
    fn as_long_as_a_score_is_missing_there_is_a_next_fold() {
        let equal = [Some(12.0), Some(4.0), Some(4.0), None];
        assert_eq!(next_folds(&BEST, &equal, &FOLDS, 4), [3]);
        assert_eq!(next_folds(&[0.0; 4], &[None; 4], &FOLDS, 4), FOLDS);
        assert_eq!(next_folds(&BEST, &[Some(1.0); 4], &FOLDS, 4), [0_usize; 0]);
    }

    #[test]
    fn who_errs_less_on_the_same_folds_is_ahead() {
        assert!(behind(&BEST, &[Some(9.0), None, None, Some(2.5)]) < 0.0);
        assert!(behind(&BEST, &[Some(9.0), None, None, Some(3.5)]) > 0.0);
    }

    #[test]
    fn rounds_have_at_least_eight_trainings() {
        assert_eq!([1, 2, 3, 8, 96].map(step), [8, 4, 3, 1, 1]);
    }
}
