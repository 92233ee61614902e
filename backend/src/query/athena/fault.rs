//! What Athena's failures mean: a wrong question, one that is too large, a missing permission, a broken file, or Athena itself.

use aws_sdk_athena::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_athena::operation::start_query_execution::StartQueryExecutionError;
use aws_sdk_athena::types::{QueryExecution, QueryExecutionState};
use regex::Regex;
use shared::problem::Position;

use crate::backend::cloud::Fault;
use crate::query::QueryError;

/// Athena's names of failures, and words of its older ones, that mean that the question asks for too much.
const TOO_LARGE: [&str; 6] = [
    "EXCEEDED_",
    "exhausted resources",
    "Bytes scanned limit",
    "Query timeout",
    "INSUFFICIENT_RESOURCES",
    "GENERIC_INSUFFICIENT",
];

/// Those that mean that a file of a table is missing or broken.
const BROKEN: [&str; 5] = [
    "HIVE_CANNOT_OPEN_SPLIT",
    "HIVE_BAD_DATA",
    "HIVE_CURSOR_ERROR",
    "HIVE_FILESYSTEM_ERROR",
    "HIVE_PARTITION_SCHEMA_MISMATCH",
];

/// Those that mean that a permission is missing while the statement runs.
const DENIED: [&str; 3] = [
    "Access Denied",
    "PERMISSION_DENIED",
    "Insufficient permissions",
];

/// A call that failed after the SDK's own attempts. `resource` is what it was about.
pub(super) fn of_call<E>(action: &str, resource: &str, error: &SdkError<E>) -> QueryError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let fault = Fault::of(error);
    if fault.is_denied() {
        return QueryError::Unavailable {
            message: format!("{action} on `{resource}` is not allowed: {fault}"),
            advice: format!("grant `{action}` to the role that asks"),
        };
    }
    if fault.is_temporary() {
        return QueryError::Unavailable {
            message: format!("{action} on `{resource}` found no answer: {fault}"),
            advice: "ask again in a minute".to_owned(),
        };
    }
    QueryError::Engine(anyhow::Error::new(fault).context(format!("{action} on `{resource}`")))
}

/// A statement that was not started. What Athena refuses at once is the question's fault.
pub(super) fn of_start(workgroup: &str, error: &SdkError<StartQueryExecutionError>) -> QueryError {
    match error.as_service_error() {
        Some(StartQueryExecutionError::InvalidRequestException(refused)) => wrong(
            refused
                .message()
                .unwrap_or("Athena does not take this request"),
        ),
        _ => of_call("athena:StartQueryExecution", workgroup, error),
    }
}

/// A statement that ended without a result.
pub(super) fn of_statement(execution: &QueryExecution) -> QueryError {
    let status = execution.status.as_ref();
    let reason = status.and_then(|s| s.state_change_reason.as_deref());
    let reason = reason.unwrap_or("Athena does not say why");
    let says = |names: &[&str]| names.iter().any(|name| reason.contains(name));
    if says(&TOO_LARGE) {
        let message = without_name(reason).to_owned();
        return QueryError::TooLarge { message };
    }
    if says(&DENIED) {
        return QueryError::Unavailable {
            message: reason.to_owned(),
            advice: "grant it to the role that asks; the message names what is missing".to_owned(),
        };
    }
    if says(&BROKEN) {
        let message = reason.to_owned();
        return QueryError::BrokenLake { message };
    }
    if status.and_then(|s| s.state.as_ref()) == Some(&QueryExecutionState::Cancelled) {
        return QueryError::Unavailable {
            message: format!("the statement was cancelled: {reason}"),
            advice: "ask again".to_owned(),
        };
    }
    let category = status.and_then(|s| s.athena_error.as_ref()?.error_category);
    match category {
        // 2: what the user asked; Athena says nothing of older failures.
        Some(2) | None => wrong(reason),
        Some(_) => QueryError::Engine(anyhow::Error::msg(reason.to_owned())),
    }
}

/// `SYNTAX_ERROR: line 1:8: what is wrong`: the place apart from the words.
fn wrong(reason: &str) -> QueryError {
    let text = without_name(reason);
    let place = Regex::new(r"^line (\d+):(\d+): ")
        .ok()
        .and_then(|place| place.captures(text));
    let Some(place) = place else {
        return QueryError::Wrong {
            message: text.to_owned(),
            position: None,
        };
    };
    let number = |index: usize| place[index].parse().ok();
    let position = number(1).zip(number(2));
    QueryError::Wrong {
        message: text[place[0].len()..].to_owned(),
        position: position.map(|(line, column)| Position { line, column }),
    }
}

/// The reason without the name of the failure, which is in capitals.
fn without_name(reason: &str) -> &str {
    match reason.split_once(": ") {
        Some((name, rest)) if name.chars().all(|c| c.is_ascii_uppercase() || c == '_') => rest,
        _ => reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_athena::types::{AthenaError, QueryExecutionStatus};

    fn failed(state: QueryExecutionState, category: i32, reason: &str) -> QueryError {
        let cause = AthenaError::builder().error_category(category).build();
        let status = QueryExecutionStatus::builder()
            .state(state)
            .state_change_reason(reason)
            .athena_error(cause)
            .build();
        of_statement(&QueryExecution::builder().status(status).build())
    }

    #[test]
    fn a_place_in_the_reason_becomes_the_position() {
        let reason = "COLUMN_NOT_FOUND: line 3:12: Column 'prise' cannot be resolved";
        let QueryError::Wrong { message, position } =
            failed(QueryExecutionState::Failed, 2, reason)
        else {
            panic!("not wrong")
        };
        assert_eq!(message, "Column 'prise' cannot be resolved");
        assert_eq!(
            position,
            Some(Position {
                line: 3,
                column: 12
            })
        );
    }

    #[test]
    fn failures_are_told_apart() {
        let failed = |reason| failed(QueryExecutionState::Failed, 1, reason);
        let too_large = "Query exhausted resources at this scale factor";
        assert!(
            matches!(failed(too_large), QueryError::TooLarge { message } if message == too_large)
        );
        let broken = "HIVE_BAD_DATA: Not valid Parquet file: s3://b/k";
        assert!(matches!(failed(broken), QueryError::BrokenLake { message } if message == broken));
        let denied =
            "Insufficient permissions to execute the query. glue:GetTable on arn:aws:glue:x";
        assert!(
            matches!(failed(denied), QueryError::Unavailable { message, .. } if message == denied)
        );
        assert!(matches!(failed("INTERNAL: oops"), QueryError::Engine(_)));
    }

    #[test]
    fn a_limit_of_the_workgroup_is_too_large_and_a_cancelled_statement_says_so() {
        let cancelled = |reason| failed(QueryExecutionState::Cancelled, 2, reason);
        let limit = "Bytes scanned limit was exceeded";
        assert!(matches!(cancelled(limit), QueryError::TooLarge { .. }));
        let QueryError::Unavailable { message, .. } = cancelled("Query cancelled by user") else {
            panic!("not cancelled")
        };
        assert_eq!(
            message,
            "the statement was cancelled: Query cancelled by user"
        );
    }
}
