//! The evaluator in `shared::model` gives XGBoost's own numbers, on random models.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be trained here is a failed test"
)]

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use shared::model::{Model, ModelError};
use xgb::parameters::BoosterParameters;
use xgb::{Booster, DMatrix};

/// Greatest difference from XGBoost, relative to the greater of 1 and XGBoost's number.
const TOLERANCE: f64 = 1e-6;

/// Rows compared per model; some of them were trained on.
const COMPARED: usize = 24;

type Parameters = Vec<(&'static str, String)>;

/// Rows of features, and labels that depend on them.
struct Data {
    features: usize,
    values: Vec<f32>,
    labels: Vec<f32>,
}

impl Data {
    /// Some features are constant, some have ties, and in most tables some values are missing.
    fn random(rng: &mut ChaCha8Rng) -> Self {
        let features = rng.random_range(1..=30);
        let rows = rng.random_range(COMPARED..250);
        let missing = (rng.random_range(-0.2..0.4_f64)).max(0.0);
        let constant: Vec<bool> = (0..features).map(|_| rng.random_bool(0.15)).collect();
        let ties: Vec<bool> = (0..features).map(|_| rng.random_bool(0.3)).collect();
        let slopes: Vec<f32> = (0..features).map(|_| rng.random_range(-1.0..1.0)).collect();
        let (mut values, mut labels) = (Vec::new(), Vec::new());
        for _ in 0..rows {
            let mut label = rng.random_range(-0.2..0.2);
            for feature in 0..features {
                let drawn: f32 = rng.random_range(-2.0..2.0);
                let value = match (constant[feature], ties[feature]) {
                    (true, _) => 1.25,
                    (false, true) => drawn.round(),
                    (false, false) => drawn,
                };
                label += slopes[feature] * value * (value * 1.7).cos() / features as f32;
                let shown = !rng.random_bool(missing);
                values.push(if shown { value } else { f32::NAN });
            }
            labels.push(label);
        }
        Self {
            features,
            values,
            labels,
        }
    }

    /// Rows to compare: half of those trained on, which hit thresholds exactly, and half new ones.
    fn rows(&self, rng: &mut ChaCha8Rng) -> Vec<f32> {
        let half = COMPARED / 2 * self.features;
        let mut rows = self.values[..half].to_vec();
        let fresh = |_| {
            let value = rng.random_range(-3.0..3.0);
            if rng.random_bool(0.1) {
                f32::NAN
            } else {
                value
            }
        };
        rows.extend((0..half).map(fresh));
        rows
    }
}

fn train(data: &Data, parameters: &Parameters, rounds: i32) -> Booster {
    let mut matrix = DMatrix::from_dense(&data.values, data.labels.len()).unwrap();
    matrix.set_labels(&data.labels).unwrap();
    let none = BoosterParameters::default();
    let mut booster = Booster::new_with_cached_dmats(&none, &[&matrix]).unwrap();
    for (name, value) in [("nthread", "1"), ("verbosity", "0")] {
        booster.set_param(name, value).unwrap();
    }
    for (name, value) in parameters {
        booster.set_param(name, value).unwrap();
    }
    for round in 0..rounds {
        booster.update(&matrix, round).unwrap();
    }
    booster
}

fn parse(booster: &Booster) -> Result<Model, ModelError> {
    Model::parse(&booster.save_buffer(false).unwrap())
}

fn random_tree_parameters(rng: &mut ChaCha8Rng) -> Parameters {
    let mut parameters = vec![
        ("max_depth", rng.random_range(1..=10).to_string()),
        ("eta", rng.random_range(0.02..1.0).to_string()),
        ("subsample", rng.random_range(0.5..=1.0).to_string()),
        ("colsample_bytree", rng.random_range(0.5..=1.0).to_string()),
        ("lambda", rng.random_range(0.0..3.0).to_string()),
        ("min_child_weight", rng.random_range(0.0..2.0).to_string()),
        ("seed", rng.random_range(0..1000).to_string()),
    ];
    let method = ["exact", "hist", "approx"][rng.random_range(0..3)];
    parameters.push(("tree_method", method.to_owned()));
    // Prunes some splits, or all.
    if rng.random_bool(0.3) {
        let gamma = [0.01, 0.1, 1e9][rng.random_range(0..3)];
        parameters.push(("gamma", gamma.to_string()));
    }
    if rng.random_bool(0.2) {
        parameters.push(("num_parallel_tree", "3".to_owned()));
    }
    random_base_score(rng, &mut parameters);
    parameters
}

/// Sets a base score, or leaves XGBoost to estimate one.
fn random_base_score(rng: &mut ChaCha8Rng, parameters: &mut Parameters) {
    if rng.random_bool(0.5) {
        let score: f32 = rng.random_range(-5.0..5.0);
        parameters.push(("base_score", score.to_string()));
    }
}

/// Compares predictions and contributions; differences are relative to the number, if it is greater than `scale`.
fn assert_parity(booster: &Booster, rows: &[f32], features: usize, scale: f64, what: &str) {
    let model = parse(booster).unwrap();
    assert_eq!(model.feature_count(), features, "{what}");
    let matrix = DMatrix::from_dense(rows, COMPARED).unwrap();
    let predictions = booster.predict(&matrix).unwrap();
    let (contributions, shape) = booster.predict_contributions(&matrix).unwrap();
    assert_eq!(shape, (COMPARED, features + 1), "{what}");
    let close = |found: f64, theirs: f32, place: &str| {
        let theirs = f64::from(theirs);
        let difference = (found - theirs).abs() / theirs.abs().max(scale);
        assert!(
            difference <= TOLERANCE,
            "{what}: {place}: {found} instead of {theirs}"
        );
    };
    let theirs = predictions.iter().zip(contributions.chunks(features + 1));
    for (row, (&prediction, contributions)) in rows.chunks(features).zip(theirs) {
        close(model.predict(row), prediction, "prediction");
        let found = model.contributions(row);
        assert_eq!(found.len(), contributions.len(), "{what}");
        for (feature, (&found, &theirs)) in found.iter().zip(contributions).enumerate() {
            close(found, theirs, &format!("contribution of {feature}"));
        }
        close(found.iter().sum(), prediction, "sum of contributions");
    }
}

#[test]
fn random_trees_equal_xgboost() {
    let mut rng = ChaCha8Rng::seed_from_u64(20_260_801);
    for case in 0..220 {
        let data = Data::random(&mut rng);
        let parameters = random_tree_parameters(&mut rng);
        let booster = train(&data, &parameters, rng.random_range(1..=60));
        let rows = data.rows(&mut rng);
        let what = format!("model {case}, {parameters:?}");
        assert_parity(&booster, &rows, data.features, 1.0, &what);
    }
}

#[test]
fn random_linear_models_equal_xgboost() {
    let mut rng = ChaCha8Rng::seed_from_u64(20_260_802);
    for case in 0..40 {
        let data = Data::random(&mut rng);
        let updater = ["shotgun", "coord_descent"][case % 2];
        let mut parameters = vec![
            ("booster", "gblinear".to_owned()),
            ("updater", updater.to_owned()),
            ("eta", rng.random_range(0.1..0.8).to_string()),
            ("alpha", rng.random_range(0.0..0.1).to_string()),
        ];
        random_base_score(&mut rng, &mut parameters);
        let booster = train(&data, &parameters, rng.random_range(1..=30));
        let rows = data.rows(&mut rng);
        let what = format!("model {case}, {parameters:?}");
        assert_parity(&booster, &rows, data.features, 1.0, &what);
    }
}

/// On labels like a gold price XGBoost's 32 bits leave errors in proportion to the price, not to each contribution.
#[test]
fn trees_on_a_price_equal_xgboost() {
    let mut rng = ChaCha8Rng::seed_from_u64(20_260_803);
    for case in 0..20 {
        let mut data = Data::random(&mut rng);
        for label in &mut data.labels {
            *label = 2000.0 + 500.0 * *label;
        }
        let parameters = random_tree_parameters(&mut rng);
        let booster = train(&data, &parameters, rng.random_range(1..=60));
        let rows = data.rows(&mut rng);
        let what = format!("model {case}, {parameters:?}");
        assert_parity(&booster, &rows, data.features, 1500.0, &what);
    }
}

/// A published number may be computed here or by XGBoost: it is the same to the last bit.
#[test]
fn predictions_are_bit_for_bit_xgboosts() {
    let mut rng = ChaCha8Rng::seed_from_u64(20_260_804);
    for case in 0..20 {
        let data = Data::random(&mut rng);
        let booster = train(&data, &random_tree_parameters(&mut rng), 40);
        let rows = data.rows(&mut rng);
        let model = parse(&booster).unwrap();
        let matrix = DMatrix::from_dense(&rows, COMPARED).unwrap();
        let theirs: Vec<f64> = booster
            .predict(&matrix)
            .unwrap()
            .into_iter()
            .map(f64::from)
            .collect();
        let found: Vec<f64> = rows
            .chunks(data.features)
            .map(|row| model.predict(row))
            .collect();
        assert_eq!(found, theirs, "model {case}");
    }
}

/// What XGBoost itself writes for models that are not evaluated here.
#[test]
fn other_models_of_xgboost_are_refused_by_name() {
    let mut rng = ChaCha8Rng::seed_from_u64(20_260_805);
    let mut data = Data::random(&mut rng);
    for label in &mut data.labels {
        *label = label.abs() + 1.0;
    }
    let cases = [
        (
            vec![("booster", "dart"), ("rate_drop", "0.5"), ("one_drop", "1")],
            "booster",
            "dart",
        ),
        (vec![("objective", "reg:gamma")], "objective", "reg:gamma"),
        (
            vec![("objective", "reg:absoluteerror")],
            "objective",
            "reg:absoluteerror",
        ),
    ];
    for (parameters, expected_what, expected) in cases {
        let parameters = parameters
            .into_iter()
            .map(|(name, value)| (name, value.to_owned()));
        let refusal = parse(&train(&data, &parameters.collect(), 3)).unwrap_err();
        let ModelError::Unsupported { what, found, .. } = refusal else {
            panic!("{expected}: {refusal}");
        };
        assert_eq!((what, found.as_str()), (expected_what, expected));
    }
}

#[test]
fn categorical_splits_of_xgboost_are_refused() {
    let categories = (0..90_u8).map(|row| row % 3);
    let labels: Vec<f32> = categories
        .clone()
        .map(|category| f32::from(category == 1))
        .collect();
    let values: Vec<f32> = categories.map(f32::from).collect();
    let mut matrix = DMatrix::from_dense(&values, labels.len()).unwrap();
    matrix.set_labels(&labels).unwrap();
    matrix.set_feature_types(&["c"]).unwrap();
    let none = BoosterParameters::default();
    let mut booster = Booster::new_with_cached_dmats(&none, &[&matrix]).unwrap();
    for (name, value) in [
        ("nthread", "1"),
        ("verbosity", "0"),
        ("tree_method", "hist"),
    ] {
        booster.set_param(name, value).unwrap();
    }
    booster.update(&matrix, 0).unwrap();
    let refusal = parse(&booster).unwrap_err().to_string();
    assert!(refusal.contains("split_type is `categorical`"), "{refusal}");
}
