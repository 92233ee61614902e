//! That steps of a question can be stopped changes no answer: joins of all kinds, recursion, UNNEST.

use serde_json::{Value, json};

use super::World;

/// Asks each question over the tables `a` and `b`, sorted by all its columns.
async fn check(cases: &[(&str, Value)], order: &str) {
    let world = World::published();
    for (question, expected) in cases {
        let sql = format!(
            "WITH a (x) AS (VALUES (1), (2), (3), (NULL)), b (y) AS (VALUES (2), (3), (NULL)) {question} ORDER BY {order}"
        );
        assert_eq!(json!(world.rows(&sql).await), *expected, "{question}");
    }
}

#[tokio::test]
async fn joins() {
    let cases = [
        (
            "SELECT a.x, b.y FROM a JOIN b ON a.x < b.y",
            json!([[1, 2], [1, 3], [2, 3]]),
        ),
        (
            "SELECT a.x, b.y FROM a JOIN b ON a.x = b.y AND a.x + b.y > 4",
            json!([[3, 3]]),
        ),
        (
            "SELECT a.x, b.y FROM a LEFT JOIN b ON a.x > b.y",
            json!([[1, null], [2, null], [3, 2], [null, null]]),
        ),
        (
            "SELECT a.x, b.y FROM a RIGHT JOIN b ON a.x > b.y",
            json!([[3, 2], [null, 3], [null, null]]),
        ),
        (
            "SELECT a.x, b.y FROM a FULL JOIN b ON a.x = b.y AND a.x > 2",
            json!([
                [1, null],
                [2, null],
                [3, 3],
                [null, 2],
                [null, null],
                [null, null]
            ]),
        ),
    ];
    check(&cases, "1, 2").await;
}

#[tokio::test]
async fn joins_that_are_written_as_conditions() {
    let cases = [
        (
            "SELECT x FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.y < a.x)",
            json!([[3]]),
        ),
        (
            "SELECT x FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE b.y < a.x)",
            json!([[1], [2], [null]]),
        ),
        (
            "SELECT x FROM a WHERE x IN (SELECT y FROM b)",
            json!([[2], [3]]),
        ),
        (
            "SELECT x FROM a WHERE x NOT IN (SELECT y FROM b)",
            json!([]),
        ),
        (
            "SELECT x FROM a WHERE x NOT IN (SELECT y FROM b WHERE y > 2)",
            json!([[1], [2]]),
        ),
        (
            "SELECT x FROM a WHERE x = 1 OR EXISTS (SELECT 1 FROM b WHERE b.y < a.x)",
            json!([[1], [3]]),
        ),
        (
            "SELECT x FROM a WHERE x = 1 OR x IN (SELECT y FROM b WHERE y > 2)",
            json!([[1], [3]]),
        ),
        (
            "SELECT x FROM a WHERE x > (SELECT min(b.y) FROM b JOIN a ON b.y < a.x)",
            json!([[3]]),
        ),
        (
            "SELECT count(*) FROM model_results_latest r WHERE price = (SELECT max(price) FROM model_results_latest l WHERE l.split = r.split)",
            json!([[2]]),
        ),
    ];
    check(&cases, "1").await;
}

#[tokio::test]
async fn recursion_and_unnest_answer_as_written() {
    let world = World::published();
    let sql = "WITH RECURSIVE n AS (SELECT 1 AS x UNION ALL SELECT x * 2 FROM n WHERE x < 1000) \
               SELECT count(*), max(x) FROM n";
    assert_eq!(json!(world.rows(sql).await), json!([[11, 1024]]));
    let sql = "SELECT count(*), sum(x) FROM (SELECT unnest(all_x) AS x \
               FROM (SELECT array_agg(value) AS all_x FROM generate_series(1, 10000)))";
    assert_eq!(json!(world.rows(sql).await), json!([[10_000, 50_005_000]]));
}
