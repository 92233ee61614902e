//! One run: the steps in their order, written once.

use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use shared::card::AuditCard;
use shared::run::{Progress, RunReport, Status, Step};

use super::attempt::{Attempt, keep};
use super::audited::{audited, refuse_look_ahead};
use super::catalogue::catalogue;
use super::gather::{describe, gather, stale_series};
use super::steps::{Assembled, assembled, trained};
use super::unpublished::{broken, publish_failed};
use crate::audit::AuditOptions;
use crate::backend::Backend;
use crate::clock::end_of_day;
use crate::preset::Preset;
use crate::progress::Reporter;
use crate::publish::{Identity, Pointed, Publication, RunInput, point_to, publish, run_id};
use crate::stage::Staged;
use crate::step_error::StepError;
use crate::train::Trained;

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
    let mut execution = Execution::begin(backend, options, attempt_id, reporter);
    let result = execution.steps().await;
    let mut report = execution.end(result);
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

/// A run under way.
pub(super) struct Execution<'a> {
    pub(super) backend: &'a Backend,
    pub(super) options: &'a RunOptions,
    /// The day whose knowledge it uses.
    pub(super) day: NaiveDate,
    pub(super) reporter: &'a Reporter,
    pub(super) attempt: Attempt,
}

impl<'a> Execution<'a> {
    pub(super) fn begin(
        backend: &'a Backend,
        options: &'a RunOptions,
        attempt_id: String,
        reporter: &'a Reporter,
    ) -> Self {
        let now = backend.clock.now();
        let day = options.as_of.unwrap_or(now.date_naive());
        reporter.send(Progress::Started {
            attempt_id: attempt_id.clone(),
            preset: options.preset.name.clone(),
        });
        Self {
            backend,
            options,
            day,
            reporter,
            attempt: Attempt::begin(attempt_id, options, day, now),
        }
    }

    /// The report of what was done.
    pub(super) fn end(self, result: Result<(), (Step, StepError)>) -> RunReport {
        let now = self.backend.clock.now();
        self.attempt.end(result, self.reporter, now)
    }

    /// The order of the steps. An error says in which it happened.
    async fn steps(&mut self) -> Result<(), (Step, StepError)> {
        let staged = self.gather().await?;
        self.value(&staged).await
    }

    /// The first half: what is known of the preset's series.
    pub(super) async fn gather(&mut self) -> Result<Staged, (Step, StepError)> {
        gather(
            self.backend,
            self.options,
            self.day,
            &mut self.attempt,
            self.reporter,
        )
        .await
    }

    /// The second half: from what is staged to the published run.
    pub(super) async fn value(&mut self, staged: &Staged) -> Result<(), (Step, StepError)> {
        let as_of = end_of_day(self.day).min(self.backend.clock.now());
        let since = Instant::now();
        let ready = assembled(&self.options.preset, staged, as_of);
        let ready = ready.map_err(|e| (Step::Assemble, e))?;
        self.attempt.did(Step::Assemble, since, describe(&ready));
        self.attempt.report.warnings.extend(ready.warnings.clone());
        let identity = run_id(&RunInput {
            preset: &self.options.preset,
            grid: &self.options.grid,
            as_of: self.day,
            dataset: &ready.dataset,
            provisional: ready.provisional.as_deref(),
            stale: &stale_series(staged),
        });
        self.attempt.report.run_id = Some(identity.run_id.clone());
        self.go_on().map_err(|e| (Step::Assemble, e))?;

        let published = self.backend.published();
        let before = published.manifest(&identity.run_id).await;
        let before = before.map_err(|error| (Step::Publish, broken(error)))?;
        if before.is_none() {
            self.train_and_write(&identity, staged, &ready, as_of)
                .await?;
        }
        let pointed = self.point(&identity.run_id, before.is_some()).await;
        pointed.map_err(|e| (Step::Publish, e))?;
        let since = Instant::now();
        self.reporter
            .working(Step::Catalogue, 1, 1, "registering the tables");
        let summary = catalogue(self.backend, &identity.run_id, self.reporter).await;
        let summary = summary.map_err(|e| (Step::Catalogue, e))?;
        self.attempt.did(Step::Catalogue, since, summary);
        Ok(())
    }

