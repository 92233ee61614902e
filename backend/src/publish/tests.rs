//! Publishing: a run is seen whole or not at all, whatever write fails.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use polars::prelude::{ParquetReader, SerReader as _};
use shared::card::{DataRange, Score, Skill, Verdict};
use shared::catalogue::{ColumnType, Current, Manifest, Table};
use shared::evaluation::GapBand;
use shared::members::LinearModel;
use shared::series::{Observation, SeriesId};
use shared::valuation::{BASE, Contribution, Information, Interval, Method, Split, Valuation};
use shared::walk::{GapReading, WalkCard, WalkRow};

use super::*;
use crate::assemble::{Dataset, Feature};
use crate::catalogue::Published;
use crate::lake::{Key, Lake, LakeError, LocalLake, Put, Tag, sha256_hex};
use crate::preset::{self, Preset, Role};
use crate::train::Trained;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn noon() -> DateTime<Utc> {
    "2024-09-23T12:00:00Z".parse().unwrap()
}

fn dataset() -> Dataset {
    Dataset {
        dates: vec![day("2024-09-20"), day("2024-09-23")],
        features: vec![Feature {
            name: "silver".to_owned(),
            label: "Silver".to_owned(),
            group: "metals".to_owned(),
            role: Role::Trees,
            driver: "silver".to_owned(),
        }],
        is_final: vec![true, true],
        columns: vec![vec![0.5, f64::NAN]],
        target: vec![0.1, 0.2],
        price: vec![240.0, 242.0],
        previous_price: vec![239.0, 240.0],
        ema: vec![238.0, 238.5],
    }
}

fn trained() -> Trained {
    let row = |date: &str, price: f64, split| Valuation {
        date: day(date),
        price,
        valuation: 240.0,
        interval_80: (split == Split::Test).then_some(Interval {
            lower: 239.0,
            upper: 241.0,
        }),
        interval_95: None,
        method: Method::Model,
        split,
        information: Information::Final,
    };
    let contribution = |date: &str, feature: &str, contribution: f64| Contribution {
        date: day(date),
        feature: feature.to_owned(),
        contribution,
    };
    Trained {
        model: b"{\"a\": 1}".to_vec(),
        scaler: None,
        parameters: BTreeMap::from([("max_depth".to_owned(), 3.0)]),
        searches: Vec::new(),
        folds: Vec::new(),
        valuations: vec![
            row("2024-09-20", 240.0, Split::Train),
            row("2024-09-23", 242.0, Split::Test),
        ],
        contributions: vec![
            contribution("2024-09-20", "silver", 0.3),
            contribution("2024-09-20", BASE, 0.1),
            contribution("2024-09-23", "silver", -0.4),
            contribution("2024-09-23", BASE, 0.1),
        ],
        scores: vec![Score {
            rule: "valuation".to_owned(),
            label: "Valuation".to_owned(),
            rmse: 1.5,
            mae: 1.2,
            rmse_pct: 0.6,
            rows: 1,
        }],
        skill: skill(),
        coverage: Vec::new(),
        data: DataRange {
            first: day("2024-09-20"),
            test_first: day("2024-09-23"),
            last: day("2024-09-23"),
            train_rows: 1,
            test_rows: 1,
        },
        versions: BTreeMap::new(),
        walk: Some(walk_card()),
        walk_rows: vec![
            walk_row(Information::Provisional),
            walk_row(Information::Final),
        ],
        gap: Some(reading()),
        scale: None,
    }
}

fn skill() -> Skill {
    Skill {
        skill: 0.5,
        dm_t: 5.0,
        dm_p: 0.001,
        verdict: Verdict::Skill,
    }
}

fn reading() -> GapReading {
    GapReading {
        value: 238.0,
        gap_pct: 1.67,
        band: Some(GapBand::Usual),
        limits: None,
        residual_pct: 0.83,
        residual_20_pct: None,
    }
}

fn walk_row(information: Information) -> WalkRow {
    WalkRow {
        date: day("2024-09-23"),
        information,
        price: 242.0,
        valuation: 240.0,
        interval_80: Some(Interval {
            lower: 239.0,
            upper: 241.0,
        }),
        interval_95: None,
        linear_pct: 0.2,
        trees_pct: -0.2,
        combined_pct: 0.0,
        takes_over: false,
        is_open: true,
        above_maximum: false,
        gap: Some(reading()),
    }
}

fn walk_card() -> WalkCard {
    WalkCard {
        information: Information::Final,
        linear: LinearModel {
            features: vec!["silver_scaled".to_owned()],
            volatility: "gold_volatility_lag1".to_owned(),
            means: vec![0.0],
            inverse_deviations: vec![1.0],
            clip: 8.0,
            coefficients: vec![0.25],
            intercept: 0.0,
            penalty: 10.0,
            limit: 0.05,
        },
        fitted_before: day("2024-09-03"),
        fits: 1,
        choice: None,
        shipped: 1.0,
        takeovers: Vec::new(),
        evaluations: Vec::new(),
        provisional: None,
        comparisons: Vec::new(),
        intervals: Vec::new(),
    }
}

