//! Rows, memory and time have an end.

use std::time::Duration;

use serde_json::json;

use super::World;
use crate::query::{Limits, QueryError};

/// Long tables out of short series.
const LONG: &str = "
WITH RECURSIVE
million AS (
  SELECT a.value * 10000 + b.value AS value, 1 AS one
  FROM generate_series(0, 99) a CROSS JOIN generate_series(1, 10000) b
),
hundred_thousand AS (
  SELECT value, one FROM million WHERE value % 10 = 0
),
hundred_million AS (
  SELECT a.value * 10000 + b.value AS value
  FROM generate_series(0, 9999) a CROSS JOIN generate_series(1, 10000) b
)";

/// What follows [`LONG`] in questions that would take hours.
const ENDLESS: [&str; 12] = [
    // Pairs of everything.
    "SELECT sum(a.value * b.value) FROM million a CROSS JOIN hundred_million b",
    // Nested loops: one that finds pairs, two that find none, and one that only looks whether there are any.
    "SELECT max(sin(a.value) + b.value) FROM million a JOIN hundred_million b ON a.value < b.value",
    "SELECT count(*) FROM million a JOIN hundred_million b ON a.value + b.value < 0",
    "SELECT count(*) FROM million a FULL JOIN million b ON a.value + b.value < 0",
    "SELECT count(*) FROM million a WHERE EXISTS (SELECT 1 FROM million b WHERE a.value + b.value < 0)",
    // Hash joins over one key that all rows have.
    "SELECT max(sin(a.value) + b.value) FROM hundred_thousand a JOIN million b ON a.one = b.one",
    "SELECT count(*) FROM hundred_thousand a JOIN million b ON a.one = b.one AND a.value + b.value < 0",
    "SELECT count(*) FROM hundred_thousand a WHERE a.one IN (SELECT b.one FROM million b WHERE a.value + b.value < 0)",
    "SELECT count(*) FROM hundred_thousand a WHERE a.one IN (SELECT one FROM million)",
    // An array of a hundred beside each of its entries, five times.
    ", t AS (SELECT array_agg(value) AS x FROM generate_series(1, 100)), \
     u AS (SELECT x, unnest(x) FROM (SELECT x, unnest(x) FROM t)), \
     v AS (SELECT x, unnest(x) FROM (SELECT x, unnest(x) FROM u)) \
     SELECT count(*) FROM (SELECT unnest(x) FROM v)",
    // Recursion that grows, and one that stands still.
    ", n AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
    ", n AS (SELECT 1 AS x UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n",
];

/// A question over the long tables.
pub(super) fn long(question: &str) -> String {
    format!("{LONG} {question}")
}

pub(super) fn too_large(outcome: Result<impl std::fmt::Debug, QueryError>) -> String {
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

/// Waits until no thread works at any question.
async fn all_quiet(world: &World) {
    while world.engine.workers.handle().metrics().num_alive_tasks() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_endless_question_is_stopped_and_nothing_of_it_is_left_running() {
    let world = World::published();
    let limits = Limits {
        time: Duration::from_millis(200),
        ..Limits::default()
    };
    for question in ENDLESS {
        let message = too_large(world.answer_within(&long(question), limits).await);
        assert_eq!(
            message,
            "the question took longer than 0.2 s and was stopped; narrow it, for example by date",
            "{question}"
        );
        all_quiet(&world).await;
    }
    assert_eq!(world.rows("SELECT 1").await, [[1]]);
}

#[tokio::test]
async fn a_question_that_nobody_waits_for_is_stopped() {
    let world = World::published();
    for question in ENDLESS {
        let question = long(question);
        let asked = world.answer(&question);
        let outcome = tokio::time::timeout(Duration::from_millis(100), asked).await;
        assert!(outcome.is_err(), "{question}");
        all_quiet(&world).await;
    }
}

#[tokio::test]
async fn a_series_has_as_many_rows_as_trinos_sequence_and_no_more() {
    let world = World::published();
    let allowed = [
        ("generate_series(9999)", 10_000),
        ("generate_series(1, 10000)", 10_000),
        ("range(1, 10001)", 10_000),
        ("generate_series(10000, 1, -1)", 10_000),
        ("generate_series(10, 1)", 0),
        ("generate_series(1, NULL)", 0),
        (
            "generate_series(DATE '1997-01-01', DATE '2024-05-18', INTERVAL '1' DAY)",
            10_000,
        ),
        (
            "range(DATE '1900-01-31', DATE '2262-01-01', INTERVAL '1' MONTH)",
            4_344,
        ),
    ];
    for (series, rows) in allowed {
        let sql = format!("SELECT count(*) FROM {series}");
        assert_eq!(json!(world.rows(&sql).await), json!([[rows]]), "{series}");
    }
    let refused = [
        "generate_series(1, 10001)",
        "generate_series(100000000000)",
        "generate_series(-9223372036854775808, 9223372036854775807)",
        "generate_series(10001, 1, -1)",
        "generate_series(DATE '1997-01-01', DATE '2024-05-19', INTERVAL '1' DAY)",
        "generate_series(TIMESTAMP '2024-01-01', TIMESTAMP '2024-01-02', INTERVAL '1' SECOND)",
    ];
    for series in refused {
        let sql = format!("SELECT count(*) FROM {series}");
        assert_eq!(
            too_large(world.answer(&sql).await),
            "`generate_series` gives more than the 10000 rows that are allowed; let it start later or end earlier, or take larger steps",
            "{series}"
        );
    }
    assert_eq!(
        too_large(world.answer("SELECT * FROM range(10001)").await),
        "`range` gives more than the 10000 rows that are allowed; let it start later or end earlier, or take larger steps"
    );
}

#[tokio::test]
async fn memory_has_an_end() {
    let world = World::published();
    let limits = Limits {
        memory_bytes: 6 * 1024 * 1024,
        ..Limits::default()
    };
    let hungry = [
        "SELECT value % 999983, count(*) FROM million GROUP BY 1 ORDER BY 2",
        "SELECT a.value FROM million a JOIN million b ON a.value = b.value",
        "SELECT max(a.value) FROM million a JOIN million b ON a.value < b.value",
        // Pairs of everything.
        "SELECT sum(a.value * b.value) FROM million a CROSS JOIN million b",
        "SELECT array_agg(value) FROM million",
        "SELECT value, sum(value) OVER (ORDER BY value % 1000) FROM million",
        ", n AS (SELECT value FROM million UNION ALL SELECT value + 1 FROM n) SELECT count(*) FROM n",
    ];
    for question in hungry {
        let message = too_large(world.answer_within(&long(question), limits).await);
        assert_eq!(
            message,
            "the question needs more than the 6 MB of memory that it may use; group, filter or limit earlier",
            "{question}"
        );
    }
    let limits = Limits {
        rows: 1_000_000,
        ..limits
    };
    let all = long("SELECT value FROM million");
    too_large(world.answer_within(&all, limits).await);
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
