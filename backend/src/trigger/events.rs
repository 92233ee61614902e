//! The two events that start work in the cloud, as the bus carries them: a run is wanted, and an extraction is done.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::api::StartRun;
use shared::run::{RunReport, SeriesState, Status};
use shared::series::SeriesId;

use crate::lake::sha256_hex;

/// Source of the event by which the API asks for a run.
pub const REQUEST_SOURCE: &str = "assay.api";
/// Its type. Its detail is a [`StartRun`].
pub const REQUEST_TYPE: &str = "run_requested";
/// Source of the event that an extraction is done.
pub const DONE_SOURCE: &str = "data_extraction";
/// Its type. Its detail is a [`Done`].
pub const DONE_TYPE: &str = "data_extraction_done";

/// The detail's size above which it is shortened; the largest event has 256 kB.
const LONG: usize = 240 * 1024;
/// What is left of each message then, in characters.
const SHORT_MESSAGE: usize = 120;

/// Detail of `data_extraction_done`. All that the second half needs is in the lake under the attempt's name; the rest is for readers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// `success`; `partial` where last good data stands in; `failed` where there is nothing to go on with.
    pub status: Status,
    /// The attempt.
    pub attempt_id: String,
    /// Its preset.
    pub preset: String,
    /// The day whose knowledge it uses.
    pub as_of: NaiveDate,
    /// Series whose vendor answered.
    pub fresh: Vec<SeriesId>,
    /// Series whose vendor did not.
    pub failed: Vec<FailedSeries>,
}

/// A series whose vendor did not answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FailedSeries {
    /// The series.
    pub series: SeriesId,
    /// Why; shortened where there are very many.
    pub message: String,
}

impl Done {
    /// What a report of the first half says.
    pub fn of(report: &RunReport) -> Self {
        let answered = |state| matches!(state, SeriesState::Fresh | SeriesState::Unchanged);
        let (fresh, failed): (Vec<_>, Vec<_>) = report
            .series
            .iter()
            .partition(|series| answered(series.state));
        Self {
            status: match (&report.failure, failed.is_empty()) {
                (Some(_), _) => Status::Failed,
                (None, false) => Status::Partial,
                (None, true) => Status::Success,
            },
            attempt_id: report.attempt_id.clone(),
            preset: report.preset.clone(),
            as_of: report.as_of,
            fresh: fresh.iter().map(|series| series.series.clone()).collect(),
            failed: failed
                .iter()
                .map(|series| FailedSeries {
                    series: series.series.clone(),
                    message: series
                        .failure
                        .as_ref()
                        .map_or_else(String::new, |f| f.message.clone()),
                })
                .collect(),
        }
    }

    /// As JSON that fits into an event: if need be with shorter messages, for the report in the lake has all of them.
    pub fn to_json(&self) -> String {
        let whole = serde_json::to_string(self).unwrap_or_default();
        if whole.len() <= LONG {
            return whole;
        }
        let mut short = self.clone();
        for series in &mut short.failed {
            series.message = series.message.chars().take(SHORT_MESSAGE).collect();
        }
        serde_json::to_string(&short).unwrap_or_default()
    }
}

/// What an event asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// A run from its beginning.
    Run {
        /// The attempt that the event stands for: the same event again is the same attempt.
        attempt_id: String,
        /// What to run.
        what: StartRun,
    },
    /// The rest of a run whose extraction is done.
    Rest(Done),
}

/// An event that nobody here understands.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// No event of `EventBridge` at all.
    #[error("this is no event of EventBridge: {0}")]
    Malformed(String),
    /// Another source or type.
    #[error("events `{kind}` from `{source_name}` are not for this function")]
    Foreign {
        /// Its source.
        source_name: String,
        /// Its type.
        kind: String,
    },
    /// The right event with a detail that does not fit.
    #[error("the detail of `{kind}` does not fit: {message}")]
    Detail {
        /// Its type.
        kind: String,
        /// Why not.
        message: String,
    },
}

/// An event as `EventBridge` and its Scheduler deliver it; further fields are theirs.
#[derive(Deserialize)]
struct Envelope {
    id: String,
    #[serde(rename = "detail-type")]
    kind: String,
    source: String,
    time: DateTime<Utc>,
    #[serde(default)]
    resources: Vec<String>,
    #[serde(default)]
    detail: Value,
}

