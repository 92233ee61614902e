//! Sentences, addresses and scales of the page.

use shared::what_if::{Input, Measure, Outside, Point, Reach};

use super::moves::{Moves, Slide};
use super::words;

fn reach(low: f64, high: f64) -> Reach {
    Reach {
        low: Point {
            value: low,
            date: "2020-03-18".parse().unwrap(),
        },
        high: Point {
            value: high,
            date: "2011-04-28".parse().unwrap(),
        },
    }
}

fn silver() -> Input {
    Input {
        series: "silver_close".parse().unwrap(),
        label: "Silver".to_owned(),
        group: "metals".to_owned(),
        unit: "USD per share of SLV".to_owned(),
        measure: Measure::Percent,
        level: 28.35,
        previous: 28.0,
        levels: reach(9.5, 47.0),
        changes: reach(-13.2, 8.7),
    }
}

#[test]
fn a_slider_goes_as_far_as_history_in_round_steps() {
    let by_changes = Slide::of(&silver(), true);
    assert!((by_changes.step - 0.1).abs() < 1e-12);
    assert!((by_changes.low + 13.2).abs() < 0.11 && by_changes.low <= -13.2);
    assert!((by_changes.high - 8.7).abs() < 0.11 && by_changes.high >= 8.7);
    let by_levels = Slide::of(&silver(), false);
    assert!((by_levels.step - 0.1).abs() < 1e-12);
    assert!(by_levels.low <= 9.5 && by_levels.high >= 47.0);
    let still = Input {
        changes: reach(0.0, 0.0),
        ..silver()
    };
    assert!((Slide::of(&still, true).step - 0.01).abs() < 1e-12);
}

#[test]
fn moves_survive_the_address_to_the_last_bit() {
    let moves: Moves = "silver_close:28.350000000000001,rate_10y:-0.1"
        .parse()
        .unwrap();
    let word = moves.word().unwrap();
    assert_eq!(word.parse(), Ok(moves));
    for bad in ["", "silver", "silver:x", "silver:NaN", "silver:inf", ":"] {
        assert!(bad.parse::<Moves>().is_err(), "{bad}");
    }
    assert_eq!(Moves::default().word(), None);
}

#[test]
fn changes_are_told_in_their_unit() {
    assert_eq!(words::change(Measure::Percent, 1.25), "+1.25%");
    assert_eq!(
        words::change(Measure::Points, -0.118),
        "\u{2212}0.12 points"
    );
    assert_eq!(words::change(Measure::Points, 0.0), "0.00 points");
    assert_eq!(
        words::spoken(&silver(), 28.0),
        "$28.00 per share of SLV, 0.00% from the day before"
    );
    assert_eq!(words::own(&silver()), "That day $28.35, +1.25%");
}

#[test]
fn a_field_says_dollars_and_any_other_unit_in_full() {
    let units = ["USD per share of SLV", "CHF per USD", "%"];
    assert_eq!(units.map(words::after_field), ["USD", "CHF per USD", "%"]);
}

#[test]
fn what_was_never_seen_names_the_day_that_went_farthest() {
    let silver = silver();
    let outside = silver.outside(silver.level_after(9.0)).unwrap();
    assert_eq!(
        words::outside(&silver, outside),
        "Outside history: the largest rise in a day was +8.70% on 28 Apr 2011."
    );
    let level = Outside::Level(silver.levels.low);
    assert_eq!(
        words::outside(&silver, level),
        "Outside history: its lowest was $9.50 on 18 Mar 2020."
    );
}
