//! The two members against their combination, the gate, and the days on which the linear member spoke alone.

use shared::card::ModelCard;
use shared::walk::WalkCard;

use super::{TEST, judged, rule, tenths, text};
use crate::figures::{Block, Table};
use crate::format;

/// Days of takeover that are named; more are counted.
const NAMED: usize = 12;

/// What there is to say of members; nothing for a model without them.
pub(super) fn blocks(card: &ModelCard) -> Vec<Block> {
    let Some(walk) = &card.walk else {
        return Vec::new();
    };
    let how = "The value is the mean of a linear member and of trees, both fitted anew each month on the days before it.";
    vec![
        text(how.to_owned()),
        Block::Table(comparisons(card, walk)),
        text(takeovers(walk)),
    ]
}

/// The combination against each member.
fn comparisons(card: &ModelCard, walk: &WalkCard) -> Table {
    let head = ["Is", "better than", "Days", TEST[0], TEST[1]];
    let mut table = Table::new("Diebold–Mariano tests on the same days", &head);
    table.wide = vec![2, 3];
    let label = |name: &str| rule(card, name).map_or(name.to_owned(), |one| one.label.clone());
    for one in &walk.comparisons {
        let [t, test] = judged(one.dm_t, one.dm_p);
        table.push([
            label(&one.rule),
            label(&one.against),
            format::grouped(one.rows as f64, 0),
            t,
            test,
        ]);
    }
    table
}

/// How often the gate let the forecast through.
pub(super) fn gate(walk: &WalkCard) -> String {
    if walk.shipped <= 0.0 {
        return "No skill: the gate was closed on every day, so yesterday's price stood in for every valuation.".to_owned();
    }
    format!(
        "The gate was open on {} of days. It closes when the last 500 days show no skill; yesterday's price then stands in \
         for the value.",
        tenths(walk.shipped)
    )
}

/// On which days the linear member spoke alone.
fn takeovers(walk: &WalkCard) -> String {
    let days: Vec<String> = walk
        .takeovers
        .iter()
        .map(|day| format::date(*day))
        .collect();
    if days.is_empty() {
        return "The linear member never spoke alone: no move of its was larger than all that it was trained on.".to_owned();
    }
    let newest = days.get(days.len().saturating_sub(NAMED)..);
    let last = if days.len() > NAMED { ", of late" } else { "" };
    format!(
        "The linear member spoke alone on {}, when its move was larger than any that it was trained on{last}: {}.",
        format::count(days.len(), "day"),
        format::list(newest.unwrap_or_default())
    )
}
