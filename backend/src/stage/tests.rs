//! Staging: answers in, observations and refusals out.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use shared::run::SeriesState;
use shared::series::Observation;

use super::*;
use crate::extract::{Answer, Extraction, VendorError};
use crate::lake::{Key, Lake, LocalLake, sha256_hex};
use crate::preset::{Preset, parse};
use crate::progress::Reporter;
use crate::step_error::StepError;

/// A preset of one series: gold from Alpha Vantage, with `extra` settings.
fn gold_with(extra: &str) -> Preset {
    parse("one", &format!(
        r#"
name = "one"
title = "One series"
target = "gold"
rows = {{ kind = "target_days", cut_off = {{ at = "16:00 America/New_York" }} }}

[[series]]
id = "gold"
title = "Gold"
unit = "USD"
source = {{ vendor = "alpha_vantage", function = "TIME_SERIES_DAILY", parameters = {{ symbol = "GLD" }}, field = "close" }}
frequency = "daily"
publication = {{ at = "16:00 America/New_York" }}
{extra}

[[feature]]
name = "before"
label = "Before"
of = "gold"
op = "level"
lag = 1

[train]
output = "level"
test_rows = 2
folds = 2
seed = 1
extrapolation = "none"
intervals = false

[[train.grids.deployed.searches]]
max_depth = [2]
"#
    ))
    .unwrap()
}

fn gold() -> Preset {
    gold_with("min = 0.01\nsplit_factor = 1.8")
}

