//! `assay run`.

use std::num::NonZero;

use shared::run::Status;

use super::args::{RunArgs, SearchArgs};
use super::{Exit, bars, print};
use crate::backend::Backend;
use crate::pipeline::{Busy, RunLock, RunOptions, new_attempt_id, run as run_pipeline};
use crate::preset::{self, Preset};
use crate::progress::Reporter;

/// Runs every step and prints the summary, or the report as JSON.
pub(super) async fn run(backend: &Backend, args: RunArgs) -> Exit {
    let json = args.preset.json;
    let options = match options(backend, args.preset.preset.as_deref(), args.search) {
        Ok(options) => options,
        Err(exit) => return exit,
    };
    if let Err(exit) = check_keys(backend, &options.preset) {
        return exit;
    }
    execute(backend, &options, json).await
}

/// Refuses a preset whose vendors want a key that is not configured.
pub(super) fn check_keys(backend: &Backend, preset: &Preset) -> Result<(), Exit> {
    for def in &preset.series {
        let checked = backend.settings.check_key(def.source.vendor());
        checked.map_err(|error| {
            print::error(
                &error,
                "get a free key (see “With real data” in the README) and set it",
            );
            Exit::Usage
        })?;
    }
    Ok(())
}

/// Runs with these options under the lake's lock.
pub(super) async fn execute(backend: &Backend, options: &RunOptions, json: bool) -> Exit {
    let _lock = match RunLock::take(&backend.local_lake()) {
        Ok(lock) => lock,
        Err(busy) => {
            print::error(&busy, busy_advice(&busy));
            return Exit::Failed;
        }
    };
    let attempt_id = match new_attempt_id(&backend.local_lake(), backend.clock.now()) {
        Ok(id) => id,
        Err(error) => {
            print::error(&error, "check that the folder of ASSAY_HOME can be read");
            return Exit::Failed;
        }
    };
    let reporter = bars::reporter();
    cancel_on_ctrl_c(reporter.clone());
    let report = run_pipeline(backend, options, attempt_id, &reporter).await;
    if json {
        print::json(&report);
    } else {
        let run_id = report
            .run_id
            .as_deref()
            .filter(|_| report.status != Status::Failed);
        let snapshot = match run_id {
            // A snapshot that cannot be read is no reason to hide the report of a run that went well.
            Some(run_id) => backend.published().snapshot(run_id).await.ok().flatten(),
            None => None,
        };
        print::summary(&report, snapshot.as_ref());
    }
    match report.status {
        Status::Success => Exit::Good,
        Status::Partial => Exit::Partial,
        Status::Failed => Exit::Failed,
    }
}

fn busy_advice(busy: &Busy) -> &'static str {
    match busy {
        Busy::Running | Busy::Attempt { .. } => {
            "wait until it is over; `assay status` shows how it went"
        }
        Busy::Unwritable { .. } | Busy::Lake(_) => {
            "make the folder of ASSAY_HOME writable or choose another; the published run is unharmed"
        }
    }
}

/// The options that the arguments name, or the exit code if they name something unknown.
pub(super) fn options(
    backend: &Backend,
    name: Option<&str>,
    search: SearchArgs,
) -> Result<RunOptions, Exit> {
    let preset = preset(backend, name)?;
    if !preset.train.grids.contains_key(&search.grid) {
        let known: Vec<&str> = preset.train.grids.keys().map(String::as_str).collect();
        let message = format!("the preset `{}` has no grid `{}`", preset.name, search.grid);
        print::trouble(
            &message,
            &format!("name one of its grids: {}", known.join(", ")),
        );
        return Err(Exit::Usage);
    }
    let today = backend.clock.today();
    if let Some(later) = search.as_of.filter(|day| *day > today) {
        print::trouble(
            &format!("--as-of {later} lies after today, {today}"),
            "name a day that has come",
        );
        return Err(Exit::Usage);
    }
    Ok(RunOptions {
        preset,
        grid: search.grid,
        as_of: search.as_of,
        threads: threads(search.threads),
        score_all: search.score_all,
        ask_vendors: true,
    })
}

/// The named preset or the configured one.
pub(super) fn preset(backend: &Backend, name: Option<&str>) -> Result<Preset, Exit> {
    preset::load(name.unwrap_or(&backend.settings.preset)).map_err(|error| {
        print::error(&error, "see the presets in the README, or correct the file");
        Exit::Usage
    })
}

/// So many as asked for, else one a core.
pub(super) fn threads(asked: Option<usize>) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    asked.unwrap_or(cores).max(1)
}

/// The first Ctrl-C stops the run at its next safe point; the second ends the process.
pub(super) fn cancel_on_ctrl_c(reporter: Reporter) {
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            print::note("stopping at the next safe point; press Ctrl-C again to end at once");
            reporter.cancel();
        }
        if tokio::signal::ctrl_c().await.is_ok() {
            std::process::exit(130);
        }
    });
}
