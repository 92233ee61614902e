//! The engine over a small lake: three runs of two presets, every figure small enough to check by hand.

mod joins;
mod lake;
mod limits;
mod measures;
mod mistakes;
mod published;
mod questions;
mod windows;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::Value;
use shared::catalogue::{Manifest, Table};
use shared::query::{Answer, Query};
use tempfile::TempDir;

use self::lake::{Frame, Run, Values};
use super::DataFusionEngine;
use crate::lake::{Key, LocalLake, sha256_hex};
use crate::query::{Limits, QueryEngine, QueryError};

/// A folder with the lake of these tests, for the tests of whatever asks an engine.
pub(crate) fn published_lake() -> TempDir {
    World::published().folder
}

/// A published lake and an engine over it.
struct World {
    folder: TempDir,
    engine: DataFusionEngine,
}

impl World {
    /// Nothing is published.
    fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lake = Arc::new(LocalLake::new(folder.path()));
        Self {
            folder,
            engine: DataFusionEngine::new(lake).unwrap(),
        }
    }

    /// `classic-1` and `fair-1` as of 2024-03-01, then `fair-2` as of 2024-03-04, which is current.
    fn published() -> Self {
        let world = Self::empty();
        let runs = [classic_1(), fair_1(), fair_2()].map(|run| world.write(&run));
        world.point_to(&runs.iter().collect::<Vec<_>>());
        world
    }

    fn write(&self, run: &Run) -> Manifest {
        lake::write(self.folder.path(), run)
    }

    fn point_to(&self, runs: &[&Manifest]) {
        lake::point_to(self.folder.path(), runs);
    }

    async fn answer(&self, sql: &str) -> Result<Answer, QueryError> {
        self.answer_within(sql, Limits::default()).await
    }

    async fn answer_within(&self, sql: &str, limits: Limits) -> Result<Answer, QueryError> {
        let sql = sql.to_owned();
        self.engine.run(&Query { sql }, limits).await
    }

    async fn rows(&self, sql: &str) -> Vec<Vec<Value>> {
        self.answer(sql).await.unwrap().rows
    }

    /// The message, and line and column where there are any.
    async fn error(&self, sql: &str) -> (String, Option<(u64, u64)>) {
        match self.answer(sql).await {
            Err(QueryError::Wrong { message, position }) => {
                (message, position.map(|at| (at.line, at.column)))
            }
            other => panic!("no mistake found: {other:?}"),
        }
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn texts(values: &[&str]) -> Values {
    Values::Texts(values.iter().map(ToString::to_string).collect())
}

fn dates(values: &[&str]) -> Values {
    Values::Dates(values.iter().map(|text| day(text)).collect())
}

fn numbers(values: &[f64]) -> Values {
    Values::Numbers(values.iter().map(|&value| Some(value)).collect())
}

fn frame<const N: usize>(columns: [(&str, Values); N]) -> Frame {
    columns
        .into_iter()
        .map(|(name, values)| (name.to_owned(), values))
        .collect()
}

/// The original's kind of run: no intervals, its own features.
fn classic_1() -> Run {
    let days = ["2024-02-29", "2024-03-01"];
    let tables = [
        (
            Table::CompleteDataset,
            frame([
                ("date", dates(&days)),
                ("gold_ema", numbers(&[180.0, 181.0])),
                ("silver", numbers(&[22.0, 23.0])),
                ("target", numbers(&[190.0, 191.0])),
            ]),
        ),
        (
            Table::ModelResults,
            results(&days, &[190.0, 191.0], &[185.0, 186.0], "classic"),
        ),
        (Table::ModelRuns, model_run("classic", -1.5)),
    ];
    run("classic-1", "2024-03-01", "classic", tables)
}

fn fair_1() -> Run {
    let days = ["2024-02-29", "2024-03-01"];
    let tables = [
        (
            Table::CompleteDataset,
            frame([
                ("date", dates(&days)),
                ("silver", numbers(&[22.0, 23.0])),
                ("real_rate", numbers(&[1.9, 1.8])),
                ("target", numbers(&[0.5, 0.6])),
            ]),
        ),
        (
            Table::ModelResults,
            results(&days, &[190.0, 191.0], &[189.0, 191.5], "fair"),
        ),
        (Table::ModelRuns, model_run("fair", 0.25)),
    ];
    run("fair-1", "2024-03-01", "fair", tables)
}

fn fair_2() -> Run {
    let days = [
        "2023-12-28",
        "2023-12-29",
        "2024-02-29",
        "2024-03-01",
        "2024-03-04",
    ];
    let valuations = [100.0, 80.0, 200.0, 190.0, 200.0];
    let tables = [
        (Table::Observations, observations()),
        (
            Table::CompleteDataset,
            frame([
                ("date", dates(&days)),
                ("silver", numbers(&[20.0, 21.0, 22.0, 23.0, 24.0])),
                ("real_rate", numbers(&[2.0, 2.1, 1.9, 1.8, 1.7])),
                ("target", numbers(&[0.1, 0.2, 0.5, 0.6, f64::NAN])),
            ]),
        ),
        (
            Table::ModelResults,
            results(
                &days,
                &[100.0, 100.0, 190.0, 191.0, 210.0],
                &valuations,
                "fair",
            ),
        ),
        (Table::Contributions, contributions()),
        (Table::ModelRuns, model_run("fair", 0.5)),
    ];
    run("fair-2", "2024-03-04", "fair", tables)
}

fn run<const N: usize>(id: &str, as_of: &str, preset: &str, tables: [(Table, Frame); N]) -> Run {
    Run {
        id: id.to_owned(),
        as_of: day(as_of),
        preset: preset.to_owned(),
        tables: BTreeMap::from(tables),
    }
}

/// The first row is a training row. Intervals are ±10 and ±15 around the valuation; `classic` has none.
fn results(days: &[&str], price: &[f64], valuation: &[f64], preset: &str) -> Frame {
    let around = |distance: f64| {
        let bound = |value: &f64| (preset != "classic").then_some(value + distance);
        Values::Numbers(valuation.iter().map(bound).collect())
    };
    let pairs = || price.iter().zip(valuation);
    let gap: Vec<f64> = pairs()
        .map(|(price, valuation)| price - valuation)
        .collect();
    let gap_pct: Vec<f64> = pairs().map(|(p, v)| 100.0 * (p - v) / v).collect();
    let split = |row| if row == 0 { "train" } else { "test" };
    let split: Vec<&str> = (0..days.len()).map(split).collect();
    frame([
        ("date", dates(days)),
        ("price", numbers(price)),
        ("valuation", numbers(valuation)),
        ("lower_80", around(-10.0)),
        ("upper_80", around(10.0)),
        ("lower_95", around(-15.0)),
        ("upper_95", around(15.0)),
        ("gap", numbers(&gap)),
        ("gap_pct", numbers(&gap_pct)),
        ("method", texts(&vec!["model"; days.len()])),
        ("split", texts(&split)),
    ])
}

fn contributions() -> Frame {
    let days = [
        "2024-03-01",
        "2024-03-01",
        "2024-03-04",
        "2024-03-04",
        "2024-03-04",
        "2024-03-04",
    ];
    let features = ["silver", "base", "silver", "real_rate", "momentum", "base"];
    frame([
        ("date", dates(&days)),
        ("feature", texts(&features)),
        ("contribution", numbers(&[0.5, 0.1, 1.5, -0.25, 0.5, 0.1])),
    ])
}

fn model_run(preset: &str, skill: f64) -> Frame {
    frame([
        ("preset", texts(&[preset])),
        ("parameters", texts(&[r#"{"max_depth":3.0,"eta":0.1}"#])),
        (
            "scores",
            texts(&[r#"[{"rule":"valuation","rmse":1.25,"rows":300}]"#]),
        ),
        ("baselines", texts(&["[]"])),
        ("first_date", dates(&["2023-12-28"])),
        ("last_date", dates(&["2024-03-04"])),
        ("rows", Values::Counts(vec![5])),
        ("rmse", numbers(&[1.25])),
        ("no_change_rmse", numbers(&[2.5])),
        ("skill", numbers(&[skill])),
    ])
}

/// The consumer price index was revised once; silver never.
fn observations() -> Frame {
    let at = [
        "2024-01-11T13:30:00Z",
        "2024-02-13T13:30:00Z",
        "2024-02-09T13:30:00Z",
        "2024-03-04T21:00:00Z",
    ];
    let at = at.map(|text| text.parse().unwrap()).to_vec();
    frame([
        ("series", texts(&["cpi", "cpi", "cpi", "silver"])),
        (
            "date",
            dates(&["2023-12-01", "2024-01-01", "2023-12-01", "2024-03-04"]),
        ),
        ("value", numbers(&[300.0, 309.5, 306.0, 24.0])),
        ("available_at", Values::Instants(at)),
    ])
}
