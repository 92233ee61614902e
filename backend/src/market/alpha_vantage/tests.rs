//! Alpha Vantage's shapes and refusals.

use serde_json::Value;

use crate::market::tests::{alpha_vantage, day, json, text, vendors};

fn rows(body: &Value) -> Vec<(String, String)> {
    let list = body["data"].as_array().unwrap();
    let value = |row: &Value| row.get("value").or(row.get("price")).cloned().unwrap();
    list.iter()
        .map(|row| {
            let date = row["date"].as_str().unwrap();
            (date.to_owned(), value(row).as_str().unwrap().to_owned())
        })
        .collect()
}

#[test]
fn daily_bars_have_the_vendor_s_shape() {
    let mut vendors = vendors();
    let reply = alpha_vantage(&mut vendors, "function=TIME_SERIES_DAILY&symbol=gld");
    let lines: Vec<&str> = text(&reply).lines().take(17).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {
        "Meta Data": {
            "1. Information": "Daily Prices (open, high, low, close) and Volumes",
            "2. Symbol": "GLD",
            "3. Last Refreshed": "2024-09-23",
            "4. Output Size": "Compact",
            "5. Time Zone": "US/Eastern"
        },
        "Time Series (Daily)": {
            "2024-09-23": {
                "1. open": "186.8200",
                "2. high": "187.2500",
                "3. low": "185.7800",
                "4. close": "186.3500",
                "5. volume": "8603924"
            },
            "2024-09-20": {
    "#);
    let full = alpha_vantage(
        &mut vendors,
        "function=TIME_SERIES_DAILY&symbol=GLD&outputsize=full",
    );
    let full = json(&full);
    assert_eq!(full["Meta Data"]["4. Output Size"], "Full size");
    let days = full["Time Series (Daily)"].as_object().unwrap();
    // Keys of a JSON map are sorted here: the first is the oldest.
    assert_eq!(days.keys().next().unwrap(), "2004-11-18");
    assert_eq!(days.keys().next_back().unwrap(), "2024-09-23");
}

#[test]
fn exchange_rates_have_the_vendor_s_shape() {
    let mut vendors = vendors();
    let query = "function=FX_DAILY&from_symbol=EUR&to_symbol=USD";
    let reply = alpha_vantage(&mut vendors, query);
    let lines: Vec<&str> = text(&reply).lines().take(16).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {
        "Meta Data": {
            "1. Information": "Forex Daily Prices (open, high, low, close)",
            "2. From Symbol": "EUR",
            "3. To Symbol": "USD",
            "4. Output Size": "Compact",
            "5. Last Refreshed": "2024-09-23 21:55:00",
            "6. Time Zone": "UTC"
        },
        "Time Series FX (Daily)": {
            "2024-09-23": {
                "1. open": "1.04290",
                "2. high": "1.04825",
                "3. low": "1.04193",
                "4. close": "1.04609"
            },
    "#);
    let unknown = alpha_vantage(
        &mut vendors,
        "function=FX_DAILY&from_symbol=EURU&to_symbol=SD",
    );
    assert_eq!(unknown.outcome, "error:invalid");
}

#[test]
fn the_split_is_told_once_it_has_happened() {
    let mut vendors = vendors();
    let reply = alpha_vantage(&mut vendors, "function=SPLITS&symbol=USO");
    assert_eq!(
        json(&reply),
        serde_json::json!({
            "symbol": "USO",
            "data": [{"effective_date": "2020-04-29", "split_factor": "0.1250"}]
        })
    );
    let none = alpha_vantage(&mut vendors, "function=SPLITS&symbol=GLD");
    assert_eq!(
        text(&none),
        "{\n    \"symbol\": \"GLD\",\n    \"data\": []\n}"
    );
    vendors.set_today(day("2020-04-28"));
    let before = alpha_vantage(&mut vendors, "function=SPLITS&symbol=USO");
    assert_eq!(json(&before)["data"], serde_json::json!([]));
}

#[test]
fn gold_s_history_drifts_by_a_day_and_fills_its_weekends() {
    let mut vendors = vendors();
    let query = "function=GOLD_SILVER_HISTORY&symbol=GOLD&interval=daily";
    let reply = alpha_vantage(&mut vendors, query);
    assert!(
        text(&reply)
            .starts_with("{\"nominal\":\"XAUUSD\",\"data\":[{\"date\":\"2024-09-23\",\"price\":\"")
    );
    let rows = rows(&json(&reply));
    // Monday, Sunday and Saturday carry Friday's price; Friday carries Thursday's.
    let dates: Vec<&str> = rows[..5].iter().map(|(date, _)| date.as_str()).collect();
    assert_eq!(
        dates,
        [
            "2024-09-23",
            "2024-09-22",
            "2024-09-21",
            "2024-09-20",
            "2024-09-19"
        ]
    );
    assert_eq!(rows[0].1, rows[1].1);
    assert_eq!(rows[1].1, rows[2].1);
    assert_ne!(rows[2].1, rows[3].1);
    assert_eq!(rows.last().unwrap().0, "2011-06-01");
    let in_2012 = rows
        .iter()
        .filter(|(date, _)| date.starts_with("2012"))
        .count();
    let in_2023 = rows
        .iter()
        .filter(|(date, _)| date.starts_with("2023"))
        .count();
    assert_eq!((in_2012, in_2023), (261, 365));

    // The price of a market day is the same, whatever date it is given.
    vendors.set_today(day("2024-09-20"));
    let friday = alpha_vantage(&mut vendors, "function=GOLD_SILVER_SPOT&symbol=XAU");
    assert_eq!(json(&friday)["timestamp"], "2024-09-20 21:00:00");
    assert_eq!(json(&friday)["price"], Value::from(rows[2].1.as_str()));
    let required = alpha_vantage(&mut vendors, "function=GOLD_SILVER_HISTORY&symbol=XAU");
    assert_eq!(required.outcome, "error:invalid");
}

#[test]
fn rates_have_the_vendor_s_shape_and_usual_intervals() {
    let mut vendors = vendors();
    let mut ask = |query: &str| json(&alpha_vantage(&mut vendors, query));
    let rates = ask("function=FEDERAL_FUNDS_RATE");
    assert_eq!(rates["name"], "Effective Federal Funds Rate");
    assert_eq!(
        (&rates["interval"], &rates["unit"]),
        (&"monthly".into(), &"percent".into())
    );
    assert_eq!(rows(&rates)[0].0, "2024-08-01");
    let days = rows(&ask("function=FEDERAL_FUNDS_RATE&interval=daily"));
    // Friday's rate, and those of the weekend, are published on Monday.
    assert_eq!(days[0].0, "2024-09-22");

    let yields = ask("function=TREASURY_YIELD&interval=daily&maturity=2year");
    assert_eq!(yields["name"], "2-Year Treasury Constant Maturity Rate");
    let yields = rows(&yields);
    assert_eq!(yields[0].0, "2024-09-20");
    assert!(yields.contains(&("2024-09-02".to_owned(), ".".to_owned())));
    let usual = ask("function=TREASURY_YIELD");
    assert_eq!(usual["name"], "10-Year Treasury Constant Maturity Rate");
    assert_eq!(rows(&usual)[0].0, "2024-08-01");

    assert_eq!(
        rows(&ask("function=WTI&interval=weekly"))[0].0,
        "2024-09-13"
    );
    assert_eq!(
        rows(&ask("function=BRENT&interval=daily"))[0].0,
        "2024-09-16"
    );
    assert_eq!(rows(&ask("function=CPI"))[0].0, "2024-08-01");
    assert_eq!(
        rows(&ask("function=CPI&interval=semiannual"))[0].0,
        "2024-01-01"
    );
    let output = ask("function=REAL_GDP");
    assert_eq!(output["interval"], "annual");
    assert_eq!(rows(&output)[0].0, "2023-01-01");
    assert_eq!(
        rows(&ask("function=REAL_GDP&interval=quarterly"))[0].0,
        "2024-04-01"
    );
}

#[test]
fn wrong_calls_are_refused_in_the_vendor_s_words() {
    let mut vendors = vendors();
    let mut refused = |query: &str| {
        let reply = alpha_vantage(&mut vendors, query);
        assert_eq!(reply.status, 200);
        json(&reply)["Error Message"].as_str().unwrap().to_owned()
    };
    let invalid = "Invalid API call. Please retry or visit the documentation (https://www.alphavantage.co/documentation/) for ";
    for query in [
        "function=TIME_SERIES_DAILY&symbol=NOPE",
        "function=TIME_SERIES_DAILY",
        "function=TIME_SERIES_DAILY&symbol=GLD&outputsize=all",
        "function=TIME_SERIES_DAILY&symbol=GLD&datatype=csv",
    ] {
        assert_eq!(
            refused(query),
            format!("{invalid}TIME_SERIES_DAILY."),
            "{query}"
        );
    }
    assert_eq!(
        refused("function=WTI&interval=annual"),
        format!("{invalid}WTI.")
    );
    assert_eq!(
        refused("function=nope"),
        "This API function (nope) does not exist."
    );
    assert_eq!(
        refused("symbol=GLD"),
        "This API function () does not exist."
    );
}
