//! The market as its clients meet it: over HTTP, and what is logged; helpers for the tests of its parts.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use serde_json::Value;
use shared::series::Vendor;

use super::reply::Reply;
use super::request::Request;
use super::vendors::Vendors;
use super::{FaultRule, FreePlan, MarketError, MarketOptions, MarketServer, start};

/// Both vendors of seed 1 on the 23rd of September 2024, a Monday.
pub(super) fn vendors() -> Vendors {
    Vendors::new(MarketOptions::new(1, day("2024-09-23")))
}

/// A date.
pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A request: `/query?function=CPI&apikey=K`.
pub(super) fn request(url: &str) -> Request {
    let (path, query) = url.split_once('?').unwrap();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let parameters = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Request::new(path, parameters.collect()).unwrap()
}

/// Alpha Vantage's answer to a query, with a key.
pub(super) fn alpha_vantage(vendors: &mut Vendors, query: &str) -> Reply {
    let request = request(&format!("/query?apikey=KEY&{query}"));
    vendors.answer(&request, Instant::now()).0
}

/// FRED's answer of a path under `/fred/`, with a key and as JSON.
pub(super) fn fred(vendors: &mut Vendors, path_and_query: &str) -> Reply {
    let request = request(&format!(
        "/fred/{path_and_query}&api_key=KEY&file_type=json"
    ));
    vendors.answer(&request, Instant::now()).0
}

