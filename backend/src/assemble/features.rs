//! Evaluates a preset's features on the rows.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::rows::Base;
use crate::preset::{FeatureDef, Op, Preset};

/// All features, hidden ones too, by name. Preset and names were checked when the preset was read.
pub(super) fn evaluate(preset: &Preset, base: &Base) -> PolarsResult<BTreeMap<String, Series>> {
    let mut done = BTreeMap::new();
    for feature in &preset.features {
        let _ = evaluate_one(feature, preset, base, &mut done)?;
    }
    Ok(done)
}

fn evaluate_one(
    feature: &FeatureDef,
    preset: &Preset,
    base: &Base,
    done: &mut BTreeMap<String, Series>,
) -> PolarsResult<Series> {
    if let Some(ready) = done.get(&feature.name) {
        return Ok(ready.clone());
    }
    let input = input(&feature.of, feature, preset, base, done)?;
    let result = match &feature.op {
        Op::Level => input,
        Op::Diff => difference(&input)?,
        Op::Log { floor } => logarithm(&input, *floor)?,
        Op::LogReturn { floor } => difference(&logarithm(&input, *floor)?)?,
        Op::Ema { span, adjust } => exponential_mean(&input, *span, *adjust)?,
        Op::LogRatio { to } => {
            let divisor = self::input(to, feature, preset, base, done)?;
            (logarithm(&input, None)? - logarithm(&divisor, None)?)?
        }
    };
    let lagged = result.shift(i64::try_from(feature.lag).unwrap_or(i64::MAX));
    done.insert(feature.name.clone(), lagged.clone());
    Ok(lagged)
}

/// A series or another feature by name; where both have it, the feature, unless it is the one being made.
fn input(
    name: &str,
    of: &FeatureDef,
    preset: &Preset,
    base: &Base,
    done: &mut BTreeMap<String, Series>,
) -> PolarsResult<Series> {
    let feature = preset
        .features
        .iter()
        .find(|f| f.name == name && f.name != of.name);
    if let Some(feature) = feature {
        return evaluate_one(feature, preset, base, done);
    }
    let series = base.series.iter().find(|(id, _)| id.as_str() == name);
    match series {
        Some((_, values)) => Ok(values.clone()),
        None => polars_bail!(ColumnNotFound: "{name}"),
    }
}

fn difference(values: &Series) -> PolarsResult<Series> {
    values - &values.shift(1)
}

/// Natural logarithm; no value where there is none to take it of.
fn logarithm(values: &Series, floor: Option<f64>) -> PolarsResult<Series> {
    let smallest = floor.unwrap_or(f64::MIN);
    let logs = values.f64()?.iter().map(|value| {
        let value = value?.max(smallest);
        (value > 0.0).then(|| value.ln())
    });
    Ok(Series::new(values.name().clone(), logs.collect::<Vec<_>>()))
}

/// Exponential mean with alpha = 2 / (span + 1), as pandas' `ewm(span=…, adjust=…).mean()`.
pub(super) fn exponential_mean(values: &Series, span: u32, adjust: bool) -> PolarsResult<Series> {
    let options = EWMOptions {
        alpha: 2.0 / (f64::from(span) + 1.0),
        adjust,
        bias: false,
        min_periods: 1,
        ignore_nulls: false,
    };
    ewm_mean(values, options)
}
