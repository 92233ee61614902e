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
