//! Assembling: which rows there are, what each knows, and that none knows what came later.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use proptest::prelude::*;
use shared::series::{Observation, SeriesId};
use shared::valuation::Information;

use super::*;
use crate::preset::{CutOff, Preset, Rows, parse};

type World = BTreeMap<SeriesId, Vec<Observation>>;

/// As known at each row's cut-off.
fn assemble(
    preset: &Preset,
    world: &World,
    as_of: DateTime<Utc>,
) -> Result<Dataset, AssembleError> {
    super::assemble(preset, world, as_of, Information::Provisional)
}

/// Gold and a rate, in the way of `fair`: returns, a lagged mean, a daily rate that is known a day late.
fn fair() -> Preset {
    parse("small", SMALL).unwrap()
}

/// The same series in the original's way.
fn classic() -> Preset {
    let text = SMALL
        .replace(
            r#"kind = "target_days", cut_off = { at = "16:00 America/New_York" }"#,
            r#"kind = "calendar_filled""#,
        )
        .replace(r#"output = "percent_return""#, r#"output = "level""#)
        .replace("adjust = false", "adjust = true")
        .replace("lag = 1 # the mean", "lag = 0");
    parse("small", &text).unwrap()
}

const SMALL: &str = r#"
name = "small"
title = "Small"
target = "gold"
rows = { kind = "target_days", cut_off = { at = "16:00 America/New_York" } }

[[series]]
id = "gold"
title = "Gold"
unit = "USD"
source = { vendor = "alpha_vantage", function = "TIME_SERIES_DAILY", parameters = { symbol = "GLD" }, field = "close" }
frequency = "daily"
publication = { at = "16:00 America/New_York" }

[[series]]
id = "rate"
title = "Rate"
unit = "%"
source = { vendor = "fred", id = "DGS10" }
frequency = "daily"
publication = { days = 1, business_day = true, at = "16:15 America/New_York" }
stale_after_days = 5

[[feature]]
name = "rate_level"
label = "Rate"
of = "rate"
op = "level"

[[feature]]
name = "rate_change"
label = "Change of the rate"
of = "rate"
op = "diff"

[[feature]]
name = "gold_mean"
label = "Mean"
of = "gold"
op = { ema = { span = 3, adjust = false } }
lag = 1 # the mean

[train]
output = "percent_return"
test_rows = 2
folds = 2
seed = 1
extrapolation = "none"
intervals = false

[[train.grids.deployed.searches]]
max_depth = [2]
"#;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn world(preset: &Preset, gold: &[(&str, f64)], rate: &[(&str, f64)]) -> World {
    let mut world = World::new();
    for (id, rows) in [("gold", gold), ("rate", rate)] {
        let id: SeriesId = id.parse().unwrap();
        let def = preset.series(&id).unwrap();
        let observations = rows.iter().map(|(date, value)| Observation {
            date: day(date),
            value: *value,
            available_at: def.publication.available_at(day(date)),
            vintage: day(date),
            source: "".into(),
        });
        world.insert(id, observations.collect());
    }
    world
}

/// Monday 2024-09-16 to Wednesday 2024-09-25 without the weekend.
const GOLD: [(&str, f64); 8] = [
    ("2024-09-16", 100.0),
    ("2024-09-17", 101.0),
    ("2024-09-18", 103.0),
    ("2024-09-19", 102.0),
    ("2024-09-20", 104.0),
    ("2024-09-23", 105.0),
    ("2024-09-24", 107.0),
    ("2024-09-25", 106.0),
];
const RATE: [(&str, f64); 5] = [
    ("2024-09-13", 3.60),
    ("2024-09-16", 3.65),
    ("2024-09-17", 3.70),
    ("2024-09-18", 3.75),
    ("2024-09-19", 3.80),
];

fn column<'a>(dataset: &'a Dataset, name: &str) -> &'a [f64] {
    let index = dataset
        .features
        .iter()
        .position(|f| f.name == name)
        .unwrap();
    &dataset.columns[index]
}

fn close(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9)
}

