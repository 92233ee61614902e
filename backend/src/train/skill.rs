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

/// t and p of the hypothesis that the mean of `differences` is zero; `None` where their variance is not positive.
fn diebold_mariano(differences: &[f64]) -> Option<(f64, f64)> {
    let n = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / n;
    let lag = (4.0 * (n / 100.0).powf(2.0 / 9.0)).floor() as usize;
    let autocovariance = |lag: usize| -> f64 {
        let pairs = differences.iter().skip(lag).zip(differences);
        pairs
            .map(|(late, early)| (late - mean) * (early - mean))
            .sum::<f64>()
            / n
    };
    let weighted = |lag_of_pair: usize| {
        2.0 * (1.0 - lag_of_pair as f64 / (lag as f64 + 1.0)) * autocovariance(lag_of_pair)
    };
    let variance = autocovariance(0) + (1..=lag).map(weighted).sum::<f64>();
    if variance.is_nan() || variance <= 0.0 || n < 2.0 {
        return None;
    }
    let t = mean / (variance / n).sqrt() * ((n - 1.0) / n).sqrt();
    let student = StudentsT::new(0.0, 1.0, n - 1.0).ok()?;
    Some((t, 2.0 * student.cdf(-t.abs())))
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
