//! Both clients end to end against a scripted server: time-outs, broken answers, patience, quota, secrecy.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::NaiveDate;
use shared::run::Progress;
use shared::series::Vendor;

use super::http::{HttpClient, HttpError, Timeouts};
use super::scripted::{Act, Scripted};
use super::timer::tests::FakeTimer;
use super::*;
use crate::clock::{Clock, FixedClock};
use crate::config::{Plan, Secret, VendorSettings};
use crate::lake::{Lake, LocalLake};
use crate::progress::Reporter;

const AV_KEY: &str = "AVKEY0123456789Z";
const FRED_KEY: &str = "fredkey0123456789abcdefghijklmno";
const GOLD: &str = r#"{"nominal": "XAUUSD", "data": [{"date": "2024-09-20", "price": "2622.1"}]}"#;
const ROWS: &str = r#"{"count": 1, "observations": [{"date": "2024-09-20", "value": "3.73"}]}"#;
const PREMIUM: Plan = Plan::Premium { per_minute: 75 };

/// Everything that a test needs: two servers, a lake, a clock at the end of 2024-09-23, a timer that does not wait.
struct Stage {
    av: Scripted,
    fred: Scripted,
    clients: Clients,
    lake: LocalLake,
    timer: Arc<FakeTimer>,
    _folder: tempfile::TempDir,
}

impl Stage {
    async fn new(plan: Plan, av: Vec<Act>, fred: Vec<Act>) -> Self {
        Self::with(
            plan,
            av,
            fred,
            Tuning::vendors("https://api.stlouisfed.org"),
        )
        .await
    }

    async fn with(plan: Plan, av: Vec<Act>, fred: Vec<Act>, tuning: Tuning) -> Self {
        let (av, fred) = (Scripted::play(av).await, Scripted::play(fred).await);
        let access = Access {
            alpha_vantage: settings(&av.url, Some(AV_KEY)),
            fred: settings(&fred.url, Some(FRED_KEY)),
            plan,
        };
        let folder = tempfile::tempdir().unwrap();
        let lake = LocalLake::new(folder.path());
        let timer = Arc::new(FakeTimer::default());
        let clients = clients(&access, tuning, &lake, &timer);
        Self {
            av,
            fred,
            clients,
            lake,
            timer,
            _folder: folder,
        }
    }

    async fn run(&self, requests: &[(Request, Window)]) -> Vec<Extraction> {
        extract(&self.clients, planned(requests), &Reporter::silent()).await
    }

    /// The only error of a run of one request.
    async fn error(&self, request: Request) -> VendorError {
        let mut all = self.run(&[(request, Window::Full)]).await;
        assert_eq!(all.len(), 1);
        all.remove(0).outcome.unwrap_err()
    }

    async fn used(&self) -> u32 {
        let clock = FixedClock::end_of(day("2024-09-23"));
        quota::read(&self.lake, &clock, Plan::Free).await.unwrap()[0].used
    }
}

fn clients(access: &Access, tuning: Tuning, lake: &LocalLake, timer: &Arc<FakeTimer>) -> Clients {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::end_of(day("2024-09-23")));
    let lake: Arc<dyn Lake> = Arc::new(lake.clone());
    let timer: Arc<dyn timer::Timer> = timer.clone();
    Clients::with_timer(access, tuning, &clock, &lake, &timer).unwrap()
}

