//! `assay study`.

use chrono::{DateTime, Utc};

use super::args::StudyArgs;
use super::run::{cancel_on_ctrl_c, preset, threads};
use super::{Exit, bars, print};
use crate::backend::Backend;
use crate::clock::end_of_day;
use crate::stage::load_staged;
use crate::study::{StudyOptions, Target};

/// Runs the study on what is staged and prints its tables and targets.
pub(super) async fn study(backend: &Backend, args: &StudyArgs) -> Exit {
    let preset = match preset(backend, Some(&args.preset)) {
        Ok(preset) => preset,
        Err(exit) => return exit,
    };
    let now = backend.clock.now();
    let as_of: DateTime<Utc> = args.as_of.map_or(now, |day| end_of_day(day).min(now));
    let today = backend.clock.today();
    let staged = match load_staged(&preset, backend.lake().as_ref(), today).await {
        Ok(staged) => staged,
        Err(error) => {
            print::error(&error, "run `assay extract` for this preset first");
            return Exit::Failed;
        }
    };
    if staged.synthetic {
        print::line("SYNTHETIC DATA: what follows says nothing about gold");
    }
    let reporter = bars::reporter();
    cancel_on_ctrl_c(reporter.clone());
    let options = StudyOptions {
        preset,
        as_of,
        null_worlds: args.null_worlds,
        cuts: args.cuts,
        threads: threads(args.threads),
    };
    let observations = staged.observations;
    let work = move || crate::study::study(&options, &observations, &reporter, &mut print::line);
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(targets)) => verdict(&targets),
        Ok(Err(error)) => {
            print::error(
                &error,
                "run `assay extract` for this preset first, with full history",
            );
            Exit::Failed
        }
        Err(crash) => {
            print::error(&crash, "report this");
            Exit::Failed
        }
    }
}

fn verdict(targets: &[Target]) -> Exit {
    for target in targets {
        let word = if target.passed { "passed" } else { "MISSED" };
        print::line(format!("T{:<3}{word}  {}", target.number, target.demand));
        print::line(format!("            {}", target.measured));
    }
    if targets.iter().all(|target| target.passed) {
        Exit::Good
    } else {
        Exit::Failed
    }
}
