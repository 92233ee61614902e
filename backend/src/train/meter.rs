//! How far training is and how long it will take.

use std::time::Instant;

use shared::run::{Progress, Step};

use crate::progress::Reporter;

/// Reports are sent at most this often in all; a search has tens of thousands of units.
const REPORTS: u64 = 400;

/// Counts units (one candidate on one fold) for people, and cost for the estimate.
pub(super) struct Meter<'a> {
    reporter: &'a Reporter,
    started: Instant,
    message: String,
    done: u64,
    total: u64,
    reported: u64,
    spent: f64,
    left: f64,
}

impl<'a> Meter<'a> {
    /// Starts the clock; there are `total` units to do.
    pub(super) fn start(reporter: &'a Reporter, total: usize) -> Self {
        Self {
            reporter,
            started: Instant::now(),
            message: String::new(),
            done: 0,
            total: total as u64,
            reported: 0,
            spent: 0.0,
            left: 0.0,
        }
    }

    /// Begins a part of the work: what people are told, and the cost that is left from here to the end.
    pub(super) fn begin(&mut self, message: impl Into<String>, left: f64) {
        self.message = message.into();
        self.left = left;
        self.report();
    }

    /// Units were scored at this cost.
    pub(super) fn worked(&mut self, units: usize, cost: f64) {
        self.spent += cost;
        self.spared(units, cost);
        if (self.done - self.reported) * REPORTS >= self.total || self.done == self.total {
            self.report();
        }
    }

    /// Units turned out not to be needed.
    pub(super) fn spared(&mut self, units: usize, cost: f64) {
        self.done += units as u64;
        self.left = (self.left - cost).max(0.0);
    }

    fn report(&mut self) {
        self.reported = self.done;
        let elapsed = self.started.elapsed().as_secs_f64();
        self.reporter.send(Progress::Working {
            step: Step::Train,
            done: self.done,
            total: self.total,
            message: self.message.clone(),
            seconds_left: (self.spent > 0.0).then(|| elapsed * self.left / self.spent),
        });
    }
}
