//! The model card of the example: once tested, or walked forward over two years.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use shared::card::{
    Candidate, Coverage, DataRange, Fold, ModelCard, Output, Score, Search, Verdict,
};
use shared::evaluation::{
    BandScore, Calibration, Comparison, Evaluation, IntervalScore, Period, PeriodScore,
    YearCoverage,
};
use shared::members::LinearModel;
use shared::valuation::Information;
use shared::walk::WalkCard;

use super::{UNIT, skill};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn named(values: &[(&str, f64)]) -> BTreeMap<String, f64> {
    let pairs = values.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), *value))
        .collect()
}

/// A model that was tested once, found by a search over two depths and three rates.
pub(crate) fn card() -> ModelCard {
    ModelCard {
        run_id: "run".to_owned(),
        preset: "fair".to_owned(),
        look_ahead: None,
        target: "Gold (GLD)".to_owned(),
        unit: UNIT.to_owned(),
        output: Output::PercentReturn,
        features: Vec::new(),
        drivers: Vec::new(),
        scaler: None,
        parameters: named(&[("max_depth", 3.0), ("learning_rate", 0.03)]),
        grid: "small".to_owned(),
        searches: vec![search()],
        folds: vec![Fold {
            train_rows: 1_200,
            validation_rows: 240,
            train_rmse: 0.61,
            validation_rmse: 0.6543,
        }],
        scores: vec![
            score("valuation", "Valuation as published", 0.63, 1.19),
            score("no_change", "Price of the day before", 0.97, 1.8),
        ],
        skill: skill(Verdict::Skill, 0.58, 0.000_1),
        coverage: vec![Coverage {
            nominal: 0.8,
            measured: 0.79,
            rows: 300,
        }],
        data: DataRange {
            first: day("2009-12-01"),
            test_first: day("2011-01-03"),
            last: day("2012-12-31"),
            train_rows: 275,
            test_rows: 502,
        },
        model_sha256: "0123456789abcdef".repeat(4),
        input_sha256: "fedcba9876543210".repeat(4),
        seed: 7,
        walk: None,
        audit: None,
        versions: [("assay", "0.1.0"), ("xgboost", "3.4.1")]
            .map(|(name, version)| (name.to_owned(), version.to_owned()))
            .into(),
    }
}

fn score(rule: &str, label: &str, percent: f64, money: f64) -> Score {
    Score {
        rule: rule.to_owned(),
        label: label.to_owned(),
        rmse: money,
        mae: money * 0.6,
        rmse_pct: percent,
        rows: 300,
    }
}

fn search() -> Search {
    let candidate = |depth: f64, rate: f64, mean: Option<f64>| Candidate {
        parameters: named(&[("max_depth", depth), ("learning_rate", rate)]),
        mean_rmse: mean,
        fold_rmse: Vec::new(),
    };
    Search {
        axes: [
            ("max_depth", vec![2.0, 3.0]),
            ("learning_rate", vec![0.01, 0.03, 0.1]),
            ("n_estimators", vec![300.0]),
        ]
        .map(|(name, values)| (name.to_owned(), values))
        .into(),
        candidates: 6,
        cut: 2,
        best: vec![
            candidate(3.0, 0.03, Some(0.65)),
            candidate(2.0, 0.03, Some(0.66)),
            candidate(2.0, 0.1, Some(0.67)),
            candidate(3.0, 0.1, Some(0.70)),
            candidate(2.0, 0.01, None),
            candidate(3.0, 0.01, None),
        ],
    }
}

/// The same model walked forward: good in 2011, no better than no change in 2012.
pub(crate) fn walk() -> ModelCard {
    let mut card = card();
    card.walk = Some(WalkCard {
        information: Information::Provisional,
        linear: LinearModel {
            features: Vec::new(),
            volatility: String::new(),
            means: Vec::new(),
            inverse_deviations: Vec::new(),
            clip: 8.0,
            coefficients: Vec::new(),
            intercept: 0.0,
            penalty: 30.0,
            limit: 0.05,
        },
        fitted_before: day("2012-12-03"),
        fits: 24,
        choice: None,
        shipped: 0.972,
        takeovers: vec![day("2011-09-23")],
        evaluations: vec![
            rule("valuation", "Valuation as published", 1.0),
            rule("combined", "Both members, whatever their record", 1.0),
            rule("linear", "Linear member alone", 1.05),
            rule("no_change", "Price of the day before", 1.5),
        ],
        provisional: Some(rule("provisional", "Valuation at the close", 1.1)),
        comparisons: vec![Comparison {
            rule: "combined".to_owned(),
            against: "linear".to_owned(),
            rows: 502,
            dm_t: 2.43,
            dm_p: 0.015,
        }],
        intervals: vec![interval(0.8), interval(0.95)],
    });
    card
}

fn rule(name: &str, label: &str, error: f64) -> Evaluation {
    let period = |period, skill: f64, dm_p: f64| PeriodScore {
        period,
        first: day("2011-01-03"),
        last: day("2012-12-31"),
        rows: 251,
        rmse: 2.0 * error,
        rmse_pct: error,
        mae: 1.5 * error,
        mae_pct: 0.75 * error,
        skill,
        skill_price: skill,
        dm_t: 10.0 * skill,
        dm_p,
        calibration: (name != "no_change").then_some(Calibration {
            intercept_pct: 0.0,
            slope: 0.9,
            slope_t: -2.5,
        }),
    };
    Evaluation {
        rule: name.to_owned(),
        label: label.to_owned(),
        periods: vec![
            period(Period::All, 0.5, 0.000_1),
            period(
                Period::Years {
                    first: 2011,
                    last: 2012,
                },
                0.5,
                0.000_1,
            ),
            period(Period::Year { year: 2011 }, 0.6, 0.000_1),
            period(Period::Year { year: 2012 }, -0.1, 0.4),
            period(Period::Block { first: 2009 }, 0.6, 0.000_1),
            period(Period::Last { rows: 300 }, 0.1, 0.2),
            period(Period::AboveTrainingMaximum, 0.2, 0.03),
        ],
    }
}

fn interval(nominal: f64) -> IntervalScore {
    let band = |offset: f64, winkler_pct: f64| BandScore {
        measured: nominal + offset,
        mean_width_pct: 1.5,
        winkler_pct,
        years: [(2011, -0.02), (2012, 0.02)]
            .map(|(year, by)| YearCoverage {
                year,
                measured: nominal + by + offset,
                rows: 251,
            })
            .to_vec(),
    };
    IntervalScore {
        nominal,
        rows: 502,
        bands: band(0.0, 2.135),
        baseline: band(0.01, 2.222),
        dm_t: 6.1,
        dm_p: 0.000_1,
    }
}
