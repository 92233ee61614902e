//! Whether the valuation beats yesterday's price, and whether that could be luck.

use shared::card::{Skill, Verdict};
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::scores::ScoredRow;

/// What counts as more than luck.
const SIGNIFICANT: f64 = 0.05;

/// Skill against no-change on log returns, with the test of Diebold and Mariano (1995,
/// <https://doi.org/10.1080/07350015.1995.10524599>) on squared errors.
///
/// The variance of the mean difference is Newey and West's (1987) with Bartlett weights and lag 4·(n/100)^(2/9); t is
/// corrected for small samples after Harvey, Leybourne and Newbold (1997) with horizon 1, and p is two-sided from Student's
/// t with n − 1 degrees of freedom. Where nothing can be tested (no rows, a price that never moves, no difference at all)
/// t is 0, p is 1 and the verdict is no skill.
pub(super) fn skill(rows: &[ScoredRow]) -> Skill {
    let squared = |value: fn(&ScoredRow) -> f64| -> Vec<f64> {
        rows.iter()
            .map(|row| (row.price / value(row)).ln().powi(2))
            .collect()
    };
    let (model, no_change) = (squared(|row| row.valuation), squared(|row| row.no_change));
    let sum: f64 = no_change.iter().sum();
    let skill = if sum > 0.0 {
        1.0 - model.iter().sum::<f64>() / sum
    } else {
        0.0
    };
    let differences: Vec<f64> = no_change
        .iter()
        .zip(&model)
        .map(|(base, model)| base - model)
        .collect();
    let (dm_t, dm_p) = diebold_mariano(&differences).unwrap_or((0.0, 1.0));
    let verdict = match dm_p < SIGNIFICANT {
        true if dm_t > 0.0 => Verdict::Skill,
        true => Verdict::Worse,
        false => Verdict::NoSkill,
    };
    Skill {
        skill,
        dm_t,
        dm_p,
        verdict,
    }
}

/// t and p of the hypothesis that the mean of `differences` (loss of the rule to beat less loss of the rule tested, oldest
/// first) is zero; `None` where their variance is not positive.
pub(super) fn diebold_mariano(differences: &[f64]) -> Option<(f64, f64)> {
    diebold_mariano_over(differences, 1)
}

/// The same for forecasts of `horizon` rows ahead, which overlap: the lag is at least `horizon` − 1, as such errors are
/// correlated that far, and the small-sample correction is Harvey, Leybourne and Newbold's √((n + 1 − 2h + h(h − 1)/n) / n).
pub(super) fn diebold_mariano_over(differences: &[f64], horizon: usize) -> Option<(f64, f64)> {
    let (n, h) = (differences.len() as f64, horizon as f64);
    let mean = differences.iter().sum::<f64>() / n;
    let lag = newey_west_lag(differences.len()).max(horizon.saturating_sub(1));
    let variance = long_run_variance(differences, lag);
    let correction = (n + 1.0 - 2.0 * h + h * (h - 1.0) / n) / n;
    if variance.is_nan() || variance <= 0.0 || n < 2.0 || correction <= 0.0 {
        return None;
    }
    let t = mean / (variance / n).sqrt() * correction.sqrt();
    let student = StudentsT::new(0.0, 1.0, n - 1.0).ok()?;
    Some((t, 2.0 * student.cdf(-t.abs())))
}

/// The customary lag of Newey and West's variance for `rows` rows: ⌊4·(n/100)^(2/9)⌋.
pub(super) fn newey_west_lag(rows: usize) -> usize {
    (4.0 * (rows as f64 / 100.0).powf(2.0 / 9.0)).floor() as usize
}

