//! The study's table: every rule over the headline's years and on the last rows, then the years.

use shared::evaluation::{Period, PeriodScore};

use super::Walked;
use super::rules::Rules;

/// Says the table of all rules, and the combination year by year.
pub(super) fn rules(walked: &Walked, say: &mut dyn FnMut(String)) {
    let rules = Rules::new(walked);
    say(format!(
        "{:<28}{:>9}{:>9}{:>9}{:>8}{:>7}{:>9}  {:>12}",
        "2012–2025", "RMSE $", "RMSE %", "MAE $", "skill", "DM t", "DM p", "last 300"
    ));
    for name in rules.names() {
        let evaluation = rules.evaluate(name);
        let of = |is: fn(&Period) -> bool| evaluation.periods.iter().find(|s| is(&s.period));
        let headline = of(|period| matches!(period, Period::Years { .. }));
        let last = of(|period| matches!(period, Period::Last { .. }));
        if let (Some(headline), Some(last)) = (headline, last) {
            say(format!(
                "{name:<28}{}  {:>12.3}",
                line(headline),
                last.skill
            ));
        }
    }
    say(String::new());
    let combined = rules.evaluate("combined");
    for score in &combined.periods {
        let slope = score.calibration.map_or(String::new(), |c| {
            format!("  slope {:.3} (t {:.1})", c.slope, c.slope_t)
        });
        say(format!(
            "{:<28}{}{slope}",
            score.period.to_string(),
            line(score)
        ));
    }
    say(String::new());
}

fn line(score: &PeriodScore) -> String {
    format!(
        "{:>9.3}{:>9.4}{:>9.3}{:>8.3}{:>7.1}{:>9.0e}",
        score.rmse, score.rmse_pct, score.mae, score.skill, score.dm_t, score.dm_p
    )
}