#[test]
fn a_row_knows_the_rate_of_two_days_before_because_it_is_published_after_the_close() {
    let preset = fair();
    let dataset = assemble(
        &preset,
        &world(&preset, &GOLD, &RATE),
        instant("2024-09-20T23:59:59Z"),
    )
    .unwrap();
    // Rows begin when all features have a value: a change needs two rates, a return a row before.
    assert_eq!(dataset.dates.first(), Some(&day("2024-09-19")));
    // On Thursday 19 the rate of Tuesday 17 is out (Wednesday 16:15), that of Wednesday comes after the close.
    assert!(close(column(&dataset, "rate_level"), &[3.70, 3.75]));
    assert!(close(column(&dataset, "rate_change"), &[0.05, 0.05]));
}

#[test]
fn the_target_is_the_return_in_percent_and_the_mean_stops_the_day_before() {
    let preset = fair();
    let dataset = assemble(
        &preset,
        &world(&preset, &GOLD, &RATE),
        instant("2024-09-20T23:59:59Z"),
    )
    .unwrap();
    assert!(close(
        &dataset.target,
        &[
            100.0 * (102.0f64 / 103.0).ln(),
            100.0 * (104.0f64 / 102.0).ln()
        ]
    ));
    assert!(close(&dataset.previous_price, &[103.0, 102.0]));
    // Span 3: alpha 1/2. 100 → 100.5 → 101.75 → 101.875.
    assert!(close(column(&dataset, "gold_mean"), &[101.75, 101.875]));
}

#[test]
fn a_stale_rate_gives_no_value() {
    let preset = fair();
    let dataset = assemble(
        &preset,
        &world(&preset, &GOLD, &RATE),
        instant("2024-09-25T23:59:59Z"),
    )
    .unwrap();
    let rates = column(&dataset, "rate_level");
    // The newest rate is of 19 September; stale_after_days is 5.
    assert_eq!(dataset.dates.last(), Some(&day("2024-09-25")));
    assert!(rates[rates.len() - 1].is_nan());
    assert!((rates[rates.len() - 2] - 3.80).abs() < 1e-9);
}

#[test]
fn a_day_whose_price_is_not_there_in_time_is_no_row() {
    let preset = fair();
    let mut world = world(&preset, &GOLD, &RATE);
    let gold = world.get_mut(&"gold".parse().unwrap()).unwrap();
    gold[4].available_at = instant("2024-09-21T06:00:00Z");
    let dataset = assemble(&preset, &world, instant("2024-09-24T23:59:59Z")).unwrap();
    assert!(!dataset.dates.contains(&day("2024-09-20")));
    assert!(dataset.dates.contains(&day("2024-09-23")));
}

#[test]
fn provisional_rows_keep_the_prices_that_they_knew_and_lack_those_that_were_late() {
    let preset = fair();
    let mut world = world(&preset, &GOLD, &RATE);
    let gold = world.get_mut(&"gold".parse().unwrap()).unwrap();
    gold[5].available_at = instant("2024-09-24T06:00:00Z");
    gold.insert(
        5,
        Observation {
            value: 104.5,
            available_at: instant("2024-09-21T06:00:00Z"),
            ..gold[4].clone()
        },
    );
    let as_of = instant("2024-09-24T23:59:59Z");
    let mut late = preset.clone();
    late.rows = Rows::TargetDays {
        cut_off: CutOff {
            at: "16:00 America/New_York".parse().unwrap(),
            days: 1,
        },
        final_cut_off: None,
    };
    let last = assemble(&late, &world, as_of).unwrap();
    let first = assemble(&preset, &world, as_of).unwrap().on_rows_of(&last);
    assert_eq!(first.dates, last.dates);
    let tail = |column: &[f64]| column[column.len() - 3..].to_vec();
    assert!(close(&tail(&last.price), &[104.5, 105.0, 107.0]));
    let [friday, monday, tuesday] = tail(&first.price)[..] else {
        panic!("three rows");
    };
    assert!((friday, tuesday) == (104.0, 107.0) && monday.is_nan());
    // Monday's price came too late to be the one before Tuesday's.
    assert!((tail(&first.previous_price)[2] - 104.0).abs() < 1e-9);
    assert!((tail(&first.target)[2] - 100.0 * (107.0f64 / 104.0).ln()).abs() < 1e-9);
}

