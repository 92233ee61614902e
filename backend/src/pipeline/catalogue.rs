//! The step after the pointer has moved: the journal gets its entry, the catalogue the run, the site its first view.

use super::journal::journal;
use crate::backend::Backend;
use crate::catalogue::ReadError;
use crate::lake::{Key, LakeError};
use crate::stage::unwritable;
use crate::step_error::StepError;

/// Makes a published run findable. Doing it again changes nothing. Gives what was done, in words.
pub(super) async fn catalogue(backend: &Backend, run_id: &str) -> Result<String, StepError> {
    let journalled = journal(backend).await?;
    let registered = register(backend, run_id).await?;
    let mut summary = format!("{registered}; {journalled}");
    if let Some(place) = show(backend).await? {
        summary.push_str("; first view at ");
        summary.push_str(&place);
    }
    Ok(summary)
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
