//! The vendors' texts, word for word: clients tell their refusals apart by them.

use chrono::NaiveDate;

/// Too many requests today.
pub(super) fn daily_limit(key: &str, limit: u32) -> String {
    format!(
        "We have detected your API key as {key} and our standard API rate limit is {limit} requests per day. Please subscribe to \
         any of the premium plans at https://www.alphavantage.co/premium/ to instantly remove all daily rate limits."
    )
}

/// Too many requests within a second.
pub(super) const BURST: &str = "Thank you for using Alpha Vantage! Please consider spreading out your free API requests more \
     sparingly (1 request per second). You may subscribe to any of the premium plans at https://www.alphavantage.co/premium/ \
     to lift the free key rate limit (25 requests per day), raise the per-second burst limit, and instantly unlock all \
     premium endpoints.";

/// The whole history of this function is sold.
pub(super) fn premium_full(function: &str) -> String {
    format!(
        "Thank you for using Alpha Vantage! The outputsize=full parameter value is a premium feature for the {function} \
         endpoint. You may subscribe to any of the premium plans at https://www.alphavantage.co/premium/ to instantly unlock \
         all premium features"
    )
}

/// The function is sold.
pub(super) const PREMIUM: &str = "Thank you for using Alpha Vantage! This is a premium endpoint. You may subscribe to any of \
     the premium plans at https://www.alphavantage.co/premium/ to instantly unlock all premium endpoints";

/// The older text for too many requests.
pub(super) const NOTE: &str = "Thank you for using Alpha Vantage! Our standard API call frequency is 5 calls per minute and \
     500 calls per day. Please visit https://www.alphavantage.co/premium/ if you would like to target a higher API call \
     frequency.";

/// The key `demo` serves the vendor's own examples only.
pub(super) const DEMO: &str = "The **demo** API key is for demo purposes only. Please claim your free API key at \
     (https://www.alphavantage.co/support/#api-key) to explore our full API offerings. It takes fewer than 20 seconds.";

/// No key.
pub(super) const NO_KEY: &str = "the parameter apikey is invalid or missing. Please claim your free API key on \
     (https://www.alphavantage.co/support/#api-key). It should take less than 20 seconds.";

/// Parameters that the function does not take, or an unknown symbol.
pub(super) fn invalid_call(function: &str) -> String {
    format!(
        "Invalid API call. Please retry or visit the documentation (https://www.alphavantage.co/documentation/) for {function}."
    )
}

/// An unknown function.
pub(super) fn no_function(function: &str) -> String {
    format!("This API function ({function}) does not exist.")
}

/// FRED: no key.
pub(super) const FRED_NO_KEY: &str = "Bad Request.  Variable api_key is not set.  Read \
     https://fred.stlouisfed.org/docs/api/api_key.html for more information.";

/// FRED: an unknown id.
pub(super) const FRED_NO_SERIES: &str = "Bad Request.  The series does not exist.";

/// FRED: past states of a series that has none, has none so early, or does not exist.
pub(super) const FRED_NOT_ARCHIVED: &str = "Bad Request.  The series does not exist in ALFRED but may exist in FRED.  Try \
     setting realtime_start and realtime_end to today's date or removing the realtime_start and realtime_end variables.";

/// FRED: more publications than one answer may show.
pub(super) fn fred_too_many_vintages(
    count: usize,
    realtime: (NaiveDate, NaiveDate),
    limit: usize,
) -> String {
    let (start, end) = realtime;
    format!(
        "Bad Request.  There are {count} vintage dates in the specified real-time period: {start} to {end}.  This exceeds the \
         maximum number of vintage dates allowed ({limit})."
    )
}

/// FRED: a real-time date in the future.
pub(super) fn fred_after_today(variable: &str, today: NaiveDate) -> String {
    format!(
        "Bad Request.  Variable {variable} can not be after today's date ({today}) unless it's equal to the real-time max date \
         9999-12-31."
    )
}

/// FRED: too many requests within a minute.
pub(super) const FRED_RATE: &str = "Too Many Requests.  Exceeded Rate Limit";

/// What a firewall in front of a vendor sends.
pub(super) const HTML_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Access Denied</title></head>\n<body><h1>Access \
     Denied</h1>\n<p>You don't have permission to access this resource on this server.</p></body></html>\n";
