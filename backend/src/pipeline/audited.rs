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
