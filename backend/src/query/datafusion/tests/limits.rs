//! Rows, memory and time have an end.

use std::time::Duration;

use serde_json::json;

use super::World;
use crate::query::{Limits, QueryError};

const ENDLESS: [&str; 4] = [
    "WITH RECURSIVE n AS (SELECT 1 AS x UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n",
    "SELECT count(*) FROM generate_series(1, 100000000000)",
    "SELECT sum(a.value * b.value) FROM generate_series(1, 10000000) a, generate_series(1, 10000000) b",
    "SELECT max(sin(a.value) + b.value) FROM generate_series(1, 10000000) a JOIN generate_series(1, 10000000) b ON a.value < b.value",
];

fn too_large(outcome: Result<impl std::fmt::Debug, QueryError>) -> String {
    match outcome {
        Err(QueryError::TooLarge { message }) => message,
        other => panic!("not too large: {other:?}"),
    }
}

#[tokio::test]
async fn rows_beyond_the_limit_are_cut_and_the_answer_says_so() {
    let world = World::published();
    let limits = Limits {
        rows: 2,
        ..Limits::default()
    };
    let sql = "SELECT date FROM model_results_latest ORDER BY date";
    let answer = world.answer_within(sql, limits).await.unwrap();
    assert_eq!(json!(answer.rows), json!([["2023-12-28"], ["2023-12-29"]]));
    assert!(answer.truncated);
    let limits = Limits { rows: 5, ..limits };
    let answer = world.answer_within(sql, limits).await.unwrap();
    assert_eq!((answer.rows.len(), answer.truncated), (5, false));
    let sql = format!("{sql} LIMIT 1");
    let answer = world.answer_within(&sql, limits).await.unwrap();
    assert_eq!((answer.rows.len(), answer.truncated), (1, false));
}

/// The threads that the question held are free again: nothing of it is left running.
#[tokio::test]
async fn an_endless_question_is_stopped() {
    let world = World::published();
    let limits = Limits {
        time: Duration::from_millis(200),
        ..Limits::default()
    };
    for sql in ENDLESS {
        let message = too_large(world.answer_within(sql, limits).await);
        assert_eq!(
            message,
            "the question took longer than 0.2 s and was stopped; narrow it, for example by date"
        );
        let alive = || world.engine.workers.handle().metrics().num_alive_tasks();
        while alive() > 0 {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(world.rows("SELECT 1").await, [[1]]);
}

#[tokio::test]
async fn a_question_that_nobody_waits_for_is_stopped() {
    let world = World::published();
    let asked = world.answer(ENDLESS[1]);
    let outcome = tokio::time::timeout(Duration::from_millis(100), asked).await;
    assert!(outcome.is_err());
    while world.engine.workers.handle().metrics().num_alive_tasks() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn memory_has_an_end() {
    let world = World::published();
    let limits = Limits {
        memory_bytes: 8 * 1024 * 1024,
        ..Limits::default()
    };
    let hungry = [
        "SELECT value, count(*) FROM generate_series(1, 10000000) GROUP BY value",
        "SELECT a.value FROM generate_series(1, 10000000) a JOIN generate_series(1, 10000000) b ON a.value = b.value",
        "SELECT array_agg(value) FROM generate_series(1, 10000000)",
        "SELECT value, lag(value) OVER (ORDER BY value DESC) FROM generate_series(1, 10000000)",
    ];
    for sql in hungry {
        let message = too_large(world.answer_within(sql, limits).await);
        assert_eq!(
            message,
            "the question needs more than the 8 MB of memory that it may use; group, filter or limit earlier"
        );
    }
    let limits = Limits {
        rows: 10_000_000,
        ..limits
    };
    too_large(
        world
            .answer_within("SELECT value FROM generate_series(1, 10000000)", limits)
            .await,
    );
}

#[tokio::test]
async fn a_long_statement_is_refused_and_a_deep_one_does_not_end_the_process() {
    let world = World::published();
    let sum = |terms: usize| {
        format!(
            "SELECT price{} FROM model_results",
            " + price".repeat(terms)
        )
    };
    let answer = world.answer(&sum(2_400)).await.unwrap();
    assert_eq!(answer.rows[0][0], json!(190.0 * 2_401.0));
    let message = too_large(world.answer(&sum(5_000)).await);
    assert!(
        message.starts_with("the question has 10004 words and signs"),
        "{message}"
    );

    let nested = format!("SELECT {}1{}", "(".repeat(200), ")".repeat(200));
    assert!(matches!(
        world.answer(&nested).await,
        Err(QueryError::Wrong { .. })
    ));
}
