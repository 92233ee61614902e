//! Skill by calendar year and by block of three years.

use shared::card::ModelCard;
use shared::evaluation::{Period, PeriodScore};

use super::columns::{Plain, columns};
use super::scores::rival;
use super::{NO_CHANGE, OURS, SIGNIFICANT, TEST, fold, hint, judged, rule, text};
use crate::figures::{Block, Table};
use crate::format;

/// Both charts, with their sentences and tables; nothing where the card has no such record.
pub(super) fn blocks(card: &ModelCard) -> Vec<Block> {
    let by_year = |period| matches!(period, Period::Year { .. });
    let by_block = |period| matches!(period, Period::Block { .. });
    let mut blocks = chart(card, ["year", "years"], by_year);
    if !blocks.is_empty() {
        blocks.insert(
            0,
            hint("By how much its squared error was smaller than that of yesterday's price; ✓ beyond luck (p < 5%), ○ not."),
        );
        blocks.push(Block::Title("In blocks of three years".to_owned()));
        blocks.extend(chart(card, ["block", "blocks"], by_block));
    }
    blocks
}

/// `nouns`: one such period, and several.
fn chart(card: &ModelCard, nouns: [&str; 2], is_meant: fn(Period) -> bool) -> Vec<Block> {
    let periods = rule(card, OURS).map_or(&[][..], |ours| &ours.periods);
    let scores: Vec<&PeriodScore> = periods
        .iter()
        .filter(|score| is_meant(score.period))
        .collect();
    let Some(summary) = summary(&scores, nouns) else {
        return Vec::new();
    };
    let heights = scores.iter().map(|score| {
        let is_proven = score.dm_p < SIGNIFICANT;
        let mark = if is_proven { '✓' } else { '○' };
        Plain {
            label: score.period.to_string(),
            number: format!("{} {mark}", format::share(score.skill)),
            height: score.skill,
            is_proven,
        }
    });
    vec![
        text(summary),
        Block::Columns(columns(heights.collect())),
        fold("These numbers as a table", table(card, &scores, nouns[0])),
    ]
}

fn summary(scores: &[&PeriodScore], [one, several]: [&str; 2]) -> Option<String> {
    let by_skill = |a: &&&PeriodScore, b: &&&PeriodScore| a.skill.total_cmp(&b.skill);
    let (worst, best) = (
        scores.iter().min_by(by_skill)?,
        scores.iter().max_by(by_skill)?,
    );
    let proven = scores
        .iter()
        .filter(|score| score.dm_p < SIGNIFICANT && score.dm_t > 0.0);
    let noun = if scores.len() == 1 { one } else { several };
    Some(format!(
        "Better than yesterday's price beyond luck in {} of {} {noun}. Skill was lowest in {} ({}) and highest in {} ({}).",
        proven.count(),
        scores.len(),
        worst.period,
        format::share(worst.skill),
        best.period,
        format::share(best.skill),
    ))
}

fn table(card: &ModelCard, scores: &[&PeriodScore], noun: &str) -> Table {
    let head = [
        "Time",
        "Days",
        "Skill",
        "Error",
        "Yesterday's price",
        TEST[0],
        TEST[1],
    ];
    let caption = format!("Skill and root mean square error by {noun}");
    let mut table = Table::new(caption, &head);
    table.wide = vec![1, 4, 5];
    let no_change = rule(card, NO_CHANGE);
    for score in scores {
        let [t, test] = judged(score.dm_t, score.dm_p);
        table.push([
            score.period.to_string(),
            score.rows.to_string(),
            format::share(score.skill),
            format::percent(score.rmse_pct),
            rival(no_change, score),
            t,
            test,
        ]);
    }
    table
}
