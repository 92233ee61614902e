//! Why a valuation changed: the parts add up to the last bit, and each stands where its cause is.

#![expect(
    clippy::float_cmp,
    reason = "what is said to be equal is equal to the last bit"
)]

use std::sync::Arc;

use backend::diff::{DiffError, Explain, KeptDiffs, diff, keep, named};
use backend::lake::Lake;
use backend::pipeline::RunOptions;
use serde_json::{Value, json};
use shared::diff::{Cause, Line, RunDiff};
use shared::run::Status;

use crate::world::{World, fitted_once, options};

/// The id of a run that went well or partial.
async fn run(world: &World, options: &RunOptions) -> String {
    let report = world.run(options).await;
    assert_ne!(report.status, Status::Failed, "{:?}", report.failure);
    report.run_id.unwrap()
}

/// The diff of two runs, checked: the sides are the published ones, the parts add up, the rest comes last.
async fn checked(world: &World, from: &str, to: &str) -> RunDiff {
    let lake: Arc<dyn Lake> = world.backend().lake();
    let found = diff(&lake, from, to).await.unwrap();
    let sum = found.lines.iter().fold(0.0, |sum, line| sum + line.amount);
    assert_eq!(sum.to_bits(), found.change.to_bits(), "{found:?}");
    let change = found.to.valuation - found.from.valuation;
    assert_eq!(change.to_bits(), found.change.to_bits());
    let published = world.backend().published();
    for side in [&found.from, &found.to] {
        let snapshot = published.snapshot(&side.run_id).await.unwrap().unwrap();
        assert_eq!(side.valuation, snapshot.latest.valuation);
    }
    let rest = found.lines.last().unwrap();
    assert_eq!(rest.cause, Cause::Rest);
    assert!(rest.amount.abs() < 1e-9, "{found:?}");
    found
}

fn of(found: &RunDiff, cause: Cause) -> Vec<&Line> {
    let lines = found.lines.iter();
    lines.filter(|line| line.cause == cause).collect()
}

fn amount(found: &RunDiff, cause: Cause) -> f64 {
    of(found, cause).iter().map(|line| line.amount).sum()
}

fn faults(world: &World, faults: Value) {
    let rules = serde_json::from_value(faults).unwrap();
    world.market.set_faults(rules);
}

/// The options with trees of another depth.
fn deeper(options: &RunOptions) -> RunOptions {
    let mut deeper = options.clone();
    let grid = deeper.preset.train.grids.get_mut("deployed").unwrap();
    grid.searches[0].insert("max_depth".to_owned(), vec![4.0]);
    deeper
}

/// A run, one of two days later, and one of that day with other parameters.
async fn three_runs() -> (World, [String; 3]) {
    let mut world = World::new("2024-09-20").await;
    let plain = fitted_once("fair-free");
    let one = run(&world, &plain).await;
    world.go_to("2024-09-24");
    let two = run(&world, &plain).await;
    let three = run(&world, &deeper(&plain)).await;
    (world, [one, two, three])
}

