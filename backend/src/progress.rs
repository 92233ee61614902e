//! Where steps report how far they are, and where a reader's wish to stop reaches them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use shared::run::{Progress, Step};

/// Takes progress and carries the wish to stop. Cheap to clone.
#[derive(Clone)]
pub struct Reporter {
    sink: Arc<dyn Fn(Progress) + Send + Sync>,
    cancelled: Arc<AtomicBool>,
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

    /// Asks every step to stop at its next safe point.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether the steps should stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}
