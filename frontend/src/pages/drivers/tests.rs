//! Tiles, filters and sentences of the drivers page.

use chrono::NaiveDate;
use shared::api::DriverSeries;
use shared::run::SeriesState;
use shared::series::{Frequency, Observation, Vendor};
use shared::snapshot::SeriesFreshness;
use shared::what_if::{Measure, Point};

use super::filter::{Find, Group, Shown, groups, title};
use super::{spark, words};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn points(values: &[f64]) -> Vec<Point> {
    let days = day("2024-09-20").iter_days();
    let pairs = values.iter().zip(days);
    pairs
        .map(|(value, date)| Point {
            value: *value,
            date,
        })
        .collect()
}

fn series(name: &str, group: &str, measure: Measure, values: &[f64]) -> DriverSeries {
    DriverSeries {
        freshness: SeriesFreshness {
            series: name.parse().unwrap(),
            title: format!("The {name}"),
            vendor: Vendor::Fred,
            unit: "%".to_owned(),
            state: SeriesState::Fresh,
            last_date: None,
            last_value: values.last().copied(),
            known_since: None,
        },
        group: group.to_owned(),
        source: "DGS10".to_owned(),
        frequency: Some(Frequency::Daily),
        stale_after_days: Some(10),
        measure,
        features: Vec::new(),
        values: points(values),
    }
}

#[test]
fn a_change_has_an_arrow_a_colour_and_a_unit() {
    let change = |measure, values: &[f64]| words::change(&series("a", "rates", measure, values));
    let rose = change(Measure::Percent, &[100.0, 101.25]).unwrap();
    assert_eq!(
        (rose.arrow, rose.class, rose.text.as_str()),
        ("▲", "rose", "+1.25%")
    );
    let fell = change(Measure::Points, &[4.0, 3.88]).unwrap();
    assert_eq!(
        (fell.arrow, fell.class, fell.text.as_str()),
        ("▼", "fell", "\u{2212}0.12 points")
    );
    let still = change(Measure::Points, &[4.0, 4.001]).unwrap();
    assert_eq!((still.arrow, still.text.as_str()), ("●", "0.00 points"));
    assert_eq!(change(Measure::Points, &[4.0]), None);
}

#[test]
fn words_are_looked_for_in_title_name_group_and_source() {
    let one = series("rate_10y", "rates", Measure::Points, &[4.0]);
    let has = |find: &str, group: &str| {
        let shown = Shown {
            find: find.parse::<Find>().unwrap(),
            group: group.parse::<Group>().unwrap(),
        };
        shown.has(&one)
    };
    assert!(has("", "") && has("RATE", "") && has("dgs10", "rates") && has("the+10y", ""));
    assert!(has("opportunity", ""), "the group's title");
    assert!(!has("silver", "") && !has("", "metals"));
    assert_eq!(Find::plain("a<b>&c=d silver"), "abcd silver");
}

#[test]
fn what_is_valued_stands_first_and_what_has_no_group_last() {
    let all = ["momentum", "", "rates", "target", "metals", "rates"]
        .map(|group| series("a", group, Measure::Points, &[1.0]));
    assert_eq!(
        groups(&all),
        ["target", "rates", "metals", "momentum", "other"]
    );
    assert_eq!(title("target"), "Gold itself");
    assert_eq!(title("other"), "Other");
}

#[test]
fn a_value_after_too_long_a_gap_is_marked() {
    let days = ["2024-01-01", "2024-01-11", "2024-01-22", "2024-01-23"].map(day);
    assert_eq!(words::gaps(&days, Some(10)), [2]);
    assert_eq!(words::gaps(&days, None), [0; 0]);
}

#[test]
fn a_line_fills_its_frame_and_one_value_is_no_line() {
    assert_eq!(
        spark::line(&points(&[1.0, 3.0, 2.0])),
        "2.0,26.0 60.0,2.0 118.0,14.0"
    );
    assert_eq!(spark::line(&points(&[1.0])), "");
    assert_eq!(spark::line(&points(&[5.0, 5.0])), "2.0,26.0 118.0,26.0");
}

#[test]
fn revisions_are_counted() {
    let seen = |values: &[f64]| -> Vec<Observation> {
        let all = points(values).into_iter();
        all.map(|point| Observation {
            date: point.date,
            value: point.value,
            available_at: "2024-09-23T20:15:00Z".parse().unwrap(),
            vintage: point.date,
            source: "".into(),
        })
        .collect()
    };
    let on = day("2024-09-24");
    assert_eq!(
        words::revised(&seen(&[1.0, 2.5, 3.0]), &seen(&[1.0, 2.0]), on),
        "On 24 Sep 2024 the newest known value was that of 21 Sep 2024. 1 of the 2 values known then have been revised since."
    );
    assert_eq!(
        words::revised(&seen(&[1.0]), &seen(&[1.0]), on),
        "On 24 Sep 2024 the newest known value was that of 20 Sep 2024. None of the 1 value known then has been revised."
    );
    assert_eq!(
        words::revised(&seen(&[1.0]), &[], on),
        "Nothing of this series was known on 24 Sep 2024."
    );
}
