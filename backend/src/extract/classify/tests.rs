//! Every refusal of both vendors, in their wording where it decides, told apart.

use shared::series::Vendor::{self, AlphaVantage, Fred};

use super::*;

const KEY: &str = "ABCDEF0123456789";

fn verdict(vendor: Vendor, status: u16, content_type: &str, body: &str) -> Result<(), VendorError> {
    let response = Response {
        status,
        content_type: Some(content_type.to_owned()),
        body: body.as_bytes().to_vec(),
        ..Response::default()
    };
    let verdict = judge(vendor, &Secret::new(KEY), &response);
    if let Err(error) = &verdict {
        assert!(!format!("{error:?}").contains(KEY), "{error:?}");
    }
    verdict
}

/// Alpha Vantage's answer to everything is HTTP 200 with one key.
fn said(word: &str, text: &str) -> VendorError {
    let body = serde_json::json!({ word: text }).to_string();
    verdict(AlphaVantage, 200, "application/json", &body).unwrap_err()
}

fn fred(status: u16, text: &str) -> VendorError {
    let body = serde_json::json!({ "error_code": status, "error_message": text }).to_string();
    verdict(Fred, status, "application/json; charset=UTF-8", &body).unwrap_err()
}

fn after(error: &VendorError) -> Option<u64> {
    match error {
        VendorError::Retry { after_seconds, .. } => *after_seconds,
        other => panic!("not to be tried again: {other:?}"),
    }
}

fn advice(error: &VendorError) -> &str {
    match error {
        VendorError::Fail { advice, .. } => advice,
        other => panic!("not for good: {other:?}"),
    }
}

fn is_quota(error: &VendorError) -> bool {
    matches!(error, VendorError::QuotaExhausted { .. })
}

#[test]
fn data_is_data_whatever_the_content_type() {
    let daily = r#"{"Meta Data": {"1. Information": "Daily"}, "Time Series (Daily)": {}}"#;
    let gold = r#"{"nominal": "XAUUSD", "data": [{"date": "2024-02-29", "price": "2044.3"}]}"#;
    for body in [daily, gold] {
        for content_type in ["application/json", "text/html"] {
            assert_eq!(verdict(AlphaVantage, 200, content_type, body), Ok(()));
        }
    }
    let rows = r#"{"count": 1, "observations": [{"date": "2024-02-29", "value": "."}]}"#;
    assert_eq!(verdict(Fred, 200, "text/html", rows), Ok(()));
    let dates = r#"{"count": 0, "vintage_dates": []}"#;
    assert_eq!(verdict(Fred, 200, "application/json", dates), Ok(()));
}

#[test]
fn the_burst_notice_is_no_daily_limit_though_it_speaks_of_one() {
    let text = "Please consider spreading out your free API requests more sparingly (1 request per second). Subscribe \
                to lift the free key rate limit (25 requests per day) and unlock all premium endpoints";
    let error = said("Information", text);
    assert_eq!(after(&error), Some(2));
    assert!(
        error
            .to_string()
            .starts_with("Alpha Vantage: asked too fast: Please consider")
    );
    assert_eq!(
        after(&said("Information", "Burst pattern detected.")),
        Some(2)
    );
}

#[test]
fn the_daily_limit_is_told_with_the_echoed_key_masked() {
    let text = format!(
        "We have detected your API key as {KEY} and our standard API rate limit is 25 requests per day. Subscribe to \
         any of the premium plans"
    );
    let error = said("Information", &text);
    assert!(is_quota(&error));
    assert!(error.to_string().contains("your API key as *** and our"));
    assert!(is_quota(&said(
        "Note",
        "The rate limit is 25 requests per day."
    )));
}

#[test]
fn premium_functions_fail_with_the_plan_as_advice() {
    let full = "The outputsize=full parameter value is a premium feature for the TIME_SERIES_DAILY endpoint.";
    let endpoint = "This is a premium endpoint. You may subscribe to any of the premium plans";
    for text in [full, endpoint] {
        let advice = advice(&said("Information", text)).to_owned();
        assert!(advice.contains("ASSAY_ALPHAVANTAGE_PLAN=premium"));
        assert!(advice.contains("--preset fair-free"));
    }
    assert!(
        said("Information", full)
            .to_string()
            .starts_with("daily prices with full history")
    );
}

