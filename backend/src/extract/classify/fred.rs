//! FRED refuses with a status and a text, as JSON or XML.

use serde::Deserialize;

use super::super::VendorError;
use super::{Case, between};

/// A refusal as JSON; version 2 of the API names the field `message`.
#[derive(Deserialize)]
struct Refusal {
    #[serde(alias = "message")]
    error_message: String,
}

/// Judges an answer of FRED.
pub(super) fn judge(case: &Case) -> Result<(), VendorError> {
    if let Some(text) = refusal(case) {
        return Err(refused(case, &text));
    }
    if !case.is_success() {
        return Err(case.by_status());
    }
    match case.keys() {
        Some(keys) if keys.contains_key("observations") || keys.contains_key("vintage_dates") => {
            Ok(())
        }
        Some(_) => Err(VendorError::retry(
            case.message("JSON without observations, though the request was accepted"),
        )),
        None => Err(case.not_json()),
    }
}

/// FRED's own words, if the answer is a refusal in one of its forms.
fn refusal(case: &Case) -> Option<String> {
    let body = &case.response.body;
    if let Ok(refusal) = serde_json::from_slice::<Refusal>(body) {
        return Some(refusal.error_message);
    }
    let text = std::str::from_utf8(body).ok()?;
    let error = between(text, "<error ", ">")?;
    between(error, "message=\"", "\"").map(str::to_owned)
}

fn refused(case: &Case, text: &str) -> VendorError {
    let says = |words: &str| text.contains(words);
    let quoted = case.quote(text);
    if says("api_key") {
        case.wrong_key(text)
    } else if says("does not exist in ALFRED") {
        case.fail(
            "the archive ALFRED has no vintages of this series, or FRED has no such series",
            "look for it on https://fred.stlouisfed.org; if it is there, set `vintages = false` in the preset",
        )
    } else if says("series does not exist") {
        case.fail(
            "the series does not exist, or not any more",
            "look for it on https://fred.stlouisfed.org and correct or remove it in the preset",
        )
    } else if says("maximum number of vintage dates") {
        case.fail(
            &quoted,
            "set `vintages = false` for this series in the preset",
        )
    } else if says("after today's date") {
        case.fail(
            &quoted,
            "correct this machine's date, or ASSAY_TODAY if it is set",
        )
    } else if matches!(case.response.status, 200..=299 | 400) {
        case.fail(&quoted, "check the series' id in the preset")
    } else {
        case.by_status()
    }
}
