//! The first half of a run: what is known of the preset's series, and how fresh it is.

use std::time::Instant;

use chrono::NaiveDate;
use shared::run::{SeriesState, Step};

use super::attempt::Attempt;
use super::run::RunOptions;
use super::steps::{Assembled, extract_and_stage, staged_before};
use crate::backend::Backend;
use crate::progress::Reporter;
use crate::stage::Staged;
use crate::step_error::StepError;

/// Extracts and stages, or for an earlier day takes what is staged, if all series are.
pub(super) async fn gather(
    backend: &Backend,
    options: &RunOptions,
    day: NaiveDate,
    attempt: &mut Attempt,
    reporter: &Reporter,
) -> Result<Staged, (Step, StepError)> {
    let since = Instant::now();
    if !options.ask_vendors || day < backend.clock.today() {
        let staged = staged_before(backend, &options.preset)
            .await
            .map_err(|e| (Step::Stage, e))?;
        let complete = staged.observations.len() == options.preset.series.len();
        if complete || !options.ask_vendors {
            return Ok(note(
                staged,
                attempt,
                since,
                "used what was staged before".to_owned(),
            ));
        }
    }
    let result = extract_and_stage(backend, &options.preset, reporter).await;
    let (staged, sent) = result.map_err(|e| (Step::Extract, e))?;
    Ok(note(staged, attempt, since, format!("{sent} requests")))
}

fn note(staged: Staged, attempt: &mut Attempt, since: Instant, extracted: String) -> Staged {
    attempt.did(Step::Extract, since, extracted);
    let count = |state| staged.series.iter().filter(|s| s.state == state).count();
    let rejected: usize = staged
        .series
        .iter()
        .flat_map(|s| &s.rejected)
        .map(|r| r.rows)
        .sum();
    let summary = format!(
        "{} series: {} fresh, {} unchanged, {} stale, {} missing; {rejected} rows refused",
        staged.series.len(),
        count(SeriesState::Fresh),
        count(SeriesState::Unchanged),
        count(SeriesState::Stale),
        count(SeriesState::Missing),
    );
    attempt.did(Step::Stage, Instant::now(), summary);
    attempt.report.series.clone_from(&staged.series);
    attempt.report.synthetic = staged.synthetic;
    staged
}

/// The dataset in a sentence.
pub(super) fn describe(ready: &Assembled) -> String {
    let dataset = &ready.dataset;
    match (dataset.dates.first(), dataset.dates.last()) {
        (Some(first), Some(last)) => format!(
            "{} rows from {first} to {last}, {} features",
            dataset.rows(),
            dataset.features.len()
        ),
        _ => "no rows".to_owned(),
    }
}

/// The series whose last good data stands in.
pub(super) fn stale_series(staged: &Staged) -> Vec<String> {
    let stale = staged
        .series
        .iter()
        .filter(|s| s.state == SeriesState::Stale);
    stale.map(|s| s.series.to_string()).collect()
}
