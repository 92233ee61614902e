//! The run that is going now: what the server's event stream says of it, shared by every page.

use std::time::Duration;

use leptos::prelude::*;
use shared::api::{GetStatus, LIVE_ROUTE, StatusReport};
use shared::run::{Progress, Status, Step};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{EventSource, MessageEvent};

use crate::load::{Source, use_get};

/// How often the status is asked for while a run is going.
const ASK_EVERY: Duration = Duration::from_secs(5);

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

impl Run {
    /// Whether one is going.
    pub(crate) fn is_going(&self) -> bool {
        matches!(self, Self::Starting | Self::Working { .. })
    }

    /// What follows from an event of the stream.
    pub(crate) fn after(event: Progress) -> Self {
        match event {
            Progress::Started { .. } => Self::Starting,
            Progress::Working {
                step,
                done,
                total,
                message,
                seconds_left,
            } => Self::Working {
                step,
                done: (total > 0).then_some((done.min(total), total)),
                message,
                seconds_left,
            },
            Progress::Finished { report } => Self::Ended(report.status),
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

    fn hear(self, event: Progress) {
        let run = Run::after(event);
        let is_over = !run.is_going();
        self.run.set(run);
        if is_over {
            self.ended.notify();
            self.status.reload();
        }
    }

    fn check_with_status(self, running: bool) {
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
    if let Ok(timer) = set_interval_with_handle(move || live.status.reload(), ASK_EVERY) {
        on_cleanup(move || timer.clear());
    }
}

/// The browser opens the stream again by itself when it breaks; events may have been missed, hence the look at the status.
fn listen(live: Live) {
    let Ok(stream) = EventSource::new(LIVE_ROUTE) else {
        return;
    };
    let opened = Closure::<dyn FnMut()>::new(move || live.status.reload());
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let text = event.data().as_string().unwrap_or_default();
        // A server newer than this page may send kinds of events that it does not know.
        if let Ok(progress) = serde_json::from_str(&text) {
            live.hear(progress);
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
    use super::*;

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
    fn an_unknown_total_is_no_fraction_and_done_never_exceeds_it() {
        let fraction = |event| match Run::after(event) {
            Run::Working { done, .. } => done,
            other => panic!("{other:?}"),
        };
        assert_eq!(fraction(working(3, 0)), None);
        assert_eq!(fraction(working(3, 5)), Some((3, 5)));
        assert_eq!(fraction(working(7, 5)), Some((5, 5)));
    }

    #[test]
    fn status_never_overrides_what_the_stream_knows() {
        let going = Run::after(working(1, 2));
        assert_eq!(going.clone().with_status(true), going);
        assert_eq!(Run::Idle.with_status(true), Run::Starting);
        let ended = Run::Ended(Status::Partial);
        for running in [true, false] {
            assert_eq!(ended.clone().with_status(running), ended);
        }
    }

    #[test]
    fn a_missed_end_is_mended_by_the_status() {
        assert_eq!(Run::after(working(1, 2)).with_status(false), Run::Idle);
    }
}
