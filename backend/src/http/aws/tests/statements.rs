//! Statements: begun, told about, read in pages, stopped, refused.

use axum::http::Method;
use serde_json::{Value, json};

use super::Served;

const START: &str = "AmazonAthena.StartQueryExecution";
const GET: &str = "AmazonAthena.GetQueryExecution";
const RESULTS: &str = "AmazonAthena.GetQueryResults";

/// Begins a statement and gives its id and what it came to.
async fn run(served: &Served, request: Value) -> (String, Value) {
    let begun = served.good(START, request).await;
    let id = begun["QueryExecutionId"].as_str().unwrap().to_owned();
    loop {
        let execution = served.good(GET, json!({ "QueryExecutionId": id })).await;
        let execution = execution["QueryExecution"].clone();
        let state = execution["Status"]["State"].as_str().unwrap();
        if !["QUEUED", "RUNNING"].contains(&state) {
            return (id, execution);
        }
        tokio::task::yield_now().await;
    }
}

async fn rows(served: &Served, sql: &str) -> Vec<Vec<Value>> {
    let (id, execution) = run(served, json!({ "QueryString": sql })).await;
    assert_eq!(execution["Status"]["State"], "SUCCEEDED", "{execution}");
    let page = served
        .good(RESULTS, json!({ "QueryExecutionId": id }))
        .await;
    cells(&page)
}

fn cells(page: &Value) -> Vec<Vec<Value>> {
    let rows = page["ResultSet"]["Rows"].as_array().unwrap().iter();
    rows.map(|row| {
        let cells = row["Data"].as_array().unwrap().iter();
        cells.map(|cell| cell["VarCharValue"].clone()).collect()
    })
    .collect()
}

