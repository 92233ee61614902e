//! The report of one attempt: filled as the run goes, written when it ends.

use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use shared::run::{
    Failure, RunReport, SeriesState, Status, Step, StepReport, name_of_try, tries_of,
};

use super::run::RunOptions;
use crate::lake::key::ATTEMPTS;
use crate::lake::{Key, Lake, LakeError, LocalLake};
use crate::progress::Reporter;
use crate::step_error::StepError;

/// A name for a new attempt: its start, and a number for those that start in the same instant. Names sort by time.
pub fn new_attempt_id(lake: &LocalLake, now: DateTime<Utc>) -> Result<String, LakeError> {
    let start = now.format("%Y%m%dT%H%M%SZ").to_string();
    let before = lake.list_blocking(&format!("{ATTEMPTS}{start}"))?.len();
    Ok(format!("{start}-{before:04}"))
}

/// A run under way.
pub(super) struct Attempt {
    /// What is known of it so far.
    pub(super) report: RunReport,
}

impl Attempt {
    /// An attempt that has just begun and, until something says otherwise, has failed.
    pub(super) fn begin(
        attempt_id: String,
        options: &RunOptions,
        as_of: NaiveDate,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            report: RunReport {
                attempt_id,
                run_id: None,
                as_of,
                preset: options.preset.name.clone(),
                grid: options.grid.clone(),
                look_ahead: options.preset.look_ahead.clone(),
                synthetic: false,
                status: Status::Failed,
                already_published: false,
                started_at: now,
                finished_at: now,
                steps: Vec::new(),
                series: Vec::new(),
                failure: None,
                warnings: Vec::new(),
            },
        }
    }

    /// Notes what a step did.
    pub(super) fn did(&mut self, step: Step, since: Instant, summary: impl Into<String>) {
        self.report.steps.push(StepReport {
            step,
            milliseconds: u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX),
            summary: summary.into(),
        });
    }

    /// Notes how it ended.
    pub(super) fn end(
        mut self,
        result: Result<(), (Step, StepError)>,
        reporter: &Reporter,
        now: DateTime<Utc>,
    ) -> RunReport {
        let stale = self
            .report
            .series
            .iter()
            .any(|s| s.state == SeriesState::Stale);
        self.report.finished_at = now;
        match result {
            Ok(()) if stale => self.report.status = Status::Partial,
            Ok(()) => self.report.status = Status::Success,
            Err((step, error)) => self.report.failure = Some(failure(step, &error, reporter)),
        }
        self.report
    }
}

fn failure(step: Step, error: &StepError, reporter: &Reporter) -> Failure {
    let (message, advice, retry) = match error {
        StepError::Retry { advice, cause } => (format!("{cause:#}"), advice.clone(), true),
        StepError::Fail { advice, cause } => (format!("{cause:#}"), advice.clone(), false),
        StepError::Cancelled => match reporter.stopped() {
            Some(why) => (why.message.clone(), why.advice.clone(), why.retry),
            None => (
                error.to_string(),
                "run again when you like".to_owned(),
                true,
            ),
        },
    };
    Failure {
        step: Some(step),
        message,
        advice,
        retry,
    }
}

/// Keeps the report of one try of an attempt that is tried again: under the attempt's name where it is over, else under that name
/// with the try's number, so that the ledger shows every try and no later one finds its place taken.
pub(super) async fn keep_try(report: &mut RunReport, lake: &dyn Lake) -> Result<(), LakeError> {
    let is_over = report.failure.as_ref().is_none_or(|failure| !failure.retry);
    if is_over {
        return keep(report, lake).await;
    }
    let attempt_id = report.attempt_id.clone();
    let tries = lake
        .list(&format!("{ATTEMPTS}{}", tries_of(&attempt_id)))
        .await?;
    report.attempt_id = name_of_try(&attempt_id, tries.len() + 1);
    keep(report, lake).await
}

/// Keeps the report. That it cannot be kept must not hide how the run went: the caller shows both.
pub(super) async fn keep(report: &RunReport, lake: &dyn Lake) -> Result<(), LakeError> {
    let key = Key::Attempt {
        attempt_id: report.attempt_id.clone(),
    };
    let bytes = serde_json::to_vec_pretty(report).unwrap_or_default();
    lake.put_new(&key, &bytes).await.map(|_| ())
}
