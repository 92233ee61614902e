//! Every named question, with the rows that it must give.

use serde_json::{Value, json};
use shared::query::Answer;

use super::World;
use crate::query::named;

async fn named_answer(world: &World, name: &str) -> Answer {
    let all = named();
    let question = all.iter().find(|question| question.name == name).unwrap();
    world.answer(&question.sql).await.unwrap()
}

/// The rows of a named question, numbers rounded to four digits.
async fn rows(name: &str) -> Value {
    let world = World::published();
    let mut rows = named_answer(&world, name).await.rows;
    for value in rows.iter_mut().flatten() {
        if let Some(number) = value.as_f64().filter(|_| value.is_f64()) {
            *value = json!((number * 1e4).round() / 1e4);
        }
    }
    json!(rows)
}

#[test]
fn every_question_has_a_name_and_a_title() {
    let all = named();
    let names: Vec<_> = all.iter().map(|question| question.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "gap_by_month",
            "interval_coverage",
            "largest_revisions",
            "latest_contributions",
            "latest_valuation",
            "model_against_no_change",
            "runs_with_skill",
            "series_freshness",
            "strongest_features",
            "valuation_between_runs",
            "worst_days",
        ]
    );
    for question in all {
        assert!(question.sql.starts_with("-- "), "{}", question.name);
        assert!(question.title.contains('?'), "{}", question.title);
    }
}

#[tokio::test]
async fn latest_valuation() {
    let expected = json!([[
        "2024-03-04",
        210.0,
        200.0,
        190.0,
        210.0,
        185.0,
        215.0,
        10.0,
        5.0,
        "model",
        "2024-03-04",
        "fair-2"
    ]]);
    assert_eq!(rows("latest_valuation").await, expected);
}

#[tokio::test]
async fn gap_by_month() {
    let expected = json!([
        ["2023-12-01", 2, 1, 12.5, 0.0, 25.0, 0.5],
        ["2024-02-01", 1, 1, -5.0, -5.0, -5.0, 0.0],
        ["2024-03-01", 2, 2, 2.7632, 0.5263, 5.0, 1.0],
    ]);
    assert_eq!(rows("gap_by_month").await, expected);
}

#[tokio::test]
async fn worst_days() {
    let expected = json!([
        ["2023-12-29", 100.0, 80.0, 20.0, 25.0, "model", true],
        ["2024-02-29", 190.0, 200.0, -10.0, -5.0, "model", false],
        ["2024-03-04", 210.0, 200.0, 10.0, 5.0, "model", false],
        ["2024-03-01", 191.0, 190.0, 1.0, 0.5263, "model", false],
    ]);
    assert_eq!(rows("worst_days").await, expected);
}

#[tokio::test]
async fn model_against_no_change() {
    let rows = rows("model_against_no_change").await;
    // 2023 has one test day, on which the price did not change: nothing can beat that.
    assert_eq!(rows[0], json!([2023, 1, 20.0, 0.0, null]));
    // 2024: errors -10, 1, 10 against changes of 90, 1, 19.
    assert_eq!(rows[1][2], json!(8.1854));
    assert_eq!(rows[1][3], json!(53.1099));
    let squares = |logs: [f64; 3]| logs.iter().map(|ratio| ratio.ln().powi(2)).sum::<f64>();
    let skill =
        1.0 - squares([0.95, 191.0 / 190.0, 1.05]) / squares([1.9, 191.0 / 190.0, 210.0 / 191.0]);
    assert_eq!(rows[1][4], json!((skill * 1e4).round() / 1e4));
}

#[tokio::test]
async fn interval_coverage() {
    let expected = json!([[2023, 1, 0.0, 0.0, 25.0], [2024, 3, 1.0, 1.0, 10.1754],]);
    assert_eq!(rows("interval_coverage").await, expected);
}

#[tokio::test]
async fn latest_contributions() {
    let expected = json!([
        ["2024-03-04", "base", "base", 0.1, 0.1],
        ["2024-03-04", "down", "real_rate", -0.25, -0.25],
        ["2024-03-04", "up", "silver", 1.5, 2.0],
        ["2024-03-04", "up", "momentum", 0.5, 2.0],
    ]);
    assert_eq!(rows("latest_contributions").await, expected);
}

#[tokio::test]
async fn strongest_features() {
    let expected = json!([
        ["silver", 1.0, 0.5, 1.5],
        ["momentum", 0.5, 0.5, 0.5],
        ["real_rate", 0.25, -0.25, -0.25],
    ]);
    assert_eq!(rows("strongest_features").await, expected);
}

#[tokio::test]
async fn valuation_between_runs() {
    let expected = json!([
        ["fair", "2024-03-01", 2, 191.5, 190.0, -1.5, 1.5],
        ["fair", "2024-02-29", 2, 189.0, 200.0, 11.0, 11.0],
    ]);
    assert_eq!(rows("valuation_between_runs").await, expected);
}

#[tokio::test]
async fn series_freshness() {
    let expected = json!([
        ["cpi", "2024-01-01", 309.5, "2024-02-13T13:30:00Z", 63, 2],
        ["silver", "2024-03-04", 24.0, "2024-03-04T21:00:00Z", 0, 1],
    ]);
    assert_eq!(rows("series_freshness").await, expected);
}

#[tokio::test]
async fn largest_revisions() {
    let expected = json!([[
        "cpi",
        "2023-12-01",
        2,
        300.0,
        306.0,
        2.0,
        "2024-02-09T13:30:00Z"
    ]]);
    assert_eq!(rows("largest_revisions").await, expected);
}

#[tokio::test]
async fn runs_with_skill() {
    let rows = rows("runs_with_skill").await;
    let tail = json!(["2023-12-28", "2024-03-04", 5, 1.25, 2.5]);
    let line = |head: Value, skill: Value| {
        let parts = [head, tail.clone(), skill];
        json!(
            parts
                .iter()
                .flat_map(|part| part.as_array().unwrap().clone())
                .collect::<Vec<_>>()
        )
    };
    let expected = json!([
        line(json!(["2024-03-04", "fair-2", "fair"]), json!([0.5, true])),
        line(
            json!(["2024-03-01", "classic-1", "classic"]),
            json!([-1.5, false])
        ),
        line(json!(["2024-03-01", "fair-1", "fair"]), json!([0.25, true])),
    ]);
    assert_eq!(rows, expected);
}
