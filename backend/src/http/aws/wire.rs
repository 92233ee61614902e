//! AWS's JSON 1.1 protocol: what a call's body says, and answers and failures as the SDKs read them.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::catalogue::{CatalogueError, ReadError};

const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.1");

/// A failure that the SDKs turn into their own typed error.
#[derive(Debug)]
pub(super) struct AwsError {
    /// The error's name in AWS's model of the service.
    pub(super) kind: &'static str,
    /// What happened.
    pub(super) message: String,
}

impl AwsError {
    /// An error of this name.
    pub(super) fn new(kind: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { kind, message }
    }

    /// Athena's word for a request that it does not take.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new("InvalidRequestException", message)
    }

    /// Glue's word for something that is not there.
    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new("EntityNotFoundException", message)
    }

    /// An operation that nobody implements here.
    pub(super) fn unknown_operation(target: &str) -> Self {
        let message = format!("`{target}` is not answered here; docs/athena.md lists what is");
        Self::new("UnknownOperationException", message)
    }

    fn status(&self) -> StatusCode {
        match self.kind {
            "InternalServerException" | "InternalServiceException" => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
            "AccessDeniedException" | "MissingAuthenticationTokenException" => {
                StatusCode::FORBIDDEN
            }
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

impl IntoResponse for AwsError {
    fn into_response(self) -> Response {
        let status = self.status();
        if status.is_server_error() {
            tracing::error!(error = self.message, "a call of AWS failed");
        }
        let mut body = json!({ "__type": self.kind, "Message": self.message });
        if self.kind == "InvalidRequestException" {
            body["AthenaErrorCode"] = json!("INVALID_INPUT");
        }
        (status, answer(&body)).into_response()
    }
}

impl From<CatalogueError> for AwsError {
    fn from(error: CatalogueError) -> Self {
        Self::new("InternalServerException", error.to_string())
    }
}

impl From<ReadError> for AwsError {
    fn from(error: ReadError) -> Self {
        CatalogueError::from(error).into()
    }
}

/// A good answer.
pub(super) fn answer(body: &Value) -> Response {
    let mut response = body.to_string().into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, MEDIA_TYPE);
    if let Ok(id) = HeaderValue::from_str(&Uuid::new_v4().to_string()) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}

/// The body of a call; an empty one is an empty object.
pub(super) fn parse(body: &[u8]) -> Result<Value, AwsError> {
    if body.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    serde_json::from_slice(body).map_err(|error| unreadable(&error))
}

/// The members of a call as their type.
pub(super) fn read<T: DeserializeOwned>(body: Value) -> Result<T, AwsError> {
    serde_json::from_value(body).map_err(|error| unreadable(&error))
}

fn unreadable(error: &serde_json::Error) -> AwsError {
    AwsError::new(
        "SerializationException",
        format!("the body does not fit: {error}"),
    )
}

/// An instant as JSON 1.1 has it: seconds since 1970 with a fraction.
pub(super) fn instant(at: DateTime<Utc>) -> Value {
    json!(at.timestamp_millis() as f64 / 1e3)
}

/// One page of `items`: those from `token` on, at most `most`, and the next page's token.
pub(super) fn page<T: Clone>(
    items: &[T],
    token: Option<&str>,
    most: usize,
) -> Result<(Vec<T>, Option<String>), AwsError> {
    let start = match token {
        None => 0,
        Some(token) => token
            .parse()
            .ok()
            .filter(|start| *start <= items.len())
            .ok_or_else(|| AwsError::invalid(format!("`{token}` is no token of this list")))?,
    };
    let end = items.len().min(start.saturating_add(most));
    let next = (end < items.len()).then(|| end.to_string());
    Ok((items[start..end].to_vec(), next))
}
