//! One walk under one state of information, and all that is said of its forecasts.

use std::ops::Range;

use shared::card::Parameters;
use shared::what_if::ScaleModel;

use super::gap::{Gaps, gaps};
use super::gate::{GateRule, open};
use super::intervals::{Bands, bands};
use super::members::{Walk, WalkSettings, walk};
use super::panel::{Panel, drivers, periods};
use super::scale::scale_model;
use crate::assemble::Dataset;
use crate::preset::{Role, TrainPlan, WalkPlan};
use crate::progress::Reporter;
use crate::train::TrainError;
use crate::train::choice::{DEPLOYED, deployed};
use crate::train::meter::Meter;
use crate::train::winner::Effort;

/// Forecasts, what is shipped of them, and how sure they are. By row of the dataset, log units, NaN where unknown.
pub(crate) struct Pass {
    /// What the members see.
    pub panel: Panel,
    /// The members' forecasts, and the members as fitted last.
    pub walk: Walk,
    /// The combined forecast.
    pub combined: Vec<f64>,
    /// Whether the combined forecast has shown skill and is shipped; otherwise no change is.
    pub is_open: Vec<bool>,
    /// The forecast that is shipped.
    pub shipped: Vec<f64>,
    /// Intervals around it.
    pub bands: Bands,
    /// Whether the previous price is above all prices that the row's members were trained on.
    pub above_maximum: Vec<bool>,
    /// The headline gap.
    pub gaps: Gaps,
}

impl Pass {
    /// How the band of a row follows from what only its own day knows; `None` where it has none.
    pub(crate) fn scale_model(&self, dataset: &Dataset, row: usize) -> Option<ScaleModel> {
        let names = dataset.features.iter().filter(|f| f.role == Role::Scale);
        let names: Vec<String> = names.map(|feature| feature.name.clone()).collect();
        let until = |values: &Vec<f64>| values[..=row].to_vec();
        let extra: Vec<Vec<f64>> = owned(dataset, Role::Scale).iter().map(until).collect();
        let (forecasts, outcomes) = (&self.shipped[..=row], &self.panel.returns[..=row]);
        let model = scale_model(&dataset.dates[..=row], forecasts, outcomes, &extra, &names)?;
        let scale = self.bands.scale[row];
        let quantiles = [0, 1].map(|level| self.bands.half_widths[level][row] / scale);
        Some(ScaleModel {
            quantiles: quantiles.map(|quantile| quantile.is_finite().then_some(quantile)),
            ..model
        })
    }
}

/// Walks through the dataset with these parameters of the trees.
pub(in crate::train) fn pass(
    dataset: &Dataset,
    plan: &TrainPlan,
    walk_plan: &WalkPlan,
    parameters: &Parameters,
    effort: &Effort<'_>,
    meter: &mut Meter<'_>,
) -> Result<Pass, TrainError> {
    let panel = Panel::new(dataset)?;
    let settings = WalkSettings {
        plan: walk_plan,
        parameters,
        seed: plan.seed,
        drivers: drivers(dataset).len(),
    };
    let walk = walk(&panel, &settings, effort, meter)?;
    let combined = walk.combined();
    let is_open = open(&combined, &panel.returns, &GateRule::VALUATION);
    let shipped = ship(&combined, &is_open);
    let extra: Vec<Vec<f64>> = owned(dataset, Role::Scale);
    let bands = bands(&dataset.dates, &shipped, &panel.returns, &extra);
    let periods = periods(&dataset.dates, walk_plan);
    let first = combined.iter().position(|f| f.is_finite());
    let first = first.unwrap_or(dataset.rows());
    Ok(Pass {
        gaps: gaps(
            &dataset.dates,
            &dataset.price,
            &previous(&dataset.ema),
            &owned(dataset, Role::Gap),
            first,
        ),
        above_maximum: above_maximum(dataset, &periods),
        panel,
        walk,
        combined,
        is_open,
        shipped,
        bands,
    })
}

/// The same with the deployed parameters of the trees. Fails where the plan does not walk forward or deploys nothing.
pub(crate) fn walk_through(
    dataset: &Dataset,
    plan: &TrainPlan,
    threads: usize,
    reporter: &Reporter,
) -> Result<Pass, TrainError> {
    let unknown = || TrainError::UnknownGrid {
        name: DEPLOYED.to_owned(),
        known: String::new(),
    };
    let walk_plan = plan.walk_forward.as_ref().ok_or_else(unknown)?;
    let parameters = deployed(plan).ok_or_else(unknown)?;
    let effort = Effort {
        threads,
        score_all: false,
        reporter,
    };
    let fits = periods(&dataset.dates, walk_plan).len();
    let mut meter = Meter::start(reporter, fits);
    meter.begin("walking forward", (1..=fits).sum::<usize>() as f64);
    pass(dataset, plan, walk_plan, &parameters, &effort, &mut meter)
}

/// The combined forecast where the gate is open, no change where it is closed.
pub(crate) fn ship(combined: &[f64], is_open: &[bool]) -> Vec<f64> {
    let rows = combined.iter().zip(is_open);
    rows.map(|(forecast, open)| match open {
        true => *forecast,
        false => 0.0 * forecast,
    })
    .collect()
}

/// Copies of the columns with this role.
pub(crate) fn owned(dataset: &Dataset, role: Role) -> Vec<Vec<f64>> {
    let columns = dataset.columns_of(role);
    columns.into_iter().map(<[f64]>::to_vec).collect()
}

/// Each value a row later.
pub(crate) fn previous(values: &[f64]) -> Vec<f64> {
    let before = values.iter().copied().take(values.len().saturating_sub(1));
    std::iter::once(f64::NAN)
        .chain(before)
        .take(values.len())
        .collect()
}

/// By row, whether P_{t−1} is above every price that the row's members were trained on. Tested on yesterday's price: whether today's is a
/// new high is part of what is valued.
fn above_maximum(dataset: &Dataset, periods: &[Range<usize>]) -> Vec<bool> {
    let mut above = vec![false; dataset.rows()];
    for rows in periods {
        let trained = dataset.price[..rows.start].iter().copied();
        let maximum = trained.fold(f64::NAN, f64::max);
        for row in rows.clone() {
            above[row] = dataset.previous_price[row] > maximum;
        }
    }
    above
}
