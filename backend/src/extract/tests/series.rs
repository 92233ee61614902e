//! Whole series in pages and periods, side by side, and no key in what is said of them.

use super::*;

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
