//! The walk: at the first row of each period both members are fitted on all rows before it, and forecast the period.

use std::ops::Range;

use chrono::NaiveDate;
use shared::card::Parameters;
use shared::share::Share;

use super::linear::Linear;
use super::panel::{Panel, periods};
use super::trees::Trees;
use crate::preset::WalkPlan;
use crate::train::TrainError;
use crate::train::meter::Meter;
use crate::train::pool::with_workers;
use crate::train::winner::Effort;

/// The forecasts of a row, out of sample.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Forecast {
    /// The linear member's log return.
    pub linear: f64,
    /// The trees' log return.
    pub trees: f64,
    /// Their mean, or the linear member's alone where it takes over.
    pub combined: Share,
    /// Whether the linear member's move is larger than any it was fitted on.
    pub takes_over: bool,
}

/// Both members as fitted at one row.
pub(crate) struct Members {
    /// Member 1.
    pub linear: Linear,
    /// Member 2.
    pub trees: Trees,
}

/// A whole walk.
pub(crate) struct Walk {
    /// By row; `None` before the first fit and where a feature is missing.
    pub forecasts: Vec<Option<Forecast>>,
    /// The members as fitted last.
    pub last: Members,
    /// The day of the first row that they forecast: they were fitted on the rows before it.
    pub fitted_before: NaiveDate,
    /// How often both were fitted.
    pub fits: usize,
}

impl Walk {
    /// The combined forecasts by row, NaN where there is none.
    pub(crate) fn combined(&self) -> Vec<f64> {
        self.by_row(|forecast| forecast.combined.sum())
    }

    /// One number of each forecast by row, NaN where there is none.
    pub(crate) fn by_row(&self, number: impl Fn(&Forecast) -> f64) -> Vec<f64> {
        let numbers = self
            .forecasts
            .iter()
            .map(|f| f.as_ref().map_or(f64::NAN, &number));
        numbers.collect()
    }
}

/// What a walk needs beyond its panel.
pub(crate) struct WalkSettings<'a> {
    /// When to fit.
    pub plan: &'a WalkPlan,
    /// The trees' parameters.
    pub parameters: &'a Parameters,
    /// The trees' seed.
    pub seed: u64,
    /// How many drivers contributions are told by.
    pub drivers: usize,
}

/// Walks through all periods, as many at a time as `effort` has threads. The result is the same with any number of them.
/// Fails where no period has enough rows before it.
pub(in crate::train) fn walk(
    panel: &Panel,
    settings: &WalkSettings<'_>,
    effort: &Effort<'_>,
    meter: &mut Meter<'_>,
) -> Result<Walk, TrainError> {
    let periods = periods(&panel.dates, settings.plan);
    let rows_of_last = periods.last().map_or(0, |rows| rows.start);
    let stop = || effort.reporter.is_cancelled();
    // The longest first: a long fit that begins last would keep the other threads waiting.
    let jobs: Vec<Range<usize>> = periods.iter().rev().cloned().collect();
    let results = with_workers(
        effort.threads,
        || |rows: Range<usize>| one_period(panel, settings, rows, &stop),
        |pool| {
            pool.run(jobs, |place| {
                meter.worked(1, (periods.len() - place) as f64);
            })
        },
    );
    let mut forecasts: Vec<Option<Forecast>> = vec![None; panel.dates.len()];
    let mut last = None;
    let mut fits = 0;
    for result in results {
        let Some((members, rows, of_rows)) = result? else {
            continue;
        };
        fits += 1;
        last.get_or_insert((members, panel.dates[rows.start]));
        for (row, forecast) in rows.zip(of_rows) {
            forecasts[row] = forecast;
        }
    }
    let (last, fitted_before) = last.ok_or_else(|| TrainError::TooFewRows {
        rows: panel.linear_rows(rows_of_last).len(),
        needed: settings.plan.min_rows,
    })?;
    Ok(Walk {
        forecasts,
        last,
        fitted_before,
        fits,
    })
}

type PeriodForecasts = (Members, Range<usize>, Vec<Option<Forecast>>);

fn one_period(
    panel: &Panel,
    settings: &WalkSettings<'_>,
    rows: Range<usize>,
    stop: &dyn Fn() -> bool,
) -> Result<Option<PeriodForecasts>, TrainError> {
    let members = Members::fit(panel, settings, rows.start, stop)?;
    Ok(members.map(|members| {
        let forecasts = rows
            .clone()
            .map(|row| members.forecast(panel, row, settings.drivers));
        let forecasts = forecasts.collect();
        (members, rows, forecasts)
    }))
}

impl Members {
    /// Fits both members on the rows before `until`; `None` where one of them has too few.
    pub(crate) fn fit(
        panel: &Panel,
        settings: &WalkSettings<'_>,
        until: usize,
        stop: &dyn Fn() -> bool,
    ) -> Result<Option<Self>, TrainError> {
        let plan = settings.plan;
        let Some(linear) = Linear::fit(panel, until, plan.min_rows, plan.half_life) else {
            return Ok(None);
        };
        let (parameters, seed) = (settings.parameters, settings.seed);
        let trees = Trees::fit(panel, until, plan.min_rows, parameters, seed, stop)?;
        Ok(trees.map(|trees| Self { linear, trees }))
    }

    /// The forecast for a row; `None` where a member lacks a feature.
    pub(crate) fn forecast(&self, panel: &Panel, row: usize, drivers: usize) -> Option<Forecast> {
        let linear = self.linear.forecast(panel, row, drivers)?;
        let trees = self.trees.forecast(panel, row, drivers)?;
        let (of_linear, of_trees) = (linear.sum(), trees.sum());
        let (combined, takes_over) = Share::combined(linear, &trees, self.linear.limit());
        Some(Forecast {
            linear: of_linear,
            trees: of_trees,
            combined,
            takes_over,
        })
    }
}
