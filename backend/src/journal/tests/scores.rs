//! Entries held against what happened.

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Stages the price of the day in two vintages, and an earlier day.
async fn stage_prices(lake: &dyn Lake) {
    let row = |date: &str, value: f64, at: &str| Observation {
        date: day(date),
        value,
        available_at: at.parse().unwrap(),
        vintage: day(date),
        source: "ab".repeat(32).into(),
    };
    let rows = [
        row("2024-09-20", 239.0, "2024-09-20T20:00:00Z"),
        row("2024-09-23", 242.0, "2024-09-23T20:00:00Z"),
        row("2024-09-23", 243.0, "2024-09-24T20:00:00Z"),
    ];
    let bytes = write_observations(&rows).unwrap();
    let series: SeriesId = "gold_close".parse().unwrap();
    let sha256 = sha256_hex(&bytes);
    let stage = SeriesStage {
        source: Source::Fred {
            id: "GOLD".to_owned(),
            vintages: false,
        },
        observations: sha256.clone(),
        rejected: None,
        rows: rows.len(),
        last_date: day("2024-09-23"),
        last_vintage: day("2024-09-23"),
        unit: None,
        interval: None,
    };
    let state = StagingState {
        synthetic: Some(true),
        series: [(series.clone(), stage)].into(),
    };
    let key = Key::Staged { series, sha256 };
    lake.put_new(&key, &bytes).await.unwrap();
    let bytes = serde_json::to_vec(&state).unwrap();
    lake.swap(&Key::StagingState, &bytes, None).await.unwrap();
}

#[tokio::test]
async fn an_entry_is_scored_with_the_newest_price_of_its_day_and_pending_without_one() {
    let world = World::new();
    world.run("one", world.lake.clone()).await.unwrap();
    let reader = JournalReader::new(world.lake.clone());
    let pending = reader.read().await.unwrap();
    assert_eq!(pending.lines[0].score, None);
    assert_eq!(
        (pending.scores[0].entries, pending.scores[0].scored),
        (1, 0)
    );
    assert_eq!(pending.scores[0].mean_error_pct, None);
    stage_prices(world.lake.as_ref()).await;
    let journal = reader.read().await.unwrap();
    let expected = EntryScore {
        price: 243.0,
        error_pct: 1.25,
        inside_80: Some(false),
        inside_95: None,
        no_change_error_pct: None,
    };
    assert_eq!(journal.lines[0].score, Some(expected));
    assert_eq!(journal.lines[0].sha256, sha256_hex(&world.bytes(1)));
    assert_eq!(journal.scores[0].mean_error_pct, Some(1.25));
    assert_eq!(journal.scores[0].inside_80, Some(0.0));
}

/// An entry of a valuation of 200 with intervals of 190 to 210 and 180 to 220.
fn entry(preset: &str) -> JournalEntry {
    let around = |half| Interval {
        lower: 200.0 - half,
        upper: 200.0 + half,
    };
    JournalEntry {
        sequence: 1,
        previous_sha256: String::new(),
        run_id: String::new(),
        as_of: day("2024-09-23"),
        preset: preset.to_owned(),
        looks_ahead: preset == "classic",
        synthetic: false,
        target: "gold_close".parse().unwrap(),
        unit: "USD per share".to_owned(),
        date: day("2024-09-23"),
        previous_price: Some(160.0),
        price: None,
        valuation: 200.0,
        interval_80: Some(around(10.0)),
        interval_95: Some(around(20.0)),
        method: Method::Model,
        input_sha256: String::new(),
        model_sha256: String::new(),
        manifest_sha256: String::new(),
    }
}

#[test]
fn a_score_counts_from_the_valuation_and_ends_of_intervals_are_inside() {
    let scored = score(&entry("fair"), 220.0);
    assert_eq!(
        scored,
        EntryScore {
            price: 220.0,
            error_pct: 10.0,
            inside_80: Some(false),
            inside_95: Some(true),
            no_change_error_pct: Some(37.5),
        }
    );
    assert_eq!(score(&entry("fair"), 190.0).inside_80, Some(true));
}

#[test]
fn presets_are_scored_apart_over_the_entries_whose_price_is_known() {
    let line = |preset: &str, price: Option<f64>| {
        let entry = entry(preset);
        JournalLine {
            score: price.map(|price| score(&entry, price)),
            entry,
            sha256: String::new(),
        }
    };
    let lines = [
        line("fair", Some(220.0)),
        line("classic", Some(200.0)),
        line("fair", Some(196.0)),
        line("fair", None),
    ];
    let scores = by_preset(&lines);
    let names: Vec<(&str, bool)> = scores
        .iter()
        .map(|s| (s.preset.as_str(), s.looks_ahead))
        .collect();
    assert_eq!(names, [("classic", true), ("fair", false)]);
    let fair = &scores[1];
    assert_eq!((fair.entries, fair.scored), (3, 2));
    assert_eq!(fair.mean_error_pct, Some(6.0));
    assert_eq!(fair.no_change_mean_error_pct, Some(30.0));
    assert_eq!((fair.inside_80, fair.inside_95), (Some(0.5), Some(1.0)));
}
