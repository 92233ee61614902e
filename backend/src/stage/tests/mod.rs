//! Staging: answers in, observations and refusals out.

mod checks;
mod vintages;

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
