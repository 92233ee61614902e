//! A weekday on AWS, end to end: the schedule's event, the extraction, its event, the published run, the site's first view.

use serde_json::{Value, json};
use shared::run::Status;

use super::world::{Stack, schedule};
use crate::world::{AV_KEY, FRED_KEY};

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one day, told in its order")]
async fn a_schedule_becomes_a_published_run_and_the_same_events_again_change_nothing() {
    let stack = Stack::new("weekday").await;
    let extracted = stack.extract(&schedule("2024-09-20"), "r1").await;
    let attempt_id = "20240920T082000Z-1f0c2e11";
    let answer = extracted.answer();
    assert_eq!(answer["outcome"], "done", "{answer}");
    assert_eq!(
        extracted.metrics,
        Vec::<Value>::new(),
        "the second half counts"
    );
    let attempt_id = answer["attempt_id"]
        .as_str()
        .unwrap_or(attempt_id)
        .to_owned();

    let done = stack.last_delivered();
    assert_eq!(
        (&done["source"], &done["detail-type"]),
        (&json!("data_extraction"), &json!("data_extraction_done"))
    );
    assert_eq!(
        done["detail"],
        json!({"status": "success", "attempt_id": attempt_id, "preset": "small", "as_of": "2024-09-20",
            "fresh": ["gold", "silver", "rate", "cpi"], "failed": []})
    );
    let trained = stack.train(&done, "r2").await;
    let answer = trained.answer();
    assert_eq!(
        (&answer["outcome"], &answer["status"]),
        (&json!("done"), &json!("success")),
        "{answer}"
    );
    assert_eq!(
        (
            trained.metric("RunSucceeded"),
            trained.metric("RunFailed"),
            trained.metric("StaleSeries")
        ),
        (1, 0, 0)
    );
    assert_eq!(trained.metrics[0]["FunctionName"], "assay-train");

    let run_id = stack.assert_readers_see_a_whole_run().await.unwrap();
    assert_eq!(answer["run_id"], json!(run_id));
    let snapshot = stack
        .object(&stack.lake, &format!("runs/{run_id}/snapshot.json"))
        .await;
    assert_eq!(stack.object(&stack.site, "api/valuation").await, snapshot);
    let shown = stack
        .stand_in
        .seen()
        .into_iter()
        .rfind(|seen| seen.target.contains("api/valuation"))
        .unwrap();
    assert_eq!(
        (
            shown.header("content-type").as_str(),
            shown.header("cache-control").as_str()
        ),
        ("application/json", "no-cache")
    );

    let reports = stack.reports().await;
    assert_eq!(reports.len(), 1);
    let steps: Vec<&str> = reports[0]
        .steps
        .iter()
        .map(|step| step.step.as_str())
        .collect();
    assert_eq!(
        steps,
        [
            "extract",
            "stage",
            "assemble",
            "train",
            "publish",
            "catalogue"
        ]
    );
    assert_eq!(
        (
            reports[0].status,
            reports[0].attempt_id.as_str(),
            reports[0].synthetic
        ),
        (Status::Success, attempt_id.as_str(), true)
    );
    assert_eq!(
        stack
            .keys(&stack.lake)
            .await
            .iter()
            .filter(|key| key.starts_with("journal/"))
            .count(),
        1
    );

    let before = (
        stack.contents().await,
        stack.market.requests().len(),
        stack.delivered().len(),
    );
    let again = stack.extract(&schedule("2024-09-20"), "r3").await;
    assert_eq!(
        again.answer(),
        &json!({"outcome": "already_done", "attempt_id": attempt_id})
    );
    let again = stack.train(&done, "r4").await;
    assert_eq!(
        again.answer(),
        &json!({"outcome": "already_done", "attempt_id": attempt_id})
    );
    let after = (
        stack.contents().await,
        stack.market.requests().len(),
        stack.delivered().len(),
    );
    assert_eq!(after, before);

    for log in [&extracted.log, &trained.log] {
        assert!(
            !log.contains(AV_KEY) && !log.contains(FRED_KEY),
            "a key is in the log: {log}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_fails_makes_a_partial_event_a_partial_run_and_a_metric() {
    let mut stack = Stack::new("partial").await;
    stack.extract(&schedule("2024-09-20"), "r1").await.answer();
    stack.train(&stack.last_delivered(), "r2").await.answer();
    let first = stack.current().await.unwrap().run_id;

    stack.go_to("2024-09-23");
    stack.faults(
        json!([{"match": {"vendor": "av", "symbol": "SLV"}, "fault": {"kind": "premium"}}]),
    );
    stack.extract(&schedule("2024-09-23"), "r3").await.answer();
    let done = stack.last_delivered();
    let detail = &done["detail"];
    assert_eq!(detail["status"], "partial");
    assert_eq!(detail["fresh"], json!(["gold", "rate", "cpi"]));
    assert_eq!(detail["failed"][0]["series"], "silver");
    assert!(
        detail["failed"][0]["message"]
            .as_str()
            .unwrap()
            .contains("premium"),
        "{detail}"
    );
    assert!(!done.to_string().contains(AV_KEY));

    let trained = stack.train(&done, "r4").await;
    assert_eq!(trained.answer()["status"], "partial");
    assert_eq!(
        (
            trained.metric("RunPartial"),
            trained.metric("StaleSeries"),
            trained.metric("RunFailed")
        ),
        (1, 1, 0)
    );
    let run_id = stack.assert_readers_see_a_whole_run().await.unwrap();
    assert_ne!(run_id, first);
    let reports = stack.reports().await;
    assert_eq!(
        reports
            .iter()
            .map(|report| report.status)
            .collect::<Vec<_>>(),
        [Status::Success, Status::Partial]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_from_the_vendors_on_the_first_day_is_a_failed_run_that_is_told_and_counted() {
    let stack = Stack::new("nothing").await;
    stack.faults(json!([{"match": {"vendor": "av"}, "fault": {"kind": "premium"}}]));
    let extracted = stack.extract(&schedule("2024-09-20"), "r1").await;
    let answer = extracted.answer();
    assert_eq!(
        (&answer["outcome"], &answer["status"]),
        (&json!("done"), &json!("failed"))
    );
    let message = answer["message"].as_str().unwrap();
    assert!(
        message.starts_with("nothing is known of gold, silver: "),
        "{message}"
    );
    assert_eq!(
        (
            extracted.metric("RunFailed"),
            extracted.metrics[0]["FunctionName"].as_str()
        ),
        (1, Some("assay-extract"))
    );
    let done = stack.last_delivered();
    assert_eq!(done["detail"]["status"], "failed");
    assert_eq!(stack.reports().await[0].status, Status::Failed);
    let trained = stack.train(&done, "r2").await;
    assert_eq!(trained.answer()["outcome"], "already_done");
    assert_eq!(stack.current().await, None);
}
