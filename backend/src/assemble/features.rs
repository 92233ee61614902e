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
        Op::Ratio { to, clip } => {
            let divisor = self::input(to, feature, preset, base, done)?;
            clipped_ratio(&input, &divisor, *clip)?
        }
        Op::Volatility { alpha } => volatility(&input, *alpha)?,
        Op::Scaled { alpha, floor, clip } => {
            let scale = floored(&volatility(&input, *alpha)?, *floor)?.shift(1);
            clipped_ratio(&input, &scale, *clip)?
        }
        Op::Deviation { span } => (&input - &exponential_mean(&input, *span, false)?.shift(1))?,
        Op::Size => each(&input, f64::abs)?,
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

/// Each value changed; missing stays missing.
fn each(values: &Series, change: impl Fn(f64) -> f64) -> PolarsResult<Series> {
    let changed = values.f64()?.iter().map(|value| value.map(&change));
    Ok(Series::new(
        values.name().clone(),
        changed.collect::<Vec<_>>(),
    ))
}

/// No value where the divisor is zero: a series that never moved has no volatility to be measured in.
fn clipped_ratio(values: &Series, divisor: &Series, clip: f64) -> PolarsResult<Series> {
    let pairs = values.f64()?.iter().zip(divisor.f64()?.iter());
    let ratios = pairs.map(|(value, divisor)| {
        let divisor = divisor.filter(|divisor| *divisor > 0.0)?;
        Some((value? / divisor).clamp(-clip, clip))
    });
    Ok(Series::new(
        values.name().clone(),
        ratios.collect::<Vec<_>>(),
    ))
}

/// What a row's value is divided by in [`Op::Scaled`]: its volatility of the row before; `None` where that is unknown or zero.
pub(super) fn scale_at(
    values: &Series,
    alpha: f64,
    floor: f64,
    row: usize,
) -> PolarsResult<Option<f64>> {
    let scale = floored(&volatility(values, alpha)?, floor)?.shift(1);
    let known = scale.f64()?.get(row);
    Ok(known.filter(|scale| *scale > 0.0))
}

/// Square root of the exponential mean of squares, as pandas' `ewm(alpha=…).mean()` of the squares.
fn volatility(values: &Series, alpha: f64) -> PolarsResult<Series> {
    let options = EWMOptions {
        alpha,
        adjust: true,
        bias: false,
        min_periods: 1,
        ignore_nulls: false,
    };
    each(
        &ewm_mean(&each(values, |value| value * value)?, options)?,
        f64::sqrt,
    )
}

/// Rows after which a median is known.
const MEDIAN_ROWS: usize = 60;

/// Each value, or `part` of the median of all values up to it where that is larger; none before the 60th.
fn floored(values: &Series, part: f64) -> PolarsResult<Series> {
    let mut sorted: Vec<f64> = Vec::with_capacity(values.len());
    let floored = values.f64()?.iter().map(|value| {
        if let Some(value) = value {
            sorted.insert(sorted.partition_point(|other| *other < value), value);
        }
        let half = sorted.len() / 2;
        (sorted.len() >= MEDIAN_ROWS).then_some(())?;
        let median = if sorted.len() % 2 == 1 {
            sorted[half]
        } else {
            f64::midpoint(sorted[half - 1], sorted[half])
        };
        Some(value?.max(part * median))
    });
    let floored: Vec<Option<f64>> = floored.collect();
    Ok(Series::new(values.name().clone(), floored))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: &[f64]) -> Series {
        Series::new("x".into(), values)
    }

    fn numbers(series: &Series) -> Vec<Option<f64>> {
        series.f64().unwrap().iter().collect()
    }

    fn close(found: Option<f64>, expected: f64) {
        let found = found.unwrap();
        assert!((found - expected).abs() < 1e-12, "{found} and {expected}");
    }

    /// Weights 1, ½, ¼ over their sum, newest first: (4 + ½ · 1) / 1.5, then (9 + ½ · 4 + ¼ · 1) / 1.75.
    #[test]
    fn volatility_is_the_root_of_the_adjusted_mean_of_squares() {
        let found = numbers(&volatility(&column(&[1.0, -2.0, 3.0]), 0.5).unwrap());
        close(found[0], 1.0);
        close(found[1], 3.0_f64.sqrt());
        close(found[2], (11.25_f64 / 1.75).sqrt());
    }

    #[test]
    fn a_volatility_counts_as_a_part_of_its_median_at_least_once_that_is_known() {
        let mut values = vec![8.0; MEDIAN_ROWS];
        values.extend([1.0, 3.0]);
        let found = numbers(&floored(&column(&values), 0.25).unwrap());
        assert!(found[..MEDIAN_ROWS - 1].iter().all(Option::is_none));
        assert_eq!(found[MEDIAN_ROWS - 1..], [Some(8.0), Some(2.0), Some(3.0)]);
    }

    #[test]
    fn ratios_are_clipped_and_have_no_value_over_nothing() {
        let divisor = Series::new("y".into(), [Some(2.0), Some(0.0), None, Some(0.1)]);
        let found = clipped_ratio(&column(&[3.0, 1.0, 1.0, -5.0]), &divisor, 8.0).unwrap();
        assert_eq!(numbers(&found), [Some(1.5), None, None, Some(-8.0)]);
    }
}
