//! The evaluator in `shared::model` gives XGBoost's own numbers, on random models.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use shared::model::Model;
use xgb::parameters::BoosterParameters;
use xgb::{Booster, DMatrix};

/// Greatest difference from XGBoost, relative to the greater of 1 and XGBoost's number.
const TOLERANCE: f64 = 1e-6;

/// A table of features with a target that depends on some of them.
struct Data {
    features: usize,
    values: Vec<f32>,
    labels: Vec<f32>,
}

/// Rows of normal-ish values, some rounded to ties, some missing, some features constant.
fn data(rng: &mut ChaCha8Rng, features: usize, rows: usize) -> Data {
    let missing = if rng.random_bool(0.6) { rng.random_range(0.0..0.4) } else { 0.0 };
    let constant: Vec<bool> = (0..features).map(|_| rng.random_bool(0.15)).collect();
    let coarse: Vec<bool> = (0..features).map(|_| rng.random_bool(0.3)).collect();
    let slopes: Vec<f32> = (0..features).map(|_| rng.random_range(-1.0..1.0)).collect();
    let mut values = Vec::with_capacity(rows * features);
    let mut labels = Vec::with_capacity(rows);
    for _ in 0..rows {
        let mut label = rng.random_range(-0.2..0.2_f32);
        for feature in 0..features {
            let drawn: f32 = rng.random_range(-2.0..2.0);
            let value = match (constant[feature], coarse[feature]) {
                (true, _) => 1.25,
                (_, true) => drawn.round(),
                _ => drawn,
            };
            label += slopes[feature] * value * (value * 1.7).cos() / features as f32;
            let hidden = rng.random_bool(missing);
            values.push(if hidden { f32::NAN } else { value });
        }
        labels.push(label);
    }
    Data { features, values, labels }
}

fn train(data: &Data, parameters: &[(&str, String)], rounds: i32) -> Booster {
    let mut matrix = DMatrix::from_dense(&data.values, data.labels.len()).unwrap();
    matrix.set_labels(&data.labels).unwrap();
    let mut booster = Booster::new_with_cached_dmats(&BoosterParameters::default(), &[&matrix]).unwrap();
    let fixed = [("objective", "reg:squarederror"), ("nthread", "1"), ("verbosity", "0")];
    for (name, value) in fixed {
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


#[test]
fn probe() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut worst = vec![(0.0_f64, 0.0_f64, 0usize); 11];
    for case in 0..400 {
        let features = rng.random_range(1..=30);
        let rows = rng.random_range(40..300);
        let d = data(&mut rng, features, rows);
        let depth: usize = rng.random_range(1..=10);
        let p = [
            ("max_depth", depth.to_string()),
            ("eta", rng.random_range(0.02..1.0).to_string()),
            ("subsample", rng.random_range(0.5..=1.0).to_string()),
            ("colsample_bytree", rng.random_range(0.5..=1.0).to_string()),
            ("gamma", if rng.random_bool(0.3) { rng.random_range(0.0..0.1) } else { 0.0 }.to_string()),
            ("lambda", rng.random_range(0.0..3.0).to_string()),
            ("min_child_weight", rng.random_range(0.0..2.0).to_string()),
            ("tree_method", ["exact", "hist", "approx"][rng.random_range(0..3)].into()),
            ("seed", case.to_string()),
        ];
        let b = train(&d, &p, rng.random_range(1..=60));
        let m = Model::parse(&b.save_buffer(false).unwrap()).unwrap();
        let x = DMatrix::from_dense(&d.values, d.labels.len()).unwrap();
        let pr = b.predict(&x).unwrap();
        let (c, _) = b.predict_contributions(&x).unwrap();
        for r in 0..20 {
            let row = &d.values[r * features..][..features];
            let mine = m.predict(row);
            let e = (mine - f64::from(pr[r])).abs() / f64::from(pr[r].abs()).max(1.0);
            worst[depth].0 = worst[depth].0.max(e);
            if mine != f64::from(pr[r]) { worst[depth].2 += 1; }
            let cc = m.contributions(row);
            let sum: f64 = cc.iter().sum();
            assert!((sum - mine).abs() < 1e-5, "{sum} {mine}");
            for (a, b) in cc.iter().zip(&c[r * (features + 1)..]) {
                let e = (a - f64::from(*b)).abs() / f64::from(b.abs()).max(1.0);
                worst[depth].1 = worst[depth].1.max(e);
            }
        }
    }
    for (d, w) in worst.iter().enumerate() { eprintln!("{d} {w:?}"); }
}
