//! Tests of the whole step, on data made here.

mod course;
mod search;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use chrono::NaiveDate;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use shared::card::{Output, Parameters};
use shared::run::Progress;
use shared::valuation::{BASE, Method, Split};

use crate::assemble::{Dataset, Feature};
use crate::preset::{Extrapolation, GridDef, Role, TrainPlan};
use crate::progress::Reporter;

use super::fold::FoldTrainer;
use super::grid::{candidates, groups};
use super::inputs::Inputs;
use super::winner::{Effort, Winner, find};
use super::{Datasets, TrainError, Trained};

fn train(
    dataset: &Dataset,
    plan: &TrainPlan,
    grid: &str,
    threads: usize,
    score_all: bool,
    reporter: &Reporter,
) -> Result<Trained, TrainError> {
    let sets = Datasets {
        last: dataset,
        provisional: None,
    };
    super::train(&sets, plan, grid, threads, score_all, reporter)
}

type Axes<'a> = &'a [(&'a str, &'a [f64])];

/// A price that follows three random drivers with noise. The dataset teaches its percent return.
fn dataset(rows: usize, seed: u64) -> Dataset {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let first = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
    let mut columns = vec![Vec::new(), Vec::new(), Vec::new()];
    let (mut price, mut target) = (Vec::new(), Vec::new());
    let mut level = 100.0_f64;
    for _ in 0..rows {
        let drivers: [f64; 3] = std::array::from_fn(|_| rng.random_range(-1.0..1.0));
        let change = drivers[0] + 0.5 * drivers[1].signum() + rng.random_range(-0.3..0.3);
        level *= (change / 100.0).exp();
        columns
            .iter_mut()
            .zip(drivers)
            .for_each(|(column, driver)| column.push(driver));
        price.push(level);
        target.push(change);
    }
    target[0] = f64::NAN;
    let previous_price = std::iter::once(f64::NAN)
        .chain(price.iter().copied())
        .take(rows)
        .collect();
    Dataset {
        dates: first.iter_days().take(rows).collect(),
        is_final: vec![true; rows],
        features: ["one", "two", "gold_ema_30"].map(feature).into(),
        ema: price.iter().map(|price| price * 0.99).collect(),
        columns,
        target,
        price,
        previous_price,
    }
}

fn feature(name: &str) -> Feature {
    Feature {
        name: name.to_owned(),
        label: name.to_owned(),
        group: String::new(),
        role: Role::Trees,
        driver: name.to_owned(),
    }
}

/// The same with the price as target.
fn level_dataset(rows: usize, seed: u64) -> Dataset {
    let dataset = dataset(rows, seed);
    Dataset {
        target: dataset.price.clone(),
        ..dataset
    }
}

fn plan(searches: &[Axes<'_>]) -> TrainPlan {
    let axes = |axes: &Axes<'_>| {
        axes.iter()
            .map(|(name, values)| ((*name).to_owned(), values.to_vec()))
            .collect()
    };
    let grid = GridDef {
        scale: false,
        searches: searches.iter().map(axes).collect(),
    };
    TrainPlan {
        output: Output::PercentReturn,
        test_rows: 40,
        folds: 4,
        seed: 7,
        fixed: Parameters::from([("max_bin".to_owned(), 64.0)]),
        grids: BTreeMap::from([("small".to_owned(), grid)]),
        extrapolation: Extrapolation::None,
        intervals: false,
        walk_forward: None,
    }
}

const SEARCHES: [Axes<'static>; 2] = [
    &[
        ("max_depth", &[1.0, 3.0]),
        ("learning_rate", &[0.02, 0.1, 0.5]),
        ("n_estimators", &[5.0, 40.0, 20.0]),
    ],
    &[
        ("subsample", &[0.5, 1.0]),
        ("gamma", &[0.01, 2.0, 0.5]),
        ("min_child_weight", &[1.0, 20.0]),
    ],
];

