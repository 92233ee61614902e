//! Metrics in `CloudWatch`'s embedded format: a line of JSON in the log, and `CloudWatch` makes metrics of it.

use std::io::Write as _;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use shared::run::{RunReport, SeriesState, Status};

/// Namespace of all metrics.
const NAMESPACE: &str = "Assay";

/// Names of the metrics, each a count. Alarms are set on them.
const NAMES: [&str; 5] = [
    "RunFailed",
    "RunPartial",
    "RunSucceeded",
    "StaleSeries",
    "EventRefused",
];

/// Counts how a run ended, by function.
pub(super) fn of_run(function: &str, report: &RunReport, now: DateTime<Utc>) {
    let is = |status| u64::from(report.status == status);
    let stale = report
        .series
        .iter()
        .filter(|s| s.state == SeriesState::Stale);
    let counts = [
        is(Status::Failed),
        is(Status::Partial),
        is(Status::Success),
        stale.count() as u64,
        0,
    ];
    write(&line(function, counts, &report.attempt_id, now));
}

/// Counts an event that was not understood.
pub(super) fn of_refusal(function: &str, now: DateTime<Utc>) {
    write(&line(function, [0, 0, 0, 0, 1], "", now));
}

fn line(function: &str, counts: [u64; 5], attempt_id: &str, now: DateTime<Utc>) -> Value {
    let metrics: Vec<Value> = NAMES
        .iter()
        .map(|name| json!({"Name": name, "Unit": "Count"}))
        .collect();
    let mut line = json!({
        "_aws": {
            "Timestamp": now.timestamp_millis(),
            "CloudWatchMetrics": [{"Namespace": NAMESPACE, "Dimensions": [["FunctionName"]], "Metrics": metrics}],
        },
        "FunctionName": function,
        "attempt_id": attempt_id,
    });
    for (name, count) in NAMES.iter().zip(counts) {
        line[*name] = json!(count);
    }
    line
}

/// On standard output, where nothing else is written: a line that is mixed up with another is no metric.
fn write(line: &Value) {
    let mut out = std::io::stdout().lock();
    // Without a log there is nobody to tell.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_what_cloudwatch_reads() {
        let now = "2024-09-23T08:20:00Z".parse().unwrap();
        let line = line("assay-train", [1, 0, 0, 2, 0], "a", now);
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(line["_aws"]["Timestamp"], 1_727_079_600_000_i64);
        assert_eq!(directive["Namespace"], "Assay");
        assert_eq!(directive["Dimensions"], json!([["FunctionName"]]));
        for metric in directive["Metrics"].as_array().unwrap() {
            let name = metric["Name"].as_str().unwrap();
            assert!(line[name].is_u64(), "{name} has no value");
        }
        assert_eq!(
            (&line["RunFailed"], &line["StaleSeries"]),
            (&json!(1), &json!(2))
        );
        assert_eq!(line["FunctionName"], "assay-train");
    }
}
