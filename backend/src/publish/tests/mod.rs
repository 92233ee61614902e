//! Publishing: a run is seen whole or not at all, whatever write fails.

mod parts;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use datafusion::parquet::arrow::ArrowWriter;
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
use crate::columnar;
use crate::lake::{Key, Lake, LakeError, LocalLake, Put, Tag, sha256_hex};
use crate::preset::{self, Preset, Role};
use crate::train::Trained;

pub(crate) use parts::{Failing, Parts};
use parts::{dataset, day, noon};

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
async fn a_table_that_another_build_has_left_is_what_the_manifest_promises() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Arc::new(LocalLake::new(folder.path()));
    let parts = Parts::new();
    parts.run("one", lake.as_ref()).await.unwrap();
    let packed = lake.get(&observations_of("one")).await.unwrap().unwrap();
    let batch = columnar::read(packed.clone()).unwrap();
    let mut otherwise = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut otherwise, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    assert_ne!(otherwise, packed);
    let folder = tempfile::tempdir().unwrap();
    let lake = Arc::new(LocalLake::new(folder.path()));
    let key = observations_of("one");
    lake.put_new(&key, &otherwise).await.unwrap();
    parts.run("one", lake.as_ref()).await.unwrap();
    assert_whole(&lake, "one").await;
    assert_eq!(lake.get(&key).await.unwrap().unwrap(), otherwise);
}

#[tokio::test]
async fn what_is_not_the_table_is_not_published() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Arc::new(LocalLake::new(folder.path()));
    let parts = Parts::new();
    parts.run("one", lake.as_ref()).await.unwrap();
    let days = columnar::days([Some(day("2024-09-23"))].into_iter());
    let other = columnar::write(vec![("date", days)]).unwrap();
    for (run_id, foreign) in [("two", b"no Parquet".as_slice()), ("three", &other)] {
        let key = observations_of(run_id);
        lake.put_new(&key, foreign).await.unwrap();
        let error = parts.run(run_id, lake.as_ref()).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("`{key}` in the lake is not what this run writes there")
        );
        assert_whole(&lake, "one").await;
    }
}

fn observations_of(run_id: &str) -> Key {
    Key::Table {
        table: Table::Observations,
        as_of: day("2024-09-23"),
        run_id: run_id.to_owned(),
    }
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

#[tokio::test]
async fn a_run_of_an_earlier_day_takes_nobody_the_newest_answer() {
    let folder = tempfile::tempdir().unwrap();
    let lake: Arc<dyn Lake> = Arc::new(LocalLake::new(folder.path()));
    let parts = Parts::new();
    for run_id in ["newest", "past", "future", "again"] {
        publish(&parts.publication(run_id), lake.as_ref())
            .await
            .unwrap();
    }
    let published = Published::new(Arc::clone(&lake));
    let point = async |run_id: &str, as_of: &str| {
        let mut manifest = published.manifest(run_id).await.unwrap().unwrap();
        manifest.as_of = day(as_of);
        point_to(&manifest, noon(), lake.as_ref()).await.unwrap()
    };
    assert_eq!(point("newest", "2024-09-23").await, Pointed::Moved);
    assert_eq!(point("past", "2024-09-20").await, Pointed::Earlier);
    assert_eq!(point("past", "2024-09-20").await, Pointed::Unchanged);
    let current = published.current().await.unwrap().unwrap();
    assert_eq!(current.run_id, "newest");
    assert_eq!(current.by_preset.values().collect::<Vec<_>>(), ["newest"]);
    let of_day = |day: NaiveDate| current.known_on(None, day).unwrap().run_id.as_str();
    assert_eq!(of_day(day("2024-09-22")), "past");
    assert_eq!(of_day(day("2024-09-23")), "newest");
    // A wrong clock's day keeps nobody away: noon is of the 23rd.
    assert_eq!(point("future", "2030-01-01").await, Pointed::Moved);
    assert_eq!(point("newest", "2024-09-23").await, Pointed::Moved);
    // Of one day the last published counts.
    assert_eq!(point("again", "2024-09-23").await, Pointed::Moved);
    assert_eq!(published.current().await.unwrap().unwrap().run_id, "again");
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
        let batch = columnar::read(table.bytes).unwrap();
        assert_eq!(batch.num_rows() as u64, table.rows);
        let schema = batch.schema();
        let found: Vec<(String, String)> = schema
            .fields()
            .iter()
            .map(|field| (field.name().clone(), field.data_type().to_string()))
            .collect();
        let promised = table.table.columns(&features).into_iter().map(|column| {
            let dtype = match column.kind {
                ColumnType::Date => "Date32",
                ColumnType::Double => "Float64",
                ColumnType::BigInt => "Int64",
                ColumnType::Text => "Utf8",
                ColumnType::Boolean => "Boolean",
                ColumnType::Timestamp => "Timestamp(ms)",
            };
            (column.name, dtype.to_owned())
        });
        assert_eq!(found, promised.collect::<Vec<_>>(), "{}", table.table);
    }
}

#[test]
fn a_value_that_is_not_known_is_null_in_the_table() {
    let table = tables::complete_dataset(&dataset()).unwrap();
    let batch = columnar::read(table.bytes).unwrap();
    assert_eq!(batch.column_by_name("silver").unwrap().null_count(), 1);
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
        "% of the price of the day before, logarithmic"
    );
    assert!(snapshot.synthetic);
}