/// A body as JSON.
pub(super) fn json(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

/// A body as text.
pub(super) fn text(reply: &Reply) -> &str {
    std::str::from_utf8(&reply.body).unwrap()
}

async fn server(faults: &str) -> MarketServer {
    let options = MarketOptions {
        faults: FaultRule::list(faults).unwrap(),
        ..MarketOptions::new(1, day("2024-09-23"))
    };
    start(options, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
        .await
        .unwrap()
}

/// All bytes that the server sends for a GET request until it closes the connection; head and body.
async fn get(server: &MarketServer, path_and_query: &str) -> (String, Vec<u8>) {
    let address = server.url().replace("http://", "");
    let head =
        format!("GET {path_and_query} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let bytes = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        // A connection that breaks gives what came before.
        let _ = stream.read_to_end(&mut bytes);
        bytes
    });
    let bytes = bytes.await.unwrap();
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return (String::from_utf8(bytes).unwrap(), Vec::new());
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    (head.to_ascii_lowercase(), bytes[end + 4..].to_vec())
}

const GOLD: &str = "/query?function=TIME_SERIES_DAILY&symbol=GLD&apikey=SECRET";

#[tokio::test(flavor = "multi_thread")]
async fn both_vendors_answer_and_say_that_they_are_synthetic() {
    let server = server("[]").await;
    let (head, body) = get(&server, GOLD).await;
    assert!(head.starts_with("http/1.1 200 ok"), "{head}");
    assert!(head.contains("x-assay-synthetic: 1"), "{head}");
    assert!(head.contains("content-type: application/json"), "{head}");
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["Time Series (Daily)"].as_object().unwrap().len(), 100);

    let path = "/fred/series/observations?series_id=NONE&api_key=K&file_type=json";
    let (head, body) = get(&server, path).await;
    assert!(head.starts_with("http/1.1 400 bad request"), "{head}");
    assert!(head.contains("x-assay-synthetic: 1"), "{head}");
    assert_eq!(
        String::from_utf8(body).unwrap(),
        r#"{"error_code":400,"error_message":"Bad Request.  The series does not exist."}"#
    );
    let (head, _) = get(&server, "/elsewhere").await;
    assert!(head.starts_with("http/1.1 404"), "{head}");
    assert!(head.contains("x-assay-synthetic: 1"), "{head}");

    let log = server.requests();
    let seen: Vec<_> = log
        .iter()
        .map(|served| (served.vendor, served.status, served.outcome.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            (Vendor::AlphaVantage, 200, "ok"),
            (Vendor::Fred, 400, "error:request")
        ]
    );
    let expected = BTreeMap::from(
        [
            ("function", "TIME_SERIES_DAILY"),
            ("symbol", "GLD"),
            ("apikey", "***"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    assert_eq!(log[0].parameters, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_and_the_faults_can_be_changed_while_it_runs() {
    let server = server("[]").await;
    let newest = |body: Vec<u8>| {
        let body: Value = serde_json::from_slice(&body).unwrap();
        body["Meta Data"]["3. Last Refreshed"].clone()
    };
    assert_eq!(newest(get(&server, GOLD).await.1), "2024-09-23");
    server.set_today(day("2024-09-29"));
    assert_eq!(newest(get(&server, GOLD).await.1), "2024-09-27");
    let rules = r#"[{"match": {"symbol": "gld"}, "fault": {"kind": "html", "status": 403}}]"#;
    server.set_faults(FaultRule::list(rules).unwrap());
    let (head, body) = get(&server, GOLD).await;
    assert!(head.starts_with("http/1.1 403"), "{head}");
    assert!(head.contains("content-type: text/html"), "{head}");
    assert!(body.starts_with(b"<!DOCTYPE html>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_delivery_reach_the_client() {
    let rules = r#"[
        {"nth": 2, "fault": {"kind": "truncated", "keep_length": true}},
        {"nth": 3, "fault": {"kind": "reset"}},
        {"nth": 4, "fault": {"kind": "truncated", "fraction": 0.25}},
        {"nth": 5, "fault": {"kind": "slow", "delay_s": 0.01, "chunk": 5000, "pause_s": 0.001}}
    ]"#;
    let server = server(rules).await;
    let (head, whole) = get(&server, GOLD).await;
    let length = format!("content-length: {}", whole.len());
    assert!(head.contains(&length), "{head}");

    let (head, body) = get(&server, GOLD).await;
    assert!(head.contains(&length), "{head}");
    assert_eq!(body, whole[..whole.len() / 2]);

    assert_eq!(get(&server, GOLD).await, (String::new(), Vec::new()));

    let (head, body) = get(&server, GOLD).await;
    assert!(head.contains(&format!("content-length: {}", whole.len() / 4)));
    assert_eq!(body, whole[..whole.len() / 4]);

    assert_eq!(get(&server, GOLD).await.1, whole);
    let log = server.requests();
    let outcomes: Vec<&str> = log.iter().map(|served| served.outcome.as_str()).collect();
    assert_eq!(
        outcomes,
        [
            "ok",
            "ok+fault:truncated",
            "ok+fault:reset",
            "ok+fault:truncated",
            "ok+fault:slow"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_address_is_named_and_a_dropped_market_frees_its_own() {
    let first = server("[]").await;
    let address: SocketAddr = first.url().replace("http://", "").parse().unwrap();
    let options = MarketOptions::new(1, day("2024-09-23"));
    let error = start(options.clone(), address).await.map(drop).unwrap_err();
    let MarketError::Listen { addr, .. } = &error;
    assert_eq!(*addr, address);
    assert_eq!(
        error.to_string(),
        format!(
            "the synthetic market cannot listen on {address}: choose another port or stop what uses it"
        )
    );
    first.stop().await;
    assert_eq!(
        start(options, address).await.unwrap().url(),
        format!("http://{address}")
    );
}

#[test]
fn the_free_plan_refuses_in_the_vendors_words() {
    let mut vendors = Vendors::new(MarketOptions {
        limits: Some(FreePlan {
            per_day: 2,
            fred_per_minute: 1,
            ..FreePlan::default()
        }),
        ..MarketOptions::new(1, day("2024-09-23"))
    });
    let start = Instant::now();
    let mut ask = |query: &str, seconds| {
        let request = request(&format!(
            "/query?function=TIME_SERIES_DAILY&symbol=GLD&apikey=KEY{query}"
        ));
        vendors
            .answer(&request, start + Duration::from_secs(seconds))
            .0
    };
    assert_eq!(ask("", 0).outcome, "ok");
    let burst = ask("", 0);
    assert_eq!((burst.status, burst.outcome.as_str()), (200, "limit:burst"));
    assert!(
        json(&burst)["Information"]
            .as_str()
            .unwrap()
            .contains("(1 request per second)")
    );
    let full = ask("&outputsize=full", 1);
    assert_eq!(full.outcome, "premium:full");
    assert!(text(&full).contains("The outputsize=full parameter value is a premium feature for the TIME_SERIES_DAILY endpoint."));
    let daily = ask("", 2);
    assert_eq!(daily.outcome, "limit:daily");
    assert!(text(&daily).contains(
        "detected your API key as KEY and our standard API rate limit is 2 requests per day."
    ));
    vendors.set_today(day("2024-09-24"));
    let prices = request("/query?function=CPI&apikey=KEY");
    let tomorrow = start + Duration::from_secs(9);
    assert_eq!(vendors.answer(&prices, tomorrow).0.outcome, "ok");

    assert_eq!(fred(&mut vendors, "series?series_id=GDP").outcome, "ok");
    let over = fred(&mut vendors, "series?series_id=GDP");
    assert_eq!((over.status, over.outcome.as_str()), (429, "limit:minute"));
    assert_eq!(
        text(&over),
        r#"{"error_code":429,"error_message":"Too Many Requests.  Exceeded Rate Limit"}"#
    );
}

#[test]
fn a_key_is_required_and_the_same_question_has_the_same_bytes() {
    let mut vendors = vendors();
    let mut ask = |url: &str| vendors.answer(&request(url), Instant::now()).0;
    let missing = ask("/query?function=CPI");
    assert_eq!(
        (missing.status, missing.outcome.as_str()),
        (200, "error:apikey")
    );
    assert!(text(&missing).contains("the parameter apikey is invalid or missing."));
    let missing = ask("/fred/series?series_id=GDP&file_type=json&api_key=");
    assert_eq!(missing.status, 400);
    assert_eq!(
        text(&missing),
        r#"{"error_code":400,"error_message":"Bad Request.  Variable api_key is not set.  Read https:\/\/fred.stlouisfed.org\/docs\/api\/api_key.html for more information."}"#
    );
    let urls = [
        "/query?function=GOLD_SILVER_HISTORY&symbol=XAU&interval=daily&apikey=K",
        "/query?function=TIME_SERIES_DAILY&symbol=SPY&outputsize=full&apikey=K",
        "/fred/series/observations?series_id=VIXCLS&file_type=json&api_key=K",
    ];
    for url in urls {
        assert_eq!(
            ask(url).body,
            super::tests::vendors()
                .answer(&request(url), Instant::now())
                .0
                .body
        );
    }
}

#[test]
fn every_built_in_preset_can_be_fed() {
    let mut vendors = vendors();
    let mut count = 0;
    for name in crate::preset::built_in_names() {
        for series in crate::preset::load(name).unwrap().series {
            let request = series.source.request();
            let parameters = request.parameters.iter();
            let parameters = parameters.filter(|(name, _)| *name != "vintages");
            let query: Vec<String> = parameters
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let reply = match request.vendor {
                Vendor::AlphaVantage => alpha_vantage(&mut vendors, &query.join("&")),
                Vendor::Fred => {
                    let path = format!("series/observations?{}", query.join("&"));
                    fred(&mut vendors, &path)
                }
            };
            assert_eq!(reply.outcome, "ok", "{query:?}");
            count += 1;
        }
    }
    assert!(count > 30, "{count}");
}
