//! Alpha Vantage says everything with HTTP 200 and one of three words; what it means is in the text.

use serde::Deserialize;

use super::super::VendorError;
use super::{Case, PREMIUM_ADVICE, needs_premium};

/// A refusal, as an object with one of these keys.
#[derive(Deserialize)]
struct Refusal {
    #[serde(rename = "Information")]
    information: Option<String>,
    #[serde(rename = "Note")]
    note: Option<String>,
    #[serde(rename = "Error Message")]
    error: Option<String>,
}

/// Judges an answer of Alpha Vantage.
pub(super) fn judge(case: &Case) -> Result<(), VendorError> {
    let body = &case.response.body;
    let Some(keys) = case.keys() else {
        return Err(if case.is_success() {
            case.not_json()
        } else {
            case.by_status()
        });
    };
    if let (1, Ok(refusal)) = (keys.len(), serde_json::from_slice::<Refusal>(body)) {
        if let Some(text) = refusal.error {
            return Err(error_message(case, &text));
        }
        if let Some(text) = refusal.information {
            return Err(notice(case, &text).unwrap_or_else(|| unknown_notice(case, &text)));
        }
        if let Some(text) = refusal.note {
            return Err(notice(case, &text).unwrap_or_else(|| too_fast(case, &text, 15)));
        }
    }
    if !case.is_success() {
        return Err(case.by_status());
    }
    if keys.is_empty() {
        return Err(case.fail(
            "the answer is `{}`, which means an unknown symbol",
            "check the symbol and the other parameters in the preset",
        ));
    }
    // Nothing else is kept: an answer of another kind might hold anything, the key included.
    if keys
        .keys()
        .any(|key| key == "data" || key.contains("Time Series"))
    {
        Ok(())
    } else {
        let what = format!("JSON of an unknown kind: {}", case.about_body());
        Err(case.fail(&what, "check the function and its parameters in the preset"))
    }
}

/// `Information` and its older name `Note`. Their texts share words: the one about bursts also speaks of the daily limit
/// and of premium endpoints, so the order of the questions matters.
fn notice(case: &Case, text: &str) -> Option<VendorError> {
    let lower = text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if says(&["per second", "sparingly", "burst pattern"]) {
        Some(too_fast(case, text, 2))
    } else if says(&["per minute"]) {
        Some(too_fast(case, text, 15))
    } else if says(&["outputsize=full"]) {
        Some(needs_premium(Some(&case.quote(text))))
    } else if says(&["premium endpoint", "premium feature"]) {
        let what = format!("this function needs a premium plan: {}", case.quote(text));
        Some(case.fail(&what, PREMIUM_ADVICE))
    } else if says(&["demo purposes", "**demo**"]) {
        Some(case.wrong_key(text))
    } else if says(&["per day", "daily rate limit"]) {
        let what = format!("the daily limit is reached: {}", case.quote(text));
        Some(VendorError::QuotaExhausted {
            message: case.message(&what),
        })
    } else if says(&["apikey", "api key"]) {
        Some(case.wrong_key(text))
    } else {
        None
    }
}

fn too_fast(case: &Case, text: &str, seconds: u64) -> VendorError {
    let what = format!("asked too fast: {}", case.quote(text));
    VendorError::retry_after(case.message(&what), seconds)
}

fn unknown_notice(case: &Case, text: &str) -> VendorError {
    case.fail(
        &format!("a notice instead of data: {}", case.quote(text)),
        "do what it says, or run again later",
    )
}

fn error_message(case: &Case, text: &str) -> VendorError {
    let lower = text.to_ascii_lowercase();
    let quoted = case.quote(text);
    if lower.contains("apikey") || lower.contains("api key") {
        case.wrong_key(text)
    } else if lower.contains("function") && lower.contains("does not exist") {
        case.fail(&quoted, "check the function's name in the preset")
    } else {
        case.fail(
            &quoted,
            "check the symbol and the other parameters in the preset; the symbol may have been delisted",
        )
    }
}