async fn reason(served: &Served, request: Value) -> String {
    let (_, execution) = run(served, request).await;
    assert_eq!(execution["Status"]["State"], "FAILED", "{execution}");
    execution["Status"]["StateChangeReason"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_told_about_and_read_in_pages_with_the_names_first() {
    let served = Served::start().await;
    let sql = "SELECT date, price, lower_80 FROM model_results WHERE run_id = ? ORDER BY date";
    let request = json!({
        "QueryString": sql,
        "ExecutionParameters": ["'classic-1'"],
        "QueryExecutionContext": { "Database": "assay", "Catalog": "AwsDataCatalog" },
        "ResultConfiguration": { "OutputLocation": "s3://elsewhere/x/" },
        "ResultReuseConfiguration": { "ResultReuseByAgeConfiguration": { "Enabled": true, "MaxAgeInMinutes": 60 } },
    });
    let (id, execution) = run(&served, request).await;
    assert_eq!(execution["Query"], sql);
    assert_eq!(execution["StatementType"], "DML");
    assert_eq!(execution["SubstatementType"], "SELECT");
    assert_eq!(execution["WorkGroup"], "primary");
    // The workgroup's settings win, as they may in Athena.
    let location = format!("s3://assay-local/athena-results/{id}.csv");
    assert_eq!(
        execution["ResultConfiguration"]["OutputLocation"],
        json!(location)
    );
    assert!(
        execution["Statistics"]["DataScannedInBytes"]
            .as_u64()
            .unwrap()
            > 0
    );
    let first = json!({ "QueryExecutionId": id, "MaxResults": 2 });
    let page = served.good(RESULTS, first).await;
    assert_eq!(
        cells(&page),
        [
            [json!("date"), json!("price"), json!("lower_80")],
            [json!("2024-02-29"), json!("190.0"), Value::Null]
        ]
    );
    let columns = page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
        .as_array()
        .unwrap();
    let types: Vec<&str> = columns
        .iter()
        .map(|c| c["Type"].as_str().unwrap())
        .collect();
    assert_eq!(types, ["date", "double", "double"]);
    let next = json!({ "QueryExecutionId": id, "MaxResults": 2, "NextToken": page["NextToken"] });
    let page = served.good(RESULTS, next).await;
    assert_eq!(
        cells(&page),
        [[json!("2024-03-01"), json!("191.0"), Value::Null]]
    );
    assert_eq!(page["NextToken"], Value::Null);
    let wrong = json!({ "QueryExecutionId": id, "NextToken": "99" });
    let refused = served.bad(RESULTS, wrong).await;
    assert_eq!(
        refused,
        (
            "InvalidRequestException".into(),
            "`99` is no token of this list".into()
        )
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_token_begins_one_statement() {
    let served = Served::start().await;
    let token = "0123456789abcdef0123456789abcdef";
    let request = json!({ "QueryString": "SELECT 1", "ClientRequestToken": token });
    let first = served.good(START, request.clone()).await;
    assert_eq!(served.good(START, request).await, first);
    let other = json!({ "QueryString": "SELECT 2", "ClientRequestToken": token });
    let (kind, message) = served.bad(START, other).await;
    assert_eq!(kind, "InvalidRequestException");
    assert!(
        message.starts_with("Idempotent parameters do not match"),
        "{message}"
    );
    let listed = served
        .good("AmazonAthena.ListQueryExecutions", json!({}))
        .await;
    assert_eq!(
        listed["QueryExecutionIds"],
        json!([first["QueryExecutionId"]])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_is_stopped_ends_and_its_work_with_it() {
    let served = Served::hanging().await;
    let begun = served
        .good(START, json!({ "QueryString": "SELECT 1" }))
        .await;
    served.asked().await;
    let running = served.good(GET, begun.clone()).await;
    assert_eq!(running["QueryExecution"]["Status"]["State"], "RUNNING");
    let (kind, message) = served.bad(RESULTS, begun.clone()).await;
    assert_eq!(kind, "InvalidRequestException");
    assert_eq!(
        message,
        "Query has not yet finished. Current state: RUNNING"
    );
    served
        .good("AmazonAthena.StopQueryExecution", begun.clone())
        .await;
    served.left().await;
    let ids = json!({ "QueryExecutionIds": [begun["QueryExecutionId"], "none"] });
    let both = served
        .good("AmazonAthena.BatchGetQueryExecution", ids)
        .await;
    assert_eq!(both["QueryExecutions"][0]["Status"]["State"], "CANCELLED");
    let missing = &both["UnprocessedQueryExecutionIds"][0];
    assert_eq!(missing["ErrorMessage"], "QueryExecution none was not found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_of_the_engine_ends_the_statement() {
    let served = Served::hanging().await;
    let reason = reason(&served, json!({ "QueryString": "SELECT crash" })).await;
    assert_eq!(
        reason,
        "GENERIC_INTERNAL_ERROR: the engine crashed; look at the server's log"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_in_athenas_form() {
    let served = Served::start().await;
    let sql = json!({ "QueryString": "SELECT prise FROM model_results" });
    assert_eq!(
        reason(&served, sql).await,
        "SYNTAX_ERROR: line 1:8: there is no column `prise`; did you mean `price`?"
    );
    let elsewhere =
        json!({ "QueryString": "SELECT 1", "QueryExecutionContext": { "Database": "sales" } });
    assert_eq!(
        reason(&served, elsewhere).await,
        "SCHEMA_NOT_FOUND: schema 'sales' does not exist; there is assay"
    );
    for (sql, way) in [
        ("CREATE TABLE t AS SELECT 1", "`ctas_approach=False`"),
        (
            "-- note\nUNLOAD (SELECT 1) TO 's3://b/p'",
            "`unload_approach=False`",
        ),
        ("SHOW CREATE TABLE x", "it shows DATABASES, TABLES"),
        ("EXPLAIN SELECT 1", "ask with one SELECT"),
    ] {
        let reason = reason(&served, json!({ "QueryString": sql })).await;
        assert!(
            reason.starts_with("NOT_SUPPORTED: ") && reason.contains(way),
            "{reason}"
        );
    }
    let (kind, message) = served
        .bad(
            START,
            json!({ "QueryString": "SELECT 1", "WorkGroup": "x" }),
        )
        .await;
    assert_eq!(kind, "InvalidRequestException");
    assert_eq!(
        message,
        "WorkGroup x is not found. There are primary, assay"
    );
    let (kind, _) = served.bad("AmazonAthena.CreateWorkGroup", json!({})).await;
    assert_eq!(kind, "UnknownOperationException");
    let (kind, _) = served.bad(GET, json!({ "QueryExecutionId": 7 })).await;
    assert_eq!(kind, "SerializationException");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_is_shown_in_sql() {
    let served = Served::start().await;
    assert_eq!(
        json!(rows(&served, "SHOW DATABASES").await),
        json!([["assay"]])
    );
    let views = rows(&served, "SHOW TABLES IN assay '*runs*'").await;
    assert_eq!(json!(views), json!([["model_runs"], ["model_runs_latest"]]));
    let columns = rows(&served, "DESCRIBE `assay`.`contributions`;").await;
    let expected = json!([
        ["date", "date", ""],
        ["feature", "string", ""],
        ["contribution", "double", ""],
        ["as_of", "date", ""],
        ["run_id", "string", ""]
    ]);
    assert_eq!(json!(columns), expected);
    let fields = rows(&served, "SHOW COLUMNS IN contributions").await;
    assert_eq!(fields.len(), 5);
    let partitions = rows(&served, "SHOW PARTITIONS contributions").await;
    assert_eq!(
        json!(partitions),
        json!([["as_of=2024-03-04/run_id=fair-2"]])
    );
    let sql = "SELECT column_name, data_type FROM \"AwsDataCatalog\".information_schema.columns \
        WHERE table_schema = 'assay' AND table_name = 'observations_latest' ORDER BY ordinal_position LIMIT 2";
    let expected = json!([
        ["column_name", "data_type"],
        ["series", "varchar"],
        ["date", "date"]
    ]);
    assert_eq!(json!(rows(&served, sql).await), expected);
    let sql = "SELECT count(*) FROM \"AwsDataCatalog\".\"assay\".\"model_runs\"";
    assert_eq!(json!(rows(&served, sql).await[1]), json!(["3"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_are_refused_and_the_page_is_still_there() {
    let served = Served::start().await;
    let own = served.url.clone();
    for header in [("origin", own.as_str()), ("sec-fetch-site", "same-origin")] {
        let headers = [("x-amz-target", "AmazonAthena.ListWorkGroups"), header];
        let (status, text) = served.send(Method::POST, "/", &headers, "{}").await;
        assert_eq!(status, 403);
        assert!(text.contains("browsers are not answered here"), "{text}");
    }
    let foreign = [
        ("x-amz-target", "AmazonAthena.ListWorkGroups"),
        ("origin", "https://evil.example"),
    ];
    assert_eq!(served.send(Method::POST, "/", &foreign, "{}").await.0, 403);
    let (status, text) = served.send(Method::POST, "/", &[], "{}").await;
    assert_eq!(status, 403);
    assert!(
        text.contains("the header X-Amz-Target is missing"),
        "{text}"
    );
    // Unbuilt in tests, but asked of the site.
    let (status, text) = served.send(Method::GET, "/", &[], "").await;
    assert_eq!(status, 503);
    assert!(
        text.starts_with("This program was built without its page."),
        "{text}"
    );
}
