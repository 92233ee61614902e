//! The measures of the Power BI model in SQL: `powerbi/measures/*.sql`, each with the number that it must give.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use shared::catalogue::Table;

use super::lake::{Frame, Run, Values};
use super::{World, classic_1, dates, day, fair_2, frame, numbers, texts};

/// The SQL twins by name.
fn twins() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../powerbi/measures");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let named = files.map(|path| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, fs::read_to_string(path).unwrap())
    });
    named.collect()
}

/// A world in which this run is the only one.
fn world_of(run: &Run) -> World {
    let world = World::empty();
    let manifest = world.write(run);
    world.point_to(&[&manifest]);
    world
}

/// The measure's value, or an object by the column that it speaks of; numbers rounded to nine digits.
async fn measure(world: &World, name: &str) -> Value {
    let rounded = |value: Value| match value.as_f64() {
        Some(number) if value.is_f64() => json!((number * 1e9).round() / 1e9),
        _ => value,
    };
    let sql = &twins()[name];
    let rows = world.rows(sql).await;
    if !sql.contains("\n-- One row for each ") {
        let [row] = rows.as_slice() else {
            panic!("{name} is not one row: {rows:?}");
        };
        assert_eq!(row.len(), 1, "{name}");
        let value = &row[0];
        return rounded(value.clone());
    }
    let pairs = rows.into_iter().map(|row| {
        let [of, value] = <[Value; 2]>::try_from(row).unwrap();
        (of.as_str().unwrap().to_owned(), rounded(value))
    });
    Value::Object(pairs.collect())
}

