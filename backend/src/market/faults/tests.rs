//! Each fault does what its name says, to the requests that its rule names and to no other.

use serde_json::Value;

use super::{Fault, FaultRule};
use crate::market::MarketOptions;
use crate::market::reply::Reply;
use crate::market::tests::{alpha_vantage, day, fred, json, text};
use crate::market::vendors::Vendors;

const GOLD: &str = "function=TIME_SERIES_DAILY&symbol=GLD";
const DOLLARS: &str = "series/observations?series_id=DEXUSEU&observation_start=2024-08-01";

fn vendors(rules: &str) -> Vendors {
    Vendors::new(MarketOptions {
        faults: FaultRule::list(rules).unwrap(),
        ..MarketOptions::new(1, day("2024-09-23"))
    })
}

/// A market in which every answer meets a fault.
fn always(fault: &str) -> Vendors {
    vendors(&format!("[{{\"fault\": {fault}}}]"))
}

/// Dates and the five values of each bar, in the order of the answer; a date may come twice.
fn bars(reply: &Reply) -> Vec<(String, Vec<String>)> {
    let quoted = |line: &str| {
        let parts: Vec<&str> = line.split('"').collect();
        (
            parts[1].to_owned(),
            parts.get(3).map(|value| (*value).to_owned()),
        )
    };
    let mut bars: Vec<(String, Vec<String>)> = Vec::new();
    let lines = text(reply)
        .lines()
        .skip_while(|line| !line.contains("Time Series"));
    for line in lines.skip(1).filter(|line| line.contains('"')) {
        match quoted(line) {
            (date, None) => bars.push((date, Vec::new())),
            (_, Some(value)) => bars.last_mut().unwrap().1.push(value),
        }
    }
    bars
}

fn gold(fault: &str) -> Vec<(String, Vec<String>)> {
    bars(&alpha_vantage(&mut always(fault), GOLD))
}

fn clean() -> Vec<(String, Vec<String>)> {
    bars(&alpha_vantage(&mut vendors("[]"), GOLD))
}

fn number(text: &str) -> f64 {
    text.parse().unwrap()
}

