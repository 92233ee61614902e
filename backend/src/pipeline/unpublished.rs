//! What kept a run from being published, and what to do about it.

use crate::catalogue::ReadError;
use crate::publish::PublishError;
use crate::stage::unwritable;
use crate::step_error::StepError;

/// A manifest or pointer that cannot be read.
pub(super) fn broken(error: ReadError) -> StepError {
    StepError::fail(
        error,
        "remove the broken file; the run then writes it again",
    )
}

/// What publishing itself could not do.
pub(super) fn publish_failed(error: PublishError) -> StepError {
    match error {
        PublishError::Lake(error) => unwritable(error),
        PublishError::BrokenPointer(_) => StepError::fail(
            error,
            "restore `current.json` from a backup, or remove it: runs stay, and the next run points anew",
        ),
        PublishError::Foreign { .. } => StepError::fail(
            error,
            "remove that file; no published run has it, and the run then writes it again",
        ),
        PublishError::NoValuation | PublishError::Encode(_) => {
            StepError::fail(error, "report this with the run's report")
        }
    }
}
