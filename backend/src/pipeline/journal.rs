//! The end of a run: every published run that has no entry in the journal gets one.

use crate::backend::Backend;
use crate::journal::{JournalError, append};
use crate::stage::unwritable;
use crate::step_error::StepError;

/// Continues the journal, once the pointer has moved. Gives what was appended, in words.
pub(super) async fn journal(backend: &Backend) -> Result<String, StepError> {
    let appended = append(&backend.lake()).await.map_err(failed)?;
    Ok(match appended.as_slice() {
        [] => "the journal has the run already".to_owned(),
        [only] => format!("entry {} of the journal", only.sequence),
        [first, .., last] => format!(
            "entries {} to {} of the journal",
            first.sequence, last.sequence
        ),
    })
}

fn failed(error: JournalError) -> StepError {
    match error {
        JournalError::Lake(error) => unwritable(error),
        JournalError::Broken(_) => StepError::fail(
            error,
            "see `assay journal verify` and restore the entry from a backup; without one, move the folder `journal/` aside: \
             the next run writes it anew from the published runs",
        ),
        JournalError::Read(_) => StepError::fail(
            error,
            "restore the file from a backup; the journal goes on with the next run",
        ),
        JournalError::Encode(_) => StepError::fail(error, "report this with the run's report"),
    }
}
