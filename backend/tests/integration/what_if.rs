//! What if: the published day gives the published valuation, and XGBoost's own numbers at any other levels.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use shared::what_if::{DayModel, Evaluator, Member, Origin, Today, WhatIf};
use xgb::{Booster, DMatrix};

use crate::world::{World, options};

/// Levels that are compared.
const ROWS: usize = 1000;

/// XGBoost's trees, asked as training asks them.
struct Native {
    booster: Booster,
    width: usize,
}

impl Native {
    fn row(&self, row: &[f32]) -> DMatrix {
        assert_eq!(row.len(), self.width);
        DMatrix::from_dense(row, 1).unwrap()
    }
}

impl Member for Native {
    fn width(&self) -> usize {
        self.width
    }

    fn predict(&self, row: &[f32]) -> f64 {
        f64::from(self.booster.predict(&self.row(row)).unwrap()[0])
    }

    fn contributions(&self, row: &[f32]) -> Vec<f64> {
        let (parts, _) = self.booster.predict_contributions(&self.row(row)).unwrap();
        parts.into_iter().map(f64::from).collect()
    }
}

/// The day that a run of this preset publishes, with XGBoost's model file.
async fn published(preset: &str) -> (Today, Vec<u8>) {
    let world = World::new("2024-09-23").await;
    let report = world.run(&options(preset)).await;
    let run_id = report.run_id.expect("a run");
    let reader = world.backend().published();
    let model = reader.model(&run_id).await.unwrap().unwrap();
    match reader.what_if(&run_id).await.unwrap().unwrap() {
        WhatIf::Possible(today) => (*today, model),
        WhatIf::Impossible { why } => panic!("{preset}: {why}"),
    }
}

fn close(found: f64, expected: f64, tolerance: f64) {
    let difference = ((found - expected) / expected).abs();
    assert!(difference <= tolerance, "{found} is not {expected}");
}

/// Compares the browser's evaluator with XGBoost at levels around the day's own, some of them far out.
fn assert_parity(today: &Today, model: &[u8]) {
    let booster = Booster::load_buffer(model).unwrap();
    let (DayModel::Members { tree_cells, .. } | DayModel::Single { tree_cells, .. }) = &today.model;
    let native = Native {
        booster,
        width: tree_cells.len(),
    };
    let (theirs, ours) = (
        Evaluator::with(today.clone(), native),
        Evaluator::new(today.clone()).unwrap(),
    );
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut moved = 0;
    for _ in 0..ROWS {
        let draw = |level: f64| level * rng.random_range(0.85..1.2_f64);
        let levels: Vec<f64> = today.levels().into_iter().map(draw).collect();
        let (ours, theirs) = (
            ours.outcome(&levels).unwrap(),
            theirs.outcome(&levels).unwrap(),
        );
        close(ours.raw, theirs.raw, 1e-6);
        close(ours.valuation, theirs.valuation, 1e-6);
        assert_eq!(ours.method, theirs.method);
        if let Some((ours, theirs)) = ours.interval_95.zip(theirs.interval_95) {
            close(ours.upper, theirs.upper, 1e-6);
        }
        let sum = ours.base + ours.contributions.iter().sum::<f64>();
        assert!((sum - ours.output).abs() <= 1e-9 * ours.output.abs().max(1.0));
        moved += usize::from((ours.raw / today.published.valuation - 1.0).abs() > 1e-4);
    }
    assert!(
        moved > ROWS / 2,
        "only {moved} of the levels moved anything"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fair_day_is_the_published_one_and_xgboosts_everywhere_else() {
    let (today, model) = published("fair").await;
    let own = Evaluator::new(today.clone())
        .unwrap()
        .outcome(&today.levels());
    let own = own.unwrap();
    assert_eq!(own.valuation.to_bits(), today.published.valuation.to_bits());
    let (found, expected) = (
        own.interval_80.unwrap(),
        today.published.interval_80.unwrap(),
    );
    close(found.lower, expected.lower, 1e-12);
    close(found.upper, expected.upper, 1e-12);
    assert_eq!(own.method, today.published.method);
    assert_eq!(own.outside, vec![None; today.inputs.len()]);
    let series: Vec<&str> = today
        .inputs
        .iter()
        .map(|input| input.series.as_str())
        .collect();
    assert_eq!(series, ["silver_close", "real_rate_10y", "vix"]);
    // The rate shock moves one of the three, and both months lie in the made-up history.
    let names: Vec<&str> = today.scenarios.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["rate-shock", "2020-03", "2011-09"]);
    assert_eq!(today.scenarios[0].changes, [None, Some(0.5), None]);
    assert!(
        matches!(today.scenarios[1].origin, Origin::Past { date, .. } if date.to_string().starts_with("2020-03"))
    );
    assert_parity(&today, &model);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_classic_day_is_one_model_on_levels() {
    let (today, model) = published("classic").await;
    let own = Evaluator::new(today.clone())
        .unwrap()
        .outcome(&today.levels());
    let own = own.unwrap();
    assert_eq!(own.valuation.to_bits(), today.published.valuation.to_bits());
    assert!(!today.is_about_moves());
    assert_eq!(today.inputs.len(), 11, "every series but the target");
    assert_parity(&today, &model);
}
