//! `assay audit`.

use std::sync::Arc;

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use shared::card::{AuditCard, AuditCheck};

use super::args::AuditArgs;
use super::run::{cancel_on_ctrl_c, preset, threads};
use super::steps::{failed, staged_dataset};
use super::{Exit, bars, print};
use crate::audit::{AuditOptions, PlantedResult, demonstrate, first_finding, in_words};
use crate::backend::Backend;
use crate::clock::end_of_day;
use crate::pipeline::{Assembled, RunOptions, audited, trained};
use crate::preset::Preset;
use crate::step_error::StepError;
use crate::train::DEPLOYED;

/// Audits what is staged, or shows that planted leaks are caught. Good only where all is clean, or all was caught.
pub(super) async fn audit(backend: &Backend, args: &AuditArgs) -> Exit {
    let preset = match preset(backend, args.preset.preset.as_deref()) {
        Ok(preset) => preset,
        Err(exit) => return exit,
    };
    let now = backend.clock.now();
    let as_of = args.as_of.map_or(now, |day| end_of_day(day).min(now));
    let how = AuditOptions {
        refits: true,
        dates: args.dates as usize,
        in_other_worlds: args.dates as usize,
        seed: args.seed.unwrap_or(preset.train.seed),
        threads: threads(args.threads),
    };
    let ready = match staged_dataset(backend, &preset, args.as_of).await {
        Ok(ready) => ready,
        Err(error) => return failed(&error),
    };
    // What a run would have left out is not there to be audited.
    let preset = ready.preset.clone();
    let json = args.preset.json;
    let exit = if args.planted {
        let results = planted(preset, ready, as_of, how).await;
        results.map(|results| show_planted(&results, json))
    } else {
        let card = of_run(preset, &ready, as_of, how).await;
        card.map(|card| show(&card, json))
    };
    exit.unwrap_or_else(|error| failed(&error))
}

async fn of_run(
    preset: Preset,
    ready: &Assembled,
    as_of: DateTime<Utc>,
    how: AuditOptions,
) -> Result<AuditCard, StepError> {
    let reporter = bars::reporter();
    cancel_on_ctrl_c(reporter.clone());
    let options = RunOptions {
        preset,
        grid: DEPLOYED.to_owned(),
        as_of: None,
        threads: how.threads,
        score_all: false,
        ask_vendors: false,
    };
    let trained = Arc::new(trained(&options, ready, &reporter).await?);
    audited(&options, ready, trained, as_of, how).await
}

async fn planted(
    preset: Preset,
    ready: Assembled,
    as_of: DateTime<Utc>,
    how: AuditOptions,
) -> Result<Vec<PlantedResult>, StepError> {
    let work = move || demonstrate(&preset, &ready.observations, as_of, &how);
    let done = tokio::task::spawn_blocking(work).await;
    let result = done.map_err(|crash| StepError::fail(anyhow!(crash), "report this"))?;
    result.map_err(|error| {
        StepError::fail(
            error,
            "name a preset that walks forward: --preset fair, or extract a longer history",
        )
    })
}

fn show(card: &AuditCard, json: bool) -> Exit {
    if json {
        print::json(card);
    } else {
        print::line(format!(
            "{} days drawn with seed {}, differences up to {:.0e} count as none",
            card.dates, card.seed, card.tolerance
        ));
        card.checks.iter().for_each(check);
    }
    if card.passed {
        Exit::Good
    } else {
        Exit::Failed
    }
}

fn check(check: &AuditCheck) {
    let word = if check.passed { "passed" } else { "FOUND" };
    print::line(format!(
        "{word:<8}{}: {} numbers compared, largest {:.1e}",
        check.label, check.compared, check.largest
    ));
    for finding in &check.findings {
        print::line(format!("          {}", in_words(finding)));
    }
}

fn show_planted(results: &[PlantedResult], json: bool) -> Exit {
    if json {
        print::json(&results);
    } else {
        results.iter().for_each(one_planted);
    }
    if results.iter().all(PlantedResult::is_right) {
        Exit::Good
    } else {
        Exit::Failed
    }
}

fn one_planted(result: &PlantedResult) {
    let word = match (result.leaks, result.is_right()) {
        (true, true) => "caught",
        (true, false) => "MISSED",
        (false, true) => "clean",
        (false, false) => "FALSE ALARM",
    };
    print::line(format!("{word:<12}{}: {}", result.name, result.what));
    if let Some(finding) = first_finding(&result.audit) {
        print::line(format!("            {finding}"));
    }
}
