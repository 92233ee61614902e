//! `assay status`.

use shared::api::StatusReport;
use shared::run::{RunReport, Status};

use super::args::StatusArgs;
use super::{Exit, print};
use crate::backend::Backend;
use crate::catalogue::ReadError;
use crate::extract::quota;
use crate::pipeline::RunLock;

/// Attempts that are shown.
const SHOWN: usize = 5;

/// Prints freshness, the last runs and what is left of today's calls.
pub(super) async fn status(backend: &Backend, args: &StatusArgs) -> Exit {
    let (report, attempts) = match gather(backend).await {
        Ok(gathered) => gathered,
        Err(error) => {
            print::error(
                &error,
                "remove or restore the broken file; published runs do not depend on each other",
            );
            return Exit::Failed;
        }
    };
    if args.json {
        print::json(&report);
    } else {
        show(&report, &attempts);
    }
    Exit::Good
}

async fn gather(backend: &Backend) -> Result<(StatusReport, Vec<RunReport>), ReadError> {
    let published = backend.published();
    let current = published.current().await?;
    let snapshot = match &current {
        Some(current) => published.snapshot(&current.run_id).await?,
        None => None,
    };
    let attempts = published.attempts(SHOWN).await?;
    let lake = backend.lake();
    // A ledger that cannot be read is said where it matters: when calls are made.
    let quota = quota::read(lake.as_ref(), backend.clock.as_ref(), backend.settings.plan).await;
    let report = StatusReport {
        current_run: current.map(|current| current.run_id),
        as_of: snapshot.as_ref().map(|snapshot| snapshot.as_of),
        synthetic: snapshot
            .as_ref()
            .map_or(backend.is_synthetic(), |s| s.synthetic),
        quota: quota.unwrap_or_default(),
        last_attempt: attempts.first().cloned(),
        running: backend.local_lake().root().exists()
            && RunLock::take(&backend.local_lake()).is_err(),
        series: snapshot.map(|snapshot| snapshot.series).unwrap_or_default(),
    };
    Ok((report, attempts))
}

fn show(report: &StatusReport, attempts: &[RunReport]) {
    match (&report.current_run, report.as_of) {
        (Some(run), Some(as_of)) => {
            let label = if report.synthetic {
                ", synthetic data"
            } else {
                ""
            };
            print::line(format!("published: {run}, as of {as_of}{label}"));
        }
        _ => print::line("nothing is published yet: `assay run` does that"),
    }
    if report.running {
        print::line("a run is going now");
    }
    for quota in &report.quota {
        let limit = quota
            .limit
            .map_or("no limit".to_owned(), |limit| format!("of {limit}"));
        print::line(format!(
            "{}: {} {limit} calls used on {} (UTC)",
            quota.vendor.title(),
            quota.used,
            quota.day
        ));
    }
    for series in &report.series {
        let last = series
            .last_date
            .map(|day| day.to_string())
            .unwrap_or_default();
        let state = format!("{:?}", series.state).to_lowercase();
        print::line(format!(
            "  {:<18} {last:<10}  {state:<8} {}",
            series.series.as_str(),
            series.title
        ));
    }
    for attempt in attempts {
        let end = match (&attempt.failure, attempt.status) {
            (Some(failure), _) => format!("failed: {}", failure.message),
            (None, Status::Partial) => "partial".to_owned(),
            (None, _) => "good".to_owned(),
        };
        print::line(format!(
            "  run {}  {}  {end}",
            attempt.attempt_id, attempt.preset
        ));
    }
}
