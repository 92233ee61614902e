//! The series as drivers: their newest values, where they come from, and what each did to the valuation day by day.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use chrono::{Days, NaiveDate};
use shared::api::{DriverSeries, Get, GetContributionHistory, GetDrivers};
use shared::series::SeriesId;
use shared::snapshot::SeriesFreshness;
use shared::valuation::Contribution;
use shared::what_if::{Measure, Point};

use super::endpoint::Got;
use super::error::ApiError;
use super::rows::{Row, ask, sql_date};
use super::state::AppState;
use crate::preset::{Change, Preset, Source};

/// Newest values of each series.
const VALUES: usize = 60;
/// Calendar days that are looked back for them: enough for a quarterly series to have two.
const LOOK_BACK: u64 = 400;

/// Every series of the current run.
pub(super) async fn drivers(
    State(state): State<AppState>,
    asked: Result<Query<GetDrivers>, QueryRejection>,
) -> Got<GetDrivers> {
    let Query(GetDrivers { as_of }) = asked?;
    let run_id = state.run(None, as_of).await?;
    let snapshot = state.snapshot(&run_id).await?;
    let preset = state.published.preset(&run_id).await?;
    let from = snapshot.as_of.checked_sub_days(Days::new(LOOK_BACK));
    let from = sql_date(from.unwrap_or(NaiveDate::MIN))?;
    // A run's id is a hash that the pointer names: letters, digits and hyphens.
    let sql = format!(
        "SELECT series, date, value FROM (SELECT series, date, value, \
         row_number() OVER (PARTITION BY series, date ORDER BY available_at DESC, vintage DESC) AS age \
         FROM observations WHERE run_id = '{run_id}' AND date >= {from}) AS known \
         WHERE age = 1 ORDER BY series, date"
    );
    let rows = ask(&state, GetDrivers::ROUTE, sql, read_value).await?;
    let mut values: BTreeMap<SeriesId, Vec<Point>> = BTreeMap::new();
    for (series, point) in rows {
        values.entry(series).or_default().push(point);
    }
    let told = snapshot.series.into_iter().map(|freshness| {
        let values = values.remove(&freshness.series).unwrap_or_default();
        series(freshness, preset.as_ref(), values)
    });
    Ok(Json(told.collect()))
}

fn read_value(row: Row<'_>) -> Result<(SeriesId, Point), ApiError> {
    let (date, value) = (row.get("date")?, row.get("value")?);
    Ok((row.get("series")?, Point { value, date }))
}

fn series(
    freshness: SeriesFreshness,
    preset: Option<&Preset>,
    mut values: Vec<Point>,
) -> DriverSeries {
    let id = freshness.series.clone();
    let def = preset.and_then(|preset| preset.series(&id));
    values.drain(..values.len().saturating_sub(VALUES));
    DriverSeries {
        group: preset.map(|preset| group(preset, &id)).unwrap_or_default(),
        source: def.map(|def| source(&def.source)).unwrap_or_default(),
        frequency: def.map(|def| def.frequency),
        stale_after_days: def.map(|def| def.stale_after_days),
        measure: measure(preset, &id, &freshness.unit, &values),
        features: preset
            .map(|preset| contributions_of(preset, &id))
            .unwrap_or_default(),
        values,
        freshness,
    }
}

fn group(preset: &Preset, id: &SeriesId) -> String {
    if preset.target == *id {
        return "target".to_owned();
    }
    let driver = preset
        .drivers
        .iter()
        .find(|driver| driver.of == id.as_str());
    let driver = driver.map(|driver| driver.group.clone());
    let feature = || {
        preset
            .features
            .iter()
            .find(|feature| feature.of == id.as_str())
    };
    let group = driver.or_else(|| feature().map(|feature| feature.group.clone()));
    group.unwrap_or_default()
}

/// The names under which contributions tell what a series does: its driver where there is one, else the features made of it.
fn contributions_of(preset: &Preset, id: &SeriesId) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let of_series = preset.visible_features().filter(|f| f.of == id.as_str());
    let drivers = preset
        .drivers
        .iter()
        .filter(|driver| driver.of == id.as_str());
    let drivers = drivers.map(|driver| driver.name.clone());
    let features = of_series.map(|f| f.driver.clone().unwrap_or_else(|| f.name.clone()));
    for name in drivers.chain(features) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn measure(preset: Option<&Preset>, id: &SeriesId, unit: &str, values: &[Point]) -> Measure {
    let mut drivers = preset.into_iter().flat_map(|preset| &preset.drivers);
    let driver = drivers.find(|driver| driver.of == id.as_str());
    let is_difference = driver.is_some_and(|driver| driver.change == Change::Difference);
    let has_ratios = values.iter().all(|point| point.value > 0.0);
    if is_difference || unit == "%" || !has_ratios {
        Measure::Points
    } else {
        Measure::Percent
    }
}

fn source(source: &Source) -> String {
    match source {
        Source::Fred { id, .. } => id.clone(),
        Source::AlphaVantage {
            function,
            parameters,
            field,
        } => {
            let parts = std::iter::once(function)
                .chain(parameters.values())
                .chain(field);
            parts.cloned().collect::<Vec<_>>().join(" ")
        }
    }
}

/// What one driver did on each day, oldest first.
pub(super) async fn contribution_history(
    State(state): State<AppState>,
    asked: Result<Query<GetContributionHistory>, QueryRejection>,
) -> Got<GetContributionHistory> {
    let Query(asked) = asked?;
    let GetContributionHistory {
        feature, from, to, ..
    } = asked;
    // A feature's name has a series name's alphabet, so that it needs no escaping.
    let name: SeriesId = feature.parse().map_err(|_| ApiError::BadRequest {
        message: format!("`{feature}` is no name of a driver or feature"),
        advice: "take a name from /api/contributions",
    })?;
    let from = from.map(sql_date).transpose()?;
    let to = to.map(sql_date).transpose()?;
    let from = from.map(|day| format!(" AND date >= {day}"));
    let to = to.map(|day| format!(" AND date <= {day}"));
    let run_id = state.run(None, asked.as_of).await?;
    let sql = format!(
        "SELECT date, feature, contribution FROM contributions \
         WHERE run_id = '{run_id}' AND feature = '{name}'{}{} ORDER BY date",
        from.unwrap_or_default(),
        to.unwrap_or_default()
    );
    let route = GetContributionHistory::ROUTE;
    let rows = ask(&state, route, sql, |row| {
        Ok(Contribution {
            date: row.get("date")?,
            feature: row.get("feature")?,
            contribution: row.get("contribution")?,
        })
    });
    Ok(Json(rows.await?))
}