/// Variance of √n times the mean of `values`, correlated up to `lag` rows apart: Newey and West (1987), Bartlett weights.
pub(super) fn long_run_variance(values: &[f64], lag: usize) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let autocovariance = |lag: usize| -> f64 {
        let pairs = values.iter().skip(lag).zip(values);
        pairs
            .map(|(late, early)| (late - mean) * (early - mean))
            .sum::<f64>()
            / n
    };
    let weighted = |lag_of_pair: usize| {
        2.0 * (1.0 - lag_of_pair as f64 / (lag as f64 + 1.0)) * autocovariance(lag_of_pair)
    };
    autocovariance(0) + (1..=lag).map(weighted).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(price: f64, valuation: f64, no_change: f64) -> ScoredRow {
        ScoredRow {
            price,
            valuation,
            model_raw: valuation,
            no_change,
            ema_previous: price,
            ema_same_day: price,
        }
    }

    /// Four differences give lag 1: variance 1.25 + 2 · ½ · 0.3125, t = 2.5 / √(1.5625 / 4) · √¾ = 2√3; with three degrees of
    /// freedom the distribution has a closed form, P(T ≤ t) = ½ + (x / (1 + x²) + atan x) / π where x = t / √3.
    #[test]
    fn the_test_statistic_is_the_one_computed_by_hand() {
        let (t, p) = diebold_mariano(&[1.0, 2.0, 3.0, 4.0]).unwrap();
        assert!((t - 12.0_f64.sqrt()).abs() < 1e-12, "{t}");
        let by_hand = 2.0 * (0.5 - (0.4 + 2.0_f64.atan()) / std::f64::consts::PI);
        assert!((p - by_hand).abs() < 1e-9, "{p}");
        let (t, same_p) = diebold_mariano(&[-1.0, -2.0, -3.0, -4.0]).unwrap();
        assert!((t + 12.0_f64.sqrt()).abs() < 1e-12);
        assert!((p - same_p).abs() < 1e-12);
    }

    /// The same four differences two rows ahead: the lag stays 1, n + 1 − 2h + h(h − 1)/n is 1.5 where it was 3.
    #[test]
    fn a_longer_horizon_makes_the_test_more_careful() {
        let (t, _) = diebold_mariano_over(&[1.0, 2.0, 3.0, 4.0], 2).unwrap();
        assert!((t - 6.0_f64.sqrt()).abs() < 1e-12, "{t}");
        // Lag 2 takes in ⅓ · 2 · (−1.5 · 0.5 − 0.5 · 1.5) / 4 = −0.25, and lag 1 weighs ⅔: 1.25 + 1.25 / 3 − 0.25.
        let variance = long_run_variance(&[1.0, 2.0, 3.0, 4.0], 2);
        assert!((variance - (1.0 + 1.25 / 3.0)).abs() < 1e-12, "{variance}");
        assert_eq!(diebold_mariano_over(&[1.0, 2.0], 3), None);
    }

    #[test]
    fn skill_compares_squared_log_errors_with_no_change() {
        let e = std::f64::consts::E;
        // Log errors: model 0.5 and 0.5 (alternating with noise), no-change 1 and 1.
        let rows: Vec<ScoredRow> = (0..40)
            .map(|n| row(e, (0.5 + 0.01 * f64::from(n % 3)).exp(), 1.0))
            .collect();
        let better = skill(&rows);
        let mean = (0..40)
            .map(|n| (0.5 - 0.01 * f64::from(n % 3)).powi(2))
            .sum::<f64>()
            / 40.0;
        assert!((better.skill - (1.0 - mean)).abs() < 1e-12);
        assert_eq!(better.verdict, Verdict::Skill);
        let swapped: Vec<ScoredRow> = rows
            .iter()
            .map(|row| ScoredRow {
                valuation: row.no_change,
                no_change: row.valuation,
                ..*row
            })
            .collect();
        let worse = skill(&swapped);
        assert_eq!(worse.verdict, Verdict::Worse);
        assert!((worse.dm_t + better.dm_t).abs() < 1e-9);
    }

    #[test]
    fn where_nothing_can_be_tested_there_is_no_skill() {
        let nothing = Skill {
            skill: 0.0,
            dm_t: 0.0,
            dm_p: 1.0,
            verdict: Verdict::NoSkill,
        };
        assert_eq!(skill(&[]), nothing);
        assert_eq!(skill(&[row(100.0, 100.0, 100.0); 30]), nothing);
        assert_eq!(skill(&[row(100.0, 90.0, 90.0); 30]), nothing);
        assert_eq!(skill(&[row(100.0, 90.0, 80.0)]).verdict, Verdict::NoSkill);
    }
}
