//! Member 2: boosted trees on the return in percent. Percent, because a penalty that suits whole numbers forbids every
//! split where returns are thousandths.

use shared::card::Parameters;
use shared::model::Model as Evaluator;
use shared::share::Share;

use super::panel::Panel;
use crate::train::TrainError;
use crate::train::booster::{Matrix, Model, rounds};

/// The trees as fitted at one row.
pub(crate) struct Trees {
    evaluator: Evaluator,
    /// XGBoost's JSON, byte for byte.
    pub json: Vec<u8>,
}

impl Trees {
    /// Fits on all usable rows before `until`; `stop` is asked before each tree. `None` with fewer than `min_rows` of them.
    pub(crate) fn fit(
        panel: &Panel,
        until: usize,
        min_rows: usize,
        parameters: &Parameters,
        seed: u64,
        stop: &dyn Fn() -> bool,
    ) -> Result<Option<Self>, TrainError> {
        let rows = panel.tree_rows(until);
        if rows.len() < min_rows {
            return Ok(None);
        }
        let features = rows.iter().flat_map(|row| panel.trees.row(*row));
        let values: Vec<f32> = features.copied().collect();
        let labels = rows.iter().map(|row| (100.0 * panel.returns[*row]) as f32);
        let matrix = Matrix::new(&values, rows.len(), &labels.collect::<Vec<_>>())?;
        let mut model = Model::new(&matrix, parameters, seed)?;
        model.grow(&matrix, rounds(parameters), stop)?;
        let names: Vec<&str> = panel.trees.names.iter().map(String::as_str).collect();
        let json = model.json(&names)?;
        let evaluator = Evaluator::parse(&json).map_err(|error| TrainError::Xgboost {
            message: format!("its model cannot be evaluated: {error}"),
        })?;
        Ok(Some(Self { evaluator, json }))
    }

    /// The forecast of a row's log return and what each driver adds to it (TreeSHAP); `None` where a feature is missing.
    pub(crate) fn forecast(&self, panel: &Panel, row: usize, drivers: usize) -> Option<Share> {
        if !panel.trees.is_complete(row) {
            return None;
        }
        let percent = self.evaluator.contributions(panel.trees.row(row));
        let (base, terms) = percent.split_last()?;
        let places = panel.trees.drivers.iter().copied();
        Some(Share::new(
            drivers,
            base / 100.0,
            places
                .zip(terms)
                .map(|(driver, term)| (driver, term / 100.0)),
        ))
    }
}
