//! Power BI shows the numbers that the API gives: the SQL twins of its measures over a whole run.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use backend::query::{DataFusionEngine, Limits, QueryEngine as _};
use serde_json::{Value, json};
use shared::card::ModelCard;
use shared::query::Query;
use shared::snapshot::Snapshot;

use crate::world::{World, fitted_once};

/// The rows of a measure's twin.
async fn rows(engine: &DataFusionEngine, name: &str) -> Vec<Vec<Value>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../powerbi/measures");
    let sql = fs::read_to_string(folder.join(format!("{name}.sql"))).unwrap();
    let answer = engine.run(&Query { sql }, Limits::default()).await;
    answer
        .unwrap_or_else(|error| panic!("{name}: {error}"))
        .rows
}

async fn number(engine: &DataFusionEngine, name: &str) -> f64 {
    rows(engine, name).await[0][0].as_f64().unwrap()
}

/// The measure by what it speaks of.
async fn numbers(engine: &DataFusionEngine, name: &str) -> BTreeMap<String, f64> {
    let pairs = rows(engine, name).await;
    let pair = |row: Vec<Value>| {
        (
            row[0].as_str().unwrap().to_owned(),
            row[1].as_f64().unwrap(),
        )
    };
    pairs.into_iter().map(pair).collect()
}

fn assert_near(found: f64, wanted: f64, what: &str) {
    let error = (found - wanted).abs() / wanted.abs().max(1e-9);
    assert!(error < 1e-9, "{what}: {found} is not {wanted}");
}

#[tokio::test(flavor = "multi_thread")]
async fn measures_over_a_run_are_the_snapshots_and_the_cards_numbers() {
    let world = World::new("2024-09-23").await;
    let run_id = world.run(&fitted_once("fair")).await.run_id.unwrap();
    let published = world.backend().published();
    let snapshot = published.snapshot(&run_id).await.unwrap().unwrap();
    let card = published.card(&run_id).await.unwrap().unwrap();
    let engine = DataFusionEngine::new(world.backend().lake).unwrap();
    the_newest_day_is_the_snapshots(&engine, &snapshot).await;
    the_scores_are_the_cards(&engine, &card).await;
    let synthetic = json!("SYNTHETIC DATA: a made-up market");
    assert_eq!(rows(&engine, "data").await, [[synthetic]]);
}

async fn the_newest_day_is_the_snapshots(engine: &DataFusionEngine, snapshot: &Snapshot) {
    let latest = &snapshot.latest;
    let range = latest.interval_80.unwrap();
    for (name, wanted) in [
        ("market_price", latest.price),
        ("model_value", latest.valuation),
        ("difference", latest.gap()),
        ("difference_pct", latest.gap_pct()),
        ("lower_80_pct", range.lower),
        ("upper_80_pct", range.upper),
    ] {
        assert_near(number(engine, name).await, wanted, name);
    }
    let day = json!(latest.date);
    assert_eq!(rows(engine, "valued_day").await, [[day]]);
    assert_eq!(
        rows(engine, "knowledge_as_of").await,
        [[json!(snapshot.as_of)]]
    );
    let moved = numbers(engine, "feature_contribution").await;
    assert_eq!(moved.len(), snapshot.contributions.len());
    for wanted in &snapshot.contributions {
        assert_near(moved[&wanted.feature], wanted.contribution, &wanted.feature);
    }
    let values = numbers(engine, "indicator_value").await;
    assert_eq!(values.len(), snapshot.series.len());
    for series in &snapshot.series {
        let wanted = series.last_value.unwrap();
        assert_near(
            values[series.series.as_str()],
            wanted,
            series.series.as_str(),
        );
    }
}

async fn the_scores_are_the_cards(engine: &DataFusionEngine, card: &ModelCard) {
    let of = |rule: &str| card.scores.iter().find(|score| score.rule == rule).unwrap();
    let held = |nominal: f64| {
        let found = card
            .coverage
            .iter()
            .find(|one| (one.nominal - nominal).abs() < 1e-9);
        found.unwrap().measured
    };
    for (name, wanted) in [
        ("test_days", of("valuation").rows as f64),
        ("rmse_of_the_model", of("valuation").rmse),
        ("mae_of_the_model", of("valuation").mae),
        ("rmse_of_no_change", of("no_change").rmse),
        ("skill_against_no_change", card.skill.skill),
        ("held_by_the_80_pct_range", held(0.8)),
        ("held_by_the_95_pct_range", held(0.95)),
        ("published_rmse", of("valuation").rmse),
        ("published_skill", card.skill.skill),
    ] {
        assert_near(number(engine, name).await, wanted, name);
    }
    let scores = numbers(engine, "score").await;
    assert_eq!(scores.len(), card.scores.len());
    for score in &card.scores {
        assert_near(scores[&score.rule], score.rmse, &score.rule);
    }
}
