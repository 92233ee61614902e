//! Understands what a vendor's answer means: data, a refusal to respect, or a fault to report. Pure.

mod alpha_vantage;
mod fred;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use shared::series::Vendor;

use super::VendorError;
use super::http::{HttpError, Response};
use crate::config::Secret;

/// Seconds to leave a vendor alone that complains about too many requests without saying for how long.
const LEAVE_ALONE: u64 = 20;

/// Says whether an answer holds data, and if not, what to do. The key is masked in every message, echoed or not.
pub(super) fn judge(vendor: Vendor, key: &Secret, response: &Response) -> Result<(), VendorError> {
    let case = Case {
        vendor,
        key,
        response,
    };
    match vendor {
        Vendor::AlphaVantage => alpha_vantage::judge(&case),
        Vendor::Fred => fred::judge(&case),
    }
}

/// What it means that there was no answer at all.
pub(super) fn no_answer(vendor: Vendor, key: &Secret, error: &HttpError) -> VendorError {
    let message = key.mask(&format!("{}: {error}", vendor.title()));
    match error {
        HttpError::Connect(_) | HttpError::TimedOut { .. } | HttpError::Broken(_) => {
            VendorError::retry(message)
        }
        HttpError::Unusable(_) => no_client(vendor, error),
        HttpError::BadAddress(_) | HttpError::TooLarge => {
            VendorError::fail(message, format!("check {}", url_setting(vendor)))
        }
    }
}

/// This machine cannot make connections at all.
pub(super) fn no_client(vendor: Vendor, error: &HttpError) -> VendorError {
    VendorError::fail(
        format!("{}: {error}", vendor.title()),
        "install the system's root certificates (package ca-certificates)",
    )
}

/// The request was not sent, for want of a key.
pub(super) fn no_key(vendor: Vendor) -> VendorError {
    VendorError::fail(
        format!("{} needs a key and none is set", vendor.title()),
        key_advice(vendor),
    )
}

/// Full histories of daily prices are not for the free plan. `said` is the vendor's own text, where it was asked.
pub(super) fn needs_premium(said: Option<&str>) -> VendorError {
    let message = "daily prices with full history need a premium plan of Alpha Vantage";
    let message = match said {
        Some(said) => format!("{message}; it says: {said}"),
        None => message.to_owned(),
    };
    VendorError::fail(message, PREMIUM_ADVICE)
}

const PREMIUM_ADVICE: &str = "set ASSAY_ALPHAVANTAGE_PLAN=premium if the key has such a plan, or use --preset fair-free, which does without";

fn key_setting(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::AlphaVantage => "ASSAY_ALPHAVANTAGE_KEY",
        Vendor::Fred => "ASSAY_FRED_KEY",
    }
}

fn url_setting(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::AlphaVantage => "ASSAY_ALPHAVANTAGE_URL",
        Vendor::Fred => "ASSAY_FRED_URL",
    }
}

fn key_advice(vendor: Vendor) -> String {
    let page = match vendor {
        Vendor::AlphaVantage => "https://www.alphavantage.co/support/#api-key",
        Vendor::Fred => "https://fredaccount.stlouisfed.org/apikeys",
    };
    let setting = key_setting(vendor);
    format!("set {setting} to your own key; {page} gives one for nothing")
}

/// One answer to judge.
struct Case<'a> {
    vendor: Vendor,
    key: &'a Secret,
    response: &'a Response,
}

impl Case<'_> {
    fn is_success(&self) -> bool {
        (200..300).contains(&self.response.status)
    }

    /// The keys of the answer, if it is one whole JSON object.
    #[expect(
        clippy::zero_sized_map_values,
        reason = "serde skips the values of a map so, but has no set of keys"
    )]
    fn keys(&self) -> Option<BTreeMap<String, IgnoredAny>> {
        serde_json::from_slice(&self.response.body).ok()
    }

    /// A vendor's text for a message: key masked first, then white space joined and the length cut.
    fn quote(&self, text: &str) -> String {
        const LONGEST: usize = 240;
        let masked = self.key.mask(text);
        let joined = masked.split_whitespace().collect::<Vec<_>>().join(" ");
        match joined.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &joined[..end]),
            None => joined,
        }
    }

    fn message(&self, what: &str) -> String {
        format!("{}: {what}", self.vendor.title())
    }

    fn fail(&self, what: &str, advice: impl Into<String>) -> VendorError {
        VendorError::fail(self.message(what), advice)
    }

    fn wrong_key(&self, said: &str) -> VendorError {
        let what = format!("the key is refused: {}", self.quote(said));
        self.fail(&what, key_advice(self.vendor))
    }

    /// What a status means that came without a text of the vendor that is understood.
    fn by_status(&self) -> VendorError {
        let status = self.response.status;
        let what = format!("HTTP {status} ({})", self.about_body());
        let after = self.response.retry_after;
        match status {
            401 => self.wrong_key(&what),
            403 => self.fail(
                &format!("access is denied: {what}"),
                format!(
                    "a proxy or firewall on the way may refuse it, or the vendor this address: try from another \
                     network, and check {} if it is set",
                    url_setting(self.vendor)
                ),
            ),
            423 | 429 => {
                VendorError::retry_after(self.message(&what), after.unwrap_or(LEAVE_ALONE))
            }
            408 | 425 | 500.. => VendorError::Retry {
                message: self.message(&what),
                after_seconds: after,
            },
            _ => self.fail(&what, format!("check {}", url_setting(self.vendor))),
        }
    }

    /// What it means that a successful answer is not the JSON that was asked for.
    fn not_json(&self) -> VendorError {
        let what = match self.shape() {
            Shape::Empty => "the answer is empty".to_owned(),
            Shape::Html => format!("an HTML page instead of data: {}", self.about_body()),
            Shape::Json => "the JSON is cut off or broken".to_owned(),
            Shape::Csv => {
                return self.fail(
                    "CSV instead of the JSON that was asked for",
                    format!("check {}", url_setting(self.vendor)),
                );
            }
            Shape::Other => format!("no JSON: {}", self.about_body()),
        };
        VendorError::retry(self.message(&what))
    }

    /// A few words about a body that is no data: its title if it is a page, else its beginning.
    fn about_body(&self) -> String {
        let text = String::from_utf8_lossy(&self.response.body);
        let kind = self.response.content_type.as_deref();
        match self.shape() {
            Shape::Empty => "no text".to_owned(),
            Shape::Html => match between(&text, "<title>", "</title>") {
                Some(title) => format!("page `{}`", self.quote(title)),
                None => "page without title".to_owned(),
            },
            _ => {
                let kind = self.quote(kind.unwrap_or("text"));
                format!("{kind} `{}`", self.quote(&text))
            }
        }
    }

    fn shape(&self) -> Shape {
        let text = self.response.body.trim_ascii_start();
        let start = text[..text.len().min(64)].to_ascii_lowercase();
        match start.first() {
            None => Shape::Empty,
            Some(b'<') => Shape::Html,
            Some(b'{' | b'[') => Shape::Json,
            _ if start.starts_with(b"timestamp,") => Shape::Csv,
            _ => Shape::Other,
        }
    }
}

enum Shape {
    Empty,
    Html,
    Json,
    Csv,
    Other,
}

/// The text between two marks, case ignored as in HTML.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let lower = text.to_ascii_lowercase();
    let start = lower.find(open)? + open.len();
    let end = lower[start..].find(close)? + start;
    text.get(start..end)
}
