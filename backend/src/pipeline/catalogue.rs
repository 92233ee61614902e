//! The step after the pointer has moved: the journal gets its entry, the catalogue the run, the site its first view, and, where
//! readers cannot have it made, the run its comparison with the one before.

use super::journal::journal;
use crate::backend::Backend;
use crate::catalogue::ReadError;
use crate::diff::{self, DiffError};
use crate::lake::{Key, LakeError};
use crate::progress::Reporter;
use crate::stage::unwritable;
use crate::step_error::StepError;

/// Makes a published run findable. Doing it again changes nothing. Gives what was done, in words.
pub(super) async fn catalogue(
    backend: &Backend,
    run_id: &str,
    reporter: &Reporter,
) -> Result<String, StepError> {
    let journalled = journal(backend).await?;
    // The page shows what is published, whatever becomes of the catalogue.
    let shown = show(backend).await?;
    let registered = register(backend, run_id).await?;
    let mut summary = format!("{registered}; {journalled}");
    if let Some(place) = shown {
        summary.push_str("; first view at ");
        summary.push_str(&place);
    }
    if backend.keeps_diffs() {
        // Who has little time left goes without: the run is published, and its report is still to be written.
        let compared = tokio::select! {
            biased;
            _ = reporter.cancelled() => "; no time to compare it with the run before".to_owned(),
            told = compared(backend, run_id) => told?,
        };
        summary.push_str(&compared);
    }
    Ok(summary)
}

/// Compares the run with the one before. That two runs cannot be compared is said, and stands in nobody's way.
async fn compared(backend: &Backend, run_id: &str) -> Result<String, StepError> {
    match diff::keep(&backend.lake(), run_id).await {
        Ok(Some(from)) => Ok(format!("; compared with `{from}`")),
        Ok(None) => Ok("; no run to compare it with".to_owned()),
        Err(DiffError::Read(ReadError::Lake(error))) => Err(unwritable(error)),
        Err(error) => {
            tracing::warn!(run.id = run_id, error = %error, "run `{run_id}` is not compared");
            Ok(format!("; not compared with the run before: {error}"))
        }
    }
}

async fn register(backend: &Backend, run_id: &str) -> Result<String, StepError> {
    let manifest = backend.published().manifest(run_id).await;
    let manifest = manifest.map_err(unreadable)?.ok_or_else(|| {
        let gone = anyhow::anyhow!("the manifest of `{run_id}` is gone again");
        StepError::retry(gone, "run again, and let nobody else write into the lake")
    })?;
    let registered = backend.catalogue().register(&manifest).await;
    registered.map_err(|error| {
        let advice = error.advice().to_owned();
        if error.retry() {
            StepError::retry(error, advice)
        } else {
            StepError::fail(error, advice)
        }
    })
}

fn unreadable(error: ReadError) -> StepError {
    match error {
        ReadError::Lake(error) => unwritable(error),
        ReadError::Broken { .. } => StepError::fail(error, "restore the file from a backup"),
    }
}

/// Copies the current run's first view, whichever run that is by now.
async fn show(backend: &Backend) -> Result<Option<String>, StepError> {
    let current = backend.published().current().await;
    let run_id = current.map_err(unreadable)?.unwrap_or_default().run_id;
    let snapshot = backend.lake().get(&Key::Snapshot { run_id }).await;
    let Some(snapshot) = snapshot.map_err(unwritable)? else {
        return Ok(None);
    };
    let shown = backend.first_view().show(&snapshot).await;
    shown.map_err(|error| match error {
        LakeError::Denied { .. } => StepError::fail(
            error,
            "grant it to the function's role and run again; the run is published, the page shows the one before",
        ),
        _ => StepError::retry(error, "run again; the run is published, the page shows the one before"),
    })
}