/// An answer with these closes, newest first, as the vendor sends them.
fn bars(rows: &[(&str, &str)]) -> Answer {
    let rows: Vec<String> = rows
        .iter()
        .rev()
        .map(|(day, close)| format!(r#""{day}": {{"1. open": "1", "4. close": "{close}"}}"#))
        .collect();
    answer(&format!(
        r#"{{"Time Series (Daily)": {{{}}}}}"#,
        rows.join(",")
    ))
}

fn answer(body: &str) -> Answer {
    Answer {
        body: body.as_bytes().to_vec(),
        sha256: sha256_hex(body.as_bytes()),
        fetched_at: instant("2024-09-23T23:59:59Z"),
        synthetic: false,
    }
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

struct World {
    folder: tempfile::TempDir,
    lake: Arc<LocalLake>,
    preset: Preset,
}

impl World {
    fn new(preset: Preset) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lake = Arc::new(LocalLake::new(folder.path()));
        Self {
            folder,
            lake,
            preset,
        }
    }

    async fn stage(&self, outcome: Result<Vec<Answer>, VendorError>) -> Result<Staged, StepError> {
        let extraction = Extraction {
            request: self.preset.series[0].source.request(),
            series: vec![self.preset.series[0].id.clone()],
            requests_sent: 1,
            outcome,
        };
        let silent = Reporter::silent();
        stage(
            &self.preset,
            &[Arc::new(extraction)],
            self.lake.as_ref(),
            day("2024-09-23"),
            &silent,
        )
        .await
    }

    async fn stage_bars(&self, rows: &[(&str, &str)]) -> Staged {
        self.stage(Ok(vec![bars(rows)])).await.unwrap()
    }

    fn files(&self) -> Vec<String> {
        self.lake.list_blocking("").unwrap()
    }
}

fn values(staged: &Staged) -> Vec<(String, f64)> {
    let all = staged
        .observations
        .values()
        .next()
        .map_or(&[][..], Vec::as_slice);
    all.iter().map(|o| (o.date.to_string(), o.value)).collect()
}

fn expect(pairs: &[(&str, f64)]) -> Vec<(String, f64)> {
    pairs
        .iter()
        .map(|(day, value)| ((*day).to_owned(), *value))
        .collect()
}

#[tokio::test]
async fn a_bar_is_known_at_the_close_and_survives_the_way_through_the_lake() {
    let world = World::new(gold());
    world
        .stage_bars(&[("2024-09-20", "242.1"), ("2024-09-23", "243.3")])
        .await;
    let silent = load_staged(&world.preset, world.lake.as_ref(), day("2024-09-23"))
        .await
        .unwrap();
    let all: &Vec<Observation> = silent.observations.values().next().unwrap();
    assert_eq!(
        values(&silent),
        expect(&[("2024-09-20", 242.1), ("2024-09-23", 243.3)])
    );
    assert_eq!(all[0].available_at, instant("2024-09-20T20:00:00Z"));
    assert_eq!(all[0].vintage, day("2024-09-20"));
}

#[tokio::test]
async fn the_same_answer_again_writes_nothing() {
    let world = World::new(gold());
    let rows = [("2024-09-20", "242.1"), ("2024-09-23", "243.3")];
    let first = world.stage_bars(&rows).await;
    assert_eq!(first.series[0].state, SeriesState::Fresh);
    assert_eq!(first.series[0].new_observations, 2);
    let before = world.files();
    let state = world.lake.get(&Key::StagingState).await.unwrap();
    let second = world.stage_bars(&rows).await;
    assert_eq!(second.series[0].state, SeriesState::Unchanged);
    assert_eq!(world.files(), before);
    assert_eq!(world.lake.get(&Key::StagingState).await.unwrap(), state);
}

#[tokio::test]
async fn a_revision_is_added_and_the_old_value_stays_known_as_of_then() {
    let world = World::new(gold());
    world.stage_bars(&[("2024-09-20", "242.1")]).await;
    let staged = world.stage_bars(&[("2024-09-20", "242.4")]).await;
    let all = staged.observations.values().next().unwrap();
    assert_eq!(
        all.iter().map(|o| o.value).collect::<Vec<_>>(),
        [242.1, 242.4]
    );
    assert_eq!(all[1].available_at, instant("2024-09-23T23:59:59Z"));
}

#[tokio::test]
async fn a_failed_vendor_leaves_the_last_good_data_and_is_named() {
    let world = World::new(gold());
    world.stage_bars(&[("2024-09-20", "242.1")]).await;
    let down = VendorError::Retry {
        message: "no answer".to_owned(),
        after_seconds: None,
    };
    let staged = world.stage(Err(down)).await.unwrap();
    assert_eq!(staged.series[0].state, SeriesState::Stale);
    assert_eq!(
        staged.series[0].failure.as_ref().unwrap().message,
        "no answer"
    );
    assert_eq!(values(&staged), expect(&[("2024-09-20", 242.1)]));
}

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

#[tokio::test]
async fn synthetic_and_real_answers_never_mix() {
    let world = World::new(gold());
    world.stage_bars(&[("2024-09-20", "242.1")]).await;
    let mut synthetic = bars(&[("2024-09-23", "243.0")]);
    synthetic.synthetic = true;
    let Err(StepError::Fail { cause, advice }) = world.stage(Ok(vec![synthetic])).await else {
        panic!("it was staged")
    };
    assert_eq!(
        cause.to_string(),
        "the lake holds real data and the vendors send synthetic data"
    );
    assert!(advice.contains("ASSAY_HOME"), "{advice}");
}

#[tokio::test]
async fn a_damaged_file_of_observations_is_named() {
    let world = World::new(gold());
    world.stage_bars(&[("2024-09-20", "242.1")]).await;
    let file = world
        .files()
        .into_iter()
        .find(|f| f.contains("/observations/"))
        .unwrap();
    std::fs::write(world.folder.path().join(&file), b"PAR1").unwrap();
    let Err(StepError::Fail { cause, .. }) =
        world.stage(Ok(vec![bars(&[("2024-09-23", "243")])])).await
    else {
        panic!("it was staged")
    };
    assert_eq!(
        cause.to_string(),
        format!("`{file}` in the lake is broken: its content does not match its name")
    );
}

#[tokio::test]
async fn a_changed_source_starts_the_series_anew() {
    let world = World::new(gold());
    world.stage_bars(&[("2024-09-20", "242.1")]).await;
    let mut renamed = World {
        preset: gold(),
        ..world
    };
    let crate::preset::Source::AlphaVantage { parameters, .. } =
        &mut renamed.preset.series[0].source
    else {
        panic!("another source")
    };
    parameters.insert("symbol".to_owned(), "IAU".to_owned());
    let staged = renamed.stage_bars(&[("2024-09-23", "50.1")]).await;
    assert_eq!(values(&staged), expect(&[("2024-09-23", 50.1)]));
}

/// Vintages as ALFRED serves them.
mod vintages {
    use super::*;

    fn gdp() -> Preset {
        let mut preset = gold_with("stale_after_days = 230");
        let series = &mut preset.series[0];
        series.source = crate::preset::Source::Fred {
            id: "GDP".to_owned(),
            vintages: true,
        };
        series.frequency = shared::series::Frequency::Quarterly;
        series.publication = crate::preset::Publication {
            days: 119,
            weekday: None,
            business_day: true,
            at: "08:30 America/New_York".parse().unwrap(),
        };
        preset
    }

    fn observations(rows: &[(&str, &str, &str)]) -> Answer {
        let rows: Vec<String> = rows
            .iter()
            .map(|(start, date, value)| {
                format!(r#"{{"realtime_start": "{start}", "realtime_end": "9999-12-31", "date": "{date}", "value": "{value}"}}"#)
            })
            .collect();
        answer(&format!(r#"{{"observations": [{}]}}"#, rows.join(",")))
    }

    #[tokio::test]
    async fn a_vintage_is_known_from_its_day_and_the_archives_first_by_the_rule() {
        let world = World::new(gdp());
        let staged = world
            .stage(Ok(vec![observations(&[
                ("2020-01-30", "2019-01-01", "21000.0"),
                ("2024-07-25", "2024-04-01", "28629.2"),
                ("2024-08-29", "2024-04-01", "28652.3"),
            ])]))
            .await
            .unwrap();
        let all = staged.observations.values().next().unwrap();
        let known: Vec<String> = all.iter().map(|o| o.available_at.to_rfc3339()).collect();
        let expected = [
            "2019-04-30T12:30:00+00:00",
            "2024-07-25T12:30:00+00:00",
            "2024-08-29T12:30:00+00:00",
        ];
        assert_eq!(known, expected);
    }

    #[tokio::test]
    async fn a_value_that_a_later_window_only_repeats_is_no_revision() {
        let world = World::new(gdp());
        world
            .stage(Ok(vec![observations(&[(
                "2024-07-25",
                "2024-04-01",
                "28629.2",
            )])]))
            .await
            .unwrap();
        let again = observations(&[("2024-09-01", "2024-04-01", "28629.2")]);
        let staged = world.stage(Ok(vec![again])).await.unwrap();
        assert_eq!(staged.series[0].new_observations, 0);
        assert_eq!(staged.observations.values().next().unwrap().len(), 1);
    }
}