fn one_candidate() -> TrainPlan {
    plan(&[&[
        ("max_depth", &[2.0]),
        ("n_estimators", &[20.0]),
        ("subsample", &[0.7]),
    ]])
}

#[test]
fn the_result_is_the_same_with_any_number_of_threads() {
    let dataset = dataset(400, 5);
    let plan = TrainPlan {
        intervals: true,
        ..plan(&SEARCHES)
    };
    let with = |threads| {
        train(
            &dataset,
            &plan,
            "small",
            threads,
            false,
            &Reporter::silent(),
        )
        .unwrap()
    };
    let alone = with(1);
    assert!(alone.searches[0].cut > 0);
    assert!(!alone.coverage.is_empty());
    assert_eq!(alone, with(2));
    assert_eq!(alone, with(3));
}

#[test]
fn a_seed_decides_the_bytes() {
    let dataset = dataset(200, 5);
    let with = |seed| {
        let plan = TrainPlan {
            seed,
            ..one_candidate()
        };
        train(&dataset, &plan, "small", 1, false, &Reporter::silent())
            .unwrap()
            .model
    };
    assert_eq!(with(7), with(7));
    assert_ne!(with(7), with(8));
}

#[test]
fn the_card_describes_what_was_done() {
    let trained = train(
        &dataset(250, 1),
        &one_candidate(),
        "small",
        2,
        false,
        &Reporter::silent(),
    )
    .unwrap();
    assert_eq!(trained.data.train_rows, 209, "the first row has no target");
    assert_eq!(trained.data.test_rows, 40);
    assert_eq!(trained.folds.len(), 4);
    assert_eq!(trained.folds[3].train_rows, 209 - 209 / 5);
    assert_eq!(trained.versions["xgboost"].split('.').count(), 3);
    assert_eq!(trained.parameters["max_bin"].to_bits(), 64.0_f64.to_bits());
    let only = &trained.searches[0].best[0];
    let mean = trained
        .folds
        .iter()
        .map(|fold| fold.validation_rmse)
        .sum::<f64>()
        / 4.0;
    assert_eq!(only.mean_rmse, Some(mean));
    assert_eq!(only.fold_rmse[3], Some(trained.folds[3].validation_rmse));
    assert!(
        trained
            .folds
            .iter()
            .all(|fold| fold.train_rmse < fold.validation_rmse)
    );
    let model: serde_json::Value = serde_json::from_slice(&trained.model).unwrap();
    assert_eq!(
        model["learner"]["feature_names"],
        serde_json::json!(["one", "two", "gold_ema_30"])
    );
    assert!(
        trained.skill.skill > 0.5,
        "the drivers explain most of the move: {:?}",
        trained.skill
    );
    assert!(trained.coverage.is_empty());
}

#[test]
fn contributions_add_up_to_the_output() {
    let dataset = dataset(250, 1);
    let trained = train(
        &dataset,
        &one_candidate(),
        "small",
        2,
        false,
        &Reporter::silent(),
    )
    .unwrap();
    assert_eq!(trained.valuations.len(), 249);
    assert_eq!(trained.contributions.len(), 249 * 4);
    for (row, parts) in trained
        .valuations
        .iter()
        .zip(trained.contributions.chunks(4))
    {
        assert!(parts.iter().all(|part| part.date == row.date));
        assert_eq!(parts[3].feature, BASE);
        let place = dataset
            .dates
            .iter()
            .position(|date| *date == row.date)
            .unwrap();
        let output = 100.0 * (row.valuation / dataset.previous_price[place]).ln();
        let sum: f64 = parts.iter().map(|part| part.contribution).sum();
        assert!((sum - output).abs() < 1e-5, "{sum} {output}");
    }
}

