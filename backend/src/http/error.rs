//! Why a request has no answer: one error for all handlers, matched to status and [`Problem`] in one place.

use std::any::Any;
use std::error::Error;
use std::fmt::Write as _;

use axum::Json;
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use shared::problem::{Code, Problem};

use super::BODY_LIMIT;
use crate::catalogue::ReadError;
use crate::diff::DiffError;
use crate::query::QueryError;
use crate::trigger::StartError;

/// Why a request has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The request is malformed.
    #[error("{message}")]
    BadRequest {
        /// What is wrong with it.
        message: String,
        /// What is right.
        advice: &'static str,
    },
    /// The body is larger than [`BODY_LIMIT`].
    #[error("the body is larger than {} kB", BODY_LIMIT / 1024)]
    BodyTooLarge,
    /// The body is not declared as JSON.
    #[error("the body is not declared as JSON")]
    NotJson,
    /// The method does not fit the path.
    #[error("`{path}` does not take {method}")]
    WrongMethod {
        /// The path.
        path: String,
        /// The method.
        method: Method,
    },
    /// No such route of the API.
    #[error("the API has no path `{0}`")]
    UnknownPath(String),
    /// No such file of the site.
    #[error("the site has no file `{0}`")]
    UnknownFile(String),
    /// The route is right, but there is no such thing.
    #[error("{message}")]
    NotFound {
        /// What there is not.
        message: String,
        /// What there is.
        advice: String,
    },
    /// Nothing has been published yet.
    #[error("nothing has been published yet")]
    NothingPublished,
    /// A published thing cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The reader's SQL has no answer.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A question of the server's own is refused: the tables are not what this version publishes.
    #[error("the published tables do not answer `{route}`: {message}")]
    Unanswerable {
        /// The route that asked.
        route: &'static str,
        /// What the engine said, or what is wrong with its answer.
        message: String,
    },
    /// An answer of the server's own was cut off at the row limit.
    #[error("the answer of `{0}` has too many rows")]
    TooManyRows(&'static str),
    /// The answer has more bytes than can be sent.
    #[error("the answer has more than {} MB, which is more than can be sent", *.0 as f64 / 1e6)]
    TooManyBytes(usize),
    /// Two runs cannot be compared.
    #[error(transparent)]
    Diff(#[from] DiffError),
    /// The run was not started.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A token is needed and none is given.
    #[error("this needs a token")]
    TokenNeeded,
    /// The token is wrong.
    #[error("the token is wrong")]
    TokenWrong,
    /// The `Host` header names another host or port.
    #[error("this server is not `{0}`")]
    ForeignHost(String),
    /// A page of another site sent the request.
    #[error("the request comes from another site, `{0}`")]
    ForeignOrigin(String),
    /// A fault of ours.
    #[error("the server failed")]
    Fault(#[source] anyhow::Error),
}

impl ApiError {
    /// The status of each error and the kind that programs match.
    fn kind(&self) -> (StatusCode, Code) {
        use StatusCode as S;
        match self {
            Self::BadRequest { .. } | Self::Start(StartError::Bad { .. }) => {
                (S::BAD_REQUEST, Code::BadRequest)
            }
            Self::BodyTooLarge => (S::PAYLOAD_TOO_LARGE, Code::BadRequest),
            Self::NotJson => (S::UNSUPPORTED_MEDIA_TYPE, Code::BadRequest),
            Self::WrongMethod { .. } => (S::METHOD_NOT_ALLOWED, Code::BadRequest),
            Self::UnknownPath(_) | Self::UnknownFile(_) | Self::NotFound { .. } => {
                (S::NOT_FOUND, Code::NotFound)
            }
            Self::NothingPublished | Self::Query(QueryError::NothingPublished) => {
                (S::NOT_FOUND, Code::NothingPublished)
            }
            Self::Query(QueryError::Wrong { .. }) => (S::BAD_REQUEST, Code::BadSql),
            Self::Query(QueryError::TooLarge { .. })
            | Self::TooManyRows(_)
            | Self::TooManyBytes(_) => (S::UNPROCESSABLE_ENTITY, Code::QueryTooLarge),
            Self::Diff(error) => kind_of_diff(error),
            Self::Start(StartError::Running { .. }) => (S::CONFLICT, Code::RunInProgress),
            Self::Start(StartError::Unreachable { .. }) => (S::BAD_GATEWAY, Code::Internal),
            Self::TokenNeeded | Self::TokenWrong | Self::Query(QueryError::NotSignedIn) => {
                (S::UNAUTHORIZED, Code::Unauthorized)
            }
            Self::ForeignHost(_) | Self::ForeignOrigin(_) => (S::FORBIDDEN, Code::ForeignOrigin),
            Self::Read(_)
            | Self::Query(QueryError::BrokenLake { .. })
            | Self::Unanswerable { .. } => (S::INTERNAL_SERVER_ERROR, Code::BrokenLake),
            Self::Query(QueryError::Unavailable { .. }) => (S::SERVICE_UNAVAILABLE, Code::Internal),
            Self::Query(QueryError::Engine(_)) | Self::Fault(_) => {
                (S::INTERNAL_SERVER_ERROR, Code::Internal)
            }
        }
    }

    /// What to do about each error.
    #[expect(
        clippy::match_same_arms,
        reason = "one advice is owned, the other is not"
    )]
    fn advice(&self) -> &str {
        match self {
            Self::BadRequest { advice, .. } => advice,
            Self::NotFound { advice, .. } => advice,
            Self::Diff(error) => error.advice(),
            Self::BodyTooLarge => "send a shorter question",
            Self::NotJson => "send the header `content-type: application/json`",
            Self::WrongMethod { .. } => "use a method that the header `allow` names",
            Self::UnknownPath(_) => "look it up in /api/openapi.json",
            Self::UnknownFile(_) => "open the page at /",
            Self::NothingPublished | Self::Query(QueryError::NothingPublished) => {
                "run `assay run`, or start a run on the page"
            }
            Self::Query(QueryError::Wrong { .. }) => {
                "send one SELECT over the tables that /api/tables lists"
            }
            Self::Query(QueryError::TooLarge { .. }) | Self::TooManyBytes(_) => {
                "ask for fewer rows: add a WHERE or a LIMIT, or aggregate"
            }
            Self::Query(QueryError::NotSignedIn) => "sign in, then try again",
            Self::TooManyRows(_) => "ask for a shorter range, or use SQL",
            Self::Start(StartError::Running { .. }) => {
                "follow it at /api/runs/live and start the next one when it is over"
            }
            Self::Start(StartError::Bad { .. }) => {
                "use names that the presets define, and days up to today"
            }
            Self::Start(StartError::Unreachable { .. }) => {
                "try again in a minute; the function's log says more"
            }
            Self::TokenNeeded | Self::TokenWrong => {
                "send the server's ASSAY_TOKEN in the header `x-assay-token`"
            }
            Self::ForeignHost(_) => {
                "open the server under the address that it printed when it started"
            }
            Self::ForeignOrigin(_) => "send it from the server's own page, or without a browser",
            Self::Read(_) | Self::Query(QueryError::BrokenLake { .. }) => {
                "run `assay run` to publish afresh, or restore the file from a copy"
            }
            Self::Unanswerable { .. } => {
                "run `assay run`: another version may have published these tables"
            }
            Self::Query(QueryError::Unavailable { advice, .. }) => advice,
            Self::Query(QueryError::Engine(_)) | Self::Fault(_) => {
                "look at the server's log, then try again"
            }
        }
    }

    /// Causes go into the message, except those of our own faults: they are for the log.
    fn problem(&self) -> (StatusCode, Problem) {
        let (status, code) = self.kind();
        let message = match code {
            Code::Internal => self.to_string(),
            _ => chain(self),
        };
        let mut problem = Problem::new(code, message, self.advice());
        if let Self::Query(QueryError::Wrong { position, .. }) = self {
            problem.position = *position;
        }
        (status, problem)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, problem) = self.problem();
        if status.is_server_error() {
            tracing::error!(error = chain(&self), "request failed");
        }
        let mut response = (status, Json(problem)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("AssayToken header=\"x-assay-token\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

fn kind_of_diff(error: &DiffError) -> (StatusCode, Code) {
    use StatusCode as S;
    match error {
        DiffError::NothingPublished => (S::NOT_FOUND, Code::NothingPublished),
        DiffError::Unknown { .. }
        | DiffError::Alone { .. }
        | DiffError::NoPreset { .. }
        | DiffError::NotKept { .. } => (S::NOT_FOUND, Code::NotFound),
        DiffError::Ambiguous { .. } | DiffError::DifferentThings { .. } => {
            (S::BAD_REQUEST, Code::BadRequest)
        }
        DiffError::Read(_) => (S::INTERNAL_SERVER_ERROR, Code::BrokenLake),
        DiffError::Assemble { .. } | DiffError::Model { .. } | DiffError::Crash(_) => {
            (S::INTERNAL_SERVER_ERROR, Code::Internal)
        }
    }
}

/// Answers where a path exists and its method does not.
pub(super) async fn wrong_method(method: Method, uri: Uri) -> ApiError {
    let path = uri.path().to_owned();
    ApiError::WrongMethod { path, method }
}

/// Answers after a handler panicked.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the layer hands the panic over"
)]
pub(super) fn after_panic(panic: Box<dyn Any + Send>) -> Response {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    let said = said.or_else(|| panic.downcast_ref::<&str>().copied());
    let cause = anyhow::anyhow!("panic: {}", said.unwrap_or("without a message"));
    ApiError::Fault(cause).into_response()
}

/// An error and all its causes, outermost first.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}
