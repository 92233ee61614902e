//! Faults on top of a good lake: each is named, no bad row reaches a table, the last good run stays readable.

use serde_json::{Value, json};
use shared::run::{RunReport, SeriesReport, SeriesState, Status};

use crate::world::{AV_KEY, FRED_KEY, World, options};

/// A good run of 20 September, then a run of the 23rd with these faults.
async fn run_with(faults: Value) -> (World, RunReport, RunReport) {
    let mut world = World::new("2024-09-20").await;
    let good = world.run(&options("fair")).await;
    assert_eq!(good.status, Status::Success, "{:?}", good.failure);
    world.today = "2024-09-23".parse().unwrap();
    world.market.set_today(world.today);
    world
        .market
        .set_faults(serde_json::from_value(faults).unwrap());
    let report = world.run(&options("fair")).await;
    let text = serde_json::to_string(&report).unwrap();
    assert!(
        !text.contains(AV_KEY) && !text.contains(FRED_KEY),
        "a key is in the report"
    );
    (world, good, report)
}

fn series<'a>(report: &'a RunReport, id: &str) -> &'a SeriesReport {
    report
        .series
        .iter()
        .find(|s| s.series.as_str() == id)
        .unwrap()
}

/// The run ended partial, `id` is stale and says `words`, everything else is fresh or unchanged.
fn assert_only_stale(report: &RunReport, id: &str, words: &str) {
    assert_eq!(report.status, Status::Partial, "{:?}", report.failure);
    for one in &report.series {
        assert_eq!(
            one.state == SeriesState::Stale,
            one.series.as_str() == id,
            "{one:?}"
        );
    }
    let failure = series(report, id).failure.as_ref().unwrap();
    assert!(failure.message.contains(words), "{}", failure.message);
    assert!(!failure.advice.is_empty());
}