    async fn train_and_write(
        &mut self,
        identity: &Identity,
        staged: &Staged,
        ready: &Assembled,
        as_of: DateTime<Utc>,
    ) -> Result<(), (Step, StepError)> {
        let options = RunOptions {
            preset: ready.preset.clone(),
            ..self.options.clone()
        };
        let trained = self.train(&options, ready, as_of).await;
        let (trained, audit) = trained.map_err(|e| (Step::Train, e))?;
        let publication = Publication {
            run_id: &identity.run_id,
            input_sha256: &identity.input_sha256,
            as_of: self.day,
            preset: &ready.preset,
            grid: &self.options.grid,
            dataset: &ready.dataset,
            trained: &trained,
            audit: Some(&audit),
            observations: &ready.observations,
            series: &staged.series,
            synthetic: staged.synthetic,
        };
        let written = self.write(&publication).await;
        written.map_err(|e| (Step::Publish, e))
    }

    /// Trains and audits; what looks ahead without saying so fails.
    async fn train(
        &mut self,
        options: &RunOptions,
        ready: &Assembled,
        as_of: DateTime<Utc>,
    ) -> Result<(Arc<Trained>, AuditCard), StepError> {
        let since = Instant::now();
        let trained = Arc::new(trained(options, ready, self.reporter).await?);
        self.go_on()?;
        let how = AuditOptions::of_run(&options.preset, options.threads);
        let audit = audited(options, ready, trained.clone(), as_of, how).await?;
        refuse_look_ahead(&options.preset, &audit)?;
        self.go_on()?;
        let score = trained.scores.first().map_or(f64::NAN, |score| score.rmse);
        let summary = format!(
            "RMSE {score:.4} on {} test rows, skill {:.3}; audited on {} days: {}",
            trained.data.test_rows,
            trained.skill.skill,
            audit.dates,
            if audit.passed { "clean" } else { "looks ahead" }
        );
        self.attempt.did(Step::Train, since, summary);
        Ok((trained, audit))
    }

    /// Whether nobody has asked to stop.
    fn go_on(&self) -> Result<(), StepError> {
        if self.reporter.is_cancelled() {
            return Err(StepError::Cancelled);
        }
        Ok(())
    }

    /// Writes the run's files; the pointer does not move yet.
    async fn write(&mut self, publication: &Publication<'_>) -> Result<(), StepError> {
        let since = Instant::now();
        self.reporter
            .working(Step::Publish, 0, 1, "writing the tables");
        let lake = self.backend.lake();
        let written = publish(publication, lake.as_ref()).await;
        let written = written.map_err(publish_failed)?;
        let summary = format!("{} files, {} rows", written.files, written.rows);
        self.attempt.did(Step::Publish, since, summary);
        Ok(())
    }

    /// Makes the run known, and current unless one of a later day is.
    async fn point(&mut self, run_id: &str, was_there: bool) -> Result<(), StepError> {
        let manifest = self.backend.published().manifest(run_id).await;
        let manifest = manifest.map_err(broken)?.ok_or_else(|| {
            let gone = anyhow::anyhow!("the manifest of `{run_id}` is gone again");
            StepError::retry(gone, "run again, and let nobody else write into the lake")
        })?;
        let at = self.backend.clock.now();
        let pointed = point_to(&manifest, at, self.backend.lake().as_ref()).await;
        let pointed = pointed.map_err(publish_failed)?;
        self.attempt.report.already_published = was_there && pointed == Pointed::Unchanged;
        if pointed == Pointed::Earlier {
            let note = "a run of a later day stays current, and the page goes on showing that";
            self.attempt.report.warnings.push(note.to_owned());
        }
        if was_there {
            let summary = match pointed {
                Pointed::Moved => "published before; made current again",
                Pointed::Earlier => "published before; made known again",
                Pointed::Unchanged => "published before; nothing to write",
            };
            self.attempt.did(Step::Publish, Instant::now(), summary);
        }
        Ok(())
    }
}

/// Says in the log how the run went.
pub(super) fn log(report: &RunReport) {
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
