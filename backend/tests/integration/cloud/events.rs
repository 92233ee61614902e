//! Events that are not for the function, or not what they should be.

use serde_json::{Value, json};

use super::world::{Stack, schedule};

fn event(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_function_does_not_understand_is_refused_once_and_counted() {
    let stack = Stack::new("foreign").await;
    let mut misfit = event(include_str!("events/run_requested.json"));
    misfit["detail"] = json!({"presets": ["fair"]});
    let mut unknown = event(include_str!("events/run_requested.json"));
    unknown["detail"]["preset"] = json!("silver");
    let cases = [
        (
            event(include_str!("events/s3_object_created.json")),
            "events `Object Created` from `aws.s3` are not for this function",
        ),
        (
            event(include_str!("events/sqs_message.json")),
            "this is no event of EventBridge: missing field `id`",
        ),
        (
            event(include_str!("events/unknown_attempt.json")),
            "events `data_extraction_done` from `data_extraction` are not for this function",
        ),
        (
            misfit,
            "the detail of `run_requested` does not fit: unknown field `presets`, expected one of `preset`, `grid`, `as_of`",
        ),
        (
            unknown,
            "the detail of `run_requested` does not fit: there is no preset `silver`",
        ),
    ];
    for (event, message) in cases {
        let refused = stack.extract(&event, "r1").await;
        assert_eq!(
            refused.answer(),
            &json!({"outcome": "refused", "message": message})
        );
        assert_eq!(
            (refused.metric("EventRefused"), refused.metric("RunFailed")),
            (1, 0)
        );
    }
    let cases = [
        (
            schedule("2024-09-20"),
            "events `run_requested` from `assay.api` are not for this function",
        ),
        (
            event(include_str!("events/unknown_attempt.json")),
            "the detail of `data_extraction_done` does not fit: this lake knows no extraction of attempt `20240920T082000Z-00000000`",
        ),
    ];
    for (event, message) in cases {
        let refused = stack.train(&event, "r1").await;
        assert_eq!(
            refused.answer(),
            &json!({"outcome": "refused", "message": message})
        );
    }
    assert_eq!(stack.keys(&stack.lake).await, Vec::<String>::new());
    assert_eq!(stack.market.requests().len(), 0);
}
