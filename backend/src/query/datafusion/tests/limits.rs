//! Rows, memory and time have an end.

use std::time::Duration;

use serde_json::json;

use super::World;
use crate::query::{Limits, QueryError};

/// Joins and recursions that run for ever are not here: some of their steps in the engine do not yield for minutes.
const ENDLESS: &str = "SELECT count(*) FROM generate_series(1, 100000000000)";

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
    let message = too_large(world.answer_within(ENDLESS, limits).await);
    assert_eq!(
        message,
        "the question took longer than 0.2 s and was stopped; narrow it, for example by date"
    );
    while world.engine.workers.handle().metrics().num_alive_tasks() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(world.rows("SELECT 1").await, [[1]]);
}

#[tokio::test]
async fn a_question_that_nobody_waits_for_is_stopped() {
    let world = World::published();
    let asked = world.answer(ENDLESS);
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
        "SELECT value % 9999991, count(*) FROM generate_series(1, 10000000) GROUP BY 1 ORDER BY 2",
        "SELECT a.value FROM generate_series(1, 10000000) a JOIN generate_series(1, 10000000) b ON a.value = b.value",
        "SELECT array_agg(value) FROM generate_series(1, 10000000)",
        "SELECT value, sum(value) OVER (ORDER BY value % 1000) FROM generate_series(1, 10000000)",
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
        let price = " + price".repeat(terms);
        format!("SELECT price{price} FROM model_results WHERE run_id = 'classic-1' ORDER BY date")
    };
    let answer = world.answer(&sum(190)).await.unwrap();
    assert_eq!(answer.rows[0][0], json!(190.0 * 191.0));
    let message = too_large(world.answer(&sum(950)).await);
    assert_eq!(
        message,
        "an expression of the question is 951 operators deep, more than the 200 that are allowed; split it"
    );
    let message = too_large(world.answer(&sum(2_000)).await);
    assert!(
        message.starts_with("the question has 4011 words and signs"),
        "{message}"
    );

    let nested = format!("SELECT {}1{}", "(".repeat(200), ")".repeat(200));
    assert!(matches!(
        world.answer(&nested).await,
        Err(QueryError::Wrong { .. })
    ));
}

/// Each common table expression uses the one before it twice: short to write, but 2ⁿ operators or parts to plan.
#[tokio::test]
async fn a_question_that_unfolds_is_refused_before_it_is_planned() {
    let world = World::published();
    let chain = |link: &str, length: usize| {
        let first = "WITH t0 AS (SELECT price AS x FROM model_results_latest)".to_owned();
        let links = (1..=length).fold(first, |sql, i| {
            let part = link.replace("$last", &format!("t{}", i - 1));
            format!("{sql}, t{i} AS ({part})")
        });
        format!("{links} SELECT count(*) FROM t{length} WHERE x > 1")
    };
    let links = [
        "SELECT x + x AS x FROM $last",
        "SELECT x FROM (SELECT a.x + b.x AS x FROM $last a JOIN $last b ON a.x = b.x) WHERE x > 0",
        "SELECT x FROM $last UNION ALL SELECT x FROM $last",
        "WITH inner AS (SELECT x FROM $last) SELECT a.x FROM inner a JOIN inner b ON a.x = b.x",
        "SELECT x FROM $last WHERE x > (SELECT min(x + x) FROM $last) - 1",
    ];
    for link in links {
        let message = too_large(world.answer(&chain(link, 40)).await);
        assert!(
            message.starts_with("the question unfolds into too many steps"),
            "{link}: {message}"
        );
    }
    let answer = world.answer(&chain(links[0], 5)).await.unwrap();
    assert_eq!(answer.rows, [[5]]);
}
