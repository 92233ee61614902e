//! What is published is seen, what is not is not, and what is broken is named.

use std::fs;

use serde_json::{Value, json};
use shared::catalogue::{Column, ColumnType, Current, Table};

use super::{World, classic_1, fair_1, fair_2};
use crate::lake::Key;
use crate::query::{QueryEngine, QueryError};

const RUNS: &str = "SELECT DISTINCT run_id FROM model_results ORDER BY run_id";

fn broken(outcome: Result<impl std::fmt::Debug, QueryError>) -> String {
    match outcome {
        Err(QueryError::BrokenLake { message }) => message,
        other => panic!("not broken: {other:?}"),
    }
}

#[tokio::test]
async fn before_the_first_publication_there_are_no_tables() {
    let world = World::empty();
    let question = world.answer("SELECT 1").await;
    assert!(matches!(question, Err(QueryError::NothingPublished)));
    assert!(matches!(
        world.engine.tables().await,
        Err(QueryError::NothingPublished)
    ));
    // A run that was written but never published changes nothing.
    world.write(&fair_1());
    let question = world.answer("SELECT 1").await;
    assert!(matches!(question, Err(QueryError::NothingPublished)));
}

#[tokio::test]
async fn only_published_runs_are_seen_and_a_moved_pointer_is_seen_at_once() {
    let world = World::empty();
    let first = world.write(&classic_1());
    let second = world.write(&fair_1());
    world.point_to(&[&first]);
    assert_eq!(json!(world.rows(RUNS).await), json!([["classic-1"]]));
    let latest = "SELECT DISTINCT run_id FROM model_results_latest";
    assert_eq!(json!(world.rows(latest).await), json!([["classic-1"]]));

    world.point_to(&[&first, &second]);
    assert_eq!(
        json!(world.rows(RUNS).await),
        json!([["classic-1"], ["fair-1"]])
    );
    assert_eq!(json!(world.rows(latest).await), json!([["fair-1"]]));
}

#[tokio::test]
async fn a_table_has_the_columns_of_all_its_runs_and_null_where_a_run_lacks_one() {
    let world = World::published();
    let sql = "SELECT run_id, gold_ema, silver, real_rate, target FROM complete_dataset \
               WHERE date = DATE '2024-03-01' ORDER BY run_id";
    let expected = json!([
        ["classic-1", 181.0, 23.0, null, 191.0],
        ["fair-1", null, 23.0, 1.8, 0.6],
        ["fair-2", null, 23.0, 1.8, 0.6],
    ]);
    assert_eq!(json!(world.rows(sql).await), expected);
    let answer = world
        .answer("SELECT * FROM complete_dataset")
        .await
        .unwrap();
    let names: Vec<_> = answer
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "date",
            "gold_ema",
            "silver",
            "target",
            "real_rate",
            "as_of",
            "run_id"
        ]
    );
}

#[tokio::test]
async fn a_view_has_the_columns_of_the_current_run() {
    let world = World::published();
    let tables = world.engine.tables().await.unwrap();
    let view = tables
        .iter()
        .find(|table| table.name == "complete_dataset_latest")
        .unwrap();
    let expected = [
        Column::new("date", ColumnType::Date),
        Column::new("silver", ColumnType::Double),
        Column::new("real_rate", ColumnType::Double),
        Column::new("target", ColumnType::Double),
        Column::new("as_of", ColumnType::Date),
        Column::new("run_id", ColumnType::Text),
    ];
    assert_eq!(view.columns, expected);
    assert_eq!(tables.len(), 2 * Table::ALL.len());
}

#[tokio::test]
async fn a_table_that_no_run_has_is_empty() {
    let world = World::empty();
    let only = world.write(&classic_1());
    world.point_to(&[&only]);
    let sql = "SELECT count(*), max(available_at) FROM observations";
    assert_eq!(json!(world.rows(sql).await), json!([[0, null]]));
}

