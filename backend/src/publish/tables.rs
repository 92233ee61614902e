//! The published tables as Parquet. Columns and types are those of `shared::catalogue`; a test compares the two.

use std::collections::BTreeMap;
use std::iter::once;

use chrono::NaiveDate;
use datafusion::arrow::array::ArrayRef;
use shared::catalogue::{Column as Field, Table};
use shared::series::{Observation, SeriesId};
use shared::valuation::{Contribution, Interval, Valuation};
use shared::walk::WalkRow;

use crate::assemble::Dataset;
use crate::columnar::{self, counts, days, doubles, instants, texts, truths};

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

fn build(
    table: Table,
    features: &[String],
    columns: Vec<(&str, ArrayRef)>,
) -> anyhow::Result<TableBytes> {
    Ok(TableBytes {
        table,
        columns: table.columns(features),
        rows: columns.first().map_or(0, |(_, values)| values.len() as u64),
        bytes: columnar::write(columns)?,
    })
}

/// `complete_dataset`.
pub(super) fn complete_dataset(dataset: &Dataset) -> anyhow::Result<TableBytes> {
    let names: Vec<String> = dataset.features.iter().map(|f| f.name.clone()).collect();
    let numbers = |values: &[f64]| doubles(values.iter().map(|value| known(*value)));
    let mut columns = vec![("date", days(dataset.dates.iter().copied().map(Some)))];
    for (name, values) in names.iter().zip(&dataset.columns) {
        columns.push((name, numbers(values)));
    }
    columns.push(("target", numbers(&dataset.target)));
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
    let words =
        |pick: fn(&Valuation) -> &'static str| texts(rows.iter().map(|row| Some(pick(row))));
    let number = |pick: fn(&Valuation) -> f64| doubles(rows.iter().map(|row| known(pick(row))));
    let columns = vec![
        ("date", days(rows.iter().map(|row| Some(row.date)))),
        ("price", number(|row| row.price)),
        ("valuation", number(|row| row.valuation)),
        ("lower_80", doubles(end(|row| row.interval_80, false))),
        ("upper_80", doubles(end(|row| row.interval_80, true))),
        ("lower_95", doubles(end(|row| row.interval_95, false))),
        ("upper_95", doubles(end(|row| row.interval_95, true))),
        ("gap", number(Valuation::gap)),
        ("gap_pct", number(Valuation::gap_pct)),
        ("method", words(|row| row.method.as_str())),
        ("split", words(|row| row.split.as_str())),
        ("information", words(|row| row.information.as_str())),
    ];
    build(Table::ModelResults, &[], columns)
}

/// `walk_forward`.
pub(super) fn walk_forward(rows: &[WalkRow]) -> anyhow::Result<TableBytes> {
    let number = |pick: fn(&WalkRow) -> Option<f64>| doubles(rows.iter().map(pick));
    let truth = |pick: fn(&WalkRow) -> bool| truths(rows.iter().map(|row| Some(pick(row))));
    let information = rows.iter().map(|row| Some(row.information.as_str()));
    let band = |row: &WalkRow| Some(row.gap?.band?.as_str());
    let columns = vec![
        ("date", days(rows.iter().map(|row| Some(row.date)))),
        ("information", texts(information)),
        ("price", number(|row| known(row.price))),
        ("valuation", number(|row| known(row.valuation))),
        ("lower_80", number(|row| Some(row.interval_80?.lower))),
        ("upper_80", number(|row| Some(row.interval_80?.upper))),
        ("lower_95", number(|row| Some(row.interval_95?.lower))),
        ("upper_95", number(|row| Some(row.interval_95?.upper))),
        ("linear_pct", number(|row| known(row.linear_pct))),
        ("trees_pct", number(|row| known(row.trees_pct))),
        ("combined_pct", number(|row| known(row.combined_pct))),
        ("takes_over", truth(|row| row.takes_over)),
        ("is_open", truth(|row| row.is_open)),
        ("above_maximum", truth(|row| row.above_maximum)),
        ("gap_value", number(|row| Some(row.gap?.value))),
        ("gap_pct", number(|row| Some(row.gap?.gap_pct))),
        ("gap_band", texts(rows.iter().map(band))),
        ("residual_pct", number(|row| Some(row.gap?.residual_pct))),
        ("residual_20_pct", number(|row| row.gap?.residual_20_pct)),
    ];
    build(Table::WalkForward, &[], columns)
}

/// `contributions`.
pub(super) fn contributions(rows: &[Contribution]) -> anyhow::Result<TableBytes> {
    let columns = vec![
        ("date", days(rows.iter().map(|row| Some(row.date)))),
        ("feature", texts(rows.iter().map(|row| Some(&row.feature)))),
        (
            "contribution",
            doubles(rows.iter().map(|row| known(row.contribution))),
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
    let columns = vec![
        ("series", texts(rows().map(|(id, _)| Some(id.as_str())))),
        ("date", days(rows().map(|(_, o)| Some(o.date)))),
        ("value", doubles(rows().map(|(_, o)| Some(o.value)))),
        (
            "available_at",
            instants(rows().map(|(_, o)| Some(o.available_at))),
        ),
        ("vintage", days(rows().map(|(_, o)| Some(o.vintage)))),
        ("source", texts(rows().map(|(_, o)| Some(&*o.source)))),
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
    let text = |value: &str| texts(once(Some(value)));
    let number = |value: f64| doubles(once(known(value)));
    let columns = vec![
        ("preset", text(&row.preset)),
        ("parameters", text(&row.parameters)),
        ("scores", text(&row.scores)),
        ("baselines", text(&row.baselines)),
        ("first_date", days(once(Some(row.first_date)))),
        ("last_date", days(once(Some(row.last_date)))),
        ("rows", counts(once(Some(row.rows)))),
        ("rmse", number(row.rmse)),
        ("no_change_rmse", number(row.no_change_rmse)),
        ("skill", number(row.skill)),
        ("synthetic", truths(once(Some(row.synthetic)))),
    ];
    build(Table::ModelRuns, &[], columns)
}

/// Tables say `NULL` where numbers say NaN.
fn known(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}
