//! Splits a time series into folds that never train on what comes after.

use std::ops::Range;

/// One fold: the rows to train on, and the rows right after them to validate on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FoldRows {
    /// From the first row on.
    pub train: Range<usize>,
    /// Directly behind.
    pub validation: Range<usize>,
}

/// Cuts `rows` rows into `folds` folds as scikit-learn's `TimeSeriesSplit` does by default.
///
/// Every validation part has `rows / (folds + 1)` rows, the last one ends with the last row, and training expands from the
/// first row, so that the first training part takes the remainder. `rows` must be greater than `folds`.
pub(super) fn time_series_split(rows: usize, folds: usize) -> Vec<FoldRows> {
    let size = rows / (folds + 1);
    (0..folds)
        .map(|fold| {
            let start = rows - (folds - fold) * size;
            FoldRows {
                train: 0..start,
                validation: start..start + size,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_originals_split_is_reproduced() {
        let folds = time_series_split(3533, 11);
        assert_eq!(
            folds[0],
            FoldRows {
                train: 0..299,
                validation: 299..593
            }
        );
        assert_eq!(
            folds[10],
            FoldRows {
                train: 0..3239,
                validation: 3239..3533
            }
        );
    }

    proptest! {
        #[test]
        fn validation_parts_follow_each_other_up_to_the_last_row(folds in 1_usize..20, extra in 0_usize..500) {
            let rows = folds + 1 + extra;
            let split = time_series_split(rows, folds);
            prop_assert_eq!(split.len(), folds);
            prop_assert_eq!(split[folds - 1].validation.end, rows);
            for fold in &split {
                prop_assert_eq!(fold.train.start, 0);
                prop_assert_eq!(fold.train.end, fold.validation.start);
                prop_assert_eq!(fold.validation.len(), rows / (folds + 1));
            }
            for pair in split.windows(2) {
                prop_assert_eq!(pair[0].validation.end, pair[1].validation.start);
            }
            prop_assert_eq!(split[0].train.len(), rows / (folds + 1) + rows % (folds + 1));
        }
    }
}
