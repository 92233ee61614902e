//! The evaluator against values computed by hand, against Shapley's own formula, and on broken files.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::error::{Fault, ModelError};
use super::forest::MAX_DEPTH;
use super::{Booster, Model};

const FEATURES: usize = 5;

/// A tree as the tests think of it.
#[derive(Clone, Debug)]
enum Tree {
    Leaf {
        value: f32,
        cover: f32,
    },
    Split {
        feature: usize,
        threshold: f32,
        default_left: bool,
        sides: Box<[Tree; 2]>,
    },
}

fn leaf(value: f32, cover: f32) -> Tree {
    Tree::Leaf { value, cover }
}

fn split(feature: usize, threshold: f32, default_left: bool, left: Tree, right: Tree) -> Tree {
    Tree::Split {
        feature,
        threshold,
        default_left,
        sides: Box::new([left, right]),
    }
}

impl Tree {
    fn cover(&self) -> f32 {
        match self {
            Tree::Leaf { cover, .. } => *cover,
            Tree::Split { sides, .. } => sides.iter().map(Tree::cover).sum(),
        }
    }

    /// What the tree says on average over the training rows, given the features in `known` (a bit each).
    fn expectation(&self, row: &[f32], known: usize) -> f64 {
        match self {
            Tree::Leaf { value, .. } => f64::from(*value),
            Tree::Split {
                feature,
                threshold,
                default_left,
                sides,
            } => {
                let value = row[*feature];
                let left = if value.is_nan() {
                    *default_left
                } else {
                    value < *threshold
                };
                if known >> feature & 1 == 1 {
                    return sides[usize::from(!left)].expectation(row, known);
                }
                let part = |side: &Tree| f64::from(side.cover()) * side.expectation(row, known);
                sides.iter().map(part).sum::<f64>() / f64::from(self.cover())
            }
        }
    }

    /// Appends the tree to XGBoost's arrays, children next to each other as XGBoost has them.
    fn write(&self, at: usize, arrays: &mut [Vec<Value>; 6]) {
        let set = |arrays: &mut [Vec<Value>; 6], node: [Value; 6]| {
            for (array, value) in arrays.iter_mut().zip(node) {
                array[at] = value;
            }
        };
        match self {
            Tree::Leaf { value, cover } => {
                let node = [
                    json!(-1),
                    json!(-1),
                    json!(0),
                    json!(value),
                    json!(0),
                    json!(cover),
                ];
                set(arrays, node);
            }
            Tree::Split {
                feature,
                threshold,
                default_left,
                sides,
            } => {
                let left = arrays[0].len();
                let node = [
                    json!(left),
                    json!(left + 1),
                    json!(feature),
                    json!(threshold),
                    json!(u8::from(*default_left)),
                    json!(self.cover()),
                ];
                set(arrays, node);
                for array in arrays.iter_mut() {
                    array.extend([Value::Null, Value::Null]);
                }
                sides[0].write(left, arrays);
                sides[1].write(left + 1, arrays);
            }
        }
    }

    fn json(&self) -> Value {
        let mut arrays = std::array::from_fn(|_| vec![Value::Null]);
        self.write(0, &mut arrays);
        let nodes = arrays[0].len();
        let [left, right, feature, condition, default, cover] = arrays;
        json!({
            "left_children": left, "right_children": right, "split_indices": feature, "split_conditions": condition,
            "default_left": default, "sum_hessian": cover, "split_type": vec![0; nodes],
        })
    }
}

/// A model file with a base score of 0.5.
fn file(booster: &Value, features: usize) -> Value {
    json!({
        "learner": {
            "gradient_booster": booster,
            "learner_model_param": {
                "base_score": "[5E-1]", "num_class": "0", "num_feature": features.to_string(), "num_target": "1",
            },
            "objective": {"name": "reg:squarederror"},
        },
        "version": [3, 4, 1],
    })
}

fn forest(trees: &[Tree], features: usize) -> Value {
    let trees: Vec<Value> = trees.iter().map(Tree::json).collect();
    let booster =
        json!({"name": "gbtree", "model": {"tree_info": vec![0; trees.len()], "trees": trees}});
    file(&booster, features)
}

