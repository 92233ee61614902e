//! Lambda ends a function at its time limit without a word. A run that would pass it is asked to stop before, and says so.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use lambda_runtime::Context;
use tokio::task::JoinHandle;

use crate::clock::{Clock, SystemClock};
use crate::progress::{Reporter, Stop};

/// What is kept back for a step to come to its next safe point and for the report; of a short limit, a quarter.
const KEPT_BACK: Duration = Duration::from_secs(30);

/// What an owner of a lease may be late: Lambda has ended it by then.
const GRACE: TimeDelta = TimeDelta::seconds(10);

/// Asks a run to stop in time; does so no more once dropped.
pub(super) struct Deadline(JoinHandle<()>);

impl Deadline {
    /// Watches over this invocation.
    pub(super) fn watch(context: &Context, reporter: &Reporter) -> Self {
        let left = left(context);
        let work = left.saturating_sub(KEPT_BACK.min(left / 4));
        let (reporter, limit) = (reporter.clone(), left.as_secs());
        Self(tokio::spawn(async move {
            tokio::time::sleep(work).await;
            reporter.stop(Stop {
                message: format!(
                    "the run was stopped shortly before the function's time limit ({limit} s from its start); nothing was published"
                ),
                advice: "give the function more memory, which is also more processor, or run a smaller grid".to_owned(),
                retry: false,
            });
        }))
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Time left until Lambda ends the function. Lambda's deadline is the machine's time, whatever day the settings say it is.
pub(super) fn left(context: &Context) -> Duration {
    let now = SystemTime::from(SystemClock.now());
    context.deadline().duration_since(now).unwrap_or_default()
}

/// The instant, by `now`, at which this invocation is certainly over.
pub(super) fn over_at(context: &Context, now: DateTime<Utc>) -> DateTime<Utc> {
    let left = TimeDelta::from_std(left(context)).unwrap_or_default();
    now + left + GRACE
}
