//! What the checks refuse, hold back and mend, and why.

use super::*;

#[tokio::test]
async fn bad_rows_are_refused_with_their_reason_and_kept() {
    let world = World::new(gold());
    let staged = world
        .stage_bars(&[
            ("2024-09-16", "240.0"),
            ("2024-09-17", "NaN"),
            ("2024-09-18", "-3"),
            ("2024-09-19", "."),
            ("2024-09-20", "242.0"),
            ("2024-09-20", "242.2"),
            ("2024-09-26", "250.0"),
            ("monday", "1.0"),
        ])
        .await;
    assert_eq!(values(&staged), expect(&[("2024-09-16", 240.0)]));
    let counts: Vec<(String, usize)> = staged.series[0]
        .rejected
        .iter()
        .map(|r| (r.reason.clone(), r.rows))
        .collect();
    let expected = [
        ("below the smallest plausible value 0.01", 1),
        ("dated after the day of the answer", 1),
        ("not a date", 1),
        ("not a number", 1),
        ("two different values for one date", 2),
    ];
    assert_eq!(
        counts,
        expected.map(|(reason, rows)| (reason.to_owned(), rows))
    );
    let kept = world
        .files()
        .into_iter()
        .find(|f| f.contains("/rejected/gold/"))
        .unwrap();
    let kept = std::fs::read_to_string(world.folder.path().join(kept)).unwrap();
    assert!(kept.contains(r#""value": "-3""#), "{kept}");
}

#[tokio::test]
async fn a_price_that_jumps_and_stays_is_held_back_from_the_jump_on() {
    let world = World::new(gold());
    let staged = world
        .stage_bars(&[
            ("2024-09-18", "100"),
            ("2024-09-19", "101"),
            ("2024-09-20", "10.1"),
            ("2024-09-23", "10.2"),
        ])
        .await;
    assert_eq!(
        values(&staged),
        expect(&[("2024-09-18", 100.0), ("2024-09-19", 101.0)])
    );
    assert_eq!(staged.series[0].rejected[0].rows, 2);
    let reason = &staged.series[0].rejected[0].reason;
    assert_eq!(reason, "looks like a split or a changed unit");
    assert_eq!(staged.series[0].state, SeriesState::Stale);
    assert_eq!(
        staged.series[0].new_observations, 2,
        "the good rows are kept"
    );
}

#[tokio::test]
async fn a_spike_that_comes_back_is_refused_alone_and_a_wild_day_is_not() {
    let world = World::new(gold());
    let staged = world
        .stage_bars(&[
            ("2024-09-16", "18.3"),
            ("2024-09-17", "8.9"),
            ("2024-09-18", "13.6"),
            ("2024-09-19", "136.0"),
            ("2024-09-20", "14.0"),
        ])
        .await;
    let expected = [
        ("2024-09-16", 18.3),
        ("2024-09-17", 8.9),
        ("2024-09-18", 13.6),
        ("2024-09-20", 14.0),
    ];
    assert_eq!(values(&staged), expect(&expected));
    assert_eq!(staged.series[0].rejected[0].reason, "a spike");
}

#[tokio::test]
async fn a_known_split_is_applied_where_the_prices_show_it() {
    let split = "splits = [{ on = \"2024-09-20\", ratio = 8.0 }]\nsplit_factor = 1.8";
    let world = World::new(gold_with(split));
    let staged = world
        .stage_bars(&[
            ("2024-09-19", "10"),
            ("2024-09-20", "81"),
            ("2024-09-23", "82"),
        ])
        .await;
    let expected = [
        ("2024-09-19", 80.0),
        ("2024-09-20", 81.0),
        ("2024-09-23", 82.0),
    ];
    assert_eq!(values(&staged), expect(&expected));
    let adjusted_by_vendor = World::new(gold_with(split));
    let staged = adjusted_by_vendor
        .stage_bars(&[("2024-09-19", "80"), ("2024-09-20", "81")])
        .await;
    assert_eq!(
        values(&staged),
        expect(&[("2024-09-19", 80.0), ("2024-09-20", 81.0)])
    );
}

#[tokio::test]
async fn history_in_another_unit_is_refused_and_the_good_one_stays() {
    let world = World::new(gold());
    world
        .stage_bars(&[("2024-09-19", "2500"), ("2024-09-20", "2510")])
        .await;
    let staged = world
        .stage_bars(&[
            ("2024-09-19", "80.4"),
            ("2024-09-20", "80.7"),
            ("2024-09-23", "81.0"),
        ])
        .await;
    assert_eq!(
        values(&staged),
        expect(&[("2024-09-19", 2500.0), ("2024-09-20", 2510.0)])
    );
    let rejected: usize = staged.series[0].rejected.iter().map(|r| r.rows).sum();
    assert_eq!(rejected, 3);
    assert_eq!(staged.series[0].state, SeriesState::Stale);
}

#[tokio::test]
async fn an_answer_without_one_plausible_row_makes_the_series_stale() {
    let world = World::new(gold_with("min = 200.0"));
    world.stage_bars(&[("2024-09-20", "2510")]).await;
    let staged = world
        .stage_bars(&[("2024-09-20", "80.7"), ("2024-09-23", "81.0")])
        .await;
    assert_eq!(staged.series[0].state, SeriesState::Stale);
    let failure = staged.series[0].failure.as_ref().unwrap();
    assert!(
        failure
            .message
            .starts_with("2 rows look like a split or a changed unit"),
        "{}",
        failure.message
    );
    assert_eq!(values(&staged), expect(&[("2024-09-20", 2510.0)]));
}

#[tokio::test]
async fn an_answer_of_another_shape_leaves_everything_as_it_was() {
    let world = World::new(gold());
    world.stage_bars(&[("2024-09-20", "242.1")]).await;
    let staged = world
        .stage(Ok(vec![answer(r#"{"Weekly Time Series": {}}"#)]))
        .await
        .unwrap();
    assert_eq!(staged.series[0].state, SeriesState::Stale);
    let failure = staged.series[0].failure.as_ref().unwrap();
    assert!(
        failure.message.contains("`TIME_SERIES_DAILY`"),
        "{}",
        failure.message
    );
    assert_eq!(values(&staged), expect(&[("2024-09-20", 242.1)]));
}

#[tokio::test]
async fn rows_a_month_apart_are_no_daily_series() {
    let world = World::new(gold());
    let months: Vec<String> = (1..=24)
        .map(|m| format!("20{:02}-{:02}-01", 22 + (m - 1) / 12, (m - 1) % 12 + 1))
        .collect();
    let rows: Vec<(&str, &str)> = months.iter().map(|m| (m.as_str(), "240")).collect();
    let staged = world.stage_bars(&rows).await;
    assert_eq!(staged.series[0].state, SeriesState::Missing);
    let message = &staged.series[0].failure.as_ref().unwrap().message;
    assert!(
        message.starts_with("its rows are 31 days apart"),
        "{message}"
    );
}
