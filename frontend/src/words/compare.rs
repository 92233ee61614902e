//! Two presets' newest valuations side by side, so that anyone can see the difference.

use shared::snapshot::Snapshot;

use super::{value_label, verdict};
use crate::figures::Table;
use crate::format;

/// Sets `other` beside `this`: which of them errs less next to yesterday's price, and the numbers.
pub(crate) fn beside(this: &Snapshot, other: &Snapshot) -> (String, Table) {
    let caption = "Newest valuation of each, and its errors on its own test days";
    let mut table = Table::new(
        caption,
        &["Preset", &this.preset_title, &other.preset_title],
    );
    let sides = [column(this), column(other)];
    let heads = [
        "What is valued",
        "Valued day",
        "Price",
        "Value",
        "Gap",
        "Typical error (root mean square)",
        "The same for yesterday's price",
        "Skill",
        "Looks ahead",
    ];
    let [left, right] = sides;
    for ((head, left), right) in heads.into_iter().zip(left).zip(right) {
        table.push([head.to_owned(), left, right]);
    }
    (summary(this, other), table)
}

fn column(run: &Snapshot) -> [String; 9] {
    let latest = &run.latest;
    [
        run.target_title.clone(),
        format::date(latest.date),
        format::money(latest.price, &run.unit),
        format!(
            "{}: {}",
            value_label(latest.method),
            format::money(latest.valuation, &run.unit)
        ),
        format::signed_percent(latest.gap_pct()),
        error(run, "valuation"),
        error(run, "no_change"),
        format!(
            "{} ({})",
            verdict(&run.skill),
            format::share(run.skill.skill)
        ),
        if run.look_ahead.is_some() {
            "Yes, by design".to_owned()
        } else {
            "No".to_owned()
        },
    ]
}

fn error(run: &Snapshot, rule: &str) -> String {
    let score = run.scores.iter().find(|score| score.rule == rule);
    score.map_or(format::NONE.to_owned(), |score| {
        let (money, percent) = (
            format::money(score.rmse, &run.unit),
            format::percent(score.rmse_pct),
        );
        format!("{money} ({percent})")
    })
}

/// Errors as multiples of those of yesterday's price: the only scale on which two presets with other days compare.
fn summary(this: &Snapshot, other: &Snapshot) -> String {
    let times = |run: &Snapshot| {
        let rmse = |rule: &str| {
            let score = run.scores.iter().find(|score| score.rule == rule);
            score.map(|score| score.rmse_pct)
        };
        let ratio = rmse("valuation")? / rmse("no_change")?;
        Some(format!(
            "{} errs {} times as much",
            run.preset_title,
            format::grouped(ratio, 2)
        ))
    };
    match (times(this), times(other)) {
        (Some(this), Some(other)) => format!(
            "Next to yesterday's price, each on its own test days: {this}, {other}. Below 1 is better."
        ),
        _ => "One of them has no scores to compare.".to_owned(),
    }
}
