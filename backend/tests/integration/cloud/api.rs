//! The API function behind an HTTP API: reading, starting a run by an event, following it in the ledger.

use serde_json::{Value, json};
use shared::run::{Progress, RunReport};

use super::world::{Stack, schedule};

/// An HTTP API's request (payload format 2).
fn request(method: &str, path: &str, headers: &Value, body: &str) -> Value {
    let mut event: Value = serde_json::from_str(include_str!("events/http_run.json")).unwrap();
    event["routeKey"] = json!(format!("{method} {path}"));
    event["rawPath"] = json!(path);
    event["requestContext"]["http"]["method"] = json!(method);
    event["requestContext"]["http"]["path"] = json!(path);
    for (name, value) in headers.as_object().unwrap() {
        event["headers"][name] = value.clone();
    }
    event["body"] = json!(body);
    event
}

pub(super) fn get(path: &str) -> Value {
    request("GET", path, &json!({}), "")
}

/// The events of a stream that has ended.
fn events(body: &str) -> Vec<Progress> {
    let frames = body
        .split("\n\n")
        .filter_map(|frame| frame.strip_prefix("data: "));
    frames
        .map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_asked_for_on_the_page_is_an_event_that_becomes_the_attempt_it_named() {
    let stack = Stack::new("asked").await;
    let (status, _, body) = stack.ask(&get("/api/valuation")).await;
    assert_eq!(status, 404, "{body}");
    assert_eq!(
        serde_json::from_str::<Value>(&body).unwrap()["code"],
        "nothing_published"
    );
    let (status, _, body) = stack.ask(&get("/api/runs/live")).await;
    assert_eq!((status, body.as_str()), (204, ""), "nobody is at work");

    let foreign = json!({"origin": "https://elsewhere.example"});
    let (status, _, body) = stack
        .ask(&request("POST", "/api/runs", &foreign, "{}"))
        .await;
    assert_eq!(status, 403, "{body}");
    assert_eq!(stack.delivered(), Vec::<Value>::new());

    let (status, _, body) = stack
        .ask(&request("POST", "/api/runs", &json!({}), "{}"))
        .await;
    assert_eq!(status, 202, "{body}");
    let started: Value = serde_json::from_str(&body).unwrap();
    let mut wanted = stack.last_delivered();
    assert_eq!(
        (&wanted["source"], &wanted["detail-type"]),
        (&json!("assay.api"), &json!("run_requested"))
    );
    assert_eq!(
        wanted["detail"],
        json!({"preset": null, "grid": null, "as_of": null})
    );
    // moto gives the event its id in its answer; the bus delivers it under the same.
    wanted["id"] = json!(stack.stand_in.last_event_id());
    wanted["time"] = json!("2024-09-20T23:59:59Z");
    let extracted = stack.extract(&wanted, "r1").await;
    assert_eq!(extracted.answer()["attempt_id"], started["attempt_id"]);
}

/// The gateway and the router may read an odd path differently: without a token nothing is asked of Athena, whatever way it came.
async fn assert_tables_need_a_token(stack: &Stack) {
    let paths = [
        "/api/history",
        "/api/x/../history",
        "/api/series/vix",
        "/api/drivers",
        "/api/checks",
    ];
    for path in paths {
        let mut event = get(path);
        event["requestContext"]["authorizer"] = Value::Null;
        let (status, _, body) = stack.ask(&event).await;
        assert_eq!(status, 401, "{path}: {body}");
        let told: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(told["advice"], "sign in, then try again", "{path}");
    }
    let asked = stack.stand_in.seen().into_iter();
    let asked = asked.filter(|seen| seen.header("x-amz-target").contains("StartQueryExecution"));
    assert_eq!(asked.count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_published_is_read_and_progress_comes_from_the_ledger() {
    let stack = Stack::new("reading").await;
    stack.extract(&schedule("2024-09-20"), "r1").await.answer();
    stack.train(&stack.last_delivered(), "r2").await.answer();

    let (status, headers, body) = stack.ask(&get("/api/valuation")).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(
        (&headers["content-type"], &headers["cache-control"]),
        (&json!("application/json"), &json!("no-cache"))
    );
    assert_eq!(
        Some(body),
        stack.object(&stack.site, "api/valuation").await,
        "the site's copy is the API's answer"
    );

    let (_, _, body) = stack.ask(&get("/api/status")).await;
    let said: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (
            &said["running"],
            &said["synthetic"],
            &said["last_attempt"]["status"]
        ),
        (&json!(false), &json!(true), &json!("success"))
    );

    let (status, _, _) = stack.ask(&get("/api/runs/live")).await;
    assert_eq!(status, 204, "the run is over");
    let newest = stack.reports().await.remove(0);
    let (_, _, body) = stack
        .ask(&get(&format!("/api/runs/{}", newest.attempt_id)))
        .await;
    let told: RunReport = serde_json::from_str(&body).unwrap();
    assert_eq!(told, newest, "who started it follows its report");

    let lease = json!({"attempt_id": "20240920T235000Z-aaaaaaaa", "step": "assemble", "owner": "r9", "expires_at": "2024-09-21T00:10:00Z"});
    let target = format!("/{}/lease.json", stack.lake);
    stack
        .stand_in
        .send(axum::http::Method::PUT, &target, &lease.to_string())
        .await;
    let (_, headers, body) = stack.ask(&get("/api/runs/live")).await;
    assert_eq!(headers["content-type"], "text/event-stream");
    let Some(Progress::Working { message, .. }) = events(&body).pop() else {
        panic!("{body}")
    };
    assert_eq!(message, "attempt 20240920T235000Z-aaaaaaaa is at work");
    let (status, _, body) = stack
        .ask(&request("POST", "/api/runs", &json!({}), "{}"))
        .await;
    assert_eq!(status, 409, "{body}");
    assert_tables_need_a_token(&stack).await;
}
