//! What acts: starting runs, bodies that do not fit, and the progress of a run.

use axum::body::Body;
use axum::http::{Method, Request};
use futures::StreamExt;
use serde_json::{Value, json};
use shared::api::StartRun;
use shared::problem::Code;
use shared::run::{Progress, Step};
use tower::ServiceExt;

use super::fixtures::day;
use super::world::{HOST, World};

#[tokio::test]
async fn a_run_is_started_and_named() {
    let world = World::empty();
    let body = r#"{"preset": "classic", "as_of": "2024-09-23"}"#;
    let seen = world.post("/api/runs", body).await;
    assert_eq!(seen.status, 202);
    let started: Value = serde_json::from_slice(&seen.body).unwrap();
    assert_eq!(started, json!({ "attempt_id": "20240924T081500Z-0001" }));
    let what = StartRun {
        preset: Some("classic".to_owned()),
        grid: None,
        as_of: Some(day("2024-09-23")),
    };
    assert_eq!(world.runner.started(), [what]);
}

#[tokio::test]
async fn a_second_run_at_the_same_time_is_refused() {
    let world = World::empty().running("20240924T081500Z-0001");
    let seen = world.post("/api/runs", "{}").await;
    let message = "a run is going already: 20240924T081500Z-0001";
    seen.assert_problem(409, Code::RunInProgress, message);
}

#[tokio::test]
async fn a_run_of_something_unknown_is_refused() {
    let seen = World::empty()
        .post("/api/runs", r#"{"preset": "silver"}"#)
        .await;
    seen.assert_problem(400, Code::BadRequest, "there is no preset `silver`");
}

#[tokio::test]
async fn a_run_that_nobody_can_be_told_of_is_no_run() {
    let seen = World::empty()
        .post("/api/runs", r#"{"preset": "nowhere"}"#)
        .await;
    let message = "the run could not be started: the event bus is down";
    seen.assert_problem(502, Code::Internal, message);
}

#[tokio::test]
async fn bodies_that_do_not_fit_say_why() {
    let world = World::empty();
    let cases = [
        (
            "",
            "the body does not fit: EOF while parsing a value at line 1 column 0",
        ),
        (
            "{}",
            "the body does not fit: missing field `sql` at line 1 column 2",
        ),
        (
            r#"{"sql": 1}"#,
            "the body does not fit: sql: invalid type: integer `1`, expected a string at line 1 column 9",
        ),
    ];
    for (body, message) in cases {
        let seen = world.post("/api/query", body).await;
        assert_eq!(seen.status.as_u16() / 100, 4);
        seen.assert_problem(400, Code::BadRequest, message);
    }
}

#[tokio::test]
async fn only_json_is_taken() {
    let world = World::empty();
    for kind in ["text/plain", "application/x-www-form-urlencoded"] {
        let headers = [("content-type", kind)];
        let body = r#"{"sql": "SELECT 1"}"#;
        for path in ["/api/query", "/api/runs"] {
            let seen = world.send(Method::POST, path, &headers, body).await;
            let message = "the body is not declared as JSON";
            seen.assert_problem(415, Code::BadRequest, message);
        }
    }
    assert_eq!(world.runner.started(), []);
}

#[tokio::test]
async fn a_body_of_64_kb_is_read_and_one_byte_more_is_not() {
    let world = World::empty();
    let padding = " ".repeat(64 * 1024 - 2);
    let seen = world.post("/api/runs", &format!("{{}}{padding}")).await;
    assert_eq!(seen.status, 202);
    let seen = world.post("/api/runs", &format!("{{}}{padding} ")).await;
    let message = "the body is larger than 64 kB";
    seen.assert_problem(413, Code::BadRequest, message);
    assert_eq!(world.runner.started().len(), 1);
}

#[tokio::test]
async fn progress_is_streamed_as_it_comes() {
    let world = World::empty();
    let request = Request::get("/api/runs/live").header("host", HOST);
    let request = request.body(Body::empty()).unwrap();
    let response = world.router().oneshot(request).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut frames = response.into_body().into_data_stream();
    let events = [
        Progress::Started {
            attempt_id: "20240924T081500Z-0001".to_owned(),
            preset: "fair".to_owned(),
        },
        Progress::Working {
            step: Step::Train,
            done: 3,
            total: 11,
            message: "fold 3 of 11".to_owned(),
            seconds_left: Some(1.5),
        },
    ];
    for event in &events {
        world.runner.progress.send(event.clone()).unwrap();
        let frame = frames.next().await.unwrap().unwrap();
        let text = std::str::from_utf8(&frame).unwrap();
        let data = text.strip_prefix("data: ").unwrap();
        assert!(data.ends_with("\n\n"), "{text:?}");
        assert_eq!(&serde_json::from_str::<Progress>(data).unwrap(), event);
    }
}

#[tokio::test]
async fn a_reader_who_is_too_slow_still_gets_the_newest() {
    let world = World::empty();
    let request = Request::get("/api/runs/live").header("host", HOST);
    let request = request.body(Body::empty()).unwrap();
    let response = world.router().oneshot(request).await.unwrap();
    // The double's channel holds 16.
    for done in 0..40 {
        let event = Progress::Working {
            step: Step::Train,
            done,
            total: 40,
            message: String::new(),
            seconds_left: None,
        };
        world.runner.progress.send(event).unwrap();
    }
    let frames = response.into_body().into_data_stream();
    let seen: Vec<u64> = frames
        .take(16)
        .map(|frame| {
            let text = String::from_utf8(frame.unwrap().to_vec()).unwrap();
            let data: Value = serde_json::from_str(text.trim_start_matches("data: ")).unwrap();
            data["done"].as_u64().unwrap()
        })
        .collect()
        .await;
    assert_eq!(seen, (24..40).collect::<Vec<_>>());
}
