//! A run in two halves, each a process of its own: extract and stage, then all the rest. The lake carries the first to the second.

use anyhow::anyhow;
use serde::{Deserialize, Serialize};
use shared::api::StartRun;
use shared::run::{Failure, RunReport, SeriesState, Status, Step};

use super::attempt::{Attempt, keep_try};
use super::run::{Execution, RunOptions, log};
use super::steps::staged_before;
use crate::backend::Backend;
use crate::catalogue::ReadError;
use crate::lake::{Key, LakeError, Put};
use crate::progress::Reporter;
use crate::step_error::StepError;

/// `extraction-staging/attempts/{attempt_id}.json`: what the first half did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extracted {
    /// What was asked for.
    pub what: StartRun,
    /// The report so far.
    pub report: RunReport,
}

/// Extracts and stages, and leaves a note of it for the second half. The caller holds the lock.
///
/// A failure is a report, which is kept in the lake as the attempt's.
pub async fn run_extract(
    backend: &Backend,
    what: &StartRun,
    options: &RunOptions,
    attempt_id: String,
    reporter: &Reporter,
) -> Result<Extracted, Box<RunReport>> {
    let mut execution = Execution::begin(backend, options, attempt_id, reporter);
    let result = first_half(&mut execution, what).await;
    match result {
        Ok(extracted) => Ok(extracted),
        Err(error) => {
            let mut report = execution.end(Err(error));
            finish(backend, &mut report).await;
            Err(Box::new(report))
        }
    }
}

async fn first_half(
    execution: &mut Execution<'_>,
    what: &StartRun,
) -> Result<Extracted, (Step, StepError)> {
    execution.gather().await?;
    let report = &execution.attempt.report;
    nothing_missing(report).map_err(|error| (Step::Extract, error))?;
    let extracted = Extracted {
        what: what.clone(),
        report: report.clone(),
    };
    let kept = keep_extracted(execution.backend, &extracted).await;
    kept.map_err(|error| (Step::Stage, crate::stage::unwritable(error)))?;
    Ok(extracted)
}

/// A series without any data ends the run here: without it there is no dataset.
fn nothing_missing(report: &RunReport) -> Result<(), StepError> {
    let missing = report
        .series
        .iter()
        .filter(|s| s.state == SeriesState::Missing);
    let names: Vec<&str> = missing.clone().map(|s| s.series.as_str()).collect();
    let Some(first) = missing.clone().find_map(|s| s.failure.as_ref()) else {
        return Ok(());
    };
    Err(StepError::fail(
        anyhow!(
            "nothing is known of {}: {}",
            names.join(", "),
            first.message
        ),
        first.advice.clone(),
    ))
}

async fn keep_extracted(backend: &Backend, extracted: &Extracted) -> Result<Put, LakeError> {
    let attempt_id = extracted.report.attempt_id.clone();
    let bytes = serde_json::to_vec_pretty(extracted).unwrap_or_default();
    let key = Key::Extracted { attempt_id };
    backend.lake().put_new(&key, &bytes).await
}

/// What the first half of an attempt did; `None` where it has not come so far.
pub async fn extracted(
    backend: &Backend,
    attempt_id: &str,
) -> Result<Option<Extracted>, ReadError> {
    let attempt_id = attempt_id.to_owned();
    backend
        .published()
        .read(&Key::Extracted { attempt_id })
        .await
}

/// Does the rest of an attempt. Never fails: what went wrong is in the report, which is also kept in the lake. The caller
/// holds the lock.
pub async fn run_extracted(
    backend: &Backend,
    options: &RunOptions,
    extracted: Extracted,
    reporter: &Reporter,
) -> RunReport {
    let mut execution = Execution {
        backend,
        options,
        day: extracted.report.as_of,
        reporter,
        attempt: Attempt {
            report: extracted.report,
        },
    };
    let result = second_half(&mut execution).await;
    let mut report = execution.end(result);
    finish(backend, &mut report).await;
    report
}

async fn second_half(execution: &mut Execution<'_>) -> Result<(), (Step, StepError)> {
    if let Some(newer) = superseded(execution)
        .await
        .map_err(|e| (Step::Assemble, e))?
    {
        let report = &mut execution.attempt.report;
        report.already_published = true;
        report.warnings.push(format!(
            "left out: the event came so late that the newer run `{newer}` was published before"
        ));
        return Ok(());
    }
    let staged = staged_before(execution.backend, &execution.options.preset).await;
    let mut staged = staged.map_err(|e| (Step::Stage, e))?;
    // Which series failed is known to the half that asked for them.
    staged.series.clone_from(&execution.attempt.report.series);
    execution.value(&staged).await
}

/// A later day's run of the same preset, where this one was for its own day: nobody waits for it any more.
async fn superseded(execution: &Execution<'_>) -> Result<Option<String>, StepError> {
    if execution.options.as_of.is_some() {
        return Ok(None);
    }
    let current = execution.backend.published().current().await;
    let current = current.map_err(|error| match error {
        ReadError::Lake(error) => crate::stage::unwritable(error),
        ReadError::Broken { .. } => {
            StepError::fail(error, "restore `current.json` from an earlier version")
        }
    })?;
    let newer = current.unwrap_or_default().published.into_iter().rev();
    let mut newer = newer
        .filter(|run| run.preset == execution.options.preset.name && run.as_of > execution.day);
    Ok(newer.next().map(|run| run.run_id))
}

/// Ends an attempt whose second half cannot be told of the first. Gives its report.
pub async fn give_up(backend: &Backend, extracted: Extracted, failure: Failure) -> RunReport {
    let mut report = RunReport {
        status: Status::Failed,
        failure: Some(failure),
        ..extracted.report
    };
    finish(backend, &mut report).await;
    report
}

async fn finish(backend: &Backend, report: &mut RunReport) {
    if let Err(error) = keep_try(report, backend.lake().as_ref()).await {
        let message = format!("the report could not be kept: {error}");
        report.warnings.push(message);
    }
    log(report);
}