fn settings(url: &str, key: Option<&str>) -> VendorSettings {
    VendorSettings {
        url: url.to_owned(),
        key: key.map(Secret::new),
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn request(vendor: Vendor, parameters: &[(&str, &str)]) -> Request {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Request {
        vendor,
        parameters: parameters.iter().map(own).collect::<BTreeMap<_, _>>(),
    }
}

fn gold() -> Request {
    let parameters = [
        ("function", "GOLD_SILVER_HISTORY"),
        ("symbol", "XAU"),
        ("interval", "daily"),
    ];
    request(Vendor::AlphaVantage, &parameters)
}

fn gld() -> Request {
    let parameters = [("function", "TIME_SERIES_DAILY"), ("symbol", "GLD")];
    request(Vendor::AlphaVantage, &parameters)
}

fn fred(parameters: &[(&str, &str)]) -> Request {
    request(Vendor::Fred, parameters)
}

fn planned(requests: &[(Request, Window)]) -> Vec<PlannedRequest> {
    let numbered = requests.iter().enumerate();
    let plan = numbered.map(|(number, (request, window))| PlannedRequest {
        request: request.clone(),
        window: *window,
        series: vec![format!("s{number}").parse().unwrap()],
    });
    plan.collect()
}

fn bodies(extraction: &Extraction) -> Vec<&[u8]> {
    let answers = extraction.outcome.as_ref().unwrap();
    answers
        .iter()
        .map(|answer| answer.body.as_slice())
        .collect()
}

fn impatient(timeouts: Timeouts) -> Tuning {
    let mut tuning = Tuning::vendors("https://api.stlouisfed.org");
    tuning.retry.attempts = 1;
    tuning.timeouts = timeouts;
    tuning
}

#[tokio::test]
async fn an_answer_is_kept_byte_for_byte_and_marked_as_what_it_is() {
    let synthetic = Act::json(ROWS).with_header(&format!("{SYNTHETIC_HEADER}: 1"));
    let stage = Stage::new(PREMIUM, vec![Act::json(GOLD)], vec![synthetic]).await;
    let requests = [
        (
            fred(&[("series_id", "DGS10")]),
            Window::Since(day("2024-09-10")),
        ),
        (gold(), Window::Full),
    ];
    let all = stage.run(&requests).await;
    assert_eq!(all[0].series[0].as_str(), "s0");
    assert_eq!(bodies(&all[0]), [ROWS.as_bytes()]);
    assert_eq!(bodies(&all[1]), [GOLD.as_bytes()]);
    assert_eq!((all[0].requests_sent, all[1].requests_sent), (1, 1));
    let (rows, gold) = (
        &all[0].outcome.as_ref().unwrap()[0],
        &all[1].outcome.as_ref().unwrap()[0],
    );
    assert_eq!((rows.synthetic, gold.synthetic), (true, false));
    assert_eq!(gold.fetched_at.to_rfc3339(), "2024-09-23T23:59:59+00:00");
    keep_raw(&stage.lake, Vendor::AlphaVantage, gold)
        .await
        .unwrap();
    let kept = read_raw(&stage.lake, Vendor::AlphaVantage, &gold.sha256)
        .await
        .unwrap();
    assert_eq!(kept, GOLD.as_bytes());
    assert_eq!(
        stage.fred.targets(FRED_KEY),
        [
            "/fred/series/observations?file_type=json&limit=100000&observation_start=2024-09-10&offset=0&series_id=DGS10&api_key=KEY"
        ]
    );
    assert_eq!(
        stage.av.targets(AV_KEY),
        ["/query?datatype=json&function=GOLD_SILVER_HISTORY&interval=daily&symbol=XAU&apikey=KEY"]
    );
    let head = stage.av.heads()[0].to_ascii_lowercase();
    assert!(
        head.contains(concat!("user-agent: assay/", env!("CARGO_PKG_VERSION"))),
        "{head}"
    );
    assert!(head.contains("accept-encoding: gzip"), "{head}");
}

#[tokio::test]
async fn a_gzip_body_is_unpacked() {
    // {"data": []}
    let packed = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0x56, 0x4a, 0x49, 0x2c,
        0x49, 0x54, 0xb2, 0x52, 0x88, 0x8e, 0xad, 0x05, 0x00, 0xb8, 0x78, 0xbd, 0x26, 0x0c, 0x00,
        0x00, 0x00,
    ];
    let lines = vec!["Content-Encoding: gzip".to_owned()];
    let stage = Stage::new(
        PREMIUM,
        vec![Act::Reply(200, lines, packed.to_vec())],
        vec![],
    )
    .await;
    let all = stage.run(&[(gold(), Window::Full)]).await;
    assert_eq!(bodies(&all[0]), [br#"{"data": []}"#]);
}

#[tokio::test]
async fn a_busy_vendor_is_asked_again_when_it_says() {
    let busy = Act::status(503, "busy").with_header("Retry-After: 7");
    let limited = Act::status(
        429,
        r#"{"error_code": 429, "error_message": "Too Many Requests.  Exceeded Rate Limit"}"#,
    );
    let stage = Stage::new(
        PREMIUM,
        vec![busy, Act::json(GOLD)],
        vec![limited, Act::json(ROWS)],
    )
    .await;
    let all = stage.run(&[(gold(), Window::Full)]).await;
    assert_eq!(
        (all[0].requests_sent, bodies(&all[0])),
        (2, vec![GOLD.as_bytes()])
    );
    assert_eq!(stage.timer.slept(), [Duration::from_secs(7)]);
    let all = stage
        .run(&[(fred(&[("series_id", "DGS10")]), Window::Full)])
        .await;
    assert_eq!(
        (all[0].requests_sent, bodies(&all[0])),
        (2, vec![ROWS.as_bytes()])
    );
    assert_eq!(stage.timer.slept()[1], Duration::from_secs(20));
}

#[tokio::test]
async fn broken_answers_are_asked_for_again() {
    let acts = vec![
        Act::Reset,
        Act::CutOff(GOLD.as_bytes().to_vec()),
        Act::json(&GOLD[..GOLD.len() / 2]),
        Act::json(GOLD),
    ];
    let stage = Stage::new(PREMIUM, acts, vec![]).await;
    let all = stage.run(&[(gold(), Window::Full)]).await;
    assert_eq!(
        (all[0].requests_sent, bodies(&all[0])),
        (4, vec![GOLD.as_bytes()])
    );
}

#[tokio::test]
async fn patience_ends_and_the_last_error_says_how_often() {
    let stage = Stage::new(PREMIUM, vec![Act::Reset; 4], vec![]).await;
    let error = stage.error(gold()).await;
    let text = error.to_string();
    assert!(
        text.starts_with("Alpha Vantage: the connection broke: "),
        "{text}"
    );
    assert!(text.ends_with(" (4 attempts)"), "{text}");
    assert!(matches!(error, VendorError::Retry { .. }));
}

#[tokio::test]
async fn silence_a_stall_and_an_endless_drip_all_end() {
    let (soon, late) = (Duration::from_millis(200), Timeouts::default());
    let cases = [
        (
            Act::Silence,
            Timeouts {
                first_byte: soon,
                ..late
            },
            "no answer",
        ),
        (
            Act::Stall,
            Timeouts { read: soon, ..late },
            "the answer stopped in the middle: nothing more",
        ),
        (
            Act::Drip,
            Timeouts {
                total: soon,
                ..late
            },
            "the answer did not end",
        ),
    ];
    for (act, timeouts, what) in cases {
        let stage = Stage::with(PREMIUM, vec![act], vec![], impatient(timeouts)).await;
        let expected = VendorError::retry(format!("Alpha Vantage: {what} within 0.2 s"));
        assert_eq!(stage.error(gold()).await, expected);
    }
}

#[tokio::test]
async fn an_endless_body_is_not_read_into_memory() {
    let huge = Act::Reply(200, vec![], vec![b' '; http::MAX_BODY + 1]);
    let server = Scripted::play([huge]).await;
    let client = HttpClient::new(&server.url, Timeouts::default()).unwrap();
    assert_eq!(client.get(&server.url, []).await, Err(HttpError::TooLarge));
}

#[tokio::test]
async fn a_redirect_does_not_show_the_key_to_the_next_server() {
    let next = Scripted::play([Act::json(GOLD)]).await;
    let away = Act::status(302, "").with_header(&format!("Location: {}/moved", next.url));
    let stage = Stage::new(PREMIUM, vec![away], vec![]).await;
    let all = stage.run(&[(gold(), Window::Full)]).await;
    assert_eq!(bodies(&all[0]), [GOLD.as_bytes()]);
    assert_eq!(next.targets(AV_KEY), ["/moved"]);
    assert!(!next.heads()[0].contains(AV_KEY));
}

#[tokio::test]
async fn the_free_plan_is_paced_and_counts_every_attempt_before_it_is_sent() {
    let burst = Act::json(
        r#"{"Information": "more sparingly (1 request per second), 25 requests per day"}"#,
    );
    let acts = vec![Act::json(GOLD), burst, Act::Reset, Act::json(GOLD)];
    let stage = Stage::new(Plan::Free, acts, vec![]).await;
    let all = stage
        .run(&[(gold(), Window::Full), (gold(), Window::Full)])
        .await;
    assert_eq!((all[0].requests_sent, all[1].requests_sent), (1, 3));
    assert_eq!(stage.used().await, 4);
    let slept = stage.timer.slept();
    assert_eq!(
        slept[..2],
        [Duration::from_millis(1500), Duration::from_secs(2)]
    );
}

#[tokio::test]
async fn the_twenty_sixth_request_of_a_day_is_not_sent() {
    let stage = Stage::new(Plan::Free, vec![Act::json(GOLD); 30], vec![Act::json(ROWS)]).await;
    let mut requests = vec![(gold(), Window::Full); 27];
    requests.push((fred(&[("series_id", "DGS10")]), Window::Full));
    let all = stage.run(&requests).await;
    assert_eq!(stage.av.heads().len(), 25);
    assert!(
        all[..25]
            .iter()
            .all(|extraction| extraction.outcome.is_ok())
    );
    for extraction in &all[25..27] {
        assert_eq!(extraction.requests_sent, 0);
        let error = extraction.outcome.as_ref().unwrap_err();
        assert!(
            matches!(error, VendorError::QuotaExhausted { .. }),
            "{error}"
        );
        assert!(
            error
                .failure()
                .advice
                .starts_with("run again after midnight UTC")
        );
    }
    assert!(all[27].outcome.is_ok(), "the other vendor goes on");
}

#[tokio::test]
async fn when_the_vendor_says_enough_nothing_more_is_sent_today() {
    let enough = Act::json(&format!(
        r#"{{"Information": "We have detected your API key as {AV_KEY} and our limit is 25 requests per day."}}"#
    ));
    let acts = vec![Act::json(GOLD), enough];
    let stage = Stage::new(Plan::Free, acts, vec![Act::json(ROWS)]).await;
    let mut requests = vec![(gold(), Window::Full); 4];
    requests.insert(1, (fred(&[("series_id", "DGS10")]), Window::Full));
    let all = stage.run(&requests).await;
    let states: Vec<bool> = all
        .iter()
        .map(|extraction| extraction.outcome.is_ok())
        .collect();
    assert_eq!(states, [true, true, false, false, false]);
    assert_eq!(all[3].outcome, all[2].outcome);
    assert_eq!(stage.av.heads().len(), 2);
    assert_eq!(stage.used().await, 25);
    let again = stage.run(&[(gold(), Window::Full)]).await;
    assert_eq!((again[0].requests_sent, stage.av.heads().len()), (0, 2));
}

#[tokio::test]
async fn full_daily_prices_on_the_free_plan_fail_without_costing_a_call() {
    let stage = Stage::new(Plan::Free, vec![Act::json(GOLD)], vec![]).await;
    let error = stage.error(gld()).await;
    assert_eq!(error, classify::needs_premium(None));
    assert!(error.failure().advice.contains("--preset fair-free"));
    assert_eq!((stage.av.heads().len(), stage.used().await), (0, 0));
    let recent = stage
        .run(&[(gld(), Window::Since(day("2024-09-13")))])
        .await;
    assert!(recent[0].outcome.is_ok());
    assert_eq!(
        stage.av.targets(AV_KEY),
        [
            "/query?datatype=json&function=TIME_SERIES_DAILY&outputsize=compact&symbol=GLD&apikey=KEY"
        ]
    );
}

#[tokio::test]
async fn a_missing_key_is_named_and_nothing_is_sent() {
    let server = Scripted::play([]).await;
    let access = Access {
        alpha_vantage: settings(&server.url, None),
        fred: settings(&server.url, None),
        plan: PREMIUM,
    };
    let folder = tempfile::tempdir().unwrap();
    let lake = LocalLake::new(folder.path());
    let clients = clients(
        &access,
        Tuning::vendors("https://api.stlouisfed.org"),
        &lake,
        &Arc::default(),
    );
    let requests = [
        (gold(), Window::Full),
        (fred(&[("series_id", "GDP")]), Window::Full),
    ];
    let all = extract(&clients, planned(&requests), &Reporter::silent()).await;
    let advice =
        |extraction: &Extraction| extraction.outcome.as_ref().unwrap_err().failure().advice;
    assert!(advice(&all[0]).starts_with("set ASSAY_ALPHAVANTAGE_KEY"));
    assert!(advice(&all[1]).starts_with("set ASSAY_FRED_KEY"));
    assert_eq!(server.heads().len(), 0);
}

#[tokio::test]
async fn long_series_come_in_pages() {
    let first = r#"{"count": 150000, "observations": [{"date": "1950-01-01", "value": "1"}]}"#;
    let second = r#"{"count": 150000, "observations": [{"date": "2024-01-01", "value": "2"}]}"#;
    let stage = Stage::new(PREMIUM, vec![], vec![Act::json(first), Act::json(second)]).await;
    let all = stage
        .run(&[(fred(&[("series_id", "X")]), Window::Full)])
        .await;
    assert_eq!(bodies(&all[0]), [first.as_bytes(), second.as_bytes()]);
    let offsets: Vec<_> = stage.fred.targets(FRED_KEY);
    assert!(offsets[0].contains("&offset=0&") && offsets[1].contains("&offset=100000&"));
}

#[tokio::test]
async fn vintages_are_fetched_in_periods_that_fred_accepts() {
    let first = day("2000-01-01");
    let dates: Vec<NaiveDate> = first.iter_days().take(2500).collect();
    let list = serde_json::json!({ "count": 2500, "vintage_dates": dates }).to_string();
    let acts = vec![Act::json(&list), Act::json(ROWS), Act::json(ROWS)];
    let stage = Stage::new(PREMIUM, vec![], acts).await;
    let cpi = fred(&[("series_id", "CPIAUCSL"), ("vintages", "true")]);
    let all = stage.run(&[(cpi, Window::Full)]).await;
    assert_eq!((all[0].requests_sent, bodies(&all[0]).len()), (3, 2));
    let rows = "/fred/series/observations?file_type=json&limit=100000&offset=0";
    assert_eq!(
        stage.fred.targets(FRED_KEY),
        [
            "/fred/series/vintagedates?file_type=json&limit=10000&offset=0&series_id=CPIAUCSL&api_key=KEY".to_owned(),
            format!("{rows}&realtime_end=2005-06-21&realtime_start=2000-01-01&series_id=CPIAUCSL&api_key=KEY"),
            format!("{rows}&realtime_end=9999-12-31&realtime_start=2005-06-22&series_id=CPIAUCSL&api_key=KEY"),
        ]
    );
}

#[tokio::test]
async fn later_runs_ask_for_new_vintages_only() {
    let list = r#"{"count": 1, "vintage_dates": ["2024-09-11"]}"#;
    let none = r#"{"count": 0, "vintage_dates": []}"#;
    let acts = vec![Act::json(list), Act::json(ROWS), Act::json(none)];
    let stage = Stage::new(PREMIUM, vec![], acts).await;
    let cpi = fred(&[("series_id", "CPIAUCSL"), ("vintages", "true")]);
    let window = Window::Since(day("2024-09-11"));
    stage.run(&[(cpi.clone(), window)]).await;
    let targets = stage.fred.targets(FRED_KEY);
    assert_eq!(targets.len(), 2);
    for target in &targets {
        assert!(
            target.contains("&realtime_end=9999-12-31&realtime_start=2024-09-11&"),
            "{target}"
        );
    }
    let nothing_new = stage.run(&[(cpi, window)]).await;
    assert_eq!(
        (nothing_new[0].requests_sent, bodies(&nothing_new[0]).len()),
        (1, 0)
    );
}

#[tokio::test]
async fn one_failure_stops_no_other_series() {
    let unknown = Act::json(r#"{"Error Message": "Invalid API call."}"#);
    let stage = Stage::new(PREMIUM, vec![unknown, Act::json(GOLD)], vec![]).await;
    let events: Arc<Mutex<Vec<(u64, u64, String)>>> = Arc::default();
    let sink = events.clone();
    let reporter = Reporter::new(move |event| {
        if let Progress::Working {
            done,
            total,
            message,
            ..
        } = event
        {
            sink.lock().unwrap().push((done, total, message));
        }
    });
    let requests = [(gld(), Window::Full), (gold(), Window::Full)];
    let all = extract(&stage.clients, planned(&requests), &reporter).await;
    assert!(all[0].outcome.is_err() && all[1].outcome.is_ok());
    let seen = events.lock().unwrap();
    let expected = [
        (0, "asking Alpha Vantage, TIME_SERIES_DAILY GLD"),
        (
            1,
            "did not get Alpha Vantage, TIME_SERIES_DAILY GLD: Alpha Vantage: Invalid API call.",
        ),
        (1, "asking Alpha Vantage, GOLD_SILVER_HISTORY XAU"),
        (2, "got Alpha Vantage, GOLD_SILVER_HISTORY XAU"),
    ];
    let expected = expected.map(|(done, message)| (done, 2, message.to_owned()));
    assert_eq!(*seen, expected);
}

#[tokio::test]
async fn a_wish_to_stop_is_heard_while_a_vendor_is_silent() {
    let stage = Stage::new(PREMIUM, vec![Act::json(GOLD), Act::Silence], vec![]).await;
    let reporter = Reporter::silent();
    let requests = vec![(gold(), Window::Full); 3];
    let running = extract(&stage.clients, planned(&requests), &reporter);
    let stopping = async {
        while stage.av.heads().len() < 2 {
            tokio::task::yield_now().await;
        }
        reporter.cancel();
    };
    let (finished, ()) = futures::join!(running, stopping);
    assert_eq!(finished.len(), 1);
    assert_eq!(stage.av.heads().len(), 2);
}

/// Every refusal with the key in it, and every fault of transport.
fn refusals(key: &str) -> Vec<Act> {
    let texts = [
        r#"{"Information": "your API key as {key}, 25 requests per day"}"#,
        r#"{"Information": "unknown {key}"}"#,
        r#"{"Note": "slower {key}"}"#,
        r#"{"Error Message": "Invalid API call {key}"}"#,
        r#"{"Error Message": "apikey {key} is invalid"}"#,
        r#"{"error_code": 400, "error_message": "api_key {key} is not registered"}"#,
        r#"{"error_code": 400, "error_message": "{key} does not exist"}"#,
        r#"<error code="400" message="{key}" />"#,
        "<html><title>/query?apikey={key}</title></html>",
        "plain text {key}",
        r#"{"cut": "{key}"#,
    ];
    let echo = |text: &str| text.replace("{key}", key);
    let mut acts = vec![
        Act::Reset,
        Act::CutOff(echo(texts[0]).into_bytes()),
        Act::Silence,
    ];
    for text in texts {
        let statuses = [200, 302, 400, 401, 403, 404, 429, 500];
        acts.extend(statuses.map(|status| Act::status(status, &echo(text))));
    }
    acts
}

#[tokio::test]
async fn no_key_is_in_any_error() {
    let (av, freds) = (refusals(AV_KEY), refusals(FRED_KEY));
    let count = av.len();
    let timeouts = Timeouts {
        first_byte: Duration::from_millis(500),
        ..Timeouts::default()
    };
    let stage = Stage::with(PREMIUM, av, freds, impatient(timeouts)).await;
    let dgs10 = fred(&[("series_id", "DGS10")]);
    let mut errors = Vec::new();
    for _ in 0..count {
        errors.push(stage.error(gold()).await);
        errors.push(stage.error(dgs10.clone()).await);
    }
    assert_eq!(
        (stage.av.heads().len(), stage.fred.heads().len()),
        (count, count)
    );
    let access = Access {
        alpha_vantage: settings("http://127.0.0.1:1", Some(AV_KEY)),
        fred: settings("http://not an address", Some(FRED_KEY)),
        plan: PREMIUM,
    };
    let clients = clients(
        &access,
        Tuning::vendors("https://api.stlouisfed.org"),
        &stage.lake,
        &stage.timer,
    );
    let requests = [(gold(), Window::Full), (dgs10, Window::Full)];
    for extraction in extract(&clients, planned(&requests), &Reporter::silent()).await {
        errors.push(extraction.outcome.unwrap_err());
    }
    let [.., closed, nowhere] = errors.as_slice() else {
        panic!("no errors")
    };
    assert!(
        closed
            .to_string()
            .starts_with("Alpha Vantage: cannot connect: "),
        "{closed}"
    );
    assert_eq!(nowhere.failure().advice, "check ASSAY_FRED_URL");
    for error in &errors {
        let text = format!("{error} {error:?} {:?}", error.failure());
        assert!(!text.contains(AV_KEY) && !text.contains(FRED_KEY), "{text}");
    }
}
