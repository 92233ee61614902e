//! Builds the dataset: rows, features, target, and the prices that valuations and baselines need.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};
use polars::prelude::{PolarsError, Series};
use shared::card::Output;
use shared::series::{Observation, SeriesId};
use shared::valuation::Information;

use super::dataset::{Dataset, Feature};
use super::features::{evaluate, exponential_mean};
use super::rows::{Base, lay_out};
use crate::preset::{Preset, Rows};

/// Why there is no dataset.
#[derive(Debug, thiserror::Error)]
pub enum AssembleError {
    /// Series without a single observation at the as-of instant.
    #[error("nothing is known of {0} at the as-of day")]
    NoData(String),
    /// There is no day on which all features have a value.
    #[error("there is no day on which all features have a value; these never have one: {0}")]
    NoCommonRow(String),
    /// A fault of the frame library.
    #[error("the features could not be computed")]
    Frame(#[from] PolarsError),
}

/// Span of the mean that serves as a baseline and as the original's stand-in.
const BASELINE_SPAN: u32 = 30;

/// The dataset of a preset as known at `as_of`. `observations` are sorted by date and `available_at`.
///
/// With [`Information::Provisional`] each row knows what was out at its cut-off, with [`Information::Final`] what was out at
/// its final one. Rows begin on the first day on which every visible feature and the target have a value. Truncating the world at an earlier
/// instant gives the same rows up to it, except where the preset looks ahead by design.
pub fn assemble(
    preset: &Preset,
    observations: &BTreeMap<SeriesId, Vec<Observation>>,
    as_of: DateTime<Utc>,
    information: Information,
) -> Result<Dataset, AssembleError> {
    let built = build(preset, observations, as_of, information)?;
    Ok(built.dataset)
}

/// A dataset with all that it was made of.
pub(super) struct Built {
    /// The rows before any is dropped.
    pub(super) base: Base,
    /// Every feature on those rows, hidden ones too.
    pub(super) features: BTreeMap<String, Series>,
    /// The dataset.
    pub(super) dataset: Dataset,
}

/// The same with what the dataset leaves out.
pub(super) fn build(
    preset: &Preset,
    observations: &BTreeMap<SeriesId, Vec<Observation>>,
    as_of: DateTime<Utc>,
    information: Information,
) -> Result<Built, AssembleError> {
    require_data(preset, observations, as_of)?;
    let base = lay_out(preset, observations, as_of, information);
    let features = evaluate(preset, &base)?;
    let visible: Vec<Feature> = preset
        .visible_features()
        .map(|f| Feature {
            name: f.name.clone(),
            label: f.label.clone(),
            group: f.group.clone(),
            role: f.role,
            driver: f.driver.clone().unwrap_or_else(|| f.name.clone()),
        })
        .collect();
    let all: Vec<Vec<f64>> = visible
        .iter()
        .map(|feature| numbers(&features[&feature.name]))
        .collect::<Result<_, _>>()?;
    let adjust = matches!(preset.rows, Rows::CalendarFilled);
    let ema = numbers(&exponential_mean(&base.price, BASELINE_SPAN, adjust)?)?;
    let price = numbers(&base.price)?;
    let kept = rows_to_keep(preset, &base, &price, &all)
        .ok_or_else(|| AssembleError::NoCommonRow(without_values(&visible, &all)))?;
    let pick = |column: &[f64]| kept.iter().map(|row| column[*row]).collect::<Vec<f64>>();
    let price = pick(&price);
    let mut dataset = Dataset {
        dates: kept.iter().map(|row| base.dates[*row]).collect(),
        is_final: kept.iter().map(|row| base.is_final[*row]).collect(),
        features: visible,
        columns: all.iter().map(|column| pick(column)).collect(),
        target: Vec::new(),
        previous_price: previous(&price),
        price,
        ema: pick(&ema),
    };
    dataset.target = target(&dataset, preset.train.output);
    Ok(Built {
        dataset: without_first_unknown_target(dataset),
        base,
        features,
    })
}

fn require_data(
    preset: &Preset,
    observations: &BTreeMap<SeriesId, Vec<Observation>>,
    as_of: DateTime<Utc>,
) -> Result<(), AssembleError> {
    let known = |id: &SeriesId| {
        let of_series = observations.get(id);
        of_series.is_some_and(|all| all.iter().any(|o| o.available_at <= as_of))
    };
    let missing: Vec<&str> = preset
        .series
        .iter()
        .filter(|def| !known(&def.id))
        .map(|def| def.id.as_str())
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(AssembleError::NoData(missing.join(", ")))
    }
}

/// From the first row on which everything has a value: rows with a price, weekdays only where rows are calendar days.
fn rows_to_keep(
    preset: &Preset,
    base: &Base,
    price: &[f64],
    columns: &[Vec<f64>],
) -> Option<Vec<usize>> {
    let complete = |row: &usize| !price[*row].is_nan() && columns.iter().all(|c| !c[*row].is_nan());
    let first = (0..base.dates.len()).find(complete)?;
    let weekday = |day: NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let calendar = matches!(preset.rows, Rows::CalendarFilled);
    let kept = (first..base.dates.len())
        .filter(|row| !price[*row].is_nan())
        .filter(|row| !calendar || weekday(base.dates[*row]));
    Some(kept.collect())
}

fn without_values(features: &[Feature], columns: &[Vec<f64>]) -> String {
    let empty = features
        .iter()
        .zip(columns)
        .filter(|(_, c)| c.iter().all(|v| v.is_nan()));
    let names: Vec<&str> = empty.map(|(feature, _)| feature.name.as_str()).collect();
    if names.is_empty() {
        "none, but they never have one together".to_owned()
    } else {
        names.join(", ")
    }
}

fn numbers(series: &Series) -> Result<Vec<f64>, PolarsError> {
    Ok(series
        .f64()?
        .iter()
        .map(|value| value.unwrap_or(f64::NAN))
        .collect())
}

fn previous(price: &[f64]) -> Vec<f64> {
    let before = price.iter().take(price.len().saturating_sub(1)).copied();
    std::iter::once(f64::NAN)
        .chain(before)
        .take(price.len())
        .collect()
}

fn target(dataset: &Dataset, output: Output) -> Vec<f64> {
    match output {
        Output::Level => dataset.price.clone(),
        Output::PercentReturn => {
            let pairs = dataset.price.iter().zip(&dataset.previous_price);
            pairs
                .map(|(price, before)| 100.0 * (price / before).ln())
                .collect()
        }
    }
}

/// A return needs a row before it: the first row then only serves the second.
fn without_first_unknown_target(mut dataset: Dataset) -> Dataset {
    if dataset.target.first().is_some_and(|first| first.is_nan()) {
        dataset.dates.remove(0);
        dataset.is_final.remove(0);
        dataset.target.remove(0);
        dataset.price.remove(0);
        dataset.previous_price.remove(0);
        dataset.ema.remove(0);
        for column in &mut dataset.columns {
            column.remove(0);
        }
    }
    dataset
}
