//! Forecasts of 1, 5 and 20 days ahead, from everything known at the close. They show no skill; what is shipped is no change
//! unless the gate finds otherwise.

use super::Walked;
use super::targets::Target;
use crate::preset::Role;
use crate::train::walk::{GateRule, monthly_ridge, open};

const HORIZONS: [usize; 3] = [1, 5, 20];
/// Rows that the first fit needs.
const LEAST: usize = 500;
/// Rows in a rolling block of three years.
const BLOCK: usize = 756;

/// T9: a ridge of the return over the next rows on all that the linear member sees of today, behind the gate.
pub(super) fn forecasts(walked: &Walked, say: &mut dyn FnMut(String)) -> Target {
    let dataset = &walked.dataset;
    let columns = dataset.columns_of(Role::Linear);
    let returns = &walked.pass.panel.returns;
    let first = walked
        .pass
        .combined
        .iter()
        .position(|f| f.is_finite())
        .unwrap_or(0);
    say("forecasts from the close of t: skill of the ridge, share of days shipped, worst 3 years of what is shipped".to_owned());
    let mut worst = 0.0_f64;
    for horizon in HORIZONS {
        let ahead = sums_ahead(returns, horizon);
        let forecasts = monthly_ridge(&dataset.dates, &columns, &ahead, first, LEAST, horizon);
        let gate = open(&forecasts, &ahead, &GateRule::forecast(horizon));
        let shipped: Vec<f64> = forecasts
            .iter()
            .zip(&gate)
            .map(|(f, open)| if *open { *f } else { 0.0 * f })
            .collect();
        let ratio = worst_block(&shipped, &ahead);
        let days = gate.iter().filter(|open| **open).count() as f64 / gate.len() as f64;
        say(format!(
            "  {horizon:>2} days: skill {:+.4}, shipped on {:.1} % of days, worst 3 years {ratio:.4} × no change",
            skill(&forecasts, &ahead),
            100.0 * days
        ));
        worst = worst.max(ratio);
    }
    say(String::new());
    Target::new(
        9,
        "forecasts of 1, 5, 20 days: what is shipped is at most 1 % worse than no change in any 3 years",
        format!("worst RMSE {worst:.4} × no change"),
        worst <= 1.01,
    )
}

/// The sum of the next `horizon` values; NaN where they are not all there.
fn sums_ahead(values: &[f64], horizon: usize) -> Vec<f64> {
    let sum = |row: usize| match values.get(row + 1..=row + horizon) {
        Some(next) => next.iter().sum(),
        None => f64::NAN,
    };
    (0..values.len()).map(sum).collect()
}

/// 1 − MSE / MSE(no change) where both are known.
fn skill(forecasts: &[f64], outcomes: &[f64]) -> f64 {
    let (own, base) = squares(forecasts, outcomes);
    1.0 - own / base
}

fn squares(forecasts: &[f64], outcomes: &[f64]) -> (f64, f64) {
    let pairs = forecasts
        .iter()
        .zip(outcomes)
        .filter(|(f, y)| (*f + *y).is_finite());
    pairs.fold((0.0, 0.0), |(own, base), (f, y)| {
        (own + (y - f).powi(2), base + y * y)
    })
}

/// The largest ratio of RMSE to no change's over any block of three years.
fn worst_block(forecasts: &[f64], outcomes: &[f64]) -> f64 {
    let blocks = forecasts
        .windows(BLOCK)
        .zip(outcomes.windows(BLOCK))
        .step_by(21);
    let ratios = blocks.map(|(forecasts, outcomes)| {
        let (own, base) = squares(forecasts, outcomes);
        (own / base).sqrt()
    });
    ratios.filter(|ratio| ratio.is_finite()).fold(0.0, f64::max)
}