fn linear(weights: &[f32]) -> Value {
    let booster = json!({"name": "gblinear", "model": {"weights": weights}});
    file(&booster, weights.len() - 1)
}

fn parse(file: &Value) -> Result<Model, ModelError> {
    Model::parse(file.to_string().as_bytes())
}

/// Two features; node numbers 0 to 4.
fn small() -> Tree {
    let right = split(1, 2.0, true, leaf(2.0, 2.0), leaf(5.0, 4.0));
    split(0, 0.5, false, leaf(-1.0, 4.0), right)
}

fn assert_close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (one, other) in found.iter().zip(expected) {
        assert!(
            (one - other).abs() < 1e-12,
            "{found:?} instead of {expected:?}"
        );
    }
}

#[test]
fn a_small_tree_by_hand() {
    let model = parse(&forest(&[small()], 2)).unwrap();
    assert_eq!(model.feature_count(), 2);
    // v{} = (4·−1 + 2·2 + 4·5) / 10 = 2, v{0} = (2·2 + 4·5) / 6 = 4, v{1} = 0.4·−1 + 0.6·5 = 2.6, v{0,1} = 5;
    // φ0 = ((4 − 2) + (5 − 2.6)) / 2, φ1 = ((2.6 − 2) + (5 − 4)) / 2.
    assert_close(&[model.predict(&[1.0, 3.0])], &[5.5]);
    assert_close(&model.contributions(&[1.0, 3.0]), &[2.2, 0.8, 2.5]);
    // A threshold itself goes right; missing values go where training sent them: here right, then left.
    assert_close(&[model.predict(&[0.5, 2.0])], &[5.5]);
    assert_close(&[model.predict(&[f32::NAN, f32::NAN])], &[2.5]);
    assert_close(&[model.predict(&[0.499_999_97, 3.0])], &[-0.5]);
}

#[test]
fn a_linear_model_by_hand() {
    let model = parse(&linear(&[2.0, -1.0, 0.25])).unwrap();
    assert_close(&[model.predict(&[3.0, 4.0])], &[2.75]);
    assert_close(&model.contributions(&[3.0, 4.0]), &[6.0, -4.0, 0.75]);
    assert_close(&[model.predict(&[f32::NAN, 4.0])], &[-3.25]);
    assert_close(&model.contributions(&[f32::NAN, 4.0]), &[0.0, -4.0, 0.75]);
}

#[test]
fn trees_without_splits_and_no_trees_at_all() {
    let model = parse(&forest(&[leaf(0.25, 10.0)], 1)).unwrap();
    assert_close(&[model.predict(&[1.0])], &[0.75]);
    assert_close(&model.contributions(&[1.0]), &[0.0, 0.75]);
    let model = parse(&forest(&[], 1)).unwrap();
    assert_close(&model.contributions(&[1.0]), &[0.0, 0.5]);
}

#[test]
fn every_spelling_of_the_base_score() {
    for (text, expected) in [
        ("[5E-1]", 0.5),
        ("5E-1", 0.5),
        ("[ 2.5E3 ]", 2500.0),
        ("-1.5", -1.5),
    ] {
        let mut file = forest(&[], 1);
        file["learner"]["learner_model_param"]["base_score"] = json!(text);
        assert_close(&[parse(&file).unwrap().predict(&[0.0])], &[expected]);
    }
}

/// Pruning leaves nodes behind that nothing leads to, with −1 for a feature.
#[test]
fn pruned_nodes_are_ignored() {
    let mut file = forest(&[small()], 2);
    let tree = &mut file["learner"]["gradient_booster"]["model"]["trees"][0];
    for (array, value) in [
        ("left_children", json!(-1)),
        ("right_children", json!(-1)),
        ("split_indices", json!(-1)),
        ("split_conditions", json!(0.0)),
        ("default_left", json!(0)),
        ("sum_hessian", json!(0.0)),
        ("split_type", json!(0)),
    ] {
        tree[array].as_array_mut().unwrap().push(value);
    }
    assert_eq!(
        parse(&file).unwrap(),
        parse(&forest(&[small()], 2)).unwrap()
    );
}