fn observations() -> BTreeMap<SeriesId, Vec<Observation>> {
    let one = Observation {
        date: day("2024-09-23"),
        value: 242.0,
        available_at: noon(),
        vintage: day("2024-09-23"),
        source: "ab".repeat(32).into(),
    };
    BTreeMap::from([("gold_close".parse().unwrap(), vec![one])])
}

/// What a run publishes.
pub(crate) struct Parts {
    preset: Preset,
    dataset: Dataset,
    pub(crate) trained: Trained,
    observations: BTreeMap<SeriesId, Vec<Observation>>,
}

impl Parts {
    pub(crate) fn new() -> Self {
        Self {
            preset: preset::load("fair").unwrap(),
            dataset: dataset(),
            trained: trained(),
            observations: observations(),
        }
    }

    fn publication<'a>(&'a self, run_id: &'a str) -> Publication<'a> {
        Publication {
            run_id,
            input_sha256: "00",
            as_of: day("2024-09-23"),
            preset: &self.preset,
            grid: "deployed",
            dataset: &self.dataset,
            audit: None,
            trained: &self.trained,
            observations: &self.observations,
            series: &[],
            synthetic: true,
        }
    }

    /// Publishes and points, as a run does.
    pub(crate) async fn run(&self, run_id: &str, lake: &dyn Lake) -> Result<(), PublishError> {
        publish(&self.publication(run_id), lake).await?;
        let run_id = run_id.to_owned();
        let bytes = lake.get(&Key::Manifest { run_id }).await?.unwrap();
        let manifest: Manifest = serde_json::from_slice(&bytes).unwrap();
        point_to(&manifest, noon(), lake).await.map(|_| ())
    }
}

/// A lake whose write number `fails` fails, as a process that is killed there.
pub(crate) struct Failing {
    lake: Arc<LocalLake>,
    fails: usize,
    writes: AtomicUsize,
}

impl Failing {
    pub(crate) fn new(lake: &Arc<LocalLake>, fails: usize) -> Self {
        let (lake, writes) = (lake.clone(), AtomicUsize::new(0));
        Self {
            lake,
            fails,
            writes,
        }
    }

    fn write(&self, key: &Key) -> Result<(), LakeError> {
        if self.writes.fetch_add(1, Ordering::Relaxed) == self.fails {
            return Err(LakeError::Full(key.to_string()));
        }
        Ok(())
    }
}

#[async_trait]
impl Lake for Failing {
    async fn get(&self, key: &Key) -> Result<Option<Vec<u8>>, LakeError> {
        self.lake.get(key).await
    }

    async fn get_tagged(&self, key: &Key) -> Result<Option<(Vec<u8>, Tag)>, LakeError> {
        self.lake.get_tagged(key).await
    }

    async fn put_new(&self, key: &Key, bytes: &[u8]) -> Result<Put, LakeError> {
        self.write(key)?;
        self.lake.put_new(key, bytes).await
    }

    async fn swap(&self, key: &Key, bytes: &[u8], tag: Option<&Tag>) -> Result<Tag, LakeError> {
        self.write(key)?;
        self.lake.swap(key, bytes, tag).await
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, LakeError> {
        self.lake.list(prefix).await
    }
}

/// The published run is there in every part, and every file is what its manifest says.
async fn assert_whole(lake: &Arc<LocalLake>, run_id: &str) {
    let published = Published::new(lake.clone());
    assert_eq!(published.current().await.unwrap().unwrap().run_id, run_id);
    let manifest = published.manifest(run_id).await.unwrap().unwrap();
    assert_eq!(manifest.tables.len(), Table::ALL.len());
    for file in manifest.tables.values() {
        let bytes = std::fs::read(lake.root().join(&file.key)).unwrap();
        assert_eq!(sha256_hex(&bytes), file.sha256, "{}", file.key);
    }
    assert_eq!(
        published.snapshot(run_id).await.unwrap().unwrap().run_id,
        run_id
    );
    assert_eq!(
        published.card(run_id).await.unwrap().unwrap().run_id,
        run_id
    );
}

#[tokio::test]
async fn whatever_write_fails_the_last_run_stays_and_the_next_attempt_mends_it() {
    let parts = Parts::new();
    let mut failures = 0;
    for fails in 0.. {
        let folder = tempfile::tempdir().unwrap();
        let lake = Arc::new(LocalLake::new(folder.path()));
        parts.run("first", lake.as_ref()).await.unwrap();
        let failing = Failing::new(&lake, fails);
        if parts.run("second", &failing).await.is_ok() {
            break;
        }
        failures += 1;
        assert_whole(&lake, "first").await;
        parts.run("second", lake.as_ref()).await.unwrap();
        assert_whole(&lake, "second").await;
        let current = Published::new(lake).current().await.unwrap().unwrap();
        let runs: Vec<&str> = current
            .published
            .iter()
            .map(|run| run.run_id.as_str())
            .collect();
        assert_eq!(runs, ["first", "second"], "nothing lost, nothing doubled");
    }
    // Six tables, model, card, preset, snapshot, what-if, manifest, pointer.
    assert_eq!(failures, 13);
}

#[tokio::test]
async fn publishing_twice_writes_once() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Arc::new(LocalLake::new(folder.path()));
    let parts = Parts::new();
    parts.run("one", lake.as_ref()).await.unwrap();
    let pointer = lake.get(&Key::Current).await.unwrap();
    let files = lake.list_blocking("").unwrap();
    parts.run("one", lake.as_ref()).await.unwrap();
    assert_eq!(lake.get(&Key::Current).await.unwrap(), pointer);
    assert_eq!(lake.list_blocking("").unwrap(), files);
    assert_eq!(files.len(), 13);
}

