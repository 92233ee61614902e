//! Gathers what the checks found into the card.

use shared::card::{AuditCard, AuditCheck, AuditFinding, AuditKind};

use super::disguise::{TOO_CLOSE, Twin};
use super::known::LookedUp;
use super::look::{Compared, Difference, Kind};

/// The first thing that the audit found, in a sentence; `None` where it is clean.
pub fn first_finding(card: &AuditCard) -> Option<String> {
    let failed = card.checks.iter().find(|check| !check.passed)?;
    failed.findings.first().map(in_words)
}

/// A finding in a sentence.
pub fn in_words(finding: &AuditFinding) -> String {
    let by = match finding.difference {
        Some(size) => format!("by {size:.3e}"),
        None => "no number on one side".to_owned(),
    };
    format!(
        "`{}` on {} {} ({by}; shown {} times)",
        finding.name, finding.date, finding.detail, finding.rows
    )
}

/// Findings that a card names; what they count goes on.
const NAMED: usize = 40;

/// One check while it is under way.
pub(super) struct Tally {
    check: AuditKind,
    compared: usize,
    largest: f64,
    findings: Vec<AuditFinding>,
}

impl Tally {
    pub(super) fn new(check: AuditKind) -> Self {
        Self {
            check,
            compared: 0,
            largest: 0.0,
            findings: Vec::new(),
        }
    }

    /// Takes in how two looks at a day differ. `under` names the state of information.
    pub(super) fn compared(&mut self, compared: &Compared, under: &str) {
        self.compared += compared.numbers;
        self.largest = self.largest.max(compared.largest);
        for difference in &compared.differences {
            let detail = format!("{}{under}", wording(self.check, difference));
            self.add(AuditFinding {
                name: difference.name.clone(),
                date: difference.date,
                rows: 1,
                difference: difference.size,
                detail,
            });
        }
    }

    /// Takes in what was used before it was known.
    pub(super) fn looked_up(&mut self, looked_up: &LookedUp, under: &str) {
        self.compared += looked_up.values;
        for early in &looked_up.too_early {
            self.largest = self.largest.max(early.days.unwrap_or(0.0));
            self.add(AuditFinding {
                name: early.series.clone(),
                date: early.date,
                rows: early.rows,
                difference: early.days,
                detail: format!("{}; the difference is in days{under}", early.detail),
            });
        }
    }

    /// Takes in features that are the target by another name.
    pub(super) fn disguised(&mut self, features: &[Twin], under: &str) {
        self.compared += features.len();
        for twin in features {
            self.largest = self.largest.max(twin.correlation);
            if twin.correlation <= TOO_CLOSE {
                continue;
            }
            self.add(AuditFinding {
                name: twin.name.clone(),
                date: twin.date,
                rows: 1,
                difference: Some(twin.correlation),
                detail: format!(
                    "moves with the target as nothing but the target does; the difference is the correlation{under}"
                ),
            });
        }
    }

    /// One finding a name and wording: the worst day, with all days counted.
    fn add(&mut self, finding: AuditFinding) {
        let same = |known: &&mut AuditFinding| {
            known.name == finding.name && known.detail == finding.detail
        };
        let Some(known) = self.findings.iter_mut().find(same) else {
            self.findings.push(finding);
            return;
        };
        known.rows += finding.rows;
        let size = |of: &AuditFinding| of.difference.unwrap_or(-1.0);
        if size(&finding) > size(known) {
            known.difference = finding.difference;
            known.date = finding.date;
        }
    }

    /// The check as it ended.
    pub(super) fn end(mut self) -> AuditCheck {
        let passed = self.findings.is_empty();
        self.findings.truncate(NAMED);
        AuditCheck {
            check: self.check,
            label: label(self.check).to_owned(),
            compared: self.compared,
            largest: self.largest,
            findings: self.findings,
            passed,
        }
    }
}

fn label(check: AuditKind) -> &'static str {
    match check {
        AuditKind::Truncation => "without what was not yet known, everything is the same",
        AuditKind::ShuffledFuture => "another future changes nothing",
        AuditKind::OwnPrice => "nothing but price and target knows the price of its day",
        AuditKind::AvailableAt => "every value was published before it was used",
        AuditKind::Disguise => "no feature is the target by another name",
    }
}

fn wording(check: AuditKind, difference: &Difference) -> &'static str {
    match (check, difference.kind) {
        (AuditKind::OwnPrice, Kind::Feature) => "contains the price of its own day",
        (AuditKind::OwnPrice, Kind::Method) => {
            "is decided by the price of the day itself: a range test on the actual"
        }
        (AuditKind::OwnPrice, _) => "changes with the price of its own day",
        (AuditKind::ShuffledFuture, _) => "changes with what comes later",
        (_, Kind::Feature) => "uses what was not yet known",
        (_, Kind::Price) => "was not yet known like this",
        (_, Kind::Split) => "is not what the days up to then give",
        (_, Kind::Said | Kind::Method) => "would have been another one with what was known",
    }
}
