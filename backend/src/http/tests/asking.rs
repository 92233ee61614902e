//! What is read from the tables: the server's own SQL, and the reader's.

use datafusion::arrow::util::pretty::pretty_format_batches;
use datafusion::prelude::SessionContext;
use serde_json::json;
use shared::api::{SeriesData, TableSchema};
use shared::problem::{Code, Position};
use shared::query::{Answer, NamedQuery};
use shared::series::Observation;
use shared::valuation::{Contribution, Information, Valuation};

use super::doubles::answer;
use super::fixtures::{RUN, contributions, day, freshness, instant, valuation};
use super::world::World;
use crate::http::series::newest_known;
use crate::query::{Limits, QueryError};

const RESULTS: [&str; 10] = [
    "date",
    "price",
    "valuation",
    "lower_80",
    "upper_80",
    "lower_95",
    "upper_95",
    "method",
    "split",
    "information",
];

fn results() -> Answer {
    let with = json!([
        "2024-09-23",
        242.5,
        240.0,
        237.0,
        243.0,
        234.5,
        245.5,
        "model",
        "test",
        "final"
    ]);
    let without = json!([
        "2024-09-24",
        243,
        240.5,
        null,
        null,
        null,
        null,
        "no_change",
        "test",
        null
    ]);
    let row = |row: serde_json::Value| row.as_array().unwrap().clone();
    answer(&RESULTS, vec![row(with), row(without)])
}

#[tokio::test]
async fn history_is_read_from_the_current_results() {
    let world = World::published();
    world.engine.answers(Ok(results()));
    let rows: Vec<Valuation> = world.get("/api/history").await.read();
    assert_eq!(rows[0], valuation());
    assert_eq!((rows[1].interval_80, rows[1].interval_95), (None, None));
    assert_eq!(rows[1].information, Information::Final);
    let (sql, limits) = world.engine.asked();
    assert_eq!(
        sql,
        "SELECT date, price, valuation, lower_80, upper_80, lower_95, upper_95, method, split, information \
         FROM model_results_latest ORDER BY date"
    );
    assert_eq!(limits.rows, 100_000);
}

#[tokio::test]
async fn history_takes_days_and_nothing_else() {
    let world = World::published();
    world.engine.answers(Ok(results()));
    let path = "/api/history?from=2024-02-29&to=2024-09-23";
    assert_eq!(world.get(path).await.status, 200);
    let (sql, _) = world.engine.asked();
    assert!(
        sql.contains("WHERE date >= DATE '2024-02-29' AND date <= DATE '2024-09-23' ORDER"),
        "{sql}"
    );
    let cases = [
        (
            "from=2023-02-29",
            "the query does not fit: from: input is out of range",
        ),
        (
            "from=1'%20OR%201=1",
            "the query does not fit: from: input contains invalid characters",
        ),
        ("to=%2B12024-01-01", "+12024-01-01 is out of range"),
        (
            "from=2024-09-23&to=2024-09-22",
            "`from` (2024-09-23) is after `to` (2024-09-22)",
        ),
    ];
    for (query, message) in cases {
        let seen = world.get(&format!("/api/history?{query}")).await;
        seen.assert_problem(400, Code::BadRequest, message);
    }
}

#[tokio::test]
async fn an_answer_that_is_cut_off_or_misshapen_is_not_shown_as_history() {
    let world = World::published();
    let mut cut = results();
    cut.truncated = true;
    world.engine.answers(Ok(cut));
    let seen = world.get("/api/history").await;
    let message = "the answer of `/api/history` has too many rows";
    seen.assert_problem(422, Code::QueryTooLarge, message);

    let mut no_price = results();
    no_price.rows[1][1] = json!(null);
    world.engine.answers(Ok(no_price));
    let seen = world.get("/api/history").await;
    let message = "the published tables do not answer `/api/history`: \
        column `price`: invalid type: null, expected f64";
    seen.assert_problem(500, Code::BrokenLake, message);

    let mut no_column = results();
    no_column.columns[7].name = "how".to_owned();
    world.engine.answers(Ok(no_column));
    let seen = world.get("/api/history").await;
    let message =
        "the published tables do not answer `/api/history`: column `method`: there is none";
    seen.assert_problem(500, Code::BrokenLake, message);
}

