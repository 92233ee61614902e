//! Untouched inputs give the day's own numbers; moved ones follow the rules, add up, and are named where history never went.

use chrono::NaiveDate;

use super::*;
use crate::model::Model;
use crate::valuation::{Information, Method, Valuation};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn reach(low: f64, high: f64) -> Reach {
    Reach {
        low: Point {
            value: low,
            date: day("2020-03-18"),
        },
        high: Point {
            value: high,
            date: day("2011-04-28"),
        },
    }
}

fn input(series: &str, measure: Measure, level: f64, previous: f64) -> Input {
    Input {
        series: series.parse().unwrap(),
        label: series.to_owned(),
        group: "metals".to_owned(),
        unit: "USD".to_owned(),
        measure,
        level,
        previous,
        levels: reach(level / 2.0, level * 2.0),
        changes: reach(-10.0, 8.0),
    }
}

fn cell(name: &str, today: f64, rule: Rule) -> Cell {
    Cell {
        name: name.to_owned(),
        today: Some(today),
        rule,
    }
}

/// Two stumps: the return is 0.5 where silver rises by more than 1 %, else −0.25; and 0.1 where the yield falls.
fn trees() -> Trees {
    let json = r#"{"learner": {"gradient_booster": {"name": "gbtree", "model": {"tree_info": [0, 0], "trees": [
        {"left_children": [1, -1, -1], "right_children": [2, -1, -1], "split_indices": [0, 0, 0],
         "split_conditions": [0.01, -0.25, 0.5], "default_left": [0, 0, 0], "sum_hessian": [10, 6, 4], "split_type": [0, 0, 0]},
        {"left_children": [1, -1, -1], "right_children": [2, -1, -1], "split_indices": [1, 0, 0],
         "split_conditions": [0.0, 0.1, 0.0], "default_left": [0, 0, 0], "sum_hessian": [10, 5, 5], "split_type": [0, 0, 0]}
        ]}},
        "learner_model_param": {"base_score": "0", "num_class": "0", "num_feature": "2", "num_target": "1"},
        "objective": {"name": "reg:squarederror"}}}"#;
    Trees::parse(json.as_bytes()).unwrap()
}

fn linear() -> LinearModel {
    LinearModel {
        features: vec!["silver_scaled".to_owned(), "yield_change".to_owned()],
        volatility: "volatility".to_owned(),
        means: vec![0.0, 0.0],
        inverse_deviations: vec![1.0, 10.0],
        clip: 8.0,
        coefficients: vec![0.4, -0.2],
        intercept: 0.05,
        penalty: 10.0,
        limit: 0.03,
    }
}

fn scale() -> ScaleModel {
    ScaleModel {
        ridge: LinearModel {
            features: ["a", "b", "c", "d", "shock"].map(str::to_owned).into(),
            means: vec![0.0; 5],
            inverse_deviations: vec![1.0; 5],
            clip: 8.0,
            coefficients: vec![0.0, 0.0, 0.0, 0.5, 0.1],
            intercept: -5.0,
            ..linear()
        },
        logarithms: [-5.0; 3],
        market: 0.01,
        quantiles: [Some(1.5), Some(2.5)],
    }
}

/// The newest row's cells: silver's level, logarithm, change and scaled change, the yield's, and two of the scale model.
fn cells(silver: f64, before: f64) -> Vec<Cell> {
    let change = silver.ln() - before.ln();
    vec![
        cell("silver", silver, Rule::Level(0)),
        cell(
            "ln silver",
            silver.ln(),
            Rule::Log {
                of: 0,
                floor: Some(10.0),
            },
        ),
        cell(
            "silver_change",
            change,
            Rule::Less {
                of: 1,
                by: before.ln(),
            },
        ),
        cell(
            "silver_scaled",
            change / 0.02,
            Rule::Over {
                of: 2,
                by: 0.02,
                clip: 3.0,
            },
        ),
        cell("yield", 4.1, Rule::Level(1)),
        cell("yield_change", 4.1 - 4.0, Rule::Less { of: 4, by: 4.0 }),
        cell("volatility", 0.01, Rule::Fixed),
        cell("silver_shock", (change / 0.02).abs(), Rule::Size { of: 3 }),
    ]
}

