//! What Glue's failures mean: wait and try again, or a person must act.

use aws_sdk_glue::error::{BuildError, ProvideErrorMetadata, SdkError};

use crate::backend::cloud::Fault;
use crate::catalogue::CatalogueError;

/// Errors of Glue that pass: others change the same table, or its own services are late.
const PASSING: [&str; 4] = [
    "ConcurrentModificationException",
    "OperationTimeoutException",
    "ResourceNotReadyException",
    "InternalServiceException",
];

/// Whether an error has this name.
pub(super) fn is<E: ProvideErrorMetadata>(error: &SdkError<E>, name: &str) -> bool {
    error.code() == Some(name)
}

/// A call that failed after the SDK's own attempts. `resource` is what it was about.
pub(super) fn of<E>(action: &str, resource: &str, error: &SdkError<E>) -> CatalogueError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let fault = Fault::of(error);
    let message = format!("{action} on `{resource}` failed: {fault}");
    if fault.is_denied() {
        return CatalogueError::Fail {
            message,
            advice: format!("grant `{action}` on `{resource}` to the role that registers runs"),
        };
    }
    if fault.is_temporary() || PASSING.contains(&fault.code.as_str()) {
        return CatalogueError::Retry { message };
    }
    let advice = match fault.code.as_str() {
        "EntityNotFoundException" => "deploy the stack again: something that it makes is gone",
        _ => "look at the message; nothing that was registered before is lost",
    };
    CatalogueError::Fail {
        message,
        advice: advice.to_owned(),
    }
}

/// One of several things that a call was about failed.
pub(super) fn of_part(action: &str, resource: &str, code: &str, message: &str) -> CatalogueError {
    let message = format!("{action} on `{resource}` failed: {code}: {message}");
    if PASSING.contains(&code) {
        return CatalogueError::Retry { message };
    }
    CatalogueError::Fail {
        message,
        advice: "look at the message; the run can be registered again at any time".to_owned(),
    }
}

/// An input of ours that lacks something.
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub(super) fn incomplete(error: BuildError) -> CatalogueError {
    CatalogueError::Fail {
        message: error.to_string(),
        advice: "report this".to_owned(),
    }
}

/// What is in Glue does not go with the run.
pub(super) fn conflict(resource: &str, found: &str, wanted: &str) -> CatalogueError {
    CatalogueError::Fail {
        message: format!("`{resource}` in Glue is {found}, but the run needs {wanted}"),
        advice:
            "use another database, or remove this table from Glue: it is made anew from the lake"
                .to_owned(),
    }
}
