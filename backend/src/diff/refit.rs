//! A run's parameters, fitted once more: what would its model have been on other data, or by the program of today?

use std::collections::BTreeMap;

use shared::valuation::Method;

use super::value::FittedModel;
use super::world::World;
use crate::assemble::Dataset;
use crate::preset::{GridDef, TrainPlan};
use crate::progress::Reporter;
use crate::train::walk::last_members;
use crate::train::{Datasets, train};

/// The name of the grid that holds the parameters alone.
const ONLY: &str = "diff";

/// Fits the parameters with which a run's search ended on a dataset of the run's preset. Nothing is searched.
pub(super) fn refit(world: &World, dataset: &Dataset) -> anyhow::Result<FittedModel> {
    if let Some(walk) = &world.preset.train.walk_forward {
        let parameters = &world.card.parameters;
        let (linear, trees) = last_members(dataset, walk, parameters, world.preset.train.seed)?;
        let is_open = world.latest.method != Method::NoChange;
        return Ok(FittedModel::members(&trees, linear, is_open)?);
    }
    let plan = plan(world);
    let sets = Datasets {
        last: dataset,
        provisional: None,
    };
    let trained = train(&sets, &plan, ONLY, 1, false, &Reporter::silent())?;
    let model = FittedModel::new(&trained.model, trained.scaler, &plan, dataset)?;
    Ok(model)
}

/// The run's plan with one candidate: folds only score it, so that two of them do.
fn plan(world: &World) -> TrainPlan {
    let parameters = world.card.parameters.iter();
    let only = GridDef {
        scale: world.card.scaler.is_some(),
        searches: vec![
            parameters
                .map(|(name, value)| (name.clone(), vec![*value]))
                .collect(),
        ],
    };
    let mut plan = world.preset.train.clone();
    plan.fixed.clear();
    plan.folds = 2;
    plan.grids = BTreeMap::from([(ONLY.to_owned(), only)]);
    plan
}
