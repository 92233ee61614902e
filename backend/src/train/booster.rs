//! The only file that talks to XGBoost: matrices, growing trees, predictions, contributions, the model's bytes.

use serde::Deserialize;
use shared::card::Parameters;
use xgb::parameters::BoosterParameters;
use xgb::{Booster, DMatrix, XGBError};

use super::TrainError;

/// The axis that counts trees. It is no parameter of a booster: it says how long to grow.
pub(super) const ROUNDS: &str = "n_estimators";
/// The axis that asks a split for a minimum gain.
pub(super) const GAMMA: &str = "gamma";
/// Trees where nothing else is said; the default of scikit-learn's `XGBRegressor`, as all others here.
const DEFAULT_ROUNDS: usize = 100;

/// What presets may search or fix, by the names that XGBoost knows. XGBoost itself ignores what it does not know.
const KNOWN: [&str; 14] = [
    "colsample_bylevel",
    "colsample_bynode",
    "colsample_bytree",
    GAMMA,
    "learning_rate",
    "max_bin",
    "max_delta_step",
    "max_depth",
    "max_leaves",
    "min_child_weight",
    ROUNDS,
    "reg_alpha",
    "reg_lambda",
    "subsample",
];

/// How many trees these parameters ask for.
pub(super) fn rounds(parameters: &Parameters) -> usize {
    parameters
        .get(ROUNDS)
        .map_or(DEFAULT_ROUNDS, |rounds| *rounds as usize)
}

/// Refuses names that are no parameter.
pub(super) fn check_names<'a>(
    mut names: impl Iterator<Item = &'a String>,
) -> Result<(), TrainError> {
    match names.find(|name| !KNOWN.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(TrainError::UnknownParameter {
            name: name.clone(),
            known: KNOWN.join(", "),
        }),
    }
}

/// Feature rows, and labels if it is to train on. XGBoost keeps the histogram's bins with it, so that many models trained
/// on one matrix bin its values once. Stays on the thread that made it.
pub(super) struct Matrix {
    data: DMatrix,
    mean_label: f32,
}

impl Matrix {
    /// A matrix of `rows` rows, `values` row by row, NaN for missing; `labels` may be empty where nothing is trained.
    pub(super) fn new(values: &[f32], rows: usize, labels: &[f32]) -> Result<Self, TrainError> {
        let mut data = DMatrix::from_dense(values, rows)?;
        if !labels.is_empty() {
            data.set_labels(labels)?;
        }
        // Summed as XGBoost's own estimate of the intercept (common/stats.cc, SampleMean), so that it equals it bit by bit.
        let n = labels.len() as f64;
        let mean_label = labels
            .iter()
            .map(|label| f64::from(*label) / n)
            .sum::<f64>() as f32;
        Ok(Self { data, mean_label })
    }
}

/// A growing ensemble of trees: squared error, histogram method, one thread.
pub(super) struct Model {
    booster: Booster,
    rounds: usize,
}

impl Model {
    /// A model without trees, to be grown on `matrix`. `n_estimators` among the parameters is passed over.
    pub(super) fn new(
        matrix: &Matrix,
        parameters: &Parameters,
        seed: u64,
    ) -> Result<Self, TrainError> {
        let mut booster =
            Booster::new_with_cached_dmats(&BoosterParameters::default(), &[&matrix.data])?;
        booster.set_param("verbosity", "0")?;
        booster.set_param("nthread", "1")?;
        booster.set_param("tree_method", "hist")?;
        booster.set_param("objective", "reg:squarederror")?;
        booster.set_param("seed", &seed.to_string())?;
        // The binding always sets 0.5; XGBoost's default is the mean.
        booster.set_param("base_score", &matrix.mean_label.to_string())?;
        for (name, value) in parameters
            .iter()
            .filter(|(name, _)| name.as_str() != ROUNDS)
        {
            booster.set_param(name, &value.to_string())?;
        }
        Ok(Self { booster, rounds: 0 })
    }

    /// How many trees it has.
    pub(super) fn rounds(&self) -> usize {
        self.rounds
    }

    /// Grows to `rounds` trees on the matrix that the model was made for; `stop` is asked before each tree.
    pub(super) fn grow(
        &mut self,
        matrix: &Matrix,
        rounds: usize,
        stop: &dyn Fn() -> bool,
    ) -> Result<(), TrainError> {
        while self.rounds < rounds {
            if stop() {
                return Err(TrainError::Cancelled);
            }
            let round = i32::try_from(self.rounds).unwrap_or(i32::MAX);
            self.booster.update(&matrix.data, round)?;
            self.rounds += 1;
        }
        Ok(())
    }