#[test]
fn classic_carries_reference_dates_forward_over_weekends_into_its_mean() {
    let preset = classic();
    let dataset = assemble(
        &preset,
        &world(&preset, &GOLD, &RATE),
        instant("2024-09-23T23:59:59Z"),
    )
    .unwrap();
    let last = dataset.rows() - 1;
    assert_eq!(dataset.dates[last], day("2024-09-23"));
    assert_eq!(
        dataset.dates[last - 1],
        day("2024-09-20"),
        "weekends are no rows"
    );
    // The rate of Wednesday 18 stands on the 18th, though it was published on the 19th.
    assert!(close(
        &column(&dataset, "rate_level")[1..4],
        &[3.70, 3.75, 3.80]
    ));
    // pandas: Series([100,101,103,102,104,104,104,105]).ewm(span=3, adjust=True).mean().iloc[-1] = 104.46274…
    let weights: Vec<f64> = (0..8).map(|i| 0.5f64.powi(i)).collect();
    let prices = [105.0, 104.0, 104.0, 104.0, 102.0, 103.0, 101.0, 100.0];
    let mean =
        prices.iter().zip(&weights).map(|(p, w)| p * w).sum::<f64>() / weights.iter().sum::<f64>();
    assert!((column(&dataset, "gold_mean")[last] - mean).abs() < 1e-9);
    assert_eq!(dataset.target, dataset.price);
}

#[test]
fn a_series_without_data_is_named() {
    let preset = fair();
    let error = assemble(
        &preset,
        &world(&preset, &GOLD, &[]),
        instant("2024-09-20T23:59:59Z"),
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "nothing is known of rate at the as-of day"
    );
    let before = assemble(
        &preset,
        &world(&preset, &GOLD, &RATE),
        instant("2000-01-01T00:00:00Z"),
    )
    .unwrap_err();
    assert_eq!(
        before.to_string(),
        "nothing is known of gold, rate at the as-of day"
    );
}

#[test]
fn series_that_never_meet_give_no_row() {
    let preset = fair();
    let old = [("2020-01-02", 1.5), ("2020-01-03", 1.6)];
    let error = assemble(
        &preset,
        &world(&preset, &GOLD, &old),
        instant("2024-09-20T23:59:59Z"),
    )
    .unwrap_err();
    assert!(
        error.to_string().ends_with("rate_level, rate_change"),
        "{error}"
    );
}

/// Gold and rate on random business days of two years, with late and revised rates.
fn random_world() -> impl Strategy<Value = (World, usize)> {
    let days = proptest::collection::vec((0.5f64..2.0, 0.5f64..2.0, 0u8..10, 0u64..4), 60..160);
    (days, 0usize..60).prop_map(|(days, cut)| {
        let preset = fair();
        let mut world = World::new();
        let start = day("2024-01-01");
        for (id, which) in [("gold", 0), ("rate", 1)] {
            let id: SeriesId = id.parse().unwrap();
            let def = preset.series(&id).unwrap();
            let mut all = Vec::new();
            for (index, (gold, rate, hole, late)) in days.iter().enumerate() {
                let date = start + Days::new(index as u64);
                if *hole == which {
                    continue;
                }
                let available_at = def.publication.available_at(date);
                let value = if which == 0 { *gold } else { *rate };
                let mut push = |value, available_at| {
                    all.push(Observation {
                        date,
                        value,
                        available_at,
                        vintage: date,
                        source: "".into(),
                    });
                };
                push(value, available_at);
                if *late == 3 {
                    push(value * 1.01, available_at + chrono::Duration::days(9));
                }
            }
            world.insert(id, all);
        }
        (world, cut)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Invariant 1: a world that ends at a row's cut-off gives that row as the whole world does.
    #[test]
    fn truncating_the_world_changes_no_row_before((world, cut) in random_world()) {
        let preset = fair();
        let whole = assemble(&preset, &world, instant("2030-01-01T00:00:00Z")).unwrap();
        prop_assume!(cut < whole.rows());
        let Rows::TargetDays { cut_off, .. } = preset.rows else { panic!("other rows") };
        let until = cut_off.of(whole.dates[cut]);
        let part = assemble(&preset, &world, until).unwrap();
        prop_assert_eq!(&part.dates[..], &whole.dates[..=cut]);
        let same = |a: &[f64], b: &[f64]| {
            a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()))
        };
        for (part, whole) in part.columns.iter().zip(&whole.columns) {
            prop_assert!(same(part, whole));
        }
        prop_assert!(same(&part.target, &whole.target));
        prop_assert!(same(&part.ema, &whole.ema));
    }
}
