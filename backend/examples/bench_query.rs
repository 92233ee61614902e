//! Times the named questions: `bench_query [LAKE]` prints p50 and p95 in milliseconds as JSON. Without a lake it writes one of
//! ten runs with 4,000 rows each into a temporary folder.

#[path = "../src/query/datafusion/tests/lake.rs"]
#[expect(
    dead_code,
    clippy::unwrap_used,
    reason = "it belongs to the tests; a lake that cannot be written ends the benchmark"
)]
mod lake;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use backend::lake::{Key, LocalLake, sha256_hex};
use backend::query::{DataFusionEngine, Limits, QueryEngine, named};
use chrono::{DateTime, Days, NaiveDate, Utc};
use lake::{Frame, Run, Values};
use shared::catalogue::Table;
use shared::query::Query;

const TIMES: usize = 30;
const RUNS: u64 = 10;
const ROWS: u64 = 4_000;
const FEATURES: [&str; 12] = [
    "silver",
    "copper",
    "oil",
    "dollar",
    "rate_2y",
    "rate_10y",
    "real_rate",
    "breakeven",
    "vix",
    "sp500",
    "spread",
    "momentum",
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let temporary = tempfile::tempdir()?;
    let given = std::env::args().nth(1).map(PathBuf::from);
    if given.is_none() {
        fill(temporary.path());
    }
    let root = given.unwrap_or_else(|| temporary.path().to_owned());
    let engine = DataFusionEngine::new(Arc::new(LocalLake::new(root)))?;
    let mut questions = serde_json::Map::new();
    for question in named() {
        let query = Query { sql: question.sql };
        let mut times = Vec::with_capacity(TIMES);
        let mut rows = 0;
        for _ in 0..TIMES {
            let start = Instant::now();
            rows = engine.run(&query, Limits::default()).await?.rows.len();
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        let at = |share: f64| {
            (times[(share * (TIMES - 1) as f64).round() as usize] * 100.0).round() / 100.0
        };
        let line = serde_json::json!({ "rows": rows, "p50_ms": at(0.5), "p95_ms": at(0.95) });
        questions.insert(question.name, line);
    }
    let report = serde_json::json!({ "times": TIMES, "questions": questions });
    #[expect(
        clippy::print_stdout,
        reason = "the report is the purpose of this program"
    )]
    {
        println!("{report:#}");
    }
    Ok(())
}

/// Writes and publishes the runs, one a day.
fn fill(root: &Path) {
    let manifests: Vec<_> = (0..RUNS)
        .map(|number| lake::write(root, &run(number)))
        .collect();
    lake::point_to(root, &manifests.iter().collect::<Vec<_>>());
}

fn run(number: u64) -> Run {
    let as_of = day(ROWS + number);
    let days: Vec<NaiveDate> = (0..ROWS).map(|row| day(row + number)).collect();
    let tables = BTreeMap::from([
        (Table::Observations, observations(&days)),
        (Table::CompleteDataset, dataset(&days)),
        (Table::ModelResults, results(&days)),
        (Table::Contributions, contributions(&days)),
        (Table::ModelRuns, model_run(&days)),
    ]);
    Run {
        id: format!("run-{number:02}"),
        as_of,
        preset: "fair".to_owned(),
        tables,
    }
}

fn day(number: u64) -> NaiveDate {
    NaiveDate::default() + Days::new(14_600 + number)
}

/// A smooth curve that differs from column to column; what it looks like does not matter.
fn wave(days: &[NaiveDate], column: usize) -> Values {
    let at = |day: &NaiveDate| {
        let x = f64::from(day.to_epoch_days()) * (column as f64 + 1.0) / 100.0;
        Some(200.0 + 10.0 * x.sin())
    };
    Values::Numbers(days.iter().map(at).collect())
}

fn constant(text: &str, count: usize) -> Values {
    Values::Texts(vec![text.to_owned(); count])
}

fn named_columns<const N: usize>(columns: [(&str, Values); N]) -> Frame {
    columns
        .into_iter()
        .map(|(name, values)| (name.to_owned(), values))
        .collect()
}

fn dataset(days: &[NaiveDate]) -> Frame {
    let mut frame = named_columns([("date", Values::Dates(days.to_vec()))]);
    let features = FEATURES.iter().enumerate();
    frame.extend(features.map(|(column, name)| ((*name).to_owned(), wave(days, column))));
    frame.push(("target".to_owned(), wave(days, FEATURES.len())));
    frame
}

fn results(days: &[NaiveDate]) -> Frame {
    let split = (0..days.len()).map(|row| {
        if row + 300 < days.len() {
            "train"
        } else {
            "test"
        }
    });
    named_columns([
        ("date", Values::Dates(days.to_vec())),
        ("price", wave(days, 0)),
        ("valuation", wave(days, 1)),
        ("lower_80", wave(days, 2)),
        ("upper_80", wave(days, 3)),
        ("lower_95", wave(days, 4)),
        ("upper_95", wave(days, 5)),
        ("gap", wave(days, 6)),
        ("gap_pct", wave(days, 7)),
        ("method", constant("model", days.len())),
        ("split", Values::Texts(split.map(str::to_owned).collect())),
    ])
}

fn contributions(days: &[NaiveDate]) -> Frame {
    let names = || FEATURES.iter().chain(&["base"]);
    let width = FEATURES.len() + 1;
    let repeated: Vec<NaiveDate> = days.iter().flat_map(|&day| vec![day; width]).collect();
    let features = days
        .iter()
        .flat_map(|_| names().map(|&name| name.to_owned()));
    named_columns([
        ("date", Values::Dates(repeated.clone())),
        ("feature", Values::Texts(features.collect())),
        ("contribution", wave(&repeated, 8)),
    ])
}

/// Every series on every day, and a revision of each hundredth value.
fn observations(days: &[NaiveDate]) -> Frame {
    let (mut series, mut dates, mut instants) = (Vec::new(), Vec::new(), Vec::new());
    for name in FEATURES {
        for (row, &day) in days.iter().enumerate() {
            for delay in if row % 100 == 0 { 1..=2 } else { 1..=1 } {
                series.push(name.to_owned());
                dates.push(day);
                instants.push(instant(day + Days::new(delay)));
            }
        }
    }
    let value = wave(&dates, 9);
    named_columns([
        ("series", Values::Texts(series)),
        ("date", Values::Dates(dates)),
        ("value", value),
        ("available_at", Values::Instants(instants)),
    ])
}

fn instant(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc()
}

fn model_run(days: &[NaiveDate]) -> Frame {
    let (first, last) = (days[0], days[days.len() - 1]);
    named_columns([
        ("preset", constant("fair", 1)),
        ("parameters", constant("{}", 1)),
        ("scores", constant("[]", 1)),
        ("baselines", constant("[]", 1)),
        ("first_date", Values::Dates(vec![first])),
        ("last_date", Values::Dates(vec![last])),
        ("rows", Values::Counts(vec![ROWS.cast_signed()])),
        ("rmse", Values::Numbers(vec![Some(1.2)])),
        ("no_change_rmse", Values::Numbers(vec![Some(1.8)])),
        ("skill", Values::Numbers(vec![Some(0.5)])),
    ])
}
