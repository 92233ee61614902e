//! What the study tries beside what is deployed.

use shared::card::Parameters;

use super::TrainError;
use super::booster::{Model, rounds};
use super::inputs::Inputs;
use super::winner::{self, Effort};
use crate::assemble::Dataset;
use crate::preset::{Role, TrainPlan};
use crate::progress::Reporter;

/// The winner of a grid of the plan, searched for the trees on the rows before `until`.
pub(crate) fn search_trees(
    dataset: &Dataset,
    until: usize,
    plan: &TrainPlan,
    grid: &str,
    threads: usize,
    reporter: &Reporter,
) -> Result<Parameters, TrainError> {
    let grid = super::find_grid(plan, grid)?;
    let later = dataset.rows() - until;
    let inputs = Inputs::new(&dataset.only(Role::Trees), later, plan.folds, grid.scale)?;
    let effort = Effort {
        threads,
        score_all: false,
        reporter,
    };
    Ok(winner::find(&inputs, plan, grid, &effort)?.parameters)
}

/// The original's deployed parameters, whose penalties were chosen for prices.
const ORIGINAL: [(&str, f64); 5] = [
    ("max_depth", 2.0),
    ("learning_rate", 0.1),
    ("n_estimators", 100.0),
    ("gamma", 0.1),
    ("reg_alpha", 0.1),
];

/// Skill, on the rows from `until` on, of trees with the original's penalties that learn log returns as they are, in
/// thousandths, instead of in percent.
pub(crate) fn skill_in_raw_units(
    dataset: &Dataset,
    until: usize,
    plan: &TrainPlan,
) -> Result<f64, TrainError> {
    let raw = Dataset {
        target: dataset.target.iter().map(|target| target / 100.0).collect(),
        ..dataset.only(Role::Trees)
    };
    let inputs = Inputs::new(&raw, raw.rows() - until, plan.folds, false)?;
    let parameters: Parameters = ORIGINAL
        .map(|(name, value)| (name.to_owned(), value))
        .into();
    let matrix = inputs.matrix(&inputs.train)?;
    let mut model = Model::new(&matrix, &parameters, plan.seed)?;
    model.grow(&matrix, rounds(&parameters), &|| false)?;
    let outputs = model.predict(&inputs.everything()?)?;
    let rows = (until..raw.rows()).filter(|row| raw.target[*row].is_finite());
    let (own, base) = rows.fold((0.0, 0.0), |(own, base), row| {
        let (outcome, output) = (raw.target[row], f64::from(outputs[row]));
        (own + (outcome - output).powi(2), base + outcome * outcome)
    });
    Ok(1.0 - own / base)
}
