//! The published tables as Parquet. Columns and types are those of `shared::catalogue`; a test compares the two.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;
use shared::catalogue::{Column as Field, Table};
use shared::series::{Observation, SeriesId};
use shared::valuation::{Contribution, Interval, Valuation};
use shared::walk::WalkRow;

use crate::assemble::Dataset;
use crate::stage::{epoch_day, parquet_bytes};

/// A table as it will be written.
pub(super) struct TableBytes {
    /// Which.
    pub(super) table: Table,
    /// Its columns, in order.
    pub(super) columns: Vec<Field>,
    /// Its rows.
    pub(super) rows: u64,
    /// The file.
    pub(super) bytes: Vec<u8>,
}

fn build(table: Table, features: &[String], columns: Vec<Column>) -> anyhow::Result<TableBytes> {
    let mut frame = DataFrame::new_infer_height(columns)?;
    Ok(TableBytes {
        table,
        columns: table.columns(features),
        rows: frame.height() as u64,
        bytes: parquet_bytes(&mut frame)?,
    })
}

/// `complete_dataset`.
pub(super) fn complete_dataset(dataset: &Dataset) -> anyhow::Result<TableBytes> {
    let names: Vec<String> = dataset.features.iter().map(|f| f.name.clone()).collect();
    let mut columns = vec![days("date", dataset.dates.iter().copied())?];
    for (name, values) in names.iter().zip(&dataset.columns) {
        columns.push(doubles(name, values.iter().map(|v| known(*v))));
    }
    columns.push(doubles("target", dataset.target.iter().map(|v| known(*v))));
    build(Table::CompleteDataset, &names, columns)
}

/// `model_results`.
pub(super) fn model_results(rows: &[Valuation]) -> anyhow::Result<TableBytes> {
    let end = |pick: fn(&Valuation) -> Option<Interval>, upper: bool| {
        rows.iter().map(move |row| {
            let interval = pick(row)?;
            Some(if upper {
                interval.upper
            } else {
                interval.lower
            })
        })
    };
    let words = |pick: fn(&Valuation) -> &'static str| rows.iter().map(pick).collect::<Vec<_>>();
    let columns = vec![
        days("date", rows.iter().map(|row| row.date))?,
        doubles("price", rows.iter().map(|row| known(row.price))),
        doubles("valuation", rows.iter().map(|row| known(row.valuation))),
        doubles("lower_80", end(|row| row.interval_80, false)),
        doubles("upper_80", end(|row| row.interval_80, true)),
        doubles("lower_95", end(|row| row.interval_95, false)),
        doubles("upper_95", end(|row| row.interval_95, true)),
        doubles("gap", rows.iter().map(|row| known(row.gap()))),
        doubles("gap_pct", rows.iter().map(|row| known(row.gap_pct()))),
        Column::new("method".into(), words(|row| row.method.as_str())),
        Column::new("split".into(), words(|row| row.split.as_str())),
        Column::new("information".into(), words(|row| row.information.as_str())),
    ];
    build(Table::ModelResults, &[], columns)
}

/// `walk_forward`.
pub(super) fn walk_forward(rows: &[WalkRow]) -> anyhow::Result<TableBytes> {
    let number =
        |name: &str, pick: fn(&WalkRow) -> Option<f64>| doubles(name, rows.iter().map(pick));
    let truth = |name: &str, pick: fn(&WalkRow) -> bool| {
        Column::new(name.into(), rows.iter().map(pick).collect::<Vec<_>>())
    };
    let information: Vec<_> = rows.iter().map(|row| row.information.as_str()).collect();
    let band = |row: &WalkRow| Some(row.gap?.band?.as_str());
    let columns = vec![
        days("date", rows.iter().map(|row| row.date))?,
        Column::new("information".into(), information),
        number("price", |row| known(row.price)),
        number("valuation", |row| known(row.valuation)),
        number("lower_80", |row| Some(row.interval_80?.lower)),
        number("upper_80", |row| Some(row.interval_80?.upper)),
        number("lower_95", |row| Some(row.interval_95?.lower)),
        number("upper_95", |row| Some(row.interval_95?.upper)),
        number("linear_pct", |row| known(row.linear_pct)),
        number("trees_pct", |row| known(row.trees_pct)),
        number("combined_pct", |row| known(row.combined_pct)),
        truth("takes_over", |row| row.takes_over),
        truth("is_open", |row| row.is_open),
        truth("above_maximum", |row| row.above_maximum),
        number("gap_value", |row| Some(row.gap?.value)),
        number("gap_pct", |row| Some(row.gap?.gap_pct)),
        Column::new("gap_band".into(), rows.iter().map(band).collect::<Vec<_>>()),
        number("residual_pct", |row| Some(row.gap?.residual_pct)),
        number("residual_20_pct", |row| row.gap?.residual_20_pct),
    ];
    build(Table::WalkForward, &[], columns)
}

