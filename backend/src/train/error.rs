//! Why training stopped.

use crate::step_error::StepError;

/// Why there is no model.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The preset has no grid of this name.
    #[error("there is no grid `{name}` in this preset: choose one of {known}")]
    UnknownGrid {
        /// What was asked for.
        name: String,
        /// The grids that the preset has.
        known: String,
    },
    /// A grid or the fixed parameters name something that is no parameter.
    #[error("`{name}` is no parameter that can be searched or fixed: choose from {known}")]
    UnknownParameter {
        /// What the preset says.
        name: String,
        /// What can be said.
        known: String,
    },
    /// The dataset is too short to be split.
    #[error(
        "{rows} rows have a known target, and training needs {needed}: extract a longer history, or lower `test_rows` or \
         `folds` in the preset"
    )]
    TooFewRows {
        /// Rows with a known target.
        rows: usize,
        /// Rows that the plan needs.
        needed: usize,
    },
    /// The extrapolation rule refers to a feature that the dataset does not have.
    #[error(
        "the preset's extrapolation rule needs the feature `{name}`: add it, or set `extrapolation = \"none\"`"
    )]
    MissingFeature {
        /// The feature.
        name: &'static str,
    },
    /// XGBoost refused.
    #[error("XGBoost refused: {message}; check the preset's grids and fixed parameters")]
    Xgboost {
        /// The first line of what it said; the rest is a C++ stack trace.
        message: String,
    },
    /// The user asked to stop.
    #[error("training was stopped on request")]
    Cancelled,
}

impl From<TrainError> for StepError {
    /// Training is a function of its inputs: another attempt on the same ones ends the same way.
    fn from(error: TrainError) -> Self {
        match error {
            TrainError::Cancelled => Self::Cancelled,
            other => Self::fail(
                other,
                "the model could not be trained; change the preset or its data",
            ),
        }
    }
}