#[test]
fn bad_keys_fail_with_the_setting_and_where_to_get_one() {
    let demo = said(
        "Information",
        "The **demo** API key is for demo purposes only.",
    );
    let wrong = said(
        "Error Message",
        "the parameter apikey is invalid or missing.",
    );
    for error in [demo, wrong] {
        assert!(
            error
                .to_string()
                .starts_with("Alpha Vantage: the key is refused: ")
        );
        assert_eq!(
            advice(&error),
            "set ASSAY_ALPHAVANTAGE_KEY to your own key; https://www.alphavantage.co/support/#api-key gives one for \
             nothing"
        );
    }
    let not_set = fred(400, "Bad Request.  Variable api_key is not set.");
    let malformed = fred(
        400,
        "Bad Request.  The value for variable api_key is not a 32 character string.",
    );
    let unknown = fred(
        400,
        "Bad Request.  The value for variable api_key is not registered.",
    );
    for error in [not_set, malformed, unknown] {
        assert!(
            error
                .to_string()
                .starts_with("FRED: the key is refused: Bad Request. ")
        );
        assert!(
            advice(&error).starts_with("set ASSAY_FRED_KEY to your own key; https://fredaccount")
        );
    }
}

#[test]
fn wrong_calls_fail_with_a_look_at_the_preset() {
    let call = said(
        "Error Message",
        "Invalid API call. Please retry or visit the documentation",
    );
    assert!(advice(&call).starts_with("check the symbol"));
    let function = said(
        "Error Message",
        "This API function (TIME_SERIES_DALY) does not exist.",
    );
    assert_eq!(advice(&function), "check the function's name in the preset");
    let empty = verdict(AlphaVantage, 200, "application/json", "{}").unwrap_err();
    assert!(advice(&empty).starts_with("check the symbol"));
    let other = verdict(
        AlphaVantage,
        200,
        "application/json",
        r#"{"Global Quote": {}}"#,
    )
    .unwrap_err();
    assert!(advice(&other).starts_with("check the function"));
}

#[test]
fn old_notes_are_throttling_and_unknown_notices_are_quoted_short() {
    let old = "Our standard API call frequency is 5 calls per minute and 500 calls per day.";
    assert_eq!(after(&said("Note", old)), Some(15));
    assert_eq!(after(&said("Note", "Take it easy.")), Some(15));
    let long = format!("We moved.\n\n  {KEY} {}", "word ".repeat(100));
    let error = said("Information", &long);
    let text = error.to_string();
    assert!(text.starts_with("Alpha Vantage: a notice instead of data: We moved. *** word word"));
    assert!(text.ends_with('…') && text.len() < 300, "{text}");
    assert_eq!(advice(&error), "do what it says, or run again later");
}

