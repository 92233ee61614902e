//! Events delivered out of order, twice at once, or while another run goes: the effect of one.

use std::time::Duration;

use axum::http::Method;
use serde_json::json;

use super::world::{Stack, schedule};

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_comes_after_a_newer_run_does_not_turn_the_pointer_back() {
    let mut stack = Stack::new("late").await;
    stack.extract(&schedule("2024-09-20"), "r1").await.answer();
    let friday = stack.last_delivered();
    stack.go_to("2024-09-23");
    stack.extract(&schedule("2024-09-23"), "r2").await.answer();
    stack.train(&stack.last_delivered(), "r3").await.answer();
    let monday = stack.current().await.unwrap();
    let late = stack.train(&friday, "r4").await;
    assert_eq!(late.answer()["outcome"], "done");
    assert_eq!(stack.current().await.unwrap(), monday);
    let reports = stack.reports().await;
    assert_eq!(
        reports[0].warnings,
        [format!(
            "left out: the event came so late that the newer run `{}` was published before",
            monday.run_id
        )]
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
}

#[tokio::test(flavor = "multi_thread")]
async fn two_deliveries_at_once_have_the_effect_of_one() {
    let stack = Stack::new("twice").await;
    let event = schedule("2024-09-20");
    let (one, two) = tokio::join!(stack.extract(&event, "r1"), stack.extract(&event, "r2"));
    let mut outcomes = [
        one.answer()["outcome"].clone(),
        two.answer()["outcome"].clone(),
    ];
    outcomes.sort_by_key(ToString::to_string);
    let done = stack.last_delivered();
    // The second may come so late that the first is done: then it tells the bus again, which is harmless.
    assert!(outcomes.contains(&json!("done")), "{outcomes:?}");
    let (one, two) = tokio::join!(stack.train(&done, "r3"), stack.train(&done, "r4"));
    let outcomes = [&one.answer()["outcome"], &two.answer()["outcome"]];
    assert_eq!(
        outcomes
            .iter()
            .filter(|outcome| **outcome == "done")
            .count(),
        1,
        "{outcomes:?}"
    );
    assert_eq!(stack.reports().await.len(), 1);
    assert_eq!(stack.current().await.unwrap().published.len(), 1);
    assert_eq!(
        stack.market.requests().len(),
        5,
        "each vendor was asked once for each thing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_meets_another_one_is_tried_again_and_the_dead_ones_lease_ends() {
    let mut stack = Stack::new("busy").await;
    // Too little to wait for the other one.
    stack.limit = Duration::from_mins(4);
    let lease = json!({"attempt_id": "20240920T070000Z-aaaaaaaa", "step": "train", "owner": "r0", "expires_at": "2024-09-21T00:10:00Z"});
    let target = format!("/{}/lease.json", stack.lake);
    stack
        .stand_in
        .send(Method::PUT, &target, &lease.to_string())
        .await;
    let busy = stack.extract(&schedule("2024-09-20"), "r1").await;
    assert_eq!(
        busy.error(),
        (
            "Retry",
            "attempt 20240920T070000Z-aaaaaaaa is going in this lake"
        )
    );
    assert_eq!(stack.market.requests().len(), 0);
    assert_eq!(busy.metrics, Vec::<serde_json::Value>::new());
    stack.go_to("2024-09-21");
    let free = stack.extract(&schedule("2024-09-20"), "r1").await;
    assert_eq!(free.answer()["outcome"], "done");
}
