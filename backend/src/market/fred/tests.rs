//! FRED's shapes and refusals.

use std::time::Instant;

use serde_json::{Value, json as value};

use crate::market::tests::{day, fred, json, request, text, vendors};

#[test]
fn observations_have_fred_s_shape() {
    let mut vendors = vendors();
    let query = "series/observations?series_id=DGS10&observation_start=2024-08-30&observation_end=2024-09-03";
    insta::assert_snapshot!(text(&fred(&mut vendors, query)), @r#"{"realtime_start":"2024-09-23","realtime_end":"2024-09-23","observation_start":"2024-08-30","observation_end":"2024-09-03","units":"lin","output_type":1,"file_type":"json","order_by":"observation_date","sort_order":"asc","count":3,"offset":0,"limit":100000,"observations":[{"realtime_start":"2024-09-23","realtime_end":"2024-09-23","date":"2024-08-30","value":"4.76"},{"realtime_start":"2024-09-23","realtime_end":"2024-09-23","date":"2024-09-02","value":"."},{"realtime_start":"2024-09-23","realtime_end":"2024-09-23","date":"2024-09-03","value":"4.77"}]}"#);
}

#[test]
fn pages_and_order_are_as_asked() {
    let mut vendors = vendors();
    let base = "series/observations?series_id=VIXCLS&observation_start=2024-09-09";
    let all = json(&fred(&mut vendors, base));
    let dates = |body: &Value| -> Vec<String> {
        let rows = body["observations"].as_array().unwrap();
        rows.iter()
            .map(|row| row["date"].as_str().unwrap().to_owned())
            .collect()
    };
    // Published a day later: Friday's value on Monday the 23rd.
    assert_eq!(all["count"], 10);
    assert_eq!(dates(&all)[0], "2024-09-09");
    assert_eq!(dates(&all)[9], "2024-09-20");
    let page = json(&fred(
        &mut vendors,
        &format!("{base}&sort_order=desc&limit=2&offset=1"),
    ));
    assert_eq!(dates(&page), ["2024-09-19", "2024-09-18"]);
    assert_eq!(
        (&page["count"], &page["limit"], &page["offset"]),
        (&value!(10), &value!(2), &value!(1))
    );
}

#[test]
fn vintages_show_what_was_known_when() {
    let mut vendors = vendors();
    let quarter =
        "series/observations?series_id=GDP&observation_start=2024-01-01&observation_end=2024-01-01";
    let all = json(&fred(
        &mut vendors,
        &format!("{quarter}&realtime_start=1776-07-04&realtime_end=9999-12-31"),
    ));
    let periods: Vec<(&str, &str)> = all["observations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["realtime_start"].as_str().unwrap(),
                row["realtime_end"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        periods,
        [
            ("2024-04-29", "2024-05-27"),
            ("2024-05-28", "2024-06-25"),
            ("2024-06-26", "9999-12-31")
        ]
    );
    let then = json(&fred(
        &mut vendors,
        &format!("{quarter}&realtime_start=2024-05-01&realtime_end=2024-05-01"),
    ));
    assert_eq!(
        then["observations"][0]["value"],
        all["observations"][0]["value"]
    );
    assert_eq!(then["observations"][0]["realtime_start"], "2024-05-01");
    assert_ne!(
        all["observations"][0]["value"],
        all["observations"][2]["value"]
    );
    let first = json(&fred(&mut vendors, &format!("{quarter}&output_type=4")));
    assert_eq!(
        first["count"], 0,
        "first releases since today: none of a past quarter"
    );
    let first = json(&fred(
        &mut vendors,
        &format!("{quarter}&output_type=4&realtime_start=1776-07-04"),
    ));
    assert_eq!(first["observations"].as_array().unwrap().len(), 1);
    assert_eq!(first["observations"][0]["realtime_end"], "2024-05-27");

    let dates = json(&fred(
        &mut vendors,
        "series/vintagedates?series_id=GDP&realtime_start=2024-05-01",
    ));
    assert_eq!(
        dates["vintage_dates"],
        value!(["2024-05-28", "2024-06-26", "2024-07-29", "2024-08-27"])
    );
    assert_eq!(dates["order_by"], "vintage_date");
}

#[test]
fn more_than_2000_vintages_are_refused_and_chunks_are_served() {
    let mut vendors = vendors();
    let query =
        "series/observations?series_id=DGS10&realtime_start=1776-07-04&realtime_end=9999-12-31";
    let refused = fred(&mut vendors, query);
    assert_eq!(refused.status, 400);
    let count = json(&fred(&mut vendors, "series/vintagedates?series_id=DGS10"))["count"].clone();
    assert!(count.as_u64().unwrap() > 5000);
    assert_eq!(
        text(&refused),
        format!(
            "{{\"error_code\":400,\"error_message\":\"Bad Request.  There are {count} vintage dates in the specified real-time \
             period: 1776-07-04 to 9999-12-31.  This exceeds the maximum number of vintage dates allowed (2000).\"}}"
        )
    );
    let chunk =
        "series/observations?series_id=DGS10&realtime_start=2018-01-01&realtime_end=2024-09-23";
    assert_eq!(fred(&mut vendors, chunk).outcome, "ok");
}

#[test]
fn what_is_not_archived_is_refused_but_for_today() {
    let mut vendors = vendors();
    let mut message = |query: &str| {
        let reply = fred(&mut vendors, query);
        json(&reply)["error_message"].as_str().map(str::to_owned)
    };
    let not_archived = "Bad Request.  The series does not exist in ALFRED but may exist in FRED.  Try setting realtime_start and \
                        realtime_end to today's date or removing the realtime_start and realtime_end variables.";
    for query in [
        "series/observations?series_id=SP500&realtime_start=2024-01-01",
        "series/observations?series_id=NOPE&realtime_start=2024-01-01",
        "series/observations?series_id=GDP&realtime_start=2003-01-01&realtime_end=2003-12-31",
        "series/vintagedates?series_id=BAMLH0A0HYM2",
    ] {
        assert_eq!(message(query).as_deref(), Some(not_archived), "{query}");
    }
    let today = "realtime_start=2024-09-23&realtime_end=2024-09-23";
    assert_eq!(
        message(&format!("series/observations?series_id=SP500&{today}")),
        None
    );
    assert_eq!(
        message(&format!("series?series_id=NOPE&{today}")).as_deref(),
        Some("Bad Request.  The series does not exist.")
    );
}

#[test]
fn senseless_parameters_are_refused() {
    let mut vendors = vendors();
    let mut message = |query: &str| {
        let reply = fred(
            &mut vendors,
            &format!("series/observations?series_id=GDP&{query}"),
        );
        assert_eq!(reply.status, 400, "{query}");
        let message = json(&reply)["error_message"].as_str().unwrap().to_owned();
        message.strip_prefix("Bad Request.  ").unwrap().to_owned()
    };
    assert_eq!(
        message("realtime_end=2024-09-24"),
        "Variable realtime_end can not be after today's date (2024-09-23) unless it's equal to the real-time max date 9999-12-31."
    );
    assert_eq!(
        message("observation_start=2024-13-01"),
        "The value for variable observation_start is not a valid date (YYYY-MM-DD)."
    );
    assert_eq!(
        message("limit=100001"),
        "The value for variable limit is not an integer between 1 and 100000."
    );
    assert_eq!(
        message("observation_start=2024-02-01&observation_end=2024-01-01"),
        "Variable observation_start can not be after variable observation_end."
    );
    assert_eq!(
        message("units=pch"),
        "The value for variable units is not one this server serves: lin."
    );
    assert_eq!(
        message("frequency=m"),
        "This server does not serve the variable frequency."
    );
    let xml = request("/fred/series?series_id=GDP&api_key=K");
    let reply = vendors.answer(&xml, Instant::now()).0;
    assert_eq!(
        (reply.status, reply.content_type.as_str()),
        (400, "text/xml; charset=UTF-8")
    );
}

#[test]
fn a_series_describes_itself() {
    let mut vendors = vendors();
    let body = json(&fred(&mut vendors, "series?series_id=GDP"));
    assert_eq!(
        body,
        value!({
            "realtime_start": "2024-09-23",
            "realtime_end": "2024-09-23",
            "seriess": [{
                "id": "GDP",
                "realtime_start": "2024-09-23",
                "realtime_end": "2024-09-23",
                "title": "Gross Domestic Product",
                "observation_start": "2004-01-01",
                "observation_end": "2024-04-01",
                "frequency": "Quarterly",
                "frequency_short": "Q",
                "units": "Billions of Dollars",
                "units_short": "Bil. of $",
                "seasonal_adjustment": "Seasonally Adjusted Annual Rate",
                "seasonal_adjustment_short": "SAAR",
                "last_updated": "2024-08-27 07:54:01-05",
                "popularity": 50,
                "notes": "Synthetic: made by a seeded generator, no real data."
            }]
        })
    );
    vendors.set_today(day("2024-07-28"));
    let body = json(&fred(&mut vendors, "series?series_id=GDP"));
    assert_eq!(body["seriess"][0]["observation_end"], "2024-01-01");
}