fn on_gold(fault: &Value) -> Value {
    json!([{"match": {"vendor": "av", "symbol": "GLD"}, "fault": fault}])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_is_busy_once_does_no_harm() {
    let once = json!([{"match": {"vendor": "av", "symbol": "GLD"}, "nth": 1, "fault": {"kind": "http", "status": 503, "body": "busy"}}]);
    let (_, _, report) = run_with(once).await;
    assert_eq!(report.status, Status::Success, "{:?}", report.failure);
    assert_eq!(series(&report, "gold_close").requests, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_that_is_down_is_stale_and_the_rest_goes_on() {
    let (world, good, report) = run_with(on_gold(
        &json!({"kind": "http", "status": 500, "body": "down"}),
    ))
    .await;
    assert_only_stale(&report, "gold_close", "500");
    assert_ne!(report.run_id, good.run_id);
    assert_eq!(Some(world.current().await.unwrap().run_id), report.run_id);
    let published = world.backend().published();
    let snapshot = published
        .snapshot(report.run_id.as_ref().unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(snapshot.status, Status::Partial);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_down_keeps_the_last_good_data() {
    let (world, good, report) = run_with(json!([{"match": {}, "fault": {"kind": "reset"}}])).await;
    assert_eq!(report.status, Status::Partial);
    assert!(report.series.iter().all(|s| s.state == SeriesState::Stale));
    let current = world.current().await.unwrap();
    let runs: Vec<&str> = current
        .published
        .iter()
        .map(|r| r.run_id.as_str())
        .collect();
    assert_eq!(runs[0], good.run_id.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_down_on_an_empty_lake_fails_and_names_every_series() {
    let world = World::new("2024-09-23").await;
    world.market.set_faults(
        serde_json::from_value(json!([{"match": {}, "fault": {"kind": "reset"}}])).unwrap(),
    );
    let report = world.run(&options("fair-free")).await;
    assert_eq!(report.status, Status::Failed);
    assert!(
        report
            .series
            .iter()
            .all(|s| s.state == SeriesState::Missing && s.failure.is_some())
    );
    assert!(report.failure.unwrap().message.contains("gold_spot"));
    assert_eq!(world.current().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_that_ends_in_the_middle_loses_nothing() {
    let limit = json!([{"match": {"vendor": "av"}, "from": 4, "fault": {"kind": "daily_limit"}}]);
    let (_, _, report) = run_with(limit).await;
    assert_eq!(report.status, Status::Partial);
    let stale: Vec<&SeriesReport> = report
        .series
        .iter()
        .filter(|s| s.state == SeriesState::Stale)
        .collect();
    assert_eq!(stale.len(), 5, "of eight daily prices three were answered");
    assert!(
        stale[4]
            .failure
            .as_ref()
            .unwrap()
            .advice
            .contains("midnight UTC")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_paying_callers_get_is_said_so() {
    let (_, _, report) = run_with(on_gold(&json!({"kind": "premium"}))).await;
    assert_only_stale(&report, "gold_close", "premium");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_html_page_with_200_is_no_data() {
    let (_, _, report) = run_with(on_gold(&json!({"kind": "html", "status": 200}))).await;
    assert_only_stale(&report, "gold_close", "HTML");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_drips_for_ever_ends() {
    let drip = json!([{"match": {"vendor": "fred", "series": "DGS10"}, "fault": {"kind": "slow", "delay_s": 0, "chunk": 1, "pause_s": 0.1}}]);
    let (_, _, report) = run_with(drip).await;
    assert_only_stale(&report, "rate_10y", "did not end");
}

/// Faults in the rows: the run goes on, the rows are refused, and the dataset holds what it held.
async fn assert_refused(fault: &Value, reason: &str, rows: usize) {
    let (world, _, report) = run_with(on_gold(fault)).await;
    assert_eq!(report.status, Status::Success, "{:?}", report.failure);
    let refused: Vec<(String, usize)> = series(&report, "gold_close")
        .rejected
        .iter()
        .map(|r| (r.reason.clone(), r.rows))
        .collect();
    assert!(
        refused
            .iter()
            .any(|(why, count)| why.contains(reason) && *count == rows),
        "{refused:?}"
    );
    let snapshot = world
        .backend()
        .published()
        .snapshot(report.run_id.as_ref().unwrap())
        .await
        .unwrap()
        .unwrap();
    for day in &snapshot.history {
        assert!(day.gap_pct().abs() < 15.0, "{day:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_are_no_numbers_are_refused() {
    assert_refused(&json!({"kind": "nan", "count": 2}), "not a number", 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_negative_price_is_refused() {
    assert_refused(
        &json!({"kind": "negative_price", "count": 1}),
        "below the smallest plausible value",
        1,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_values_for_one_date_are_both_refused() {
    assert_refused(
        &json!({"kind": "duplicate_dates", "count": 1}),
        "two different values",
        2,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unannounced_split_is_held_back_and_the_series_is_stale_until_somebody_acts() {
    let split = json!({"kind": "split_jump", "factor": 0.1, "count": 1});
    let (world, _, report) = run_with(on_gold(&split)).await;
    assert_only_stale(&report, "gold_close", "1 rows look like a split");
    let run_id = report.run_id.as_ref().unwrap();
    let published = world.backend().published();
    let snapshot = published.snapshot(run_id).await.unwrap().unwrap();
    assert_eq!(snapshot.latest.date.to_string(), "2024-09-20");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_from_the_future_is_refused() {
    assert_refused(&json!({"kind": "future_row", "days": 3}), "dated after", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_newest_row_means_an_older_newest_valuation() {
    let (world, _, report) =
        run_with(on_gold(&json!({"kind": "missing_newest", "count": 1}))).await;
    assert_eq!(report.status, Status::Success, "{:?}", report.failure);
    let snapshot = world
        .backend()
        .published()
        .snapshot(report.run_id.as_ref().unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(snapshot.latest.date.to_string(), "2024-09-20");
}
