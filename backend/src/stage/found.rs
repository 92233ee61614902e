//! What the checks found in an attempt, told by check.

use shared::checks::{Check, CheckResult};
use shared::run::{RejectedCount, SeriesReport, SeriesState};

use crate::preset::SeriesDef;

/// The check that gives this reason; `None` for reasons of versions to come.
pub fn check_of(reason: &str) -> Option<Check> {
    let begins = [
        ("not a ", Check::Readable),
        ("dated after", Check::NotAhead),
        ("below the smallest", Check::Plausible),
        ("above the largest", Check::Plausible),
        ("two different values", Check::OneValue),
        ("looks like", Check::NoJump),
        ("a spike", Check::NoJump),
    ];
    let mut found = begins
        .into_iter()
        .filter(|(begin, _)| reason.starts_with(begin));
    found.next().map(|(_, check)| check)
}

/// The checks of a series, each with what it found in this report.
pub fn found(def: &SeriesDef, report: Option<&SeriesReport>) -> Vec<CheckResult> {
    let refused = |check| {
        let counts = report.map_or(&[][..], |report| &report.rejected);
        let own = |count: &&RejectedCount| check_of(&count.reason) == Some(check);
        counts
            .iter()
            .filter(own)
            .map(|count| count.rows)
            .sum::<usize>()
    };
    rules(def)
        .into_iter()
        .map(|(check, rule)| {
            let refused = refused(check);
            let passed = match check {
                Check::Answered => report.is_none_or(|report| report.failure.is_none()),
                Check::Fresh => report.is_none_or(is_fresh),
                _ => refused == 0,
            };
            CheckResult {
                check,
                rule,
                refused,
                passed,
            }
        })
        .collect()
}

fn is_fresh(report: &SeriesReport) -> bool {
    let in_time = matches!(report.state, SeriesState::Fresh | SeriesState::Unchanged);
    in_time
        && !report
            .warnings
            .iter()
            .any(|text| text.contains("nothing newer"))
}

/// Each check that applies to a series, with its rule.
fn rules(def: &SeriesDef) -> Vec<(Check, String)> {
    let mut rules = vec![
        (
            Check::Answered,
            "the vendor answers in the promised form".to_owned(),
        ),
        (
            Check::Readable,
            "each row has a date and a number".to_owned(),
        ),
        (
            Check::NotAhead,
            "no row is dated after the day of its answer".to_owned(),
        ),
        (
            Check::OneValue,
            "no date has two different values".to_owned(),
        ),
    ];
    let range = match (def.min, def.max) {
        (Some(min), Some(max)) => Some(format!("values are between {min} and {max}")),
        (Some(min), None) => Some(format!("values are at least {min}")),
        (None, Some(max)) => Some(format!("values are at most {max}")),
        (None, None) => None,
    };
    rules.extend(range.map(|rule| (Check::Plausible, rule)));
    rules.extend(def.split_factor.map(|factor| {
        let rule =
            format!("no jump beyond a factor of {factor} that stays: a split or another unit");
        (Check::NoJump, rule)
    }));
    let days = def.stale_after_days;
    rules.push((
        Check::Fresh,
        format!("the newest value is at most {days} days old"),
    ));
    rules
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preset;

    #[test]
    fn refused_rows_are_told_by_the_check_that_refused_them() {
        let fair = preset::load("fair").unwrap();
        let gold = fair.series(&"gold_close".parse().unwrap()).unwrap();
        let count = |reason: &str, rows| RejectedCount {
            reason: reason.to_owned(),
            rows,
        };
        let report = SeriesReport {
            series: gold.id.clone(),
            vendor: gold.source.vendor(),
            state: SeriesState::Fresh,
            requests: 1,
            new_observations: 5,
            rejected: vec![
                count("not a number", 2),
                count("not a date", 1),
                count("below the smallest plausible value 0.01", 4),
            ],
            last_date: None,
            failure: None,
            warnings: Vec::new(),
        };
        let found = found(gold, Some(&report));
        let told: Vec<_> = found
            .iter()
            .map(|one| (one.check, one.refused, one.passed))
            .collect();
        assert_eq!(
            told,
            [
                (Check::Answered, 0, true),
                (Check::Readable, 3, false),
                (Check::NotAhead, 0, true),
                (Check::OneValue, 0, true),
                (Check::Plausible, 4, false),
                (Check::NoJump, 0, true),
                (Check::Fresh, 0, true),
            ]
        );
        assert_eq!(found[4].rule, "values are at least 0.01");
    }
}
