//! AWS in the way: secrets, permissions, the bus, the time limit.

use std::time::Duration;

use axum::http::Method;
use serde_json::json;
use shared::run::Status;

use super::stand_in::s3_error;
use super::world::{Stack, schedule};

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_is_missing_fails_the_run_and_says_what_to_do() {
    let mut stack = Stack::new("nosecret").await;
    stack
        .settings
        .insert("ASSAY_SECRET_ID", "nowhere".to_owned());
    let failed = stack.extract(&schedule("2024-09-20"), "r1").await;
    assert_eq!(
        failed.answer()["message"],
        "the secret `nowhere` does not exist or has no value"
    );
    assert_eq!(failed.metric("RunFailed"), 1);
    let report = stack.reports().await.remove(0);
    let advice = report.failure.unwrap().advice;
    assert_eq!(
        advice,
        "put a value such as {\"alphavantage\": \"KEY\", \"fred\": \"KEY\"} into it"
    );
    assert_eq!(stack.last_delivered()["detail"]["status"], "failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permission_that_is_missing_is_named() {
    let stack = Stack::new("nopermission").await;
    stack.stand_in.fail(|seen| {
        let is_state = seen.method == Method::PUT && seen.target.contains("state.json");
        is_state.then(|| (403, s3_error("AccessDenied")))
    });
    let failed = stack.extract(&schedule("2024-09-20"), "r1").await;
    assert_eq!(
        failed.answer()["message"],
        "no permission for `s3:PutObject` on `arn:aws:s3:::nopermission-lake/extraction-staging/state.json`"
    );
    assert_eq!(failed.metric("RunFailed"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_the_bus_does_not_take_is_sent_by_the_next_try_and_no_vendor_is_asked_again()
{
    let stack = Stack::new("nobus").await;
    stack.stand_in.fail(|seen| {
        let refusal = json!({"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure", "ErrorMessage": "busy"}]});
        (seen.operation == "AWSEvents.PutEvents").then(|| (200, refusal.to_string()))
    });
    let failed = stack.extract(&schedule("2024-09-20"), "r1").await;
    assert_eq!(
        failed.error(),
        (
            "Retry",
            "the event bus `nobus` did not take the event: InternalFailure: busy"
        )
    );
    let asked = stack.market.requests().len();
    stack.stand_in.recover();
    let again = stack.extract(&schedule("2024-09-20"), "r1").await;
    assert_eq!(again.answer()["outcome"], "done");
    assert_eq!(stack.market.requests().len(), asked);
    assert_eq!(stack.last_delivered()["detail"]["status"], "success");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lake_that_is_out_of_reach_is_tried_again_and_every_try_is_in_the_ledger() {
    let stack = Stack::new("down").await;
    stack.extract(&schedule("2024-09-20"), "r1").await.answer();
    stack.stand_in.fail(|seen| {
        let is_table = seen.method == Method::PUT && seen.target.contains("part-0.parquet");
        is_table.then(|| (503, s3_error("SlowDown")))
    });
    let failed = stack.train(&stack.last_delivered(), "r2").await;
    assert_eq!(failed.error().0, "Retry");
    assert!(
        failed.error().1.contains("SlowDown"),
        "{:?}",
        failed.error()
    );
    stack.stand_in.recover();
    let again = stack.train(&stack.last_delivered(), "r2").await;
    assert_eq!(again.answer()["status"], "success");
    let reports = stack.reports().await;
    let tries: Vec<(Status, bool)> = reports
        .iter()
        .map(|report| (report.status, report.attempt_id.contains(".try1")))
        .collect();
    assert_eq!(tries, [(Status::Success, false), (Status::Failed, true)]);
    stack.assert_readers_see_a_whole_run().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_would_pass_the_time_limit_stops_and_says_so() {
    let mut stack = Stack::new("slow").await;
    stack.extract(&schedule("2024-09-20"), "r1").await.answer();
    stack.limit = Duration::ZERO;
    let stopped = stack.train(&stack.last_delivered(), "r2").await;
    let message = "the run was stopped shortly before the function's time limit (0 s from its start); nothing was published";
    assert_eq!(
        (&stopped.answer()["status"], &stopped.answer()["message"]),
        (&json!("failed"), &json!(message))
    );
    assert_eq!(stopped.metric("RunFailed"), 1);
    assert_eq!(stack.current().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_without_its_bucket_says_so_at_once() {
    let mut stack = Stack::new("nobucket").await;
    stack.settings.remove("ASSAY_BUCKET");
    let died = stack.extract(&schedule("2024-09-20"), "r1").await;
    assert_eq!(died.end, super::runtime::End::Died);
    assert!(died.log.contains("ASSAY_BUCKET is not set"), "{}", died.log);
}