    /// The outputs of all trees grown so far. XGBoost remembers them by matrix: after more trees only those are added.
    pub(super) fn predict(&self, matrix: &Matrix) -> Result<Vec<f32>, TrainError> {
        Ok(self.booster.predict(&matrix.data)?)
    }

    /// Contributions to the output (TreeSHAP), row by row: one a feature, then the base.
    pub(super) fn contributions(&self, matrix: &Matrix) -> Result<Vec<f32>, TrainError> {
        Ok(self.booster.predict_contributions(&matrix.data)?.0)
    }

    /// The model in XGBoost's JSON form, with these feature names in it.
    pub(super) fn json(&self, features: &[&str]) -> Result<Vec<u8>, TrainError> {
        self.booster.set_feature_names(&features.to_vec())?;
        Ok(self.booster.save_buffer(false)?)
    }

    /// The smallest gain among the splits of the first 1, 2, … trees; infinite as long as nothing was split.
    pub(super) fn smallest_gains(&self) -> Result<Vec<f32>, TrainError> {
        let document: Document = read(&self.booster.save_buffer(false)?)?;
        let mut smallest = f32::INFINITY;
        let per_tree = document
            .learner
            .gradient_booster
            .model
            .trees
            .iter()
            .map(|tree| {
                smallest = tree.splits().fold(smallest, f32::min);
                smallest
            });
        Ok(per_tree.collect())
    }
}

/// A finished model, asked row by row.
pub(crate) struct LoadedModel {
    booster: Booster,
    width: usize,
}

impl LoadedModel {
    /// Reads a model as XGBoost saved it in JSON.
    pub(crate) fn new(json: &[u8]) -> Result<Self, TrainError> {
        let booster = Booster::load_buffer(json)?;
        let width = shared::model::Model::parse(json).map_err(|error| TrainError::Xgboost {
            message: format!("its model cannot be read: {error}"),
        })?;
        Ok(Self {
            booster,
            width: width.feature_count(),
        })
    }

    /// How many values a row has.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// The output for a row.
    pub(crate) fn predict(&self, row: &[f32]) -> Result<f32, TrainError> {
        let outputs = self.booster.predict(&DMatrix::from_dense(row, 1)?)?;
        Ok(outputs.first().copied().unwrap_or(f32::NAN))
    }

    /// What each feature adds to it (TreeSHAP), and last the base.
    pub(crate) fn contributions(&self, row: &[f32]) -> Result<Vec<f32>, TrainError> {
        let matrix = DMatrix::from_dense(row, 1)?;
        Ok(self.booster.predict_contributions(&matrix)?.0)
    }
}

/// The version of XGBoost that wrote a model.
pub(super) fn version(model: &[u8]) -> Result<String, TrainError> {
    let document: Version = read(model)?;
    Ok(document.version.map(|part| part.to_string()).join("."))
}

fn read<'a, T: Deserialize<'a>>(model: &'a [u8]) -> Result<T, TrainError> {
    serde_json::from_slice(model).map_err(|error| TrainError::Xgboost {
        message: format!("its model's JSON cannot be read: {error}"),
    })
}

#[derive(Deserialize)]
struct Version {
    version: [u32; 3],
}

#[derive(Deserialize)]
struct Document {
    learner: Learner,
}

#[derive(Deserialize)]
struct Learner {
    gradient_booster: GradientBooster,
}

#[derive(Deserialize)]
struct GradientBooster {
    model: Trees,
}

#[derive(Deserialize)]
struct Trees {
    trees: Vec<Tree>,
}

#[derive(Deserialize)]
struct Tree {
    left_children: Vec<i32>,
    loss_changes: Vec<f32>,
}

impl Tree {
    /// The gains of its splits; leaves have no left child.
    fn splits(&self) -> impl Iterator<Item = f32> {
        let nodes = self.left_children.iter().zip(&self.loss_changes);
        nodes.filter(|(left, _)| **left >= 0).map(|(_, gain)| *gain)
    }
}

impl From<XGBError> for TrainError {
    fn from(error: XGBError) -> Self {
        let text = error.to_string();
        let line = text.lines().next().unwrap_or_default();
        Self::Xgboost {
            message: line.trim_start_matches("XGBoost error: ").to_owned(),
        }
    }
}