/// The run of the questions' tests, with scores as publish writes them, its origin, and indicators of all kinds.
fn run() -> Run {
    let mut run = fair_2();
    run.tables.insert(Table::Observations, indicators());
    let row = run.tables.get_mut(&Table::ModelRuns).unwrap();
    row.retain(|(name, _)| name != "scores" && name != "baselines");
    let scores = texts(&[r#"{"model_raw":1.5,"valuation":1.25}"#]);
    let baselines = texts(&[r#"{"ema_previous":3.0,"ema_same_day":0.75,"no_change":2.5}"#]);
    row.push(("scores".to_owned(), scores));
    row.push(("baselines".to_owned(), baselines));
    row.push(("synthetic".to_owned(), Values::Truths(vec![Some(true)])));
    run
}

/// Series, date, value, day from which it was known, vintage.
type Known = (&'static str, &'static str, f64, &'static str, &'static str);

const INDICATORS: [Known; 11] = [
    // Monthly and revised: no one-day change.
    ("cpi", "2023-12-01", 300.0, "2024-01-11", "2024-01-11"),
    ("cpi", "2023-12-01", 306.0, "2024-02-09", "2024-02-09"),
    ("cpi", "2024-01-01", 309.5, "2024-02-13", "2024-02-13"),
    // Up; the day before was corrected at once, so the vintage decides.
    ("eur_usd", "2024-03-01", 1.3, "2024-03-01", "2024-03-01"),
    ("eur_usd", "2024-03-01", 1.25, "2024-03-01", "2024-03-04"),
    ("eur_usd", "2024-03-04", 1.26, "2024-03-04", "2024-03-04"),
    // Down.
    ("made_up", "2024-03-01", -150.0, "2024-03-01", "2024-03-01"),
    ("made_up", "2024-03-04", -153.0, "2024-03-04", "2024-03-04"),
    // Flat over a long weekend of five days.
    ("vix", "2024-02-28", 13.0, "2024-02-28", "2024-02-28"),
    ("vix", "2024-03-04", 13.0, "2024-03-04", "2024-03-04"),
    // Nothing before it.
    (
        "silver_close",
        "2024-03-04",
        24.0,
        "2024-03-04",
        "2024-03-04",
    ),
];

fn indicators() -> Frame {
    let of = |pick: fn(&Known) -> &'static str| INDICATORS.iter().map(pick).collect::<Vec<_>>();
    let known = INDICATORS.iter().map(|row| {
        let evening = day(row.3).and_hms_opt(21, 0, 0).unwrap();
        evening.and_utc()
    });
    frame([
        ("series", texts(&of(|row| row.0))),
        ("date", dates(&of(|row| row.1))),
        ("value", numbers(&INDICATORS.map(|row| row.2))),
        ("available_at", Values::Instants(known.collect())),
        ("vintage", dates(&of(|row| row.4))),
    ])
}

fn by_series(values: [Value; 5]) -> Value {
    let names = ["cpi", "eur_usd", "made_up", "silver_close", "vix"];
    let pairs = names.into_iter().map(str::to_owned).zip(values);
    Value::Object(pairs.collect())
}

fn nine(number: f64) -> Value {
    json!((number * 1e9).round() / 1e9)
}

/// What the newest day, 2024-03-04, says: price 210, valuation 200 ± 10 (80 %) and ± 15 (95 %).
fn of_the_newest_day() -> Vec<(&'static str, Value)> {
    vec![
        ("valued_day", json!("2024-03-04")),
        ("market_price", json!(210.0)),
        ("model_value", json!(200.0)),
        ("difference", json!(10.0)),
        ("difference_pct", json!(5.0)),
        ("verdict", json!("Overvalued")),
        ("verdict_colour", json!("#FF9B90")),
        ("lower_80_pct", json!(190.0)),
        ("upper_80_pct", json!(210.0)),
        (
            "how_sure",
            json!("Inside the 80 % range: the model's usual error"),
        ),
        (
            "feature_contribution",
            json!({"silver": 1.5, "real_rate": -0.25, "momentum": 0.5, "base": 0.1}),
        ),
    ]
}

/// Four test days: errors 20, −10, 1, 10 against changes of 0, 90, 1, 19; the first lies outside both ranges.
fn of_the_test_days() -> Vec<(&'static str, Value)> {
    let square = |ratio: f64| ratio.ln().powi(2);
    let model: f64 = [100.0 / 80.0, 190.0 / 200.0, 191.0 / 190.0, 210.0 / 200.0]
        .map(square)
        .iter()
        .sum();
    let no_change: f64 = [190.0 / 100.0, 191.0 / 190.0, 210.0 / 191.0]
        .map(square)
        .iter()
        .sum();
    let widths = 2000.0 / 80.0 + 2000.0 / 200.0 + 2000.0 / 190.0 + 2000.0 / 200.0;
    vec![
        ("test_days", json!(4)),
        ("days_overvalued", json!(0.6)),
        ("rmse_of_the_model", nine(150.25_f64.sqrt())),
        ("mae_of_the_model", json!(10.25)),
        ("rmse_of_no_change", nine(2115.5_f64.sqrt())),
        ("skill_against_no_change", nine(1.0 - model / no_change)),
        ("held_by_the_80_pct_range", json!(0.75)),
        ("held_by_the_95_pct_range", json!(0.75)),
        ("mean_width_of_the_80_pct_range", nine(widths / 4.0)),
        (
            "score",
            json!({"valuation": 1.25, "model_raw": 1.5, "no_change": 2.5, "ema_previous": 3.0, "ema_same_day": 0.75}),
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "a list of expectations")]
fn of_the_run_and_its_indicators() -> Vec<(&'static str, Value)> {
    let grey = json!("#C3D0D2");
    vec![
        ("knowledge_as_of", json!("2024-03-04")),
        ("data", json!("SYNTHETIC DATA: a made-up market")),
        ("data_colour", json!("#FFC857")),
        ("published_rmse", json!(1.25)),
        ("published_skill", json!(0.5)),
        (
            "indicator_name",
            by_series([
                json!("Consumer price index, seasonally adjusted"),
                json!("US dollars per euro"),
                json!("made up"),
                json!("Silver (SLV)"),
                json!("Volatility index VIX"),
            ]),
        ),
        (
            "indicator_day",
            by_series([
                json!("2024-01-01"),
                json!("2024-03-04"),
                json!("2024-03-04"),
                json!("2024-03-04"),
                json!("2024-03-04"),
            ]),
        ),
        (
            "indicator_value",
            by_series([309.5, 1.26, -153.0, 24.0, 13.0].map(Value::from)),
        ),
        (
            "one_day_change_pct",
            by_series([
                json!(null),
                json!(0.8),
                json!(-2.0),
                json!(null),
                json!(0.0),
            ]),
        ),
        (
            "one_day_change",
            by_series(
                [
                    "not daily",
                    "▲ +0.80 %",
                    "▼ -2.00 %",
                    "not daily",
                    "■ 0.00 %",
                ]
                .map(Value::from),
            ),
        ),
        (
            "one_day_change_colour",
            by_series([
                grey.clone(),
                json!("#86D99B"),
                json!("#FF9B90"),
                grey.clone(),
                grey,
            ]),
        ),
        (
            "indicator_tile",
            by_series(
                [
                    "309.50  not daily",
                    "1.26  ▲ +0.80 %",
                    "-153.00  ▼ -2.00 %",
                    "24.00  not daily",
                    "13.00  ■ 0.00 %",
                ]
                .map(Value::from),
            ),
        ),
    ]
}

#[tokio::test]
async fn every_measure_gives_the_number_computed_by_hand() {
    let world = world_of(&run());
    let mut expected = of_the_newest_day();
    expected.extend(of_the_test_days());
    expected.extend(of_the_run_and_its_indicators());
    let mut names: Vec<&str> = expected.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    assert_eq!(names, twins().keys().collect::<Vec<_>>());
    for (name, value) in expected {
        assert_eq!(measure(&world, name).await, value, "{name}");
    }
}

/// `run` with another price on the newest day.
fn with_price(price: f64) -> Run {
    let mut run = run();
    let results = run.tables.get_mut(&Table::ModelResults).unwrap();
    for (name, values) in results {
        let Values::Numbers(numbers) = values else {
            continue;
        };
        let newest = numbers.last_mut().unwrap();
        match name.as_str() {
            "price" => *newest = Some(price),
            "gap" => *newest = Some(price - 200.0),
            "gap_pct" => *newest = Some(100.0 * (price - 200.0) / 200.0),
            _ => {}
        }
    }
    run
}

#[tokio::test]
async fn verdict_and_sureness_follow_the_price() {
    let unusual = "Outside the 80 % range, inside the 95 % one: unusual";
    let rare = "Outside even the 95 % range: the model rarely errs so much";
    let usual = "Inside the 80 % range: the model's usual error";
    for (price, verdict, colour, sure) in [
        (200.09, "Fairly valued", "#C3D0D2", usual),
        (200.11, "Overvalued", "#FF9B90", usual),
        (199.89, "Undervalued", "#86D99B", usual),
        (189.0, "Undervalued", "#86D99B", unusual),
        (216.0, "Overvalued", "#FF9B90", rare),
    ] {
        let world = world_of(&with_price(price));
        assert_eq!(measure(&world, "verdict").await, json!(verdict), "{price}");
        assert_eq!(
            measure(&world, "verdict_colour").await,
            json!(colour),
            "{price}"
        );
        assert_eq!(measure(&world, "how_sure").await, json!(sure), "{price}");
    }
}

#[tokio::test]
async fn where_nothing_can_be_said_there_is_no_number() {
    let mut run = classic_1();
    let row = run.tables.get_mut(&Table::ModelRuns).unwrap();
    row.push(("synthetic".to_owned(), Values::Truths(vec![None])));
    let world = world_of(&run);
    for name in [
        "lower_80_pct",
        "held_by_the_80_pct_range",
        "held_by_the_95_pct_range",
        "mean_width_of_the_80_pct_range",
    ] {
        assert_eq!(measure(&world, name).await, Value::Null, "{name}");
    }
    assert_eq!(
        measure(&world, "how_sure").await,
        json!("This preset gives no range")
    );
    assert_eq!(
        measure(&world, "data").await,
        json!("Origin of the data unknown")
    );
    assert_eq!(measure(&world, "data_colour").await, json!("#FFC857"));
    // One test day: its price changed by 1, its error is 5.
    assert_eq!(measure(&world, "rmse_of_no_change").await, json!(1.0));
    assert_eq!(measure(&world, "rmse_of_the_model").await, json!(5.0));
}

#[tokio::test]
async fn only_a_run_that_says_so_shows_the_vendors_data() {
    let mut run = run();
    let row = run.tables.get_mut(&Table::ModelRuns).unwrap();
    row.retain(|(name, _)| name != "synthetic");
    row.push(("synthetic".to_owned(), Values::Truths(vec![Some(false)])));
    let world = world_of(&run);
    assert_eq!(measure(&world, "data").await, json!("Vendors' data"));
    assert_eq!(measure(&world, "data_colour").await, json!("#C3D0D2"));
}
