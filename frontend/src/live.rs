//! The run that is going now: what the server's event stream says of it, shared by every page.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use js_sys::JSON;
use leptos::prelude::*;
use serde::Deserialize;
use shared::api::{Get as _, GetRun, GetStatus, LIVE_ROUTE, StatusReport};
use shared::run::{Status, Step};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{EventSource, MessageEvent};

use crate::api;
use crate::browser;
use crate::load::{Source, ask, use_get};

/// How often the status is asked for while a run is going.
const ASK_EVERY: Duration = Duration::from_secs(5);

/// A run that has left no report by then has died.
const LONGEST_RUN: TimeDelta = TimeDelta::minutes(45);

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
struct Event {
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
    fn after(event: Event) -> Self {
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

    /// What follows from the server's word on whether a run is going. The stream knows more than that, unless it missed the end.
    pub(crate) fn with_status(self, running: bool) -> Self {
        match self {
            Self::Idle if running => Self::Starting,
            Self::Starting | Self::Working { .. } if !running => Self::Idle,
            known => known,
        }
    }
}

/// The run and the server's status, as every page sees them.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    /// The run that is going.
    pub(crate) run: RwSignal<Run>,
    /// Freshness, quota, last attempt.
    pub(crate) status: Source<StatusReport>,
    ended: Trigger,
    followed: RwSignal<Option<Followed>>,
}

/// A run that was started here. Where no stream tells its end, its report does: it is there once the run is over.
#[derive(Clone, PartialEq)]
struct Followed {
    attempt_id: String,
    since: DateTime<Utc>,
}

impl Live {
    /// The one of this page; see [`provide`].
    pub(crate) fn get() -> Self {
        expect_context()
    }

    /// Makes the caller run again when a run has ended: what it shows may have changed.
    pub(crate) fn track_end(self) {
        self.ended.track();
    }

    /// Shows a run that was just started as going until something tells its end.
    pub(crate) fn follow(self, attempt_id: String) {
        let since = browser::now();
        self.followed.set(Some(Followed { attempt_id, since }));
        self.run.set(Run::Starting);
    }

    /// Asks for the report of the run that is followed, unless somebody is known to be at work on it.
    fn look_for_report(self) {
        let Some(Followed { attempt_id, since }) = self.followed.get_untracked() else {
            return;
        };
        let status = self.status.data_untracked();
        let running = status.is_some_and(|status| status.running);
        if browser::now() - since > LONGEST_RUN {
            self.followed.set(None);
            self.check_with_status(running);
        }
        if running {
            return;
        }
        let path = GetRun { attempt_id }.path();
        ask(path, move |answer| {
            let report = answer.and_then(|body| api::read(&body));
            if let Ok(Ending { status }) = report {
                self.hear(Run::Ended(status));
            }
        });
    }

    fn hear(self, run: Run) {
        let is_over = !run.is_going();
        self.run.set(run);
        if is_over {
            self.followed.set(None);
            self.ended.notify();
            self.status.reload();
        }
    }

    fn check_with_status(self, running: bool) {
        if !running && self.followed.read_untracked().is_some() {
            return;
        }
        let before = self.run.get_untracked();
        let after = before.clone().with_status(running);
        if after == before {
            return;
        }
        let missed_the_end = before.is_going() && !running;
        self.run.set(after);
        if missed_the_end {
            self.ended.notify();
        }
    }
}

/// Opens the stream for as long as the page lives, and offers [`Live`] to everything below.
pub(crate) fn provide() {
    let live = Live {
        run: RwSignal::new(Run::Idle),
        status: use_get(|| GetStatus),
        ended: Trigger::new(),
        followed: RwSignal::new(None),
    };
    provide_context(live);
    Effect::new(move |_| {
        if let Some(status) = live.status.data() {
            live.check_with_status(status.running);
        }
    });
    Effect::new(move |_| listen(live));
    let going = Memo::new(move |_| live.run.read().is_going());
    Effect::new(move |_| {
        if going.get() {
            keep_asking(live);
        }
    });
}

/// Asks for the status while a run is going: a proxy may hold the stream back, and then only this tells the end.
fn keep_asking(live: Live) {
    let ask = move || {
        live.status.reload();
        live.look_for_report();
    };
    if let Ok(timer) = set_interval_with_handle(ask, ASK_EVERY) {
        on_cleanup(move || timer.clear());
    }
}

/// The browser opens the stream again by itself when it breaks; events may have been missed, hence the look at the status.
fn listen(live: Live) {
    let Ok(stream) = EventSource::new(LIVE_ROUTE) else {
        return;
    };
    let mut opened_before = false;
    let opened = Closure::<dyn FnMut()>::new(move || {
        if opened_before {
            live.status.reload();
        }
        opened_before = true;
    });
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let text = event.data().as_string().unwrap_or_default();
        let event = JSON::parse(&text)
            .ok()
            .and_then(|json| api::read(&json).ok());
        // A server newer than this page may send events that it does not understand.
        if let Some(event) = event {
            live.hear(Run::after(event));
        }
    });
    stream.set_onopen(Some(opened.as_ref().unchecked_ref()));
    stream.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    // The stream belongs to the page and ends with it.
    opened.forget();
    heard.forget();
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

    #[test]
    fn status_never_overrides_what_the_stream_knows() {
        let going = heard(&working(1, 2));
        assert_eq!(going.clone().with_status(true), going);
        assert_eq!(Run::Idle.with_status(true), Run::Starting);
        let ended = Run::Ended(Status::Partial);
        for running in [true, false] {
            assert_eq!(ended.clone().with_status(running), ended);
        }
    }

    #[test]
    fn a_missed_end_is_mended_by_the_status() {
        assert_eq!(heard(&working(1, 2)).with_status(false), Run::Idle);
    }
}
