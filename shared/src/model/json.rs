//! XGBoost's JSON as it lies in the file, and the way from there to a [`Model`].

use serde::Deserialize;

use super::error::ModelError;
use super::forest::Forest;
use super::{Booster, Model};

/// The most features taken; each explanation reserves room for all of them.
const MAX_FEATURES: usize = 65_536;

#[derive(Deserialize)]
struct File {
    learner: Learner,
}

#[derive(Deserialize)]
struct Learner {
    gradient_booster: RawBooster,
    learner_model_param: Parameters,
    objective: Objective,
}

#[derive(Deserialize)]
struct Objective {
    name: String,
}

/// XGBoost writes these numbers as text.
#[derive(Deserialize)]
struct Parameters {
    base_score: String,
    num_class: String,
    num_feature: String,
    num_target: String,
}

#[derive(Deserialize)]
struct RawBooster {
    name: String,
    /// Absent in `dart`.
    model: Option<RawModel>,
}

/// The parts of `gbtree`, or those of `gblinear`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct RawModel {
    trees: Vec<RawTree>,
    /// The output that each tree adds to.
    tree_info: Vec<i32>,
    weights: Vec<f32>,
    /// One factor per tree; only `dart` has them. Since XGBoost 3.4 it is saved under the name `gbtree`.
    weight_drop: Vec<f32>,
}

/// A tree: one entry per node in every array.
#[derive(Deserialize)]
pub(super) struct RawTree {
    pub(super) left_children: Vec<i32>,
    pub(super) right_children: Vec<i32>,
    pub(super) split_indices: Vec<i64>,
    /// The threshold of a split, the value of a leaf.
    pub(super) split_conditions: Vec<f32>,
    pub(super) default_left: Vec<u8>,
    pub(super) sum_hessian: Vec<f32>,
    /// 0 where a split compares numbers.
    split_type: Vec<u8>,
}

impl RawTree {
    pub(super) fn len(&self) -> usize {
        self.left_children.len()
    }

    /// Checks that there is a root, and an entry for every node in every array.
    pub(super) fn check_lengths(&self) -> Result<(), ModelError> {
        check_length("left_children", self.len(), self.len().max(1))?;
        check_length("right_children", self.right_children.len(), self.len())?;
        check_length("split_indices", self.split_indices.len(), self.len())?;
        check_length("split_conditions", self.split_conditions.len(), self.len())?;
        check_length("default_left", self.default_left.len(), self.len())?;
        check_length("sum_hessian", self.sum_hessian.len(), self.len())?;
        check_length("split_type", self.split_type.len(), self.len())
    }
}

/// Reads a model file.
pub(super) fn read(json: &[u8]) -> Result<Model, ModelError> {
    let File { learner } = serde_json::from_slice(json)?;
    let parameters = &learner.learner_model_param;
    if learner.objective.name != "reg:squarederror" {
        return Err(unsupported(
            "objective",
            learner.objective.name,
            "`reg:squarederror`",
        ));
    }
    if number("num_class", &parameters.num_class)? > 1 {
        return Err(unsupported(
            "num_class",
            parameters.num_class.clone(),
            "a regression",
        ));
    }
    if number("num_target", &parameters.num_target)? != 1 {
        return Err(unsupported(
            "num_target",
            parameters.num_target.clone(),
            "one target",
        ));
    }
    let feature_count = number("num_feature", &parameters.num_feature)?;
    if feature_count > MAX_FEATURES {
        return Err(unsupported(
            "num_feature",
            parameters.num_feature.clone(),
            "a model of at most 65536 features",
        ));
    }
    Ok(Model {
        feature_count,
        base_score: base_score(&parameters.base_score)?,
        booster: booster(learner.gradient_booster, feature_count)?,
    })
}

fn booster(raw: RawBooster, feature_count: usize) -> Result<Booster, ModelError> {
    let model = raw.model.unwrap_or_default();
    match raw.name.as_str() {
        "gbtree" if !model.weight_drop.is_empty() => Err(unsupported_booster("dart")),
        "gbtree" => forest(&model, feature_count).map(Booster::Trees),
        "gblinear" => linear(model.weights, feature_count).map(Booster::Linear),
        other => Err(unsupported_booster(other)),
    }
}

fn unsupported_booster(name: &str) -> ModelError {
    unsupported("booster", name.to_owned(), "`gbtree` or `gblinear`")
}

fn forest(model: &RawModel, feature_count: usize) -> Result<Forest, ModelError> {
    check_length("tree_info", model.tree_info.len(), model.trees.len())?;
    if let Some(output) = model.tree_info.iter().find(|output| **output != 0) {
        return Err(unsupported("tree_info", output.to_string(), "one output"));
    }
    let categorical = |tree: &RawTree| tree.split_type.iter().any(|kind| *kind != 0);
    if model.trees.iter().any(categorical) {
        return Err(unsupported(
            "split_type",
            "categorical".to_owned(),
            "numerical splits",
        ));
    }
    Forest::new(&model.trees, feature_count)
}

fn linear(weights: Vec<f32>, feature_count: usize) -> Result<Vec<f32>, ModelError> {
    check_length("weights", weights.len(), feature_count + 1)?;
    Ok(weights)
}

/// `5E-1`, and since XGBoost 3.1 `[5E-1]`: one number per output.
fn base_score(text: &str) -> Result<f32, ModelError> {
    let inner = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let inner = inner.unwrap_or(text);
    if inner.contains(',') {
        return Err(unsupported("base_score", text.to_owned(), "one output"));
    }
    inner
        .trim()
        .parse()
        .ok()
        .filter(|score: &f32| score.is_finite())
        .ok_or_else(|| ModelError::Parameter {
            name: "base_score",
            value: text.to_owned(),
        })
}

fn number(name: &'static str, text: &str) -> Result<usize, ModelError> {
    text.parse().map_err(|_| ModelError::Parameter {
        name,
        value: text.to_owned(),
    })
}

fn check_length(array: &'static str, found: usize, expected: usize) -> Result<(), ModelError> {
    if found == expected {
        return Ok(());
    }
    Err(ModelError::Length {
        array,
        found,
        expected,
    })
}

fn unsupported(what: &'static str, found: String, known: &'static str) -> ModelError {
    ModelError::Unsupported { what, found, known }
}
