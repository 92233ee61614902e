//! Contributions against Shapley's own formula.

use super::*;

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
