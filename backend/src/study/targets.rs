//! What the study demands of the model, and whether it is met.

use chrono::Datelike;
use shared::evaluation::{Period, PeriodScore};

use super::rules::{Rules, masked};
use super::{HEADLINE, Walked};
use crate::train::walk::{interval_scores, normal_bands};

/// One demand.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Its number: T1, T2, …
    pub number: u32,
    /// What is demanded.
    pub demand: String,
    /// What was measured.
    pub measured: String,
    /// Whether it is met.
    pub passed: bool,
}

impl Target {
    pub(super) fn new(
        number: u32,
        demand: impl Into<String>,
        measured: impl Into<String>,
        passed: bool,
    ) -> Self {
        Self {
            number,
            demand: demand.into(),
            measured: measured.into(),
            passed,
        }
    }
}

/// T1, T2, T3 and T5: skill over the headline's years, year by year, on the last rows, and beyond the training maximum.
pub(super) fn of_walk(walked: &Walked) -> Vec<Target> {
    let rules = Rules::new(walked);
    let fair = rules.evaluate("combined");
    let of = |wanted: Period| fair.periods.iter().find(|score| score.period == wanted);
    let headline = of(Period::Years {
        first: HEADLINE.0.year(),
        last: HEADLINE.1.year(),
    });
    let last = fair
        .periods
        .iter()
        .find(|s| matches!(s.period, Period::Last { .. }));
    let chosen = |is: fn(&Period) -> bool| -> Vec<&PeriodScore> {
        fair.periods.iter().filter(|s| is(&s.period)).collect()
    };
    let years = chosen(|p| matches!(p, Period::Year { year } if (2012..=2025).contains(year)));
    let blocks = chosen(|p| matches!(p, Period::Block { first } if (2012..=2024).contains(first)));
    vec![
        headline_target(headline, &rules),
        by_period(&years, &blocks),
        Target::new(
            3,
            "last 300 rows: skill ≥ 0.50",
            skill_of(last),
            last.is_some_and(|score| score.skill >= 0.50),
        ),
        Target::new(
            5,
            "rows with P(t−1) above the training maximum: skill ≥ 0.50",
            skill_of(of(Period::AboveTrainingMaximum)),
            of(Period::AboveTrainingMaximum).is_some_and(|score| score.skill >= 0.50),
        ),
    ]
}

fn skill_of(score: Option<&PeriodScore>) -> String {
    score.map_or("no rows".to_owned(), |score| {
        format!("{:.3} on {} rows", score.skill, score.rows)
    })
}

fn headline_target(score: Option<&PeriodScore>, rules: &Rules<'_>) -> Target {
    let members = ["linear", "trees"].map(|member| rules.compare("combined", member));
    let demand =
        "2012–2025: skill ≥ 0.56, RMSE ≤ 0.645 %, DM p < 1e-10; better than each member, p < 0.05";
    let Some(score) = score else {
        return Target::new(1, demand, "no rows", false);
    };
    let better = members.iter().all(|m| m.dm_t > 0.0 && m.dm_p < 0.05);
    Target::new(
        1,
        demand,
        format!(
            "skill {:.3}, RMSE {:.3} %, DM t {:.1}, p {:.0e}; p {:.3} against linear, {:.3} against trees",
            score.skill, score.rmse_pct, score.dm_t, score.dm_p, members[0].dm_p, members[1].dm_p
        ),
        score.skill >= 0.56 && score.rmse_pct <= 0.645 && score.dm_p < 1e-10 && better,
    )
}

fn by_period(years: &[&PeriodScore], blocks: &[&PeriodScore]) -> Target {
    let least = |scores: &[&PeriodScore]| {
        let skills = scores.iter().map(|score| score.skill);
        skills.fold(f64::INFINITY, f64::min)
    };
    let (worst_year, worst_block) = (least(years), least(blocks));
    let largest_p = years.iter().map(|score| score.dm_p).fold(0.0, f64::max);
    Target::new(
        2,
        "each year 2012–2025: skill ≥ 0.38, DM p < 0.01; each 3-year block ≥ 0.48",
        format!(
            "worst year {worst_year:.3}, largest p {largest_p:.0e}, worst block {worst_block:.3}"
        ),
        worst_year >= 0.38 && largest_p < 0.01 && worst_block >= 0.48 && !years.is_empty(),
    )
}

/// T7: coverage overall and by year, and the Winkler score next to the customary bands, from 2012 on.
pub(super) fn of_intervals(walked: &Walked, say: &mut dyn FnMut(String)) -> Vec<Target> {
    let pass = &walked.pass;
    let known = masked(walked, &pass.shipped, (HEADLINE.0, chrono::NaiveDate::MAX));
    let outcomes = &pass.panel.returns;
    let scores = interval_scores(
        &walked.dataset.dates,
        &known,
        outcomes,
        &pass.bands.half_widths,
        &normal_bands(&pass.shipped, outcomes),
    );
    let mut passed = scores.len() == 2;
    let mut measured = Vec::new();
    for (score, (by_year, ratio_limit)) in scores.iter().zip([(0.06, 0.98), (0.04, 0.95)]) {
        let years = score.bands.years.iter().filter(|year| year.year <= 2025);
        let off = |year: &shared::evaluation::YearCoverage| (year.measured - score.nominal).abs();
        let worst = years.map(off).fold(0.0, f64::max);
        let ratio = score.bands.winkler_pct / score.baseline.winkler_pct;
        passed &= (score.bands.measured - score.nominal).abs() <= 0.015
            && worst <= by_year
            && ratio <= ratio_limit;
        say(format!(
            "interval {:.0} %: coverage {:.1} % (worst year off by {:.1} points), width {:.2} %, Winkler {:.3} % against {:.3} % (DM t {:.1})",
            100.0 * score.nominal,
            100.0 * score.bands.measured,
            100.0 * worst,
            score.bands.mean_width_pct,
            score.bands.winkler_pct,
            score.baseline.winkler_pct,
            score.dm_t
        ));
        measured.push(format!(
            "{:.0} %: {:.1} %, worst year off {:.1}, ratio {ratio:.3}",
            100.0 * score.nominal,
            100.0 * score.bands.measured,
            100.0 * worst
        ));
    }
    vec![Target::new(
        7,
        "coverage ± 1.5 points, each year ± 6 (80 %) and ± 4 (95 %); Winkler ≤ 0.98 and 0.95 of the customary bands'",
        measured.join("; "),
        passed,
    )]
}
