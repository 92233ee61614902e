//! What if: the published day gives the published valuation, and XGBoost's own numbers at any other levels.

use backend::what_if::{rows_by_evaluator, rows_by_xgboost};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use shared::what_if::{Evaluator, Origin, Outcome, Today, WhatIf};

use crate::world::{World, options};

/// Levels that are compared.
const ROWS: usize = 1000;

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

/// Compares browser, server and Lambda at levels around the day's own, some of them far out.
fn assert_parity(today: &Today, model: &[u8]) {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut draw = |level: f64| level * rng.random_range(0.85..1.2_f64);
    let rows: Vec<Vec<f64>> = (0..ROWS)
        .map(|_| today.levels().into_iter().map(&mut draw).collect())
        .collect();
    let browser = Evaluator::new(today.clone()).unwrap();
    let server = rows_by_xgboost(today.clone(), model, &rows).unwrap();
    let lambda = rows_by_evaluator(today.clone(), model, &rows).unwrap();
    let mut moved = 0;
    for (row, (server, lambda)) in rows.iter().zip(server.iter().zip(&lambda)) {
        let browser = browser.outcome(row).unwrap();
        assert_same(&browser, server.as_ref().unwrap());
        assert_same(&browser, lambda.as_ref().unwrap());
        let sum = browser.base + browser.contributions.iter().sum::<f64>();
        assert!((sum - browser.output).abs() <= 1e-9 * browser.output.abs().max(1.0));
        moved += usize::from((browser.raw / today.published.valuation - 1.0).abs() > 1e-4);
    }
    assert!(
        moved > ROWS / 2,
        "only {moved} of the levels moved anything"
    );
}

fn assert_same(ours: &Outcome, theirs: &Outcome) {
    close(ours.raw, theirs.raw, 1e-6);
    close(ours.valuation, theirs.valuation, 1e-6);
    assert_eq!(ours.method, theirs.method);
    assert_eq!(ours.interval_95.is_some(), theirs.interval_95.is_some());
    if let Some((ours, theirs)) = ours.interval_95.zip(theirs.interval_95) {
        close(ours.upper, theirs.upper, 1e-6);
    }
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