#[tokio::test]
async fn two_runs_at_once_are_both_published() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Arc::new(LocalLake::new(folder.path()));
    let parts = Parts::new();
    let both = futures::join!(parts.run("a", lake.as_ref()), parts.run("b", lake.as_ref()));
    both.0.unwrap();
    both.1.unwrap();
    let current: Current = Published::new(lake).current().await.unwrap().unwrap();
    let mut runs: Vec<&str> = current
        .published
        .iter()
        .map(|run| run.run_id.as_str())
        .collect();
    runs.sort_unstable();
    assert_eq!(runs, ["a", "b"]);
}

#[test]
fn the_files_have_the_columns_that_the_catalogue_promises() {
    let parts = Parts::new();
    let features = vec!["silver".to_owned()];
    let tables = [
        tables::complete_dataset(&parts.dataset).unwrap(),
        tables::model_results(&parts.trained.valuations).unwrap(),
        tables::contributions(&parts.trained.contributions).unwrap(),
        tables::walk_forward(&parts.trained.walk_rows).unwrap(),
        tables::observations(&parts.observations).unwrap(),
    ];
    for table in tables {
        let frame = ParquetReader::new(std::io::Cursor::new(table.bytes))
            .finish()
            .unwrap();
        let found: Vec<(String, String)> = frame
            .columns()
            .iter()
            .map(|c| (c.name().to_string(), c.dtype().to_string()))
            .collect();
        let promised = table.table.columns(&features).into_iter().map(|column| {
            let dtype = match column.kind {
                ColumnType::Date => "date",
                ColumnType::Double => "f64",
                ColumnType::BigInt => "i64",
                ColumnType::Text => "str",
                ColumnType::Boolean => "bool",
                ColumnType::Timestamp => "datetime[ms]",
            };
            (column.name, dtype.to_owned())
        });
        assert_eq!(found, promised.collect::<Vec<_>>(), "{}", table.table);
    }
}

#[test]
fn a_value_that_is_not_known_is_null_in_the_table() {
    let table = tables::complete_dataset(&dataset()).unwrap();
    let frame = ParquetReader::new(std::io::Cursor::new(table.bytes))
        .finish()
        .unwrap();
    assert_eq!(frame.column("silver").unwrap().null_count(), 1);
}

#[test]
fn the_same_inputs_have_the_same_name_and_any_other_input_another() {
    let parts = Parts::new();
    let name = |grid: &str, as_of: &str, dataset: &Dataset, stale: &[String]| {
        let input = RunInput {
            preset: &parts.preset,
            grid,
            as_of: day(as_of),
            dataset,
            provisional: None,
            stale,
        };
        run_id(&input).run_id
    };
    let first = name("small", "2024-09-23", &dataset(), &[]);
    assert!(first.starts_with("2024-09-23-fair-"), "{first}");
    assert_eq!(first, name("small", "2024-09-23", &dataset(), &[]));
    let mut revised = dataset();
    revised.columns[0][0] = 0.5 + f64::EPSILON;
    let others = [
        name("deployed", "2024-09-23", &dataset(), &[]),
        name("small", "2024-09-24", &dataset(), &[]),
        name("small", "2024-09-23", &revised, &[]),
        name("small", "2024-09-23", &dataset(), &["silver".to_owned()]),
    ];
    for other in others {
        assert_ne!(first, other);
    }
}

#[tokio::test]
async fn the_snapshot_shows_the_newest_day_and_its_contributions_with_the_base_last() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Arc::new(LocalLake::new(folder.path()));
    Parts::new().run("one", lake.as_ref()).await.unwrap();
    let snapshot = Published::new(lake).snapshot("one").await.unwrap().unwrap();
    assert_eq!(snapshot.latest.date, day("2024-09-23"));
    assert_eq!(snapshot.history.len(), 1, "the test window only");
    let features: Vec<&str> = snapshot
        .contributions
        .iter()
        .map(|c| c.feature.as_str())
        .collect();
    assert_eq!(features, ["silver", BASE]);
    assert_eq!(
        snapshot.contribution_unit,
        "% of the price of the day before"
    );
    assert!(snapshot.synthetic);
}
