//! A run as the event stream tells it.

use serde::Deserialize;
use shared::run::{Status, Step};

/// How far a run is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Run {
    /// None is going.
    #[default]
    Idle,
    /// One is going, and has not said what it does.
    Starting,
    /// One is going.
    Working {
        /// The step at work.
        step: Step,
        /// Units done and in all, where that is known.
        done: Option<(u64, u64)>,
        /// What it is doing.
        message: String,
        /// Estimated seconds left in the step.
        seconds_left: Option<f64>,
    },
    /// One has just ended.
    Ended(Status),
}

/// A `shared::run::Progress` as it stands on the wire, all variants in one record: to read a tagged enum, serde takes a
/// second copy of every reader along, a fifth of the page's program.
#[derive(Deserialize)]
pub(super) struct Event {
    step: Option<Step>,
    #[serde(default)]
    done: u64,
    #[serde(default)]
    total: u64,
    #[serde(default)]
    message: String,
    seconds_left: Option<f64>,
    report: Option<Ending>,
}

/// What counts of a report that has just been written; the rest is asked for.
#[derive(Deserialize)]
struct Ending {
    status: Status,
}

impl Run {
    /// Whether one is going.
    pub(crate) fn is_going(&self) -> bool {
        matches!(self, Self::Starting | Self::Working { .. })
    }

    /// What follows from an event of the stream.
    pub(super) fn after(event: Event) -> Self {
        match event {
            Event {
                report: Some(report),
                ..
            } => Self::Ended(report.status),
            Event {
                step: Some(step), ..
            } => Self::Working {
                step,
                done: (event.total > 0).then_some((event.done.min(event.total), event.total)),
                message: event.message,
                seconds_left: event.seconds_left,
            },
            Event { .. } => Self::Starting,
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::run::Progress;

    use super::*;
    use crate::example::report;

    /// What the page makes of an event as the server sends it.
    fn heard(sent: &Progress) -> Run {
        let wire = serde_json::to_string(sent).unwrap();
        Run::after(serde_json::from_str(&wire).unwrap())
    }

    fn working(done: u64, total: u64) -> Progress {
        Progress::Working {
            step: Step::Train,
            done,
            total,
            message: "fold 2".to_owned(),
            seconds_left: Some(3.0),
        }
    }

    #[test]
    fn every_event_of_the_server_is_understood() {
        let started = Progress::Started {
            attempt_id: "attempt".to_owned(),
            preset: "fair".to_owned(),
        };
        assert_eq!(heard(&started), Run::Starting);
        let expected = Run::Working {
            step: Step::Train,
            done: Some((3, 5)),
            message: "fold 2".to_owned(),
            seconds_left: Some(3.0),
        };
        assert_eq!(heard(&working(3, 5)), expected);
        let finished = Progress::Finished {
            report: Box::new(report(Status::Partial, Vec::new())),
        };
        assert_eq!(heard(&finished), Run::Ended(Status::Partial));
    }

    #[test]
    fn an_unknown_total_is_no_fraction_and_done_never_exceeds_it() {
        let fraction = |event: &Progress| match heard(event) {
            Run::Working { done, .. } => done,
            other => panic!("{other:?}"),
        };
        assert_eq!(fraction(&working(3, 0)), None);
        assert_eq!(fraction(&working(7, 5)), Some((5, 5)));
    }
}