#[tokio::test]
async fn a_refusal_of_the_servers_own_sql_is_not_the_readers_mistake() {
    let world = World::published();
    world.engine.answers(Err(QueryError::Wrong {
        message: "no column `lower_80`".to_owned(),
        position: None,
    }));
    let seen = world.get("/api/history").await;
    let message = "the published tables do not answer `/api/history`: no column `lower_80`";
    seen.assert_problem(500, Code::BrokenLake, message);
}

#[tokio::test]
async fn contributions_of_the_newest_or_a_given_day() {
    let columns = ["date", "feature", "contribution"];
    let rows = vec![
        vec![json!("2024-09-23"), json!("real_yield"), json!(-0.75)],
        vec![json!("2024-09-23"), json!("base"), json!(0.05)],
    ];
    for (query, day) in [
        ("", "(SELECT max(date) FROM contributions_latest)"),
        ("?date=2024-09-23", "DATE '2024-09-23'"),
    ] {
        let world = World::published();
        world.engine.answers(Ok(answer(&columns, rows.clone())));
        let path = format!("/api/contributions{query}");
        let read: Vec<Contribution> = world.get(&path).await.read();
        assert_eq!(read, contributions());
        let wanted = format!(
            "SELECT date, feature, contribution FROM contributions_latest \
             WHERE date = {day} ORDER BY abs(contribution) DESC, feature"
        );
        assert_eq!(world.engine.asked().0, wanted);
    }
    let world = World::published();
    world.engine.answers(Ok(answer(&columns, Vec::new())));
    let seen = world.get("/api/contributions?date=2024-09-22").await;
    let message = "there are no contributions for 2024-09-22";
    seen.assert_problem(404, Code::NotFound, message);
}

const OBSERVED: [&str; 6] = [
    "date",
    "value",
    "available_at",
    "vintage",
    "source",
    "run_id",
];

#[tokio::test]
async fn a_series_comes_with_its_freshness() {
    let world = World::published();
    let row = json!([
        "2024-09-23",
        242.5,
        "2024-09-23T20:15:00Z",
        "2024-09-23",
        "ab",
        RUN
    ]);
    let rows = vec![row.as_array().unwrap().clone()];
    world.engine.answers(Ok(answer(&OBSERVED, rows)));
    let data: SeriesData = world.get("/api/series/gold_open").await.read();
    assert_eq!(data.freshness, freshness()[0]);
    let observation = Observation {
        date: day("2024-09-23"),
        value: 242.5,
        available_at: instant("2024-09-23T20:15:00Z"),
        vintage: day("2024-09-23"),
        source: "ab".into(),
    };
    assert_eq!(data.observations, [observation]);
}

#[tokio::test]
async fn series_names_are_checked_before_they_are_asked_for() {
    let world = World::published();
    let seen = world.get("/api/series/gold'%20OR%20'1'='1").await;
    seen.assert_problem(
        400,
        Code::BadRequest,
        "`gold' OR '1'='1` is no series name: use lower-case letters, digits and `_`, \
         starting with a letter",
    );
    world.engine.answers(Ok(answer(&OBSERVED, Vec::new())));
    let seen = world.get("/api/series/tin").await;
    seen.assert_problem(404, Code::NotFound, "the current run has no series `tin`");
}