#[test]
fn pages_and_halves_are_tried_again() {
    let page = "<!DOCTYPE html><html><head><TITLE>Access  Denied</TITLE></head></html>";
    let cases = [
        (page, "an HTML page instead of data: page `Access Denied`"),
        (
            r#"{"data": [{"date": "2024-0"#,
            "the JSON is cut off or broken",
        ),
        ("  \n", "the answer is empty"),
        (
            "Service Unavailable",
            "no JSON: text/plain `Service Unavailable`",
        ),
        ("\"text\"", "no JSON: text/plain `\"text\"`"),
    ];
    for vendor in [AlphaVantage, Fred] {
        for (body, what) in cases {
            let error = verdict(vendor, 200, "text/plain", body).unwrap_err();
            assert_eq!(after(&error), None);
            assert_eq!(error.to_string(), format!("{}: {what}", vendor.title()));
        }
    }
    let csv = verdict(
        AlphaVantage,
        200,
        "application/x-download",
        "timestamp,open\r\n",
    )
    .unwrap_err();
    assert_eq!(advice(&csv), "check ASSAY_ALPHAVANTAGE_URL");
    let strange = verdict(Fred, 200, "application/json", r#"{"seriess": []}"#).unwrap_err();
    assert_eq!(after(&strange), None);
}

#[test]
fn freds_refusals_say_what_to_change() {
    let gone = fred(400, "Bad Request.  The series does not exist.");
    assert_eq!(
        gone.to_string(),
        "FRED: the series does not exist, or not any more"
    );
    assert!(advice(&gone).contains("remove it in the preset"));
    let archive = fred(
        400,
        "Bad Request.  The series does not exist in ALFRED but may exist in FRED.",
    );
    assert!(advice(&archive).ends_with("set `vintages = false` in the preset"));
    let many = "Bad Request.  There are 5125 vintage dates in the specified real-time period. This exceeds the \
                maximum number of vintage dates allowed (2000).";
    assert!(advice(&fred(400, many)).contains("`vintages = false`"));
    let late = "Bad Request.  Variable realtime_end can not be after today's date (2024-02-29)";
    assert!(advice(&fred(400, late)).contains("ASSAY_TODAY"));
    let other = fred(
        400,
        "Bad Request.  Value of limit is not between 1 and 100000.",
    );
    assert_eq!(
        other.to_string(),
        "FRED: Bad Request. Value of limit is not between 1 and 100000."
    );
}

#[test]
fn freds_refusals_are_read_as_xml_and_in_version_2_too() {
    let xml = r#"<?xml version="1.0" ?><error code="400" message="Bad Request.  The series does not exist." />"#;
    let error = verdict(Fred, 400, "text/xml", xml).unwrap_err();
    assert!(advice(&error).contains("remove it in the preset"));
    let v2 = r#"{"code": 400, "message": "Bad Request.  The series does not exist."}"#;
    let error = verdict(Fred, 400, "application/json", v2).unwrap_err();
    assert!(advice(&error).contains("remove it in the preset"));
}

#[test]
fn statuses_decide_where_the_body_says_nothing_known() {
    assert_eq!(
        after(&fred(429, "Too Many Requests.  Exceeded Rate Limit")),
        Some(20)
    );
    for status in [423, 429] {
        assert_eq!(
            after(&verdict(AlphaVantage, status, "text/plain", "slow").unwrap_err()),
            Some(20)
        );
    }
    for status in [408, 500, 502, 503, 599] {
        for vendor in [AlphaVantage, Fred] {
            assert_eq!(
                after(&verdict(vendor, status, "text/plain", "").unwrap_err()),
                None
            );
        }
    }
    assert_eq!(after(&fred(500, "Internal Server Error")), None);
    let denied = "<html><title>Access Denied</title></html>";
    let denied = verdict(Fred, 403, "text/html", denied).unwrap_err();
    assert_eq!(
        denied.to_string(),
        "FRED: access is denied: HTTP 403 (page `Access Denied`)"
    );
    assert!(advice(&denied).starts_with("a proxy or firewall"));
    for (status, advised) in [
        (401, "set ASSAY_FRED_KEY"),
        (404, "check ASSAY_FRED_URL"),
        (302, "check ASSAY_FRED_URL"),
    ] {
        let error = verdict(Fred, status, "text/plain", "no").unwrap_err();
        assert!(advice(&error).starts_with(advised), "{status}");
    }
}

#[test]
fn the_servers_own_wish_wins() {
    let response = Response {
        status: 429,
        retry_after: Some(45),
        ..Response::default()
    };
    for vendor in [AlphaVantage, Fred] {
        let error = judge(vendor, &Secret::new(KEY), &response).unwrap_err();
        assert_eq!(after(&error), Some(45));
    }
}

#[test]
fn no_answer_at_all_is_tried_again_unless_it_is_our_side() {
    let key = Secret::new(KEY);
    let refused = HttpError::Connect(format!("refused {KEY}"));
    let error = no_answer(Fred, &key, &refused);
    assert_eq!(
        error,
        VendorError::retry("FRED: cannot connect: refused ***")
    );
    let late = HttpError::TimedOut {
        what: "no answer",
        limit: std::time::Duration::from_secs(30),
    };
    assert_eq!(
        no_answer(Fred, &key, &late),
        VendorError::retry("FRED: no answer within 30 s")
    );
    assert_eq!(
        advice(&no_answer(AlphaVantage, &key, &HttpError::TooLarge)),
        "check ASSAY_ALPHAVANTAGE_URL"
    );
    let no_roots = HttpError::Unusable("no roots".to_owned());
    assert!(advice(&no_answer(Fred, &key, &no_roots)).contains("ca-certificates"));
}