/// Silver rose by 2 % (one of its volatilities), the yield by 0.1; gold stood at 200.
fn today() -> Today {
    let (silver, before) = (30.6_f64, 30.0_f64);
    let mut today = Today {
        run_id: "run".to_owned(),
        preset: "fair".to_owned(),
        preset_title: "Fair value".to_owned(),
        look_ahead: None,
        synthetic: true,
        target_title: "Gold".to_owned(),
        unit: "USD".to_owned(),
        published: Valuation {
            date: day("2024-09-23"),
            price: 201.0,
            valuation: 0.0,
            interval_80: None,
            interval_95: None,
            method: Method::Model,
            split: crate::valuation::Split::Test,
            information: Information::Final,
        },
        previous_price: Some(200.0),
        inputs: vec![
            input("silver", Measure::Percent, silver, before),
            input("yield", Measure::Points, 4.1, 4.0),
        ],
        cells: cells(silver, before),
        model: DayModel::Members {
            linear: linear(),
            linear_cells: vec![3, 5],
            linear_drivers: vec![0, 1],
            volatility: 6,
            trees: trees(),
            tree_cells: vec![2, 5],
            tree_drivers: vec![0, 1],
            is_open: true,
        },
        band: Band::Scaled {
            scale: Box::new(scale()),
            cells: vec![7],
        },
        drivers: ["silver", "yield"]
            .map(|name| FeatureCard {
                name: name.to_owned(),
                label: name.to_owned(),
                group: "metals".to_owned(),
            })
            .into(),
        scenarios: Vec::new(),
    };
    let levels = today.levels();
    let own = Evaluator::new(today.clone()).unwrap().outcome(&levels);
    today.published.valuation = own.unwrap().valuation;
    today
}

fn outcome(today: &Today, levels: &[f64]) -> Outcome {
    let evaluator = Evaluator::new(today.clone()).unwrap();
    evaluator.outcome(levels).unwrap()
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-12, "{a} is not {b}");
}

#[test]
fn the_move_is_the_mean_of_both_members_and_drivers_add_up_to_it() {
    let today = today();
    let said = outcome(&today, &today.levels());
    let change = 30.6_f64.ln() - 30.0_f64.ln();
    let linear = 0.01 * (0.05 + 0.4 * change / 0.02 - 0.2 * 10.0 * (4.1 - 4.0));
    let trees = 0.005;
    close(said.output, 100.0 * (linear + trees) / 2.0);
    close(said.valuation, 200.0 * (said.output / 100.0).exp());
    let sum = said.base + said.contributions.iter().sum::<f64>();
    close(sum, said.output);
    assert_eq!(said.method, Method::Model);
    assert_eq!(said.outside, [None, None]);
}

#[test]
fn a_moved_driver_is_computed_and_the_others_keep_the_days_own_numbers() {
    let mut today = today();
    // A number that the rule would not give: it holds as long as nothing below it moved.
    today.cells[5].today = Some(0.3);
    let at = |levels: [f64; 2]| outcome(&today, &levels);
    let own = at([30.6, 4.1]);
    let silver = at([29.0, 4.1]);
    close(own.contributions[1], silver.contributions[1]);
    assert!(silver.output < own.output);
    let both = at([30.6, 4.100_000_1]);
    assert!((both.contributions[1] - own.contributions[1]).abs() > 0.1);
}

#[test]
fn the_linear_member_speaks_alone_beyond_its_limit() {
    let mut today = today();
    if let DayModel::Members { linear, .. } = &mut today.model {
        linear.limit = 0.001;
    }
    let said = outcome(&today, &today.levels());
    assert_eq!(said.method, Method::Linear);
    let change = 30.6_f64.ln() - 30.0_f64.ln();
    close(
        said.output,
        0.05 + 0.4 * change / 0.02 - 0.2 * 10.0 * (4.1 - 4.0),
    );
}

#[test]
fn a_closed_gate_ships_yesterdays_price_and_still_tells_what_the_members_say() {
    let mut today = today();
    if let DayModel::Members { is_open, .. } = &mut today.model {
        *is_open = false;
    }
    let said = outcome(&today, &[33.0, 4.1]);
    assert_eq!(said.method, Method::NoChange);
    close(said.valuation, 200.0);
    assert!(said.raw > 200.0);
}

