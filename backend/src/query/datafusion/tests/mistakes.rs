//! Wrong questions: what is said, and where it points.

use super::World;
use crate::query::QueryError;

#[tokio::test]
async fn syntax_errors_point_at_the_word() {
    let world = World::published();
    let cases = [
        (
            "SELECT date\nFROM model_results\nWHERE >",
            "expected an expression, found >",
            (3, 7),
        ),
        (
            "SELECT 1 +",
            "expected an expression, but the text ends here",
            (1, 11),
        ),
        ("SELECT 'abc", "unterminated string literal", (1, 8)),
        (
            "SELEC 1",
            "SELEC is not allowed; ask with one SELECT (WITH … SELECT and VALUES are fine, too); the tables cannot be changed from here",
            (1, 1),
        ),
    ];
    for (sql, message, place) in cases {
        assert_eq!(
            world.error(sql).await,
            (message.to_owned(), Some(place)),
            "{sql}"
        );
    }
}

#[tokio::test]
async fn unknown_names_point_at_the_word_and_at_the_nearest_name() {
    let world = World::published();
    let cases = [
        (
            "SELECT date,\n  valuatoin\nFROM model_results",
            "there is no column `valuatoin`; did you mean `valuation`?",
            (2, 3),
        ),
        (
            "SELECT date FROM model_result WHERE valuatoin > 1",
            "there is no table `model_result`; did you mean `model_results`?",
            (1, 18),
        ),
        (
            "SELECT r.pirce FROM model_results_latest AS r",
            "there is no column `pirce`; did you mean `price`?",
            (1, 8),
        ),
        (
            "SELECT feature FROM contributions ORDER BY contributoin",
            "there is no column `contributoin`; did you mean `contribution`?",
            (1, 44),
        ),
        (
            "SELECT x FROM contributions",
            "there is no column `x`; there are `as_of`, `contribution`, `date`, `feature`, `run_id`",
            (1, 8),
        ),
        (
            "SELECT 1,\n meen(price) FROM model_results",
            "there is no function `meen`; did you mean `mean`?",
            (2, 2),
        ),
        (
            "SELECT r.date FROM model_results r JOIN contributions c ON r.date = c.date WHERE run_id = 'a'",
            "column `run_id` is in more than one table; write `table.run_id`",
            (1, 82),
        ),
    ];
    for (sql, message, place) in cases {
        assert_eq!(
            world.error(sql).await,
            (message.to_owned(), Some(place)),
            "{sql}"
        );
    }
}

#[tokio::test]
async fn wrong_types_and_values_are_explained() {
    let world = World::published();
    let cases = [
        (
            "SELECT sum(method) FROM model_results",
            "function `sum` does not take String",
            Some((1, 8)),
        ),
        (
            "SELECT price FROM model_results\nWHERE price + method > date",
            "cannot coerce arithmetic expression Float64 + Utf8View to valid types",
            None,
        ),
        (
            "SELECT year(method) FROM model_results",
            "'year' takes a date or a timestamp, not Utf8View; write DATE '2024-02-29' or CAST(… AS date)",
            Some((1, 8)),
        ),
        (
            "SELECT date_add('day', 1) FROM model_results",
            "'date_add' takes a unit, a whole number, and a date or timestamp",
            Some((1, 8)),
        ),
        (
            "SELECT date_diff('fortnight', date, date) FROM model_results",
            "'fortnight' is no unit of 'date_diff'; use day, week, month, quarter or year, and for timestamps also hour, minute, second or millisecond",
            Some((1, 18)),
        ),
        (
            "SELECT price FROM model_results WHERE date > '2024-13-01'",
            "cannot cast string '2024-13-01' to value of Date32 type",
            Some((1, 46)),
        ),
        (
            "SELECT date, max(price) FROM model_results",
            "column `model_results.date` must be in GROUP BY or inside an aggregate function",
            Some((1, 8)),
        ),
        (
            "SELECT m.price FROM model_results r",
            "`m` is no table of this question; did you mean `r.price`?",
            Some((1, 8)),
        ),
        ("SELECT 1 / 0", "divide by zero error", None),
        (
            "SELECT 1 FROM (SELECT 1 FROM model_results TABLESAMPLE BERNOULLI (10))",
            "TABLESAMPLE is not supported here, though Athena has it; use LIMIT or a condition",
            None,
        ),
        (
            "SELECT * FROM model_results PIVOT (sum(price) FOR method IN ('model'))",
            "unsupported ast node Pivot",
            None,
        ),
    ];
    for (sql, message, place) in cases {
        assert_eq!(world.error(sql).await, (message.to_owned(), place), "{sql}");
    }
}

