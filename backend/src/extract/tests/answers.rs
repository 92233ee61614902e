//! What comes over the wire: kept as it is, waited for, asked for again, given up.

use super::*;

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
