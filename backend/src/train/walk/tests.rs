//! The walk as a whole, on data made here.

use chrono::NaiveDate;
use shared::card::Parameters;

use super::fixture::{business_days, noise};
use super::members::{Walk, WalkSettings, walk};
use super::panel::{Panel, drivers};
use crate::assemble::{Dataset, Feature};
use crate::preset::{Refit, Role, WalkPlan};
use crate::progress::Reporter;
use crate::train::meter::Meter;
use crate::train::winner::Effort;

const VOLATILITY: f64 = 0.01;

/// A return of half the first driver's move and noise; drivers move by about 1 %. The linear member sees them in volatilities.
pub(super) fn dataset(rows: usize) -> Dataset {
    let moves: Vec<Vec<f64>> = (0..2)
        .map(|driver| scaled(noise(rows, driver), VOLATILITY))
        .collect();
    let own = scaled(noise(rows, 9), 0.3 * VOLATILITY);
    let target: Vec<f64> = (0..rows)
        .map(|row| 100.0 * (0.5 * moves[0][row] + own[row]))
        .collect();
    let feature = |name: &str, role, driver: &str| Feature {
        name: name.to_owned(),
        label: String::new(),
        group: String::new(),
        role,
        driver: driver.to_owned(),
    };
    let prices = target.iter().scan(100.0, |price, percent| {
        *price *= (percent / 100.0_f64).exp();
        Some(*price)
    });
    let price: Vec<f64> = prices.collect();
    let in_volatilities = |moves: &[f64]| moves.iter().map(|v| v / VOLATILITY).collect();
    Dataset {
        dates: business_days(rows),
        is_final: vec![true; rows],
        features: vec![
            feature("one", Role::Trees, "one"),
            feature("two", Role::Trees, "two"),
            feature("one_scaled", Role::Linear, "one"),
            feature("two_scaled", Role::Linear, "two"),
            feature("volatility", Role::Volatility, "volatility"),
            feature("one_shock", Role::Scale, "one"),
            feature("one_over_mean", Role::Gap, "one"),
        ],
        columns: vec![
            moves[0].clone(),
            moves[1].clone(),
            in_volatilities(&moves[0]),
            in_volatilities(&moves[1]),
            vec![VOLATILITY; rows],
            moves[0].iter().map(|v| (v / VOLATILITY).abs()).collect(),
            moves[0].clone(),
        ],
        previous_price: std::iter::once(f64::NAN)
            .chain(price.iter().copied())
            .take(rows)
            .collect(),
        ema: price.clone(),
        target,
        price,
    }
}

fn scaled(values: Vec<f64>, factor: f64) -> Vec<f64> {
    values.into_iter().map(|value| factor * value).collect()
}

pub(super) fn plan() -> WalkPlan {
    WalkPlan {
        first: None,
        min_rows: 120,
        half_life: 500.0,
        refit: Refit::Monthly,
    }
}

pub(super) fn parameters() -> Parameters {
    [
        ("max_depth", 2.0),
        ("n_estimators", 20.0),
        ("learning_rate", 0.2),
        ("max_bin", 32.0),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

fn walked(dataset: &Dataset, threads: usize) -> Walk {
    let (plan, parameters) = (plan(), parameters());
    let settings = WalkSettings {
        plan: &plan,
        parameters: &parameters,
        seed: 7,
        drivers: drivers(dataset).len(),
    };
    let reporter = Reporter::silent();
    let effort = Effort {
        threads,
        score_all: false,
        reporter: &reporter,
    };
    let panel = Panel::new(dataset).unwrap();
    walk(&panel, &settings, &effort, &mut Meter::start(&reporter, 1)).unwrap()
}

#[test]
fn a_forecast_is_the_sum_of_its_drivers_and_the_mean_of_its_members() {
    let dataset = dataset(300);
    assert_eq!(drivers(&dataset), ["one", "two"]);
    let walk = walked(&dataset, 2);
    let forecasts: Vec<_> = walk.forecasts.iter().flatten().collect();
    assert!(forecasts.len() > 150);
    for forecast in forecasts.iter().filter(|f| !f.takes_over) {
        let mean = f64::midpoint(forecast.linear, forecast.trees);
        assert!((forecast.combined.sum() - mean).abs() < 1e-15);
    }
    // The first driver moves the price, the second does nothing.
    let size = |driver: usize| -> f64 {
        forecasts
            .iter()
            .map(|f| f.combined.drivers[driver].abs())
            .sum()
    };
    assert!(size(0) > 10.0 * size(1), "{} and {}", size(0), size(1));
}

#[test]
fn the_walk_is_the_same_with_any_number_of_threads() {
    let dataset = dataset(260);
    let (one, two) = (walked(&dataset, 1), walked(&dataset, 2));
    assert_eq!(one.forecasts, two.forecasts);
    assert_eq!(one.last.trees.json, two.last.trees.json);
    assert_eq!((one.fits, one.fitted_before), (two.fits, two.fitted_before));
}

#[test]
fn no_forecast_depends_on_its_own_or_a_later_price() {
    let whole = dataset(300);
    let before = walked(&whole, 2).forecasts;
    let cut = 250;
    let mut changed = whole.clone();
    for row in cut..300 {
        changed.target[row] = 50.0;
    }
    let after = walked(&changed, 2).forecasts;
    // The members are fitted anew at the first row of a month: what happened on the changed rows is learnt then.
    let next_month = (cut + 1..300).find(|row| {
        whole.dates[*row].format("%m").to_string() != whole.dates[cut].format("%m").to_string()
    });
    assert_eq!(before[..next_month.unwrap()], after[..next_month.unwrap()]);
    assert_ne!(before[299], after[299]);
}

#[test]
fn the_linear_member_takes_over_where_it_moves_further_than_ever_before() {
    let mut wild = dataset(300);
    wild.columns[0][299] = -0.3;
    wild.columns[2][299] = -30.0;
    let walk = walked(&wild, 1);
    let last = walk.forecasts[299].as_ref().unwrap();
    assert!(last.takes_over && last.linear < -0.02, "{last:?}");
    assert!((last.combined.sum() - last.linear).abs() < 1e-15);
    // Trees saturate at what they saw.
    assert!(last.trees > -0.01, "{last:?}");
    assert!(
        walk.forecasts[..299]
            .iter()
            .flatten()
            .filter(|f| f.takes_over)
            .count()
            < 5
    );
}

#[test]
fn a_row_without_a_feature_has_no_forecast_and_teaches_nothing() {
    let mut holes = dataset(300);
    holes.columns[3][299] = f64::NAN;
    holes.columns[1][280] = f64::NAN;
    let walk = walked(&holes, 1);
    assert!(walk.forecasts[299].is_none() && walk.forecasts[280].is_none());
    assert!(walk.forecasts[298].is_some());
}

#[test]
fn members_are_fitted_on_the_rows_before_their_month() {
    let walk = walked(&dataset(300), 1);
    let first_of_last: NaiveDate = "2011-02-01".parse().unwrap();
    assert_eq!(walk.fitted_before, first_of_last);
    assert_eq!(walk.fits, 8);
    assert!(walk.forecasts[..120].iter().all(Option::is_none));
}