/// `contributions`.
pub(super) fn contributions(rows: &[Contribution]) -> anyhow::Result<TableBytes> {
    let features: Vec<&str> = rows.iter().map(|row| row.feature.as_str()).collect();
    let columns = vec![
        days("date", rows.iter().map(|row| row.date))?,
        Column::new("feature".into(), features),
        doubles(
            "contribution",
            rows.iter().map(|row| known(row.contribution)),
        ),
    ];
    build(Table::Contributions, &[], columns)
}

/// `observations`.
pub(super) fn observations(
    known: &BTreeMap<SeriesId, Vec<Observation>>,
) -> anyhow::Result<TableBytes> {
    let rows = || {
        known
            .iter()
            .flat_map(|(id, all)| all.iter().map(move |o| (id, o)))
    };
    let series: Vec<&str> = rows().map(|(id, _)| id.as_str()).collect();
    let columns = vec![
        Column::new("series".into(), series),
        days("date", rows().map(|(_, o)| o.date))?,
        doubles("value", rows().map(|(_, o)| Some(o.value))),
        instants(
            "available_at",
            rows().map(|(_, o)| o.available_at.timestamp_millis()),
        )?,
        days("vintage", rows().map(|(_, o)| o.vintage))?,
        Column::new(
            "source".into(),
            rows().map(|(_, o)| &*o.source).collect::<Vec<_>>(),
        ),
    ];
    build(Table::Observations, &[], columns)
}

/// One row of `model_runs`.
pub(super) struct RunRow {
    pub(super) preset: String,
    pub(super) parameters: String,
    pub(super) scores: String,
    pub(super) baselines: String,
    pub(super) first_date: NaiveDate,
    pub(super) last_date: NaiveDate,
    pub(super) rows: i64,
    pub(super) rmse: f64,
    pub(super) no_change_rmse: f64,
    pub(super) skill: f64,
    pub(super) synthetic: bool,
}

/// `model_runs`.
pub(super) fn model_runs(row: &RunRow) -> anyhow::Result<TableBytes> {
    let text = |name: &str, value: &str| Column::new(name.into(), [value]);
    let columns = vec![
        text("preset", &row.preset),
        text("parameters", &row.parameters),
        text("scores", &row.scores),
        text("baselines", &row.baselines),
        days("first_date", std::iter::once(row.first_date))?,
        days("last_date", std::iter::once(row.last_date))?,
        Column::new("rows".into(), [row.rows]),
        doubles("rmse", std::iter::once(known(row.rmse))),
        doubles("no_change_rmse", std::iter::once(known(row.no_change_rmse))),
        doubles("skill", std::iter::once(known(row.skill))),
        Column::new("synthetic".into(), [row.synthetic]),
    ];
    build(Table::ModelRuns, &[], columns)
}

fn days(name: &str, days: impl Iterator<Item = NaiveDate>) -> PolarsResult<Column> {
    let numbers: Vec<i32> = days.map(epoch_day).collect();
    Column::new(name.into(), numbers).cast(&DataType::Date)
}

fn instants(name: &str, milliseconds: impl Iterator<Item = i64>) -> PolarsResult<Column> {
    let numbers: Vec<i64> = milliseconds.collect();
    Column::new(name.into(), numbers).cast(&DataType::Datetime(TimeUnit::Milliseconds, None))
}

fn doubles(name: &str, values: impl Iterator<Item = Option<f64>>) -> Column {
    Column::new(name.into(), values.collect::<Vec<_>>())
}

/// Tables say `NULL` where numbers say NaN.
fn known(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}