#[test]
fn replacing_faults_send_the_vendors_refusals() {
    let cases = [
        (
            "daily_limit",
            "Information",
            "API key as KEY and our standard API rate limit is 25 requests per day",
        ),
        ("burst", "Information", "(1 request per second)"),
        ("premium", "Information", "This is a premium endpoint."),
        (
            "premium_full",
            "Information",
            "outputsize=full parameter value is a premium feature for the TIME_SERIES_DAILY endpoint",
        ),
        (
            "demo",
            "Information",
            "The **demo** API key is for demo purposes only.",
        ),
        ("note", "Note", "5 calls per minute and 500 calls per day"),
        ("error_message", "Error Message", "Invalid API call."),
    ];
    for (kind, key, part) in cases {
        let reply = alpha_vantage(&mut always(&format!("{{\"kind\": \"{kind}\"}}")), GOLD);
        assert_eq!(
            (reply.status, reply.outcome),
            (200, format!("fault:{kind}"))
        );
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(body.as_object().unwrap().len(), 1);
        assert!(body[key].as_str().unwrap().contains(part), "{kind}: {body}");
    }
    let own = alpha_vantage(&mut always(r#"{"kind": "note", "message": "later"}"#), GOLD);
    assert_eq!(json(&own), serde_json::json!({"Note": "later"}));
    let empty = alpha_vantage(&mut always(r#"{"kind": "empty_object"}"#), GOLD);
    assert_eq!(text(&empty), "{}");
}

#[test]
fn http_faults_have_the_status_body_and_headers_asked_for() {
    let fault =
        r#"{"kind": "http", "status": 503, "body": "busy", "headers": {"Retry-After": "2"}}"#;
    let reply = alpha_vantage(&mut always(fault), GOLD);
    assert_eq!((reply.status, text(&reply)), (503, "busy"));
    assert_eq!(reply.content_type, "text/plain");
    assert_eq!(reply.headers, [("Retry-After".to_owned(), "2".to_owned())]);
    let fault = r#"{"kind": "http", "body": {"detail": 1}}"#;
    let reply = alpha_vantage(&mut always(fault), GOLD);
    assert_eq!((reply.status, text(&reply)), (500, "{\"detail\":1}"));
    assert_eq!(reply.content_type, "application/json");
    let page = fred(&mut always(r#"{"kind": "html", "status": 403}"#), DOLLARS);
    assert_eq!(
        (page.status, page.content_type.as_str()),
        (403, "text/html; charset=utf-8")
    );
    let limit = fred(&mut always(r#"{"kind": "fred_error"}"#), DOLLARS);
    assert_eq!(limit.status, 429);
    assert_eq!(
        json(&limit)["error_message"],
        "Too Many Requests.  Exceeded Rate Limit"
    );
    let fault = r#"{"kind": "fred_error", "status": 400, "message": "Bad Request.  The series does not exist."}"#;
    let gone = fred(&mut always(fault), DOLLARS);
    assert_eq!(json(&gone)["error_code"], 400);
    let typed = fred(&mut always(r#"{"kind": "content_type"}"#), DOLLARS);
    assert_eq!(
        (typed.status, typed.content_type.as_str()),
        (200, "text/html; charset=utf-8")
    );
    assert_eq!(typed.outcome, "ok+fault:content_type");
}

#[test]
fn texts_stand_where_numbers_should() {
    let rows = gold(r#"{"kind": "nan", "count": 2}"#);
    let clean = clean();
    for row in &rows[..2] {
        assert_eq!(row.1, ["NaN"; 5]);
    }
    assert_eq!(rows[2..], clean[2..]);
    let dated = gold(r#"{"kind": "nan", "text": "null", "date": "2024-09-19"}"#);
    assert_eq!(
        dated[2],
        ("2024-09-19".to_owned(), vec!["null".to_owned(); 5])
    );
    assert_eq!(dated[..2], clean[..2]);

    let dots = json(&fred(
        &mut always(r#"{"kind": "dot", "every": 10}"#),
        DOLLARS,
    ));
    let rows = dots["observations"].as_array().unwrap();
    let places: Vec<usize> = (0..rows.len())
        .filter(|place| rows[*place]["value"] == ".")
        .collect();
    let newest_last = rows.len();
    for place in [newest_last - 10, newest_last - 20, newest_last - 30] {
        assert!(places.contains(&place), "{places:?}");
    }
}

#[test]
fn rows_are_doubled_shuffled_dropped_and_dated_ahead() {
    let clean = clean();
    let doubled = gold(r#"{"kind": "duplicate_dates", "count": 3}"#);
    assert_eq!(doubled.len(), 103);
    for index in 0..3 {
        let (row, copy) = (&doubled[2 * index], &doubled[2 * index + 1]);
        assert_eq!((row, &row.0), (&clean[index], &copy.0));
        let ratio = number(&copy.1[3]) / number(&row.1[3]);
        assert!((ratio - 1.001).abs() < 1e-5, "{ratio}");
        assert_eq!(copy.1[4], row.1[4]);
    }
    let mut shuffled = gold(r#"{"kind": "unsorted_dates", "seed": 3}"#);
    assert_ne!(shuffled, clean);
    shuffled.sort_by(|one, other| other.0.cmp(&one.0));
    assert_eq!(shuffled, clean);

    let shorter = gold(r#"{"kind": "missing_newest", "count": 3}"#);
    assert_eq!(shorter, clean[3..]);
    let ahead = gold(r#"{"kind": "future_row", "days": 3}"#);
    assert_eq!(ahead[0], ("2024-09-26".to_owned(), clean[0].1.clone()));
    assert_eq!(ahead[1..], clean);
    let ascending = json(&fred(&mut always(r#"{"kind": "future_row"}"#), DOLLARS));
    let newest = ascending["observations"]
        .as_array()
        .unwrap()
        .last()
        .cloned();
    assert_eq!(newest.unwrap()["date"], "2024-09-26");
}

#[test]
fn prices_turn_negative_and_jump() {
    let clean = clean();
    let negative = gold(r#"{"kind": "negative_price"}"#);
    assert_eq!(negative[0].1[0], format!("-{}", clean[0].1[0]));
    assert_eq!(negative[0].1[4], clean[0].1[4]);
    assert_eq!(negative[1..], clean[1..]);

    let split = gold(r#"{"kind": "split_jump", "factor": 0.1, "count": 5}"#);
    for index in 0..6 {
        let ratio = number(&split[index].1[3]) / number(&clean[index].1[3]);
        let volumes = number(&split[index].1[4]) / number(&clean[index].1[4]);
        let expected = if index < 5 { 0.1 } else { 1.0 };
        assert!((ratio / expected - 1.0).abs() < 1e-4, "{index}: {ratio}");
        assert!(
            (volumes * expected - 1.0).abs() < 1e-4,
            "{index}: {volumes}"
        );
    }
    let since = gold(r#"{"kind": "split_jump", "factor": 8, "from": "2024-09-20"}"#);
    assert!(number(&since[1].1[0]) > 7.0 * number(&clean[1].1[0]));
    assert_eq!(since[2..], clean[2..]);
}

#[test]
fn a_changed_unit_is_named_and_scales_every_price() {
    let query = "function=GOLD_SILVER_HISTORY&symbol=XAU&interval=daily";
    let ounces = json(&alpha_vantage(&mut vendors("[]"), query));
    let grams = json(&alpha_vantage(
        &mut always(r#"{"kind": "changed_unit"}"#),
        query,
    ));
    assert_eq!(ounces.get("unit"), None);
    assert_eq!(grams["unit"], "dollars per gram");
    for index in [0, 1000] {
        let price = |body: &Value| number(body["data"][index]["price"].as_str().unwrap());
        assert!((price(&ounces) / price(&grams) - 31.103_476_8).abs() < 1e-6);
    }
}

#[test]
fn rules_count_their_own_requests() {
    let rules = r#"[
        {"match": {"vendor": "av", "symbol": "EURUSD"}, "nth": [1, 3], "fault": {"kind": "note"}},
        {"match": {"vendor": "fred", "series": "DEXUSEU", "path": "/fred/series/observations"}, "from": 2, "to": 3, "fault": {"kind": "fred_error"}},
        {"match": {"function": "time_series_daily"}, "nth": 2, "fault": {"kind": "http", "status": 502}}
    ]"#;
    let mut vendors = vendors(rules);
    let euro = "function=FX_DAILY&from_symbol=EUR&to_symbol=USD";
    let outcomes: Vec<String> = (0..4)
        .map(|_| alpha_vantage(&mut vendors, euro).outcome)
        .collect();
    assert_eq!(outcomes, ["fault:note", "ok", "fault:note", "ok"]);
    let statuses: Vec<u16> = (0..4).map(|_| fred(&mut vendors, DOLLARS).status).collect();
    assert_eq!(statuses, [200, 429, 429, 200]);
    let statuses: Vec<u16> = (0..3)
        .map(|_| alpha_vantage(&mut vendors, GOLD).status)
        .collect();
    assert_eq!(statuses, [200, 502, 200]);
    assert_eq!(fred(&mut vendors, "series?series_id=DEXUSEU").status, 200);
}

#[test]
fn chance_is_repeatable_and_as_often_as_asked() {
    let rules = r#"[{"probability": 0.3, "seed": 7, "fault": {"kind": "burst"}}]"#;
    let hits = || -> Vec<bool> {
        let mut vendors = vendors(rules);
        let mut hit = || alpha_vantage(&mut vendors, "function=CPI").outcome != "ok";
        (0..200).map(|_| hit()).collect()
    };
    let first = hits();
    assert_eq!(first, hits());
    let count = first.iter().filter(|hit| **hit).count();
    assert!((40..80).contains(&count), "{count}");
}

#[test]
fn faults_add_up_and_the_first_refusal_wins_without_using_quota() {
    let rules = r#"[
        {"fault": {"kind": "missing_newest"}},
        {"fault": {"kind": "negative_price"}},
        {"fault": {"kind": "truncated", "fraction": 0.9}}
    ]"#;
    let reply = alpha_vantage(&mut vendors(rules), GOLD);
    assert_eq!(
        reply.outcome,
        "ok+fault:missing_newest+fault:negative_price+fault:truncated"
    );
    let rows = bars(&reply);
    assert_eq!(rows[0].0, "2024-09-20");
    assert!(rows[0].1[0].starts_with('-'));

    let mut limited = Vendors::new(MarketOptions {
        faults: FaultRule::list(
            r#"[{"nth": 1, "fault": {"kind": "note"}}, {"nth": 1, "fault": {"kind": "burst"}}]"#,
        )
        .unwrap(),
        limits: Some(crate::market::FreePlan {
            per_day: 1,
            ..Default::default()
        }),
        ..MarketOptions::new(1, day("2024-09-23"))
    });
    let outcomes: Vec<String> = (0..3)
        .map(|_| alpha_vantage(&mut limited, GOLD).outcome)
        .collect();
    assert_eq!(outcomes, ["fault:note", "ok", "limit:daily"]);
}

#[test]
fn a_rule_that_is_none_is_refused() {
    let error = |rules: &str| FaultRule::list(rules).unwrap_err().to_string();
    assert!(error(r#"[{"fault": {"kind": "fire"}}]"#).contains("unknown variant `fire`"));
    assert!(
        error(r#"[{"match": {"seriess": "GDP"}, "fault": {"kind": "note"}}]"#)
            .contains("unknown field `seriess`")
    );
    assert!(
        error(r#"[{"every": 2, "fault": {"kind": "note"}}]"#).contains("unknown field `every`")
    );
    let rules = FaultRule::list(r#"[{"fault": {"kind": "slow", "chunk": 1}}]"#).unwrap();
    let Fault::Slow {
        delay_s,
        chunk,
        pause_s,
    } = rules[0].fault
    else {
        panic!("not slow")
    };
    assert_eq!((delay_s, chunk, pause_s), (5.0, Some(1), 0.1));
}
