//! Files that are no model: each is refused in words, and none makes it panic.

use super::*;

/// The message for `file` with the value at `pointer` (below the booster's model, if it is relative) replaced.
fn refusal(mut file: Value, pointer: &str, value: Value) -> String {
    let path = match pointer.strip_prefix("tree/") {
        Some(rest) => format!("/learner/gradient_booster/model/trees/0/{rest}"),
        None => format!("/learner/{pointer}"),
    };
    *file.pointer_mut(&path).unwrap() = value;
    parse(&file).unwrap_err().to_string()
}

#[test]
fn refused_kinds_are_named() {
    let cases = [
        (
            "objective/name",
            json!("reg:gamma"),
            "objective is `reg:gamma`",
        ),
        ("gradient_booster/name", json!("dart"), "booster is `dart`"),
        (
            "gradient_booster/name",
            json!("forest"),
            "booster is `forest`",
        ),
        (
            "learner_model_param/num_class",
            json!("3"),
            "num_class is `3`",
        ),
        (
            "learner_model_param/num_target",
            json!("2"),
            "num_target is `2`",
        ),
        (
            "learner_model_param/base_score",
            json!("[0.5,1]"),
            "base_score is `[0.5,1]`",
        ),
        (
            "learner_model_param/num_feature",
            json!("100000"),
            "num_feature is `100000`",
        ),
        (
            "gradient_booster/model/tree_info",
            json!([1]),
            "tree_info is `1`",
        ),
        (
            "tree/split_type",
            json!([0, 0, 1, 0, 0]),
            "split_type is `categorical`",
        ),
    ];
    for (pointer, value, expected) in cases {
        let message = refusal(forest(&[small()], 2), pointer, value);
        assert!(
            message.starts_with(&format!("the model's {expected}, but only ")),
            "{message}"
        );
    }
    let mut dart = forest(&[small()], 2);
    dart["learner"]["gradient_booster"]["model"]["weight_drop"] = json!([0.5]);
    let expected = "the model's booster is `dart`, but only `gbtree` or `gblinear` can be evaluated; train it with that";
    assert_eq!(parse(&dart).unwrap_err().to_string(), expected);
}

#[test]
fn broken_trees_are_refused() {
    // Nodes of the small tree: 0 splits into 1 and 2, 2 splits into 3 and 4.
    let cases = [
        (
            "left_children",
            json!([1, -1, 5, -1, -1]),
            2,
            Fault::NoSuchChild,
        ),
        (
            "right_children",
            json!([2, -1, -7, -1, -1]),
            2,
            Fault::NoSuchChild,
        ),
        ("left_children", json!([1, -1, 0, -1, -1]), 2, Fault::Cover),
        (
            "right_children",
            json!([1, -1, 4, -1, -1]),
            1,
            Fault::ReachedTwice,
        ),
        (
            "split_indices",
            json!([0, 0, 2, 0, 0]),
            2,
            Fault::NoSuchFeature,
        ),
        (
            "split_indices",
            json!([-1, 0, 1, 0, 0]),
            0,
            Fault::NoSuchFeature,
        ),
        ("sum_hessian", json!([10, 4, 6, -2, 4]), 2, Fault::Cover),
        ("sum_hessian", json!([10, 4, 60, 2, 4]), 0, Fault::Cover),
    ];
    for (array, value, at, expected) in cases {
        let mut file = forest(&[small()], 2);
        file["learner"]["gradient_booster"]["model"]["trees"][0][array] = value;
        match parse(&file).unwrap_err() {
            ModelError::Tree {
                tree: 0,
                node,
                fault,
            } => assert_eq!((node, fault), (at, expected), "{array}"),
            other => panic!("{array}: {other}"),
        }
    }
}

#[test]
fn a_circle_is_refused() {
    let mut file = forest(&[small()], 2);
    let tree = &mut file["learner"]["gradient_booster"]["model"]["trees"][0];
    tree["left_children"] = json!([1, -1, 0, -1, -1]);
    tree["sum_hessian"] = json!([1, 1, 1, 1, 1]);
    let message = parse(&file).unwrap_err().to_string();
    assert_eq!(
        message,
        "node 0 of the model's tree 0 is reached twice; save the model again"
    );
}

#[test]
fn the_depth_is_limited() {
    let chain = |splits| {
        let one = |below, _| split(0, 0.0, true, below, leaf(0.0, 1.0));
        (0..splits).fold(leaf(1.0, 1.0), one)
    };
    let model = parse(&forest(&[chain(MAX_DEPTH)], 1)).unwrap();
    assert_close(&[model.predict(&[-1.0])], &[1.5]);
    let message = parse(&forest(&[chain(MAX_DEPTH + 1)], 1))
        .unwrap_err()
        .to_string();
    assert!(
        message.ends_with("lies deeper than 64 splits; save the model again"),
        "{message}"
    );
}

#[test]
fn broken_arrays_and_parameters_are_refused() {
    let refusal = |pointer, value| refusal(forest(&[small()], 2), pointer, value);
    assert_eq!(
        refusal("tree/default_left", json!([1, 1])),
        "the model's default_left has 2 entries instead of 5; save the model again"
    );
    assert_eq!(
        refusal("tree/left_children", json!([])),
        "the model's left_children has 0 entries instead of 1; save the model again"
    );
    assert_eq!(
        refusal("gradient_booster/model/tree_info", json!([])),
        "the model's tree_info has 0 entries instead of 1; save the model again"
    );
    for text in ["", "[]", "nan", "1e99", "half"] {
        assert_eq!(
            refusal("learner_model_param/base_score", json!(text)),
            format!(
                "the model's parameter base_score is `{text}`, which is no such number; save the model again"
            )
        );
    }
    let message = parse(&file(
        &json!({"name": "gblinear", "model": {"weights": [1.0]}}),
        2,
    ));
    assert_eq!(
        message.unwrap_err().to_string(),
        "the model's weights has 1 entries instead of 3; save the model again"
    );
    assert!(matches!(
        Model::parse(b"{\"learner\":"),
        Err(ModelError::Json(_))
    ));
    assert!(matches!(Model::parse(b"[]"), Err(ModelError::Json(_))));
    // The parser takes no number that 32 bits cannot hold.
    let too_large = linear(&[2.0, 0.0]).to_string().replace("2.0", "2e39");
    assert!(matches!(
        Model::parse(too_large.as_bytes()),
        Err(ModelError::Json(_))
    ));
}

/// Every byte of a model file replaced by a few others: an error, or a model that can be evaluated.
#[test]
fn no_changed_byte_makes_it_panic() {
    let original = forest(&[small(), small()], 2).to_string().into_bytes();
    let mut accepted = 0;
    for at in 0..original.len() {
        for byte in *b"0129-.e,[]\"" {
            let mut changed = original.clone();
            changed[at] = byte;
            if let Ok(model) = Model::parse(&changed) {
                accepted += 1;
                let row = vec![1.0; model.feature_count()];
                assert!(!model.predict(&row).is_nan());
                assert!(!model.contributions(&row).iter().any(|value| value.is_nan()));
            }
        }
    }
    assert!(accepted > 100, "{accepted}");
}
