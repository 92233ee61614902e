//! The skill gate: a forecast is shipped only as long as it has lately been better than no change.

use crate::train::skill::diebold_mariano_over;

/// When the gate opens. All lengths in rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct GateRule {
    /// How often it is decided anew.
    pub every: usize,
    /// How many out-of-sample rows are looked back at.
    pub window: usize,
    /// How many must be known: the gate is closed before.
    pub least: usize,
    /// What the Diebold–Mariano t against no change must exceed.
    pub threshold: f64,
    /// After how many rows an outcome is known: 1 for the day's own valuation and for forecasts of the next day, h for
    /// forecasts of h days ahead that stand on the row on which they were made.
    pub horizon: usize,
}

impl GateRule {
    /// For the valuation: t above 1.645 (one-sided 5 %) on the last 500 rows.
    pub(crate) const VALUATION: Self = Self {
        every: 21,
        window: 500,
        least: 250,
        threshold: 1.645,
        horizon: 1,
    };

    /// For forecasts of `horizon` days ahead: t above 2.33 (one-sided 1 %) on the last 750 rows.
    pub(crate) const fn forecast(horizon: usize) -> Self {
        Self {
            window: 750,
            threshold: 2.33,
            horizon,
            ..Self::VALUATION
        }
    }
}

/// For each row whether the forecast is shipped; where it is not, the valuation is no change.
///
/// `forecasts` and `outcomes` are log returns as plain fractions, one a row, oldest first, NaN = unknown. The first decision
/// falls on the first row with a forecast, the next ones `every` rows later each; in between the last one holds. A decision
/// at row t sees the outcomes of rows up to t − `horizon`, of which the last `window` known ones are tested (Diebold and
/// Mariano 1995 on squared errors, see `skill.rs`, with the correction for overlapping horizons).
pub(crate) fn open(forecasts: &[f64], outcomes: &[f64], rule: &GateRule) -> Vec<bool> {
    let gains: Vec<f64> = forecasts
        .iter()
        .zip(outcomes)
        .map(|(forecast, outcome)| outcome * outcome - (outcome - forecast).powi(2))
        .collect();
    let mut gate = vec![false; gains.len()];
    let Some(first) = forecasts.iter().position(|forecast| forecast.is_finite()) else {
        return gate;
    };
    for (block, rows) in gate[first..].chunks_mut(rule.every).enumerate() {
        let row = first + block * rule.every;
        let known = (row + 1).saturating_sub(rule.horizon);
        rows.fill(has_skill(&gains[..known], rule));
    }
    gate
}

/// Whether the last gains over no change are more than luck.
fn has_skill(gains: &[f64], rule: &GateRule) -> bool {
    let known = gains.iter().rev().filter(|gain| gain.is_finite());
    let mut last: Vec<f64> = known.take(rule.window).copied().collect();
    last.reverse();
    last.len() >= rule.least
        && diebold_mariano_over(&last, rule.horizon).is_some_and(|(t, _)| t > rule.threshold)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::walk::fixture::{noise, with_other_future};

    const ROWS: usize = 1500;

    /// Outcomes, and a forecast that explains them up to noise.
    fn skilled(from: usize) -> (Vec<f64>, Vec<f64>) {
        let outcomes = noise(ROWS, 1);
        let forecast = |(outcome, noise): (&f64, f64)| outcome + 0.5 * noise;
        let mut forecasts: Vec<f64> = outcomes.iter().zip(noise(ROWS, 2)).map(forecast).collect();
        forecasts[..from].fill(f64::NAN);
        (forecasts, outcomes)
    }

    #[test]
    fn it_opens_at_the_first_decision_that_knows_250_rows() {
        let (forecasts, outcomes) = skilled(100);
        let gate = open(&forecasts, &outcomes, &GateRule::VALUATION);
        // Decisions fall on rows 100 + 21 k; row 352 is the first that has 250 known rows behind it.
        assert_eq!(gate.iter().position(|open| *open), Some(100 + 12 * 21));
        assert!(gate[352..].iter().all(|open| *open));
    }

    #[test]
    fn a_horizon_delays_what_is_known() {
        let (forecasts, outcomes) = skilled(100);
        let gate = open(&forecasts, &outcomes, &GateRule::forecast(20));
        // Row 352 knows the outcomes of rows up to 332 only.
        assert_eq!(gate.iter().position(|open| *open), Some(100 + 13 * 21));
    }

    #[test]
    fn it_stays_closed_for_noise_and_for_a_perfect_draw() {
        let outcomes = noise(ROWS, 1);
        let shut = |forecasts: &[f64]| {
            open(forecasts, &outcomes, &GateRule::VALUATION)
                .iter()
                .all(|open| !open)
        };
        assert!(shut(&noise(ROWS, 2)));
        assert!(shut(&[0.0; ROWS]));
        assert!(shut(&[f64::NAN; ROWS]));
        assert!(open(&[], &[], &GateRule::VALUATION).is_empty());
    }

    #[test]
    fn it_closes_when_skill_is_gone_and_a_higher_threshold_sooner() {
        let (mut forecasts, outcomes) = skilled(0);
        forecasts[700..].copy_from_slice(&noise(ROWS, 3)[700..]);
        let closes = |threshold| {
            let rule = GateRule {
                threshold,
                ..GateRule::VALUATION
            };
            let gate = open(&forecasts, &outcomes, &rule);
            (700..ROWS).find(|row| !gate[*row]).unwrap()
        };
        let (late, early) = (closes(1.645), closes(6.0));
        assert_eq!(late % 21, 0);
        assert!(early < late && late < 1200, "{early} {late}");
    }

    #[test]
    fn unknown_rows_are_passed_over() {
        let (mut forecasts, mut outcomes) = skilled(0);
        forecasts[10] = f64::NAN;
        outcomes[20] = f64::NAN;
        let gate = open(&forecasts, &outcomes, &GateRule::VALUATION);
        // 252 rows before row 252, less the two: exactly enough.
        assert_eq!(gate.iter().position(|open| *open), Some(252));
    }

    #[test]
    fn no_row_depends_on_its_own_or_a_later_outcome() {
        let (mut forecasts, outcomes) = skilled(0);
        forecasts[700..].copy_from_slice(&noise(ROWS, 3)[700..]);
        for rule in [GateRule::VALUATION, GateRule::forecast(5)] {
            let whole = open(&forecasts, &outcomes, &rule);
            for end in [252, 253, 600, 901, 1010] {
                assert_eq!(
                    open(&forecasts[..end], &outcomes[..end], &rule),
                    whole[..end]
                );
                let other: Vec<f64> = outcomes.iter().map(|outcome| outcome * -7.0).collect();
                let changed = with_other_future(&outcomes, end, &other);
                assert_eq!(open(&forecasts, &changed, &rule)[..=end], whole[..=end]);
            }
        }
    }
}
