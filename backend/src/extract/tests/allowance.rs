//! What a plan allows: paced, counted before it is sent, ended when the vendor says so.

use super::*;

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