/// The engine proper runs the text, so that it is known to mean what it says.
#[tokio::test]
async fn of_what_was_known_at_the_end_of_the_day_the_newest_vintage_counts() {
    let tables = SessionContext::new();
    let rows = "CREATE TABLE observations_latest AS SELECT series, \
        to_date(date) AS date, value, arrow_cast(available_at, 'Timestamp(Millisecond, None)') \
        AS available_at, to_date(vintage) AS vintage, source, run_id FROM (VALUES \
        ('gdp', '2024-01-01', 100.0, '2024-04-25T12:30:00', '2024-04-25', 'a', 'r'), \
        ('gdp', '2024-01-01', 101.0, '2024-05-30T23:59:59', '2024-05-30', 'b', 'r'), \
        ('gdp', '2024-01-01', 102.0, '2024-05-31T00:00:00', '2024-05-31', 'c', 'r'), \
        ('gdp', '2023-10-01', 99.0, '2024-01-25T13:30:00', '2024-01-25', 'd', 'r'), \
        ('gdp', '2023-10-01', 98.0, '2024-01-25T13:30:00', '2024-01-24', 'e', 'r'), \
        ('cpi', '2024-01-01', 1.0, '2024-02-13T13:30:00', '2024-02-13', 'f', 'r')) \
        AS v (series, date, value, available_at, vintage, source, run_id)";
    tables.sql(rows).await.unwrap().collect().await.unwrap();
    let ask = async |as_of| {
        let sql = newest_known(&"gdp".parse().unwrap(), as_of).unwrap();
        let sql = format!("SELECT date, value, source FROM ({sql}) ORDER BY date");
        let rows = tables.sql(&sql).await.unwrap().collect().await.unwrap();
        let table = pretty_format_batches(&rows).unwrap().to_string();
        let lines = table
            .lines()
            .filter(|line| line.contains("20"))
            .map(str::to_owned);
        lines.collect::<Vec<_>>()
    };
    let autumn = "| 2023-10-01 | 99.0  | d      |";
    assert_eq!(
        ask(Some(day("2024-05-30"))).await,
        [autumn, "| 2024-01-01 | 101.0 | b      |"]
    );
    assert_eq!(ask(None).await, [autumn, "| 2024-01-01 | 102.0 | c      |"]);
    let winter = ask(Some(day("2024-04-24"))).await;
    assert_eq!(winter, ["| 2023-10-01 | 99.0  | d      |"]);
}

#[tokio::test]
async fn tables_and_named_questions_are_listed() {
    let world = World::published();
    let tables: Vec<TableSchema> = world.get("/api/tables").await.read();
    assert_eq!(tables[0].columns.len(), 3);
    let named: Vec<NamedQuery> = world.get("/api/queries").await.read();
    assert_eq!(named[0].name, "largest_gaps");
}

#[tokio::test]
async fn sql_goes_to_the_engine_with_the_readers_limits() {
    let world = World::published();
    world
        .engine
        .answers(Ok(answer(&["n"], vec![vec![json!(1)]])));
    let seen = world
        .post("/api/query", r#"{"sql": "SELECT 1 AS n"}"#)
        .await;
    assert_eq!(seen.read::<Answer>().rows, [[json!(1)]]);
    let asked = ("SELECT 1 AS n".to_owned(), Limits::default());
    assert_eq!(world.engine.asked(), asked);
}

#[tokio::test]
async fn each_reason_for_no_answer_has_its_problem() {
    let wrong = QueryError::Wrong {
        message: "no column `prize`; `price` is close".to_owned(),
        position: Some(Position { line: 1, column: 8 }),
    };
    let cases = [
        (
            wrong,
            400,
            Code::BadSql,
            "no column `prize`; `price` is close",
        ),
        (
            QueryError::TooLarge {
                message: "no answer within 30 s".to_owned(),
            },
            422,
            Code::QueryTooLarge,
            "no answer within 30 s",
        ),
        (
            QueryError::NothingPublished,
            404,
            Code::NothingPublished,
            "nothing has been published yet",
        ),
        (
            QueryError::BrokenLake {
                message: "`part-0.parquet` is no Parquet".to_owned(),
            },
            500,
            Code::BrokenLake,
            "`part-0.parquet` is no Parquet",
        ),
        (
            QueryError::Engine(anyhow::anyhow!("an internal detail")),
            500,
            Code::Internal,
            "the query engine failed",
        ),
    ];
    let world = World::published();
    for (error, status, code, message) in cases {
        let at = matches!(error, QueryError::Wrong { .. });
        world.engine.answers(Err(error));
        let seen = world.post("/api/query", r#"{"sql": "SELECT prize"}"#).await;
        let problem = seen.assert_problem(status, code, message);
        let position = at.then_some(Position { line: 1, column: 8 });
        assert_eq!(problem.position, position);
    }
}

#[tokio::test]
async fn a_panic_is_a_problem_and_keeps_its_words_for_the_log() {
    let world = World::published();
    let seen = world.post("/api/query", r#"{"sql": "SELECT 1"}"#).await;
    seen.assert_problem(500, Code::Internal, "the server failed");
    assert_eq!(seen.header("x-content-type-options"), "nosniff");
}
