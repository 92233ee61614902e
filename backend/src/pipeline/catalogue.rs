//! The step after the pointer has moved: the journal gets its entry, the first view goes beside the site.

use super::journal::journal;
use crate::backend::Backend;
use crate::catalogue::ReadError;
use crate::lake::{Key, LakeError};
use crate::stage::unwritable;
use crate::step_error::StepError;

/// Makes the published run findable. Doing it again changes nothing. Gives what was done, in words.
pub(super) async fn catalogue(backend: &Backend) -> Result<String, StepError> {
    let journalled = journal(backend).await?;
    let mut summary = format!("the manifest makes the tables findable; {journalled}");
    if let Some(place) = show(backend).await? {
        summary.push_str("; first view at ");
        summary.push_str(&place);
    }
    Ok(summary)
}

/// Copies the current run's first view, whichever run that is by now.
async fn show(backend: &Backend) -> Result<Option<String>, StepError> {
    let current = backend.published().current().await;
    let current = current.map_err(|error| match error {
        ReadError::Lake(error) => unwritable(error),
        ReadError::Broken { .. } => StepError::fail(error, "restore the file from a backup"),
    })?;
    let run_id = current.unwrap_or_default().run_id;
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