#[tokio::test]
async fn values_are_typed_and_what_is_no_number_is_null() {
    use ColumnType::{BigInt, Boolean, Date, Double, Text, Timestamp};
    let world = World::published();
    let sql = "SELECT date, available_at, value, series, as_of, value > 24 AS more, 1 AS one, \
               0e0 / 0e0 AS nan, 1e0 / 0e0 AS infinite, arrow_cast(5, 'UInt8') AS small \
               FROM observations WHERE series = 'silver'";
    let answer = world.answer(sql).await.unwrap();
    let expected = json!([[
        "2024-03-04",
        "2024-03-04T21:00:00Z",
        24.0,
        "silver",
        "2024-03-04",
        false,
        1,
        null,
        null,
        5
    ]]);
    assert_eq!(json!(answer.rows), expected);
    let kinds: Vec<_> = answer.columns.iter().map(|column| column.kind).collect();
    assert_eq!(
        kinds,
        [
            Date, Timestamp, Double, Text, Date, Boolean, BigInt, Double, Double, BigInt
        ]
    );
    assert!(answer.cost.milliseconds > 0.0);
    assert!(answer.cost.bytes_scanned.unwrap() > 0);
}

#[tokio::test]
async fn a_filter_on_the_run_opens_no_other_runs_file() {
    let world = World::published();
    let key = Key::Table {
        table: Table::ModelResults,
        as_of: super::day("2024-03-01"),
        run_id: "classic-1".to_owned(),
    };
    fs::remove_file(world.folder.path().join(key.to_string())).unwrap();
    let sql = "SELECT count(*) FROM model_results WHERE run_id = 'fair-1'";
    assert_eq!(json!(world.rows(sql).await), json!([[2]]));
    let view = "SELECT count(*) FROM model_results_latest";
    assert_eq!(json!(world.rows(view).await), json!([[5]]));

    let message = broken(world.answer("SELECT count(*) FROM model_results").await);
    assert_eq!(
        message,
        format!(
            "`{key}` is missing from the lake; restore it from a backup, or publish the run again"
        )
    );
}

#[tokio::test]
async fn a_broken_file_is_named() {
    let whole = fs::read(World::published().folder.path().join(current_results())).unwrap();
    let zeros = vec![0; whole.len()];
    let half = &whole[..whole.len() / 2];
    for bytes in [&zeros[..], half, b""] {
        let world = World::published();
        fs::write(world.folder.path().join(current_results()), bytes).unwrap();
        let message = broken(world.answer("SELECT max(price) FROM model_results").await);
        let expected = format!(
            "`{}` in the lake is broken: it has {} bytes",
            current_results(),
            bytes.len()
        );
        assert!(message.starts_with(&expected), "{message}");
    }
}

fn current_results() -> String {
    "model-results/as_of=2024-03-04/run_id=fair-2/part-0.parquet".to_owned()
}

#[tokio::test]
async fn a_missing_or_broken_manifest_is_named() {
    let world = World::published();
    let manifest = world.folder.path().join("runs/fair-1/manifest.json");
    fs::remove_file(&manifest).unwrap();
    let message = broken(world.answer("SELECT 1").await);
    assert!(
        message.starts_with("`runs/fair-1/manifest.json` is missing from the lake"),
        "{message}"
    );
    fs::write(&manifest, "{").unwrap();
    let message = broken(world.answer("SELECT 1").await);
    assert!(
        message.starts_with("`runs/fair-1/manifest.json` in the lake is broken"),
        "{message}"
    );
}

#[tokio::test]
async fn a_broken_pointer_and_a_key_outside_the_lake_are_named() {
    let world = World::published();
    fs::write(world.folder.path().join("current.json"), "?").unwrap();
    let message = broken(world.answer("SELECT 1").await);
    assert!(
        message.starts_with("`current.json` in the lake is broken"),
        "{message}"
    );

    let mut manifest = world.write(&fair_2());
    let pointer = Current {
        run_id: "fair-2x".to_owned(),
        ..Current::default()
    };
    let text = serde_json::to_string(&pointer).unwrap();
    fs::write(world.folder.path().join("current.json"), text).unwrap();
    let message = broken(world.answer("SELECT 1").await);
    assert!(
        message.contains("`fair-2x` is not among the published runs"),
        "{message}"
    );

    manifest.tables.get_mut(&Table::ModelRuns).unwrap().key = "../../etc/passwd".to_owned();
    let text: Value = serde_json::to_value(&manifest).unwrap();
    fs::write(
        world.folder.path().join("runs/fair-2/manifest.json"),
        text.to_string(),
    )
    .unwrap();
    world.point_to(&[&manifest]);
    let message = broken(world.answer("SELECT 1").await);
    assert_eq!(
        message,
        "`../../etc/passwd` in a manifest is no place in the lake"
    );
}
