//! Where steps report how far they are, and where a reader's wish to stop reaches them.

use std::sync::Arc;

use shared::run::{Progress, Step};
use tokio::sync::SetOnce;

/// Takes progress and carries the wish to stop. Cheap to clone.
#[derive(Clone)]
pub struct Reporter {
    sink: Arc<dyn Fn(Progress) + Send + Sync>,
    cancelled: Arc<SetOnce<Stop>>,
}

/// Why the steps should stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// What happened.
    pub message: String,
    /// What to do about it.
    pub advice: String,
    /// Whether the same run may come further another time.
    pub retry: bool,
}

impl Reporter {
    /// Sends every event to `sink`, which must not block.
    pub fn new(sink: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self {
            sink: Arc::new(sink),
            cancelled: Arc::default(),
        }
    }

    /// Drops every event.
    pub fn silent() -> Self {
        Self::new(|_| ())
    }

    /// Reports any event.
    pub fn send(&self, event: Progress) {
        (self.sink)(event);
    }

    /// Reports that a step has done `done` of `total` units (0: not known).
    pub fn working(&self, step: Step, done: u64, total: u64, message: impl Into<String>) {
        self.send(Progress::Working {
            step,
            done,
            total,
            message: message.into(),
            seconds_left: None,
        });
    }

    /// Asks every step to stop at its next safe point, because somebody wishes so.
    pub fn cancel(&self) {
        self.stop(Stop {
            message: "the run was stopped on request; nothing was published".to_owned(),
            advice: "run again when you like".to_owned(),
            retry: true,
        });
    }

    /// Asks every step to stop at its next safe point. Who asks first gives the reason.
    pub fn stop(&self, why: Stop) {
        let _ = self.cancelled.set(why);
    }

    /// Why the steps should stop, if they should.
    pub fn stopped(&self) -> Option<&Stop> {
        self.cancelled.get()
    }

    /// Waits until the steps should stop, and gives the reason.
    pub async fn cancelled(&self) -> &Stop {
        self.cancelled.wait().await
    }

    /// Whether the steps should stop.
    pub fn is_cancelled(&self) -> bool {
        self.stopped().is_some()
    }
}