#[test]
fn the_band_widens_with_the_size_of_the_move() {
    let today = today();
    let width = |levels: [f64; 2]| {
        let said = outcome(&today, &levels);
        let interval = said.interval_80.unwrap();
        close((interval.lower * interval.upper).sqrt(), said.valuation);
        (interval.upper / said.valuation).ln()
    };
    let said = outcome(&today, &[30.6, 4.1]);
    let change = 30.6_f64.ln() - 30.0_f64.ln();
    let expected = (-5.0 + 0.5 * said.output / 100.0 / 0.01 + 0.1 * change / 0.02).exp();
    close(width([30.6, 4.1]), 1.5 * expected);
    assert!(width([33.0, 4.1]) > width([30.6, 4.1]));
}

#[test]
fn what_history_never_saw_is_named_with_the_farthest_day() {
    let today = today();
    let said = outcome(&today, &[25.0, 4.1]);
    let Some(Outside::Change(point)) = said.outside[0] else {
        panic!("{:?}", said.outside);
    };
    assert_eq!(point.date, day("2020-03-18"));
    let lonely = Input {
        changes: reach(-100.0, 1000.0),
        ..today.inputs[0].clone()
    };
    assert_eq!(
        lonely.outside(61.3),
        Some(Outside::Level(lonely.levels.high))
    );
    assert_eq!(lonely.outside(61.2), None);
}

#[test]
fn changes_and_levels_lead_to_each_other_and_home_to_the_last_bit() {
    for input in today().inputs {
        let own = input.change_to(input.level);
        assert_eq!(input.level_after(own).to_bits(), input.level.to_bits());
        let level = input.level_after(-3.0);
        close(input.change_to(level), -3.0);
    }
}

#[test]
fn what_has_no_value_has_no_outcome() {
    let today = today();
    let evaluator = Evaluator::new(today.clone()).unwrap();
    assert_eq!(evaluator.outcome(&[f64::NAN, 4.1]), None);
    assert_eq!(evaluator.outcome(&[30.6]), None);
    // The floor of the logarithm: a price below zero counts as ten.
    assert!(evaluator.outcome(&[-5.0, 4.1]).is_some());
}

#[test]
fn places_that_lead_nowhere_give_no_outcome_and_no_panic() {
    let mut today = today();
    today.cells[3].rule = Rule::Size { of: 99 };
    let moved = Evaluator::new(today.clone()).unwrap().outcome(&[33.0, 4.1]);
    assert_eq!(moved, None);
    if let DayModel::Members { tree_cells, .. } = &mut today.model {
        tree_cells.pop();
    }
    let narrow = Evaluator::new(today.clone()).unwrap();
    assert_eq!(narrow.outcome(&today.levels()), None);
}

#[test]
fn a_single_model_sees_scaled_levels_and_a_stand_in_holds_whatever_they_are() {
    let mut today = today();
    let single = |stand_in| DayModel::Single {
        output: Output::Level,
        scaler: Some(Scaler {
            mean: vec![0.0, 4.0],
            scale: vec![2.0, 0.1],
        }),
        trees: trees(),
        tree_cells: vec![2, 4],
        stand_in,
    };
    today.model = single(None);
    today.band = Band::Fixed([Some(0.1), None]);
    let said = outcome(&today, &today.levels());
    // Half of 2 % is below the first threshold; one deviation above the mean is above the second.
    close(said.valuation, -0.25);
    close(said.base + said.contributions.iter().sum::<f64>(), -0.25);
    assert!(said.interval_80.is_some() && said.interval_95.is_none());
    today.model = single(Some(199.0));
    let said = outcome(&today, &[60.0, 4.1]);
    assert_eq!(said.method, Method::Ema);
    close(said.valuation, 199.0);
    close(said.raw, 0.5);
}

#[test]
fn the_day_survives_the_wire() {
    let what_if = WhatIf::Possible(Box::new(today()));
    let json = serde_json::to_string(&what_if).unwrap();
    assert_eq!(serde_json::from_str::<WhatIf>(&json).unwrap(), what_if);
    let small = Model::try_from(&trees()).unwrap();
    assert_eq!(small.feature_count(), 2);
}
