//! Each function against what Trino documents, <https://trino.io/docs/current/functions.html>.

use std::sync::Arc;

use datafusion::execution::SessionStateBuilder;
use datafusion::prelude::SessionContext;

use super::register;

/// The answer to one expression, as text; `NULL` for none.
async fn value(expression: &str) -> String {
    let mut state = SessionStateBuilder::new().with_default_features().build();
    register(&mut state).unwrap();
    let context = SessionContext::new_with_state(state);
    let sql = format!("SELECT {expression}");
    let batches = match context.sql(&sql).await {
        Ok(frame) => frame.collect().await,
        Err(error) => Err(error),
    };
    match batches {
        Ok(batches) => {
            use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
            let options = FormatOptions::new().with_null("NULL");
            let column = Arc::clone(batches[0].column(0));
            let formatter = ArrayFormatter::try_new(column.as_ref(), &options).unwrap();
            formatter.value(0).to_string()
        }
        Err(error) => format!("error: {}", error.find_root().message()),
    }
}

async fn check(cases: &[(&str, &str)]) {
    for (expression, expected) in cases {
        assert_eq!(value(expression).await, *expected, "{expression}");
    }
}

#[tokio::test]
async fn parts_of_dates() {
    check(&[
        ("year(DATE '2024-12-30')", "2024"),
        ("quarter(DATE '2024-12-30')", "4"),
        ("month(DATE '2024-12-30')", "12"),
        ("week(DATE '2024-12-30')", "1"),
        ("year_of_week(DATE '2024-12-30')", "2025"),
        ("yow(DATE '2024-12-30')", "2025"),
        ("day(DATE '2024-12-30')", "30"),
        ("day_of_month(DATE '2024-12-30')", "30"),
        ("day_of_week(DATE '2024-12-30')", "1"),
        ("dow(DATE '2024-12-29')", "7"),
        ("day_of_year(DATE '2024-12-30')", "365"),
        ("doy(DATE '2024-01-01')", "1"),
        ("hour(TIMESTAMP '2024-12-30 13:45:59')", "13"),
        ("minute(TIMESTAMP '2024-12-30 13:45:59')", "45"),
        ("year(CAST(NULL AS date))", "NULL"),
        ("arrow_typeof(year(DATE '2024-12-30'))", "Int64"),
    ])
    .await;
}

#[tokio::test]
async fn differences_count_whole_units() {
    check(&[
        // The documentation's own examples.
        ("date_diff('second', TIMESTAMP '2020-03-01 00:00:00', TIMESTAMP '2020-03-02 00:00:00')", "86400"),
        ("date_diff('hour', TIMESTAMP '2020-03-01 00:00:00', TIMESTAMP '2020-03-02 00:00:00')", "24"),
        ("date_diff('day', DATE '2020-03-01', DATE '2020-03-02')", "1"),
        ("date_diff('second', TIMESTAMP '2020-06-01 12:30:45', TIMESTAMP '2020-06-02 12:30:45')", "86400"),
        ("date_diff('millisecond', TIMESTAMP '2020-06-01 12:30:45', TIMESTAMP '2020-06-02 12:30:45.123')", "86400123"),
        // Months are full or do not count; the last day of a month is as far as one can go.
        ("date_diff('month', DATE '2024-01-31', DATE '2024-02-28')", "0"),
        ("date_diff('month', DATE '2024-01-31', DATE '2024-02-29')", "1"),
        ("date_diff('month', DATE '2024-02-29', DATE '2024-01-31')", "-1"),
        ("date_diff('quarter', DATE '2024-01-01', DATE '2024-12-31')", "3"),
        ("date_diff('year', DATE '2020-02-29', DATE '2021-02-28')", "1"),
        ("date_diff('week', DATE '2024-01-01', DATE '2024-01-14')", "1"),
        ("date_diff('day', DATE '2024-03-02', DATE '2024-03-01')", "-1"),
        ("date_diff('day', DATE '2024-03-01', TIMESTAMP '2024-03-02 23:00:00')", "1"),
        ("date_diff('day', NULL, DATE '2024-03-01')", "NULL"),
        ("date_diff('hour', DATE '2024-03-01', DATE '2024-03-02')", "error: 'hour' is no unit of dates; cast them to timestamp"),
    ])
    .await;
}

#[tokio::test]
async fn additions_keep_the_type() {
    check(&[
        // The documentation's own examples.
        (
            "date_add('second', 86, TIMESTAMP '2020-03-01 00:00:00')",
            "2020-03-01T00:01:26",
        ),
        (
            "date_add('hour', 9, TIMESTAMP '2020-03-01 00:00:00')",
            "2020-03-01T09:00:00",
        ),
        (
            "date_add('day', -1, TIMESTAMP '2020-03-01 00:00:00')",
            "2020-02-29T00:00:00",
        ),
        ("date_add('day', -1, DATE '2024-03-01')", "2024-02-29"),
        ("date_add('month', 1, DATE '2024-01-31')", "2024-02-29"),
        ("date_add('quarter', -1, DATE '2024-05-31')", "2024-02-29"),
        ("date_add('year', 1, DATE '2024-02-29')", "2025-02-28"),
        ("date_add('week', 2, DATE '2024-01-01')", "2024-01-15"),
        ("date_add('day', NULL, DATE '2024-01-01')", "NULL"),
        (
            "date_add('year', 9999999, DATE '2024-01-01')",
            "error: 'date_add' leaves the calendar: 9999999 year is too far",
        ),
    ])
    .await;
}

