//! Clients of Athena as they come from `PyPI`, unchanged: boto3, `PyAthena`, awswrangler.

use std::process::Command;

use serde_json::{Value, json};
use shared::query::Query;

use super::Served;
use crate::query::format::{Format, render};
use crate::query::{Limits, QueryEngine as _, named};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/athena.py");

/// What `assay query --format json` prints for every named question, and the tables.
async fn expected(served: &Served) -> Value {
    let mut questions = Vec::new();
    for question in named() {
        let query = Query {
            sql: question.sql.clone(),
        };
        let answer = served.engine.run(&query, Limits::default()).await.unwrap();
        let printed: Value = serde_json::from_str(&render(&answer, Format::Json)).unwrap();
        questions.push(json!({ "name": question.name, "sql": question.sql, "answer": printed }));
    }
    let tables = served.engine.tables().await.unwrap();
    json!({ "questions": questions, "tables": tables })
}

/// Runs the script with the Python of `scripts/bootstrap test`.
fn run_clients(url: &str, expected: &Value) -> String {
    let advice = "run `scripts/bootstrap test`, and build the tests with `. scripts/env.sh` or `make test-rust`";
    let tools =
        option_env!("ASSAY_TOOLS").unwrap_or_else(|| panic!("ASSAY_TOOLS is not set: {advice}"));
    let python = format!("{tools}/cloud/bin/python");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("expected.json");
    std::fs::write(&file, expected.to_string()).unwrap();
    let outcome = Command::new(&python)
        .args([SCRIPT.as_ref(), file.as_os_str()])
        .env("AWS_ENDPOINT_URL", url)
        .env("AWS_ACCESS_KEY_ID", "local")
        .env("AWS_SECRET_ACCESS_KEY", "local")
        .env("AWS_DEFAULT_REGION", "eu-west-1")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("NO_PROXY", "127.0.0.1")
        .env_remove("AWS_PROFILE")
        .output()
        .unwrap_or_else(|error| panic!("{python} cannot be started ({error}): {advice}"));
    let said = String::from_utf8_lossy(&outcome.stdout).into_owned();
    let trouble = String::from_utf8_lossy(&outcome.stderr);
    assert!(outcome.status.success(), "{said}\n{trouble}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn unmodified_clients_list_the_tables_and_get_the_rows_of_assay_query() {
    let served = Served::start().await;
    let expected = expected(&served).await;
    let questions = expected["questions"].as_array().unwrap();
    let rows = |question: &Value| question["answer"]["rows"].as_array().unwrap().len();
    let figures = format!(
        "{} questions, {} rows",
        questions.len(),
        questions.iter().map(rows).sum::<usize>()
    );
    let url = served.url.clone();
    let said = tokio::task::spawn_blocking(move || run_clients(&url, &expected))
        .await
        .unwrap();
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        lines,
        [
            format!("boto3: 12 tables, {figures}"),
            format!("PyAthena: 12 tables, {figures}"),
            format!("PyAthena pandas: {figures}"),
            format!("awswrangler: 12 tables, {figures}"),
        ]
    );
}
