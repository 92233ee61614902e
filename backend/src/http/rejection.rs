//! What the extractors refuse, in our words: the innermost cause, without the framework's sentences around it.

use std::error::Error;

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::StatusCode;

use super::error::ApiError;

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> Self {
        match rejection {
            JsonRejection::MissingJsonContentType(_) => Self::NotJson,
            other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => Self::BodyTooLarge,
            other => Self::BadRequest {
                message: format!("the body does not fit: {}", innermost(&other)),
                advice: "send what /api/openapi.json describes for this route",
            },
        }
    }
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        Self::BadRequest {
            message: format!("the query does not fit: {}", innermost(&rejection)),
            advice: "write days as 2024-09-23",
        }
    }
}

impl From<PathRejection> for ApiError {
    fn from(rejection: PathRejection) -> Self {
        Self::BadRequest {
            message: format!("the path does not fit: {}", innermost(&rejection)),
            advice: "write it in UTF-8, percent-encoded",
        }
    }
}

/// The last cause: frameworks wrap it in sentences that repeat it.
fn innermost(error: &dyn Error) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}
