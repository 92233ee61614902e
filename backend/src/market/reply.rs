//! An answer of either vendor.

use serde::Serialize;

use super::messages;

/// FRED's content type.
pub(super) const FRED_JSON: &str = "application/json; charset=UTF-8";

/// An answer. How it is delivered is told apart from it: see [`super::delivery`].
#[derive(Clone, Debug)]
pub(super) struct Reply {
    /// HTTP status.
    pub(super) status: u16,
    /// Content type.
    pub(super) content_type: String,
    /// More headers.
    pub(super) headers: Vec<(String, String)>,
    /// The whole body.
    pub(super) body: Vec<u8>,
    /// For the log: `ok`, `error:…`, `limit:…`, `premium:full`, `fault:…`.
    pub(super) outcome: String,
}

impl Reply {
    /// A body sent as it is.
    pub(super) fn new(status: u16, content_type: &str, body: Vec<u8>, outcome: &str) -> Self {
        Self {
            status,
            content_type: content_type.to_owned(),
            headers: Vec::new(),
            body,
            outcome: outcome.to_owned(),
        }
    }

    /// Data of Alpha Vantage.
    pub(super) fn alpha_vantage(body: String) -> Self {
        Self::new(200, "application/json", body.into_bytes(), "ok")
    }

    /// Alpha Vantage's way to refuse: status 200 and an object of one key.
    pub(super) fn refusal(key: &str, text: &str, outcome: &str) -> Self {
        let text = serde_json::Value::from(text);
        let body = format!("{{\n    \"{key}\": {text}\n}}");
        Self::new(200, "application/json", body.into_bytes(), outcome)
    }

    /// Alpha Vantage does not understand the parameters of a function.
    pub(super) fn invalid(function: &str) -> Self {
        Self::refusal(
            "Error Message",
            &messages::invalid_call(function),
            "error:invalid",
        )
    }

    /// Data of FRED.
    pub(super) fn fred(value: &impl Serialize) -> Self {
        // Strings and numbers under text keys cannot fail to serialise.
        let body = serde_json::to_vec(value).unwrap_or_default();
        Self::new(200, FRED_JSON, body, "ok")
    }

    /// FRED's way to refuse.
    pub(super) fn fred_error(status: u16, text: &str, outcome: &str) -> Self {
        let text = serde_json::Value::from(text)
            .to_string()
            .replace('/', "\\/");
        let body = format!("{{\"error_code\":{status},\"error_message\":{text}}}");
        Self::new(status, FRED_JSON, body.into_bytes(), outcome)
    }

    /// A request that FRED refuses.
    pub(super) fn bad_request(text: &str) -> Self {
        Self::fred_error(400, text, "error:request")
    }
}