#[test]
fn no_cover_is_survived() {
    for (left, right) in [(0.0, 3.0), (0.0, 0.0)] {
        let inner = split(0, 1.0, true, leaf(1.0, left), leaf(2.0, right));
        let model = parse(&forest(&[split(0, 2.0, true, inner, leaf(5.0, 0.0))], 1)).unwrap();
        for value in [0.0, 1.5, 2.5, f32::NAN] {
            let sum: f64 = model.contributions(&[value]).iter().sum();
            assert!(
                (sum - model.predict(&[value])).abs() < 1e-6,
                "{value}: {sum}"
            );
        }
    }
}

/// Shapley's formula over all coalitions of the features.
fn shapley(trees: &[Tree], row: &[f32]) -> Vec<f64> {
    let factorial = |n: usize| (1..=n).product::<usize>() as f64;
    let worth = |known| {
        trees
            .iter()
            .map(|tree| tree.expectation(row, known))
            .sum::<f64>()
    };
    let value = |feature: usize| {
        let without = (0..1_usize << row.len()).filter(|known| known >> feature & 1 == 0);
        without
            .map(|known| {
                let size = known.count_ones() as usize;
                let weight =
                    factorial(size) * factorial(row.len() - size - 1) / factorial(row.len());
                weight * (worth(known | 1 << feature) - worth(known))
            })
            .sum()
    };
    let bias = std::iter::once(0.5 + worth(0));
    (0..row.len()).map(value).chain(bias).collect()
}

/// Trees up to seven splits deep over few features, so that paths repeat them.
fn any_tree() -> impl Strategy<Value = Tree> {
    let leaf = (-3.0_f32..3.0, 1_u8..50).prop_map(|(value, cover)| leaf(value, f32::from(cover)));
    leaf.prop_recursive(7, 60, 2, |side| {
        (0..FEATURES, -2_i8..3, any::<bool>(), side.clone(), side).prop_map(
            |(feature, at, default, left, right)| {
                split(feature, f32::from(at), default, left, right)
            },
        )
    })
}

fn any_value() -> impl Strategy<Value = f32> {
    prop_oneof![1 => Just(f32::NAN), 2 => (-3_i8..4).prop_map(f32::from), 3 => -3.0_f32..3.0]
}

proptest! {
    #[test]
    fn contributions_are_shapleys(
        trees in prop::collection::vec(any_tree(), 1..4),
        row in prop::collection::vec(any_value(), FEATURES),
    ) {
        let model = parse(&forest(&trees, FEATURES)).unwrap();
        let everything = trees.iter().map(|tree| tree.expectation(&row, usize::MAX)).sum::<f64>() + 0.5;
        prop_assert!((model.predict(&row) - everything).abs() < 1e-5);
        for (found, exact) in model.contributions(&row).iter().zip(shapley(&trees, &row)) {
            prop_assert!((found - exact).abs() < 1e-9, "{found} instead of {exact}");
        }
    }
}

/// A chain of splits, each by a feature of its own, with a leaf beside each.
fn chain(features: usize) -> Tree {
    (0..features).fold(leaf(1.0, 1.0), |below, feature| {
        split(feature, 0.0, true, below, leaf(feature as f32 / 8.0, 1.0))
    })
}

#[test]
fn a_long_path_is_shapleys_too() {
    let model = parse(&forest(&[chain(13)], 13)).unwrap();
    for row in [[-1.0; 13], [1.0; 13], [f32::NAN; 13]] {
        assert_close(&model.contributions(&row), &shapley(&[chain(13)], &row));
    }
}

#[test]
fn the_longest_path_adds_up() {
    let model = parse(&forest(&[chain(MAX_DEPTH)], MAX_DEPTH)).unwrap();
    let contributions = model.contributions(&[-1.0; MAX_DEPTH]);
    let sum: f64 = contributions.iter().sum();
    assert_close(&[sum], &[model.predict(&[-1.0; MAX_DEPTH])]);
}

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

#[test]
#[should_panic(expected = "values in the row, features of the model")]
fn a_row_of_another_width_is_a_mistake_of_the_caller() {
    let model = parse(&forest(&[small()], 2)).unwrap();
    assert!(matches!(model.booster, Booster::Trees(_)));
    model.predict(&[1.0]);
}
