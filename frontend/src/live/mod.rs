//! The run that is going now: what the server's event stream and its status say of it, shared by every page.

mod run;
mod watch;

use std::time::Duration;

use js_sys::JSON;
use leptos::prelude::*;
use shared::api::{GetStatus, LIVE_ROUTE, StatusReport};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{EventSource, MessageEvent};

use self::watch::Watch;
use crate::api;
use crate::browser;
use crate::load::{Source, use_get};

pub(crate) use self::run::Run;

/// How often the status is asked for while a run is going.
const ASK_EVERY: Duration = Duration::from_secs(5);

/// The run and the server's status, as every page sees them.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    /// The run that is going.
    pub(crate) run: RwSignal<Run>,
    /// Freshness, quota, last attempt.
    pub(crate) status: Source<StatusReport>,
    ended: Trigger,
    watch: StoredValue<Option<Watch>>,
    stream: StoredValue<Option<Stream>, LocalStorage>,
}

/// The event stream with the ears that it speaks to.
struct Stream {
    source: EventSource,
    _opened: Closure<dyn FnMut()>,
    _heard: Closure<dyn FnMut(MessageEvent)>,
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
        let watch = Watch::new(Some(attempt_id), browser::now());
        self.watch.set_value(Some(watch));
        self.run.set(Run::Starting);
        listen(self);
    }

    /// Shows the run that somebody else has begun as going until something tells its end.
    pub(crate) fn join(self) {
        self.hear(Run::Starting);
        self.status.reload();
        listen(self);
    }

    fn hear(self, run: Run) {
        let is_over = !run.is_going();
        self.run.set(run);
        if is_over {
            self.watch.set_value(None);
            self.ended.notify();
            self.status.reload();
        } else if self.watch.with_value(Option::is_none) {
            let watch = Watch::new(None, browser::now());
            self.watch.set_value(Some(watch));
        }
    }

    /// What follows from the server's word on whether a run is going. The stream knows more than that, unless it missed the end.
    fn check_with(self, status: &StatusReport) {
        let known = self.run.get_untracked();
        if known == Run::Idle && status.running {
            self.hear(Run::Starting);
        } else if !known.is_going() {
            return;
        }
        let end = self.watch.try_update_value(|watch| {
            let watch = watch.as_mut()?;
            watch.end(status, browser::now())
        });
        if let Some(end) = end.flatten() {
            self.hear(end);
        }
    }
}

/// Opens the stream for as long as the page lives, and offers [`Live`] to everything below.
pub(crate) fn provide() {
    let live = Live {
        run: RwSignal::new(Run::Idle),
        status: use_get(|| GetStatus),
        ended: Trigger::new(),
        watch: StoredValue::new(None),
        stream: StoredValue::new_local(None),
    };
    provide_context(live);
    Effect::new(move |_| {
        if let Some(status) = live.status.data() {
            live.check_with(&status);
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

/// Asks for the status while a run is going: a proxy may hold the stream back, and then only this tells the end. A status that
/// says the same for long tells something too.
fn keep_asking(live: Live) {
    let ask = move || {
        if let Some(status) = live.status.data_untracked() {
            live.check_with(&status);
        }
        live.status.reload();
        listen(live);
    };
    if let Ok(timer) = set_interval_with_handle(ask, ASK_EVERY) {
        on_cleanup(move || timer.clear());
    }
}

/// Opens the stream, unless it is open. The browser opens it again by itself when it breaks; events may have been missed, hence
/// the look at the status. A server that has nothing to tell closes it for good (204), until a run begins.
fn listen(live: Live) {
    let is_open = |stream: &Option<Stream>| {
        let stream = stream.as_ref();
        stream.is_some_and(|stream| stream.source.ready_state() != EventSource::CLOSED)
    };
    if live.stream.with_value(is_open) {
        return;
    }
    let Ok(source) = EventSource::new(LIVE_ROUTE) else {
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
    source.set_onopen(Some(opened.as_ref().unchecked_ref()));
    source.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    live.stream.set_value(Some(Stream {
        source,
        _opened: opened,
        _heard: heard,
    }));
}