/// What an event asks for.
pub fn read_event(event: Value) -> Result<Wanted, EventError> {
    let event: Envelope =
        serde_json::from_value(event).map_err(|error| EventError::Malformed(error.to_string()))?;
    match (event.source.as_str(), event.kind.as_str()) {
        // A schedule is delivered at least once: its time names it, whatever the delivery's id is. Its detail says nothing.
        ("aws.scheduler" | "aws.events", "Scheduled Event") => Ok(Wanted::Run {
            attempt_id: attempt_of(event.time, &event.resources.join(",")),
            what: StartRun::default(),
        }),
        (REQUEST_SOURCE, REQUEST_TYPE) => Ok(Wanted::Run {
            attempt_id: attempt_of(event.time, &event.id),
            what: detail(event)?,
        }),
        (DONE_SOURCE, DONE_TYPE) => Ok(Wanted::Rest(detail(event)?)),
        _ => Err(EventError::Foreign {
            source_name: event.source,
            kind: event.kind,
        }),
    }
}

fn detail<T: serde::de::DeserializeOwned>(event: Envelope) -> Result<T, EventError> {
    serde_json::from_value(event.detail).map_err(|error| EventError::Detail {
        kind: event.kind,
        message: error.to_string(),
    })
}

/// The name of the attempt that an event stands for. Names sort by time.
pub fn attempt_of(time: DateTime<Utc>, what: &str) -> String {
    let time = time.format("%Y%m%dT%H%M%SZ");
    format!("{time}-{}", &sha256_hex(what.as_bytes())[..8])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn done(messages: usize, length: usize) -> Done {
        let failed = |number| FailedSeries {
            series: format!("series_{number}").parse().unwrap(),
            message: "x".repeat(length),
        };
        Done {
            status: Status::Partial,
            attempt_id: "20240923T082000Z-00000000".to_owned(),
            preset: "fair".to_owned(),
            as_of: "2024-09-23".parse().unwrap(),
            fresh: vec!["gold_close".parse().unwrap()],
            failed: (0..messages).map(failed).collect(),
        }
    }

    #[test]
    fn an_event_that_would_be_too_large_has_shorter_messages() {
        let few = done(2, 300);
        assert_eq!(serde_json::from_str::<Done>(&few.to_json()).unwrap(), few);
        let many = done(1000, 300);
        assert!(serde_json::to_string(&many).unwrap().len() > LONG);
        let sent: Done = serde_json::from_str(&many.to_json()).unwrap();
        assert_eq!(sent.failed.len(), 1000);
        assert!(
            sent.failed
                .iter()
                .all(|series| series.message.len() == SHORT_MESSAGE)
        );
    }

    #[test]
    fn a_schedule_delivered_twice_is_one_attempt_and_two_requests_are_two() {
        let scheduled = |id: &str| {
            let event = json!({"id": id, "detail-type": "Scheduled Event", "source": "aws.scheduler", "time": "2024-09-23T08:20:00Z",
                "resources": ["arn:aws:scheduler:eu-west-1:1:schedule/default/weekdays"], "detail": "{}"});
            read_event(event).unwrap()
        };
        assert_eq!(scheduled("a"), scheduled("b"));
        let requested = |id: &str| {
            let event = json!({"id": id, "detail-type": "run_requested", "source": "assay.api", "time": "2024-09-23T08:20:00Z",
                "detail": {"preset": "classic"}});
            read_event(event).unwrap()
        };
        assert_ne!(requested("a"), requested("b"));
        let Wanted::Run { attempt_id, what } = requested("a") else {
            panic!("no run")
        };
        assert!(attempt_id.starts_with("20240923T082000Z-"), "{attempt_id}");
        assert_eq!(what.preset.as_deref(), Some("classic"));
    }

    #[test]
    fn what_is_foreign_or_does_not_fit_is_said() {
        let said = |event| read_event(event).unwrap_err().to_string();
        assert_eq!(
            said(json!({})),
            "this is no event of EventBridge: missing field `id`"
        );
        let mut event = json!({"id": "1", "detail-type": "Object Created", "source": "aws.s3", "time": "2024-09-23T08:20:00Z"});
        assert_eq!(
            said(event.clone()),
            "events `Object Created` from `aws.s3` are not for this function"
        );
        event["source"] = json!("assay.api");
        event["detail-type"] = json!("run_requested");
        event["detail"] = json!({"presets": "fair"});
        assert_eq!(
            said(event),
            "the detail of `run_requested` does not fit: unknown field `presets`, expected one of `preset`, `grid`, `as_of`"
        );
    }
}
