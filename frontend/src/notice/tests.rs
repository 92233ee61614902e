//! Each failure must be named, with its cause and what to do.

use shared::run::{SeriesReport, Step};
use shared::series::Vendor;

use super::*;
use crate::example::{report, series, snapshot};

fn now() -> DateTime<Utc> {
    "2024-09-23T21:05:00Z".parse().unwrap()
}

fn failure(step: Option<Step>) -> Failure {
    Failure {
        step,
        message: "alpha vantage refused the key".to_owned(),
        advice: "set ASSAY_ALPHAVANTAGE_KEY to a valid key".to_owned(),
        retry: false,
    }
}

fn stale_silver() -> SeriesReport {
    SeriesReport {
        series: "silver_close".parse().unwrap(),
        vendor: Vendor::AlphaVantage,
        state: SeriesState::Stale,
        requests: 3,
        new_observations: 0,
        rejected: Vec::new(),
        last_date: None,
        failure: Some(failure(None)),
        warnings: Vec::new(),
    }
}

#[test]
fn a_whole_and_fresh_run_needs_no_notice() {
    let last = report(Status::Success, Vec::new());
    assert_eq!(notices(&snapshot(), Some(&last), now()), []);
}

#[test]
fn a_failed_run_says_when_where_why_and_what_is_shown_instead() {
    let mut last = report(Status::Failed, Vec::new());
    last.failure = Some(failure(Some(Step::Extract)));
    let all = notices(&snapshot(), Some(&last), now());
    let expected = Notice {
        tone: Tone::Failure,
        title: "The last run failed 5 minutes ago at the step extract".to_owned(),
        lines: [
            "Alpha vantage refused the key.",
            "Set ASSAY_ALPHAVANTAGE_KEY to a valid key.",
            "Below is the last good run, as of 23 Sep 2024.",
        ]
        .map(str::to_owned)
        .to_vec(),
    };
    assert_eq!(all, [expected]);
}

#[test]
fn stale_series_are_named_by_title_with_the_cause() {
    let last = report(Status::Partial, vec![stale_silver()]);
    let all = notices(&snapshot(), Some(&last), now());
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].title, "Partial: 1 series could not be refreshed");
    assert_eq!(
        all[0].lines,
        [
            "Silver (SLV): its last good data is used. Alpha vantage refused the key. Set ASSAY_ALPHAVANTAGE_KEY to a valid key."
        ]
    );
}

#[test]
fn without_a_report_the_published_states_are_told() {
    let mut partial = snapshot();
    partial
        .series
        .push(series("vix", "Volatility index VIX", SeriesState::Missing));
    let all = notices(&partial, None, now());
    assert_eq!(all[0].lines, ["Volatility index VIX: no data at all."]);
}

#[test]
fn a_long_weekend_is_not_old_and_a_week_is() {
    let later = |text: &str| notices(&snapshot(), None, text.parse().unwrap());
    assert_eq!(later("2024-09-28T19:00:00Z"), []);
    assert_eq!(
        later("2024-09-30T20:00:00Z")[0].title,
        "Old data: the newest input came 7 days ago"
    );
}

#[test]
fn of_an_earlier_run_only_its_own_trouble_is_told() {
    let mut partial = snapshot();
    assert_eq!(notices_of_earlier(&partial), []);
    partial.series[0].state = SeriesState::Missing;
    assert_eq!(notices_of_earlier(&partial).len(), 1);
}

#[test]
fn those_in_trouble_come_first_and_nothing_else_moves() {
    let states = [
        SeriesState::Fresh,
        SeriesState::Stale,
        SeriesState::Unchanged,
        SeriesState::Missing,
        SeriesState::Fresh,
    ];
    let all = states.into_iter().enumerate().collect();
    let order: Vec<usize> = trouble_first(all, |one| one.1).map(|one| one.0).collect();
    assert_eq!(order, [1, 3, 0, 2, 4]);
}
