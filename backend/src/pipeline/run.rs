//! One run: the steps in their order, written once.

use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use shared::run::{Progress, RunReport, Status, Step};

use super::attempt::{Attempt, keep};
use super::gather::{describe, gather, stale_series};
use super::steps::{Assembled, assembled, trained};
use crate::backend::Backend;
use crate::clock::end_of_day;
use crate::preset::Preset;
use crate::progress::Reporter;
use crate::publish::{Publication, PublishError, RunInput, point_to, publish, run_id};
use crate::stage::{Staged, unwritable};
use crate::step_error::StepError;

/// What to run.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// The preset.
    pub preset: Preset,
    /// The grid's name.
    pub grid: String,
    /// The day whose knowledge to use; absent: today. An earlier day uses what is staged and asks no vendor, if anything is.
    pub as_of: Option<NaiveDate>,
    /// Fits at once.
    pub threads: usize,
    /// Whether to score every candidate on every fold, for the heat map.
    pub score_all: bool,
    /// Whether to ask the vendors; otherwise what is staged has to do.
    pub ask_vendors: bool,
}

/// Runs every step in order and reports. Never fails: what went wrong is in the report, which is also kept in the lake.
/// The caller holds the [`super::RunLock`].
pub async fn run(
    backend: &Backend,
    options: &RunOptions,
    attempt_id: String,
    reporter: &Reporter,
) -> RunReport {
    let now = backend.clock.now();
    let as_of = options.as_of.unwrap_or(now.date_naive());
    let mut attempt = Attempt::begin(attempt_id, options, as_of, now);
    reporter.send(Progress::Started {
        attempt_id: attempt.report.attempt_id.clone(),
        preset: options.preset.name.clone(),
    });
    let result = steps(backend, options, as_of, &mut attempt, reporter).await;
    let mut report = attempt.end(result, backend.clock.now());
    if let Err(error) = keep(&report, backend.lake().as_ref()).await {
        report
            .warnings
            .push(format!("the report could not be kept: {error}"));
    }
    log(&report);
    reporter.send(Progress::Finished {
        report: Box::new(report.clone()),
    });
    report
}

/// The order of the steps. An error says in which it happened.
async fn steps(
    backend: &Backend,
    options: &RunOptions,
    day: NaiveDate,
    attempt: &mut Attempt,
    reporter: &Reporter,
) -> Result<(), (Step, StepError)> {
    let as_of = end_of_day(day).min(backend.clock.now());
    let staged = gather(backend, options, day, attempt, reporter).await?;

    let since = Instant::now();
    let ready = assembled(&options.preset, &staged, as_of).map_err(|e| (Step::Assemble, e))?;
    attempt.did(Step::Assemble, since, describe(&ready));
    let stale = stale_series(&staged);
    let (run_id, input_sha256) = run_id(&RunInput {
        preset: &options.preset,
        grid: &options.grid,
        as_of: day,
        dataset: &ready.dataset,
        stale: &stale,
    });
    attempt.report.run_id = Some(run_id.clone());
    if reporter.is_cancelled() {
        return Err((Step::Assemble, StepError::Cancelled));
    }

    let published = backend.published();
    let before = published.manifest(&run_id).await.map_err(|error| {
        let advice = "remove the broken file; the run then writes it again";
        (Step::Publish, StepError::fail(error, advice))
    })?;
    if before.is_none() {
        train_and_publish(
            backend,
            options,
            day,
            &staged,
            &ready,
            (&run_id, &input_sha256),
            attempt,
            reporter,
        )
        .await?;
    }
    point(backend, &run_id, before.is_some(), attempt)
        .await
        .map_err(|e| (Step::Publish, e))?;
    let since = Instant::now();
    reporter.working(Step::Catalogue, 1, 1, "registering the tables");
    attempt.did(
        Step::Catalogue,
        since,
        "the manifest makes the tables findable",
    );
    Ok(())
}

/// Trains and writes the run's files; the pointer does not move yet.
#[expect(
    clippy::too_many_arguments,
    reason = "one call site; a struct would only rename them"
)]
async fn train_and_publish(
    backend: &Backend,
    options: &RunOptions,
    day: NaiveDate,
    staged: &Staged,
    ready: &Assembled,
    (run_id, input_sha256): (&str, &str),
    attempt: &mut Attempt,
    reporter: &Reporter,
) -> Result<(), (Step, StepError)> {
    let since = Instant::now();
    let dataset = ready.dataset.clone();
    let trained = trained(
        &options.preset,
        &options.grid,
        dataset,
        options.threads,
        options.score_all,
        reporter,
    )
    .await
    .map_err(|e| (Step::Train, e))?;
    let score = trained.scores.first().map_or(f64::NAN, |score| score.rmse);
    attempt.did(
        Step::Train,
        since,
        format!(
            "RMSE {score:.4} on {} test rows, skill {:.3}",
            trained.data.test_rows, trained.skill.skill
        ),
    );

    let since = Instant::now();
    reporter.working(Step::Publish, 0, 1, "writing the tables");
    let publication = Publication {
        run_id,
        input_sha256,
        as_of: day,
        preset: &options.preset,
        grid: &options.grid,
        dataset: &ready.dataset,
        trained: &trained,
        observations: &ready.observations,
        series: &staged.series,
        synthetic: staged.synthetic,
    };
    let lake = backend.lake();
    let written = publish(&publication, lake.as_ref())
        .await
        .map_err(|e| (Step::Publish, publish_failed(e)))?;
    attempt.did(
        Step::Publish,
        since,
        format!("{} files, {} rows", written.files, written.rows),
    );
    Ok(())
}

/// Moves the pointer to the run.
async fn point(
    backend: &Backend,
    run_id: &str,
    was_there: bool,
    attempt: &mut Attempt,
) -> Result<(), StepError> {
    let broken = |error| {
        StepError::fail(
            error,
            "remove the broken file; the run then writes it again",
        )
    };
    let manifest = backend.published().manifest(run_id).await.map_err(broken)?;
    let manifest = manifest.ok_or_else(|| {
        let gone = anyhow::anyhow!("the manifest of `{run_id}` is gone again");
        StepError::retry(gone, "run again, and let nobody else write into the lake")
    })?;
    let at: DateTime<Utc> = backend.clock.now();
    let moved = point_to(&manifest, at, backend.lake().as_ref())
        .await
        .map_err(publish_failed)?;
    attempt.report.already_published = was_there && !moved;
    if was_there {
        let summary = if moved {
            "published before; made current again"
        } else {
            "published before; nothing to write"
        };
        attempt.did(Step::Publish, Instant::now(), summary);
    }
    Ok(())
}

fn publish_failed(error: PublishError) -> StepError {
    match error {
        PublishError::Lake(error) => unwritable(error),
        PublishError::BrokenPointer(_) => StepError::fail(
            error,
            "restore `current.json` from a backup, or remove it: runs stay, and the next run points anew",
        ),
        PublishError::NoValuation | PublishError::Encode(_) => {
            StepError::fail(error, "report this with the run's report")
        }
    }
}

fn log(report: &RunReport) {
    let run_id = report.run_id.as_deref().unwrap_or("none");
    match &report.failure {
        None if report.status == Status::Success => {
            tracing::info!(run.id = run_id, "run `{run_id}` succeeded");
        }
        None => tracing::warn!(
            run.id = run_id,
            "run `{run_id}` succeeded with stale series"
        ),
        Some(failure) => tracing::error!(
            run.id = run_id,
            failure.message = failure.message,
            "run failed: {}",
            failure.message
        ),
    }
}