#[tokio::test(flavor = "multi_thread")]
async fn new_day_refit_parameters_and_version_are_told_apart() {
    let (world, [one, two, three]) = three_runs().await;
    let refit = new_day_and_refit(&world, &one, &two).await;

    let both = checked(&world, &one, "current").await;
    assert_eq!(both.to.run_id, three);
    assert!(both.notes[0].starts_with("data and parameters changed together"));
    assert_ne!(amount(&both, Cause::Parameters), 0.0);
    // The fit that was made for this is the one that the other run of that day made.
    let fitted = |found: &RunDiff| amount(found, Cause::Model).to_bits();
    assert_eq!(fitted(&both), fitted(&refit));

    let version = format!(r#""assay":"{}""#, env!("CARGO_PKG_VERSION"));
    let card = format!("models/{one}/card.json");
    world.rewrite(&card, |text| text.replace(&version, r#""assay":"0.0.9""#));
    let found = checked(&world, &one, &two).await;
    let code = of(&found, Cause::CodeVersion)[0];
    let what = format!("assay 0.0.9 → {}", env!("CARGO_PKG_VERSION"));
    assert_eq!(code.what, what);
    assert_eq!(code.amount, 0.0, "the same program under another number");

    let snapshot = format!("runs/{two}/snapshot.json");
    world.rewrite(&snapshot, |text| {
        let mut all: Value = serde_json::from_str(text).unwrap();
        let valuation = all["latest"]["valuation"].as_f64().unwrap();
        all["latest"]["valuation"] = json!(valuation + 1.0);
        all.to_string()
    });
    let lake: Arc<dyn Lake> = world.backend().lake();
    let found = diff(&lake, &one, &two).await.unwrap();
    let rest = amount(&found, Cause::Rest);
    assert!((rest - 1.0).abs() < 1e-9, "no model says so: {found:?}");
    let sum: f64 = found.lines.iter().map(|line| line.amount).sum();
    assert!((sum - found.change).abs() < 1e-9);
}

async fn new_day_and_refit(world: &World, one: &str, two: &str) -> RunDiff {
    let found = checked(world, one, two).await;
    let causes: Vec<Cause> = found.lines.iter().map(|line| line.cause).collect();
    let expected = [
        Cause::CodeVersion,
        Cause::Model,
        Cause::Parameters,
        Cause::NewData,
        Cause::NewData,
        Cause::Rest,
    ];
    assert_eq!(causes, expected);
    assert_eq!(of(&found, Cause::Model)[0].what, "fitted on 2 more rows");
    assert_ne!(amount(&found, Cause::Model), 0.0);
    assert_ne!(amount(&found, Cause::NewData), 0.0);
    assert_eq!(of(&found, Cause::Parameters)[0].what, "unchanged");
    assert_eq!(amount(&found, Cause::Parameters), 0.0);
    assert_eq!(amount(&found, Cause::Rest), 0.0);
    assert_eq!(
        found.notes,
        ["the valuations are of different days, 2024-09-19 and 2024-09-23"]
    );
    let back = checked(world, two, one).await;
    for (there, here) in found.lines.iter().zip(&back.lines) {
        assert_eq!(there.amount + here.amount, 0.0, "{there:?}");
    }
    assert!(back.notes[1].starts_with("the second run is the older one"));
    let lake: Arc<dyn Lake> = world.backend().lake();
    let unnamed = named(&lake, None, None).await.unwrap();
    // The current run is a third one of the same preset.
    assert_eq!(unnamed.0, two);
    let none = checked(world, two, two).await;
    assert!(none.lines.iter().all(|line| line.amount == 0.0), "{none:?}");
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_that_came_later_is_named() {
    let mut world = World::new("2024-09-19").await;
    run(&world, &options("fair-free")).await;
    world.go_to("2024-09-20");
    faults(
        &world,
        json!([{"match": {"vendor": "av", "symbol": "XAG"}, "fault": {"kind": "reset"}}]),
    );
    let without = run(&world, &options("fair-free")).await;
    faults(&world, json!([]));
    let with = run(&world, &options("fair-free")).await;
    let found = checked(&world, &without, &with).await;
    assert_eq!(found.from.date, found.to.date);
    let revised = of(&found, Cause::RevisedData);
    assert_eq!(revised.len(), 1);
    assert_eq!(revised[0].series.as_ref().unwrap().as_str(), "silver_spot");
    assert_eq!(revised[0].what, "1 value came later");
    assert_eq!(revised[0].amount, found.change);
    assert_ne!(found.change, 0.0);
    assert_eq!(of(&found, Cause::Model)[0].what, "the same model");
    assert_eq!(of(&found, Cause::NewData)[0].what, "the same day");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_parameters_on_the_same_data_are_the_whole_change() {
    let world = World::new("2024-09-20").await;
    let plain = fitted_once("fair-free");
    let one = run(&world, &plain).await;
    let two = run(&world, &deeper(&plain)).await;
    let found = checked(&world, &one, &two).await;
    assert_ne!(found.change, 0.0);
    assert_eq!(amount(&found, Cause::Parameters), found.change);
    assert_eq!(of(&found, Cause::Parameters)[0].what, "max_depth 2 → 4");
    assert_eq!(of(&found, Cause::Model)[0].what, "fitted on the same rows");
    assert_kept(&world, &one, &two, &found).await;
    let named = RunOptions {
        grid: "small".to_owned(),
        ..plain.clone()
    };
    let mut renamed = named.clone();
    renamed.preset.train.grids.insert(
        "small".to_owned(),
        plain.preset.train.grids["deployed"].clone(),
    );
    let three = run(&world, &renamed).await;
    let found = checked(&world, &one, &three).await;
    assert_eq!(found.change, 0.0);
    let words = "grid deployed → small";
    assert_eq!(of(&found, Cause::Parameters)[0].what, words);
}

/// The comparison at publication: the same as when asked.
async fn assert_kept(world: &World, one: &str, two: &str, found: &RunDiff) {
    let lake: Arc<dyn Lake> = world.backend().lake();
    let kept = KeptDiffs::new(world.backend().published());
    let ask = async || kept.explain(one.to_owned(), two.to_owned()).await;
    let none = ask().await.unwrap_err();
    assert!(matches!(none, DiffError::NotKept { .. }), "{none}");
    // As if it had been published between the two: the one after is compared with it.
    assert_eq!(keep(&lake, one).await.unwrap(), None, "the first run");
    assert_eq!(ask().await.unwrap(), *found);
    assert_eq!(keep(&lake, two).await.unwrap().as_deref(), Some(one));
    assert_eq!(ask().await.unwrap(), *found);
}

#[tokio::test(flavor = "multi_thread")]
async fn revised_values_of_a_series_have_their_own_line() {
    let mut world = World::new("2024-09-20").await;
    let one = run(&world, &options("classic")).await;
    world.go_to("2024-09-23");
    let revision = json!({"kind": "split_jump", "factor": 1.01, "from": "2024-09-19"});
    faults(
        &world,
        json!([{"match": {"vendor": "av", "symbol": "GLD"}, "fault": revision}]),
    );
    run(&world, &options("classic")).await;
    let found = checked(&world, &one, "2024-09-23").await;
    let revised = of(&found, Cause::RevisedData);
    let gold = revised
        .iter()
        .find(|line| line.series == Some("gold_open".parse().unwrap()))
        .unwrap();
    assert_eq!(gold.what, "2 values revised");
    // Gold is beyond its training range, so that its mean over 30 days stands in: of two values that rose by 1 %, the newest
    // weighs 2/31, the one before 29/31 of that.
    let published = world.backend().published();
    let snapshot = published.snapshot(&one).await.unwrap().unwrap();
    let prices = snapshot.history.iter().rev().map(|day| day.price);
    let weights = [2.0 / 31.0, 2.0 / 31.0 * 29.0 / 31.0];
    let expected: f64 = prices.zip(weights).map(|(p, w)| 0.01 * p * w).sum();
    assert!(
        (gold.amount - expected).abs() < 1e-4,
        "{gold:?}, {expected}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_are_found_by_unique_beginnings_and_only_like_is_compared_with_like() {
    let world = World::new("2024-09-20").await;
    let lake: Arc<dyn Lake> = world.backend().lake();
    let error = diff(&lake, "current", "current").await.unwrap_err();
    assert!(matches!(error, DiffError::NothingPublished));
    let fair = run(&world, &options("fair")).await;
    let free = run(&world, &options("fair-free")).await;
    let found = diff(&lake, &fair[..fair.len() - 3], &fair).await.unwrap();
    assert_eq!(found.from.run_id, fair);
    let text = async |from: &str, to: &str| diff(&lake, from, to).await.unwrap_err().to_string();
    assert_eq!(
        text("2024-09-20-fair", &fair).await,
        format!("`2024-09-20-fair` is the beginning of 2 runs: {fair}, {free}")
    );
    assert_eq!(
        text(&fair, "2023").await,
        "no published run is called `2023`"
    );
    assert_eq!(
        text(&fair, "current").await,
        "the runs value different things: gold_close in USD per share of GLD and gold_spot in USD per troy ounce"
    );
}
