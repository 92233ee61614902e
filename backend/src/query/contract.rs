//! What every engine must do over the lake of `published_lake`; each twin's own tests call this.

use std::time::Duration;

use serde_json::json;
use shared::catalogue::{ColumnType, Table};
use shared::problem::Position;
use shared::query::{Answer, Query};

use super::{Limits, QueryEngine, QueryError, named};

/// All of the suite. `engine` answers over the lake of [`super::published_lake`].
pub(crate) async fn suite(engine: &dyn QueryEngine) {
    values_keep_their_types(engine).await;
    every_named_question_has_an_answer(engine).await;
    parameters_are_bound_and_never_spliced(engine).await;
    parameters_that_do_not_fit_are_refused(engine).await;
    rows_beyond_the_limit_are_cut_and_it_says_so(engine).await;
    a_mistake_is_named_with_its_place(engine).await;
    what_writes_is_refused(engine).await;
    a_question_that_takes_too_long_is_stopped(engine).await;
    tables_and_views_are_listed_with_their_columns(engine).await;
}

async fn ask(
    engine: &dyn QueryEngine,
    sql: &str,
    parameters: &[&str],
    limits: Limits,
) -> Result<Answer, QueryError> {
    let sql = sql.to_owned();
    let parameters: Vec<String> = parameters.iter().map(ToString::to_string).collect();
    engine.run_bound(&Query { sql }, &parameters, limits).await
}

async fn answer(engine: &dyn QueryEngine, sql: &str, parameters: &[&str]) -> Answer {
    ask(engine, sql, parameters, Limits::default())
        .await
        .unwrap()
}

async fn values_keep_their_types(engine: &dyn QueryEngine) {
    use ColumnType::{BigInt, Boolean, Date, Double, Text, Timestamp};
    let sql = "SELECT r.date, r.valuation, r.lower_80, r.method, r.price > r.upper_80 AS above, r.run_id, \
        (SELECT max(available_at) FROM observations_latest) AS known, m.rows \
        FROM model_results r JOIN model_runs m ON m.run_id = r.run_id \
        WHERE r.run_id IN ('classic-1', 'fair-2') AND r.date = DATE '2024-03-01' ORDER BY r.run_id";
    let answer = answer(engine, sql, &[]).await;
    let kinds: Vec<ColumnType> = answer.columns.iter().map(|column| column.kind).collect();
    assert_eq!(
        kinds,
        [Date, Double, Double, Text, Boolean, Text, Timestamp, BigInt]
    );
    let at = "2024-03-04T21:00:00Z";
    assert_eq!(
        json!(answer.rows),
        json!([
            ["2024-03-01", 186.0, null, "model", null, "classic-1", at, 5],
            ["2024-03-01", 190.0, 180.0, "model", false, "fair-2", at, 5],
        ])
    );
    assert!(
        answer.cost.bytes_scanned.is_some_and(|bytes| bytes > 0),
        "{:?}",
        answer.cost
    );
}

async fn every_named_question_has_an_answer(engine: &dyn QueryEngine) {
    for question in named() {
        let answer = ask(engine, &question.sql, &[], Limits::default()).await;
        let answer = answer.unwrap_or_else(|error| panic!("{}: {error}", question.name));
        assert!(!answer.columns.is_empty(), "{}", question.name);
    }
}

async fn parameters_are_bound_and_never_spliced(engine: &dyn QueryEngine) {
    let sql = "SELECT date, price FROM model_results_latest \
        WHERE date >= ? AND (split = ? OR split = 'none') ORDER BY date LIMIT 2";
    let bound = answer(engine, sql, &["DATE '2024-03-01'", "'test'"]).await;
    assert_eq!(
        json!(bound.rows),
        json!([["2024-03-01", 191.0], ["2024-03-04", 210.0]])
    );
    let hostile = ["DATE '2024-03-01'", "'test'' OR 1 = 1 --'"];
    assert!(answer(engine, sql, &hostile).await.rows.is_empty());
    let echoed = answer(
        engine,
        "SELECT ? AS a, ? AS b, ? AS c",
        &["-1.5e0", "NULL", "'it''s ?'"],
    )
    .await;
    assert_eq!(json!(echoed.rows), json!([[-1.5, null, "it's ?"]]));
}

async fn parameters_that_do_not_fit_are_refused(engine: &dyn QueryEngine) {
    let sql = "SELECT date FROM model_results_latest WHERE split = ? AND price > ?";
    for parameters in [
        &["'test'"][..],
        &["'test'", "1", "2"],
        &["'test'", "1); DROP TABLE x; --"],
        &["'test'", "(SELECT 1)"],
    ] {
        let refused = ask(engine, sql, parameters, Limits::default()).await;
        assert!(
            matches!(refused, Err(QueryError::Wrong { .. })),
            "{parameters:?}: {refused:?}"
        );
    }
}

async fn rows_beyond_the_limit_are_cut_and_it_says_so(engine: &dyn QueryEngine) {
    let limits = Limits {
        rows: 2,
        ..Limits::default()
    };
    let days = "SELECT date FROM model_results_latest ORDER BY date";
    let cut = ask(engine, days, &[], limits).await.unwrap();
    assert_eq!(json!(cut.rows), json!([["2023-12-28"], ["2023-12-29"]]));
    assert!(cut.truncated);
    let all = answer(engine, days, &[]).await;
    assert_eq!((all.rows.len(), all.truncated), (5, false));
}

async fn a_mistake_is_named_with_its_place(engine: &dyn QueryEngine) {
    let sql = "SELECT date,\n  prise FROM model_results_latest";
    match ask(engine, sql, &[], Limits::default()).await {
        Err(QueryError::Wrong { message, position }) => {
            assert!(message.contains("prise"), "{message}");
            assert_eq!(position, Some(Position { line: 2, column: 3 }));
        }
        other => panic!("no mistake found: {other:?}"),
    }
}

async fn what_writes_is_refused(engine: &dyn QueryEngine) {
    for sql in [
        "DROP TABLE model_results",
        "CREATE TABLE x AS SELECT 1",
        "SELECT 1; SELECT 2",
    ] {
        let refused = ask(engine, sql, &[], Limits::default()).await;
        assert!(
            matches!(refused, Err(QueryError::Wrong { .. })),
            "{sql}: {refused:?}"
        );
    }
}

async fn a_question_that_takes_too_long_is_stopped(engine: &dyn QueryEngine) {
    let limits = Limits {
        time: Duration::ZERO,
        ..Limits::default()
    };
    match ask(engine, "SELECT count(*) FROM model_results", &[], limits).await {
        Err(QueryError::TooLarge { message }) => assert_eq!(
            message,
            "the question took longer than 0 s and was stopped; narrow it, for example by date"
        ),
        other => panic!("it was not stopped: {other:?}"),
    }
}

async fn tables_and_views_are_listed_with_their_columns(engine: &dyn QueryEngine) {
    let tables = engine.tables().await.unwrap();
    let mut names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    names.sort_unstable();
    let mut expected: Vec<String> = Table::ALL
        .iter()
        .flat_map(|table| [table.to_string(), format!("{table}_latest")])
        .collect();
    expected.sort();
    assert_eq!(names, expected);
    let results = tables
        .iter()
        .find(|table| table.name == "contributions_latest")
        .unwrap();
    let mut columns = Table::Contributions.columns(&[]);
    columns.extend(Table::partition_columns());
    assert_eq!(results.columns, columns);
}