#[tokio::test]
async fn everything_but_one_question_is_refused() {
    let world = World::published();
    let refused = [
        ("DROP TABLE model_results", "DROP is not allowed"),
        ("CREATE TABLE x AS SELECT 1", "CREATE is not allowed"),
        (
            "CREATE EXTERNAL TABLE x STORED AS PARQUET LOCATION '/etc'",
            "CREATE is not allowed",
        ),
        ("COPY model_results TO 'x.parquet'", "COPY is not allowed"),
        (
            "INSERT INTO model_results VALUES (1)",
            "INSERT is not allowed",
        ),
        (
            "UPDATE model_results SET price = 1",
            "UPDATE is not allowed",
        ),
        ("DELETE FROM model_results", "DELETE is not allowed"),
        (
            "SET datafusion.execution.batch_size = 1",
            "SET is not allowed",
        ),
        ("SHOW TABLES", "SHOW is not allowed"),
        ("DESCRIBE model_results", "DESCRIBE is not allowed"),
        ("EXPLAIN ANALYZE SELECT 1", "EXPLAIN is not allowed"),
        ("PREPARE p AS SELECT 1", "PREPARE is not allowed"),
        (
            "WITH x AS (SELECT 1) INSERT INTO model_results SELECT * FROM x",
            "this statement writes",
        ),
        (
            "SELECT price INTO copy FROM model_results",
            "this statement writes",
        ),
        ("SELECT 1; SELECT 2", "only one statement is allowed"),
        (
            "SELECT 1; DROP TABLE model_results",
            "only one statement is allowed",
        ),
        ("", "the question is empty"),
        (" ; -- nothing", "; is not allowed"),
    ];
    for (sql, message) in refused {
        let (found, _) = world.error(sql).await;
        assert!(found.starts_with(message), "{sql}: {found}");
        assert!(found.contains("ask with one SELECT"), "{sql}: {found}");
    }
}

#[tokio::test]
async fn files_outside_the_tables_cannot_be_named() {
    let world = World::published();
    let cases = [
        "SELECT * FROM 'model-results/as_of=2024-03-04/run_id=fair-2/part-0.parquet'",
        "SELECT * FROM \"/etc/passwd\"",
        "SELECT * FROM read_parquet('/etc/passwd')",
        "SELECT * FROM parquet_metadata('/etc/passwd')",
    ];
    for sql in cases {
        let (message, place) = world.error(sql).await;
        assert!(message.starts_with("there is no "), "{sql}: {message}");
        assert_eq!(place, Some((1, 15)), "{sql}");
    }
}

#[tokio::test]
async fn questions_of_every_allowed_shape_are_answered() {
    let world = World::published();
    for sql in [
        "select 1;",
        "-- first\nWITH x AS (SELECT 1 AS one) SELECT one FROM x",
        "VALUES (1)",
        "(SELECT 1) UNION ALL (SELECT 1) LIMIT 1",
        "SELECT count(*) - 2 FROM (VALUES (1), (2), (3)) AS t(x)",
    ] {
        assert_eq!(world.rows(sql).await, [[1]], "{sql}");
    }
}

#[tokio::test]
async fn a_removed_function_is_unknown() {
    let world = World::published();
    for sql in [
        "SELECT repeat('x', 2000000000)",
        "SELECT lpad('x', 2000000000, 'y')",
        "SELECT range(1, 10)",
    ] {
        assert!(
            matches!(world.answer(sql).await, Err(QueryError::Wrong { .. })),
            "{sql}"
        );
    }
}
