//! XGBoost's JSON as it lies in the file, and the way from there to a [`Model`].

use serde::{Deserialize, Serialize};

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
    #[serde(rename = "learner_model_param")]
    parameters: Parameters,
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

/// A tree: one entry per node in every array. Flags are read as `i32` too: each type of array costs
/// the browser's module another parser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct RawTree {
    pub(super) left_children: Vec<i32>,
    pub(super) right_children: Vec<i32>,
    pub(super) split_indices: Vec<i32>,
    /// The threshold of a split, the value of a leaf.
    pub(super) split_conditions: Vec<f32>,
    pub(super) default_left: Vec<i32>,
    pub(super) sum_hessian: Vec<f32>,
    /// 0 where a split compares numbers.
    split_type: Vec<i32>,
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

/// The trees of a model file, less all that only training needs: a third of the file, and it evaluates to the same numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(
    clippy::struct_field_names,
    reason = "XGBoost and the file say `trees`"
)]
pub struct Trees {
    /// How many values a row has.
    feature_count: usize,
    /// The prediction before any tree is added.
    base_score: f32,
    trees: Vec<RawTree>,
}

impl Trees {
    /// Reads them from a model as XGBoost 3 saves it in JSON. Fails as [`Model::parse`] does, and where the model is linear.
    pub fn parse(json: &[u8]) -> Result<Self, ModelError> {
        let head = head(json)?;
        let raw = head.booster;
        let is_trees = raw.name == "gbtree";
        require(is_trees, "booster", &raw.name, "`gbtree`")?;
        let model = raw.model.unwrap_or_default();
        // Whatever evaluating would refuse is refused here.
        forest(&model, head.feature_count)?;
        Ok(Self {
            feature_count: head.feature_count,
            base_score: head.base_score,
            trees: model.trees,
        })
    }
}

impl TryFrom<&Trees> for Model {
    type Error = ModelError;

    fn try_from(wire: &Trees) -> Result<Self, Self::Error> {
        let few = wire.feature_count <= MAX_FEATURES;
        let count = wire.feature_count.to_string();
        require(few, "feature_count", &count, "at most 65536 features")?;
        Ok(Self {
            feature_count: wire.feature_count,
            base_score: wire.base_score,
            booster: Booster::Trees(Forest::new(&wire.trees, wire.feature_count)?),
        })
    }
}

/// What stands in a model file beside the nodes.
struct Head {
    feature_count: usize,
    base_score: f32,
    booster: RawBooster,
}

/// Reads a model file.
pub(super) fn read(json: &[u8]) -> Result<Model, ModelError> {
    let head = head(json)?;
    Ok(Model {
        feature_count: head.feature_count,
        base_score: head.base_score,
        booster: booster(head.booster, head.feature_count)?,
    })
}

fn head(json: &[u8]) -> Result<Head, ModelError> {
    let File { learner } = serde_json::from_slice(json)?;
    let objective = &learner.objective.name;
    let Parameters {
        base_score,
        num_class,
        num_feature,
        num_target,
    } = &learner.parameters;
    let regression = objective == "reg:squarederror";
    require(regression, "objective", objective, "`reg:squarederror`")?;
    let one_class = number("num_class", num_class)? <= 1;
    require(one_class, "num_class", num_class, "a regression")?;
    let one_target = number("num_target", num_target)? == 1;
    require(one_target, "num_target", num_target, "one target")?;
    let feature_count = number("num_feature", num_feature)?;
    let few = feature_count <= MAX_FEATURES;
    require(few, "num_feature", num_feature, "at most 65536 features")?;
    Ok(Head {
        feature_count,
        base_score: one_score(base_score)?,
        booster: learner.gradient_booster,
    })
}

fn booster(raw: RawBooster, feature_count: usize) -> Result<Booster, ModelError> {
    let model = raw.model.unwrap_or_default();
    match raw.name.as_str() {
        "gbtree" => forest(&model, feature_count).map(Booster::Trees),
        "gblinear" => linear(model.weights, feature_count).map(Booster::Linear),
        other => Err(unsupported_booster(other)),
    }
}

fn unsupported_booster(name: &str) -> ModelError {
    unsupported("booster", name, "`gbtree` or `gblinear`")
}

fn forest(model: &RawModel, feature_count: usize) -> Result<Forest, ModelError> {
    if !model.weight_drop.is_empty() {
        return Err(unsupported_booster("dart"));
    }
    check_length("tree_info", model.tree_info.len(), model.trees.len())?;
    let other_output = model.tree_info.iter().find(|output| **output != 0);
    if let Some(output) = other_output {
        return Err(unsupported("tree_info", &output.to_string(), "one output"));
    }
    let splits = model.trees.iter().flat_map(|tree| &tree.split_type);
    let numerical = splits.copied().all(|kind| kind == 0);
    require(numerical, "split_type", "categorical", "numerical splits")?;
    Forest::new(&model.trees, feature_count)
}

fn linear(weights: Vec<f32>, feature_count: usize) -> Result<Vec<f32>, ModelError> {
    check_length("weights", weights.len(), feature_count + 1)?;
    Ok(weights)
}

/// `5E-1`, and since XGBoost 3.1 `[5E-1]`: one number per output.
fn one_score(text: &str) -> Result<f32, ModelError> {
    // Both are JSON, whose parser is in the browser's module anyway; `str::parse` would add another.
    let scores = if text.starts_with('[') {
        serde_json::from_str(text).ok()
    } else {
        serde_json::from_str(text).ok().map(|score| vec![score])
    };
    match scores.as_deref() {
        Some([score]) => Ok(*score),
        Some([_, ..]) => Err(unsupported("base_score", text, "one output")),
        _ => Err(ModelError::Parameter {
            name: "base_score",
            value: text.to_owned(),
        }),
    }
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

fn require(
    fits: bool,
    what: &'static str,
    found: &str,
    known: &'static str,
) -> Result<(), ModelError> {
    if fits {
        return Ok(());
    }
    Err(unsupported(what, found, known))
}

fn unsupported(what: &'static str, found: &str, known: &'static str) -> ModelError {
    ModelError::Unsupported {
        what,
        found: found.to_owned(),
        known,
    }
}
