//! The audit of a run, between training and publishing: what could not have been known is not published.

use std::sync::Arc;

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use shared::card::AuditCard;

use super::run::RunOptions;
use super::steps::Assembled;
use crate::audit::{AuditOptions, audit, first_finding};
use crate::preset::Preset;
use crate::step_error::StepError;
use crate::train::Trained;

/// Audits what was trained, on a thread that may block.
pub async fn audited(
    options: &RunOptions,
    ready: &Assembled,
    trained: Arc<Trained>,
    as_of: DateTime<Utc>,
    how: AuditOptions,
) -> Result<AuditCard, StepError> {
    let (preset, observations) = (options.preset.clone(), ready.observations.clone());
    let work = move || audit(&preset, &observations, as_of, &trained, &how);
    let done = tokio::task::spawn_blocking(work).await;
    let result = done.map_err(|crash| StepError::fail(anyhow!(crash), "report this"))?;
    result.map_err(|error| {
        StepError::fail(
            error,
            "the run cannot be audited and is not published; report this",
        )
    })
}

/// Refuses a run that knows what it cannot know, unless its preset says that it does.
pub(super) fn refuse_look_ahead(preset: &Preset, card: &AuditCard) -> Result<(), StepError> {
    match first_finding(card) {
        Some(finding) if preset.look_ahead.is_none() => Err(StepError::fail(
            anyhow!("the audit found look-ahead: {finding}"),
            format!(
                "see all findings with `assay audit --preset {}` and mend the preset; where it is meant, let the preset say \
                 `look_ahead = \"by design: …\"`",
                preset.name
            ),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use shared::card::{AuditCheck, AuditFinding, AuditKind};

    use super::*;
    use crate::preset;

    fn card(findings: Vec<AuditFinding>) -> AuditCard {
        AuditCard {
            dates: 8,
            seed: 7,
            tolerance: 1e-12,
            passed: findings.is_empty(),
            checks: vec![AuditCheck {
                check: AuditKind::OwnPrice,
                label: String::new(),
                compared: 9,
                largest: 0.5,
                passed: findings.is_empty(),
                findings,
            }],
        }
    }

    #[test]
    fn what_looks_ahead_is_refused_with_the_finding_unless_the_preset_says_so() {
        let finding = AuditFinding {
            name: "gold_mean".to_owned(),
            date: NaiveDate::from_ymd_opt(2024, 9, 23).unwrap(),
            rows: 8,
            difference: Some(0.5),
            detail: "contains the price of its own day".to_owned(),
        };
        let found = card(vec![finding]);
        let fair = preset::load("fair").unwrap();
        let Err(StepError::Fail { advice, cause }) = refuse_look_ahead(&fair, &found) else {
            panic!("not refused");
        };
        assert_eq!(
            cause.to_string(),
            "the audit found look-ahead: `gold_mean` on 2024-09-23 contains the price of its own day (by 5.000e-1; shown 8 times)"
        );
        assert!(advice.contains("assay audit --preset fair"), "{advice}");
        let classic = preset::load("classic").unwrap();
        assert!(refuse_look_ahead(&classic, &found).is_ok());
        assert!(refuse_look_ahead(&fair, &card(vec![])).is_ok());
    }
}
