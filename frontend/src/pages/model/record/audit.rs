//! Whether anything in the run knew what it could not have known.

use shared::audit::{AuditCard, AuditFinding};
use shared::card::ModelCard;

use super::text;
use crate::figures::{Block, Look, Table};
use crate::format;

/// Findings that are listed; more are counted.
const LISTED: usize = 20;

/// The audit's verdict, its checks and what they found; nothing where there was no audit.
pub(super) fn blocks(card: &ModelCard) -> Vec<Block> {
    let Some(audit) = &card.audit else {
        return Vec::new();
    };
    let (verdict, look) = match (audit.passed, &card.look_ahead) {
        (true, _) => ("✓ Nothing knew what it could not have known", Look::Good),
        (false, None) => ("✕ Something knew what it could not have known", Look::Bad),
        (false, Some(_)) => (
            "✕ Something knew what it could not have known, as the preset says",
            Look::Bad,
        ),
    };
    let mut blocks = vec![
        Block::Text(verdict.to_owned(), look),
        text(format!(
            "On {} drawn by seed {}, what was not yet known was removed or replaced, and everything computed anew. Numbers \
             that differ by at most {:e} count as equal.",
            format::count(audit.dates, "day"),
            audit.seed,
            audit.tolerance
        )),
        Block::Table(checks(audit)),
    ];
    blocks.extend(found(audit));
    blocks
}

fn checks(audit: &AuditCard) -> Table {
    let head = ["Check", "Compared", "Largest difference", "Verdict"];
    let mut table = Table::new("What was checked", &head);
    table.wide = vec![1, 2];
    for check in &audit.checks {
        let verdict = if check.passed {
            "✓ nothing found".to_owned()
        } else {
            format!("✕ {}", format::count(check.findings.len(), "finding"))
        };
        table.push([
            format::sentence(&check.label),
            format::grouped(check.compared as f64, 0),
            difference(check.largest),
            verdict,
        ]);
    }
    table
}

fn found(audit: &AuditCard) -> Option<Block> {
    let findings: Vec<&AuditFinding> = audit.checks.iter().flat_map(|one| &one.findings).collect();
    let caption = if findings.len() > LISTED {
        format!("The first {LISTED} of {} findings", findings.len())
    } else {
        "The findings".to_owned()
    };
    let mut table = Table::new(
        caption,
        &["Number", "Day", "Days", "Difference", "What is wrong"],
    );
    table.wide = vec![2, 3];
    for one in findings.iter().take(LISTED) {
        table.push([
            one.name.clone(),
            format::date(one.date),
            one.rows.to_string(),
            one.difference.map_or(format::NONE.to_owned(), difference),
            format::sentence(&one.detail),
        ]);
    }
    (!findings.is_empty()).then_some(Block::Table(table))
}

/// Differences are of any size: those of rounding and those of a leak.
fn difference(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if size < 0.001 => format!("{value:.1e}"),
        _ => format::grouped(value, 3),
    }
}
