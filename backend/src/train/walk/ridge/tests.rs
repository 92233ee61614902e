//! Ridge regression against the numbers of the study behind it.

use super::*;
use crate::train::walk::fixture::{noise, same};

const ROWS: i32 = 120;

/// Waves, the last of them with a spike of 50.
fn features() -> Vec<[f64; 4]> {
    let row = |i: i32| {
        let t = f64::from(i);
        let spiked = if i == 60 { 50.0 } else { (0.11 * t).cos() };
        let growing = (1.3 * t).cos() * (1.0 + 0.01 * t);
        [(0.7 * t).sin(), growing, (0.37 * t * t).sin(), spiked]
    };
    (0..ROWS).map(row).collect()
}

fn fit(target: impl Fn(&[f64; 4], f64) -> f64, weights: &[f64]) -> Ridge {
    let features = features();
    let rows: Vec<&[f64]> = features.iter().map(<[f64; 4]>::as_slice).collect();
    let targets: Vec<f64> = features
        .iter()
        .zip(0..ROWS)
        .map(|(row, i)| target(row, f64::from(i)))
        .collect();
    Ridge::fit(&rows, &targets, weights).unwrap()
}

fn even() -> Vec<f64> {
    vec![1.0; 120]
}

/// Halved every 50 rows back.
fn fading() -> Vec<f64> {
    (0..ROWS)
        .map(|i| 0.5_f64.powf(f64::from(ROWS - i) / 50.0))
        .collect()
}

fn close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-9, "{found} {expected}");
    }
}

fn strong(row: &[f64; 4], t: f64) -> f64 {
    0.5 * row[0] - 0.2 * row[1] + 0.3 * (2.1 * t).sin() + 0.1 * (0.9 * t * t).cos()
}

/// The numbers come from the study's own implementation, which solves by eigenvalues.
#[test]
fn fits_agree_with_the_study() {
    let ridge = fit(strong, &even());
    close(&[ridge.penalty()], &[1.0]);
    close(&[ridge.intercept()], &[0.004_577_135_900_767_123]);
    close(
        &ridge.coefficients,
        &[
            0.350_811_495_958_356_8,
            -0.229_382_737_470_556_37,
            -0.003_770_465_944_104_850_5,
            0.006_415_285_623_747_213,
        ],
    );
    close(
        &[ridge.predict(&[0.3, -0.4, 0.5, 30.0])],
        &[0.261_371_576_841_270_9],
    );

    let ridge = fit(strong, &fading());
    close(
        &ridge.coefficients,
        &[
            0.351_540_760_864_041_24,
            -0.249_851_008_492_032_73,
            0.000_921_254_492_412_877_2,
            0.004_970_677_149_521_652,
        ],
    );
    close(
        &[ridge.predict(&[0.3, -0.4, 0.5, 30.0])],
        &[0.254_837_481_657_715_14],
    );
}

#[test]
fn penalties_agree_with_the_study() {
    let weak = |row: &[f64; 4], t: f64| 0.1 * row[0] + (1.9 * t * t).sin();
    let even = fit(weak, &even());
    close(&[even.penalty()], &[30.0]);
    close(
        &even.coefficients[..2],
        &[0.044_855_004_671_991_82, 0.046_912_274_173_084_724],
    );
    let faded = fit(weak, &fading());
    close(&[faded.penalty()], &[10.0]);
    close(
        &faded.coefficients[..2],
        &[0.047_895_522_094_975_676, 0.039_289_146_582_398_04],
    );
    let noise = fit(|_, t| (0.9 * t * t).cos(), &fading());
    close(&[noise.penalty()], &[1000.0]);
    close(&[noise.intercept()], &[-0.047_615_295_237_020_724]);
}

#[test]
fn terms_and_intercept_add_up_to_the_prediction() {
    let ridge = fit(strong, &fading());
    let row = [0.3, -0.4, 0.5, 30.0];
    let terms: Vec<f64> = ridge.terms(&row).collect();
    assert_eq!(terms.len(), 4);
    let sum = ridge.intercept() + terms.iter().sum::<f64>();
    assert!((sum - ridge.predict(&row)).abs() < 1e-15);
    // Beyond eight deviations nothing is added any more.
    let extreme = |value: f64| ridge.predict(&[0.3, -0.4, 0.5, value]);
    assert!(same(&[extreme(60.0)], &[extreme(6000.0)]));
    assert!(extreme(f64::NAN).is_nan());
}

#[test]
fn a_constant_feature_says_nothing_even_when_it_moves() {
    let (x, y) = (noise(60, 1), noise(60, 2));
    let fit = |constant: Option<f64>| {
        let rows: Vec<Vec<f64>> = x
            .iter()
            .map(|x| [*x].into_iter().chain(constant).collect())
            .collect();
        let rows: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
        Ridge::fit(&rows, &y, &[1.0; 60]).unwrap()
    };
    let without = fit(None).predict(&[0.4]);
    // 0.1 has no exact mean over 60 rows.
    assert!(same(&[fit(Some(0.1)).predict(&[0.4, 7.0])], &[without]));
    assert!(same(&[fit(Some(0.0)).predict(&[0.4, 7.0])], &[without]));
}

#[test]
fn without_rows_weights_or_numbers_there_is_no_fit() {
    let rows: Vec<&[f64]> = vec![&[1.0], &[2.0], &[3.0], &[4.0], &[5.0], &[7.0]];
    let targets = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    assert!(Ridge::fit(&rows, &targets, &[1.0; 6]).is_some());
    assert_eq!(Ridge::fit(&rows[..5], &targets[..5], &[1.0; 5]), None);
    assert_eq!(Ridge::fit(&[], &[], &[]), None);
    assert_eq!(Ridge::fit(&rows, &targets, &[0.0; 6]), None);
    assert_eq!(
        Ridge::fit(&[[f64::NAN].as_slice(); 6], &targets, &[1.0; 6]),
        None
    );
}
