//! Why a model file cannot be evaluated.

use super::forest::MAX_DEPTH;

/// Why [`Model::parse`](super::Model::parse) refused a file.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Not JSON, or without the members that XGBoost writes.
    #[error("the model is not XGBoost's JSON; save it with XGBoost 3 in the format `json`")]
    Json(#[from] serde_json::Error),
    /// A well-formed model of a kind that is not evaluated here.
    #[error(
        "the model's {what} is `{found}`, but only {known} can be evaluated; train it with that"
    )]
    Unsupported {
        /// The property, such as `booster`.
        what: &'static str,
        /// Its value in the file.
        found: String,
        /// What would do.
        known: &'static str,
    },
    /// A parameter that is not the number that it should be.
    #[error(
        "the model's parameter {name} is `{value}`, which is no such number; save the model again"
    )]
    Parameter {
        /// XGBoost's name of the parameter.
        name: &'static str,
        /// Its value in the file.
        value: String,
    },
    /// An array that is longer or shorter than the rest of the file says.
    #[error("the model's {array} has {found} entries instead of {expected}; save the model again")]
    Length {
        /// XGBoost's name of the array.
        array: &'static str,
        /// Its entries.
        found: usize,
        /// How many it should have.
        expected: usize,
    },
    /// A tree that cannot be walked.
    #[error("node {node} of the model's tree {tree} {fault}; save the model again")]
    Tree {
        /// Index of the tree, from 0.
        tree: usize,
        /// XGBoost's number of the node.
        node: usize,
        /// What is wrong there.
        fault: Fault,
    },
}

/// What is wrong with a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A child's number is not that of a node.
    #[error("has a child that does not exist")]
    NoSuchChild,
    /// Two splits lead to it, or it lies below itself.
    #[error("is reached twice")]
    ReachedTwice,
    /// It splits by a feature that the model does not have.
    #[error("splits by a feature that does not exist")]
    NoSuchFeature,
    /// A child's sum of hessians is negative or larger than its own.
    #[error("has a child whose sum of hessians does not fit its own")]
    Cover,
    /// More than 64 splits lie above it.
    #[error("lies deeper than {MAX_DEPTH} splits")]
    TooDeep,
}
