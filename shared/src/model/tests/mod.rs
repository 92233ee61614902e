//! The evaluator against values computed by hand, against Shapley's own formula, and on broken files.

mod refusals;
mod shapley;

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

#[test]
#[should_panic(expected = "values in the row, features of the model")]
fn a_row_of_another_width_is_a_mistake_of_the_caller() {
    let model = parse(&forest(&[small()], 2)).unwrap();
    assert!(matches!(model.booster, Booster::Trees(_)));
    model.predict(&[1.0]);
}