#[test]
fn rows_that_cannot_be_scored_are_valued_if_they_can() {
    let mut dataset = dataset(250, 1);
    dataset.target[249] = f64::NAN;
    dataset.price[248] = f64::NAN;
    let trained = train(
        &dataset,
        &one_candidate(),
        "small",
        1,
        false,
        &Reporter::silent(),
    )
    .unwrap();
    let dates: Vec<NaiveDate> = trained.valuations.iter().map(|row| row.date).collect();
    assert!(
        !dates.contains(&dataset.dates[0]),
        "no row before to start from"
    );
    assert!(!dates.contains(&dataset.dates[248]), "no price");
    assert!(dates.contains(&dataset.dates[249]), "no target");
    assert!(trained.scores.iter().all(|score| score.rows == 38));
}

#[test]
fn the_originals_rule_puts_the_mean_where_the_price_left_the_training_range() {
    let mut dataset = level_dataset(250, 2);
    let plan = TrainPlan {
        output: Output::Level,
        extrapolation: Extrapolation::EmaOnActual,
        ..one_candidate()
    };
    let train_part = &dataset.target[..210];
    let low = train_part.iter().copied().fold(f64::INFINITY, f64::min);
    let high = train_part.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let actuals = [high + 1.0, high, f64::midpoint(low, high), low, low - 1.0];
    for (row, actual) in (210..).zip(actuals) {
        dataset.target[row] = actual;
        dataset.price[row] = actual;
    }
    let trained = train(&dataset, &plan, "small", 1, false, &Reporter::silent()).unwrap();
    let methods: Vec<Method> = trained.valuations[210..215]
        .iter()
        .map(|row| row.method)
        .collect();
    assert_eq!(
        methods,
        [
            Method::Ema,
            Method::Ema,
            Method::Model,
            Method::Ema,
            Method::Ema
        ]
    );
    for row in [210, 211, 213, 214] {
        assert_eq!(
            trained.valuations[row].valuation.to_bits(),
            dataset.columns[2][row].to_bits()
        );
    }
    assert!(
        trained.valuations[..210]
            .iter()
            .all(|row| row.method == Method::Model && row.split == Split::Train)
    );
    assert!(
        trained.valuations[210..]
            .iter()
            .all(|row| row.split == Split::Test)
    );
    let raw = &trained.scores[1];
    assert_eq!(raw.rule, "model_raw");
    assert_ne!(trained.scores[0].rmse.to_bits(), raw.rmse.to_bits());
}

#[test]
fn scaling_is_fitted_before_the_test_part() {
    let dataset = level_dataset(250, 2);
    let mut plan = TrainPlan {
        output: Output::Level,
        ..one_candidate()
    };
    plan.grids.get_mut("small").unwrap().scale = true;
    let trained = train(&dataset, &plan, "small", 1, false, &Reporter::silent()).unwrap();
    let scaler = trained.scaler.unwrap();
    let mean = dataset.columns[0][..210].iter().sum::<f64>() / 210.0;
    assert!((scaler.mean[0] - mean).abs() < 1e-12);
    assert_eq!(scaler.scale.len(), 3);
}

#[test]
fn a_later_price_changes_no_earlier_band() {
    let dataset = dataset(400, 9);
    let plan = TrainPlan {
        intervals: true,
        ..one_candidate()
    };
    let bands = |dataset: &Dataset| -> Vec<_> {
        let trained = train(dataset, &plan, "small", 1, false, &Reporter::silent()).unwrap();
        trained
            .valuations
            .iter()
            .map(|row| (row.interval_80, row.interval_95))
            .collect()
    };
    let mut changed = dataset.clone();
    changed.price[399] *= 1.5;
    changed.target[399] += 40.0;
    let (before, after) = (bands(&dataset), bands(&changed));
    assert_eq!(before, after);
    let wide = before.last().unwrap();
    let (narrow, wide) = (wide.0.unwrap(), wide.1.unwrap());
    assert!(wide.lower < narrow.lower && narrow.lower < narrow.upper && narrow.upper < wide.upper);
}
