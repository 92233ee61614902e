//! Every rule's errors on all days, and the published valuation's on the days that matter most.

use shared::card::ModelCard;
use shared::evaluation::{Calibration, Evaluation, Period, PeriodScore};

use super::{NO_CHANGE, OURS, TEST, evaluations, hint, judged, rule};
use crate::figures::{Block, Table};
use crate::format;

/// The tables, with what they mean.
pub(super) fn blocks(card: &ModelCard) -> Vec<Block> {
    let Some(ours) = rule(card, OURS) else {
        return vec![Block::Table(plain(card))];
    };
    let mut blocks = vec![
        Block::Table(by_rule(card, ours)),
        Block::Table(by_days(card, ours)),
    ];
    let all = ours.periods.iter().find(|one| one.period == Period::All);
    let calibration = all.and_then(|score| score.calibration);
    blocks.extend(calibration.map(|line| hint(&of_calibration(line))));
    blocks
}

/// Every rule on all days, next to yesterday's price and the exponential mean.
fn by_rule(card: &ModelCard, ours: &Evaluation) -> Table {
    let all = |one: &Evaluation| -> Option<PeriodScore> {
        let mut periods = one.periods.iter();
        periods.find(|score| score.period == Period::All).cloned()
    };
    let caption = all(ours).map_or(String::new(), |score| {
        format!(
            "Errors (root mean square, and mean) on {} from {} to {}; tests against yesterday's price",
            format::count(score.rows, "day"),
            format::date(score.first),
            format::date(score.last)
        )
    });
    let head = ["Rule", "Error", "Mean error", "Skill", TEST[0], TEST[1]];
    let mut table = Table::new(caption, &head);
    table.wide = vec![2, 4];
    let provisional = card
        .walk
        .iter()
        .filter_map(|walk| walk.provisional.as_ref());
    for one in evaluations(card).iter().chain(provisional) {
        if let Some(score) = all(one) {
            let (skill, [t, test]) = if one.rule == NO_CHANGE {
                let none = format::NONE.to_owned();
                (none.clone(), [none, "the rule to beat".to_owned()])
            } else {
                (format::share(score.skill), judged(score.dm_t, score.dm_p))
            };
            table.push([
                one.label.clone(),
                error(score.rmse_pct, score.rmse, &card.unit),
                error(score.mae_pct, score.mae, &card.unit),
                skill,
                t,
                test,
            ]);
        }
    }
    table
}

/// The published valuation on other days than all.
fn by_days(card: &ModelCard, ours: &Evaluation) -> Table {
    let head = [
        "Days",
        "Number",
        "Error",
        "Yesterday's price",
        "Skill",
        TEST[0],
        TEST[1],
    ];
    let mut table = Table::new("The published valuation on parts of these days", &head);
    table.wide = vec![1, 3, 5];
    let no_change = rule(card, NO_CHANGE);
    for score in &ours.periods {
        let days = match score.period {
            Period::Years { .. } => score.period.to_string(),
            Period::Last { rows } => format!("Last {rows} days"),
            Period::AboveTrainingMaximum => "After a close above all prices trained on".to_owned(),
            Period::All | Period::Year { .. } | Period::Block { .. } => continue,
        };
        let [t, test] = judged(score.dm_t, score.dm_p);
        table.push([
            days,
            format::grouped(score.rows as f64, 0),
            error(score.rmse_pct, score.rmse, &card.unit),
            rival(no_change, score),
            format::share(score.skill),
            t,
            test,
        ]);
    }
    table
}

/// A rule's error on the rows of `score`.
pub(super) fn rival(rule: Option<&Evaluation>, score: &PeriodScore) -> String {
    let mut same = rule.into_iter().flat_map(|rule| &rule.periods);
    let same = same.find(|other| other.period == score.period);
    same.map_or(format::NONE.to_owned(), |same| {
        format::percent(same.rmse_pct)
    })
}

/// `0.63% ($1.19)`.
fn error(percent: f64, money: f64, unit: &str) -> String {
    format!(
        "{} ({})",
        format::percent(percent),
        format::money(money, unit)
    )
}

/// Whether the valuation's moves are too large or too small.
fn of_calibration(line: Calibration) -> String {
    let so = if line.slope_t.abs() < 1.96 {
        "its moves have the right size"
    } else if line.slope < 1.0 {
        "its moves are too large"
    } else {
        "its moves are too small"
    };
    format!(
        "Where it said 1%, gold moved by {} on average: {so} (Mincer–Zarnowitz; t of a slope of 1: {}).",
        format::percent(line.slope),
        format::grouped(line.slope_t, 2)
    )
}

/// The scores of a model that was tested once.
fn plain(card: &ModelCard) -> Table {
    let rows = format::count(card.data.test_rows, "test day");
    let caption = format!("Errors on {rows}; smaller is better");
    let mut table = Table::new(caption, &["Rule", "Root mean square", "Mean"]);
    for score in &card.scores {
        table.push([
            score.label.clone(),
            error(score.rmse_pct, score.rmse, &card.unit),
            format::money(score.mae, &card.unit),
        ]);
    }
    table
}
