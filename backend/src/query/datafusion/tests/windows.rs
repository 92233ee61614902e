//! Functions with OVER: how many rows they take.

use serde_json::json;

use super::World;
use super::limits::{long, too_large};

const FOLLOWING: &str = "ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING";

#[tokio::test]
async fn too_many_rows_are_refused() {
    let world = World::published();
    let refused = [
        (
            "sum",
            5_000_000,
            "SELECT max(x) FROM (SELECT sum(value) OVER () AS x FROM hundred_million)",
        ),
        (
            "median",
            20_000,
            "SELECT max(x) FROM (SELECT median(value) OVER (ORDER BY value $following) AS x FROM million)",
        ),
        (
            "nth_value",
            200_000,
            "SELECT max(x) FROM (SELECT nth_value(NULLIF(value, value), 2) IGNORE NULLS OVER (ORDER BY value $following) AS x FROM million)",
        ),
        (
            "first_value",
            200_000,
            "SELECT max(x) FROM (SELECT first_value(NULLIF(value, value)) IGNORE NULLS OVER () AS x FROM million)",
        ),
        (
            "sum",
            20_000,
            "SELECT max(x) FROM (SELECT sum(DISTINCT value) OVER (ORDER BY value) AS x FROM million)",
        ),
        (
            "array_agg",
            8_000,
            "SELECT count(x) FROM (SELECT array_agg(value) OVER () AS x FROM million)",
        ),
        (
            "array_agg",
            8_000,
            "SELECT count(x), max(y) FROM (SELECT array_agg(price) OVER () AS x, lag(price) OVER () AS y FROM model_results_latest CROSS JOIN generate_series(1, 2000))",
        ),
        (
            "median",
            20_000,
            "SELECT 1 WHERE 2 < (SELECT max(x) FROM (SELECT median(value) OVER (ORDER BY value $following) AS x FROM million))",
        ),
    ];
    for (function, rows, question) in refused {
        let question = long(&question.replace("$following", FOLLOWING));
        assert_eq!(
            too_large(world.answer(&question).await),
            format!("`{function}` with OVER takes at most {rows} rows here; filter or group first"),
            "{question}"
        );
    }
}

#[tokio::test]
async fn what_is_quick_takes_many_rows_and_what_is_slow_takes_some() {
    let world = World::published();
    let allowed = [
        ("lag(value) OVER (ORDER BY value)", json!(999_990)),
        ("sum(one) OVER (ORDER BY value $following)", json!(100_000)),
        ("median(value) OVER ()", json!(500_005.0)),
        (
            "median(value) OVER (ORDER BY value ROWS 2 PRECEDING)",
            json!(999_990.0),
        ),
        ("last_value(value) OVER (ORDER BY value)", json!(1_000_000)),
    ];
    for (function, largest) in allowed {
        let function = function.replace("$following", FOLLOWING);
        let question = format!("SELECT max(x) FROM (SELECT {function} AS x FROM hundred_thousand)");
        let rows = world.rows(&long(&question)).await;
        assert_eq!(json!(rows), json!([[largest]]), "{question}");
    }
    let lists = "SELECT cardinality(array_agg(price) OVER (ORDER BY date)) FROM model_results_latest ORDER BY date";
    assert_eq!(
        json!(world.rows(lists).await),
        json!([[1], [2], [3], [4], [5]])
    );
}