#[tokio::test]
async fn truncation_keeps_the_type() {
    check(&[
        ("date_trunc('month', DATE '2024-02-29')", "2024-02-01"),
        ("date_trunc('week', DATE '2024-02-29')", "2024-02-26"),
        (
            "arrow_typeof(date_trunc('year', DATE '2024-02-29'))",
            "Date32",
        ),
        (
            "date_trunc('hour', TIMESTAMP '2024-02-29 13:45:59')",
            "2024-02-29T13:00:00",
        ),
        ("date_trunc('year', CAST(NULL AS date))", "NULL"),
    ])
    .await;
}

#[tokio::test]
async fn formats_follow_mysql() {
    check(&[
        (
            "date_format(TIMESTAMP '2022-10-20 05:10:00', '%m-%d-%Y %H')",
            "10-20-2022 05",
        ),
        ("date_format(DATE '2024-02-03', '%Y-%m')", "2024-02"),
        (
            "date_format(DATE '2024-02-03', '%M %e, %y is a %W (%a, %b)')",
            "February 3, 24 is a Saturday (Sat, Feb)",
        ),
        (
            "date_format(TIMESTAMP '2024-02-03 13:04:05.678', '%r|%T|%i|%s|%f|%k|%l|%p|%c|%j')",
            "01:04:05 PM|13:04:05|04|05|678000|13|1|PM|2|034",
        ),
        (
            "date_format(DATE '2024-12-30', '%x-%v 100%%')",
            "2025-01 100%",
        ),
        (
            "date_format(DATE '2024-12-30', '%U')",
            "error: 'date_format' has no '%U'; it follows MySQL, as Trino does",
        ),
    ])
    .await;
}

#[tokio::test]
async fn json_gives_scalars_only() {
    check(&[
        ("json_extract_scalar('[1, 2, 3]', '$[2]')", "3"),
        (r#"json_extract_scalar('{"a":{"b":"x"}}', '$.a.b')"#, "x"),
        (r#"json_extract_scalar('{"a":{"b":"x"}}', '$.a')"#, "NULL"),
        (
            r#"json_extract_scalar('{"a b":[{"c":true}]}', '$["a b"][0].c')"#,
            "true",
        ),
        (
            r#"CAST(json_extract_scalar('{"eta":0.1}', '$.eta') AS double) * 2"#,
            "0.2",
        ),
        (r#"json_extract_scalar('{"a":null}', '$.a')"#, "NULL"),
        ("json_extract_scalar('no json', '$.a')", "NULL"),
        (
            "json_extract_scalar('{}', 'a')",
            "error: 'a' is no JSON path; write for example '$.a.b', '$.list[0]' or '$[\"a b\"]'",
        ),
    ])
    .await;
}

#[tokio::test]
async fn one_null_makes_null() {
    check(&[
        ("greatest(1, 3, 2)", "3"),
        ("greatest(1, NULL, 2)", "NULL"),
        ("least(1.5, 2.5)", "1.5"),
        ("least(NULL, 2)", "NULL"),
        ("concat('a', 'b')", "ab"),
        ("concat('a', NULL)", "NULL"),
        (
            "concat(x, '-') FROM (VALUES (NULL), ('b')) AS t(x) ORDER BY x DESC LIMIT 1",
            "NULL",
        ),
    ])
    .await;
}

#[tokio::test]
async fn aggregates_pick_their_row() {
    let rows = "FROM (VALUES ('a', 1, 10.0), ('b', 3, 20.0), ('c', NULL, 30.0), (NULL, 2, 40.0)) AS t(x, y, z)";
    let cases = [
        ("max_by(x, y)", "b"),
        ("min_by(x, y)", "a"),
        ("max_by(x, z)", "NULL"),
        ("max_by(x, y) FILTER (WHERE y < 3)", "NULL"),
        ("min_by(z, y) FILTER (WHERE y > 1)", "40.0"),
        ("max_by(x, y) || min_by(x, z)", "ba"),
        ("arbitrary(x) FILTER (WHERE z > 15)", "b"),
        ("arbitrary(x) FILTER (WHERE z > 35)", "NULL"),
        ("count_if(z > 15)", "3"),
        ("count_if(y > 1)", "2"),
        ("approx_percentile(z, 0.5)", "25.0"),
        (
            "max_by(x, y) OVER ()",
            "error: 'max_by' cannot be used with OVER",
        ),
        ("count_if(z)", "error: 'count_if' takes a condition"),
    ];
    for (expression, expected) in cases {
        let found = value(&format!("{expression} {rows}")).await;
        assert_eq!(found, expected, "{expression}");
    }
}

#[tokio::test]
async fn synonyms() {
    check(&[
        ("sign(-2.5)", "-1.0"),
        ("is_nan(0e0 / 0e0)", "true"),
        ("truncate(-2.75)", "-2.0"),
        (
            "round(regr_slope(y, x), 6) FROM (VALUES (1.0, 3.0), (2.0, 5.0)) AS t(x, y)",
            "2.0",
        ),
    ])
    .await;
}
