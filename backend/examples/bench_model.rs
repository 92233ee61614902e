//! Times one row through the evaluator, prediction and contributions together, and prints nanoseconds as JSON.

use std::hint::black_box;
use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::Result;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use shared::model::Model;
use xgb::parameters::BoosterParameters;
use xgb::{Booster, DMatrix};

/// Rows trained on, and then explained.
const ROWS: usize = 2000;

/// The shortest of so many passes over all rows counts: the others were disturbed.
const PASSES: usize = 20;

struct Shape {
    name: &'static str,
    trees: i32,
    depth: u32,
    features: usize,
}

/// The preset `classic` as it is deployed, and the largest model that a grid may choose.
const SHAPES: [Shape; 2] = [
    Shape {
        name: "classic",
        trees: 100,
        depth: 2,
        features: 12,
    },
    Shape {
        name: "largest",
        trees: 300,
        depth: 3,
        features: 31,
    },
];

fn main() -> Result<()> {
    let mut report = serde_json::Map::new();
    for shape in &SHAPES {
        report.insert(shape.name.to_owned(), measure(shape)?);
    }
    writeln!(std::io::stdout(), "{}", Value::Object(report))?;
    Ok(())
}

fn measure(shape: &Shape) -> Result<Value> {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let values: Vec<f32> = (0..ROWS * shape.features)
        .map(|_| rng.random_range(-1.0..1.0))
        .collect();
    let json = train(shape, &values)?;
    let model = Model::parse(&json)?;
    let fastest = (0..PASSES).map(|_| pass(&model, &values)).min();
    let row = fastest.unwrap_or_default() / ROWS as u32;
    Ok(json!({
        "trees": shape.trees,
        "depth": shape.depth,
        "features": shape.features,
        "model_bytes": json.len(),
        "nanoseconds_per_row": row.as_nanos() as u64,
    }))
}

/// A model of exactly that shape, as JSON; every feature matters to its labels.
fn train(shape: &Shape, values: &[f32]) -> Result<Vec<u8>> {
    let label = |row: &[f32]| {
        let terms = row.iter().enumerate();
        terms
            .map(|(feature, value)| (value * (1.0 + feature as f32)).sin())
            .sum()
    };
    let labels: Vec<f32> = values.chunks(shape.features).map(label).collect();
    let mut matrix = DMatrix::from_dense(values, ROWS)?;
    matrix.set_labels(&labels)?;
    let mut booster = Booster::new_with_cached_dmats(&BoosterParameters::default(), &[&matrix])?;
    booster.set_param("nthread", "1")?;
    booster.set_param("verbosity", "0")?;
    booster.set_param("max_depth", &shape.depth.to_string())?;
    for round in 0..shape.trees {
        booster.update(&matrix, round)?;
    }
    Ok(booster.save_buffer(false)?)
}

fn pass(model: &Model, values: &[f32]) -> Duration {
    let start = Instant::now();
    for row in values.chunks(model.feature_count()) {
        black_box(model.predict(black_box(row)));
        black_box(model.contributions(black_box(row)));
    }
    start.elapsed()
}
